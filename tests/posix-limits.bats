#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `ipctool limits pshm`: what fills /dev/shm, against statvfs(3).

load common
load posix

# used RESOURCE : how much of it, in $output.
used()
{
	jq --arg resource "$1" '.limits[] | select(.resource == $resource) | .used' <<<"$output"
}

# adds_up : the bytes of objects, of files without names and of other files are all of them.
adds_up()
{
	local objects all

	tool limits pshm -J
	assert_success
	assert_stderr
	objects=$(ipctool list pshm --total -o alloc --no-headings --bytes | tail -n 1 |
		grep -oE '[0-9]+$')
	all=$(stat -f -c '%b %f %S' /dev/shm | { read -r b f s; echo $(((b - f) * s)); })
	assert_equal "$(used PSHM_BYTES)" "$all"
	assert_equal "$((objects + $(used PSHM_UNLINKED) + $(used PSHM_OTHER)))" "$all"
}

@test "posix limits: the table" {
	requires root
	mount -o remount,size=4m,nr_inodes=100 /dev/shm
	file a 1048576 0600 "$user"
	file b 4096
	mkdir /dev/shm/d
	head -c 8192 /dev/zero >/dev/shm/d/f
	tool limits pshm --numeric
	assert_success
	assert_stderr
	assert_output - <<-END
		RESOURCE       WHAT                    USED  LIMIT  PERCENT  SYSCTL
		PSHM_BYTES     bytes of /dev/shm       1.0M   4.0M      25%
		               $user 1.0M, 0 4.0K
		PSHM_INODES    inodes of /dev/shm         5    100       5%
		               0 1, $user 1
		PSHM_UNLINKED  bytes without a name       0
		PSHM_OTHER     bytes of 2 other files  8.0K
	END
}

@test "posix limits: without an operand they are not shown" {
	tool limits -o type --no-headings
	assert_equal "$(sort -u <<<"$output" | paste -sd ' ')" 'msg sem shm'
	tool limits posix -o type --no-headings
	assert_equal "$(sort -u <<<"$output")" $'pmsg\npsem\npshm'
}

@test "posix limits: named, unlinked and other files add up to all bytes" {
	file a 12288
	file gone 409600
	start_helper use-file /dev/shm/gone mapped-r
	rm /dev/shm/gone
	mkdir -p /dev/shm/d/e
	head -c 5000 /dev/zero >/dev/shm/d/e/f
	mkfifo /dev/shm/fifo
	ln -s a /dev/shm/link
	# A file with two names counts once, and as an object if one of them is one.
	file twice 20480
	ln /dev/shm/twice /dev/shm/d/twice
	head -c 4096 /dev/zero >/dev/shm/d/own
	ln /dev/shm/d/own /dev/shm/d/own2
	adds_up
	assert_equal "$(used PSHM_UNLINKED)" 409600
	assert_equal "$(used PSHM_OTHER)" 12288
	assert_equal "$(jq -r '.limits[3].what' <<<"$output")" 'bytes of 8 other files'
}

@test "posix limits: no file of another process is opened" {
	requires strace
	file gone 4096
	start_helper use-file /dev/shm/gone mapped-r
	rm /dev/shm/gone
	strace -f -e trace=open,openat -o "$BATS_TEST_TMPDIR/calls" "$IPCTOOL_REAL" limits pshm \
		>/dev/null
	run grep -E '"/proc/[0-9]+' "$BATS_TEST_TMPDIR/calls"
	assert_output ''
}

@test "posix limits: what is mounted inside belongs to another file system" {
	mkdir /dev/shm/d
	mount -t tmpfs none /dev/shm/d
	head -c 40960 /dev/zero >/dev/shm/d/f
	adds_up
	assert_equal "$(used PSHM_OTHER)" 0
	umount /dev/shm/d
}

@test "posix limits: a directory that may not be read" {
	requires root
	mkdir -m 0700 /dev/shm/d
	run --separate-stderr "${by_user[@]}" "$IPCTOOL" limits pshm -J -o resource,used
	assert_failure 1
	assert_stderr "$(printf 'ipctool limits: %s: not everything could be counted: Permission denied\n' \
		PSHM_UNLINKED PSHM_OTHER)"
	assert_equal "$(jq -c '[.limits[] | .used == null]' <<<"$output")" '[false,false,true,true]'
}

@test "posix limits: a full file system says how to enlarge it" {
	mount -o remount,size=64k,nr_inodes=100 /dev/shm
	head -c 65536 /dev/zero >/dev/shm/a
	tool limits PSHM_BYTES --warn=100
	assert_failure 1
	assert_stderr 'ipctool limits: PSHM_BYTES: 65536 of 65536 bytes of /dev/shm are used, 100% or more'
	assert_line --regexp '^ +mount -o remount,size=131072 /dev/shm$'
}

@test "posix limits: a file system without a limit" {
	mount -o remount,size=0,nr_inodes=0 /dev/shm
	file a
	tool limits pshm -J -o used,limit,percent
	assert_success
	assert_stderr
	assert_equal "$(jq -c '[.limits[] | [.used, .limit, .percent]]' <<<"$output")" \
		'[[null,null,null],[null,null,null],[null,null,null],[0,null,null]]'
}

@test "posix limits: a directory of a larger file system" {
	mkdir "$BATS_TEST_TMPDIR/whole"
	mount -t tmpfs -o size=1m tmpfs "$BATS_TEST_TMPDIR/whole"
	mkdir "$BATS_TEST_TMPDIR/whole/part"
	head -c 8192 /dev/zero >"$BATS_TEST_TMPDIR/whole/f"
	mount --bind "$BATS_TEST_TMPDIR/whole/part" /dev/shm
	file a
	tool limits pshm -J -o resource,used
	assert_success
	assert_stderr
	assert_equal "$(used PSHM_UNLINKED)" null
	umount /dev/shm
	umount "$BATS_TEST_TMPDIR/whole"
}

@test "posix limits: no tmpfs" {
	requires root
	mount -t ramfs none /dev/shm
	tool limits pshm shm -o type --no-headings
	umount /dev/shm
	assert_failure 2
	assert_stderr 'ipctool limits: /dev/shm is not a tmpfs (ramfs); nothing was done'
	assert_equal "$(sort -u <<<"$output")" shm
}

@test "posix limits: metrics take no lease, and judge nothing" {
	requires strace
	file a 4096 0600
	touch -d '3 days ago' /dev/shm/a
	strace -f -e trace=fcntl -o "$BATS_TEST_TMPDIR/calls" "$IPCTOOL_REAL" \
		limits pshm --format=prometheus >"$BATS_TEST_TMPDIR/metrics" 2>"$BATS_TEST_TMPDIR/err"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/err")" ''
	run grep F_SETLEASE "$BATS_TEST_TMPDIR/calls"
	assert_output ''
	run grep -E '^ipctool_(objects|allocated)' "$BATS_TEST_TMPDIR/metrics"
	assert_output - <<-END
		ipctool_objects{type="pshm",owner="root",uid="0",stale="unknown"} 1
		ipctool_objects_bytes{type="pshm",owner="root",uid="0",stale="unknown"} 4096
		ipctool_allocated_bytes{type="pshm",owner="root",uid="0"} 4096
	END
}

@test "posix limits: whether the whole file system is shown could not be read" {
	requires root strace
	file a
	split strace -qqq -o /dev/null -P /dev/shm -e inject=readlink:error=ENOMEM "$IPCTOOL" \
		limits pshm -J -o resource,used
	assert_failure 1
	assert_stderr --regexp '^ipctool limits: .*: Cannot allocate memory$'
	assert_equal "$(used PSHM_UNLINKED)" null
}
