/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/sigbus.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

static sigjmp_buf start;

static void
handle(int signo, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code == BUS_ADRERR)
		siglongjmp(start, 1);
	/* It has another cause, and ends the program once this function returns. */
	signal(signo, SIG_DFL);
	raise(signo);
}

bool
sigbus_run(void (*run)(void *data), void *data)
{
	struct sigaction ours = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO };
	struct sigaction old;
	sigset_t set, mask;
	volatile bool done = false;

	/* The parent process may have blocked it. */
	sigemptyset(&set);
	sigaddset(&set, SIGBUS);
	sigprocmask(SIG_UNBLOCK, &set, &mask);
	sigaction(SIGBUS, &ours, &old);
	if (sigsetjmp(start, 1) == 0) {
		run(data);
		done = true;
	}
	sigaction(SIGBUS, &old, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return done;
}
