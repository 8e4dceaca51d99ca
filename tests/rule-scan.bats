#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# What happens during the scan of the processes: a process hands over to another one, starts
# between the two scans, or gets the pid of another one. And parts of /proc that cannot be read.

load common
load stale
load preload

setup_file()
{
	build_preload
}

setup()
{
	requires root
}

# answer : continues the stopped list, and prints what it says of its object.
answer()
{
	assert_success
	jq -r '.objects[0] | "\(.stale)/\(.cause)"' <<<"$output"
}

# list_stops CALL:PATH:N REF : starts a list of this object's verdict, which stops at this call.
list_stops()
{
	stopped_at "$1" list -J -o stale,cause --grace=0s --alone "$2"
}

@test "scan: nothing happens during the scan" {
	local id where
	id=$(used_sem 1 key=0x81)

	for where in closedir:/proc:1 opendir:/proc:2 sleep:-:1 opendir:/proc:3 opendir:/proc:4; do
		list_stops "$where" "sem:$id"
		going_on
		assert_equal "$where $(answer)" "$where true/none"
	done
}

@test "scan: a worker hands over to another worker" {
	local id where
	id=$(used_sem 1 key=0x82)

	# After the list was read, before and after the look at the worker.
	for where in closedir:/proc:1 opendir:/proc:2; do
		start_helper as "$user" crowd 0
		list_stops "$where" "sem:$id"
		start_helper as "$user" crowd 0
		end_helper $((${#helper_pids[@]} - 2))
		going_on
		assert_equal "$where $(answer)" "$where false/may-know"
		end_helper
	done
}

@test "scan: a process starts between the two scans" {
	local id where
	id=$(used_sem 1 key=0x83)

	for where in sleep:-:1 opendir:/proc:3 opendir:/proc:4; do
		list_stops "$where" "sem:$id"
		start_helper as "$user" crowd 0
		going_on
		assert_equal "$where $(answer)" "$where false/may-know"
		end_helper
	done
}

@test "scan: stat confirms too, and an object that is not stale needs no second scan" {
	local id
	id=$(used_sem 1 key=0x84)

	stopped_at sleep:-:1 stat -J -o stale --grace=0s --alone "sem:$id"
	start_helper as "$user" crowd 0
	going_on
	assert_success
	assert_equal "$(jq .objects[0].stale <<<"$output")" false
	# It would end, because it cannot report that it has stopped.
	with_preload PRELOAD_STOP=sleep:-:1 PRELOAD_OUT=/none
	judged "sem:$id=false/may-know"
}

@test "scan: a thread hands over to another thread" {
	local id pid told
	id=$(used_sem 1 key=0x85)

	# Its user is looked at after its namespace, each with two lists of the threads.
	for where in 1 3 4; do
		open_told
		start_helper threadas "$user" 9
		pid=${ready[0]}
		list_stops "closedir:/proc/$pid/task:$where" "sem:$id"
		tell_helper $((${#helper_pids[@]} - 1))
		going_on
		assert_equal "$where $(answer)" "$where false/may-know"
		end_helper
		rm "$BATS_TEST_TMPDIR/told"
	done
}

@test "scan: a new process gets the pid of one that was examined" {
	requires set_tid
	local id pid
	id=$(used_sem 1 key=0x86)

	start_helper child hold as="$other" raw-index sem
	pid=${ready[0]}
	list_stops opendir:/proc:2 "sem:$id"
	end_helper
	start_helper child hold "pid=$pid" as="$user" raw-index sem
	going_on
	assert_equal "$(answer)" false/may-know
}

# --- What cannot be read ------------------------------------------------------------------

@test "scan: the list of processes cannot be read" {
	local shm sem msg rule text
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)

	start_helper as "$user" crowd 0
	# EMFILE, EIO, EACCES, ENOENT and ENOMEM: at the start, in the middle, in the second pass.
	for rule in opendir:/proc:1:24 opendir:/proc:1:13 readdir:/proc:1:5 readdir:/proc:12:2 \
		opendir:/proc:2:12; do
		with_preload "PRELOAD_FAIL=$rule"
		split "${inside[@]}" "$IPCTOOL" list --stale --grace=0s --alone -o ref --no-headings
		[ "$status" -le 1 ]
		assert_output ''
	done
	end_helper
	with_preload PRELOAD_FAIL=opendir:/proc:1:24
	judged "shm:$shm=null/scan" "sem:$sem=null/scan" "msg:$msg=null/scan"
	text=$(reason "shm:$shm")
	assert_equal "$text" \
		"not every process could be examined: /proc cannot be read: Too many open files"
	with_preload PRELOAD_FAIL=readdir:/proc:12:5
	judged "shm:$shm=null/scan" "sem:$sem=null/scan" "msg:$msg=null/scan"
	inside=(env)
	judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
}

@test "scan: the list of threads of a process cannot be read" {
	local id pid
	id=$(used_sem)

	start_helper threadas "$other"
	pid=${ready[0]}
	judged "sem:$id=true/none"
	for rule in opendir "readdir"; do
		with_preload "PRELOAD_FAIL=$rule:/proc/$pid/task:1:5"
		judged "sem:$id=null/scan"
	done
	# A process that has ended meanwhile gives the same error as a list that is gone; the scan
	# looks again.
	with_preload "PRELOAD_FAIL=opendir:/proc/$pid/task:1:2"
	judged "sem:$id=null/scan"
}

@test "scan: the second scan fails" {
	local id
	id=$(used_sem)

	with_preload PRELOAD_FAIL=opendir:/proc:3:24
	split "${inside[@]}" "$IPCTOOL" list --stale --grace=0s --alone -o ref --no-headings
	assert_success
	assert_output ''
}

@test "scan: /proc is not mounted" {
	requires no_proc
	local shm sem
	shm=$(used_shm)
	sem=$(used_sem)

	start_helper as "$user" crowd 0
	# shellcheck disable=SC2016 # the inner shell's own
	inside=(unshare --mount --propagation unchanged sh -c '
		mount -t tmpfs none /proc && exec "$@"' sh)
	judged "shm:$shm=null/scan" "sem:$sem=null/scan"
}
