#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# What rm refuses because a living process may know the object, by who asks and how.

load common
load stale

setup()
{
	requires root
}

@test "rule of rm: refused by conditions, removed if its owner names it" {
	local type id
	start_helper as "$user" crowd 0

	for type in shm sem msg; do
		id=$(used "$type")
		tool rm --alone --user="$user" --yes "$type"
		assert_failure 1
		assert_output ''
		assert_stderr --regexp "^ipctool rm: $type:$id: may be in use: process ${ready[0]} \(ipchelper\), started [0-9:]+, may know it"
		helper raw "$type" "$id" >/dev/null
		split "${by_user[@]}" "$IPCTOOL" rm --alone "$type:$id"
		assert_success
		assert_output ''
		run ! helper raw "$type" "$id"
	done
}

@test "rule of rm: a named set or queue of another owner is refused, a segment removed" {
	local type id
	start_helper as "$user" crowd 0

	for type in sem msg; do
		id=$(used "$type")
		tool rm --alone "$type:$id"
		assert_failure 1
		assert_output ''
		assert_stderr --regexp "^ipctool rm: $type:$id: may be in use: process ${ready[0]} \(ipchelper\), started [0-9:]+, may know it"
		helper raw "$type" "$id" >/dev/null
		tool rm --alone --force "$type:$id"
		assert_success
	done
	id=$(used_shm)
	tool rm --alone "shm:$id"
	assert_success
	run ! helper raw shm "$id"
}

@test "rule of rm: --unattached ignores processes that may know a segment" {
	local id
	start_helper as "$user" crowd 0
	id=$(used_shm)

	tool rm --alone --unattached --yes shm
	assert_success
	assert_output ''
	run ! helper raw shm "$id"
}

@test "rule of rm: the queue of an ordinary user beside processes that may not be examined" {
	local id
	id=$(helper msg as="$user")

	start_helper as "$user" msgwait "$id"
	split "${by_user[@]}" "$IPCTOOL" rm --alone "msg:$id"
	assert_failure 1
	assert_output ''
	# Yama may hide which queue it waits on.
	assert_stderr --regexp "^ipctool rm: msg:$id: (in use: 1 process waits on it: ${ready[1]} \(ipchelper\)|may be in use: process ${ready[1]} \(ipchelper\) waits on a queue)"
	end_helper
	start_helper as "$user" crowd 0
	# Without --alone, the processes that may exist outside are a reason to refuse.
	split "${by_user[@]}" "$IPCTOOL" rm "msg:$id"
	assert_failure 1
	assert_stderr --partial "(--alone says that none uses it)"
	split "${by_user[@]}" "$IPCTOOL" rm --alone "msg:$id"
	assert_success
	assert_output ''
	assert_stderr --regexp "^ipctool rm: msg:$id: [1-9][0-9]* process(es)? could not be examined and may use it\$"
	run ! helper raw msg "$id"
}
