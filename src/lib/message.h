/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_MESSAGE_H
#define LIB_MESSAGE_H

/*
 * Prints a message on standard error as "ipctool COMMAND: message", and escapes the
 * control characters in it.  Only commands and option parsers may call it; the code below
 * them returns a cause to its caller and never prints.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, unless it is the message that was printed by it last. */
void say_once(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a fixed text; fits the parameter "problem" of source_open(). */
void say_text(const char *text);

#endif
