/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which IPC namespaces a command works in. */

#include "cmd/spaces.h"

#include <stdlib.h>
#include <string.h>

#include "cli/ipc-ns.h"
#include "cmd/namespaces-tell.h"
#include "cmd/spaces-search.h"
#include "cmd/spaces-shm.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"

/* The spaces while they are found. */
struct filling {
	struct spaces *spaces;
	struct space_search search;
	size_t given; /* the place of that of --ipc-ns; SIZE_MAX without it */
	pid_t given_process; /* whose namespace that is as named, or 0 */
};

/* The space with this place, which is added if it is new. */
static struct space *
space_with(struct spaces *s, size_t place)
{
	const struct ns_file *file = &s->all.list[place].file;
	struct space *space;

	for (size_t i = s->count; i-- > 0;)
		if (s->list[i].place == place)
			return &s->list[i];
	s->list = xgrow(s->list, s->count, sizeof *s->list);
	space = &s->list[s->count++];
	*space = (struct space){
		.ns = { .inode = file->inode,
			.has_id = file->has_id,
			.id = file->id,
			.is_own = place == s->all.own },
		.place = place,
	};
	ns_shm_find_own(&space->shm);
	return space;
}

/* Notes that a space was named as that of a process, or otherwise if that is 0. */
static void
note_name(struct space *space, pid_t process)
{
	space->process = space->is_named && space->process != process ? 0 : process;
	space->is_named = true;
}

/* Adds an operand, in whose reference the namespace is noted. */
static void
take_reference(struct space *space, struct operand *operand, pid_t process)
{
	struct opt_operands *to = &space->operands;

	note_name(space, process);
	ref_set_namespace(&operand->ref, &space->ns);
	to->list = xgrow(to->list, to->count, sizeof *to->list);
	to->list[to->count++] = *operand;
}

/* Says why the namespace of a reference was not found; returns the status. */
static enum status
refuse_reference(const struct spaces *s, const char *text, struct naming *n)
{
	bool is_missing = n->found == NS_MISSING;
	/* A process that could not be examined may be in it. */
	bool is_known = s->all.unexamined == 0 && !s->all.is_hidden;

	if (s->all.is_full)
		return STATUS_USAGE;
	if (is_missing && s->missing != NULL)
		s->missing(s->arg, text, buf_text(&n->cause));
	if (is_missing && s->missing_is_fine && is_known)
		return STATUS_OK;
	say("%s: %s", text, buf_text(&n->cause));
	return is_missing ? STATUS_SOME : STATUS_USAGE;
}

/* Assigns an operand to its namespace, which is the one at place working if it names
 * none; returns the status. */
static enum status
assign_operand(struct filling *f, struct operand *operand, size_t working)
{
	const char *ns = ref_namespace(operand->text);
	struct naming *n;

	if (ns == NULL) {
		take_reference(space_with(f->spaces, working), operand, f->given_process);
		return STATUS_OK;
	}
	n = space_search_reference(&f->search, ns);
	if (n->found != NS_FOUND)
		return refuse_reference(f->spaces, operand->text, n);
	if (f->given != SIZE_MAX && n->place != f->given) {
		say("'%s': not in the namespace of --ipc-ns=%s", operand->text,
			opt_ipc_ns(NULL));
		return STATUS_USAGE;
	}
	take_reference(space_with(f->spaces, n->place), operand,
		f->given != SIZE_MAX ? f->given_process : n->process);
	return STATUS_OK;
}

/* What standard input names was listed some time ago, so it must be certain that a
 * namespace is still the same. */
static enum status
check_doubts(struct filling *f, const struct opt_operands *operands)
{
	for (size_t i = 0; i < operands->doubts_count; i++) {
		const struct doubt *d = &operands->doubts[i];
		const char *text = operands->list[d->operand].text;
		const char *ns = ref_namespace(text);

		if (f->given != SIZE_MAX) {
			const struct naming *n = space_search_reference(&f->search, ns);

			if (n->found == NS_FOUND && n->place == f->given)
				continue;
		}
		say("standard input, line %lu: '%s': %s", d->line, text,
			strtoull(ns, NULL, 10) >= NS_INITIAL
				? "the inode number may belong to another namespace by "
				  "now; use --ipc-ns=NS, or a kernel with namespace ids"
				: "standard input may name a namespace only as "
				  "@INODE.ID or @host; use --ipc-ns=NS");
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

/* Finds the namespace of --ipc-ns, without which there is nothing to do. */
static enum status
find_given(struct filling *f)
{
	const struct ns_name *name;
	const char *text = opt_ipc_ns(&name);
	struct buf cause = { 0 };
	enum ns_found found;
	char *subject;

	f->given = SIZE_MAX;
	if (text == NULL)
		return STATUS_OK;
	f->given_process = name->pid;
	subject = xasprintf("--ipc-ns=%s", text);
	found = space_search_name(&f->search, name, text, subject, &f->given, &cause);
	if (found != NS_FOUND && !f->spaces->all.is_full)
		say("%s", buf_text(&cause));
	free(subject);
	buf_free(&cause);
	return found == NS_FOUND      ? STATUS_OK
		: found == NS_MISSING ? STATUS_SOME
				      : STATUS_USAGE;
}

/* Adds all namespaces that there are. */
static enum status
add_all(struct filling *f)
{
	struct namespaces *all = &f->spaces->all;

	space_search_kept(&f->search);
	if (all->error != 0) {
		say("cannot read /proc: %s", strerror(all->error));
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < all->count; i++)
		if (i == all->own || !namespaces_is_only_ours(all, i))
			space_with(f->spaces, i);
	return STATUS_OK;
}

/* Moves the own namespace to the front: ipctool may not be able to return to it. */
static void
put_own_first(struct spaces *s)
{
	for (size_t i = 1; i < s->count; i++) {
		struct space own = s->list[i];

		if (!own.ns.is_own)
			continue;
		memmove(s->list + 1, s->list, i * sizeof *s->list);
		s->list[0] = own;
		return;
	}
}

/* Finds the namespaces, of which at least one is named. */
static enum status
fill_spaces(struct filling *f, struct opt_operands *operands)
{
	struct spaces *spaces = f->spaces;
	bool typed = operands == NULL || operands->types != 0 || operands->count == 0;
	enum status status = find_given(f);
	size_t working = f->given != SIZE_MAX ? f->given : spaces->all.own;

	if (status != STATUS_OK)
		return status;
	if (working == SIZE_MAX) {
		say("the IPC namespace of ipctool cannot be opened: %s",
			strerror(spaces->all.own_error));
		return STATUS_USAGE;
	}
	if (operands != NULL)
		status = check_doubts(f, operands);
	if (typed)
		note_name(space_with(spaces, working), f->given_process);
	if (status == STATUS_OK && typed && opt_all_namespaces())
		status = add_all(f);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; typed && i < spaces->count && operands != NULL; i++)
		spaces->list[i].operands.types = operands->types;
	for (size_t i = 0;
		operands != NULL && i < operands->count && !spaces->all.is_full; i++)
		status =
			cmd_worse(status, assign_operand(f, &operands->list[i], working));
	put_own_first(spaces);
	if (spaces->tells_container || spaces->tells_namespaces) {
		spaces_find_tasks(spaces);
		spaces_describe(spaces);
	}
	return status;
}

/* Leaves nothing to work in. */
static void
drop_spaces(struct spaces *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->list[i].operands.list);
		ns_shm_free(&s->list[i].shm);
		free((char *)s->list[i].ns.container);
		free((char *)s->list[i].ns.container_brief);
	}
	s->count = 0;
}

enum status
spaces_find(struct spaces *s, struct opt_operands *operands)
{
	struct filling filling = { .spaces = s, .search = { .spaces = s } };
	enum status status;

	if (!s->are_named && !opt_names_namespaces(operands)) {
		s->list = xcalloc(1, sizeof *s->list);
		s->list[0].place = SIZE_MAX;
		if (operands != NULL)
			s->list[0].operands = *operands;
		s->count = 1;
		return STATUS_OK;
	}
	s->are_named = true;
	namespaces_start(&s->all);
	status = fill_spaces(&filling, operands);
	space_search_free(&filling.search);
	if (s->all.is_full) {
		namespaces_tell_full(&s->all);
		status = STATUS_USAGE;
	}
	if (status == STATUS_USAGE)
		drop_spaces(s);
	spaces_shm_find(s);
	return status;
}

void
spaces_free(struct spaces *s)
{
	if (s->are_named) {
		drop_spaces(s);
		namespace_rows_free(&s->rows);
		layout_free(&s->row_layout);
		namespaces_free(&s->all);
	}
	free(s->list);
	ipcns_set(NULL);
}
