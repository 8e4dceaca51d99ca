/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/usage.h"

#include <errno.h>
#include <string.h>

#include "kind/source.h"
#include "lib/tally.h"

/* The resource of which objects tell how much is resident, because the kernel did not; or
 * NULL. */
static struct limit *
find_unknown_memory(struct usage *usages, int count)
{
	for (int i = 0; i < count; i++)
		if (usages[i].limit.is_memory && !usages[i].limit.rss_known)
			return &usages[i].limit;
	return NULL;
}

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

/* Counts what each owner uses of each limit, and what is resident of memory, unless that
 * is NULL; returns how many objects could not be counted. */
static size_t
count_shares(struct source *source, facts_t wanted, const struct usage *usages, int count,
	struct limit *memory, struct tally *tally)
{
	size_t missing = 0;
	struct object o;

	if (memory != NULL) {
		memory->rss_known = true;
		memory->rss = memory->swap = 0;
	}
	while (source_next(source, &o) == 1) {
		uint64_t *used;

		if (!object_has(&o, wanted & o.kind->facts)) {
			missing++;
			continue;
		}
		used = tally_of(tally, o.fact[FACT_UID]);
		for (int i = 0; i < count; i++)
			if (limit_has_share(&usages[i].limit))
				used[i] += limit_share(&usages[i].limit, &o);
		if (memory == NULL)
			continue;
		memory->rss_known &= object_has(&o, FACT(RSS) | FACT(SWAP));
		memory->rss += o.fact[FACT_RSS];
		memory->swap += o.fact[FACT_SWAP];
	}
	if (memory != NULL && missing + source_problems(source) > 0)
		memory->rss_known = false;
	return missing;
}

size_t
usage_find_owners(const struct kind *kind, struct usage *usages, int count,
	void (*problem)(const char *text))
{
	facts_t wanted = needs(usages, count);
	struct buf cause = { 0 };
	struct limit *memory = find_unknown_memory(usages, count);
	facts_t also = memory != NULL ? FACT(RSS) | FACT(SWAP) : 0;
	struct source *source = source_open(
		kind, wanted | also, &(struct source_options){ 0 }, problem, &cause);
	struct tally *tally;
	size_t missing;

	if (source == NULL) {
		problem(buf_text(&cause));
		buf_free(&cause);
		return 1;
	}
	tally = tally_new(count);
	missing = count_shares(source, wanted, usages, count, memory, tally);
	if (missing > 0) {
		usage_put_missing(kind, missing, source_why(source), &cause);
		problem(buf_text(&cause));
		buf_free(&cause);
	}
	missing += source_problems(source);
	/* Who is missing could be the one who uses most. */
	for (int i = 0; i < count && missing == 0; i++)
		if (limit_has_share(&usages[i].limit))
			take_owners(&usages[i], tally, i);
	source_close(source);
	tally_free(tally);
	return missing;
}

void
usage_put_name(const struct usage *u, struct buf *text)
{
	char ns[IPCNS_SIZE + 1];

	buf_str(text, u->limit.name);
	*ipcns_put(u->ns, ns) = '\0';
	if (*ns != '\0')
		buf_printf(text, " of %s", ns + 1);
}

void
usage_put_missing(
	const struct kind *kind, size_t missing, const char *why, struct buf *text)
{
	buf_printf(text, "%s: the owners of %zu object%s could not be read: %s",
		kind->name, missing, missing == 1 ? "" : "s", why);
}

int
usage_read(const struct kind *kind, struct usage *usages, struct buf *cause)
{
	struct limit limits[LIMITS_MAX];
	int count = limits_of(kind, limits, cause);

	if (count == SOURCE_UNUSABLE)
		return count;
	if (count < 0 && errno == ENOSYS) {
		buf_printf(cause, "this kernel has no %s", kind->title);
		return -1;
	}
	if (count < 0) {
		buf_printf(cause, "cannot read the limits: %s", strerror(errno));
		return -1;
	}
	for (int i = 0; i < count; i++)
		usages[i] = (struct usage){
			.kind = kind, .place = i, .limit = limits[i], .ns = ipcns_now()
		};
	return count;
}
