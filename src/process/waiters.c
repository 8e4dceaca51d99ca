/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/waiters.h"

#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/file.h"
#include "process/call.h"
#include "process/proc.h"

enum {
	MSG_FLAG_EXCEPT = 020000, /* MSG_EXCEPT of linux/msg.h */
	FUTEX_FLAGS = FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME,
	FUTEX_LOCK_PI_TWO = 13, /* FUTEX_LOCK_PI2 of Linux 5.14 */
};

bool
waiters_are_known(void)
{
	return call_numbers_are_known() && access("/proc/self/syscall", F_OK) == 0;
}

/*
 * Finds the number of the semaphore that a call waits on.  The kernel does not tell which
 * of several operations blocks; if there is only one, as in nearly all calls, it is that
 * one.
 */
static void
find_semaphore(pid_t tid, uint64_t address, uint64_t count, struct use *use)
{
	struct {
		uint16_t num;
		int16_t op, flags;
	} sop;
	struct iovec local = { &sop, sizeof sop };
	struct iovec remote = { (void *)(uintptr_t)address, sizeof sop };

	use->what = USE_WAITS_ANY;
	if (count != 1 || process_vm_readv(tid, &local, 1, &remote, 1, 0) != sizeof sop)
		return;
	use->what = USE_WAITS;
	use->detail = sop.num;
}

/* The type of the objects that a call waits for, and how; false if these are neither of
 * System V nor POSIX queues. */
static bool
use_of_call(const struct call *call, const char **kind, enum use_what *what)
{
	switch (call->form->does) {
	case CALL_SEMOP:
		*kind = "sem";
		*what = USE_WAITS;
		return true;
	case CALL_MSGSND:
		*kind = "msg";
		*what = USE_SENDS;
		return true;
	case CALL_MSGRCV:
		*kind = "msg";
		*what = call_shows(call, 3) ? USE_RECEIVES : USE_RECEIVES_ANY;
		return true;
	case CALL_MQ_SEND:
		*kind = "pmsg";
		*what = USE_SENDS;
		return true;
	case CALL_MQ_RECEIVE:
		*kind = "pmsg";
		*what = USE_RECEIVES_ANY;
		return true;
	default:
		return false;
	}
}

bool
waiters_parse(const char *line, bool is_32bit, struct use *use, struct wait_ops *ops)
{
	enum use_what what;
	const char *kind;
	struct call call;

	if (!call_parse(line, is_32bit, &call) || !use_of_call(&call, &kind, &what))
		return false;
	*use = (struct use){
		.kind = kind_by_name(kind, strlen(kind)),
		.id = call.args[0],
		.what = what,
		.count = 1,
	};
	*ops = (struct wait_ops){
		.address = call.args[1],
		.count = call.args[2],
		.by_descriptor = call.form->does == CALL_MQ_SEND ||
			call.form->does == CALL_MQ_RECEIVE,
	};
	if (use->what == USE_RECEIVES)
		use->detail = is_32bit ? call_int(&call, 3) : (int64_t)call.args[3];
	if (use->what == USE_RECEIVES && use->detail > 0 &&
		(call.args[4] & MSG_FLAG_EXCEPT))
		use->what = USE_RECEIVES_EXCEPT;
	return true;
}

/* Replaces a descriptor by the file that it is of.  Returns whether that is known.  A
 * thread may have descriptors of its own. */
static bool
find_waited_file(pid_t pid, pid_t tid, struct use *use)
{
	char path[PROC_PATH], name[32];
	struct stat st;

	snprintf(name, sizeof name, "fd/%u", (unsigned)use->id);
	proc_path(path, pid, tid, name);
	if (stat(path, &st) < 0)
		return false;
	use->kind = NULL;
	use->device = st.st_dev;
	use->id = st.st_ino;
	return true;
}

int
waiters_read(pid_t pid, pid_t tid, struct use *use)
{
	struct wait_ops ops, ops_32bit;
	char path[PROC_PATH], text[256];
	struct use use_32bit;
	int width;

	proc_path(path, pid, tid, "syscall");
	if (file_read(path, text, sizeof text) < 0)
		return -1;
	/* A 64-bit program can also make 32-bit calls (int 0x80).  The numbers of the
	 * 32-bit calls that wait differ from those of its own calls that wait. */
	if (waiters_parse(text, true, &use_32bit, &ops_32bit)) {
		*use = use_32bit;
		ops = ops_32bit;
	} else if (waiters_parse(text, false, use, &ops)) {
		width = call_is_32bit(pid, tid);
		if (width != 0)
			return width < 0 ? -1 : 0;
	} else {
		return 0;
	}
	use->pid = pid;
	if (ops.by_descriptor)
		return find_waited_file(pid, tid, use);
	if (use->what == USE_WAITS)
		find_semaphore(tid, ops.address, ops.count, use);
	return 1;
}

/* Parses a futex(2), also of a 32-bit program, or restart_syscall(2), which continues it
 * with its arguments after a signal.  The latter of 32-bit programs has the number of
 * read(2) of others. */
static bool
parse_futex(const char *line, struct call *call)
{
	if (call_parse(line, false, call) &&
		(call->form->does == CALL_FUTEX || call->form->does == CALL_RESTART))
		return true;
	return call_parse(line, true, call) && call->form->does == CALL_FUTEX;
}

bool
waiters_parse_futex(const char *line, uint64_t *address)
{
	struct call call;

	if (!parse_futex(line, &call) || (call.args[1] & FUTEX_PRIVATE_FLAG))
		return false;
	*address = call.args[0];
	switch ((uint32_t)call.args[1] & ~(uint32_t)FUTEX_FLAGS) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI_TWO:
	case FUTEX_WAIT_REQUEUE_PI:
		return true;
	default:
		return false;
	}
}

int
waiters_futex(pid_t pid, pid_t tid, uint64_t *address)
{
	char path[PROC_PATH], text[256];

	proc_path(path, pid, tid, "syscall");
	if (file_read(path, text, sizeof text) < 0)
		return -1;
	return waiters_parse_futex(text, address);
}

int
waiters_queue(pid_t pid, pid_t tid)
{
	char path[PROC_PATH], text[128];

	proc_path(path, pid, tid, "wchan");
	if (file_read(path, text, sizeof text) < 0)
		return -1;
	return strncmp(text, "do_msgrcv", strlen("do_msgrcv")) == 0 ||
		strncmp(text, "do_msgsnd", strlen("do_msgsnd")) == 0;
}
