/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Waits in a system call as 32-bit programs do, without any C library:
 *
 *	wait32 CALL ID
 *
 * CALL is one of the letters below.  Built by tests/who.bats with -m32 -nostdlib.
 */

static int
call(int number, int a, int b, int c, int d, int e)
{
	int result;

	/* The sixth argument is a time-out, or unused. */
	__asm__ volatile("push %%ebp\n"
			 "	xor %%ebp, %%ebp\n"
			 "	int $0x80\n"
			 "	pop %%ebp"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return result;
}

static struct {
	int type;
	char text[64];
} message = { 1, "" };

/* The arguments of the old ipc(2) for msgrcv: the buffer and the type. */
static const struct {
	void *message;
	int type;
} kludge = { &message, 7 };

static const struct {
	unsigned short num;
	short op, flags;
} operation = { 2, -1, 0 };

/* A time limit in both forms; the second one has undefined bits. */
static const int limit[2] = { 1000, 0 };
static const unsigned wide_limit[4] = { 1000, 0, 0, 0xffffffff };
static const int deadline[2] = { 0x7fffffff, 0 };

static char queued[8192];

__attribute__((used)) void
run(const int *stack)
{
	enum { EXIT = 1, IPC = 117, MSGSND = 400, MSGRCV = 401, SEMTIMEDOP = 420 };
	enum { NANOSLEEP = 162, CLOCK_NANOSLEEP = 407, MQ_OPEN = 277, MQ_RECEIVE = 280 };
	enum { READ_OR_CREATE = 0100 };
	const char *which = (const char *)stack[2];
	int id = 0;

	for (const char *p = (const char *)stack[3]; *p != '\0'; p++)
		id = id * 10 + *p - '0';
	switch (*which) {
	case 'r':
		call(IPC, 12, id, sizeof message.text, 0, (int)&kludge);
		break;
	case 's':
		call(IPC, 11, id, sizeof message.text, 0, (int)&message);
		break;
	case 'o':
		call(IPC, 1, id, 1, 0, (int)&operation);
		break;
	case 't':
		call(IPC, 4, id, 1, 0, (int)&operation);
		break;
	case 'R':
		call(MSGRCV, id, (int)&message, sizeof message.text, -7, 0);
		break;
	case 'S':
		call(MSGSND, id, (int)&message, sizeof message.text, 0, 0);
		break;
	case 'L':
		call(SEMTIMEDOP, id, (int)&operation, 1, (int)&wide_limit, 0);
		break;
	case 'n':
		call(NANOSLEEP, (int)&limit, 0, 0, 0, 0);
		break;
	case 'N':
		call(CLOCK_NANOSLEEP, 1, 0, (int)&wide_limit, 0, 0);
		break;
	case 'q':
		id = call(MQ_OPEN, (int)stack[3], READ_OR_CREATE, 0600, 0, 0);
		call(MQ_RECEIVE, id, (int)&queued, sizeof queued, 0, (int)&deadline);
		break;
	case 'T':
		call(SEMTIMEDOP, id, (int)&operation, 1, 0, 0);
		break;
	}
	call(EXIT, 1, 0, 0, 0, 0);
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov %esp, %eax\n"
	"	push %eax\n"
	"	call run\n");
