/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_ARG_H
#define CLI_ARG_H

#include <argp.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/mode.h"

/*
 * The arguments of options that more than one command has.  One that is wrong ends
 * parsing with a message that names the option and says what would be right.
 */

/* --mode: replaces *mode, which belongs to the caller. */
void opt_arg_mode(
	struct mode_change **mode, const char *arg, const struct argp_state *state);

/* --owner: changes *uid and *gid where they are named. */
void opt_arg_owner(
	uid_t *uid, gid_t *gid, const char *arg, const struct argp_state *state);

/* A size of at least one byte; option is the name with its dashes. */
uint64_t opt_arg_size(
	const char *option, const char *arg, const struct argp_state *state);

/* --qbytes: the kernel cuts what is beyond 31 bits. */
uint64_t opt_arg_qbytes(const char *arg, const struct argp_state *state);

/* A number of bytes from 0. */
uint64_t opt_arg_bytes(
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
