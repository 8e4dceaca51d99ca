/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/read.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "process/proc.h"
#include "waits/stat.h"

/* Signals whose handlers clean up after a fault, or that threads of the C library send to
 * each other: they are not expected to release anything. */
#define BIT(signo) ((uint64_t)1 << ((signo)-1))
#define HARMLESS \
	(BIT(SIGQUIT) | BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGABRT) | BIT(SIGBUS) | \
		BIT(SIGFPE) | BIT(SIGSEGV) | BIT(SIGPIPE) | BIT(SIGSYS) | BIT(32) | \
		BIT(33) | BIT(SIGCHLD))

const char *
read_label(const char *text, const char *label)
{
	size_t len = strlen(label);

	for (const char *p = text; p != NULL && *p != '\0';) {
		if (strncmp(p, label, len) == 0)
			return p + len;
		p = strchr(p, '\n');
		p += p != NULL;
	}
	return NULL;
}

/* The index of a thread of the process that has not ended. */
static const struct thread *
living_thread(const struct world *w, const struct process *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (w->threads[p->first + i].state != 'Z')
			return &w->threads[p->first + i];
	return NULL;
}

void
read_path(char path[READ_PATH], const struct world *w, const struct process *p,
	const char *name)
{
	const struct thread *t = living_thread(w, p);

	if (t == NULL || t->tid == p->pid)
		snprintf(path, READ_PATH, "/proc/%d/%s", (int)p->pid, name);
	else
		snprintf(path, READ_PATH, "/proc/%d/task/%d/%s", (int)p->pid, (int)t->tid,
			name);
}

int
read_file(const struct world *w, const struct process *p, const char *name,
	struct buf *text)
{
	char path[READ_PATH];

	text->len = 0;
	read_path(path, w, p, name);
	return file_read_all(path, text);
}

bool
read_memory(pid_t tid, uint64_t address, void *to, size_t size)
{
	struct iovec local = { to, size };
	struct iovec remote = { (void *)(uintptr_t)address, size };

	return process_vm_readv(tid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

/* FNV-1a. */
static uint64_t
hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	return h;
}

static ssize_t
read_of_thread(pid_t pid, pid_t tid, const char *name, char *text, size_t size)
{
	char path[READ_PATH];

	/* The same for the main thread, and half the way. */
	if (tid == pid)
		snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	else
		snprintf(path, sizeof path, "/proc/%d/task/%d/%s", (int)pid, (int)tid,
			name);
	return file_read(path, text, size);
}

/* The third number of schedstat, UINT64_MAX if there is none. */
static uint64_t
read_turns(pid_t pid, pid_t tid)
{
	char text[96];
	uint64_t number = UINT64_MAX;
	const char *p = text;

	if (read_of_thread(pid, tid, "schedstat", text, sizeof text) < 0)
		return UINT64_MAX;
	for (int i = 0; i < 3; i++) {
		if (num_scan(&p, 10, UINT64_MAX, &number) < 0)
			return UINT64_MAX;
		p += *p == ' ';
	}
	return number;
}

enum { STAT_ROOM = 1024 };

static void
read_stat(struct thread *t, pid_t pid)
{
	char text[STAT_ROOM];

	if (read_of_thread(pid, t->tid, "stat", text, sizeof text) > 0)
		stat_of_thread(t, text);
}

/* Parses the line of a thread.  A 32-bit program has its stack below 4 GiB. */
static void
parse_call(struct thread *t, pid_t pid, const char *line)
{
	struct call call;

	t->line = hash(line);
	if (call_parse(line, false, &call) && call.stack > UINT32_MAX) {
		t->call = call;
		return;
	}
	/* A 64-bit program can make 32-bit calls (int 0x80), which look like those of
	 * System V here only. */
	if (!call_parse(line, true, &call))
		return;
	if (call.stack > UINT32_MAX && call.form->does > CALL_MSGRCV)
		return;
	if (call.stack > UINT32_MAX || call_is_32bit(pid, t->tid) == 1 ||
		call_parse(line, false, &call))
		t->call = call;
}

/* What is read at the moment. */
struct reading {
	struct world *w;
	struct process *p;
	const char *stat; /* the line of the process, if that has one thread; or NULL */
	struct buf text;
};

/* 0, or -1 with errno if the thread may not be examined. */
static int
read_thread_now(struct reading *r, pid_t tid)
{
	struct world *w = r->w;
	struct process *p = r->p;
	struct thread t = {
		.tid = tid,
		.process = w->processes_count,
		.turns = UINT64_MAX,
		.need = NEED_EVENT,
		.timeout = -1,
		.resource = NONE,
		.semaphore = -1,
		.waited = -1,
		.cpu = -1,
	};
	char line[256];

	if (read_of_thread(p->pid, tid, "syscall", line, sizeof line) < 0)
		return proc_has_left(errno) ? 0 : -1;
	if (strncmp(line, "running", strlen("running")) == 0) {
		t.state = 'R';
	} else {
		if (r->stat != NULL)
			stat_of_thread(&t, r->stat);
		else
			read_stat(&t, p->pid);
		/* The kernel shows our own call although we run. */
		if (t.state != 'R')
			parse_call(&t, p->pid, line);
	}
	if (t.state == 'Z' || t.state == 'X')
		return 0;
	if (t.call.form != NULL)
		t.name = t.call.form->name;
	if (t.state != 'R')
		t.turns = read_turns(p->pid, tid);
	w->threads = xgrow(w->threads, w->threads_count, sizeof *w->threads);
	w->threads[w->threads_count++] = t;
	p->count++;
	return 0;
}

/* Lists a directory of numbers.  0, or -1 with errno. */
static int
each_number(const char *path, int (*take)(void *arg, pid_t number), void *arg)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);
	uint64_t number;
	int error;

	if (dir == NULL)
		return -1;
	while (errno = 0, (entry = readdir(dir)) != NULL)
		if (num_range(entry->d_name, 1, INT32_MAX, &number) == 0 &&
			take(arg, number) < 0) {
			error = errno;
			closedir(dir);
			errno = error;
			return -1;
		}
	error = errno;
	closedir(dir);
	errno = error;
	return error == 0 ? 0 : -1;
}

static int
take_thread(void *arg, pid_t tid)
{
	struct reading *r = arg;

	return read_thread_now(r, tid);
}

/* The numbers of a line of status: one for each PID namespace. */
static unsigned
read_inner(const char *text, const char *label, pid_t **list)
{
	const char *p = read_label(text, label);
	unsigned count = 0;
	uint64_t number;

	while (p != NULL && (p += strspn(p, "\t ")) && *p != '\n' &&
		num_scan(&p, 10, INT32_MAX, &number) == 0) {
		*list = xgrow(*list, count, sizeof **list);
		(*list)[count++] = number;
	}
	return count;
}

static void
read_process_status(struct reading *r, struct process *p)
{
	char path[READ_PATH];
	uint64_t caught, number;
	const char *at, *text;

	r->text.len = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)p->pid);
	if (file_read_all(path, &r->text) < 0)
		return;
	text = buf_text(&r->text);
	if ((at = read_label(text, "Uid:\t")) != NULL &&
		num_scan(&at, 10, UINT32_MAX, &number) == 0)
		p->uid = number;
	if ((at = read_label(text, "TracerPid:\t")) != NULL &&
		num_scan(&at, 10, INT32_MAX, &number) == 0)
		p->tracer = number;
	if ((at = read_label(text, "SigCgt:\t")) != NULL &&
		num_scan(&at, 16, UINT64_MAX, &caught) == 0) {
		p->handles_child = caught & BIT(SIGCHLD);
		p->handles = ffsll(caught & ~HARMLESS);
	}
	p->depth = read_inner(text, "NSpid:", &p->inner);
	if (read_inner(text, "NSpgid:", &p->inner_group) != p->depth)
		p->depth = 0;
}

/* Reads the threads.  If they may not be examined, the process has none.  A process with
 * one thread needs no list of them; if another one starts meanwhile, the second look sees
 * that there are more. */
static void
read_threads(struct reading *r, struct process *p)
{
	char path[READ_PATH];
	int rc;

	r->p = p;
	snprintf(path, sizeof path, "/proc/%d/task", (int)p->pid);
	rc = r->stat != NULL ? read_thread_now(r, p->pid)
			     : each_number(path, take_thread, r);
	if (rc < 0) {
		p->is_unread = !proc_has_left(errno);
		p->has_left = proc_has_left(errno);
		r->w->threads_count = p->first;
		p->count = 0;
	}
}

static int
take_process(void *arg, pid_t pid)
{
	struct reading *r = arg;
	struct world *w = r->w;
	struct process p = { .pid = pid, .first = w->threads_count };
	char path[READ_PATH], text[STAT_ROOM];

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	if (file_read(path, text, sizeof text) <= 0) {
		/* Another error than that it has ended leaves it unknown. */
		if (proc_has_left(errno))
			return 0;
		p.is_unread = true;
	} else if (stat_of_process(&p, text) == '\0') {
		p.is_unread = true;
	}
	r->stat = !p.is_unread && p.tasks == 1 ? text : NULL;
	if (!p.is_kernel && !p.is_zombie && !p.is_unread) {
		read_threads(r, &p);
		read_process_status(r, &p);
	}
	w->unread += p.is_unread;
	w->processes = xgrow(w->processes, w->processes_count, sizeof *w->processes);
	w->processes[w->processes_count++] = p;
	return 0;
}

static void
find_parents(struct world *w)
{
	for (size_t i = 0; i < w->processes_count; i++)
		w->processes[i].parent_index = world_find(w, w->processes[i].parent);
}

int
read_world(struct world *w)
{
	struct reading r = { .w = w };
	int rc;

	*w = (struct world){ .in_transit = NONE, .separate = NONE, .registered = NONE };
	/* The kernel lists them by pid. */
	rc = each_number("/proc", take_process, &r);
	find_parents(w);
	buf_free(&r.text);
	return rc;
}

bool
read_again(const struct world *w, const struct thread *t)
{
	const struct process *p = world_process_of(w, t);
	struct thread now = { .tid = t->tid };
	char line[256], text[STAT_ROOM];

	if (read_of_thread(p->pid, t->tid, "syscall", line, sizeof line) < 0 ||
		hash(line) != t->line ||
		read_of_thread(p->pid, t->tid, "stat", text, sizeof text) <= 0)
		return false;
	stat_of_thread(&now, text);
	return now.state == t->state && stat_tasks(text) == p->tasks &&
		read_turns(p->pid, t->tid) == t->turns;
}

static int
take_known(void *arg, pid_t pid)
{
	errno = 0;
	return world_find(arg, pid) == NONE ? -1 : 0;
}

bool
read_has_new(const struct world *w)
{
	return each_number("/proc", take_known, (void *)w) < 0;
}
