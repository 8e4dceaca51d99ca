/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/proc.h"

#include <errno.h>
#include <linux/capability.h>
#include <mntent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kind/access.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/num.h"

void
proc_path(char path[PROC_PATH], pid_t pid, pid_t tid, const char *file)
{
	if (tid == pid)
		snprintf(path, PROC_PATH, "/proc/%d/%s", (int)pid, file);
	else
		snprintf(
			path, PROC_PATH, "/proc/%d/task/%d/%s", (int)pid, (int)tid, file);
}

/* Skips from one field to a later one, with the numbers of proc_pid_stat(5). */
static const char *
skip_to(const char *p, int from, int to)
{
	for (; p != NULL && from < to; from++) {
		p = strchr(p, ' ');
		p += p != NULL;
	}
	return p;
}

/* Skips to a later field and parses it. */
static int
read_field(const char **p, int from, int to, uint64_t max, uint64_t *number)
{
	*p = skip_to(*p, from, to);
	return *p == NULL ? -1 : num_scan(p, 10, max, number);
}

enum { PF_KTHREAD = 0x00200000 }; /* include/linux/sched.h */

/* Parses the line of a thread.  The state is that of this thread only. */
static int
parse_stat(const char *text, struct proc *process, char *state)
{
	uint64_t parent, leader, flags, threads;
	const char *p, *session, *name;
	size_t len;

	/* The name is in parentheses and may contain any characters, even parentheses. */
	name = strchr(text, '(');
	p = strrchr(text, ')');
	if (name == NULL || p == NULL || p <= name)
		return -1;
	len = p - name;
	if (len > sizeof process->name)
		len = sizeof process->name;
	strlcpy(process->name, name + 1, len);
	p = skip_to(p, 2, 3);
	if (p == NULL)
		return -1;
	*state = *p;
	/* do_task_stat() of the kernel has no session for a process that it is releasing:
	 * that process has ended. */
	session = skip_to(p, 3, 6);
	if (session != NULL && strncmp(session, "-1 ", 3) == 0) {
		errno = ESRCH;
		return -1;
	}
	if (read_field(&p, 3, 4, INT32_MAX, &parent) < 0 ||
		read_field(&p, 4, 6, INT32_MAX, &leader) < 0 ||
		read_field(&p, 6, 9, UINT64_MAX, &flags) < 0 ||
		read_field(&p, 9, 20, INT32_MAX, &threads) < 0 ||
		read_field(&p, 20, 22, UINT64_MAX, &process->start) < 0)
		return -1;
	process->parent = parent;
	process->session = leader;
	process->threads = threads;
	process->is_kernel = flags & PF_KTHREAD;
	return 0;
}

static int
read_thread(pid_t tid, struct proc *p, char *state)
{
	char path[64], text[2048];
	ssize_t len;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)tid);
	len = file_read(path, text, sizeof text);
	if (len < 0)
		return -1;
	errno = EIO;
	return len == 0 ? -1 : parse_stat(text, p, state);
}

static bool
is_dead(char state)
{
	return state == 'Z' || state == 'X';
}

int
proc_read(pid_t pid, struct proc *p)
{
	char state;

	if (read_thread(pid, p, &state) < 0)
		return -1;
	/* The other threads may live on after the main one has ended. */
	p->is_zombie = is_dead(state) && p->threads <= 1;
	return 0;
}

bool
proc_has_left(int error)
{
	return error == ENOENT || error == ESRCH;
}

/* Parses the numbers of a line of status, "\nUid:\t1\t2...".  Returns their number, or
 * -1. */
static int
read_numbers(const char *text, const char *name, uint32_t *numbers, size_t max)
{
	const char *p = strstr(text, name);
	uint64_t number;
	size_t count;

	if (p == NULL)
		return -1;
	p += strlen(name);
	for (count = 0; count < max; count++) {
		p += strspn(p, " \t");
		if (*p == '\n')
			break;
		if (num_scan(&p, 10, UINT32_MAX, &number) < 0)
			return -1;
		numbers[count] = number;
	}
	return count;
}

/* Reads the supplementary groups, of which there may be 65536. */
static int
read_groups(const char *text, struct buf *gids)
{
	const char *p = strstr(text, "\nGroups:");
	uint64_t gid;

	if (p == NULL)
		return -1;
	for (p += strlen("\nGroups:"); p += strspn(p, " \t"), *p != '\n';) {
		if (num_scan(&p, 10, UINT32_MAX, &gid) < 0)
			return -1;
		buf_add(gids, &(gid_t){ gid }, sizeof(gid_t));
	}
	return 0;
}

int
proc_read_ids(pid_t tid, struct proc_ids *ids)
{
	struct buf text = { 0 };
	char path[64];
	gid_t gids[4];
	int rc = -1;

	ids->gids.len = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
	if (file_read_all(path, &text) == 0) {
		const char *status = buf_text(&text);

		if (read_numbers(status, "\nUid:", ids->uids, 4) == 4 &&
			read_numbers(status, "\nGid:", gids, 4) == 4) {
			buf_add(&ids->gids, &gids[1], sizeof gids[1]);
			buf_add(&ids->gids, &gids[3], sizeof gids[3]);
			rc = read_groups(status, &ids->gids);
		}
		errno = EIO;
	}
	buf_free(&text);
	return rc;
}

int
proc_is_alive(pid_t pid)
{
	struct proc p;

	if (kill(pid, 0) < 0 && errno == ESRCH)
		return 0;
	if (proc_read(pid, &p) == 0)
		return !p.is_zombie;
	/* The process may have been reaped meanwhile. */
	if (!proc_has_left(errno))
		return -1;
	return kill(pid, 0) < 0 && errno == ESRCH ? 0 : -1;
}

bool
proc_is_zombie(pid_t tid)
{
	struct proc p;
	char state;

	return read_thread(tid, &p, &state) == 0 && is_dead(state);
}

bool
proc_is_stopped(pid_t tid)
{
	struct proc p;
	char state;

	return read_thread(tid, &p, &state) == 0 && (state == 'T' || state == 't');
}

int
proc_command(pid_t pid, struct buf *name)
{
	char path[64], text[256];
	ssize_t len;

	snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
	len = file_read(path, text, sizeof text);
	if (len <= 0)
		return -1;
	buf_add(name, text, text[len - 1] == '\n' ? len - 1 : len);
	return 0;
}

bool
proc_initial_namespace(void)
{
	enum { PROC_PID_INIT_INO = 0xeffffffc }; /* include/linux/proc_ns.h */
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == PROC_PID_INIT_INO;
}

bool
proc_are_ours(void)
{
	struct buf text = { 0 };
	uint32_t pids[2];
	bool ours;

	/* The line has one pid for each namespace, from that of /proc down to ours
	 * (proc_pid_status(5)). */
	ours = file_read_all("/proc/self/status", &text) == 0 &&
		read_numbers(buf_text(&text), "\nNSpid:", pids, 2) == 1 &&
		(pid_t)pids[0] == getpid();
	buf_free(&text);
	return ours;
}

bool
proc_hides(void)
{
	static const char *const words[] = { "hidepid=2", "hidepid=4",
		"hidepid=invisible", "hidepid=ptraceable" };
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *m;
	bool hides = true; /* until the mount of /proc was read */

	while (mounts != NULL && (m = getmntent(mounts)) != NULL) {
		if (strcmp(m->mnt_dir, "/proc") != 0)
			continue;
		hides = false; /* the last mount counts, which hides the others */
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			hides |= hasmntopt(m, words[i]) != NULL;
	}
	if (mounts != NULL) {
		hides |= ferror(mounts) != 0;
		endmntent(mounts);
	}
	return hides && !access_has_over_processes(CAP_SYS_PTRACE);
}
