/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entering the IPC namespaces that a command works in. */

#include <errno.h>
#include <string.h>

#include "cli/arg.h"
#include "cli/ipc-ns.h"
#include "cmd/namespaces-tell.h"
#include "cmd/spaces-shm.h"
#include "cmd/spaces.h"
#include "kind/access.h"
#include "lib/message.h"
#include "namespace/enter.h"

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
		say("%s has another user namespace, where '%s' is not known as a name; "
		    "give the number there",
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
