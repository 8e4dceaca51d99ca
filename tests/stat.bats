#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# stat: a block of lines for each named object, or the same as JSON; facts that could not
# be read are reported.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life

# time_of TYPE ID NAME : a time of IPC_STAT as a block shows it.
time_of()
{
	date -u -d "@$(fact "$1" "$2" "$3")" '+%Y-%m-%d %H:%M:%S'
}

# assert_block TEXT : the output is TEXT, but for the blanks between columns, which are as
# wide as a pid is long.
assert_block()
{
	assert_equal "$(tr -s ' ' <<<"$output")" "$1"
}

# json FILTER... : what jq makes of the output, compactly.
json()
{
	jq -c "$@" <<<"$output"
}

user=$(id -un)
group=$(id -gn)

@test "stat: a segment" {
	local id address
	id=$(helper shm 5120 key=0x52e2c1 mode=0640)

	start_helper attach "$id" times=2
	address=0x$(sed -n '/SYSV0052e2c1/{ s/^0*//; s/-.*//p; q; }' "/proc/${ready[1]}/maps")
	tool stat "shm:$id"
	assert_success
	assert_stderr
	assert_block "shm:$id
 KEY 0x0052e2c1
 MODE 0640
 PERMS rw-r-----
 OWNER $user
 GROUP $group
 CREATOR $user
 CGROUP $group
 SIZE 5.0K
 NATTCH 2
 RSS 0
 SWAP 0
 CTIME $(time_of shm "$id" ctime)
 ATIME $(time_of shm "$id" atime)
 DTIME -
 STATE
 STALE no: its last user lives: process ${ready[1]} (ipchelper)
 PROCESSES
 PID USER COMMAND WHAT COUNT
 ${ready[1]} $user ipchelper attached rw at $address 2
 RECORDED
 PID WHAT ALIVE COMMAND
 $(fact shm "$id" cpid) creator no
 ${ready[1]} last user yes ipchelper"
}

@test "stat: a set" {
	local id setter waiters
	id=$(helper sem 3 mode=0660)
	helper setval "$id" 2 32767
	setter=$(fact sem "$id" pid.2)

	start_helper semwait "$id" 0 dec
	waiters=("${ready[1]}")
	start_helper semwait "$id" 2 zero
	waiters+=("${ready[1]}")
	start_helper semwait "$id" 2 zero
	waiters+=("${ready[1]}")
	start_helper child hold semop "$id" 1 5
	tool stat "sem:$id"
	assert_success
	assert_stderr
	assert_block "sem:$id
 KEY 0x00000000
 MODE 0660
 PERMS rw-rw----
 OWNER $user
 GROUP $group
 CREATOR $user
 CGROUP $group
 NSEMS 3
 CTIME $(time_of sem "$id" ctime)
 OTIME $(time_of sem "$id" otime)
 STATE
 STALE no: process ${ready[0]} (ipchelper) used semaphore 1 last
 PROCESSES
 PID USER COMMAND WHAT COUNT
 ${waiters[0]} $user ipchelper waits on semaphore 0 1
 ${waiters[1]} $user ipchelper waits on semaphore 2 1
 ${waiters[2]} $user ipchelper waits on semaphore 2 1
 SEMAPHORES
 NUM VAL PID NCNT ZCNT ALIVE COMMAND
 0 0 0 1 0
 1 5 ${ready[0]} 0 0 yes ipchelper
 2 32767 $setter 0 2 no"
}

@test "stat: a queue" {
	local id
	id=$(helper msg key=-1 qbytes=2048)
	helper send "$id" 3 100
	helper recv "$id"

	start_helper child hold send "$id" 1 57
	tool stat "msg:$id"
	assert_success
	assert_stderr
	assert_block "msg:$id
 KEY 0xffffffff
 MODE 0600
 PERMS rw-------
 OWNER $user
 GROUP $group
 CREATOR $user
 CGROUP $group
 SIZE 257
 QBYTES 2.0K
 FILL 12%
 QNUM 3
 CTIME $(time_of msg "$id" ctime)
 STIME $(time_of msg "$id" stime)
 RTIME $(time_of msg "$id" rtime)
 STATE
 STALE no: its last sender lives: process ${ready[0]} (ipchelper)
 RECORDED
 PID WHAT ALIVE COMMAND
 ${ready[0]} last sender yes ipchelper
 $(fact msg "$id" lrpid) last receiver no"
}

@test "stat: JSON has the same content" {
	local id
	id=$(helper sem 2 key=7)

	start_helper semwait "$id" 1 dec
	start_helper child hold semop "$id" 0 5
	tool stat -J "sem:$id"
	assert_success
	assert_stderr
	assert_equal "$(json '.objects[] | {ref, type, id, key, mode, nsems, state}')" \
		"{\"ref\":\"sem:$id\",\"type\":\"sem\",\"id\":$id,\"key\":\"0x00000007\",\"mode\":\"0600\",\"nsems\":2,\"state\":[]}"
	assert_equal "$(json '.objects[0].semaphores[0]')" \
		"{\"num\":0,\"val\":5,\"pid\":${ready[0]},\"ncnt\":0,\"zcnt\":0,\"alive\":true,\"command\":\"ipchelper\"}"
	assert_equal "$(json '.objects[0].semaphores[1] | [.num, .val, .ncnt, .zcnt, .alive, .command]')" \
		'[1,0,1,0,null,null]'

	id=$(helper msg qbytes=1000)
	helper send "$id" 1 250
	tool stat -J "msg:$id"
	assert_success
	assert_equal "$(json '.objects[0] | [.size, .qnum, .qbytes, .fill, .lrpid, .rtime]')" \
		'[250,1,1000,25,null,null]'
	assert_equal "$(json '.objects[0].recorded')" \
		"[{\"pid\":$(fact msg "$id" lspid),\"what\":\"last sender\",\"alive\":false,\"command\":null}]"
}

@test "stat: every number equals the kernel's" {
	local id name

	start_helper population 7
	for type in "${types[@]}"; do
		tail -n +2 "/proc/sysvipc/$type" | while read -r _ id _; do
			echo "$type:$id"
		done
	done >"$BATS_TEST_TMPDIR/refs"
	tool stat - -J <"$BATS_TEST_TMPDIR/refs"
	assert_success
	# What IPC_STAT says, one line an object, held against what stat says.
	while IFS=: read -r type id; do
		helper raw "$type" "$id" | grep -Ev '^(key|mode|.*time|.*pid|zcnt\..*|ncnt\..*|pid\..*|val\..*)=' |
			sort | tr '\n' ' '
		helper raw "$type" "$id" | sed -n 's/^val\.[0-9]*=//p' | tr '\n' ' '
		echo "$type:$id"
	done <"$BATS_TEST_TMPDIR/refs" >"$BATS_TEST_TMPDIR/kernel"
	# shellcheck disable=SC2016 # jq's own
	json -r '.objects[] | . as $o |
		([{shm: ["size", "nattch"], sem: ["nsems"], msg: ["qnum", "qbytes", "cbytes"]}[.type][],
			"uid", "gid", "cuid", "cgid"] | sort |
		 map(. + "=" + ($o[if . == "cbytes" then "size" else . end] | tostring))) +
		[(.semaphores // [])[].val | tostring] + [.ref] | join(" ")' >"$BATS_TEST_TMPDIR/stat"
	run diff "$BATS_TEST_TMPDIR/kernel" "$BATS_TEST_TMPDIR/stat"
	assert_output ''
	[ "$(wc -l <"$BATS_TEST_TMPDIR/kernel")" -ge 50 ]
}

@test "stat: a queue that holds more than its limit" {
	local id
	id=$(helper msg)

	helper send "$id" 2 1000
	tool set "msg:$id" --qbytes=1000
	tool stat "msg:$id" -o REF,FILL
	assert_success
	assert_output "msg:$id
  FILL  200%"
}

@test "stat: a segment in memory, locked, marked" {
	requires memlock
	local id
	id=$(helper shm 8192 locked)

	helper touch "$id"
	tool stat "shm:$id" -J
	assert_equal "$(json '.objects[0] | [.rss, .swap, .state]')" '[4096,0,["locked"]]'
	start_helper attach "$id"
	helper remove shm "$id"
	tool stat "shm:$id" -o REF,KEY,NATTCH,STATE
	assert_success
	assert_output "shm:$id
  KEY     0x00000000
  NATTCH  1
  STATE   dest,locked"
	tool stat "shm:$id" -J
	assert_equal "$(json '.objects[0] | [.key, .mode, .nattch, .state]')" \
		'["0x00000000","0600",1,["dest","locked"]]'
}

@test "stat: several objects, in the order given, each once" {
	local shm sem msg
	shm=$(helper shm 1 key=0xa)
	sem=$(helper sem 1 key=0xb)
	msg=$(helper msg key=0xc)

	tool stat -J "msg:$msg" sem:0xb "shm:$shm" "sem:$sem" shm:0xA
	assert_success
	assert_stderr
	assert_equal "$(json '[.objects[].ref]')" "[\"msg:$msg\",\"sem:$sem\",\"shm:$shm\"]"
	tool show "shm:$shm" "msg:$msg" -o REF
	assert_success
	assert_output "shm:$shm

msg:$msg"
}

@test "stat: the letters of ipcrm" {
	local type
	local -A ids

	for type in "${types[@]}"; do
		ids[$type]=$(make "$type" key=0x10)
	done
	tool stat -J -m "${ids[shm]}" -s "${ids[sem]}" -q "${ids[msg]}"
	assert_success
	assert_equal "$(json '[.objects[].ref]')" \
		"[\"shm:${ids[shm]}\",\"sem:${ids[sem]}\",\"msg:${ids[msg]}\"]"
	tool stat -J -Q 16 -S 020 -M 0x10
	assert_success
	assert_equal "$(json '[.objects[].ref]')" \
		"[\"msg:${ids[msg]}\",\"sem:${ids[sem]}\",\"shm:${ids[shm]}\"]"
}

@test "stat: a missing object, and the others are shown" {
	local id
	id=$(helper msg)

	tool stat shm:9999 "msg:$id" sem:0xabc -o REF
	assert_failure 1
	assert_output "msg:$id"
	assert_stderr "ipctool stat: shm:9999: there is no shared memory segment with this id
ipctool stat: sem:0xabc: there is no semaphore set with this key"
	tool stat msg:9999 -J
	assert_failure 1
	assert_stderr "ipctool stat: msg:9999: there is no message queue with this id"
	assert_equal "$(json .)" '{"schema":1,"objects":[]}'
}

@test "stat: references from standard input" {
	local id
	id=$(helper msg)

	tool stat - -o REF < <(printf '\n  msg:%s \t\r\n\n' "$id")
	assert_success
	assert_output "msg:$id"
	tool stat - </dev/null
	assert_silent
	tool list -o REF --no-headings
	tool stat - -o REF <<<"$output"
	assert_success
	assert_output "msg:$id"
}

@test "stat: the list of fields is a table" {
	tool stat --list-fields
	assert_success
	assert_stderr
	assert_line --index 0 --regexp '^FIELD +TYPES +VALUE +MEANING$'
	assert_line --regexp '^ref +shm,sem,msg,pshm,psem,pmsg +text +reference, as commands take it$'
	assert_line --regexp '^semaphores +sem +table +[a-z]'
	tool stat --list-fields -J
	assert_success
	assert_equal "$(json '[.fields[] | select(.field == "fill") | .types]')" '[["msg","pmsg"]]'
}

# --- What may not be read -------------------------------------------------------------

@test "stat: without read permission everything but the semaphores is shown" {
	requires root
	local shm sem msg
	shm=$(helper shm 10)
	sem=$(helper sem 2)
	msg=$(helper msg qbytes=77)

	as 12345 "$IPCTOOL" stat -J "shm:$shm" "sem:$sem" "msg:$msg"
	assert_success
	assert_stderr --regexp "^ipctool stat: 7 values could not be read: sem: processes that could not be looked at may use them; sem: the semaphores may not be read; msg: processes that could not be looked at may use them"$'\n'"ipctool stat: [0-9]+ processes could not be looked at; run as root for the rest\$"
	assert_equal "$(json '[.objects[0].size, .objects[1].nsems, .objects[2].qbytes]')" '[10,2,77]'
	assert_equal "$(json '[.objects[] | .semaphores, .unread]')" \
		'[null,null,null,["pids","command","semaphores","processes"],null,["pids","command","processes"]]'
	as 12345 "$IPCTOOL" stat "sem:$sem" -o REF,NSEMS,SEMAPHORES
	assert_success
	assert_output "sem:$sem
  NSEMS  2
  SEMAPHORES  ? (could not be read)"
}

@test "stat: unreadable facts of many sets are one line" {
	requires root
	local i

	for i in 1 2 3; do
		helper sem 2 >/dev/null
	done
	as 12345 "$IPCTOOL" list sem -o ref,command --no-headings
	assert_success
	assert_stderr_line --index 0 "ipctool list: 3 values could not be read: sem: the semaphores may not be read"
	as 12345 "$IPCTOOL" stat sem -o ref,semaphores
	assert_success
	assert_stderr "ipctool stat: 3 values could not be read: sem: the semaphores may not be read"
}

@test "stat: a set that disappears while it is read" {
	requires seccomp
	local id
	id=$(helper sem 2)

	# GETALL fails as it does when the set has gone.
	denied semctl:13=EIDRM "$IPCTOOL" stat "sem:$id"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool stat: sem:$id: it has been removed meanwhile"
	denied semctl:13=EINVAL "$IPCTOOL" stat sem
	assert_success
	assert_output ''
	assert_stderr ''
}

@test "stat: conditions alone select from all types, and a reference heads each block" {
	local shm sem
	shm=$(helper shm 10 key=5)
	sem=$(helper sem 2 key=5)
	helper msg >/dev/null

	tool stat --key=5 -o NSEMS,SIZE
	assert_success
	assert_stderr
	assert_output "shm:$shm
  NSEMS  -
  SIZE   10

sem:$sem
  NSEMS  2
  SIZE   -"
	tool stat
	assert_usage "ipctool stat: nothing is named: give a reference such as shm:32769 or sem:0x52e2c1, a type, or a condition such as --pid=PID"
}

@test "stat: one's own object of mode 0000" {
	requires root
	local id

	for type in "${types[@]}"; do
		id=$(make "$type" as=12345 mode=0)
		as 12345 "$IPCTOOL" stat -J "$type:$id"
		assert_success
		assert_equal "$(json '.objects[0] | [.ref, .mode, .uid]')" "[\"$type:$id\",\"0000\",12345]"
	done
	assert_stderr --regexp $'^ipctool stat: 3 values could not be read: msg: processes that could not be looked at may use them\nipctool stat: [0-9]+ processes could not be looked at; run as root for the rest$'
}

@test "stat: the calls are denied, but not /proc" {
	requires seccomp
	local shm msg
	shm=$(helper shm 10)
	msg=$(helper msg)

	denied shmctl=EPERM,msgctl=EPERM "$IPCTOOL" stat -J "shm:$shm" "msg:$msg"
	assert_success
	assert_equal "$(json '[.objects[] | .ref, .size, .qbytes, .fill, .unread]')" \
		"[\"shm:$shm\",10,null,null,null,\"msg:$msg\",0,null,null,[\"qbytes\",\"fill\"]]"
	assert_stderr "ipctool stat: 2 values could not be read: msg: msgctl: Operation not permitted"
	denied msgctl=EPERM "$IPCTOOL" list -o REF,QBYTES --no-headings "msg:$msg"
	assert_success
	assert_output --regexp "^msg:$msg +\?$"
	assert_stderr "ipctool list: 1 value could not be read: msg: msgctl: Operation not permitted"
}

# --- Whether a recorded process lives --------------------------------------------------

# alive TYPE ID : what JSON says of the process of semaphore 0, or the last sender.
alive()
{
	tool stat -J "$1:$2"
	assert_success
	json '.objects[0] | (.semaphores // .recorded)[0] | [.pid, .alive, .command]'
}

@test "stat: a process that lives, has ended, or is a zombie" {
	local sem msg
	sem=$(helper sem 1)
	msg=$(helper msg)

	start_helper child hold semop "$sem" 0 1
	assert_equal "$(alive sem "$sem")" "[${ready[0]},true,\"ipchelper\"]"
	end_helper
	assert_equal "$(alive sem "$sem")" "[${ready[0]},false,null]"
	start_helper child zombie send "$msg" 1 1
	assert_equal "$(alive msg "$msg")" "[${ready[0]},false,null]"
}

@test "stat: a process lives even if its main thread has ended" {
	local id
	id=$(helper sem 1)

	start_helper child threads semop "$id" 0 1
	assert_equal "$(alive sem "$id")" "[${ready[0]},true,\"ipchelper\"]"
}

@test "stat: a process outside this PID namespace" {
	requires root
	local sem msg
	sem=$(helper sem 1)
	msg=$(helper msg)

	start_helper child hold semop "$sem" 0 1
	helper send "$msg" 1 1
	split unshare --pid --fork --mount-proc --propagation unchanged \
		"$IPCTOOL" stat -J "sem:$sem" "msg:$msg"
	assert_success
	assert_stderr
	assert_equal "$(json '.objects[0].semaphores[0] | [.pid, .alive, .command]')" '[0,null,null]'
	assert_equal "$(json '.objects[1] | [.lspid, .lrpid, .recorded]')" \
		'[0,null,[{"pid":0,"what":"last sender","alive":null,"command":null}]]'
}

@test "stat: the same pid, started before the last change, counts as the same process" {
	requires set_tid root
	local id pid
	id=$(helper sem 1)

	start_helper child zombie semop "$id" 0 1
	pid=${ready[0]}
	end_helper
	start_helper child hold "pid=$pid" as=12345 raw-index sem
	tool set "sem:$id" --mode=0640
	assert_equal "$(alive sem "$id")" "[$pid,true,\"ipchelper\"]"
}

@test "stat: the same pid, long after and under another user, is another process" {
	requires set_tid root
	knows_boot
	local mine others pid
	mine=$(helper sem 1)
	others=$(helper sem 1 uid=12345)

	helper setval "$mine" 0 1
	start_helper child zombie semop "$mine" 0 1
	pid=${ready[0]}
	end_helper
	start_helper child zombie "pid=$pid" semop "$others" 0 1
	end_helper
	# Times are in whole seconds, and there is no way to make an old one.
	while [ "$(date +%s)" -le $(($(fact sem "$others" otime) + 2)) ]; do
		sleep 0.1
	done
	start_helper child hold "pid=$pid" as=12345 raw-index sem
	assert_equal "$(alive sem "$mine")" "[$pid,false,null]"
	# Here it may be what the owner has started anew.
	assert_equal "$(alive sem "$others")" "[$pid,true,\"ipchelper\"]"
}

@test "stat: a process with a hostile name" {
	local id program
	id=$(helper msg)

	program=$BATS_TEST_TMPDIR/$'a\n\033[2J"x'
	cp "$IPCHELPER" "$program"
	IPCHELPER=$program start_helper child hold send "$id" 1 1
	tool stat "msg:$id"
	assert_success
	assert_output --partial 'yes    a\x0a\x1b[2J"x'
	assert_equal "$(alive msg "$id")" "[${ready[0]},true,\"a\\n\\u001b[2J\\\"x\"]"
}
