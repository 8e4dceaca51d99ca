#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# waits: what it finds in scenes of real processes: the verdict, how certain it is, which
# process waits for which, and the exit status.
#
# shellcheck disable=SC2016,SC2030,SC2031 # the inner shell expands; each test is a process

load common
load waits

@test "waits A1: two processes that took two semaphores in opposite order" {
	s=$(helper sem 2)
	scene "alice:sem=$s:0:1,sem=$s:0:-1,sem=$s:1:1,/,/,sem=$s:1:-1" \
		"bob:/,sem=$s:1:-1,/,sem=$s:0:-1" "carol:/,/,sem=$s:0:-1"
	waits
	assert_findings 'deadlock likely: alice bob; behind: carol'
	assert_edges 'alice bob carol' 'alice -> bob (took it last)' \
		'bob -> alice (took it last)' 'carol -> alice (took it last)'
	assert_equal "$(doubts)" "a semaphore records no owner; any process that may change sem:$s could release it"
	assert_equal "$(jq -c ".waits[] | select(.pid == ${of[alice]}) |
		[.call, .ref, .semaphore, .what, .need, .closed, .timeout]" <<<"$output")" \
		"[\"semop\",\"sem:$s\",1,\"value 0, needs 1\",\"lock\",false,null]"
}

@test "waits A1: ... one of them with a time limit" {
	s=$(helper sem 2)
	scene "alice:sem=$s:0:1,sem=$s:0:-1,sem=$s:1:1,/,/,sem=$s:1:-1" \
		"bob:/,sem=$s:1:-1,/,sem=$s:0:-1:1000" "carol:/,/,sem=$s:0:-1"
	waits
	assert_findings
	assert_edges 'alice bob carol' 'alice -> bob (took it last)' \
		'bob -> alice (took it last)' 'carol -> alice (took it last)'
	assert_equal "$(jq -c ".waits[] | select(.pid == ${of[bob]}) | .timeout" <<<"$output")" 1000
}

@test "waits A1: in namespaces of an ordinary user" {
	requires root
	local as=(setpriv --reuid=65534 --regid=65534 --clear-groups --) place

	"${as[@]}" unshare --user --map-root-user true 2>/dev/null || skip "needs namespaces of users"
	place=$(mktemp -d)
	chown 65534 "$place"
	split "${as[@]}" unshare --user --map-root-user --ipc --pid --mount-proc --fork --kill-child \
		sh -c '
			set=$("$2" sem 2)
			mkfifo "$3/in" "$3/out"
			"$2" scene "alice:sem=$set:0:1,sem=$set:0:-1,sem=$set:1:1,/,/,sem=$set:1:-1" \
				"bob:/,sem=$set:1:-1,/,sem=$set:0:-1" <"$3/in" >"$3/out" 3>&- &
			exec 9>"$3/in"
			read -r _ <"$3/out"
			exec "$1" waits --alone --exit-code --json' sh "$IPCTOOL" "$IPCHELPER" "$place"
	rm -r "$place"
	assert_stderr ''
	assert_findings 'deadlock likely: alice bob'
	declare -A of=([alice]=$(jq '.waits[] | select(.command == "alice") | .pid' <<<"$output")
		[bob]=$(jq '.waits[] | select(.command == "bob") | .pid' <<<"$output"))
	assert_edges 'alice bob' 'alice -> bob (took it last)' 'bob -> alice (took it last)'
}

@test "waits A2: the consumer of a full queue is stopped" {
	q=$(helper msg)
	scene "producer:send=$q,/,/,fill=$q" "consumer:/,receive=$q,/,stop=19"
	waits
	assert_findings 'stopped likely: consumer; behind: producer'
	assert_edges 'producer consumer' 'producer -> consumer (received from it last)'
	assert_equal "$(doubts)" "msg:$q has a name; another process could receive from it"
	tool waits --alone
	assert_success
	assert_line --regexp "^  consumer ${of[consumer]}  stopped by SIGSTOP  [0-9]"
	assert_line "  waiting behind it: producer ${of[producer]} (msg:$q)"
	assert_line "  advice: kill -CONT ${of[consumer]} continues it"
}

@test "waits A3: the consumer of a full queue waits for a lock whose holder sleeps" {
	q=$(helper msg)
	scene "editor:flock=$BATS_TEST_TMPDIR/l,/,/,sleep" "producer:send=$q,/,/,fill=$q" \
		"consumer:/,receive=$q,/,flock=$BATS_TEST_TMPDIR/l"
	waits
	assert_findings
	assert_edges 'editor producer consumer' \
		'consumer -> editor (holds it)' \
		'producer -> consumer (received from it last)'
	tool waits --alone
	assert_success
	assert_line 'blocked'
	assert_line --regexp "^  producer ${of[producer]} +msgsnd msg:$q: full, [0-9]+ of [0-9]+ bytes +[0-9?]+s?  consumer ${of[consumer]} received from it last$"
	assert_line --regexp "^    consumer ${of[consumer]} +flock lock:$BATS_TEST_TMPDIR/l +[0-9?]+s?  editor ${of[editor]} holds it$"
	assert_line --regexp "^      editor ${of[editor]} +sleep +[0-9?]+s?  goes on by itself$"
}

@test "waits A4: a parent waits for its child, which reads from a pipe of the parent" {
	scene pipes=1 'parent:w0,wait' 'child<parent:r0,read0'
	waits
	assert_findings 'deadlock certain: parent child'
	assert_edges 'parent child' 'child -> parent (has the write end)' \
		'parent -> child (has to end)'
}

@test "waits A5: a process reads from a pipe whose write end only it has" {
	scene pipes=1 'reader:r0,w0,read0'
	waits
	assert_findings 'stuck certain: reader'
	tool waits --alone
	assert_line 'stuck, certain: no process is left that could release it'
	assert_line --regexp "^  reader ${of[reader]}  read pipe:[0-9]+: empty  [0-9?]+s?  only reader ${of[reader]} itself has the write end$"
	assert_line '  advice: close the write end in the process that reads'
}

@test "waits A6: two processes write to each other" {
	scene pipes=2 'left:w0,r1,write0' 'right:r0,w1,write1'
	waits
	assert_findings 'deadlock certain: left right'
	assert_edges 'left right' 'left -> right (has the read end)' \
		'right -> left (has the read end)'
	assert_equal "$(jq -r '.waits[] | select(.need == "space") | .what' <<<"$output" | sort -u)" \
		'full, 65536 of 65536 bytes'
}

@test "waits A7: opening a FIFO that nobody writes is not a finding, and goes on waiting" {
	mkfifo "$BATS_TEST_TMPDIR/f"
	scene "reader:open=$BATS_TEST_TMPDIR/f"
	waits
	assert_findings
	assert_equal "$(jq -c ".waits[] | select(.pid == ${of[reader]}) | [.call, .ref, .need, .releasers]" \
		<<<"$output")" "[\"openat\",\"fifo:$BATS_TEST_TMPDIR/f\",\"partner\",[]]"
	waits
	assert_equal "$(jq -c ".waits[] | select(.pid == ${of[reader]}) | .need" <<<"$output")" '"partner"'
}

# openers : the call, reference, need, note and releasers of each that opens a FIFO, by name.
openers()
{
	jq -c '[.waits[] | select(.need == "partner")] | sort_by(.command)[] |
		[.command, .call, .ref, .note, .releasers]' <<<"$output"
}

@test "waits A7: others that open the same side of a FIFO do not release each other" {
	local f=$BATS_TEST_TMPDIR/f note

	mkfifo "$f"
	scene "one:open=$f" "two:open=$f"
	waits
	assert_findings
	note="one ${of[one]}, two ${of[two]} all wait to open the same side"
	assert_equal "$(openers)" "[\"one\",\"openat\",\"fifo:$f\",\"$note\",[]]
[\"two\",\"openat\",\"fifo:$f\",\"$note\",[]]"
	end_helper
	scene "writer:copies=7,open-write=$f"
	waits
	assert_findings
	tool waits --alone
	assert_equal "$(sed -n 's/writer [0-9]*/writer N/gp' <<<"$output" | sed -E 's/  +([0-9]+s|\?)  +/  /')" \
		"  writer N and 7 more  openat fifo:$f: needs the other side  writer N, writer N, writer N, writer N, writer N and 3 more all wait to open the same side"
	end_helper
	# What opens the other side releases both.
	scene "one:open=$f,sleep" "two:open=$f,sleep" "writer:open-write=$f,sleep"
	waits
	assert_findings
	assert_equal "$(openers)" ''
}

@test "waits A7: two processes that open two FIFOs in opposite order" {
	local f=$BATS_TEST_TMPDIR/f g=$BATS_TEST_TMPDIR/g order

	order='if both open the two FIFOs, they have to do so in the same order'
	mkfifo "$f" "$g"
	scene "left:open=$f,open-write=$g" "right:open=$g,open-write=$f"
	waits
	assert_findings
	assert_equal "$(openers)" "[\"left\",\"openat\",\"fifo:$f\",\"right ${of[right]} waits to open fifo:$g; $order\",[]]
[\"right\",\"openat\",\"fifo:$g\",\"left ${of[left]} waits to open fifo:$f; $order\",[]]"
	assert_edges 'left right'
	tool waits --alone
	assert_line --index 0 blocked
	assert_line --regexp "^  left ${of[left]} +openat fifo:$f: needs the other side +[0-9?]+s?  right ${of[right]} waits to open fifo:$g; $order$"
	# With a third one it is not known which two belong together.
	mkfifo "$BATS_TEST_TMPDIR/h"
	start_helper scene "third:open=$BATS_TEST_TMPDIR/h"
	waits
	assert_findings
	assert_equal "$(openers | jq -c '.[3]' | sort -u)" null
}

@test "waits A8: two locks in opposite order, flock and OFD" {
	local how

	for how in flock ofd; do
		scene "ab:$how=$BATS_TEST_TMPDIR/a$how,/,$how=$BATS_TEST_TMPDIR/b$how" \
			"ba:$how=$BATS_TEST_TMPDIR/b$how,/,$how=$BATS_TEST_TMPDIR/a$how"
		waits
		assert_findings 'deadlock certain: ab ba'
		assert_edges 'ab ba' 'ab -> ba (holds it)' 'ba -> ab (holds it)'
		tool waits --alone
		assert_line '  advice: take these locks in the same order in every process'
		end_helper
	done
}

@test "waits A9: a server between two requests" {
	q=$(helper msg)
	r=$(helper msg)
	scene "server:/,receive=$q,send=$r,receive=$q" "client:send=$q,/,receive=$r,sleep"
	waits
	assert_findings
}

@test "waits A9: a consumer that is idle" {
	s=$(helper sem 2)
	# [0] counts free slots, [1] those that are full.
	scene "producer:sem=$s:0:4,sem=$s:0:-1,sem=$s:1:1,/,sleep" \
		"consumer:/,sem=$s:1:-1,sem=$s:0:1,sem=$s:1:-1"
	waits
	assert_findings
}

@test "waits A9: a guard that reads from a pipe of a parent that waits for a worker" {
	scene pipes=1 'parent:w0,wait' 'guard<parent:r0,read0' 'worker<parent:sleep'
	waits
	assert_findings
}

@test "waits A10: two processes that talk through one queue" {
	q=$(helper msg)
	scene "d1:send=$q,/,/,receive=$q" "d2:/,receive=$q,/,receive=$q"
	waits --all
	assert_findings
	assert_edges 'd1 d2' 'd2 -> d1 (sent to it last)'
	assert_equal "$(jq -c '[.waits[] | select(.call == "msgrcv") | .idle]' <<<"$output")" '[true,true]'
}

@test "waits A10: ... through a queue in each direction" {
	q=$(helper msg)
	r=$(helper msg)
	scene "d1:send=$q,/,receive=$r,/,receive=$r" "d2:receive=$q,send=$r,/,/,receive=$q"
	waits
	assert_findings
	waits --all
	assert_findings 'mutual: d1 d2'
	assert_edges 'd1 d2' 'd1 -> d2 (sent to it last)' 'd2 -> d1 (sent to it last)'
	tool waits --alone --all
	assert_line 'mutual: each of 2 processes waits to hear from the other'
	waits "${of[d1]}"
	assert_findings 'mutual: d1 d2'
}

@test "waits A11: the consumer of counting semaphores is stopped" {
	s=$(helper sem 2)
	scene "producer:sem=$s:0:1,/,sem=$s:0:-1,sem=$s:1:1,sem=$s:0:-1" 'consumer:/,stop=19'
	waits --all
	assert_findings
	assert_equal "$(jq -r ".waits[] | select(.pid == ${of[producer]}) | .note" <<<"$output")" \
		'it took the last unit itself; another process must add one'
}

@test "waits A12: two processes that each read first" {
	scene pipes=2 'left:w0,r1,read1' 'right:r0,w1,read0'
	waits
	assert_findings 'deadlock certain: left right'
	assert_edges 'left right' 'left -> right (has the write end)' \
		'right -> left (has the write end)'
}

@test "waits A13: the holder of a semaphore is killed" {
	s=$(helper sem 1)
	scene "holder:sem=$s:0:1,sem=$s:0:-1,/,kill" "waiter:/,sem=$s:0:-1"
	waits
	assert_findings 'stuck likely: waiter'
	assert_edges 'waiter'
	assert_equal "$(jq -r ".waits[] | select(.pid == ${of[waiter]}) | .note" <<<"$output")" \
		"process ${of[holder]}, the last to change it, has ended"
}

@test "waits A13: ... with SEM_UNDO" {
	s=$(helper sem 1)
	scene "holder:sem=$s:0:1,sem=$s:0:-1:9u,/,kill" "waiter:/,sem=$s:0:-1,sleep"
	waits
	assert_findings
}

@test "waits A13: a semaphore that a process set to 0 before it ended is not taken" {
	s=$(helper sem 1)
	helper setval "$s" 0 0
	scene "consumer:sem=$s:0:-1"
	waits --all
	assert_findings
	assert_equal "$(jq -r ".waits[] | select(.pid == ${of[consumer]}) | .need" <<<"$output")" data
}

@test "waits A14: the holder of a flock is stopped by the terminal" {
	local signal name

	for signal in 20:SIGTSTP 21:SIGTTIN 22:SIGTTOU; do
		name=${signal#*:}
		scene "holder:flock=$BATS_TEST_TMPDIR/l,/,stop=${signal%:*}" \
			"waiter:/,flock=$BATS_TEST_TMPDIR/l"
		waits
		assert_findings 'stopped certain: holder; behind: waiter'
		assert_edges 'holder waiter' 'waiter -> holder (holds it)'
		tool waits --alone
		assert_line 'stopped, certain: a stopped process holds up others'
		assert_line --regexp "^  holder ${of[holder]}  stopped by $name  "
		end_helper
	done
}

@test "waits A14: the holder of a flock is stopped by a tracer" {
	scene "holder:flock=$BATS_TEST_TMPDIR/l,/,/,sleep" \
		"waiter:/,/,flock=$BATS_TEST_TMPDIR/l" 'tracer:/,/,nap,trace=holder,sleep'
	waits
	assert_findings 'stopped certain: holder; behind: waiter'
	tool waits --alone
	assert_line --regexp "^  holder ${of[holder]}  traced by tracer ${of[tracer]}  "
	refute_line --partial advice
}

@test "waits A15, never again: a handler for SIGALRM could be the time limit" {
	scene pipes=2 'left:w0,r1,signal=14,write0' 'right:r0,w1,write1'
	waits
	assert_findings 'deadlock likely: left right'
	assert_equal "$(doubts)" "left ${of[left]} handles SIGALRM; the handler could release it"
}

@test "waits A15: ... a descriptor in transit could be the other end" {
	scene pipes=3 'left:w0,r1,write0' 'right:r0,w1,write1' 'broker:w2,transit2,sleep'
	waits
	assert_findings 'deadlock likely: left right'
	assert_equal "$(doubts)" \
		"a descriptor is in transit in a socket of broker ${of[broker]}; it could be the other end"
}

@test "waits A15: ... a thread with descriptors of its own could have the other end" {
	scene pipes=2 'left:w0,r1,write0' 'right:r0,w1,write1' 'apart:apart,sleep'
	waits
	assert_findings 'deadlock likely: left right'
	assert_equal "$(doubts)" \
		"apart ${of[apart]} has a thread with descriptors of its own; one could be the other end"
}

@test "waits A16: an ordinary user beside processes of root is never certain" {
	requires root
	scene_as=65534
	scene pipes=2 'left:w0,r1,write0' 'right:r0,w1,write1'
	waits
	assert_findings 'deadlock likely: left right'
	assert_stderr --regexp '^ipctool waits: [0-9]+ processes could not be examined; run as root to include them$'
	assert_regex "$(doubts)" '^[0-9]+ processes could not be examined; one of them could release it$'
	end_helper
	scene pipes=2 'left:w0,r1,read1' 'right:r0,w1,read0'
	waits
	assert_findings
	waits --all
	assert_findings 'mutual: left right'
}

@test "waits A17, never again: the only write end of a pipe is in transit" {
	scene pipes=1 'reader:r0,/,read0' 'broker:w0,transit0,/,sleep'
	waits --all
	assert_findings
	assert_edges 'reader broker'
}

@test "waits A17, never again: a handler for SIGCHLD makes children releasers" {
	scene pipes=1 'parent:w0,wait' 'guard<parent:r0,signal=17,read0' 'worker<guard:sleep'
	waits
	assert_findings
}

@test "waits A18, never again: the taker of a flock has ended, and another process holds it" {
	local heir lock

	exec {lock}>"$BATS_TEST_TMPDIR/l"
	flock "$lock"
	sleep 1000 3>&- &
	heir=$!
	exec {lock}>&-
	scene "waiter:flock=$BATS_TEST_TMPDIR/l"
	of[heir]=$heir
	waits
	kill "$heir"
	assert_findings
	assert_edges 'waiter heir' 'waiter -> heir (holds it)'
}

@test "waits A18: one waits for a flock before another" {
	scene "holder:flock=$BATS_TEST_TMPDIR/l,/,/,sleep" \
		"w1:/,/,flock=$BATS_TEST_TMPDIR/l" "w2:/,/,nap,flock=$BATS_TEST_TMPDIR/l"
	waits
	assert_findings
	assert_edges 'holder w1 w2' 'w1 -> holder (holds it)' 'w2 -> w1 (waits ahead of it)'
}

@test "waits A22, never again: a handler that writes to the pipe of its own process" {
	scene pipes=1 'selfpipe:r0,w0,signal=15,read0'
	waits
	assert_findings
}

@test "waits A22: a supervisor with a handler, whose child reads from its pipe" {
	scene pipes=1 'super:w0,signal=15,wait' 'child<super:r0,read0'
	waits
	assert_findings 'deadlock likely: super child'
	assert_equal "$(doubts)" "super ${of[super]} handles SIGTERM; the handler could release it"
	tool waits --alone
	refute_line --partial advice
}

@test "waits A4, never again: the pids of a namespace below, seen from outside" {
	requires root
	in_namespace pipes=1 'parent:w0,wait' 'child<parent:r0,read0'
	waits
	assert_findings 'deadlock certain: parent child'
	# The pids are those of the outer namespace.
	assert_equal "$(jq -r '.findings[].threads[]' <<<"$output" |
		xargs -I{} cat /proc/{}/comm | xargs)" 'parent child'
}

# in_namespace ARG... : a scene in a PID namespace of its own.
in_namespace()
{
	local real=$IPCHELPER

	IPCHELPER=$BATS_TEST_TMPDIR/wrapped
	printf '%s\n' '#!/bin/sh' \
		"exec unshare --pid --fork --kill-child --mount-proc '$real' \"\$@\"" >"$IPCHELPER"
	chmod +x "$IPCHELPER"
	start_helper scene "$@"
	IPCHELPER=$real
}

@test "waits A4: a parent that waits for one child of two by its pid or group" {
	scene pipes=1 'parent:w0,waitid' 'child<parent:r0,read0'
	waits
	assert_findings 'deadlock certain: parent child'
}

@test "waits A14b: the consumer of a full queue is frozen" {
	requires root
	frozen_group
	q=$(helper msg)
	scene "producer:send=$q,/,/,fill=$q" "consumer:/,receive=$q,/,pause"
	freeze "${of[consumer]}"
	waits
	assert_findings 'stopped likely: consumer; behind: producer'
	tool waits --alone
	thaw
	assert_line --regexp "^  consumer ${of[consumer]}  frozen \\(.*/ipctool-tests-$$/below\\)"
	assert_line --regexp '^  advice: echo (0|THAWED) >.*/ipctool-tests-[0-9]+/(cgroup.freeze|freezer.state) continues it$'
}

@test "waits A14b, never again: the holder of a flock sleeps below a cgroup that is frozen" {
	requires root
	frozen_group
	scene "holder:flock=$BATS_TEST_TMPDIR/l,/,sleep" "waiter:/,flock=$BATS_TEST_TMPDIR/l"
	freeze "${of[holder]}"
	waits
	thaw
	assert_findings 'stopped certain: holder; behind: waiter'
	assert_edges 'holder waiter' 'waiter -> holder (holds it)'
}

@test "waits A14b: a container that is paused" {
	requires root
	local id

	id=$(printf 'a%.0s' {1..64})
	frozen_group docker "$id"
	scene "holder:flock=$BATS_TEST_TMPDIR/l,/,sleep" "waiter:/,flock=$BATS_TEST_TMPDIR/l"
	freeze "${of[holder]}"
	tool waits --alone
	thaw
	assert_line --regexp "^  holder ${of[holder]}  frozen \\(docker:aaaaaaaaaaaa\\)"
	assert_line '  advice: docker unpause aaaaaaaaaaaa continues it'
}

# frozen_group [GROUP BELOW] : makes a cgroup with one below it, of version 1 or 2; skips where
# none can be.
frozen_group()
{
	local mount

	below=${2:-below}
	while read -r mount; do
		group=$mount/${1:-ipctool-tests-$$}
		mkdir -p "$group/$below" 2>/dev/null || continue
		[ -w "$group/cgroup.freeze" ] || [ -w "$group/freezer.state" ] && return
		rmdir "$group/$below" "$group"
	done < <(awk '$3 == "cgroup2" || $3 == "cgroup" && $4 ~ /freezer/ { print $2 }' /proc/mounts)
	group=
	skip "needs the cgroup freezer"
}
group=

# freeze PID : moves the process to the lower group, and freezes the upper one.
freeze()
{
	echo "$1" >"$group/$below/cgroup.procs"
	if [ -e "$group/cgroup.freeze" ]; then
		echo 1 >"$group/cgroup.freeze"
		until grep -qx 'frozen 1' "$group/$below/cgroup.events"; do sleep 0.05; done
	else
		echo FROZEN >"$group/freezer.state"
		until grep -qx FROZEN "$group/$below/freezer.state"; do sleep 0.05; done
	fi
}

thaw()
{
	if [ -e "$group/cgroup.freeze" ]; then
		echo 0 >"$group/cgroup.freeze"
	else
		echo THAWED >"$group/freezer.state"
	fi
}

teardown()
{
	[ -z "$group" ] || thaw
	end_helpers
	wipe
	[ -z "$group" ] || until rmdir "$group/$below" "$group" 2>/dev/null; do sleep 0.05; done
}

@test "waits A19: the only receiver of a full POSIX queue waits for a lock" {
	has_queues
	scene "editor:flock=$BATS_TEST_TMPDIR/l,/,/,sleep" "producer:/,/,mq-fill=/q$$" \
		"consumer:mq-open=/q$$,/,/,flock=$BATS_TEST_TMPDIR/l"
	waits
	assert_findings
	assert_edges 'editor producer consumer' 'consumer -> editor (holds it)' \
		'producer -> consumer (can receive from it)'
	assert_equal "$(jq -c ".waits[] | select(.pid == ${of[producer]}) | [.call, .ref, .need, .closed]" \
		<<<"$output")" "[\"mq_timedsend\",\"pmsg:/q$$\",\"space\",false]"
	waits "pmsg:/q$$"
	assert_equal "$(jq -c '[.waits[].command]' <<<"$output")" '["producer"]'
}

@test "waits A19: ... is stopped" {
	has_queues
	scene "consumer:mq-open=/q$$,/,stop=19" "producer:/,mq-fill=/q$$"
	waits
	assert_findings 'stopped likely: consumer; behind: producer'
	assert_edges 'consumer producer' 'producer -> consumer (can receive from it)'
	assert_equal "$(doubts)" "pmsg:/q$$ has a name; another process could receive from it"
}

@test "waits A19: two processes that talk through two POSIX queues" {
	has_queues
	scene "d1:mq-write=/a$$,/,mq-take=/b$$" "d2:mq-write=/b$$,/,mq-take=/a$$"
	waits
	assert_findings
	waits --all
	assert_findings 'mutual: d1 d2'
	assert_edges 'd1 d2' 'd1 -> d2 (can send to it)' 'd2 -> d1 (can send to it)'
}

@test "waits A19: the receiver of a POSIX queue opened it below /dev/mqueue" {
	has_queues
	mount_queues
	scene "producer:mq-write=/m$$,/,/,mq-fill=/m$$" \
		"consumer:/,open=$queues/m$$,/,stop=19"
	waits
	assert_findings 'stopped likely: consumer; behind: producer'
	assert_edges 'consumer producer' 'producer -> consumer (can receive from it)'
	end_helpers
	umount "$queues"
}

@test "waits A19: ... of another queue with the same name is none" {
	has_queues
	mount_queues
	# The queue that the consumer has open has no name any more.
	scene "consumer:mq-open=/m$$,sleep"
	rm "$queues/m$$"
	start_helper scene "producer:mq-fill=/m$$"
	of[producer]=${ready[0]}
	waits
	assert_findings
	assert_edges 'consumer producer'
	end_helpers
	umount "$queues"
}

# mount_queues : the queues of this IPC namespace in the directory $queues.
mount_queues()
{
	requires mount
	queues=$BATS_TEST_TMPDIR/queues
	mkdir "$queues"
	mount -t mqueue none "$queues"
}

# has_queues : skips where there are no POSIX queues.
has_queues()
{
	[ -e /proc/sys/fs/mqueue/msg_max ] || skip "needs POSIX queues"
}

@test "waits A20: 1000 readers of one pipe are one line" {
	scene pipes=1 'keeper:w0,sleep' 'reader:r0,copies=999,read0'
	waits --all
	assert_findings
	tool waits --alone --all
	assert_success
	assert_line --regexp "^  reader [0-9]+ and 999 more  +read pipe:[0-9]+: empty .* keeper ${of[keeper]} has the write end$"
}

@test "waits A20: the parent of vfork(2) is idle" {
	scene 'mother:vfork'
	waits --all
	assert_findings
	assert_equal "$(jq -c ".waits[] | select(.pid == ${of[mother]}) | [.call, .need, .idle]" <<<"$output")" \
		'["vfork","exit",true]'
}

@test "waits A20, never again: a sleeper that was stopped and continued still sleeps" {
	scene 'sleeper:sleep'
	kill -STOP "${of[sleeper]}"
	until grep -q 'State:.T' "/proc/${of[sleeper]}/status"; do sleep 0.05; done
	kill -CONT "${of[sleeper]}"
	until grep -q 'State:.S' "/proc/${of[sleeper]}/status"; do sleep 0.05; done
	waits --all
	assert_findings
	assert_equal "$(jq -c ".waits[] | select(.pid == ${of[sleeper]}) | [.call, .need, .idle]" <<<"$output")" \
		'["sleep","event",true]'
}

# without_ptrace : runs ipctool as root without the right to examine any process.
without_ptrace()
{
	split setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace -- "$IPCTOOL" \
		waits --alone --exit-code --json "$@"
}

@test "waits A23: beside processes that cannot be examined" {
	requires root
	scene pipes=2 'left:drop,w0,r1,write0' 'right:drop,r0,w1,write1'
	without_ptrace
	assert_findings 'deadlock likely: left right'
	assert_regex "$(doubts)" '^[0-9]+ processes could not be examined; one of them could release it$'
	assert_stderr --regexp '^ipctool waits: [0-9]+ processes could not be examined; run as root to include them$'
}

@test "waits A23: a flock whose holder cannot be examined" {
	requires root
	scene "holder:flock=$BATS_TEST_TMPDIR/l,/,sleep" \
		"waiter:drop,/,flock=$BATS_TEST_TMPDIR/l"
	without_ptrace
	assert_findings
	assert_edges 'holder waiter' 'waiter -> holder (holds it)'
	split setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace -- "$IPCTOOL" waits --alone
	assert_line --regexp "^    holder ${of[holder]}  could not be examined$"
}

@test "waits A23, never again: a pipe whose write end has only a process that cannot be examined" {
	requires root
	scene pipes=1 'sleeper:w0,sleep' 'reader:drop,r0,read0'
	without_ptrace --all
	assert_findings
	assert_edges 'sleeper reader'
}

@test "waits A24: without --exit-code a finding changes no status" {
	scene pipes=2 'left:w0,r1,write0' 'right:r0,w1,write1'
	tool waits --alone
	assert_success
	assert_line --index 0 'deadlock, certain: 2 processes wait for each other'
}

@test "waits A24: a caller who may examine nobody" {
	requires root
	split setpriv --reuid=65534 --regid=65534 --clear-groups -- "$IPCTOOL" waits
	assert_failure 2
	assert_output ''
	assert_stderr 'ipctool waits: no process could be examined: Operation not permitted; run as root'
}

@test "waits A25: the durations on a CPU that ipctool may not use are not known" {
	[ "$(nproc)" -gt 1 ] || skip "needs two CPUs"
	[ -r /proc/self/sched ] || skip "needs CONFIG_SCHED_DEBUG"
	scene pipes=1 'reader:r0,w0,read0'
	taskset -a -p -c 1 "${of[reader]}" >/dev/null
	local on
	on=$(awk '{ sub(/.*\) /, ""); print $37 }' "/proc/${of[reader]}/stat")
	split taskset -c $((1 - on)) "$IPCTOOL" waits --alone --json
	assert_equal "$(jq -c '.waits[0].waited' <<<"$output")" null
	tool waits --alone --json
	assert_equal "$(jq -c '.waits[0].waited | type' <<<"$output")" '"number"'
}
