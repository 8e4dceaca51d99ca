/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "namespace/enter.h"

#include <errno.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kind/access.h"
#include "lib/names.h"

int
ns_enter(struct namespaces *all, const struct namespace *ns)
{
	size_t place = ns - all->list;

	if (place == all->current)
		return 0;
	errno = ns->error;
	if (ns->error != 0 || setns(ns->file.fd, CLONE_NEWIPC) < 0)
		return -1;
	all->current = place;
	access_moved(false);
	return 0;
}

bool
ns_may_return(const struct namespaces *all)
{
	return all->own != SIZE_MAX && all->current == all->own &&
		setns(all->list[all->own].file.fd, CLONE_NEWIPC) == 0;
}

/* Opens the user namespace that owns an IPC namespace.  -1 if it is ours, or if it is not
 * below ours (ioctl_ns(2): EPERM). */
static int
open_owner(int fd)
{
	int user = ioctl(fd, NS_GET_USERNS);
	struct stat owner, ours;

	if (user < 0)
		return -1;
	if (fstat(user, &owner) == 0 && stat("/proc/self/ns/user", &ours) == 0 &&
		(owner.st_dev != ours.st_dev || owner.st_ino != ours.st_ino))
		return user;
	close(user);
	return -1;
}

bool
ns_has_other_user(const struct namespace *ns)
{
	int user = ns->error == 0 ? open_owner(ns->file.fd) : -1;

	if (user >= 0)
		close(user);
	return user >= 0;
}

int
ns_enter_with_user(struct namespaces *all, const struct namespace *ns)
{
	int user = ns->error == 0 ? open_owner(ns->file.fd) : -1;
	int rc;

	errno = EPERM;
	if (user < 0)
		return -1;
	rc = setns(user, CLONE_NEWUSER);
	close(user);
	if (rc < 0)
		return -1;
	names_use_numbers();
	access_moved(true);
	if (setns(ns->file.fd, CLONE_NEWIPC) < 0)
		return -1;
	all->current = ns - all->list;
	/* Without it only the mounts of the message queues are missing. */
	(void)unshare(CLONE_NEWNS);
	return 0;
}
