#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# What is stale, and what is not because one detail differs. A wrong "stale" makes somebody
# remove what is in use, so every rule is tried both ways, with real processes.
#
# None of this sleeps: the grace time is set to nothing, and where an object must be some
# seconds old, the test waits for the clock.

load common
load stale

# --- Segments ---------------------------------------------------------------------------

@test "stale: a segment whose creator and last user are gone" {
	local id
	id=$(used_shm)

	judged "shm:$id=true"
	tool list --stale --grace=0s -o ref --no-headings
	assert_success
	assert_output "shm:$id"
	assert_stderr
}

@test "stale: a segment whose creator lives" {
	local id

	start_helper child hold shm 4096
	id=$(awk 'NR == 2 { print $2 }' /proc/sysvipc/shm)
	helper touch "$id"
	judged "shm:$id=false"
	end_helper
	judged "shm:$id=true"
}

@test "stale: a segment whose last user lives" {
	local id
	id=$(helper shm 4096)

	start_helper child hold touch "$id"
	judged "shm:$id=false"
	end_helper
	judged "shm:$id=true"
}

@test "stale: a segment to which somebody is attached" {
	local id
	id=$(used_shm)

	start_helper attach "$id"
	judged "shm:$id=false"
	end_helper
	judged "shm:$id=true"
}

@test "stale: a segment to which nobody was ever attached" {
	local id
	id=$(helper shm 4096)

	judged "shm:$id=false"
	helper touch "$id"
	judged "shm:$id=true"
}

@test "stale: a segment whose last user is a zombie" {
	local id
	id=$(helper shm 4096)

	start_helper child zombie touch "$id"
	judged "shm:$id=true"
}

@test "stale: a segment whose last user's main thread alone has ended" {
	local id
	id=$(helper shm 4096)

	start_helper child threads touch "$id"
	judged "shm:$id=false"
	end_helper
	judged "shm:$id=true"
}

@test "stale: the user of a segment does not count" {
	requires root
	local id

	id=$(helper shm 4096 as="$user")
	helper as "$user" touch "$id"
	start_helper as "$user" crowd 1
	judged "shm:$id=true"
}

@test "stale: inside the grace time" {
	requires root
	local shm sem msg
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)

	judged "shm:$shm=true" "sem:$sem=true" "msg:$msg=true"
	tool list --stale
	assert_success
	refute_output --partial "$shm"
	# No default may be that short, no clock that slow.
	for grace in 60s 1h 9223372036854775807 9223372036854775808 18446744073709551615; do
		judged "--grace=$grace" "shm:$shm=false" "sem:$sem=false" "msg:$msg=false"
	done
	split "$IPCTOOL" list -J -o ref,stale
	assert_equal "$(jq -c '[.objects[].stale]' <<<"$output")" '[false,false,false]'
}

@test "stale: the grace time begins anew with each use" {
	local id
	id=$(used_shm)

	while [ "$(date +%s)" -le $(($(fact_of shm "$id" dtime) + 2)) ]; do
		sleep 0.1
	done
	judged --grace=2s "shm:$id=true"
	helper touch "$id"
	judged --grace=2s "shm:$id=false"
}

# fact_of TYPE ID NAME : prints a value of IPC_STAT.
fact_of()
{
	helper raw "$1" "$2" | sed -n "s/^$3=//p"
}

# --- Sets -------------------------------------------------------------------------------

@test "stale: a set whose last processes are gone, and the user has no process" {
	requires root
	local id
	id=$(used_sem 3)

	judged "sem:$id=true"
	start_helper as "$user" crowd 1
	judged "sem:$id=false"
	end_helper
	start_helper as "$other" crowd 1
	judged "sem:$id=true"
}

@test "stale: a set whose owner is not its creator goes by the owner" {
	requires root
	local id

	id=$(helper sem 1 uid="$user")
	helper setval "$id" 0 1
	judged "sem:$id=true"
	start_helper as "$user" crowd 1
	judged "sem:$id=false"
}

@test "stale: root's set never is, because root always runs something" {
	local id
	id=$(helper sem 1)

	helper setval "$id" 0 1
	judged "sem:$id=false"
}

@test "stale: a set, one of whose last processes lives" {
	requires root
	local id
	id=$(used_sem 3)

	start_helper child hold setval "$id" 1 5
	judged "sem:$id=false"
	end_helper
	judged "sem:$id=true"
}

@test "stale: a set on which somebody waits" {
	requires root
	local id
	id=$(used_sem 3)

	start_helper semwait "$id" 2 zero
	judged "sem:$id=false"
	end_helper
	# What waited in vain is not noted.
	judged "sem:$id=true"
	start_helper semwait "$id" 0 zero
	judged "sem:$id=false"
}

@test "stale: a fresh semaphore tells nothing where processes may be out of sight" {
	requires root
	local id

	id=$(helper sem 2 as="$user")
	helper as "$user" setval "$id" 0 1
	judged "sem:$id=null"
	start_helper as "$user" crowd 1
	judged "sem:$id=false"
	end_helper
	start_helper semwait "$id" 1 dec
	judged "sem:$id=false"
}

@test "stale: a set whose semaphores may not be read" {
	requires root
	local id
	id=$(used_sem)

	# Root may, others may not.
	judged "sem:$id=true"
	inside=("${by_other[@]}")
	judged "sem:$id=null"
}

@test "stale: the processes above ipctool do not count, those beside it do" {
	requires root
	local id
	id=$(used_sem)

	inside=("${by_user[@]}")
	judged "sem:$id=true"
	# shellcheck disable=SC2016 # the inner shell's own
	inside=("${by_user[@]}"
		sh -c '"$@"; exit $?' sh)
	judged "sem:$id=true"
	# shellcheck disable=SC2016
	inside=("${by_user[@]}"
		sh -c 'sleep 60 3>&- >&- 2>&- & "$@"; status=$?; kill $!; exit $status' sh)
	judged "sem:$id=false"
}

@test "stale: every user id of a process counts" {
	requires root
	local id
	id=$(used_sem)

	for ids in --ruid --euid; do
		cp "$IPCHELPER" "$BATS_TEST_TMPDIR/helper"
		IPCHELPER=$BATS_TEST_TMPDIR/run start_as "$ids=$user" crowd 1
		judged "sem:$id=false"
		end_helper
		judged "sem:$id=true"
	done
}

# start_as OPTION FACTORY ARG... : start_helper below setpriv.
start_as()
{
	printf '#!/bin/sh\nexec setpriv %s -- %s "$@"\n' "$1" "$BATS_TEST_TMPDIR/helper" \
		>"$BATS_TEST_TMPDIR/run"
	chmod 755 "$BATS_TEST_TMPDIR/run"
	start_helper "${@:2}"
}

@test "stale: the user's process whose main thread has ended counts" {
	requires root
	local sem msg set
	sem=$(used_sem)
	msg=$(used_msg)
	set=$(helper sem 1)

	start_helper as "$user" threadwait sem "$(helper sem 1 mode=0666)"
	judged "sem:$sem=false" "msg:$msg=false"
	end_helper
	judged "sem:$sem=true" "msg:$msg=true"
	assert [ -n "$set" ]
}

@test "stale: a zombie of the user does not count" {
	requires root
	local id
	id=$(used_sem)

	start_helper child zombie as="$user" raw-index sem
	judged "sem:$id=true"
}

# --- Queues -----------------------------------------------------------------------------

@test "stale: a queue whose sender and receiver are gone, and the user has no process" {
	requires root
	local id
	id=$(used_msg)

	judged "msg:$id=true"
	start_helper as "$user" crowd 1
	judged "msg:$id=false"
}

@test "stale: a queue with messages, and only a sender" {
	requires root
	local id

	id=$(helper msg as="$user")
	judged "msg:$id=false"
	helper as "$user" send "$id" 3 8
	judged "msg:$id=true"
}

@test "stale: a queue whose sender or receiver lives" {
	requires root
	local id
	id=$(used_msg)

	start_helper child hold send "$id" 2 8
	judged "msg:$id=false"
	end_helper
	judged "msg:$id=true"
	start_helper child hold recv "$id"
	judged "msg:$id=false"
	end_helper
	judged "msg:$id=true"
}

@test "stale: a queue on which somebody waits" {
	requires root
	local id
	id=$(used_msg)

	start_helper msgwait "$id"
	judged "msg:$id=false"
	end_helper
	judged "msg:$id=true"
	start_helper threadwait msg "$id"
	judged "msg:$id=false"
	end_helper
	start_helper sendwait "$id"
	judged "msg:$id=false"
	end_helper
	judged "msg:$id=true"
}

@test "stale: who waits on the same id in another IPC namespace does not count" {
	requires root
	local id
	id=$(used_msg)

	start_elsewhere "$id"
	judged "msg:$id=true"
}

# start_elsewhere ID : a process that waits on the queue with this id of another namespace.
start_elsewhere()
{
	# shellcheck disable=SC2016 # the inner shell's own
	printf '#!/bin/bash\nfor i in $(seq 0 %d); do %s msg; done >&2\nexec %s msgwait %d\n' \
		"$1" "$IPCHELPER" "$IPCHELPER" "$1" >"$BATS_TEST_TMPDIR/make"
	chmod 755 "$BATS_TEST_TMPDIR/make"
	printf '#!/bin/sh\nexec unshare --ipc %s/make\n' "$BATS_TEST_TMPDIR" \
		>"$BATS_TEST_TMPDIR/run"
	chmod 755 "$BATS_TEST_TMPDIR/run"
	IPCHELPER=$BATS_TEST_TMPDIR/run start_helper
	assert_equal "${ready[0]}" "$1"
}

@test "stale: an ordinary user cannot tell of a queue" {
	requires root
	local id
	id=$(used_msg)

	inside=("${by_user[@]}")
	judged "msg:$id=null"
}

# --- What cannot be seen ----------------------------------------------------------------

@test "stale: processes outside this pid namespace" {
	requires root
	local shm sem msg
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)

	inside=("${apart[@]}")
	judged "shm:$shm=null" "sem:$sem=null" "msg:$msg=null"
	# From outside those inside can be seen, not the other way.
	"${apart[@]}" "$IPCHELPER" touch "$shm"
	judged "shm:$shm=null"
	inside=(env)
	judged "shm:$shm=true" "sem:$sem=true" "msg:$msg=true"
}

@test "stale: /proc of another pid namespace" {
	requires root set_tid
	local id pid
	id=$(helper sem 1 as="$user" mode=0666)

	without_leaks
	# A number that stands for a living process inside, and for a zombie outside.
	start_helper child zombie raw-index sem
	pid=${ready[0]}
	mkfifo "$BATS_TEST_TMPDIR"/{in,out}
	# shellcheck disable=SC2016 # the inner shell's own
	inside=(unshare --pid --fork --kill-child bash -c '
		"$IPCHELPER" child hold pid="$2" setval "$3" 0 1 <"$1/in" >"$1/out" 3>&- &
		exec 5>"$1/in" 6<"$1/out"
		read -r -u 6 pid && [ "$pid" = "$2" ] || exit
		shift 3
		"$@"' bash "$BATS_TEST_TMPDIR" "$pid" "$id")
	judged "sem:$id=false"
	judged --source=stat "sem:$id=false"
	# Where nobody is left, nobody knows who else is there.
	# shellcheck disable=SC2016
	inside=(unshare --pid --fork --kill-child bash -c \
		'"$IPCHELPER" setval "$1" 0 1; shift; "$@"' bash "$id")
	judged "sem:$id=null"
	inside=(env)
	judged "sem:$id=true"
}

@test "stale: /proc that hides processes" {
	requires root
	local sem msg source hidepid
	sem=$(used_sem)
	msg=$(used_msg)

	start_helper as "$user" crowd 1
	for source in proc:2 none:2 'a b:2' proc:4; do
		hidepid=${source##*:}
		# shellcheck disable=SC2016 # the inner shell's own
		inside=(unshare --mount --propagation unchanged sh -c '
			mount -t proc -o "hidepid=$1" "$2" /proc && shift 2 &&
			exec setpriv --reuid=12346 --regid=12346 --clear-groups -- "$@"' sh "$hidepid" \
			"${source%:*}")
		judged "sem:$sem=null" "msg:$msg=null"
	done
	# Who may trace sees them all the same.
	inside=(unshare --mount --propagation unchanged sh -c
		'mount -t proc -o hidepid=2 proc /proc && exec "$@"' sh)
	judged "sem:$sem=false" "msg:$msg=false"
	end_helper
	judged "sem:$sem=true" "msg:$msg=true"
}

@test "stale: what cannot be opened is not taken for gone" {
	requires root
	local sem msg files
	sem=$(used_sem)
	msg=$(used_msg)

	start_helper as "$user" crowd 1
	for files in 4 5 6 7; do
		# shellcheck disable=SC2016 # the inner shell's own
		split bash -c '
			for fd in /proc/$$/fd/*; do
				[ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}>&-"
			done
			ulimit -n "$1" && shift && exec "$@"' bash "$files" \
			"$IPCTOOL" list --stale --grace=0s -o ref --no-headings sem msg
		[ "$status" -le 1 ]
		assert_output ''
	done
	end_helper
	judged "sem:$sem=true" "msg:$msg=true"
}

@test "stale: a process that has only got the number of another" {
	requires set_tid root
	local shm pid
	shm=$(helper shm 4096 as="$user" mode=0666)

	start_helper child zombie touch "$shm"
	pid=${ready[0]}
	end_helper
	judged "shm:$shm=true"
	while [ "$(date +%s)" -le $(($(fact_of shm "$shm" dtime) + 2)) ]; do
		sleep 0.1
	done
	start_helper child hold "pid=$pid" as="$other" raw-index sem
	judged "shm:$shm=true"
	end_helper
	# The owner may have started it anew.
	start_helper child hold "pid=$pid" as="$user" raw-index sem
	judged "shm:$shm=false"
	end_helper
	# So may the creator.
	start_helper child hold "pid=$pid" raw-index sem
	judged "shm:$shm=true"
}

@test "stale: kill(2) that is refused or fails in another way is no evidence" {
	requires seccomp
	local id
	id=$(used_shm)

	for error in EPERM EACCES EINVAL; do
		inside=("$IPCHELPER" deny "kill=$error" --)
		judged "shm:$id=false"
	done
}

@test "stale: the word in the table" {
	local id
	id=$(used_shm key=0x11)

	tool list --grace=0s --no-headings -o ref,state
	assert_success
	assert_output "shm:$id  stale"
	assert_stderr
	tool list --no-headings -o ref,state
	assert_output "shm:$id"
	start_helper attach "$id"
	helper remove shm "$id"
	tool list --grace=0s --no-headings -o ref,state
	assert_output "shm:$id  dest"
}
