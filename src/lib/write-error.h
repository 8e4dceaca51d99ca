/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_WRITE_ERROR_H
#define LIB_WRITE_ERROR_H

/* The reason why a write to standard output failed.  ferror(3) tells only that one
 * failed, and errno has another value by the end of the program. */

/* Makes a file that must not grow (SIGXFSZ) a write error instead of the end of the
 * program. */
void write_error_catch(void);

/* Undoes that, for a program that takes the place of this one. */
void write_error_uncatch(void);

/* Saves errno after a failed write to standard output; only the first call has an
 * effect. */
void write_error_note(void);

/* The saved errno, or 0. */
int write_error(void);

#endif
