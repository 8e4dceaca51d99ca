/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line of /proc/PID/syscall, and what else of it tells whether a thread waits. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz.h"
#include "process/waiters.h"

/* What is found is on the object of one of the arguments, and operations on semaphores are
 * at one of them. */
static void
check_use(const char *line, const struct use *use, const struct wait_ops *ops)
{
	uint64_t number, args[6];
	bool has_id = false, has_address = false, is_sem;

	require(sscanf(line,
			"%" SCNu64 " 0x%" SCNx64 " 0x%" SCNx64 " 0x%" SCNx64 " 0x%" SCNx64
			" 0x%" SCNx64 " 0x%" SCNx64,
			&number, &args[0], &args[1], &args[2], &args[3], &args[4],
			&args[5]) == 7);
	for (int i = 0; i < 2; i++)
		has_id |= args[i] == use->id;
	for (int i = 0; i < 6; i++)
		has_address |= args[i] == ops->address;
	require(has_id);
	require(use->kind != NULL && use->count == 1);
	is_sem = strcmp(use->kind->name, "sem") == 0;
	require(!is_sem || (has_address && ops->count == args[2]));
	require(is_sem == (use->what == USE_WAITS));
	require(is_sem || use->what == USE_SENDS || use->what == USE_RECEIVES ||
		use->what == USE_RECEIVES_ANY || use->what == USE_RECEIVES_EXCEPT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char *line = input_rest(&in);
	struct wait_ops ops;
	uint64_t address, first;
	struct use use;

	if (waiters_parse_futex(line, &address))
		require(sscanf(line, "%*u 0x%" SCNx64, &first) == 1 && address == first);
	for (int is_32bit = 0; is_32bit < 2; is_32bit++)
		if (waiters_parse(line, is_32bit, &use, &ops))
			check_use(line, &use, &ops);
	free(line);
	return 0;
}
