/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/waits-view.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kind/ref.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "waits/mounts.h"
#include "waits/reference.h"
#include "waits/waited.h"

/* --- Operands -------------------------------------------------------- */

/* "lock:08:01:1234", as in /proc/locks. */
static bool
parse_numbers(struct waits_operand *o, const char *text)
{
	uint64_t major, minor;

	if (num_scan(&text, 16, UINT32_MAX, &major) < 0 || *text++ != ':' ||
		num_scan(&text, 16, UINT32_MAX, &minor) < 0 || *text++ != ':' ||
		num_range(text, 1, UINT64_MAX, &o->inode) < 0)
		return false;
	o->device = makedev(major, minor);
	return true;
}

/* The file of an operand, looked up now.  Its absence is no error of the command line. */
static int
parse_file(struct waits_operand *o, const char *type, const char *text, struct buf *cause)
{
	char *path = reference_decode(text);
	struct mounted_file file;

	o->file = type;
	if (path == NULL || *path == '\0') {
		buf_printf(cause, "invalid reference '%s': write '%%' as %%25", o->text);
		free(path);
		return -1;
	}
	if (mounts_find_file(getpid(), path, 0, &file) == 0) {
		o->device = file.device;
		o->inode = file.inode;
	}
	o->ref = path;
	return 0;
}

static int
parse_what_is_asked(struct waits_operand *o, struct buf *cause)
{
	const char *text = o->text;
	uint64_t number;
	struct ref ref;

	if (num_range(text, 1, INT32_MAX, &number) == 0) {
		o->pid = number;
		return 0;
	}
	if (strncmp(text, "pipe:", 5) == 0 &&
		num_range(text + 5, 1, UINT64_MAX, &number) == 0) {
		o->ref = xasprintf("pipe:%" PRIu64, number);
		return 0;
	}
	if (strncmp(text, "lock:", 5) == 0) {
		o->file = "lock";
		return parse_numbers(o, text + 5)
			? 0
			: parse_file(o, "lock", text + 5, cause);
	}
	if (strncmp(text, "fifo:", 5) == 0)
		return parse_file(o, "fifo", text + 5, cause);
	if (ref_namespace(text) != NULL) {
		buf_printf(cause, "'%s': name the namespace with --ipc-ns=%s", text,
			ref_namespace(text));
		return -1;
	}
	if (strchr(text, ':') != NULL && ref_parse(text, &ref, cause) == 0) {
		ref_free(&ref);
		return 0;
	}
	cause->len = 0;
	buf_printf(cause, "'%s' is neither a process ID nor a reference such as sem:3",
		text);
	return -1;
}

int
waits_add_operand(struct waits_view *v, const char *text, struct buf *cause)
{
	struct waits_operand o = { .text = xstrdup(text) };

	v->has_operands = true;
	v->operands = xgrow(v->operands, v->operands_count, sizeof o);
	if (parse_what_is_asked(&o, cause) < 0) {
		free(o.text);
		return -1;
	}
	v->operands[v->operands_count++] = o;
	return 0;
}

/* Finds an object of a kind, and its reference by number.  Whether there is one. */
static bool
find_object(struct waits_operand *o)
{
	struct buf cause = { 0 };
	char room[REF_SIZE];
	struct object object;
	struct ref ref;
	int found = -1;

	if (ref_parse(o->text, &ref, &cause) == 0) {
		cause.len = 0;
		found = source_find(&ref, NULL, &object, &cause);
		if (found == 1)
			o->ref = xstrdup(ref_text(&object, room));
		else if (found == 0)
			say("%s: there is no %s with this %s", o->text, ref.kind->noun,
				ref.label != NULL    ? "name"
					: ref.by_key ? "key"
						     : "id");
		else
			say("%s: %s", o->text, buf_text(&cause));
		ref_free(&ref);
	}
	buf_free(&cause);
	return found == 1;
}

/* Finds a process.  Says what keeps its threads from being shown. */
static bool
find_process(struct waits_view *v, const struct waits_operand *o)
{
	const struct world *w = &v->look.world;
	size_t process = world_find(w, o->pid);
	const struct process *p;

	if (process == NONE) {
		say("%s: no such process", o->text);
		return false;
	}
	p = &w->processes[process];
	if (p->is_kernel)
		say("%s: %s is a thread of the kernel", o->text, p->name);
	else if (p->is_unread)
		say("%s: %s could not be examined", o->text, p->name);
	else if (p->count == 0)
		say("%s: %s has ended", o->text, p->name);
	return true;
}

static bool
find_pipe(struct waits_view *v, const struct waits_operand *o)
{
	const char *number = o->ref + strlen("pipe:");
	uint64_t inode = 0;
	size_t count;

	num_scan(&number, 10, UINT64_MAX, &inode);
	descriptors_of_pipe(v->look.descriptors, inode, &count);
	if (count == 0)
		say("%s: not open in any process that could be examined", o->text);
	return count > 0;
}

enum status
waits_find_operands(struct waits_view *v)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < v->operands_count; i++) {
		struct waits_operand *o = &v->operands[i];

		if (o->pid > 0) {
			o->is_found = find_process(v, o);
		} else if (o->file != NULL) {
			o->is_found = o->inode != 0;
			if (!o->is_found)
				say("%s: there is no such file", o->text);
		} else if (o->ref != NULL) {
			o->is_found = find_pipe(v, o);
		} else {
			o->is_found = find_object(o);
		}
		if (!o->is_found)
			status = STATUS_SOME;
	}
	return status;
}

bool
waits_operand_is_of(
	const struct waits_view *v, const struct waits_operand *o, size_t thread)
{
	const struct thread *t = &v->look.world.threads[thread];

	if (!o->is_found)
		return false;
	if (o->pid > 0)
		return world_process_of(&v->look.world, t)->pid == o->pid;
	if (t->ref == NULL)
		return false;
	if (o->file != NULL)
		return t->device == o->device && t->inode == o->inode &&
			strncmp(t->ref, o->file, strlen(o->file)) == 0;
	return strcmp(t->ref, o->ref) == 0;
}

/* --- Choosing -------------------------------------------------------- */

static bool
is_asked_for(const struct waits_view *v, size_t thread)
{
	if (!v->has_operands)
		return true;
	for (size_t i = 0; i < v->operands_count; i++)
		if (waits_operand_is_of(v, &v->operands[i], thread))
			return true;
	return false;
}

static bool
is_of_user(const struct waits_view *v, size_t thread)
{
	const struct world *w = &v->look.world;

	return !v->has_user || world_process_of(w, &w->threads[thread])->uid == v->user;
}

static bool
is_long(const struct waits_view *v, size_t thread)
{
	int64_t waited = v->look.world.threads[thread].waited;

	return v->least == 0 || (waited >= 0 && (uint64_t)waited >= v->least);
}

static bool
chooses_finding(const struct waits_view *v, const struct finding *f)
{
	bool asked = false, user = false, is_old = true;

	for (size_t i = 0; i < f->count + f->behind_count; i++) {
		size_t t = i < f->count ? f->threads[i] : f->behind[i - f->count];

		asked |= is_asked_for(v, t);
		user |= is_of_user(v, t);
		is_old &= i >= f->count || is_long(v, t);
	}
	return asked && user && is_old &&
		(f->verdict != VERDICT_MUTUAL || v->all || v->has_operands);
}

static bool
chooses_thread(const struct waits_view *v, size_t thread)
{
	const struct thread *t = &v->look.world.threads[thread];

	if (v->finding_of[thread] != NONE || v->look.findings.is_stuck[thread] ||
		!is_of_user(v, thread) || !is_long(v, thread))
		return v->has_operands && t->halt != HALT_NONE &&
			v->finding_of[thread] == NONE && is_asked_for(v, thread);
	if (v->has_operands)
		return is_asked_for(v, thread);
	return look_is_blocked(&v->look, thread) ||
		(v->all && look_is_idle(&v->look, thread));
}

static void
choose_waits(struct waits_view *v)
{
	const struct look *l = &v->look;

	v->idle = v->elsewhere = 0;
	for (size_t i = 0; i < l->world.threads_count; i++)
		v->finding_of[i] = NONE;
	for (size_t i = 0; i < l->findings.count; i++) {
		const struct finding *f = &l->findings.list[i];

		v->shows_finding[i] = chooses_finding(v, f);
		if (!v->shows_finding[i])
			continue;
		for (size_t k = 0; k < f->count; k++)
			v->finding_of[f->threads[k]] = i;
		for (size_t k = 0; k < f->behind_count; k++)
			v->finding_of[f->behind[k]] = i;
	}
	for (size_t i = 0; i < l->world.threads_count; i++) {
		v->shows_thread[i] = chooses_thread(v, i);
		if (!look_is_idle(l, i) || v->finding_of[i] != NONE || !is_of_user(v, i))
			continue;
		if (l->world.threads[i].is_elsewhere)
			v->elsewhere++;
		else
			v->idle++;
	}
}

/* Wants the durations of all threads that could release one that is wanted: the chains
 * show them. */
static void
add_chains(const struct world *w, bool *wanted)
{
	bool *seen = xcalloc(w->resources_count + 1, sizeof *seen);
	size_t *queue = xcalloc(w->threads_count + 1, sizeof *queue), queued = 0;

	for (size_t i = 0; i < w->threads_count; i++)
		if (wanted[i])
			queue[queued++] = i;
	for (size_t i = 0; i < queued; i++) {
		size_t r = w->threads[queue[i]].resource;

		if (r == NONE || seen[r])
			continue;
		seen[r] = true;
		for (size_t k = 0; k < w->resources[r].count; k++) {
			const struct process *p =
				&w->processes[w->resources[r].list[k].process];

			for (size_t t = p->first; t < p->first + p->count; t++)
				if (!wanted[t]) {
					wanted[t] = true;
					queue[queued++] = t;
				}
		}
	}
	free(queue);
	free(seen);
}

/* A file is read for each of them, so the idle ones that are only counted do without. */
static void
find_durations(struct waits_view *v)
{
	struct world *w = &v->look.world;
	bool *wanted = xcalloc(w->threads_count + 1, sizeof *wanted);

	for (size_t i = 0; i < w->threads_count; i++)
		wanted[i] = v->shows_thread[i] || v->finding_of[i] != NONE;
	add_chains(w, wanted);
	for (size_t i = 0; i < w->threads_count; i++)
		wanted[i] &= w->threads[i].name != NULL ||
			w->threads[i].halt != HALT_NONE;
	waited_find(w, wanted);
	free(wanted);
}

void
waits_choose(struct waits_view *v)
{
	size_t threads = v->look.world.threads_count;
	uint64_t least = v->least;

	v->finding_of = xcalloc(threads + 1, sizeof *v->finding_of);
	v->shows_thread = xcalloc(threads + 1, sizeof *v->shows_thread);
	v->shows_finding = xcalloc(v->look.findings.count + 1, sizeof *v->shows_finding);
	v->least = 0;
	choose_waits(v);
	find_durations(v);
	v->least = least;
	if (least > 0)
		choose_waits(v);
}

void
waits_view_free(struct waits_view *v)
{
	for (size_t i = 0; i < v->operands_count; i++) {
		free(v->operands[i].text);
		free(v->operands[i].ref);
	}
	free(v->operands);
	free(v->finding_of);
	free(v->shows_thread);
	free(v->shows_finding);
	look_free(&v->look);
}
