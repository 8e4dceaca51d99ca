/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_WAIT_H
#define LIB_WAIT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "lib/buf.h"

/*
 * Waiting that ends when the time is up, or when a signal asks the program to end.
 *
 * msgsnd(2) and msgrcv(2) have no time-out, and a signal that arrives just before such a
 * call does not interrupt it.  Therefore a timer sends SIGALRM every few milliseconds
 * from the end of the wait until the program has noticed it.
 */

#define WAIT_FOREVER UINT64_MAX /* nanoseconds */

struct wait {
	uint64_t end; /* in nanoseconds of CLOCK_MONOTONIC */
};

/* Starts a wait of this duration; with 0 it is over at once. */
struct wait wait_until(uint64_t nanoseconds);

/* The nanoseconds that are left, 0 after the time is up. */
uint64_t wait_left(const struct wait *w);

/* Appends why a wait of this duration has ended: "would block", or "timed out after
 * 5 s". */
void wait_put_end(uint64_t nanoseconds, struct buf *b);

/* Converts nanoseconds to a timespec for a system call; returns NULL for WAIT_FOREVER. */
const struct timespec *wait_timespec(uint64_t nanoseconds, struct timespec *t);

/* The same for a call that takes the time of CLOCK_REALTIME when the wait ends, so many
 * nanoseconds from now. */
const struct timespec *wait_realtime(uint64_t nanoseconds, struct timespec *t);

/*
 * Notes signals that would end the program, instead of ending it, so that it can still
 * print a message that it has taken.  Signals that are ignored stay ignored.  A noted
 * signal interrupts system calls (EINTR).  SIGPIPE and SIGXFSZ are ignored, so that
 * write(2) fails instead (EPIPE, EFBIG).  0, or -1 with errno.
 */
int wait_catch_signals(void);

/* The noted signal, or 0; the number of noted signals. */
int wait_signal(void);
unsigned wait_signals(void);

/* Forgets the noted signals; only a later signal ends the waits from now on. */
void wait_forget_signals(void);

/*
 * Ends the program by a signal, as if the signal had not been caught.  It returns only if
 * the signal does not end the program, as in the first process of a container; then it
 * returns the equivalent exit status, 128 plus the signal number.
 */
int wait_die(int signo);

/* Start to interrupt system calls once a wait is over; stop that. */
void wait_start(const struct wait *w);
void wait_stop(void);

#endif
