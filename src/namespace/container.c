/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "namespace/container.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/num.h"
#include "namespace/find.h"
#include "process/proc.h"

enum { BRIEF = 12 }; /* digits of an id that people see */

static const struct {
	const char *word;
	bool has_id;
} managers[] = {
	[MANAGER_NONE] = { NULL, false },
	[MANAGER_DOCKER] = { "docker", true },
	[MANAGER_PODMAN] = { "podman", true },
	[MANAGER_CONTAINERD] = { "containerd", true },
	[MANAGER_CRIO] = { "crio", true },
	[MANAGER_LXC] = { "lxc", false },
	[MANAGER_MACHINE] = { "machine", false },
	[MANAGER_UNIT] = { "unit", false },
};

/* The names of the scopes of containers, without the id. */
static const struct scope {
	const char *start;
	enum manager manager;
} scopes[] = {
	{ "docker-", MANAGER_DOCKER },
	{ "cri-containerd-", MANAGER_CONTAINERD },
	{ "crio-", MANAGER_CRIO },
};

/* A component of a path. */
struct part {
	const char *text;
	size_t len;
};

/* Moves to the next component.  False at the end of the path. */
static bool
next_part(const char **path, struct part *part)
{
	if (**path != '/')
		return false;
	part->text = *path + 1;
	part->len = strcspn(part->text, "/");
	*path = part->text + part->len;
	return part->len > 0;
}

static bool
part_is(const struct part *part, const char *text)
{
	return part->len == strlen(text) && memcmp(part->text, text, part->len) == 0;
}

/* Whether a component is START...END; the middle is then stored. */
static bool
part_has(const struct part *part, const char *start, const char *end, struct part *middle)
{
	size_t before = strlen(start), after = strlen(end);

	if (part->len <= before + after || memcmp(part->text, start, before) != 0 ||
		memcmp(part->text + part->len - after, end, after) != 0)
		return false;
	*middle = (struct part){ part->text + before, part->len - before - after };
	return true;
}

static void
store_part(const struct part *part, char *to, size_t size)
{
	size_t len = part->len < size ? part->len : size - 1;

	memcpy(to, part->text, len);
	to[len] = '\0';
}

/* Stores the container if the text is an id. */
static bool
take_id(const struct part *id, enum manager manager, struct container *c)
{
	if (id->len != CONTAINER_ID || strspn(id->text, "0123456789abcdef") < id->len)
		return false;
	c->manager = manager;
	store_part(id, c->name, sizeof c->name);
	return true;
}

/* A component START-ID.scope. */
static bool
take_scope(const struct part *part, const char *start, enum manager manager,
	struct container *c)
{
	struct part id;

	return part_has(part, start, ".scope", &id) && take_id(&id, manager, c);
}

/* Stores the UID of a pod.  systemd has _ for its dashes. */
static void
store_pod(const struct part *uid, struct container *c)
{
	store_part(uid, c->pod, sizeof c->pod);
	for (char *p = c->pod; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
}

/* Stores the name of a machine, in which systemd escapes characters as \x2d.  A NUL would
 * make it the name of another machine. */
static void
store_machine(const struct part *name, struct container *c)
{
	const char *p = name->text, *end = p + name->len;
	char *to = c->name;

	while (p < end && to < c->name + sizeof c->name - 1) {
		char digits[3] = { 0 };
		const char *at = digits;
		uint64_t byte;

		if (end - p >= 4 && p[0] == '\\' && p[1] == 'x')
			memcpy(digits, p + 2, 2);
		if (num_scan(&at, 16, UINT8_MAX, &byte) == 0 && at == digits + 2 &&
			byte != 0) {
			*to++ = (char)byte;
			p += 4;
		} else {
			*to++ = *p++;
		}
	}
	*to = '\0';
}

/* --- The forms, each from the component after the first ----------------------------- */

static bool
take_docker(const char *path, struct container *c)
{
	struct part id;

	return next_part(&path, &id) && take_id(&id, MANAGER_DOCKER, c);
}

static bool
take_system(const char *path, struct container *c)
{
	struct part part;

	return next_part(&path, &part) && take_scope(&part, "docker-", MANAGER_DOCKER, c);
}

static bool
take_machine(const char *path, struct container *c)
{
	struct part part, name;

	if (!next_part(&path, &part))
		return false;
	if (take_scope(&part, "libpod-", MANAGER_PODMAN, c))
		return true;
	if (!part_has(&part, "machine-", ".scope", &name))
		return false;
	c->manager = MANAGER_MACHINE;
	store_machine(&name, c);
	return true;
}

/* The slices of systemd: the classes of pods, then the pod, then the container. */
static bool
take_pod_slice(const char *path, struct container *c)
{
	struct part part, name, uid;

	while (next_part(&path, &part)) {
		if (part_has(&part, "kubepods-", ".slice", &name)) {
			const char *at = memmem(name.text, name.len, "pod", 3);

			if (at == NULL || (at > name.text && at[-1] != '-'))
				continue;
			uid.text = at + 3;
			uid.len = name.text + name.len - uid.text;
			store_pod(&uid, c);
			continue;
		}
		for (size_t i = 0; i < ARRAY_SIZE(scopes) && c->pod[0] != '\0'; i++)
			if (take_scope(&part, scopes[i].start, scopes[i].manager, c))
				return true;
		return false;
	}
	return false;
}

/* The same without systemd: the classes are directories. */
static bool
take_pod(const char *path, struct container *c)
{
	struct part part, uid, id;

	if (!next_part(&path, &part))
		return false;
	if ((part_is(&part, "burstable") || part_is(&part, "besteffort")) &&
		!next_part(&path, &part))
		return false;
	if (!part_has(&part, "pod", "", &uid) || !next_part(&path, &part))
		return false;
	if (part_has(&part, "crio-", "", &id) ? !take_id(&id, MANAGER_CRIO, c)
					      : !take_id(&part, MANAGER_CONTAINERD, c))
		return false;
	store_pod(&uid, c);
	return true;
}

/* Below the service of a user, that user can make any name. */
static bool
take_user(const char *path, struct container *c)
{
	struct part part, slice, service;

	if (!next_part(&path, &part) || !part_has(&part, "user-", ".slice", &slice) ||
		!next_part(&path, &part) ||
		!part_has(&part, "user@", ".service", &service) ||
		slice.len != service.len ||
		memcmp(slice.text, service.text, slice.len) != 0)
		return false;
	while (next_part(&path, &part)) {
		const char *p = slice.text;
		uint64_t user;

		if (!take_scope(&part, "libpod-", MANAGER_PODMAN, c) ||
			num_scan(&p, 10, UINT32_MAX, &user) < 0 ||
			p != slice.text + slice.len)
			continue;
		c->is_of_user = true;
		c->user = user;
		return true;
	}
	return false;
}

static const struct form {
	const char *first; /* component */
	bool (*take)(const char *path, struct container *c);
} forms[] = {
	{ "docker", take_docker },
	{ "system.slice", take_system },
	{ "machine.slice", take_machine },
	{ "kubepods.slice", take_pod_slice },
	{ "kubepods", take_pod },
	{ "user.slice", take_user },
};

/* Stores the last component that is a unit. */
static void
take_unit(const char *path, struct container *c)
{
	struct part part, name;

	while (next_part(&path, &part))
		if (part_has(&part, "", ".service", &name) ||
			part_has(&part, "", ".scope", &name)) {
			c->manager = MANAGER_UNIT;
			store_part(&part, c->name, sizeof c->name);
		}
}

void
container_parse(const char *path, struct container *c)
{
	const char *rest = path;
	struct part first, name;

	*c = (struct container){ 0 };
	if (!next_part(&rest, &first))
		return;
	if (part_has(&first, "lxc.payload.", "", &name)) {
		c->manager = MANAGER_LXC;
		store_part(&name, c->name, sizeof c->name);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (part_is(&first, forms[i].first) && forms[i].take(rest, c))
			return;
	*c = (struct container){ 0 };
	take_unit(path, c);
}

/* --- The file ----------------------------------------------------------------------- */

/* A line, "ID:CONTROLLERS:PATH". */
struct cgroup_line {
	const char *names;
	size_t names_len;
	const char *path;
	size_t path_len;
};

static bool
next_cgroup(const char **at, struct cgroup_line *line)
{
	const char *end = strchrnul(*at, '\n');
	const char *names = strchr(*at, ':');
	const char *path = names == NULL ? NULL : strchr(names + 1, ':');

	if (path == NULL || path > end)
		return false;
	line->names = names + 1;
	line->names_len = path - line->names;
	line->path = path + 1;
	line->path_len = end - line->path;
	*at = end + (*end == '\n');
	return true;
}

void
container_parse_all(const char *text, struct container *c)
{
	static const char systemd[] = "name=systemd";
	struct cgroup_line line, best = { 0 };
	int best_rank = 0;
	struct buf path = { 0 };

	while (next_cgroup(&text, &line)) {
		int rank = 1;

		if (line.path_len <= 1)
			continue;
		if (line.names_len == 0)
			rank = 3;
		else if (line.names_len == strlen(systemd) &&
			memcmp(line.names, systemd, line.names_len) == 0)
			rank = 2;
		if (rank < best_rank ||
			(rank == best_rank && line.path_len <= best.path_len))
			continue;
		best_rank = rank;
		best = line;
	}
	if (best_rank > 0)
		buf_add(&path, best.path, best.path_len);
	container_parse(buf_text(&path), c);
	buf_free(&path);
}

int
container_read(pid_t pid, struct container *c)
{
	struct buf text = { 0 };
	char path[PROC_PATH];
	int rc;

	proc_path(path, pid, pid, "cgroup");
	rc = file_read_all(path, &text);
	if (rc == 0)
		container_parse_all(buf_text(&text), c);
	buf_free(&text);
	return rc;
}

bool
container_sees_all(void)
{
	enum { PROC_CGROUP_INIT_INO = 0xeffffffb }; /* include/linux/proc_ns.h */
	struct stat st;

	if (stat("/proc/self/ns/cgroup", &st) < 0)
		return errno == ENOENT;
	return st.st_ino == PROC_CGROUP_INIT_INO;
}

int
container_of_namespace(const struct namespace *ns, struct container *c)
{
	*c = (struct container){ 0 };
	if (ns->nprocs == 0 || ns->file.inode == NS_INITIAL)
		return 0;
	errno = 0;
	/* Only paths from the root of the cgroup file system tell it. */
	if (!container_sees_all())
		return -1;
	return container_read(ns->pid, c) < 0 && !proc_has_left(errno) ? -1 : 0;
}

/* --- Text --------------------------------------------------------------------------- */

const char *
container_word(enum manager manager)
{
	return managers[manager].word;
}

bool
container_has_id(enum manager manager)
{
	return managers[manager].has_id;
}

enum manager
container_manager(const char *word, size_t len)
{
	for (size_t i = MANAGER_DOCKER; i < ARRAY_SIZE(managers); i++)
		if (strlen(managers[i].word) == len &&
			memcmp(managers[i].word, word, len) == 0)
			return i;
	return MANAGER_NONE;
}

void
container_put(const struct container *c, bool brief, struct buf *b)
{
	const char *name = c->name;
	size_t len = strlen(name);

	buf_printf(b, "%s:", container_word(c->manager));
	buf_add(b, name, brief && container_has_id(c->manager) ? BRIEF : len);
	if (c->is_of_user)
		buf_printf(b, ",user=%" PRIu32, (uint32_t)c->user);
}

bool
container_put_of(ino_t inode, const struct container *c, bool brief, struct buf *b)
{
	if (inode == NS_INITIAL)
		buf_str(b, "host");
	else if (c->manager != MANAGER_NONE)
		container_put(c, brief, b);
	return inode == NS_INITIAL || c->manager != MANAGER_NONE;
}
