#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Kernels that were built without something, or are older than a call: what is missing is
# said, the rest works, and what can no longer be known removes nothing. sources.bats has
# what list says, and which source replaces another one.

load common
load scenes
load posix

setup()
{
	start_shm
	requires seccomp mount
}

declare -gA titles=([shm]="shared memory segments" [sem]="semaphore sets"
	[msg]="message queues")

# without TYPE ARG... : ipctool on a kernel without this type of System V.
without()
{
	local type=$1

	shift
	over_proc "$type=" -- "$IPCHELPER" deny "${type}ctl=ENOSYS,${type}get=ENOSYS" -- \
		"$IPCTOOL" "$@"
}

# objects : makes one object of each type of System V; sets ids.
objects()
{
	declare -gA ids

	ids=([shm]=$(helper shm 1) [sem]=$(helper sem 1) [msg]=$(helper msg))
}

# refs : the objects of System V that there are.
refs()
{
	ipctool list --format=raw --no-headings -o ref shm sem msg | xargs
}

# --- System V ---------------------------------------------------------------------------

@test "kernel: without a type, each command that gets one of its objects says so" {
	local type command
	local -A ids

	objects
	for type in shm sem msg; do
		for command in stat rm "rm --force" "rm --force --alone" "set --mode=0600"; do
			# shellcheck disable=SC2086 # a command with options
			without "$type" $command "$type:${ids[$type]}"
			assert_failure 1
			assert_output ''
			assert_stderr "ipctool ${command%% *}: $type:${ids[$type]}: this kernel has no ${titles[$type]}"
		done
	done
	assert_equal "$(refs)" "shm:${ids[shm]} sem:${ids[sem]} msg:${ids[msg]}"
	without shm read "shm:${ids[shm]}"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool read: shm:${ids[shm]}: this kernel has no shared memory segments"
	without sem semop "sem:${ids[sem]}" 0+1
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool semop: sem:${ids[sem]}: this kernel has no semaphore sets"
	without msg recv "msg:${ids[msg]}"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool recv: msg:${ids[msg]}: this kernel has no message queues"
}

@test "kernel: without a type, its limits are missing, and the others are there" {
	local type all

	all=$(ipctool limits --format=raw --no-headings -o type | sort -u | xargs)
	for type in shm sem msg; do
		without "$type" limits "$type" --no-headings
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool limits: $type: this kernel has no ${titles[$type]}"
		without "$type" limits --format=raw --no-headings -o type
		assert_failure 1
		assert_stderr "ipctool limits: $type: this kernel has no ${titles[$type]}"
		assert_equal "$(sort -u <<<"$output" | xargs)" \
			"$(tr ' ' '\n' <<<"$all" | grep -vx "$type" | xargs)"
	done
}

@test "kernel: without a type, a selection removes objects of the others only" {
	local type
	local -A ids

	for type in shm sem msg; do
		objects
		without "$type" rm --force --all --yes shm sem msg
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool rm: $type: this kernel has no ${titles[$type]}"
		assert_equal "$(refs)" "$type:${ids[$type]}"
		helper remove "$type" "${ids[$type]}"
	done
}

# Before Linux 4.17. 15, 20 and 13 are SHM_STAT_ANY, SEM_STAT_ANY and MSG_STAT_ANY.
@test "kernel: without the calls for objects that one may not read" {
	local old=("$IPCHELPER" deny "shmctl:15=EINVAL,semctl:20=EINVAL,msgctl:13=EINVAL"
		-- "$IPCTOOL")
	local -A ids
	local now fields=ref,key,mode,owner,nattch,nsems,qnum,size,cpid,state,used

	objects
	printf x | ipctool send "msg:${ids[msg]}"
	start_helper attach "${ids[shm]}"
	now=$(ipctool list -J -o "$fields")
	split "${old[@]}" list -J -o "$fields"
	assert_success
	assert_output "$now"
	assert_stderr
	split "${old[@]}" rm --alone "shm:${ids[shm]}" "msg:${ids[msg]}"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: shm:${ids[shm]}: in use: 1 process attached: ${ready[1]} (ipchelper); use --force to mark it for removal anyway
ipctool rm: msg:${ids[msg]}: in use: it holds 1 message; use --force to remove it anyway"
	split "${old[@]}" rm --alone "sem:${ids[sem]}"
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(refs)" "shm:${ids[shm]} msg:${ids[msg]}"
}

# --- POSIX ------------------------------------------------------------------------------

@test "kernel: without POSIX message queues" {
	local no_queues=("$IPCHELPER" deny "fsopen=ENODEV,mq_open=ENOSYS,mq_unlink=ENOSYS"
		-- "$IPCTOOL")
	local command id

	while read -r command; do
		# shellcheck disable=SC2086 # a command with options and operands
		split "${no_queues[@]}" $command </dev/null
		assert_failure 2
		assert_output ''
		assert_stderr "ipctool ${command%% *}: this kernel has no POSIX message queues (CONFIG_POSIX_MQUEUE)"
	done <<-'END'
		list --no-headings pmsg
		stat pmsg:/a
		limits --no-headings pmsg
		create pmsg:/a
		set --mode=0600 pmsg:/a
		rm pmsg:/a
		rm --force pmsg:/a
		rm --stale pmsg
		send pmsg:/a /dev/null
		recv pmsg:/a
	END
	# The other types need none.
	id=$(helper shm 1)
	file a
	split "${no_queues[@]}" list --format=raw --no-headings -o ref shm pshm
	assert_success
	assert_output "shm:$id
pshm:/a"
	assert_stderr
	split "${no_queues[@]}" rm pshm:/a "shm:$id"
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(ls /dev/shm)" ''
}

# 1024 is F_SETLEASE. CONFIG_FILE_LOCKING, or a file system that has no leases.
@test "kernel: without leases, nothing POSIX is known to be unused" {
	local no_leases=("$IPCHELPER" deny fcntl:1024=EINVAL -- "$IPCTOOL") ref

	file a
	helper named-sem /s 1
	for ref in pshm:/a psem:/s; do
		split "${no_leases[@]}" list -J -o used "$ref"
		assert_success
		assert_equal "$(jq -c '.objects[0].used' <<<"$output")" null
		assert_stderr "ipctool list: used of 1 object cannot be determined: this file system grants no lease"
		split "${no_leases[@]}" rm "$ref"
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool rm: $ref: may be in use: this file system grants no lease; use --force to remove the name anyway"
	done
	split "${no_leases[@]}" rm --alone --unattached pshm psem
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: used of 2 objects cannot be determined: this file system grants no lease"
	assert_equal "$(ls /dev/shm)" "a
sem.s"
	split "${no_leases[@]}" rm --force pshm:/a psem:/s
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(ls /dev/shm)" ''
}

# --- Processes and namespaces -----------------------------------------------------------

# Before Linux 6.11: PROCMAP_QUERY.
@test "kernel: without questions about single mappings, what is mapped stays" {
	local old=("$IPCHELPER" deny ioctl:0xc0686611=ENOTTY -- "$IPCTOOL")
	local id attached

	file a
	id=$(helper shm 1)
	start_helper attach "$id"
	attached=${ready[1]}
	start_helper use-file /dev/shm/a mapped-rw
	split "${old[@]}" rm "shm:$id" pshm:/a
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: shm:$id: in use: 1 process attached: $attached (ipchelper); use --force to mark it for removal anyway
ipctool rm: pshm:/a: in use by ${ready[1]} (ipchelper); use --force to remove the name anyway"
	assert_equal "$(ls /dev/shm)" a
	assert_equal "$(refs)" "shm:$id"
}

# Before Linux 5.6: openat2(2).
@test "kernel: a namespace that only a mount keeps cannot be opened, and is listed" {
	local point=$BATS_TEST_TMPDIR/ns inode
	local old=("$IPCHELPER" deny openat2=ENOSYS -- "$IPCTOOL")

	touch "$point"
	unshare "--ipc=$point" "$IPCHELPER" shm 4096 >/dev/null
	inode=$(stat -c %i "$point")
	split "${old[@]}" namespaces --unattached -J -o ns,nprocs,shm,kept
	umount "$point"
	assert_failure 1
	assert_equal "$(jq -c '.namespaces' <<<"$output")" \
		"[{\"ns\":$inode,\"nprocs\":0,\"shm\":null,\"kept\":[\"mount:$point\"],\"unread\":[\"shm\"]}]"
	assert_stderr "ipctool namespaces: $inode: cannot be entered: Function not implemented"
}
