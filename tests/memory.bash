# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # status and the rest are set by run
#
# Lack of memory, for a .bats file that loads this after common.

# memory_begin : builds the library that makes allocations fail, or skips the test with
# the reason.
memory_begin()
{
	no_memory=$BATS_FILE_TMPDIR/no-memory.so
	[ -e "$no_memory" ] ||
		"${CC:-cc}" -shared -fPIC -o "$no_memory" "$IPCTOOL_SRCDIR/tests/no-memory.c" \
			2>/dev/null || skip "needs a compiler, and glibc"
	# A sanitizer has its own allocator.
	memory_count --version
	[ "${allocations:-0}" -gt 0 ] || skip "needs a program whose allocator can be replaced"
}

# memory_count ARG... : runs ipctool and stores its number of allocations in allocations.
memory_count()
{
	rm -f "$BATS_TEST_TMPDIR/count"
	timeout "$timeout" env NO_MEMORY_COUNT="$BATS_TEST_TMPDIR/count" \
		LD_PRELOAD="$no_memory" "$IPCTOOL" "$@" >/dev/null 2>&1 || true
	allocations=$(cat "$BATS_TEST_TMPDIR/count" 2>/dev/null) || allocations=0
}

# memory_ends N ARG... : `tool` with allocation N and all later ones failing.
memory_ends()
{
	split env NO_MEMORY_AT="$1" LD_PRELOAD="$no_memory" "$IPCTOOL" "${@:2}"
}
