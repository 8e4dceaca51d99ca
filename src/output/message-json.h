/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_MESSAGE_JSON_H
#define OUTPUT_MESSAGE_JSON_H

#include <stdbool.h>

#include "lib/buf.h"

/* How messages are printed. */
enum message_form {
	MESSAGE_BYTES, /* only the content */
	MESSAGE_LINES, /* the content and a newline */
	MESSAGE_JSON,
};

/*
 * Prints messages on standard output.  Each message is written at once, so that the
 * caller knows afterwards whether it was delivered.  The caller sets the first four
 * members; the rest starts as zeros.  Only message_output_begin() allocates memory, so
 * that a message that was taken from a queue is never lost for lack of memory.
 */
struct message_output {
	enum message_form form;
	const char *number; /* what JSON calls the number of a message: "mtype" */
	bool escapes; /* makes contents safe for a terminal; not in JSON */
	bool (*give_up)(void); /* called when a signal interrupts writing */

	int error; /* errno of the failed write; nothing is written after it */
	size_t written; /* bytes of the last message */
	size_t rows; /* number of messages in the JSON document */
	bool has_reader; /* of standard output, who may go away */
	struct buf text; /* what was not written yet, except for mere content */
};

/* The functions return 0, or -1 with m->error, except for the last one. */
int message_output_begin(struct message_output *m);

/* Checks whether the output still has a reader, if it is one that needs any. */
int message_output_check(struct message_output *m);

int message_output_put(
	struct message_output *m, long number, const char *content, size_t size);

/* Completes the output, also after an error, and releases all memory. */
int message_output_end(struct message_output *m);

#endif
