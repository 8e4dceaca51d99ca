# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by the tests
#
# Functions shared by the tests of the operations; loaded after common.

# The start of a command that runs the rest as nobody. Needs `requires root`.
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --)

# ended PID : waits for a process of this shell and sets status, output and stderr, both
# of them from the files out and errors, where it wrote them.
ended()
{
	status=0
	wait "$1" || status=$?
	output=$(cat "$BATS_TEST_TMPDIR/out" 2>/dev/null) || true
	stderr=$(cat "$BATS_TEST_TMPDIR/errors" 2>/dev/null) || true
	mapfile -t stderr_lines <<<"$stderr"
	refuse_breakdown "process $1"
}

# start ARG... : runs ipctool in the background, with its output in the files out and
# errors; stores its process id in pid.
start()
{
	"$IPCTOOL" "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
}

# raw_value TYPE ID NAME : one value of IPC_STAT.
raw_value()
{
	local - facts

	set +T
	facts=$'\n'$(helper raw "$1" "$2")
	facts=${facts#*$'\n'"$3"=}
	printf '%s\n' "${facts%%$'\n'*}"
}

# qnum ID : how many messages are in a queue.
qnum()
{
	raw_value msg "$1" qnum
}

# value ID NUM : prints the value of a semaphore.
value()
{
	raw_value sem "$1" "val.$2"
}
