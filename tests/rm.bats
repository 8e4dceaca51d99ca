#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rm: removes what is named and nothing else, and refuses when in doubt.

# shellcheck disable=SC2030,SC2031,SC2094 # each test is a process of its own

load common
load life
load scenes

# assert_gone TYPE ID, assert_there TYPE ID
assert_gone()
{
	run helper raw "$1" "$2"
	assert_failure 1
	assert_output "ipchelper: IPC_STAT: Invalid argument"
}

assert_there()
{
	helper raw "$1" "$2" >/dev/null
}

# assert_in_use TYPE ID WHY : rm refuses it for the reason, and so does a dry run; with
# --force both do not.
assert_in_use()
{
	local ref=$1:$2 option

	for option in '' -v -n; do
		# shellcheck disable=SC2086 # none or one
		tool rm $option "$ref"
		assert_refused "ipctool rm: $ref: it is in use: $3 (--force removes it all the same)"
	done
	assert_there "$1" "$2"
	tool rm --force --dry-run "$ref"
	assert_success
	assert_stderr
	assert_there "$1" "$2"
	tool rm -f "$ref"
	assert_success
	assert_output ''
	# Of a segment the memory is not free yet, which is said.
	case $3 in
	*" attached: "*)
		assert_stderr "ipctool rm: $ref: marked for removal: it goes when the last of ${3%% *} detaches"
		;;
	*) assert_stderr ;;
	esac
}

# assert_free TYPE ID : rm removes it.
assert_free()
{
	tool rm "$1:$2"
	assert_silent
	assert_gone "$1" "$2"
}

@test "rm: by id and by key, of each type, and says nothing" {
	local id other

	for type in "${types[@]}"; do
		id=$(make "$type")
		other=$(make "$type" key=0x1234)
		tool rm "$type:$id"
		assert_silent
		assert_gone "$type" "$id"
		assert_there "$type" "$other"
		tool rm "$type:0x1234"
		assert_silent
		assert_gone "$type" "$other"
	done
	assert_objects 0 0 0
}

@test "rm: only the type that is named" {
	local shm
	shm=$(helper shm 1 key=9)

	helper sem 1 key=9
	helper msg key=9
	tool rm shm:0x9
	assert_silent
	assert_objects 0 1 1
	assert_gone shm "$shm"
}

@test "rm: the letters of ipcrm, many at once" {
	local -A a b

	for type in "${types[@]}"; do
		a[$type]=$(make "$type")
		b[$type]=$(make "$type" key=-5)
		make "$type"
	done
	tool rm -v -m "${a[shm]}" -M -5 -q "${a[msg]}" -Q 0xfffffffb -s "${a[sem]}" -S 4294967291
	assert_success
	assert_stderr
	assert_output "removed shm:${a[shm]}
removed shm:0xfffffffb
removed msg:${a[msg]}
removed msg:0xfffffffb
removed sem:${a[sem]}
removed sem:0xfffffffb"
	assert_objects 1 1 1
	tool rm --shmem-id="$(only_id shm)" --queue-id="$(only_id msg)" \
		--semaphore-id="$(only_id sem)"
	assert_silent
	assert_objects 0 0 0
}

@test "rm: verbose" {
	local id
	id=$(helper msg)

	tool rm -v "msg:$id"
	assert_success
	assert_output "removed msg:$id"
	assert_stderr
}

@test "rm: the same object named twice is removed once" {
	local id
	id=$(helper msg key=3)

	tool rm -v "msg:$id" msg:0x3 -q "$id"
	assert_success
	assert_output "removed msg:$id"
	assert_stderr
}

@test "rm: references from standard input" {
	local a b
	a=$(helper msg)
	b=$(helper shm 1 key=0x77)

	tool rm - -v < <(printf ' msg:%s\n\n\tshm:0x77 \r\n' "$a")
	assert_success
	assert_output "removed msg:$a
removed shm:0x77"
	assert_stderr
	assert_gone shm "$b"
	tool rm - </dev/null
	assert_silent
}

@test "rm: what list prints" {
	helper bulk 5
	tool list -o REF --no-headings
	tool rm - <<<"$output"
	assert_silent
	assert_objects 0 0 0
}

# --- Not there ------------------------------------------------------------------------

@test "rm: what is not there is a failure, and the rest goes" {
	local id
	id=$(helper msg)

	tool rm shm:99 "msg:$id" sem:0x4
	assert_refused "ipctool rm: shm:99: there is no shared memory segment with this id
ipctool rm: sem:0x4: there is no semaphore set with this key"
	assert_gone msg "$id"
}

@test "rm: with --ignore-missing what is not there is none" {
	local id
	id=$(helper msg)

	tool rm --ignore-missing shm:99 "msg:$id" sem:0x4 -v
	assert_success
	assert_output "removed msg:$id"
	assert_stderr
	tool rm --ignore-missing "msg:$id" -n
	assert_silent
}

@test "rm: what goes between reading and removing" {
	requires seccomp
	local id
	local -A call=([shm]=shmctl:0 [sem]=semctl:0 [msg]=msgctl:0)

	for type in "${types[@]}"; do
		id=$(make "$type")
		for errno in EIDRM EINVAL; do
			denied "${call[$type]}=$errno" "$IPCTOOL" rm "$type:$id"
			assert_refused "ipctool rm: $type:$id: it is gone already"
			denied "${call[$type]}=$errno" "$IPCTOOL" rm --ignore-missing -v "$type:$id"
			assert_silent
		done
		denied "${call[$type]}=EPERM" "$IPCTOOL" rm "$type:$id"
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
	assert_in_use shm "$id" "3 attached: $first (ipchelper), ${ready[1]} (ipchelper)"
	assert_equal "$(fact shm "$id" mode)" 1600
	end_helpers
	assert_gone shm "$id"
	id=$(helper shm 100)
	start_helper attach "$id"
	end_helper
	assert_free shm "$id"
}

@test "rm: an attached segment is only marked, and that is said" {
	local id
	id=$(helper shm 100)

	start_helper attach "$id" times=2
	tool rm -f -n "shm:$id"
	assert_success
	assert_output "would mark shm:$id for removal: it goes when the last of 2 detaches"
	tool rm -f -v "shm:$id"
	assert_success
	assert_stderr
	assert_output "marked shm:$id for removal: it goes when the last of 2 detaches"
	# A second time it is marked already.
	for option in '' -f -v -n -nf; do
		# shellcheck disable=SC2086 # none or one
		tool rm $option "shm:$id"
		assert_success
		assert_output ''
		assert_stderr "ipctool rm: shm:$id: it is marked for removal already, and goes when the last of 2 detaches"
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
	assert_in_use sem "$id" "the last process of semaphore 1 lives: ${ready[0]} (ipchelper)"
	id=$(helper sem 1)
	start_helper child hold setall "$id" 1
	assert_in_use sem "$id" "the last process of semaphore 0 lives: ${ready[0]} (ipchelper)"
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

@test "rm: a set whose last process has only its main thread ended" {
	local id
	id=$(helper sem 1)

	start_helper child threads semop "$id" 0 1
	assert_in_use sem "$id" "the last process of semaphore 0 lives: ${ready[0]} (ipchelper)"
}

@test "rm: a set whose semaphores may not be read" {
	requires root
	local id
	id=$(helper sem 1 as=12345 mode=0)

	as 12345 "$IPCTOOL" rm "sem:$id"
	assert_refused "ipctool rm: sem:$id: it is in use: its semaphores may not be read, so nobody knows who uses it (--force removes it all the same)"
	as 12345 "$IPCTOOL" rm -f "sem:$id"
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
	assert_in_use msg "$id" "its last sender lives: ${ready[0]} (ipchelper)"
	id=$(helper msg)
	helper send "$id" 1 1
	start_helper child hold recv "$id"
	assert_in_use msg "$id" "its last receiver lives: ${ready[0]} (ipchelper)"
	id=$(helper msg)
	start_helper child threads send "$id" 1 1
	helper recv "$id"
	assert_in_use msg "$id" "its last sender lives: ${ready[0]} (ipchelper)"
}

@test "rm: an empty queue whose last processes have ended" {
	local id
	id=$(helper msg)

	helper send "$id" 1 1
	start_helper child zombie recv "$id"
	assert_free msg "$id"
}

@test "rm: processes outside this pid namespace" {
	requires root
	local sem msg
	local -a inside=(unshare --pid --fork --mount-proc --propagation unchanged "$IPCTOOL")
	sem=$(helper sem 1)
	msg=$(helper msg)

	helper semop "$sem" 0 1
	helper send "$msg" 1 1
	helper recv "$msg"
	split "${inside[@]}" rm "sem:$sem" "msg:$msg"
	assert_refused "ipctool rm: sem:$sem: it is in use: the last process of semaphore 0 may be outside this pid namespace (--force removes it all the same)
ipctool rm: msg:$msg: it is in use: its last sender is outside this pid namespace (--force removes it all the same)"
	split "${inside[@]}" rm -f "sem:$sem" "msg:$msg"
	assert_silent
}

@test "rm: a process that has only got the number of another" {
	requires set_tid root
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
	tool rm "sem:$others"
	assert_refused "ipctool rm: sem:$others: it is in use: the last process of semaphore 0 lives: $pid (ipchelper) (--force removes it all the same)"
	# ... and what was changed after it had started may be its work.
	tool set "sem:$changed" --mode=0640
	tool rm "sem:$changed"
	assert_refused "ipctool rm: sem:$changed: it is in use: the last process of semaphore 0 lives: $pid (ipchelper) (--force removes it all the same)"
}

@test "rm: one refusal does not stop the rest" {
	local used free
	used=$(helper msg)
	free=$(helper msg)

	helper send "$used" 1 1
	tool rm -v "msg:$used" "msg:$free"
	assert_failure 1
	assert_output "removed msg:$free"
	assert_stderr "ipctool rm: msg:$used: it is in use: it holds 1 message (--force removes it all the same)"
}

# --- Dry runs -------------------------------------------------------------------------

@test "rm: a dry run removes nothing and exits as the real run would" {
	local used free
	used=$(helper msg)
	free=$(helper msg)
	helper send "$used" 1 1

	tool rm -n "msg:$free"
	assert_success
	assert_output "would remove msg:$free"
	assert_stderr
	tool rm --dry-run "msg:$used" "msg:$free" msg:999
	assert_failure 1
	assert_output "would remove msg:$free"
	assert_stderr "ipctool rm: msg:999: there is no message queue with this id
ipctool rm: msg:$used: it is in use: it holds 1 message (--force removes it all the same)"
	tool rm -nf "msg:$used"
	assert_success
	assert_output "would remove msg:$used"
	assert_objects 0 0 2
}

@test "rm: a report that cannot be written" {
	local id
	id=$(helper msg)

	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c 'exec "$@" >/dev/full' sh "$IPCTOOL" rm -v "msg:$id"
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
	stopped rm -v "shm:$a" "sem:$b" "msg:$c"
	for type in shm:$a sem:$b msg:$c; do
		helper remove "${type%:*}" "${type#*:}"
		again "${type%:*}" "${type#*:}" key=0x22
	done
	resume
	assert_equal "$status" 1
	assert_output ''
	assert_stderr "$missing
ipctool rm: shm:$a: another object has taken its place meanwhile, which stays
ipctool rm: sem:$b: another object has taken its place meanwhile, which stays
ipctool rm: msg:$c: another object has taken its place meanwhile, which stays"
	assert_objects 1 1 1
}

@test "rm: another creator under the same id stays" {
	requires next_id root
	local a b

	a=$(helper msg)
	b=$(helper sem 1 as=1111)
	stopped rm -v "msg:$a" "sem:$b"
	helper remove msg "$a"
	again msg "$a" as=1111
	helper remove sem "$b"
	again sem "$b" as=2222
	resume
	assert_equal "$status" 1
	assert_output ''
	assert_stderr "$missing
ipctool rm: msg:$a: another object has taken its place meanwhile, which stays
ipctool rm: sem:$b: another object has taken its place meanwhile, which stays"
	assert_objects 0 1 1
}

@test "rm: a segment of another process under the same id stays, with the same key too" {
	requires next_id
	local a

	a=$(helper shm 100 key=0x33)
	stopped rm -v "shm:0x33"
	helper remove shm "$a"
	again shm "$a" key=0x33
	resume
	assert_equal "$status" 1
	assert_output ''
	assert_stderr "$missing
ipctool rm: shm:0x33: another object has taken its place meanwhile, which stays"
	assert_objects 1 0 0
}

@test "rm: what has come into use meanwhile stays, and what has gone is said" {
	local used gone free marked
	used=$(helper msg)
	gone=$(helper msg)
	free=$(helper msg)
	marked=$(helper shm 1 key=5)

	stopped rm -v "msg:$used" "msg:$gone" "msg:$free" "shm:$marked"
	helper send "$used" 1 1
	helper remove msg "$gone"
	start_helper attach "$marked"
	helper remove shm "$marked"
	resume
	assert_equal "$status" 1
	assert_output "removed msg:$free"
	assert_stderr "$missing
ipctool rm: msg:$used: it is in use: it holds 1 message (--force removes it all the same)
ipctool rm: msg:$gone: it is gone already
ipctool rm: shm:$marked: it is marked for removal already, and goes when the last of 1 detaches"
	assert_objects 1 0 1
}

@test "rm: a set of which the calls say that it is gone, though it is not" {
	requires seccomp
	local id call
	id=$(helper sem 1)
	start_helper child hold semop "$id" 0 1

	# GETPID, GETNCNT and GETZCNT: what is not known is in use.
	for call in 11=EINVAL 14=EINVAL 14=EIDRM 15=EINVAL; do
		denied "semctl:$call" "$IPCTOOL" rm "sem:$id"
		assert_refused "ipctool rm: sem:$id: it may be in use: its semaphores could not be read (--force removes it all the same)"
		assert_there sem "$id"
	done
	end_helper
}

@test "rm: an object that may not be read is not one that is missing" {
	requires seccomp mount
	local id ref
	id=$(helper msg key=0x77)

	for ref in "msg:$id" msg:0x77; do
		over_proc msg= -- "$IPCHELPER" deny msgctl:13=EPERM,msgctl:2=EPERM -- \
			"$IPCTOOL" rm --ignore-missing "$ref"
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
	denied msgget=EACCES "$IPCTOOL" rm msg:0x78
	assert_silent
	assert_gone msg "$id"
}

@test "rm: who is not mapped in a user namespace owns nothing" {
	requires root userns
	local id
	id=$(helper msg as=1111)

	as 1234 unshare --user "$IPCTOOL" rm "msg:$id"
	assert_failure 1
	assert_output ''
	assert_stderr --regexp "^ipctool rm: msg:$id: it belongs to [a-z0-9]+: only the owner, the creator or root may remove it\$"
	as 1234 unshare --user "$IPCTOOL" rm --all --yes --force -v
	assert_success
	assert_output ''
	assert_stderr_line --index 0 "ipctool rm: 1 object of other users is passed over"
	as 1234 unshare --user "$IPCTOOL" rm --user=65534 --yes
	assert_failure 2
	assert_there msg "$id"
}

@test "rm: a value set from outside this pid namespace is use" {
	requires root
	local id
	id=$(helper sem 1)
	helper setall "$id" 1

	split unshare --pid --fork --mount-proc --propagation unchanged "$IPCTOOL" rm "sem:$id"
	assert_refused "ipctool rm: sem:$id: it is in use: the last process of semaphore 0 may be outside this pid namespace (--force removes it all the same)"
	assert_there sem "$id"
}

@test "rm: a reader that goes away is a write error, and what is done was reported" {
	local i ids=()

	for i in {1..5}; do
		ids+=("msg:$(helper msg)")
	done
	without_reader "$IPCTOOL" rm -v "${ids[0]}" "${ids[1]}"
	assert_failure 2
	assert_stderr "ipctool rm: cannot write to standard output: Broken pipe"
	# The one that could not be reported is the last.
	assert_objects 0 0 4
	without_reader "$IPCTOOL" rm --all --yes -v
	assert_failure 2
	assert_objects 0 0 3
}
