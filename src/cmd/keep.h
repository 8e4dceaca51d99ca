/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_KEEP_H
#define CMD_KEEP_H

#include "report/exclude.h"

/* The file that names the objects that conditions never choose. */
extern const char keep_path[];

/* Reads it, if it exists.  0, or -1 after a message, which says that nothing has been
 * done, such as "removed". */
int keep_read(struct exclusions *keep, const char *done);

#endif
