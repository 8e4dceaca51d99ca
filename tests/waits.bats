#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# waits: its options, operands, output and messages.
#
# shellcheck disable=SC2016,SC2030,SC2031 # the inner shell expands; each test is a process

load common
load options
load waits

# locked : a reader that is stuck, and a lock that one holds and another waits for.
locked()
{
	file=$BATS_TEST_TMPDIR/lock
	scene pipes=1 'reader:r0,w0,/,read0' "holder:flock=$file,/,sleep" \
		"waiter:/,flock=$file"
	waits
	pipe=$(jq -r '.waits[] | select(.command == "reader") | .ref' <<<"$output")
	pipe=${pipe#pipe:}
}

# plain : the lines of output without durations, and with single blanks.
plain()
{
	sed -E 's/  ([0-9]+[smhd]|\?)(  |$)/  -\2/; s/([^ ])  +/\1  /g' <<<"$output"
}

@test "waits: the table, byte for byte but for the durations" {
	locked
	tool waits --alone
	assert_success
	assert_stderr ''
	assert_equal "$(plain | sed '$d')" "stuck, certain: no process is left that could release it
  reader ${of[reader]}  read pipe:$pipe: empty  -  only reader ${of[reader]} itself has the write end
  advice: close the write end in the process that reads
blocked
  waiter ${of[waiter]}  flock lock:$file  -  holder ${of[holder]} holds it
    holder ${of[holder]}  sleep  -  goes on by itself"
	assert_line --index $((${#lines[@]} - 1)) --regexp '^idle: [0-9]+ threads \(use --all to list them\)$'
}

@test "waits: the columns are aligned" {
	locked
	tool waits --alone
	assert_equal "$(grep -bo 'flock lock' <<<"${lines[4]}" | cut -d: -f1)" \
		"$(grep -bo 'sleep' <<<"${lines[5]}" | cut -d: -f1)"
}

@test "waits: nothing is stuck" {
	tool waits --alone
	assert_success
	assert_output --regexp '^no process is stuck: [0-9]+ threads are waiting, and each of them can still be released$'
	tool waits --alone --exit-code --json
	assert_success
	assert_equal "$(jq -c '[.schema, .findings, .waits, .unread]' <<<"$output")" \
		'[1,[],[],{"processes":0}]'
	tool why --alone
	assert_success
}

@test "waits: one thread is idle" {
	# The program takes the place of the shell, so that only the helper waits.
	# shellcheck disable=SC2016 # the inner shell's own
	split unshare --pid --mount-proc --propagation unchanged --fork bash -c '
		mkfifo "$1"
		exec {input}<>"$1"
		"$IPCHELPER" memfd unused <"$1" >"$1.out" &
		"$IPCHELPER" await $! read
		exec "$IPCTOOL" waits --alone' bash "$BATS_TEST_TMPDIR/input"
	assert_success
	assert_output 'no process is stuck: 1 thread is waiting, and it can still be released'
}

@test "waits: outside the initial PID namespace nothing is certain without --alone" {
	[ "$(readlink /proc/self/ns/pid)" != 'pid:[4026531836]' ] || skip "this is the initial one"
	locked
	tool waits --exit-code --json
	assert_findings 'stuck likely: reader'
	assert_equal "$(doubts)" 'processes outside this PID namespace are not visible (--alone if none of them takes part)'
	tool waits --exit-code --certain
	assert_success
	tool waits --exit-code --certain --alone
	assert_failure 1
}

@test "waits PID: what its threads wait for, and what it holds" {
	locked
	tool waits --alone "${of[reader]}"
	assert_success
	assert_equal "$(plain | grep -v 'fd \([012]\|2..\)\b')" "stuck, certain: no process is left that could release it
  reader ${of[reader]}  read pipe:$pipe: empty  -  only reader ${of[reader]} itself has the write end
  advice: close the write end in the process that reads
reader ${of[reader]} holds
  pipe:$pipe  read end, fd $(descriptor reader r)
  pipe:$pipe  write end, fd $(descriptor reader w)  reader ${of[reader]} waits for it"
	tool waits --alone "${of[holder]}"
	assert_success
	assert_equal "$(plain | grep -v 'fd \([012]\|2..\)\b')" "idle
  holder ${of[holder]}  sleep  -  goes on by itself
holder ${of[holder]} holds
  lock:$file  flock, fd $(descriptor holder "$file")  waiter ${of[waiter]} waits for it"
	tool waits --alone "${of[waiter]}"
	assert_line 'blocked'
	assert_line --index 2 --regexp "^    holder ${of[holder]} +sleep .* goes on by itself$"
}

# descriptor NAME WHAT : the number of the descriptor of an actor that is the file, or the r or
# w end of the pipe.
descriptor()
{
	local fd mode

	for fd in "/proc/${of[$1]}/fd/"*; do
		case $2 in
		r | w)
			[ "$(readlink "$fd")" = "pipe:[$pipe]" ] || continue
			mode=$(stat -c %A "$fd")
			[ "${mode:1:2}" = "$([ "$2" = r ] && echo r- || echo -w)" ] || continue
			;;
		*) [ "$(readlink "$fd")" = "$2" ] || continue ;;
		esac
		echo "${fd##*/}"
	done
}

@test "waits PID: segments that are attached, semaphores that it changed last" {
	local shm sem

	shm=$(helper shm 4096)
	sem=$(helper sem 2)
	scene "taker:sem=$sem:1:2,sem=$sem:1:-1,pause"
	start_helper attach "$shm"
	tool waits --alone "${of[taker]}" "${ready[1]}"
	assert_success
	assert_line --regexp "^  sem:$sem\\[1\\] +value 1, changed it last$"
	assert_line --regexp "^  shm:$shm +attached$"
}

@test "waits PID: POSIX queues that it has open, by a name with a blank too" {
	[ -e /proc/sys/fs/mqueue/msg_max ] || skip "needs POSIX queues"
	scene "keeper:mq-write=/a b,mq-open=/c$$,/,sleep" "taker:mq-take=/a b" "filler:mq-fill=/c$$"
	tool waits --alone "${of[keeper]}"
	assert_success
	assert_equal "$(plain | sed -n '/ pmsg:.*open for/s/, fd [0-9]*//p')" \
		"  pmsg:/a%20b  open for writing  taker ${of[taker]} waits for it
  pmsg:/c$$  open for reading  filler ${of[filler]} waits for it"
	waits pmsg:/a%20b
	assert_success
	assert_equal "$(jq -c '[.waits[] | [.command, .ref]]' <<<"$output")" \
		'[["taker","pmsg:/a%20b"]]'
}

@test "waits: a POSIX queue whose name was removed has no reference" {
	[ -e /proc/sys/fs/mqueue/msg_max ] || skip "needs POSIX queues"
	scene "consumer:mq-open=/g$$,/,stop=19" "producer:/,mq-fill=/g$$"
	tool rm --force "pmsg:/g$$"
	assert_success
	waits
	assert_findings 'stopped likely: consumer; behind: producer'
	assert_equal "$(jq -c '.waits[] | select(.command == "producer") | [.ref, .need, .what]' \
		<<<"$output")" '[null,"space","full"]'
	assert_equal "$(doubts)" \
		'a queue records no owner; any process that has it open could receive from it'
}

@test "waits REF: a semaphore set, a queue, by id and by key" {
	local sem queue

	sem=$(helper sem 2 key=0x77)
	queue=$(helper msg)
	scene "one:sem=$sem:1:-1" "two:receive=$queue"
	for ref in "sem:$sem" sem:0x77; do
		waits "$ref"
		assert_success
		assert_equal "$(jq -c '[.waits[] | [.pid, .ref, .semaphore, .idle]]' <<<"$output")" \
			"[[${of[one]},\"sem:$sem\",1,true]]"
	done
	waits "msg:$queue"
	assert_equal "$(jq -c '[.waits[] | [.pid, .ref, .what, .need]]' <<<"$output")" \
		"[[${of[two]},\"msg:$queue\",\"empty\",\"data\"]]"
	tool waits --alone shm:0
	assert_failure 1
}

@test "waits REF: a pipe, a file with a lock, a FIFO, also by a relative path" {
	locked
	mkfifo "$BATS_TEST_TMPDIR/f i"
	start_helper scene "opener:open=$BATS_TEST_TMPDIR/f i"
	of[opener]=${ready[0]}
	waits "pipe:$pipe"
	assert_findings 'stuck certain: reader'
	cd "$BATS_TEST_TMPDIR"
	for ref in "lock:$file" lock:lock "lock:$(stat -c '%Hd %Ld %i' lock | {
		read -r major minor inode
		printf '%02x:%02x:%d' "$major" "$minor" "$inode"
	})"; do
		waits "$ref"
		assert_success
		assert_edges 'waiter holder' 'waiter -> holder (holds it)'
	done
	waits "fifo:f%20i"
	assert_success
	assert_equal "$(jq -c '[.waits[] | [.pid, .ref, .need]]' <<<"$output")" \
		"[[${of[opener]},\"fifo:$BATS_TEST_TMPDIR/f%20i\",\"partner\"]]"
}

@test "waits REF: a file of which stat(2) tells another device than its mount has" {
	requires mount
	local d=$BATS_TEST_TMPDIR/overlay

	mkdir -p "$d/low" "$d/up" "$d/all"
	mount -t tmpfs none "$d/low"
	mount -t tmpfs none "$d/up"
	mkdir "$d/up/new" "$d/up/work"
	touch "$d/low/lock"
	mkfifo "$d/low/fifo" "$d/low/opened"
	mount -t overlay -o "lowerdir=$d/low,upperdir=$d/up/new,workdir=$d/up/work" none "$d/all" \
		2>/dev/null || {
		umount "$d/low" "$d/up"
		skip "needs overlays"
	}
	exec {lock}<"$d/all/lock"
	flock "$lock"
	flock "$d/all/lock" true 3>&- &
	waiter=$!
	scene "reader:read-fifo=$d/all/fifo" "opener:open=$d/all/opened"
	for ref in lock:lock fifo:fifo fifo:opened; do
		waits "${ref%%:*}:$d/all/${ref#*:}"
		echo "${ref#*:} $status $(jq -c '[.waits[].command]' <<<"$output")"
	done >"$BATS_TEST_TMPDIR/shown"
	kill "$waiter"
	exec {lock}<&-
	end_helpers
	umount "$d/all"
	umount "$d/low" "$d/up"
	assert_equal "$(<"$BATS_TEST_TMPDIR/shown")" 'lock 0 ["flock"]
fifo 0 ["reader"]
opened 0 ["opener"]'
}

@test "waits: operands that are not found, and the others" {
	locked
	waits 4194304 "pipe:1" "lock:/no/such/file" sem:4711 "${of[waiter]}"
	assert_failure 1
	assert_stderr 'ipctool waits: 4194304: no such process
ipctool waits: pipe:1: not open in any process that could be examined
ipctool waits: lock:/no/such/file: there is no such file
ipctool waits: sem:4711: there is no semaphore set with this id'
	assert_edges waiter "waiter -> ${of[holder]} (holds it)"
}

@test "waits: operands that are no references" {
	local operand

	for operand in sem3 '' pipe:x shm sem: 0 -1x pid:; do
		tool waits -- "$operand"
		assert_usage "ipctool waits: '$operand' is neither a process ID nor a reference such as sem:3"
	done
	tool waits 'lock:%zz'
	assert_usage "ipctool waits: invalid reference 'lock:%zz': write '%' as %25"
	tool waits - - </dev/null
	assert_usage "ipctool waits: '-' can be given only once"
}

@test "waits -: operands on standard input" {
	locked
	split sh -c 'printf "%s\n\n%s\n" "$2" "lock:$3" | "$1" waits --alone -J -' sh "$IPCTOOL" \
		"${of[reader]}" "$file"
	assert_success
	assert_equal "$(jq -c '[.waits[].command]' <<<"$output")" '["reader","waiter"]'
	split sh -c 'echo sem3 | "$1" waits -' sh "$IPCTOOL"
	assert_usage "ipctool waits: standard input, line 1: 'sem3' is neither a process ID nor a reference such as sem:3"
	tool waits --alone -J - </dev/null
	assert_success
	assert_equal "$(jq -c '[.findings, .waits]' <<<"$output")" '[[],[]]'
}

@test "waits: options that conflict, or have invalid arguments" {
	tool waits --certain
	assert_usage 'ipctool waits: --certain has no effect without --exit-code'
	tool waits --threads -J
	assert_usage 'ipctool waits: --threads is for tables; --format=json has no use for it'
	tool waits --user=nobodyatall
	assert_usage "ipctool waits: --user: unknown user 'nobodyatall'"
	tool waits --for=x
	assert_failure 2
	assert_stderr --partial "--for: invalid duration 'x'"
}

@test "waits -u: of a user" {
	requires root
	scene_as=65534
	scene pipes=1 'reader:r0,w0,read0'
	scene_as=
	waits --user=65534
	assert_findings 'stuck certain: reader'
	waits -u 65533
	assert_findings
	assert_equal "$(jq -c .waits <<<"$output")" '[]'
}

@test "waits -u: the number of idle threads is that of the user" {
	local all

	requires root
	scene_as=65534
	scene pipes=1 'reader:r0,w0,/,read0' 'a:/,pause' 'b:/,pause'
	scene_as=
	tool waits --alone --user=65534 --all --json
	assert_success
	all=$(jq '[.waits[] | select(.idle)] | length' <<<"$output")
	[ "$all" -ge 2 ]
	tool waits --alone --user=65534
	assert_success
	assert_equal "${lines[-1]}" "idle: $all threads (use --all to list them)"
}

@test "waits --for: what has lasted" {
	locked
	waits --for=1d
	assert_findings
	assert_equal "$(jq -c .waits <<<"$output")" '[]'
	waits --for=0
	assert_findings 'stuck certain: reader'
}

@test "waits --threads: one line for each" {
	local file=$BATS_TEST_TMPDIR/l

	scene "holder:flock=$file,/,sleep" "w:/,posix=$file" 'a:/,pause' 'b:/,pause'
	tool waits --alone --all
	assert_success
	scene pipes=1 'keeper:w0,sleep' 'many:r0,read0' 'many:r0,read0' 'many:r0,read0'
	tool waits --alone --all
	assert_line --regexp '^  many [0-9]+ and 2 more +read pipe:[0-9]+: empty '
	tool waits --alone --all --threads
	assert_equal "$(grep -c '^  many [0-9]* *read' <<<"$output")" 3
}

@test "waits: the program formats" {
	locked
	split sh -c '"$1" waits --alone --format=csv | tr -d "\r"' sh "$IPCTOOL"
	assert_success
	assert_equal "${lines[0]}" 'pid,tid,user,command,state,call,ref,semaphore,need,waited,timeout,verdict,certainty,releasers'
	assert_line --regexp "^${of[reader]},${of[reader]},root,reader,S,read,pipe:$pipe,,data,[0-9]*,,stuck,certain,${of[reader]}$"
	assert_line --regexp "^${of[waiter]},${of[waiter]},root,waiter,S,flock,lock:$file,,lock,[0-9]*,,,,${of[holder]}$"
	tool waits --alone --format=jsonl
	assert_equal "$(jq -c '[.command, .finding, .verdict, .certainty]' <<<"$output")" \
		'["reader",0,"stuck","certain"]
["waiter",null,null,null]'
	tool waits --alone --format=raw --no-headings -o command,releasers
	assert_success
	tool waits --alone -o command,ref --sort=-command
	assert_equal "$(sed 's/  */ /g; s/ $//' <<<"$output")" "COMMAND REF
waiter lock:$file
reader pipe:$pipe"
}

@test "waits: the metrics" {
	locked
	start_helper scene "left:flock=$BATS_TEST_TMPDIR/a,/,flock=$BATS_TEST_TMPDIR/b" \
		"right:flock=$BATS_TEST_TMPDIR/b,/,flock=$BATS_TEST_TMPDIR/a" \
		"behind:/,flock=$BATS_TEST_TMPDIR/a"
	split "$IPCTOOL" waits --alone --format=prometheus
	assert_success
	assert_stderr ''
	# The processes of the tests are idle, too.
	assert_line --regexp '^ipctool_waiting_threads\{state="idle"\} [1-9][0-9]*$'
	assert_equal "$(grep -v 'state="idle"' <<<"$output")" '# HELP ipctool_waits Groups of threads that can never go on by themselves, by verdict.
# TYPE ipctool_waits gauge
ipctool_waits{verdict="deadlock"} 1
ipctool_waits{verdict="stuck"} 1
ipctool_waits{verdict="stopped"} 0
# HELP ipctool_waits_certain Those of ipctool_waits that are certain, by verdict.
# TYPE ipctool_waits_certain gauge
ipctool_waits_certain{verdict="deadlock"} 1
ipctool_waits_certain{verdict="stuck"} 1
ipctool_waits_certain{verdict="stopped"} 0
# HELP ipctool_waiting_threads Threads that wait: in or behind a finding, blocked for now, or idle.
# TYPE ipctool_waiting_threads gauge
ipctool_waiting_threads{state="finding"} 4
ipctool_waiting_threads{state="blocked"} 1
# HELP ipctool_waits_unread_processes Processes that could not be examined.
# TYPE ipctool_waits_unread_processes gauge
ipctool_waits_unread_processes 0'
	tool waits --alone --format=prometheus --for=1d
	assert_line 'ipctool_waits{verdict="deadlock"} 0'
	assert_line 'ipctool_waiting_threads{state="blocked"} 0'
	tool waits --alone --format=prometheus --exit-code "${of[reader]}"
	assert_failure 1
	assert_line 'ipctool_waits{verdict="stuck"} 1'
	assert_line 'ipctool_waits{verdict="deadlock"} 0'
}

@test "waits: the metrics of likely findings, and of mutual ones, which are idle" {
	local queue reply sem

	queue=$(helper msg)
	reply=$(helper msg)
	scene "d1:send=$queue,/,receive=$reply,/,receive=$reply" \
		"d2:receive=$queue,send=$reply,/,/,receive=$queue"
	tool waits --alone --format=prometheus
	assert_line 'ipctool_waits{verdict="deadlock"} 0'
	assert_line 'ipctool_waiting_threads{state="finding"} 0'
	end_helper
	sem=$(helper sem 1)
	scene "holder:sem=$sem:0:1,sem=$sem:0:-1,/,kill" "waiter:/,sem=$sem:0:-1"
	tool waits --alone --format=prometheus
	assert_line 'ipctool_waits{verdict="stuck"} 1'
	assert_line 'ipctool_waits_certain{verdict="stuck"} 0'
}

@test "waits: promtool accepts the metrics, which have no fields" {
	tool waits --format=prometheus -o pid
	assert_usage "ipctool waits: --format=prometheus and -o exclude each other: the format has no fields"
	requires promtool
	tool waits --format=prometheus
	run promtool check metrics <<<"$output"
	assert_output ''
	assert_success
}

@test "waits: the members of a wait in JSON, in order" {
	locked
	local start=(pid tid command user state call ref semaphore offset what need waited timeout
		closed idle note)

	split "$IPCTOOL" waits --alone --format=jsonl
	assert_equal "$(jq -c keys_unsorted <<<"${lines[0]}")" "$(jq -nc '$ARGS.positional' \
		--args "${start[@]}" finding verdict certainty releasers)"
	waits
	assert_equal "$(jq -c '.waits[0] | keys_unsorted' <<<"$output")" \
		"$(jq -nc '$ARGS.positional' --args "${start[@]}" releasers)"
	assert_equal "$(jq -c '[.waits[].offset] | unique' <<<"$output")" '[null]'
}

@test "waits: JSON keeps to the schema" {
	requires jsonschema
	locked
	for format in json jsonl; do
		ipctool waits --alone --all --format=$format >"$BATS_TEST_TMPDIR/all.$format" 2>/dev/null
		ipctool waits --alone --format=$format >"$BATS_TEST_TMPDIR/waits.$format" 2>/dev/null
	done
	ipctool waits --json "$$" >"$BATS_TEST_TMPDIR/pid.json" 2>/dev/null
	run "$IPCTOOL_SRCDIR/tests/validate" "$IPCTOOL_SRCDIR/schema/ipctool-waits.schema.json" \
		"$BATS_TEST_TMPDIR"/*.json*
	assert_output ''
	assert_success
}

@test "waits: the fields and their meanings are those of the manual" {
	assert_equal "$(ipctool waits --list-fields --format=raw --no-headings | sed 's/\\x20/ /g' |
		awk -F '\t' '{ print $1 }' | sed 's/ .*//')" \
		"$(sed -n '/^\.Sh OUTPUT FIELDS/,/^\.Pp/s/^\.It Cm //p' "$IPCTOOL_SRCDIR/man/ipctool-waits.1")"
	while IFS= read -r meaning; do
		run grep -Fx "$meaning" "$IPCTOOL_SRCDIR/man/ipctool-waits.1"
		assert_success
	done < <(ipctool waits --list-fields -J | jq -r '.fields[].meaning')
}

@test "waits: its other name is in the manual" {
	run grep -F '.Nm ipctool why .' "$IPCTOOL_SRCDIR/man/ipctool-waits.1"
	assert_success
}

@test "waits: a signal that is pending and blocked" {
	scene 'blocked:block=10,pause'
	waits --all "${of[blocked]}"
	assert_equal "$(jq -c '.waits[] | [.call, .need, .note]' <<<"$output")" \
		'["pause","event","SIGUSR1 is pending and blocked"]'
}

@test "waits: a full disk" {
	local format

	for format in $(formats_of waits); do
		split sh -c '"$1" waits --all --format=$2 >/dev/full' sh "$IPCTOOL" "$format"
		assert_failure 2
		assert_stderr --partial 'No space left on device'
	done
}

@test "waits: names of programs cannot harm a terminal" {
	scene pipes=1 $'ev\e[2Jil:r0,w0,read0'
	tool waits --alone
	assert_line --partial 'ev\x1b[2Jil'
	refute_line --partial $'\e'
}
