/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The end of a wait is signalled again and again: a one-shot timer, or a signal, that
 * comes just before the call would not interrupt it.  Each case runs in its own process,
 * which is killed if it does sleep.
 */

#include "lib/wait.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { MILLISECOND = 1000000, LIMIT = 5 };

/* Spends time without a call that a signal could interrupt. */
static void
pass(uint64_t nanoseconds)
{
	struct wait w = wait_until(nanoseconds);

	while (wait_left(&w) != 0)
		continue;
}

/* Whether a call that would sleep for ever is interrupted. */
static bool
is_interrupted(void)
{
	int pipes[2];
	char byte;

	return pipe(pipes) == 0 && read(pipes[0], &byte, 1) < 0 && errno == EINTR;
}

static bool
late_for_the_timer(void)
{
	struct wait w;

	if (wait_catch_signals() < 0)
		return false;
	/* A wait that is over at its start interrupts nothing, so it must not be over
	 * yet, even on a busy machine. */
	w = wait_until(200 * MILLISECOND);
	wait_start(&w);
	pass(300 * MILLISECOND);
	return is_interrupted() && wait_left(&w) == 0 && wait_signal() == 0;
}

static bool
alarm_was_blocked(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	return sigprocmask(SIG_BLOCK, &set, NULL) == 0 && late_for_the_timer();
}

static bool
late_for_a_signal(void)
{
	if (wait_catch_signals() < 0 || raise(SIGTERM) != 0)
		return false;
	pass(30 * MILLISECOND);
	return is_interrupted() && wait_signal() == SIGTERM && wait_signals() == 1;
}

static bool
signal_at_the_end_of_a_wait(void)
{
	struct wait w;

	if (wait_catch_signals() < 0)
		return false;
	w = wait_until(200 * MILLISECOND);
	wait_start(&w);
	raise(SIGRTMIN);
	wait_stop();
	return is_interrupted() && wait_signal() == SIGRTMIN;
}

static bool
ignored_signal(void)
{
	signal(SIGHUP, SIG_IGN);
	if (wait_catch_signals() < 0)
		return false;
	raise(SIGHUP);
	return wait_signal() == 0;
}

static void
try_alone(bool (*holds)(void), const char *name)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(holds() ? 0 : 1);
	for (int i = 0; i < LIMIT * 100 && waitpid(pid, &status, WNOHANG) == 0; i++)
		usleep(10000);
	if (kill(pid, SIGKILL) == 0)
		waitpid(pid, &status, 0);
	is_int(status, 0, "%s", name);
}

int
main(void)
{
	try_alone(late_for_the_timer, "the time had passed before the call");
	try_alone(alarm_was_blocked, "... and the alarm was blocked");
	try_alone(late_for_a_signal, "a signal came before the call");
	try_alone(signal_at_the_end_of_a_wait, "a signal came as the wait ended");
	try_alone(ignored_signal, "a signal that was ignored stays so");
	return done_testing();
}
