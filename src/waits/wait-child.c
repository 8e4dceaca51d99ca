/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The end of a child: wait4(2), waitid(2), vfork(2). */

#include <string.h>
#include <sys/wait.h>

#include "lib/buf.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "waits/read.h"
#include "waits/resolve.h"

static bool
has_child(enum call_does does)
{
	return does == CALL_WAIT_PID || does == CALL_WAIT_ID || does == CALL_VFORK;
}

static const char child_set; /* identifies the children that a call waits for */

/* Which children a call waits for. */
struct choice {
	enum { ANY_CHILD, ONE_CHILD, GROUP_OF_CHILDREN, PIDFD_OF_CHILD } sort;
	pid_t id; /* in the PID namespace of the thread, but for a pidfd; 0 for the
		   * group of the thread */
};

static struct choice
find_choice(const struct thread *t)
{
	int id = call_int(&t->call, 0);

	if (t->call.form->does == CALL_VFORK)
		return (struct choice){ ANY_CHILD, 0 };
	if (t->call.form->does == CALL_WAIT_PID) {
		if (id > 0)
			return (struct choice){ ONE_CHILD, id };
		return id == -1 ? (struct choice){ ANY_CHILD, 0 }
				: (struct choice){ GROUP_OF_CHILDREN, -id };
	}
	switch (id) {
	case P_PID:
		return (struct choice){ ONE_CHILD, call_int(&t->call, 1) };
	case P_PGID:
		return (struct choice){ GROUP_OF_CHILDREN, call_int(&t->call, 1) };
	case P_PIDFD:
		return (struct choice){ PIDFD_OF_CHILD, call_int(&t->call, 1) };
	default:
		return (struct choice){ ANY_CHILD, 0 };
	}
}

/* The process of a pidfd, in our PID namespace; -1 if it is not known. */
static pid_t
read_pidfd(const struct resolver *r, const struct thread *t, int fd)
{
	const struct descriptor one = { .process = t->process, .fd = fd };
	struct buf info = { 0 };
	const char *p = NULL;
	uint64_t pid = 0;

	if (descriptor_info(r->w, &one, &info) == 0)
		p = read_label(buf_text(&info), "Pid:\t");
	if (p == NULL || num_scan(&p, 10, INT32_MAX, &pid) < 0)
		pid = -1;
	buf_free(&info);
	return pid;
}

/* An id of a child in the PID namespace of its parent; 0 if it is not known.  A child
 * may be in a namespace below that of its parent, where it has other ids. */
static pid_t
id_for(const struct process *parent, const struct process *child, pid_t outer,
	const pid_t *inner)
{
	if (parent->depth == 1)
		return outer;
	return child->depth < parent->depth ? 0 : inner[parent->depth - 1];
}

static bool
is_meant(const struct process *parent, const struct process *child,
	const struct choice *choice)
{
	pid_t id;

	switch (choice->sort) {
	case ONE_CHILD:
		id = id_for(parent, child, child->pid, child->inner);
		return id == choice->id || id == 0;
	case GROUP_OF_CHILDREN:
		if (choice->id == 0)
			return child->group == parent->group;
		id = id_for(parent, child, child->group, child->inner_group);
		return id == choice->id || id == 0;
	case PIDFD_OF_CHILD:
		return child->pid == choice->id;
	default:
		return true;
	}
}

/* Adds the children, and the processes that the thread traces: wait4(2) also waits for
 * these. */
static void
add_children(struct resolver *r, const struct thread *t, const struct choice *choice)
{
	const struct process *parent = world_process_of(r->w, t);

	for (size_t i = 0; i < r->w->processes_count; i++) {
		const struct process *p = &r->w->processes[i];

		if (p->parent_index == t->process ? is_meant(parent, p, choice)
						  : p->tracer == parent->pid)
			world_add_releaser(r->w, t->resource,
				(struct releaser){ i, GRADE_EXACT, "has to end", -1 });
	}
}

static void
resolve_child(struct resolver *r, struct thread *t)
{
	struct choice choice = find_choice(t);
	bool is_new;

	/* clone(2) waits only if it is that of vfork(2). */
	if (t->call.form->does == CALL_VFORK && t->state != 'D')
		return;
	if (choice.sort == PIDFD_OF_CHILD)
		choice.id = read_pidfd(r, t, choice.id);
	t->is_resolved = true;
	t->need = NEED_EXIT;
	t->closed = true;
	t->resource = resolve_resource(r,
		(struct key){ &child_set, t->process, choice.sort, choice.id }, &is_new);
	if (is_new)
		add_children(r, t, &choice);
}

const struct mechanism wait_child = {
	.has = has_child,
	.resolve = resolve_child,
};
