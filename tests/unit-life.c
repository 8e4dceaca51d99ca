/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the process that an object notes still lives. */

#include "../src/proc.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* What a child does: it lives on, or ends, or only its main thread does. */
enum way { LIVES, ENDS, LEAVES_THREADS };

static void *
pause_thread(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static _Noreturn void
run_child(enum way way, const char *name)
{
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, name);
	if (way == ENDS)
		_exit(0);
	if (way == LEAVES_THREADS &&
		pthread_create(&thread, NULL, pause_thread, NULL) == 0)
		pthread_exit(NULL);
	raise(SIGSTOP);
	pause_thread(NULL);
	_exit(0);
}

/* Whether the main thread of a process has become a zombie. */
static bool
is_zombie(pid_t pid)
{
	char path[64], state = '?';
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(file);
	return state == 'Z';
}

static pid_t
start(enum way way, const char *name)
{
	pid_t pid = fork();

	if (pid == 0)
		run_child(way, name);
	/* It stops once it has its name. */
	if (way == LIVES)
		waitpid(pid, NULL, WUNTRACED);
	while (way != LIVES && !is_zombie(pid))
		usleep(1000);
	return pid;
}

static void
stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static struct object
object_of(uid_t uid, uid_t cuid)
{
	struct object o = { 0 };

	object_set(&o, FACT_UID, uid);
	object_set(&o, FACT_CUID, cuid);
	return o;
}

static void
test_living(void)
{
	uid_t me = getuid(), other = me + 1;
	struct object mine = object_of(me, me);
	struct object others = object_of(other, other);
	struct object given = object_of(other, me);
	struct object taken = object_of(me, other);
	pid_t pid = start(LIVES, "child");
	time_t now = time(NULL);

	is_int(proc_life(pid, now, &mine), LIFE_ALIVE, "it was there in time");
	is_int(proc_life(pid, now, &others), LIFE_ALIVE,
		"it was there in time, whoever the owner is");
	is_int(proc_life(pid, now + 1000, &others), LIFE_ALIVE,
		"it was there long before");
	is_int(proc_life(pid, now - 10, &others), LIFE_GONE,
		"it started later, and is neither the owner's nor the creator's");
	is_int(proc_life(pid, 0, &others), LIFE_GONE, "it started ages later");
	is_int(proc_life(pid, now - 10, &mine), LIFE_ALIVE,
		"it started later, and is the owner's");
	is_int(proc_life(pid, now - 10, &taken), LIFE_ALIVE,
		"it started later, and is the owner's, who is not the creator");
	is_int(proc_life(pid, now - 10, &given), LIFE_ALIVE,
		"it started later, and is the creator's");
	stop(pid);
	is_int(proc_life(pid, now, &mine), LIFE_GONE, "it has ended");
}

static void
test_dead(void)
{
	struct object mine = object_of(getuid(), getuid());
	time_t now = time(NULL);
	pid_t pid = start(ENDS, "child");

	is_int(proc_life(pid, now, &mine), LIFE_GONE, "a zombie");
	stop(pid);
	is_int(proc_life(0, now, &mine), LIFE_UNKNOWN, "no pid");
	is_int(proc_life(-1, now, &mine), LIFE_UNKNOWN, "a pid below 0");
	is_int(proc_life(0x7fffffff, now, &mine), LIFE_GONE, "a pid that cannot be");
	pid = start(LEAVES_THREADS, "child");
	is_int(proc_life(pid, now, &mine), LIFE_ALIVE, "only its main thread has ended");
	stop(pid);
}

/* The name of a process stands in /proc/PID/stat as it is. */
static void
test_names(void)
{
	static const char *const names[] = { ") Z 1 1 1 (", "a) Z (b", "(", "", " ",
		"\n" };
	struct object mine = object_of(getuid(), getuid());

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		pid_t pid = start(LIVES, names[i]);

		is_int(proc_life(pid, time(NULL), &mine), LIFE_ALIVE,
			"a strange name, number %zu", i);
		stop(pid);
	}
}

int
main(void)
{
	test_living();
	test_dead();
	test_names();
	return done_testing();
}
