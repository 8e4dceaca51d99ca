/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops-sem.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/sem.h>

#include "num.h"
#include "ops-wait.h"
#include "xalloc.h"

/* semctl(2) leaves it to the program to declare its last argument. */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

int
sem_change_parse(const char *text, struct sem_change *change, struct buf *cause)
{
	uint64_t num, by;
	char sign;

	if (num_scan(&text, 10, USHRT_MAX, &num) < 0) {
		buf_str(cause,
			"an operation starts with the number of a semaphore, from 0 to 65535");
		return -1;
	}
	sign = *text;
	if (sign == '=' && strcmp(text, "=0") == 0) {
		*change = (struct sem_change){ num, 0 };
		return 0;
	}
	if ((sign == '+' || sign == '-') && num_range(text + 1, 1, SHRT_MAX, &by) == 0) {
		*change = (struct sem_change){ num, sign == '+' ? by : -by };
		return 0;
	}
	buf_str(cause,
		"an operation is N+V or N-V, with V from 1 to 32767, or N=0, which waits "
		"for zero");
	return -1;
}

static uint64_t
most(void)
{
	struct seminfo info;

	if (semctl(0, 0, IPC_INFO, (union semun){ .info = &info }) < 0)
		return UINT64_MAX;
	return info.semopm;
}

static int
change(const struct object *o, const struct sem_change *changes, size_t count, bool undo,
	uint64_t timeout)
{
	struct sembuf *ops = xcalloc(count, sizeof *ops);
	struct wait w = wait_until(timeout);
	uint64_t left;
	int rc;

	for (size_t i = 0; i < count; i++)
		ops[i] = (struct sembuf){ changes[i].num, changes[i].by,
			undo ? SEM_UNDO : 0 };
	/* Only being stopped and continued interrupts it: no signal is caught. */
	do {
		struct timespec t;

		left = wait_left(&w);
		for (size_t i = 0; i < count && left == 0; i++)
			ops[i].sem_flg |= IPC_NOWAIT;
		rc = semtimedop(o->fact[FACT_ID], ops, count, wait_timespec(left, &t));
	} while (rc < 0 && (errno == EINTR || (errno == EAGAIN && left != 0)));
	free(ops);
	return rc;
}

const struct set_ops sysv_set_ops = {
	.most = most,
	.change = change,
};
