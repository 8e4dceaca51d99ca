/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/holds.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kind/set.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "process/maps.h"
#include "process/proc.h"
#include "waits/locks.h"
#include "waits/read.h"
#include "waits/reference.h"

/* A queue that is a file with a name. */
struct queue {
	char *ref, *name; /* as programs pass it, without the slash */
	uint64_t device, inode;
};

struct collection {
	const struct world *w;
	struct descriptors *d;
	const struct thread *t; /* one of the process */
	struct holds holds;
	struct queue *queues; /* of our IPC namespace, if the process belongs to it */
	size_t queues_count;
	int fd; /* the descriptor that is looked at */
};

/* Takes over the texts. */
static void
add_hold(struct collection *c, char *ref, char *what, enum need need)
{
	struct holds *h = &c->holds;

	h->list = xgrow(h->list, h->count, sizeof *h->list);
	h->list[h->count++] = (struct hold){ ref, what, need };
}

/* Stores the first reason why something may be missing, and empties the buffer. */
static void
note_gap(struct collection *c, struct buf *cause)
{
	if (c->holds.unread == NULL)
		c->holds.unread = xstrdup(buf_text(cause));
	buf_free(cause);
}

/* The same for a file of the process, by errno. */
static void
note_unread_file(struct collection *c, const char *name)
{
	const struct process *p = world_process_of(c->w, c->t);
	struct buf cause = { 0 };

	if (proc_has_left(errno))
		return;
	buf_printf(&cause, "cannot read '/proc/%d/%s': %s", (int)p->pid, name,
		strerror(errno));
	note_gap(c, &cause);
}

/* The next object.  At the end, or if that cannot be read, closes the source and returns
 * false. */
static bool
next_of(struct collection *c, struct source *s, struct object *o)
{
	int rc = source_next(s, o);
	struct buf cause = { 0 };

	if (rc > 0)
		return true;
	if (rc < 0 || source_problems(s) > 0) {
		buf_str(&cause, "some objects cannot be read");
		note_gap(c, &cause);
	}
	source_close(s);
	return false;
}

/* --- Segments and semaphores ------------------------- */

static void
take_attachment(const struct use *use, void *data)
{
	struct collection *c = data;
	char *ref = xasprintf("%s:%" PRIu64, use->kind->name, use->id);

	for (size_t i = 0; i < c->holds.count; i++)
		if (strcmp(c->holds.list[i].ref, ref) == 0) {
			free(ref);
			return;
		}
	add_hold(c, ref, xstrdup("attached"), NEED_EVENT);
}

static void
add_attached(struct collection *c)
{
	const struct process *p = world_process_of(c->w, c->t);
	struct maps_sink sink;
	char path[READ_PATH];

	maps_start(&sink);
	sink.found = take_attachment;
	sink.data = c;
	read_path(path, c->w, p, "maps");
	if (maps_read(path, p->pid, &sink) < 0)
		note_unread_file(c, "maps");
	maps_end(&sink);
}

/* The same for a set, by errno, unless it has been removed. */
static void
note_set(struct collection *c, const struct object *set)
{
	struct buf cause = { 0 };
	char room[REF_SIZE];

	if (errno == EINVAL || errno == EIDRM)
		return;
	buf_printf(&cause, "cannot read %s: %s", ref_text(set, room), strerror(errno));
	note_gap(c, &cause);
}

/* The semaphores of a set that the process was the last to change. */
static void
add_semaphores(struct collection *c, const struct object *set)
{
	const struct process *p = world_process_of(c->w, c->t);
	uint64_t nsems = set->fact[FACT_NSEMS];
	struct semaphore *list = xcalloc(nsems + 1, sizeof *list);
	char room[REF_SIZE];

	if (set->kind->set->get_semaphores(set, list) < 0) {
		note_set(c, set);
		nsems = 0;
	}
	for (uint64_t i = 0; i < nsems; i++)
		if (list[i].pid == (uint32_t)p->pid)
			add_hold(c, xasprintf("%s[%" PRIu64 "]", ref_text(set, room), i),
				xasprintf("value %u, changed it last", list[i].val),
				NEED_LOCK);
	free(list);
}

static void
add_sets(struct collection *c)
{
	struct buf cause = { 0 };
	struct object set;

	for (size_t i = 0; i < kinds_count; i++) {
		struct source *s;

		if (kinds[i]->set == NULL)
			continue;
		s = source_open(kinds[i], FACT(NSEMS), &(struct source_options){ 0 },
			NULL, &cause);
		if (s == NULL)
			note_gap(c, &cause);
		while (s != NULL && next_of(c, s, &set))
			add_semaphores(c, &set);
	}
}

/* --- Queues with a name -------------------------------- */

static void
list_queues(struct collection *c, const struct kind *kind)
{
	const facts_t wanted = FACT(NAME) | FACT(DEVICE) | FACT(INODE);
	struct buf cause = { 0 };
	struct source *s =
		source_open(kind, wanted, &(struct source_options){ 0 }, NULL, &cause);
	struct object o;

	if (s == NULL)
		note_gap(c, &cause);
	while (s != NULL && next_of(c, s, &o)) {
		c->queues = xgrow(c->queues, c->queues_count, sizeof *c->queues);
		c->queues[c->queues_count++] = (struct queue){
			.ref = xstrdup(o.label->ref),
			.name = xstrdup(o.label->name),
			.device = o.fact[FACT_DEVICE],
			.inode = o.fact[FACT_INODE],
		};
	}
}

static void
list_all_queues(struct collection *c)
{
	if (!reference_has_our_objects(c->w, world_process_of(c->w, c->t)))
		return;
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds[i]->queue != NULL && kinds[i]->is_file)
			list_queues(c, kinds[i]);
}

static void
free_queues(struct collection *c)
{
	for (size_t i = 0; i < c->queues_count; i++) {
		free(c->queues[i].ref);
		free(c->queues[i].name);
	}
	free(c->queues);
}

/* The queue that is open in a descriptor, or NULL.  The mount of what mq_open(3) opens
 * is in no table, and there its path is the name only. */
static const struct queue *
find_queue(const struct collection *c, const struct descriptor *file, const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	for (size_t i = 0; i < c->queues_count; i++) {
		const struct queue *q = &c->queues[i];

		if (q->inode == file->inode && strcmp(q->name, name) == 0 &&
			(q->device == file->device ||
				(name == path + 1 && !descriptor_is_local(c->d, file))))
			return q;
	}
	return NULL;
}

static void
add_queue(struct collection *c, const struct queue *q, unsigned flags)
{
	if ((flags & O_ACCMODE) != O_WRONLY)
		add_hold(c, xstrdup(q->ref), xasprintf("open for reading, fd %d", c->fd),
			NEED_SPACE);
	if ((flags & O_ACCMODE) != O_RDONLY)
		add_hold(c, xstrdup(q->ref), xasprintf("open for writing, fd %d", c->fd),
			NEED_DATA);
}

/* --- Descriptors --------------------------------------- */

static void
add_end(struct collection *c, char *ref, bool write_end)
{
	add_hold(c, ref, xasprintf("%s end, fd %d", write_end ? "write" : "read", c->fd),
		write_end ? NEED_DATA : NEED_SPACE);
}

static void
take_held_lock(void *arg, const struct lock *lock)
{
	static const char *const names[] = {
		[LOCK_FLOCK] = "flock",
		[LOCK_POSIX] = "fcntl lock",
		[LOCK_OFD] = "OFD lock",
	};
	struct collection *c = arg;
	const struct descriptor file = { .process = c->t->process,
		.fd = c->fd,
		.device = lock->device,
		.inode = lock->inode };

	add_hold(c, reference_of_lock(c->w, c->d, &file),
		xasprintf("%s, fd %d", names[lock->type], c->fd), NEED_LOCK);
}

static void
look_at_file(struct collection *c, const char *path)
{
	const struct queue *queue;
	struct descriptor file;
	struct buf info = { 0 };
	unsigned flags;

	if (descriptor_file(c->d, c->t, c->fd, &file, &flags) < 0 || (flags & O_PATH))
		return;
	if (descriptor_info(c->w, &file, &info) == 0)
		locks_of_info(buf_text(&info), take_held_lock, c);
	buf_free(&info);
	queue = find_queue(c, &file, path);
	if (queue != NULL) {
		add_queue(c, queue, flags);
		return;
	}
	if (!descriptor_is_local(c->d, &file) || !descriptor_is_fifo(c->w, c->t, c->fd))
		return;
	if ((flags & O_ACCMODE) != O_WRONLY)
		add_end(c, reference_of_path("fifo", path), false);
	if ((flags & O_ACCMODE) != O_RDONLY)
		add_end(c, reference_of_path("fifo", path), true);
}

static void
look_at_held(void *arg, int fd, const char *link)
{
	struct collection *c = arg;
	const struct descriptor one = { .process = c->t->process, .fd = fd };
	uint64_t inode;

	c->fd = fd;
	if (*link == '/') {
		look_at_file(c, link);
	} else if (descriptor_is_pipe(link, &inode)) {
		for (int write_end = 0; write_end < 2; write_end++)
			if (descriptor_has(c->w, &one, write_end))
				add_end(c, xasprintf("pipe:%" PRIu64, inode), write_end);
	}
}

static int
compare_holds(const void *a, const void *b)
{
	const struct hold *x = a, *y = b;
	int order = strcmp(x->ref, y->ref);

	return order != 0 ? order : strcmp(x->what, y->what);
}

struct holds
holds_find(const struct world *w, struct descriptors *d, size_t process)
{
	const struct process *p = &w->processes[process];
	struct collection c = { .w = w, .d = d };

	if (p->count == 0)
		return c.holds;
	c.t = &w->threads[p->first];
	add_attached(&c);
	add_sets(&c);
	list_all_queues(&c);
	if (descriptors_each(w, process, look_at_held, &c) < 0)
		note_unread_file(&c, "fd");
	free_queues(&c);
	if (c.holds.count > 0)
		qsort(c.holds.list, c.holds.count, sizeof *c.holds.list, compare_holds);
	return c.holds;
}

void
holds_free(struct holds *h)
{
	for (size_t i = 0; i < h->count; i++) {
		free(h->list[i].ref);
		free(h->list[i].what);
	}
	free(h->list);
	free(h->unread);
	*h = (struct holds){ 0 };
}

bool
hold_is_awaited(const struct world *w, const struct hold *h, size_t process,
	const struct thread *t)
{
	size_t len = t->ref == NULL ? 0 : strlen(t->ref);
	const struct resource *r;

	if (t->resource == NONE || t->ref == NULL || h->need != t->need ||
		strncmp(h->ref, t->ref, len) != 0)
		return false;
	if (t->semaphore >= 0 ? h->ref[len] != '[' ||
				strtol(h->ref + len + 1, NULL, 10) != t->semaphore
			      : h->ref[len] != '\0')
		return false;
	r = &w->resources[t->resource];
	for (size_t i = 0; i < r->count; i++)
		if (r->list[i].process == process)
			return true;
	return false;
}
