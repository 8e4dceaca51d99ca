#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rm of POSIX message queues: what is refused, and what happens if another queue gets the name.

load common
load posix

setup()
{
	start_shm
	start_queues
	chmod 711 "$BATS_TEST_TMPDIR"
}

teardown()
{
	end_helpers
	end_queues
	end_shm
	wipe
}

@test "posix mq rm: by name, without output" {
	queue /a
	queue /b
	remove pmsg:/a
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(refs pmsg)" pmsg:/b
	remove pmsg:/a
	assert_failure 1
	assert_stderr "ipctool rm: pmsg:/a: no such object"
}

@test "posix mq rm: the references that list prints, while list is ending" {
	local n

	# The end of a run that has mounted the queues takes some milliseconds.
	for n in {1..20}; do
		queue "/q$n"
		ipctool list pmsg -o REF --no-headings | ipctool rm --alone -
	done
	assert_equal "$(refs pmsg)" ''
}

@test "posix mq rm: only the types that are named" {
	queue /a
	remove --all --yes --force
	assert_success
	remove pshm --all --yes --force
	assert_success
	assert_equal "$(refs pmsg)" pmsg:/a
	remove posix --all --yes --force
	assert_success
	assert_equal "$(refs pmsg)" ''
}

@test "posix mq rm: what is open stays" {
	requires root
	queue /used as="$user"
	queue /free as="$user"
	start_helper mquse /used open-w
	remove posix --all --yes
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: pmsg:/used: in use by ${ready[1]} (ipchelper); use --force to remove the name anyway"
	assert_equal "$(refs pmsg)" pmsg:/used
	remove --force pmsg:/used
	assert_success
	assert_stderr "ipctool rm: pmsg:/used: removed the name; ${ready[1]} (ipchelper) still uses the object"
	assert_equal "$(refs pmsg)" ''
}

@test "posix mq rm: messages" {
	queue /one
	queue /two
	helper mqsend /one 1 1
	helper mqsend /two 2 1
	remove pmsg:/one pmsg:/two
	assert_failure 1
	assert_stderr "ipctool rm: pmsg:/one: holds 1 message; use --force to remove it anyway
ipctool rm: pmsg:/two: holds 2 messages; use --force to remove it anyway"
	remove -J pmsg:/one
	assert_failure 1
	assert_equal "$(jq -c '.results[0] | [.ref, .result, .cause, .reason]' <<<"$output")" \
		'["pmsg:/one","refused","messages","holds 1 message"]'
	remove -n --force pmsg:/two
	assert_success
	assert_output "would remove pmsg:/two, although it holds 2 messages"
	remove -v --force pmsg:/two
	assert_success
	assert_output --regexp '^removed pmsg:/two \(owner root, 2 messages, idle [0-9]+s; although it holds 2 messages\)$'
	assert_stderr
	assert_equal "$(refs pmsg)" pmsg:/one
}

@test "posix mq rm: a process of the owner may know it, also with --unattached" {
	requires root
	queue /a as="$user"
	start_helper as "$user" crowd 0
	for words in "--all" "--unattached" "--idle=0s" "--empty"; do
		remove pmsg "$words" --yes
		assert_failure 1
		assert_stderr "ipctool rm: pmsg:/a: may be in use: $user runs 1 process that may use it: ${ready[0]} (ipchelper); use --force to remove the name anyway"
	done
	# The owner is another user.
	remove pmsg:/a
	assert_failure 1
	assert_stderr --partial "pmsg:/a: may be in use: $user runs 1 process"
	end_helper
	remove pmsg --unattached --yes
	assert_success
	assert_equal "$(refs pmsg)" ''
}

@test "posix mq rm: outside the initial PID namespace a process may use it" {
	queue /a
	tool rm pmsg:/a
	assert_failure 1
	assert_stderr "ipctool rm: pmsg:/a: may be in use: processes outside this PID namespace are not visible; use --alone if none of them uses these objects; use --force to remove the name anyway"
	assert_equal "$(refs pmsg)" pmsg:/a
}

@test "posix mq rm: root may not look at the descriptors of a process" {
	requires root
	queue /a
	with_preload "PRELOAD_FAIL=opendir:/proc/$$/fd:1:13"
	split "${inside[@]}" "$IPCTOOL" rm --alone pmsg:/a
	assert_failure 1
	assert_stderr "ipctool rm: pmsg:/a: may be in use: 1 process could not be examined; use --force to remove the name anyway"
	assert_equal "$(refs pmsg)" pmsg:/a
}

# as_owner ARG... : rm by the user, whom /dev/mqueue shows the queues.
as_owner()
{
	split "${by_user[@]}" "$IPCTOOL" rm --alone "$@"
}

@test "posix mq rm: an ordinary user, whom other users' processes do not stop" {
	requires root
	queue /mine as="$user"
	queue /also as="$user"
	queue /theirs mode=0666
	show_queues
	as_owner pmsg --user="$user" --all --yes
	assert_failure 1
	assert_stderr --regexp 'pmsg:/mine: may be in use: [0-9]+ processes could not be examined; run as root; use --force'
	as_owner pmsg:/mine
	assert_success
	assert_output ''
	assert_stderr --regexp "^ipctool rm: pmsg:/mine: [0-9]+ processes could not be examined and may use it\$"
	as_owner --force pmsg:/also
	assert_success
	as_owner --force pmsg:/theirs
	assert_failure 1
	assert_stderr "ipctool rm: pmsg:/theirs: belongs to root; only its owner, the owner of /dev/mqueue or root may remove it"
	assert_equal "$(refs pmsg)" pmsg:/theirs
}

@test "posix mq rm: a user's queue that another process of the user has open" {
	requires root
	queue /mine as="$user"
	show_queues
	# A process that has become another user without execve(2) may not be examined.
	printf '%s\n' '#!/bin/sh' "exec ${by_user[*]} '$IPCHELPER' \"\$@\"" >"$BATS_TEST_TMPDIR/run"
	chmod 755 "$BATS_TEST_TMPDIR/run"
	IPCHELPER=$BATS_TEST_TMPDIR/run start_helper mquse /mine open-rw
	as_owner pmsg:/mine
	assert_failure 1
	assert_stderr "ipctool rm: pmsg:/mine: in use by ${ready[1]} (ipchelper); use --force to remove the name anyway"
}

@test "posix mq rm: a queue whose messages its owner may not count" {
	requires root
	queue /mine as="$user" mode=0200
	show_queues
	as_owner pmsg:/mine
	assert_failure 1
	assert_stderr --partial "pmsg:/mine: may be in use: whether it holds messages cannot be determined: it cannot be opened for reading; use --force to remove the name anyway"
	as_owner --force pmsg:/mine
	assert_success
	assert_equal "$(refs pmsg)" ''
}

@test "posix mq rm: conditions, --max, --except and the keep file" {
	requires root
	queue /a as="$user"
	queue /b as="$user"
	remove pmsg --empty --max=1 --yes
	assert_failure 2
	remove pmsg --empty --except=pmsg:/a --yes
	assert_success
	assert_equal "$(refs pmsg)" pmsg:/a
	mkdir -p /etc/ipctool
	mount -t tmpfs none /etc/ipctool
	echo pmsg:/a >/etc/ipctool/keep
	remove pmsg --all --yes --force
	assert_success
	assert_equal "$(refs pmsg)" pmsg:/a
	remove pmsg --all --yes --no-keep
	assert_success
	assert_equal "$(refs pmsg)" ''
	umount /etc/ipctool
}

@test "posix mq rm: what is stale" {
	requires root
	queue /a as="$user"
	queue /full as="$user"
	helper mqsend /full 1 1
	remove posix --stale --yes
	assert_success
	assert_equal "$(refs pmsg)" "pmsg:/a pmsg:/full"
	remove -n pmsg --stale --grace=0s
	assert_output --regexp "^would remove pmsg:/a: stale: unused, not active for [0-9]+s, no process of $user is left\$"
	remove posix --stale --grace=0s --yes
	assert_success
	assert_stderr
	assert_equal "$(refs pmsg)" pmsg:/full
}

@test "posix mq rm: a process of the owner starts, or opens it, between the two looks" {
	requires root
	queue /a as="$user"
	stopped_at sleep:-:1 rm pmsg --stale --grace=0s --yes --alone
	start_helper as "$user" crowd 0
	going_on
	assert_success
	assert_equal "$stderr" ''
	assert_equal "$(refs pmsg)" pmsg:/a
	end_helper
	stopped_at sleep:-:1 rm pmsg:/a --alone
	start_helper mquse /a open-r
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pmsg:/a: in use by ${ready[1]} (ipchelper); use --force to remove the name anyway"
	assert_equal "$(refs pmsg)" pmsg:/a
}

@test "posix mq rm: a message arrives between the two looks" {
	queue /a
	stopped_at sleep:-:1 rm pmsg:/a --alone
	helper mqsend /a 1 1
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pmsg:/a: holds 1 message; use --force to remove it anyway"
	assert_equal "$(refs pmsg)" pmsg:/a
}

@test "posix mq rm: a message arrives, or another queue gets the name, after the second look" {
	local force

	# The first look, the second one, and the removal count the messages.
	queue /a
	stopped_at mqattr:-:3 rm pmsg:/a --alone
	helper mqsend /a 1 1
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pmsg:/a: no longer matches the selection; not removed"
	assert_equal "$(refs pmsg)" pmsg:/a
	helper mqreceive /a
	for force in '' --force; do
		# shellcheck disable=SC2086 # perhaps no word
		stopped_at fstatat:a:1 rm $force pmsg:/a --alone
		rm "$queues/a"
		queue /a mode=0640
		going_on
		assert_failure 1
		assert_equal "$stderr" "ipctool rm: pmsg:/a: another object has this name now; not removed"
		assert_equal "$(refs pmsg)" pmsg:/a
	done
}

@test "posix mq rm: a queue that gets the name at the last moment is removed, and the message says so" {
	local force

	for force in '' --force; do
		queue /a
		# shellcheck disable=SC2086 # perhaps no word
		stopped_at unlink:-:1 rm $force pmsg:/a --alone
		rm "$queues/a"
		queue /a
		going_on
		assert_failure 1
		assert_output ''
		assert_equal "$stderr" "ipctool rm: pmsg:/a: the name was given to another object meanwhile; that object was removed"
		assert_equal "$(refs pmsg)" ''
	done
}

@test "posix mq rm: gone at the last moment" {
	queue /a
	stopped_at unlink:-:1 rm pmsg:/a --alone
	rm "$queues/a"
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pmsg:/a: no such object"
}

@test "posix mq rm: a file system that could not be found is not one without users" {
	requires strace
	local why="the processes could not be searched for files of this file system; try again"

	queue /a
	start_helper mquse /a open-r
	# The first mount is that of the search.
	split strace -qqq -o /dev/null -e inject=fsopen:error=EMFILE:when=1 "$IPCTOOL" \
		rm --alone pmsg:/a
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: pmsg:/a: may be in use: $why; use --force to remove the name anyway"
	split strace -qqq -o /dev/null -e inject=fsopen:error=EMFILE:when=1 "$IPCTOOL" \
		list pmsg --alone -J -o used,users,pids
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.used, .users, .pids]' <<<"$output")" '[null,null,null]'
	split "$IPCTOOL" rm --alone pmsg:/a
	assert_failure 1
	assert_stderr "ipctool rm: pmsg:/a: in use by ${ready[1]} (ipchelper); use --force to remove the name anyway"
}
