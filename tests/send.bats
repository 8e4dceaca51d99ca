#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What ipctool sends, as others receive it, and what it refuses to send.

# shellcheck disable=SC2016 # what inner shells are to expand

load common
load ops

# random SIZE : a file of random bytes; its name is in the variable file.
random()
{
	file=$BATS_TEST_TMPDIR/random.$1
	head -c "$1" /dev/urandom >"$file"
}

@test "send: exact bytes from a file and from standard input" {
	local id size file

	id=$(helper msg)
	for size in 0 1 2 3 4095 4096 8191 8192; do
		random "$size"
		tool send "msg:$id" "$file"
		assert_success
		assert_output ''
		assert_stderr
		helper get "$id" | cmp - "$file"

		split bash -c '"$IPCTOOL" send "$1" <"$2"' - "msg:$id" "$file"
		assert_success
		helper get "$id" | cmp - "$file"

		# From a pipe it is not known how much will come.
		# shellcheck disable=SC2002
		cat "$file" | ipctool send "msg:$id"
		helper get "$id" | cmp - "$file"
	done
	assert_equal "$(qnum "$id")" 0
}

@test "send: by key, and with a type" {
	local id

	id=$(helper msg key=0x1234)
	ipctool send msg:0x1234 <<<one
	ipctool send --mtype=7 msg:0x1234 <<<seven
	ipctool send --mtype=9223372036854775807 msg:0x1234 <<<last
	assert_equal "$(helper get "$id" type=9223372036854775807)" last
	assert_equal "$(helper get "$id" type=7)" seven
	assert_equal "$(helper get "$id" type=1)" one
}

@test "send: each line is a message" {
	local id

	id=$(helper msg)
	printf 'one\n\nthr\0ee\nlast' >"$BATS_TEST_TMPDIR/lines"
	tool send --lines --mtype=3 "msg:$id" "$BATS_TEST_TMPDIR/lines"
	assert_success
	assert_equal "$(qnum "$id")" 4
	assert_equal "$(helper get "$id" type=3)" one
	assert_equal "$(helper get "$id" type=3 | wc -c)" 0
	helper get "$id" type=3 | cmp - <(printf 'thr\0ee')
	helper get "$id" | cmp - <(printf last)
	ipctool send --lines "msg:$id" </dev/null
	assert_equal "$(qnum "$id")" 0
}

@test "send: a line is sent as soon as it arrives" {
	local id input pid

	id=$(helper msg)
	mkfifo "$BATS_TEST_TMPDIR/input"
	"$IPCTOOL" send --lines "msg:$id" <"$BATS_TEST_TMPDIR/input" 3>&- &
	pid=$!
	exec {input}>"$BATS_TEST_TMPDIR/input"
	echo first >&"$input"
	assert_equal "$(ipctool recv "msg:$id" --timeout=10)" first
	echo second >&"$input"
	assert_equal "$(ipctool recv "msg:$id" --timeout=10)" second
	exec {input}>&-
	wait "$pid"
}

@test "send: larger than the kernel's limit" {
	local id file most

	id=$(helper msg)
	most=$(cat /proc/sys/kernel/msgmax)
	random $((most + 1))
	tool send "msg:$id" "$file"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool send: msg:$id: a message of $((most + 1)) bytes is larger than the $most that a message may have (sysctl kernel.msgmax)"

	split bash -c 'cat "$2" | "$IPCTOOL" send "$1"' - "msg:$id" "$file"
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: a message of $((most + 1)) bytes is larger than the $most that a message may have (sysctl kernel.msgmax)"

	tool send "msg:$id" /dev/zero
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: a message of more than 67108864 bytes is larger than the $most that a message may have (sysctl kernel.msgmax)"
	tool send --lines "msg:$id" /dev/zero
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: line 1: a message of more than 67108864 bytes is larger than the $most that a message may have (sysctl kernel.msgmax); 0 messages were sent"
	assert_equal "$(qnum "$id")" 0
}

@test "send: larger than the queue can ever hold" {
	local id

	id=$(helper msg qbytes=100)
	head -c 100 /dev/zero | ipctool send "msg:$id"
	helper get "$id" >/dev/null
	# The kernel would let it wait for ever.
	split bash -c 'head -c 101 /dev/zero | "$IPCTOOL" send "$1"' - "msg:$id"
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: a message of 101 bytes is larger than the 100 that the queue can ever hold (its qbytes, see ipctool set)"
	assert_equal "$(qnum "$id")" 0
}

@test "send: lines before one that is too large are sent" {
	local id

	id=$(helper msg qbytes=100)
	printf 'one\ntwo\n%0101d\nfour\n' 0 >"$BATS_TEST_TMPDIR/lines"
	tool send --lines "msg:$id" "$BATS_TEST_TMPDIR/lines"
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: line 3: a message of 101 bytes is larger than the 100 that the queue can ever hold (its qbytes, see ipctool set); 2 messages were sent"
	assert_equal "$(helper get "$id")" one
	assert_equal "$(helper get "$id")" two
	assert_equal "$(qnum "$id")" 0
}

@test "send: a full queue" {
	local id

	id=$(helper msg qbytes=10)
	printf 1234567 | ipctool send "msg:$id"
	split bash -c 'printf 5678 | "$IPCTOOL" send --timeout=0 "$1"' - "msg:$id"
	assert_failure 3
	assert_stderr "ipctool send: msg:$id: would block: the queue is full"
	split bash -c 'printf 5678 | "$IPCTOOL" send --timeout=0.05s "$1"' - "msg:$id"
	assert_failure 3
	assert_stderr "ipctool send: msg:$id: timed out after 0.05 s"
	split bash -c 'printf "abc\nd\n" | "$IPCTOOL" send --timeout=0 --lines "$1"' - "msg:$id"
	assert_failure 3
	assert_stderr "ipctool send: msg:$id: line 2: would block: the queue is full; 1 message was sent"
	assert_equal "$(qnum "$id")" 2
}

@test "send: it waits for room and then sends" {
	local id pid

	id=$(helper msg qbytes=4)
	printf 1234 | ipctool send "msg:$id"
	printf 5678 >"$BATS_TEST_TMPDIR/file"
	"$IPCTOOL" send "msg:$id" "$BATS_TEST_TMPDIR/file" 3>&- &
	pid=$!
	helper await "$pid" msgsnd
	assert_equal "$(helper get "$id")" 1234
	wait "$pid"
	"$IPCTOOL" send --timeout=1d "msg:$id" "$BATS_TEST_TMPDIR/file" 3>&- &
	pid=$!
	helper await "$pid" msgsnd
	assert_equal "$(helper get "$id")" 5678
	wait "$pid"
	assert_equal "$(helper get "$id")" 5678
}

@test "send: the queue is removed during the wait" {
	local id pid

	id=$(helper msg qbytes=4)
	printf 1234 | ipctool send "msg:$id"
	"$IPCTOOL" send "msg:$id" /dev/stdin <<<x 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
	helper await "$pid" msgsnd
	helper remove msg "$id"
	ended "$pid"
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: it has been removed meanwhile"
}

@test "send: a signal during the wait, and nothing is sent" {
	local id pid signal

	id=$(helper msg qbytes=4)
	printf 1234 | ipctool send "msg:$id"
	for signal in TERM HUP USR1 ALRM; do
		"$IPCTOOL" send "msg:$id" /dev/stdin <<<x 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
		pid=$!
		helper await "$pid" msgsnd
		kill -"$signal" "$pid"
		ended "$pid"
		assert_failure $((128 + $(kill -l "$signal")))
		assert_stderr
	done
	assert_equal "$(qnum "$id")" 1
}

@test "send: a signal between two lines" {
	local id pid input

	id=$(helper msg)
	mkfifo "$BATS_TEST_TMPDIR/input"
	"$IPCTOOL" send --lines "msg:$id" <"$BATS_TEST_TMPDIR/input" \
		2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
	exec {input}>"$BATS_TEST_TMPDIR/input"
	printf 'one\ntwo\nthr' >&"$input"
	assert_equal "$(ipctool recv "msg:$id" --timeout=10)" one
	assert_equal "$(ipctool recv "msg:$id" --timeout=10)" two
	helper await "$pid" read
	kill "$pid"
	ended "$pid"
	assert_failure 143
	exec {input}>&-
	assert_stderr "ipctool send: msg:$id: interrupted; 2 messages were sent"
	assert_equal "$(qnum "$id")" 0
}

@test "send: the missing permission is named" {
	requires root
	local id

	id=$(helper msg mode=0644)
	split "${as_nobody[@]}" "$IPCTOOL" send "msg:$id" /dev/null
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: no permission to write: its mode, 0644, has no w for others (owner root, group root; you are nobody)"
	id=$(helper msg mode=0466 as=65534)
	split "${as_nobody[@]}" "$IPCTOOL" send "msg:$id" /dev/null
	assert_failure 1
	assert_stderr --partial "no permission to write: its mode, 0466, has no w for the owner (owner nobody,"
	id=$(helper msg mode=0606 gid=65534)
	split "${as_nobody[@]}" "$IPCTOOL" send "msg:$id" /dev/null
	assert_failure 1
	assert_stderr --partial "has no w for the group (owner root, group nogroup; you are nobody)"
}

@test "send: permission denied although the mode allows it" {
	requires seccomp
	local id

	id=$(helper msg)
	split "$IPCHELPER" deny msgsnd=EACCES -- "$IPCTOOL" send "msg:$id" /dev/null
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: permission denied, though its mode allows it: by a security module or a sandbox"
}

@test "send: the limits are not known" {
	requires seccomp
	local id

	# IPC_INFO is 3.
	id=$(helper msg)
	split "$IPCHELPER" deny msgctl:3=EPERM -- bash -c 'head -c 9000 /dev/zero |
		"$IPCTOOL" send "$1"' - "msg:$id"
	assert_failure 1
	assert_stderr "ipctool send: msg:$id: Invalid argument"
	split "$IPCHELPER" deny msgctl=EPERM -- "$IPCTOOL" send "msg:$id" /dev/null
	assert_success
}

@test "send: missing objects" {
	local id

	tool send msg:4 /dev/null
	assert_failure 1
	assert_stderr "ipctool send: msg:4: there is no message queue with this id"
	tool send msg:0x4 /dev/null
	assert_failure 1
	assert_stderr "ipctool send: msg:0x4: there is no message queue with this key"
	id=$(helper msg)
	tool send "msg:$id" "$BATS_TEST_TMPDIR/none"
	assert_failure 2
	assert_stderr "ipctool send: cannot read $BATS_TEST_TMPDIR/none: No such file or directory; without FILE, the message is read from standard input"
	tool send "msg:$id" "$BATS_TEST_TMPDIR"
	assert_failure 2
	assert_stderr "ipctool send: cannot read $BATS_TEST_TMPDIR: Is a directory"
	tool send --lines "msg:$id" "$BATS_TEST_TMPDIR"
	assert_failure 2
	assert_stderr "ipctool send: cannot read $BATS_TEST_TMPDIR: Is a directory; 0 messages were sent"
	split bash -c '"$IPCTOOL" send "$1" <&-' - "msg:$id"
	assert_failure 2
	assert_stderr "ipctool send: cannot read standard input: Bad file descriptor"
	assert_equal "$(qnum "$id")" 0
}

@test "send: usage errors" {
	local id type

	id=$(helper msg)
	tool send
	assert_usage "ipctool send: nothing is named: give a reference to a message queue or a POSIX message queue, such as msg:0"
	tool send shm:0 /dev/null
	assert_usage "ipctool send: 'shm:0' is a shared memory segment; expected a reference to a message queue or a POSIX message queue, such as msg:0"
	tool send sem:0x5 /dev/null
	assert_usage "ipctool send: 'sem:0x5' is a semaphore set; expected a reference to a message queue or a POSIX message queue, such as msg:0"
	tool send msg:4294967296 /dev/null
	assert_usage "ipctool send: invalid reference 'msg:4294967296': expected a number from 0 to 2147483647, or 0x and a key"
	tool send "msg:$id" a b
	assert_usage "ipctool send: unexpected operand 'b': only one file can be sent"
	for type in 0 -1 1.5 x '' 9223372036854775808 ' 1' +1; do
		tool send "msg:$id" --mtype="$type" /dev/null
		assert_usage "ipctool send: --mtype: invalid message type '$type': expected a number from 1 to 9223372036854775807"
	done
	for type in -1 x 1y '' 1h30 1.s 99999999999999w; do
		tool send "msg:$id" --timeout="$type" /dev/null
		assert_usage "ipctool send: --timeout: invalid duration '$type': expected a number of seconds, or numbers with s, m, h, d or w, for example 90m or 1h30m"
	done
	assert_equal "$(qnum "$id")" 0
}

@test "send: - is standard input" {
	local id
	id=$(helper msg)

	split bash -c 'printf hello | "$IPCTOOL" send "$1" -' - "msg:$id"
	assert_success
	tool recv "msg:$id"
	assert_output hello
}

@test "send: lines from a pipe that does not block" {
	requires python
	local id
	id=$(helper msg)

	# The writer is slow; O_NONBLOCK goes with the open pipe.
	split python3 -c '
import os, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(r, False)
p = subprocess.Popen(sys.argv[1:], stdin=r)
os.close(r)
for part in (b"one\ntw", b"o\nthree"):
    os.write(w, part)
    time.sleep(0.1)
os.close(w)
sys.exit(p.wait())' "$IPCTOOL" send --lines "msg:$id"
	assert_success
	assert_stderr
	tool recv --all --lines "msg:$id"
	assert_output $'one\ntwo\nthree'
}
