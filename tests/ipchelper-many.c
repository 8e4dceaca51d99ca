/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The factories that make many objects, and the one that removes them all. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

/* How many objects of each type a population has. */
#define POPULATION 20

/* The kernel's IPCMNI: no namespace holds more objects of a type. */
#define MOST_OBJECTS 32768

/* The first of the owners of bulk, of whom no machine has a name. */
#define FIRST_OWNER 700000

/* Random numbers from a seed, the same on every machine, so that a failure can be
 * repeated. */
struct dice {
	uint64_t state;
};

static uint32_t
roll(struct dice *dice, uint32_t sides)
{
	/* Knuth's MMIX generator; its low bits are poor. */
	dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(dice->state >> 33) % sides;
}

/* A third of the objects are private, a third have a key with the sign bit set. */
static key_t
roll_key(struct dice *dice, int n)
{
	uint32_t key = roll(dice, INT32_MAX) + 1;

	if (n % 3 == 0)
		return IPC_PRIVATE;
	return (key_t)(n % 3 == 1 ? key : key | 0x80000000u);
}

/* Gives the object a random mode and, half the time, a random owner. */
static void
roll_perm(struct dice *dice, struct ipc_perm *perm)
{
	static const uid_t owners[] = { 0, 1, 33, 1000, 65534, 3000000000u };

	perm->mode = (unsigned short)roll(dice, 01000);
	if (roll(dice, 2)) {
		perm->uid = owners[roll(dice, ARRAY_SIZE(owners))];
		perm->gid = owners[roll(dice, ARRAY_SIZE(owners))];
	}
}

/* If this user namespace does not map the owner (EINVAL), the object keeps its own. */
static void
check_set(int result)
{
	if (result < 0 && errno != EINVAL)
		err(1, "IPC_SET");
}

static void
populate_shm(struct dice *dice, int n)
{
	struct shmid_ds data;
	size_t size = 1 + roll(dice, 1 << (roll(dice, 20) + 1));
	int flags = IPC_CREAT | IPC_EXCL | 0600;
	char *address;
	int id;

	/* A size above 32 bits; without reservation it costs nothing. */
	if (n == 0 && sizeof size > 4) {
		size = (size_t)5 << 30;
		flags |= SHM_NORESERVE;
	}
	id = shmget(roll_key(dice, n), size, flags);
	if (id < 0)
		err(1, "shmget");
	if (shmctl(id, IPC_STAT, &data) < 0)
		err(1, "IPC_STAT");
	/* The limit on locked memory may be 0; then no segment of the population is
	 * locked. */
	if (n % 5 == 1 && shmctl(id, SHM_LOCK, NULL) < 0 && errno != EPERM &&
		errno != ENOMEM)
		err(1, "SHM_LOCK");
	if (n % 4) {
		address = shmat(id, NULL, 0);
		if (address == (void *)-1)
			err(1, "shmat");
		memset(address, 'x', size > 20000 ? 20000 : size);
		/* The others stay attached to this process, which holds them. */
		if (n % 4 == 1 && shmdt(address) < 0)
			err(1, "shmdt");
	}
	roll_perm(dice, &data.shm_perm);
	if (n % 6 != 5)
		check_set(shmctl(id, IPC_SET, &data));
	/* Only attached ones, which are marked and stay; the others would be removed. */
	if (n % 4 == 3 && shmctl(id, IPC_RMID, NULL) < 0)
		err(1, "IPC_RMID");
}

static void
populate_sem(struct dice *dice, int n)
{
	struct semid_ds data;
	int nsems = (int)roll(dice, 40) + 1;
	int id = semget(roll_key(dice, n), nsems, IPC_CREAT | IPC_EXCL | 0600);
	struct sembuf op = { .sem_num = (unsigned short)(nsems - 1), .sem_op = 2 };

	if (id < 0)
		err(1, "semget");
	if (n % 2 && semop(id, &op, 1) < 0)
		err(1, "semop");
	if (n % 3 == 0 && semctl(id, 0, SETVAL, (union semun){ .val = 7 }) < 0)
		err(1, "SETVAL");
	if (semctl(id, 0, IPC_STAT, (union semun){ .buf = &data }) < 0)
		err(1, "IPC_STAT");
	roll_perm(dice, &data.sem_perm);
	if (n % 6 != 5)
		check_set(semctl(id, 0, IPC_SET, (union semun){ .buf = &data }));
}

static void
populate_msg(struct dice *dice, int n)
{
	struct {
		long type;
		char text[512];
	} message = { .type = 1 };
	struct msqid_ds data;
	int id = msgget(roll_key(dice, n), IPC_CREAT | IPC_EXCL | 0600);
	uint32_t i;

	if (id < 0)
		err(1, "msgget");
	for (i = roll(dice, 8); i > 0; i--)
		if (msgsnd(id, &message, roll(dice, sizeof message.text), IPC_NOWAIT) < 0)
			err(1, "msgsnd");
	if (msgrcv(id, &message, sizeof message.text, 0, IPC_NOWAIT) < 0 &&
		errno != ENOMSG)
		err(1, "msgrcv");
	if (msgctl(id, IPC_STAT, &data) < 0)
		err(1, "IPC_STAT");
	roll_perm(dice, &data.msg_perm);
	data.msg_qbytes -= roll(dice, 8000);
	if (n % 6 != 5)
		check_set(msgctl(id, IPC_SET, &data));
}

/* Creates three objects whose creator is another user and has ended, if that is
 * possible. */
static void
populate_as(uid_t id)
{
	pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	if (child > 0) {
		waitpid(child, NULL, 0);
		return;
	}
	if (setgid(id) == 0 && setuid(id) == 0) {
		shmget(IPC_PRIVATE, 4097, IPC_CREAT | 0640);
		semget(IPC_PRIVATE, 3, IPC_CREAT | 0604);
		msgget(IPC_PRIVATE, IPC_CREAT | 0000);
	}
	_exit(0);
}

int
population(int argc, char **argv)
{
	struct dice dice = { 0 };
	int n;

	need_args(argc, argv, 1, 1);
	dice.state = (uint64_t)number(argv[1], "seed", 0, LLONG_MAX);
	for (n = 0; n < POPULATION; n++) {
		populate_shm(&dice, n);
		populate_sem(&dice, n);
		populate_msg(&dice, n);
	}
	populate_as(33);
	populate_as(1000);
	printf("ready %ld\n", (long)getpid());
	return hold();
}

/* Raises the last number of a limit in /proc/sys/kernel to the kernel's maximum. If that
 * is not allowed, the current limit may be enough; else creating the objects fails. */
static void
raise_limit(const char *name)
{
	char path[64];
	char line[128] = "";
	char *last;
	FILE *file;

	snprintf(path, sizeof path, "/proc/sys/kernel/%s", name);
	file = fopen(path, "r+e");
	if (!file)
		return;
	if (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		last = line + strlen(line);
		while (last > line && last[-1] >= '0' && last[-1] <= '9')
			last--;
		rewind(file);
		fprintf(file, "%.*s%d\n", (int)(last - line), line, MOST_OBJECTS);
	}
	fclose(file);
}

int
bulk(int argc, char **argv)
{
	int count, owners = 0;
	int n;

	need_args(argc, argv, 1, 2);
	count = (int)number(argv[1], "number of objects", 0, MOST_OBJECTS);
	if (argc > 2)
		owners = (int)number(argv[2], "number of owners", 0, MOST_OBJECTS);
	raise_limit("shmmni");
	raise_limit("sem");
	raise_limit("msgmni");
	for (n = 0; n < count; n++) {
		if (owners > 0 && seteuid((uid_t)(FIRST_OWNER + n % owners)) < 0)
			err(1, "seteuid");
		if (shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600) < 0)
			err(1, "shmget");
		if (semget(IPC_PRIVATE, 1, IPC_CREAT | 0600) < 0)
			err(1, "semget");
		if (msgget(IPC_PRIVATE, IPC_CREAT | 0600) < 0)
			err(1, "msgget");
		if (owners > 0 && seteuid(0) < 0)
			err(1, "seteuid");
	}
	printf("%d %d %d\n", count, count, count);
	return 0;
}

/* The machine's own objects must never be removed: only a namespace other than the one in
 * which run-bats was started is emptied. */
static void
refuse_outer_namespace(void)
{
	const char *outer = getenv("IPCTOOL_OUTER_IPC_NS");
	char here[64];
	ssize_t length = readlink("/proc/self/ns/ipc", here, sizeof here - 1);

	if (!outer || !*outer)
		errx(1, "wipe: not in a private namespace: no IPCTOOL_OUTER_IPC_NS");
	if (length < 0)
		err(1, "/proc/self/ns/ipc");
	here[length] = '\0';
	if (strcmp(outer, here) == 0)
		errx(1, "wipe: this is the outer IPC namespace");
}

/* The calls for the walk over the indexes of a type, which sees objects without read
 * permission too, and needs no /proc. */
static int
wipe_shm(int index)
{
	struct shmid_ds data;
	int id = shmctl(index, SHM_STAT_ANY, &data);

	/* It is already marked, and removed after its last attachment. */
	if (id >= 0 && data.shm_perm.mode & SHM_DEST)
		return 0;
	return id < 0 ? 0 : shmctl(id, IPC_RMID, NULL);
}

static int
wipe_sem(int index)
{
	struct semid_ds data;
	int id = semctl(index, 0, SEM_STAT_ANY, (union semun){ .buf = &data });

	return id < 0 ? 0 : semctl(id, 0, IPC_RMID);
}

static int
wipe_msg(int index)
{
	struct msqid_ds data;
	int id = msgctl(index, MSG_STAT_ANY, &data);

	return id < 0 ? 0 : msgctl(id, IPC_RMID, NULL);
}

static void
wipe_type(int last, int (*wipe_one)(int index), const char *name)
{
	int index;

	for (index = 0; index <= last; index++)
		if (wipe_one(index) < 0 && errno != EINVAL && errno != EIDRM)
			err(1, "wipe: %s", name);
}

/* Removes all objects but this many of the last ones of each type. */
static void
wipe_all_but(int kept)
{
	struct shm_info shm;
	struct seminfo sem;
	struct msginfo msg;
	int last;

	refuse_outer_namespace();
	last = shmctl(0, SHM_INFO, (void *)&shm);
	wipe_type(last - kept, wipe_shm, "shm");
	last = semctl(0, 0, SEM_INFO, (union semun){ .info = &sem });
	wipe_type(last - kept, wipe_sem, "sem");
	last = msgctl(0, MSG_INFO, (void *)&msg);
	wipe_type(last - kept, wipe_msg, "msg");
}

int
wipe(int argc, char **argv)
{
	need_args(argc, argv, 0, 0);
	wipe_all_but(0);
	return 0;
}

int
keep_last(int argc, char **argv)
{
	need_args(argc, argv, 0, 0);
	wipe_all_but(1);
	return 0;
}
