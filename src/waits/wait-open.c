/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening a FIFO: a thread waits until another one opens the other side. */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/xalloc.h"
#include "waits/read.h"
#include "waits/reference.h"
#include "waits/resolve.h"

static bool
has_open(enum call_does does)
{
	return does == CALL_OPEN;
}

/* The path of an open(2) in the memory of a thread, made absolute. */
static bool
read_open_path(struct resolver *r, const struct thread *t, struct buf *path)
{
	enum { PIECE = 64 };
	const struct process *p = world_process_of(r->w, t);
	uint64_t address = t->call.args[1];
	char text[PATH_MAX] = "", *end = NULL, name[32] = "cwd";
	bool plain;

	/* In pieces, because what follows the path may not be mapped. */
	for (size_t len = 0; end == NULL && len + PIECE <= sizeof text;) {
		size_t size = PIECE - (address + len) % PIECE;

		if (!read_memory(t->tid, address + len, text + len, size))
			return false;
		end = memchr(text + len, '\0', size);
		len += size;
	}
	if (end == NULL || end == text)
		return false;
	if (*text != '/') {
		plain = !call_shows(&t->call, 0) || call_int(&t->call, 0) == AT_FDCWD;
		if (!plain)
			snprintf(name, sizeof name, "fd/%d", call_int(&t->call, 0));
		if (reference_link(r->w, p, name, path) < 0)
			return false;
		buf_char(path, '/');
	}
	buf_str(path, text);
	return true;
}

/* Only a FIFO lets open(2) sleep so that a signal can end it, and a lease, a terminal
 * and a file that a program serves; these are where FIFOs are not. */
static void
wait_to_open(struct resolver *r, struct thread *t)
{
	struct buf path = { 0 };

	if (t->state != 'D' && read_open_path(r, t, &path) &&
		reference_is_fifo(world_process_of(r->w, t), buf_text(&path), &t->device,
			&t->inode)) {
		t->is_resolved = true;
		t->need = NEED_PARTNER;
		t->ref = reference_of_path("fifo", buf_text(&path));
		t->what = xstrdup("needs the other side");
	}
	buf_free(&path);
}

/* --- Who else waits to open a FIFO ------------------------------- */

/* A thread that waits to open a FIFO. */
struct opener {
	const struct world *w;
	struct thread *t;
	size_t directory; /* the length of the reference up to the name of the file */
};

static int
compare_fifos(const void *a, const void *b)
{
	const struct opener *x = a, *y = b;

	if (x->t->device != y->t->device)
		return x->t->device < y->t->device ? -1 : 1;
	return (x->t->inode > y->t->inode) - (x->t->inode < y->t->inode);
}

static int
compare_directories(const void *a, const void *b)
{
	const struct opener *x = a, *y = b;

	if (x->directory != y->directory)
		return x->directory < y->directory ? -1 : 1;
	return strncmp(x->t->ref, y->t->ref, x->directory);
}

/* Those who wait to open a FIFO all open the same side, or none would wait. */
static void
note_same(const struct opener *list, size_t count)
{
	enum { NAMED = 5 };
	struct buf note = { 0 };

	for (size_t i = 0; i < count && i < NAMED; i++) {
		const struct process *p = world_process_of(list->w, list[i].t);

		buf_printf(&note, "%s%s %d", i > 0 ? ", " : "", p->name, (int)p->pid);
	}
	if (count > NAMED)
		buf_printf(&note, " and %zu more", count - NAMED);
	buf_str(&note, " all wait to open the same side");
	for (size_t i = 0; i < count; i++)
		list[i].t->note = xstrdup(buf_text(&note));
	buf_free(&note);
}

/* Two processes that have come to two FIFOs of one directory in opposite order wait for
 * ever, which nothing but the order of their next calls could tell. */
static void
note_order(const struct opener *one, const struct opener *other)
{
	const struct process *p = world_process_of(other->w, other->t);

	if (one->t->note == NULL && other->t->process != one->t->process)
		one->t->note = xasprintf(
			"%s %d waits to open %s; if both open the two FIFOs, they have "
			"to do so in the same order",
			p->name, (int)p->pid, other->t->ref);
}

/* How many openers from the first on are the same for a comparison. */
static size_t
count_alike(const struct opener *list, size_t count,
	int (*compare)(const void *a, const void *b))
{
	size_t alike = 1;

	while (alike < count && compare(&list[0], &list[alike]) == 0)
		alike++;
	return alike;
}

static size_t
list_openers(const struct world *w, struct opener **list)
{
	size_t count = 0;

	*list = NULL;
	for (size_t i = 0; i < w->threads_count; i++) {
		struct thread *t = &w->threads[i];

		if (!t->is_resolved || t->need != NEED_PARTNER)
			continue;
		*list = xgrow(*list, count, sizeof **list);
		(*list)[count++] =
			(struct opener){ w, t, strrchr(t->ref, '/') - t->ref + 1 };
	}
	return count;
}

/* Tells of each thread that waits to open a FIFO who else does, once all are known. */
static void
compare_openers(struct resolver *r)
{
	struct opener *list;
	size_t count = list_openers(r->w, &list), alike;

	if (count > 0)
		qsort(list, count, sizeof *list, compare_fifos);
	for (size_t i = 0; i < count; i += alike) {
		alike = count_alike(&list[i], count - i, compare_fifos);
		if (alike > 1)
			note_same(&list[i], alike);
	}
	if (count > 0)
		qsort(list, count, sizeof *list, compare_directories);
	for (size_t i = 0; i < count; i += alike) {
		alike = count_alike(&list[i], count - i, compare_directories);
		if (alike != 2)
			continue;
		note_order(&list[i], &list[i + 1]);
		note_order(&list[i + 1], &list[i]);
	}
	free(list);
}

const struct mechanism wait_open = {
	.has = has_open,
	.resolve = wait_to_open,
	.finish = compare_openers,
};
