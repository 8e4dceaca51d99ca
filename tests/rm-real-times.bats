#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real program with its real times: rm looks twice, 3 seconds apart, and sets and queues
# have been quiet for 3 seconds before they are stale.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life
load stale
load rm

setup()
{
	requires root
	IPCTOOL=$IPCTOOL_REAL
}

# timed ARG... : runs `tool rm`, and sets the time that it took in milliseconds.
timed()
{
	local start=${EPOCHREALTIME/./}

	tool rm "$@"
	milliseconds=$(((${EPOCHREALTIME/./} - start) / 1000))
}

# assert_quick ARG... : a dry run takes less time than a second look would. One of three runs
# is enough, because the machine may be busy.
assert_quick()
{
	local try

	for try in 1 2 3; do
		timed "$@"
		assert_success
		[ "$milliseconds" -ge 2900 ] || return 0
	done
	fail "rm $*: $milliseconds ms"
}

# until_after SECONDS TIME : waits until SECONDS have passed since a time that the kernel noted.
until_after()
{
	while [ "$(date +%s)" -lt $(($2 + $1)) ]; do
		sleep 0.1
	done
}

@test "rm-real-times: the second look is 3 seconds after the first" {
	local shm sem

	shm=$(used_shm)
	sem=$(used_sem)
	until_after 4 "$(fact sem "$sem" ctime)"
	timed --alone --stale --grace=0 --yes -v
	assert_success
	assert_removals "shm:$shm" "sem:$sem"
	assert [ "$milliseconds" -ge 2900 ]
	# Also for objects of another condition, because no process was seen that may know them.
	shm=$(used_shm)
	timed --alone --user="$user" --yes
	assert_silent
	assert [ "$milliseconds" -ge 2900 ]
	# Also for a named queue, because no process was seen that waits on it.
	timed --alone "msg:$(used_msg)"
	assert_silent
	assert [ "$milliseconds" -ge 2900 ]
}

@test "rm-real-times: there is no second look if none is needed" {
	local shm
	shm=$(used_shm)

	assert_quick --alone --stale --grace=0 --dry-run
	assert_output "would remove shm:$shm: stale: last used by process $(fact shm "$shm" lpid), which has ended"
	assert_quick "shm:$shm"
	assert_gone shm "$shm"
	used_shm >/dev/null
	assert_quick --unattached --yes
	assert_objects 0 0 0
	used_sem >/dev/null
	used_msg >/dev/null
	assert_quick --all --force --yes
	assert_objects 0 0 0
	assert_quick --alone --stale --yes
}

@test "rm-real-times: an object used between the two looks stays" {
	local shm sem free pid tries=0

	shm=$(used_shm)
	sem=$(used_sem)
	free=$(used_shm)
	until_after 4 "$(fact sem "$sem" ctime)"
	"$IPCTOOL" rm --alone --stale --grace=0 --yes -v >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	until [ "$(cat "/proc/$pid/wchan")" = hrtimer_nanosleep ]; do
		[ $((tries++)) -lt 1000 ] || fail "rm does not wait"
		sleep 0.01
	done
	helper touch "$shm"
	start_helper semwait "$sem" 0 zero
	status=0
	wait "$pid" || status=$?
	output=$(cat "$BATS_TEST_TMPDIR/out")
	stderr=$(cat "$BATS_TEST_TMPDIR/err")
	assert_failure 1
	assert_removals "shm:$free"
	assert_stderr "ipctool rm: shm:$shm: it was used meanwhile, so it stays
ipctool rm: sem:$sem: in use: 1 process waits on semaphore 0: ${ready[1]} (ipchelper); use --force to remove it anyway"
	assert_equal "$(left)" "shm:$shm sem:$sem"
}

@test "rm-real-times: sets and queues are quiet for 3 seconds, even with --grace=0" {
	local shm sem msg try

	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)
	judged "shm:$shm=true/none"
	until_after 3 "$(fact msg "$msg" rtime)"
	judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
	# New ones are within the time; a slow machine may take longer to look.
	for try in {1..20}; do
		helper setval "$sem" 0 1
		helper send "$msg" 1 1
		tool list --alone --stale --grace=0 -o ref --no-headings sem msg
		assert_success
		[ "$(date +%s)" -gt $(($(fact sem "$sem" ctime) + 2)) ] || break
	done
	assert_output ''
	# rm keeps to it.
	tool rm --alone --stale --grace=0 --yes sem msg
	assert_success
	[ "$(date +%s)" -gt $(($(fact sem "$sem" ctime) + 2)) ] || assert_equal "$(left)" "shm:$shm sem:$sem msg:$msg"
}
