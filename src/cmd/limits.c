/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits: the limits of the kernel for each type, their usage, and the main users. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/output.h"
#include "cli/resources.h"
#include "cmd/cmd.h"
#include "cmd/prometheus.h"
#include "cmd/spaces.h"
#include "kind/source.h"
#include "lib/message.h"
#include "lib/xalloc.h"
#include "output/metrics.h"
#include "output/sort.h"
#include "report/field-limits.h"

struct options {
	struct opt_output output;
	struct opt_resources resources;
	bool alone; /* no process outside our PID namespace uses the objects */
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Judging what is stale, for --format=prometheus:", 10 },
	{ "alone", OPT_ALONE, NULL, 0,
		"No process outside this PID namespace uses the objects (for containers)",
		0 },
	{ NULL, 0, NULL, 0, "Warning:", 30 },
	{ "warn", OPT_WARN, "[RESOURCE=]PERCENT", 0,
		"Exit with 1, and name the resources of which PERCENT or more is used; "
		"for one resource, or for all; the last one for a resource counts",
		0 },
	{ 0 },
};

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
		opt_resources_warn(&opt->resources, arg, state);
		return 0;
	case ARGP_KEY_ARG:
		opt_resources_add(&opt->resources, arg, state);
		return 0;
	case ARGP_KEY_END:
		opt_resources_default(&opt->resources);
		opt->output.names_namespaces = opt_names_namespaces(NULL);
		opt_output_choose(&opt->output, opt->resources.kinds, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "[TYPE|RESOURCE]...",
	.doc = "Shows the kernel's limits, how much of each is used, and which owners "
	       "use most: those on shared memory segments (shm), semaphore sets (sem) "
	       "and message queues (msg), or those named.  TYPE is also pshm for what "
	       "fills /dev/shm, psem for named semaphores, or pmsg for POSIX message "
	       "queues; RESOURCE is the name of a limit, such as SEMMNI.",
	.children =
		(const struct argp_child[]){
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_namespaces_argp, 0, NULL, 0 },
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
	.names = "resource,what,used,limit,percent,sysctl,top,memory,raise",
};

/* The resources asked for, of one namespace after the other. */
struct survey {
	struct usage *usages;
	size_t count;
	struct exposition *exposition; /* NULL if the output is no exposition */
};

/* Keeps the usages of resources that are wanted; returns how many these are. */
static int
keep_wanted(const struct opt_resources *resources, struct usage *usages, int count)
{
	int kept = 0;

	for (int i = 0; i < count; i++)
		if (opt_resources_of(resources, usages[i].kind, i)->wanted)
			usages[kept++] = usages[i];
	return kept;
}

static bool
has_shares(const struct usage *usages, int count)
{
	for (int i = 0; i < count; i++)
		if (limit_has_share(&usages[i].limit))
			return true;
	return false;
}

/* A message about a place, such as /dev/shm, needs no type before it. */
static enum status
cannot_read_usage(const struct kind *kind, int rc, struct buf *cause)
{
	if (rc == SOURCE_UNUSABLE) {
		say("%s", buf_text(cause));
		return STATUS_USAGE;
	}
	say("%s: %s", kind->name, buf_text(cause));
	return STATUS_SOME;
}

/* Reports the resources of which not everything could be counted. */
static enum status
tell_unread(const struct usage *usages, int count)
{
	enum status status = STATUS_OK;
	struct buf name = { 0 };

	for (int i = 0; i < count; i++) {
		if (usages[i].limit.unread == 0)
			continue;
		name.len = 0;
		usage_put_name(&usages[i], &name);
		say("%s: not everything could be counted: %s", buf_text(&name),
			strerror(usages[i].limit.unread));
		status = STATUS_SOME;
	}
	buf_free(&name);
	return status;
}

/* Reads the resources of the namespace that ipctool is in, without those of some
 * kinds. */
static enum status
survey(struct survey *s, const struct options *opt, kinds_t passed_over)
{
	size_t first = s->count;
	enum status status = STATUS_OK;
	struct buf cause = { 0 };

	s->usages = xreallocarray(
		s->usages, first + kinds_count * LIMITS_MAX, sizeof *s->usages);
	for (size_t i = 0; i < kinds_count; i++) {
		struct usage *usages = s->usages + s->count;
		int n;

		if (!(opt->resources.kinds & ~passed_over & KIND_BIT(i)))
			continue;
		cause.len = 0;
		n = usage_read(kinds[i], usages, &cause);
		if (n < 0) {
			status =
				cmd_worse(status, cannot_read_usage(kinds[i], n, &cause));
			continue;
		}
		n = keep_wanted(&opt->resources, usages, n);
		/* Metrics count the objects themselves. */
		if (s->exposition == NULL && has_shares(usages, n) &&
			usage_find_owners(kinds[i], usages, n, say_text) > 0)
			status = STATUS_SOME;
		s->count += n;
	}
	buf_free(&cause);
	status = cmd_worse(status, tell_unread(s->usages + first, s->count - first));
	if (s->exposition != NULL)
		status = cmd_worse(status,
			exposition_add(s->exposition, opt->resources.types & ~passed_over,
				s->usages + first, s->count - first));
	return status;
}

/* Names on standard error the resources of which as much is used as the user said. */
static enum status
warn(const struct options *opt, const struct survey *s)
{
	enum status status = STATUS_OK;
	struct buf name = { 0 };

	for (size_t i = 0; i < s->count; i++) {
		const struct usage *u = &s->usages[i];
		const struct opt_resource *r =
			opt_resources_of(&opt->resources, u->kind, u->place);
		const struct limit *l = &u->limit;

		if (!r->warns || !l->counted || limit_is_none(l) ||
			!limit_reaches(l, r->percent))
			continue;
		name.len = 0;
		usage_put_name(u, &name);
		say("%s: %" PRIu64 " of %" PRIu64 " %s are used, %" PRIu64 "%% or more",
			buf_text(&name), l->used, l->limit, l->what, r->percent);
		status = STATUS_SOME;
	}
	buf_free(&name);
	return status;
}

/* The order of the rows, which the caller owns.  The values for programs decide it,
 * because for people an unlimited value is a word among numbers. */
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

/* Says that the memory of segments could not be read, if a field tells it. */
static void
tell_unread_memory(const struct layout *layout, const struct survey *s)
{
	struct buf name = { 0 };

	if (!(layout_made_from(layout) & (FACT(RSS) | FACT(SWAP))))
		return;
	for (size_t i = 0; i < s->count; i++) {
		if (!s->usages[i].limit.is_memory || s->usages[i].limit.rss_known)
			continue;
		name.len = 0;
		usage_put_name(&s->usages[i], &name);
		say("%s: rss and swap could not be read: the kernel's totals are "
		    "wrong if there are huge pages, and not every segment tells "
		    "its own",
			buf_text(&name));
	}
	buf_free(&name);
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
	tell_unread_memory(layout, s);
	limit_row_free(&row);
	free(order);
	free(values);
}

static bool
fits(const struct kind *kind)
{
	return kind->limits != NULL;
}

/* Reads the resources of each namespace, and then prints them. */
static enum status
show_limits(const struct options *opt)
{
	const struct layout *layout = &opt->output.layout;
	struct spaces spaces = {
		.are_named = layout_has(layout, FIELD_NAMESPACE),
		.reads = true,
		.kinds = opt->resources.kinds,
	};
	enum status status = spaces_find(&spaces, NULL);
	struct survey s = { 0 };

	if (layout->writer == &writer_prometheus)
		s.exposition = exposition_start(opt->alone);
	for (size_t i = 0; i < spaces.count; i++) {
		kinds_t passed_over;
		bool entered;

		status = cmd_worse(status, spaces_enter(&spaces, i, &entered));
		passed_over = spaces.list[i].passed_over;
		if (entered && (opt->resources.kinds & ~passed_over) != 0)
			status = cmd_worse(status, survey(&s, opt, passed_over));
	}
	if (s.exposition != NULL)
		exposition_end(s.exposition);
	else if (spaces.count > 0)
		print_rows(layout, &s);
	status = cmd_worse(status, warn(opt, &s));
	spaces_tell(&spaces);
	free(s.usages);
	spaces_free(&spaces);
	return status;
}

static const struct opt_output output = {
	.set = &fields_of_limits,
	.also = &writer_prometheus,
};

static int
exec(int argc, char **argv)
{
	struct options opt = { .output = output };
	enum status status = STATUS_OK;

	opt_parse(&argp, argc, argv, &opt);
	if (opt.output.list_fields)
		opt_output_list_fields(&opt.output);
	else
		status = show_limits(&opt);
	opt_resources_free(&opt.resources);
	opt_output_free(&opt.output);
	return status;
}

const struct cmd cmd_limits = {
	.name = "limits",
	.summary = "show the kernel's limits and who uses them",
	.argp = &argp,
	.fits = fits,
	.output = &output,
	.exec = exec,
};
