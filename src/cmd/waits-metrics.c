/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/waits-metrics.h"

#include <stdio.h>

#include "lib/array.h"
#include "lib/write-error.h"
#include "output/metrics.h"

static const struct metric findings = { "ipctool_waits",
	"Groups of threads that can never go on by themselves, by verdict." };
static const struct metric certain = { "ipctool_waits_certain",
	"Those of ipctool_waits that are certain, by verdict." };
static const struct metric threads = { "ipctool_waiting_threads",
	"Threads that wait: in or behind a finding, blocked for now, or idle." };
static const struct metric unread = { "ipctool_waits_unread_processes",
	"Processes that could not be examined." };

/* Mutual is not among them: idle servers are. */
static const enum verdict verdicts[] = { VERDICT_DEADLOCK, VERDICT_STUCK,
	VERDICT_STOPPED };

static void
put_findings(struct buf *b, const struct waits_view *v, bool only_certain)
{
	const struct findings *f = &v->look.findings;
	const struct metric *metric = only_certain ? &certain : &findings;

	metrics_heading(b, metric);
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		const struct metric_label labels[] = {
			{ "verdict", verdict_name(verdicts[i]) },
			{ 0 },
		};
		uint64_t count = 0;

		for (size_t k = 0; k < f->count; k++)
			count += v->shows_finding[k] &&
				f->list[k].verdict == verdicts[i] &&
				(f->list[k].certain || !only_certain);
		metrics_sample(b, metric, labels, count);
	}
}

/* Whether the threads of a finding are no more than idle. */
static bool
is_mutual(const struct waits_view *v, size_t finding)
{
	return v->look.findings.list[finding].verdict == VERDICT_MUTUAL;
}

static void
put_threads(struct buf *b, const struct waits_view *v)
{
	enum { FOUND, BLOCKED, IDLE, STATES };
	static const char *const words[] = { "finding", "blocked", "idle" };
	uint64_t counts[STATES] = { 0 };

	for (size_t i = 0; i < v->look.world.threads_count; i++) {
		if (v->finding_of[i] != NONE)
			counts[is_mutual(v, v->finding_of[i]) ? IDLE : FOUND]++;
		else if (v->shows_thread[i] && look_is_blocked(&v->look, i))
			counts[BLOCKED]++;
		else if (v->shows_thread[i] && look_is_idle(&v->look, i))
			counts[IDLE]++;
	}
	metrics_heading(b, &threads);
	for (size_t i = 0; i < STATES; i++) {
		const struct metric_label labels[] = { { "state", words[i] }, { 0 } };

		metrics_sample(b, &threads, labels, counts[i]);
	}
}

void
waits_print_metrics(struct waits_view *v)
{
	static const struct metric_label none[] = { { 0 } };
	struct buf b = { 0 };

	put_findings(&b, v, false);
	put_findings(&b, v, true);
	put_threads(&b, v);
	metrics_heading(&b, &unread);
	metrics_sample(&b, &unread, none, v->look.world.unread);
	if (fwrite(b.data, 1, b.len, stdout) < b.len)
		write_error_note();
	buf_free(&b);
}
