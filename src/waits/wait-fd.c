/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pipes, FIFOs and POSIX queues: threads that read or write a descriptor. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/buf.h"
#include "lib/xalloc.h"
#include "waits/limit.h"
#include "waits/reference.h"
#include "waits/resolve.h"

static bool
has_descriptor(enum call_does does)
{
	return does == CALL_READ || does == CALL_WRITE || does == CALL_SPLICE ||
		does == CALL_MQ_SEND || does == CALL_MQ_RECEIVE;
}

/* What each sort of resource is identified by. */
static const char pipe_end, fifo_end, queue_end;

/* The processes that have the end that a thread waits for: the write end if it reads. */
static void
add_ends(struct resolver *r, size_t resource, const struct descriptor *list, size_t count,
	bool write_end)
{
	const char *how = write_end ? "has the write end" : "has the read end";

	for (size_t i = 0; i < count; i++)
		if (descriptor_has(r->w, &list[i], write_end))
			world_add_releaser(r->w, resource,
				(struct releaser){
					list[i].process, GRADE_EXACT, how, -1 });
}

/* Tells what a pipe or FIFO lacks.  Returns false if it lacks nothing: the thread waits
 * for another thing within the call, such as what splice(2) reads, or a page of its
 * memory. */
static bool
describe_lack(struct resolver *r, struct thread *t, int fd)
{
	int lacks = descriptor_lacks(r->w, t, fd, t->need == NEED_DATA), bytes, capacity;

	if (lacks == 0)
		return false;
	if (t->need == NEED_DATA)
		t->what = xstrdup("empty");
	else if (lacks > 0 && descriptor_fill(r->w, t, fd, &bytes, &capacity) == 0)
		t->what = xasprintf("full, %d of %d bytes", bytes, capacity);
	else
		t->what = xstrdup("full");
	return true;
}

static void
wait_on_pipe(struct resolver *r, struct thread *t, int fd, uint64_t inode, bool reads)
{
	const struct descriptor *list;
	size_t count, resource;
	bool is_new;

	resource = resolve_resource(
		r, (struct key){ .sort = &pipe_end, .a = inode, .b = reads }, &is_new);
	if (is_new) {
		list = descriptors_of_pipe(r->descriptors, inode, &count);
		add_ends(r, resource, list, count, reads);
	}
	t->is_resolved = true;
	t->need = reads ? NEED_DATA : NEED_SPACE;
	t->closed = t->by_pipe = t->by_descriptor = true;
	t->ref = xasprintf("pipe:%llu", (unsigned long long)inode);
	if (describe_lack(r, t, fd))
		resolve_set(r, t, resource);
}

/* A file that a thread reads or writes while it sleeps: a FIFO, or none of ours. */
static void
wait_on_file(struct resolver *r, struct thread *t, int fd, const char *path, bool reads)
{
	const struct descriptor *list;
	size_t count, resource;
	struct descriptor file;
	unsigned flags;
	bool is_new;

	if (descriptor_file(r->descriptors, t, fd, &file, &flags) < 0 ||
		!descriptor_is_local(r->descriptors, &file) ||
		!descriptor_is_fifo(r->w, t, fd))
		return;
	resource = resolve_resource(
		r, (struct key){ &fifo_end, file.device, file.inode, reads }, &is_new);
	if (is_new) {
		list = descriptors_of_file(
			r->descriptors, file.device, file.inode, &count);
		add_ends(r, resource, list, count, reads);
	}
	t->is_resolved = true;
	t->need = reads ? NEED_DATA : NEED_SPACE;
	t->by_pipe = t->by_descriptor = true;
	t->ref = reference_of_path("fifo", path);
	t->device = file.device;
	t->inode = file.inode;
	if (describe_lack(r, t, fd))
		resolve_set(r, t, resource);
}

static void
wait_on_descriptor(struct resolver *r, struct thread *t, int fd, bool reads)
{
	struct buf link = { 0 };
	uint64_t inode;

	/* A thread that sleeps uninterruptibly waits for a disk. */
	if (descriptor_link(r->w, t, fd, &link) == 0 && t->state != 'D') {
		const char *text = buf_text(&link);

		/* A socket, a terminal. */
		t->is_resolved = true;
		if (descriptor_is_pipe(text, &inode))
			wait_on_pipe(r, t, fd, inode, reads);
		else if (*text == '/')
			wait_on_file(r, t, fd, text, reads);
	}
	buf_free(&link);
}

/* Whether a descriptor is a pipe, and if not, whether it never lets a thread wait. */
static void
classify(struct resolver *r, struct thread *t, int fd, bool *is_pipe, bool *is_file)
{
	struct buf link = { 0 };
	struct descriptor file;
	uint64_t inode;
	unsigned flags;
	const char *text;

	*is_pipe = *is_file = false;
	if (descriptor_link(r->w, t, fd, &link) == 0) {
		text = buf_text(&link);
		*is_pipe = descriptor_is_pipe(text, &inode);
		*is_file = *text == '/' &&
			(strncmp(text, "/dev/", 5) != 0 ||
				strcmp(text, "/dev/null") == 0) &&
			descriptor_file(r->descriptors, t, fd, &file, &flags) == 0 &&
			descriptor_is_local(r->descriptors, &file);
	}
	buf_free(&link);
}

/* splice(2), tee(2) and sendfile(2) read from one descriptor and write to another.  Which
 * of two pipes they wait for is told by what is in the first. */
static void
wait_on_two(struct resolver *r, struct thread *t)
{
	int in = call_int(&t->call, 0), out = call_int(&t->call, 1);
	bool in_pipe, in_file, out_pipe, out_file;
	int empty;

	classify(r, t, in, &in_pipe, &in_file);
	classify(r, t, out, &out_pipe, &out_file);
	if (in_pipe && out_pipe) {
		empty = descriptor_lacks(r->w, t, in, true);
		if (empty < 0)
			return;
		wait_on_descriptor(r, t, empty ? in : out, empty);
	} else if (in_pipe && out_file) {
		wait_on_descriptor(r, t, in, true);
	} else if (in_file && out_pipe) {
		wait_on_descriptor(r, t, out, false);
	}
}

/* --- POSIX queues ------------------------------- */

/* Whether the link of a descriptor ends with the name of a queue, as another link does:
 * "/name" of mq_open(3), or "/dev/mqueue/name". */
static bool
has_queue_name(const struct world *w, const struct descriptor *one, const char *link)
{
	struct buf other = { 0 };
	char path[READ_PATH];
	const char *name;
	bool same;

	descriptor_path(path, w, one->process, "fd", one->fd);
	same = descriptor_read_link(path, &other) == 0 &&
		(name = strrchr(buf_text(&other), '/')) != NULL &&
		strcmp(name, strrchr(link, '/')) == 0;
	buf_free(&other);
	return same;
}

/* The processes that have a queue open in the direction that a thread waits for. */
static void
add_queue_users(struct resolver *r, size_t resource, uint64_t inode, const char *link,
	bool receivers)
{
	const char *how = receivers ? "can receive from it" : "can send to it";
	const struct descriptor *list;
	size_t count;

	list = descriptors_of_queue(r->descriptors, inode, &count);
	for (size_t i = 0; i < count; i++)
		if (descriptor_has(r->w, &list[i], !receivers) &&
			has_queue_name(r->w, &list[i], link))
			world_add_releaser(r->w, resource,
				(struct releaser){
					list[i].process, GRADE_OPEN, how, -1 });
}

static void
wait_on_queue(struct resolver *r, struct thread *t, int fd, bool sends)
{
	struct descriptor file;
	struct buf link = { 0 };
	size_t resource;
	unsigned flags;
	bool is_new;

	if (descriptor_link(r->w, t, fd, &link) < 0 || *buf_text(&link) != '/' ||
		descriptor_file(r->descriptors, t, fd, &file, &flags) < 0) {
		buf_free(&link);
		return;
	}
	resource = resolve_resource(
		r, (struct key){ &queue_end, 0, file.inode, sends }, &is_new);
	if (is_new)
		add_queue_users(r, resource, file.inode, buf_text(&link), sends);
	t->is_resolved = true;
	t->need = sends ? NEED_SPACE : NEED_DATA;
	t->what = xstrdup(sends ? "full" : "empty");
	t->ref = reference_of_queue(buf_text(&link));
	limit_at(r->w, t, CLOCK_REALTIME, t->call.args[4]);
	resolve_set(r, t, resource);
	buf_free(&link);
}

static void
resolve_descriptor(struct resolver *r, struct thread *t)
{
	int fd = call_int(&t->call, 0);
	const struct descriptor one = { .process = t->process, .fd = fd };

	/* The numbers mean other files. */
	if (descriptors_are_separate(r->w, t) > 0)
		return;
	switch (t->call.form->does) {
	case CALL_READ:
		wait_on_descriptor(r, t, fd, true);
		break;
	case CALL_WRITE:
		/* vmsplice(2) reads from an end that only reads. */
		wait_on_descriptor(r, t, fd, !descriptor_has(r->w, &one, true));
		break;
	case CALL_SPLICE:
		wait_on_two(r, t);
		break;
	case CALL_MQ_SEND:
		wait_on_queue(r, t, fd, true);
		break;
	default:
		wait_on_queue(r, t, fd, false);
		break;
	}
}

const struct mechanism wait_fd = {
	.has = has_descriptor,
	.resolve = resolve_descriptor,
};
