/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_WRITE_ERROR_H
#define LIB_WRITE_ERROR_H

/*
 * Why standard output could not be written.  ferror(3) remembers that a write failed, but
 * not why, and by the end of the program errno says something else.
 */

/* Notes errno after a write to standard output has failed; the first one counts. */
void write_error_note(void);

/* What was noted, or 0. */
int write_error(void);

#endif
