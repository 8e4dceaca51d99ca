/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/kind.h"

#include <errno.h>
#include <string.h>

#include "lib/buf.h"

const struct kind *
kind_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (strlen(kinds[i]->name) == len &&
			memcmp(kinds[i]->name, name, len) == 0)
			return kinds[i];
	return NULL;
}

bool
kind_is_gone(int error)
{
	return error == EINVAL || error == EIDRM || error == ENOENT;
}

const char *
kind_names(void)
{
	static struct buf names;

	if (names.len == 0)
		for (size_t i = 0; i < kinds_count; i++)
			buf_printf(&names, "%s%s", i == 0 ? "" : ", ", kinds[i]->name);
	return buf_text(&names);
}
