/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_METRICS_H
#define OUTPUT_METRICS_H

#include <stdint.h>

#include "lib/buf.h"
#include "output/writer.h"

/*
 * Prometheus' text format, as the textfile collector of its node exporter reads it: for
 * each metric a heading, and then all its samples.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */

/* The name and help of the format, for the options; it has no rows. */
extern const struct writer writer_prometheus;

struct metric {
	const char *name;
	const char *help;
};

struct metric_label {
	const char *name;
	const char *text; /* anything; what is not UTF-8 becomes U+FFFD */
};

/* Appends the heading of a gauge. */
void metrics_heading(struct buf *b, const struct metric *m);

/* Appends a sample, whose labels end with a name of NULL. */
void metrics_sample(struct buf *b, const struct metric *m,
	const struct metric_label *labels, uint64_t number);

/* The same of what has no end. */
void metrics_sample_infinite(
	struct buf *b, const struct metric *m, const struct metric_label *labels);

#endif
