/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/context.h"

#include "process/proc.h"

void
context_start(struct context *c)
{
	c->now = time(NULL);
	clocks_read(&c->clocks);
	c->sees_all = proc_initial_namespace();
	c->proc_is_ours = proc_are_ours();
}
