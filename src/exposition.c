/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exposition.h"

#include <stdio.h>

#include "derive.h"
#include "metrics.h"
#include "names.h"
#include "num.h"
#include "say.h"
#include "source.h"
#include "stale.h"
#include "tally.h"

static const struct metric limit = { "ipctool_limit",
	"Limit of the kernel on a System V IPC resource, in the kernel's own unit." };
static const struct metric used = { "ipctool_limit_used",
	"What is used of a limit, in the kernel's own unit." };
static const struct metric objects = { "ipctool_objects",
	"System V IPC objects by type and owner." };
static const struct metric bytes = { "ipctool_objects_bytes",
	"Bytes of segments and bytes in queues by owner." };

/* What is counted for each owner, first of all others, then of the stale ones. */
enum { OBJECTS, BYTES, COUNTERS };

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

	for (size_t i = 0; i < 2 * count; i++) {
		const struct tally_row *row = &rows[i / 2];
		bool stale = i % 2;
		const uint64_t *counters = row->counters + (stale ? COUNTERS : 0);
		char uid[21];
		const struct metric_label labels[] = {
			{ "type", kind->name },
			{ "owner", names_user(row->id) },
			{ "uid", uid },
			{ "stale", stale ? "true" : "false" },
			{ 0 },
		};

		*num_put(uid, row->id) = '\0';
		for (size_t k = 0; k < COUNTERS; k++)
			if (counters[OBJECTS] > 0 &&
				(k != BYTES || kind->facts & FACT(SIZE)))
				metrics_sample(&b[k], metrics[k], labels, counters[k]);
	}
}

static void
say_text(const char *text)
{
	say("%s", text);
}

static enum status
count_objects(const struct kind *kind, struct look *look, struct buf b[COUNTERS])
{
	facts_t wanted = (FACT(UID) | FACT(SIZE) | look_needs(look->wanted)) &
		kind->facts;
	struct buf cause = { 0 };
	struct source *source = source_open(
		kind, wanted, &(struct source_options){ 0 }, say_text, &cause);
	struct tally *tally;
	struct object o;
	enum status status;

	if (source == NULL) {
		say("%s: %s", kind->name, buf_text(&cause));
		buf_free(&cause);
		return STATUS_SOME;
	}
	tally = tally_new(2 * COUNTERS);
	while (source_next(source, &o) == 1) {
		uint64_t *counters;

		/* usage_read() has said of which the owner could not be read. */
		if (!object_has(&o, FACT(UID)))
			continue;
		counters = tally_of(tally, o.fact[FACT_UID]);
		look_at(look, &o);
		if (object_has(&o, FACT(STALE)) && o.fact[FACT_STALE] == STALE_YES)
			counters += COUNTERS;
		counters[OBJECTS]++;
		if (object_has(&o, FACT(SIZE)))
			counters[BYTES] += o.fact[FACT_SIZE];
	}
	put_owners(kind, tally, b);
	status = source_problems(source) > 0 ? STATUS_SOME : STATUS_OK;
	source_close(source);
	tally_free(tally);
	return status;
}

enum status
exposition_print(const struct usage *usages, size_t usages_count, unsigned kinds_wanted)
{
	struct look look = {
		.wanted = FACT(STALE),
		.kinds = kinds_wanted,
		.now = time(NULL),
		.grace = LOOK_GRACE,
	};
	struct buf b[COUNTERS] = { 0 };
	struct buf all = { 0 };
	enum status status = STATUS_OK;

	put_limits(&all, usages, usages_count);
	metrics_heading(&b[OBJECTS], &objects);
	metrics_heading(&b[BYTES], &bytes);
	look_start(&look);
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds_wanted & 1u << i)
			status = cmd_worse(status, count_objects(kinds[i], &look, b));
	look_end(&look);
	for (size_t k = 0; k < COUNTERS; k++) {
		buf_add(&all, b[k].data, b[k].len);
		buf_free(&b[k]);
	}
	fwrite(all.data, 1, all.len, stdout);
	buf_free(&all);
	return status;
}
