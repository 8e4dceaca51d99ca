/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_WRITER_H
#define OUTPUT_WRITER_H

#include <stddef.h>
#include <stdio.h>

#include "output/value.h"

struct out;

/* An output format: rows of typed values in, bytes out. */
struct writer {
	const char *name;
	const char *help;
	bool people; /* a table for people; the others are for programs and never depend
	              * on the locale, the terminal or the environment */
	bool nests; /* can show a value that is a table itself */
	void (*begin)(struct out *out);

	/* Appends a value that is set as it stands in the output; returns the columns it
	 * takes on a terminal, where the writer cares. */
	size_t (*cell)(struct out *out, const struct value *v, struct buf *b);
	void (*row)(struct out *out, const struct value *values);
	void (*end)(struct out *out);
};

/* One run of a writer.  The caller fills the first part, the rest starts as zeros. */
struct out {
	const struct writer *writer;
	FILE *to; /* standard output when NULL */
	const char *title; /* what the rows are, in one word */
	const struct column *const *columns;
	size_t columns_count;
	struct style style;
	bool headings;
	size_t indent; /* blanks before each line of a table */
	size_t width; /* columns of the terminal that a table is to fit in, 0 for any */
	const unsigned char *gives_way; /* of each column, where a table is too wide: 0
	                                 * never, else the higher the sooner; or NULL */
	size_t note; /* 1 + the place of the column that stands below the row in a
		      * table; 0 for none */
	size_t optional; /* the first so many columns are left out, where the format can,
	                  * of rows whose kind does not have them; the others are null */

	/* Takes the text instead of a stream, where there is one. */
	void (*sink)(struct out *out, const char *text, size_t len);

	size_t rows;
	struct out_memo *memo; /* of each column */
	struct buf buf; /* text not yet given to standard output */
	void *state; /* the writer's own */
};

/* Every format. */
extern const struct writer *const writers[];
extern const size_t writers_count;

extern const struct writer writer_table;
extern const struct writer writer_block;
extern const struct writer writer_json;
extern const struct writer writer_jsonl;
extern const struct writer writer_csv;
extern const struct writer writer_raw;
extern const struct writer writer_export;

/*
 * Prints a table of rows.  values has one for each column and is not
 * kept.  out_end() flushes and releases everything; errors are left in stdout's error
 * indicator, which main() looks at.
 */
void out_begin(struct out *out);

/* Changes what the ages of the rows to come count from. */
void out_set_now(struct out *out, time_t now);

void out_row(struct out *out, const struct value *values);
void out_end(struct out *out);

/*
 * For writers: appends the cell of a column to b, which is cheap for a value that is the
 * same as in the row before, as owners and times often are.
 */
size_t out_cell(struct out *out, size_t column, const struct value *v, struct buf *b);

/*
 * For writers: puts what stands in b from start on once more, by a function that encodes
 * it. Nearly all text may stay as it is; so it is written first and looked at then.
 */
void out_encode(struct buf *b, size_t start,
	void (*put)(struct buf *b, const char *text, size_t len));

/* For writers: a cell as people see it: nothing in it harms a terminal. */
size_t out_people_cell(struct out *out, const struct value *v, struct buf *b);

/* For writers: appends a name in capitals, as headings have it. */
void out_heading(struct buf *b, const char *name);

/* For writers: gives the text to standard output once there is enough of it, or now. */
void out_drain(struct out *out);
void out_drain_all(struct out *out);

#endif
