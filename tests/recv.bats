#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What others have sent, as recv takes it and as --peek shows it.

# shellcheck disable=SC2016 # what inner shells are to expand

load common
load ops

# some_types ID : eight messages of several types, each with its place as content.
some_types()
{
	local place=0 type

	for type in 5 3 9 3 5 1 9 3; do
		place=$((place + 1))
		printf '%d' "$place" | helper put "$1" type="$type"
	done
}

@test "recv: exact bytes" {
	local id size file=$BATS_TEST_TMPDIR/file

	id=$(helper msg)
	for size in 0 1 2 4095 8191 8192; do
		head -c "$size" /dev/urandom >"$file"
		helper put "$id" <"$file"
		ipctool recv --peek "msg:$id" | cmp - "$file"
		ipctool recv "msg:$id" | cmp - "$file"
		helper put "$id" <"$file"
		ipctool recv "msg:$id" >"$file.out"
		cmp "$file.out" "$file"
	done
	assert_equal "$(qnum "$id")" 0
}

@test "recv: types as in msgrcv, and the same with --peek" {
	local id options wanted

	while read -r wanted options; do
		id=$(helper msg)
		some_types "$id"
		# shellcheck disable=SC2086 # several words
		assert_equal "$options: $(ipctool recv --peek --all $options "msg:$id")" \
			"$options: $wanted"
		# shellcheck disable=SC2086
		assert_equal "$options: $(ipctool recv --peek --count=2 $options "msg:$id")" \
			"$options: ${wanted:0:2}"
		# shellcheck disable=SC2086
		assert_equal "$options: $(ipctool recv --peek $options "msg:$id")" \
			"$options: ${wanted:0:1}"
		assert_equal "$(qnum "$id")" 8
		# shellcheck disable=SC2086
		assert_equal "$options: $(ipctool recv --all $options "msg:$id")" \
			"$options: $wanted"
		assert_equal "$(qnum "$id")" $((8 - ${#wanted}))
	done <<-'END'
		12345678
		12345678 --mtype=0
		248 --mtype=3
		15 --mtype=5
		13567 --mtype=3 --except
		6 --mtype=-2
		6248 --mtype=-4
		624815 --mtype=-5
		62481537 --mtype=-9223372036854775807
	END
}

@test "recv: --peek changes nothing" {
	local id before

	id=$(helper msg mode=0444)
	helper send "$id" 3 10
	before=$(helper raw msg "$id")
	tool recv --peek --all "msg:$id"
	assert_success
	tool recv --peek --all --mtype=-4 -J "msg:$id"
	assert_success
	assert_equal "$(helper raw msg "$id")" "$before"
}

@test "recv: --peek at thousands of messages" {
	local id

	id=$(helper msg)
	seq 1 3000 | ipctool send --lines "msg:$id"
	ipctool recv --peek --all --lines "msg:$id" | cmp - <(seq 1 3000)
	ipctool recv --peek --all --lines --mtype=-1 "msg:$id" | cmp - <(seq 1 3000)
}

@test "recv: lines, --count, and --all" {
	local id

	id=$(helper msg)
	seq 1 9 | ipctool send --lines "msg:$id"
	tool recv --lines --count=3 "msg:$id"
	assert_success
	assert_output $'1\n2\n3'
	tool recv --count=2 "msg:$id"
	assert_output 45
	tool recv --all --lines "msg:$id"
	assert_success
	assert_output $'6\n7\n8\n9'
	tool recv --all --lines "msg:$id"
	assert_success
	assert_output ''
	assert_stderr
}

@test "recv: --all means the messages at the start" {
	local id pid

	id=$(helper msg)
	seq 1 5 | ipctool send --lines "msg:$id"
	# Each message that is printed makes a new one.
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	while read -r line; do
		echo "again $line" | ipctool send --lines "msg:$id"
	done <"$BATS_TEST_TMPDIR/pipe" 3>&- &
	pid=$!
	ipctool recv --all --lines "msg:$id" >"$BATS_TEST_TMPDIR/pipe"
	wait "$pid"
	assert_equal "$(qnum "$id")" 5
}

@test "recv: JSON" {
	local id

	id=$(helper msg)
	printf 'plain "\\ text\n' | helper put "$id" type=7
	printf 'gr\303\274n \360\237\230\200' | helper put "$id"
	printf '\377\376' | helper put "$id"
	printf 'a\0b' | helper put "$id"
	printf '' | helper put "$id"
	ipctool recv -J --all "msg:$id" >"$BATS_TEST_TMPDIR/json"
	run jq -r '.schema, (.messages | length), (.messages[0] | keys_unsorted | join(" "))' \
		"$BATS_TEST_TMPDIR/json"
	assert_output $'1\n5\nmtype size encoding content'
	run jq -c '.messages[] | [.mtype, .size, .encoding, .content]' "$BATS_TEST_TMPDIR/json"
	assert_output '[7,14,"utf-8","plain \"\\ text\n"]
[1,10,"utf-8","grün 😀"]
[1,2,"base64","//4="]
[1,3,"base64","YQBi"]
[1,0,"utf-8",""]'
	tool recv --json --all "msg:$id"
	assert_success
	assert_output '{"schema": 1, "messages": []}'
}

@test "recv: base64 decodes the content" {
	local id size

	id=$(helper msg)
	for size in 1 2 3 4 57 1000; do
		{ printf '\377'; head -c "$size" /dev/urandom; } >"$BATS_TEST_TMPDIR/file"
		helper put "$id" <"$BATS_TEST_TMPDIR/file"
		ipctool recv -J "msg:$id" | jq -r '.messages[0].content' | base64 -d |
			cmp - "$BATS_TEST_TMPDIR/file"
	done
}

@test "recv: messages that are encoded in pieces" {
	local id size file=$BATS_TEST_TMPDIR/file

	requires sysctl
	echo 65536 | tee /proc/sys/kernel/msgmax >/proc/sys/kernel/msgmnb
	id=$(helper msg)
	for size in 12287 12288 12289 24576 40000; do
		{ printf '\377'; head -c "$((size - 1))" /dev/urandom; } >"$file"
		helper put "$id" <"$file"
		ipctool recv -J "msg:$id" | jq -r '.messages[0].content' | base64 -d |
			cmp - "$file"
		# Text, with characters of several bytes across the ends of the pieces.
		{ printf '%*s' "$((size % 5))" ''; yes 'ü"€\\😀' | head -n 3000 | tr -d '\n'; } >"$file"
		helper put "$id" <"$file"
		ipctool recv -J "msg:$id" >"$file.json"
		assert_equal "$(jq -r '.messages[0].encoding' "$file.json")" utf-8
		jq -j '.messages[0].content' "$file.json" | cmp - "$file"
	done
	echo 8192 >/proc/sys/kernel/msgmax
	echo 16384 >/proc/sys/kernel/msgmnb
}

@test "recv: no message" {
	local id

	id=$(helper msg)
	tool recv --timeout=0 "msg:$id"
	assert_failure 3
	assert_output ''
	assert_stderr "ipctool recv: msg:$id: would block: the queue is empty"
	tool recv --timeout=0.05 "msg:$id"
	assert_failure 3
	assert_stderr "ipctool recv: msg:$id: timed out after 0.05 s"
	tool recv --peek "msg:$id"
	assert_failure 3
	assert_stderr "ipctool recv: msg:$id: the queue is empty"
	helper send "$id" 2 1
	tool recv --mtype=2 --timeout=0 "msg:$id"
	assert_failure 3
	assert_stderr "ipctool recv: msg:$id: would block: the queue holds no such message"
	tool recv --peek --mtype=2 --all "msg:$id"
	assert_success
	tool recv --peek --count=3 "msg:$id"
	assert_failure 3
	assert_output xx
	assert_stderr "ipctool recv: msg:$id: only 2 of 3 messages were shown"
	tool recv --count=3 --timeout=10ms "msg:$id"
	assert_failure 2
	tool recv --count=3 --timeout=0.01s -J "msg:$id"
	assert_failure 3
	assert_equal "$(jq '.messages | length' <<<"$output")" 2
	assert_stderr "ipctool recv: msg:$id: timed out after 0.01 s: only 2 of 3 messages were received"
}

@test "recv: it waits for a message, with and without a time" {
	local id pid options

	id=$(helper msg)
	for options in '' --timeout=1w --timeout=30000w; do
		# shellcheck disable=SC2086 # a word or none
		"$IPCTOOL" recv "msg:$id" $options >"$BATS_TEST_TMPDIR/out" 3>&- &
		pid=$!
		helper await "$pid" msgrcv
		echo hello | helper put "$id"
		wait "$pid"
		assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" hello
	done
}

@test "recv: the time ends even if SIGALRM was blocked or ignored" {
	local id

	id=$(helper msg)
	split bash -c 'trap "" ALRM; "$IPCTOOL" recv --timeout=0.05 "$1"' - "msg:$id"
	assert_failure 3
}

@test "recv: the queue is removed during the wait" {
	local id pid

	id=$(helper msg)
	"$IPCTOOL" recv "msg:$id" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
	helper await "$pid" msgrcv
	helper remove msg "$id"
	ended "$pid"
	assert_failure 1
	assert_stderr "ipctool recv: msg:$id: it has been removed meanwhile"
}

@test "recv: the missing permission is named" {
	requires root
	local id

	id=$(helper msg mode=0622)
	split "${as_nobody[@]}" "$IPCTOOL" recv "msg:$id"
	assert_failure 1
	assert_stderr "ipctool recv: msg:$id: no permission to read: its mode, 0622, has no r for others (owner root, group root; you are nobody)"
	split "${as_nobody[@]}" "$IPCTOOL" recv --peek "msg:$id"
	assert_failure 1
	assert_stderr --partial "no permission to read: its mode, 0622, has no r for others"
}

@test "recv: a kernel without MSG_COPY" {
	requires seccomp
	local id

	id=$(helper msg)
	helper send "$id" 1 1
	split "$IPCHELPER" deny msgrcv=ENOSYS -- "$IPCTOOL" recv --peek "msg:$id"
	assert_failure 1
	assert_stderr "ipctool recv: msg:$id: this kernel cannot show messages without taking them: it was built without MSG_COPY (CONFIG_CHECKPOINT_RESTORE)"
	assert_equal "$(qnum "$id")" 1
}

@test "recv: a message larger than the current msgmax" {
	requires sysctl
	local id before

	before=$(cat /proc/sys/kernel/msgmax)
	echo 300000 >/proc/sys/kernel/msgmax
	echo 1000000 >/proc/sys/kernel/msgmnb
	id=$(helper msg)
	head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/file"
	ipctool send "msg:$id" "$BATS_TEST_TMPDIR/file"
	ipctool recv --peek "msg:$id" | cmp - "$BATS_TEST_TMPDIR/file"
	echo "$before" >/proc/sys/kernel/msgmax
	tool recv --peek "msg:$id"
	assert_failure 1
	assert_stderr "ipctool recv: msg:$id: a message is larger than the $before bytes that the kernel copies; raise sysctl kernel.msgmax to look at it"
	split bash -c '"$IPCTOOL" recv "$1" >/dev/full' - "msg:$id"
	assert_failure 2
	assert_stderr_line --index 1 "ipctool recv: msg:$id: the message (type 1, 300000 bytes) could not be sent back and is lost: a message of 300000 bytes is larger than the $before that a message may have (sysctl kernel.msgmax)"
	echo 300000 >/proc/sys/kernel/msgmax
	ipctool send "msg:$id" "$BATS_TEST_TMPDIR/file"
	echo "$before" >/proc/sys/kernel/msgmax
	ipctool recv "msg:$id" | cmp - "$BATS_TEST_TMPDIR/file"
}

@test "recv: usage errors" {
	local id value

	id=$(helper msg)
	helper send "$id" 1 1
	tool recv
	assert_usage "ipctool recv: nothing is named: give a reference to a message queue or a POSIX message queue, such as msg:0"
	tool recv shm:0
	assert_usage "ipctool recv: 'shm:0' is a shared memory segment; expected a reference to a message queue or a POSIX message queue, such as msg:0"
	tool recv "msg:$id" msg:0
	assert_usage "ipctool recv: unexpected operand 'msg:0': only one queue can be named"
	tool recv "msg:$id" --except
	assert_usage "ipctool recv: --except needs --mtype with a type above 0"
	tool recv "msg:$id" --except --mtype=-3
	assert_usage "ipctool recv: --except needs --mtype with a type above 0"
	tool recv "msg:$id" --all --count=1
	assert_usage "ipctool recv: --all and --count exclude each other"
	tool recv "msg:$id" --all --timeout=1
	assert_usage "ipctool recv: --all and --timeout exclude each other: --all does not wait"
	tool recv "msg:$id" --peek --timeout=1
	assert_usage "ipctool recv: --peek and --timeout exclude each other: --peek does not wait"
	tool recv "msg:$id" --raw -J
	assert_usage "ipctool recv: --raw and --json exclude each other"
	tool recv "msg:$id" -J --raw
	assert_usage "ipctool recv: --raw and --json exclude each other"
	tool recv "msg:$id" --lines -J
	assert_usage "ipctool recv: --lines and --json exclude each other"
	for value in '' x - -0 1x +1 9223372036854775808; do
		tool recv "msg:$id" --mtype="$value"
		assert_usage "ipctool recv: --mtype: invalid message type '$value': expected a number from -9223372036854775807 to 9223372036854775807"
	done
	for value in '' 0 -1 x 18446744073709551616; do
		tool recv "msg:$id" --count="$value"
		assert_usage "ipctool recv: --count: invalid number '$value': expected a number from 1 to 18446744073709551615"
	done
	assert_equal "$(qnum "$id")" 1
}

@test "recv: no message is taken if the output cannot be checked for a reader" {
	requires strace
	local id
	id=$(helper msg)

	helper send "$id" 1 8
	split strace -o /dev/null -e trace=poll -e inject=poll:error=ENOMEM \
		"$IPCTOOL" recv "msg:$id"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool recv: cannot write to standard output: Cannot allocate memory"
	assert_equal "$(helper raw msg "$id" | sed -n 's/^qnum=//p')" 1
}
