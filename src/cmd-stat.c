/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stat: everything about each object named: what list shows, each semaphore of a set, and
 * the processes that the kernel notes with it.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "opt-common.h"
#include "opt-operands.h"
#include "printer.h"
#include "say.h"
#include "targets.h"
#include "xalloc.h"

struct options {
	struct opt_operands operands;
	struct opt_output output;
};

/* The kinds of the objects named, as bits. */
static unsigned
kinds_named(const struct opt_operands *operands)
{
	unsigned named = 0;

	for (size_t i = 0; i < operands->count; i++)
		for (size_t k = 0; k < kinds_count; k++)
			if (operands->list[i].ref.kind == kinds[k])
				named |= 1u << k;
	return named;
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->operands;
		state->child_inputs[1] = &opt->output;
		return 0;
	case ARGP_KEY_END:
		if (!opt->output.list_fields)
			opt_operands_require(&opt->operands, state);
		opt_output_choose(&opt->output, kinds_named(&opt->operands), state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_opt,
	.args_doc = "REF|-...",
	.doc = "Shows everything about each object: a reference is a type and an id, "
	       "shm:32769, or a type and a key, shm:0x52e2c1; - reads references from standard "
	       "input, one a line.",
	.children =
		(const struct argp_child[]){
			{ &opt_operands_argp, 0, NULL, 0 },
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* Reads the semaphores of a set; belongs to the caller.  NULL where there are none. */
static struct semaphore *
read_semaphores(struct target *t)
{
	struct object *o = &t->object;
	struct semaphore *semaphores;

	if (o->kind->get_semaphores == NULL)
		return NULL;
	semaphores = xcalloc(o->fact[FACT_NSEMS], sizeof *semaphores);
	if (o->kind->get_semaphores(o, semaphores) == 0)
		o->have |= FACT(SEMAPHORES);
	else
		say("%s: the semaphores could not be read: %s", t->text,
			errno == EACCES ? "the mode gives no permission to read"
					: strerror(errno));
	o->semaphores = semaphores;
	return semaphores;
}

static void
show(struct target *t, struct semaphore **semaphores, facts_t wanted,
	struct printer *printer)
{
	size_t unread = printer->unread;

	if (wanted & FACT(SEMAPHORES))
		*semaphores = read_semaphores(t);
	printer_print(printer, &t->object);
	unread = printer->unread - unread;
	if (unread > 0 && *semaphores == NULL)
		say("%s: %zu values could not be read", t->text, unread);
}

static enum status
stat_all(const struct options *opt)
{
	struct targets targets = { 0 };
	struct semaphore **semaphores;
	struct printer printer;
	facts_t wanted = opt_output_needs(&opt->output);
	enum status status = targets_find(&targets, &opt->operands, wanted, false);

	semaphores = xcalloc(targets.count, sizeof *semaphores);
	printer_start(&printer, &opt->output);
	for (size_t i = 0; i < targets.count; i++)
		show(&targets.list[i], &semaphores[i], wanted, &printer);
	printer_end(&printer);
	for (size_t i = 0; i < targets.count; i++)
		free(semaphores[i]);
	free(semaphores);
	targets_free(&targets);
	return status;
}

static enum status
exec(int argc, char **argv)
{
	struct options opt = {
		.operands = { .takes_many = true },
		.output = { .stat = true },
	};
	enum status status = STATUS_OK;

	opt_parse(&argp, argc, argv, &opt);
	if (opt.output.list_fields)
		opt_output_list_fields(&opt.output);
	else
		status = stat_all(&opt);
	opt_operands_free(&opt.operands);
	opt_output_free(&opt.output);
	return status;
}

const struct cmd cmd_stat = {
	.name = "stat",
	.alias = "show",
	.summary = "show everything about objects",
	.exec = exec,
};
