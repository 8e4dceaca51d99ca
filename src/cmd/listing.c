/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/listing.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

/* An object that is kept.  A struct object has room for every fact there is, twice as
 * many as any object has, which counts where there are many. */
struct kept {
	const struct kind *kind;
	facts_t have;
	time_t read;
	const struct semaphore *semaphores;
	const struct use *uses;
	size_t uses_count;
	const struct context *context;
	char *verdict; /* NULL where none was asked for */
	size_t reason; /* where it starts in that */
	size_t facts; /* where they start, in the order of their bits */
};

void
printer_start(struct printer *p, const struct opt_output *opt)
{
	*p = (struct printer){ .opt = opt };
	p->values = xcalloc(opt->fields.count, sizeof *p->values);
	p->had = xcalloc(opt->fields.count, sizeof *p->had);
	for (size_t i = 0; i < opt->fields.count; i++)
		p->firm |= field_made_from(opt->fields.list[i]);
	p->keys = xcalloc(opt->keys.count + 1, sizeof *p->keys);
	if (opt->keys.count > 0)
		p->sort = sort_new(opt->descending, opt->keys.count);
	opt_output_begin(opt, "objects", &p->out);
}

facts_t
printer_needs(const struct printer *p)
{
	return opt_output_needs(p->opt);
}

/* Lays out the values for the fields that a kind has; the others stay absent. */
static void
lay_out(struct printer *p, const struct kind *kind)
{
	const struct field_choice *chosen = &p->opt->fields;

	p->kind = kind;
	p->had_count = 0;
	for (size_t i = 0; i < chosen->count; i++) {
		p->values[i].state = VALUE_ABSENT;
		if (field_of_kind(chosen->list[i], kind))
			p->had[p->had_count++] = i;
	}
}

static void
print_now(struct printer *p, const struct object *o)
{
	const struct field *const *list = p->opt->fields.list;

	if (p->kind != o->kind)
		lay_out(p, o->kind);
	for (size_t i = 0; i < p->had_count; i++)
		field_get(list[p->had[i]], o, &p->values[p->had[i]]);
	out_set_now(&p->out, o->read);
	out_row(&p->out, p->values);
}

static void
keep_object(struct printer *p, const struct object *o)
{
	const struct field_choice *keys = &p->opt->keys;

	if (p->count == p->room) {
		p->room = p->room == 0 ? 64 : p->room + p->room / 2;
		p->kept = xreallocarray(p->kept, p->room, sizeof *p->kept);
	}
	p->kept[p->count] = (struct kept){ o->kind, o->have, o->read, o->semaphores,
		o->uses, o->uses_count, o->context, NULL, 0, p->facts.len };
	if (object_has(o, FACT(REASON))) {
		p->kept[p->count].verdict = xstrdup(o->verdict);
		p->kept[p->count].reason = o->reason - o->verdict;
	}
	for (facts_t left = o->have; left != 0; left &= left - 1)
		buf_add(&p->facts, &o->fact[__builtin_ctzll(left)], sizeof o->fact[0]);
	for (size_t i = 0; i < keys->count; i++)
		field_get(keys->list[i], o, &p->keys[i]);
	sort_add(p->sort, p->keys, &p->out.style);
}

/* Makes of what was kept an object again. */
static struct object
restore(const struct printer *p, const struct kept *k)
{
	const char *fact = p->facts.data + k->facts;
	struct object o = { .kind = k->kind,
		.have = k->have,
		.read = k->read,
		.semaphores = k->semaphores,
		.uses = k->uses,
		.uses_count = k->uses_count,
		.context = k->context,
		.verdict = k->verdict,
		.reason = k->verdict == NULL ? NULL : k->verdict + k->reason };

	for (facts_t left = k->have; left != 0; left &= left - 1) {
		memcpy(&o.fact[__builtin_ctzll(left)], fact, sizeof o.fact[0]);
		fact += sizeof o.fact[0];
	}
	return o;
}

/* Counts the values that could not be read, of which there are seldom any. */
static void
count_unread(struct printer *p, const struct object *o)
{
	const struct field_choice *chosen = &p->opt->fields;

	if (object_has(o, p->firm & o->kind->facts))
		return;
	for (size_t i = 0; i < chosen->count; i++)
		p->unread.values += field_is_unread(chosen->list[i], o);
}

void
printer_print(struct printer *p, const struct object *o)
{
	count_unread(p, o);
	if (p->sort != NULL)
		keep_object(p, o);
	else
		print_now(p, o);
	p->count++;
}

void
printer_end(struct printer *p)
{
	const size_t *order = p->sort == NULL ? NULL : sort_order(p->sort);

	for (size_t i = 0; order != NULL && i < p->count; i++) {
		const struct object o = restore(p, &p->kept[order[i]]);

		print_now(p, &o);
	}
	for (size_t i = 0; p->sort != NULL && i < p->count; i++)
		free(p->kept[i].verdict);
	out_end(&p->out);
	unread_say(&p->unread);
	unread_say_names();
	sort_free(p->sort);
	free(p->kept);
	buf_free(&p->facts);
	free(p->values);
	free(p->keys);
	free(p->had);
}
