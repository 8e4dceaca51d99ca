/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sysv/source-proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/num.h"
#include "lib/xalloc.h"

/* The last second of the year 9999, because the output has four digits for the year. */
#define TIME_MOST UINT64_C(253402300799)

enum {
	COLUMNS_MAX = 64, /* far more than any kernel prints */
	LINE_MAX_BYTES = 4096, /* a row is about 220 bytes */
};

struct proc_reader {
	const struct sysv *sysv;
	char *path;
	int fd;
	const struct sysv_column *columns[COLUMNS_MAX]; /* NULL for an unknown column */
	size_t columns_count;
	facts_t facts;
	time_t time; /* when the file was written */
	unsigned long line; /* number of the last line read, from 1 */
	const char *wrong; /* the defect of that line */
	struct buf problem;
	size_t start, end; /* the unused part of data */
	char data[65536];
};

/* Reads more data after the unused part.  1, 0 at the end of the file, -1 with errno. */
static int
fill_buffer(struct proc_reader *r)
{
	ssize_t n;

	if (r->start > 0) {
		memmove(r->data, r->data + r->start, r->end - r->start);
		r->end -= r->start;
		r->start = 0;
	}
	do
		n = read(r->fd, r->data + r->end, sizeof r->data - 1 - r->end);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		r->end += n;
	return n < 0 ? -1 : n > 0;
}

/* Skips the rest of a line that is too long. */
static int
skip_line(struct proc_reader *r)
{
	char *newline;
	int rc;

	do {
		r->start = r->end = 0;
		rc = fill_buffer(r);
	} while (rc > 0 && (newline = memchr(r->data, '\n', r->end)) == NULL);
	if (rc > 0)
		r->start = newline + 1 - r->data;
	return rc;
}

/* Finds the next line and terminates it with a NUL.  Returns 1, 0 at the end, -1 for a
 * line that is too long or incomplete (which it skips), or -2 for a read error. */
static int
next_line(struct proc_reader *r, char **line)
{
	size_t seen = 0;
	char *newline;
	int rc;

	r->line++;
	while ((newline = memchr(r->data + r->start + seen, '\n',
			r->end - r->start - seen)) == NULL) {
		seen = r->end - r->start;
		rc = seen > LINE_MAX_BYTES ? 1 : fill_buffer(r);
		if (rc < 0)
			return -2;
		if (rc == 0 && seen == 0)
			return 0;
		if (seen > LINE_MAX_BYTES || rc == 0) {
			*line = NULL;
			if (rc == 0)
				r->start = r->end;
			return rc > 0 && skip_line(r) < 0 ? -2 : -1;
		}
	}
	*newline = '\0';
	/* A copy that was mailed from another system may have CR LF. */
	if (newline > r->data + r->start && newline[-1] == '\r')
		newline[-1] = ' ';
	*line = r->data + r->start;
	r->start = newline + 1 - r->data;
	return 1;
}

static const struct sysv_column *
find_column(const struct sysv *sysv, const char *name, size_t len)
{
	const struct sysv_column *const tables[] = { sysv->columns, sysv_common_columns };

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct sysv_column *c = tables[i]; c->name != NULL; c++)
			if (strlen(c->name) == len && memcmp(c->name, name, len) == 0)
				return c;
	return NULL;
}

static int
read_heading(struct proc_reader *r, char *line)
{
	static const char blanks[] = " \t";
	size_t len;

	for (line += strspn(line, blanks); *line != '\0'; line += strspn(line, blanks)) {
		const struct sysv_column *c;

		if (r->columns_count == COLUMNS_MAX)
			return -1;
		len = strcspn(line, blanks);
		c = find_column(r->sysv, line, len);
		r->columns[r->columns_count++] = c;
		if (c != NULL)
			r->facts |= FACT_BIT(c->fact);
		line += len;
	}
	return r->facts & FACT(ID) ? 0 : -1;
}

/* Reads one cell of a row in the format of its column; any word if the column is
 * unknown. */
static int
read_cell(const char **p, const struct sysv_column *c, uint64_t *value)
{
	const char *s;
	uint64_t max;
	bool negative;

	if (c == NULL) {
		*p += strcspn(*p, " ");
		return 0;
	}
	max = UINT64_MAX >> (64 - c->bits);
	if (c->base == 10) {
		/* The fast path for nearly every cell. */
		s = num_digits(*p, value);
		if (s > *p && *s == ' ' && *value <= max && !c->is_signed) {
			*p = s;
			return 0;
		}
	}
	negative = c->is_signed && **p == '-';
	*p += negative;
	if (num_scan(p, c->base, negative ? max / 2 + 1 : max, value) < 0)
		return -1;
	if (negative)
		*value = (0 - *value) & max;
	return 0;
}

/* The columns are padded, so more than half of a row is blanks. */
static inline const char *
skip_blanks(const char *p, const char *end)
{
	while (end - p >= 8 && memcmp(p, "        ", 8) == 0)
		p += 8;
	while (*p == ' ')
		p++;
	return p;
}

static int
read_proc_row(const struct proc_reader *r, const char *p, struct object *o)
{
	const char *end = r->data + r->start - 1; /* the NUL at the end of the line */

	o->kind = &r->sysv->kind;
	o->have = r->facts;
	for (size_t i = 0; i < r->columns_count; i++) {
		const struct sysv_column *c = r->columns[i];
		uint64_t value;

		p = skip_blanks(p, end);
		if (*p == '\0' || read_cell(&p, c, &value) < 0 ||
			(*p != ' ' && *p != '\0'))
			return -1;
		if (c == NULL)
			continue;
		if (value > TIME_MOST && (FACTS_TIMES & FACT_BIT(c->fact)))
			return -1;
		o->fact[c->fact] = value;
	}
	/* Not any NUL will do: a file that is not the kernel's may contain NUL bytes. */
	return skip_blanks(p, end) == end ? 0 : -1;
}

/* Opens a file, unless reading it could block or never end.  -1 with the cause. */
static int
open_file(const char *path, time_t *time, struct buf *cause, int *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		*error = errno;
		buf_printf(cause, "%s: %s", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		*error = 0;
		buf_printf(cause, "%s: is not a regular file", path);
	} else {
		*time = st.st_mtime;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

struct proc_reader *
proc_open(const struct sysv *sysv, const char *path, struct buf *cause, int *error)
{
	struct proc_reader *r;
	char *line;
	time_t time;
	int rc;
	int fd = open_file(path, &time, cause, error);

	if (fd < 0)
		return NULL;
	r = xcalloc(1, sizeof *r);
	r->sysv = sysv;
	r->path = xstrdup(path);
	r->fd = fd;
	r->time = time;
	rc = next_line(r, &line);
	if (rc == 1 && read_heading(r, line) == 0)
		return r;
	*error = rc == -2 ? errno : 0;
	buf_printf(cause, "%s: %s", path,
		rc == -2 ? strerror(errno)
			: rc == 0
			? "is empty, without even a heading"
			: "its first line is not a heading with the column of the ids");
	proc_close(r);
	return NULL;
}

facts_t
proc_facts(const struct proc_reader *r)
{
	return r->facts;
}

time_t
proc_time(const struct proc_reader *r)
{
	return r->time;
}

int
proc_next(struct proc_reader *r, struct object *o)
{
	char *line;
	int rc = next_line(r, &line);

	if (rc == 1 && read_proc_row(r, line, o) < 0) {
		r->wrong = "the line does not fit the heading";
		return -1;
	}
	if (rc == -1)
		r->wrong = "the line is cut short or far too long";
	if (rc == -2)
		r->wrong = strerror(errno);
	return rc;
}

const char *
proc_problem(struct proc_reader *r)
{
	r->problem.len = 0;
	buf_printf(&r->problem, "%s:%lu: %s", r->path, r->line, r->wrong);
	return buf_text(&r->problem);
}

void
proc_close(struct proc_reader *r)
{
	close(r->fd);
	buf_free(&r->problem);
	free(r->path);
	free(r);
}
