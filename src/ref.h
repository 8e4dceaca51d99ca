/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REF_H
#define REF_H

#include "kind.h"

enum { REF_SIZE = 32 }; /* of the text of a reference with its NUL */

/* Writes the reference of an object, "shm:32769". */
void ref_text(const struct object *o, char text[REF_SIZE]);

#endif
