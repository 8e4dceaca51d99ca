#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a new user sees first: the output of `make demo`, with the commands that it ran.

load common

@test "demo: shows leftover objects, the users of the others, and removes the leftover ones" {
	split sh "$IPCTOOL_SRCDIR/tests/demo"
	assert_success
	assert_stderr
	assert_line "$ ipctool list"
	assert_line --regexp '^shm:0  0x0052e2c1  [^ ]+ +0600   16M  2 attached   [0-9]s$'
	assert_line --regexp '^msg:0  0x00001234  [^ ]+ +0660   12K  12 messages  [0-9]s$'
	assert_line "$ ipctool rm shm:0"
	assert_line --regexp '^ipctool rm: shm:0: in use: 1 process attached: [0-9]+ \(ipchelper\); use --force to mark it for removal anyway$'
	assert_line --regexp '^shm:1  no +may-know +process [0-9]+ \(sh\), started [0-9:]+, may know it'
	assert_line --regexp '^would remove shm:1: unattached; process [0-9]+ \(sh\), started [0-9:]+, may know it'
	assert_line --regexp '^removed shm:1 \(no key, owner [^ ]+, 512M, idle [0-9]+s; last used by process [0-9]+, which has ended\)$'
	assert_line --regexp '^\{"ref": "msg:0", .*"qnum": 12, '
	# It uses its own namespace, of which nothing remains.
	tool list --no-headings
	assert_output ""
}

@test "demo: if programs are missing, it says what to do" {
	IPCHELPER=/nonexistent split sh "$IPCTOOL_SRCDIR/tests/demo"
	assert_failure 1
	assert_output ""
	assert_stderr "demo: /nonexistent is not there: run make tests/ipchelper"
}
