/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/usage.h"

#include <errno.h>
#include <string.h>

#include "kind/source.h"
#include "lib/tally.h"

/* What must be known of each object. */
static facts_t
needs(const struct usage *usages, int count)
{
	facts_t needs = FACT(UID);

	for (int i = 0; i < count; i++)
		if (usages[i].limit.role == LIMIT_TOTAL)
			needs |= FACT_BIT(usages[i].limit.fact);
	return needs;
}

static void
take_owners(struct usage *u, struct tally *tally, size_t counter)
{
	size_t count;
	const struct tally_row *rows = tally_rows(tally, counter, &count);

	u->owners_known = true;
	for (size_t i = 0; i < count && i < USAGE_TOP; i++) {
		u->owners[i].uid = rows[i].id;
		u->owners[i].used = rows[i].counters[counter];
		u->owners_count++;
	}
}

/* 0, or -1 when no object can be read. */
static int
count_owners(const struct kind *kind, struct usage *usages, int count,
	void (*problem)(const char *text), size_t *problems, struct buf *cause)
{
	facts_t wanted = needs(usages, count);
	struct source *source =
		source_open(kind, wanted, &(struct source_options){ 0 }, problem, cause);
	struct tally *tally;
	size_t missing = 0;
	struct object o;

	if (source == NULL)
		return -1;
	tally = tally_new(count);
	while (source_next(source, &o) == 1) {
		uint64_t *used;

		if (!object_has(&o, wanted & kind->facts)) {
			missing++;
			continue;
		}
		used = tally_of(tally, o.fact[FACT_UID]);
		for (int i = 0; i < count; i++)
			if (limit_has_share(&usages[i].limit))
				used[i] += limit_share(&usages[i].limit, &o);
	}
	if (missing > 0) {
		buf_printf(cause, "%s: the owners of %zu object%s could not be read: %s",
			kind->name, missing, missing == 1 ? "" : "s", source_why(source));
		problem(buf_text(cause));
		*problems += missing;
	}
	/* Who is missing could be the one who uses most. */
	for (int i = 0; i < count && missing + source_problems(source) == 0; i++)
		if (limit_has_share(&usages[i].limit))
			take_owners(&usages[i], tally, i);
	*problems += source_problems(source);
	source_close(source);
	tally_free(tally);
	return 0;
}

int
usage_read(const struct kind *kind, struct usage *usages,
	void (*problem)(const char *text), size_t *problems, struct buf *cause)
{
	struct limit limits[LIMITS_MAX];
	int count = limits_of(kind, limits);

	if (count < 0 && errno == ENOSYS) {
		buf_printf(cause, "this kernel has no %s", kind->title);
		return -1;
	}
	if (count < 0) {
		buf_printf(cause, "cannot read the limits: %s", strerror(errno));
		return -1;
	}
	for (int i = 0; i < count; i++)
		usages[i] = (struct usage){ .kind = kind, .limit = limits[i] };
	if (count_owners(kind, usages, count, problem, problems, cause) < 0) {
		problem(buf_text(cause));
		++*problems;
	}
	return count;
}
