#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# shellcheck disable=SC2154 # helpers set ready, queues and status
#
# POSIX message queues of other IPC namespaces, which no mount of the caller shows.

load common
load posix

setup()
{
	requires root
	start_shm
	start_queues
	start_helper namespace process
	pid=${ready[1]}
	name=$(ipctool namespaces --no-headings -o ns "$pid" | tr -d ' ')
	there=(nsenter --target "$pid" --ipc --)
}

teardown()
{
	end_helpers
	end_queues
	end_shm
	wipe
}

@test "pmsg of a namespace: each command works there" {
	queue /mine
	tool create "pmsg:/q@$pid" --maxmsg=4 --msgsize=100 --mode=640
	assert_success
	assert_output "pmsg:/q@$name"
	printf first | ipctool send "--ipc-ns=$pid" pmsg:/q --prio=3
	printf second | ipctool send "pmsg:/q@$name"
	tool list pmsg "--ipc-ns=$pid" -o ref,mode,qnum,size,maxmsg,path --no-headings
	assert_success
	assert_output "pmsg:/q@$name  0640  2  11  4"
	assert_stderr
	tool list pmsg --all-namespaces -o ref,qnum,path --no-headings
	assert_success
	assert_line --index 0 --regexp "^pmsg:/mine@[0-9.]+ +0\$"
	assert_line --index 1 --regexp "^pmsg:/q@$name +2\$"
	tool recv "pmsg:/q@$pid"
	assert_success
	assert_output first
	# Programs there see the same.
	run -0 "${there[@]}" "$IPCHELPER" mqreceive /q
	assert_output '0 second'
	tool recv "--ipc-ns=$pid" pmsg:/q --timeout=0
	assert_failure 3
	assert_stderr "ipctool recv: pmsg:/q: would block: the queue is empty"
	tool set "--ipc-ns=$pid" pmsg:/q --mode=604
	assert_success
	tool stat "pmsg:/q@$pid" -J -o mode,owner,path
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" '{"mode":"0604","owner":"root","path":null}'
	tool rm --alone "pmsg:/q@$pid"
	assert_success
	assert_stderr
	tool list pmsg "--ipc-ns=$pid" --no-headings
	assert_success
	assert_output ''
	assert_equal "$(ls "$queues")" mine
}

@test "pmsg of a namespace: who uses a queue, and its limits" {
	local inode waiter input

	tool create "pmsg:/q@$pid" --maxmsg=3
	mkfifo "$BATS_TEST_TMPDIR/input"
	"${there[@]}" "$IPCHELPER" mqwait /q receive <"$BATS_TEST_TMPDIR/input" >"$BATS_TEST_TMPDIR/out" 3>&- &
	waiter=$!
	exec {input}>"$BATS_TEST_TMPDIR/input"
	until [ -s "$BATS_TEST_TMPDIR/out" ]; do
		sleep 0.01
	done
	echo 5 | "${there[@]}" tee /proc/sys/fs/mqueue/queues_max >/dev/null
	tool limits PMSG_QUEUES_MAX "--ipc-ns=$pid" -o used,limit --no-headings
	assert_success
	assert_output '1  5'
	inode=$(ipctool list pmsg "--ipc-ns=$pid" --format=raw --no-headings -o inode)
	# One with the same name and perhaps the same number is another one.
	queue /q
	tool list "pmsg:/q@$pid" pmsg:/q -o inode,used --alone --format=raw --no-headings
	assert_success
	assert_line --index 0 --regexp '^[0-9]+ false$'
	assert_line --index 1 "$inode true"
	tool rm "pmsg:/q@$pid" --alone
	assert_failure 1
	assert_stderr --partial "ipctool rm: pmsg:/q@$pid: in use by $waiter (ipchelper), "
	exec {input}>&-
	wait "$waiter" || true
}

# The mount namespace belongs to a user namespace above that of the caller.
@test "pmsg of a namespace: where it cannot be mounted" {
	! mountpoint -q /dev/mqueue || skip "needs no /dev/mqueue"
	split unshare --user --map-root-user sh -c "unshare --ipc sleep 100 3>&- & \
		until [ \"\$(readlink /proc/\$!/ns/ipc)\" != \"\$(readlink /proc/self/ns/ipc)\" ]; do
			sleep 0.01
		done
		'$IPCTOOL' list pmsg --ipc-ns=\$!
		status=\$?
		'$IPCTOOL' list --ipc-ns=\$! || status=9
		kill \$!
		exit \$status"
	assert_failure 2
	assert_stderr "ipctool list: /dev/mqueue is not mounted; mount -t mqueue none /dev/mqueue, or run as root"
}
