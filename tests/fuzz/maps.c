/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * /proc/PID/maps: segments, and files of POSIX objects.  The input is the file; or, if it
 * starts with a NUL, a mapping that the line of a kernel shows after what else is in the
 * input.  The linker replaces proc_path() (-Wl,--wrap).
 */

#include "process/maps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tests/fuzz.h"
#include "process/files.h"
#include "process/proc.h"

enum { MAJOR = 0xfff, MINOR = 0x7777, PAGE = 4096 }; /* no device of ours */

static const char *path;

void __real_proc_path(char room[PROC_PATH], pid_t pid, pid_t tid, const char *file);
void __wrap_proc_path(char room[PROC_PATH], pid_t pid, pid_t tid, const char *file);

void
__wrap_proc_path(char room[PROC_PATH], pid_t pid, pid_t tid, const char *file)
{
	if (strcmp(file, "maps") == 0)
		snprintf(room, PROC_PATH, "%s", path);
	else
		__real_proc_path(room, pid, tid, file);
}

/* What was found, and the last of it. */
struct found {
	size_t count;
	struct use use;
};

static void
note_segment(const struct use *use, void *data)
{
	struct found *found = data;

	require(use->kind != NULL && use->kind->mapping != NULL && use->count == 1);
	require(use->id <= INT32_MAX && use->page_size == PAGE && use->pid == 7);
	require(use->what == USE_ATTACHED || use->what == USE_ATTACHED_RO);
	found->use = *use;
	found->count++;
}

static void
note_file(const struct file_use *file, void *data)
{
	struct found *found = data;
	const struct use *use = &file->use;

	require(use->device == makedev(MAJOR, MINOR) && use->kind == NULL);
	require(use->what == USE_MAPPED_R || use->what == USE_MAPPED_RW);
	require(strlen(file->path) < 64);
	found->use = *use;
	found->count++;
}

static struct found
find_segments(void)
{
	struct found found = { 0 };
	struct maps_sink sink;

	maps_start(&sink);
	sink.found = note_segment;
	sink.data = &found;
	sink.reads_lines = true;
	for (size_t i = 0; i < kinds_count; i++)
		sink.devices[i] = (struct devices){ .found = true,
			.list = { { makedev(MAJOR, MINOR), PAGE } },
			.count = 1 };
	require(maps_read(path, 7, &sink) >= 0);
	require(sink.unknown == 0);
	maps_end(&sink);
	return found;
}

static struct found
find_files(void)
{
	dev_t device = makedev(MAJOR, MINOR);
	struct found found = { 0 };
	struct files_sink sink = {
		.devices = &device, .count = 1, .found = note_file, .data = &found
	};

	require(files_read(getpid(), &sink) == 0);
	buf_free(&sink.room);
	return found;
}

static size_t
count_lines(const struct buf *b)
{
	size_t lines = 0;

	for (size_t i = 0; i < b->len; i++)
		lines += b->data[i] == '\n';
	return lines;
}

/* A mapping is found at the end of what else there is, in lines of a possible length. */
static void
check_line(struct input *in)
{
	uint64_t from = input_number(in), to = input_number(in);
	unsigned id = (unsigned)(input_number(in) & INT32_MAX);
	unsigned key = (unsigned)input_number(in);
	bool writes = input_byte(in) & 1;
	struct buf text = { 0 };
	struct found found;

	for (size_t i = 0; i < in->left; i++)
		buf_char(&text, i % 4096 == 4095 ? '\n' : (char)in->data[i]);
	buf_printf(&text,
		"\n%08" PRIx64 "-%08" PRIx64 " r%c-s 00000000 %02x:%02x %u      "
		"                     /SYSV%08x (deleted)\n",
		from, to, writes ? 'w' : '-', MAJOR, MINOR, id, key);
	path = fuzz_file(text.data, text.len);
	found = find_segments();
	require(found.count > 0 && found.use.id == id);
	require((uint64_t)found.use.detail == from);
	require(found.use.what == (writes ? USE_ATTACHED : USE_ATTACHED_RO));
	found = find_files();
	require(found.count > 0 && found.use.id == id);
	require(found.use.what == (writes ? USE_MAPPED_RW : USE_MAPPED_R));
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct buf text = { 0 };

	if (size > 0 && *data == 0) {
		input_byte(&in);
		check_line(&in);
		return 0;
	}
	buf_add(&text, data, size);
	path = fuzz_file(text.data, text.len);
	require(find_segments().count <= count_lines(&text));
	require(find_files().count <= count_lines(&text));
	buf_free(&text);
	return 0;
}
