/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_VALUE_H
#define OUTPUT_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "lib/buf.h"

enum value_type {
	VALUE_NUMBER,
	VALUE_SIZE, /* bytes */
	VALUE_MODE, /* nine bits */
	VALUE_KEY,
	VALUE_TIME, /* seconds since the epoch */
	VALUE_AGE, /* a time, shown as how long ago it was */
	VALUE_USER, /* a uid, shown as the user's name */
	VALUE_GROUP,
	VALUE_TEXT,
	VALUE_PERCENT,
	VALUE_BOOL,
	VALUE_LIST, /* of words */
	VALUE_NUMBERS, /* a list of them */
	VALUE_TABLE, /* rows of values */
};

/* Why there is no value, where there is none. */
enum value_state {
	VALUE_SET,
	VALUE_NULL, /* there is nothing: a time that never was */
	VALUE_UNREAD, /* it could not be read */
	VALUE_ABSENT, /* objects of this kind have no such thing */
};

struct object;
struct value;

/* A table as a value: its rows are made when they are asked for. */
struct value_table {
	const struct column *const *columns;
	size_t columns_count;
	void (*row)(const void *of, size_t i, struct value *values);
};

struct value {
	enum value_type type;
	enum value_state state;
	union {
		uint64_t number;
		const char *text; /* not owned; may point to scratch */
		struct {
			const char *words[8];
			size_t count;
			unsigned alert; /* bits of the words that people should notice */
		} list;
		struct {
			uint64_t (*item)(const struct object *o, size_t i);
			const struct object *object;
			size_t count;
		} numbers;
		struct {
			const struct value_table *table;
			const void *of; /* what its rows are made from */
			size_t rows;
		} table;
	};
	char scratch[48];
};

/* What a value is named and typed as, wherever it is printed. */
struct column {
	const char *name;
	enum value_type type;
};

/* How times are written, where it is not left to the format. */
enum time_form {
	TIME_FITTING, /* local times and ages for people, else as below */
	TIME_ISO, /* 2026-11-22T12:10:00Z */
	TIME_EPOCH, /* seconds since the epoch, a number */
};

/* How values become text. */
struct style {
	bool people; /* sizes rounded to a unit, local times */
	bool numeric; /* numbers instead of the names of users and groups */
	bool exact; /* sizes in bytes, whoever reads them */
	bool color; /* escape sequences around what people should notice */
	enum time_form times;
	time_t now; /* what ages count from */
};

/* What a type is called in a list of fields. */
const char *value_type_name(enum value_type type);

/* Whether a type's text consists of digits, letters and punctuation only, so that it
 * needs no escaping anywhere. */
bool value_is_plain(enum value_type type);

/* Whether the text of a type may be a list, with commas, or nothing at all. */
bool value_is_list(enum value_type type);

/* Whether a type is a number whose text is worth keeping for the next row. */
bool value_is_costly(enum value_type type);

/* Whether a type's text belongs at the right edge of its column. */
bool value_is_right(enum value_type type);

/*
 * Appends the text of a value that is set, and no table.  Names come as they are: what
 * must not stand in the output is the caller's to escape.
 */
void value_text(const struct value *v, const struct style *style, struct buf *b);

/* Appends 2026-11-22T12:10:00Z for a time in seconds since the epoch; the year is cut to
 * four digits. */
void value_utc(struct buf *b, int64_t time);

#endif
