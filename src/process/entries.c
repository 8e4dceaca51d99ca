/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/entries.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "lib/array.h"
#include "lib/num.h"

static int
compare_entries(const void *a, const void *b)
{
	const struct proc_entry *x = a;
	const struct proc_entry *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

int
entries_read(const char *path, struct entries *e)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int error;

	e->list = NULL;
	e->count = 0;
	if (dir == NULL)
		return -1;
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		const char *p = entry->d_name;
		uint64_t number;

		if (num_scan(&p, 10, INT32_MAX, &number) < 0 || *p != '\0')
			continue;
		e->list = xgrow(e->list, e->count, sizeof *e->list);
		e->list[e->count++] = (struct proc_entry){ number, entry->d_ino };
	}
	error = errno;
	closedir(dir);
	errno = error;
	if (error == 0) {
		if (e->count > 0)
			qsort(e->list, e->count, sizeof *e->list, compare_entries);
		return 0;
	}
	free(e->list);
	e->list = NULL;
	e->count = 0;
	return -1;
}

bool
entries_have(const struct entries *e, const struct proc_entry *wanted)
{
	const struct proc_entry *found = e->count == 0
		? NULL
		: bsearch(wanted, e->list, e->count, sizeof *e->list, compare_entries);

	return found != NULL && found->inode == wanted->inode;
}
