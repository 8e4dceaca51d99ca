/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader of /proc/sysvipc, with valid and broken files. */

#include "sysv/source-proc.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define HEADING \
	"       key      shmid perms                  size  cpid  lpid nattch   uid   gid  " \
	"cuid  cgid      atime      dtime      ctime                   rss                 " \
	" swap\n"
#define ROW(id) "0 " id " 600 100 1 2 3 4 5 6 7 8 9 10 11 12\n"

/* Creates a file with this content and returns its path; the caller removes it. */
static char *
make_file(const void *content, size_t len)
{
	static char path[] = "/tmp/unit-source-proc.XXXXXX";
	int fd;

	strcpy(path + sizeof path - 7, "XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, content, len) != (ssize_t)len || close(fd) < 0)
		err(1, "%s", path);
	return path;
}

static struct proc_reader *
open_content(const void *content, size_t len)
{
	struct buf cause = { 0 };
	char *path = make_file(content, len);
	int error = -1;
	struct proc_reader *r = proc_open(&sysv_shm, path, &cause, &error);

	unlink(path);
	if (r == NULL)
		diag("%s", buf_text(&cause));
	buf_free(&cause);
	return r;
}

static void
test_whole(void)
{
	static const char content[] = HEADING
		"-1 7 3640 18446744073709551615 1 2 3 4000000000 5 6 7 8 9 10 11 12\n";
	struct proc_reader *r = open_content(content, sizeof content - 1);
	struct object o = { 0 };

	is_uint(proc_facts(r), sysv_shm.kind.facts & ~FACTS_DERIVED,
		"the file of a present kernel has every fact");
	is_int(proc_next(r, &o), 1, "a row is read");
	ok(o.kind == &sysv_shm.kind, "... as one of its kind");
	is_uint(o.have, sysv_shm.kind.facts & ~FACTS_DERIVED, "... with all its facts");
	is_uint(o.fact[FACT_KEY], 0xffffffff, "... the key");
	is_uint(o.fact[FACT_ID], 7, "... the id");
	is_uint(o.fact[FACT_MODE], 03640, "... the mode with its flags");
	is_uint(o.fact[FACT_SIZE], UINT64_MAX, "... the size");
	is_uint(o.fact[FACT_CPID], 1, "... cpid");
	is_uint(o.fact[FACT_LPID], 2, "... lpid");
	is_uint(o.fact[FACT_NATTCH], 3, "... nattch");
	is_uint(o.fact[FACT_UID], 4000000000, "... uid");
	is_uint(o.fact[FACT_GID], 5, "... gid");
	is_uint(o.fact[FACT_CUID], 6, "... cuid");
	is_uint(o.fact[FACT_CGID], 7, "... cgid");
	is_uint(o.fact[FACT_ATIME], 8, "... atime");
	is_uint(o.fact[FACT_DTIME], 9, "... dtime");
	is_uint(o.fact[FACT_CTIME], 10, "... ctime");
	is_uint(o.fact[FACT_RSS], 11, "... rss");
	is_uint(o.fact[FACT_SWAP], 12, "... swap");
	is_int(proc_next(r, &o), 0, "then the file ends");
	is_int(proc_next(r, &o), 0, "... and stays so");
	proc_close(r);
}

/* Compares the error for a file without a usable heading. */
static void
test_refused(void)
{
	static const char no_heading[] =
		": its first line is not a heading with the column of the ids";
	static const struct {
		const char *content;
		const char *cause;
	} cases[] = {
		{ "", ": is empty, without even a heading" },
		{ "\n", no_heading },
		{ "shmid", no_heading },
		{ "key perms uid\n", no_heading },
		{ "semid perms\n", no_heading },
		{ "shmidx xshmid SHMID\n", no_heading },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *path = make_file(cases[i].content, strlen(cases[i].content));
		struct buf cause = { 0 };
		int error = -1;

		ok(proc_open(&sysv_shm, path, &cause, &error) == NULL, "heading %zu", i);
		ok(strncmp(buf_text(&cause), path, strlen(path)) == 0,
			"... names the file");
		is_str(buf_text(&cause) + strlen(path), cases[i].cause,
			"... and the fault");
		is_int(error, 0, "... without an errno");
		buf_free(&cause);
		unlink(path);
	}
}

static void
test_no_file(void)
{
	struct buf cause = { 0 };
	int error = -1;

	ok(proc_open(&sysv_shm, "/nonexistent/shm", &cause, &error) == NULL, "no file");
	is_str(buf_text(&cause), "/nonexistent/shm: No such file or directory",
		"... says so");
	is_int(error, ENOENT, "... with the errno");
	buf_free(&cause);
}

/* The result of reading content row by row: an id for each object, "!" and the line
 * number for each malformed row, "." at the end. */
static void
is_read_as(const char *content, size_t len, const char *wanted, const char *name)
{
	struct proc_reader *r = open_content(content, len);
	struct buf b = { 0 };
	struct object o = { 0 };
	int rc;

	if (!ok(r != NULL, "%s: has a heading", name))
		return;
	while ((rc = proc_next(r, &o)) != 0) {
		if (rc == 1)
			buf_printf(&b, "%u ", (unsigned)o.fact[FACT_ID]);
		else if (rc == -1)
			buf_printf(&b, "!%s ", strchr(proc_problem(r), ':') + 1);
		else
			break;
	}
	buf_str(&b, rc == 0 ? "." : "?");
	is_str(buf_text(&b), wanted, "%s", name);
	buf_free(&b);
	proc_close(r);
}

#define UNFIT(line) "!" line ": the line does not fit the heading "
#define SHORT(line) "!" line ": the line is cut short or far too long "

static void
test_rows(void)
{
	static const struct {
		const char *name;
		const char *content;
		const char *wanted;
	} cases[] = {
		{ "no row", HEADING, "." },
		{ "two rows", HEADING ROW("1") ROW("2147483647"), "1 2147483647 ." },
		{ "an empty line", HEADING "\n" ROW("1"), UNFIT("2") "1 ." },
		{ "a row too short", HEADING "0 1 600\n" ROW("2"), UNFIT("2") "2 ." },
		{ "a row too long", HEADING "0 1 600 100 1 2 3 4 5 6 7 8 9 10 11 12 13\n",
			UNFIT("2") "." },
		{ "a last line cut short", HEADING ROW("1") "0 2 600",
			"1 " SHORT("3") "." },
		{ "an id too high", HEADING ROW("2147483648") ROW("2"),
			UNFIT("2") "2 ." },
		{ "an id below 0", HEADING ROW("-1"), UNFIT("2") "." },
		{ "the heading again", HEADING ROW("1") HEADING ROW("2"),
			"1 " UNFIT("3") "2 ." },
		{ "lines of another system", "key shmid ctime\r\n0 1 1\r\n0 2 1 \r\n",
			"1 2 ." },
		{ "the id alone", "shmid\n1\n 2 \n3 3\n", "1 2 " UNFIT("4") "." },
		{ "an unknown column",
			"new shmid\n-5 1\nword 2\n18446744073709551616 3\n", "1 2 3 ." },
		{ "tabs in the heading", "\tshmid\tkey\t\n1 0\n", "1 ." },
		{ "a column twice", "shmid shmid\n1 1\n", "1 ." },
		{ "keys at their edges",
			"shmid key\n1 -2147483648\n2 4294967295\n"
			"3 -2147483649\n4 4294967296\n5 -\n6 --1\n7 -0\n",
			"1 2 " UNFIT("4") UNFIT("5") UNFIT("6") UNFIT("7") "7 ." },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		is_read_as(cases[i].content, strlen(cases[i].content), cases[i].wanted,
			cases[i].name);
}

static void
test_nul(void)
{
	static const char content[] = "shmid key\n1 0\0\n2\0 0\n3 0\n";

	is_read_as(content, sizeof content - 1, UNFIT("2") UNFIT("3") "3 .",
		"a NUL in a row");
}

/* Files are read in pieces, so lines may cross their boundaries. */
static void
test_many(void)
{
	struct buf b = { 0 };
	struct proc_reader *r;
	struct object o = { 0 };
	unsigned wrong = 0;
	unsigned n = 0;

	buf_str(&b, HEADING);
	for (unsigned i = 0; i < 10000; i++)
		buf_printf(&b, ROW("%u"), i);
	r = open_content(b.data, b.len);
	while (proc_next(r, &o) == 1)
		wrong += o.fact[FACT_ID] != n++;
	is_uint(n, 10000, "ten thousand rows");
	is_uint(wrong, 0, "... each with its id");
	proc_close(r);
	buf_free(&b);
}

static void
test_long_lines(void)
{
	struct buf b = { 0 };

	/* Around the size of a piece. */
	for (size_t len = 65400; len <= 65600; len += 50) {
		b.len = 0;
		buf_str(&b, "shmid\n1\n");
		while (b.len < len)
			buf_char(&b, 'x');
		buf_str(&b, "\n2\n");
		is_read_as(b.data, b.len,
			len <= 65500 ? "1 " UNFIT("3") "2 ." : "1 " SHORT("3") "2 .",
			"a long line");
	}
	b.len = 0;
	buf_str(&b, "shmid\n1\n");
	for (size_t i = 0; i < 1000000; i++)
		buf_char(&b, ' ');
	is_read_as(b.data, b.len, "1 " SHORT("3") ".", "a long line without an end");
	buf_str(&b, "7\n8\n");
	is_read_as(b.data, b.len, "1 " SHORT("3") "8 .", "a long line with one");
	buf_free(&b);
}

int
main(void)
{
	test_whole();
	test_refused();
	test_no_file();
	test_rows();
	test_nul();
	test_many();
	test_long_lines();
	return done_testing();
}
