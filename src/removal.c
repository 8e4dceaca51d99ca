/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "removal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caller.h"
#include "gather.h"
#include "names.h"
#include "opt-output.h"
#include "printer.h"
#include "ref.h"
#include "say.h"
#include "source.h"
#include "in-use.h"
#include "xalloc.h"

/* An object that is to go. */
struct victim {
	char *text; /* as the user named it; NULL when its type and the conditions chose it */
	struct object object;
};

struct removal {
	const struct removal_options *opt;
	struct gather gather;
	struct victim *victims;
	size_t count;
	enum status status; /* of what has been considered already */
	size_t foreign; /* objects chosen that the caller may not remove */
	size_t chosen; /* by conditions, and by the caller to be removed */
};

/* The name of a victim, in text where it has none of its own. */
static const char *
name_of(const struct victim *v, char text[REF_SIZE])
{
	if (v->text != NULL)
		return v->text;
	ref_text(&v->object, text);
	return text;
}

/* Whether a segment has been marked for removal already and only waits for its users. */
static bool
is_marked(const struct object *o)
{
	return o->kind->is_marked != NULL && o->kind->is_marked(o);
}

/* Whether removal would only mark it. */
static bool
is_attached(const struct object *o)
{
	return object_has(o, FACT(NATTCH)) && o->fact[FACT_NATTCH] > 0;
}

static bool
is_typed(const struct removal_options *opt, const struct kind *kind)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds[i] == kind)
			return !(opt->operands.types & 1u << i);
	return true;
}

static enum status
gone(const struct removal_options *opt, const char *name)
{
	if (opt->ignore_missing)
		return STATUS_OK;
	say("%s: it is gone already", name);
	return STATUS_SOME;
}

/* What the kernel says of an object that it called gone: 1, 0 when it is, or -1 with the cause. */
static int
find_again(const struct object *o, struct object *now, struct buf *cause)
{
	const struct ref ref = { .kind = o->kind, .number = o->fact[FACT_ID] };

	return source_find(&ref, NULL, now, cause);
}

/*
 * Whether nothing speaks against the removal of an object; otherwise says what does, and the
 * status is in *status.
 */
static bool
may_go(const struct removal *r, const char *name, const struct object *o,
	enum status *status)
{
	struct buf reason = { 0 };
	struct object now;
	int used;

	*status = STATUS_SOME;
	if (!caller_may_change(o)) {
		say("%s: it belongs to %s: only the owner, the creator or root may remove it",
			name, names_user(o->fact[FACT_UID]));
		return false;
	}
	if (r->opt->force)
		return true;
	used = use_of(o, &r->gather.look, &reason);
	if (used < 0 && find_again(o, &now, &reason) == 0) {
		*status = gone(r->opt, name);
	} else if (used < 0) {
		/* What a filter of system calls answers is no evidence that nobody uses it. */
		say("%s: it may be in use: its semaphores could not be read (--force removes it "
		    "all the same)",
			name);
	} else if (used > 0) {
		say("%s: it is in use: %s (--force removes it all the same)", name,
			buf_text(&reason));
	}
	buf_free(&reason);
	return used == 0;
}

/* Prints what would be removed, and why. */
static void
print_plan(const struct removal *r, const char *name, const struct object *o)
{
	struct buf reason = { 0 };

	selector_reason(&r->opt->select.selector, o, &reason);
	if (is_attached(o))
		buf_printf(&reason, "%sit goes when the last of %llu detaches",
			reason.len > 0 ? "; " : "",
			(unsigned long long)o->fact[FACT_NATTCH]);
	printf("would %s %s%s%s%s\n", is_attached(o) ? "mark" : "remove", name,
		is_attached(o) ? " for removal" : "", reason.len > 0 ? ": " : "",
		buf_text(&reason));
	buf_free(&reason);
}

/* Removes an object that nothing speaks against. */
static enum status
remove_it(const struct removal *r, const char *name, const struct object *o)
{
	if (r->opt->dry_run) {
		print_plan(r, name, o);
		return STATUS_OK;
	}
	if (o->kind->remove(o) < 0) {
		if (kind_is_gone(errno))
			return gone(r->opt, name);
		say("%s: cannot remove it: %s", name, strerror(errno));
		return STATUS_SOME;
	}
	if (r->opt->verbose && is_attached(o))
		printf("marked %s for removal: it goes when the last of %llu detaches\n",
			name, (unsigned long long)o->fact[FACT_NATTCH]);
	else if (is_attached(o)) /* it is still there, which nobody would expect */
		say("%s: marked for removal: it goes when the last of %llu detaches",
			name, (unsigned long long)o->fact[FACT_NATTCH]);
	else if (r->opt->verbose)
		printf("removed %s\n", name);
	return STATUS_OK;
}

/*
 * Reads an object again directly before it is removed, and looks at every condition again;
 * what may have changed since it was chosen is what would hurt.
 */
static enum status
consider(struct removal *r, const struct victim *v)
{
	struct buf cause = { 0 };
	char text[REF_SIZE];
	const char *name = name_of(v, text);
	enum status status;
	struct object o;
	int rc = find_again(&v->object, &o, &cause);

	if (rc < 0)
		say("%s: %s", name, buf_text(&cause));
	buf_free(&cause);
	if (rc <= 0)
		return rc < 0 ? STATUS_SOME : gone(r->opt, name);
	if (is_marked(&o)) {
		say("%s: it is marked for removal already, and goes when the last of %llu detaches",
			name, (unsigned long long)o.fact[FACT_NATTCH]);
		return STATUS_OK;
	}
	if (!o.kind->same(&v->object, &o)) {
		say("%s: another object has taken its place meanwhile, which stays",
			name);
		return STATUS_SOME;
	}
	if (!gather_chooses(&r->gather, &o)) {
		say("%s: the conditions do not hold any more, so it stays", name);
		return STATUS_SOME;
	}
	return may_go(r, name, &o, &status) ? remove_it(r, name, &o) : status;
}

/*
 * Removes an object that conditions chose without asking.  One that has been read just now
 * need not be read again, unless a walk over the processes came between.
 */
static enum status
consider_now(struct removal *r, const struct object *o)
{
	const struct victim v = { .object = *o };
	bool walked = scan_is_done(r->gather.look.walk);
	enum status status;
	char text[REF_SIZE];

	if (!r->gather.fresh)
		return consider(r, &v);
	if (!may_go(r, name_of(&v, text), o, &status))
		return status;
	if (scan_is_done(r->gather.look.walk) != walked)
		return consider(r, &v);
	return remove_it(r, text, o);
}

/*
 * Takes an object.  Conditions pass over what the caller may not remove and what goes anyway;
 * a reference that the user typed is answered later.
 */
static void
take(void *arg, const char *text, struct object *o)
{
	struct removal *r = arg;
	bool typed = is_typed(r->opt, o->kind);

	if (!typed && !caller_may_change(o)) {
		r->foreign++;
		return;
	}
	if (!typed && is_marked(o))
		return;
	r->chosen += !typed;
	if (!typed && (r->opt->yes || r->opt->dry_run)) {
		r->status = cmd_worse(r->status, consider_now(r, o));
		return;
	}
	if ((r->count & (r->count - 1)) == 0) /* room for twice as many */
		r->victims = xreallocarray(
			r->victims, r->count == 0 ? 1 : r->count * 2, sizeof *r->victims);
	r->victims[r->count++] = (struct victim){ typed ? xstrdup(text) : NULL, *o };
}

/* Shows on standard error the objects that conditions chose. */
static void
show_chosen(const struct removal *r)
{
	struct opt_output output = { .writer = &writer_table };
	struct printer printer;

	opt_output_choose(&output, 0, NULL);
	printer_start(&printer, &output);
	printer.out.to = stderr;
	for (size_t i = 0; i < r->count; i++)
		if (r->victims[i].text == NULL)
			printer_print(&printer, &r->victims[i].object);
	printer_end(&printer);
	opt_output_free(&output);
}

static size_t
count_chosen(const struct removal *r)
{
	size_t chosen = 0;

	for (size_t i = 0; i < r->count; i++)
		chosen += r->victims[i].text == NULL;
	return chosen;
}

/* Says what is refused among the objects chosen and leaves the rest, which is what to ask
 * about. */
static enum status
leave_refused(struct removal *r)
{
	enum status status = STATUS_OK, why;
	size_t kept = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct victim *v = &r->victims[i];
		char text[REF_SIZE];

		if (v->text == NULL && !may_go(r, name_of(v, text), &v->object, &why))
			status = cmd_worse(status, why);
		else
			r->victims[kept++] = *v;
	}
	r->count = kept;
	return status;
}

/*
 * Asks, where there is somebody to ask, before what conditions chose is removed.  Whether to
 * go on is in *go_on.
 */
static enum status
confirm(struct removal *r, bool *go_on)
{
	enum status status = leave_refused(r);
	size_t chosen = count_chosen(r);
	char answer[64] = "";

	*go_on = chosen == 0;
	if (*go_on)
		return status;
	if (r->opt->operands.from_stdin || !isatty(STDIN_FILENO) ||
		!isatty(STDERR_FILENO)) {
		say("%zu object%s would be removed, and nobody can be asked here: add --yes to do "
		    "it, or --dry-run to see which; nothing has been removed",
			chosen, chosen == 1 ? "" : "s");
		return STATUS_USAGE;
	}
	show_chosen(r);
	fprintf(stderr, "Remove %s %zu object%s? [y/N] ", chosen == 1 ? "this" : "these",
		chosen, chosen == 1 ? "" : "s");
	if (fgets(answer, sizeof answer, stdin) == NULL)
		fputc('\n', stderr); /* that nobody typed */
	*go_on = strcasecmp(answer, "y\n") == 0 || strcasecmp(answer, "yes\n") == 0;
	if (*go_on)
		return status;
	say("nothing has been removed");
	return STATUS_SOME;
}

/* Who asks to be told gets more than silence. */
static void
say_none_chosen(const struct removal_options *opt)
{
	if (opt->operands.types == 0 || !opt->verbose)
		return;
	if (opt->select.selector.stale)
		say("no object is chosen (none is stale before it was idle for %llu s: --grace)",
			(unsigned long long)opt->select.grace);
	else
		say("no object is chosen");
}

enum status
removal_run(const struct removal_options *opt)
{
	struct removal r = { .opt = opt };
	enum status status;
	bool go_on;

	r.gather = (struct gather){
		.operands = &opt->operands,
		.select = &opt->select,
		.wanted = FACT(KEY) | FACT(MODE) | FACT(UID) | FACT(GID) | FACT(CUID) |
			FACT(CGID) | FACT(CPID) | FACT(NATTCH),
		.source = { SOURCE_FRESH },
		.also = opt->force ? 0 : USE_NEEDS,
		.missing_is_fine = opt->ignore_missing,
		.tells_unchosen = opt->dry_run || opt->verbose,
	};
	status = gather(&r.gather, take, &r);
	status = cmd_worse(status, r.status);
	if (r.foreign > 0 && opt->verbose)
		say("%zu object%s of other users %s passed over", r.foreign,
			r.foreign == 1 ? "" : "s", r.foreign == 1 ? "is" : "are");
	if (r.chosen == 0)
		say_none_chosen(opt);
	status = cmd_worse(status, confirm(&r, &go_on));
	for (size_t i = 0; i < r.count && go_on && !ferror(stdout); i++)
		status = cmd_worse(status, consider(&r, &r.victims[i]));
	for (size_t i = 0; i < r.count; i++)
		free(r.victims[i].text);
	free(r.victims);
	gather_end(&r.gather);
	return status;
}
