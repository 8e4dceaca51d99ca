#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The base of the other tests: private namespaces, the helper's factories, and helpers
# that end.

load common

# count shm|sem|msg : the objects of the type, from the kernel's own table.
count()
{
	tail -n +2 "/proc/sysvipc/$1" | wc -l
}

@test "harness: the namespace is private and starts empty" {
	assert_not_equal "$(readlink /proc/self/ns/ipc)" "$IPCTOOL_OUTER_IPC_NS"
	assert_equal "$(count shm) $(count sem) $(count msg)" "0 0 0"
}

@test "harness: factories for one object" {
	local id

	id=$(helper shm 4096 key=0x81234567 mode=0640)
	run helper raw shm "$id"
	assert_line key=0x81234567
	assert_line mode=0640
	assert_line size=4096
	assert_line nattch=0

	id=$(helper sem 3 key=-1)
	helper setall "$id" 4
	helper semop "$id" 1 -1
	run helper raw sem "$id"
	assert_line key=0xffffffff
	assert_line nsems=3
	assert_line val.0=4
	assert_line val.1=3

	helper msg mode=0000 qbytes=1000
	run helper raw-index msg
	assert_line used_ids=1
	assert_line max_index=0
}

@test "harness: an attached segment stays until its helper ends" {
	local id

	id=$(helper shm 100)
	start_helper attach "$id" times=3 ro
	assert_equal "${ready[0]}" "$id"
	run helper raw shm "$id"
	assert_line nattch=3
	assert_line "lpid=${ready[1]}"
	end_helper
	run helper raw shm "$id"
	assert_line nattch=0
}

@test "harness: a segment marked for destruction" {
	start_helper attach-dest 100
	run helper raw shm "${ready[0]}"
	assert_line mode=1600
	end_helper
	assert_equal "$(count shm)" 0
}

@test "harness: blocked on a semaphore, and woken up" {
	local id

	id=$(helper sem 2)
	start_helper semwait "$id" 1 dec
	helper setval "$id" 0 1
	start_helper semwait "$id" 0 zero
	run helper raw sem "$id"
	assert_line ncnt.1=1
	assert_line zcnt.0=1
	assert_line ncnt.0=0
	helper setval "$id" 1 1
	run helper raw sem "$id"
	assert_line ncnt.1=0
	assert_line zcnt.0=1
}

@test "harness: blocked on queues" {
	local empty full

	empty=$(helper msg)
	full=$(helper msg)
	start_helper msgwait "$empty"
	run cat "/proc/${ready[1]}/stat"
	assert_output --partial ") S "
	start_helper sendwait "$full"
	run cat "/proc/${ready[1]}/stat"
	assert_output --partial ") S "
	run helper raw msg "$full"
	assert_line cbytes=16384
	helper recv "$full"
}

@test "harness: a helper that cannot reach its state reports it at once" {
	run helper attach 5
	assert_failure 1
	assert_output "ipchelper: shmat: Invalid argument"
	run helper semwait 5 0 dec
	assert_failure 1
	assert_output "ipchelper: semop: Invalid argument"
	run start_helper attach 5
	assert_failure 1
	assert_output --partial "ipchelper: shmat: Invalid argument"
}

@test "harness: the helper parses numbers strictly" {
	for arguments in "shm" "shm x" "shm +1" "shm 1x" "sem 1 mode=01000" "raw shm -1" \
		"raw pshm 0" "raw shm 4294967296" "nothing" "deny shmctl=EFOO -- true"; do
		# shellcheck disable=SC2086 # several words
		run helper $arguments
		assert_failure 2
	done
}

@test "harness: a population of all sorts" {
	start_helper population 42
	assert_equal "${ready[0]}" ready
	[ "$(count shm)" -ge 15 ]
	[ "$(count sem)" -ge 20 ]
	[ "$(count msg)" -ge 20 ]
	# Some are marked for destruction, and some keys have the sign bit set.
	run awk 'NR > 1 && $3 ~ /^[13]...?$/ { n++ } END { print (n > 0) }' /proc/sysvipc/shm
	assert_output 1
	run awk 'NR > 1 && $1 < 0 { n++ } END { print (n > 0) }' /proc/sysvipc/msg
	assert_output 1
	end_helper
	wipe
	assert_equal "$(count shm) $(count sem) $(count msg)" "0 0 0"
}

@test "harness: bulk" {
	run helper bulk 50
	assert_output "50 50 50"
	assert_equal "$(count shm) $(count sem) $(count msg)" "50 50 50"
}

@test "harness: the fate of a process" {
	local id

	id=$(helper sem 3)
	start_helper child hold semop "$id" 0 5
	run cat "/proc/${ready[0]}/stat"
	assert_output --regexp '^[0-9]+ \(ipchelper\) [RST] '
	start_helper child zombie semop "$id" 1 1
	run cat "/proc/${ready[0]}/stat"
	assert_output --partial ") Z "
	start_helper child threads semop "$id" 2 1 undo
	run cat "/proc/${ready[0]}/stat"
	assert_output --partial ") Z "
	run ls "/proc/${ready[0]}/task"
	assert_equal "${#lines[@]}" 2
	run helper raw sem "$id"
	assert_line val.2=1
	assert_line "pid.2=${ready[0]}"
	end_helper
	run helper raw sem "$id"
	assert_line val.2=0
	run helper child hold semop "$id" 7 1
	assert_failure 1
	assert_output "ipchelper: semop: File too large"
}

@test "harness: a process with a reused pid" {
	requires set_tid
	local id

	id=$(helper sem 1)
	start_helper child zombie pid=4711 semop "$id" 0 1
	assert_equal "${ready[0]}" 4711
	end_helper
	run helper raw sem "$id"
	assert_line pid.0=4711
	start_helper child hold pid=4711 raw-index sem
	assert_equal "${ready[0]}" 4711
}

@test "harness: denied calls" {
	requires seccomp
	local id

	run helper deny shmget=ENOSYS,semctl:2=EACCES -- "$IPCHELPER" shm 1
	assert_output "ipchelper: shmget: Function not implemented"
	id=$(helper sem 1)
	run helper deny shmget=ENOSYS,semctl:2=EACCES -- "$IPCHELPER" raw sem "$id"
	assert_output "ipchelper: IPC_STAT: Permission denied"
	run helper deny shmget=ENOSYS,semctl:3=EACCES -- "$IPCHELPER" raw sem "$id"
	assert_success
}

@test "harness: another user's objects" {
	requires root
	local id

	id=$(helper sem 1 as=1000)
	run helper raw sem "$id"
	assert_line cuid=1000
	assert_line uid=1000
	id=$(helper shm 1 uid=33 gid=34)
	run helper raw shm "$id"
	assert_line cuid=0
	assert_line uid=33
	assert_line gid=34
}

@test "harness: an orphan that ends is reaped" {
	local pid

	pid=$(sh -c 'sleep 0.1 >/dev/null 2>&1 3>&- & echo $!')
	while [ -e "/proc/$pid/stat" ]; do
		sleep 0.02
	done
}

@test "harness: wipe refuses the outer namespace" {
	helper sem 1
	IPCTOOL_OUTER_IPC_NS=$(readlink /proc/self/ns/ipc) run helper wipe
	assert_failure 1
	assert_output "ipchelper: wipe: this is the outer IPC namespace"
	IPCTOOL_OUTER_IPC_NS='' run helper wipe
	assert_failure 1
	assert_equal "$(count sem)" 1
}

@test "harness: an unknown requirement fails" {
	run requires nonsense
	assert_failure 1
	assert_output --partial "no such word: nonsense"
}

@test "harness: standard error is compared exactly" {
	split sh -c 'echo out; echo one >&2; echo two >&2'
	assert_output out
	assert_stderr $'one\ntwo'
	assert_stderr --partial tw
	assert_stderr --regexp '^one.two$'
	assert_stderr_line two
	assert_stderr_line --index 0 one
	run assert_stderr one
	assert_failure 1
	run assert_stderr
	assert_failure 1
	run assert_stderr_line tw
	assert_failure 1
	run assert_stderr_line --index 1 one
	assert_failure 1
}

@test "harness: crashes and other breakdowns fail whatever a test expects" {
	run split sh -c 'exit 99'
	assert_failure 1
	assert_output --partial "a sanitizer's report"
	run split sh -c 'kill -SEGV $$'
	assert_failure 1
	assert_output --partial "a crash"
	timeout=0.1
	run split sleep 5
	assert_failure 1
	assert_output --partial "not done after 0.1 seconds"
}

@test "harness: a failure in a command substitution fails the test" {
	asserts_nonsense()
	{
		assert_equal 1 2 2>/dev/null
		echo unreached
	}
	local status=0

	# As in a test: without a caller that checks the status, which would turn errexit
	# off.
	{
		found=$(asserts_nonsense)
		echo "went on: $found"
	} >"$BATS_TEST_TMPDIR/found" 3>&- &
	wait "$!" || status=$?
	assert_equal "$status" 1
	assert_equal "$(cat "$BATS_TEST_TMPDIR/found")" ""
}

@test "harness: a file that exceeds its time is killed with a message" {
	requires root

	# shellcheck disable=SC2016 # the file's own
	printf '%s\n' '@test "endless" {' '	read -r <>"$fifo"' '}' >"$BATS_TEST_TMPDIR/endless.bats"
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	# bats puts its own directory before the others.
	split env -i PATH="${PATH#*bats-core:}" IPCTOOL="$IPCTOOL" IPCHELPER="$IPCHELPER" \
		fifo="$BATS_TEST_TMPDIR/fifo" IPCTOOL_TESTS_TIMEOUT=3 \
		sh "$IPCTOOL_SRCDIR/tests/run-bats" "$BATS_TEST_TMPDIR/endless.bats"
	assert_success
	assert_line --index 0 1..1
	assert_line --index 1 "Bail out! killed after 3 s; IPCTOOL_TESTS_TIMEOUT sets the limit"
	assert_equal "${#lines[@]}" 2
}
