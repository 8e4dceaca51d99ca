/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_NAMESPACES_TELL_H
#define CMD_NAMESPACES_TELL_H

#include "namespace/find.h"

/* Says that there are more namespaces than ipctool can keep open. */
void namespaces_tell_full(const struct namespaces *all);

/* Says how many namespaces could not be entered, of those that were to be, and that not
 * all processes could be examined.  It changes no status. */
void namespaces_tell_unexamined(
	const struct namespaces *all, size_t denied, size_t entering);

#endif
