#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rm: removes the named objects only, and refuses in case of doubt.

# shellcheck disable=SC2030,SC2031,SC2094 # each test is a process of its own

load common
load life
load scenes
load rm

# assert_in_use TYPE ID WHY : rm refuses it for the reason, and so does a dry run; with
# --force both do not, and a dry run still gives the reason.
assert_in_use()
{
	local ref=$1:$2 option done="remove it"

	[ "$1" != shm ] || done="mark it for removal"
	for option in '' -v -n; do
		# shellcheck disable=SC2086 # none or one
		remove $option "$ref"
		assert_refused "ipctool rm: $ref: in use: $3; use --force to $done anyway"
	done
	assert_there "$1" "$2"
	remove --force --dry-run "$ref"
	assert_success
	case $1 in
	shm) assert_output "would mark $ref for removal, although in use: $3" ;;
	*) assert_output "would remove $ref, although in use: $3" ;;
	esac
	assert_stderr
	assert_there "$1" "$2"
	remove -f "$ref"
	assert_success
	assert_output ''
	# The memory of a segment is not free yet, which is reported.
	case $1 in
	shm) assert_stderr --regexp "^ipctool rm: $ref: marked for removal; the kernel removes it after the last detach \\(attachments: [0-9]+\\)\$" ;;
	*) assert_stderr ;;
	esac
}

# assert_free TYPE ID : rm removes it.
assert_free()
{
	remove "$1:$2"
	assert_silent
	assert_gone "$1" "$2"
}

@test "rm: by id and by key, for each type, without output" {
	local id other

	for type in "${types[@]}"; do
		id=$(make "$type")
		other=$(make "$type" key=0x1234)
		remove "$type:$id"
		assert_silent
		assert_gone "$type" "$id"
		assert_there "$type" "$other"
		remove "$type:0x1234"
		assert_silent
		assert_gone "$type" "$other"
	done
	assert_objects 0 0 0
}

@test "rm: only the named type" {
	local shm
	shm=$(helper shm 1 key=9)

	helper sem 1 key=9
	helper msg key=9
	remove shm:0x9
	assert_silent
	assert_objects 0 1 1
	assert_gone shm "$shm"
}

@test "rm: the letters of ipcrm, several at once" {
	local -A a b

	for type in "${types[@]}"; do
		a[$type]=$(make "$type")
		b[$type]=$(make "$type" key=-5)
		make "$type"
	done
	remove -v -m "${a[shm]}" -M -5 -q "${a[msg]}" -Q 0xfffffffb -s "${a[sem]}" -S 4294967291
	assert_success
	assert_stderr
	assert_removals "shm:${a[shm]}" shm:0xfffffffb "msg:${a[msg]}" msg:0xfffffffb \
		"sem:${a[sem]}" sem:0xfffffffb
	assert_objects 1 1 1
	remove --shmem-id="$(only_id shm)" --queue-id="$(only_id msg)" \
		--semaphore-id="$(only_id sem)"
	assert_silent
	assert_objects 0 0 0
}

@test "rm: verbose" {
	local id
	id=$(helper msg)

	remove -v "msg:$id"
	assert_success
	assert_removals "msg:$id"
	assert_stderr
}

@test "rm: the same object named twice is removed once" {
	local id
	id=$(helper msg key=3)

	remove -v "msg:$id" msg:0x3 -q "$id"
	assert_success
	assert_removals "msg:$id"
	assert_stderr
}

@test "rm: references from standard input" {
	local a b
	a=$(helper msg)
	b=$(helper shm 1 key=0x77)

	remove - -v < <(printf ' msg:%s\n\n\tshm:0x77 \r\n' "$a")
	assert_success
	assert_removals "msg:$a" shm:0x77
	assert_stderr
	assert_gone shm "$b"
	remove - </dev/null
	assert_silent
}

@test "rm: the output of list" {
	helper bulk 5
	tool list -o REF --no-headings
	remove - <<<"$output"
	assert_silent
	assert_objects 0 0 0
}

# --- Not there ------------------------------------------------------------------------

@test "rm: a missing object is a failure, and the others are removed" {
	local id
	id=$(helper msg)

	remove shm:99 "msg:$id" sem:0x4
	assert_refused "ipctool rm: shm:99: there is no shared memory segment with this id
ipctool rm: sem:0x4: there is no semaphore set with this key"
	assert_gone msg "$id"
}

@test "rm: with --ignore-missing a missing object is not a failure" {
	local id
	id=$(helper msg)

	remove --ignore-missing shm:99 "msg:$id" sem:0x4 -v
	assert_success
	assert_removals "msg:$id"
	assert_stderr
	remove --ignore-missing "msg:$id" -n
	assert_silent
}

@test "rm: an object that disappears between reading and removing" {
	requires seccomp
	local id
	local -A call=([shm]=shmctl:0 [sem]=semctl:0 [msg]=msgctl:0)

	for type in "${types[@]}"; do
		id=$(make "$type")
		for errno in EIDRM EINVAL; do
			denied "${call[$type]}=$errno" "$IPCTOOL" rm --alone "$type:$id"
			assert_refused "ipctool rm: $type:$id: it has been removed meanwhile"
			denied "${call[$type]}=$errno" "$IPCTOOL" rm --alone --ignore-missing -v "$type:$id"
			assert_silent
		done
		denied "${call[$type]}=EPERM" "$IPCTOOL" rm --alone "$type:$id"
		assert_refused "ipctool rm: $type:$id: cannot remove it: Operation not permitted"
	done
	assert_objects 1 1 1
}

# --- In use ---------------------------------------------------------------------------

@test "rm: a segment with attachments" {
	local id first
	id=$(helper shm 100)

	start_helper attach "$id" times=2
	first=${ready[1]}
	start_helper attach "$id" ro
	assert_in_use shm "$id" "2 processes attached: $first (ipchelper), ${ready[1]} (ipchelper)"
	assert_equal "$(fact shm "$id" mode)" 1600
	end_helpers
	assert_gone shm "$id"
	id=$(helper shm 100)
	start_helper attach "$id"
	end_helper
	assert_free shm "$id"
}

@test "rm: an attached segment is only marked, and that is reported" {
	local id
	id=$(helper shm 100)

	start_helper attach "$id" times=2
	remove -f -n "shm:$id"
	assert_success
	assert_output "would mark shm:$id for removal, although in use: 1 process attached: ${ready[1]} (ipchelper)"
	remove -f -v "shm:$id"
	assert_success
	assert_stderr
	settle
	assert_output "marked shm:$id for removal (no key, owner root, 100, idle Ns; although in use: 1 process attached: ${ready[1]} (ipchelper))"
	# A second time it is marked already.
	for option in '' -f -v -n -nf; do
		# shellcheck disable=SC2086 # none or one
		remove $option "shm:$id"
		assert_success
		assert_output ''
		assert_stderr "ipctool rm: shm:$id: it is already marked for removal; the kernel removes it after the last detach (attachments: 2)"
	done
}

@test "rm: a set on which a process waits" {
	local id first
	id=$(helper sem 3)

	start_helper semwait "$id" 2 dec
	assert_in_use sem "$id" "1 process waits on semaphore 2: ${ready[1]} (ipchelper)"
	assert_gone sem "$id"
	id=$(helper sem 2)
	helper setval "$id" 1 1
	start_helper semwait "$id" 1 zero
	first=${ready[1]}
	start_helper semwait "$id" 1 zero
	assert_in_use sem "$id" "2 processes wait on semaphore 1: $first (ipchelper), ${ready[1]} (ipchelper)"
}

@test "rm: a set whose last process lives" {
	local id
	id=$(helper sem 3)
	helper setall "$id" 1

	start_helper child hold semop "$id" 1 1
	assert_in_use sem "$id" "process ${ready[0]} (ipchelper) used semaphore 1 last"
	id=$(helper sem 1)
	start_helper child hold setall "$id" 1
	assert_in_use sem "$id" "process ${ready[0]} (ipchelper) used semaphore 0 last"
}

@test "rm: a set whose last process is a zombie, or has ended" {
	local id
	id=$(helper sem 1)

	start_helper child zombie semop "$id" 0 1
	assert_free sem "$id"
	id=$(helper sem 1)
	helper semop "$id" 0 1
	assert_free sem "$id"
	# Never used at all.
	id=$(helper sem 1)
	assert_free sem "$id"
}

@test "rm: a set whose last process has only lost its main thread" {
	local id
	id=$(helper sem 1)

	start_helper child threads semop "$id" 0 1
	assert_in_use sem "$id" "process ${ready[0]} (ipchelper) used semaphore 0 last"
}

@test "rm: a set whose semaphores may not be read" {
	requires root
	local id
	id=$(helper sem 1 as=12345 mode=0)

	as 12345 "$IPCTOOL" rm --alone "sem:$id"
	assert_refused "ipctool rm: sem:$id: may be in use: the last processes of its semaphores could not be read: Permission denied; use --force to remove it anyway"
	as 12345 "$IPCTOOL" rm --alone -f "sem:$id"
	assert_silent
	assert_gone sem "$id"
}

@test "rm: a queue that holds messages" {
	local id
	id=$(helper msg)

	helper send "$id" 1 10
	assert_in_use msg "$id" "it holds 1 message"
	id=$(helper msg)
	helper send "$id" 3 0
	assert_in_use msg "$id" "it holds 3 messages"
}

@test "rm: a queue whose last sender or receiver lives" {
	local id
	id=$(helper msg)

	start_helper child hold send "$id" 1 1
	helper recv "$id"
	assert_in_use msg "$id" "its last sender lives: process ${ready[0]} (ipchelper)"
	id=$(helper msg)
	helper send "$id" 1 1
	start_helper child hold recv "$id"
	assert_in_use msg "$id" "its last receiver lives: process ${ready[0]} (ipchelper)"
	id=$(helper msg)
	start_helper child threads send "$id" 1 1
	helper recv "$id"
	assert_in_use msg "$id" "its last sender lives: process ${ready[0]} (ipchelper)"
}

@test "rm: an empty queue whose last processes have ended" {
	local id
	id=$(helper msg)

	helper send "$id" 1 1
	start_helper child zombie recv "$id"
	assert_free msg "$id"
}

@test "rm: processes outside this PID namespace" {
	requires root
	local sem msg
	local -a inside=(unshare --pid --fork --mount-proc --propagation unchanged "$IPCTOOL")
	sem=$(helper sem 1)
	msg=$(helper msg)

	helper semop "$sem" 0 1
	helper send "$msg" 1 1
	helper recv "$msg"
	split "${inside[@]}" rm "sem:$sem" "msg:$msg"
	assert_refused "ipctool rm: sem:$sem: may be in use: processes outside this PID namespace cannot be seen (--alone says that none uses it); use --force to remove it anyway
ipctool rm: msg:$msg: may be in use: processes outside this PID namespace cannot be seen (--alone says that none uses it); use --force to remove it anyway"
	split "${inside[@]}" rm -f "sem:$sem" "msg:$msg"
	assert_silent
}

@test "rm: a process with a reused pid" {
	requires set_tid root
	knows_boot
	local mine others changed pid
	mine=$(helper sem 1)
	others=$(helper sem 1 uid=12345)
	changed=$(helper sem 1)

	start_helper child zombie semop "$mine" 0 1
	pid=${ready[0]}
	end_helper
	for id in "$others" "$changed"; do
		start_helper child zombie "pid=$pid" semop "$id" 0 1
		end_helper
	done
	# Times are in whole seconds, and there is no way to make an old one.
	while [ "$(date +%s)" -le $(($(fact sem "$changed" otime) + 2)) ]; do
		sleep 0.1
	done
	start_helper child hold "pid=$pid" as=12345 raw-index sem
	assert_free sem "$mine"
	# The owner may have started it anew ...
	remove "sem:$others"
	assert_refused "ipctool rm: sem:$others: in use: process $pid (ipchelper) used semaphore 0 last; use --force to remove it anyway"
	# ... and what was changed after it had started may be its work.
	tool set "sem:$changed" --mode=0640
	remove "sem:$changed"
	assert_refused "ipctool rm: sem:$changed: in use: process $pid (ipchelper) used semaphore 0 last; use --force to remove it anyway"
}

@test "rm: one refusal does not stop the others" {
	local used free
	used=$(helper msg)
	free=$(helper msg)

	helper send "$used" 1 1
	remove -v "msg:$used" "msg:$free"
	assert_failure 1
	assert_removals "msg:$free"
	assert_stderr "ipctool rm: msg:$used: in use: it holds 1 message; use --force to remove it anyway"
}

# --- Dry runs -------------------------------------------------------------------------

@test "rm: a dry run removes nothing and has the same exit status" {
	local used free
	used=$(helper msg)
	free=$(helper msg)
	helper send "$used" 1 1

	remove -n "msg:$free"
	assert_success
	assert_output "would remove msg:$free"
	assert_stderr
	remove --dry-run "msg:$used" "msg:$free" msg:999
	assert_failure 1
	assert_output "would remove msg:$free"
	assert_stderr "ipctool rm: msg:999: there is no message queue with this id
ipctool rm: msg:$used: in use: it holds 1 message; use --force to remove it anyway"
	remove -nf "msg:$used"
	assert_success
	assert_output "would remove msg:$used, although in use: it holds 1 message"
	assert_objects 0 0 2
}

@test "rm: a report that cannot be written" {
	local id
	id=$(helper msg)

	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c 'exec "$@" >/dev/full' sh "$IPCTOOL" rm --alone -v "msg:$id"
	assert_failure 2
	assert_stderr --partial "cannot write to standard output: No space left on device"
	assert_gone msg "$id"
}

# --- Another object under the same id ---------------------------------------------------

missing="ipctool rm: msg:2147483647: there is no message queue with this id"

@test "rm: another object under the same id stays" {
	requires next_id
	local a b c

	a=$(helper shm 100 key=0x11)
	b=$(helper sem 2 key=0x11)
	c=$(helper msg key=0x11)
	stopped rm --alone -v "shm:$a" "sem:$b" "msg:$c"
	for type in shm:$a sem:$b msg:$c; do
		helper remove "${type%:*}" "${type#*:}"
		again "${type%:*}" "${type#*:}" key=0x22
	done
	resume
	assert_equal "$status" 1
	assert_output ''
	# The second look is at queues only.
	assert_stderr "$missing
ipctool rm: msg:$c: another object has replaced it meanwhile; that one stays
ipctool rm: shm:$a: another object has replaced it meanwhile; that one stays
ipctool rm: sem:$b: another object has replaced it meanwhile; that one stays"
	assert_objects 1 1 1
}

@test "rm: another creator under the same id stays" {
	requires next_id root
	local a b

	a=$(helper msg)
	b=$(helper sem 1 as=1111)
	stopped rm --alone -v "msg:$a" "sem:$b"
	helper remove msg "$a"
	again msg "$a" as=1111
	helper remove sem "$b"
	again sem "$b" as=2222
	resume
	assert_equal "$status" 1
	assert_output ''
	assert_stderr "$missing
ipctool rm: msg:$a: another object has replaced it meanwhile; that one stays
ipctool rm: sem:$b: another object has replaced it meanwhile; that one stays"
	assert_objects 0 1 1
}

@test "rm: a segment of another process under the same id stays, even with the same key" {
	requires next_id
	local a

	a=$(helper shm 100 key=0x33)
	stopped rm --alone -v "shm:0x33"
	helper remove shm "$a"
	again shm "$a" key=0x33
	resume
	assert_equal "$status" 1
	assert_output ''
	assert_stderr "$missing
ipctool rm: shm:0x33: another object has replaced it meanwhile; that one stays"
	assert_objects 1 0 0
}

@test "rm: an object that is in use by then stays, and one that is gone is reported" {
	local used gone free marked
	used=$(helper msg)
	gone=$(helper msg)
	free=$(helper msg)
	marked=$(helper shm 1 key=5)

	stopped rm --alone -v "msg:$used" "msg:$gone" "msg:$free" "shm:$marked"
	helper send "$used" 1 1
	helper remove msg "$gone"
	start_helper attach "$marked"
	helper remove shm "$marked"
	resume
	assert_equal "$status" 1
	assert_removals "msg:$free"
	assert_stderr "$missing
ipctool rm: msg:$gone: it has been removed meanwhile
ipctool rm: msg:$used: in use: it holds 1 message; use --force to remove it anyway
ipctool rm: shm:$marked: it is already marked for removal; the kernel removes it after the last detach (attachments: 1)"
	assert_objects 1 0 1
}

@test "rm: a set that the calls wrongly report as gone" {
	requires seccomp
	local id call
	local -A error=([EINVAL]='Invalid argument' [EIDRM]='Identifier removed')
	id=$(helper sem 1)
	start_helper child hold semop "$id" 0 1

	# GETPID, GETNCNT and GETZCNT: if they fail, the set counts as in use.
	for call in 11=EINVAL 14=EINVAL 14=EIDRM 15=EINVAL; do
		denied "semctl:$call" "$IPCTOOL" rm --alone "sem:$id"
		assert_refused "ipctool rm: sem:$id: may be in use: the last processes of its semaphores could not be read: ${error[${call#*=}]}; use --force to remove it anyway"
		assert_there sem "$id"
	done
	end_helper
}

@test "rm: an object that may not be read is not missing" {
	requires seccomp mount
	local id ref
	id=$(helper msg key=0x77)

	for ref in "msg:$id" msg:0x77; do
		over_proc msg= -- "$IPCHELPER" deny msgctl:13=EPERM,msgctl:2=EPERM -- \
			"$IPCTOOL" rm --alone --ignore-missing "$ref"
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool rm: $ref: it is not among what could be read: msg: 1 object could not be read: msgctl: 1 object is denied to it; /proc/sysvipc/msg: No such file or directory"
	done
	assert_there msg "$id"
}

@test "rm: a key that cannot be looked up is found in /proc" {
	requires seccomp
	local id
	id=$(helper msg key=0x78)

	denied msgget=EACCES "$IPCTOOL" list msg:0x78 -o ref --no-headings
	assert_success
	assert_output "msg:$id"
	denied msgget=EACCES "$IPCTOOL" rm --alone msg:0x78
	assert_silent
	assert_gone msg "$id"
}

@test "rm: a user who is not mapped in a user namespace owns nothing" {
	requires root userns
	local id
	id=$(helper msg as=1111)

	as 1234 unshare --user "$IPCTOOL" rm --alone "msg:$id"
	assert_failure 1
	assert_output ''
	assert_stderr --regexp "^ipctool rm: msg:$id: it belongs to [a-z0-9]+: only the owner, the creator or root may remove it\$"
	as 1234 unshare --user "$IPCTOOL" rm --alone --all --yes --force -v
	assert_success
	assert_output ''
	assert_stderr_line --index 0 "ipctool rm: 1 object of other users is passed over"
	as 1234 unshare --user "$IPCTOOL" rm --alone --user=65534 --yes
	assert_failure 2
	assert_there msg "$id"
}

@test "rm: a value set from outside this PID namespace is a use" {
	requires root
	local id
	id=$(helper sem 1)
	helper setall "$id" 1

	split unshare --pid --fork --mount-proc --propagation unchanged "$IPCTOOL" rm "sem:$id"
	assert_refused "ipctool rm: sem:$id: may be in use: processes outside this PID namespace cannot be seen (--alone says that none uses it); use --force to remove it anyway"
	assert_there sem "$id"
}

@test "rm: a closed pipe is a write error, and completed removals were reported" {
	local i ids=()

	for i in {1..5}; do
		ids+=("msg:$(helper msg)")
	done
	without_reader "$IPCTOOL" rm --alone -v "${ids[0]}" "${ids[1]}"
	assert_failure 2
	assert_stderr "ipctool rm: done, but not written to standard output: removed ${ids[0]}
ipctool rm: cannot write to standard output: Broken pipe"
	# The one that could not be reported is the last.
	assert_objects 0 0 4
	without_reader "$IPCTOOL" rm --all --force --yes -v
	assert_failure 2
	assert_objects 0 0 3
}
