/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/huge.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/names.h"
#include "lib/num.h"

static const char sizes_path[] = "/sys/kernel/mm/hugepages";

bool
huge_has_size(uint64_t size)
{
	char path[128];

	/* shmget(2) takes the logarithm of the size. */
	if (size < 1024 || (size & (size - 1)) != 0)
		return false;
	snprintf(
		path, sizeof path, "%s/hugepages-%" PRIu64 "kB", sizes_path, size / 1024);
	return access(path, F_OK) == 0 || errno != ENOENT;
}

/* The size in kilobytes of the next huge page in their open directory.  Returns 0 with
 * errno on failure, and 0 with an errno of 0 at the end. */
static uint64_t
next_size(DIR *dir)
{
	static const char prefix[] = "hugepages-";
	struct dirent *entry;

	while (errno = 0, (entry = readdir(dir)) != NULL) {
		const char *p = entry->d_name + strlen(prefix);
		uint64_t kilobytes;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
			num_scan(&p, 10, UINT64_MAX / 1024, &kilobytes) == 0 &&
			kilobytes != 0)
			return kilobytes;
	}
	return 0;
}

uint64_t
huge_smallest(void)
{
	DIR *dir = opendir(sizes_path);
	uint64_t smallest = UINT64_MAX;
	uint64_t kilobytes;

	while (dir != NULL && (kilobytes = next_size(dir)) != 0)
		if (kilobytes * 1024 < smallest)
			smallest = kilobytes * 1024;
	if (dir != NULL)
		closedir(dir);
	return smallest == UINT64_MAX ? (uint64_t)sysconf(_SC_PAGESIZE) : smallest;
}

bool
huge_are_absent(void)
{
	static const char name[] = "\nHugetlb:";
	struct buf text = { 0 };
	uint64_t kilobytes = 1;

	if (file_read_all("/proc/meminfo", &text) == 0) {
		const char *p = strstr(buf_text(&text), name);

		if (p != NULL) {
			p += strlen(name);
			p += strspn(p, " ");
			num_scan(&p, 10, UINT64_MAX, &kilobytes);
		}
	}
	buf_free(&text);
	return kilobytes == 0;
}

void
huge_list_sizes(struct buf *text)
{
	DIR *dir = opendir(sizes_path);
	size_t count = 0;
	uint64_t kilobytes;
	int error = errno;

	if (dir != NULL) {
		while ((kilobytes = next_size(dir)) != 0)
			buf_printf(text, "%s%" PRIu64 "K", count++ == 0 ? "" : ", ",
				kilobytes);
		error = errno;
		closedir(dir);
	}
	/* A kernel without huge pages has no such directory. */
	if (error != 0 && error != ENOENT)
		buf_printf(text, "%sunknown (%s: %s)", count == 0 ? "" : ", others ",
			sizes_path, strerror(error));
	else if (count == 0)
		buf_str(text, "none");
}

/* The size in bytes of a huge page of the default size, 0 if there is none. */
static uint64_t
default_size(void)
{
	static const char name[] = "Hugepagesize:";
	FILE *file = fopen("/proc/meminfo", "re");
	uint64_t kilobytes = 0;
	char line[256];

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0) {
			const char *p = line + strlen(name);

			p += strspn(p, " ");
			num_scan(&p, 10, UINT64_MAX / 1024, &kilobytes);
		}
	if (file != NULL)
		fclose(file);
	return kilobytes * 1024;
}

void
huge_explain(uint64_t size, int error, struct buf *text)
{
	uint64_t usual = default_size();
	uint64_t number, reserved = 0;
	char path[128];

	if (size == 0)
		size = usual;
	if (error == EPERM &&
		file_number("/proc/sys/vm/hugetlb_shm_group", &number) == 0) {
		buf_printf(text,
			": huge pages are for CAP_IPC_LOCK and for the group %s (sysctl "
			"vm.hugetlb_shm_group)",
			names_group(number));
		return;
	}
	snprintf(path, sizeof path, "%s/hugepages-%" PRIu64 "kB/free_hugepages",
		sizes_path, size / 1024);
	if (error == ENOMEM && file_number(path, &number) == 0) {
		/* This file counts pages as free that are reserved for segments but not
		 * yet touched. */
		snprintf(path, sizeof path, "%s/hugepages-%" PRIu64 "kB/resv_hugepages",
			sizes_path, size / 1024);
		file_number(path, &reserved);
		number = number > reserved ? number - reserved : 0;
		buf_printf(text, ": %" PRIu64 " huge pages of %" PRIu64 "K are free",
			number, size / 1024);
		/* The sysctl applies to pages of the default size only. */
		if (size == usual)
			buf_str(text, " (sysctl vm.nr_hugepages)");
		else
			buf_printf(text, " (%s/hugepages-%" PRIu64 "kB/nr_hugepages)",
				sizes_path, size / 1024);
		return;
	}
	buf_str(text, ": the sizes of huge pages on this machine are: ");
	huge_list_sizes(text);
}
