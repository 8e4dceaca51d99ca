/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_METRICS_H
#define OUTPUT_METRICS_H

#include <stdint.h>

#include "lib/buf.h"
#include "output/writer.h"

/*
 * The text format of Prometheus, for the textfile collector of its node exporter: for
 * each metric a heading and then all its samples.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */

/* The name and description of the format, for the options; it prints no rows. */
extern const struct writer writer_prometheus;

struct metric {
	const char *name;
	const char *help;
};

struct metric_label {
	const char *name;
	const char *text; /* any bytes; those that are not UTF-8 become U+FFFD */
};

/* Appends the heading of a gauge. */
void metrics_heading(struct buf *b, const struct metric *m);

/* Appends a sample; the last label has a name of NULL. */
void metrics_sample(struct buf *b, const struct metric *m,
	const struct metric_label *labels, uint64_t number);

/* The same for part divided by whole, which must not be 0, truncated to four digits. */
void metrics_sample_ratio(struct buf *b, const struct metric *m,
	const struct metric_label *labels, uint64_t part, uint64_t whole);

/* The same for an infinite value. */
void metrics_sample_infinite(
	struct buf *b, const struct metric *m, const struct metric_label *labels);

#endif
