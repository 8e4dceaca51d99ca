/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proc.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "num.h"

/* Reads a file of /proc/PID. */
static ssize_t
read_file(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	return file_read(path, text, size);
}

/* What is needed of /proc/PID/stat. */
struct process {
	char state;
	uint64_t parent;
	uint64_t flags;
	uint64_t start; /* in ticks since boot */
};

/* Moves to a field, counted as in proc_pid_stat(5), from one before it. */
static const char *
skip_to(const char *p, int from, int to)
{
	for (; p != NULL && from < to; from++) {
		p = strchr(p, ' ');
		p += p != NULL;
	}
	return p;
}

static int
read_stat(pid_t pid, struct process *process)
{
	char text[4096];
	const char *p;

	if (read_file(pid, "stat", text, sizeof text) <= 0)
		return -1;
	/* The name stands in parentheses and may hold anything, parentheses too. */
	p = skip_to(strrchr(text, ')'), 2, 3);
	if (p == NULL)
		return -1;
	process->state = *p;
	p = skip_to(p, 3, 4);
	if (p == NULL || num_scan(&p, 10, INT32_MAX, &process->parent) < 0)
		return -1;
	p = skip_to(p, 4, 9);
	if (p == NULL || num_scan(&p, 10, UINT64_MAX, &process->flags) < 0)
		return -1;
	p = skip_to(p, 9, 22);
	return p == NULL ? -1 : num_scan(&p, 10, UINT64_MAX, &process->start);
}

/* Whether a process has threads beside its main one, which has ended. */
static bool
has_threads(pid_t pid)
{
	char path[64];
	struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (dir == NULL)
		return errno != ENOENT;
	while ((entry = readdir(dir)) != NULL)
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count > 1;
}

/* Seconds since the epoch at which a process started that started after so many ticks. */
static double
started(uint64_t ticks)
{
	struct timespec now, up;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	return now.tv_sec - up.tv_sec + (now.tv_nsec - up.tv_nsec) / 1e9 +
		(double)ticks / sysconf(_SC_CLK_TCK);
}

int
proc_uids(pid_t pid, uid_t uids[4], unsigned *threads)
{
	char text[4096];
	const char *p;
	uint64_t count;

	if (read_file(pid, "status", text, sizeof text) <= 0)
		return -1;
	errno = EIO;
	p = strstr(text, "\nUid:");
	if (p == NULL)
		return -1;
	p += strlen("\nUid:");
	for (int i = 0; i < 4; i++) {
		uint64_t uid;

		p += strspn(p, " \t");
		if (num_scan(&p, 10, UINT32_MAX, &uid) < 0)
			return -1;
		uids[i] = uid;
	}
	p = strstr(p, "\nThreads:\t");
	if (p == NULL)
		return -1;
	p += strlen("\nThreads:\t");
	if (num_scan(&p, 10, UINT32_MAX, &count) < 0)
		return -1;
	*threads = count;
	return 0;
}

/* Whether a process runs, in whatever way, under the owner's or the creator's uid. */
static bool
runs_as_user_of(pid_t pid, const struct object *o)
{
	uid_t uids[4];
	unsigned threads;

	if (proc_uids(pid, uids, &threads) < 0)
		return true;
	for (int i = 0; i < 4; i++)
		if (uids[i] == o->fact[FACT_UID] || uids[i] == o->fact[FACT_CUID])
			return true;
	return false;
}

static bool
is_zombie(const struct process *process)
{
	return process->state == 'Z' || process->state == 'X';
}

static bool
has_ended(pid_t pid, const struct process *process)
{
	return is_zombie(process) && !has_threads(pid);
}

enum life
proc_life(pid_t pid, time_t when, const struct object *o)
{
	struct process process;

	if (pid <= 0)
		return LIFE_UNKNOWN;
	if (kill(pid, 0) < 0 && errno == ESRCH)
		return LIFE_GONE;
	if (!proc_are_ours() || read_stat(pid, &process) < 0)
		return LIFE_ALIVE;
	if (has_ended(pid, &process))
		return LIFE_GONE;
	/* The time is cut to whole seconds, so over one second is for sure only beyond two. */
	if (started(process.start) - (double)when > 2 && !runs_as_user_of(pid, o))
		return LIFE_GONE;
	return LIFE_ALIVE;
}

pid_t
proc_parent(pid_t pid)
{
	struct process process;

	return read_stat(pid, &process) < 0 ? 0 : process.parent;
}

bool
proc_is_kernel_thread(pid_t pid)
{
	enum { PF_KTHREAD = 0x00200000 }; /* include/linux/sched.h */
	struct process process;

	return read_stat(pid, &process) == 0 && (process.flags & PF_KTHREAD);
}

bool
proc_has_ended(pid_t pid)
{
	struct process process;

	/* It may have been reaped since somebody saw it. */
	if (read_stat(pid, &process) < 0)
		return kill(pid, 0) < 0 && errno == ESRCH;
	return has_ended(pid, &process);
}

bool
proc_is_zombie(pid_t tid)
{
	struct process process;

	return read_stat(tid, &process) == 0 && is_zombie(&process);
}

int
proc_recorded(
	const struct object *o, const struct recorded *r, pid_t *pid, enum life *life)
{
	time_t when;

	if (!object_has(o, UINT64_C(1) << r->pid))
		return -1;
	when = object_latest(o, r->times);
	*pid = o->fact[r->pid];
	if (*pid == 0 && when == 0)
		return -1;
	*life = proc_life(*pid, when, o);
	return 0;
}

int
proc_command(pid_t pid, struct buf *name)
{
	char text[256];
	ssize_t len = read_file(pid, "comm", text, sizeof text);

	if (len <= 0)
		return -1;
	buf_add(name, text, text[len - 1] == '\n' ? len - 1 : len);
	return 0;
}

bool
proc_initial_namespace(void)
{
	enum { PROC_PID_INIT_INO = 0xeffffffc }; /* include/linux/proc_ns.h */
	static int initial = -1;
	struct stat st;

	if (initial < 0)
		initial = stat("/proc/self/ns/pid", &st) == 0 &&
			st.st_ino == PROC_PID_INIT_INO;
	return initial;
}

bool
proc_are_ours(void)
{
	static int ours = -1;
	char text[4096];
	const char *p;
	uint64_t pid;

	if (ours >= 0)
		return ours;
	/* One number for each namespace from that of /proc down to ours (proc_pid_status(5)). */
	ours = file_read("/proc/self/status", text, sizeof text) > 0 &&
		(p = strstr(text, "\nNSpid:\t")) != NULL &&
		(p += strlen("\nNSpid:\t"), num_scan(&p, 10, INT32_MAX, &pid) == 0) &&
		*p == '\n' && (pid_t)pid == getpid();
	return ours;
}
