/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of /proc/PID/syscall as kernels print them: each call that can wait, in 64-bit,
 * 32-bit and x32 programs, and lines of other calls. */

#include "process/waiters.h"

#include <string.h>

#include "tap.h"

static void
is_none(const char *line, bool is_32bit, const char *name)
{
	struct wait_ops ops;
	struct use use;

	ok(!waiters_parse(line, is_32bit, &use, &ops), "%s is none", name);
}

#define REST " 0x7ffd5e3f1c58 0x7f1a2b3c4d5e\n"

static void
test_none(bool is_32bit)
{
	is_none("running\n", is_32bit, "a thread that runs");
	is_none("-1 0x7ffd5e3f1c58 0x7f1a2b3c4d5e\n", is_32bit,
		"a thread outside a call");
	is_none("", is_32bit, "nothing");
	is_none("0 0x0 0x1 0x2 0x3 0x4 0x5" REST, is_32bit, "read");
	is_none("220 0x5 0x1", is_32bit, "half a line");
	is_none("220 5 1 2 3 4 5" REST, is_32bit, "a line in decimal");
	is_none("99999999999999999999 0x0 0x0 0x0 0x0 0x0 0x0" REST, is_32bit,
		"a number too large");
}

#if defined __x86_64__ || defined __aarch64__
static void
is_call(const char *line, bool is_32bit, const char *kind, uint32_t id,
	enum use_what what, const char *name)
{
	struct wait_ops ops;
	struct use use;

	if (!ok(waiters_parse(line, is_32bit, &use, &ops), "%s is a call", name))
		return;
	is_str(use.kind->name, kind, "... on a %s", kind);
	is_uint(use.id, id, "... with this id");
	is_int(use.what, what, "... that does this");
	is_uint(use.count, 1, "... once");
}

static void
is_receiving(const char *line, bool is_32bit, int64_t type, const char *name)
{
	struct wait_ops ops;
	struct use use = { 0 };

	ok(waiters_parse(line, is_32bit, &use, &ops), "%s is a call", name);
	is_int(use.detail, type, "... that asks for type %lld", (long long)type);
}

static void
is_semop(const char *line, bool is_32bit, uint64_t address, uint64_t count,
	const char *name)
{
	struct wait_ops ops = { 0 };
	struct use use;

	ok(waiters_parse(line, is_32bit, &use, &ops), "%s is a call", name);
	is_uint(ops.address, address, "... with its operations");
	is_uint(ops.count, count, "... with the right number of operations");
}

static void
is_futex(const char *line, uint64_t address, const char *what)
{
	uint64_t found = 0;

	ok(waiters_parse_futex(line, &found) && found == address, "waits: %s", what);
}

static void
is_no_futex(const char *line, const char *what)
{
	uint64_t found;

	ok(!waiters_parse_futex(line, &found), "does not wait: %s", what);
}
#endif

#if defined __x86_64__
static void
test_64bit(void)
{
	is_call("65 0x5 0x7ffd 0x1 0x0 0x0 0x0" REST, false, "sem", 5, USE_WAITS,
		"semop");
	is_call("220 0x7fffffff 0x7ffd 0x1 0x0 0x0 0x0" REST, false, "sem", 0x7fffffff,
		USE_WAITS, "semtimedop");
	is_call("69 0x8 0x7ffd 0x1 0x0 0x0 0x0" REST, false, "msg", 8, USE_SENDS,
		"msgsnd");
	is_call("70 0x8 0x7ffd 0x40 0x0 0x0 0x0" REST, false, "msg", 8, USE_RECEIVES,
		"msgrcv");
	is_receiving("70 0x8 0x7ffd 0x40 0xfffffffffffffff9 0x0 0x0" REST, false, -7,
		"msgrcv of a negative type");
	is_semop("220 0x5 0x7ffd5e3f1c58 0x3 0x0 0x0 0x0" REST, false, 0x7ffd5e3f1c58, 3,
		"semtimedop of three");
	is_call("242 0x3 0x7ffd 0x40 0x0 0x0 0x0" REST, false, "pmsg", 3, USE_SENDS,
		"mq_timedsend");
	is_call("243 0x3 0x7ffd 0x40 0x0 0x0 0x0" REST, false, "pmsg", 3,
		USE_RECEIVES_ANY, "mq_timedreceive");
	is_none("117 0xc 0x0 0x40 0x0 0x0 0x0" REST, false, "setresuid");
	is_none("401 0x8 0x7ffd 0x40 0x0 0x0 0x0" REST, false, "a call of 32 bits");
}

static void
test_32bit(void)
{
	is_call("117 0x1 0x5 0x1 0x0 0xffff 0x0" REST, true, "sem", 5, USE_WAITS,
		"ipc, semop");
	is_call("117 0x4 0x5 0x1 0x0 0xffff 0x0" REST, true, "sem", 5, USE_WAITS,
		"ipc, semtimedop");
	is_call("117 0xb 0x5 0x1 0x0 0xffff 0x0" REST, true, "msg", 5, USE_SENDS,
		"ipc, msgsnd");
	is_call("117 0xc 0x5 0x1 0x0 0xffff 0x0" REST, true, "msg", 5, USE_RECEIVES_ANY,
		"ipc, msgrcv");
	is_call("117 0x1000c 0x5 0x1 0x0 0xffff 0x0" REST, true, "msg", 5,
		USE_RECEIVES_ANY, "ipc, msgrcv of the other version");
	is_none("117 0xd 0x5 0x1 0x0 0xffff 0x0" REST, true, "ipc, msgget");
	is_none("70 0x5 0x1 0x0 0xffff 0x0 0x0" REST, true, "setreuid");
	is_call("400 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "msg", 5, USE_SENDS,
		"msgsnd");
	is_call("401 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "msg", 5, USE_RECEIVES,
		"msgrcv");
	is_receiving("401 0x5 0xffff 0x1 0xfffffff9 0x0 0x0" REST, true, -7,
		"msgrcv of a negative type");
	is_call("420 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "sem", 5, USE_WAITS,
		"semtimedop of 64-bit times");
	is_call("279 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3, USE_SENDS,
		"mq_timedsend");
	is_call("280 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3, USE_RECEIVES_ANY,
		"mq_timedreceive");
	is_call("418 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3, USE_SENDS,
		"mq_timedsend of 64-bit times");
	is_call("419 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3, USE_RECEIVES_ANY,
		"mq_timedreceive of 64-bit times");
	is_semop("117 0x1 0x5 0x2 0x0 0xffff0000 0x0" REST, true, 0xffff0000, 2,
		"ipc, semop of two");
	is_semop("420 0x5 0xffff0000 0x2 0x0 0x0 0x0" REST, true, 0xffff0000, 2,
		"semtimedop of two");
}

/* x32: 32-bit programs that use the 64-bit numbers plus 0x40000000. */
static void
test_x32(void)
{
	is_call("1073741889 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "sem", 5, USE_WAITS,
		"semop of x32");
	is_call("1073741894 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "msg", 5,
		USE_RECEIVES, "msgrcv of x32");
	is_call("1073742067 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3,
		USE_RECEIVES_ANY, "mq_timedreceive of x32");
	is_none("1073741941 0x1 0x5 0x1 0x0 0xffff 0x0" REST, true, "setresuid of x32");
}

static void
test_futex(void)
{
	is_futex("202 0x7f00 0x109 0x0 0x0 0x0 0xffffffff" REST, 0x7f00,
		"wait, bitset, by the clock");
	is_futex("202 0x7f00 0x0 0x2 0x0 0x0 0x0" REST, 0x7f00, "wait");
	is_futex("202 0x7f00 0x6 0x0 0x0 0x0 0x0" REST, 0x7f00, "lock_pi");
	is_futex("202 0x7f00 0x10d 0x0 0x0 0x0 0x0" REST, 0x7f00, "lock_pi2");
	is_futex("202 0x7f00 0x10b 0x0 0x0 0x0 0x0" REST, 0x7f00, "wait_requeue_pi");
	is_futex("1073742026 0x7f00 0x109 0x0 0x0 0x0 0x0" REST, 0x7f00, "of x32");
	is_futex("219 0x7f00 0x109 0x0 0x0 0x0 0xffffffff" REST, 0x7f00,
		"continued after a signal");
	is_futex("240 0x7f00 0x0 0x0 0x0 0x0 0x0" REST, 0x7f00, "of 32 bits");
	is_futex("422 0x7f00 0x109 0x0 0x0 0x0 0x0" REST, 0x7f00, "of 64-bit times");
	is_no_futex("202 0x7f00 0x189 0x0 0x0 0x0 0xffffffff" REST, "private");
	is_no_futex("202 0x7f00 0x1 0x1 0x0 0x0 0x0" REST, "wake");
	is_no_futex("202 0x7f00 0x3 0x1 0x0 0x0 0x0" REST, "requeue");
	is_no_futex("65 0x5 0x0 0x1 0x0 0x0 0x0" REST, "semop");
	is_no_futex("running\n", "a thread that runs");
	is_no_futex("-1 0x7ffd 0x7f00\n", "a thread that is in no call");
}
#elif defined __aarch64__
static void
test_64bit(void)
{
	is_call("193 0x5 0x7ffd 0x1 0x0 0x0 0x0" REST, false, "sem", 5, USE_WAITS,
		"semop");
	is_call("192 0x7fffffff 0x7ffd 0x1 0x0 0x0 0x0" REST, false, "sem", 0x7fffffff,
		USE_WAITS, "semtimedop");
	is_call("189 0x8 0x7ffd 0x1 0x0 0x0 0x0" REST, false, "msg", 8, USE_SENDS,
		"msgsnd");
	is_receiving("188 0x8 0x7ffd 0x40 0xfffffffffffffff9 0x0 0x0" REST, false, -7,
		"msgrcv of a negative type");
	is_semop("192 0x5 0x7ffd5e3f1c58 0x3 0x0 0x0 0x0" REST, false, 0x7ffd5e3f1c58, 3,
		"semtimedop of three");
	is_call("182 0x3 0x7ffd 0x40 0x0 0x0 0x0" REST, false, "pmsg", 3, USE_SENDS,
		"mq_timedsend");
	is_call("183 0x3 0x7ffd 0x40 0x0 0x0 0x0" REST, false, "pmsg", 3,
		USE_RECEIVES_ANY, "mq_timedreceive");
	is_none("70 0x8 0x7ffd 0x40 0x0 0x0 0x0" REST, false, "pwritev");
	is_none("298 0x5 0x7ffd 0x1 0x0 0x0 0x0" REST, false, "a call of 32 bits");
}

static void
test_32bit(void)
{
	is_call("298 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "sem", 5, USE_WAITS,
		"semop");
	is_call("312 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "sem", 5, USE_WAITS,
		"semtimedop");
	is_call("301 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "msg", 5, USE_SENDS,
		"msgsnd");
	is_receiving("302 0x5 0xffff 0x1 0xfffffff9 0x0 0x0" REST, true, -7,
		"msgrcv of a negative type");
	is_none("400 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "migrate_pages");
	is_none("401 0x5 0xffff 0x1 0x0 0x0 0x0" REST, true, "kexec_file_load");
	is_semop("420 0x5 0xffff0000 0x2 0x0 0x0 0x0" REST, true, 0xffff0000, 2,
		"semtimedop of 64-bit times");
	is_call("276 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3, USE_SENDS,
		"mq_timedsend");
	is_call("277 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3, USE_RECEIVES_ANY,
		"mq_timedreceive");
	is_call("418 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3, USE_SENDS,
		"mq_timedsend of 64-bit times");
	is_call("419 0x3 0xffff 0x40 0x0 0x0 0x0" REST, true, "pmsg", 3, USE_RECEIVES_ANY,
		"mq_timedreceive of 64-bit times");
}

static void
test_futex(void)
{
	is_futex("98 0x7f00 0x109 0x0 0x0 0x0 0xffffffff" REST, 0x7f00,
		"wait, bitset, by the clock");
	is_futex("128 0x7f00 0x109 0x0 0x0 0x0 0xffffffff" REST, 0x7f00,
		"continued after a signal");
	is_futex("240 0x7f00 0x0 0x0 0x0 0x0 0x0" REST, 0x7f00, "of 32 bits");
	is_futex("422 0x7f00 0x109 0x0 0x0 0x0 0x0" REST, 0x7f00, "of 64-bit times");
	is_no_futex("98 0x7f00 0x189 0x0 0x0 0x0 0xffffffff" REST, "private");
	is_no_futex("98 0x7f00 0x1 0x1 0x0 0x0 0x0" REST, "wake");
	is_no_futex("202 0x7f00 0x0 0x0 0x0 0x0 0x0" REST, "accept");
}
#endif

int
main(void)
{
	test_none(false);
	test_none(true);
#if defined __x86_64__
	test_64bit();
	test_32bit();
	test_x32();
	test_futex();
#elif defined __aarch64__
	test_64bit();
	test_32bit();
	test_futex();
#else
	skip("the numbers of this architecture are not known");
#endif
	return done_testing();
}
