/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PROPERTIES_H
#define CLI_PROPERTIES_H

#include <argp.h>

#include "kind/kind.h"
#include "lib/buf.h"

/* Whether create, or set, takes all of these properties for objects of a kind.  If not,
 * appends why the option of the first one does not apply; why may be NULL. */
bool properties_fit_created(const struct kind *kind, properties_t given, struct buf *why);
bool properties_fit_changed(const struct kind *kind, properties_t given, struct buf *why);

/* Appends the options of these properties as "--size, --huge". */
void properties_put_options(properties_t properties, struct buf *b);

#endif
