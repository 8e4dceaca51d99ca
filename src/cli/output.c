/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include <stdlib.h>

#include "cli/common.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "output/terminal.h"

/* The default fields of a block, which leaves out what a kind does not have. */
static const char block_fields[] =
	"ref,key,mode,perms,owner,group,creator,cgroup,size,qbytes,fill,qnum,nattch,rss,"
	"swap,nsems,ctime,atime,dtime,otime,stime,rtime,state,stale,processes,recorded,"
	"semaphores";

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Output:", 20 },
	{ "output", 'o', "FIELD,...", 0,
		"Print these fields; a leading + adds them to the default ones", 0 },
	{ "sort", OPT_SORT, "FIELD,...", 0,
		"Sort by these fields; a - before one puts its largest first", 0 },
	{ "format", OPT_FORMAT, "FORMAT", 0, "Print in this format", 0 },
	{ "json", 'J', NULL, 0, "Print JSON, as --format=json does", 0 },
	{ "no-headings", OPT_NO_HEADINGS, NULL, 0, "Print no line of headings", 0 },
	{ "time", OPT_TIME, "FORM", 0,
		"Times as iso, 2026-11-22T12:10:00Z, or epoch, seconds since 1970", 0 },
	{ "numeric", OPT_NUMERIC, NULL, 0,
		"Numbers of users and groups instead of names (table only)", 0 },
	{ "bytes", OPT_BYTES, NULL, 0, "Exact sizes (table only)", 0 },
	{ "color", OPT_COLOR, "WHEN", 0,
		"Colours: auto, on a terminal without NO_COLOR (the default), always or "
		"never (table only)",
		0 },
	{ "list-fields", OPT_LIST_FIELDS, NULL, 0, "List the fields that there are", 0 },
	{ 0 },
};

static bool
has_format(const struct opt_output *opt, const struct writer *writer)
{
	return !opt->stat || writer->nests || writer->people;
}

static _Noreturn void
unknown_format(
	const struct opt_output *opt, const char *name, const struct argp_state *state)
{
	struct near near = { .word = name };
	struct buf names = { 0 };
	bool known = false;

	for (size_t i = 0; i < writers_count; i++) {
		known |= strcmp(writers[i]->name, name) == 0;
		if (!has_format(opt, writers[i]))
			continue;
		buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ", writers[i]->name);
		near_try(&near, writers[i]->name, writers[i]->name);
	}
	if (opt->also != NULL) {
		buf_printf(&names, ", %s", opt->also->name);
		near_try(&near, opt->also->name, opt->also->name);
	}
	if (known)
		opt_error(state,
			"the format '%s' cannot hold a table within a table, which stat "
			"shows; expected one of: %s",
			name, buf_text(&names));
	opt_unknown("format", &near, buf_text(&names), state);
}

/* Completes the help on --format with the formats that the command has. */
static char *
help_filter(int key, const char *text, void *input)
{
	const struct opt_output *opt = input;
	struct buf b = { 0 };

	if (key != OPT_FORMAT || opt == NULL)
		return (char *)text;
	buf_str(&b, text);
	for (size_t i = 0; i < writers_count; i++) {
		const struct writer *w = writers[i];

		if (has_format(opt, w))
			buf_printf(&b, "%s %s (%s)", b.len == strlen(text) ? ":" : ",",
				w->name,
				opt->stat && w->people ? writer_block.help : w->help);
	}
	if (opt->also != NULL)
		buf_printf(&b, ", %s (%s)", opt->also->name, opt->also->help);
	/* argp releases it. */
	return (char *)buf_text(&b);
}

static const struct writer *
parse_format(
	const struct opt_output *opt, const char *name, const struct argp_state *state)
{
	for (size_t i = 0; i < writers_count; i++)
		if (strcmp(writers[i]->name, name) == 0 && has_format(opt, writers[i]))
			return opt->stat && writers[i]->people ? &writer_block
							       : writers[i];
	if (opt->also == NULL || strcmp(opt->also->name, name) != 0)
		unknown_format(opt, name, state);
	return opt->also;
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	static const char *const times[] = { "iso", "epoch", NULL };
	static const char *const colors[] = { "auto", "always", "never", NULL };
	struct opt_output *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		opt->writer = opt->stat ? &writer_block : &writer_table;
		return 0;
	case 'o':
		opt->output = arg;
		return 0;
	case OPT_SORT:
		opt->sort = arg;
		return 0;
	case 'J':
		opt->writer = &writer_json;
		return 0;
	case OPT_FORMAT:
		opt->writer = parse_format(opt, arg, state);
		return 0;
	case OPT_NO_HEADINGS:
		opt->no_headings = true;
		return 0;
	case OPT_TIME:
		opt->style.times = TIME_ISO + opt_word("form of time", times, arg, state);
		return 0;
	case OPT_NUMERIC:
		opt->style.numeric = true;
		opt->table_only = "--numeric";
		return 0;
	case OPT_BYTES:
		opt->style.exact = true;
		opt->table_only = "--bytes";
		return 0;
	case OPT_COLOR:
		opt->color = opt_word("time for colour", colors, arg, state);
		opt->table_only = "--color";
		return 0;
	case OPT_LIST_FIELDS:
		opt->list_fields = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp opt_output_argp = {
	.options = options,
	.parser = parse_opt,
	.help_filter = help_filter,
};

/* What does not go together. */
static void
check_output_options(const struct opt_output *opt, const struct argp_state *state)
{
	if (opt->table_only != NULL && !opt->writer->people)
		opt_error(state, "%s is for tables; --format=%s has no use for it",
			opt->table_only, opt->writer->name);
	if (opt->writer != opt->also || opt->also == NULL)
		return;
	if (opt->output != NULL || opt->sort != NULL || opt->list_fields)
		opt_error(state, "--format=%s has no fields: no %s goes with it",
			opt->writer->name,
			opt->output != NULL        ? "-o"
				: opt->list_fields ? "--list-fields"
						   : "--sort");
}

/* The facts that objects of these kinds can have. */
static facts_t
facts_of(kinds_t kinds_wanted)
{
	facts_t facts = 0;

	for (size_t i = 0; i < kinds_count; i++)
		if (kinds_wanted & KIND_BIT(i))
			facts |= kinds[i]->facts;
	return facts;
}

/* The names of the fields that people see by default. */
static const char *
default_names(const struct opt_output *opt, kinds_t kinds_wanted)
{
	if (opt->stat)
		return block_fields;
	for (size_t i = 0; i < kinds_count && opt->set == &fields_of_objects; i++)
		if (kinds_wanted == KIND_BIT(i))
			return kinds[i]->columns;
	return opt->set->names;
}

void
opt_output_choose(
	struct opt_output *opt, kinds_t kinds_wanted, const struct argp_state *state)
{
	struct field_choice *chosen = &opt->fields;
	const char *names = opt->output;

	check_output_options(opt, state);
	if (opt->set == NULL)
		opt->set = &fields_of_objects;
	chosen->set = opt->set;
	chosen->without = (opt->writer->people ? FIELD_PROGRAMS : FIELD_PEOPLE) |
		(opt->writer->nests ? FIELD_FLAT : FIELD_NESTED) |
		(opt->stat ? 0 : FIELD_STAT);
	opt->keys.set = opt->set;
	opt->keys.without = chosen->without;

	/* The heading of a block says of which object it is. */
	if (opt->writer == &writer_block)
		opt_fields_add(chosen, "ref", state);
	if ((names == NULL || *names == '+') && opt->writer->people)
		opt_fields_add(chosen, default_names(opt, kinds_wanted), state);
	else if (names == NULL || *names == '+')
		opt_fields_add_all(
			chosen, facts_of(kinds_wanted), opt->stat ? 0 : FIELD_COSTLY);
	opt->defaults = chosen->count;
	if (names != NULL)
		opt_fields_add(chosen, names + (*names == '+'), state);
	if (opt->sort != NULL)
		opt_fields_sort(&opt->keys, &opt->descending, opt->sort, state);

	opt->gives_way = opt_fields_give_way(chosen, opt->defaults);
	opt->columns = xcalloc(chosen->count, sizeof *opt->columns);
	for (size_t i = 0; i < chosen->count; i++)
		opt->columns[i] = &chosen->list[i]->column;
}

facts_t
opt_output_needs(const struct opt_output *opt)
{
	facts_t needs = 0;

	for (size_t i = 0; i < opt->fields.count; i++)
		needs |= field_needs(opt->fields.list[i]);
	for (size_t i = 0; i < opt->keys.count; i++)
		needs |= field_needs(opt->keys.list[i]);
	return needs;
}

/* The part of what is printed that does not depend on its columns. */
static struct out
base(const struct opt_output *opt, const char *title)
{
	struct out out = {
		.writer = opt->writer,
		.title = title,
		.style = opt->style,
		.headings = !opt->no_headings,
	};

	out.style.people = opt->writer->people;
	out.style.now = time(NULL);
	if (!opt->writer->people)
		return out;
	/* Later there may be no descriptor left to read the time zone, and
	 * localtime_r(3) would take UTC for it. */
	tzset();
	out.width = terminal_width();
	out.style.color = opt->color == COLOR_ALWAYS ||
		(opt->color == COLOR_AUTO && terminal_has_color());
	return out;
}

void
opt_output_begin(const struct opt_output *opt, const char *title, struct out *out)
{
	*out = base(opt, title);
	out->columns = opt->columns;
	out->columns_count = opt->fields.count;
	out->gives_way = opt->gives_way;
	out->optional = opt->defaults;
	for (size_t i = 0; i < opt->defaults; i++)
		if (opt->fields.list[i]->flags & FIELD_NOTE)
			out->note = i + 1;
	out_begin(out);
}

/* The kinds that have a field, as a list. */
static struct value
kinds_of(const struct field *f)
{
	struct value v = { .type = VALUE_LIST };

	for (size_t k = 0; k < kinds_count; k++)
		if (field_of_kind(f, kinds[k]))
			v.list.words[v.list.count++] = kinds[k]->name;
	return v;
}

void
opt_output_list_fields(const struct opt_output *opt)
{
	static const struct column name = { "field", VALUE_TEXT };
	static const struct column of = { "types", VALUE_LIST };
	static const struct column value = { "value", VALUE_TEXT };
	static const struct column help = { "meaning", VALUE_TEXT };
	static const struct column *const columns[] = { &name, &of, &value, &help };
	struct out out = base(opt, "fields");
	const struct field *f;

	out.columns = columns;
	out.columns_count = ARRAY_SIZE(columns);
	if (opt->writer == &writer_block)
		out.writer = &writer_table;
	out_begin(&out);
	for (size_t i = 0; (f = opt->set->at(i)) != NULL; i++)
		if (!(f->flags & opt->fields.without))
			out_row(&out,
				(struct value[]){
					{ .type = VALUE_TEXT, .text = f->column.name },
					kinds_of(f),
					{ .type = VALUE_TEXT,
						.text = value_type_name(f->column.type) },
					{ .type = VALUE_TEXT, .text = f->help },
				});
	out_end(&out);
}

void
opt_output_free(struct opt_output *opt)
{
	free(opt->fields.list);
	free(opt->keys.list);
	free(opt->descending);
	free(opt->columns);
	free(opt->gives_way);
}
