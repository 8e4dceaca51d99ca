/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/spaces.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arg.h"
#include "cli/ipc-ns.h"
#include "cmd/namespaces-tell.h"
#include "cmd/spaces-shm.h"
#include "kind/access.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"
#include "namespace/enter.h"
#include "namespace/name.h"

/* A namespace as references name it, and what was found for it. */
struct naming {
	const char *text;
	enum ns_found found;
	size_t place;
	pid_t process; /* by which it was named, or 0 */
	struct buf cause; /* unless it was found */
};

/* The search for the namespaces of a command. */
struct search {
	struct spaces *spaces;
	bool has_kept; /* looked at already */
	struct naming *namings; /* of references; each text once */
	size_t count;
	size_t given; /* the place of that of --ipc-ns; SIZE_MAX without it */
	pid_t given_process; /* whose namespace that is as named, or 0 */
};

/* --- Finding ------------------------------------------------------------------------ */

void
spaces_find_tasks(struct spaces *s)
{
	if (!s->has_tasks)
		namespaces_find_tasks(&s->all);
	s->has_tasks = true;
}

static void
find_kept(struct search *s)
{
	spaces_find_tasks(s->spaces);
	if (!s->has_kept)
		namespaces_find_kept(&s->spaces->all);
	s->has_kept = true;
}

/* Looks at as much of the machine as is needed to find a namespace. */
static void
look_for(struct search *s, const struct ns_name *name)
{
	struct namespaces *all = &s->spaces->all;

	switch (name->form) {
	case NS_PID:
	case NS_PATH:
		return;
	case NS_INODE:
		if (namespaces_with(all, name->inode) == NULL)
			spaces_find_tasks(s->spaces);
		if (namespaces_with(all, name->inode) == NULL)
			find_kept(s);
		return;
	case NS_CONTAINER:
	case NS_POD:
		spaces_find_tasks(s->spaces);
		return;
	}
}

static enum ns_found
find_space(struct search *s, const struct ns_name *name, const char *text,
	const char *subject, size_t *place, struct buf *cause)
{
	struct spaces *spaces = s->spaces;

	look_for(s, name);
	if (spaces->all.error != 0) {
		buf_printf(cause, "cannot read /proc: %s", strerror(spaces->all.error));
		return NS_REFUSED;
	}
	return ns_name_find(
		name, text, subject, spaces->reads, &spaces->all, place, cause);
}

/* The namespace of a reference.  Those with the same text have the same one. */
static struct naming *
find_of_reference(struct search *s, const char *text)
{
	struct naming *n;
	struct ns_name name;
	struct buf cause = { 0 };

	for (size_t i = s->count; i-- > 0;)
		if (strcmp(s->namings[i].text, text) == 0)
			return &s->namings[i];
	s->namings = xgrow(s->namings, s->count, sizeof *s->namings);
	n = &s->namings[s->count++];
	*n = (struct naming){ .text = text, .found = NS_REFUSED };
	if (ns_name_parse(text, &name, &cause) == 0) {
		n->process = name.pid;
		n->found = find_space(s, &name, text, NULL, &n->place, &n->cause);
	} else {
		buf_str(&n->cause, buf_text(&cause));
	}
	ns_name_free(&name);
	buf_free(&cause);
	return n;
}

/* --- The list ----------------------------------------------------------------------- */

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
assign_operand(struct search *s, struct operand *operand, size_t working)
{
	const char *ns = ref_namespace(operand->text);
	struct naming *n;

	if (ns == NULL) {
		take_reference(space_with(s->spaces, working), operand, s->given_process);
		return STATUS_OK;
	}
	n = find_of_reference(s, ns);
	if (n->found != NS_FOUND)
		return refuse_reference(s->spaces, operand->text, n);
	if (s->given != SIZE_MAX && n->place != s->given) {
		say("'%s': not in the namespace of --ipc-ns=%s", operand->text,
			opt_ipc_ns(NULL));
		return STATUS_USAGE;
	}
	take_reference(space_with(s->spaces, n->place), operand,
		s->given != SIZE_MAX ? s->given_process : n->process);
	return STATUS_OK;
}

/* What standard input names was listed some time ago, so it must be certain that a
 * namespace is still the same. */
static enum status
check_doubts(struct search *s, const struct opt_operands *operands)
{
	for (size_t i = 0; i < operands->doubts_count; i++) {
		const struct doubt *d = &operands->doubts[i];
		const char *text = operands->list[d->operand].text;
		const char *ns = ref_namespace(text);

		if (s->given != SIZE_MAX) {
			const struct naming *n = find_of_reference(s, ns);

			if (n->found == NS_FOUND && n->place == s->given)
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
find_given(struct search *s)
{
	const struct ns_name *name;
	const char *text = opt_ipc_ns(&name);
	struct buf cause = { 0 };
	enum ns_found found;
	char *subject;

	s->given = SIZE_MAX;
	if (text == NULL)
		return STATUS_OK;
	s->given_process = name->pid;
	subject = xasprintf("--ipc-ns=%s", text);
	found = find_space(s, name, text, subject, &s->given, &cause);
	if (found != NS_FOUND && !s->spaces->all.is_full)
		say("%s", buf_text(&cause));
	free(subject);
	buf_free(&cause);
	return found == NS_FOUND      ? STATUS_OK
		: found == NS_MISSING ? STATUS_SOME
				      : STATUS_USAGE;
}

/* Adds all namespaces that there are. */
static enum status
add_all(struct search *s)
{
	struct namespaces *all = &s->spaces->all;

	find_kept(s);
	if (all->error != 0) {
		say("cannot read /proc: %s", strerror(all->error));
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < all->count; i++)
		if (i == all->own || !namespaces_is_only_ours(all, i))
			space_with(s->spaces, i);
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
fill_spaces(struct search *s, struct opt_operands *operands)
{
	struct spaces *spaces = s->spaces;
	bool typed = operands == NULL || operands->types != 0 || operands->count == 0;
	enum status status = find_given(s);
	size_t working = s->given != SIZE_MAX ? s->given : spaces->all.own;

	if (status != STATUS_OK)
		return status;
	if (working == SIZE_MAX) {
		say("the IPC namespace of ipctool cannot be opened: %s",
			strerror(spaces->all.own_error));
		return STATUS_USAGE;
	}
	if (operands != NULL)
		status = check_doubts(s, operands);
	if (typed)
		note_name(space_with(spaces, working), s->given_process);
	if (status == STATUS_OK && typed && opt_all_namespaces())
		status = add_all(s);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; typed && i < spaces->count && operands != NULL; i++)
		spaces->list[i].operands.types = operands->types;
	for (size_t i = 0;
		operands != NULL && i < operands->count && !spaces->all.is_full; i++)
		status =
			cmd_worse(status, assign_operand(s, &operands->list[i], working));
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
	struct search search = { .spaces = s };
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
	status = fill_spaces(&search, operands);
	for (size_t i = 0; i < search.count; i++)
		buf_free(&search.namings[i].cause);
	free(search.namings);
	if (s->all.is_full) {
		namespaces_tell_full(&s->all);
		status = STATUS_USAGE;
	}
	if (status == STATUS_USAGE)
		drop_spaces(s);
	spaces_shm_find(s);
	return status;
}

/* --- Entering ----------------------------------------------------------------------- */

int
spaces_move_to(struct spaces *s, size_t i)
{
	struct space *space = &s->list[i];

	if (!s->are_named)
		return 0;
	if (ns_enter(&s->all, &s->all.list[space->place]) < 0)
		return -1;
	ipcns_set(&space->ns);
	return 0;
}

/* Enters a namespace of the caller's own container, which belongs to another user
 * namespace, and says so.  0, or -1 with errno. */
static int
enter_with_user(struct spaces *s, const struct namespace *ns, const char *name)
{
	if (ns_enter_with_user(&s->all, ns) < 0)
		return -1;
	say("entered the user namespace of %s: owners and groups are numbers of that "
	    "namespace",
		name);
	return 0;
}

/* Enters a namespace if the kernel only lets us in with its user namespace.  error is the
 * errno of the first attempt. */
static enum status
enter_otherwise(struct spaces *s, const struct namespace *ns, int error)
{
	const char *given = opt_ipc_ns(NULL);
	enum status status = STATUS_USAGE;
	struct buf name = { 0 };

	if (given != NULL)
		buf_str(&name, given);
	else
		ns_file_put(&ns->file, &name);
	if (error == EPERM && ns_has_other_user(ns) && opt_noted_name() != NULL) {
		say("%s has another user namespace, where '%s' is no name: give the "
		    "number there",
			buf_text(&name), opt_noted_name());
	} else if (error == EPERM && enter_with_user(s, ns, buf_text(&name)) == 0) {
		status = STATUS_OK;
	} else {
		say("%s%s: cannot be entered: %s%s", given != NULL ? "--ipc-ns=" : "",
			buf_text(&name), strerror(error), access_hint());
	}
	buf_free(&name);
	return status;
}

bool
spaces_may_return(const struct spaces *s)
{
	return s->are_named && (!s->list[0].ns.is_own || ns_may_return(&s->all));
}

enum status
spaces_enter(struct spaces *s, size_t i, bool *entered)
{
	struct space *space = &s->list[i];
	enum status status = STATUS_OK;
	int error;

	*entered = spaces_move_to(s, i) == 0;
	error = errno;
	if (!*entered && opt_all_namespaces() && (error == EPERM || error == EACCES)) {
		s->denied++;
		return STATUS_OK;
	}
	if (!*entered) {
		status = enter_otherwise(s, &s->all.list[space->place], error);
		*entered = status == STATUS_OK;
		if (*entered)
			ipcns_set(&space->ns);
	}
	if (*entered)
		spaces_shm_settle(s, space);
	if (*entered && s->tells_namespaces)
		namespace_rows_count(&s->rows, space->place);
	errno = error;
	return status;
}

void
spaces_tell(const struct spaces *s)
{
	namespace_rows_tell(&s->rows);
	if (opt_all_namespaces())
		namespaces_tell_unexamined(&s->all, s->denied, s->count);
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

enum status
spaces_enter_one(struct opt_operands *operands, bool reads)
{
	static struct spaces one;
	enum status status;
	bool entered;

	one.reads = reads;
	status = spaces_find(&one, operands);
	return status == STATUS_OK && one.count > 0 ? spaces_enter(&one, 0, &entered)
						    : status;
}
