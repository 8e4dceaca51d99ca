/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SAY_H
#define SAY_H

/*
 * One message on standard error, as "ipctool COMMAND: message".  Control characters in
 * it are escaped, whoever they came from.  For commands and option parsers only: what
 * lies below them reports a cause to its caller and never prints.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
