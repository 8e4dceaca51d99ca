/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Waits for a message as a 64-bit program with the 32-bit system call:
 *
 *  wait80 ID
 *
 * Built by tests/stale.bats.
 */

#include <stdlib.h>
#include <sys/mman.h>

/* The arguments of the 32-bit ipc(2) for msgrcv: the buffer and the type. */
struct kludge {
	unsigned message;
	int type;
	char text[64];
};

int
main(int argc, char **argv)
{
	enum { IPC = 117, MSGRCV = 12, SIZE = 16 };
	struct kludge *kludge;
	long result;

	if (argc != 2)
		return 2;
	/* The addresses in that call have 32 bits. */
	kludge = mmap(NULL, sizeof *kludge, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (kludge == MAP_FAILED)
		return 1;
	kludge->message = (unsigned)(unsigned long)kludge->text;
	__asm__ volatile("push %%rbp\n"
			 "	xor %%ebp, %%ebp\n"
			 "	int $0x80\n"
			 "	pop %%rbp"
			 : "=a"(result)
			 : "a"(IPC), "b"(MSGRCV), "c"(atoi(argv[1])), "d"(SIZE), "S"(0),
			 "D"(kludge)
			 : "memory", "r8", "r9", "r10", "r11");
	return result < 0;
}
