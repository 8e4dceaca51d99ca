/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/waiters.h"

#include <elf.h>
#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/num.h"
#include "process/proc.h"

enum {
	ARGS = 6,
	MSG_FLAG_EXCEPT = 020000, /* MSG_EXCEPT of linux/msg.h */
	FUTEX_FLAGS = FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME,
	FUTEX_LOCK_PI_TWO = 13, /* FUTEX_LOCK_PI2 of Linux 5.14 */
};

/* The form of a system call that can wait in the file. */
struct wait_call {
	unsigned number;
	const char *kind;
	enum use_what what;
	unsigned shift; /* number of arguments before the id: ipc(2) has the number of
			 * the call first */
	unsigned ipc_call; /* that number of the call */
	bool by_descriptor; /* the argument is a descriptor instead of an id */
};

/* ipc(2) passes the other arguments of msgrcv in a structure, so the type is not
 * visible. */
#define IPC_CALLS(number) \
	{ number, "sem", USE_WAITS, 1, 1 }, { number, "sem", USE_WAITS, 1, 4 }, \
		{ number, "msg", USE_SENDS, 1, 11 }, \
	{ \
		number, "msg", USE_RECEIVES_ANY, 1, 12 \
	}

/* mq_timedsend(2) and mq_timedreceive(2) */
#define MQ_CALLS(send, receive) \
	{ send, "pmsg", USE_SENDS, 0, 0, true }, \
	{ \
		receive, "pmsg", USE_RECEIVES_ANY, 0, 0, true \
	}

/* The calls that Linux 5.1 added for 32-bit architectures. */
#define NEW_32BIT_CALLS \
	{ 400, "msg", USE_SENDS, 0, 0 }, { 401, "msg", USE_RECEIVES, 0, 0 }, \
		{ 420, "sem", USE_WAITS, 0, 0 }, MQ_CALLS(418, 419)

/* futex_calls: futex, restart_syscall, which continues it with its arguments after a
 * signal, and futex and futex_time64 of 32-bit programs.  None of these is the number of
 * another call that waits at an address. */
#if defined __x86_64__
static const struct wait_call calls[] = {
	{ 65, "sem", USE_WAITS, 0, 0 }, /* semop */
	{ 220, "sem", USE_WAITS, 0, 0 }, /* semtimedop */
	{ 69, "msg", USE_SENDS, 0, 0 },
	{ 70, "msg", USE_RECEIVES, 0, 0 },
	MQ_CALLS(242, 243),
};
static const struct wait_call calls_32bit[] = { IPC_CALLS(117), MQ_CALLS(279, 280),
	NEW_32BIT_CALLS };
static const unsigned futex_calls[] = { 202, 219, 240, 422 };
enum { X32_BIT = 0x40000000 };
#elif defined __aarch64__
static const struct wait_call calls[] = {
	{ 193, "sem", USE_WAITS, 0, 0 },
	{ 192, "sem", USE_WAITS, 0, 0 },
	{ 189, "msg", USE_SENDS, 0, 0 },
	{ 188, "msg", USE_RECEIVES, 0, 0 },
	MQ_CALLS(182, 183),
};
static const struct wait_call calls_32bit[] = {
	{ 298, "sem", USE_WAITS, 0, 0 },
	{ 312, "sem", USE_WAITS, 0, 0 },
	{ 301, "msg", USE_SENDS, 0, 0 },
	{ 302, "msg", USE_RECEIVES, 0, 0 },
	MQ_CALLS(276, 277),
	NEW_32BIT_CALLS,
};
static const unsigned futex_calls[] = { 98, 128, 240, 422 };
enum { X32_BIT = 0 };
#else
static const struct wait_call calls[1];
static const struct wait_call calls_32bit[1];
static const unsigned futex_calls[1];
enum { X32_BIT = 0 };
#endif

bool
waiters_are_known(void)
{
	return calls[0].kind != NULL && access("/proc/self/syscall", F_OK) == 0;
}

/* Parses "NUMBER 0xARG ...".  The line has another form if the thread runs or is not in a
 * call. */
static bool
read_call(const char *p, uint64_t *number, uint64_t *args)
{
	if (num_scan(&p, 10, UINT32_MAX, number) < 0)
		return false;
	for (int i = 0; i < ARGS; i++) {
		if (strncmp(p, " 0x", 3) != 0)
			return false;
		p += 3;
		if (num_scan(&p, 16, UINT64_MAX, &args[i]) < 0)
			return false;
	}
	return true;
}

static const struct wait_call *
find_call(const struct wait_call *table, size_t count, uint64_t number,
	const uint64_t *args)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].kind != NULL && table[i].number == number &&
			(table[i].shift == 0 || (args[0] & 0xffff) == table[i].ipc_call))
			return &table[i];
	return NULL;
}

/* Whether the program of a thread is a 32-bit program, whose calls have other numbers.
 * 1, 0, or -1 with errno; ENOENT if the thread is ending and has no program any more. */
static int
is_32bit(pid_t pid, pid_t tid)
{
	char path[PROC_PATH], header[EI_CLASS + 2];

	proc_path(path, pid, tid, "exe");
	errno = ENOEXEC;
	if (file_read(path, header, sizeof header) <= EI_CLASS)
		return -1;
	return header[EI_CLASS] == ELFCLASS32;
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

bool
waiters_parse(const char *line, bool is_32bit, struct use *use, struct wait_ops *ops)
{
	const struct wait_call *call;
	uint64_t number, args[ARGS];

	if (!read_call(line, &number, args))
		return false;
	/* x32: a 32-bit program that uses the calls of 64-bit programs. */
	if (is_32bit && !(number & X32_BIT))
		call = find_call(calls_32bit, ARRAY_SIZE(calls_32bit), number, args);
	else
		call = find_call(
			calls, ARRAY_SIZE(calls), number & ~(uint64_t)X32_BIT, args);
	if (call == NULL)
		return false;
	*use = (struct use){
		.kind = kind_by_name(call->kind, strlen(call->kind)),
		.id = args[call->shift],
		.what = call->what,
		.count = 1,
	};
	/* semop(id, sops, nsops), but ipc(call, id, nsops, third, sops) */
	*ops = (struct wait_ops){ args[call->shift == 0 ? 1 : 4], args[2],
		call->by_descriptor };
	if (use->what == USE_RECEIVES)
		use->detail = is_32bit ? (int32_t)args[3] : (int64_t)args[3];
	if (use->what == USE_RECEIVES && use->detail > 0 && (args[4] & MSG_FLAG_EXCEPT))
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
		width = is_32bit(pid, tid);
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

bool
waiters_parse_futex(const char *line, uint64_t *address)
{
	uint64_t number, args[ARGS];
	bool is_futex = false;

	if (!read_call(line, &number, args))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(futex_calls); i++)
		is_futex |= (number & ~(uint64_t)X32_BIT) == futex_calls[i];
	if (!is_futex || (args[1] & FUTEX_PRIVATE_FLAG))
		return false;
	*address = args[0];
	switch ((uint32_t)args[1] & ~(uint32_t)FUTEX_FLAGS) {
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
