/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_WAITS_ROWS_H
#define CMD_WAITS_ROWS_H

#include "cmd/waits-view.h"
#include "report/layout.h"

/* Prints one row for each thread that is shown, in the format of the layout. */
void waits_print_rows(struct waits_view *v, const struct layout *layout);

#endif
