/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/changes.h"

#include <stdlib.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/properties.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Changing:", 10 },
	{ "mode", OPT_MODE, "MODE", 0, "Permissions, octal or symbolic as u+rw,g-w", 0 },
	{ "owner", OPT_OWNER, "[USER][:GROUP]", 0, "Owner and group, as for chown", 0 },
	{ "qbytes", OPT_QBYTES, "SIZE", 0, "Bytes that a queue may hold", 0 },
	{ "value", OPT_VALUE, "V|N=V|N-M=V", 0,
		"Set all semaphores, one or some to a value; repeatable; a psem has one",
		0 },
	{ "lock", OPT_LOCK, NULL, 0, "Lock a segment into memory", 0 },
	{ "unlock", OPT_UNLOCK, NULL, 0, "Let a segment be swapped again", 0 },
	{ 0 },
};

bool
opt_changes_owner(const struct opt_changes *opt)
{
	return opt->uid != OPT_CHANGES_KEEP || opt->gid != OPT_CHANGES_KEEP;
}

static bool
can_be_changed(const struct kind *kind)
{
	return kind->may_change != NULL && kind->apply != NULL;
}

/* Rejects options that do not apply to objects of this kind; text is what named it. */
static void
check_change_kind(const struct opt_changes *opt, const struct kind *kind,
	const char *text, const struct argp_state *state)
{
	struct buf why = { 0 };

	if (!can_be_changed(kind))
		opt_error(state, "%s: ipctool cannot change %s", text, kind->title);
	if (!properties_fit_changed(kind, opt->given, &why))
		opt_error(state, "%s: %s", text, buf_text(&why));
	opt_values_check(&opt->values, kind, text, state);
}

kinds_t
opt_changes_kinds(const struct opt_changes *opt)
{
	kinds_t fit = 0;

	for (size_t i = 0; i < kinds_count; i++)
		if (can_be_changed(kinds[i]) &&
			properties_fit_changed(kinds[i], opt->given, NULL))
			fit |= KIND_BIT(i);
	return fit;
}

void
opt_changes_check(const struct opt_changes *opt, const struct opt_operands *operands,
	const struct argp_state *state)
{
	if (opt->mode == NULL && !opt_changes_owner(opt) && opt->given == 0)
		opt_error(state,
			"nothing to change: give --mode, --owner, --qbytes, --value, "
			"--lock or --unlock");
	if (opt->lock && opt->unlock)
		opt_error(state, "--lock and --unlock exclude each other");
	if (opt_operands_kinds(operands) == 0)
		opt_values_check(&opt->values, NULL, NULL, state);
	for (size_t i = 0; i < operands->count; i++)
		check_change_kind(
			opt, operands->list[i].ref.kind, operands->list[i].text, state);
	for (size_t i = 0; i < kinds_count; i++)
		if (operands->types & KIND_BIT(i))
			check_change_kind(opt, kinds[i], kinds[i]->name, state);
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct opt_changes *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		opt->uid = opt->gid = OPT_CHANGES_KEEP;
		return 0;
	case OPT_MODE:
		opt_arg_mode(&opt->mode, arg, state);
		return 0;
	case OPT_OWNER:
		opt_arg_owner(&opt->uid, &opt->gid, arg, state);
		return 0;
	case OPT_QBYTES:
		opt->given |= PROPERTY(QBYTES);
		opt->qbytes = opt_arg_qbytes(arg, state);
		return 0;
	case OPT_VALUE:
		opt->given |= PROPERTY(VALUE);
		opt_values_add(&opt->values, arg, state);
		return 0;
	case OPT_LOCK:
		opt->given |= PROPERTY(LOCK);
		opt->lock = true;
		return 0;
	case OPT_UNLOCK:
		opt->given |= PROPERTY(UNLOCK);
		opt->unlock = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp opt_changes_argp = {
	.options = options,
	.parser = parse_opt,
};

void
opt_changes_free(struct opt_changes *opt)
{
	free(opt->values.list);
	free(opt->mode);
}
