/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/ipcns.h"

#include <stddef.h>

#include "lib/num.h"

static const struct ipcns *now;

const struct ipcns *
ipcns_now(void)
{
	return now;
}

void
ipcns_set(const struct ipcns *ns)
{
	now = ns;
}

char *
ipcns_put(const struct ipcns *ns, char *at)
{
	if (ns == NULL)
		return at;
	*at++ = '@';
	at = num_put(at, ns->inode);
	if (!ns->has_id)
		return at;
	*at++ = '.';
	return num_put(at, ns->id);
}
