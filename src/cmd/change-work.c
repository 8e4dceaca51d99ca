/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/change-work.h"

struct buf *
change_note(struct change_work *w)
{
	if (w->done.len > 0)
		buf_str(&w->done, ", ");
	return &w->done;
}

void
change_keep_notes(struct change_work *w, bool made)
{
	if (made)
		w->made = w->done.len;
	else
		w->done.len = w->made;
}
