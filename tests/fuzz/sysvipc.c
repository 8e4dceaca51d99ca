/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file of /proc/sysvipc, read as a saved copy.  The first byte of the input chooses the
 * kind, "m", "s" or "q"; the rest is the file. */

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "report/field.h"
#include "sysv/source-proc.h"

enum { OBJECTS_MAX = 64 };

static char *dir; /* with a link of the name of each kind to the file */

static void
remove_dir(void)
{
	for (size_t i = 0; i < kinds_count; i++) {
		char *link = xasprintf("%s/%s", dir, kinds[i]->name);

		unlink(link);
		free(link);
	}
	rmdir(dir);
	free(dir);
}

static void
make_dir(const char *file)
{
	const char *above = getenv("TMPDIR");

	dir = xasprintf("%s/fuzz.XXXXXX", above == NULL ? "/tmp" : above);
	if (mkdtemp(dir) == NULL)
		err(1, "%s", dir);
	atexit(remove_dir);
	for (size_t i = 0; i < kinds_count; i++) {
		char *link = xasprintf("%s/%s", dir, kinds[i]->name);

		if (symlink(file, link) < 0)
			err(1, "%s", link);
		free(link);
	}
}

static size_t problems;

static void
count_problem(const char *text)
{
	require(fuzz_is_clean(text, strlen(text), "") && *text != '\0');
	problems++;
}

/* Writes the names of the columns whose facts the object has, or the values. */
static void
put_columns(
	struct buf *b, const struct sysv_column *c, const struct object *o, bool names)
{
	for (; c->name != NULL; c++) {
		uint64_t value = o->fact[c->fact];

		if (!object_has(o, FACT_BIT(c->fact)))
			continue;
		if (names)
			buf_printf(b, " %s", c->name);
		else if (c->is_signed)
			buf_printf(b, " %" PRId32, (int32_t)value);
		else
			buf_printf(b, c->base == 8 ? " %" PRIo64 : " %" PRIu64, value);
	}
}

/* A row that is written as a kernel does reads as the same object. */
static void
check_again(const struct sysv *sysv, const struct object *o)
{
	struct buf text = { 0 }, cause = { 0 };
	struct object again = { 0 };
	struct proc_reader *r;
	int error;

	for (int names = 1; names >= 0; names--) {
		put_columns(&text, sysv_common_columns, o, names);
		put_columns(&text, sysv->columns, o, names);
		buf_char(&text, '\n');
	}
	r = proc_open(sysv, fuzz_file(text.data, text.len), &cause, &error);
	require(r != NULL);
	require(proc_facts(r) == o->have);
	require(proc_next(r, &again) == 1);
	require(again.have == o->have);
	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (object_has(o, FACT_BIT(fact)))
			require(again.fact[fact] == o->fact[fact]);
	require(proc_next(r, &again) == 0);
	proc_close(r);
	buf_free(&text);
	buf_free(&cause);
}

/* Whatever the numbers are, each field has a value and a text. */
static void
check_fields(const struct object *o)
{
	static const struct style styles[] = {
		{ .people = true, .numeric = true },
		{ .numeric = true },
		{ .numeric = true, .times = TIME_EPOCH },
	};
	struct buf text = { 0 };

	for (size_t i = 0; i < fields_count; i++) {
		const struct field *f = &fields[i];
		struct value v;

		/* Those are not in the file, and tables are of processes. */
		if (!field_of_kind(f, o->kind) || field_is_unread(f, o) ||
			(field_needs(f) & o->kind->facts & FACTS_DERIVED) ||
			f->column.type == VALUE_TABLE)
			continue;
		field_get(f, o, &v);
		if (v.state != VALUE_SET)
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(styles); k++) {
			text.len = 0;
			value_text(&v, &styles[k], &text);
			require(fuzz_is_clean(text.data, text.len, ""));
		}
	}
	buf_free(&text);
}

static void
check_object(const struct sysv *sysv, const struct object *o)
{
	require(o->kind == &sysv->kind);
	require((o->have & ~o->kind->facts) == 0 && object_has(o, FACT(ID)));
	require(o->fact[FACT_ID] <= INT32_MAX);
	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (o->have & FACTS_TIMES & FACT_BIT(fact))
			require(o->fact[fact] <= UINT64_C(253402300799));
	check_fields(o);
	check_again(sysv, o);
}

static void
read_file(const struct sysv *sysv, const char *text, size_t len)
{
	struct source_options options = { .dir = dir };
	struct object objects[OBJECTS_MAX];
	struct buf cause = { 0 };
	size_t count = 0, rows = 0, lines = 1;
	struct source *s;

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	problems = 0;
	s = source_open(&sysv->kind, sysv->kind.facts, &options, count_problem, &cause);
	require((s == NULL) == (cause.len > 0));
	buf_free(&cause);
	if (s == NULL)
		return;
	while (source_next(s, &objects[count]) > 0) {
		rows++;
		if (count < OBJECTS_MAX - 1)
			count++;
	}
	require(rows + source_problems(s) < lines + 1);
	require((problems > 0) == (source_problems(s) > 0));
	source_close(s);
	for (size_t i = 0; i < count; i++)
		check_object(sysv, &objects[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	unsigned which = input_byte(&in);
	const struct sysv *sysv = which == 's' ? &sysv_sem
		: which == 'q'                 ? &sysv_msg
					       : &sysv_shm;
	const char *file = fuzz_file(in.data, in.left);

	if (dir == NULL)
		make_dir(file);
	read_file(sysv, (const char *)in.data, in.left);
	return 0;
}
