/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * /proc/PID/stat and /proc/PID/status.  The input is the content of the file, or, if it
 * starts with a NUL, the facts of a process that the file of a kernel tells.  The linker
 * replaces the functions that read the files (-Wl,--wrap).
 */

#include "process/proc.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz.h"
#include "lib/file.h"
#include "waits/stat.h"

static struct buf content;

ssize_t __wrap_file_read(const char *path, char *text, size_t size);
int __wrap_file_read_all(const char *path, struct buf *b);

ssize_t
__wrap_file_read(const char *path, char *text, size_t size)
{
	size_t len = content.len < size - 1 ? content.len : size - 1;

	(void)path;
	memcpy(text, buf_text(&content), len);
	text[len] = '\0';
	return len;
}

int
__wrap_file_read_all(const char *path, struct buf *b)
{
	(void)path;
	buf_add(b, buf_text(&content), content.len);
	return 0;
}

/* The same line as those who look for waiting threads take it. */
static void
check_waits(const struct proc *p)
{
	struct process process = { 0 };
	struct thread thread = { 0 };
	char state = stat_of_process(&process, buf_text(&content));

	stat_of_thread(&thread, buf_text(&content));
	require(memchr(process.name, '\0', sizeof process.name) != NULL);
	require(state == '\0' || thread.state == state);
	if (p == NULL)
		return;
	require(strcmp(process.name, p->name) == 0 && process.parent == p->parent);
	require(process.is_kernel == p->is_kernel && process.is_zombie == p->is_zombie);
	require((stat_tasks(buf_text(&content)) == 1) == (p->threads == 1));
}

/* What can be anything. */
static void
check_any(void)
{
	struct proc_ids ids = { 0 };
	struct buf name = { 0 };
	struct proc p;

	if (proc_read(1, &p) == 0)
		require(memchr(p.name, '\0', sizeof p.name) != NULL && p.parent >= 0 &&
			p.session >= 0);
	if (proc_read_ids(1, &ids) == 0)
		require(ids.gids.len % sizeof(gid_t) == 0 &&
			ids.gids.len >= 2 * sizeof(gid_t));
	require(proc_is_alive(1) != 0 || proc_read(1, &p) == 0);
	proc_is_zombie(1);
	proc_is_stopped(1);
	if (proc_command(1, &name) == 0)
		require(name.len <= 255);
	buf_free(&name);
	buf_free(&ids.gids);
	check_waits(NULL);
}

/* A line as do_task_stat() of the kernel writes it. */
static void
check_stat(struct input *in)
{
	static const char states[] = "RSDTtZXI";
	char state = states[input_byte(in) % (sizeof states - 1)];
	int parent = (int)(input_number(in) & INT_MAX);
	int session = (int)(input_number(in) & INT_MAX);
	unsigned flags = (unsigned)input_number(in);
	int threads = (int)(input_number(in) & INT_MAX);
	uint64_t start = input_number(in);
	char *name = input_until(in, '\0');
	struct proc p;

	name[strnlen(name, 15)] = '\0';
	content.len = 0;
	buf_printf(&content,
		"1 (%s) %c %d 1 %d -1 -1 %u 1 2 3 4 5 6 7 8 20 0 %d 0 %" PRIu64
		" 9 10 11\n",
		name, state, parent, session, flags, threads, start);
	require(proc_read(1, &p) == 0);
	require(p.parent == parent && p.session == session && p.start == start);
	require(p.threads == (unsigned)threads && strcmp(p.name, name) == 0);
	require(p.is_kernel == ((flags & 0x00200000) != 0));
	require(p.is_zombie == ((state == 'Z' || state == 'X') && threads <= 1));
	require(proc_is_zombie(1) == (state == 'Z' || state == 'X'));
	require(proc_is_stopped(1) == (state == 'T' || state == 't'));
	check_waits(&p);
	/* Cut short, it is never taken for the whole line. */
	content.len = (size_t)(strrchr(buf_text(&content), ')') - content.data) + 1;
	require(proc_read(1, &p) < 0 && errno == EIO);
	free(name);
}

/* Lines as proc_pid_status() writes them, among others. */
static void
check_status(struct input *in)
{
	uint32_t uids[4], gids[4];
	struct proc_ids ids = { 0 };
	struct buf groups = { 0 };

	for (int i = 0; i < 4; i++)
		uids[i] = (uint32_t)input_number(in);
	for (int i = 0; i < 4; i++)
		gids[i] = (uint32_t)input_number(in);
	buf_add(&groups, &gids[1], sizeof(gid_t));
	buf_add(&groups, &gids[3], sizeof(gid_t));
	content.len = 0;
	/* The kernel escapes a newline in the name. */
	buf_printf(&content, "Name:\tUid:\nUmask:\t0022\nUid:\t%u\t%u\t%u\t%u\n", uids[0],
		uids[1], uids[2], uids[3]);
	buf_printf(&content, "Gid:\t%u\t%u\t%u\t%u\nFDSize:\t64\nGroups:\t", gids[0],
		gids[1], gids[2], gids[3]);
	while (in->left >= 8) {
		gid_t gid = (gid_t)input_number(in);

		buf_printf(&content, "%u ", gid);
		buf_add(&groups, &gid, sizeof gid);
	}
	buf_str(&content, "\nNStgid:\t1\n");
	require(proc_read_ids(1, &ids) == 0);
	require(memcmp(ids.uids, uids, sizeof uids) == 0);
	require(fuzz_has(&ids.gids, groups.data, groups.len));
	buf_free(&groups);
	buf_free(&ids.gids);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	if (size > 0 && *data == 0) {
		struct input same;

		input_byte(&in);
		same = in;
		check_stat(&in);
		check_status(&same);
	} else {
		buf_add(&content, data, size);
		check_any();
	}
	buf_free(&content);
	return 0;
}
