#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The bytes of POSIX shared memory objects, out and in.

# shellcheck disable=SC2016 # what inner shells are to expand
# shellcheck disable=SC2154 # status, output and stderr are set by run

load common
load posix
load life

setup()
{
	start_shm
	data=$BATS_TEST_TMPDIR/data
}

@test "posix read: exact bytes, whole and in part" {
	head -c 3500000 /dev/urandom >"$data"
	cp "$data" /dev/shm/a
	ipctool read pshm:/a | cmp - "$data"
	ipctool read pshm:a >"$data.out"
	cmp "$data.out" "$data"
	ipctool read pshm:/a --offset=1M --length=1M | cmp - <(tail -c +1048577 "$data" | head -c 1M)
	ipctool read pshm:/a --offset=777 | cmp - <(tail -c +778 "$data")
	ipctool read pshm:/a --offset=3499999 --length=1 | cmp - <(tail -c 1 "$data")
	tool read pshm:/a --offset=3500000
	assert_silent
	tool read pshm:/a --offset=3500001
	assert_refused "ipctool read: pshm:/a: offset 3500001 is beyond its end: it has 3500000 bytes"
	file empty 0
	tool read pshm:/empty
	assert_silent
}

@test "posix write: exact bytes, whole and in part" {
	head -c 3500000 /dev/urandom >"$data"
	file a 3500000
	tool write pshm:/a "$data"
	assert_silent
	cmp /dev/shm/a "$data"
	file a 3500000
	# shellcheck disable=SC2002 # it is to come through a pipe
	cat "$data" | ipctool write pshm:/a
	cmp /dev/shm/a "$data"
	file b 10
	printf abc | ipctool write pshm:/b
	printf 'de' | ipctool write pshm:/b --offset=4
	printf '12345' | ipctool write pshm:/b --offset=1 --length=1
	cmp /dev/shm/b <(printf 'a1c\0de\0\0\0\0')
}

@test "posix write: never extends the object" {
	file a 6
	printf '0123456789ab' >"$data"
	tool write pshm:/a "$data"
	assert_refused "ipctool write: pshm:/a: $data has 12 bytes, and there is room for 6; nothing was written"
	cmp /dev/shm/a <(head -c 6 /dev/zero)
	split bash -c 'cat "$1" | "$IPCTOOL" write pshm:/a' - "$data"
	assert_refused "ipctool write: pshm:/a: standard input has more than 6 bytes; 6 bytes were written"
	assert_equal "$(cat /dev/shm/a)" 012345
	split bash -c 'printf XY | "$IPCTOOL" write pshm:/a --length=7'
	assert_refused "ipctool write: pshm:/a: 7 bytes from offset 0 go beyond its end: it has 6 bytes"
	split bash -c 'printf XY | "$IPCTOOL" write pshm:/a --length=3'
	assert_refused "ipctool write: pshm:/a: standard input ended after 2 of 3 bytes (--length); these were written"
	assert_equal "$(cat /dev/shm/a)" XY2345
	file empty 0
	split bash -c 'printf x | "$IPCTOOL" write pshm:/empty'
	assert_refused "ipctool write: pshm:/empty: standard input has more than 0 bytes; 0 bytes were written"
	assert_equal "$(stat -c %s /dev/shm/empty)" 0
}

@test "posix read: a hole stays a hole" {
	truncate -s 40M /dev/shm/a
	assert_equal "$(ipctool read pshm:/a | tr -d '\0' | wc -c)" 0
	assert_equal "$(ipctool read pshm:/a | wc -c)" 41943040
	assert_equal "$(stat -c %b /dev/shm/a)" 0
	# Larger than the file system and all memory.
	truncate -s 1T /dev/shm/a
	assert_equal "$(ipctool read pshm:/a --offset=1023G --length=3M | wc -c)" 3145728
	assert_equal "$(stat -c %b /dev/shm/a)" 0
}

@test "posix write: a full /dev/shm" {
	requires root

	truncate -s 100M /dev/shm/a
	split bash -c 'head -c 100M /dev/zero | "$IPCTOOL" write pshm:/a'
	assert_failure 1
	assert_output ''
	assert_stderr --regexp '^ipctool write: pshm:/a: /dev/shm is full; 6[0-9]+ bytes were written$'
	assert_equal "$(stat -c %s /dev/shm/a)" 104857600
}

@test "posix read: an object that is truncated meanwhile" {
	file a 3000000
	stopped_at pread:-:2 read pshm:/a
	truncate -s 1100000 /dev/shm/a
	going_on
	assert_failure 1
	assert_equal "$(wc -c <"$stop_fifos/stdout")" 1100000
	assert_stderr "ipctool read: pshm:/a: the file was truncated meanwhile; 1100000 bytes were written"
}

@test "posix write: an object that is truncated meanwhile is not extended" {
	file a 3000000
	head -c 3000000 /dev/urandom >"$data"
	stopped_at pwrite:-:1 write pshm:/a "$data"
	truncate -s 1048576 /dev/shm/a
	going_on
	assert_refused "ipctool write: pshm:/a: the file was truncated meanwhile; 1048576 bytes were written"
	assert_equal "$(stat -c %s /dev/shm/a)" 1048576
}

@test "posix read and write: permission" {
	requires root

	file a 4096 0 "$user"
	split "${by_user[@]}" "$IPCTOOL" read pshm:/a
	assert_refused "ipctool read: pshm:/a: cannot be opened for reading: Permission denied"
	split "${by_user[@]}" "$IPCTOOL" write pshm:/a /dev/null
	assert_refused "ipctool write: pshm:/a: cannot be opened for writing: Permission denied"
	# Each needs its own permission only.
	file w 3 0222 23456
	file r 3 0444 23456
	printf abc >"$data"
	chmod 0755 "$BATS_TEST_TMPDIR"
	split "${by_user[@]}" bash -c 'printf abc | "$IPCTOOL" write pshm:/w'
	assert_silent
	assert_equal "$(cat /dev/shm/w)" abc
	split "${by_user[@]}" bash -c '"$IPCTOOL" read pshm:/r | od -An -tx1'
	assert_output ' 00 00 00'
	split "${by_user[@]}" "$IPCTOOL" read pshm:/w
	assert_refused "ipctool read: pshm:/w: cannot be opened for reading: Permission denied"
}

@test "posix read: the time of access of one's own object stays" {
	file a
	touch -a -d '2020-01-01' /dev/shm/a
	tool read pshm:/a --length=1
	assert_success
	assert_equal "$(stat -c %X /dev/shm/a)" "$(date -d 2020-01-01 +%s)"
}

@test "posix read and write: what is no object" {
	mkdir /dev/shm/d
	mkfifo /dev/shm/f
	echo secret >"$data"
	ln -s "$data" /dev/shm/l
	for name in "d a directory" "f a FIFO" "l a symbolic link"; do
		for command in read write; do
			split "$IPCTOOL" $command "pshm:/${name%% *}" </dev/null
			assert_refused "ipctool $command: pshm:/${name%% *}: is ${name#* }, not an object"
		done
	done
	tool read pshm:/none
	assert_refused "ipctool read: pshm:/none: no such object"
}

@test "posix read: a lease of another process" {
	requires python

	file a 3
	python3 -c '
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
fd = os.open("/dev/shm/a", os.O_RDONLY)
fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
' <>"$(mkfifo "$BATS_TEST_TMPDIR/in"; echo "$BATS_TEST_TMPDIR/in")" >"$BATS_TEST_TMPDIR/held" 3>&- &
	holder=$!
	until [ -s "$BATS_TEST_TMPDIR/held" ]; do
		sleep 0.01
	done
	tool read pshm:/a
	kill "$holder"
	wait "$holder" || true
	assert_refused "ipctool read: pshm:/a: another process holds a lease on the file, fcntl(2), and does not give it back; try again"
	tool read pshm:/a
	assert_success
}

@test "posix read: escaped on a terminal" {
	printf 'a\033[2Jb\n' >/dev/shm/a
	split "$IPCTOOL_SRCDIR/tests/on-terminal" 80 "$IPCTOOL" read pshm:/a
	assert_success
	assert_line --partial 'a\x1b[2Jb'
}

@test "posix read and write: a closed output, a missing file, a limit of the size of files" {
	file a 2000000
	split bash -c '"$IPCTOOL" read pshm:/a >/dev/full'
	assert_failure 2
	assert_stderr "ipctool read: cannot write to standard output: No space left on device"
	tool write pshm:/a /nonexistent
	assert_failure 2
	assert_stderr "ipctool write: cannot open /nonexistent: No such file or directory"
	split bash -c 'ulimit -f 1; "$IPCTOOL" write pshm:/a --length=5000 /dev/zero'
	assert_refused "ipctool write: pshm:/a: cannot be written: File too large; 1024 bytes were written"
}

@test "posix read and write: usage" {
	file a
	tool read 'pshm:#12'
	assert_usage "ipctool read: pshm:#12: the object has no name any more; only list, stat and rm accept it"
	tool write 'pshm:#12'
	assert_usage "ipctool write: pshm:#12: the object has no name any more; only list, stat and rm accept it"
	tool send pshm:/a
	assert_usage "ipctool send: pshm:/a: not a message queue; use read or write"
	tool recv pshm:/a
	assert_usage "ipctool recv: pshm:/a: not a message queue; use read or write"
	tool semop pshm:/a 0-1
	assert_usage "ipctool semop: pshm:/a: not a semaphore; semop takes psem or sem"
	tool read pshm:/{1..256}
	assert_failure 2
}

@test "posix read and write: a /dev/shm that is no tmpfs" {
	requires root

	mount --bind "$BATS_TEST_TMPDIR" /dev/shm
	file a
	for command in read write; do
		split "$IPCTOOL" $command pshm:/a </dev/null
		assert_failure 2
		assert_output ''
		assert_stderr --regexp "^ipctool $command: /dev/shm is not a tmpfs \([a-z0-9]+\); nothing was done\$"
	done
	umount /dev/shm
}

@test "posix read: a copy of an object" {
	head -c 100000 /dev/urandom >/dev/shm/a
	tool create pshm:/b --size=100000
	assert_success
	ipctool read pshm:/a | ipctool write pshm:/b
	cmp /dev/shm/a /dev/shm/b
}
