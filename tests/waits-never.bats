#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# waits: what such a tool easily gets wrong, and must never. waits-scenes has more of these tests,
# with "never again" in their names: a self-pipe (A22), an end that nobody visible has (A17,
# A23), a frozen process (A14b), the taker of a flock that has ended (A18), pids of a namespace
# below (A4), a sleeper that was stopped (A20), handlers (A15, A17).
#
# IPCTOOL_WAITS_LOOKS sets how often what is busy is looked at.
#
# shellcheck disable=SC2016 # the inner shell expands

load common
load waits

looks=${IPCTOOL_WAITS_LOOKS:-8}

# never_found : a number of looks find nothing but mutual waits.
never_found()
{
	local i

	for ((i = 0; i < looks; i++)); do
		waits
		assert_success
		assert_equal "$(findings)" ''
	done
}

@test "waits, never again: one look reports deadlocks that do not exist" {
	local set

	set=$(helper sem 2)
	helper semop "$set" 0 1
	helper semop "$set" 1 1
	scene busy pipes=6 "c1:churn=$set:$BATS_TEST_TMPDIR/l" "c2:churn=$set:$BATS_TEST_TMPDIR/l" \
		"c3:churn=$set:$BATS_TEST_TMPDIR/l" "c4:churn=$set:$BATS_TEST_TMPDIR/l" \
		'r0:r0,w1,w0,put0,relay01' 'r1:r1,w2,relay12' 'r2:r2,w3,relay23' \
		'r3:r3,w4,relay34' 'r4:r4,w5,relay45' 'r5:r5,w0,relay50'
	never_found
}

@test "waits, never again: edges from process to process, for many readers of one pipe" {
	# Each of them has the write end, so there are 4 million of these edges.
	scene pipes=1 'keeper:w0,sleep' 'reader:r0,w0,copies=1999,read0'
	tool waits --alone --all
	assert_success
	assert_line --regexp '^  reader [0-9]+ and 1999 more  read .* has the write end and [0-9]+ more$'
}

@test "waits, never again: processes that only have a queue open are not followed" {
	[ -e /proc/sys/fs/mqueue/msg_max ] || skip "needs POSIX queues"
	scene "producer:/,mq-fill=/n$$" "many:mq-open=/n$$,copies=29,/,sleep" 2>/dev/null || true
	tool waits --alone
	assert_success
	assert_line --regexp '^  producer [0-9]+ +mq_timedsend.* can receive from it and [0-9]+ more$'
	refute_line --regexp '^    many '
}

@test "waits, never again: GNU make with a jobserver is not stuck" {
	command -v make >/dev/null || skip "needs make"
	printf '%s\n' 'all: a b c d' 'a b c d:' '	@+$(MAKE) -s -f $(firstword $(MAKEFILE_LIST)) $@.x' \
		'%.x:' '	@sleep 0.3; sleep 0.3; sleep 0.3' >"$BATS_TEST_TMPDIR/mk"
	make -s -j2 -f "$BATS_TEST_TMPDIR/mk" 3>&- &
	never_found
	kill %1 2>/dev/null || true
	wait
}

@test "waits, never again: opening a FIFO would release who waits for it" {
	requires strace
	mkfifo "$BATS_TEST_TMPDIR/f"
	scene pipes=1 "opener:open=$BATS_TEST_TMPDIR/f" "other:read-fifo=$BATS_TEST_TMPDIR/g" \
		'reader:r0,w0,read0'
	strace -f -o "$BATS_TEST_TMPDIR/trace" "$IPCTOOL" waits --alone --all \
		"fifo:$BATS_TEST_TMPDIR/f" "${of[reader]}" "${of[opener]}" >/dev/null 2>&1 || true
	run grep -E "open(at)?\(.*(BATS|$BATS_TEST_TMPDIR|/proc/[0-9]+/(task/[0-9]+/)?(fd/|root|cwd))" \
		"$BATS_TEST_TMPDIR/trace"
	# The list of descriptors is a directory, which is read.
	refute_output --regexp '/fd/[0-9]'
	refute_output --partial "$BATS_TEST_TMPDIR"
}

@test "waits, never again: a daemon that has both ends of a FIFO is idle" {
	mkfifo "$BATS_TEST_TMPDIR/f"
	scene "daemon:read-fifo=$BATS_TEST_TMPDIR/f"
	waits --all
	assert_success
	assert_findings
	assert_equal "$(jq -c ".waits[] | select(.pid == ${of[daemon]}) | [.ref, .need, .idle, .releasers]" \
		<<<"$output")" "[\"fifo:$BATS_TEST_TMPDIR/f\",\"data\",true,[]]"
}

@test "waits, never again: stat(2) through the link of a descriptor can hang" {
	requires strace
	scene pipes=1 'reader:r0,w0,read0' "holder:flock=$BATS_TEST_TMPDIR/l,sleep" \
		"waiter:nap,flock=$BATS_TEST_TMPDIR/l"
	strace -f -o "$BATS_TEST_TMPDIR/trace" "$IPCTOOL" waits --alone --all "${of[reader]}" \
		>/dev/null 2>&1 || true
	run grep -E '/proc/[0-9]+/(task/[0-9]+/)?fd/[0-9]' "$BATS_TEST_TMPDIR/trace"
	assert_success
	refute_output --regexp ' (stat|statx|open|openat)\('
	# newfstatat(2) is lstat(2) only with this flag.
	run grep -vE 'readlink|AT_SYMLINK_NOFOLLOW|lstat' <<<"$output"
	assert_output ''
}

@test "waits, never again: moving to CPUs outside of its mask" {
	requires strace
	[ "$(nproc)" -gt 1 ] || skip "needs two CPUs"
	scene pipes=1 'reader:r0,w0,read0'
	taskset -a -p -c 1 "${of[reader]}" >/dev/null
	taskset -c 0 strace -f -e trace=sched_setaffinity -o "$BATS_TEST_TMPDIR/trace" "$IPCTOOL" \
		waits --alone >/dev/null 2>&1
	run grep -c 'sched_setaffinity(0, 128, \[.*1.*\]' "$BATS_TEST_TMPDIR/trace"
	assert_output 0
}

@test "waits, never again: a descriptor that could not be read is not one that was closed" {
	requires root strace
	local n

	# The first links that are read are those of the first processes.
	scene pipes=1 'reader:r0,w0,read0'
	for n in 2 3 4; do
		split strace -qqq -o /dev/null -e inject=readlinkat:error=ENOMEM:when=$n "$IPCTOOL" \
			waits --alone
		assert_line 'stuck, likely: no process is left that could release it'
		assert_line --partial '  not certain: 1 process could not be examined'
		assert_stderr 'ipctool waits: 1 process could not be examined'
	done
}

@test "waits, never again: vmsplice(2) from a pipe waits for data" {
	scene pipes=1 'reader:r0,vmsplice0' 'writer:w0,sleep'
	waits --all
	assert_success
	assert_findings
	assert_edges reader "reader -> ${of[writer]} (has the write end)"
	assert_equal "$(jq -c '.waits[] | select(.command == "reader") | [.call, .what, .need]' \
		<<<"$output")" '["vmsplice","empty","data"]'
}

@test "waits, never again: a descriptor of a thread with a table of its own is another file" {
	requires root
	# Pipe 0 has no end in another process; the thread reads from pipe 1.
	scene pipes=2 'reader:r0,w0,r1,swap0,read0' 'writer:w1,sleep'
	waits --all
	assert_success
	assert_findings
	assert_equal "$(jq -c '.waits[] | select(.command == "reader" and .pid != .tid) |
		[.call, .ref, .releasers]' <<<"$output")" '["read",null,[]]'
}

# The kernel keeps the pipe locked meanwhile: asking how much is in it would hang.
@test "waits, never again: splice(2) that waits for a file needs no space, and locks its pipe" {
	requires mount
	local trace=$BATS_TEST_TMPDIR/trace instance

	mkdir "$trace"
	mount -t tracefs none "$trace" 2>/dev/null || skip "needs tracefs"
	instance=$trace/instances/ipctool-tests-$$
	mkdir "$instance" 2>/dev/null || {
		umount "$trace"
		skip "needs an instance of tracefs"
	}
	scene pipes=1 'reader:r0,/,read0' "tracer:r0,w0,/,nap,splice-from=$instance/trace_pipe"
	waits --all "${of[reader]}" "${of[tracer]}"
	end_helpers
	rmdir "$instance"
	umount "$trace"
	assert_success
	assert_findings
	assert_edges 'reader tracer' 'reader -> tracer (has the write end)'
}

@test "waits, never again: another process with the pid of the last user of a semaphore" {
	requires root
	local set holder

	[ -w /proc/sys/kernel/ns_last_pid ] || skip "needs to choose pids"
	set=$(helper sem 1)
	helper semop "$set" 0 1
	holder=$(sh -c 'echo $$; exec "$1" semop "$2" 0 -1' sh "$IPCHELPER" "$set" | head -n 1)
	sleep 2
	for _ in {1..20}; do
		echo $((holder - 1)) >/proc/sys/kernel/ns_last_pid
		setpriv --reuid=65534 --regid=65534 --clear-groups sleep 1000 3>&- &
		impostor=$!
		[ "$impostor" -ne "$holder" ] || break
		kill "$impostor"
	done
	[ "$impostor" -eq "$holder" ] || skip "needs to choose pids"
	scene "waiter:sem=$set:0:-1"
	waits
	kill "$impostor"
	assert_findings 'stuck likely: waiter'
	assert_edges waiter
	assert_equal "$(jq -r '.waits[] | select(.command == "waiter") | .note' <<<"$output")" \
		"process $holder, the last to change it, has ended"
}

@test "waits, never again: a descriptor without a readable fdinfo could be the other end" {
	requires root strace
	local fd paths=()

	scene pipes=3 'left:w0,r1,write0' 'right:r0,w1,write1' 'broker:w2,transit2,sleep'
	for fd in /proc/"${of[broker]}"/fd/*; do
		[[ $(readlink "$fd") != socket:* ]] || paths+=(-P "${fd/fd/fdinfo}")
	done
	waits
	assert_equal "$(findings)" 'deadlock likely: left right'
	split strace -qqq -o /dev/null "${paths[@]}" -e inject=openat:error=ENOMEM "$IPCTOOL" \
		waits --alone --exit-code --json
	assert_equal "$(findings)" 'deadlock likely: left right'
	assert_equal "$(doubts)" "1 process could not be examined; it could release it"
	assert_stderr 'ipctool waits: 1 process could not be examined'
}
