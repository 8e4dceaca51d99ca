/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ipc-ns.h"

#include "cli/common.h"

static struct {
	const char *text; /* of --ipc-ns */
	struct ns_name name;
	bool all;
} given;

const char *
opt_ipc_ns(const struct ns_name **name)
{
	if (name != NULL)
		*name = &given.name;
	return given.text;
}

bool
opt_all_namespaces(void)
{
	return given.all;
}

bool
opt_names_namespaces(const struct opt_operands *operands)
{
	if (given.text != NULL || given.all)
		return true;
	for (size_t i = 0; operands != NULL && i < operands->count; i++)
		if (ref_namespace(operands->list[i].text) != NULL)
			return true;
	return false;
}

static const struct argp_option one_option[] = {
	{ "ipc-ns", OPT_IPC_NS, "NS", 0,
		"Work in the IPC namespace NS: a PID, INODE.ID, host, a path or a "
		"container",
		-1 },
	{ 0 },
};

static error_t
parse_one(int key, char *arg, struct argp_state *state)
{
	struct buf cause = { 0 };

	if (key != OPT_IPC_NS)
		return ARGP_ERR_UNKNOWN;
	ns_name_free(&given.name);
	if (ns_name_parse(arg, &given.name, &cause) < 0)
		opt_error(state, "%s", buf_text(&cause));
	given.text = arg;
	return 0;
}

const struct argp opt_ipc_ns_argp = {
	.options = one_option,
	.parser = parse_one,
};

static const struct argp_option all_option[] = {
	{ "all-namespaces", OPT_ALL_NAMESPACES, NULL, 0,
		"Work in all IPC namespaces of this machine", -1 },
	{ 0 },
};

static error_t
parse_all(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	switch (key) {
	case OPT_ALL_NAMESPACES:
		given.all = true;
		return 0;
	case ARGP_KEY_END:
		if (given.all && given.text != NULL)
			opt_error(state,
				"--ipc-ns and --all-namespaces cannot be combined");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp opt_namespaces_argp = {
	.options = all_option,
	.parser = parse_all,
	.children =
		(const struct argp_child[]){ { &opt_ipc_ns_argp, 0, NULL, 0 }, { 0 } },
};

const struct argp opt_program_argp = {
	.children =
		(const struct argp_child[]){
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};
