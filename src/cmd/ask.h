/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_ASK_H
#define CMD_ASK_H

#include "kind/kept.h"

/* A question on the terminal before something is done to objects. */

enum { ASK_SHOWN_MAX = 20 }; /* maximum number of objects to show one by one */

/* Whether there is a terminal for a question about this number of objects, and standard
 * input is not for references.  If not, says that without --yes nothing has been done,
 * such as "removed". */
bool ask_can(size_t count, bool from_stdin, const char *done);

/* Shows objects on standard error: one by one in a table, or if there are more than
 * ASK_SHOWN_MAX, their number and size by type and owner.  With --all-namespaces it also
 * shows namespaces and containers; the objects of a namespace must follow each other. */
void ask_show(const struct kept *const *objects, size_t count);

/* Reads the answer to a question that has been printed.  Returns whether it is yes. */
bool ask_yes(void);

#endif
