/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "namespace/name.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kind/access.h"
#include "lib/array.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "process/proc.h"

enum {
	PID_MOST = 4194304, /* PID_MAX_LIMIT of include/linux/threads.h */
	ID_LEAST =
		6, /* digits of the id of a container, so that it is hardly ambiguous */
};

/* --- Parsing ------------------------------------------------------------------------ */

static bool
is_hex(const char *text)
{
	return text[strspn(text, "0123456789abcdef")] == '\0';
}

static bool
is_id(const char *text)
{
	size_t len = strlen(text);

	return is_hex(text) && len >= ID_LEAST && len <= CONTAINER_ID;
}

/* A number, or INODE.ID. */
static int
parse_inode(const char *text, struct ns_name *name)
{
	uint64_t number;

	if (num_scan(&text, 10, UINT32_MAX, &number) < 0)
		return -1;
	if (*text == '.' && number >= NS_INITIAL) {
		text++;
		if (num_scan(&text, 10, UINT64_MAX, &name->id) < 0 || *text != '\0')
			return -1;
		name->has_id = true;
	}
	if (*text != '\0' || number == 0 || (number > PID_MOST && number < NS_INITIAL))
		return -1;
	name->form = number > PID_MOST ? NS_INODE : NS_PID;
	name->inode = number;
	name->pid = number > PID_MOST ? 0 : (pid_t)number;
	return 0;
}

/* The id of a container, to which ",user=UID" may be added. */
static int
parse_id(const char *text, enum manager manager, struct ns_name *name)
{
	static const char user[] = ",user=";
	const char *comma = strstr(text, user);
	uint64_t uid;

	name->form = NS_CONTAINER;
	name->manager = manager;
	name->text = xasprintf("%.*s", (int)strcspn(text, ","), text);
	if (comma != NULL) {
		if (num_range(comma + strlen(user), 0, UINT32_MAX, &uid) < 0)
			return -1;
		name->has_user = true;
		name->user = uid;
	}
	return (comma != NULL || strchr(text, ',') == NULL) && is_id(name->text) ? 0 : -1;
}

static int
parse_word(
	const char *text, enum ns_form form, enum manager manager, struct ns_name *name)
{
	name->form = form;
	name->manager = manager;
	name->text = xstrdup(text);
	return *text != '\0' ? 0 : -1;
}

/* MANAGER:NAME, as ipctool prints it, or MANAGER://ID, as kubectl does. */
static int
parse_container(const char *text, struct ns_name *name)
{
	static const struct {
		const char *start;
		enum manager manager;
	} urls[] = {
		{ "docker://", MANAGER_DOCKER },
		{ "containerd://", MANAGER_CONTAINERD },
		{ "cri-o://", MANAGER_CRIO },
	};
	const char *colon = strchr(text, ':');
	enum manager manager;

	for (size_t i = 0; i < ARRAY_SIZE(urls); i++)
		if (strncmp(text, urls[i].start, strlen(urls[i].start)) == 0)
			return parse_id(
				text + strlen(urls[i].start), urls[i].manager, name);
	if (colon == NULL)
		return parse_id(text, MANAGER_NONE, name);
	if (colon - text == 3 && strncmp(text, "pod", 3) == 0)
		return parse_word(colon + 1, NS_POD, MANAGER_NONE, name);
	manager = container_manager(text, colon - text);
	if (manager == MANAGER_NONE || manager == MANAGER_UNIT)
		return -1;
	return container_has_id(manager)
		? parse_id(colon + 1, manager, name)
		: parse_word(colon + 1, NS_CONTAINER, manager, name);
}

/* The column CONTAINER shows units too, so that they are copied from there. */
static void
put_invalid(const char *text, struct buf *cause)
{
	if (container_manager(text, strcspn(text, ":")) == MANAGER_UNIT)
		buf_printf(cause,
			"'%s': a unit is not a namespace; name the PID of one of its "
			"processes",
			text);
	else
		buf_printf(cause,
			"'%s': not a namespace; expected a PID, an inode number, "
			"INODE.ID, host, a path, or a container by %d or more digits of "
			"its ID",
			text, ID_LEAST);
}

int
ns_name_parse(const char *text, struct ns_name *name, struct buf *cause)
{
	int rc;

	*name = (struct ns_name){ 0 };
	if (*text == '/' || *text == '.')
		rc = parse_word(text, NS_PATH, MANAGER_NONE, name);
	else if (strcmp(text, "host") == 0) {
		*name = (struct ns_name){ .form = NS_INODE, .inode = NS_INITIAL };
		rc = 0;
	} else if (text[strspn(text, "0123456789.")] == '\0')
		rc = parse_inode(text, name);
	else
		rc = parse_container(text, name);
	if (rc < 0)
		put_invalid(text, cause);
	return rc;
}

void
ns_name_free(struct ns_name *name)
{
	free(name->text);
	name->text = NULL;
}

/* --- Finding ------------------------------------------------------------------------ */

/* Appends that what was not found may be among what could not be examined. */
static enum ns_found
put_missing(const struct namespaces *all, struct buf *cause)
{
	if (all->unexamined > 0)
		buf_printf(cause, "; %zu process%s could not be examined%s",
			all->unexamined, all->unexamined == 1 ? "" : "es",
			access_is_root() ? "" : ", run as root");
	else if (all->is_hidden)
		buf_printf(cause, "; /proc hides processes of other users (hidepid)%s",
			access_is_root() ? "" : ", run as root");
	return NS_MISSING;
}

/* Whether a process that /proc does not show may exist. */
static bool
may_be_hidden(pid_t pid)
{
	/* A pid of /proc may belong to another PID namespace than those of kill(2). */
	return proc_hides() && (!proc_are_ours() || proc_is_alive(pid) != 0);
}

static enum ns_found
find_by_file(const struct ns_name *name, const char *text, struct namespaces *all,
	size_t *place, struct buf *cause)
{
	char path[PROC_PATH];
	bool is_process = name->form == NS_PID;

	proc_path(path, name->pid, name->pid, "ns/ipc");
	if (namespaces_add_path(all, is_process ? path : name->text, place) == 0)
		return NS_FOUND;
	if (all->is_full) {
		buf_printf(cause,
			"'%s': cannot be kept open: %s; raise the limit "
			"(ulimit -n)",
			text, strerror(errno));
		return NS_REFUSED;
	}
	if (is_process && proc_has_left(errno)) {
		if (may_be_hidden(name->pid)) {
			buf_printf(cause,
				"process %d cannot be examined: /proc hides processes "
				"of other users (hidepid)%s",
				(int)name->pid, access_hint());
			return NS_REFUSED;
		}
		buf_printf(cause, "process %d does not exist", (int)name->pid);
		return NS_MISSING;
	}
	if (errno == EMEDIUMTYPE)
		buf_printf(cause, "'%s': not an IPC namespace", text);
	else if (is_process)
		buf_printf(cause, "process %d cannot be examined: %s%s", (int)name->pid,
			strerror(errno), access_hint());
	else
		buf_printf(cause, "cannot open '%s': %s", text, strerror(errno));
	return errno == ENOENT || errno == ENOTDIR ? NS_MISSING : NS_REFUSED;
}

static void
put_subject(const char *subject, struct buf *cause)
{
	if (subject != NULL)
		buf_printf(cause, "%s: ", subject);
}

static enum ns_found
find_by_inode(const struct ns_name *name, const char *text, const char *subject,
	struct namespaces *all, size_t *place, struct buf *cause)
{
	const struct namespace *ns = namespaces_with(all, name->inode);
	bool has_ids = all->own == SIZE_MAX || all->list[all->own].file.has_id;

	if (name->has_id && !has_ids) {
		buf_printf(cause,
			"'%s': this kernel has no namespace ids; use the inode number",
			text);
		return NS_REFUSED;
	}
	if (ns == NULL && !name->has_id) {
		buf_printf(cause, "no IPC namespace has the inode number %ju",
			(uintmax_t)name->inode);
		return put_missing(all, cause);
	}
	if (ns == NULL) {
		put_subject(subject, cause);
		buf_str(cause,
			all->unexamined > 0 || all->is_hidden
				? "the namespace cannot be found"
				: "the namespace is gone");
		return put_missing(all, cause);
	}
	if (name->has_id && ns->error != 0) {
		put_subject(subject, cause);
		buf_printf(cause, "cannot be examined: %s%s", strerror(ns->error),
			access_hint());
		return NS_REFUSED;
	}
	if (name->has_id && ns->file.id != name->id) {
		put_subject(subject, cause);
		buf_str(cause, "the namespace is gone; ");
		ns_file_put(&ns->file, cause);
		buf_str(cause, " has its inode number now");
		return NS_MISSING;
	}
	*place = ns - all->list;
	return NS_FOUND;
}

/* The namespaces whose containers match. */
struct matches {
	size_t *places;
	size_t count;
	struct buf text; /* what matches where, for a message */
};

static void
add_match(struct matches *m, const struct namespaces *all, size_t place,
	const struct container *c)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->places[i] == place)
			return;
	m->places = xgrow(m->places, m->count, sizeof *m->places);
	m->places[m->count++] = place;
	buf_str(&m->text, m->count > 1 ? ", " : "");
	container_put(c, true, &m->text);
	buf_str(&m->text, " (");
	ns_file_put(&all->list[place].file, &m->text);
	buf_char(&m->text, ')');
}

static void
end_matches(struct matches *m)
{
	free(m->places);
	buf_free(&m->text);
}

static bool
is_match(const struct ns_name *name, const struct container *c)
{
	if (name->form == NS_POD)
		return strcmp(c->pod, name->text) == 0;
	if (name->manager != MANAGER_NONE && c->manager != name->manager)
		return false;
	if (name->has_user && (!c->is_of_user || c->user != name->user))
		return false;
	return container_has_id(c->manager)
		? strncmp(c->name, name->text, strlen(name->text)) == 0
		: name->manager != MANAGER_NONE && strcmp(c->name, name->text) == 0;
}

/* Appends that nothing matches: "no container matches '3f2a9c'". */
static void
put_no_match(const struct ns_name *name, struct buf *cause)
{
	if (name->form == NS_POD)
		buf_printf(cause, "no pod has the UID '%s'", name->text);
	else
		buf_printf(cause, "no %s matches '%s'",
			name->manager == MANAGER_LXC               ? "LXC container"
				: name->manager == MANAGER_MACHINE ? "machine"
								   : "container",
			name->text);
}

/*
 * Whether a process that is in the cgroup of a container is inside it.  If it is not
 * where it was when the list was made, its pid may be that of another one.  And what
 * starts a container puts its process into the cgroup first: such a one is in the IPC
 * namespace and in the mount namespace of ipctool, unless ipctool is inside the
 * container, too.
 * 1, 0, or -1 with errno.
 */
static int
is_inside(const struct ns_name *name, const struct namespaces *all,
	const struct ns_member *member)
{
	char path[PROC_PATH];
	struct container ours;
	struct stat its, own;

	proc_path(path, member->pid, member->pid, "ns/ipc");
	if (stat(path, &its) < 0)
		return proc_has_left(errno) ? 0 : -1;
	if (its.st_ino != all->list[member->place].file.inode)
		return 0;
	if (member->place != all->own)
		return 1;
	proc_path(path, member->pid, member->pid, "ns/mnt");
	if (stat(path, &its) < 0)
		return proc_has_left(errno) ? 0 : -1;
	if (stat("/proc/self/ns/mnt", &own) < 0)
		return -1;
	return its.st_ino != own.st_ino ||
		(container_read(getpid(), &ours) == 0 && is_match(name, &ours));
}

/* The containers that match a name. */
struct found {
	struct matches sure;
	struct matches others; /* of other users, who can make any name */
	size_t unread; /* processes of which it is unknown whether they match */
	int error; /* errno of one of these */
};

/* The containers of a pod share a namespace, which every process of them shows; the
 * container need not be that of the oldest one. */
static void
find_matches(const struct ns_name *name, const struct namespaces *all, struct found *f)
{
	for (size_t i = 0; i < all->members_count; i++) {
		const struct ns_member *member = &all->members[i];
		struct container c;
		int inside = -1;

		if (container_read(member->pid, &c) == 0)
			inside = is_match(name, &c) ? is_inside(name, all, member) : 0;
		else if (proc_has_left(errno))
			inside = 0;
		if (inside < 0) {
			f->unread++;
			f->error = errno;
		} else if (inside > 0) {
			add_match(c.is_of_user && c.user != getuid() ? &f->others
								     : &f->sure,
				all, member->place, &c);
		}
	}
}

static enum ns_found
find_by_container(const struct ns_name *name, const char *text, bool reads,
	struct namespaces *all, size_t *place, struct buf *cause)
{
	struct found f = { 0 };
	const struct matches *m = &f.sure;
	enum ns_found found = NS_FOUND;

	find_matches(name, all, &f);
	if (f.sure.count == 0 && reads)
		m = &f.others;
	if (m->count > 1) {
		buf_printf(cause, "'%s' is ambiguous: %s", text,
			buf_text((struct buf *)&m->text));
		found = NS_REFUSED;
	} else if (f.unread > 0 && (m->count == 0 || !reads)) {
		/* It may match as well. */
		buf_printf(cause, "'%s': %zu process%s could not be examined: %s", text,
			f.unread, f.unread == 1 ? "" : "es", strerror(f.error));
		found = NS_REFUSED;
	} else if (m->count == 1) {
		*place = m->places[0];
	} else {
		put_no_match(name, cause);
		if (!container_sees_all())
			buf_str(cause, "; ipctool runs in its own cgroup namespace");
		found = put_missing(all, cause);
	}
	end_matches(&f.sure);
	end_matches(&f.others);
	return found;
}

enum ns_found
ns_name_find(const struct ns_name *name, const char *text, const char *subject,
	bool reads, struct namespaces *all, size_t *place, struct buf *cause)
{
	switch (name->form) {
	case NS_PID:
	case NS_PATH:
		return find_by_file(name, text, all, place, cause);
	case NS_INODE:
		return find_by_inode(name, text, subject, all, place, cause);
	case NS_CONTAINER:
	case NS_POD:
		break;
	}
	return find_by_container(name, text, reads, all, place, cause);
}
