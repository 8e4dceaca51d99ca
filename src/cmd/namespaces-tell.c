/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages about the search for the IPC namespaces of the machine. */

#include "cmd/namespaces-tell.h"

#include <errno.h>
#include <string.h>

#include "kind/access.h"
#include "lib/message.h"

void
namespaces_tell_full(const struct namespaces *all)
{
	say("cannot keep %zu namespaces open: %s; raise the limit (ulimit -n)",
		all->count + 1, strerror(EMFILE));
}

void
namespaces_tell_unexamined(const struct namespaces *all, size_t denied, size_t entering)
{
	size_t unexamined = all->unexamined;

	if (denied > 0)
		say("%zu of %zu namespace%s may not be entered%s", denied, entering,
			entering == 1 ? "" : "s", access_hint());
	if (all->is_hidden)
		say("/proc hides processes of other users (hidepid)%s", access_hint());
	if (unexamined > 0)
		say("%zu process%s could not be examined%s", unexamined,
			unexamined == 1 ? "" : "es", access_hint());
}
