/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/kept.h"

#include <stdlib.h>
#include <string.h>

#include "kind/kind.h"
#include "kind/label.h"
#include "lib/xalloc.h"

/* The form: this struct, numbers, the text of the verdict, and the label, aligned. */
struct kept {
	unsigned char kind; /* its index */
	unsigned char parts; /* PART_... */
	unsigned char numbers[]; /* have, unknown, read, those of each part, and the facts
				  * in the order of their bits */
};

enum {
	PART_LABEL = 1,
	PART_VERDICT = 2,
	PART_SEMAPHORES = 4,
	PART_USES = 8,
	PART_NAMESPACE = 16,
};

enum {
	NUMBER_SIZE = 10, /* the most that a number takes */
	NUMBERS_MAX = FACT_COUNT + 9,
};

/* Writes a number in groups of 7 bits, the lowest first; all but the last have the high
 * bit set.  Returns the place after it. */
static unsigned char *
put_number(unsigned char *at, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*at++ = number | 0x80;
	*at++ = number;
	return at;
}

static unsigned char *
put_pointer(unsigned char *at, const void *pointer)
{
	return put_number(at, (uintptr_t)pointer);
}

/* Reads a number, and moves *at after it. */
static uint64_t
take_number(const unsigned char **at)
{
	uint64_t number = *(*at)++;

	if (number < 0x80)
		return number;
	number &= 0x7f;
	for (unsigned shift = 7;; shift += 7) {
		uint64_t byte = *(*at)++;

		number |= (byte & 0x7f) << shift;
		if (byte < 0x80)
			return number;
	}
}

static const void *
take_pointer(const unsigned char **at)
{
	return (const void *)(uintptr_t)take_number(at);
}

static unsigned
parts_of(const struct object *o)
{
	return (o->label != NULL ? PART_LABEL : 0) |
		(object_has(o, FACT(REASON)) ? PART_VERDICT : 0) |
		(o->semaphores != NULL ? PART_SEMAPHORES : 0) |
		(o->uses != NULL ? PART_USES : 0) | (o->ns != NULL ? PART_NAMESPACE : 0);
}

/* Writes all numbers, and returns the place after them. */
static unsigned char *
put_numbers(
	unsigned char *at, const struct object *o, unsigned parts, size_t verdict_size)
{
	at = put_number(at, o->have);
	at = put_number(at, o->unknown);
	at = put_number(at, o->read);
	if (parts & PART_VERDICT) {
		at = put_number(at, verdict_size);
		at = put_number(at, o->reason - o->verdict);
	}
	if (parts & PART_SEMAPHORES)
		at = put_pointer(at, o->semaphores);
	if (parts & PART_USES) {
		at = put_pointer(at, o->uses);
		at = put_number(at, o->uses_count);
	}
	if (parts & PART_NAMESPACE)
		at = put_pointer(at, o->ns);
	for (facts_t left = o->have; left != 0; left &= left - 1)
		at = put_number(at, o->fact[__builtin_ctzll(left)]);
	return at;
}

/* The next offset where a label can be. */
static size_t
aligned(size_t offset)
{
	return (offset + _Alignof(struct label) - 1) & ~(_Alignof(struct label) - 1);
}

struct kept *
kept_make(const struct object *o)
{
	unsigned parts = parts_of(o);
	size_t verdict_size = parts & PART_VERDICT ? strlen(o->verdict) + 1 : 0;
	unsigned char room[NUMBERS_MAX * NUMBER_SIZE];
	size_t numbers = put_numbers(room, o, parts, verdict_size) - room;
	size_t verdict_at = offsetof(struct kept, numbers) + numbers;
	size_t label_at = aligned(verdict_at + verdict_size);
	size_t size = parts & PART_LABEL ? label_at + label_size(o->label)
					 : verdict_at + verdict_size;
	struct kept *k = xreallocarray(NULL, size, 1);

	k->kind = kind_index(o->kind);
	k->parts = parts;
	memcpy(k->numbers, room, numbers);
	if (parts & PART_VERDICT)
		memcpy((char *)k + verdict_at, o->verdict, verdict_size);
	if (parts & PART_LABEL)
		label_put(o->label, (char *)k + label_at);
	return k;
}

void
kept_object(const struct kept *k, struct object *o)
{
	const unsigned char *at = k->numbers;
	size_t verdict_size = 0, reason = 0;

	*o = (struct object){ .kind = kinds[k->kind] };
	o->have = take_number(&at);
	o->unknown = take_number(&at);
	o->read = (time_t)take_number(&at);
	if (k->parts & PART_VERDICT) {
		verdict_size = take_number(&at);
		reason = take_number(&at);
	}
	if (k->parts & PART_SEMAPHORES)
		o->semaphores = take_pointer(&at);
	if (k->parts & PART_USES) {
		o->uses = take_pointer(&at);
		o->uses_count = take_number(&at);
	}
	if (k->parts & PART_NAMESPACE)
		o->ns = take_pointer(&at);
	for (facts_t left = o->have; left != 0; left &= left - 1)
		o->fact[__builtin_ctzll(left)] = take_number(&at);
	if (k->parts & PART_VERDICT) {
		o->verdict = (const char *)at;
		o->reason = o->verdict + reason;
	}
	if (k->parts & PART_LABEL) {
		size_t end = at + verdict_size - (const unsigned char *)k;

		o->label = (const void *)((const char *)k + aligned(end));
	}
}
