/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/queue-peek.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "kind/kind.h"
#include "lib/array.h"
#include "lib/wait.h"
#include "lib/xalloc.h"

static bool
is_chosen(const struct message *m, const struct message_choice *choice)
{
	long type = message_number(m);

	if (choice->type == 0)
		return true;
	if (choice->type < 0)
		return type <= (choice->type == LONG_MIN ? LONG_MAX : -choice->type);
	return (type == choice->type) != choice->except;
}

/* A copy that is kept until the whole queue is known. */
struct copy {
	size_t place; /* in the queue */
	struct message message;
};

struct copies {
	struct copy *list;
	size_t count;
};

static void
keep_message(struct copies *c, const struct message *m)
{
	c->list = xgrow(c->list, c->count, sizeof *c->list);
	c->list[c->count] = (struct copy){ .place = c->count };
	buf_add(&c->list[c->count].message.raw, m->raw.data, m->raw.len);
	c->count++;
}

/* Sorts by type, and by place within a type, because qsort(3) is not stable. */
static int
by_type(const void *a, const void *b)
{
	const struct copy *x = a;
	const struct copy *y = b;
	long left = message_number(&x->message);
	long right = message_number(&y->message);

	if (left != right)
		return left < right ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* Shows the first of the kept messages. */
static int
show_kept(struct copies *c, uint64_t most,
	int (*show)(const struct message *m, void *data), void *data, uint64_t *shown)
{
	int rc = 0;

	if (c->count > 0)
		qsort(c->list, c->count, sizeof *c->list, by_type);
	for (size_t i = 0; i < c->count; i++) {
		if (rc == 0 && *shown < most &&
			(rc = show(&c->list[i].message, data)) == 0)
			++*shown;
		buf_free(&c->list[i].message.raw);
	}
	free(c->list);
	if (rc < 0)
		errno = ECANCELED;
	return rc;
}

/* Copies the message at an index, unless a signal was noted. */
static int
peek_one(const struct queue *q, long place, struct message *m)
{
	if (wait_signal() == 0)
		return q->object->kind->queue->peek(q, place, m);
	errno = EINTR;
	return -1;
}

int
peek_messages(const struct queue *q, const struct message_choice *choice, uint64_t most,
	int (*show)(const struct message *m, void *data), void *data, uint64_t *shown)
{
	struct message m = { 0 };
	struct copies copies = { 0 };
	int error = 0;
	int rc = 0;

	*shown = 0;
	for (long place = 0; *shown < most && (rc = peek_one(q, place, &m)) == 0;
		place++) {
		if (!is_chosen(&m, choice))
			continue;
		if (choice->type < 0) {
			keep_message(&copies, &m);
		} else if (show(&m, data) == 0) {
			++*shown;
		} else {
			errno = ECANCELED;
			rc = -1;
			break;
		}
	}
	if (rc < 0 && errno != ENOMSG)
		error = errno;
	buf_free(&m.raw);
	if (show_kept(&copies, error == 0 ? most : 0, show, data, shown) < 0)
		error = errno;
	errno = error;
	return error == 0 ? 0 : -1;
}
