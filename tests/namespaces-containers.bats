#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Containers, by real cgroups with the names that container managers give them. unit-cgroup
# has more paths.

load common

# An id that no other container of this machine has, and one with the same first digits.
setup_file()
{
	local random

	random=$(od -An -N 26 -tx1 /dev/urandom | tr -d ' \n')
	export id=abcdef012345$random other=abcdef999999$random
}

setup()
{
	requires root mount
	tree=$BATS_TEST_TMPDIR/cgroup
	made=()
	mkdir "$tree"
	mount -t cgroup2 none "$tree" 2>/dev/null || skip "needs cgroup2"
	mkdir "$tree/ipctool-test-$id" 2>/dev/null || skip "needs cgroups that can be made"
	rmdir "$tree/ipctool-test-$id"
	[ "$(readlink /proc/self/ns/cgroup)" = 'cgroup:[4026531835]' ] ||
		skip "needs the initial cgroup namespace"
	own=$(stat -L -c %i /proc/self/ns/ipc)
}

teardown()
{
	local i

	end_helpers
	for ((i = ${#made[@]} - 1; i >= 0; i--)); do
		rmdir "${made[i]}" 2>/dev/null || true
	done
	umount "$tree" 2>/dev/null || true
	wipe
}

# make PATH : a cgroup; those above it that are missing are made as well.
make()
{
	local path=$tree part parts

	IFS=/ read -ra parts <<<"${1#/}"
	for part in "${parts[@]}"; do
		path+=/$part
		[ ! -d "$path" ] || continue
		mkdir "$path"
		made+=("$path")
	done
}

# start_in PATH : a process in a namespace and a cgroup of its own; its words are in ready.
start_in()
{
	start_helper namespace process size=10
	make "$1"
	echo "${ready[1]}" >"$tree$1/cgroup.procs"
}

# container INODE : its container and pod, in JSON.
container()
{
	ipctool namespaces -J -o ns,container,pod "$1" | jq -c '.namespaces[] | [.container, .pod]'
}

# found NS : the number of the namespace that a name finds.
found()
{
	ipctool namespaces --format=raw --no-headings -o ns "$1"
}

@test "containers: what each manager names its cgroups, and how they are named to ipctool" {
	local path wanted pod names name n=0
	local uid=12345678-1234-1234-1234-123456789012
	local slice=12345678_1234_1234_1234_123456789012

	while read -r path wanted pod names; do
		start_in "${path//\//\/}"
		run -0 container "${ready[0]}"
		assert_output "[\"$wanted\",$pod]"
		for name in $names; do
			run -0 found "$name"
			assert_output "${ready[0]}"
		done
		end_helper
		n=$((n + 1))
	done <<-END
		/docker/$id docker:$id null docker:$id docker://$id ${id:0:12} ${id:0:6} $id docker:${id:0:6}
		/system.slice/docker-$id.scope docker:$id null $id
		/machine.slice/libpod-$id.scope/container podman:$id null podman:$id $id
		/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod$slice.slice/cri-containerd-$id.scope containerd:$id "$uid" containerd://$id pod:$uid
		/kubepods.slice/kubepods-pod$slice.slice/crio-$id.scope crio:$id "$uid" cri-o://$id crio:$id pod:$uid
		/kubepods/besteffort/pod$uid/$id containerd:$id "$uid" containerd:$id pod:$uid
		/lxc.payload.ipctool-test lxc:ipctool-test null lxc:ipctool-test
		/machine.slice/machine-ipctool\\x2dtest.scope machine:ipctool-test null machine:ipctool-test
	END
	[ "$n" -eq 8 ]
}

@test "containers: units, unknown paths and the table" {
	start_in /system.slice/ipctool-test.service
	run -0 container "${ready[0]}"
	assert_output '["unit:ipctool-test.service",null]'
	tool namespaces unit:ipctool-test.service
	assert_failure 2
	start_in "/ipctool-test-$id"
	run -0 container "${ready[0]}"
	assert_output '[null,null]'
	start_in "/docker/$id"
	tool namespaces --no-headings -o container "$id"
	assert_success
	assert_output "docker:${id:0:12}"
	assert_stderr
}

@test "containers: a prefix of two containers, and one of 5 digits" {
	local first

	start_in "/docker/$id"
	first=${ready[0]}
	start_in "/docker/$other"
	run -0 found "${other:0:12}"
	assert_output "${ready[0]}"
	tool namespaces "${id:0:6}"
	assert_failure 2
	assert_stderr --regexp "^ipctool namespaces: '${id:0:6}' is ambiguous: docker:(${id:0:12}|${other:0:12}) \([0-9.]+\), docker:(${id:0:12}|${other:0:12}) \([0-9.]+\)\$"
	assert_stderr --partial "docker:${id:0:12} ($(ipctool namespaces --no-headings -o ns "$first" | tr -d ' '))"
	tool namespaces "${id:0:5}"
	assert_usage "ipctool namespaces: '${id:0:5}': not a namespace; expected a PID, an inode number, INODE.ID, host, a path, or a container by 6 or more digits of its ID"
	# All containers of a pod have one namespace.
	end_helper
	nsenter --target "$(ipctool namespaces --format=raw --no-headings -o pid "$first")" --ipc \
		sleep 100 3>&- &
	until [ "$(stat -L -c %i "/proc/$!/ns/ipc")" = "$first" ]; do
		sleep 0.01
	done
	echo $! >"$tree/docker/$other/cgroup.procs"
	run -0 found "${id:0:6}"
	assert_output "$first"
	# It is not that of the oldest process.
	run -0 found "$other"
	assert_output "$first"
	run -0 container "$first"
	assert_output "[\"docker:$id\",null]"
	kill $!
	wait $! || true
}

@test "containers: a process that starts a container, and is not inside it yet" {
	local pid first

	sleep 100 3>&- &
	pid=$!
	make "/docker/$id"
	echo "$pid" >"$tree/docker/$id/cgroup.procs"
	helper shm 10
	# It is in the namespace of ipctool still.
	tool rm --force "shm:0@docker:$id"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: shm:0@docker:$id: no container matches '$id'"
	tool list "--ipc-ns=$id"
	assert_failure 1
	start_in "/docker/$id"
	run -0 found "$id"
	assert_output "${ready[0]}"
	end_helper
	kill "$pid"
	wait "$pid" || true
	# A container with the IPC namespace of the machine has mounts of its own.
	unshare --mount sleep 100 3>&- &
	pid=$!
	until [ "$(stat -L -c %i "/proc/$pid/ns/mnt")" != "$(stat -L -c %i /proc/self/ns/mnt)" ]; do
		sleep 0.01
	done
	echo "$pid" >"$tree/docker/$id/cgroup.procs"
	run -0 found "$id"
	assert_output "$own"
	kill "$pid"
	wait "$pid" || true
	# ipctool inside it, with the same mounts.
	# shellcheck disable=SC2016 # the inner shell's own
	run -0 sh -c 'echo $$ >"$1/cgroup.procs" && "$2" namespaces --format=raw --no-headings -o ns "$3"' \
		sh "$tree/docker/$id" "$IPCTOOL" "$id"
	assert_output "$own"
}

@test "containers: a process whose namespace cannot be read may be of the same container" {
	local second

	start_in "/docker/$id"
	start_in "/docker/$other"
	second=${ready[1]}
	# Only the second look fails, which comes once its cgroup was read.
	split strace -qqq -o /dev/null -P "/proc/$second/ns/ipc" -e trace=newfstatat \
		-e inject=newfstatat:error=ENOMEM:when=2 "$IPCTOOL" rm --force "shm:0@${id:0:6}"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool rm: shm:0@${id:0:6}: '${id:0:6}': 1 process could not be examined: Cannot allocate memory"
}

@test "containers: a process whose cgroup cannot be read may be of the same container" {
	local first second

	start_in "/docker/$id"
	first=${ready[1]}
	start_in "/docker/$other"
	second=${ready[1]}
	# unread ARG... : ipctool where that of the second process cannot be read
	unread()
	{
		split strace -qqq -o /dev/null -P "/proc/$second/cgroup" -e trace=openat \
			-e inject=openat:error=EMFILE "$IPCTOOL" "$@"
	}
	unread rm --force "shm:0@${id:0:6}"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool rm: shm:0@${id:0:6}: '${id:0:6}': 1 process could not be examined: Too many open files"
	unread list shm "--ipc-ns=${id:0:6}" -o size --no-headings --bytes
	assert_success
	assert_output 10
	unread list shm "--ipc-ns=$other"
	assert_failure 2
	assert_stderr "ipctool list: '$other': 1 process could not be examined: Too many open files"
	assert_equal "$(nsenter --target "$first" --ipc tail -n +2 /proc/sysvipc/shm | wc -l)" 1
}

@test "containers: of objects" {
	start_in "/docker/$id"
	nsenter --target "${ready[1]}" --ipc "$IPCHELPER" sem 1
	tool list --ipc-ns="$id" -o REF,CONTAINER --no-headings
	assert_success
	assert_stderr
	assert_equal "$(awk '{ print $2 }' <<<"$output")" "docker:${id:0:12}
docker:${id:0:12}"
	# Programs see the whole id, and so does stat.
	tool list --ipc-ns="$id" -J -o container
	assert_success
	assert_output "{\"schema\": 1, \"objects\": [
{\"container\": \"docker:$id\"},
{\"container\": \"docker:$id\"}
]}"
	tool stat --ipc-ns="$id" shm --format=jsonl
	assert_success
	assert_equal "$(jq -r .container <<<"$output")" "docker:$id"
	# Only those who ask for it learn that it is unknown.
	split unshare --cgroup "$IPCTOOL" list sem --ipc-ns="${ready[1]}" -J -o type,container
	assert_success
	assert_output '{"schema": 1, "objects": [
{"type": "sem", "container": null, "unread": ["container"]}
]}'
	assert_stderr "ipctool list: container of 1 namespace cannot be determined: ipctool runs in its own cgroup namespace"
	split unshare --cgroup "$IPCTOOL" list sem --ipc-ns="${ready[1]}" -o type --no-headings
	assert_success
	assert_output sem
	assert_stderr
}

@test "containers: a path that a user can make" {
	local users=/user.slice/user-65534.slice/user@65534.service victim command as_user

	as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups --)
	start_in "/docker/$id"
	victim=${ready[0]}
	# With the name of the other's container: no container, or that user's.
	start_in "$users/docker-$id.scope"
	run -0 container "${ready[0]}"
	assert_output "[\"unit:docker-$id.scope\",null]"
	start_in "$users/libpod-$id.scope"
	run -0 container "${ready[0]}"
	assert_output "[\"podman:$id,user=65534\",null]"
	run -0 found "$id"
	assert_output "$victim"
	run -0 found "podman:$id,user=65534"
	assert_output "${ready[0]}"
	run -1 found "podman:$id,user=1"
	# While the container is down, reading finds that of the user.
	end_helper 0
	tool namespaces "docker:$id"
	assert_failure 1
	assert_stderr "ipctool namespaces: no container matches '$id'"
	run -0 found "$id"
	assert_output "${ready[0]}"
	nsenter --target "${ready[1]}" --ipc "$IPCHELPER" msg >/dev/null
	run -0 ipctool list msg --ipc-ns="$id" --format=raw --no-headings -o ns
	assert_output "${ready[0]}"
	# What changes something does not take it for the container.
	for command in "rm msg:0@$id" "rm --ipc-ns=$id msg --all --yes" "set msg:0@$id --mode=0" \
		"recv msg:0@$id" "create shm --size=1 --ipc-ns=$id"; do
		# shellcheck disable=SC2086 # several words
		tool $command
		assert_failure 1
		assert_output ''
		assert_stderr --partial "no container matches '$id'"
	done
	run -0 ipctool list msg --ipc-ns="$id" --format=raw --no-headings -o mode
	assert_output 0600
}

@test "containers: in a cgroup namespace of its own the paths tell nothing" {
	start_in "/docker/$id"
	split unshare --cgroup "$IPCTOOL" namespaces -J -o container,pod "${ready[0]}"
	assert_success
	assert_output '{"schema": 1, "namespaces": [
{"container": null, "pod": null, "unread": ["container", "pod"]}
]}'
	assert_stderr "ipctool namespaces: container of 1 namespace cannot be determined: ipctool runs in its own cgroup namespace"
	split unshare --cgroup "$IPCTOOL" namespaces lxc:web
	assert_failure 1
	assert_stderr "ipctool namespaces: no LXC container matches 'web'; ipctool runs in its own cgroup namespace"
	# Fields that need no container ask for none.
	split unshare --cgroup "$IPCTOOL" namespaces -o ns,bytes
	assert_success
	assert_stderr
}
