/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of /proc/locks as kernels print them. */

#include "waits/locks.h"

#include <sys/sysmacros.h>

#include "tap.h"

static void
test_held(void)
{
	struct lock l;

	if (!ok(lock_parse("FLOCK  ADVISORY  WRITE 2071 08:1a:1234 0 EOF", &l),
		    "a flock"))
		return;
	is_int(l.type, LOCK_FLOCK, "... of this type");
	is_uint(l.depth, 0, "... that is held");
	is_int(l.pid, 2071, "... by this process");
	is_uint(l.device, makedev(8, 0x1a), "... on this device");
	is_uint(l.inode, 1234, "... and file");
	is_uint(l.end, UINT64_MAX, "... all of it");
	ok(l.writes, "... exclusive");
	ok(lock_parse("POSIX  MANDATORY READ  7 00:2b:9 10 20", &l),
		"a lock of fcntl(2)");
	is_int(l.type, LOCK_POSIX, "... of this type");
	is_uint(l.start, 10, "... from here");
	is_uint(l.end, 20, "... to here");
	ok(!l.writes, "... shared");
	ok(lock_parse("OFDLCK ADVISORY  WRITE -1 00:2b:9 0 0", &l), "an OFD lock");
	is_int(l.type, LOCK_OFD, "... of this type");
	is_int(l.pid, -1, "... by nobody");
}

static void
test_waits(void)
{
	struct lock l;

	ok(lock_parse("-> FLOCK  ADVISORY  WRITE 7 08:01:1234 0 EOF", &l), "a wish");
	is_uint(l.depth, 1, "... for what is held");
	ok(lock_parse("  -> FLOCK  ADVISORY  WRITE 7 08:01:1234 0 EOF", &l),
		"a wish behind two");
	is_uint(l.depth, 3, "... is as deep");
}

static void
test_others(void)
{
	struct lock l;

	ok(lock_parse("POSIX  ADVISORY  WRITE -1234 08:01:9 0 EOF", &l),
		"a lock of another host");
	is_int(l.pid, -1, "... by nobody here");
	is_uint(l.inode, 9, "... on this file");
	ok(!lock_parse("LEASE  ACTIVE    READ  7 08:01:9 0 EOF", &l), "a lease is none");
	is_uint(l.depth, 0, "... but has a depth");
	ok(!lock_parse("-> LEASE  BREAKER   READ  7 08:01:9 0 EOF", &l),
		"what breaks it neither");
	is_uint(l.depth, 1, "... and that waits");
}

int
main(void)
{
	test_held();
	test_waits();
	test_others();
	return done_testing();
}
