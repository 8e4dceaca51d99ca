/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_WAIT_H
#define LIB_WAIT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/*
 * Waiting that comes to an end: when its time is up, or when a signal asks the program to
 * end.
 *
 * msgsnd(2) and msgrcv(2) know no time-out, and a signal that comes just before such a
 * call leaves it to sleep.  So what ends a wait comes again and again, as a SIGALRM of a
 * timer every few milliseconds, until somebody has looked.
 */

#define WAIT_FOREVER UINT64_MAX /* nanoseconds */

struct wait {
	uint64_t end; /* of CLOCK_MONOTONIC, in nanoseconds */
};

/* A wait from now on; 0 for one that is over at once. */
struct wait wait_until(uint64_t nanoseconds);

/* Nanoseconds that are left: 0 when the time is up. */
uint64_t wait_left(const struct wait *w);

/* The same as what a system call takes; NULL for WAIT_FOREVER. */
const struct timespec *wait_timespec(uint64_t nanoseconds, struct timespec *t);

/*
 * From now on a signal whose purpose is to end the program is only noted, unless it is
 * ignored already: a message in hand can still be given to somebody.  It interrupts
 * system calls (EINTR).  SIGPIPE and SIGXFSZ are ignored, so that write(2) fails instead
 * (EPIPE, EFBIG).  0, or -1 with errno.
 */
int wait_catch_signals(void);

/* The signal that was noted, or 0; how many there were. */
int wait_signal(void);
unsigned wait_signals(void);

/* Forgets the signals noted: what waits from now on is ended by the next one. */
void wait_forget_signals(void);

/*
 * Ends the program by a signal, as if that had not been caught.  Returns only where it
 * does not end the program, as it does not end the first one of a container: the exit
 * status that stands for it then, 128 and its number.
 */
int wait_die(int signo);

/* Starts interrupting system calls once a wait is over, and stops it. */
void wait_start(const struct wait *w);
void wait_stop(void);

#endif
