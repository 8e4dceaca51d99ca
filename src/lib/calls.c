/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/calls.h"

#include <sys/syscall.h>
#include <unistd.h>

#ifndef HAVE_STATX
int
statx(int dir, const char *restrict path, int flags, unsigned mask,
	struct statx *restrict st)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, st);
}
#endif

#ifndef HAVE_RENAMEAT2
int
renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	return (int)syscall(SYS_renameat2, from, old, to, new, flags);
}
#endif
