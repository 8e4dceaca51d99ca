/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/value.h"

#include <stdlib.h>

#include "lib/array.h"
#include "lib/names.h"

const char *
value_type_name(enum value_type type)
{
	static const char *const names[] = {
		[VALUE_NUMBER] = "number",
		[VALUE_SIZE] = "bytes",
		[VALUE_MODE] = "mode",
		[VALUE_KEY] = "key",
		[VALUE_TIME] = "time",
		[VALUE_AGE] = "time",
		[VALUE_SECONDS] = "seconds",
		[VALUE_USER] = "name",
		[VALUE_GROUP] = "name",
		[VALUE_TEXT] = "text",
		[VALUE_PERCENT] = "percent",
		[VALUE_BOOL] = "boolean",
		[VALUE_LIST] = "list",
		[VALUE_NUMBERS] = "list",
		[VALUE_TABLE] = "table",
	};

	return names[type];
}

bool
value_is_plain(enum value_type type)
{
	return type != VALUE_USER && type != VALUE_GROUP && type != VALUE_TEXT;
}

bool
value_is_list(enum value_type type)
{
	return type == VALUE_LIST || type == VALUE_NUMBERS;
}

bool
value_is_costly(enum value_type type)
{
	return type == VALUE_TIME || type == VALUE_AGE || type == VALUE_USER ||
		type == VALUE_GROUP || type == VALUE_SIZE || type == VALUE_MODE;
}

bool
value_is_right(enum value_type type)
{
	return type == VALUE_NUMBER || type == VALUE_SIZE || type == VALUE_PERCENT;
}

static void
two_digits(char *p, unsigned number)
{
	p[0] = '0' + number / 10 % 10;
	p[1] = '0' + number % 10;
}

/* The calendar repeats after 400 years, 146097 days; these cycles begin on 1 March. */
void
value_utc(struct buf *b, int64_t time)
{
	char text[] = "YYYY-MM-DDThh:mm:ssZ";
	unsigned second = ((time % 86400) + 86400) % 86400;
	int64_t day = (time - (int64_t)second) / 86400 + 719468;
	int64_t cycle = (day >= 0 ? day : day - 146096) / 146097;
	unsigned in_cycle = day - cycle * 146097;
	unsigned year =
		(in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
	unsigned in_year = in_cycle - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * in_year + 2) / 153; /* 0 is March */

	year += cycle * 400 + (month >= 10);
	two_digits(text, year / 100);
	two_digits(text + 2, year);
	two_digits(text + 5, month < 10 ? month + 3 : month - 9);
	two_digits(text + 8, in_year - (153 * month + 2) / 5 + 1);
	two_digits(text + 11, second / 3600);
	two_digits(text + 14, second / 60 % 60);
	two_digits(text + 17, second % 60);
	buf_add(b, text, sizeof text - 1);
}

static void
put_time(struct buf *b, int64_t time, const struct style *style)
{
	char text[64];
	time_t t = time;
	struct tm tm;

	if (style->times == TIME_EPOCH)
		buf_number(b, time);
	else if (!style->people || style->times == TIME_ISO ||
		localtime_r(&t, &tm) == NULL)
		value_utc(b, time);
	else
		buf_add(b, text, strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm));
}

/* Appends an age, 0 seconds for a time in the future. */
static void
put_age(struct buf *b, int64_t time, time_t now)
{
	buf_age(b, now > time ? now - time : 0);
}

static void
put_size(struct buf *b, uint64_t size, const struct style *style)
{
	if (!style->people || style->exact || size < 1000)
		buf_number(b, size);
	else
		buf_size(b, size);
}

static void
put_name(struct buf *b, uint64_t id, const char *(*name)(unsigned),
	const struct style *style)
{
	if (style->numeric)
		buf_number(b, id);
	else
		buf_str(b, name(id));
}

static void
put_list(struct buf *b, const struct value *v, const struct style *style)
{
	for (size_t i = 0; i < v->list.count; i++) {
		bool alert = style->color && i < ARRAY_SIZE(v->list.words) &&
			v->list.alert & 1u << i;

		buf_str(b, i > 0 ? "," : "");
		buf_str(b, alert ? VALUE_ALERT : "");
		buf_str(b, value_word(v, i));
		buf_str(b, alert ? VALUE_ALERT_END : "");
	}
}

void
value_text(const struct value *v, const struct style *style, struct buf *b)
{
	switch (v->type) {
	case VALUE_NUMBER:
		buf_number(b, v->number);
		break;
	case VALUE_SIZE:
		put_size(b, v->number, style);
		break;
	case VALUE_MODE:
		buf_digits(b, v->number, 8, 4);
		break;
	case VALUE_KEY:
		buf_str(b, "0x");
		buf_digits(b, v->number, 16, 8);
		break;
	case VALUE_TIME:
		put_time(b, v->number, style);
		break;
	case VALUE_AGE:
		if (style->people && style->times == TIME_FITTING)
			put_age(b, v->number, style->now);
		else
			put_time(b, v->number, style);
		break;
	case VALUE_SECONDS:
		if (style->people)
			buf_age(b, v->number);
		else
			buf_number(b, v->number);
		break;
	case VALUE_USER:
		put_name(b, v->number, names_user, style);
		break;
	case VALUE_GROUP:
		put_name(b, v->number, names_group, style);
		break;
	case VALUE_TEXT:
		buf_str(b, v->text);
		break;
	case VALUE_PERCENT:
		buf_number(b, v->number);
		if (style->people)
			buf_char(b, '%');
		break;
	case VALUE_BOOL:
		if (style->people)
			buf_str(b, v->number ? "yes" : "no");
		else
			buf_str(b, v->number ? "true" : "false");
		break;
	case VALUE_LIST:
		put_list(b, v, style);
		break;
	case VALUE_NUMBERS:
		for (size_t i = 0; i < v->numbers.count; i++) {
			if (i > 0)
				buf_char(b, ',');
			buf_number(b, v->numbers.item(v->numbers.object, i));
		}
		break;
	case VALUE_TABLE:
		break;
	}
}
