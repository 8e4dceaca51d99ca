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
	refused shm "SHMMNI is full: 3 of 3 segments are used; to raise it: sysctl -w kernel.shmmni=6"
	assert_objects 3 0 0
}

@test "limits-hit: SEMMNI" {
	kernel_sets sem "32000 1024000000 500 2"
	fills 2 helper sem 1
	tool create sem --nsems=1
	refused sem "SEMMNI is full: 2 of 2 semaphore sets are used; to raise it: sysctl -w kernel.sem=\"32000 1024000000 500 4\""
	assert_objects 0 2 0
}

@test "limits-hit: MSGMNI" {
	kernel_sets msgmni 1
	fills 1 helper msg
	tool create msg
	refused msg "MSGMNI is full: 1 of 1 message queues are used; to raise it: sysctl -w kernel.msgmni=2"
	assert_objects 0 0 1
}

@test "limits-hit: limits lowered below the usage, and to 0" {
	fills 3 helper msg
	kernel_sets msgmni 1
	tool create msg
	refused msg "MSGMNI is full: 3 of 1 message queues are used; to raise it: sysctl -w kernel.msgmni=4"
	kernel_sets shmmni 0
	tool create shm --size=1
	refused shm "SHMMNI is full: 0 of 0 segments are used; to raise it: sysctl -w kernel.shmmni=1"
	kernel_sets sem "32000 1024000000 500 0"
	tool create sem --nsems=1
	refused sem "SEMMNI is full: 0 of 0 semaphore sets are used; to raise it: sysctl -w kernel.sem=\"32000 1024000000 500 1\""
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
	refused msg "MSGMNI is full: 1 of 1 message queues are used; to raise it: sysctl -w kernel.msgmni=2"
}

@test "limits-hit: SHMALL counts pages, rounded up for each segment" {
	local page
	page=$(getconf PAGESIZE)

	kernel_sets shmall 5
	helper shm $((2 * page + 1))
	tool create shm --size=$((2 * page + 1))
	refused shm "SHMALL is full: 3 of 5 pages of all segments are used, and 3 more are wanted; to raise it: sysctl -w kernel.shmall=10"
	tool create shm --size=$((2 * page))
	assert_success
	tool create shm --size=1
	refused shm "SHMALL is full: 5 of 5 pages of all segments are used; to raise it: sysctl -w kernel.shmall=10"
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
	refused sem "SEMMNS is full: 7 of 10 semaphores of all sets are used, and 4 more are wanted; to raise it: sysctl -w kernel.sem=\"32000 20 500 32000\""
	tool create sem --nsems=3
	assert_success
	tool create sem --nsems=1
	refused sem "SEMMNS is full: 10 of 10 semaphores of all sets are used; to raise it: sysctl -w kernel.sem=\"32000 20 500 32000\""
	assert_objects 0 2 0
}

@test "limits-hit: SEMMSL" {
	kernel_sets sem "4 1024000000 500 32000"
	tool create sem --nsems=5
	refused sem "5 is beyond SEMMSL, 4 semaphores of a set (sysctl kernel.sem, 1st of 4)"
	tool create sem --nsems=2147483647
	refused sem "2147483647 is beyond SEMMSL, 4 semaphores of a set (sysctl kernel.sem, 1st of 4)"
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
	refused shm "SHMMNI is full: 1 of 1 segments are used; to raise it: sysctl -w kernel.shmmni=2"
	kernel_sets shmmni 4096
	tool create shm --size=100000000
	assert_failure 1
	assert_stderr --partial "SHMALL is full: 1 of 10 pages of all segments are used, and "
}

@test "limits-hit: the command that raises it makes room" {
	local words

	kernel_sets shmall 5
	kernel_sets sem "32000 10 500 2"
	kernel_sets msgmni 2
	fills 2 helper msg
	helper sem 7
	for words in "msg" "sem --nsems=9" "shm --size=10M"; do
		# shellcheck disable=SC2086 # several words
		tool create $words
		assert_failure 1
		# What sysctl(8) does.
		[[ $stderr =~ "; to raise it: sysctl -w kernel."([a-z]+)=\"?([0-9 ]+)\"?$ ]]
		kernel_sets "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
		# shellcheck disable=SC2086 # several words
		tool create $words
		assert_success
	done
}

# with_cmdline TEXT COMMAND ARG... : a command on a kernel that seems to have been booted so.
with_cmdline()
{
	printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/cmdline"
	# shellcheck disable=SC2016 # the script's own
	split unshare --mount sh -c 'mount --bind "$0" /proc/cmdline && exec "$@"' \
		"$BATS_TEST_TMPDIR/cmdline" "${@:2}"
}

@test "limits-hit: at the kernel's maximum" {
	requires mount
	local at="SHMMNI is full: 32768 of 32768 segments are used; "
	local objects="remove objects, see ipctool list shm --by=owner"

	# Where this kernel has the option it takes more.
	! grep -qw ipcmni_extend /proc/cmdline || skip "the kernel has ipcmni_extend"
	kernel_sets shmmni 32768
	run ! kernel_sets shmmni 32769
	helper bulk 32768
	with_cmdline "quiet ro" "$IPCTOOL" create shm --size=1
	refused shm "${at}SHMMNI is at the kernel's maximum (32768; the boot option ipcmni_extend raises it); $objects"
	with_cmdline "ipcmni_extended xipcmni_extend" "$IPCTOOL" create shm --size=1
	refused shm "${at}SHMMNI is at the kernel's maximum (32768; the boot option ipcmni_extend raises it); $objects"
	with_cmdline "quiet ipcmni_extend ro" "$IPCTOOL" create shm --size=1
	refused shm "${at}to raise it: sysctl -w kernel.shmmni=65536"
	with_cmdline "quiet ro" "$IPCTOOL" limits SHMMNI
	assert_success
	assert_line --index 2 --regexp "^ +root 32768\$"
	assert_line --index 3 --regexp "^ +SHMMNI is at the kernel's maximum \(32768; the boot option ipcmni_extend raises it\); $objects\$"
	# Twice as much would be too much.
	kernel_sets shmmni 20000
	with_cmdline "quiet ro" "$IPCTOOL" create shm --size=1
	refused shm "SHMMNI is full: 32768 of 20000 segments are used; to raise it: sysctl -w kernel.shmmni=32768"
}
