/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include <string.h>
#include <strings.h>

#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "lib/array.h"
#include "output/terminal.h"
#include "report/field-groups.h"

/* The default fields of a block, which omits fields that a kind does not have. */
static const char block_fields[] =
	"ref,key,mode,perms,owner,group,creator,cgroup,size,qbytes,fill,qnum,maxmsg,"
	"msgsize,nattch,rss,swap,alloc,value,nwait,nlink,inode,nsems,btime,ctime,mtime,"
	"atime,dtime,otime,stime,rtime,notify,signo,notify_pid,state,used,users,stale,"
	"processes,recorded,semaphores";

/* In the order of enum time_form from TIME_ISO on, and of the colours in struct
 * opt_output. */
#define TIME_CHOICES "iso|epoch"
#define COLOR_CHOICES "auto|always|never"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Output:", 20 },
	{ "output", 'o', "[+]FIELD,...", 0,
		"Print these fields; a leading + adds them to the default ones", 0 },
	{ "sort", OPT_SORT, "[-]FIELD,...", 0,
		"Sort by these fields; a - before one puts its largest first", 0 },
	{ "format", OPT_FORMAT, "FORMAT", 0, "Print in this format", 0 },
	{ "json", 'J', NULL, 0, "Print JSON, as --format=json does", 0 },
	{ "no-headings", OPT_NO_HEADINGS, NULL, 0, "Print no line of headings", 0 },
	{ "time", OPT_TIME, TIME_CHOICES, 0,
		"Times as iso, 2026-11-22T12:10:00Z, or epoch, seconds since 1970", 0 },
	{ "numeric", OPT_NUMERIC, NULL, 0,
		"Numbers of users and groups instead of names (table only)", 0 },
	{ "bytes", OPT_BYTES, NULL, 0, "Exact sizes (table only)", 0 },
	{ "color", OPT_COLOR, COLOR_CHOICES, 0,
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
		/* No row is NULL.  NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
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

/* Appends the formats that the command has to the help on --format. */
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
	/* argp frees it. */
	return (char *)buf_text(&b);
}

bool
opt_output_group(struct opt_output *opt, const char *name)
{
	for (size_t i = 0; i < fields_count; i++) {
		if (!(fields[i].flags & FIELD_KEY) ||
			strcasecmp(fields[i].column.name, name) != 0)
			continue;
		opt->key = &fields[i];
		opt->set = &fields_of_groups;
		return true;
	}
	return false;
}

const struct writer *
opt_output_format(const struct opt_output *opt, size_t i)
{
	for (size_t k = 0; k < writers_count; k++)
		if (has_format(opt, writers[k]) && i-- == 0)
			return opt->stat && writers[k]->people ? &writer_block
							       : writers[k];
	return i == 0 ? opt->also : NULL;
}

static const struct writer *
parse_format(
	const struct opt_output *opt, const char *name, const struct argp_state *state)
{
	const struct writer *w;

	for (size_t i = 0; (w = opt_output_format(opt, i)) != NULL; i++)
		if (strcmp(w->name, name) == 0)
			return w;
	unknown_format(opt, name, state);
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct opt_output *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		opt->layout.headings = true;
		opt->layout.writer = opt->stat ? &writer_block : &writer_table;
		return 0;
	case 'o':
		opt->output = arg;
		return 0;
	case OPT_SORT:
		opt->sort = arg;
		return 0;
	case 'J':
		opt->layout.writer = &writer_json;
		return 0;
	case OPT_FORMAT:
		opt->layout.writer = parse_format(opt, arg, state);
		return 0;
	case OPT_NO_HEADINGS:
		opt->layout.headings = false;
		return 0;
	case OPT_TIME:
		opt->layout.style.times =
			TIME_ISO + opt_choice("form of time", TIME_CHOICES, arg, state);
		return 0;
	case OPT_NUMERIC:
		opt->layout.style.numeric = true;
		opt->table_only = "--numeric";
		return 0;
	case OPT_BYTES:
		opt->layout.style.exact = true;
		opt->table_only = "--bytes";
		return 0;
	case OPT_COLOR:
		opt->color = opt_choice("time for colour", COLOR_CHOICES, arg, state);
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

/* Rejects options that conflict. */
static void
check_output_options(const struct opt_output *opt, const struct argp_state *state)
{
	if (opt->table_only != NULL && !opt->layout.writer->people)
		opt_error(state, "%s is for tables; --format=%s has no use for it",
			opt->table_only, opt->layout.writer->name);
	if (opt->layout.writer != opt->also || opt->also == NULL)
		return;
	if (opt->output != NULL || opt->sort != NULL || opt->list_fields)
		opt_error(state,
			"--format=%s and %s exclude each other: the format has no fields",
			opt->layout.writer->name,
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

/* The names of the default fields for people. */
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

/* Chooses the default fields for people, but those of objects only if objects of one of
 * the kinds have them. */
static void
choose_defaults(
	const struct opt_output *opt, struct field_choice *chosen, kinds_t kinds_wanted)
{
	facts_t facts = facts_of(kinds_wanted);
	bool of_objects = opt->set == &fields_of_objects && kinds_wanted != 0;
	const char *name = default_names(opt, kinds_wanted);
	size_t len;

	for (; *name != '\0'; name += len) {
		const struct field *f;

		name += *name == ',';
		len = strcspn(name, ",");
		f = field_find(chosen, name, len, chosen->without);
		if (!of_objects || opt->stat || (f->of & facts) != 0)
			field_choose(chosen, f);
	}
}

/* The flags of the fields that an output does not have. */
static unsigned
fields_without(const struct opt_output *opt, const struct writer *writer)
{
	return (writer->people ? FIELD_PROGRAMS : FIELD_PEOPLE) |
		(writer->nests ? FIELD_FLAT : FIELD_NESTED) |
		(opt->stat ? 0 : FIELD_STAT);
}

void
opt_output_offer(const struct opt_output *opt, const struct writer *writer, bool to_sort,
	void (*take)(void *arg, const struct field *f), void *arg)
{
	const struct field_set *set = opt->set != NULL ? opt->set : &fields_of_objects;
	const struct field *f;

	if (opt->key != NULL)
		take(arg, opt->key);
	for (size_t i = 0; (f = set->at(i)) != NULL; i++)
		if (!(f->flags & fields_without(opt, writer)) &&
			(!to_sort || opt_fields_has_order(f)))
			take(arg, f);
}

void
opt_output_choose(
	struct opt_output *opt, kinds_t kinds_wanted, const struct argp_state *state)
{
	struct layout *l = &opt->layout;
	struct field_choice *chosen = &l->fields;
	const char *names = opt->output;

	check_output_options(opt, state);
	if (opt->set == NULL)
		opt->set = &fields_of_objects;
	/* The field to group by may have a form for this format. */
	if (opt->key != NULL)
		opt->key = field_find(&(struct field_choice){ .set = &fields_of_objects },
			opt->key->column.name, strlen(opt->key->column.name),
			fields_without(opt, l->writer) & ~FIELD_STAT);
	chosen->set = opt->set;
	chosen->without = fields_without(opt, l->writer);
	chosen->key = l->keys.key = opt->key;
	l->keys.set = opt->set;
	l->keys.without = chosen->without;

	/* The heading of a block identifies the object. */
	if (l->writer == &writer_block)
		opt_fields_add(chosen, "ref", state);
	if (opt->key != NULL && (names == NULL || *names == '+'))
		field_choose(chosen, opt->key);
	if ((names == NULL || *names == '+') && l->writer->people) {
		const struct field *ns = field_find(chosen, "ns", 2, chosen->without);

		if (opt_all_namespaces() && !opt->stat && ns != NULL)
			field_choose(chosen, ns);
		choose_defaults(opt, chosen, kinds_wanted);
	} else if (names == NULL || *names == '+')
		field_choose_all(chosen, facts_of(kinds_wanted),
			(opt->stat ? 0 : FIELD_COSTLY) |
				(opt->names_namespaces ? 0 : FIELD_NAMESPACE));
	l->defaults = chosen->count;
	if (names != NULL)
		opt_fields_add(chosen, names + (*names == '+'), state);
	if (opt->sort != NULL)
		opt_fields_sort(&l->keys, &l->descending, opt->sort, state);
	else if (opt->key != NULL)
		opt_fields_sort(&l->keys, &l->descending, "-bytes,-count", state);
	l->style.color = l->writer->people &&
		(opt->color == COLOR_ALWAYS ||
			(opt->color == COLOR_AUTO && terminal_has_color()));
	layout_complete(l);
}

/* The kinds that have a field, as a list value. */
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
	static const struct column *const typeless[] = { &name, &value, &help };
	const struct field_choice *chosen = &opt->layout.fields;
	bool has_types = !chosen->set->is_typeless;
	struct out out;
	const struct field *f;

	layout_begin_columns(&opt->layout, "fields", &out);
	out.columns = has_types ? columns : typeless;
	out.columns_count = has_types ? ARRAY_SIZE(columns) : ARRAY_SIZE(typeless);
	if (opt->layout.writer == &writer_block)
		out.writer = &writer_table;
	out_begin(&out);
	for (size_t i = 0; (f = field_at(chosen, i)) != NULL; i++) {
		struct value values[ARRAY_SIZE(columns)];
		struct value *v = values;

		if (f != chosen->key && (f->flags & chosen->without))
			continue;
		*v++ = (struct value){ .type = VALUE_TEXT, .text = f->column.name };
		if (has_types)
			*v++ = kinds_of(f);
		*v++ = (struct value){ .type = VALUE_TEXT,
			.text = value_type_name(f->column.type) };
		*v++ = (struct value){ .type = VALUE_TEXT, .text = f->help };
		out_row(&out, values);
	}
	out_end(&out);
}

void
opt_output_free(struct opt_output *opt)
{
	layout_free(&opt->layout);
}
