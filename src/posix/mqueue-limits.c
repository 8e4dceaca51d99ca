/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits on message queues, mq_overview(7) and RLIMIT_MSGQUEUE of getrlimit(2). */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>

#include "kind/limit.h"
#include "lib/array.h"
#include "lib/file.h"
#include "posix/dir.h"

enum {
	L_QUEUES_MAX,
	L_MSG_MAX,
	L_MSGSIZE_MAX,
	L_MSG_DEFAULT,
	L_MSGSIZE_DEFAULT,
	L_RLIMIT,
};

/* The sysctl is an int. */
static struct limit_most
most_queues(uint64_t limit)
{
	(void)limit;
	return (struct limit_most){ INT_MAX, NULL };
}

const struct limit posix_queue_limits[] = {
	[L_QUEUES_MAX] = { "PMSG_QUEUES_MAX", "POSIX message queues",
		"fs.mqueue.queues_max", 0, LIMIT_OBJECTS, .counted = true,
		.most = most_queues },
	[L_MSG_MAX] = { "PMSG_MSG_MAX", "messages of a queue", "fs.mqueue.msg_max", 0,
		LIMIT_OTHER },
	[L_MSGSIZE_MAX] = { "PMSG_MSGSIZE_MAX", "bytes of a message",
		"fs.mqueue.msgsize_max", 0, LIMIT_OTHER, .bytes = true },
	[L_MSG_DEFAULT] = { "PMSG_MSG_DEFAULT", "messages of a queue, by default",
		"fs.mqueue.msg_default", 0, LIMIT_OTHER },
	[L_MSGSIZE_DEFAULT] = { "PMSG_MSGSIZE_DEFAULT", "bytes of a message, by default",
		"fs.mqueue.msgsize_default", 0, LIMIT_OTHER, .bytes = true },
	/* Each process has its own limit, and the kernel counts by the creator. */
	[L_RLIMIT] = { "RLIMIT_MSGQUEUE", "bytes of the queues of a user", NULL, 0,
		LIMIT_TOTAL, .bytes = true, .at_least = true, .fact = FACT_CHARGE },
	{ 0 },
};

static int
read_sysctls(struct limit *l)
{
	static const char *const paths[] = {
		[L_QUEUES_MAX] = MQUEUE_SYSCTLS "queues_max",
		[L_MSG_MAX] = MQUEUE_SYSCTLS "msg_max",
		[L_MSGSIZE_MAX] = MQUEUE_SYSCTLS "msgsize_max",
		[L_MSG_DEFAULT] = MQUEUE_SYSCTLS "msg_default",
		[L_MSGSIZE_DEFAULT] = MQUEUE_SYSCTLS "msgsize_default",
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (file_number(paths[i], &l[i].limit) < 0)
			return -1;
	return 0;
}

/* Counts the queues that have names.  0, or -1 with errno. */
static int
count_queues(const struct posix_dir *dir, uint64_t *count)
{
	int fd = openat(dir->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int error;

	*count = 0;
	if (stream == NULL)
		return -1;
	while (errno = 0, (entry = readdir(stream)) != NULL)
		*count += strcmp(entry->d_name, ".") != 0 &&
			strcmp(entry->d_name, "..") != 0;
	error = errno;
	closedir(stream);
	errno = error;
	return error == 0 ? 0 : -1;
}

int
posix_queue_read_limits(struct limit *l, struct buf *cause)
{
	struct posix_dir dir;
	struct rlimit bytes;

	if (mqueue_dir_open(&dir, NULL, cause) < 0)
		return SOURCE_UNUSABLE;
	if (count_queues(&dir, &l[L_QUEUES_MAX].used) < 0)
		l[L_QUEUES_MAX].unread = errno;
	posix_dir_close(&dir);
	if (read_sysctls(l) < 0 || getrlimit(RLIMIT_MSGQUEUE, &bytes) < 0)
		return -1;
	l[L_RLIMIT].limit = bytes.rlim_cur == RLIM_INFINITY ? UINT64_MAX : bytes.rlim_cur;
	return 0;
}
