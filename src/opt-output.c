/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opt-output.h"

#include <stdlib.h>

#include "opt-common.h"
#include "xalloc.h"

/* The default fields of a table of more than one kind. */
static const char table_fields[] = "ref,key,owner,mode,size,use,active,state";

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
		opt->writer = &writer_table;
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

static void
choose(struct choice *c, const struct field *field)
{
	c->fields = xreallocarray(c->fields, c->count + 1, sizeof *c->fields);
	c->fields[c->count++] = field;
}

static _Noreturn void
unknown_field(const struct argp_state *state, const char *name, int len, bool people)
{
	struct buf names = { 0 };

	for (size_t i = 0; i < fields_count; i++)
		if (field_by_name(fields[i].column.name, strlen(fields[i].column.name),
			    people) == &fields[i])
			buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ",
				fields[i].column.name);
	opt_error(state, "'%.*s' is no field%s; there are: %s", len, name,
		people || field_by_name(name, len, true) == NULL
			? ""
			: " of this format, only of tables",
		buf_text(&names));
}

static void
choose_named(
	struct choice *c, const char *names, const struct argp_state *state, bool people)
{
	for (;;) {
		size_t len = strcspn(names, ",");
		const struct field *field = field_by_name(names, len, people);

		if (field == NULL)
			unknown_field(state, names, len, people);
		choose(c, field);
		if (names[len] == '\0')
			break;
		names += len + 1;
	}
}

/* All fields that one of the kinds has, as programs get them by default. */
static void
choose_all(struct choice *c, unsigned kinds_wanted)
{
	facts_t facts = 0;

	for (size_t i = 0; i < kinds_count; i++)
		if (kinds_wanted & 1u << i)
			facts |= kinds[i]->facts;
	for (size_t i = 0; i < fields_count; i++)
		if (!(fields[i].flags & FIELD_PEOPLE) && (fields[i].of & facts) != 0)
			choose(c, &fields[i]);
}

static void
choose_default(struct choice *c, unsigned kinds_wanted, const struct argp_state *state,
	bool people)
{
	const char *names = table_fields;

	if (!people) {
		choose_all(c, kinds_wanted);
		return;
	}
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds_wanted == 1u << i)
			names = kinds[i]->columns;
	choose_named(c, names, state, true);
}

size_t
opt_output_fields(const struct opt_output *opt, unsigned kinds_wanted,
	const struct argp_state *state, const struct field ***chosen)
{
	const char *names = opt->fields;
	bool people = opt->writer->people;
	struct choice c = { 0 };

	if (names == NULL || *names == '+')
		choose_default(&c, kinds_wanted, state, people);
	if (names != NULL)
		choose_named(&c, names + (*names == '+'), state, people);
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
		.writer = opt->writer,
		.title = "fields",
		.columns = columns,
		.columns_count = 3,
		.headings = !opt->no_headings,
	};

	out_begin(&out);
	for (size_t i = 0; i < fields_count; i++) {
		struct buf types = { 0 };

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
