#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# What is stale, and what is not because one detail differs. A wrong "stale" makes a person
# remove what is in use, so every rule is tried both ways, with real processes. Here are the
# processes that are recorded, attached or wait, the grace time, and what cannot be seen; the
# processes that may know an object are in rule-*.bats.
#
# No test sleeps: the grace time is 0, and where an object must be some seconds old, the test
# waits for the clock.

load common
load stale
load preload

setup()
{
	requires root
}

# --- Recorded processes -----------------------------------------------------------------

@test "stale: a segment whose creator and last user have ended" {
	local id
	id=$(used_shm)

	judged "shm:$id=true/none"
	tool list --stale --grace=0s --alone -o ref --no-headings
	assert_success
	assert_output "shm:$id"
	assert_stderr
}

@test "stale: a segment whose creator lives" {
	local id

	start_helper child hold as="$user" shm 4096
	id=$(awk 'NR == 2 { print $2 }' /proc/sysvipc/shm)
	helper touch "$id"
	judged "shm:$id=false/recorded"
	end_helper
	judged "shm:$id=true/none"
}

@test "stale: a segment whose last user lives" {
	local id
	id=$(helper shm 4096 as="$user")

	start_helper child hold touch "$id"
	judged "shm:$id=false/recorded"
	end_helper
	judged "shm:$id=true/none"
}

@test "stale: a segment that was never attached is judged by its creator" {
	local id
	id=$(helper shm 4096 as="$user")

	judged "shm:$id=true/none"
	helper touch "$id"
	judged "shm:$id=true/none"
}

@test "stale: a segment whose last user is a zombie" {
	local id
	id=$(helper shm 4096 as="$user")

	start_helper child zombie touch "$id"
	judged "shm:$id=true/none"
}

@test "stale: a segment whose last user has only lost its main thread" {
	local id
	id=$(helper shm 4096 as="$user")

	start_helper child threads touch "$id"
	judged "shm:$id=false/recorded"
	end_helper
	judged "shm:$id=true/none"
}

@test "stale: a set with one last process that lives" {
	local id
	id=$(used_sem 3)

	judged "sem:$id=true/none"
	start_helper child hold setval "$id" 1 5
	judged "sem:$id=false/recorded"
	end_helper
	judged "sem:$id=true/none"
}

@test "stale: a set that was never used" {
	local id
	id=$(helper sem 2 as="$user")

	# Each semaphore may have been used by a process that could not be seen, which has ended.
	judged "sem:$id=true/none"
	alone=()
	judged "sem:$id=null/namespace"
	alone=(--alone)
	helper setval "$id" 0 1
	judged "sem:$id=true/none"
}

@test "stale: a set whose semaphores may not be read" {
	local id
	id=$(used_sem)

	# Root may read the semaphores, others may not.
	judged "sem:$id=true/none"
	inside=("${by_other[@]}")
	judged "sem:$id=null/scan"
}

@test "stale: a queue that was empty so far, with a sender, with a receiver" {
	local id

	id=$(helper msg as="$user")
	judged "msg:$id=false/never-used"
	helper send "$id" 3 8
	judged "msg:$id=true/none"
	helper recv "$id" >/dev/null
	judged "msg:$id=true/none"
}

@test "stale: a queue whose sender or receiver lives" {
	local id
	id=$(used_msg)

	start_helper child hold send "$id" 2 8
	judged "msg:$id=false/recorded"
	end_helper
	judged "msg:$id=true/none"
	start_helper child hold recv "$id"
	judged "msg:$id=false/recorded"
	end_helper
	judged "msg:$id=true/none"
}

@test "stale: a process with a reused pid" {
	requires set_tid
	knows_boot
	local shm pid
	shm=$(helper shm 4096 as="$user")

	start_helper child zombie touch "$shm"
	pid=${ready[0]}
	end_helper
	judged "shm:$shm=true/none"
	settle shm "$shm"
	start_helper child hold "pid=$pid" as="$other" raw-index sem
	judged "shm:$shm=true/none"
	end_helper
	# The owner may have started a new process.
	start_helper child hold "pid=$pid" as="$user" raw-index sem
	judged "shm:$shm=false/recorded"
	end_helper
	# So may the creator.
	ipctool set "shm:$shm" --owner="$third"
	settle shm "$shm"
	start_helper child hold "pid=$pid" as="$user" raw-index sem
	judged "shm:$shm=false/recorded"
	end_helper
	start_helper child hold "pid=$pid" raw-index sem
	judged "shm:$shm=true/none"
}

@test "stale: a recorded process of a third user lives" {
	local shm
	shm=$(helper shm 4096 as="$user" mode=0666)

	start_helper child hold as="$other" touch "$shm"
	judged "shm:$shm=false/recorded"
	end_helper
	judged "shm:$shm=true/none"
}

@test "stale: kill(2) that fails with another error is not evidence" {
	requires seccomp
	local id
	id=$(used_shm)

	for error in EPERM EACCES EINVAL; do
		inside=("$IPCHELPER" deny "kill=$error" --)
		judged "shm:$id=null/scan"
	done
}

# --- Attached and waiting ---------------------------------------------------------------

@test "stale: a segment to which a process is attached" {
	local id
	id=$(used_shm)

	start_helper attach "$id"
	judged "shm:$id=false"
	helper touch "$id"
	judged "shm:$id=false/attached"
	end_helper
	judged "shm:$id=true/none"
}

@test "stale: a set on which a process waits" {
	local id
	id=$(used_sem 3)

	start_helper semwait "$id" 2 zero
	judged "sem:$id=false/waiting"
	end_helper
	# A process that waited in vain is not recorded.
	judged "sem:$id=true/none"
	start_helper semwait "$id" 0 zero
	judged "sem:$id=false/waiting"
}

@test "stale: a queue on which a process waits" {
	local id
	id=$(used_msg)

	start_helper msgwait "$id"
	judged "msg:$id=false/waiting"
	end_helper
	judged "msg:$id=true/none"
	start_helper threadwait msg "$id"
	judged "msg:$id=false/waiting"
	end_helper
	judged "msg:$id=true/none"
	start_helper sendwait "$id"
	judged "msg:$id=false"
	helper recv "$id" >/dev/null
	end_helper
	judged "msg:$id=true/none"
}

@test "stale: a stopped receiver waits" {
	local id
	id=$(used_msg)

	start_helper msgwait "$id"
	kill -STOP "${ready[1]}"
	until [[ $(cat "/proc/${ready[1]}/stat") == *") T "* ]]; do
		sleep 0.01
	done
	judged "msg:$id=false/waiting"
	kill -CONT "${ready[1]}"
	end_helper
	judged "msg:$id=true/none"
}

@test "stale: a 64-bit process that waits in a 32-bit call" {
	case $(uname -m) in
	x86_64) ;;
	*) skip "needs a 64-bit PC" ;;
	esac
	local id tries=0 pid
	"${CC:-cc}" -O -o "$BATS_TEST_TMPDIR/wait80" "$IPCTOOL_SRCDIR/tests/wait80.c" \
		2>/dev/null || skip "needs a C compiler"
	id=$(used_msg)
	judged "msg:$id=true/none"

	"$BATS_TEST_TMPDIR/wait80" "$id" 3>&- &
	pid=$!
	until [[ $(cat "/proc/$pid/syscall" 2>/dev/null) == 117\ 0xc\ * ]]; do
		kill -0 "$pid" 2>/dev/null || skip "needs a kernel with the calls of 32 bits"
		[ $((tries++)) -lt 500 ]
		sleep 0.01
	done
	judged "msg:$id=false/waiting"
	assert_equal "$(reason "msg:$id")" "1 process waits on it: $pid (wait80)"
	kill "$pid"
	wait "$pid" || true
	judged "msg:$id=true/none"
}

@test "stale: a process that waits on the same id in another IPC namespace does not count" {
	local id
	id=$(used_msg)

	start_elsewhere "$id"
	judged "msg:$id=true/none"
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

# --- The grace time ---------------------------------------------------------------------

@test "stale: within the grace time" {
	local shm sem msg
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)

	judged "shm:$shm=true" "sem:$sem=true" "msg:$msg=true"
	tool list --stale --alone
	assert_success
	refute_output --partial "$shm"
	# No default is that short, and no clock is that slow.
	for grace in 60s 1h 9223372036854775807 9223372036854775808 18446744073709551615; do
		judged "--grace=$grace" "shm:$shm=false/grace" "sem:$sem=false/grace" \
			"msg:$msg=false/grace"
	done
	split "$IPCTOOL" list -J -o ref,stale --alone
	assert_equal "$(jq -c '[.objects[].stale]' <<<"$output")" '[false,false,false]'
}

@test "stale: the default is 60 seconds without a key, and a day with one" {
	local private keyed
	build_preload
	private=$(used_shm)
	keyed=$(used_shm key=0x77)

	# The clock is ahead by a little less, and by a little more, than each grace time.
	for ahead in 40:false:false 70:true:false 86380:true:false 86410:true:true; do
		IFS=: read -r shift first second <<<"$ahead"
		with_preload "PRELOAD_SHIFT=$shift"
		split "${inside[@]}" "$IPCTOOL" list -J --alone -o stale "shm:$private" "shm:$keyed"
		assert_equal "$shift $(jq -c '[.objects[].stale]' <<<"$output")" \
			"$shift [$first,$second]"
	done
}

@test "stale: the grace time starts again with each use" {
	local id
	id=$(used_shm)

	while [ "$(date +%s)" -le $(($(fact_of shm "$id" dtime) + 2)) ]; do
		sleep 0.1
	done
	judged --grace=2s "shm:$id=true/none"
	helper touch "$id"
	judged --grace=2s "shm:$id=false/grace"
}

@test "stale: in the real program the minimum for sets and queues is three seconds" {
	local IPCTOOL=$IPCTOOL_REAL shm sem msg
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)

	judged "shm:$shm=true/none" "sem:$sem=false/grace" "msg:$msg=false/grace"
	until [ "$(date +%s)" -ge $(($(fact_of msg "$msg" rtime) + 3)) ]; do
		sleep 0.05
	done
	judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
}

@test "stale: a use in the future" {
	local id
	build_preload
	id=$(used_shm)

	with_preload PRELOAD_SHIFT=-3600
	judged "shm:$id=false/grace"
	assert_equal "$(reason "shm:$id")" \
		"its latest time is in the future (the clock was set back)"
}

# --- What cannot be seen ----------------------------------------------------------------

@test "stale: an ordinary user cannot judge a queue" {
	local id
	id=$(used_msg)

	inside=("${by_user[@]}")
	judged "msg:$id=null/scan"
}

@test "stale: processes outside this PID namespace, and --alone" {
	local shm sem msg
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)

	alone=()
	judged "shm:$shm=null/namespace" "sem:$sem=null/namespace" "msg:$msg=null/namespace"
	assert_equal "$(reason "shm:$shm")" \
		"processes outside this PID namespace cannot be seen (--alone says that none uses it)"
	# A pid of 0 may be a process that cannot be seen ...
	inside=("${apart[@]}")
	judged "shm:$shm=null/namespace" "sem:$sem=null/namespace" "msg:$msg=null/namespace"
	alone=(--alone)
	# ... or has ended, if the user says so.
	judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
	assert_equal "$(reason "sem:$sem")" "every process that used it has ended"
	assert_equal "$(reason "shm:$shm")" \
		"last used by a process outside this PID namespace, which has ended"
	inside=(env)
	judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
}

@test "stale: /proc of another PID namespace" {
	requires set_tid
	local id pid
	id=$(helper sem 1 as="$user" mode=0666)

	without_leaks
	# The number is that of a living process inside, and of a zombie outside.
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
	# If no process is left, it is unknown which others there are.
	# shellcheck disable=SC2016
	inside=(unshare --pid --fork --kill-child bash -c \
		'"$IPCHELPER" setval "$1" 0 1; shift; "$@"' bash "$id")
	judged "sem:$id=null/scan"
	inside=(env)
	judged "sem:$id=true/none"
}

@test "stale: /proc that hides processes" {
	local sem msg source hidepid
	sem=$(used_sem 1 mode=0604)
	msg=$(used_msg)

	start_helper as "$user" crowd 1
	for source in proc:2 none:2 'a b:2' proc:4; do
		hidepid=${source##*:}
		# shellcheck disable=SC2016 # the inner shell's own
		inside=(unshare --mount --propagation unchanged sh -c '
			mount -t proc -o "hidepid=$1" "$2" /proc && shift 2 &&
			exec setpriv --reuid=12346 --regid=12346 --clear-groups -- "$@"' sh "$hidepid" \
			"${source%:*}")
		judged "sem:$sem=null/scan" "msg:$msg=null/scan"
	done
	# With permission to trace they are visible all the same.
	inside=(unshare --mount --propagation unchanged sh -c
		'mount -t proc -o hidepid=2 proc /proc && exec "$@"' sh)
	judged "sem:$sem=false" "msg:$msg=false"
	end_helper
	judged "sem:$sem=true" "msg:$msg=true"
}

@test "stale: what cannot be opened does not count as gone" {
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

@test "stale: the word in the table" {
	local id
	id=$(used_shm key=0x11)

	tool list --alone --grace=0s --no-headings -o ref,state
	assert_success
	assert_output "shm:$id  stale"
	assert_stderr
	tool list --no-headings -o ref,state
	assert_output "shm:$id"
	start_helper attach "$id"
	helper remove shm "$id"
	tool list --alone --grace=0s --no-headings -o ref,state
	assert_output "shm:$id  dest"
}
