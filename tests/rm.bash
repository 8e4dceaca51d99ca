# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # status, output and stderr are set by run
#
# Functions shared by the tests of rm; loaded after common.

# remove ARG... : `tool rm` where no process outside this PID namespace uses the objects.
remove()
{
	tool rm --alone "$@"
}

# assert_gone TYPE ID, assert_there TYPE ID
assert_gone()
{
	run helper raw "$1" "$2"
	assert_failure 1
	assert_output "ipchelper: IPC_STAT: Invalid argument"
}

assert_there()
{
	helper raw "$1" "$2" >/dev/null
}

# left : prints the references of all objects in one line.
left()
{
	local type

	for type in shm sem msg; do
		awk -v type=$type 'NR > 1 { print type ":" $2 }' /proc/sysvipc/$type
	done | sort -t : -k 1,1r -k 2n | xargs
}

# settle : removes idle times and the names of ended processes from output.
settle()
{
	output=$(sed -E 's/\bidle [0-9]+s/idle Ns/; s/process [0-9]+, which has/process P, which has/' \
		<<<"$output")
}

# assert_removals NAME... : exactly these objects are reported as removed, in this order,
# each with a description in brackets.
assert_removals()
{
	assert_equal "$(sed -E 's/^(removed [^ ]+) \([^()].*; .*\)$/\1/' <<<"$output")" \
		"$(printf 'removed %s\n' "$@")"
}

# --- On a terminal ----------------------------------------------------------------------

# ask ARG... : starts rm on a terminal and returns once it asks; its output is in `asked`.
# answer continues it.
ask()
{
	ask_by rm "$@"
}

# ask_by COMMAND ARG... : the same for any command.
ask_by()
{
	local part tries=0

	mkfifo "$BATS_TEST_TMPDIR"/{typed,shown}
	"$IPCHELPER" terminal "$IPCTOOL" "$@" <"$BATS_TEST_TMPDIR/typed" \
		>"$BATS_TEST_TMPDIR/shown" 3>"$BATS_TEST_TMPDIR/out" &
	rm_pid=$!
	exec {typed}>"$BATS_TEST_TMPDIR/typed" {shown}<"$BATS_TEST_TMPDIR/shown"
	asked=
	while [[ $asked != *'[y/N] ' ]] && IFS= read -r -d ' ' -t "$timeout" -u "$shown" part; do
		asked+="$part "
	done
	[[ $asked == *'[y/N] ' ]] || fail "not asked: $asked"
}

# answer [TEXT] : types TEXT and a newline, or by default the end of file; sets status,
# output, and stderr to the text on the terminal after the question.
answer()
{
	[ $# -eq 0 ] || printf '%s\n' "$1" >&"$typed"
	exec {typed}>&-
	stderr=$(cat <&"$shown")
	exec {shown}<&-
	status=0
	wait "$rm_pid" || status=$?
	output=$(cat "$BATS_TEST_TMPDIR/out")
	rm "$BATS_TEST_TMPDIR"/{typed,shown}
	refuse_breakdown "ipctool rm"
}
