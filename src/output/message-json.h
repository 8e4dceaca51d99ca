/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_MESSAGE_JSON_H
#define OUTPUT_MESSAGE_JSON_H

#include <stdbool.h>

#include "lib/buf.h"

/* How messages are printed. */
enum message_form {
	MESSAGE_BYTES, /* nothing but their content */
	MESSAGE_LINES, /* with a newline behind each */
	MESSAGE_JSON,
};

/*
 * Messages on standard output, each of them written when it is given: who gives one knows
 * afterwards whether somebody has it.  The caller fills the first two, the rest starts as
 * zeros.  Memory is allocated by message_output_begin() alone, so that a message that has
 * been taken cannot be lost because there is none.
 */
struct message_output {
	enum message_form form;
	bool (*give_up)(void); /* asked when a signal interrupts writing */

	int error; /* errno of the write that failed; nothing is written after it */
	size_t written; /* bytes of the message given last */
	size_t rows; /* messages in the JSON document */
	struct buf text; /* JSON that is not yet written */
};

/* All but the last return 0, or -1 with m->error. */
int message_output_begin(struct message_output *m);

/* Looks whether there is still somebody to write for. */
int message_output_check(struct message_output *m);

int message_output_put(
	struct message_output *m, long type, const char *content, size_t size);

/* Completes the output, also after an error, and releases all. */
int message_output_end(struct message_output *m);

#endif
