/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_FINDING_H
#define WAITS_FINDING_H

#include "waits/world.h"

enum verdict {
	VERDICT_DEADLOCK, /* threads wait for each other */
	VERDICT_STUCK, /* no process is left that could release the thread */
	VERDICT_STOPPED, /* a thread that is stopped or frozen holds up others */
	VERDICT_MUTUAL, /* each of them waits to hear from another */
};

/* Threads that can never go on by themselves, and those that wait for them. */
struct finding {
	enum verdict verdict;
	bool certain;
	size_t *threads; /* indexes, sorted */
	size_t count;
	size_t *behind; /* indexes, sorted */
	size_t behind_count;
};

struct findings {
	struct finding *list; /* sorted by verdict and first thread */
	size_t count;
	bool *is_stuck; /* of each thread: whether it is in the likely set */
};

/* The word for a verdict, "deadlock". */
const char *verdict_name(enum verdict verdict);

/*
 * Finds what can never go on.  Sets is_mutual of the threads of w that only wait to hear
 * from each other: these may go on.  findings_free() releases the result.
 */
struct findings findings_find(struct world *w);
void findings_free(struct findings *f);

/*
 * Calls take() with each reason why a finding is not certain, as the text of a message.
 */
void finding_doubts(const struct world *w, const struct finding *f,
	void (*take)(void *arg, const char *text), void *arg);

#endif
