/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_KEPT_H
#define KIND_KEPT_H

#include "kind/object.h"

/*
 * A kept object, for commands that keep many.  Most take about 40 bytes, a tenth of a
 * struct object: that has room for all facts, but an object has at most half of them, and
 * most of these are small numbers.
 */
struct kept;

/* A copy of an object, with its label and its verdict.  Its semaphores and uses stay
 * where they are.  The caller owns the copy, and passes it to free(3). */
struct kept *kept_make(const struct object *o);

/* Restores the object without its context, which all objects of a command share.  Its
 * label and its verdict are part of k. */
void kept_object(const struct kept *k, struct object *o);

#endif
