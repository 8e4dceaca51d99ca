/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opt-output.h"

#include <stdlib.h>

#include "opt-common.h"
#include "xalloc.h"

/* The default fields of a table of more than one kind. */
static const char table_fields[] = "ref,key,owner,mode,size,use,active,state";

/* Those of a block, which leaves out what a kind does not have. */
static const char block_fields[] =
	"ref,key,mode,perms,owner,group,creator,cgroup,size,qbytes,fill,qnum,nattch,rss,swap,"
	"nsems,ctime,atime,dtime,otime,stime,rtime,state,processes,recorded,semaphores";

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Output:", 20 },
	{ "output", 'o', "FIELD,...", 0,
		"Print these fields; a leading + adds them to the default ones", 0 },
	{ "json", 'J', NULL, 0, "Print JSON", 0 },
	{ "no-headings", OPT_NO_HEADINGS, NULL, 0, "Print no line of headings", 0 },
	{ "list-fields", OPT_LIST_FIELDS, NULL, 0, "List the fields that there are", 0 },
	{ 0 },
};

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct opt_output *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		opt->writer = opt->stat ? &writer_block : &writer_table;
		return 0;
	case 'o':
		opt->fields = arg;
		return 0;
	case 'J':
		opt->writer = &writer_json;
		return 0;
	case OPT_NO_HEADINGS:
		opt->no_headings = true;
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
};

struct choice {
	const struct field **fields;
	size_t count;
};

/* A field that is chosen already stays where it stands: a JSON object cannot have it twice. */
static void
choose(struct choice *c, const struct field *field)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->fields[i] == field)
			return;
	c->fields = xreallocarray(c->fields, c->count + 1, sizeof *c->fields);
	c->fields[c->count++] = field;
}

/* The fields that there are not in what is to be printed. */
static unsigned
without(const struct opt_output *opt)
{
	return (opt->writer->people ? FIELD_PROGRAMS : FIELD_PEOPLE) |
		(opt->stat ? 0 : FIELD_STAT);
}

static _Noreturn void
unknown_field(const struct opt_output *opt, const char *name, int len,
	const struct argp_state *state)
{
	struct buf names = { 0 };

	for (size_t i = 0; i < fields_count; i++)
		if (!(fields[i].flags & without(opt)))
			buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ",
				fields[i].column.name);
	opt_error(state, "'%.*s' is no field%s; there are: %s", len, name,
		field_by_name(name, len, 0) == NULL ? "" : " of this output",
		buf_text(&names));
}

static void
choose_named(struct choice *c, const struct opt_output *opt, const char *names,
	const struct argp_state *state)
{
	for (;;) {
		size_t len = strcspn(names, ",");
		const struct field *field = field_by_name(names, len, without(opt));

		if (field == NULL)
			unknown_field(opt, names, len, state);
		choose(c, field);
		if (names[len] == '\0')
			break;
		names += len + 1;
	}
}

/* All fields that one of the kinds has, as programs get them by default. */
static void
choose_all(struct choice *c, const struct opt_output *opt, unsigned kinds_wanted)
{
	unsigned left_out = without(opt) | (opt->stat ? 0 : FIELD_COSTLY);
	facts_t facts = 0;

	for (size_t i = 0; i < kinds_count; i++)
		if (kinds_wanted & 1u << i)
			facts |= kinds[i]->facts;
	for (size_t i = 0; i < fields_count; i++)
		if (!(fields[i].flags & left_out) && (fields[i].of & facts) != 0)
			choose(c, &fields[i]);
}

static void
choose_default(struct choice *c, const struct opt_output *opt, unsigned kinds_wanted,
	const struct argp_state *state)
{
	const char *names = opt->stat ? block_fields : table_fields;

	if (!opt->writer->people) {
		choose_all(c, opt, kinds_wanted);
		return;
	}
	for (size_t i = 0; i < kinds_count && !opt->stat; i++)
		if (kinds_wanted == 1u << i)
			names = kinds[i]->columns;
	choose_named(c, opt, names, state);
}

size_t
opt_output_fields(const struct opt_output *opt, unsigned kinds_wanted,
	const struct argp_state *state, const struct field ***chosen)
{
	const char *names = opt->fields;
	struct choice c = { 0 };

	if (names == NULL || *names == '+')
		choose_default(&c, opt, kinds_wanted, state);
	if (names != NULL)
		choose_named(&c, opt, names + (*names == '+'), state);
	*chosen = c.fields;
	return c.count;
}

void
opt_output_list_fields(const struct opt_output *opt)
{
	static const struct column name = { "field", VALUE_TEXT };
	static const struct column of = { "types", VALUE_TEXT };
	static const struct column help = { "meaning", VALUE_TEXT };
	static const struct column *const columns[] = { &name, &of, &help };
	struct out out = {
		/* People get a table also where objects come in blocks. */
		.writer = opt->writer == &writer_block ? &writer_table : opt->writer,
		.title = "fields",
		.columns = columns,
		.columns_count = 3,
		.headings = !opt->no_headings,
	};

	out_begin(&out);
	for (size_t i = 0; i < fields_count; i++) {
		struct buf types = { 0 };

		if (fields[i].flags & without(opt))
			continue;
		for (size_t k = 0; k < kinds_count; k++)
			if (field_of_kind(&fields[i], kinds[k]))
				buf_printf(&types, "%s%s", types.len == 0 ? "" : ",",
					kinds[k]->name);
		out_row(&out,
			(struct value[]){
				{ .type = VALUE_TEXT, .text = fields[i].column.name },
				{ .type = VALUE_TEXT, .text = buf_text(&types) },
				{ .type = VALUE_TEXT, .text = fields[i].help },
			});
		buf_free(&types);
	}
	out_end(&out);
}
