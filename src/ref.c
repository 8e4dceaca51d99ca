/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ref.h"

#include <string.h>

#include "num.h"

void
ref_text(const struct object *o, char text[REF_SIZE])
{
	size_t len = strlen(o->kind->name);

	memcpy(text, o->kind->name, len);
	text[len] = ':';
	*num_put(text + len + 1, o->fact[FACT_ID]) = '\0';
}
