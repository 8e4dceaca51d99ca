/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/select.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "kind/access.h"
#include "kind/kind.h"
#include "lib/names.h"
#include "lib/mode.h"
#include "lib/num.h"
#include "lib/xalloc.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0,
		"Choosing objects (the same option twice means either, different ones "
		"mean all):",
		5 },
	{ "user", 'u', "USER", 0, "Owned by this user", 0 },
	{ "creator", OPT_CREATOR, "USER", 0, "Created by this user", 0 },
	{ "group", 'g', "GROUP", 0, "Owned by this group", 0 },
	{ "key", 'k', "KEY|private", 0, "With this key, or 'private' for none", 0 },
	{ "perm", OPT_PERM, "MODE", 0,
		"With exactly this mode; -MODE: with all of these bits; /MODE: with any "
		"of them",
		0 },
	{ "state", OPT_STATE, "STATE", 0, "In this state", 0 },
	{ "pid", 'p', "PID", 0,
		"Created by this process, last used by it, or used by it now", 0 },
	{ "min-size", OPT_MIN_SIZE, "SIZE", 0,
		"Shared memory and queues of at least this number of bytes", 0 },
	{ "max-size", OPT_MAX_SIZE, "SIZE", 0,
		"Shared memory and queues of at most this number of bytes", 0 },
	{ "min-messages", OPT_MIN_MESSAGES, "N", 0,
		"Queues that hold at least N messages", 0 },
	{ "idle", OPT_IDLE, "DURATION", 0,
		"Not active for this time and not in use, for example 90m or 7d", 0 },
	{ "unattached", OPT_UNATTACHED, NULL, 0,
		"Segments to which no process is attached, and POSIX objects that no "
		"process uses",
		0 },
	{ "name", OPT_NAME, "GLOB", 0,
		"POSIX objects whose name matches, for example 'psm_*'", 0 },
	{ "unlinked", OPT_UNLINKED, NULL, 0,
		"POSIX objects that have no name any more, but are still in use", 0 },
	{ "empty", OPT_EMPTY, NULL, 0, "Queues without a message", 0 },
	{ "stale", OPT_STALE, NULL, 0,
		"Left behind by processes that have ended, and not known to any that "
		"lives; see ipctool-stale(7)",
		0 },
	{ "grace", OPT_GRACE, "DURATION", 0,
		"With --stale: quiet for at least this time (default: 60s, with a key or "
		"a name 1d)",
		0 },
	{ "alone", OPT_ALONE, NULL, 0,
		"No process outside this PID namespace uses the objects (for containers)",
		0 },
	{ "except", OPT_EXCEPT_OBJECT, "REF|user:USER|group:GROUP|key:KEY", 0,
		"Never choose these objects; may be given more than once", 0 },
	{ 0 },
};

/* In a user namespace all unmapped ids read as the same id, so selecting it would select
 * the objects of many users. */
static void
refuse_unmapped(bool unmapped, const char *option, const char *arg,
	const struct argp_state *state)
{
	if (unmapped)
		opt_error(state,
			"%s='%s': in this user namespace this ID stands for all IDs that "
			"are not mapped, so it cannot choose one of them",
			option, arg);
}

/* Rejects a name that a look-up did not find; errno is 0 if there is no such name. */
static _Noreturn void
refuse_name(const char *option, const char *arg, const char *what,
	const struct argp_state *state)
{
	struct buf repeated = { 0 };
	int error = errno;

	opt_put_repeated(option, arg, &repeated);
	if (error == 0)
		opt_error(state, "%s: unknown %s '%s'%s", option, what, arg,
			buf_text(&repeated));
	opt_error(state, "%s: cannot look up the %s '%s': %s", option, what, arg,
		strerror(error));
}

static void
add_user(struct any_of *any, const char *option, const char *arg,
	const struct argp_state *state)
{
	uid_t uid = UINT32_MAX; /* gcc -flto does not see that it is set */

	if (names_find_user(arg, &uid) < 0)
		refuse_name(option, arg, "user", state);
	refuse_unmapped(access_sees_unmapped_user(uid), option, arg, state);
	selector_add(any, uid);
}

static void
add_group(struct any_of *any, const char *arg, const struct argp_state *state)
{
	gid_t gid = UINT32_MAX;

	if (names_find_group(arg, &gid) < 0)
		refuse_name("--group", arg, "group", state);
	refuse_unmapped(access_sees_unmapped_group(gid), "--group", arg, state);
	selector_add(any, gid);
}

static void
add_key(struct any_of *any, const char *arg, const struct argp_state *state)
{
	struct buf repeated = { 0 };
	uint32_t key = 0;

	opt_put_repeated("--key", arg, &repeated);
	if (strcmp(arg, "private") != 0 && num_key(arg, &key) < 0)
		opt_error(state, "--key: invalid key '%s'%s", arg,
			repeated.len > 0 ? buf_text(&repeated)
					 : ": " NUM_KEY_FORM ", or 'private'");
	buf_free(&repeated);
	selector_add(any, key);
}

static void
add_pid(struct any_of *any, const char *arg, const struct argp_state *state)
{
	struct buf repeated = { 0 };
	uint64_t pid;

	opt_put_repeated("--pid", arg, &repeated);
	if (num_range(arg, 1, INT32_MAX, &pid) < 0)
		opt_error(state, "--pid: invalid process ID '%s'%s", arg,
			repeated.len > 0 ? buf_text(&repeated)
					 : ": expected a number from 1 to 2147483647");
	buf_free(&repeated);
	selector_add(any, pid);
}

/* As find(1): a symbolic mode is what it makes of no permission at all. */
static void
add_perm(struct selector *s, const char *arg, const struct argp_state *state)
{
	enum perm_how how = *arg == '-' ? PERM_ALL : *arg == '/' ? PERM_ANY : PERM_EXACT;
	struct buf cause = { 0 };
	struct mode_change *mode = mode_parse(arg + (how != PERM_EXACT), &cause);

	if (mode == NULL)
		opt_error(state, "--perm: invalid mode '%s': %s", arg, buf_text(&cause));
	selector_add_perm(s, how, mode_apply(mode, 0));
	free(mode);
}

static void
add_state(struct selector *s, const char *arg, const struct argp_state *state)
{
	const char **words = kind_state_words(KINDS_ALL);

	selector_add_state(s, words[opt_word("state", words, arg, state)]);
	free(words);
}

void
opt_except_add(struct exclusions *e, const char *arg, const struct argp_state *state)
{
	struct buf cause = { 0 }, repeated = { 0 };

	if (exclusions_add(e, arg, &cause) == 0)
		return;
	opt_put_repeated("--except", arg, &repeated);
	opt_error(state, "--except: invalid exclusion '%s'%s%s", arg,
		repeated.len > 0 ? "" : ": ",
		buf_text(repeated.len > 0 ? &repeated : &cause));
}

/* An option that is given twice selects either, so the wider bound applies. */
static void
widen(bool *given, uint64_t *bound, uint64_t value, bool smaller_is_wider)
{
	if (!*given || (value < *bound) == smaller_is_wider)
		*bound = value;
	*given = true;
}

/* Parses the options that compare with a number. */
static error_t
parse_bound(
	int key, const char *arg, struct opt_select *opt, const struct argp_state *state)
{
	struct selector *s = &opt->selector;

	switch (key) {
	case OPT_MIN_SIZE:
		widen(&s->has_min_size, &s->min_size,
			opt_arg_bytes("--min-size", arg, state), true);
		return 0;
	case OPT_MAX_SIZE:
		widen(&s->has_max_size, &s->max_size,
			opt_arg_bytes("--max-size", arg, state), false);
		return 0;
	case OPT_MIN_MESSAGES:
		widen(&s->has_min_messages, &s->min_messages,
			opt_arg_count("--min-messages", arg, state), true);
		return 0;
	case OPT_IDLE:
		widen(&s->has_idle, &s->idle, opt_arg_duration("--idle", arg, state),
			true);
		return 0;
	case OPT_GRACE:
		opt->grace = opt_arg_duration("--grace", arg, state);
		opt->has_grace = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct opt_select *opt = state->input;
	struct selector *s = &opt->selector;

	if ((key == 'u' || key == 'g' || key == OPT_CREATOR) &&
		(*arg < '0' || *arg > '9'))
		opt_note_name(opt->named = arg);
	switch (key) {
	case 'u':
		add_user(&s->users, "--user", arg, state);
		break;
	case OPT_CREATOR:
		add_user(&s->creators, "--creator", arg, state);
		break;
	case 'g':
		add_group(&s->groups, arg, state);
		break;
	case 'k':
		add_key(&s->keys, arg, state);
		break;
	case OPT_PERM:
		add_perm(s, arg, state);
		break;
	case OPT_STATE:
		add_state(s, arg, state);
		break;
	case 'p':
		add_pid(&s->pids, arg, state);
		break;
	case OPT_UNATTACHED:
		s->unattached = true;
		break;
	case OPT_NAME:
		selector_add_name(s, arg);
		break;
	case OPT_UNLINKED:
		s->unlinked = true;
		break;
	case OPT_EMPTY:
		s->empty = true;
		break;
	case OPT_STALE:
		s->stale = true;
		break;
	case OPT_ALONE:
		opt->alone = true;
		break;
	case OPT_EXCEPT_OBJECT:
		opt_except_add(&opt->except, arg, state);
		break;
	default:
		return parse_bound(key, arg, opt, state);
	}
	return 0;
}

/* The types and groups whose objects have names, for a message. */
static void
put_named_types(struct buf *b)
{
	const char *group;

	for (size_t i = 0; i < kinds_count; i++)
		if (kinds[i]->is_file)
			buf_printf(b, "%s%s", b->len == 0 ? "" : ", ", kinds[i]->name);
	for (size_t i = 0; (group = kinds_group_name(i)) != NULL; i++) {
		kinds_t all = kinds_of_group(group);
		bool has_names = false;

		for (size_t k = 0; k < kinds_count; k++)
			has_names |= (all & KIND_BIT(k)) && kinds[k]->is_file;
		if (has_names)
			buf_printf(b, "%s%s", strcmp(group, "all") == 0 ? " or " : ", ",
				group);
	}
}

void
opt_select_check(const struct opt_select *opt, const struct opt_operands *operands,
	const struct argp_state *state)
{
	kinds_t asked = opt_operands_kinds(operands);
	struct buf types = { 0 };

	if (!selector_needs_names(&opt->selector))
		return;
	for (size_t i = 0; i < kinds_count; i++)
		if ((asked & KIND_BIT(i)) && kinds[i]->is_file)
			return;
	put_named_types(&types);
	opt_error(state, "%s selects POSIX objects only; name a TYPE: %s",
		opt->selector.unlinked ? "--unlinked" : "--name", buf_text(&types));
}

/* Adds the states of all kinds to the help text of --state. */
static char *
help_filter(int key, const char *text, void *input)
{
	struct buf b = { 0 };
	const char **words;

	(void)input;
	if (key != OPT_STATE)
		return (char *)text;
	words = kind_state_words(KINDS_ALL);
	buf_str(&b, text);
	for (size_t i = 0; words[i] != NULL; i++)
		buf_printf(&b, "%s %s", i == 0 ? ":" : ",", words[i]);
	free(words);
	/* argp frees it. */
	return (char *)buf_text(&b);
}

const struct argp opt_select_argp = {
	.options = options,
	.parser = parse_opt,
	.help_filter = help_filter,
};

void
opt_select_require(const struct opt_select *opt, struct opt_operands *operands, bool all,
	const struct argp_state *state)
{
	bool chosen = selector_is_given(&opt->selector);

	if (all && operands->count > 0)
		opt_error(state, "--all and the reference '%s' exclude each other",
			operands->list[0].text);
	/* Perhaps the user only forgot a condition. */
	if (operands->types != 0 && !all && !chosen)
		opt_error(state,
			"a type stands for all its objects: add --all if you mean that, "
			"or a condition such as --stale or --user=USER");
	if (all || chosen)
		opt_operands_default(operands);
	opt_select_check(opt, operands, state);
	opt_operands_require(
		operands, "a condition such as --stale or --user=USER, or --all", state);
}

void
opt_select_free(struct opt_select *opt)
{
	selector_free(&opt->selector);
	exclusions_free(&opt->except);
}
