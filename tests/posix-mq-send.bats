#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# send and recv of POSIX message queues. Order and number of messages are checked, because a
# message that is sent back follows the others of its priority.

# shellcheck disable=SC2016 # what inner shells are to expand
# shellcheck disable=SC2154 # status, output and stderr are set by run

load common
load posix
load memory
load ops

setup()
{
	start_shm
	start_queues
	chmod 711 "$BATS_TEST_TMPDIR"
	file=$BATS_TEST_TMPDIR/file
}

teardown()
{
	end_helpers
	end_queues
	end_shm
	wipe
}

# count NAME : how many messages are in a queue.
count()
{
	ipctool list "pmsg:$1" -o qnum --no-headings
}

# put NAME PRIORITY TEXT : sends a message without ipctool.
put()
{
	printf %s "$3" | helper mqput "$1" "$2"
}

# full ARG... : recv of pmsg:/a with a full disk.
full()
{
	split bash -c '"$IPCTOOL" recv pmsg:/a "$@" >/dev/full' - "$@"
}

no_space="ipctool recv: cannot write to standard output: No space left on device"

@test "posix mq send: exact bytes, from a file, standard input and a pipe" {
	local size

	queue /a msgsize=8192
	for size in 0 1 2 4095 8191 8192; do
		head -c "$size" /dev/urandom >"$file"
		tool send pmsg:/a "$file"
		assert_success
		assert_output ''
		assert_stderr
		helper mqreceive /a | tail -c +3 | cmp - "$file"
		split bash -c '"$IPCTOOL" send pmsg:/a <"$1"' - "$file"
		assert_success
		helper mqreceive /a | tail -c +3 | cmp - "$file"
		# shellcheck disable=SC2002
		cat "$file" | ipctool send pmsg:a -
		ipctool recv pmsg:/a | cmp - "$file"
	done
	assert_equal "$(count /a)" 0
}

@test "posix mq send: priorities, the highest first, and then the oldest" {
	local prio

	queue /a
	ipctool send pmsg:/a <<<default
	for prio in 5 0 32767 5 7; do
		ipctool send pmsg:/a --prio="$prio" <<<"$prio"
	done
	assert_equal "$(helper mqreceive /a)" '32767 32767'
	tool recv pmsg:/a --all
	assert_success
	assert_output $'7\n5\n5\ndefault\n0'
}

@test "posix mq send: each line is a message" {
	queue /a
	printf 'one\n\nthr\0ee\nlast' >"$file"
	tool send --lines --prio=3 pmsg:/a "$file"
	assert_success
	assert_equal "$(count /a)" 4
	assert_equal "$(helper mqreceive /a)" '3 one'
	assert_equal "$(helper mqreceive /a)" '3 '
	helper mqreceive /a | cmp - <(printf '3 thr\0ee')
	assert_equal "$(helper mqreceive /a)" '3 last'
}

@test "posix mq send: too large" {
	queue /a msgsize=100
	split bash -c 'head -c 101 /dev/zero | "$IPCTOOL" send pmsg:/a'
	assert_failure 1
	assert_stderr "ipctool send: pmsg:/a: the message has 101 bytes, the queue accepts 100"
	tool send pmsg:/a /dev/zero
	assert_failure 1
	assert_stderr "ipctool send: pmsg:/a: the message has more than 67108864 bytes, the queue accepts 100"
	printf 'one\n%0101d\nthree\n' 0 >"$file"
	tool send --lines pmsg:/a "$file"
	assert_failure 1
	assert_stderr "ipctool send: pmsg:/a: line 2: the message has 101 bytes, the queue accepts 100; 1 message was sent"
	assert_equal "$(count /a)" 1
}

@test "posix mq send: a full queue" {
	queue /a maxmsg=2
	split bash -c 'seq 3 | "$IPCTOOL" send --timeout=0 --lines pmsg:/a'
	assert_failure 3
	assert_stderr "ipctool send: pmsg:/a: line 3: would block: the queue is full; 2 messages were sent"
	tool send --timeout=0 pmsg:/a /dev/null
	assert_failure 3
	assert_stderr "ipctool send: pmsg:/a: would block: the queue is full"
	tool send --timeout=0.05s pmsg:/a /dev/null
	assert_failure 3
	assert_stderr "ipctool send: pmsg:/a: timed out after 0.05 s"
	assert_equal "$(count /a)" 2
}

@test "posix mq send: it waits for room and then sends; stat shows that" {
	local pid options

	queue /a maxmsg=1
	put /a 0 first
	for options in '' --timeout=1d --timeout=30000w; do
		printf next >"$file"
		# shellcheck disable=SC2086 # a word or none
		start send pmsg:/a "$file" $options
		helper await "$pid" mq_timedsend
		tool stat pmsg:/a -J -o processes
		assert_equal "$(jq -c '[.objects[0].processes[] | [.pid, .what]]' <<<"$output")" \
			"[[$pid,\"waits to send\"],[$pid,\"open w\"]]"
		helper mqreceive /a >/dev/null
		ended "$pid"
		assert_success
	done
	assert_equal "$(helper mqreceive /a)" '0 next'
}

@test "posix mq send, recv: a signal during the wait" {
	local pid signal

	queue /a maxmsg=1
	for signal in TERM HUP USR2 ALRM; do
		start recv --timeout=1h pmsg:/a
		helper await "$pid" mq_timedreceive
		kill -"$signal" "$pid"
		ended "$pid"
		assert_failure $((128 + $(kill -l "$signal")))
		assert_output ''
		assert_stderr
	done
	put /a 0 x
	for signal in TERM ALRM; do
		start send pmsg:/a /dev/null
		helper await "$pid" mq_timedsend
		kill -"$signal" "$pid"
		ended "$pid"
		assert_failure $((128 + $(kill -l "$signal")))
		assert_stderr
	done
	assert_equal "$(count /a)" 1
}

@test "posix mq recv: stopped and continued, it waits on" {
	local pid

	queue /a
	start recv pmsg:/a
	helper await "$pid" mq_timedreceive
	kill -STOP "$pid"
	kill -CONT "$pid"
	put /a 1 here
	ended "$pid"
	assert_success
	assert_output here
}

@test "posix mq recv: lines, --count, --all, and JSON" {
	queue /a
	seq 1 9 | ipctool send --lines pmsg:/a
	tool recv --lines --count=3 pmsg:/a
	assert_success
	assert_output $'1\n2\n3'
	tool recv --count=2 pmsg:/a
	assert_output 45
	tool recv --all --lines pmsg:/a
	assert_success
	assert_output $'6\n7\n8\n9'
	tool recv --all --lines pmsg:/a
	assert_success
	assert_output ''
	assert_stderr
	put /a 7 'plain "\ text'
	printf '\377\376' | helper mqput /a 32767
	tool recv -J --all pmsg:/a
	assert_success
	assert_equal "$(jq -c '.messages[] | [.prio, .size, .encoding, .content]' <<<"$output")" \
		$'[32767,2,"base64","//4="]\n[7,13,"utf-8","plain \\"\\\\ text"]'
	assert_equal "$(jq -r '.messages[0] | keys_unsorted | join(" ")' <<<"$output")" \
		'prio size encoding content'
}

@test "posix mq recv: no message" {
	queue /a
	tool recv --timeout=0 pmsg:/a
	assert_failure 3
	assert_output ''
	assert_stderr "ipctool recv: pmsg:/a: would block: the queue is empty"
	tool recv --timeout=0.05 pmsg:/a
	assert_failure 3
	assert_stderr "ipctool recv: pmsg:/a: timed out after 0.05 s"
	put /a 0 x
	put /a 0 y
	tool recv --count=3 --timeout=50ms pmsg:/a
	assert_failure 2
	tool recv --count=3 --timeout=0.01s -J pmsg:/a
	assert_failure 3
	assert_equal "$(jq '.messages | length' <<<"$output")" 2
	assert_stderr "ipctool recv: pmsg:/a: timed out after 0.01 s: only 2 of 3 messages were received"
}

@test "posix mq recv: it waits for a message; stat shows that" {
	local pid options

	queue /a
	for options in '' --timeout=1w --timeout=30000w; do
		# shellcheck disable=SC2086 # a word or none
		start recv pmsg:/a $options
		helper await "$pid" mq_timedreceive
		tool stat pmsg:/a -J -o processes
		assert_equal "$(jq -c '[.objects[0].processes[] | [.pid, .what]]' <<<"$output")" \
			"[[$pid,\"waits to receive\"],[$pid,\"open rw\"]]"
		put /a 0 hello
		ended "$pid"
		assert_success
		assert_output hello
	done
}

@test "posix mq recv: a full disk, and the message is sent back" {
	local form

	queue /a
	for form in '' --lines; do
		put /a 5 build
		put /a 5 second
		put /a 1 last
		# shellcheck disable=SC2086 # a word or none
		full --count=2 $form
		assert_failure 2
		assert_stderr "$no_space
ipctool recv: pmsg:/a: the message was sent back and now follows the others of priority 5"
		assert_equal "$(count /a)" 3
		assert_equal "$(helper mqreceive /a)" '5 second'
		assert_equal "$(helper mqreceive /a)" '5 build'
		assert_equal "$(helper mqreceive /a)" '1 last'
	done
	# The heading of JSON is written before anything is taken.
	put /a 5 build
	full -J
	assert_failure 2
	assert_stderr "$no_space"
	assert_equal "$(count /a)" 1
}

@test "posix mq recv: a file size limit, and the message is sent back" {
	queue /a msgsize=4096
	head -c 2000 /dev/urandom >"$file"
	helper mqput /a 9 <"$file"
	split bash -c 'ulimit -f 1; "$IPCTOOL" recv pmsg:/a >"$1"' - "$BATS_TEST_TMPDIR/out"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: File too large
ipctool recv: pmsg:/a: 1024 bytes of the message were written before that
ipctool recv: pmsg:/a: the message was sent back and now follows the others of priority 9"
	helper mqreceive /a | tail -c +3 | cmp - "$file"
}

# taken MSGSIZE : leaves recv with the message on standard input, of priority 5, which it has
# taken and cannot write, because no process reads the pipe: sets pid and reader.
taken()
{
	local pipe=$BATS_TEST_TMPDIR/pipe

	queue /a maxmsg=1 msgsize="$1"
	mkfifo "$pipe"
	"$IPCTOOL" recv pmsg:/a >"$pipe" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
	exec {reader}<>"$pipe"
	head -c 65536 /dev/zero >&"$reader"
	helper await "$pid" mq_timedreceive
	helper mqput /a 5
	helper await "$pid" write
}

# broken : ends the reader.
broken()
{
	exec {reader}<&-
}

@test "posix mq recv: a queue that was filled meanwhile; it does not wait, and shows the bytes" {
	local pid reader

	taken 64 < <(printf 'bu\\ild\n')
	put /a 0 other
	broken
	ended "$pid"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: Broken pipe
ipctool recv: pmsg:/a: the message (7 bytes, priority 5) could not be sent back and is lost: the queue is full: bu\\x5cild\\x0a"
	assert_equal "$(helper mqreceive /a)" '0 other'
}

@test "posix mq recv: of a lost message 8 KiB are shown" {
	local pid reader

	head -c 8191 /dev/zero | tr '\0' x >"$file"
	taken 8192 < <(cat "$file"; printf '\377')
	put /a 0 other
	broken
	ended "$pid"
	assert_failure 2
	assert_stderr_line --index 1 "ipctool recv: pmsg:/a: the message (8192 bytes, priority 5) could not be sent back and is lost: the queue is full: $(cat "$file")\\xff"
}

@test "posix mq recv: the queue is removed after a message was taken" {
	local pid reader

	taken 64 < <(printf build)
	rm "$queues/a"
	broken
	ended "$pid"
	assert_failure 2
	assert_stderr "ipctool recv: cannot write to standard output: Broken pipe
ipctool recv: pmsg:/a: the message (5 bytes, priority 5) could not be sent back and is lost: it has been removed meanwhile: build"
}

@test "posix mq recv: no permission to send the message back" {
	requires root

	show_queues
	queue /a mode=0644
	printf 'build\n' | helper mqput /a 5
	split "${by_user[@]}" bash -c '"$IPCTOOL" recv pmsg:/a >/dev/full'
	assert_failure 2
	assert_stderr "$no_space
ipctool recv: pmsg:/a: the message (6 bytes, priority 5) could not be sent back and is lost: Permission denied: build\\x0a"
	put /a 1 more
	split "${by_user[@]}" "$IPCTOOL" recv pmsg:/a
	assert_success
	assert_output more
}

@test "posix mq recv: lack of memory, and the message is either written or in the queue" {
	local form n total

	memory_begin
	queue /a
	for form in -J --lines; do
		[ "$(count /a)" -eq 1 ] || printf 'a\377' | helper mqput /a 1
		memory_count recv "$form" --timeout=0 pmsg:/a
		total=$allocations
		for ((n = 1; n <= total; n++)); do
			[ "$(count /a)" -eq 1 ] || printf 'a\377' | helper mqput /a 1
			memory_ends "$n" recv "$form" --timeout=0 pmsg:/a
			if [ "$status" -eq 0 ]; then
				assert_equal "$n $(count /a)" "$n 0"
			else
				assert_equal "$n $status $(count /a)" "$n 2 1"
			fi
		done
	done
}

@test "posix mq recv: lack of memory for the report of a write error" {
	local n total told=0

	memory_begin
	queue /a msgsize=4096
	head -c 2000 /dev/zero | helper mqput /a 3
	split bash -c 'ulimit -f 1; shift; exec "$@" >"$0"' "$BATS_TEST_TMPDIR/out" - env \
		NO_MEMORY_COUNT="$BATS_TEST_TMPDIR/count" LD_PRELOAD="$no_memory" "$IPCTOOL" \
		recv pmsg:/a
	assert_failure 2
	total=$(cat "$BATS_TEST_TMPDIR/count")
	for ((n = 1; n <= total; n++)); do
		split bash -c 'ulimit -f 1; shift; exec "$@" >"$0"' "$BATS_TEST_TMPDIR/out" - env \
			NO_MEMORY_AT="$n" LD_PRELOAD="$no_memory" "$IPCTOOL" recv pmsg:/a
		assert_equal "$n $status $(count /a)" "$n 2 1"
		[[ $stderr != *"out of memory"*"the message was sent back and now follows"* ]] ||
			told=$((told + 1))
	done
	assert [ "$told" -gt 0 ]
}

@test "posix mq send, recv: one call for a message" {
	requires strace

	queue /a
	split bash -c 'seq 9 | strace -o "$1" -f "$IPCTOOL" send --lines pmsg:/a' - "$file"
	assert_success
	assert_equal "$(sed -n '/mq_timedsend/,/mq_timedsend.*"9"/p' "$file" |
		sed 's/.* \(mq_[a-z]*\)(.*/\1/' | grep -cv mq_timedsend || true)" 0
	assert_equal "$(grep -c mq_timedsend "$file")" 9
	split bash -c 'strace -o "$1" "$IPCTOOL" recv --all --lines pmsg:/a >"$1.out"' - "$file"
	assert_success
	assert_equal "$(paste -sd ' ' "$file.out")" '1 2 3 4 5 6 7 8 9'
	assert_equal "$(grep -c mq_timedreceive "$file")" 9
	# Each is followed by the call that writes it.
	assert_equal "$(sed -n '/mq_timedreceive/,/^write(1, "9/p' "$file" | sed 's/(.*//' |
		sort | uniq -c | tr -s ' ' | paste -sd ,)" ' 9 mq_timedreceive, 9 write'
}

@test "posix mq send, recv: what may not be opened" {
	requires root

	show_queues
	queue /r mode=0444
	queue /w mode=0222
	split "${by_user[@]}" "$IPCTOOL" send pmsg:/r /dev/null
	assert_failure 1
	assert_stderr "ipctool send: pmsg:/r: cannot be opened for writing: Permission denied"
	split "${by_user[@]}" "$IPCTOOL" recv pmsg:/w
	assert_failure 1
	assert_stderr "ipctool recv: pmsg:/w: cannot be opened for reading: Permission denied"
	split "${by_user[@]}" "$IPCTOOL" recv --all pmsg:/w
	assert_failure 1
	# Permission to write is enough to send, also to learn what the queue accepts.
	split "${by_user[@]}" bash -c 'head -c 65 /dev/zero | "$IPCTOOL" send pmsg:/w'
	assert_failure 1
	assert_stderr "ipctool send: pmsg:/w: the message has 65 bytes, the queue accepts 64"
	split "${by_user[@]}" bash -c 'echo sent | "$IPCTOOL" send pmsg:/w --prio=2'
	assert_success
	assert_equal "$(helper mqreceive /w)" '2 sent'
	tool send pmsg:/none /dev/null
	assert_failure 1
	assert_stderr "ipctool send: pmsg:/none: no such object"
	tool recv pmsg:/none
	assert_failure 1
	assert_stderr "ipctool recv: pmsg:/none: no such object"
}

@test "posix mq send, recv: usage" {
	local prio

	queue /a
	put /a 0 stays
	tool send pmsg:/a --mtype=1 /dev/null
	assert_usage "ipctool send: pmsg:/a: --mtype applies to msg only; use --prio"
	tool send pmsg:/a --mtype=1 --prio=1 /dev/null
	assert_usage "ipctool send: pmsg:/a: --mtype applies to msg only; use --prio"
	tool send --prio=1 msg:0 /dev/null
	assert_usage "ipctool send: msg:0: --prio applies to pmsg only; use --mtype"
	tool send pmsg:/a --prio=40000 /dev/null
	assert_usage "ipctool send: pmsg:/a: priority 40000 is too large, the maximum is 32767"
	for prio in -1 x '' 1.5 +1 18446744073709551616; do
		tool send pmsg:/a --prio="$prio" /dev/null
		assert_usage "ipctool send: --prio: invalid priority '$prio': expected a number from 0 to 32767"
	done
	tool recv pmsg:/a --mtype=0
	assert_usage "ipctool recv: pmsg:/a: --mtype applies to msg only; recv takes the highest priority first"
	tool recv pmsg:/a --mtype=1 --except
	assert_usage "ipctool recv: pmsg:/a: --except applies to msg only; recv takes the highest priority first"
	tool recv pmsg:/a --peek
	assert_usage "ipctool recv: pmsg:/a: --peek is not possible: the kernel cannot show a message of a POSIX queue without removing it"
	tool read pmsg:/a
	assert_usage "ipctool read: pmsg:/a: a message queue cannot be read; use recv"
	tool write pmsg:/a
	assert_usage "ipctool write: pmsg:/a: a message queue cannot be written; use send"
	tool semop pmsg:/a 0+1
	assert_usage "ipctool semop: pmsg:/a: not a semaphore; semop takes psem or sem"
	tool send pshm:/a /dev/null
	assert_usage "ipctool send: pshm:/a: not a message queue; use read or write"
	tool recv pshm:/a
	assert_usage "ipctool recv: pshm:/a: not a message queue; use read or write"
	assert_equal "$(count /a)" 1
}
