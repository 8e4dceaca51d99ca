/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_CALLS_H
#define LIB_CALLS_H

/*
 * System calls for which the C library may have no function: musl 1.2.3 has neither of
 * them.  The functions are those of statx(2) and renameat2(2).  A file that calls one
 * includes this header.
 */

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#ifndef HAVE_STATX
#include <linux/stat.h> /* struct statx */

int statx(int dir, const char *restrict path, int flags, unsigned mask,
	struct statx *restrict st);
#endif

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x2000 /* Linux 5.8; include/uapi/linux/stat.h */
#endif

#ifndef HAVE_RENAMEAT2
#include <linux/fs.h> /* RENAME_NOREPLACE */

int renameat2(int from, const char *old, int to, const char *new, unsigned flags);
#endif

#endif
