/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creating a message queue.  Only mq_open(3) can give it its limits: a file that open(2)
 * makes in the directory has the default ones, and nothing can change them.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <mqueue.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kind/access.h"
#include "kind/ipcns.h"
#include "kind/limit.h"
#include "lib/file.h"
#include "lib/names.h"
#include "lib/xalloc.h"
#include "posix/dir.h"
#include "posix/name.h"

/* What a queue is limited in, mq_getattr(3). */
static const struct bound {
	const char *name;
	const char *sysctl_default, *sysctl_most;
	uint64_t most; /* with CAP_SYS_RESOURCE: include/linux/ipc_namespace.h */
} maxmsg = { "maxmsg", "msg_default", "msg_max", 65536 },
  msgsize = { "msgsize", "msgsize_default", "msgsize_max", 1 << 24 };

static int
read_sysctl(const char *name, uint64_t *number)
{
	char *path = xasprintf(MQUEUE_SYSCTLS "%s", name);
	int rc = file_number(path, number);

	free(path);
	return rc;
}

/* Stores what is asked for, or what the kernel takes if nothing is.  0, or -1 with the
 * cause. */
static int
choose(const struct bound *bound, uint64_t asked, long *chosen, struct buf *cause)
{
	uint64_t usual, most;

	if (asked != 0) {
		*chosen = asked > LONG_MAX ? LONG_MAX : (long)asked;
		return 0;
	}
	if (read_sysctl(bound->sysctl_default, &usual) == 0 &&
		read_sysctl(bound->sysctl_most, &most) == 0) {
		*chosen = (long)(usual < most ? usual : most);
		return 0;
	}
	buf_printf(cause, "cannot read '" MQUEUE_SYSCTLS "%s': %s", bound->sysctl_default,
		strerror(errno));
	errno = EINVAL;
	return -1;
}

/* Whether a number is the reason why the kernel refuses the queue. */
static bool
put_beyond(const struct bound *bound, uint64_t asked, struct buf *cause)
{
	uint64_t most;

	if (access_has_everywhere(CAP_SYS_RESOURCE)) {
		if (asked <= bound->most)
			return false;
		buf_printf(cause,
			"%s %" PRIu64 " is larger than %" PRIu64
			", the most that the kernel allows",
			bound->name, asked, bound->most);
		return true;
	}
	if (read_sysctl(bound->sysctl_most, &most) < 0 || asked <= most)
		return false;
	buf_printf(cause, "%s %" PRIu64 " is larger than fs.mqueue.%s (%" PRIu64 ")",
		bound->name, asked, bound->sysctl_most, most);
	return true;
}

/* The bytes of all queues of a user that are known to count. */
static uint64_t
charged(const struct kind *kind, uid_t uid)
{
	const struct source_options options = { 0 };
	struct buf cause = { 0 };
	struct source *source =
		source_open(kind, FACT(UID) | FACT(CHARGE), &options, NULL, &cause);
	uint64_t bytes = 0;
	struct object o;

	while (source != NULL && source_next(source, &o) == 1)
		if (object_has(&o, FACT(CHARGE)) && o.fact[FACT_UID] == uid)
			bytes += o.fact[FACT_CHARGE];
	if (source != NULL)
		source_close(source);
	buf_free(&cause);
	return bytes;
}

/* The reason of EMFILE, if it is not the limit of open files. */
static bool
put_charge(const struct kind *kind, int fd, const struct mq_attr *attr, struct buf *cause)
{
	int spare = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	struct rlimit most;

	if (spare < 0)
		return false;
	close(spare);
	if (getrlimit(RLIMIT_MSGQUEUE, &most) < 0 || most.rlim_cur == RLIM_INFINITY)
		return false;
	buf_printf(cause, "the queues of user %s use at least ", names_user(getuid()));
	buf_size(cause, charged(kind, getuid()));
	buf_str(cause, " of ");
	buf_size(cause, most.rlim_cur);
	buf_str(cause, " (RLIMIT_MSGQUEUE), and this one needs ");
	buf_size(cause, posix_queue_charge(attr->mq_maxmsg, attr->mq_msgsize));
	buf_str(cause, "; remove a queue or raise the limit");
	return true;
}

/* The reason of ENOSPC. */
static bool
put_count(const struct kind *kind, struct buf *cause)
{
	struct limit limits[LIMITS_MAX];
	int count = limits_of(kind, limits, NULL);

	for (int i = 0; i < count; i++) {
		if (limits[i].role != LIMIT_OBJECTS)
			continue;
		buf_printf(cause, "%" PRIu64 " of %" PRIu64 " queues exist (%s)",
			limits[i].used, limits[i].limit, limits[i].sysctl);
		if (limits[i].used < limits[i].limit)
			buf_str(cause, ", and others without a name are still open");
		return true;
	}
	return false;
}

/* Appends why the kernel makes no queue. */
static void
put_unmade(const struct kind *kind, const struct creation *what, int fd,
	const struct mq_attr *attr, int error, struct buf *cause)
{
	bool known = false;

	if (error == EEXIST) {
		buf_str(cause, POSIX_EXISTS);
		known = true;
	} else if (error == EINVAL) {
		known = put_beyond(&maxmsg, what->maxmsg, cause) ||
			put_beyond(&msgsize, what->msgsize, cause);
	} else if (error == EMFILE) {
		known = put_charge(kind, fd, attr, cause);
	} else if (error == ENOSPC) {
		known = put_count(kind, cause);
	}
	if (!known)
		buf_printf(cause, "cannot create a queue: %s", strerror(error));
}

/* The descriptor of a new queue with mode 0600, or -1 with errno. */
static mqd_t
make_queue(const char *name, struct mq_attr *attr)
{
	mode_t mask = umask(0);
	mqd_t queue = mq_open(name, O_RDONLY | O_CREAT | O_EXCL, 0600, attr);
	int error = errno;

	umask(mask);
	errno = error;
	return queue;
}

/* Makes the queue, whose name for mq_open(3) is given, and stores its facts.  Between the
 * two no memory is allocated. */
static int
create_queue(const struct kind *kind, const struct creation *what, const char *name,
	int dir, struct object *o, struct buf *cause)
{
	struct mq_attr attr = { 0 };
	mqd_t queue;
	mode_t type;
	int error, rc;

	if (choose(&maxmsg, what->maxmsg, &attr.mq_maxmsg, cause) < 0 ||
		choose(&msgsize, what->msgsize, &attr.mq_msgsize, cause) < 0)
		return -1;
	queue = make_queue(name, &attr);
	if (queue < 0) {
		error = errno;
		put_unmade(kind, what, dir, &attr, error, cause);
		errno = error;
		return -1;
	}
	*o = (struct object){
		.kind = kind,
		.ns = ipcns_now(),
		.label = what->label,
	};
	rc = posix_read_file(queue, "", false, 0, o, &type);
	error = errno;
	mq_close(queue);
	if (rc == 1)
		return 0;
	/* Without its inode it cannot be told from another queue. */
	buf_printf(cause, "was created, but cannot be read and was not removed again: %s",
		strerror(error));
	errno = error;
	return -1;
}

int
posix_queue_create(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause)
{
	struct posix_dir dir;
	char *name;
	int error;
	/* Where the queue could be neither listed nor removed, none is made. */
	int rc = mqueue_dir_open(&dir, NULL, cause);

	if (rc < 0)
		return rc;
	name = xasprintf("/%s", posix_file(what->label));
	rc = create_queue(kind, what, name, dir.fd, o, cause);
	error = errno;
	free(name);
	posix_dir_close(&dir);
	errno = error;
	return rc;
}
