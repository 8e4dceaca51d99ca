/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/creation.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/properties.h"
#include "lib/array.h"
#include "lib/huge.h"
#include "lib/num.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "For shm and pshm:", 1 },
	{ "size", OPT_SIZE, "SIZE", 0, "Bytes; K, M, G or T may follow", 0 },
	{ NULL, 0, NULL, 0, "For shm:", 2 },
	{ "huge", OPT_HUGE, "SIZE|default", 0, "In huge pages of this size", 0 },
	{ "no-reserve", OPT_NO_RESERVE, NULL, 0, "Reserve no swap space for it", 0 },
	{ NULL, 0, NULL, 0, "For sem:", 3 },
	{ "nsems", OPT_NSEMS, "N", 0, "Number of semaphores", 0 },
	{ NULL, 0, NULL, 0, "For sem and psem:", 4 },
	{ "value", OPT_VALUE, "V|N=V|N-M=V", 0,
		"Set all semaphores, one or some to a value; repeatable; a psem has one",
		0 },
	{ NULL, 0, NULL, 0, "For msg:", 5 },
	{ "qbytes", OPT_QBYTES, "SIZE", 0, "Bytes that the queue may hold", 0 },
	{ NULL, 0, NULL, 0, "For pmsg:", 6 },
	{ "maxmsg", OPT_MAXMSG, "N", 0, "Messages that the queue may hold", 0 },
	{ "msgsize", OPT_MSGSIZE, "SIZE", 0, "Bytes that a message may have", 0 },
	{ NULL, 0, NULL, 0, "For shm, sem and msg:", 7 },
	{ "key", OPT_KEY, "KEY", 0, "Key, decimal, 0octal or 0xhex; else IPC_PRIVATE",
		0 },
	{ "ftok", OPT_FTOK, "PATH", 0, "Key that ftok(3) makes of a file", 0 },
	{ "proj", OPT_PROJ, "N", 0, "Project number for --ftok, 1 to 255 (1)", 0 },
	{ NULL, 0, NULL, 0, "For all:", 8 },
	{ "mode", OPT_MODE, "MODE", 0, "Permissions, octal or symbolic (0600)", 0 },
	{ "owner", OPT_OWNER, "[USER][:GROUP]", 0, "Give it to this user and group", 0 },
	{ "exist-ok", OPT_EXIST_OK, NULL, 0,
		"If the key or the name exists already, print that object", 0 },
	{ 0 },
};

/* The properties that options give. */
static const struct {
	int key;
	enum property property;
} for_kinds[] = {
	{ OPT_SIZE, PROPERTY_SIZE },
	{ OPT_HUGE, PROPERTY_HUGE },
	{ OPT_NO_RESERVE, PROPERTY_NO_RESERVE },
	{ OPT_NSEMS, PROPERTY_NSEMS },
	{ OPT_VALUE, PROPERTY_VALUE },
	{ OPT_QBYTES, PROPERTY_QBYTES },
	{ OPT_MAXMSG, PROPERTY_MAXMSG },
	{ OPT_MSGSIZE, PROPERTY_MSGSIZE },
	{ OPT_KEY, PROPERTY_KEY },
	{ OPT_FTOK, PROPERTY_FTOK },
	{ OPT_PROJ, PROPERTY_PROJ },
};

static void
note_given(struct opt_creation *opt, int key)
{
	for (size_t i = 0; i < ARRAY_SIZE(for_kinds); i++)
		if (for_kinds[i].key == key)
			opt->given |= PROPERTY_BIT(for_kinds[i].property);
}

static void
parse_huge(struct opt_creation *opt, const char *arg, const struct argp_state *state)
{
	struct buf sizes = { 0 };

	opt->what.huge = true;
	if (strcmp(arg, "default") == 0)
		return;
	if (num_size(arg, &opt->what.huge_size) == 0 &&
		huge_has_size(opt->what.huge_size))
		return;
	huge_list_sizes(&sizes);
	opt_error(state,
		"--huge: invalid size '%s': expected 'default' or a size that this "
		"machine has: %s",
		arg, buf_text(&sizes));
}

/* A kind whose objects have names, among these. */
static const struct kind *
first_named(kinds_t of)
{
	for (size_t i = 0; i < kinds_count; i++)
		if ((of & KIND_BIT(i)) && kinds[i]->is_named)
			return kinds[i];
	return NULL;
}

/* Parses a reference: the name of the new object. */
static void
parse_new_name(struct opt_creation *opt, const char *arg, const struct argp_state *state)
{
	const struct kind *kind = kind_by_name(arg, strcspn(arg, ":"));

	if (kind != NULL && !kind->is_named)
		opt_error(state,
			"'%s' is a reference, but the kernel chooses the id; give the "
			"type %s, and a key by --key if it needs one",
			arg, kind->name);
	opt->operands.needs_names = true;
	opt_operands_add(&opt->operands, arg, state);
	opt->kind = opt->operands.list[0].ref.kind;
	opt->what.label = opt->operands.list[0].ref.label;
}

static void
parse_new_type(struct opt_creation *opt, const char *arg, const struct argp_state *state)
{
	const struct kind *named = first_named(kinds_named(arg));
	struct near near = { .word = arg };

	opt->kind = kind_by_name(arg, strlen(arg));
	/* "all" has others as well. */
	if (named != NULL && strcmp(arg, "all") != 0)
		opt_error(state,
			"'%s' is not a reference; name one object, such as %s:/NAME", arg,
			named->name);
	if (opt->kind != NULL)
		return;
	if (kinds_of_group(arg) != 0)
		opt_error(state, "'%s' names several types; expected one of: %s", arg,
			kind_names());
	kind_try_near(&near);
	opt_unknown("type", &near, kind_names(), state);
}

static void
parse_operand(struct opt_creation *opt, const char *arg, const struct argp_state *state)
{
	if (opt->kind != NULL)
		opt_error(state,
			"unexpected operand '%s': expected one object, and options such "
			"as --size=64M",
			arg);
	opt->text = arg;
	if (strchr(arg, ':') != NULL)
		parse_new_name(opt, arg, state);
	else
		parse_new_type(opt, arg, state);
}

static void
check_creation_kind(const struct opt_creation *opt, const struct argp_state *state)
{
	struct buf why = { 0 };
	properties_t missing;

	if (opt->kind == NULL)
		opt_error(state, "no type is given; expected one of: %s", kind_names());
	if (opt->kind->refuses[OPERATION_CREATE] != NULL)
		opt_error(
			state, "%s: %s", opt->text, opt->kind->refuses[OPERATION_CREATE]);
	if (opt->kind->properties == NULL)
		return;
	if (!properties_fit_created(opt->kind, opt->given, &why))
		opt_error(state, "%s: %s", opt->text, buf_text(&why));
	opt_values_check(&opt->values, opt->kind, opt->text, state);
	missing = opt->kind->properties->required & ~opt->given;
	if (missing == 0)
		return;
	properties_put_options(missing, &why);
	opt_error(state, "%s: %s is missing", opt->text, buf_text(&why));
}

static void
check_creation_options(struct opt_creation *opt, const struct argp_state *state)
{
	key_t key;

	check_creation_kind(opt, state);
	if (opt->mode != NULL)
		opt->what.mode = mode_apply(opt->mode, opt->what.mode);
	if (opt->kind->set == NULL && opt->values.count > 0)
		opt->what.value = opt->values.list[0].value;
	if ((opt->given & PROPERTY(NSEMS)) && opt->values.count > 0 &&
		opt_values_highest(&opt->values) >= opt->what.nsems)
		opt_error(state,
			"--value: there is no semaphore %u: the set has %u, counted from "
			"0",
			opt_values_highest(&opt->values), opt->what.nsems);
	if ((opt->given & PROPERTY(KEY)) && (opt->given & PROPERTY(FTOK)))
		opt_error(state, "--key and --ftok exclude each other");
	if ((opt->given & PROPERTY(PROJ)) && !(opt->given & PROPERTY(FTOK)))
		opt_error(state, "--proj needs --ftok");
	if (opt->exist_ok && !opt->kind->is_named &&
		!(opt->given & (PROPERTY(KEY) | PROPERTY(FTOK))))
		opt_error(state,
			"--exist-ok needs --key or --ftok: without a key every object "
			"is a new one");
	if (!(opt->given & PROPERTY(FTOK)))
		return;
	key = ftok(opt->ftok_path, opt->proj);
	if (key == -1)
		opt_error(state, "--ftok='%s': %s", opt->ftok_path, strerror(errno));
	if (key == IPC_PRIVATE)
		opt_error(state, "--ftok='%s': its key is 0, which is IPC_PRIVATE",
			opt->ftok_path);
	opt->what.key = key;
}

/* Parses an option with a number. */
static void
parse_number(int key, const char *arg, struct opt_creation *opt,
	const struct argp_state *state)
{
	uint64_t n;

	switch (key) {
	case OPT_SIZE:
		opt->what.size = opt_arg_size("--size", arg, state);
		break;
	case OPT_NSEMS:
		if (num_range(arg, 1, INT32_MAX, &n) < 0)
			opt_error(state,
				"--nsems: invalid number '%s': expected 1 to 2147483647 "
				"semaphores",
				arg);
		opt->what.nsems = n;
		break;
	case OPT_QBYTES:
		opt->qbytes = opt_arg_qbytes(arg, state);
		break;
	case OPT_MAXMSG:
		if (num_range(arg, 1, LONG_MAX, &opt->what.maxmsg) < 0)
			opt_error(state,
				"--maxmsg: invalid number '%s': expected 1 to %ld "
				"messages",
				arg, LONG_MAX);
		break;
	case OPT_MSGSIZE:
		opt->what.msgsize = opt_arg_size("--msgsize", arg, state);
		break;
	case OPT_KEY:
		if (num_key(arg, &opt->what.key) < 0)
			opt_error(state, "--key: invalid key '%s': " NUM_KEY_FORM, arg);
		break;
	default:
		if (num_range(arg, 1, 255, &opt->proj) < 0)
			opt_error(state,
				"--proj: invalid project number '%s': expected a number "
				"from 1 to 255",
				arg);
		break;
	}
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct opt_creation *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		opt->what.mode = 0600;
		opt->what.uid = opt->what.gid = -1;
		opt->proj = 1;
		return 0;
	case OPT_SIZE:
	case OPT_NSEMS:
	case OPT_QBYTES:
	case OPT_MAXMSG:
	case OPT_MSGSIZE:
	case OPT_KEY:
	case OPT_PROJ:
		parse_number(key, arg, opt, state);
		break;
	case OPT_HUGE:
		parse_huge(opt, arg, state);
		break;
	case OPT_NO_RESERVE:
		opt->what.no_reserve = true;
		break;
	case OPT_VALUE:
		opt_values_add(&opt->values, arg, state);
		break;
	case OPT_FTOK:
		opt->ftok_path = arg;
		break;
	case OPT_MODE:
		opt_arg_mode(&opt->mode, arg, state);
		break;
	case OPT_OWNER:
		opt->what.has_owner = true;
		opt_arg_owner(&opt->what.uid, &opt->what.gid, arg, state);
		break;
	case OPT_EXIST_OK:
		opt->exist_ok = true;
		break;
	case ARGP_KEY_ARG:
		parse_operand(opt, arg, state);
		return 0;
	case ARGP_KEY_END:
		check_creation_options(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	note_given(opt, key);
	return 0;
}

const struct argp opt_creation_argp = {
	.options = options,
	.parser = parse_opt,
};

void
opt_creation_free(struct opt_creation *opt)
{
	opt_operands_free(&opt->operands);
	free(opt->values.list);
	free(opt->mode);
}
