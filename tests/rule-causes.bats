#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# The fields cause and reason: each word with its sentence, and where they appear.

load common
load stale

setup()
{
	requires root
}

# says REF STALE CAUSE REASON : compares list's fields in JSON, stat's line and the table. In
# them X stands for the start of a process, and T for a length of time.
says()
{
	local word

	split "${inside[@]}" "$IPCTOOL" list -J -o stale,cause,reason --grace="${grace:-0s}" \
		"${alone[@]}" "$1"
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause, .reason]' <<<"$output" | blur)" \
		"[$2,\"$3\",\"$4\"]"
	case $2 in
	true) word=yes ;;
	false) word=no ;;
	null) word=unknown ;;
	esac
	split "${inside[@]}" "$IPCTOOL" stat --grace="${grace:-0s}" "${alone[@]}" "$1"
	assert_success
	assert_equal "$(sed -n 's/^  STALE  *//p' <<<"$output" | blur)" "$word: $4"
	split "${inside[@]}" "$IPCTOOL" list --no-headings -o ref,cause,reason \
		--grace="${grace:-0s}" "${alone[@]}" "$1"
	assert_success
	assert_equal "$(blur <<<"$output")" "$1  $3  $4"
}

# blur : replaces what differs from run to run.
blur()
{
	sed -E 's/started [0-9: -]+,/started X,/; s/active [0-9]+ s ago/active T ago/'
}

@test "causes: none, grace and attached" {
	local id grace
	id=$(helper shm 1 as="$user")

	start_helper child hold touch "$id"
	pid=${ready[0]}
	end_helper
	says "shm:$id" true none "last used by process $pid, which has ended"
	grace=1h
	says "shm:$id" false grace \
		"it was active T ago, less than the grace time of 1 h (--grace)"
	grace=0s
	start_helper crowd 0 "$id"
	helper touch "$id"
	says "shm:$id" false attached "1 process attached: ${ready[0]} (ipchelper)"
}

@test "causes: recorded" {
	local shm sem msg
	shm=$(helper shm 1 as="$user")
	sem=$(used_sem 2)
	msg=$(used_msg)

	start_helper child hold touch "$shm"
	says "shm:$shm" false recorded "its last user lives: process ${ready[0]} (ipchelper)"
	start_helper child hold setval "$sem" 1 1
	says "sem:$sem" false recorded "process ${ready[0]} (ipchelper) used semaphore 1 last"
	start_helper child hold send "$msg" 1 1
	says "msg:$msg" false recorded "its last sender lives: process ${ready[0]} (ipchelper)"
}

@test "causes: waiting" {
	local sem msg
	sem=$(used_sem 2)
	msg=$(used_msg)

	start_helper semwait "$sem" 1 zero
	says "sem:$sem" false waiting \
		"1 process waits on semaphore 1: ${ready[1]} (ipchelper)"
	start_helper msgwait "$msg"
	says "msg:$msg" false waiting "1 process waits on it: ${ready[1]} (ipchelper)"
}

@test "causes: messages and never-used" {
	local id
	id=$(helper msg key=0x92 as="$user")

	says "msg:$id" false never-used "no process has used it yet"
	helper send "$id" 1 1
	says "msg:$id" false messages "it holds 1 message, which waits for a reader"
	helper send "$id" 1 1
	says "msg:$id" false messages "it holds 2 messages, which wait for a reader"
}

@test "causes: may-know" {
	local id
	id=$(used_sem 1 key=0x93)

	start_helper as "$user" crowd 0
	says "sem:$id" false may-know "process ${ready[0]} (ipchelper), started X, may know it"
	end_helper
	start_helper as "$user" crowd 2
	says "sem:$id" false may-know \
		"process ${ready[0]} (ipchelper), started X, may know it (one of 3 such processes)"
}

@test "causes: session" {
	knows_boot
	local id
	id=$(used_shm)

	settle shm "$id"
	start_helper leaderless "$user"
	says "shm:$id" null session \
		"process ${ready[0]} (ipchelper), started X, may know it: the leader of its session has ended, so what it was told is unknown"
}

@test "causes: namespace and scan" {
	local id
	id=$(used_msg)

	alone=()
	says "msg:$id" null namespace \
		"processes outside this PID namespace cannot be seen (--alone says that none uses it)"
	alone=(--alone)
	inside=("${by_user[@]}")
	split "${inside[@]}" "$IPCTOOL" list -J -o cause,reason --grace=0s --alone "msg:$id"
	assert_equal "$(jq -r '.objects[0] | .cause, .reason' <<<"$output" |
		sed -E 's/[0-9]+ processes/N processes/')" "scan
N processes could not be examined"
}
