#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# Who uses an object: the fields pids and command, stat's table of processes, and the
# messages if not everything is known. The oracle for attachments is /proc/PID/maps, read
# by other means.

load common
load stale

# where PID KEY : the addresses at which a process has the segment made with this key.
where()
{
	sed -n "s|^\\([0-9a-f]*\\)-.*/SYSV$2 (deleted)\$|0x\\1|p" "/proc/$1/maps"
}

# pids REF : what list says.
pids()
{
	tool list -J -o pids "$1"
	assert_success
	assert_stderr
	jq -c '.objects[0].pids' <<<"$output"
}

# squeeze : the output with one blank for many, and none at the start of a line.
squeeze()
{
	sed 's/^ *//; s/   */ /g' <<<"$output"
}

# pagesize REF : what list says, and whether it could not be read.
pagesize()
{
	tool list -J -o pagesize "$1"
	assert_success
	jq -c '.objects[0]' <<<"$output"
}

# --- Attached ---------------------------------------------------------------------------

@test "who: attached, for reading and writing, and for reading only" {
	local id rw ro
	id=$(helper shm 4096 key=0xabc)

	assert_equal "$(pids "shm:$id")" '[]'
	start_helper attach "$id"
	rw=${ready[1]}
	start_helper attach "$id" ro
	ro=${ready[1]}
	assert_equal "$(pids "shm:$id")" "[$rw,$ro]"
	tool stat -o processes "shm:$id"
	assert_success
	assert_stderr
	assert_equal "$(squeeze)" "shm:$id
PROCESSES
PID USER COMMAND WHAT COUNT
$rw $(id -un) ipchelper attached rw at $(where "$rw" 00000abc) 1
$ro $(id -un) ipchelper attached ro at $(where "$ro" 00000abc) 1"
	end_helper
	assert_equal "$(pids "shm:$id")" "[$rw]"
}

@test "who: attached twice by one process" {
	local id
	id=$(helper shm 4096 key=0xabc)

	start_helper attach "$id" times=3
	assert_equal "$(pids "shm:$id")" "[${ready[1]}]"
	assert_equal "$(processes count "shm:$id")" 3
	assert_equal "$(processes what "shm:$id")" \
		"attached rw at $(where "${ready[1]}" 00000abc | sort | head -n 1)"
}

@test "who: the same on a kernel that cannot be asked for single mappings" {
	local id queried
	id=$(helper shm 4096)

	start_helper attach "$id" times=2
	start_helper attach "$id" ro
	tool stat -J "shm:$id"
	assert_success
	assert_stderr
	queried=$(jq -c '.objects[0].processes' <<<"$output")
	assert_equal "$(jq -c '[.[] | [(.what | sub(" at .*"; "")), .count]]' <<<"$queried")" \
		'[["attached rw",2],["attached ro",1]]'
	# PROCMAP_QUERY, the ioctl(2) of Linux 6.11.
	split "$IPCHELPER" deny ioctl:0xc0686611=ENOTTY -- "$IPCTOOL" stat -J "shm:$id"
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects[0].processes' <<<"$output")" "$queried"
}

@test "who: the size of a page of an attached segment" {
	local id page
	page=$(getconf PAGESIZE)
	id=$(helper shm 4096)

	# No mapping tells it.
	assert_equal "$(pagesize "shm:$id")" '{"pagesize":null}'
	tool list -o ref,pagesize "shm:$id"
	assert_output "REF    PAGESIZE
shm:$id"
	tool stat -o pagesize "shm:$id"
	assert_output "shm:$id
  PAGESIZE  -"
	start_helper attach "$id"
	assert_equal "$(pagesize "shm:$id")" "{\"pagesize\":$page}"
	tool stat -J "shm:$id"
	assert_equal "$(jq .objects[0].pagesize <<<"$output")" "$page"
	tool list --sort=-pagesize --bytes -o ref,pagesize "shm:$id"
	assert_output "REF    PAGESIZE
shm:$id      $page"
}

@test "who: the size of a page of a segment of huge pages" {
	local sizes=/sys/kernel/mm/hugepages count=0 path ref kilobytes

	for path in "$sizes"/hugepages-*; do
		kilobytes=${path##*-}
		kilobytes=${kilobytes%kB}
		# Nothing is reserved, so that this needs no free page.
		ref=$(ipctool create shm --size=1 --huge="${kilobytes}K" --no-reserve) || continue
		start_helper attach "${ref#shm:}"
		assert_equal "$(pagesize "$ref")" "{\"pagesize\":$((kilobytes * 1024))}"
		count=$((count + 1))
	done
	[ $count -gt 0 ] || skip "needs a kernel with huge pages"
}

@test "who: the size of a page that cannot be read" {
	requires root
	local id
	id=$(helper shm 4096 mode=0666)

	# Of a process that ipctool may not examine.
	start_helper attach "$id"
	split "${by_user[@]}" "$IPCTOOL" list -J -o pagesize "shm:$id"
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" \
		'{"pagesize":null,"unread":["pagesize"]}'
	assert_stderr --regexp $'^ipctool list: 1 value could not be read: shm: no process that is attached could be looked at\nipctool list: [0-9]+ processes could not be looked at; run as root for the rest$'
	split "${by_user[@]}" "$IPCTOOL" list -o pagesize "shm:$id"
	assert_output $'PAGESIZE\n       ?'
	# A copy does not have it.
	mkdir "$BATS_TEST_TMPDIR/copy"
	cp /proc/sysvipc/shm "$BATS_TEST_TMPDIR/copy"
	tool list --from="$BATS_TEST_TMPDIR/copy" -J -o pagesize shm
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" \
		'{"pagesize":null,"unread":["pagesize"]}'
}

@test "who: the size of a page if the devices of segments are unknown" {
	requires strace
	local id
	id=$(helper shm 4096)

	start_helper attach "$id"
	split strace -qqq -o /dev/null -e inject=memfd_create:error=EPERM \
		"$IPCTOOL" list -J -o pagesize "shm:$id"
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" \
		'{"pagesize":null,"unread":["pagesize"]}'
	assert_stderr 'ipctool list: 1 value could not be read: shm: which file system segments live in could not be determined (memfd_create)'
}

@test "who: attached after fork" {
	local id
	id=$(helper shm 4096)

	start_helper crowd 3 "$id"
	assert_equal "$(pids "shm:$id")" "[${ready[0]},${ready[1]},${ready[2]},${ready[3]}]"
	assert_equal "$(processes count "shm:$id")" "1 1 1 1"
	tool list --no-headings -o use,pids "shm:$id"
	assert_output "4 attached  ${ready[0]},${ready[1]},${ready[2]},${ready[3]}"
}

@test "who: several segments, each with its own process" {
	local a b first
	a=$(helper shm 4096 key=0x77)
	b=$(helper shm 8192)

	start_helper attach "$a"
	first=${ready[1]}
	start_helper attach "$b"
	tool list -J -o ref,pids shm
	assert_success
	assert_equal "$(jq -c '[.objects[] | .ref, .pids]' <<<"$output")" \
		"[\"shm:$a\",[$first],\"shm:$b\",[${ready[1]}]]"
}

@test "who: huge pages" {
	requires hugepages root
	local id

	tool create shm --size=1M --huge=default --key=0xabc
	assert_success
	id=${output#shm:}
	start_helper attach "$id" times=2
	tool stat -J -o processes "shm:$id"
	assert_success
	assert_stderr
	assert_equal "$(jq -c '[.objects[0].processes[] | [.pid, .count]]' <<<"$output")" \
		"[[${ready[1]},2]]"
}

@test "who: marked for removal" {
	start_helper attach-dest 4096 key=0xabc
	assert_equal "$(pids "shm:${ready[0]}")" "[${ready[1]}]"
	assert_equal "$(processes what "shm:${ready[0]}")" \
		"attached rw at $(where "${ready[1]}" 00000abc)"
	tool list --no-headings -o key,state,pids "shm:${ready[0]}"
	assert_output "0x00000000  dest  ${ready[1]}"
}

@test "who: the same id in another IPC namespace" {
	requires root next_id
	local id pid
	id=$(helper shm 4096)

	start_helper attach "$id"
	pid=${ready[1]}
	# shellcheck disable=SC2016 # the inner shell's own
	printf '#!/bin/sh\necho %d >/proc/sys/kernel/shm_next_id\nexec %s "$@"\n' \
		"$id" "$IPCHELPER" >"$BATS_TEST_TMPDIR/there"
	chmod 755 "$BATS_TEST_TMPDIR/there"
	printf '#!/bin/sh\nexec unshare --ipc %s "$@"\n' "$BATS_TEST_TMPDIR/there" \
		>"$BATS_TEST_TMPDIR/run"
	chmod 755 "$BATS_TEST_TMPDIR/run"
	IPCHELPER=$BATS_TEST_TMPDIR/run start_helper attach-dest 4096
	assert_equal "${ready[0]}" "$id"
	assert_equal "$(pids "shm:$id")" "[$pid]"
}

@test "who: a process whose main thread has ended" {
	local id
	id=$(helper shm 4096)

	start_helper child threads keep "$id"
	assert_equal "$(pids "shm:$id")" "[${ready[0]}]"
	assert_equal "$(processes command "shm:$id")" ipchelper
}

@test "who: a file named like a segment is not a segment" {
	requires next_id
	local id

	start_helper memfd 'x/SYSV00000000'
	[ "${ready[0]}" -lt 2147483648 ] || skip "the number of the file is no id"
	echo "${ready[0]}" >/proc/sys/kernel/shm_next_id
	id=$(helper shm 4096)
	assert_equal "$id" "${ready[0]}"
	assert_equal "$(pids "shm:$id")" '[]'
}

@test "who: memory files may not be executable" {
	requires root
	local id
	[ -e /proc/sys/vm/memfd_noexec ] || skip "needs vm.memfd_noexec"
	id=$(helper shm 4096)

	# Of this PID namespace only, because it cannot be taken back.
	mkfifo "$BATS_TEST_TMPDIR"/{in,out}
	# shellcheck disable=SC2016 # the inner shell's own
	split "${apart[@]}" bash -c '
		echo 2 >/proc/sys/vm/memfd_noexec || exit
		"$IPCHELPER" attach "$2" <"$1/in" >"$1/out" 3>&- &
		exec 5>"$1/in" 6<"$1/out"
		read -r -u 6 _ pid && "$IPCTOOL" list -J -o pids "shm:$2" && echo "$pid"' \
		bash "$BATS_TEST_TMPDIR" "$id"
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects?[0].pids // .' <<<"$output" | tr '\n' ' ')" \
		"[${lines[-1]}] ${lines[-1]} "
}

# --- Waiting ----------------------------------------------------------------------------

@test "who: waits to receive" {
	local id type wanted
	id=$(helper msg)

	for type in 0 5 -7 9223372036854775807; do
		start_helper msgwait "$id" "$type"
		assert_equal "$(pids "msg:$id")" "[${ready[1]}]"
		wanted="type $type"
		[ "$type" != 0 ] || wanted="any type"
		assert_equal "$(processes what "msg:$id")" "waits to receive $wanted"
		end_helper
	done
	assert_equal "$(pids "msg:$id")" '[]'
}

@test "who: waits to send" {
	local id
	id=$(helper msg)

	start_helper sendwait "$id"
	assert_equal "$(pids "msg:$id")" "[${ready[1]}]"
	assert_equal "$(processes what "msg:$id")" "waits to send"
}

@test "who: waits on a semaphore" {
	local id
	id=$(helper sem 4)

	start_helper semwait "$id" 3 dec
	assert_equal "$(pids "sem:$id")" "[${ready[1]}]"
	assert_equal "$(processes what "sem:$id")" "waits on semaphore 3"
	helper setval "$id" 0 1
	start_helper semwait "$id" 0 zero
	assert_equal "$(processes what "sem:$id" | tr ' ' '\n' | grep '[0-9]' | sort | xargs)" "0 3"
}

@test "who: waits in a thread after the main thread has ended" {
	local sem msg
	sem=$(helper sem 1)
	msg=$(helper msg)

	start_helper threadwait sem "$sem"
	assert_equal "$(pids "sem:$sem")" "[${ready[1]}]"
	assert_equal "$(processes what "sem:$sem")" "waits on semaphore 0"
	start_helper threadwait msg "$msg"
	assert_equal "$(processes what "msg:$msg")" "waits to receive type 7"
}

@test "who: 32-bit processes" {
	local sem msg full call wanted pid tries
	case $(uname -m) in
	x86_64) ;;
	*) skip "needs a 64-bit PC" ;;
	esac
	"${CC:-cc}" -m32 -nostdlib -static -fno-pie -no-pie -fno-stack-protector \
		-o "$BATS_TEST_TMPDIR/wait32" "$IPCTOOL_SRCDIR/tests/wait32.c" 2>/dev/null ||
		skip "needs a compiler of 32-bit programs"
	"$BATS_TEST_TMPDIR/wait32" x 0 || [ $? -eq 1 ] || skip "needs a kernel that runs them"
	sem=$(helper sem 3)
	msg=$(helper msg)
	full=$(helper msg)
	helper send "$full" 4 4096

	for wanted in "r msg:$msg waits to receive" "s msg:$full waits to send" \
		"o sem:$sem waits on semaphore 2" "t sem:$sem waits on semaphore 2" \
		"R msg:$msg waits to receive type -7" "S msg:$full waits to send" \
		"T sem:$sem waits on semaphore 2"; do
		read -r call ref what <<<"$wanted"
		"$BATS_TEST_TMPDIR/wait32" "$call" "${ref#*:}" 3>&- &
		pid=$!
		tries=0
		until [[ $(cat "/proc/$pid/syscall") =~ ^(117|400|401|420)\  ]]; do
			[ $((tries++)) -lt 1000 ]
			sleep 0.01
		done
		assert_equal "$call $(pids "$ref")" "$call [$pid]"
		assert_equal "$call $(processes what "$ref")" "$call $what"
		kill "$pid"
		wait "$pid" || true
	done
}

# --- Names ------------------------------------------------------------------------------

@test "who: a name with control characters" {
	local id name
	id=$(helper shm 4096)
	name=$'\e[2J\n"x\\'

	ln -s "$IPCHELPER" "$BATS_TEST_TMPDIR/$name"
	IPCHELPER=$BATS_TEST_TMPDIR/$name start_helper attach "$id"
	tool list -J -o pids,command "shm:$id"
	assert_success
	assert_equal "$(processes command "shm:$id")" "$name"
	tool stat -o processes "shm:$id"
	assert_success
	assert_line --index 3 --regexp "^ *${ready[1]}  $(id -un)  \\\\x1b\[2J\\\\x0a\"x\\\\  attached rw at 0x[0-9a-f]+      1\$"
	tool rm "shm:$id"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: shm:$id: in use: 1 process attached: ${ready[1]} (\\x1b[2J\\x0a\"x\\); use --force to mark it for removal anyway"
}

@test "who: command names the creator, else a user, else the last user, while it lives" {
	local sem msg shm
	sem=$(helper sem 2)
	msg=$(helper msg)

	command_of()
	{
		tool list -J -o command "$1"
		assert_success
		jq -r '.objects[0].command' <<<"$output"
	}
	assert_equal "$(command_of "sem:$sem") $(command_of "msg:$msg")" "null null"
	start_helper child hold setval "$sem" 1 1
	assert_equal "$(command_of "sem:$sem")" ipchelper
	end_helper
	assert_equal "$(command_of "sem:$sem")" null
	start_helper child hold send "$msg" 1 1
	helper recv "$msg"
	assert_equal "$(command_of "msg:$msg")" ipchelper
	end_helper
	assert_equal "$(command_of "msg:$msg")" null
	start_helper child hold shm 4096
	shm=$(awk 'NR == 2 { print $2 }' /proc/sysvipc/shm)
	assert_equal "$(command_of "shm:$shm")" ipchelper
	# When the creator has ended, a process that is attached stands for it, or the last user.
	start_helper child hold touch "$shm"
	end_helper 2
	assert_equal "$(command_of "shm:$shm")" ipchelper
	end_helper
	assert_equal "$(command_of "shm:$shm")" null
	start_helper attach "$shm"
	assert_equal "$(command_of "shm:$shm")" ipchelper
	end_helper
	start_helper semwait "$sem" 0 dec
	assert_equal "$(command_of "sem:$sem")" ipchelper
	start_helper msgwait "$msg"
	assert_equal "$(command_of "msg:$msg")" ipchelper
}

# --- Partial knowledge ------------------------------------------------------------------

@test "who: what an ordinary user may not see is counted and reported" {
	requires root
	local shm msg before after
	shm=$(helper shm 4096)
	msg=$(helper msg)

	start_helper attach "$shm" times=3
	start_helper msgwait "$msg"
	split "${by_user[@]}" \
		"$IPCTOOL" stat -J -o processes "shm:$shm" "msg:$msg" "shm:$(helper shm 1)"
	assert_success
	assert_equal "$(jq -c '[.objects[] | .processes, .unread]' <<<"$output")" \
		'[null,["processes"],null,["processes"],[],null]'
	assert_stderr_line --index 0 \
		"ipctool stat: shm:$shm: 0 of 3 attachments found; run as root for the rest"
	assert_stderr_line --index 1 \
		"ipctool stat: 2 values could not be read: shm: processes that could not be looked at may use them; msg: processes that could not be looked at may use them"
	[[ ${stderr_lines[2]} =~ ^"ipctool stat: "[0-9]+" processes could not be looked at; run as root for the rest"$ ]]
	assert_equal ${#stderr_lines[@]} 3
	# Users see their own processes, and zombies hide nothing.
	before=$(hidden)
	start_helper child zombie raw-index sem
	after=$(hidden)
	assert_equal "$after" $((before + 1))
	end_helper
	start_helper as "$user" attach "$(helper shm 1 mode=0666)"
	tool list -J -o pids "shm:${ready[0]}"
	assert_equal "$(jq -c '.objects[0].pids' <<<"$output")" "[${ready[1]}]"
	split "${by_user[@]}" \
		"$IPCTOOL" list -J -o pids "shm:${ready[0]}"
	assert_equal "$(jq -c '.objects[0].pids' <<<"$output")" "[${ready[1]}]"
}

# hidden : how many processes an ordinary user is told of.
hidden()
{
	# Not in a pipeline, whose other processes might be counted or not.
	"${by_user[@]}" "$IPCTOOL" list -o pids >/dev/null 2>"$BATS_TEST_TMPDIR/hidden"
	sed -n 's/^ipctool list: \([0-9]*\) process.*/\1/p' "$BATS_TEST_TMPDIR/hidden"
}

@test "who: processes outside this PID namespace" {
	requires root
	local shm
	shm=$(helper shm 4096)

	start_helper attach "$shm" times=2
	split "${apart[@]}" "$IPCTOOL" stat -J -o processes "shm:$shm"
	assert_success
	assert_stderr "ipctool stat: shm:$shm: 0 of 2 attachments found; the other processes may be outside this PID namespace, or may have moved to another IPC namespace"
	assert_equal "$(jq -c '.objects[0].processes' <<<"$output")" '[]'
}

@test "who: inside another PID namespace" {
	requires root
	local id inner
	id=$(helper shm 4096)

	printf '#!/bin/sh\nexec unshare --pid --fork --kill-child %s "$@"\n' "$IPCHELPER" \
		>"$BATS_TEST_TMPDIR/run"
	chmod 755 "$BATS_TEST_TMPDIR/run"
	IPCHELPER=$BATS_TEST_TMPDIR/run start_helper attach "$id"
	# Its own pid is 1; its pid here is another one.
	assert_equal "${ready[1]}" 1
	inner=$(pids "shm:$id" | tr -d '[]')
	assert_equal "$(where "$inner" 00000000 | wc -l)" 1
}

@test "who: /proc that hides processes, and /proc of another PID namespace" {
	requires root
	local id
	id=$(helper shm 4096)

	start_helper attach "$id"
	split unshare --mount --propagation unchanged sh -c '
		mount -t proc -o hidepid=2 x /proc &&
		exec setpriv --reuid=12345 --regid=12345 --clear-groups -- "$@"' sh \
		"$IPCTOOL" list -o pids "shm:$id"
	assert_success
	assert_output $'PIDS\n?'
	assert_stderr "ipctool list: 1 value could not be read: shm: processes that could not be looked at may use them
ipctool list: not every process could be looked at: /proc hides the processes of other users (hidepid)"
	without_leaks
	split unshare --pid --fork --kill-child "$IPCTOOL" list -o pids "shm:$id"
	assert_success
	assert_output $'PIDS\n?'
	assert_stderr "ipctool list: 1 value could not be read: shm: processes that could not be looked at may use them
ipctool list: not every process could be looked at: /proc does not show this PID namespace"
}

@test "who: the command is unread, not null, if a process that may live cannot be read" {
	requires strace
	local id pid
	id=$(helper shm 4096)

	start_helper child hold touch "$id"
	pid=$(awk -v id="$id" '$2 == id { print $6 }' /proc/sysvipc/shm)
	split strace -qqq -o /dev/null -P "/proc/$pid/stat" -e inject=read:error=EIO \
		"$IPCTOOL" list -J -o command "shm:$id"
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" '{"command":null,"unread":["command"]}'
	assert_stderr "ipctool list: 1 value could not be read: shm: a recorded process could not be read"
}
