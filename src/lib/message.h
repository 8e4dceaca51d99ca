/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_MESSAGE_H
#define LIB_MESSAGE_H

/*
 * One message on standard error, as "ipctool COMMAND: message".  Control characters in
 * it are escaped, whoever they came from.  For commands and option parsers only: what
 * lies below them reports a cause to its caller and never prints.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with a text, as a function that is told of problems. */
void say_text(const char *text);

#endif
