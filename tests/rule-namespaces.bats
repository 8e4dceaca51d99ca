#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# PID namespaces: containers whose master is process 1, siblings that share the objects, and
# pids that cannot be seen.

load common
load stale

setup()
{
	requires root
}

# container COMMAND [ARG...] : starts a container. Its process 1 runs as root, creates a private
# set for the user, starts a worker of the user, replaces it when the set is old, and then runs
# the command. The file `set` has the id of the set.
# shellcheck disable=SC2016 # the inner shell's own
container=("${apart[@]}" bash -c '
	worker()
	{
		setpriv --reuid=12345 --regid=12345 --clear-groups sleep 60 3>&- >&- 2>&- &
		until grep -q "^Uid:.12345" /proc/$!/status; do :; done
	}
	set=$1
	shift
	if [ ! -e "$set" ]; then
		id=$("$IPCHELPER" sem 1 uid=12345) && "$IPCHELPER" setval "$id" 0 1 || exit 125
		worker
		first=$!
		until [ "$(date +%s)" -gt $(($("$IPCHELPER" raw sem "$id" |
			sed -n "s/^ctime=//p") + 2)) ]; do :; done
		worker
		kill "$first"
		wait "$first"
		echo "$id" >"$set"
	fi
	"$@"' bash)

@test "namespaces: a master as process 1, whose worker was replaced" {
	local set=$BATS_TEST_TMPDIR/set options

	for options in --alone ''; do
		rm -f "$set"
		# Only the container knows the reference.
		# shellcheck disable=SC2086 # none or one
		split "${container[@]}" "$set" "$IPCTOOL" list -J -o ref,stale,cause --grace=0s \
			$options sem
		assert_success
		assert_equal "$(jq -c '.objects[-1] | [.ref, .stale, .cause]' <<<"$output")" \
			"[\"sem:$(cat "$set")\",false,\"may-know\"]"
	done
}

@test "namespaces: the view from a sibling with the same IPC namespace" {
	local id
	id=$(used_sem 1 key=0x91)

	# A living process that is visible only in this PID namespace.
	start_helper as "$user" crowd 0
	judged "sem:$id=false/may-know"
	inside=("${apart[@]}")
	alone=()
	judged "sem:$id=null/namespace"
	# ipctool believes --alone even if it is not true.
	alone=(--alone)
	judged "sem:$id=true/none"
}

@test "namespaces: the pid of a process that is not visible" {
	local shm msg sem
	shm=$(used_shm)
	msg=$(used_msg)
	sem=$(used_sem 2)

	# The container that used each of them is gone; looked at from its place, and from a sibling.
	"${apart[@]}" "$IPCHELPER" touch "$shm"
	"${apart[@]}" "$IPCHELPER" setval "$sem" 1 1
	"${apart[@]}" "$IPCHELPER" send "$msg" 1 1
	inside=("${apart[@]}")
	judged "shm:$shm=true/none" "msg:$msg=true/none" "sem:$sem=true/none"
	assert_equal "$(reason "shm:$shm")" \
		"last used by a process outside this PID namespace, which has ended"
	assert_equal "$(reason "msg:$msg")" \
		"last used by a process outside this PID namespace, which has ended"
	alone=()
	judged "shm:$shm=null/namespace" "msg:$msg=null/namespace" "sem:$sem=null/namespace"
}
