#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# IPC namespaces that another user namespace owns: the own rootless container of an ordinary
# user, that of another user, and root with both.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common

user=12345
stranger=12346

setup()
{
	requires root userns
	containers=()
}

teardown()
{
	[ ${#containers[@]} -eq 0 ] || kill "${containers[@]}" 2>/dev/null || true
	end_helpers
	wipe
}

# start_container UID [OPTION...] : a process of the user in a user and an IPC namespace of its
# own; its pid is then in $container, and what names the namespace in $ns.
start_container()
{
	local id=$1

	shift
	[ $# -gt 0 ] || set -- --map-root-user
	setpriv --reuid="$id" --regid="$id" --clear-groups -- \
		unshare --user --ipc "$@" sleep infinity 3>&- &
	container=$!
	containers+=("$container")
	until [ "$(cat "/proc/$container/comm")" = sleep ]; do
		sleep 0.01
	done
	ns=$(ipctool namespaces --no-headings -o ns "$container" | tr -d ' ')
}

# inside COMMAND... : runs a command of the user as root of the container.
inside()
{
	as_user $user nsenter --target "$container" --user --ipc --preserve-credentials -- "$@"
}

entered()
{
	echo "ipctool $1: entered the user namespace of $container: owners and groups are numbers of that namespace"
}

# own ARG... : ipctool of the user, in the container.
own()
{
	split setpriv --reuid=$user --regid=$user --clear-groups -- "$IPCTOOL" "$@"
}

@test "ipc-ns-user: the own container is entered with its user namespace" {
	start_container $user
	inside "$IPCHELPER" shm 100
	own list --ipc-ns="$container" shm -o REF,OWNER,UID,GROUP,CREATOR,SIZE
	assert_success
	assert_stderr "$(entered list)"
	assert_equal "$(tr -s ' ' <<<"$output")" "REF OWNER UID GROUP CREATOR SIZE
shm:0@$ns 0 0 0 0 100"
	# A reference names it as well as the option.
	own stat "shm:0@$container" --format=jsonl -o owner,group
	assert_success
	assert_stderr "ipctool stat: entered the user namespace of $ns: owners and groups are numbers of that namespace"
	assert_output '{"owner": "0", "group": "0"}'
	# The rights are those that the owner of the user namespace has in it.
	own set --ipc-ns="$container" shm:0 --mode=0640
	assert_success
	assert_stderr "$(entered set)"
	own rm --ipc-ns="$container" shm:0 -v
	assert_success
	assert_stderr "$(entered rm)"
	own list --ipc-ns="$container" --no-headings
	assert_success
	assert_output ''
}

@test "ipc-ns-user: what is created there belongs to the caller as seen there" {
	start_container $user
	own create --ipc-ns="$container" shm --size=1 --owner=:0 --mode=640
	assert_success
	assert_output "shm:0@$ns"
	own create --ipc-ns="$container" pmsg:/queue --owner=0:
	assert_failure 2
	own create --ipc-ns="$container" pmsg:/queue --owner=:0
	assert_success
	own list --ipc-ns="$container" shm pmsg -o UID,GID --no-headings
	assert_success
	assert_output "0  0
0  0"
}

@test "ipc-ns-user: POSIX queues of the own container" {
	start_container $user
	own create --ipc-ns="$container" pmsg:/queue
	assert_success
	assert_output "pmsg:/queue@$ns"
	assert_stderr "$(entered create)"
	echo hello >"$BATS_TEST_TMPDIR/message"
	own send --ipc-ns="$container" pmsg:/queue <"$BATS_TEST_TMPDIR/message"
	assert_success
	own list --ipc-ns="$container" pmsg -o REF,OWNER,QNUM --no-headings
	assert_success
	assert_output "pmsg:/queue@$ns  0  1"
	own limits --ipc-ns="$container" pmsg --format=raw --no-headings -o resource,used
	assert_success
	assert_line 'PMSG_QUEUES_MAX 1'
	own recv --ipc-ns="$container" pmsg:/queue
	assert_success
	assert_output hello
	own rm --alone --ipc-ns="$container" pmsg:/queue
	assert_success
	assert_stderr_line --index 0 "$(entered rm)"
	own list --ipc-ns="$container" pmsg --no-headings
	assert_success
	assert_output ''
}

@test "ipc-ns-user: a container that does not map the caller" {
	start_container $user --keep-caps
	echo "0 200000 1000" >"/proc/$container/uid_map"
	echo "0 300000 1000" >"/proc/$container/gid_map"
	nsenter --target "$container" --user --ipc -- "$IPCHELPER" shm 100
	own list --ipc-ns="$container" -o REF,UID,GID --no-headings
	assert_success
	assert_stderr "$(entered list)"
	assert_output "shm:0@$ns  0  0"
	own rm --ipc-ns="$container" shm:0
	assert_success
	# Root has host uids and host pids, and no note.
	nsenter --target "$container" --user --ipc -- "$IPCHELPER" shm 100
	tool list --ipc-ns="$container" -o REF,UID,GID --no-headings
	assert_success
	assert_stderr
	assert_output "shm:1@$ns  200000  300000"
}

@test "ipc-ns-user: root enters it alone: host uids and host pids, set and rm work" {
	local creator

	start_container $user
	# shellcheck disable=SC2016 # the inner shell's
	creator=$(inside sh -c 'echo $$; exec "$0" shm 100' "$IPCHELPER" | head -n 1)
	tool list --ipc-ns="$container" -J -o uid,cpid
	assert_success
	assert_stderr
	assert_output "{\"schema\": 1, \"objects\": [
{\"uid\": $user, \"cpid\": $creator}
]}"
	tool set --ipc-ns="$container" shm:0 --owner=$stranger
	assert_success
	assert_stderr
	tool list --ipc-ns="$container" -o UID --no-headings
	assert_output "$stranger"
	tool rm --ipc-ns="$container" shm:0
	assert_success
	assert_stderr
	# Root's own objects are untouched, and its names are those of the machine.
	tool list --all-namespaces --no-headings -o REF
	assert_success
	assert_output ''
}

@test "ipc-ns-user: a namespace of another user" {
	local other file

	start_container $user
	start_container $stranger
	other=$container
	own list --ipc-ns="$other"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: process $other cannot be examined: Permission denied; run as root"
	# What can be opened need not be one that may be entered.
	requires mount
	file=$(mktemp)
	mount --bind "/proc/$other/ns/ipc" "$file"
	own rm --ipc-ns="$file" shm:0
	umount "$file"
	rm "$file"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool rm: --ipc-ns=$file: cannot be entered: Operation not permitted; run as root"
}

@test "ipc-ns-user: with --all-namespaces they are counted" {
	helper shm 10 as=$user
	start_container $user
	inside "$IPCHELPER" shm 100
	own list --all-namespaces --no-headings -o SIZE
	assert_success
	assert_output 10
	assert_stderr_line --index 0 "ipctool list: 1 of 2 namespaces may not be entered; run as root"
	# Those that root may enter.
	tool list --all-namespaces --no-headings -o SIZE
	assert_success
	assert_stderr
	assert_output " 10
100"
}

@test "ipc-ns-user: the own namespace first, then the container; there is no way back" {
	local id first first_ns

	id=$(helper shm 10 as=$user)
	start_container $user
	inside "$IPCHELPER" shm 100
	own list "shm:0@$container" "shm:$id" -o OWNER,SIZE --no-headings
	assert_success
	assert_equal "$(tr -s ' ' <<<"$output")" "$user 10
0 100"
	assert_stderr "ipctool list: entered the user namespace of $ns: owners and groups are numbers of that namespace"
	first=$container first_ns=$ns
	start_container $user
	inside "$IPCHELPER" shm 200
	own list "shm:0@$first" "shm:0@$container" -o SIZE --no-headings
	assert_failure 2
	assert_output 100
	assert_stderr "ipctool list: entered the user namespace of $first_ns: owners and groups are numbers of that namespace
ipctool list: $ns: cannot be entered: Operation not permitted; run as root"
}

@test "ipc-ns-user: names are those of the caller, and mean no one in there" {
	local name

	start_container $user
	inside "$IPCHELPER" shm 100
	name=$(id -un 0)
	for words in "list --user=$name" "list --creator=$name" "rm shm --group=$name" \
		"set shm:0 --owner=$name"; do
		# shellcheck disable=SC2086 # words
		own $words --ipc-ns="$container"
		assert_failure 2
		assert_stderr "ipctool ${words%% *}: $container has another user namespace, where '$name' is not known as a name; give the number there"
	done
	own list --ipc-ns="$container" --user=0 --no-headings -o SIZE
	assert_success
	assert_output 100
	own list --ipc-ns="$container" --user=$user --no-headings -o SIZE
	assert_success
	assert_output ''
	# Where nothing is entered but the IPC namespace, the names are right.
	tool list --ipc-ns="$container" --user="$name" --no-headings
	assert_success
	assert_output ''
	# An excluded name could be anyone; a number is one of those that are listed.
	own rm shm --ipc-ns="$container" --all --except="user:$name" --force --yes
	assert_success
	own rm shm --ipc-ns="$container" --all --except="group:0" --force --yes
	assert_success
	own list --ipc-ns="$container" --no-headings -o SIZE
	assert_output 100
	own rm shm --ipc-ns="$container" --all --except="user:$user" --force --yes
	assert_success
	own list --ipc-ns="$container" --no-headings -o SIZE
	assert_output ''
}

@test "ipc-ns-user: what the file keeps of the caller's users stays" {
	requires mount
	start_container $user
	inside "$IPCHELPER" shm 100
	# shellcheck disable=SC2016 # the inner shell's
	split unshare --mount sh -c 'mount -t tmpfs none /etc && mkdir /etc/ipctool &&
		echo "user:4711" >/etc/ipctool/keep && chmod -R a+rX /etc && shift &&
		exec setpriv --reuid="$1" --regid="$1" --clear-groups -- "$0" rm --ipc-ns="$2" shm \
			--all --force --yes -v' "$IPCTOOL" - "$user" "$container"
	assert_success
	assert_output ''
	assert_stderr "$(entered rm)
ipctool rm: 1 object is kept by /etc/ipctool/keep
ipctool rm: no object is chosen"
	own list --ipc-ns="$container" --no-headings -o SIZE
	assert_output 100
}

@test "ipc-ns-user: what is stale, though other processes cannot be examined" {
	start_container $user --keep-caps
	# The kernel takes a map in one piece only.
	printf '%s\n' "0 $user 1" "1 200000 1000" >"$BATS_TEST_TMPDIR/map"
	cat "$BATS_TEST_TMPDIR/map" >"/proc/$container/uid_map"
	cat "$BATS_TEST_TMPDIR/map" >"/proc/$container/gid_map"
	nsenter --target "$container" --user --ipc --setuid 1 --setgid 1 -- "$IPCHELPER" shm 100
	nsenter --target "$container" --user --ipc -- "$IPCHELPER" shm 200
	own list --ipc-ns="$container" -o UID,STALE,CAUSE --no-headings --alone --grace=0s
	assert_success
	assert_output "1  yes  none
0  no   may-know"
	# The namespace of a process outside cannot be determined: it may be in there.
	setpriv --reuid=200000 --regid=200000 --clear-groups -- sleep infinity 3>&- &
	containers+=($!)
	until [ "$(cat "/proc/$!/comm")" = sleep ]; do
		sleep 0.01
	done
	nsenter --target "$container" --user --ipc --setuid 1 --setgid 1 -- "$IPCHELPER" shm 300
	own list --ipc-ns="$container" -o SIZE,UID,STALE,CAUSE --no-headings --alone --grace=0s \
		--min-size=300
	assert_success
	assert_output "300  1  no  may-know"
}
