/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/prometheus.h"

#include <stdio.h>

#include "kind/source.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/names.h"
#include "lib/num.h"
#include "lib/tally.h"
#include "lib/write-error.h"
#include "output/metrics.h"
#include "process/derive.h"
#include "process/stale.h"

static const struct metric limit = { "ipctool_limit",
	"Limit of the kernel on a System V IPC resource, in the kernel's own unit." };
static const struct metric used = { "ipctool_limit_used",
	"What is used of a limit, in the kernel's own unit." };
static const struct metric objects = { "ipctool_objects",
	"System V IPC objects by type and owner." };
static const struct metric bytes = { "ipctool_objects_bytes",
	"Bytes of segments and bytes in queues by owner." };

/* What is counted for each owner, for each value of enum stale. */
enum { OBJECTS, BYTES, COUNTERS };

static const struct {
	enum stale stale;
	const char *word; /* of the label */
} verdicts[] = {
	{ STALE_NO, "false" },
	{ STALE_YES, "true" },
	{ STALE_UNKNOWN, "unknown" },
};

enum { VERDICTS = ARRAY_SIZE(verdicts) };

static void
put_limits(struct buf *b, const struct usage *usages, size_t count)
{
	metrics_heading(b, &limit);
	for (size_t i = 0; i < count; i++) {
		const struct metric_label labels[] = {
			{ "type", usages[i].kind->name },
			{ "resource", usages[i].limit.name },
			{ 0 },
		};

		if (limit_is_none(&usages[i].limit))
			metrics_sample_infinite(b, &limit, labels);
		else
			metrics_sample(b, &limit, labels, usages[i].limit.limit);
	}
	metrics_heading(b, &used);
	for (size_t i = 0; i < count; i++) {
		const struct metric_label labels[] = {
			{ "type", usages[i].kind->name },
			{ "resource", usages[i].limit.name },
			{ 0 },
		};

		if (usages[i].limit.counted)
			metrics_sample(b, &used, labels, usages[i].limit.used);
	}
}

/* The counters of one kind as samples of both metrics. */
static void
put_owners(const struct kind *kind, struct tally *tally, struct buf b[COUNTERS])
{
	static const struct metric *const metrics[] = { &objects, &bytes };
	size_t count;
	const struct tally_row *rows = tally_rows(tally, 0, &count);

	for (size_t i = 0; i < VERDICTS * count; i++) {
		const struct tally_row *row = &rows[i / VERDICTS];
		size_t verdict = i % VERDICTS;
		const uint64_t *counters =
			row->counters + COUNTERS * verdicts[verdict].stale;
		char uid[21];
		const struct metric_label labels[] = {
			{ "type", kind->name },
			{ "owner", names_user(row->id) },
			{ "uid", uid },
			{ "stale", verdicts[verdict].word },
			{ 0 },
		};

		*num_put(uid, row->id) = '\0';
		for (size_t k = 0; k < COUNTERS; k++)
			if (counters[OBJECTS] > 0 &&
				(k != BYTES || kind->facts & FACT(SIZE)))
				metrics_sample(&b[k], metrics[k], labels, counters[k]);
	}
}

static enum status
count_objects(const struct kind *kind, struct derive *derive, struct buf b[COUNTERS],
	size_t *unknown)
{
	facts_t wanted = (FACT(UID) | FACT(SIZE) | derive_needs(derive->wanted)) &
		kind->facts;
	struct buf cause = { 0 };
	struct source *source = source_open(
		kind, wanted, &(struct source_options){ 0 }, say_text, &cause);
	struct tally *tally;
	size_t missing = 0;
	struct object o;
	enum status status;

	if (source == NULL) {
		say("%s: %s", kind->name, buf_text(&cause));
		buf_free(&cause);
		return STATUS_SOME;
	}
	tally = tally_new(VERDICTS * COUNTERS);
	while (source_next(source, &o) == 1) {
		uint64_t *counters;
		enum stale stale;

		if (!object_has(&o, FACT(UID))) {
			missing++;
			continue;
		}
		counters = tally_of(tally, o.fact[FACT_UID]);
		derive_facts(derive, &o);
		/* What could not be judged for want of facts is unknown too. */
		stale = object_has(&o, FACT(STALE)) ? o.fact[FACT_STALE] : STALE_UNKNOWN;
		*unknown += stale == STALE_UNKNOWN;
		counters += COUNTERS * stale;
		counters[OBJECTS]++;
		if (object_has(&o, FACT(SIZE)))
			counters[BYTES] += o.fact[FACT_SIZE];
	}
	put_owners(kind, tally, b);
	if (missing > 0) {
		usage_put_missing(kind, missing, source_why(source), &cause);
		say("%s", buf_text(&cause));
		buf_free(&cause);
	}
	status = missing + source_problems(source) > 0 ? STATUS_SOME : STATUS_OK;
	source_close(source);
	tally_free(tally);
	return status;
}

/* Says of how many objects it is not known whether they are stale, and why. */
static void
say_unknown(const struct derive *derive, size_t unknown)
{
	struct scan *scan = derive->evidence.scan;

	if (unknown == 0)
		return;
	say("whether %zu object%s stale cannot be determined: %s", unknown,
		unknown == 1 ? " is" : "s are",
		scan_incomplete(scan) != NULL ? scan_incomplete(scan)
			: context_is_partial(&derive->context)
			? "processes outside this PID namespace cannot be seen (--alone)"
			: "see ipctool list -o ref,cause,reason");
}

enum status
exposition_print(
	const struct usage *usages, size_t usages_count, kinds_t kinds_wanted, bool alone)
{
	struct derive derive = {
		.wanted = FACT(STALE),
		.kinds = kinds_wanted,
		.context = { .alone = alone, .confirms = true },
	};
	struct buf b[COUNTERS] = { 0 };
	struct buf all = { 0 };
	enum status status = STATUS_OK;
	size_t unknown = 0;

	put_limits(&all, usages, usages_count);
	metrics_heading(&b[OBJECTS], &objects);
	metrics_heading(&b[BYTES], &bytes);
	derive_start(&derive);
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds_wanted & KIND_BIT(i))
			status = cmd_worse(
				status, count_objects(kinds[i], &derive, b, &unknown));
	say_unknown(&derive, unknown);
	derive_end(&derive);
	for (size_t k = 0; k < COUNTERS; k++) {
		buf_add(&all, b[k].data, b[k].len);
		buf_free(&b[k]);
	}
	if (fwrite(all.data, 1, all.len, stdout) < all.len)
		write_error_note();
	buf_free(&all);
	return status;
}
