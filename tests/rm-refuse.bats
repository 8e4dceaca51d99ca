#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What rm refuses: the table of ipctool-stale(7), by type, condition, caller and kind of
# request.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life
load stale
load rm

setup()
{
	requires root
}

# Three ways to ask for the removal of an object of the user: conditions choose it, among a type
# or among references; root names it from a shell that the owner opened, as with sudo(8); root
# names it from another shell.
by_conditions()
{
	tool rm "${alone[@]}" --user="$user" --yes "$1"
}

among_references()
{
	tool rm "${alone[@]}" --user="$user" "$1:$2"
}

# shellcheck disable=SC2016 # the inner shell's own
under_owner=(setpriv --ruid="$user" -- bash -p -c '"$@"; exit $?' bash setpriv --reuid=0 --)

as_owner()
{
	split "${under_owner[@]}" "$IPCTOOL" rm "${alone[@]}" "$1:$2"
}

as_another()
{
	tool rm "${alone[@]}" "$1:$2"
}

# refused WAY TYPE ID REASON : the object stays, and rm says so. Times of day are not compared.
refused()
{
	local what="remove it"

	[[ $4 != *attached* ]] || what="mark it for removal"
	"$1" "$2" "$3"
	stderr=$(sed -E 's/started [0-9:]+,/started T,/' <<<"$stderr")
	assert_refused "ipctool rm: $2:$3: $4; use --force to $what anyway"
	assert_there "$2" "$3"
}

# removed WAY TYPE ID
removed()
{
	"$1" "$2" "$3"
	assert_silent
	assert_gone "$2" "$3"
}

# Starts a process of the user; objects that the test creates afterwards are younger.
start_knower()
{
	start_helper child hold as="$user" raw-index sem
	knower="may be in use: process ${ready[0]} (ipchelper), started T, may know it"
}

# use TYPE ID : starts a process that uses the object; why is the reason to refuse it.
use()
{
	case $1 in
	shm)
		start_helper attach "$2"
		why="in use: 1 process attached: ${ready[1]} (ipchelper)"
		;;
	sem)
		start_helper child hold setval "$2" 0 1
		why="in use: process ${ready[0]} (ipchelper) used semaphore 0 last"
		;;
	msg)
		start_helper child hold recv "$(helper send "$2" 1 1 && echo "$2")"
		why="in use: its last receiver lives: process ${ready[0]} (ipchelper)"
		;;
	esac
}

@test "rm-refuse: an object in use, for every caller" {
	local type id why way

	for type in "${types[@]}"; do
		id=$(used "$type")
		use "$type" "$id"
		for way in by_conditions among_references as_owner as_another; do
			refused "$way" "$type" "$id" "$why"
		done
		end_helper
		removed as_another "$type" "$id"
	done
}

@test "rm-refuse: an object that a process waits on, for every caller" {
	local id way
	id=$(used_sem)

	start_helper semwait "$id" 0 zero
	for way in by_conditions among_references as_owner as_another; do
		refused "$way" sem "$id" "in use: 1 process waits on semaphore 0: ${ready[1]} (ipchelper)"
	done
	id=$(used_msg)
	start_helper msgwait "$id"
	for way in by_conditions among_references as_owner as_another; do
		refused "$way" msg "$id" "in use: 1 process waits on it: ${ready[1]} (ipchelper)"
	done
}

@test "rm-refuse: a queue with messages that is not stale, for every caller" {
	local id way
	id=$(helper msg as="$user" key=0x71)

	helper send "$id" 2 1
	for way in by_conditions among_references as_owner as_another; do
		refused "$way" msg "$id" "in use: it holds 2 messages"
	done
	# Without a key no reader can come later, but the queue has not been quiet long enough.
	id=$(helper msg as="$user")
	helper send "$id" 1 1
	refused as_owner msg "$id" "in use: it holds 1 message"
	tool rm --alone --grace=0 "msg:$id"
	assert_silent
	assert_gone msg "$id"
}

@test "rm-refuse: an object whose use is unknown, for every caller" {
	local type id way
	local outside="may be in use: processes outside this PID namespace cannot be seen (--alone says that none uses it)"

	alone=()
	for type in sem msg; do
		# A semaphore with the pid 0 may belong to a process outside.
		[ $type = sem ] && id=$(helper sem 1 as="$user") || id=$(used_msg)
		for way in by_conditions among_references as_owner as_another; do
			refused "$way" "$type" "$id" "$outside"
		done
		alone=(--alone)
		removed as_another "$type" "$id"
		alone=()
	done
}

@test "rm-refuse: an object that a living process may know, by conditions, of every type" {
	local type id way

	start_knower
	for type in "${types[@]}"; do
		id=$(used "$type")
		for way in by_conditions among_references; do
			refused "$way" "$type" "$id" "$knower"
		done
		# Also with a key, by which any process of the user finds it.
		id=$(used "$type" key=0x55)
		refused among_references "$type" "$id" "$knower"
	done
	end_helper
	tool rm --alone --user="$user" --yes
	assert_silent
	assert_objects 0 0 0
}

@test "rm-refuse: an object that a living process may know, named by its owner" {
	local type id key

	start_knower
	for type in "${types[@]}"; do
		for key in '' key=0x56; do
			id=$(used "$type" $key)
			removed as_owner "$type" "$id"
		done
	done
	for type in shm sem; do
		id=$(used "$type")
		as "$user" "$IPCTOOL" rm --alone "$type:$id"
		assert_silent
		assert_gone "$type" "$id"
	done
}

@test "rm-refuse: an object that a living process may know, named by another root" {
	local type id key

	start_knower
	for key in '' key=0x57; do
		id=$(used shm $key)
		removed as_another shm "$id"
		for type in sem msg; do
			id=$(used "$type" $key)
			refused as_another "$type" "$id" "$knower"
		done
	done
}

@test "rm-refuse: it is unknown whether a process may know the object" {
	local id way
	local outside="may be in use: processes outside this PID namespace cannot be seen (--alone says that none uses it)"

	alone=()
	id=$(used_shm)
	for way in by_conditions among_references; do
		refused "$way" shm "$id" "$outside"
	done
	removed as_owner shm "$id"
	id=$(used_shm)
	removed as_another shm "$id"
	id=$(used_sem)
	for way in by_conditions among_references as_another; do
		refused "$way" sem "$id" "$outside"
	done
	removed as_owner sem "$id"
}

@test "rm-refuse: segments selected by --unattached, although a process may know them" {
	local id
	id=$(helper shm 1)
	start_knower

	id=$(used_shm)
	tool rm --unattached -n shm
	assert_success
	assert_stderr
	assert_line --regexp "^would remove shm:$id: unattached; process [0-9]+ \(ipchelper\), started [0-9:]+, may know it\$"
	tool rm --unattached --user="$user" --yes shm
	assert_silent
	assert_gone shm "$id"
	# With --stale the row of the table applies.
	id=$(used_shm)
	tool rm --alone --unattached --stale --grace=0 --yes "shm:$id"
	assert_silent
	assert_there shm "$id"
	# Sets and queues have no attachments.
	id=$(used_sem)
	tool rm --alone --unattached --yes sem
	assert_silent
	assert_there sem "$id"
}

# --- An ordinary user's queue -----------------------------------------------------------

@test "rm-refuse: the queue of an ordinary user: processes of others are only counted" {
	local id
	id=$(used_msg)

	start_helper attach "$(helper shm 1)"
	as "$user" "$IPCTOOL" rm --alone "msg:$id"
	assert_success
	assert_output ''
	assert_stderr --regexp "^ipctool rm: msg:$id: [0-9]+ process(es)? could not be examined and may use it\$"
	assert_gone msg "$id"
	# If a condition chose it, it is refused.
	id=$(used_msg)
	as "$user" "$IPCTOOL" rm --alone --empty "msg:$id"
	assert_failure 1
	assert_stderr --regexp "^ipctool rm: msg:$id: may be in use: [0-9]+ processes could not be examined; use --force to remove it anyway\$"
	assert_there msg "$id"
	# Outside the initial PID namespace --alone is needed, and named.
	as "$user" "$IPCTOOL" rm "msg:$id"
	assert_refused "ipctool rm: msg:$id: may be in use: processes outside this PID namespace cannot be seen (--alone says that none uses it); use --force to remove it anyway"
	assert_there msg "$id"
}

@test "rm-refuse: the queue of an ordinary user: a waiting process of the user refuses" {
	local id free
	id=$(used_msg)
	free=$(used_msg)

	start_helper as "$user" msgwait "$id"
	as "$user" "$IPCTOOL" rm --alone "msg:$id"
	assert_refused "ipctool rm: msg:$id: in use: 1 process waits on it: ${ready[1]} (ipchelper); use --force to remove it anyway"
	assert_there msg "$id"
	# A process that waits on another queue is no reason.
	as "$user" "$IPCTOOL" rm --alone "msg:$free"
	assert_success
	assert_gone msg "$free"
}

# --- Evidence that cannot be read ---------------------------------------------------------

# few ARG... : runs rm with two free descriptors, which suffice to read a directory and one file
# at a time.
few()
{
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c 'exec 3>&- 4>&- && ulimit -n 5 && exec "$@"' bash "$IPCTOOL" rm --alone "$@"
}

@test "rm-refuse: with few descriptors, objects that processes use or may know are refused" {
	local type
	local -A ids

	start_knower
	for type in "${types[@]}"; do
		ids[$type]=$(used "$type")
	done
	few --user="$user" --yes
	assert_failure 1
	assert_output ''
	assert_equal "$(grep -c 'may be in use: ' <<<"$stderr")" 3
	for type in "${types[@]}"; do
		assert_stderr --regexp "ipctool rm: $type:${ids[$type]}: may be in use: "
	done
	few --stale --grace=0 --yes
	assert_output ''
	assert_objects 1 1 1
	end_helper
	# A waiting thread of a process whose main thread has ended.
	start_helper threadwait msg "${ids[msg]}"
	few "msg:${ids[msg]}"
	assert_failure 1
	assert_stderr --regexp "^ipctool rm: msg:${ids[msg]}: (in use: 1 process waits on it|may be in use: )"
	few --user="$user" --yes msg
	assert_failure 1
	assert_objects 1 1 1
}

@test "rm-refuse: with an empty /proc" {
	requires no_proc
	local type
	local -A ids
	local -a empty

	# shellcheck disable=SC2016 # the inner shell's own
	empty=(unshare --mount --propagation unchanged sh -c
		'mount -t tmpfs none /proc && exec "$@"' sh "$IPCTOOL" rm --alone)
	for type in "${types[@]}"; do
		ids[$type]=$(used "$type")
	done
	split "${empty[@]}" --user="$user" --yes
	assert_failure 1
	assert_output ''
	assert_objects 1 1 1
	split "${empty[@]}" --stale --grace=0 --yes
	assert_output ''
	assert_objects 1 1 1
	split "${empty[@]}" "sem:${ids[sem]}" "msg:${ids[msg]}"
	assert_failure 1
	assert_objects 1 1 1
	# The kernel counts attachments.
	split "${empty[@]}" "shm:${ids[shm]}"
	assert_silent
	assert_objects 0 1 1
}
