/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal-report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/ipc-ns.h"
#include "kind/ipcns.h"
#include "kind/kind.h"
#include "kind/ref.h"
#include "kind/source.h"
#include "lib/message.h"
#include "lib/names.h"
#include "lib/write-error.h"

static const struct column column_ref = { "ref", VALUE_TEXT };
static const struct column column_type = { "type", VALUE_TEXT };
static const struct column column_key = { "key", VALUE_KEY };
static const struct column column_owner = { "owner", VALUE_USER };
static const struct column column_uid = { "uid", VALUE_NUMBER };
static const struct column column_size = { "size", VALUE_SIZE };
static const struct column column_result = { "result", VALUE_TEXT };
static const struct column column_cause = { "cause", VALUE_TEXT };
static const struct column column_reason = { "reason", VALUE_TEXT };
static const struct column column_ns = { "ns", VALUE_NUMBER };
static const struct column column_nsid = { "nsid", VALUE_NUMBER };
static const struct column *const columns[] = { &column_ref, &column_type, &column_key,
	&column_owner, &column_uid, &column_size, &column_result, &column_cause,
	&column_reason, &column_ns, &column_nsid };

/* Those of the namespace are only printed if the command names one. */
enum {
	REF,
	TYPE,
	KEY,
	OWNER,
	UID,
	SIZE,
	RESULT,
	CAUSE,
	REASON,
	COLUMNS_OF_OBJECT,
	NS = COLUMNS_OF_OBJECT,
	NSID,
	COLUMNS
};

static const char *const results[] = {
	[RESULT_REMOVED] = "removed",
	[RESULT_MARKED] = "marked",
	[RESULT_REFUSED] = "refused",
	[RESULT_MISSING] = "missing",
	[RESULT_FAILED] = "failed",
	[RESULT_KEPT] = "kept",
};

/* The words of a dry run. */
static const char *const plans[] = {
	[RESULT_REMOVED] = "would-remove",
	[RESULT_MARKED] = "would-mark",
	[RESULT_REFUSED] = "would-refuse",
	[RESULT_MISSING] = "missing",
	[RESULT_FAILED] = "failed",
	[RESULT_KEPT] = "kept",
};

void
report_begin(struct report *r, const struct removal_options *opt)
{
	*r = (struct report){ .opt = opt };
	if (opt->writer == NULL)
		return;
	r->out = (struct out){
		.writer = opt->writer,
		.title = "results",
		.columns = columns,
		.columns_count = opt_names_namespaces(&opt->operands) ? COLUMNS
								      : COLUMNS_OF_OBJECT,
	};
	out_begin(&r->out);
}

void
report_end(struct report *r)
{
	if (r->opt->writer != NULL)
		out_end(&r->out);
}

const char *
report_name(const struct victim *v, char room[REF_SIZE])
{
	return v->text != NULL ? v->text : ref_text(v->object, room);
}

bool
report_is_marked(const struct object *o)
{
	return object_has(o, FACT(NATTCH)) && o->fact[FACT_NATTCH] > 0;
}

static void
set_fact(struct value *v, const struct object *o, enum fact fact)
{
	if (o == NULL || !(o->kind->facts & FACT_BIT(fact)))
		return;
	v->state = object_has(o, FACT_BIT(fact)) ? VALUE_SET : VALUE_UNREAD;
	v->number = o->fact[fact];
}

static void
put_number_in(struct value *v, uint64_t number)
{
	v->state = VALUE_SET;
	v->number = number;
}

/* Prints a row for programs at once. */
static void
put_result_row(struct report *r, const char *name, const struct object *o,
	enum result result, const char *cause, const char *reason)
{
	struct value values[COLUMNS] = { 0 };
	char room[REF_SIZE];

	if (r->opt->writer == NULL)
		return;
	for (size_t i = 0; i < COLUMNS; i++)
		values[i] =
			(struct value){ .type = columns[i]->type, .state = VALUE_NULL };
	if (o != NULL) {
		name = ref_text(o, room);
		values[TYPE].text = o->kind->name;
		values[TYPE].state = VALUE_SET;
	}
	if (o != NULL && o->ns != NULL)
		put_number_in(&values[NS], o->ns->inode);
	if (o != NULL && o->ns != NULL && o->ns->has_id)
		put_number_in(&values[NSID], o->ns->id);
	values[REF].text = name;
	values[REF].state = VALUE_SET;
	set_fact(&values[KEY], o, FACT_KEY);
	set_fact(&values[OWNER], o, FACT_UID);
	set_fact(&values[UID], o, FACT_UID);
	set_fact(&values[SIZE], o, FACT_SIZE);
	values[RESULT].text = r->opt->dry_run ? plans[result] : results[result];
	values[RESULT].state = VALUE_SET;
	values[CAUSE].text = cause;
	values[CAUSE].state = cause == NULL ? VALUE_NULL : VALUE_SET;
	values[REASON].text = reason;
	values[REASON].state = reason == NULL || *reason == '\0' ? VALUE_NULL : VALUE_SET;
	out_row(&r->out, values);
	out_drain_all(&r->out);
	if (fflush(stdout) != 0)
		write_error_note();
}

/* Appends its size, if it is known: bytes, semaphores or messages, or the value. */
static void
put_amount(const struct object *o, const struct style *style, struct buf *text)
{
	const struct value size = { .type = VALUE_SIZE, .number = o->fact[FACT_SIZE] };
	char use[USE_SIZE];

	if (o->kind->use_one == NULL || (o->kind->facts & FACT(NATTCH))) {
		value_text(&size, style, text);
		buf_str(text, ", ");
	} else if (object_put_use(o, use)) {
		buf_printf(text, "%s, ", use);
	}
}

/* Appends "key 0x0000abc1, owner hpc, 1.0M, idle 2h". */
static void
put_facts(const struct object *o, const struct style *style, struct buf *text)
{
	const struct value idle = { .type = VALUE_AGE, .number = object_active(o) };

	if (o->kind->facts & FACT(KEY)) {
		if (o->fact[FACT_KEY] == 0)
			buf_str(text, "no key, ");
		else
			buf_printf(text, "key 0x%08x, ", (unsigned)o->fact[FACT_KEY]);
	}
	buf_printf(text, "owner %s, ", names_user(o->fact[FACT_UID]));
	put_amount(o, style, text);
	buf_str(text, "idle ");
	value_text(&idle, style, text);
}

void
report_put_use(const struct victim *v, struct buf *b)
{
	const struct in_use_answer *use = v->use;

	if (!use->is_whole)
		buf_printf(b, "%s%s",
			v->in_use == IN_USE_YES ? "in use" : "may be in use", use->joint);
	buf_str(b, use->reason.data);
}

/* Appends that an object is removed although it is, or may be, in use. */
static void
put_although(const struct victim *v, struct buf *text)
{
	buf_str(text, "although ");
	if (v->use->is_whole || v->in_use != IN_USE_YES)
		buf_str(text, "it ");
	report_put_use(v, text);
}

void
report_describe(const struct report *r, const struct context *c, const struct victim *v,
	struct buf *text)
{
	const struct style style = { .people = true, .now = time(NULL) };
	const struct object *o = v->object;
	size_t start;

	if (r->opt->verbose && r->opt->writer == NULL) {
		put_facts(o, &style, text);
		buf_str(text, "; ");
	} else if (r->opt->writer == NULL) {
		return;
	}
	if (v->in_use != IN_USE_NO) {
		put_although(v, text);
		return;
	}
	if (object_has(o, FACT(USED)) && o->fact[FACT_USED] == USED_NO) {
		buf_str(text, "unused");
		return;
	}
	start = text->len;
	stale_last_user(c, o, text);
	/* The pid of a process outside this PID namespace is 0, as for no process. */
	if (text->len == start)
		buf_str(text,
			object_latest(o, FACT(OTIME)) == 0
				? "never used"
				: "every process that used it has ended");
}

/* Says that only the name is gone, and who still uses the object. */
static void
say_still_used(const struct victim *v, const char *name)
{
	if (v->use->processes == 0)
		say("%s: removed the name; the object is still in use", name);
	else
		say("%s: removed the name; %s still use%s the object", name,
			v->use->reason.data, v->use->processes == 1 ? "s" : "");
}

bool
report_removed(struct report *r, const struct victim *v, const char *described)
{
	const struct object *o = v->object;
	bool marked = report_is_marked(o);
	char room[REF_SIZE];
	const char *name = report_name(v, room);

	if (r->opt->writer != NULL)
		put_result_row(r, name, o, marked ? RESULT_MARKED : RESULT_REMOVED, NULL,
			described);
	else if (r->opt->verbose &&
		printf(marked ? "marked %s for removal (%s)\n" : "removed %s (%s)\n",
			name, described) < 0)
		write_error_note();
	/* The object still exists, which users do not expect. */
	if (marked && (!r->opt->verbose || r->opt->writer != NULL))
		say("%s: marked for removal; the kernel removes it after the last detach "
		    "(attachments: %" PRIu64 ")",
			name, o->fact[FACT_NATTCH]);
	if (v->in_use == IN_USE_YES && v->use->cause == CAUSE_USED &&
		o->kind->in_use->outlives)
		say_still_used(v, name);
	if (ferror(stdout))
		say("done, but not written to standard output: %s %s",
			marked ? "marked for removal" : "removed", name);
	return marked || r->opt->writer != NULL || r->opt->verbose;
}

/* Appends the end of a plan for an object: ", although in use: ..." or the reasons why it
 * was selected. */
static void
put_plan(const struct victim *v, struct buf *b)
{
	if (v->in_use != IN_USE_NO) {
		buf_str(b, ", ");
		put_although(v, b);
	} else if (v->why != NULL) {
		buf_printf(b, ": %s", v->why);
	}
}

void
report_plan(struct report *r, const struct victim *v)
{
	bool marked = report_is_marked(v->object);
	char room[REF_SIZE];
	const char *name = report_name(v, room);
	struct buf b = { 0 };

	put_plan(v, &b);
	if (r->opt->writer != NULL)
		put_result_row(r, name, v->object,
			marked ? RESULT_MARKED : RESULT_REMOVED,
			v->in_use == IN_USE_NO ? NULL : cause_name(v->use->cause),
			v->in_use == IN_USE_NO ? v->why : v->use->reason.data);
	else
		printf("would %s %s%s%s\n", marked ? "mark" : "remove", name,
			marked ? " for removal" : "", buf_text(&b));
	buf_free(&b);
}

static const char *
what_force_does(const struct victim *v)
{
	const struct in_use_ops *ops = v->object->kind->in_use;

	if (!v->use->is_whole && ops != NULL && ops->anyway != NULL)
		return ops->anyway;
	return report_is_marked(v->object) ? "mark it for removal" : "remove it";
}

void
report_say_refused(struct victim *v)
{
	char room[REF_SIZE];
	const char *name = report_name(v, room);
	struct buf use = { 0 };

	if (v->told)
		return;
	v->told = true;
	if (v->refusal != NULL)
		say("%s: %s", name, v->refusal);
	else
		report_put_use(v, &use);
	if (use.len > 0)
		say("%s: %s; use --force to %s anyway", name, buf_text(&use),
			what_force_does(v));
	buf_free(&use);
}

void
report_refused(struct report *r, struct victim *v)
{
	char room[REF_SIZE];

	report_say_refused(v);
	put_result_row(r, report_name(v, room), v->object, RESULT_REFUSED,
		cause_name(v->use->cause), v->use->reason.data);
}

void
report_result(struct report *r, const char *name, const struct object *o,
	enum result result, const char *reason, bool said)
{
	if (said)
		say("%s: %s", name, reason);
	put_result_row(r, name, o, result, NULL, reason);
}
