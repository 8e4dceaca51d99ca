#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/sweep finds the faults that it looks for, in programs that are wrong on purpose.

load common

# fake LINE... : a program of these lines of shell, in which $real is ipctool.
fake()
{
	printf '%s\n' '#!/bin/sh' "real=$IPCTOOL" "$@" >"$BATS_TEST_TMPDIR/fake"
	chmod 755 "$BATS_TEST_TMPDIR/fake"
}

# sweep NAME CASE : one scenario and case of the fake program.
sweep()
{
	requires root strace python
	run --separate-stderr command timeout --kill-after=5 120 \
		python3 "$IPCTOOL_SRCDIR/tests/sweep" --only="$1" --case="$2" \
		"$BATS_TEST_TMPDIR/fake"
}

@test "sweep: a correct program has no finding" {
	# shellcheck disable=SC2016 # of the program
	fake 'exec "$real" "$@"'
	sweep rm-stale none
	assert_success
	assert_output "sweep: 1 cases, 0 findings, 0 known"
}

@test "sweep: an object in use was removed" {
	# shellcheck disable=SC2016 # of the program
	fake 'exec "$real" "$@" --force'
	sweep rm-used none
	assert_failure 1
	assert_line --regexp '^safety rm-used none: full-msg is now None \(status 0\)$'
	assert_line --regexp '^sweep: 1 cases, [0-9]+ findings, safety [0-9]+, 0 known$'
}

@test "sweep: a POSIX object in use was removed, or got another name" {
	# shellcheck disable=SC2016 # of the program
	fake 'exec "$real" "$@" --force'
	sweep rm-posix-used none
	assert_failure 1
	assert_line --regexp '^safety rm-posix-used none: fly-pshm is now None \(status 0\)$'

	fake 'mv /dev/shm/sem.own-psem /dev/shm/sem.lost'
	sweep rm-posix none
	assert_failure 1
	assert_line 'leak rm-posix none: own-psem has the name sem.lost (status 0)'
}

@test "sweep: a message is lost or doubled" {
	# shellcheck disable=SC2016 # of the program
	fake '"$real" "$@" >/dev/null'
	sweep recv none
	assert_failure 1
	assert_line --regexp '^lost recv none: <message 0> \(status 0\)$'

	# shellcheck disable=SC2016 # of the program
	fake 'exec "$real" "$@" --peek'
	sweep recv none
	assert_failure 1
	assert_line --regexp '^doubled recv none: <message 0> \(status 0\)$'
}

@test "sweep: an object is left behind" {
	# shellcheck disable=SC2016 # of the program
	fake '"$real" "$@" >/dev/null' 'echo "ipctool create: failed: no reason" >&2; exit 1'
	sweep create-sem none
	assert_failure 1
	assert_line --regexp '^leak create-sem none: new sem stays \(status 1\)$'
	sweep create-pshm none
	assert_failure 1
	assert_line --regexp '^leak create-pshm none: new pshm stays \(status 1\)$'
}

@test "sweep: a failure without a report of what was done, or without a reason" {
	# shellcheck disable=SC2016 # of the program
	fake '"$real" "$@" >/dev/null' 'echo "ipctool set: failed: Success" >&2; exit 2'
	sweep set-several none
	assert_failure 1
	assert_line --regexp '^unsaid set-several none: own-msg, own-sem, own-shm changed '
	assert_line 'message set-several none: ipctool set: failed: Success (status 2)'
}

@test "sweep: waits is more certain with less evidence" {
	# shellcheck disable=SC2016 # of the program
	fake '[ -e "$0.ran" ] && exec echo "\"certainty\": \"certain\""' ': >"$0.ran"' \
		'exec "$real" "$@"'
	sweep waits-transit sync:1:EIO
	assert_failure 1
	assert_line --regexp '^safety waits-transit sync: .* is found more often \(status 0\)$'
}

@test "sweep: a crash, and a status without meaning" {
	# shellcheck disable=SC2016 # of the program
	fake 'kill -SEGV $$'
	sweep list none
	assert_failure 1
	assert_line 'crash list none: signal 11 (status -11)'

	fake 'exit 7'
	sweep list none
	assert_failure 1
	assert_line 'status list none: exit 7 (status 7)'
}

@test "sweep: a failure without a message, and one that is not reported at all" {
	# The second run differs: it never makes the call that is to fail.
	# shellcheck disable=SC2016 # of the program
	fake '[ -e "$0.ran" ] && exit 1' ': >"$0.ran"' 'exec "$real" "$@"'
	sweep limits sync:1:EIO
	assert_failure 1
	assert_line 'mute limits sync: exit 1 (status 1)'

	# shellcheck disable=SC2016 # of the program
	fake 'rm "$0.odd" 2>/dev/null && exit' ': >"$0.odd"' 'exec "$real" "$@"'
	sweep write sync:1:EIO
	assert_failure 1
	assert_line --regexp '^fewer write sync: changed .* instead of .* \(status 0\)$'
}
