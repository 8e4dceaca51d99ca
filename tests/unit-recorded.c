/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the process that is recorded with an object still lives. */

#include "process/recorded.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* The fate of a child: it lives, it ends, or only its main thread ends. */
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

/* A machine with a correct clock at boot, in the initial PID namespace. */
static struct context
right_context(void)
{
	struct context c = { 0 };

	context_start(&c);
	c.sees_all = true;
	c.clocks.then_is_known = true;
	c.clocks.boot_by_then = c.clocks.boot_by_today;
	return c;
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
	struct context c = right_context();
	uid_t me = getuid(), other = me + 1;
	struct object mine = object_of(me, me);
	struct object others = object_of(other, other);
	struct object given = object_of(other, me);
	struct object taken = object_of(me, other);
	pid_t pid = start(LIVES, "child");
	time_t now = time(NULL);

	is_int(recorded_life(&c, pid, now, &mine), LIFE_ALIVE, "it lived at that time");
	is_int(recorded_life(&c, pid, now, &others), LIFE_ALIVE,
		"it lived at that time, whatever the owner is");
	is_int(recorded_life(&c, pid, now + 1000, &others), LIFE_ALIVE,
		"it lived long before that time");
	is_int(recorded_life(&c, pid, now - 10, &others), LIFE_ENDED,
		"it started later, and is neither the owner's nor the creator's");
	is_int(recorded_life(&c, pid, 0, &others), LIFE_ENDED, "it started much later");
	is_int(recorded_life(&c, pid, now - 10, &mine), LIFE_ALIVE,
		"it started later, and is the owner's");
	is_int(recorded_life(&c, pid, now - 10, &taken), LIFE_ALIVE,
		"it started later, and is the owner's, who is not the creator");
	is_int(recorded_life(&c, pid, now - 10, &given), LIFE_ALIVE,
		"it started later, and is the creator's");
	stop(pid);
	is_int(recorded_life(&c, pid, now, &mine), LIFE_ENDED, "it has ended");
}

/* The clock may have been set since boot. */
static void
test_clocks(void)
{
	struct context c = right_context();
	struct object others = object_of(getuid() + 1, getuid() + 1);
	pid_t pid = start(LIVES, "child");
	time_t now = time(NULL);

	is_int(recorded_life(&c, pid, now, &others), LIFE_ALIVE,
		"it started in the same second");
	c.clocks.boot_by_today += 3600;
	is_int(recorded_life(&c, pid, now, &others), LIFE_ALIVE,
		"one clock says that it started later, the other one that it did not");
	c.clocks.boot_by_then += 3600;
	is_int(recorded_life(&c, pid, now, &others), LIFE_ENDED,
		"both clocks say that it started later");
	c.clocks.boot_by_today -= 3600;
	is_int(recorded_life(&c, pid, now, &others), LIFE_ALIVE,
		"today's clock says that it lived at that time");
	c.clocks.boot_by_today += 3600;
	c.clocks.then_is_known = false;
	is_int(recorded_life(&c, pid, now, &others), LIFE_ALIVE,
		"the clock at boot is not known");
	c = right_context();
	c.proc_is_ours = false;
	is_int(recorded_life(&c, pid, 0, &others), LIFE_ALIVE,
		"/proc shows other processes");
	stop(pid);
}

static void
test_dead(void)
{
	struct context c = right_context();
	struct object mine = object_of(getuid(), getuid());
	time_t now = time(NULL);
	pid_t pid = start(ENDS, "child");

	is_int(recorded_life(&c, pid, now, &mine), LIFE_ENDED, "a zombie");
	stop(pid);
	is_int(recorded_life(&c, 0, now, &mine), LIFE_UNSEEN, "no pid");
	is_int(recorded_life(&c, -1, now, &mine), LIFE_UNSEEN, "a pid below 0");
	c.alone = true;
	is_int(recorded_life(&c, 0, now, &mine), LIFE_ENDED,
		"no pid, and no process outside the namespace");
	is_int(recorded_life(&c, 0x7fffffff, now, &mine), LIFE_ENDED,
		"an impossible pid");
	pid = start(LEAVES_THREADS, "child");
	is_int(recorded_life(&c, pid, now, &mine), LIFE_ALIVE,
		"only its main thread has ended");
	stop(pid);
}

/* /proc/PID/stat has the name of a process without escapes. */
static void
test_names(void)
{
	struct context c = right_context();
	static const char *const names[] = { ") Z 1 1 1 (", "a) Z (b", "(", "", " ",
		"\n" };
	struct object mine = object_of(getuid(), getuid());

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		pid_t pid = start(LIVES, names[i]);

		is_int(recorded_life(&c, pid, time(NULL), &mine), LIFE_ALIVE,
			"a strange name, number %zu", i);
		stop(pid);
	}
}

int
main(void)
{
	test_living();
	test_clocks();
	test_dead();
	test_names();
	return done_testing();
}
