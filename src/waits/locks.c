/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/locks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/num.h"

static bool
take_word(const char **p, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*p, word, len) != 0)
		return false;
	*p += len;
	*p += strspn(*p, " ");
	return true;
}

static bool
scan_field(const char **p, unsigned base, uint64_t *number, char after)
{
	if (num_scan(p, base, UINT64_MAX, number) < 0 || **p != after)
		return false;
	(*p)++;
	return true;
}

static bool
take_type(const char **p, enum lock_type *type)
{
	if (take_word(p, "FLOCK"))
		*type = LOCK_FLOCK;
	else if (take_word(p, "POSIX"))
		*type = LOCK_POSIX;
	else if (take_word(p, "OFDLCK"))
		*type = LOCK_OFD;
	else
		return false;
	return true;
}

/* "-> FLOCK  ADVISORY  WRITE 2071 08:01:1234 0 EOF" with more blanks before the arrow of
 * one that waits for another that waits. */
bool
lock_parse(const char *text, struct lock *lock)
{
	const char *p = text;
	uint64_t pid, major, minor;
	bool is_named;

	*lock = (struct lock){ .before = SIZE_MAX };
	p += strspn(p, " ");
	if (strncmp(p, "->", 2) == 0) {
		lock->depth = 1 + (p - text);
		p += 2;
		p += strspn(p, " ");
	}
	if (!take_type(&p, &lock->type) ||
		(!take_word(&p, "ADVISORY") && !take_word(&p, "MANDATORY")))
		return false;
	lock->writes = strncmp(p, "WRITE", 5) == 0 || strncmp(p, "RW", 2) == 0;
	p += strcspn(p, " \n");
	p += strspn(p, " ");
	/* That of another host is negative. */
	is_named = *p != '-';
	p += !is_named;
	if (!scan_field(&p, 10, &pid, ' '))
		return false;
	lock->pid = is_named ? (pid_t)pid : -1;
	if (!scan_field(&p, 16, &major, ':') || !scan_field(&p, 16, &minor, ':') ||
		!scan_field(&p, 10, &lock->inode, ' ') ||
		!scan_field(&p, 10, &lock->start, ' '))
		return false;
	lock->device = makedev(major, minor);
	lock->end = UINT64_MAX;
	return strncmp(p, "EOF", 3) == 0 || num_scan(&p, 10, UINT64_MAX, &lock->end) == 0;
}

/* Sets what a wish waits for: the last line before it that is one less deep. */
static void
link_lock(struct locks *l, struct lock *lock)
{
	for (size_t i = l->count; i > 0 && lock->depth > 0; i--)
		if (l->list[i - 1].depth == lock->depth - 1) {
			lock->before = i - 1;
			return;
		}
}

int
locks_read(struct locks *l)
{
	struct buf text = { 0 };
	char *line, *rest;
	struct lock lock;

	*l = (struct locks){ 0 };
	if (file_read_all("/proc/locks", &text) < 0)
		return -1;
	buf_text(&text);
	for (rest = text.data; (line = strsep(&rest, "\n")) != NULL;) {
		const char *after = strstr(line, ": ");

		if (after == NULL)
			continue;
		/* What waits for a lock of another type must not seem to wait for the
		 * lock before it. */
		if (!lock_parse(after + 2, &lock))
			lock.pid = lock.inode = 0;
		link_lock(l, &lock);
		l->list = xgrow(l->list, l->count, sizeof lock);
		l->list[l->count++] = lock;
	}
	buf_free(&text);
	return 0;
}

void
locks_free(struct locks *l)
{
	free(l->list);
	*l = (struct locks){ 0 };
}

bool
lock_is_same(const struct lock *a, const struct lock *b)
{
	return a->type == b->type && a->pid == b->pid && a->writes == b->writes &&
		a->device == b->device && a->inode == b->inode && a->start == b->start &&
		a->end == b->end;
}

void
locks_of_info(
	const char *info, void (*take)(void *arg, const struct lock *lock), void *arg)
{
	struct lock lock;

	for (const char *p = info; p != NULL; p = strchr(p, '\n')) {
		const char *after;

		p += *p == '\n';
		if (strncmp(p, "lock:", strlen("lock:")) != 0)
			continue;
		after = strstr(p + strlen("lock:"), ": ");
		if (after != NULL && lock_parse(after + 2, &lock))
			take(arg, &lock);
	}
}
