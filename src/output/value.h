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
	VALUE_AGE, /* a time, shown as the duration since then */
	VALUE_SECONDS, /* a duration; people see it as an age */
	VALUE_USER, /* a uid, shown as the user's name */
	VALUE_GROUP,
	VALUE_TEXT,
	VALUE_PERCENT,
	VALUE_BOOL,
	VALUE_LIST, /* of words */
	VALUE_NUMBERS, /* a list of numbers */
	VALUE_TABLE, /* rows of values */
};

/* Whether a value is set, and if not, why. */
enum value_state {
	VALUE_SET,
	VALUE_NULL, /* it does not apply, such as the time of an event that never
		     * happened */
	VALUE_UNREAD, /* it could not be read */
	VALUE_ABSENT, /* objects of this kind do not have it */
};

struct object;
struct value;

/* A table as a value; its rows are created on demand. */
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
			unsigned alert; /* a bit for each of the first words to
					 * highlight */
			const char *const *all; /* the words if there may be more;
						 * or NULL */
		} list;
		struct {
			uint64_t (*item)(const struct object *o, size_t i);
			const struct object *object;
			size_t count;
		} numbers;
		struct {
			const struct value_table *table;
			const void *of; /* the source of its rows */
			size_t rows;
		} table;
	};
	bool alert; /* highlight it */
	char scratch[48];
};

/* The name and type of a value, wherever it is printed. */
struct column {
	const char *name;
	enum value_type type;
};

/* How times are written. */
enum time_form {
	TIME_FITTING, /* by the format: local times and ages for people, else ISO */
	TIME_ISO, /* 2026-11-22T12:10:00Z */
	TIME_EPOCH, /* seconds since the epoch, a number */
};

/* How values become text. */
struct style {
	bool people; /* rounded sizes with a unit, local times */
	bool numeric; /* uids and gids instead of names */
	bool exact; /* sizes in bytes, also for people */
	bool color; /* escape sequences that highlight */
	enum time_form times;
	time_t now; /* ages count from it */
};

/* The escape sequences around what is highlighted: bold and red. */
#define VALUE_ALERT "\033[1;31m"
#define VALUE_ALERT_END "\033[0m"

/* Word i of a list. */
static inline const char *
value_word(const struct value *v, size_t i)
{
	return v->list.all != NULL ? v->list.all[i] : v->list.words[i];
}

/* The name of a type in a list of fields. */
const char *value_type_name(enum value_type type);

/* Whether the text of a type has only digits, letters and punctuation, so that it never
 * needs escaping. */
bool value_is_plain(enum value_type type);

/* Whether the text of a type may be a list with commas, or empty. */
bool value_is_list(enum value_type type);

/* Whether a type is a number whose text is expensive to format, so that caching it pays
 * off. */
bool value_is_costly(enum value_type type);

/* Whether a type is aligned to the right. */
bool value_is_right(enum value_type type);

/* Appends the text of a value that is set and is not a table.  Names are not escaped; the
 * caller must do that. */
void value_text(const struct value *v, const struct style *style, struct buf *b);

/* Appends a time in seconds since the epoch as 2026-11-22T12:10:00Z.  The year is
 * truncated to four digits. */
void value_utc(struct buf *b, int64_t time);

#endif
