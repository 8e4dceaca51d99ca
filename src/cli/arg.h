/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_ARG_H
#define CLI_ARG_H

#include <argp.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/mode.h"

/*
 * Parsers for arguments of options that several commands have.  If an argument is
 * invalid, they end the program with a message that names the option and the valid form.
 */

/* --mode: replaces *mode, which the caller owns. */
void opt_arg_mode(
	struct mode_change **mode, const char *arg, const struct argp_state *state);

/* Notes that an option names a user or a group, which has a number in the user namespace
 * of the caller only. */
void opt_note_name(const char *name);

/* The last of these names, or NULL. */
const char *opt_noted_name(void);

/* --owner: changes *uid and *gid if they are given. */
void opt_arg_owner(
	uid_t *uid, gid_t *gid, const char *arg, const struct argp_state *state);

/* A size of at least one byte; option is its name with the dashes. */
uint64_t opt_arg_size(
	const char *option, const char *arg, const struct argp_state *state);

/* --qbytes, at most 31 bits, because the kernel truncates larger values. */
uint64_t opt_arg_qbytes(const char *arg, const struct argp_state *state);

/* A number of bytes, which may be 0. */
uint64_t opt_arg_bytes(
	const char *option, const char *arg, const struct argp_state *state);

/* A number of things from 0. */
uint64_t opt_arg_count(
	const char *option, const char *arg, const struct argp_state *state);

/* A duration, in seconds. */
uint64_t opt_arg_duration(
	const char *option, const char *arg, const struct argp_state *state);

/* A duration, in nanoseconds. */
uint64_t opt_arg_span(
	const char *option, const char *arg, const struct argp_state *state);

/* If the argument of a repeatable option is a list with commas, appends how to repeat the
 * option: "; repeat the option: --pid=1 --pid=2". */
void opt_put_repeated(const char *option, const char *arg, struct buf *b);

#endif
