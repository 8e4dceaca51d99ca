/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/prometheus.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kind/ipcns.h"
#include "kind/label.h"
#include "kind/ref.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/names.h"
#include "lib/num.h"
#include "lib/ratio.h"
#include "lib/tally.h"
#include "lib/write-error.h"
#include "lib/xalloc.h"
#include "output/metrics.h"
#include "process/derive.h"
#include "process/in-use.h"
#include "process/stale.h"

static const struct metric limit = { "ipctool_limit",
	"Limit of the kernel on an IPC resource, in the kernel's own unit." };
static const struct metric used = { "ipctool_limit_used",
	"What is used of a limit, in the kernel's own unit." };
static const struct metric objects = { "ipctool_objects",
	"IPC objects by type and owner." };
static const struct metric bytes = { "ipctool_objects_bytes",
	"Bytes of shared memory and bytes in queues by owner." };

static const struct metric fullest = { "ipctool_queue_fullest_ratio",
	"Bytes in the fullest message queue, divided by what it may hold." };

/* What is counted for each owner, for each value of enum stale. */
enum { OBJECTS, BYTES, COUNTERS };

static const struct {
	enum stale stale;
	const char *word; /* value of the label */
} verdicts[] = {
	{ STALE_NO, "false" },
	{ STALE_YES, "true" },
	{ STALE_UNKNOWN, "unknown" },
};

enum { VERDICTS = ARRAY_SIZE(verdicts) };

static uint64_t
counts_unattached(const struct object *o)
{
	return o->fact[FACT_NATTCH] == 0;
}

static uint64_t
counts_dest(const struct object *o)
{
	return o->kind->is_marked != NULL && o->kind->is_marked(o);
}

/* What is summed up for each owner, of the kinds that have all of the facts. */
static const struct owner_total {
	struct metric metric;
	facts_t facts;
	enum fact fact; /* what is added up, unless there is a function for it: */
	uint64_t (*amount)(const struct object *o);
	const char *name; /* of what can be missing */
} totals[] = {
	{ { "ipctool_resident_bytes", "Bytes of segments in memory, by owner." },
		FACT(RSS), FACT_RSS, NULL, "rss" },
	{ { "ipctool_swapped_bytes", "Bytes of segments swapped out, by owner." },
		FACT(SWAP), FACT_SWAP, NULL, "swap" },
	{ { "ipctool_allocated_bytes",
		  "Bytes that the files of objects take in memory and swap, by owner." },
		FACT(ALLOC), FACT_ALLOC, NULL, "alloc" },
	{ { "ipctool_unattached_segments",
		  "Segments to which no process is attached, by owner." },
		FACT(NATTCH), FACT_NATTCH, counts_unattached, "nattch" },
	{ { "ipctool_dest_segments",
		  "Segments that the kernel removes after the last detach, by owner." },
		FACT(NATTCH) | FACT(MODE), FACT_MODE, counts_dest, "mode" },
	{ { "ipctool_queued_messages", "Messages in queues, by owner." }, FACT(QNUM),
		FACT_QNUM, NULL, "qnum" },
	{ { "ipctool_queued_bytes", "Bytes of messages in queues, by owner." },
		FACT(QNUM) | FACT(SIZE), FACT_SIZE, NULL, "size" },
};

/* The counters of an owner: those of each verdict, the totals, and of each total the
 * objects that it lacks. */
enum {
	TOTALS = ARRAY_SIZE(totals),
	SUMS = VERDICTS * COUNTERS,
	LACKS = SUMS + TOTALS,
	WIDTH = LACKS + TOTALS,
};

/* The samples, and what is found out of the objects of a namespace. */
struct exposition {
	bool alone;
	struct buf limits, used;
	struct buf counted[COUNTERS]; /* of objects and bytes */
	struct buf summed[TOTALS];
	struct buf fullest_ones;

	struct derive derive;
	char ns_text[IPCNS_SIZE + 1];
	struct metric_label ns; /* the last label; without a name if there is none */
	size_t unknown; /* objects that may be stale or not */
	struct object fullest; /* the queue, if there is one */
	bool has_fullest;
	struct label *label; /* of the queue; owned */
};

static void
put_limits(struct exposition *e, const struct usage *usages, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct limit *l = &usages[i].limit;
		const struct metric_label labels[] = {
			{ "type", usages[i].kind->name },
			{ "resource", l->name },
			e->ns,
			{ 0 },
		};

		if (limit_is_none(l) && !l->is_part)
			metrics_sample_infinite(&e->limits, &limit, labels);
		else if (!l->is_part)
			metrics_sample(&e->limits, &limit, labels, l->limit);
		if (l->counted && l->unread == 0)
			metrics_sample(&e->used, &used, labels, l->used);
	}
}

static void
put_verdicts(struct exposition *e, const struct kind *kind, const struct tally_row *row,
	const char *uid)
{
	static const struct metric *const metrics[] = { &objects, &bytes };

	for (size_t i = 0; i < VERDICTS; i++) {
		const uint64_t *counters =
			row->counters + COUNTERS * (size_t)verdicts[i].stale;
		const struct metric_label labels[] = {
			{ "type", kind->name },
			{ "owner", names_user(row->id) },
			{ "uid", uid },
			{ "stale", verdicts[i].word },
			e->ns,
			{ 0 },
		};

		for (size_t k = 0; k < COUNTERS; k++)
			if (counters[OBJECTS] > 0 &&
				(k != BYTES || kind->facts & FACT(SIZE)))
				metrics_sample(
					&e->counted[k], metrics[k], labels, counters[k]);
	}
}

static bool
has_total(const struct kind *kind, size_t i)
{
	return (kind->facts & totals[i].facts) == totals[i].facts;
}

/* A sum that lacks something is none. */
static void
put_totals(struct exposition *e, const struct kind *kind, const struct tally_row *row,
	const char *uid)
{
	const struct metric_label labels[] = {
		{ "type", kind->name },
		{ "owner", names_user(row->id) },
		{ "uid", uid },
		e->ns,
		{ 0 },
	};

	for (size_t i = 0; i < TOTALS; i++)
		if (has_total(kind, i) && row->counters[LACKS + i] == 0)
			metrics_sample(&e->summed[i], &totals[i].metric, labels,
				row->counters[SUMS + i]);
}

/* The counters of one kind as samples. */
static void
put_owners(struct exposition *e, const struct kind *kind, struct tally *tally)
{
	size_t count;
	const struct tally_row *rows = tally_rows(tally, 0, &count);
	char uid[21];

	for (size_t i = 0; i < count; i++) {
		*num_put(uid, rows[i].id) = '\0';
		put_verdicts(e, kind, &rows[i], uid);
		put_totals(e, kind, &rows[i], uid);
	}
}

/* Says of what there is no sum for some owners. */
static void
say_lacking(const struct kind *kind, struct tally *tally, struct source *source)
{
	size_t count;
	const struct tally_row *rows = tally_rows(tally, 0, &count);

	for (size_t i = 0; i < TOTALS; i++) {
		uint64_t lacking = 0;

		for (size_t k = 0; k < count; k++)
			lacking += rows[k].counters[LACKS + i];
		if (lacking > 0)
			say("%s: %s of %" PRIu64
			    " object%s could not be read, and their owners are left "
			    "out of %s: %s",
				kind->name, totals[i].name, lacking,
				lacking == 1 ? "" : "s", totals[i].metric.name,
				source_why(source));
	}
}

static void
put_fullest(struct exposition *e)
{
	const struct object *o = &e->fullest;
	struct buf *b = &e->fullest_ones;
	char room[REF_SIZE], uid[21];
	struct metric_label labels[] = {
		{ "ref", NULL },
		{ "owner", names_user(o->fact[FACT_UID]) },
		{ "uid", uid },
		e->ns,
		{ 0 },
	};

	if (!e->has_fullest)
		return;
	labels[0].text = ref_text(o, room);
	*num_put(uid, o->fact[FACT_UID]) = '\0';
	/* A queue that may hold nothing is full. */
	if (o->fact[FACT_QBYTES] == 0)
		metrics_sample_ratio(b, &fullest, labels, 1, 1);
	else
		metrics_sample_ratio(
			b, &fullest, labels, o->fact[FACT_SIZE], o->fact[FACT_QBYTES]);
}

/* Keeps the queue that is fuller than those before. */
static void
take_fuller(struct exposition *e, const struct object *o)
{
	const struct object *old = &e->fullest;

	if (!object_has(o, FACT(QBYTES) | FACT(SIZE)))
		return;
	if (e->has_fullest &&
		(old->fact[FACT_QBYTES] == 0 ||
			(o->fact[FACT_QBYTES] > 0 &&
				ratio_compare(o->fact[FACT_SIZE], o->fact[FACT_QBYTES],
					old->fact[FACT_SIZE],
					old->fact[FACT_QBYTES]) <= 0)))
		return;
	e->fullest = *o;
	free(e->label);
	e->fullest.label = e->label = label_copy(o->label);
	e->has_fullest = true;
}

/* Asking the kernel whether a process uses an object may delay another one that opens it,
 * which a collector that comes every minute must not do. */
static bool
is_judged(const struct kind *kind)
{
	return !in_use_tells(kind);
}

static void
count_object(struct exposition *e, struct object *o, uint64_t *counters)
{
	uint64_t *of_verdict;
	enum stale stale;

	if (is_judged(o->kind))
		derive_facts(&e->derive, o);
	/* What could not be judged for want of facts is unknown too. */
	stale = object_has(o, FACT(STALE)) ? o->fact[FACT_STALE] : STALE_UNKNOWN;
	e->unknown += stale == STALE_UNKNOWN && is_judged(o->kind);
	of_verdict = counters + (size_t)COUNTERS * stale;
	of_verdict[OBJECTS]++;
	if (object_has(o, FACT(SIZE)))
		of_verdict[BYTES] += o->fact[FACT_SIZE];
	for (size_t i = 0; i < TOTALS; i++) {
		if (!has_total(o->kind, i))
			continue;
		if (!object_has(o, totals[i].facts))
			counters[LACKS + i]++;
		else if (totals[i].amount != NULL)
			counters[SUMS + i] += totals[i].amount(o);
		else
			counters[SUMS + i] += o->fact[totals[i].fact];
	}
	take_fuller(e, o);
}

static facts_t
facts_wanted(const struct derive *derive)
{
	facts_t wanted = FACT(UID) | FACT(SIZE) | FACT(QBYTES) |
		derive_needs(derive->wanted);

	for (size_t i = 0; i < TOTALS; i++)
		wanted |= totals[i].facts;
	return wanted;
}

static enum status
count_objects(struct exposition *e, const struct kind *kind)
{
	struct buf cause = { 0 };
	struct source *source = source_open(kind, facts_wanted(&e->derive) & kind->facts,
		&(struct source_options){ 0 }, say_text, &cause);
	struct tally *tally;
	size_t missing = 0;
	struct object o;
	enum status status;

	if (source == NULL) {
		say("%s: %s", kind->name, buf_text(&cause));
		buf_free(&cause);
		return STATUS_SOME;
	}
	tally = tally_new(WIDTH);
	while (source_next(source, &o) == 1)
		if (object_has(&o, FACT(UID)))
			count_object(e, &o, tally_of(tally, o.fact[FACT_UID]));
		else
			missing++;
	put_owners(e, kind, tally);
	say_lacking(kind, tally, source);
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

/* Says for how many objects it is unknown whether they are stale, and why. */
static void
say_unknown(const struct exposition *e)
{
	const struct derive *derive = &e->derive;
	struct scan *scan = derive->evidence.scan;

	if (e->unknown == 0)
		return;
	say("whether %zu object%s%s%s %s stale cannot be determined: %s", e->unknown,
		e->unknown == 1 ? "" : "s", e->ns.name != NULL ? " of " : "", e->ns_text,
		e->unknown == 1 ? "is" : "are",
		scan_incomplete(scan) != NULL ? scan_incomplete(scan)
			: context_is_partial(&derive->context)
			? "processes outside this PID namespace cannot be seen (--alone)"
			: "see ipctool list -o ref,cause,reason");
}

struct exposition *
exposition_start(bool alone)
{
	struct exposition *e = xcalloc(1, sizeof *e);

	e->alone = alone;
	return e;
}

/* Starts with the namespace that ipctool is in. */
static void
start_namespace(struct exposition *e, kinds_t kinds_wanted)
{
	char text[IPCNS_SIZE + 1];

	e->derive = (struct derive){
		.wanted = FACT(STALE),
		.kinds = kinds_wanted,
		.context = { .alone = e->alone, .confirms = true },
	};
	*ipcns_put(ipcns_now(), text) = '\0';
	e->ns = (struct metric_label){ 0 };
	e->ns_text[0] = '\0';
	if (ipcns_now() != NULL) {
		strlcpy(e->ns_text, text + 1, sizeof e->ns_text);
		e->ns = (struct metric_label){ "ipc_ns", e->ns_text };
	}
	e->unknown = 0;
	e->has_fullest = false;
}

enum status
exposition_add(struct exposition *e, kinds_t kinds_wanted, const struct usage *usages,
	size_t usages_count)
{
	enum status status = STATUS_OK;

	start_namespace(e, kinds_wanted);
	put_limits(e, usages, usages_count);
	derive_start(&e->derive);
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds_wanted & KIND_BIT(i))
			status = cmd_worse(status, count_objects(e, kinds[i]));
	say_unknown(e);
	derive_end(&e->derive);
	put_fullest(e);
	return status;
}

/* Appends a metric with its samples, and releases these. */
static void
put_metric(struct buf *all, const struct metric *m, struct buf *samples)
{
	metrics_heading(all, m);
	buf_add(all, samples->data, samples->len);
	buf_free(samples);
}

void
exposition_end(struct exposition *e)
{
	struct buf all = { 0 };

	put_metric(&all, &limit, &e->limits);
	put_metric(&all, &used, &e->used);
	put_metric(&all, &objects, &e->counted[OBJECTS]);
	put_metric(&all, &bytes, &e->counted[BYTES]);
	for (size_t i = 0; i < TOTALS; i++)
		put_metric(&all, &totals[i].metric, &e->summed[i]);
	put_metric(&all, &fullest, &e->fullest_ones);
	if (fwrite(all.data, 1, all.len, stdout) < all.len)
		write_error_note();
	buf_free(&all);
	free(e->label);
	free(e);
}
