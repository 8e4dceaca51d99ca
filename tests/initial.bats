#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# run-bats: the machine's processes
#
# What differs where all processes can be seen, in the initial PID namespace: a semaphore
# without a process is one that no process has used yet, and nothing is unknown because of the
# namespace.

load common
load stale

setup()
{
	[ "$(readlink /proc/self/ns/pid)" = 'pid:[4026531836]' ] ||
		skip "needs the initial PID namespace"
}

@test "initial: unused semaphores beside used ones" {
	requires root
	local id
	id=$(helper sem 3 as="$user")

	alone=()
	# Not used yet, so it waits for its user.
	judged "sem:$id=false/never-used"
	helper setval "$id" 1 1
	judged "sem:$id=true/none"
	start_helper child hold setval "$id" 2 1
	judged "sem:$id=false/recorded"
	end_helper
	start_helper semwait "$id" 0 dec
	judged "sem:$id=false/waiting"
	end_helper
	judged "sem:$id=true/none"
	# In other PID namespaces it is unknown.
	inside=("${apart[@]}")
	judged "sem:$id=null/namespace"
}

@test "initial: an unused semaphore is not in use and has no process" {
	local id
	id=$(helper sem 2)

	tool stat -J -o semaphores "sem:$id"
	assert_success
	assert_equal "$(jq -c '[.objects[0].semaphores[].pid]' <<<"$output")" '[null,null]'
	helper setval "$id" 0 1
	tool rm "sem:$id"
	assert_success
	assert_stderr
}

@test "initial: segments and queues without --alone" {
	requires root
	local shm id
	shm=$(used_shm)

	alone=()
	judged "shm:$shm=true/none"
	start_helper as "$user" crowd 0
	id=$(used_shm)
	judged "shm:$id=false/may-know"
	end_helper
	judged "shm:$id=true/none"
}

# hides_programs_alone REF : no more processes are hidden from a user than have a program.
hides_programs_alone()
{
	split "${by_user[@]}" "$IPCTOOL" list -J -o pids "$1"
	assert_success &&
		assert_stderr --regexp $'^ipctool list: 1 value could not be read: msg: processes that could not be looked at may use them\nipctool list: [0-9]+ process(es)? could not be looked at; run as root for the rest$' &&
		[[ ${stderr_lines[1]} =~ ([0-9]+) ]] &&
		[ "${BASH_REMATCH[1]}" -le "$(alive)" ]
}

@test "initial: kernel threads are not hidden processes" {
	requires root
	local id tries=0
	id=$(used_msg)

	# The only processes hidden from users are programs of other users. Some may have ended
	# since.
	until hides_programs_alone "msg:$id"; do
		[ $((tries++)) -lt 20 ]
	done
	tool list -J -o pids "msg:$id"
	assert_success
	if stat -L /proc/1/ns/ipc >/dev/null; then
		assert_stderr
		judged "msg:$id=true"
	else
		# Some machines protect a process from root; then the answer is unknown.
		assert_stderr --regexp $'^ipctool list: 1 value could not be read: msg: processes that could not be looked at may use them\nipctool list: [0-9]+ process(es)? could not be looked at$'
		judged "msg:$id=null"
	fi
	start_helper msgwait "$id"
	judged "msg:$id=false"
}

# alive : prints the number of processes that have a program, or had one a moment ago.
alive()
{
	local file count=20

	for file in /proc/[0-9]*/exe; do
		[ ! -e "$file" ] || count=$((count + 1))
	done
	echo "$count"
}
