/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "posix/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/fsuid.h>
#include <time.h>
#include <unistd.h>

#include "kind/access.h"
#include "lib/file.h"

enum { TRIES = 4, PAUSE_NS = 5 * 1000 * 1000 };

/* A process that opens the file makes the kernel send SIGIO to the holder of the lease,
 * which would end it. */
static void
ignore_sigio(void)
{
	static bool is_ignored;

	if (!is_ignored)
		signal(SIGIO, SIG_IGN);
	is_ignored = true;
}

/* Why the kernel gives no answer, by the errno of fcntl(2). */
static enum used
from_refusal(int error)
{
	uint64_t enabled;

	if (error == EAGAIN)
		return USED_YES;
	if (error == EACCES)
		return USED_DENIED;
	if (error == EINVAL && file_number("/proc/sys/fs/leases-enable", &enabled) == 0 &&
		enabled == 0)
		return USED_DISABLED;
	return USED_NO_LEASES;
}

/* Asks for the lease as the owner of the file, which needs no capability for leases: root
 * in a container lacks that.  Returns the result of fcntl(2). */
static int
ask_as_owner(struct lease *l, uid_t owner)
{
	l->as_owner = true;
	l->fsuid = setfsuid(owner);
	if ((uid_t)setfsuid(-1) == owner)
		return fcntl(l->fd, F_SETLEASE, F_WRLCK);
	errno = EACCES;
	return -1;
}

static void
block_signals(struct lease *l)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &l->signals);
}

/* Asks once.  Ends the lease if it is refused. */
static enum used
ask_once(struct lease *l, const struct posix_dir *dir, const struct object *o)
{
	bool may_become_owner = access_has_here(CAP_SETUID);
	int error = 0;

	*l = (struct lease){ .fd = posix_open(dir, o) };
	if (l->fd < 0 && errno == EAGAIN)
		return USED_YES;
	if (l->fd < 0)
		return USED_UNOPENED + errno;
	block_signals(l);
	if (fcntl(l->fd, F_SETLEASE, F_WRLCK) == 0)
		return USED_NO;
	error = errno;
	if (error == EACCES && may_become_owner) {
		if (ask_as_owner(l, o->fact[FACT_UID]) == 0)
			return USED_NO;
		error = errno;
	}
	lease_end(l);
	return from_refusal(error);
}

enum used
lease_take(struct lease *l, const struct posix_dir *dir, const struct object *o,
	bool patient)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	enum used used;

	ignore_sigio();
	for (int tries = 1;; tries++) {
		used = ask_once(l, dir, o);
		if (used != USED_YES || !patient || tries == TRIES)
			break;
		nanosleep(&pause, NULL);
	}
	/* Whether another user's file can be opened does not matter: only its owner may
	 * have a lease. */
	if (used == USED_UNOPENED + EACCES && o->fact[FACT_UID] != geteuid() &&
		!access_has_here(CAP_LEASE) && !access_has_here(CAP_SETUID))
		return USED_DENIED;
	return used;
}

void
lease_end(struct lease *l)
{
	if (l->fd < 0)
		return;
	close(l->fd);
	l->fd = -1;
	if (l->as_owner)
		setfsuid(l->fsuid);
	sigprocmask(SIG_SETMASK, &l->signals, NULL);
}

bool
lease_holds(const struct lease *l)
{
	return fcntl(l->fd, F_GETLEASE) == F_WRLCK;
}
