/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/keep.h"

#include "lib/buf.h"
#include "lib/message.h"

const char keep_path[] = "/etc/ipctool/keep";

int
keep_read(struct exclusions *keep, const char *done)
{
	struct buf cause = { 0 };
	int rc = exclusions_read(keep, keep_path, &cause);

	if (rc < 0)
		say("%s; nothing has been %s (--no-keep ignores the file)",
			buf_text(&cause), done);
	buf_free(&cause);
	return rc;
}
