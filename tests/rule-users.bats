#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# Which processes are user processes of an object: by user, by group, by the mode, by the IPC
# namespace, and zombies. The objects have keys, by which every user process finds them.

load common
load stale

setup()
{
	requires root
}

# used_all ARG... : creates an object of each type, with keys, and sets shm, sem and msg.
used_all()
{
	shm=$(used_shm key=0x51 "$@")
	sem=$(used_sem 1 key=0x51 "$@")
	msg=$(used_msg key=0x51 "$@")
}

# all_judged VERDICT : checks the verdict for these three.
all_judged()
{
	judged "shm:$shm=$1" "sem:$sem=$1" "msg:$msg=$1"
}

@test "users of an object: the owner's processes" {
	local shm sem msg
	used_all

	all_judged true/none
	start_helper as "$user" crowd 1
	all_judged false/may-know
	end_helper
	start_helper as "$other" crowd 1
	all_judged true/none
}

@test "users of an object: the creator's processes, after the object was given away" {
	local shm sem msg
	used_all uid="$third"

	all_judged true/none
	start_helper as "$user" crowd 0
	all_judged false/may-know
	end_helper
	start_helper as "$third" crowd 0
	all_judged false/may-know
	end_helper
	all_judged true/none
}

@test "users of an object: root's processes do not count because root created it" {
	local id
	id=$(helper sem 1 key=0x52 uid="$user")

	helper setval "$id" 0 1
	start_helper crowd 1
	judged "sem:$id=true/none"
	start_helper as "$user" crowd 0
	judged "sem:$id=false/may-know"
}

@test "users of an object: root's processes count if root owns it" {
	local id
	id=$(helper sem 1 key=0x53)

	helper setval "$id" 0 1
	start_helper crowd 0
	judged "sem:$id=false/may-know"
}

@test "users of an object: every uid of a process counts" {
	local id ids
	id=$(used_sem 1 key=0x54)
	cp "$IPCHELPER" "$BATS_TEST_TMPDIR/helper"

	for ids in --ruid --euid; do
		IPCHELPER=$BATS_TEST_TMPDIR/run start_as "$ids=$user" crowd 0
		judged "sem:$id=false/may-know"
		end_helper
		judged "sem:$id=true/none"
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

@test "users of an object: one thread with the uid is enough" {
	local shm sem msg
	used_all

	start_helper threadas "$user"
	all_judged false/may-know
	end_helper
	start_helper threadas "$other"
	all_judged true/none
}

@test "users of an object: a process whose main thread has ended" {
	local shm sem msg
	used_all

	start_helper as "$user" threadwait sem "$(helper sem 1 mode=0666)"
	all_judged false/may-know
	end_helper
	all_judged true/none
}

# --- By the mode ------------------------------------------------------------------------

# The modes of group and others, each bit alone, and which of them let a process attach a
# segment, alter a set, send to or receive from a queue.
bits=(1 2 4)
declare -gA lets=([shm]=4 [sem]=2 [msg]=24)

# make_modes POSITION : creates an object of each type for each bit of the group (10) or of
# others (1). refs has the references, and mays whether the bit lets a process use the object.
make_modes()
{
	local type bit key=0x100

	refs=() mays=()
	for type in shm sem msg; do
		for bit in "${bits[@]}"; do
			key=$((key + 1))
			refs+=("$type:$(used "$type" key=$key gid=777 \
				mode="$(printf '0%o' $((0600 | bit * $1)))")")
			mays+=("$([[ ${lets[$type]} != *$bit* ]] || echo 1)")
		done
	done
}

# modes_judged WORD : WORD is the verdict for the objects whose bit lets a process use them; the
# others are stale.
modes_judged()
{
	local i words=()

	for i in "${!refs[@]}"; do
		words+=("${refs[i]}=$([ -n "${mays[i]}" ] && echo "$1" || echo true/none)")
	done
	judged "${words[@]}"
}

@test "users of an object: processes that the mode for others lets use it" {
	local refs mays
	make_modes 1

	modes_judged true/none
	start_helper as "$other" crowd 0
	modes_judged false/may-know
	end_helper
	# Of every user but root.
	start_helper crowd 0
	modes_judged true/none
	start_helper threadas "$other"
	modes_judged false/may-know
}

@test "users of an object: processes that the mode for the group lets use it" {
	local refs mays groups
	make_modes 8

	start_helper as "$other" crowd 0
	modes_judged true/none
	end_helper
	# The effective group, a supplementary one, and the group of the creator.
	for groups in gid=777 groups=5,777,6 gid="$user"; do
		start_helper as "$other" "$groups" crowd 0
		modes_judged false/may-know
		end_helper
	done
	start_helper as "$other" gid=778 groups=5,776 crowd 0
	modes_judged true/none
}

@test "users of an object: a lock in a set that a third user holds" {
	local id
	id=$(helper sem 1 key=0x77 as="$user" mode=0666)

	# A job of one user holds it, another one used it last and ended.
	start_helper as "$other" crowd 0
	helper as "$third" semop "$id" 0 1
	judged "sem:$id=false/may-know"
	end_helper
	start_helper crowd 0
	judged "sem:$id=true/none"
}

# --- Keys, and ipctool itself -----------------------------------------------------------

@test "users of an object: a process that waits with ipctool recv uses its queue only" {
	local waited other_queue tries=0
	waited=$(used_msg key=0x61)
	other_queue=$(used_msg key=0x62)

	"${by_user[@]}" "$IPCTOOL" recv "msg:$waited" 3>&- &
	until [[ $(cat "/proc/$!/syscall") == *" 0x$(printf %x "$waited") "* ]]; do
		[ $((tries++)) -lt 1000 ]
		sleep 0.01
	done
	judged "msg:$waited=false/waiting" "msg:$other_queue=true/none"
	kill $!
	wait $! || true
	judged "msg:$waited=true/none"
}

@test "users of an object: the ancestors of ipctool do not count, other processes do" {
	knows_boot
	local id
	id=$(used_sem 1 key=0x55)
	settle sem "$id"

	inside=("${by_user[@]}")
	judged "sem:$id=true/none"
	# shellcheck disable=SC2016 # the inner shell's own
	inside=("${by_user[@]}"
		sh -c '"$@"; exit $?' sh)
	judged "sem:$id=true/none"
	# shellcheck disable=SC2016
	inside=("${by_user[@]}"
		sh -c 'sleep 60 3>&- >&- 2>&- & "$@"; status=$?; kill $!; exit $status' sh)
	judged "sem:$id=false/may-know"
}

@test "users of an object: a server that runs ipctool keeps its own set" {
	# shellcheck disable=SC2016 # the inner shell's own
	split "${by_user[@]}" sh -c '
		id=$("$1" sem 1 key=0x56) && "$1" setval "$id" 0 1 &&
		"$2" list -J -o ref,stale,cause --grace=0 --alone sem:0x56; exit $?' \
		sh "$IPCHELPER" "$IPCTOOL"
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause]' <<<"$output")" '[false,"may-know"]'
	# After it has ended no process is left.
	judged "$(jq -r '.objects[0].ref' <<<"$output")=true/none"
}

@test "users of an object: a keyed queue with messages waits for its reader" {
	local keyed private
	keyed=$(used_msg key=0x63)
	private=$(used_msg)

	judged "msg:$keyed=true/none" "msg:$private=true/none"
	helper send "$keyed" 2 8
	helper send "$private" 2 8
	judged "msg:$keyed=false/messages" "msg:$private=true/none"
	assert_equal "$(reason "msg:$keyed")" "it holds 2 messages, which wait for a reader"
}

# --- Zombies ----------------------------------------------------------------------------

@test "users of an object: a zombie while its parent lives" {
	local shm sem msg
	used_all

	# All workers of a server can be zombies for a moment.
	start_helper zombies "$user"
	all_judged false/may-know
	end_helper
	start_helper zombies "$other"
	all_judged true/none
}

@test "users of an object: a zombie below ipctool and its ancestors does not count" {
	local shm sem msg
	used_all

	inside=("$IPCHELPER" zombies "$user")
	all_judged true/none
	# shellcheck disable=SC2016 # the inner shell's own
	inside=("$IPCHELPER" zombies "$user"
		sh -c '"$@"; exit $?' sh)
	all_judged true/none
	# A process beside them does.
	start_helper zombies "$user"
	all_judged false/may-know
}

@test "users of an object: a zombie whose parent is in another IPC namespace" {
	local shm sem msg
	used_all

	start_helper elsewhere zombies "$user"
	all_judged true/none
}

# --- IPC namespaces ---------------------------------------------------------------------

@test "users of an object: a process in another IPC namespace does not count" {
	local shm sem msg
	used_all

	start_helper elsewhere as "$user" crowd 0
	all_judged true/none
	start_helper threadhere "$user" none
	all_judged true/none
}

@test "users of an object: one thread in the IPC namespace is enough" {
	local shm sem msg
	used_all

	start_helper threadhere "$user"
	all_judged false/may-know
	end_helper
	all_judged true/none
}
