/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_WRITER_H
#define OUTPUT_WRITER_H

#include <stddef.h>
#include <stdio.h>

#include "output/value.h"

struct out;

/* An output format, which prints rows of typed values. */
struct writer {
	const char *name;
	const char *help;
	bool people; /* A table for people.  Other formats are for programs, and never
		      * depend on the locale, the terminal or the environment. */
	bool nests; /* can show a value that is a table */
	void (*begin)(struct out *out);

	/* Appends a value that is set in its printed form.  Returns its number of columns
	 * on a terminal, if the writer needs it. */
	size_t (*cell)(struct out *out, const struct value *v, struct buf *b);
	void (*row)(struct out *out, const struct value *values);
	void (*end)(struct out *out);

	/* Goes on with rows of another table, which has this title and these columns, in
	 * the same document; NULL if the format has no place for them. */
	void (*next)(struct out *out, const char *title,
		const struct column *const *columns, size_t count);
};

/* One run of a writer.  The caller sets the first part; the rest starts as zeros. */
struct out {
	const struct writer *writer;
	FILE *to; /* NULL for standard output */
	const char *title; /* the name of the rows, in one word */
	const struct column *const *columns;
	size_t columns_count;
	struct style style;
	bool headings;
	size_t indent; /* blanks before each line of a table */
	size_t width; /* maximum columns of a table on a terminal, 0 for no limit */
	const unsigned char *gives_way; /* which columns to drop if a table is too
					 * wide: 0 never, else the highest first; or
					 * NULL */
	unsigned
		notes; /* bits of the columns that are printed below the row in a table */
	size_t optional; /* the number of leading columns that are left out of rows
			  * whose kind does not have them, if the format can do that;
			  * other columns are null */

	/* Takes the text instead of a stream; may be NULL. */
	void (*sink)(struct out *out, const char *text, size_t len);

	size_t rows;
	struct out_memo *memo; /* one for each column */
	struct buf buf; /* text that was not written yet */
	void *state; /* private data of the writer */
};

/* All formats. */
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
 * Prints a table of rows.  values has one element for each column and is not kept.
 * out_end() flushes and releases everything.  Errors set the error indicator of stdout,
 * which main() checks.
 */
void out_begin(struct out *out);

/* Sets the time from which the ages of further rows count. */
void out_set_now(struct out *out, time_t now);

void out_row(struct out *out, const struct value *values);

/* Goes on with another table, in a format that has next(). */
void out_next(struct out *out, const char *title, const struct column *const *columns,
	size_t count);

void out_end(struct out *out);

/* For writers: appends the cell of a column to b.  This is cheap if the value is the same
 * as in the previous row, as owners and times often are. */
size_t out_cell(struct out *out, size_t column, const struct value *v, struct buf *b);

/* For writers: encodes the text of b from start with a function.  Nearly all text needs
 * no encoding, so it is written first and checked then. */
void out_encode(struct buf *b, size_t start,
	void (*put)(struct buf *b, const char *text, size_t len));

/* For writers: appends a cell for people, with escapes for what could harm a terminal. */
size_t out_people_cell(struct out *out, const struct value *v, struct buf *b);

/* For writers: appends a name in capitals, for a heading. */
void out_heading(struct buf *b, const char *name);

/* For writers: writes the text to standard output, once there is enough of it or now. */
void out_drain(struct out *out);
void out_drain_all(struct out *out);

#endif
