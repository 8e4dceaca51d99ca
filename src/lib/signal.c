/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/signal.h"

#include <signal.h>
#include <stddef.h>

#include "lib/array.h"

/* Of signal(7), those that Linux has on each architecture. */
static const char *const signal_names[] = {
	[SIGHUP] = "SIGHUP",
	[SIGINT] = "SIGINT",
	[SIGQUIT] = "SIGQUIT",
	[SIGILL] = "SIGILL",
	[SIGTRAP] = "SIGTRAP",
	[SIGABRT] = "SIGABRT",
	[SIGBUS] = "SIGBUS",
	[SIGFPE] = "SIGFPE",
	[SIGKILL] = "SIGKILL",
	[SIGUSR1] = "SIGUSR1",
	[SIGSEGV] = "SIGSEGV",
	[SIGUSR2] = "SIGUSR2",
	[SIGPIPE] = "SIGPIPE",
	[SIGALRM] = "SIGALRM",
	[SIGTERM] = "SIGTERM",
	[SIGCHLD] = "SIGCHLD",
	[SIGCONT] = "SIGCONT",
	[SIGSTOP] = "SIGSTOP",
	[SIGTSTP] = "SIGTSTP",
	[SIGTTIN] = "SIGTTIN",
	[SIGTTOU] = "SIGTTOU",
	[SIGURG] = "SIGURG",
	[SIGXCPU] = "SIGXCPU",
	[SIGXFSZ] = "SIGXFSZ",
	[SIGVTALRM] = "SIGVTALRM",
	[SIGPROF] = "SIGPROF",
	[SIGWINCH] = "SIGWINCH",
	[SIGPOLL] = "SIGPOLL",
	[SIGPWR] = "SIGPWR",
	[SIGSYS] = "SIGSYS",
};

void
signal_put(struct buf *b, int signo)
{
	const char *name = NULL;

	if (signo >= 0 && (size_t)signo < ARRAY_SIZE(signal_names))
		name = signal_names[signo];
	if (name != NULL)
		buf_str(b, name);
	else
		buf_printf(b, "signal %d", signo);
}
