/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/creation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <unistd.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "lib/array.h"
#include "lib/huge.h"
#include "lib/num.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "For shm:", 1 },
	{ "size", OPT_SIZE, "SIZE", 0, "Bytes; K, M, G or T may follow", 0 },
	{ "huge", OPT_HUGE, "SIZE|default", 0, "In huge pages of this size", 0 },
	{ "no-reserve", OPT_NO_RESERVE, NULL, 0, "Reserve no swap space for it", 0 },
	{ NULL, 0, NULL, 0, "For sem:", 2 },
	{ "nsems", OPT_NSEMS, "N", 0, "Number of semaphores", 0 },
	{ "value", OPT_VALUE, "V|N=V|N-M=V", 0,
		"Set all semaphores, one or some to a value; repeatable", 0 },
	{ NULL, 0, NULL, 0, "For msg:", 3 },
	{ "qbytes", OPT_QBYTES, "SIZE", 0, "Bytes that the queue may hold", 0 },
	{ NULL, 0, NULL, 0, "For all:", 4 },
	{ "key", OPT_KEY, "KEY", 0, "Key, decimal, 0octal or 0xhex; else IPC_PRIVATE",
		0 },
	{ "ftok", OPT_FTOK, "PATH", 0, "Key that ftok(3) makes of a file", 0 },
	{ "proj", OPT_PROJ, "N", 0, "Project number for --ftok, 1 to 255 (1)", 0 },
	{ "mode", OPT_MODE, "MODE", 0, "Permissions, octal or symbolic (0600)", 0 },
	{ "owner", OPT_OWNER, "[USER][:GROUP]", 0, "Give it to this user and group", 0 },
	{ "exist-ok", OPT_EXIST_OK, NULL, 0,
		"If the key exists already, print that object", 0 },
	{ 0 },
};

/* The options for some kinds only: those whose objects have the fact. */
static const struct {
	int key;
	const char *name;
	facts_t with;
	bool required;
} for_kinds[] = {
	{ OPT_SIZE, "--size", FACT(NATTCH), true },
	{ OPT_HUGE, "--huge", FACT(NATTCH), false },
	{ OPT_NO_RESERVE, "--no-reserve", FACT(NATTCH), false },
	{ OPT_NSEMS, "--nsems", FACT(NSEMS), true },
	{ OPT_VALUE, "--value", FACT(NSEMS), false },
	{ OPT_QBYTES, "--qbytes", FACT(QBYTES), false },
};

static unsigned long
given_bit(int key)
{
	return 1ul << (key - OPT_SIZE);
}

static bool
is_given(const struct opt_creation *opt, int key)
{
	return opt->given & given_bit(key);
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

static void
parse_kind(struct opt_creation *opt, const char *arg, const struct argp_state *state)
{
	struct near near = { .word = arg };

	if (opt->kind != NULL)
		opt_error(state,
			"unexpected operand '%s': expected one type, and options such as "
			"--size=64M",
			arg);
	opt->kind = kind_by_name(arg, strlen(arg));
	if (opt->kind != NULL)
		return;
	kind_try_near(&near);
	opt_unknown("type", &near, kind_names(), state);
}

static void
check_creation_kind(const struct opt_creation *opt, const struct argp_state *state)
{
	if (opt->kind == NULL)
		opt_error(state, "no type is given; expected one of: %s", kind_names());
	for (size_t i = 0; i < ARRAY_SIZE(for_kinds); i++) {
		bool fits = for_kinds[i].with & opt->kind->facts;

		if (is_given(opt, for_kinds[i].key) && !fits)
			opt_error(state, "%s is not possible for %s", for_kinds[i].name,
				opt->kind->name);
		if (!is_given(opt, for_kinds[i].key) && fits && for_kinds[i].required)
			opt_error(
				state, "%s needs %s", opt->kind->name, for_kinds[i].name);
	}
}

static void
check_creation_options(struct opt_creation *opt, const struct argp_state *state)
{
	key_t key;

	check_creation_kind(opt, state);
	if (is_given(opt, OPT_VALUE) &&
		opt_values_highest(&opt->values) >= opt->what.nsems)
		opt_error(state,
			"--value: there is no semaphore %u: the set has %u, counted from "
			"0",
			opt_values_highest(&opt->values), opt->what.nsems);
	if (is_given(opt, OPT_KEY) && is_given(opt, OPT_FTOK))
		opt_error(state, "--key and --ftok exclude each other");
	if (is_given(opt, OPT_PROJ) && !is_given(opt, OPT_FTOK))
		opt_error(state, "--proj needs --ftok");
	if (opt->exist_ok && !is_given(opt, OPT_KEY) && !is_given(opt, OPT_FTOK))
		opt_error(state,
			"--exist-ok needs --key or --ftok: without a key every object "
			"is a new one");
	if (!is_given(opt, OPT_FTOK))
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
		opt->uid = geteuid();
		opt->gid = getegid();
		opt->proj = 1;
		return 0;
	case OPT_SIZE:
	case OPT_NSEMS:
	case OPT_QBYTES:
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
		opt->has_owner = true;
		opt_arg_owner(&opt->uid, &opt->gid, arg, state);
		break;
	case OPT_EXIST_OK:
		opt->exist_ok = true;
		break;
	case ARGP_KEY_ARG:
		parse_kind(opt, arg, state);
		return 0;
	case ARGP_KEY_END:
		check_creation_options(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	opt->given |= given_bit(key);
	return 0;
}

const struct argp opt_creation_argp = {
	.options = options,
	.parser = parse_opt,
};

void
opt_creation_free(struct opt_creation *opt)
{
	free(opt->values.list);
	free(opt->mode);
}
