#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# set: only what is named changes, and changes made before a failure are reported.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life
load memory

# facts TYPE ID : all that IPC_STAT says, but for the time of change.
facts()
{
	local all rest

	all=$(helper raw "$1" "$2")$'\n'
	[[ $all == *$'\n'ctime=* ]]
	rest=${all#*$'\n'ctime=}
	printf '%s\n%s' "${all%%$'\n'ctime=*}" "${rest#*$'\n'}"
}

# assert_changed BEFORE AFTER LINE... : the facts differ in the lines, as `diff` has them.
assert_changed()
{
	local expected

	expected=$(printf '%s\n' "${@:3}")
	assert_equal "$(diff <(echo "$1") <(echo "$2") | grep '^[<>]' | sort)" \
		"$(sort <<<"$expected")"
}

# set_changes TYPE ID OPTIONS LINE... : `set` changes these lines alone, and says nothing.
set_changes()
{
	local type=$1 id=$2 options=$3 before

	shift 3
	before=$(facts "$type" "$id")
	# shellcheck disable=SC2086 # several words
	tool set "$type:$id" $options
	assert_silent
	assert_changed "$before" "$(facts "$type" "$id")" "$@"
}

# The fields that IPC_SET writes, for each type, one at a time.

@test "set: the mode and nothing else" {
	requires ipcs
	local id

	for type in "${types[@]}"; do
		id=$(make "$type" mode=0600)
		set_changes "$type" "$id" --mode=0751 '< mode=0600' '> mode=0751'
		ipcs_says "$type" "$id" mode=0751
		set_changes "$type" "$id" --mode=g-x,o+w '< mode=0751' '> mode=0743'
		ipcs_says "$type" "$id" mode=0743
		set_changes "$type" "$id" --mode=0 '< mode=0743' '> mode=0000'
		ipcs_says "$type" "$id" mode=0
		set_changes "$type" "$id" --mode=u=rw '< mode=0000' '> mode=0600'
	done
}

@test "set: the owner and nothing else" {
	requires root ipcs
	local id

	for type in "${types[@]}"; do
		id=$(make "$type" uid=1111 gid=2222 mode=0640)
		set_changes "$type" "$id" --owner=12345 '< uid=1111' '> uid=12345'
		ipcs_says "$type" "$id" uid=12345 gid=2222 cuid=0 cgid=0 mode=0640
		set_changes "$type" "$id" --owner=daemon '< uid=12345' "> uid=$(id -u daemon)"
		ipcs_says "$type" "$id" "uid=$(id -u daemon)" gid=2222
		set_changes "$type" "$id" --owner=4294967294 "< uid=$(id -u daemon)" '> uid=4294967294'
	done
}

@test "set: the group and nothing else" {
	requires root ipcs
	local id

	for type in "${types[@]}"; do
		id=$(make "$type" uid=1111 gid=2222 mode=0640)
		set_changes "$type" "$id" --owner=:54321 '< gid=2222' '> gid=54321'
		ipcs_says "$type" "$id" uid=1111 gid=54321 cuid=0 cgid=0 mode=0640
	done
}

@test "set: owner and group" {
	requires root
	local id

	for type in "${types[@]}"; do
		id=$(make "$type")
		set_changes "$type" "$id" --owner=12:34 '< uid=0' '> uid=12' '< gid=0' '> gid=34'
		# With a colon behind it, the group of the user's login.
		set_changes "$type" "$id" --owner=daemon: '< uid=12' "> uid=$(id -u daemon)" \
			'< gid=34' "> gid=$(id -g daemon)"
	done
}

@test "set: the bytes of a queue and nothing else" {
	requires ipcs
	local id before
	id=$(helper msg mode=0640)

	before=$(fact msg "$id" qbytes)
	set_changes msg "$id" --qbytes=1K "< qbytes=$before" '> qbytes=1024'
	ipcs_says msg "$id" qbytes=1024 mode=0640
	set_changes msg "$id" --qbytes=1 '< qbytes=1024' '> qbytes=1'
	ipcs_says msg "$id" qbytes=1
}

@test "set: a new mode keeps the bytes of a queue" {
	local id
	id=$(helper msg qbytes=777)

	set_changes msg "$id" --mode=0640 '< mode=0600' '> mode=0640'
	assert_equal "$(fact msg "$id" qbytes)" 777
}

@test "set: a new mode keeps a segment locked" {
	requires memlock
	local id
	id=$(helper shm 100 locked)

	set_changes shm "$id" --mode=0640 '< mode=2600' '> mode=2640'
}

@test "set: all changes at once" {
	requires root
	local id
	id=$(helper msg)

	tool set -v "msg:$id" --mode=a=r --owner=daemon:12345 --qbytes=500
	assert_success
	assert_stderr
	assert_output "msg:$id: mode 0600 -> 0444, owner root -> daemon, group root -> 12345, qbytes 16384 -> 500"
	assert_equal "$(fact msg "$id" mode) $(fact msg "$id" uid) $(fact msg "$id" gid) $(fact msg "$id" qbytes)" \
		"0444 $(id -u daemon) 12345 500"
}

@test "set: several objects, of several types" {
	local shm sem msg
	shm=$(helper shm 1)
	sem=$(helper sem 1 key=6)
	msg=$(helper msg)

	tool set -v "shm:$shm" sem:0x6 -q "$msg" --mode=+r
	assert_success
	assert_stderr
	assert_output "shm:$shm: mode 0600 -> 0644
sem:0x6: mode 0600 -> 0644
msg:$msg: mode 0600 -> 0644"
	tool set - --mode=0 < <(printf 'shm:%s\nmsg:%s\n' "$shm" "$msg")
	assert_silent
	assert_equal "$(fact shm "$shm" mode)$(fact msg "$msg" mode)" 00000000
}

@test "set: the umask has no effect" {
	local id
	id=$(helper msg mode=0)

	umask 077
	set_changes msg "$id" --mode=+r '< mode=0000' '> mode=0444'
	set_changes msg "$id" --mode==w '< mode=0444' '> mode=0222'
	set_changes msg "$id" --mode=-w '< mode=0222' '> mode=0000'
}

@test "set: a missing object, and the others are changed" {
	local id
	id=$(helper msg)

	tool set shm:99999 "msg:$id" sem:0x77 --mode=0640
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool set: shm:99999: there is no shared memory segment with this id
ipctool set: sem:0x77: there is no semaphore set with this key"
	assert_equal "$(fact msg "$id" mode)" 0640
}

# --- Values ---------------------------------------------------------------------------

@test "set: the value of all semaphores, of one, and of some" {
	local id
	id=$(helper sem 4)

	tool set "sem:$id" --value=3 -v
	assert_success
	assert_output "sem:$id: semaphore 0 0 -> 3, semaphore 1 0 -> 3, semaphore 2 0 -> 3, semaphore 3 0 -> 3"
	tool set "sem:$id" --value=1=32767 --value=3-3=0
	assert_silent
	assert_equal "$(fact sem "$id" 'val.?' | tr '\n' ' ')" "3 32767 3 0 "
	tool set "sem:$id" --value=0-2=8 --value=1=9 -v
	assert_success
	assert_output "sem:$id: semaphore 0 3 -> 8, semaphore 1 32767 -> 9, semaphore 2 3 -> 8"
	assert_equal "$(fact sem "$id" 'val.?' | tr '\n' ' ')" "8 9 8 0 "
}

@test "set: ipcs shows the values" {
	requires ipcs
	local id
	id=$(helper sem 2)

	tool set "sem:$id" --value=1=77
	ipcs_says sem "$id" "0 0 0 0 0" "1 77 0 0 $(fact sem "$id" pid.1)"
}

@test "set: only values change; the mode and the time of semop stay" {
	local id
	id=$(helper sem 2 mode=0640)

	tool set "sem:$id" --value=0=1
	assert_silent
	assert_equal "$(fact sem "$id" mode) $(fact sem "$id" otime)" "0640 0"
}

@test "set: SETVAL clears the undo of that semaphore only" {
	local id
	id=$(helper sem 2)

	start_helper child hold semop "$id" 0 5 undo
	start_helper child hold semop "$id" 1 5 undo
	tool set "sem:$id" --value=0=7
	assert_silent
	end_helpers
	assert_equal "$(fact sem "$id" 'val.?' | tr '\n' ' ')" "7 0 "
}

@test "set: SETALL clears the undo of all semaphores" {
	local id
	id=$(helper sem 2)

	start_helper child hold semop "$id" 0 5 undo
	tool set "sem:$id" --value=7
	assert_silent
	end_helpers
	assert_equal "$(fact sem "$id" 'val.?' | tr '\n' ' ')" "7 7 "
}

@test "set: a value wakes the processes that wait for it" {
	local id
	id=$(helper sem 1)

	start_helper semwait "$id" 0 dec
	tool set "sem:$id" --value=0=1
	assert_silent
	assert_equal "$(fact sem "$id" ncnt.0) $(fact sem "$id" val.0)" "0 0"
}

@test "set: values need write permission, even for the owner" {
	requires root
	local id
	id=$(helper sem 2 as=12345 mode=0400)

	as 12345 "$IPCTOOL" set "sem:$id" --value=1=3
	assert_refused "ipctool set: sem:$id: cannot set values: the mode gives no permission to write"
	as 12345 "$IPCTOOL" set "sem:$id" --value=3
	assert_refused "ipctool set: sem:$id: cannot set values: the mode gives no permission to write"
	assert_equal "$(fact sem "$id" 'val.?' | tr '\n' ' ')" "0 0 "
}

@test "set: a mode that grants permission is set before the values" {
	requires root
	local id
	id=$(helper sem 2 as=12345 mode=0)

	as 12345 "$IPCTOOL" set "sem:$id" --mode=0200 --value=1=3
	assert_silent
	assert_equal "$(fact sem "$id" 'val.?' | tr '\n' ' ')$(fact sem "$id" mode)" "0 3 0200"
}

@test "set: a mode that removes permission is set after the values" {
	requires root
	local id
	id=$(helper sem 2 as=12345 mode=0600)

	as 12345 "$IPCTOOL" set "sem:$id" --mode=0 --value=1=3
	assert_silent
	assert_equal "$(fact sem "$id" 'val.?' | tr '\n' ' ')$(fact sem "$id" mode)" "0 3 0000"
}

@test "set: a mode that grants and removes permission" {
	requires root
	local id
	id=$(helper sem 1 as=12345 mode=0466)

	as 12345 "$IPCTOOL" set -v "sem:$id" --mode=0240 --value=5
	assert_success
	assert_stderr
	assert_output "sem:$id: semaphore 0 0 -> 5, mode 0466 -> 0240"
	assert_equal "$(fact sem "$id" val.0) $(fact sem "$id" mode)" "5 0240"
}

@test "set: the mode is reported once" {
	local id
	id=$(helper sem 1 mode=0)

	tool set -v "sem:$id" --mode=0666 --value=5
	assert_success
	assert_output --regexp "^sem:$id: semaphore 0 (0 )?-> 5, mode 0000 -> 0666$"
}

# --- Failures -------------------------------------------------------------------------

@test "set: changes before a failure are reported" {
	requires seccomp
	local id
	id=$(helper sem 2)

	# IPC_SET fails after the values.
	denied semctl:1=EACCES "$IPCTOOL" set "sem:$id" --value=1=3 --mode=0640
	assert_refused "ipctool set: sem:$id: Permission denied"
	# The grant comes first, so that nothing was changed.
	assert_equal "$(fact sem "$id" val.1)" 0
	denied semctl:1=EACCES "$IPCTOOL" set "sem:$id" --value=1=3 --mode=0400
	assert_refused "ipctool set: sem:$id: Permission denied; changed before that: semaphore 1 0 -> 3"
	assert_equal "$(fact sem "$id" val.1)" 3
	# The values fail after the grant.
	denied semctl:16=ERANGE "$IPCTOOL" set "sem:$id" --value=1=4 --mode=0640
	assert_refused "ipctool set: sem:$id: cannot set values: Numerical result out of range; changed before that: mode 0600 -> 0640"
	assert_equal "$(fact sem "$id" mode)" 0640
	id=$(helper shm 1)
	denied shmctl:11=ENOMEM "$IPCTOOL" set "shm:$id" --lock --mode=0640
	assert_failure 1
	assert_stderr --regexp "^ipctool set: shm:$id: cannot lock it: Cannot allocate memory: .*; changed before that: mode 0600 -> 0640\$"
}

@test "set: one failure does not stop the others" {
	requires root
	local mine others
	others=$(helper msg as=1111)
	mine=$(helper msg as=12345)

	as 12345 "$IPCTOOL" set "msg:$others" "msg:$mine" --mode=0660
	assert_refused "ipctool set: msg:$others: it belongs to 1111: only the owner, the creator or root may change it"
	assert_equal "$(fact msg "$others" mode) $(fact msg "$mine" mode)" "0600 0660"
	# The current owner counts, not the new one.
	as 12345 "$IPCTOOL" set "msg:$others" --owner=12345
	assert_refused "ipctool set: msg:$others: it belongs to 1111: only the owner, the creator or root may change it"
}

@test "set: a mode of a queue with more than the limit is explained" {
	requires root sysctl
	local id limit
	limit=$(cat /proc/sys/kernel/msgmnb)
	id=$(helper msg qbytes="$limit")

	kernel_sets msgmnb $((limit / 2))
	without_cap sys_resource "$IPCTOOL" set "msg:$id" --mode=0640
	assert_refused "ipctool set: msg:$id: Operation not permitted: its limit would be $limit bytes, above MSGMNB, $((limit / 2)) (sysctl kernel.msgmnb), and then every change of the queue needs CAP_SYS_RESOURCE"
	assert_equal "$(fact msg "$id" mode)" 0600
	# What the message says helps.
	without_cap sys_resource "$IPCTOOL" set "msg:$id" --mode=0640 --qbytes=$((limit / 2))
	assert_silent
	assert_equal "$(fact msg "$id" mode) $(fact msg "$id" qbytes)" "0640 $((limit / 2))"
}

@test "set: a limit that cannot be read is not overwritten" {
	requires seccomp
	local id
	id=$(helper msg qbytes=77)

	denied msgctl:13=EPERM,msgctl:2=EPERM "$IPCTOOL" set "msg:$id" --mode=0640
	assert_refused "ipctool set: msg:$id: its qbytes could not be read, and would be lost (give --qbytes): msg: msgctl: 1 object is denied to it"
	assert_equal "$(fact msg "$id" mode) $(fact msg "$id" qbytes)" "0600 77"
	denied msgctl:13=EPERM,msgctl:2=EPERM "$IPCTOOL" set "msg:$id" --mode=0640 --qbytes=100
	assert_success
	assert_output ''
	assert_equal "$(fact msg "$id" mode) $(fact msg "$id" qbytes)" "0640 100"
}

@test "set: an object that disappears meanwhile" {
	requires seccomp
	local id
	id=$(helper msg)

	denied msgctl:1=EIDRM "$IPCTOOL" set "msg:$id" --mode=0640
	assert_refused "ipctool set: msg:$id: it has been removed meanwhile"
	denied msgctl:1=EINVAL "$IPCTOOL" set "msg:$id" --mode=0640
	assert_refused "ipctool set: msg:$id: it is gone, or its user or group is none that this user namespace maps"
	denied msgctl:1=EINVAL "$IPCTOOL" set "msg:$id" --owner=12345
	assert_refused "ipctool set: msg:$id: the kernel does not know this user or group (in a user namespace only those that it maps exist)"
}

@test "set: changes by others are kept, and another object is not changed" {
	requires root next_id
	local a b c
	a=$(helper msg as=1111)
	b=$(helper sem 2 key=0x12)
	c=$(helper msg)

	stopped set -v "msg:$a" "sem:0x12" "msg:$c" --mode=0640
	"$IPCTOOL" set "msg:$a" --owner=2222 --qbytes=100
	helper remove sem "$b"
	again sem "$b" key=0x22
	helper remove msg "$c"
	resume
	assert_failure 1
	assert_output "msg:$a: mode 0600 -> 0640"
	assert_stderr "ipctool set: msg:2147483647: there is no message queue with this id
ipctool set: sem:0x12: another object has replaced it meanwhile; that one stays as it is
ipctool set: msg:$c: it has been removed meanwhile"
	assert_equal "$(fact msg "$a" uid) $(fact msg "$a" qbytes) $(fact msg "$a" mode)" "2222 100 0640"
	assert_equal "$(fact sem "$b" mode)" 0600
}

@test "set: a dry run notices that the queue's limit will be refused" {
	requires root
	local id limit
	id=$(helper msg as=12345)
	limit=$(cat /proc/sys/kernel/msgmnb)

	for option in '' --dry-run; do
		# shellcheck disable=SC2086 # a word or none
		as 12345 "$IPCTOOL" set $option "msg:$id" --qbytes=$((limit * 2))
		assert_refused "ipctool set: msg:$id: Operation not permitted: its limit would be $((limit * 2)) bytes, above MSGMNB, $limit (sysctl kernel.msgmnb), and then every change of the queue needs CAP_SYS_RESOURCE"
	done
	as 12345 "$IPCTOOL" set --dry-run "msg:$id" --qbytes="$limit"
	assert_success
}

@test "set: values that are already set are not set again" {
	requires seccomp
	local shm sem msg option
	shm=$(helper shm 1 mode=0640)
	sem=$(helper sem 2)
	msg=$(helper msg qbytes=100)

	# Every call that changes something would fail.
	for option in -v -n; do
		denied shmctl:1=EIO,shmctl:12=EIO "$IPCTOOL" set "$option" "shm:$shm" --mode=0640 \
			--owner="$(id -u):$(id -g)" --unlock
		assert_silent
		denied semctl:1=EIO,semctl:16=EIO,semctl:17=EIO "$IPCTOOL" set "$option" \
			"sem:$sem" --mode=u=rw,g= --value=0
		assert_silent
		denied msgctl:1=EIO "$IPCTOOL" set "$option" "msg:$msg" --qbytes=100
		assert_silent
	done
}

@test "set: only semaphores with another value are set" {
	local id
	id=$(helper sem 3)

	start_helper child hold semop "$id" 0 5 undo
	start_helper child hold semop "$id" 1 7 undo
	tool set -v "sem:$id" --value=5
	assert_success
	assert_output "sem:$id: semaphore 1 7 -> 5, semaphore 2 0 -> 5"
	end_helpers
	# What the first process is to undo was kept.
	assert_equal "$(fact sem "$id" 'val.?' | tr '\n' ' ')" "0 5 5 "
}

@test "set: values that may not be read are set" {
	requires root
	local id
	id=$(helper sem 2 as=12345 mode=0200)

	as 12345 "$IPCTOOL" set -v "sem:$id" --value=0
	assert_success
	assert_output "sem:$id: semaphore 0 -> 0, semaphore 1 -> 0"
}

@test "set: a locked segment is not locked again" {
	requires memlock seccomp
	local id
	id=$(helper shm 4096)

	tool set -v "shm:$id" --lock
	assert_output "shm:$id: locked"
	denied shmctl:11=EIO "$IPCTOOL" set -v "shm:$id" --lock
	assert_silent
}

# --- Two at once ------------------------------------------------------------------------

# locks_namespace COMMAND... : runs a command while this shell has the lock.
locks_namespace()
{
	local fd

	exec {fd}</proc/self/ns/ipc
	flock --exclusive "$fd"
	"$@" {fd}<&-
	exec {fd}<&-
}

# change_while_it_waits TYPE ID : a set waits for the lock; meanwhile the owner changes.
change_while_it_waits()
{
	local pid tries=0

	"$IPCTOOL" set "$1:$2" --mode=0640 3>&- &
	pid=$!
	until readlink "/proc/$pid"/fd/* 2>/dev/null | grep -q '^ipc:'; do
		[ $((tries++)) -lt 1000 ] || fail "it does not wait" || return
		sleep 0.01
	done
	setter=$pid
	helper give "$1" "$2" 7
}

@test "set: two at once make both changes" {
	requires root
	local id type setter

	for type in "${types[@]}"; do
		id=$(make "$type")
		locks_namespace change_while_it_waits "$type" "$id"
		wait "$setter"
		assert_equal "$(fact "$type" "$id" mode) $(fact "$type" "$id" uid)" "0640 7"
	done
}

@test "set: it waits at most 2 s for a lock that is never released" {
	local a b before after
	a=$(helper shm 1)
	b=$(helper shm 1)

	before=$(date +%s%N)
	locks_namespace tool set "shm:$a" "shm:$b" --mode=0640
	after=$(date +%s%N)
	assert_silent
	assert_equal "$(fact shm "$a" mode) $(fact shm "$b" mode)" "0640 0640"
	assert [ $((after - before)) -ge 2000000000 ]
}

@test "set: it continues without a lock" {
	requires no_proc
	local id
	id=$(helper shm 1)

	# shellcheck disable=SC2016 # the inner shell's own
	split unshare --mount --propagation unchanged sh -c '
		mount -t tmpfs none /proc && exec "$@"' sh "$IPCTOOL" set -v "shm:$id" --mode=0640
	assert_success
	assert_output "shm:$id: mode 0600 -> 0640"
}

@test "set: a change that another program overwrites is repeated" {
	requires root
	local id lib=$BATS_TEST_TMPDIR/meddle.so

	"${CC:-cc}" -shared -fPIC -o "$lib" "$IPCTOOL_SRCDIR/tests/meddle.c" 2>/dev/null ||
		skip "needs a compiler"
	id=$(helper shm 1 mode=0604)
	# The sanitizers must be loaded first, and work without it.
	split env LD_PRELOAD="$lib" ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" \
		MEDDLE_UID=7 "$IPCTOOL" set -v "shm:$id" --mode=g=o
	assert_success
	assert_output "shm:$id: mode 0604 -> 0644"
	assert_equal "$(fact shm "$id" mode) $(fact shm "$id" uid)" "0644 7"
}

# --- Memory that runs out ---------------------------------------------------------------

@test "set: memory that runs out, and what was changed is said" {
	local a b n total before after

	memory_begin
	a=$(helper sem 1)
	b=$(helper sem 3 mode=0)
	for option in -v --mode=0620; do
		memory_count set "sem:$a" "sem:$b" --value=5 --mode=0640 "$option"
		total=$allocations
		before=()
		for ((n = 1; n <= total; n++)); do
			# New ones where the last try has changed them.
			if [ "${before[*]}" != "${after[*]}" ] || [ "$n" -eq 1 ]; then
				helper remove sem "$a"
				helper remove sem "$b"
				a=$(helper sem 1)
				b=$(helper sem 3 mode=0)
				before=("$(facts sem "$a")" "$(facts sem "$b")")
			fi
			memory_ends "$n" set "sem:$a" "sem:$b" --value=5 --mode=0640 "$option"
			after=("$(facts sem "$a")" "$(facts sem "$b")")
			if [ "$status" -ne 0 ]; then
				assert_failure 2
				output+=$'\n'$stderr
				[ "${after[0]}" = "${before[0]}" ] || [[ $output == *"sem:$a: "* ]]
				[ "${after[1]}" = "${before[1]}" ] || [[ $output == *"sem:$b: "* ]]
			fi
		done
	done
}

@test "set: a file size limit is a write error, and completed changes are reported" {
	local a b
	a=$(helper msg)
	b=$(helper msg)

	# The limit holds for standard error as well, which is a file here.
	head -c 1024 /dev/zero >"$BATS_TEST_TMPDIR/out"
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c 'ulimit -f 1; exec "$@" >>"$0"' "$BATS_TEST_TMPDIR/out" "$IPCTOOL" set -v \
		--mode=0640 "msg:$a" "msg:$b"
	assert_failure 2
	assert_stderr "ipctool set: done, but not written to standard output: msg:$a: mode 0600 -> 0640
ipctool set: cannot write to standard output: File too large"
	assert_equal "$(fact msg "$a" mode) $(fact msg "$b" mode)" "0640 0600"
}

@test "set: more than 65536 semaphores" {
	requires sysctl
	local id

	kernel_sets sem "100000 1024000000 500 32000"
	tool create sem --nsems=70000 --value=69999=5
	assert_success
	id=${output#sem:}
	tool set "sem:$id" --value=65536-65537=3
	assert_silent
	tool set --dry-run "sem:$id" --value=65535-65536=1 --value=69999=1
	assert_success
	assert_output "would change sem:$id: semaphore 65535 0 -> 1, semaphore 65536 3 -> 1, semaphore 69999 5 -> 1"
}

@test "set: a closed pipe is a write error, and completed changes were reported" {
	local i ids=()

	for i in {1..5}; do
		ids+=("msg:$(helper msg)")
	done
	without_reader "$IPCTOOL" set -v --mode=0640 "${ids[@]}"
	assert_failure 2
	assert_stderr "ipctool set: done, but not written to standard output: ${ids[0]}: mode 0600 -> 0640
ipctool set: cannot write to standard output: Broken pipe"
	# The one that could not be reported is the last.
	assert_equal "$("$IPCTOOL" list msg --no-headings -o mode | grep -c 0640)" 1
}

@test "set: one's own object of mode 0000" {
	requires root
	local id

	for type in "${types[@]}"; do
		id=$(make "$type" as=12345 mode=0)
		as 12345 "$IPCTOOL" set "$type:$id" --mode=0640
		assert_silent
		assert_equal "$(fact "$type" "$id" mode)" 0640
	done
}

# --- Locks ----------------------------------------------------------------------------

@test "set: it locks and unlocks a segment" {
	requires memlock
	local id
	id=$(helper shm 4096)

	set_changes shm "$id" --lock '< mode=0600' '> mode=2600'
	tool stat "shm:$id" -J
	assert_equal "$(jq -c '.objects[0] | [.mode, .state]' <<<"$output")" '["0600",["locked"]]'
	tool set -v "shm:$id" --unlock
	assert_success
	assert_output "shm:$id: unlocked"
	assert_equal "$(fact shm "$id" mode)" 0600
}

@test "set: a refusal to lock more than the limit is explained" {
	requires root
	local id
	id=$(helper shm 1048576 as=12345)

	split prlimit --memlock=65536:65536 \
		setpriv --reuid=12345 --regid=12345 --clear-groups "$IPCTOOL" set "shm:$id" --lock
	assert_refused "ipctool set: shm:$id: cannot lock it: Cannot allocate memory: the segment has 1048576 bytes, and this user may lock 65536 in all (RLIMIT_MEMLOCK, ulimit -l)"
	split prlimit --memlock=0:0 \
		setpriv --reuid=12345 --regid=12345 --clear-groups "$IPCTOOL" set "shm:$id" --lock
	assert_refused "ipctool set: shm:$id: cannot lock it: Operation not permitted: the segment has 1048576 bytes, and this user may lock 0 in all (RLIMIT_MEMLOCK, ulimit -l)"
	assert_equal "$(fact shm "$id" mode)" 0600
}

@test "set: a stranger may neither lock nor unlock" {
	requires root
	local id
	id=$(helper shm 4096 as=1111 mode=0666)

	as 12345 "$IPCTOOL" set "shm:$id" --lock
	assert_refused "ipctool set: shm:$id: cannot lock it: it belongs to 1111: only the owner, the creator or root may change it"
	# An unlocked segment need not be unlocked.
	as 12345 "$IPCTOOL" set "shm:$id" --unlock
	assert_silent
	tool set "shm:$id" --lock
	as 12345 "$IPCTOOL" set "shm:$id" --unlock
	assert_refused "ipctool set: shm:$id: cannot unlock it: it belongs to 1111: only the owner, the creator or root may change it"
}

# --- Dry runs -------------------------------------------------------------------------

@test "set: a dry run changes nothing and reports the changes" {
	requires root
	local before shm sem msg
	shm=$(helper shm 100)
	sem=$(helper sem 2)
	msg=$(helper msg qbytes=100)

	before=$(helper raw shm "$shm"; helper raw sem "$sem"; helper raw msg "$msg")
	tool set -n "shm:$shm" --mode=0640 --owner=daemon --lock
	assert_success
	assert_output "would change shm:$shm: mode 0600 -> 0640, owner root -> daemon, locked"
	tool set --dry-run "sem:$sem" --value=1=5 --mode=0666
	assert_success
	assert_output "would change sem:$sem: semaphore 1 0 -> 5, mode 0600 -> 0666"
	tool set -nv "msg:$msg" --qbytes=50
	assert_success
	assert_output "would change msg:$msg: qbytes 100 -> 50"
	assert_stderr
	assert_equal "$(helper raw shm "$shm"; helper raw sem "$sem"; helper raw msg "$msg")" "$before"
}

@test "set: a dry run reports the refusals" {
	requires root
	local id limit

	for type in "${types[@]}"; do
		id=$(make "$type" mode=0600)
		as 12345 "$IPCTOOL" set -n "$type:$id" --mode=0640
		assert_refused "ipctool set: $type:$id: it belongs to root: only the owner, the creator or root may change it"
	done
	id=$(helper shm 1)
	tool set "shm:$id" --lock
	as 12345 "$IPCTOOL" set -n "shm:$id" --unlock
	assert_refused "ipctool set: shm:$id: cannot unlock it: it belongs to root: only the owner, the creator or root may change it"
	id=$(helper sem 1 mode=0444)
	as 12345 "$IPCTOOL" set -n "sem:$id" --value=1
	assert_refused "ipctool set: sem:$id: cannot set values: the mode gives no permission to write"
	# A mode that grants comes first in a dry run too.
	id=$(helper sem 1 as=12345 mode=0444)
	as 12345 "$IPCTOOL" set -n "sem:$id" --value=1 --mode=0600
	assert_success
	assert_output "would change sem:$id: semaphore 0 0 -> 1, mode 0444 -> 0600"
}

@test "set: a full disk is reported" {
	local id
	id=$(helper msg)

	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c 'exec "$@" >/dev/full' sh "$IPCTOOL" set -v "msg:$id" --mode=0640
	assert_failure 2
	assert_stderr --partial "cannot write to standard output: No space left on device"
	assert_equal "$(fact msg "$id" mode)" 0640
}
