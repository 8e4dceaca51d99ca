#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# waits A21: each call that it resolves, with each C library that there is, and in 32-bit
# programs: the exact reference, call and need.
#
# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load waits

# build COMPILER... : the program that waits.
build()
{
	"$@" -O1 -pthread -o "$BATS_TEST_TMPDIR/calls" "$IPCTOOL_SRCDIR/tests/waits-calls.c"
}

# start COMMAND... : starts a program, and waits until it sleeps; its pid is in pid.
start()
{
	local tries=0

	"$@" 3>&- &
	pid=$!
	programs+=("$pid")
	until grep -q '^State:.[SD]' "/proc/$pid/status" && [ $((++tries)) -gt 4 ]; do
		sleep 0.05
	done
}
programs=()

teardown()
{
	[ ${#programs[@]} -eq 0 ] || kill -KILL "${programs[@]}" 2>/dev/null || true
	pkill_children
	end_helpers
	wipe
}

# The children of programs that were killed.
pkill_children()
{
	local child

	while read -r child; do
		kill -KILL "$child" 2>/dev/null || true
	done < <(grep -l '^Name:.calls$' /proc/[0-9]*/status 2>/dev/null | grep -o '[0-9]\+')
}

# is_shown CALL REF NEED : what the program that was started waits for.
is_shown()
{
	tool waits --alone --all --json "$pid"
	assert_success
	assert_equal "$(jq -c ".waits[] | select(.pid == $pid) | [.call, .ref, .need]" <<<"$output")" \
		"$(jq -nc '$ARGS.positional | map(if . == "-" then null else . end)' --args "$@")"
}

# pipe_of PID : the reference of the pipe that it made.
pipe_of()
{
	local link

	for link in 3 4 5; do
		link=$(readlink "/proc/$1/fd/$link") || continue
		case $link in
		pipe:*)
			link=${link#pipe:[}
			echo "pipe:${link%]}"
			return
			;;
		esac
	done
}

all_calls()
{
	local call need sem queue file=$BATS_TEST_TMPDIR/file

	sem=$(helper sem 2)
	queue=$(helper msg)
	for call in read:data readv:data write:space writev:space splice:data sendfile:space; do
		start "$BATS_TEST_TMPDIR/calls" "${call%:*}"
		is_shown "${call%:*}" "$(pipe_of "$pid")" "${call#*:}"
	done
	start "$BATS_TEST_TMPDIR/calls" semop "$sem"
	is_shown semop "sem:$sem" data
	start "$BATS_TEST_TMPDIR/calls" msgrcv "$queue"
	is_shown msgrcv "msg:$queue" data
	queue=$(helper msg)
	start "$BATS_TEST_TMPDIR/calls" msgsnd "$queue"
	is_shown msgsnd "msg:$queue" space
	start "$BATS_TEST_TMPDIR/calls" flock "$file"
	is_shown flock "lock:$file" lock
	start "$BATS_TEST_TMPDIR/calls" ofd "$file.ofd"
	is_shown fcntl "lock:$file.ofd" lock
	start "$BATS_TEST_TMPDIR/calls" posix "$file.posix"
	is_shown fcntl "lock:$file.posix" lock
	mkfifo "$file.fifo"
	start "$BATS_TEST_TMPDIR/calls" open "$file.fifo"
	is_shown "$1" "fifo:$file.fifo" partner
	for call in wait4 waitid; do
		start "$BATS_TEST_TMPDIR/calls" $call
		is_shown $call - exit
	done
	for call in pause sigsuspend sigtimedwait sleep poll; do
		start "$BATS_TEST_TMPDIR/calls" $call
		is_shown $call - event
	done
}

@test "waits A21: each call, of the C library" {
	build "${CC:-cc}"
	all_calls openat
}

@test "waits A21: each call, of musl" {
	command -v musl-gcc >/dev/null || skip "needs musl"
	build musl-gcc
	all_calls open
}

# build_narrow : the 32-bit program that waits.
build_narrow()
{
	[ "$(uname -m)" = x86_64 ] || skip "needs a 64-bit PC"
	"${CC:-cc}" -m32 -nostdlib -static -fno-pie -no-pie -fno-stack-protector \
		-o "$BATS_TEST_TMPDIR/wait32" "$IPCTOOL_SRCDIR/tests/wait32.c" 2>/dev/null ||
		skip "needs a compiler of 32-bit programs"
	"$BATS_TEST_TMPDIR/wait32" x 0 || [ $? -eq 1 ] || skip "needs a kernel that runs them"
}

# limit : the time limit that is shown of the program that was started.
limit()
{
	tool waits --alone --all --json "$pid"
	assert_success
	jq -c ".waits[] | select(.pid == $pid and .call != \"futex\") | .timeout" <<<"$output"
}

# is_about SECONDS : whether this much is left, or a little less.
is_about()
{
	local left

	left=$(limit)
	if [ "$left" -gt "$1" ] || [ "$left" -le $(($1 - 300)) ]; then
		fail "$left s are left of $1"
	fi
}

@test "waits: the time limits of sleeps and of waits for signals, rounded up" {
	local call

	build "${CC:-cc}"
	for call in sleep:1000 limit-sleep:1001 limit-signal:1001 limit-cpu:null pause:null \
		sigsuspend:null sigtimedwait:null; do
		start "$BATS_TEST_TMPDIR/calls" "${call%:*}"
		assert_equal "$call $(limit)" "$call ${call#*:}"
	done
	start "$BATS_TEST_TMPDIR/calls" limit-until
	is_about 1000
	start "$BATS_TEST_TMPDIR/calls" limit-signal
	tool waits --alone --all "$pid"
	assert_line --regexp "^  calls $pid +sigtimedwait .*  waits at most 16m$"
}

@test "waits: a time limit that cannot be read is unknown, and lets the thread go on" {
	build "${CC:-cc}"
	sem=$(helper sem 2)
	scene "holder:sem=$sem:1:1,sem=$sem:1:-1,/,kill"
	start "$BATS_TEST_TMPDIR/calls" lost "$sem"
	waits --all
	assert_findings
	assert_equal "$(limit)" null
	tool waits --alone
	assert_line --regexp "^  calls $pid/[0-9]+ +semop sem:$sem\\[1\\]: value 0, needs 1 .*; has a time limit$"
}

@test "waits: the time limits of 32-bit programs" {
	local sem call

	build_narrow
	sem=$(helper sem 3)
	for call in L:1000 n:1000 N:1000 o:null t:null T:null; do
		start "$BATS_TEST_TMPDIR/wait32" "${call%:*}" "$sem"
		assert_equal "$call $(limit)" "$call ${call#*:}"
	done
	[ -e /proc/sys/fs/mqueue/msg_max ] || skip "needs POSIX queues"
	start "$BATS_TEST_TMPDIR/wait32" q 1
	is_about $((0x7fffffff - $(date +%s)))
	is_shown mq_timedreceive pmsg:/1 data
}

@test "waits A21: calls of 32-bit programs" {
	local sem msg full call wanted

	build_narrow
	sem=$(helper sem 3)
	msg=$(helper msg)
	full=$(helper msg)
	helper send "$full" 4 4096
	for wanted in "r msg:$msg msgrcv data" "s msg:$full msgsnd space" "o sem:$sem semop data" \
		"t sem:$sem semop data" "R msg:$msg msgrcv data" "S msg:$full msgsnd space" \
		"T sem:$sem semop data"; do
		read -r call ref name need <<<"$wanted"
		start "$BATS_TEST_TMPDIR/wait32" "$call" "${ref#*:}"
		is_shown "$name" "$ref" "$need"
	done
}
