/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message queues, mq_overview(7). */

#include <errno.h>
#include <inttypes.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/num.h"
#include "posix/dir.h"
#include "posix/name.h"

/* What mq_getattr(3) tells, and what the text of the file tells. */
#define ATTRIBUTES \
	(FACT(QNUM) | FACT(QBYTES) | FACT(MAXMSG) | FACT(MSGSIZE) | FACT(CHARGE))
#define STATUS (FACT(SIZE) | FACT(NOTIFY) | FACT(SIGNO) | FACT(NOTIFY_PID))

/* Besides the messages, a struct msg_msg of 48 bytes for each, and a node of a tree of 48
 * bytes for each priority that can be in use (ipc/mqueue.c). */
uint64_t
posix_queue_charge(uint64_t maxmsg, uint64_t msgsize)
{
	enum { MESSAGE = 48, NODE = 48, PRIORITIES = 32768 };
	uint64_t nodes = maxmsg < PRIORITIES ? maxmsg : PRIORITIES;

	return maxmsg * MESSAGE + nodes * NODE + maxmsg * msgsize;
}

static void
read_attributes(int fd, struct object *o)
{
	struct mq_attr attr;

	if (mq_getattr(fd, &attr) < 0)
		return;
	object_set(o, FACT_QNUM, attr.mq_curmsgs);
	object_set(o, FACT_MAXMSG, attr.mq_maxmsg);
	object_set(o, FACT_MSGSIZE, attr.mq_msgsize);
	object_set(o, FACT_QBYTES, (uint64_t)attr.mq_maxmsg * attr.mq_msgsize);
	object_set(o, FACT_CHARGE, posix_queue_charge(attr.mq_maxmsg, attr.mq_msgsize));
}

/* The number after a label in "QSIZE:5  NOTIFY:0  SIGNO:10  NOTIFY_PID:16".  0, or -1. */
static int
number_after(const char *text, const char *label, uint64_t *number)
{
	const char *p = strstr(text, label);

	if (p == NULL)
		return -1;
	p += strlen(label);
	return num_scan(&p, 10, UINT64_MAX, number);
}

/* The file tells the form of a notification also if there is none: only the process tells
 * that there is one. */
static enum notify
notify_of(uint64_t form, uint64_t pid)
{
	if (pid == 0)
		return NOTIFY_NONE;
	switch (form) {
	case SIGEV_SIGNAL:
		return NOTIFY_SIGNAL;
	case SIGEV_THREAD:
		return NOTIFY_THREAD;
	default:
		return NOTIFY_NONE;
	}
}

/* Reading moves the access time and the change time, which are not offered. */
static void
read_status(int fd, struct object *o)
{
	uint64_t size, form, signo, pid;
	char text[256];
	ssize_t len = read(fd, text, sizeof text - 1);

	if (len < 0)
		return;
	text[len] = '\0';
	if (number_after(text, "QSIZE:", &size) < 0 ||
		number_after(text, " NOTIFY:", &form) < 0 ||
		number_after(text, " SIGNO:", &signo) < 0 ||
		number_after(text, " NOTIFY_PID:", &pid) < 0)
		return;
	object_set(o, FACT_SIZE, size);
	object_set(o, FACT_NOTIFY, notify_of(form, pid));
	object_set(o, FACT_SIGNO, pid == 0 ? 0 : signo);
	object_set(o, FACT_NOTIFY_PID, pid);
}

static void
read_contents(
	const struct posix_dir *dir, const char *file, facts_t wanted, struct object *o)
{
	int fd;

	/* That of stat(2) is the size of the text. */
	o->have &= ~FACT(SIZE);
	if (!(wanted & (ATTRIBUTES | STATUS)))
		return;
	fd = posix_open_file(dir, file, o);
	if (fd < 0)
		return;
	if (wanted & ATTRIBUTES)
		read_attributes(fd, o);
	if (wanted & STATUS)
		read_status(fd, o);
	close(fd);
}

/* The file has no creation time, and an inode is used again at once. */
static bool
is_same_queue(const struct object *a, const struct object *b)
{
	static const enum fact facts[] = { FACT_DEVICE, FACT_INODE, FACT_MODE, FACT_UID };

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (a->fact[facts[i]] != b->fact[facts[i]])
			return false;
	return a->kind == b->kind;
}

/* Whether an existing queue has this much of what is fixed at its creation. */
static bool
has_at_least(const struct object *o, enum fact fact, const char *name, uint64_t asked,
	struct buf *cause)
{
	if (asked == 0 || (object_has(o, FACT_BIT(fact)) && o->fact[fact] >= asked))
		return true;
	if (object_has(o, FACT_BIT(fact)))
		buf_printf(cause,
			"exists with %s %" PRIu64 ", less than the requested %" PRIu64,
			name, o->fact[fact], asked);
	else
		buf_printf(cause,
			"exists, and its %s cannot be read: it cannot be opened for "
			"reading",
			name);
	errno = EINVAL;
	return false;
}

static bool
suffices(const struct object *o, const struct creation *what, struct buf *cause)
{
	return has_at_least(o, FACT_MAXMSG, "maxmsg", what->maxmsg, cause) &&
		has_at_least(o, FACT_MSGSIZE, "msgsize", what->msgsize, cause);
}

static const struct kind_properties properties = {
	.created = PROPERTY(MAXMSG) | PROPERTY(MSGSIZE),
	.refused = {
		POSIX_REFUSED,
		[PROPERTY_QBYTES] = ("does not apply; the capacity is fixed at creation "
				     "(--maxmsg, --msgsize)"),
	},
};

static const struct kind_words words = {
	.belongs = "belongs to ",
	.may_remove = "; only its owner, the owner of /dev/mqueue or root may remove it",
	.may_change = POSIX_MAY_CHANGE,
	.may_give = POSIX_MAY_GIVE,
	.missing = "no such object",
	.gone = "no such object",
	.another = "another object has this name now; not removed",
	.differs = "no longer matches the selection; not removed",
	.unchosen = "no longer matches the selection; not removed",
};

const struct posix posix_pmsg = {
	.kind = {
		.name = "pmsg",
		.noun = "POSIX message queue",
		.title = "POSIX message queues",
		.short_noun = "POSIX queue",
		.short_nouns = "POSIX queues",
		.facts = FACT(NAME) | FACT(DEVICE) | FACT(INODE) | FACT(NLINK) |
			FACT(MODE) | FACT(UID) | FACT(GID) | FACT(MTIME) | ATTRIBUTES |
			STATUS | POSIX_DERIVED,
		.use = FACT_QNUM,
		.use_one = " message",
		.use_many = " messages",
		.columns = "ref,owner,mode,qnum,maxmsg,size,qbytes,active,state",
		.use_bits = 06,
		POSIX_KIND_BASE,
		.is_namespaced = true,
		.says = &words,
		.same = is_same_queue,
		.stale = &posix_queue_stale_ops,
		.in_use = &posix_queue_in_use_ops,
		.remove = posix_queue_remove,
		.create = posix_queue_create,
		.look_up = posix_look_up,
		.properties = &properties,
		.queue = &posix_queue_ops,
		.refuses = {
			[OPERATION_READ] = "a message queue cannot be read; use recv",
			[OPERATION_WRITE] = "a message queue cannot be written; use send",
			[OPERATION_SEMOP] = POSIX_NO_SEMAPHORE,
		},
		.limits = posix_queue_limits,
		.read_limits = posix_queue_read_limits,
	},
	.place = POSIX_MQUEUE,
	.prefix = "",
	.needs_name = true,
	.open_dir = mqueue_dir_open,
	.read_contents = read_contents,
	.suffices = suffices,
};
