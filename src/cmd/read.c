/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read: writes the bytes of a segment, or of a part of it, to standard output, directly
 * from its read-only mapping. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/part.h"
#include "cli/target.h"
#include "cmd/cmd.h"
#include "cmd/resolve.h"
#include "kind/memory.h"
#include "lib/file.h"
#include "lib/message.h"
#include "report/explain.h"

struct options {
	struct opt_target target;
	struct opt_part part;
};

static bool
fits(const struct kind *kind)
{
	return kind->memory != NULL;
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->part;
		return 0;
	case ARGP_KEY_ARG:
		if (opt_target_given(&opt->target))
			opt_error(state, "'%s': only one segment can be named", arg);
		opt_target_add(&opt->target, arg, state);
		return 0;
	case ARGP_KEY_END:
		opt_target_require(&opt->target, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_opt,
	.args_doc = "REF",
	.doc = "Writes the bytes of a shared memory segment to standard output.",
	.children =
		(const struct argp_child[]){
			{ &opt_part_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

enum { CHUNK = 1 << 20 }; /* bytes whose pages are allocated at once */

/* Writes a part of the attached segment. */
static enum status
copy_out(
	const struct target *t, const struct mapping *m, uint64_t offset, uint64_t length)
{
	uint64_t written = 0, chunk, n;

	file_widen(STDOUT_FILENO);
	do {
		chunk = length - written < CHUNK ? length - written : CHUNK;
		t->object.kind->memory->populate(m, offset + written, chunk, false);
		n = file_write(STDOUT_FILENO, m->data + offset + written, chunk, NULL);
		written += n;
	} while (n == chunk && written < length);
	if (n == chunk)
		return STATUS_OK;
	if (errno == EFAULT) {
		say("%s: there is no memory for the page at offset %" PRIu64
		    ": the segment was "
		    "made without reserve; %" PRIu64 " bytes were written",
			t->text, (offset + written), written);
		return STATUS_SOME;
	}
	say("cannot write to standard output: %s", strerror(errno));
	return STATUS_USAGE;
}

static enum status
read_from(const struct options *opt, const struct target *t)
{
	const struct memory_ops *memory = t->object.kind->memory;
	struct buf why = { 0 };
	struct mapping mapping;
	enum status status = STATUS_SOME;
	uint64_t length;

	if (memory->attach(&t->object, false, &mapping) < 0) {
		explain_attach(&t->object, 04, errno, &why);
		say("%s: %s", t->text, buf_text(&why));
	} else {
		if (opt_part_of(&opt->part, mapping.size, &length, &why) < 0)
			say("%s: %s", t->text, buf_text(&why));
		else
			status = copy_out(t, &mapping, opt->part.offset, length);
		memory->detach(&mapping);
	}
	buf_free(&why);
	return status;
}

static int
exec(int argc, char **argv)
{
	struct options opt = { .target = { .fits = fits } };
	struct target target;
	enum status status;

	opt_parse(&argp, argc, argv, &opt);
	status = resolve_one(&opt.target, FACT(SIZE), &target);
	if (status == STATUS_OK)
		status = read_from(&opt, &target);
	opt_operands_free(&opt.target.operands);
	return status;
}

const struct cmd cmd_read = {
	.name = "read",
	.summary = "write the bytes of a segment to standard output",
	.argp = &argp,
	.fits = fits,
	.exec = exec,
};
