/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * create: creates one object and prints its reference.  An object that cannot be created
 * complete is created with mode 0600, so that no other user can use it before it is.  If
 * a later step fails, including printing, the object is removed again.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/creation.h"
#include "cli/properties.h"
#include "cmd/cmd.h"
#include "cmd/spaces.h"
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

/* The values of a new set, or NULL if all are 0, or for another object; the caller owns
 * them. */
static uint16_t *
make_values(const struct opt_creation *opt)
{
	uint16_t *values;

	if (opt->values.count == 0 || opt->kind->set == NULL)
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

	if (opt->what.mode == 0600 && !opt->what.has_owner && opt->qbytes == 0)
		return 0;
	object_set(&wanted, FACT_MODE, opt->what.mode);
	if (opt->what.has_owner) {
		object_set(&wanted, FACT_UID, opt->what.uid);
		object_set(&wanted, FACT_GID, opt->what.gid);
	}
	if (opt->qbytes != 0)
		object_set(&wanted, FACT_QBYTES, opt->qbytes);
	buf_str(cause, "cannot set its mode, owner or limit: ");
	if (properties_fit_changed(o->kind, PROPERTY(QBYTES), NULL) &&
		!object_has(&wanted, FACT(QBYTES))) {
		buf_str(cause,
			"its qbytes could not be read, and would be lost (give "
			"--qbytes)");
		return -1;
	}
	if (o->kind->apply(o, &wanted) == 0) {
		cause->len = 0;
		return 0;
	}
	explain_apply(o, &wanted, may_change, errno, cause);
	return -1;
}

/* Completes a new object as requested. */
static enum status
complete(const struct opt_creation *opt, const uint16_t *values, const struct object *o,
	struct buf *cause)
{
	if (values != NULL && o->kind->set->set_values(o, values) < 0) {
		buf_printf(cause, "cannot set the values: %s", strerror(errno));
		return STATUS_SOME;
	}
	return apply_creation(opt, o, cause) < 0 ? STATUS_SOME : STATUS_OK;
}

/* Notes the mode and the owner, by which some kinds tell an object from another. */
static void
take_access(const struct opt_creation *opt, struct object *o)
{
	object_set(o, FACT_MODE, opt->what.mode);
	object_set(o, FACT_UID, opt->what.uid);
	object_set(o, FACT_GID, opt->what.gid);
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

/* A new object, and room for the reason why it cannot be removed again. */
struct made {
	struct object object;
	struct buf why;
};

enum { ROOM_FOR_WHY = 8192 };

/* Removes a new object.  0, or -1 with the reason. */
static int
undo(struct made *made)
{
	const struct object *o = &made->object;

	if (o->kind->remove(o, false, &made->why) == 0)
		return 0;
	if (made->why.len == 0)
		buf_str(&made->why, strerror(errno));
	return -1;
}

/* Removes a new object when memory runs out. */
static void
undo_at_once(void *data)
{
	struct made *made = data;
	char room[REF_SIZE];
	const char *text = ref_text(&made->object, room);

	if (undo(made) == 0)
		fprintf(stderr, "%s: %s was removed again\n", getprogname(), text);
	else
		fprintf(stderr, "%s: %s could not be removed again: %s\n", getprogname(),
			text, buf_text(&made->why));
}

/* Removes an object that could not be completed, and says why and if that fails. */
static void
tell_unfinished(const struct opt_creation *opt, struct made *made, struct buf *cause)
{
	char room[REF_SIZE];
	int rc = undo(made);

	xalloc_at_failure(NULL, NULL);
	if (rc == 0)
		buf_str(cause, "; it was removed again");
	else
		buf_printf(cause, "; %s could not be removed again: %s",
			ref_text(&made->object, room), buf_text(&made->why));
	say("%s: %s", opt->text, buf_text(cause));
}

/* Completes a new object, unless it was made complete, and prints it. */
static enum status
finish_creation(const struct opt_creation *opt, const uint16_t *values, struct made *made)
{
	struct buf cause = { 0 };
	struct object o;
	enum status status = STATUS_OK;

	xalloc_at_failure(undo_at_once, made);
	if (!opt->kind->creates_complete) {
		status = read_made(&made->object, &o, &cause);
		if (status == STATUS_OK)
			status = complete(opt, values, &o, &cause);
		if (status == STATUS_OK)
			take_access(opt, &made->object);
	}
	if (status == STATUS_OK && print_ref(&made->object) < 0) {
		buf_printf(
			&cause, "cannot write to standard output: %s", strerror(errno));
		status = STATUS_USAGE;
	}
	if (status != STATUS_OK)
		tell_unfinished(opt, made, &cause);
	xalloc_at_failure(NULL, NULL);
	buf_free(&cause);
	return status;
}

/* Prints the existing object. */
static enum status
print_existing(const struct object *o)
{
	if (print_ref(o) == 0)
		return STATUS_OK;
	say("cannot write to standard output: %s", strerror(errno));
	return STATUS_USAGE;
}

/* Says that an object with the key exists, and which. */
static void
say_exists(const struct opt_creation *opt, bool too_small)
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
}

/* Says why no object could be created, or why the existing one is not accepted. */
static enum status
refused(const struct opt_creation *opt, bool exists, int rc, struct buf *cause)
{
	int error = errno;

	if (rc == SOURCE_UNUSABLE) {
		say("%s", buf_text(cause));
		return STATUS_USAGE;
	}
	if (cause->len > 0) {
		say("%s: %s", opt->text, buf_text(cause));
	} else if (error == EEXIST || (exists && error == EINVAL)) {
		say_exists(opt, error == EINVAL);
	} else {
		explain_create(opt->kind, &opt->what, error, cause);
		say("%s: cannot create it: %s", opt->text, buf_text(cause));
	}
	return STATUS_SOME;
}

/* Creates the object, or finds the existing one if that is accepted. */
static enum status
create(const struct opt_creation *opt, const uint16_t *values, struct made *made,
	struct buf *cause)
{
	enum { TRIES = 100 }; /* while other processes create and remove the same one */
	const struct kind *kind = opt->kind;
	int rc = -1;

	for (int i = 0; i < TRIES; i++) {
		cause->len = 0;
		rc = kind->create(kind, &opt->what, &made->object, cause);
		if (rc == 0)
			return finish_creation(opt, values, made);
		if (rc == SOURCE_UNUSABLE || errno != EEXIST || !opt->exist_ok)
			break;
		cause->len = 0;
		rc = kind->look_up(kind, &opt->what, &made->object, cause);
		if (rc == 0)
			return print_existing(&made->object);
		if (rc == SOURCE_UNUSABLE || errno != ENOENT)
			return refused(opt, true, rc, cause);
		errno = EEXIST;
	}
	return refused(opt, false, rc, cause);
}

/* Creates the object unless that is not possible or of no use. */
static enum status
create_if_possible(const struct opt_creation *opt, const uint16_t *values)
{
	const struct kind *kind = opt->kind;
	const char *why =
		kind->would_vanish == NULL ? NULL : kind->would_vanish(kind, &opt->what);
	struct made made = { 0 };
	struct buf cause = { 0 };
	enum status status;

	if (kind->create == NULL)
		why = "ipctool cannot make such objects";
	if (why != NULL) {
		say("%s: %s", opt->text, why);
		return STATUS_SOME;
	}
	/* Removing the object again must not need memory. */
	buf_grow(&made.why, ROOM_FOR_WHY);
	status = create(opt, values, &made, &cause);
	buf_free(&made.why);
	buf_free(&cause);
	return status;
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
	.args_doc = "TYPE|REF",
	.doc = "Makes one object and prints its reference. The operand is a type, shm, "
	       "sem or msg, or the name of a POSIX object, such as pshm:/NAME.",
	.children =
		(const struct argp_child[]){
			{ &opt_creation_argp, 0, NULL, 0 },
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
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
	status = spaces_enter_one(&opt.operands, false);
	if (status != STATUS_OK)
		return status;
	/* In another user namespace our own ids have other numbers. */
	if (opt.what.uid == (uid_t)-1)
		opt.what.uid = geteuid();
	if (opt.what.gid == (gid_t)-1)
		opt.what.gid = getegid();
	/* It names the namespace now. */
	if (opt.operands.count > 0)
		opt.what.label = opt.operands.list[0].ref.label;
	values = make_values(&opt);
	if (wait_catch_signals() < 0) {
		say("cannot start a timer: %s", strerror(errno));
		return STATUS_USAGE;
	}
	status = create_if_possible(&opt, values);
	free(values);
	opt_creation_free(&opt);
	return is_interrupted() ? (enum status)wait_die(wait_signal()) : status;
}

const struct cmd cmd_create = {
	.name = "create",
	.alias = "mk",
	.summary = "make an object and print its reference",
	.argp = &argp,
	.creates = true,
	.fits = fits,
	.exec = exec,
};
