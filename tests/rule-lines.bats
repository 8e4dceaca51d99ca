#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# When a user process may know a private object. This depends on when the process and its
# ancestors started, and on its session. The program of the tests has a margin of one second,
# the real program one of ten minutes.

load common
load stale

setup()
{
	requires root
}

@test "lines: a process older than the object" {
	local shm sem msg

	start_helper as "$user" crowd 0
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)
	judged "shm:$shm=false/may-know" "sem:$sem=false/may-know" "msg:$msg=false/may-know"
	end_helper
	judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
}

@test "lines: a process that started after the margin" {
	knows_boot
	local shm sem msg
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)

	settle msg "$msg"
	start_helper as "$user" crowd 1
	judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
	# With the real times it started within the ten minutes, and the least grace time is 3 s.
	settle msg "$msg" 3
	IPCTOOL=$IPCTOOL_REAL
	judged "shm:$shm=false/may-know" "sem:$sem=false/may-know" "msg:$msg=false/may-know"
}

@test "lines: a process that started before the last use" {
	knows_boot
	local id
	id=$(used_shm)

	settle shm "$id"
	start_helper as "$user" crowd 0
	judged "shm:$id=true/none"
	until [ "$(date +%s)" -gt "$(fact_of shm "$id" dtime)" ]; do
		sleep 0.05
	done
	helper touch "$id"
	judged "shm:$id=false/may-know"
}

@test "lines: the younger child of an older process of the user" {
	knows_boot
	local id told

	open_told
	start_helper as "$user" forker "$user" 9
	id=$(used_shm)
	settle shm "$id"
	tell_helper 0
	kill -0 "$told"
	judged "shm:$id=false/may-know"
	end_helper
	judged "shm:$id=true/none"
}

@test "lines: an older root daemon, and a younger job of the user" {
	knows_boot
	local id told

	open_told
	start_helper forker "$user" 9
	id=$(used_shm)
	settle shm "$id"
	tell_helper 0
	kill -0 "$told"
	judged "shm:$id=true/none"
}

@test "lines: a root master that made the object for the user" {
	knows_boot
	local id given told

	open_told
	start_helper forker "$user" 9
	id=$(helper shm 4096 uid="$user")
	helper touch "$id"
	given=$(helper shm 4096 as="$other" uid="$user")
	helper touch "$given"
	settle shm "$given"
	# Without a worker no user process is left.
	judged "shm:$id=true/none" "shm:$given=true/none"
	tell_helper 0
	kill -0 "$told"
	judged "shm:$id=false/may-know" "shm:$given=true/none"
}

@test "lines: an older process of the creator above a younger one of the owner" {
	knows_boot
	local id told

	open_told
	# Only its real user ID is the creator's, so that it can fork a process of another user.
	printf '#!/bin/sh\nexec setpriv --ruid=%d -- %s "$@"\n' "$other" "$IPCHELPER" \
		>"$BATS_TEST_TMPDIR/run"
	chmod 755 "$BATS_TEST_TMPDIR/run"
	IPCHELPER=$BATS_TEST_TMPDIR/run start_helper forker "$user" 9
	id=$(helper shm 4096 as="$other" uid="$user")
	helper touch "$id"
	settle shm "$id"
	tell_helper 0
	judged "shm:$id=false/may-know"
	end_helper
	judged "shm:$id=true/none"
}

@test "lines: a daemon whose launcher has ended" {
	local id

	# The launcher makes the segment and starts the daemon, which only holds the id.
	start_helper leaderless "$user"
	id=$(used_shm)
	judged "shm:$id=false/may-know"
	end_helper
	judged "shm:$id=true/none"
}

@test "lines: a shell script that holds the reference of its segment" {
	local ref pid

	mkfifo "$BATS_TEST_TMPDIR"/{ref,go}
	exec 7<>"$BATS_TEST_TMPDIR/ref" 8<>"$BATS_TEST_TMPDIR/go"
	# shellcheck disable=SC2016 # the inner shell's own
	"${by_user[@]}" sh -c 'ref=$("$1" create shm --size=1); echo "$ref" >&7; read -r line <&8' \
		sh "$IPCTOOL" 3>&- &
	pid=$!
	read -r -t "$timeout" ref <&7
	judged "$ref=false/may-know"
	tool rm shm --idle=0s --user="$user" --yes --alone
	assert_failure 1
	assert_output ''
	assert_stderr --regexp "^ipctool rm: $ref: (it )?may be in use: process $pid \(sh\), started [0-9:]+, may know it"
	echo >&8
	wait "$pid"
	judged "$ref=true/none"
	tool rm shm --idle=0s --user="$user" --yes --alone
	assert_success
	assert_output ''
	assert_stderr
	run ! helper raw shm "${ref#shm:}"
}

# --- Sessions ---------------------------------------------------------------------------

@test "lines: a younger process whose session leader has ended" {
	knows_boot
	local shm sem msg how
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)
	settle msg "$msg"

	# A worker of a dead master, a server that has replaced itself, a double fork.
	for how in '' zombie; do
		# shellcheck disable=SC2086 # none or one
		start_helper leaderless "$user" $how
		judged "shm:$shm=null/session" "sem:$sem=null/session" "msg:$msg=null/session"
		end_helper
		judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
	done
	# While the leader lives, it is known to be new.
	start_helper session as "$user" crowd 1
	judged "shm:$shm=true/none" "sem:$sem=true/none" "msg:$msg=true/none"
}

@test "lines: one process that certainly may know it outweighs unknown ones" {
	knows_boot
	local id

	start_helper as "$user" crowd 0
	id=$(used_shm)
	settle shm "$id"
	start_helper leaderless "$user"
	judged "shm:$id=false/may-know"
	end_helper 0
	judged "shm:$id=null/session"
}

@test "lines: a session whose leader is outside the PID namespace" {
	knows_boot
	local id
	id=$(used_shm)
	settle shm "$id"

	# shellcheck disable=SC2016 # the inner shell's own
	inside=("${apart[@]}" bash -c '
		setpriv --reuid=12345 --regid=12345 --clear-groups sleep 60 3>&- >&- 2>&- &
		until grep -q "^Uid:.12345" /proc/$!/status; do :; done
		"$@"' bash)
	judged "shm:$id=null/session"
	inside=("${apart[@]}" setsid "${inside[@]:${#apart[@]}}")
	judged "shm:$id=true/none"
}

# --- Keys -------------------------------------------------------------------------------

@test "lines: a key can be found at any time" {
	local private keyed
	knows_boot
	private=$(used_shm)
	keyed=$(used_shm key=0x71)

	settle shm "$keyed"
	start_helper as "$user" crowd 0
	judged "shm:$private=true/none" "shm:$keyed=false/may-know"
}

@test "lines: the ancestors of ipctool count by their start, with or without a key" {
	local private keyed
	knows_boot

	# shellcheck disable=SC2016 # the inner shell's own
	inside=("${by_user[@]}" sh -c '
		"$IPCHELPER" shm 1 key=0x72 >/dev/null && "$IPCHELPER" shm 1 >/dev/null && "$@"
		exit $?' sh)
	split "${inside[@]}" "$IPCTOOL" list -J -o cause --grace=0s --alone shm
	assert_success
	assert_equal "$(jq -c '[.objects[].cause]' <<<"$output")" '["may-know","may-know"]'
	keyed=$(awk 'NR == 2 { print $2 }' /proc/sysvipc/shm)
	private=$(awk 'NR == 3 { print $2 }' /proc/sysvipc/shm)
	settle shm "$private"
	# shellcheck disable=SC2016
	inside=("${by_user[@]}" sh -c '"$@"; exit $?' sh)
	judged "shm:$keyed=true/none" "shm:$private=true/none"
}
