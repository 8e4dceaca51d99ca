/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_WAITS_WORDS_H
#define CMD_WAITS_WORDS_H

#include "lib/buf.h"
#include "waits/world.h"

/* The words for threads and what they wait for, before control characters are escaped. */

/* Appends "alice 4711", or "alice 4711/4715" for a thread that is not the main one. */
void words_thread(const struct world *w, const struct thread *t, struct buf *b);
void words_process(const struct process *p, struct buf *b);

/* Appends "semop sem:3[1]: value 0, needs 1", or what stopped the thread. */
void words_call(const struct world *w, const struct thread *t, struct buf *b);

/* Appends the container of a frozen process, "docker:3f2a9c0b11de", or its cgroup. */
void words_frozen(const struct process *p, struct buf *b);

/* Appends "3m", or "?". */
void words_waited(const struct thread *t, struct buf *b);

/* Appends "took it last" or "was last at [1]". */
void words_how(const struct releaser *r, struct buf *b);

/* Appends which processes could release it, or why it goes on by itself. */
void words_releasers(const struct world *w, const struct thread *t, struct buf *b);

/* The words for a need, "lock". */
const char *words_need(enum need need);
const char *words_grade(enum grade grade);

#endif
