/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/metrics.h"

#include "lib/ratio.h"
#include "lib/utf8.h"

const struct writer writer_prometheus = {
	.name = "prometheus",
	.help = "metrics for Prometheus",
};

void
metrics_heading(struct buf *b, const struct metric *m)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s gauge\n", m->name, m->help, m->name);
}

static void
put_label_text(struct buf *b, const char *text)
{
	size_t len = strlen(text);
	size_t n;

	for (; len > 0; text += n, len -= n) {
		long character;

		n = utf8_next(text, len, &character);
		if (character < 0)
			buf_str(b, "\xef\xbf\xbd");
		else if (character == '\n')
			buf_str(b, "\\n");
		else if (character == '"' || character == '\\')
			buf_printf(b, "\\%c", (char)character);
		else
			buf_add(b, text, n);
	}
}

static void
put_metric_name(struct buf *b, const struct metric *m, const struct metric_label *labels)
{
	buf_str(b, m->name);
	for (const struct metric_label *l = labels; l->name != NULL; l++) {
		buf_printf(b, "%c%s=\"", l == labels ? '{' : ',', l->name);
		put_label_text(b, l->text);
		buf_char(b, '"');
	}
	buf_str(b, labels->name == NULL ? " " : "} ");
}

void
metrics_sample(struct buf *b, const struct metric *m, const struct metric_label *labels,
	uint64_t number)
{
	put_metric_name(b, m, labels);
	buf_number(b, number);
	buf_char(b, '\n');
}

void
metrics_sample_ratio(struct buf *b, const struct metric *m,
	const struct metric_label *labels, uint64_t part, uint64_t whole)
{
	uint64_t parts = ratio_scale(part, 10000, whole);

	put_metric_name(b, m, labels);
	buf_number(b, parts / 10000);
	buf_char(b, '.');
	buf_digits(b, parts % 10000, 10, 4);
	buf_char(b, '\n');
}

void
metrics_sample_infinite(
	struct buf *b, const struct metric *m, const struct metric_label *labels)
{
	put_metric_name(b, m, labels);
	buf_str(b, "+Inf\n");
}
