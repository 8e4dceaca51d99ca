/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "namespace/count.h"

#include "kind/source.h"

#define MEMORY (FACT(RSS) | FACT(SWAP))

kinds_t
ns_counted_kinds(void)
{
	kinds_t counted = 0;

	for (size_t i = 0; i < kinds_count && i < NS_KINDS_MAX; i++)
		if (kinds[i]->is_namespaced && kinds[i]->source != NULL)
			counted |= KIND_BIT(i);
	return counted;
}

/* Whether the objects of a kind are segments: their memory counts. */
static bool
has_memory(const struct kind *kind)
{
	return (kind->facts & (MEMORY | FACT(SIZE))) == (MEMORY | FACT(SIZE));
}

static void
add_fact(struct ns_number *sum, const struct object *o, enum fact fact)
{
	sum->is_known &= object_has(o, FACT_BIT(fact));
	sum->value += o->fact[fact];
}

/* Where a message goes. */
struct complaint {
	void (*failed)(void *arg, const char *what, const char *cause);
	void *arg;
};

static void
complain_of_sums(
	const struct ns_counts *c, struct source *source, const struct complaint *to)
{
	if (!c->bytes.is_known)
		to->failed(to->arg, "bytes", source_why(source));
	if (!c->rss.is_known)
		to->failed(to->arg, "rss", source_why(source));
	if (!c->swap.is_known)
		to->failed(to->arg, "swap", source_why(source));
}

/* 0, or -1 with the cause. */
static int
count_kind(const struct kind *kind, struct ns_counts *counts, const struct complaint *to,
	struct buf *cause)
{
	static const struct source_options options = { .choice = SOURCE_AUTO };
	struct ns_number *objects = &counts->objects[kind_index(kind)];
	bool memory = has_memory(kind);
	struct source *source;
	struct object o;
	int rc;

	source = source_open(kind, FACTS_NUMBER | (memory ? MEMORY | FACT(SIZE) : 0),
		&options, NULL, cause);
	if (source == NULL)
		return -1;
	while ((rc = source_next(source, &o)) == 1) {
		objects->value++;
		if (!memory)
			continue;
		add_fact(&counts->bytes, &o, FACT_SIZE);
		add_fact(&counts->rss, &o, FACT_RSS);
		add_fact(&counts->swap, &o, FACT_SWAP);
	}
	objects->is_known = rc == 0 && source_problems(source) == 0;
	if (!objects->is_known)
		buf_str(cause,
			rc < 0 || kind->source->last_problem == NULL
				? source_why(source)
				: kind->source->last_problem(source));
	else if (memory)
		complain_of_sums(counts, source, to);
	source_close(source);
	return objects->is_known ? 0 : -1;
}

void
ns_count(struct ns_counts *counts, kinds_t wanted,
	void (*failed)(void *arg, const char *what, const char *cause), void *arg)
{
	static const struct ns_number none = { .is_known = true };
	const struct complaint to = { failed, arg };
	struct buf cause = { 0 };

	*counts = (struct ns_counts){ .bytes = none, .rss = none, .swap = none };
	for (size_t i = 0; i < kinds_count; i++) {
		if (!(wanted & KIND_BIT(i)))
			continue;
		cause.len = 0;
		if (count_kind(kinds[i], counts, &to, &cause) == 0)
			continue;
		if (has_memory(kinds[i]))
			counts->bytes.is_known = counts->rss.is_known =
				counts->swap.is_known = false;
		failed(arg, kinds[i]->name, buf_text(&cause));
	}
	buf_free(&cause);
}
