/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/call.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/num.h"
#include "process/proc.h"

/* The calls with the same number on every architecture. */
#define COMMON_CALLS \
	{ 426, 0, CALL_OTHER, "io_uring_enter", NULL }, \
		{ 435, 0, CALL_VFORK, "clone3", NULL }, \
		{ 437, 0, CALL_OPEN, "openat2", "01" }, \
		{ 441, 0, CALL_OTHER, "epoll_pwait2", NULL }, \
	{ \
		449, 0, CALL_OTHER, "futex_waitv", NULL \
	}

/* The calls that Linux 5.1 added for 32-bit architectures, whose times have 64 bits. */
enum { NEW_32BIT_FIRST = 400 };
#define NEW_32BIT_CALLS \
	{ 407, 0, CALL_SLEEP, "sleep", NULL }, { 413, 0, CALL_OTHER, "select", NULL }, \
		{ 414, 0, CALL_OTHER, "poll", NULL }, \
		{ 417, 0, CALL_OTHER, "recvmmsg", NULL }, \
		{ 418, 0, CALL_MQ_SEND, "mq_timedsend", NULL }, \
		{ 419, 0, CALL_MQ_RECEIVE, "mq_timedreceive", NULL }, \
		{ 420, 0, CALL_SEMOP, "semop", NULL }, \
		{ 421, 0, CALL_SIGNAL, "sigtimedwait", "02" }, \
	{ \
		422, 0, CALL_FUTEX, "futex", NULL \
	}

#if defined __x86_64__
static const struct call_form calls[] = {
	{ 0, 0, CALL_READ, "read", NULL },
	{ 1, 0, CALL_WRITE, "write", NULL },
	{ 2, 0, CALL_OPEN, "open", "-0" },
	{ 7, 0, CALL_OTHER, "poll", NULL },
	{ 19, 0, CALL_READ, "readv", NULL },
	{ 20, 0, CALL_WRITE, "writev", NULL },
	{ 23, 0, CALL_OTHER, "select", NULL },
	{ 34, 0, CALL_SIGNAL, "pause", "-" },
	{ 35, 0, CALL_SLEEP, "sleep", "--0" },
	{ 40, 0, CALL_SPLICE, "sendfile", "10" },
	{ 42, 0, CALL_OTHER, "connect", NULL },
	{ 43, 0, CALL_OTHER, "accept", NULL },
	{ 44, 0, CALL_OTHER, "sendto", NULL },
	{ 45, 0, CALL_OTHER, "recvfrom", NULL },
	{ 46, 0, CALL_OTHER, "sendmsg", NULL },
	{ 47, 0, CALL_OTHER, "recvmsg", NULL },
	{ 56, 0, CALL_VFORK, "clone", NULL },
	{ 58, 0, CALL_VFORK, "vfork", NULL },
	{ 61, 0, CALL_WAIT_PID, "wait4", NULL },
	{ 65, 0, CALL_SEMOP, "semop", "012-" },
	{ 69, 0, CALL_MSGSND, "msgsnd", NULL },
	{ 70, 0, CALL_MSGRCV, "msgrcv", NULL },
	{ 72, 0, CALL_FCNTL, "fcntl", NULL },
	{ 73, 0, CALL_FLOCK, "flock", NULL },
	{ 85, 0, CALL_OPEN, "creat", "-0" },
	{ 128, 0, CALL_SIGNAL, "sigtimedwait", "02" },
	{ 130, 0, CALL_SIGNAL, "sigsuspend", "0" },
	{ 202, 0, CALL_FUTEX, "futex", NULL },
	{ 208, 0, CALL_OTHER, "io_getevents", NULL },
	{ 219, 0, CALL_RESTART, "restart_syscall", NULL },
	{ 220, 0, CALL_SEMOP, "semop", NULL },
	{ 230, 0, CALL_SLEEP, "sleep", NULL },
	{ 232, 0, CALL_OTHER, "epoll_wait", NULL },
	{ 242, 0, CALL_MQ_SEND, "mq_timedsend", NULL },
	{ 243, 0, CALL_MQ_RECEIVE, "mq_timedreceive", NULL },
	{ 247, 0, CALL_WAIT_ID, "waitid", NULL },
	{ 257, 0, CALL_OPEN, "openat", NULL },
	{ 270, 0, CALL_OTHER, "select", NULL },
	{ 271, 0, CALL_OTHER, "poll", NULL },
	{ 275, 0, CALL_SPLICE, "splice", "02" },
	{ 276, 0, CALL_SPLICE, "tee", NULL },
	{ 278, 0, CALL_WRITE, "vmsplice", NULL },
	{ 281, 0, CALL_OTHER, "epoll_wait", NULL },
	{ 288, 0, CALL_OTHER, "accept", NULL },
	{ 299, 0, CALL_OTHER, "recvmmsg", NULL },
	{ 307, 0, CALL_OTHER, "sendmmsg", NULL },
	COMMON_CALLS,
};
static const struct call_form calls_32bit[] = {
	{ 0, 0, CALL_RESTART, "restart_syscall", NULL },
	{ 3, 0, CALL_READ, "read", NULL },
	{ 4, 0, CALL_WRITE, "write", NULL },
	{ 5, 0, CALL_OPEN, "open", "-0" },
	{ 7, 0, CALL_WAIT_PID, "wait4", NULL },
	{ 8, 0, CALL_OPEN, "creat", "-0" },
	{ 29, 0, CALL_SIGNAL, "pause", "-" },
	{ 55, 0, CALL_FCNTL, "fcntl", NULL },
	{ 72, 0, CALL_SIGNAL, "sigsuspend", "-" },
	{ 82, 0, CALL_OTHER, "select", NULL },
	{ 102, 0, CALL_OTHER, "socketcall", NULL },
	{ 114, 0, CALL_WAIT_PID, "wait4", NULL },
	/* ipc(call, id, second, third, ptr, fifth).  msgrcv passes a structure, so that
	 * the type is not visible. */
	{ 117, 1, CALL_SEMOP, "semop", "142-" },
	{ 117, 4, CALL_SEMOP, "semop", "1425" },
	{ 117, 11, CALL_MSGSND, "msgsnd", "1423" },
	{ 117, 12, CALL_MSGRCV, "msgrcv", "1-2-3" },
	{ 120, 0, CALL_VFORK, "clone", NULL },
	{ 142, 0, CALL_OTHER, "select", NULL },
	{ 143, 0, CALL_FLOCK, "flock", NULL },
	{ 145, 0, CALL_READ, "readv", NULL },
	{ 146, 0, CALL_WRITE, "writev", NULL },
	{ 162, 0, CALL_SLEEP, "sleep", "--0" },
	{ 168, 0, CALL_OTHER, "poll", NULL },
	{ 177, 0, CALL_SIGNAL, "sigtimedwait", "02" },
	{ 179, 0, CALL_SIGNAL, "sigsuspend", "0" },
	{ 187, 0, CALL_SPLICE, "sendfile", "10" },
	{ 190, 0, CALL_VFORK, "vfork", NULL },
	{ 221, 0, CALL_FCNTL, "fcntl", NULL },
	{ 239, 0, CALL_SPLICE, "sendfile", "10" },
	{ 240, 0, CALL_FUTEX, "futex", NULL },
	{ 256, 0, CALL_OTHER, "epoll_wait", NULL },
	{ 267, 0, CALL_SLEEP, "sleep", NULL },
	{ 279, 0, CALL_MQ_SEND, "mq_timedsend", NULL },
	{ 280, 0, CALL_MQ_RECEIVE, "mq_timedreceive", NULL },
	{ 284, 0, CALL_WAIT_ID, "waitid", NULL },
	{ 295, 0, CALL_OPEN, "openat", NULL },
	{ 308, 0, CALL_OTHER, "select", NULL },
	{ 309, 0, CALL_OTHER, "poll", NULL },
	{ 313, 0, CALL_SPLICE, "splice", "02" },
	{ 315, 0, CALL_SPLICE, "tee", NULL },
	{ 316, 0, CALL_WRITE, "vmsplice", NULL },
	{ 319, 0, CALL_OTHER, "epoll_wait", NULL },
	{ 337, 0, CALL_OTHER, "recvmmsg", NULL },
	{ 345, 0, CALL_OTHER, "sendmmsg", NULL },
	{ 362, 0, CALL_OTHER, "connect", NULL },
	{ 364, 0, CALL_OTHER, "accept", NULL },
	{ 369, 0, CALL_OTHER, "sendto", NULL },
	{ 370, 0, CALL_OTHER, "sendmsg", NULL },
	{ 371, 0, CALL_OTHER, "recvfrom", NULL },
	{ 372, 0, CALL_OTHER, "recvmsg", NULL },
	{ 400, 0, CALL_MSGSND, "msgsnd", NULL },
	{ 401, 0, CALL_MSGRCV, "msgrcv", NULL },
	NEW_32BIT_CALLS,
	COMMON_CALLS,
};
enum { X32_BIT = 0x40000000 };
#elif defined __aarch64__
static const struct call_form calls[] = {
	{ 4, 0, CALL_OTHER, "io_getevents", NULL },
	{ 22, 0, CALL_OTHER, "epoll_wait", NULL },
	{ 25, 0, CALL_FCNTL, "fcntl", NULL },
	{ 32, 0, CALL_FLOCK, "flock", NULL },
	{ 56, 0, CALL_OPEN, "openat", NULL },
	{ 63, 0, CALL_READ, "read", NULL },
	{ 64, 0, CALL_WRITE, "write", NULL },
	{ 65, 0, CALL_READ, "readv", NULL },
	{ 66, 0, CALL_WRITE, "writev", NULL },
	{ 71, 0, CALL_SPLICE, "sendfile", "10" },
	{ 72, 0, CALL_OTHER, "select", NULL },
	{ 73, 0, CALL_OTHER, "poll", NULL },
	{ 75, 0, CALL_WRITE, "vmsplice", NULL },
	{ 76, 0, CALL_SPLICE, "splice", "02" },
	{ 77, 0, CALL_SPLICE, "tee", NULL },
	{ 95, 0, CALL_WAIT_ID, "waitid", NULL },
	{ 98, 0, CALL_FUTEX, "futex", NULL },
	{ 101, 0, CALL_SLEEP, "sleep", "--0" },
	{ 115, 0, CALL_SLEEP, "sleep", NULL },
	{ 128, 0, CALL_RESTART, "restart_syscall", NULL },
	{ 133, 0, CALL_SIGNAL, "sigsuspend", "0" },
	{ 137, 0, CALL_SIGNAL, "sigtimedwait", "02" },
	{ 182, 0, CALL_MQ_SEND, "mq_timedsend", NULL },
	{ 183, 0, CALL_MQ_RECEIVE, "mq_timedreceive", NULL },
	{ 188, 0, CALL_MSGRCV, "msgrcv", NULL },
	{ 189, 0, CALL_MSGSND, "msgsnd", NULL },
	{ 192, 0, CALL_SEMOP, "semop", NULL },
	{ 193, 0, CALL_SEMOP, "semop", "012-" },
	{ 202, 0, CALL_OTHER, "accept", NULL },
	{ 203, 0, CALL_OTHER, "connect", NULL },
	{ 206, 0, CALL_OTHER, "sendto", NULL },
	{ 207, 0, CALL_OTHER, "recvfrom", NULL },
	{ 211, 0, CALL_OTHER, "sendmsg", NULL },
	{ 212, 0, CALL_OTHER, "recvmsg", NULL },
	{ 220, 0, CALL_VFORK, "clone", NULL },
	{ 242, 0, CALL_OTHER, "accept", NULL },
	{ 243, 0, CALL_OTHER, "recvmmsg", NULL },
	{ 260, 0, CALL_WAIT_PID, "wait4", NULL },
	{ 269, 0, CALL_OTHER, "sendmmsg", NULL },
	COMMON_CALLS,
};
static const struct call_form calls_32bit[] = {
	{ 0, 0, CALL_RESTART, "restart_syscall", NULL },
	{ 3, 0, CALL_READ, "read", NULL },
	{ 4, 0, CALL_WRITE, "write", NULL },
	{ 5, 0, CALL_OPEN, "open", "-0" },
	{ 8, 0, CALL_OPEN, "creat", "-0" },
	{ 29, 0, CALL_SIGNAL, "pause", "-" },
	{ 55, 0, CALL_FCNTL, "fcntl", NULL },
	{ 72, 0, CALL_SIGNAL, "sigsuspend", "-" },
	{ 114, 0, CALL_WAIT_PID, "wait4", NULL },
	{ 120, 0, CALL_VFORK, "clone", NULL },
	{ 142, 0, CALL_OTHER, "select", NULL },
	{ 143, 0, CALL_FLOCK, "flock", NULL },
	{ 145, 0, CALL_READ, "readv", NULL },
	{ 146, 0, CALL_WRITE, "writev", NULL },
	{ 162, 0, CALL_SLEEP, "sleep", "--0" },
	{ 168, 0, CALL_OTHER, "poll", NULL },
	{ 177, 0, CALL_SIGNAL, "sigtimedwait", "02" },
	{ 179, 0, CALL_SIGNAL, "sigsuspend", "0" },
	{ 187, 0, CALL_SPLICE, "sendfile", "10" },
	{ 190, 0, CALL_VFORK, "vfork", NULL },
	{ 221, 0, CALL_FCNTL, "fcntl", NULL },
	{ 239, 0, CALL_SPLICE, "sendfile", "10" },
	{ 240, 0, CALL_FUTEX, "futex", NULL },
	{ 252, 0, CALL_OTHER, "epoll_wait", NULL },
	{ 265, 0, CALL_SLEEP, "sleep", NULL },
	{ 276, 0, CALL_MQ_SEND, "mq_timedsend", NULL },
	{ 277, 0, CALL_MQ_RECEIVE, "mq_timedreceive", NULL },
	{ 280, 0, CALL_WAIT_ID, "waitid", NULL },
	{ 283, 0, CALL_OTHER, "connect", NULL },
	{ 285, 0, CALL_OTHER, "accept", NULL },
	{ 290, 0, CALL_OTHER, "sendto", NULL },
	{ 292, 0, CALL_OTHER, "recvfrom", NULL },
	{ 296, 0, CALL_OTHER, "sendmsg", NULL },
	{ 297, 0, CALL_OTHER, "recvmsg", NULL },
	{ 298, 0, CALL_SEMOP, "semop", "012-" },
	{ 301, 0, CALL_MSGSND, "msgsnd", NULL },
	{ 302, 0, CALL_MSGRCV, "msgrcv", NULL },
	{ 312, 0, CALL_SEMOP, "semop", NULL },
	{ 322, 0, CALL_OPEN, "openat", NULL },
	{ 335, 0, CALL_OTHER, "select", NULL },
	{ 336, 0, CALL_OTHER, "poll", NULL },
	{ 340, 0, CALL_SPLICE, "splice", "02" },
	{ 342, 0, CALL_SPLICE, "tee", NULL },
	{ 343, 0, CALL_WRITE, "vmsplice", NULL },
	{ 346, 0, CALL_OTHER, "epoll_wait", NULL },
	{ 365, 0, CALL_OTHER, "recvmmsg", NULL },
	{ 366, 0, CALL_OTHER, "accept", NULL },
	{ 374, 0, CALL_OTHER, "sendmmsg", NULL },
	NEW_32BIT_CALLS,
	COMMON_CALLS,
};
enum { X32_BIT = 0 };
#else
static const struct call_form calls[1];
static const struct call_form calls_32bit[1];
enum { X32_BIT = 0 };
#endif

bool
call_numbers_are_known(void)
{
	return calls[0].name != NULL;
}

/* Parses "NUMBER 0xARG ... 0xSTACK ...".  The line has another form if the thread runs or
 * is not in a call. */
static bool
read_call(const char *p, uint64_t *number, uint64_t words[CALL_ARGS + 1])
{
	if (num_scan(&p, 10, UINT32_MAX, number) < 0)
		return false;
	for (int i = 0; i < CALL_ARGS + 1; i++) {
		if (strncmp(p, " 0x", 3) != 0)
			return false;
		p += 3;
		if (num_scan(&p, 16, UINT64_MAX, &words[i]) < 0)
			return false;
	}
	return true;
}

static const struct call_form *
find_call(const struct call_form *table, size_t count, uint64_t number,
	const uint64_t *words)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].name != NULL && table[i].number == number &&
			(table[i].sub == 0 || (words[0] & 0xffff) == table[i].sub))
			return &table[i];
	return NULL;
}

bool
call_parse(const char *line, bool is_32bit, struct call *c)
{
	uint64_t number, words[CALL_ARGS + 1];
	const struct call_form *form;

	if (!read_call(line, &number, words))
		return false;
	/* x32: a 32-bit program that uses the calls of 64-bit programs. */
	if (is_32bit && !(number & X32_BIT))
		form = find_call(calls_32bit, ARRAY_SIZE(calls_32bit), number, words);
	else
		form = find_call(
			calls, ARRAY_SIZE(calls), number & ~(uint64_t)X32_BIT, words);
	if (form == NULL)
		return false;
	*c = (struct call){
		.form = form,
		.stack = words[CALL_ARGS],
		.is_narrow = is_32bit,
		.has_narrow_times = is_32bit && !(number & X32_BIT) &&
			form->number < NEW_32BIT_FIRST,
	};
	if (form->order == NULL)
		memcpy(c->args, words, sizeof c->args);
	for (size_t i = 0; form->order != NULL && form->order[i] != '\0'; i++)
		if (form->order[i] != '-')
			c->args[i] = words[form->order[i] - '0'];
	return true;
}

bool
call_shows(const struct call *c, unsigned which)
{
	const char *order = c->form->order;

	return order == NULL || (which < strlen(order) && order[which] != '-');
}

int
call_is_32bit(pid_t pid, pid_t tid)
{
	char path[PROC_PATH], header[EI_CLASS + 2];

	proc_path(path, pid, tid, "exe");
	errno = ENOEXEC;
	if (file_read(path, header, sizeof header) <= EI_CLASS)
		return -1;
	return header[EI_CLASS] == ELFCLASS32;
}
