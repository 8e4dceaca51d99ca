/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * create: creates one object and prints its reference.  The object is created with
 * IPC_CREAT|IPC_EXCL and mode 0600, so that no other user can use it before it is
 * complete.  If a later step fails, including printing, the object is removed again.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/creation.h"
#include "cmd/cmd.h"
#include "kind/access.h"
#include "kind/ref.h"
#include "kind/set.h"
#include "kind/source.h"
#include "lib/file.h"
#include "lib/message.h"
#include "lib/wait.h"
#include "lib/xalloc.h"
#include "report/explain.h"

static bool
is_interrupted(void)
{
	return wait_signal() != 0;
}

/* Prints a reference without stdio, so that a failure is known at once.  Some file
 * systems report a failed write only when the file is closed. */
static int
print_ref(const struct object *o)
{
	struct buf line = { 0 };
	char room[REF_SIZE];
	bool written;
	int fd, error;

	buf_str(&line, ref_text(o, room));
	buf_char(&line, '\n');
	errno = EINTR;
	written = !is_interrupted() &&
		file_write(STDOUT_FILENO, line.data, line.len, is_interrupted) ==
			line.len;
	error = errno;
	buf_free(&line);
	errno = error;
	if (!written)
		return -1;
	fd = dup(STDOUT_FILENO);
	return fd < 0 ? 0 : close(fd);
}

/* The values of a new set, or NULL if all are 0; the caller owns them. */
static uint16_t *
make_values(const struct opt_creation *opt)
{
	uint16_t *values;

	if (opt->values.count == 0)
		return NULL;
	values = xcalloc(opt->what.nsems, sizeof *values);
	for (size_t i = 0; i < opt->values.count; i++) {
		const struct opt_value *v = &opt->values.list[i];

		for (unsigned n = v->first; n <= v->last && n < opt->what.nsems; n++)
			values[n] = v->value;
	}
	return values;
}

/* Sets the requested mode, owner and limit of a new object in one call. */
static int
apply_creation(const struct opt_creation *opt, const struct object *o, struct buf *cause)
{
	bool may_change = access_may_change(o);
	struct object wanted = *o;

	if (opt->mode == NULL && !opt->has_owner && opt->qbytes == 0)
		return 0;
	if (opt->mode != NULL)
		object_set(&wanted, FACT_MODE, mode_apply(opt->mode, 0600));
	if (opt->has_owner) {
		object_set(&wanted, FACT_UID, opt->uid);
		object_set(&wanted, FACT_GID, opt->gid);
	}
	if (opt->qbytes != 0)
		object_set(&wanted, FACT_QBYTES, opt->qbytes);
	buf_str(cause, "cannot set its mode, owner or limit: ");
	if (!object_has(&wanted, FACT(QBYTES) & wanted.kind->facts)) {
		buf_str(cause,
			"its qbytes could not be read, and would be lost (give "
			"--qbytes)");
		return -1;
	}
	if (o->kind->apply(&wanted) == 0)
		return 0;
	explain_apply(o, &wanted, may_change, errno, cause);
	return -1;
}

/* Completes a new object as requested, and prints it. */
static enum status
complete(const struct opt_creation *opt, const uint16_t *values, const struct object *o,
	struct buf *cause)
{
	if (values != NULL && o->kind->set->set_values(o, values) < 0) {
		buf_printf(cause, "cannot set the values: %s", strerror(errno));
		return STATUS_SOME;
	}
	if (apply_creation(opt, o, cause) < 0)
		return STATUS_SOME;
	if (print_ref(o) < 0) {
		buf_printf(cause, "cannot write to standard output: %s", strerror(errno));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

/* Reads the new object. */
static enum status
read_made(const struct object *made, struct object *o, struct buf *cause)
{
	enum reread reread = source_reread(made, o, cause);

	if (reread == REREAD_GONE || reread == REREAD_ANOTHER)
		buf_str(cause, "another process has removed it at once");
	return reread == REREAD_SAME ? STATUS_OK : STATUS_SOME;
}

/* Removes an object that could not be completed, and says if that fails. */
static void
undo(const struct object *o, struct buf *cause)
{
	char room[REF_SIZE];

	if (o->kind->remove(o, false, cause) == 0) {
		xalloc_at_failure(NULL, NULL);
		buf_str(cause, "; it was removed again");
		return;
	}
	buf_printf(cause, "; %s could not be removed again: %s", ref_text(o, room),
		strerror(errno));
}

/* Removes a new object when memory runs out. */
static void
undo_at_once(void *data)
{
	const struct object *o = data;
	char room[REF_SIZE];
	const char *text = ref_text(o, room);
	struct buf cause = { 0 };

	if (o->kind->remove(o, false, &cause) == 0)
		fprintf(stderr, "%s: %s was removed again\n", getprogname(), text);
	else
		fprintf(stderr, "%s: %s could not be removed again: %s\n", getprogname(),
			text, strerror(errno));
}

static enum status
finish_creation(
	const struct opt_creation *opt, const uint16_t *values, struct object *made)
{
	struct buf cause = { 0 };
	struct object o;
	enum status status;

	xalloc_at_failure(undo_at_once, made);
	status = read_made(made, &o, &cause);
	if (status == STATUS_OK)
		status = complete(opt, values, &o, &cause);
	if (status != STATUS_OK)
		undo(made, &cause);
	xalloc_at_failure(NULL, NULL);
	if (status != STATUS_OK)
		say("%s: %s", opt->kind->name, buf_text(&cause));
	buf_free(&cause);
	return status;
}

/* Prints the existing object with the key, if it is as large as requested. */
static enum status
print_existing(const struct object *o)
{
	if (print_ref(o) == 0)
		return STATUS_OK;
	say("cannot write to standard output: %s", strerror(errno));
	return STATUS_USAGE;
}

/* Says that an object with the key exists, and which. */
static enum status
exists(const struct opt_creation *opt, bool too_small)
{
	struct ref ref = { .kind = opt->kind, .by_key = true, .number = opt->what.key };
	struct buf cause = { 0 };
	const char *text = "";
	char room[REF_SIZE];
	struct object o;

	if (source_find(&ref, NULL, &o, &cause) == 1)
		text = ref_text(&o, room);
	say("%s:0x%08x: it exists already%s%s%s", opt->kind->name, opt->what.key,
		*text != '\0' ? " as " : "", text,
		too_small ? ", but is smaller than what is asked for" : "");
	buf_free(&cause);
	return STATUS_SOME;
}

/* Says why no object could be created. */
static enum status
refused(const struct opt_creation *opt, int error)
{
	struct buf cause = { 0 };

	explain_create(opt->kind, &opt->what, error, &cause);
	say("%s: cannot create it: %s", opt->kind->name, buf_text(&cause));
	buf_free(&cause);
	return STATUS_SOME;
}

static enum status
create(const struct opt_creation *opt, const uint16_t *values)
{
	enum { TRIES = 100 }; /* while other processes create and remove the same key */
	const struct kind *kind = opt->kind;
	const char *why =
		kind->would_vanish == NULL ? NULL : kind->would_vanish(kind, &opt->what);
	struct object o;

	if (kind->create == NULL)
		why = "ipctool cannot make such objects";
	if (why != NULL) {
		say("%s: %s", kind->name, why);
		return STATUS_SOME;
	}
	for (int i = 0; i < TRIES; i++) {
		if (kind->create(kind, &opt->what, &o) == 0)
			return finish_creation(opt, values, &o);
		if (errno != EEXIST)
			return refused(opt, errno);
		if (!opt->exist_ok)
			break;
		if (kind->look_up(kind, &opt->what, &o) == 0)
			return print_existing(&o);
		if (errno == EINVAL)
			return exists(opt, true);
		if (errno != ENOENT)
			return refused(opt, errno);
	}
	return exists(opt, false);
}

/* The parser of the command only passes its input on. */
static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static const struct argp argp = {
	.parser = parse_opt,
	.args_doc = "TYPE",
	.doc = "Makes one object, shm, sem or msg, and prints its reference.",
	.children =
		(const struct argp_child[]){
			{ &opt_creation_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

static bool
fits(const struct kind *kind)
{
	return kind->create != NULL;
}

static int
exec(int argc, char **argv)
{
	struct opt_creation opt = { 0 };
	enum status status;
	uint16_t *values;

	opt_parse(&argp, argc, argv, &opt);
	/* Nothing may end the program between creating and printing: not lack of memory,
	 * not a pipe without a reader, not a signal.  After a signal the object is
	 * removed. */
	values = make_values(&opt);
	if (wait_catch_signals() < 0) {
		say("cannot start a timer: %s", strerror(errno));
		return STATUS_USAGE;
	}
	status = create(&opt, values);
	free(values);
	opt_creation_free(&opt);
	return is_interrupted() ? (enum status)wait_die(wait_signal()) : status;
}

const struct cmd cmd_create = {
	.name = "create",
	.alias = "mk",
	.summary = "make an object and print its reference",
	.argp = &argp,
	.one_type = true,
	.fits = fits,
	.exec = exec,
};
