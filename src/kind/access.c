/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/access.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kind/kind.h"
#include "lib/file.h"
#include "lib/xalloc.h"

/* What does not change while ipctool is in its namespaces, and is asked for each object:
 * access_moved() forgets it. */
static struct {
	bool has_capabilities;
	struct __user_cap_data_struct capabilities[_LINUX_CAPABILITY_U32S_3];
	bool has_ours;
	int ours; /* namespace_is_ours() */
	bool has_uid;
	uid_t uid;
	bool nobody; /* our uid is not mapped */
} known;

static bool has_left; /* the user namespace that ipctool started in */

void
access_moved(bool user)
{
	memset(&known, 0, sizeof known);
	has_left |= user;
}

bool
access_is_root(void)
{
	return !has_left && geteuid() == 0;
}

const char *
access_hint(void)
{
	return access_is_root() ? "" : "; run as root";
}

bool
access_has_here(unsigned capability)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };

	if (!known.has_capabilities &&
		syscall(SYS_capget, &header, known.capabilities) < 0)
		return false;
	known.has_capabilities = true;
	return known.capabilities[capability / 32].effective & (1u << capability % 32);
}

/*
 * Whether our capabilities are valid in our IPC namespace.  They are not if it belongs to
 * a user namespace above ours (ioctl_ns(2): EPERM), as in a container that shares the
 * host's.  1, 0, or -1 if that cannot be determined.
 */
static int
namespace_is_ours(void)
{
	int fd = open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC);
	int rc = 1;
	int user;

	/* The kernel has no namespaces, or there is no /proc. */
	if (fd < 0)
		return errno == ENOENT ? 1 : -1;
	user = ioctl(fd, NS_GET_USERNS);
	if (user >= 0)
		close(user);
	else if (errno == EPERM)
		rc = 0;
	else if (errno != ENOTTY) /* Linux before 4.9 lacks it */
		rc = -1;
	close(fd);
	return rc;
}

bool
access_has(unsigned capability)
{
	if (!access_has_here(capability))
		return false;
	if (!known.has_ours) {
		known.ours = namespace_is_ours();
		known.has_ours = known.ours >= 0;
	}
	return known.ours > 0;
}

bool
access_has_over_processes(unsigned capability)
{
	return !has_left && access_has(capability);
}

bool
access_has_everywhere(unsigned capability)
{
	enum { PROC_USER_INIT_INO = 0xeffffffd }; /* include/linux/proc_ns.h */
	struct stat st;

	return access_has_here(capability) && stat("/proc/self/ns/user", &st) == 0 &&
		st.st_ino == PROC_USER_INIT_INO;
}

/* Whether the map of a user namespace omits ids, and this id is the overflow id. */
static bool
is_unmapped(uint32_t id, const char *map, const char *overflow)
{
	enum { DEFAULT = 65534 }; /* DEFAULT_OVERFLOWUID of linux/highuid.h */
	char text[256];
	uint64_t unmapped;

	if (file_number(overflow, &unmapped) < 0)
		unmapped = DEFAULT;
	if (id != unmapped)
		return false;
	/* A kernel without user namespaces has no map.  A map that cannot be read may
	 * omit ids. */
	if (file_read(map, text, sizeof text) < 0)
		return errno != ENOENT || access("/proc/self", F_OK) < 0;
	/* A map that was not written yet is empty. */
	return strstr(text, " 4294967295\n") == NULL;
}

bool
access_sees_unmapped_user(uid_t uid)
{
	return is_unmapped(uid, "/proc/self/uid_map", "/proc/sys/kernel/overflowuid");
}

bool
access_sees_unmapped_group(gid_t gid)
{
	return is_unmapped(gid, "/proc/self/gid_map", "/proc/sys/kernel/overflowgid");
}

bool
access_is_ours(const struct object *o)
{
	if (!known.has_uid) {
		known.uid = geteuid();
		known.nobody = access_sees_unmapped_user(known.uid);
		known.has_uid = true;
	}
	return !known.nobody &&
		(known.uid == o->fact[FACT_UID] || known.uid == o->fact[FACT_CUID]);
}

bool
access_may_change(const struct object *o)
{
	return o->kind->may_change != NULL && o->kind->may_change(o);
}

bool
access_may_remove(const struct object *o)
{
	return o->kind->may_remove != NULL && o->kind->may_remove(o);
}

bool
access_may_give(const struct object *old, const struct object *wanted)
{
	return old->kind->may_give == NULL || old->kind->may_give(old, wanted);
}

bool
access_in_group(gid_t gid)
{
	int count = getgroups(0, NULL);
	gid_t *groups;
	bool found = getegid() == gid;

	if (count <= 0)
		return found;
	groups = xcalloc(count, sizeof *groups);
	count = getgroups(count, groups);
	for (int i = 0; i < count; i++)
		found |= groups[i] == gid;
	free(groups);
	return found;
}

enum access_class
access_class(const struct object *o)
{
	if (access_is_ours(o))
		return ACCESS_OWNER;
	if (access_in_group(o->fact[FACT_GID]) || access_in_group(o->fact[FACT_CGID]))
		return ACCESS_GROUP;
	return ACCESS_OTHER;
}

bool
access_is_allowed(const struct object *o, unsigned wanted)
{
	unsigned mode = o->fact[FACT_MODE] >> access_class(o);

	return (wanted & ~mode & 07) == 0 || access_has(CAP_IPC_OWNER);
}
