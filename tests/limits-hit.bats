#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The messages of create when a limit of the kernel prevents it: which limit, how full it
# is, and which sysctl sets it. The limits are those of the test's own namespace.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life

setup()
{
	requires sysctl
}

# refused TYPE WHY : create creates nothing and gives this reason.
refused()
{
	assert_refused "ipctool create: $1: cannot create it: $2"
}

# fills COUNT COMMAND... : the command succeeds this many times.
fills()
{
	local n

	for ((n = 0; n < $1; n++)); do
		"${@:2}" >/dev/null
	done
}

@test "limits-hit: SHMMNI" {
	kernel_sets shmmni 3
	fills 3 helper shm 1
	tool create shm --size=1
	refused shm "SHMMNI is full: 3 of 3 segments are used (sysctl kernel.shmmni)"
	assert_objects 3 0 0
}

@test "limits-hit: SEMMNI" {
	kernel_sets sem "32000 1024000000 500 2"
	fills 2 helper sem 1
	tool create sem --nsems=1
	refused sem "SEMMNI is full: 2 of 2 semaphore sets are used (sysctl kernel.sem)"
	assert_objects 0 2 0
}

@test "limits-hit: MSGMNI" {
	kernel_sets msgmni 1
	fills 1 helper msg
	tool create msg
	refused msg "MSGMNI is full: 1 of 1 message queues are used (sysctl kernel.msgmni)"
	assert_objects 0 0 1
}

@test "limits-hit: limits lowered below the usage, and to 0" {
	fills 3 helper msg
	kernel_sets msgmni 1
	tool create msg
	refused msg "MSGMNI is full: 3 of 1 message queues are used (sysctl kernel.msgmni)"
	kernel_sets shmmni 0
	tool create shm --size=1
	refused shm "SHMMNI is full: 0 of 0 segments are used (sysctl kernel.shmmni)"
	kernel_sets sem "32000 1024000000 500 0"
	tool create sem --nsems=1
	refused sem "SEMMNI is full: 0 of 0 semaphore sets are used (sysctl kernel.sem)"
}

@test "limits-hit: a full table does not affect existing objects" {
	local id

	kernel_sets msgmni 1
	id=$(helper msg key=5)
	tool create msg --key=5 --exist-ok
	assert_success
	assert_output "msg:$id"
	tool create msg --key=5
	assert_refused "ipctool create: msg:0x00000005: it exists already as msg:$id"
	tool create msg --key=6 --exist-ok
	refused msg "MSGMNI is full: 1 of 1 message queues are used (sysctl kernel.msgmni)"
}

@test "limits-hit: SHMALL counts pages, rounded up for each segment" {
	local page
	page=$(getconf PAGESIZE)

	kernel_sets shmall 5
	helper shm $((2 * page + 1))
	tool create shm --size=$((2 * page + 1))
	refused shm "SHMALL is full: 3 of 5 pages of all segments are used, and 3 more are wanted (sysctl kernel.shmall)"
	tool create shm --size=$((2 * page))
	assert_success
	tool create shm --size=1
	refused shm "SHMALL is full: 5 of 5 pages of all segments are used (sysctl kernel.shmall)"
	assert_objects 2 0 0
}

@test "limits-hit: SHMMAX" {
	kernel_sets shmmax 10000
	tool create shm --size=10001
	refused shm "10001 is beyond SHMMAX, 10000 bytes of a segment (sysctl kernel.shmmax)"
	tool create shm --size=10000
	assert_success
	tool create shm --size=16777215T
	refused shm "18446742974197923840 is beyond SHMMAX, 10000 bytes of a segment (sysctl kernel.shmmax)"
	assert_objects 1 0 0
}

@test "limits-hit: SEMMNS" {
	kernel_sets sem "32000 10 500 32000"
	helper sem 7
	tool create sem --nsems=4
	refused sem "SEMMNS is full: 7 of 10 semaphores of all sets are used, and 4 more are wanted (sysctl kernel.sem)"
	tool create sem --nsems=3
	assert_success
	tool create sem --nsems=1
	refused sem "SEMMNS is full: 10 of 10 semaphores of all sets are used (sysctl kernel.sem)"
	assert_objects 0 2 0
}

@test "limits-hit: SEMMSL" {
	kernel_sets sem "4 1024000000 500 32000"
	tool create sem --nsems=5
	refused sem "5 is beyond SEMMSL, 4 semaphores of a set (sysctl kernel.sem)"
	tool create sem --nsems=2147483647
	refused sem "2147483647 is beyond SEMMSL, 4 semaphores of a set (sysctl kernel.sem)"
	tool create sem --nsems=4
	assert_success
	assert_objects 0 1 0
}

@test "limits-hit: MSGMNB limits a new queue" {
	local id

	kernel_sets msgmnb 1234
	create msg
	assert_created msg
	assert_equal "$(fact msg "$id" qbytes)" 1234
	# With another mode too, which IPC_SET writes along with the limit.
	create msg --mode=0644
	assert_created msg
	assert_equal "$(fact msg "$id" qbytes)" 1234
}

@test "limits-hit: the message names the full one of several limits" {
	kernel_sets shmmni 1
	kernel_sets shmall 10
	helper shm 1
	tool create shm --size=1
	refused shm "SHMMNI is full: 1 of 1 segments are used (sysctl kernel.shmmni)"
	kernel_sets shmmni 4096
	tool create shm --size=100000000
	assert_failure 1
	assert_stderr --partial "SHMALL is full: 1 of 10 pages of all segments are used, and "
}
