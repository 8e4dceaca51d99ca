/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * limits: what the kernel allows of each type, how much of it is used, and who uses most.
 */

#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "cli/output.h"
#include "cmd/cmd.h"
#include "cmd/prometheus.h"
#include "lib/message.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "output/metrics.h"
#include "output/sort.h"
#include "report/field-limits.h"

struct options {
	struct opt_output output;
	kinds_t kinds;
	bool any; /* a type was named */
	bool alone; /* no process outside our PID namespace uses the objects */
	bool warns;
	uint64_t percent; /* to warn beyond */
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Judging what is stale, for --format=prometheus:", 10 },
	{ "alone", OPT_ALONE, NULL, 0,
		"No process outside this PID namespace uses the objects (for containers)",
		0 },
	{ NULL, 0, NULL, 0, "Warning:", 30 },
	{ "warn", OPT_WARN, "PERCENT", 0,
		"Exit with 1 and name what is used beyond PERCENT of its limit", 0 },
	{ 0 },
};

static void
add_kind(struct options *opt, const char *name, const struct argp_state *state)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (strcmp(kinds[i]->name, name) == 0) {
			opt->kinds |= KIND_BIT(i);
			opt->any = true;
			return;
		}
	opt_error(state, "'%s' is no type of object; there are: %s", name, kind_names());
}

/* A percentage, with or without its sign. */
static void
set_percent(struct options *opt, const char *arg, const struct argp_state *state)
{
	const char *p = arg;

	if (num_scan(&p, 10, 100, &opt->percent) < 0 || (*p == '%' ? p[1] : *p) != '\0')
		opt_error(state, "--warn='%s': a percentage is a number from 0 to 100",
			arg);
	opt->warns = true;
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->output;
		return 0;
	case OPT_ALONE:
		opt->alone = true;
		return 0;
	case OPT_WARN:
		set_percent(opt, arg, state);
		return 0;
	case ARGP_KEY_ARG:
		add_kind(opt, arg, state);
		return 0;
	case ARGP_KEY_END:
		for (size_t i = 0; i < kinds_count && !opt->any; i++)
			opt->kinds |= kinds[i]->is_default ? KIND_BIT(i) : 0;
		opt_output_choose(&opt->output, opt->kinds, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "[TYPE...]",
	.doc = "Shows the kernel's limits on shared memory segments (shm), semaphore "
	       "sets (sem) and message queues (msg), what is used of them, and the "
	       "owners who use most.",
	.children =
		(const struct argp_child[]){
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

static const struct field *
limit_field(size_t i)
{
	return i < limit_fields_count ? &limit_fields[i].field : NULL;
}

static const struct field_set fields_of_limits = {
	.at = limit_field,
	.names = "resource,what,used,limit,percent,sysctl,top",
};

/* The limits of all kinds asked for. */
struct survey {
	struct usage *usages;
	size_t count;
	size_t problems;
};

static enum status
survey(struct survey *s, const struct options *opt)
{
	enum status status = STATUS_OK;
	struct buf cause = { 0 };

	s->usages = xcalloc(kinds_count * LIMITS_MAX, sizeof *s->usages);
	for (size_t i = 0; i < kinds_count; i++) {
		int n;

		if (!(opt->kinds & KIND_BIT(i)))
			continue;
		cause.len = 0;
		n = usage_read(
			kinds[i], s->usages + s->count, say_text, &s->problems, &cause);
		if (n < 0) {
			say("%s: %s", kinds[i]->name, buf_text(&cause));
			status = STATUS_SOME;
		} else {
			s->count += n;
		}
	}
	buf_free(&cause);
	return s->problems > 0 ? STATUS_SOME : status;
}

/* Names on standard error what is used beyond the percentage. */
static enum status
warn(const struct options *opt, const struct survey *s)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < s->count; i++) {
		const struct limit *l = &s->usages[i].limit;

		if (!l->counted || limit_is_none(l) || !limit_is_beyond(l, opt->percent))
			continue;
		say("%s: %llu of %llu %s are used, more than %llu%%", l->name,
			(unsigned long long)l->used, (unsigned long long)l->limit,
			l->what, (unsigned long long)opt->percent);
		status = STATUS_SOME;
	}
	return status;
}

/* The order of the rows, which belongs to the caller; programs' values decide, so that an
 * unlimited one is not a word among numbers. */
static size_t *
order_rows(const struct layout *layout, const struct survey *s)
{
	struct style style = { .numeric = layout->style.numeric };
	struct value *keys = xcalloc(layout->keys.count + 1, sizeof *keys);
	struct sort *sort = sort_new(layout->descending, layout->keys.count);
	size_t *order = xcalloc(s->count + 1, sizeof *order);
	struct limit_row row = { .style = &style };

	for (size_t i = 0; i < s->count; i++) {
		row.usage = &s->usages[i];
		for (size_t k = 0; k < layout->keys.count; k++)
			field_get_limit(layout->keys.list[k], &row, &keys[k]);
		sort_add(sort, keys, &style);
	}
	memcpy(order, sort_order(sort), s->count * sizeof *order);
	sort_free(sort);
	limit_row_free(&row);
	free(keys);
	return order;
}

static void
print_rows(const struct layout *layout, const struct survey *s)
{
	struct value *values = xcalloc(layout->fields.count, sizeof *values);
	size_t *order = order_rows(layout, s);
	struct limit_row row = { 0 };
	struct out out;

	layout_begin(layout, "limits", &out);
	row.style = &out.style;
	for (size_t i = 0; i < s->count; i++) {
		row.usage = &s->usages[order[i]];
		for (size_t k = 0; k < layout->fields.count; k++)
			field_get_limit(layout->fields.list[k], &row, &values[k]);
		out_row(&out, values);
	}
	out_end(&out);
	limit_row_free(&row);
	free(order);
	free(values);
}

static int
exec(int argc, char **argv)
{
	struct options opt = {
		.output = { .set = &fields_of_limits, .also = &writer_prometheus },
	};
	enum status status = STATUS_OK;
	struct survey s = { 0 };

	opt_parse(&argp, argc, argv, &opt);
	if (opt.output.list_fields) {
		opt_output_list_fields(&opt.output);
	} else {
		status = survey(&s, &opt);
		if (opt.output.layout.writer == &writer_prometheus)
			status = cmd_worse(status,
				exposition_print(
					s.usages, s.count, opt.kinds, opt.alone));
		else
			print_rows(&opt.output.layout, &s);
		if (opt.warns)
			status = cmd_worse(status, warn(&opt, &s));
	}
	free(s.usages);
	opt_output_free(&opt.output);
	return status;
}

const struct cmd cmd_limits = {
	.name = "limits",
	.summary = "show the kernel's limits and who uses them",
	.argp = &argp,
	.exec = exec,
};
