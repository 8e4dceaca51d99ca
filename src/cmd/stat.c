/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stat: all facts about each named object: the fields of list, each semaphore of a set,
 * and the processes that are recorded in it. */

#include <inttypes.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/operands.h"
#include "cli/output.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "cmd/listing.h"
#include "cmd/selections.h"
#include "kind/access.h"
#include "kind/ref.h"
#include "kind/source.h"
#include "lib/message.h"
#include "process/in-use.h"

struct options {
	struct opt_operands operands;
	struct opt_select select;
	struct opt_output output;
};

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->operands;
		state->child_inputs[1] = &opt->select;
		state->child_inputs[2] = &opt->output;
		return 0;
	case ARGP_KEY_END:
		if (selector_is_given(&opt->select.selector))
			opt_operands_default(&opt->operands);
		if (!opt->output.list_fields)
			opt_operands_require(&opt->operands,
				"a type, or a condition such as --pid=PID", state);
		opt_select_check(&opt->select, &opt->operands, state);
		opt->output.names_namespaces = opt_names_namespaces(&opt->operands);
		opt_output_choose(
			&opt->output, opt_operands_kinds(&opt->operands), state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_opt,
	.args_doc = "TYPE|REF|-...",
	.doc = "Shows everything about each object. A reference is a type and an id, "
	       "shm:32769, a type and a key, shm:0x52e2c1, or a type and a name, "
	       "pshm:/NAME; - reads references from standard input, one a line.",
	.children =
		(const struct argp_child[]){
			{ &opt_operands_argp, 0, NULL, 0 },
			{ &opt_select_argp, 0, NULL, 0 },
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_namespaces_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

struct show {
	struct listing listing;
	struct selections selections;
	bool tells_found; /* report the number of attachments found */
};

/* Reports that a process uses an object, but that none was found. */
static void
say_not_found(const char *text, const struct object *o)
{
	if (object_has(o, FACT(USED)) && o->fact[FACT_USED] == USED_YES &&
		o->uses_count == 0)
		say("%s: in use, but " USED_BY_NONE_FOUND, text);
}

/* Reports that processes use an object, but may also wait on it. */
static void
say_untraced(const struct derive *derive, const char *text, const struct object *o)
{
	size_t n = o->kind->is_file ? scan_untraced(derive->uses, o) : 0;

	if (n > 0)
		say("%s: whether %zu process%s on it cannot be determined%s", text, n,
			n == 1 ? " waits" : "es wait", access_hint());
}

/* Reports the number of attachments by unknown processes. */
static void
say_found(const struct derive *derive, const char *text, const struct object *o)
{
	uint64_t found = derive_found(o);
	struct object now;
	bool changed;

	if (!object_has(o, FACT(NATTCH)) || found >= o->fact[FACT_NATTCH])
		return;
	/* The count was read before the processes were scanned. */
	changed = source_reread(o, &now, NULL) != REREAD_SAME ||
		now.fact[FACT_NATTCH] != o->fact[FACT_NATTCH];
	say("%s: %" PRIu64 " of %" PRIu64 " attachments found; %s", text, found,
		o->fact[FACT_NATTCH],
		changed ? "the others have come or gone meanwhile" : derive_why(derive));
}

static void
show_object(void *arg, const char *text, struct object *o)
{
	struct show *s = arg;
	const struct derive *derive = &s->selections.now->derive;
	char room[REF_SIZE];

	if (text == NULL)
		text = ref_text(o, room);
	if (s->tells_found) {
		say_found(derive, text, o);
		say_not_found(text, o);
		say_untraced(derive, text, o);
	}
	listing_add(&s->listing, o);
}

static enum status
show_all(struct options *opt)
{
	const struct layout *layout = &opt->output.layout;
	const struct request request = {
		.select = &opt->select,
		.wanted = layout_needs(layout),
		.firm = layout_made_from(layout),
		.confirms = true,
	};
	struct show show = {
		.selections = {
			.spaces = { .are_named = layout_has(layout, FIELD_NAMESPACE),
				.tells_container = layout_has(layout, FIELD_CONTAINER),
				.tells_namespaces = opt_all_namespaces() &&
					layout->writer->next != NULL,
				.reads = true,
				.only_looks = true },
		},
		.tells_found = request.wanted & FACT(USES),
	};
	const struct receiver receiver = { .object = show_object, .arg = &show };
	enum status status = spaces_find(&show.selections.spaces, &opt->operands);

	if (show.selections.spaces.count > 0) {
		listing_start(&show.listing, layout);
		if (show.selections.spaces.tells_namespaces) {
			show.listing.more = spaces_print;
			show.listing.more_arg = &show.selections.spaces;
		}
		status = cmd_worse(
			status, selections_run(&show.selections, &request, &receiver));
		listing_end(&show.listing);
		show.selections.unread = show.listing.unread;
	}
	selections_tell(&show.selections, isatty(STDERR_FILENO));
	selections_end(&show.selections);
	return status;
}

static const struct opt_output output = { .stat = true };

static int
exec(int argc, char **argv)
{
	struct options opt = {
		.operands = { .takes_types = true, .takes_many = true },
		.output = output,
	};
	enum status status = STATUS_OK;

	opt_parse(&argp, argc, argv, &opt);
	if (opt.output.list_fields)
		opt_output_list_fields(&opt.output);
	else
		status = show_all(&opt);
	opt_operands_free(&opt.operands);
	opt_select_free(&opt.select);
	opt_output_free(&opt.output);
	return status;
}

const struct cmd cmd_stat = {
	.name = "stat",
	.alias = "show",
	.summary = "show everything about objects",
	.argp = &argp,
	.output = &output,
	.exec = exec,
};
