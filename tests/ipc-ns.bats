#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# --ipc-ns and REF@NS: commands that work on one object in another IPC namespace, and how
# that is named.

load common

setup()
{
	requires root
	own=$(stat -L -c %i /proc/self/ns/ipc)
	start_helper namespace process
	inode=${ready[0]}
	pid=${ready[1]}
	id=$(ipctool namespaces --no-headings -o ns "$inode" | tr -d ' ')
}

teardown()
{
	local point

	for point in "$BATS_TEST_TMPDIR"/mount*; do
		! mountpoint -q "$point" 2>/dev/null || umount "$point"
	done
	end_helpers
	wipe
}

# inside COMMAND ARG... : runs a command in the namespace, without ipctool.
inside()
{
	nsenter --target "$pid" --ipc -- "$@"
}

# needs_ids : skips the test where the kernel has no ids of namespaces.
needs_ids()
{
	[ "$id" != "$inode" ] || skip "needs a kernel with namespace ids"
}

@test "ipc-ns: before the command and after it, and the last one counts" {
	inside "$IPCHELPER" shm 4096 >/dev/null
	tool --ipc-ns="$pid" list -o ref,size --no-headings
	assert_success
	assert_output "shm:0@$id  4.0K"
	assert_stderr
	tool list --ipc-ns="$pid" -o ref,size --no-headings
	assert_output "shm:0@$id  4.0K"
	tool --ipc-ns="$$" list --ipc-ns "$pid" -o ref --no-headings
	assert_output "shm:0@$id"
	tool list shm:0@"$pid" -o ref --no-headings
	assert_output "shm:0@$id"
	# The own one is named by its number, too.
	tool list --ipc-ns="$$" -o ref --no-headings
	assert_success
	assert_output ''
}

@test "ipc-ns: each way to name a namespace" {
	local point="$BATS_TEST_TMPDIR/mount a" name

	inside "$IPCHELPER" sem 1 >/dev/null
	requires mount
	touch "$point"
	mount --bind "/proc/$pid/ns/ipc" "$point"
	for name in "$pid" "$inode" "$id" "/proc/$pid/ns/ipc" "$point"; do
		tool list --ipc-ns="$name" -o ref --no-headings
		assert_success
		assert_output "sem:0@$id"
		assert_stderr
		tool list "sem:0@$name" -o ref --no-headings
		assert_success
		assert_output "sem:0@$id"
	done
	# Only the mount keeps it now.
	end_helper
	for name in "$inode" "$id" "$point"; do
		tool stat "sem:0@$name" --no-headings
		assert_success
		assert_line --index 0 "sem:0@$id"
	done
	umount "$point"
	tool list --ipc-ns="$inode"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: no IPC namespace has the inode number $inode"
	needs_ids
	tool list --ipc-ns="$id" -J
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: --ipc-ns=$id: the namespace is gone"
	tool list "sem:0@$id" -J
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: sem:0@$id: the namespace is gone"
}

@test "ipc-ns: ns and nsid in each format" {
	inside "$IPCHELPER" msg >/dev/null
	needs_ids
	tool list --ipc-ns="$pid" -J
	assert_success
	run -0 jq -c '.objects[] | [.ref, .ns, .nsid]' <<<"$output"
	assert_output "[\"msg:0@$id\",$inode,${id#*.}]"
	tool list --ipc-ns="$pid" --format=export -o ref,ns,nsid
	assert_output "IPC_REF='msg:0@$id' IPC_NS='$inode' IPC_NSID='${id#*.}'"
	tool stat "msg:0@$pid" -J
	run -0 jq -c '.objects[] | [.ref, .ns, .nsid]' <<<"$output"
	assert_output "[\"msg:0@$id\",$inode,${id#*.}]"
	# The table has the column only on request, the references always.
	tool list --ipc-ns="$pid" -o ref,ns
	assert_output "REF$(printf '%*s' ${#id} '')     NS
msg:0@$id  $id"
	# Without a namespace in the command, only the fields ask for one.
	helper shm 5 >/dev/null
	tool list shm -o ref --no-headings
	assert_output shm:0
	tool list shm --format=raw --no-headings -o ns,ref
	assert_output "$own shm:0@$(ipctool namespaces --no-headings -o ns "$own" | tr -d ' ')"
	tool list -J
	run -0 jq -c '.objects[] | has("ns")' <<<"$output"
	assert_output false
}

@test "ipc-ns: create, set, and where a name is taken" {
	tool create shm --size=4k --key=0x4a0b --ipc-ns="$pid"
	assert_success
	assert_output "shm:0@$id"
	assert_stderr
	assert_equal "$(tail -n +2 /proc/sysvipc/shm)" ''
	tool create shm --size=4k --key=0x4a0b --ipc-ns="$pid"
	assert_failure 1
	assert_stderr "ipctool create: shm:0x00004a0b: it exists already as shm:0@$id"
	tool create pmsg:/q@"$pid"
	assert_success
	assert_output "pmsg:/q@$id"
	tool create pmsg:/q --ipc-ns="$pid"
	assert_failure 1
	assert_stderr "ipctool create: pmsg:/q: exists already; use --exist-ok to accept it"
	tool create pmsg:/q --ipc-ns="$pid" --exist-ok
	assert_success
	assert_output "pmsg:/q@$id"
	run -0 ipctool list pmsg
	refute_output --partial /q
	tool set "shm:0x4a0b@$pid" "pmsg:/q@$pid" --mode=640 -v
	assert_success
	assert_output "shm:0x4a0b@$pid: mode 0600 -> 0640
pmsg:/q@$pid: mode 0600 -> 0640"
	assert_equal "$(inside cut -d' ' -f1-40 /proc/sysvipc/shm | awk 'NR > 1 { print $3 }')" 640
	tool create shm@"$pid" --size=4k
	assert_usage "ipctool create: unknown type 'shm@$pid'; expected one of: shm, sem, msg, pshm, psem, pmsg"
}

@test "ipc-ns: send and recv, read and write" {
	inside "$IPCHELPER" msg >/dev/null
	inside "$IPCHELPER" shm 10 >/dev/null
	printf hello | ipctool send "msg:0@$pid"
	tool list "msg:0@$id" --format=raw --no-headings -o qnum
	assert_output 1
	tool recv msg:0 --ipc-ns="$pid"
	assert_success
	assert_output hello
	tool recv msg:0 --ipc-ns="$pid" --timeout=0
	assert_failure 3
	assert_stderr 'ipctool recv: msg:0: would block: the queue is empty'
	printf 'ten bytes!' | ipctool write "shm:0@$pid"
	tool read "shm:0@$id"
	assert_success
	assert_output 'ten bytes!'
	inside "$IPCHELPER" dump 0 | cmp - <(printf 'ten bytes!')
	# Nothing of it reached the own namespace.
	assert_equal "$(tail -qn +2 /proc/sysvipc/*)" ''
}

@test "ipc-ns: semop holds a semaphore there while a command runs" {
	local fifo=$BATS_TEST_TMPDIR/fifo seen

	inside "$IPCHELPER" sem 1 >/dev/null
	tool set "sem:0@$pid" --value=1
	assert_success
	mkfifo "$fifo"
	# shellcheck disable=SC2016 # for the shell that the command is
	ipctool semop --ipc-ns="$pid" sem:0 0-1 -- \
		sh -c 'tail -n +2 /proc/sysvipc/sem | wc -l >"$1"; read -r _ <"$1"' sh "$fifo" 3>&- &
	read -r seen <"$fifo"
	# The command sees the objects of the namespace, and the semaphore is taken.
	assert_equal "$seen" 1
	tool semop "sem:0@$pid" 0-1 --timeout=0
	assert_failure 3
	echo go >"$fifo"
	wait $!
	# It is given back, and only then.
	tool semop "sem:0@$pid" 0-1 --timeout=0
	assert_success
	assert_equal "$(tail -qn +2 /proc/sysvipc/sem)" ''
}

@test "ipc-ns: limits and waits" {
	inside "$IPCHELPER" shm 4096 >/dev/null
	helper shm 8192 >/dev/null
	helper shm 8192 >/dev/null
	tool limits SHMMNI --format=raw --no-headings -o used --ipc-ns="$pid"
	assert_success
	assert_output 1
	tool limits SHMMNI --format=raw --no-headings -o used
	assert_output 2
	inside "$IPCHELPER" sem 1 >/dev/null
	tool waits --ipc-ns="$pid" sem:0
	assert_success
	tool waits sem:0
	assert_failure 1
	tool waits "sem:0@$pid"
	assert_usage "ipctool waits: 'sem:0@$pid': name the namespace with --ipc-ns=$pid"
}

@test "ipc-ns: what is no namespace, or cannot be found" {
	local name fifo=$BATS_TEST_TMPDIR/fifo free=4194303

	helper shm 5 >/dev/null
	for name in x 0 4194305 4026531839. abcde '' docker:12345; do
		tool list --ipc-ns="$name"
		assert_usage "ipctool list: '$name': not a namespace; expected a PID, an inode number, INODE.ID, host, a path, or a container by 6 or more digits of its ID"
		tool --ipc-ns="$name" list
		assert_usage "ipctool: '$name': not a namespace; expected a PID, an inode number, INODE.ID, host, a path, or a container by 6 or more digits of its ID"
		tool rm "shm:0@$name"
		assert_usage "ipctool rm: shm:0@$name: '$name': not a namespace; expected a PID, an inode number, INODE.ID, host, a path, or a container by 6 or more digits of its ID"
		tool rm "pshm:/a@$name"
		assert_usage "ipctool rm: 'pshm:/a@$name': '$name' is not a namespace; write '@' in a name as %40"
	done
	# None is opened: that would block, or act.
	mkfifo "$fifo"
	mknod "$BATS_TEST_TMPDIR/device" c 5 0
	for name in "$fifo" "$BATS_TEST_TMPDIR/device" "$BATS_TEST_FILENAME" /proc/self/ns/net; do
		tool list --ipc-ns="$name"
		assert_failure 2
		assert_output ''
		assert_stderr "ipctool list: '$name': not an IPC namespace"
		tool rm "shm:0@$name" shm:0
		assert_failure 2
		assert_output ''
		assert_stderr "ipctool rm: shm:0@$name: '$name': not an IPC namespace"
	done
	tool list -J --ipc-ns=$free
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: process $free does not exist"
	tool list --ipc-ns=/nowhere
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: cannot open '/nowhere': No such file or directory"
	tool stat --ipc-ns=lxc:web shm
	assert_failure 1
	assert_output ''
	assert_stderr --partial "ipctool stat: no LXC container matches 'web'"
	tool create shm --size=1 --ipc-ns=$free
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool create: process $free does not exist"
	tool send "msg:0@$free" /dev/null
	assert_failure 1
	assert_stderr "ipctool send: msg:0@$free: process $free does not exist"
	assert_equal "$(tail -n +2 /proc/sysvipc/shm | wc -l)" 1
}

@test "ipc-ns: options and references that contradict each other" {
	tool list --ipc-ns="$pid" --all-namespaces
	assert_usage 'ipctool list: --ipc-ns and --all-namespaces cannot be combined'
	tool list --from=/proc/sysvipc --ipc-ns="$pid"
	assert_usage 'ipctool list: --from reads saved copies and cannot be combined with --ipc-ns'
	tool list --from=/proc/sysvipc --all-namespaces
	assert_usage 'ipctool list: --from reads saved copies and cannot be combined with --all-namespaces'
	tool namespaces --ipc-ns="$pid"
	assert_usage 'ipctool namespaces: --ipc-ns does not apply; give NS as an operand'
	tool --ipc-ns="$pid" namespaces
	assert_usage 'ipctool namespaces: --ipc-ns does not apply; give NS as an operand'
	helper shm 5 >/dev/null
	tool rm "shm:0@$own" --ipc-ns="$pid"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool rm: 'shm:0@$own': not in the namespace of --ipc-ns=$pid"
	assert_equal "$(tail -n +2 /proc/sysvipc/shm | wc -l)" 1
	# The same namespace by another name is none.
	inside "$IPCHELPER" shm 7 >/dev/null
	tool list "shm:0@$id" "shm:0@/proc/$pid/ns/ipc" --ipc-ns="$pid" --no-headings -o ref
	assert_success
	assert_output "shm:0@$id"
}

@test "ipc-ns: a word of help enters nothing" {
	tool list --ipc-ns=4194303 --help
	assert_success
	assert_stderr
	tool list --ipc-ns=4194303 --list-fields --no-headings
	assert_success
	assert_stderr
	tool --ipc-ns=4194303 --version
	assert_success
	assert_stderr
}

@test "ipc-ns: a kernel without ids" {
	local no_id=("$IPCHELPER" deny ioctl:0x8008b70d=ENOTTY -- "$IPCTOOL")

	requires seccomp
	inside "$IPCHELPER" shm 7 >/dev/null
	split "${no_id[@]}" list --ipc-ns="$pid" -o ref --no-headings
	assert_success
	assert_output "shm:0@$inode"
	assert_stderr
	split "${no_id[@]}" list --ipc-ns="$inode" -J
	assert_success
	run -0 jq -c '.objects[] | [.ref, .ns, .nsid]' <<<"$output"
	assert_output "[\"shm:0@$inode\",$inode,null]"
	split "${no_id[@]}" list --ipc-ns="$inode.7"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: '$inode.7': this kernel has no namespace ids; use the inode number"
}

@test "ipc-ns: a namespace that may not be entered" {
	local as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --)

	tool list "shm:0@$pid" --ipc-ns="$$"
	assert_failure 2
	split "${as_nobody[@]}" "$IPCTOOL" list -J --ipc-ns=/proc/$$/ns/ipc
	# It is the own one, which need not be entered, but another user's process shows it.
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: cannot open '/proc/$$/ns/ipc': Permission denied"
	split "${as_nobody[@]}" "$IPCTOOL" list --ipc-ns="$pid"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: process $pid cannot be examined: Permission denied; run as root"
}

@test "ipc-ns: where /proc hides the process that is named" {
	local as_other=(unshare --mount --propagation unchanged sh -c
		'mount -t proc -o hidepid=2 none /proc &&
		exec setpriv --reuid=12345 --regid=12345 --clear-groups -- "$@"' sh)
	local free=4194303 hidden="process $pid cannot be examined: /proc hides processes of other users (hidepid); run as root"

	requires root mount
	split "${as_other[@]}" "$IPCTOOL" list --ipc-ns="$pid"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: $hidden"
	# It may be in the namespace that is named.
	split "${as_other[@]}" "$IPCTOOL" list --ipc-ns="$inode"
	assert_failure 1
	assert_stderr "ipctool list: no IPC namespace has the inode number $inode; /proc hides processes of other users (hidepid), run as root"
	split "${as_other[@]}" "$IPCTOOL" list --ipc-ns=lxc:web
	assert_stderr --regexp "^ipctool list: no LXC container matches 'web'.*; /proc hides processes of other users \(hidepid\), run as root\$"
	if [ "$id" != "$inode" ]; then
		split "${as_other[@]}" "$IPCTOOL" rm --ignore-missing "shm:0@$id"
		assert_failure 1
		assert_stderr "ipctool rm: shm:0@$id: the namespace cannot be found; /proc hides processes of other users (hidepid), run as root"
	fi
	# What may exist is not missing.
	split "${as_other[@]}" "$IPCTOOL" rm --ignore-missing "shm:0@$pid"
	assert_failure 2
	assert_stderr "ipctool rm: shm:0@$pid: $hidden"
	split "${as_other[@]}" "$IPCTOOL" list --ipc-ns=$free
	assert_failure 1
	assert_stderr "ipctool list: process $free does not exist"
}

@test "ipc-ns: a namespace where a reference belongs" {
	local name

	for name in "$inode" docker:3f2a9c0b11de lxc:web; do
		tool list "$name"
		assert_usage "ipctool list: invalid reference '$name': a namespace; to work in it, use --ipc-ns=$name"
	done
}

@test "ipc-ns: waits counts the threads that wait in another namespace, and examines them" {
	local waiter

	inside "$IPCHELPER" sem 1 >/dev/null
	"$IPCTOOL" semop --ipc-ns="$pid" sem:0 0-1 3>&- &
	waiter=$!
	timeout 60 "$IPCHELPER" await "$waiter" semop 2>/dev/null || sleep 1
	tool waits --alone
	assert_success
	assert_line 'in other IPC namespaces: 1 thread (use --ipc-ns=NS to examine it)'
	tool waits --alone "$waiter"
	assert_success
	assert_line --regexp "^  ipctool $waiter .*: in another IPC namespace  .*cannot be determined without --ipc-ns=$waiter"
	tool waits --alone --all --ipc-ns="$pid"
	assert_line --regexp "ipctool $waiter .*semop sem:0\[0\]: value 0, needs 1 "
	refute_output --partial 'other IPC'
	kill "$waiter"
}
