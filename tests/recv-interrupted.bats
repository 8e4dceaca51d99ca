#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# recv loses no message, neither by signals nor by an output that fails. Order and number
# are checked, because a message that is sent back becomes the last of its queue.

# shellcheck disable=SC2016 # what inner shells are to expand

load common
load memory
load ops

@test "recv: a signal during the wait" {
	local id pid signal

	id=$(helper msg)
	for signal in TERM HUP USR2 ALRM; do
		start recv --timeout=1h "msg:$id"
		helper await "$pid" msgrcv
		kill -"$signal" "$pid"
		ended "$pid"
		assert_failure $((128 + $(kill -l "$signal")))
		assert_output ''
		assert_stderr
	done
}

@test "recv: a signal that the parent ignores is ignored" {
	local id pid

	id=$(helper msg)
	trap '' HUP
	start recv "msg:$id"
	trap - HUP
	helper await "$pid" msgrcv
	kill -HUP "$pid"
	echo here | ipctool send "msg:$id"
	ended "$pid"
	assert_success
	assert_output here
}

@test "recv: JSON is complete after a signal" {
	local id pid

	id=$(helper msg)
	helper send "$id" 2 1
	start recv --count=3 -J "msg:$id"
	helper await "$pid" msgrcv
	kill "$pid"
	ended "$pid"
	assert_failure 143
	assert_equal "$(jq '.messages | length' <<<"$output")" 2
}

@test "recv: a full disk, and the message is sent back" {
	local id form

	id=$(helper msg)
	for form in '' --lines; do
		echo first | helper put "$id" type=7
		echo second | helper put "$id"
		split bash -c '"$IPCTOOL" recv $2 --count=2 "$1" >/dev/full' - "msg:$id" "$form"
		assert_failure 2
		assert_stderr "ipctool recv: cannot write to standard output: No space left on device
ipctool recv: msg:$id: the message was sent back, and is the last in the queue now"
		assert_equal "$(qnum "$id")" 2
		assert_equal "$(helper get "$id")" second
		assert_equal "$(helper get "$id" type=7)" first
	done
}

@test "recv: a file size limit, and the message is sent back" {
	local id

	id=$(helper msg)
	head -c 2000 /dev/urandom | tee "$BATS_TEST_TMPDIR/file" | helper put "$id"
	split bash -c 'ulimit -f 1; "$IPCTOOL" recv "$1" >"$2"' - "msg:$id" "$BATS_TEST_TMPDIR/out"
	assert_failure 2
	assert_stderr_line "ipctool recv: cannot write to standard output: File too large"
	helper get "$id" | cmp - "$BATS_TEST_TMPDIR/file"
}

@test "recv: JSON that cannot be written, and the message is sent back" {
	local id

	# The heading is written before anything is taken.
	id=$(helper msg)
	echo first | helper put "$id"
	split bash -c '"$IPCTOOL" recv -J "$1" >/dev/full' - "msg:$id"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: No space left on device"
	head -c 2000 /dev/zero | helper put "$id"
	split bash -c 'ulimit -f 1; "$IPCTOOL" recv --count=2 -J "$1" >"$2"' - "msg:$id" \
		"$BATS_TEST_TMPDIR/out"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: File too large
ipctool recv: msg:$id: 930 bytes of the message were written before that
ipctool recv: msg:$id: the message was sent back, and is the last in the queue now"
	assert_equal "$(qnum "$id")" 1
}

@test "recv: lack of memory, and the message is either written or in the queue" {
	local id form n total queued

	memory_begin
	id=$(helper msg)
	for form in -J --lines; do
		printf 'a\377' | helper put "$id"
		memory_count recv "$form" --timeout=0 "msg:$id"
		total=$allocations
		queued=$(qnum "$id")
		for ((n = 1; n <= total; n++)); do
			[ "$queued" = 1 ] || printf 'a\377' | helper put "$id"
			memory_ends "$n" recv "$form" --timeout=0 "msg:$id"
			queued=$(qnum "$id")
			if [ "$status" -eq 0 ]; then
				assert_equal "$n $queued" "$n 0"
			else
				assert_equal "$n $status $queued" "$n 2 1"
				assert_stderr --regexp '^ipctool( recv)?: (out of memory|Cannot allocate memory)$'
			fi
		done
	done
}

@test "recv: lack of memory for the report of a write error" {
	local id n total told=0

	memory_begin
	id=$(helper msg)
	head -c 2000 /dev/zero | helper put "$id"
	split bash -c 'ulimit -f 1; shift; exec "$@" >"$0"' "$BATS_TEST_TMPDIR/out" - env \
		NO_MEMORY_COUNT="$BATS_TEST_TMPDIR/count" LD_PRELOAD="$no_memory" "$IPCTOOL" \
		recv -J "msg:$id"
	assert_failure 2
	total=$(cat "$BATS_TEST_TMPDIR/count")
	for ((n = 1; n <= total; n++)); do
		split bash -c 'ulimit -f 1; shift; exec "$@" >"$0"' "$BATS_TEST_TMPDIR/out" - env \
			NO_MEMORY_AT="$n" LD_PRELOAD="$no_memory" "$IPCTOOL" recv -J "msg:$id"
		assert_equal "$n $status $(qnum "$id")" "$n 2 1"
		[[ $stderr != *"out of memory"*"msg:$id: the message was sent back, and is"* ]] ||
			told=$((told + 1))
	done
	assert [ "$told" -gt 0 ]
}

@test "recv: a message that does not fit in memory stays in the queue" {
	requires sysctl
	local id msgmax msgmnb

	msgmax=$(cat /proc/sys/kernel/msgmax) msgmnb=$(cat /proc/sys/kernel/msgmnb)
	echo 67108864 >/proc/sys/kernel/msgmax
	echo 67108864 >/proc/sys/kernel/msgmnb
	id=$(helper msg)
	head -c 40000000 /dev/zero | ipctool send "msg:$id"
	echo "$msgmax" >/proc/sys/kernel/msgmax
	echo "$msgmnb" >/proc/sys/kernel/msgmnb
	assert_equal "$(qnum "$id")" 1
	# shellcheck disable=SC2016
	split bash -c 'ulimit -v 60000; exec "$IPCTOOL" recv -J "$1"' - "msg:$id"
	assert_failure 2
	assert_equal "$(jq -c '.messages' <<<"$output")" '[]'
	assert_stderr "ipctool recv: msg:$id: out of memory for the next message, which stays in the queue"
	assert_equal "$(qnum "$id")" 1
}

@test "recv: a closed or invalid output, and nothing is taken" {
	local id

	id=$(helper msg)
	echo first | helper put "$id"
	split bash -c '"$IPCTOOL" recv "$1" >&-' - "msg:$id"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: Bad file descriptor"
	split bash -c '"$IPCTOOL" recv "$1" 1</dev/null' - "msg:$id"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: Bad file descriptor"
	assert_equal "$(qnum "$id")" 1
}

@test "recv: a pipe without a reader from the start, and nothing is taken" {
	local id pipe=$BATS_TEST_TMPDIR/pipe input writer

	id=$(helper msg)
	seq 3 | ipctool send --lines "msg:$id"
	mkfifo "$pipe"
	# shellcheck disable=SC2094
	exec {input}<>"$pipe" {writer}>"$pipe"
	exec {input}<&-
	split bash -c '"$IPCTOOL" recv --count=3 "$1" >&"$2"' - "msg:$id" "$writer"
	exec {writer}>&-
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: Broken pipe"
	assert_equal "$(qnum "$id")" 3
}

@test "recv: the reader closes the pipe during the wait, and the message is sent back" {
	local id pid pipe reader

	id=$(helper msg)
	pipe=$BATS_TEST_TMPDIR/pipe
	mkfifo "$pipe"
	"$IPCTOOL" recv "msg:$id" >"$pipe" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
	exec {reader}<"$pipe"
	helper await "$pid" msgrcv
	exec {reader}<&-
	echo first | helper put "$id" type=4
	ended "$pid"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: Broken pipe
ipctool recv: msg:$id: the message was sent back, and is the last in the queue now"
	assert_equal "$(helper get "$id" type=4)" first
}

# Leaves recv with a message that it has taken and cannot write, and a queue that has been
# filled meanwhile: sets id and pid.
recv_with_full_queue()
{
	local pipe=$BATS_TEST_TMPDIR/pipe reader n

	id=$(helper msg)
	mkfifo "$pipe"
	head -c 8192 /dev/urandom >"$BATS_TEST_TMPDIR/file"
	"$IPCTOOL" recv --count=100 "msg:$id" >"$pipe" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
	exec {reader}<"$pipe"
	# More than a pipe holds: one in hand, none left.
	for n in {1..9}; do
		ipctool send --mtype=5 "msg:$id" "$BATS_TEST_TMPDIR/file"
	done
	helper await "$pid" write
	assert_equal "$(qnum "$id")" 0
	ipctool send "msg:$id" "$BATS_TEST_TMPDIR/file"
	ipctool send "msg:$id" "$BATS_TEST_TMPDIR/file"
	exec {reader}<&-
	helper await "$pid" msgsnd
}

@test "recv: it waits for room to send the message back until there is room" {
	local id pid

	recv_with_full_queue
	helper get "$id" type=1 >/dev/null
	ended "$pid"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: Broken pipe
ipctool recv: msg:$id: the queue is full; waiting for room to send the message back (a signal ends the wait, and the message is lost)
ipctool recv: msg:$id: the message was sent back, and is the last in the queue now"
	helper get "$id" type=5 | cmp - "$BATS_TEST_TMPDIR/file"
}

@test "recv: it waits for room to send the message back until a signal arrives" {
	local id pid

	recv_with_full_queue
	kill "$pid"
	ended "$pid"
	assert_failure 143
	assert_stderr "ipctool recv: cannot write to standard output: Broken pipe
ipctool recv: msg:$id: the queue is full; waiting for room to send the message back (a signal ends the wait, and the message is lost)
ipctool recv: msg:$id: the message (type 5, 8192 bytes) could not be sent back and is lost: interrupted"
	assert_equal "$(qnum "$id")" 2
}

@test "recv: the queue is removed after a message was taken" {
	local id pid

	recv_with_full_queue
	helper remove msg "$id"
	ended "$pid"
	assert_failure 2
	assert_stderr_line --index 2 "ipctool recv: msg:$id: the message (type 5, 8192 bytes) could not be sent back and is lost: it has been removed meanwhile"
}

@test "recv: no permission to send the message back" {
	requires root
	local id

	id=$(helper msg mode=0644)
	echo -n lost | helper put "$id"
	split "${as_nobody[@]}" bash -c '"$IPCTOOL" recv "$1" >/dev/full' - "msg:$id"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: No space left on device
ipctool recv: msg:$id: the message (type 1, 4 bytes) could not be sent back and is lost: no permission to write: its mode, 0644, has no w for others (owner root, group root; you are nobody)"
}

@test "recv: after one signal it waits for a slow reader, after a second it does not" {
	local id pid pipe reader

	id=$(helper msg)
	pipe=$BATS_TEST_TMPDIR/pipe
	mkfifo "$pipe"
	head -c 8192 /dev/urandom >"$BATS_TEST_TMPDIR/file"
	for count in 1 2; do
		"$IPCTOOL" recv --count=100 "msg:$id" >"$pipe" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
		pid=$!
		exec {reader}<"$pipe"
		# More than a pipe holds.
		for n in {1..9}; do
			ipctool send "msg:$id" "$BATS_TEST_TMPDIR/file"
		done
		helper await "$pid" write
		kill -TERM "$pid"
		if [ "$count" = 2 ]; then
			helper await "$pid" write
			kill -HUP "$pid"
		fi
		if [ "$count" = 1 ]; then
			cat <&"$reader" >"$BATS_TEST_TMPDIR/got" &
			ended "$pid"
			assert_failure 143
			assert_stderr
			exec {reader}<&-
			wait
			# Whole messages only, the one in hand among them.
			assert_equal $(($(stat -c %s "$BATS_TEST_TMPDIR/got") % 8192)) 0
			assert_equal $(($(stat -c %s "$BATS_TEST_TMPDIR/got") / 8192 + $(qnum "$id"))) 9
			ipctool recv --all "msg:$id" >/dev/null
		else
			ended "$pid"
			assert_failure 129
			assert_stderr "ipctool recv: msg:$id: the message was sent back, and is the last in the queue now"
			exec {reader}<&-
			assert_equal "$(qnum "$id")" 1
			helper get "$id" | cmp - "$BATS_TEST_TMPDIR/file"
		fi
	done
}

# receive ID COUNT : receives until this many messages have come, with a signal now and
# then.
receive_interrupted()
{
	local out=$BATS_TEST_TMPDIR/out left=$2 signals=(TERM HUP USR1 USR2) pid n=0

	: >"$out"
	while [ "$left" -gt 0 ]; do
		"$IPCTOOL" recv --lines --count="$left" "msg:$1" >>"$out" 2>>"$BATS_TEST_TMPDIR/errors" &
		pid=$!
		# No test waits for this time: it only sets when the signal comes.
		sleep "0.0$((RANDOM % 40 + 10))"
		kill -"${signals[n++ % 4]}" "$pid" 2>/dev/null || true
		wait "$pid" || true
		left=$(($2 - $(wc -l <"$out")))
	done
	echo "$n" >"$BATS_TEST_TMPDIR/interrupts"
}

@test "recv: 100000 messages through two processes, none lost or doubled" {
	local id

	id=$(helper msg)
	seq 100000 | ipctool send --lines "msg:$id" 3>&- &
	ipctool recv --lines --count=100000 "msg:$id" | cmp - <(seq 100000)
	wait
	assert_equal "$(qnum "$id")" 0
}

@test "recv: 100000 messages with signals at random, none lost or doubled" {
	local id sender

	id=$(helper msg)
	seq 100000 | "$IPCTOOL" send --lines "msg:$id" 3>&- &
	sender=$!
	receive_interrupted "$id" 100000 3>&-
	wait "$sender"
	cmp "$BATS_TEST_TMPDIR/out" <(seq 100000)
	assert_equal "$(cat "$BATS_TEST_TMPDIR/errors")" ''
	assert_equal "$(qnum "$id")" 0
	[ "$(cat "$BATS_TEST_TMPDIR/interrupts")" -ge 2 ]
}

@test "recv: 2000 messages with a time that is nearly up" {
	local id sender count=0

	id=$(helper msg)
	seq 2000 | "$IPCTOOL" send --lines "msg:$id" 3>&- &
	sender=$!
	: >"$BATS_TEST_TMPDIR/out"
	while [ "$count" -lt 2000 ]; do
		status=0
		"$IPCTOOL" recv --lines --count=$((2000 - count)) --timeout=0.0000001s "msg:$id" \
			>>"$BATS_TEST_TMPDIR/out" 2>/dev/null || status=$?
		[ "$status" = 0 ] || [ "$status" = 3 ]
		count=$(wc -l <"$BATS_TEST_TMPDIR/out")
	done
	wait "$sender"
	cmp "$BATS_TEST_TMPDIR/out" <(seq 2000)
}

@test "recv: a signal while the last message is written is not forgotten" {
	requires python
	local id signo
	id=$(helper msg)

	# The reader takes all of it, but only after the signal.
	for signo in 15 30 34; do
		head -c 8192 /dev/zero | helper put "$id"
		split python3 -c '
import fcntl, os, subprocess, sys, time
r, w = os.pipe()
fcntl.fcntl(w, 1031, 4096)
p = subprocess.Popen(sys.argv[2:], stdout=w)
os.close(w)
while open("/proc/%d/syscall" % p.pid).read().split()[:2] != ["1", "0x1"]:
    time.sleep(0.01)
p.send_signal(int(sys.argv[1]))
n = 0
while True:
    data = os.read(r, 65536)
    if not data:
        break
    n += len(data)
print(n, p.wait())' "$signo" "$IPCTOOL" recv "msg:$id"
		assert_success
		assert_output "8192 -$signo"
		assert_stderr
		assert_equal "$(qnum "$id")" 0
	done
}
