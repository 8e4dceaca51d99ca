/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file of a message queue.  The input is its content; or, if it starts with a NUL, the
 * numbers that the file of a kernel tells. */

#include <err.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>

#include "tests/fuzz.h"
#include "posix/dir.h"
#include "posix/name.h"

#define STATUS (FACT(SIZE) | FACT(NOTIFY) | FACT(SIGNO) | FACT(NOTIFY_PID))

/* Reads a file with this content as that of a queue. */
static void
read_queue(const void *content, size_t len, struct object *o)
{
	const struct posix_dir dir = { .fd = -1, .may_open = true };
	const char *path = fuzz_file(content, len);
	struct stat st;

	if (stat(path, &st) < 0)
		err(1, "%s", path);
	*o = (struct object){ .kind = &posix_pmsg.kind };
	object_set(o, FACT_DEVICE, st.st_dev);
	object_set(o, FACT_INODE, st.st_ino);
	posix_pmsg.read_contents(&dir, path, STATUS, o);
}

static void
check_any(const uint8_t *data, size_t size)
{
	struct object o;

	read_queue(data, size, &o);
	/* All of it is known, or nothing. */
	require(object_has(&o, STATUS) || (o.have & STATUS) == 0);
	if ((o.have & STATUS) == 0)
		return;
	require(o.fact[FACT_NOTIFY] <= NOTIFY_THREAD);
	require(o.fact[FACT_NOTIFY_PID] != 0 ||
		(o.fact[FACT_NOTIFY] == NOTIFY_NONE && o.fact[FACT_SIGNO] == 0));
}

/* As mqueue_read_file() of the kernel writes it. */
static void
check_kernel(struct input *in)
{
	uint64_t size = input_number(in);
	int form = (int)(input_byte(in) % 4), signo = (int)(input_byte(in) % 65);
	int pid = (int)(input_number(in) & INT_MAX);
	struct buf text = { 0 };
	struct object o;

	buf_printf(&text, "QSIZE:%-10" PRIu64 " NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n",
		size, form, signo, pid);
	read_queue(text.data, text.len, &o);
	require(object_has(&o, STATUS) && o.fact[FACT_SIZE] == size);
	require(o.fact[FACT_NOTIFY_PID] == (uint64_t)pid);
	require(o.fact[FACT_SIGNO] == (pid == 0 ? 0 : (uint64_t)signo));
	require((o.fact[FACT_NOTIFY] == NOTIFY_SIGNAL) ==
		(pid != 0 && form == SIGEV_SIGNAL));
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	if (size > 0 && *data == 0) {
		input_byte(&in);
		check_kernel(&in);
	} else {
		check_any(data, size);
	}
	return 0;
}
