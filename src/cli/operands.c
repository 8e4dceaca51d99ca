/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/operands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/meant.h"
#include "lib/array.h"
#include "lib/lines.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "namespace/name.h"

static void
add_ref(struct opt_operands *opt, struct ref ref, char *text)
{
	opt->list = xgrow(opt->list, opt->count, sizeof *opt->list);
	opt->list[opt->count++] = (struct operand){ ref, text };
}

/* Checks the namespace in a reference.  0, or -1 with the cause. */
static int
check_namespace(const char *text, const struct ref *ref, struct buf *cause)
{
	const char *ns = ref_namespace(text);
	struct buf why = { 0 };
	struct ns_name name;
	int rc;

	if (ns == NULL)
		return 0;
	rc = ns_name_parse(ns, &name, &why);
	ns_name_free(&name);
	if (rc < 0 && ref->kind->is_named)
		buf_printf(cause,
			"'%s': '%s' is not a namespace; write '@' in a name as %%40",
			text, ns);
	else if (rc < 0)
		buf_printf(cause, "%s: %s", text, buf_text(&why));
	buf_free(&why);
	return rc;
}

/* Whether the text is a namespace, which is often typed where a reference belongs. */
static bool
is_namespace(const char *text)
{
	struct buf cause = { 0 };
	struct ns_name name;
	bool is = ns_name_parse(text, &name, &cause) == 0 &&
		(name.form == NS_INODE || strchr(text, ':') != NULL);

	ns_name_free(&name);
	buf_free(&cause);
	return is;
}

/* Parses a reference.  0, or -1 with the cause, which includes the reference; *meant then
 * tells whether the cause names an object that was meant. */
static int
add_text(struct opt_operands *opt, const char *text, bool *meant, struct buf *cause)
{
	struct buf why = { 0 };
	struct ref ref;
	int rc = ref_parse(text, &ref, &why);

	*meant = false;
	if (rc == 0 && check_namespace(text, &ref, cause) < 0) {
		ref_free(&ref);
		rc = -1;
	} else if (rc == 0 && opt->needs_names && ref.label != NULL &&
		ref.label->name == NULL) {
		buf_printf(cause,
			"%s: the object has no name any more; only list, stat and rm "
			"accept it",
			text);
		ref_free(&ref);
		rc = -1;
	} else if (rc == 0) {
		add_ref(opt, ref, xstrdup(text));
	} else if (ref.kind != NULL && ref.kind->is_file) {
		/* The reason tells what is invalid. */
		buf_printf(cause, "'%s': %s", text, buf_text(&why));
	} else {
		buf_printf(cause, "invalid reference '%s'", text);
		*meant = meant_ask(text, opt->fits, cause);
		if (!*meant && is_namespace(text))
			buf_printf(cause, ": a namespace; to work in it, use --ipc-ns=%s",
				text);
		else if (!*meant)
			buf_printf(cause, ": %s", buf_text(&why));
	}
	buf_free(&why);
	return rc;
}

/* Whether a namespace as named cannot become another one. */
static bool
is_lasting(const char *ns)
{
	struct buf cause = { 0 };
	struct ns_name name;
	bool lasting;

	lasting = ns_name_parse(ns, &name, &cause) == 0 && name.form == NS_INODE &&
		(name.has_id || name.inode == NS_INITIAL);
	ns_name_free(&name);
	buf_free(&cause);
	return lasting;
}

static int
take_operand_line(void *operands, const char *text, unsigned long line, struct buf *cause)
{
	struct opt_operands *opt = operands;
	const char *ns = ref_namespace(text);
	bool meant;

	if (add_text(opt, text, &meant, cause) < 0)
		return -1;
	if (!opt->acts || ns == NULL || is_lasting(ns))
		return 0;
	opt->doubts = xgrow(opt->doubts, opt->doubts_count, sizeof *opt->doubts);
	opt->doubts[opt->doubts_count++] = (struct doubt){ opt->count - 1, line };
	return 0;
}

static void
read_stdin(struct opt_operands *opt, const struct argp_state *state)
{
	struct buf cause = { 0 };
	int rc = lines_read(stdin, take_operand_line, opt, &cause);

	if (rc == -2)
		opt_error(state, "cannot read standard input: %s", strerror(errno));
	if (rc < 0)
		opt_error(state, "standard input, %s", buf_text(&cause));
	opt->from_stdin = true;
}

static _Noreturn void
refuse_type(const char *text, const struct argp_state *state)
{
	struct near near = { .word = text };
	char *all = xasprintf("%s, or a reference, for example shm:32769 or shm:0x52e2c1",
		kind_names());

	kind_try_near(&near);
	if (strchr(text, ',') != NULL)
		opt_error(state, "unknown type '%s'; expected one type in each operand",
			text);
	opt_unknown("type", &near, all, state);
}

/* Adds the type, or the types of the group, with this name.  Returns whether there is
 * one. */
static bool
add_types(struct opt_operands *opt, const char *name)
{
	kinds_t types = kinds_named(name);

	opt->types |= types;
	return types != 0;
}

void
opt_operands_add(
	struct opt_operands *opt, const char *text, const struct argp_state *state)
{
	struct buf cause = { 0 };
	bool meant;

	if (opt->takes_many && strcmp(text, "-") == 0) {
		if (opt->from_stdin)
			opt_error(state, "'-' can be given only once");
		read_stdin(opt, state);
		return;
	}
	if (opt->takes_types && add_types(opt, text))
		return;
	if (add_text(opt, text, &meant, &cause) == 0)
		return;
	/* A key without 0x may begin with a letter, but is meant only if it exists. */
	if (opt->takes_types && strchr(text, ':') == NULL &&
		!(*text >= '0' && *text <= '9') && !meant)
		refuse_type(text, state);
	opt_error(state, "%s", buf_text(&cause));
}

void
opt_operands_require(const struct opt_operands *opt, const char *otherwise,
	const struct argp_state *state)
{
	if (opt->count == 0 && opt->types == 0 && !opt->from_stdin)
		opt_error(state,
			"nothing is named: give a reference such as shm:32769 or "
			"sem:0x52e2c1%s%s",
			otherwise != NULL ? ", " : "",
			otherwise != NULL ? otherwise : "");
}

void
opt_operands_default(struct opt_operands *opt)
{
	if (opt->count > 0 || opt->types != 0 || opt->from_stdin)
		return;
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds[i]->is_default)
			opt->types |= KIND_BIT(i);
}

kinds_t
opt_operands_kinds(const struct opt_operands *opt)
{
	kinds_t all = opt->types;

	for (size_t i = 0; i < opt->count; i++)
		all |= KIND_BIT(kind_index(opt->list[i].ref.kind));
	return all;
}

void
opt_operands_free(struct opt_operands *opt)
{
	for (size_t i = 0; i < opt->count; i++) {
		ref_free(&opt->list[i].ref);
		free(opt->list[i].text);
	}
	free(opt->list);
	free(opt->doubts);
	opt->list = NULL;
	opt->doubts = NULL;
	opt->count = opt->doubts_count = 0;
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0,
		"Naming objects as for ipcrm, beside references as operands:", 1 },
	{ "shmem-id", 'm', "ID", 0, "Segment with this id", 0 },
	{ "shmem-key", 'M', "KEY", 0, "Segment with this key", 0 },
	{ "queue-id", 'q', "ID", 0, "Queue with this id", 0 },
	{ "queue-key", 'Q', "KEY", 0, "Queue with this key", 0 },
	{ "semaphore-id", 's', "ID", 0, "Semaphore set with this id", 0 },
	{ "semaphore-key", 'S', "KEY", 0, "Semaphore set with this key", 0 },
	{ 0 },
};

/* The kind of each letter, and whether it names an id or a key. */
static const struct letter {
	char letter;
	bool by_key;
	const char *kind;
} letters[] = {
	{ 'm', false, "shm" },
	{ 'M', true, "shm" },
	{ 'q', false, "msg" },
	{ 'Q', true, "msg" },
	{ 's', false, "sem" },
	{ 'S', true, "sem" },
};

const struct kind *
opt_operands_kind(int letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (letters[i].letter == letter)
			return kind_by_name(letters[i].kind, strlen(letters[i].kind));
	return NULL;
}

static _Noreturn void
refuse_number(const struct letter *l, const char *arg, const char *what, const char *form,
	const struct argp_state *state)
{
	const char option[] = { '-', l->letter, '\0' };
	struct buf repeated = { 0 };

	opt_put_repeated(option, arg, &repeated);
	if (repeated.len > 0)
		opt_error(state, "%s: invalid %s '%s'%s", option, what, arg,
			buf_text(&repeated));
	opt_error(state, "%s: invalid %s '%s': %s", option, what, arg, form);
}

static void
add_letter(struct opt_operands *opt, const struct letter *l, const char *arg,
	const struct argp_state *state)
{
	struct ref ref = { .kind = kind_by_name(l->kind, strlen(l->kind)),
		.by_key = l->by_key };
	uint32_t number = 0;

	if (l->by_key && num_key(arg, &number) < 0)
		refuse_number(l, arg, "key", NUM_KEY_FORM, state);
	if (!l->by_key && num_id(arg, &number) < 0)
		refuse_number(l, arg, "ID", NUM_ID_FORM, state);
	ref.number = number;
	add_ref(opt, ref,
		l->by_key ? xasprintf("%s:0x%08x", l->kind, number)
			  : xasprintf("%s:%u", l->kind, number));
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct opt_operands *opt = state->input;

	if (key == ARGP_KEY_ARG) {
		opt_operands_add(opt, arg, state);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (key == letters[i].letter) {
			add_letter(opt, &letters[i], arg, state);
			return 0;
		}
	return ARGP_ERR_UNKNOWN;
}

const struct argp opt_operands_argp = {
	.options = options,
	.parser = parse_opt,
};
