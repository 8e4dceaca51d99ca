/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/wait.h"

#include <signal.h>
#include <stddef.h>

#include "lib/array.h"

enum { TICK = 10000000 }; /* nanoseconds between two interruptions */

static const uint64_t second = 1000000000;

/* All data that the signal handler uses. */
static timer_t timer;
static volatile sig_atomic_t noted;
static volatile sig_atomic_t count;
static volatile sig_atomic_t is_ticking;

static uint64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * second + t.tv_nsec;
}

struct wait
wait_until(uint64_t nanoseconds)
{
	struct wait w = { nanoseconds };

	if (nanoseconds != 0 && __builtin_add_overflow(now(), nanoseconds, &w.end))
		w.end = WAIT_FOREVER;
	return w;
}

uint64_t
wait_left(const struct wait *w)
{
	uint64_t time;

	if (w->end == 0 || w->end == WAIT_FOREVER)
		return w->end;
	time = now();
	return time < w->end ? w->end - time : 0;
}

const struct timespec *
wait_timespec(uint64_t nanoseconds, struct timespec *t)
{
	if (nanoseconds == WAIT_FOREVER)
		return NULL;
	*t = (struct timespec){ nanoseconds / second, nanoseconds % second };
	return t;
}

const struct timespec *
wait_realtime(uint64_t nanoseconds, struct timespec *t)
{
	struct timespec now;

	if (wait_timespec(nanoseconds, t) == NULL)
		return NULL;
	clock_gettime(CLOCK_REALTIME, &now);
	t->tv_sec += now.tv_sec;
	t->tv_nsec += now.tv_nsec;
	if ((uint64_t)t->tv_nsec >= second) {
		t->tv_sec++;
		t->tv_nsec -= second;
	}
	return t;
}

void
wait_put_end(uint64_t nanoseconds, struct buf *b)
{
	if (nanoseconds == 0) {
		buf_str(b, "would block");
		return;
	}
	buf_str(b, "timed out after ");
	buf_seconds(b, nanoseconds);
}

static void
tick_from(uint64_t nanoseconds)
{
	struct itimerspec ticks = { .it_interval = { .tv_nsec = TICK } };

	wait_timespec(nanoseconds, &ticks.it_value);
	is_ticking = true;
	timer_settime(timer, 0, &ticks, NULL);
}

static void
handle(int signo, siginfo_t *info, void *context)
{
	(void)context;
	/* The SIGALRM of our timer; a SIGALRM from elsewhere is handled like other
	 * signals. */
	if (signo == SIGALRM && info->si_code == SI_TIMER)
		return;
	noted = signo;
	count = count + 1;
	tick_from(TICK);
}

/* Enables the signal of the timer, which the parent process may have blocked or
 * ignored. */
static int
start_timer(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	struct sigaction alarm = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
		return -1;
	sigaction(SIGALRM, &alarm, NULL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return 0;
}

/* Notes a signal from now on, unless it is ignored. */
static void
note_signal(int signo)
{
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO };
	struct sigaction old;

	if (sigaction(signo, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(signo, &action, NULL);
}

int
wait_catch_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
		SIGVTALRM, SIGPROF, SIGXCPU, SIGIO, SIGPWR, SIGSTKFLT };

	if (start_timer() < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		note_signal(signals[i]);
	for (int signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		note_signal(signo);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	return 0;
}

int
wait_signal(void)
{
	return noted;
}

unsigned
wait_signals(void)
{
	return count;
}

void
wait_forget_signals(void)
{
	noted = 0;
	count = 0;
}

int
wait_die(int signo)
{
	signal(signo, SIG_DFL);
	raise(signo);
	return 128 + signo;
}

void
wait_start(const struct wait *w)
{
	uint64_t left = wait_left(w);

	/* The timer has a signed number of nanoseconds, which ends after 292 years. */
	if (left != 0 && left != WAIT_FOREVER)
		tick_from(left > INT64_MAX ? INT64_MAX : left);
}

void
wait_stop(void)
{
	/* A signal that was not checked yet keeps interrupting. */
	if (noted != 0 || !is_ticking)
		return;
	is_ticking = false;
	timer_settime(timer, 0, &(struct itimerspec){ 0 }, NULL);
}
