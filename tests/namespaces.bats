#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# ipctool namespaces: all IPC namespaces that can be seen, what they hold, and what keeps
# them. The file's own PID namespace hides those of the machine.

load common
load stale
load preload

setup_file()
{
	build_preload
}

setup()
{
	requires root
	own=$(stat -L -c %i /proc/self/ns/ipc)
}

teardown()
{
	local point

	for point in "$BATS_TEST_TMPDIR"/mount* "$BATS_TEST_TMPDIR"/mount*/ns; do
		! mountpoint -q "$point" 2>/dev/null || umount "$point"
	done
	end_helpers
	wipe
}

# row INODE FIELD... : the JSON of a namespace, or of some of its fields.
row()
{
	local inode=$1

	shift
	ipctool namespaces -J ${1:+-o "ns,$(tr ' ' , <<<"$*")"} |
		jq -c --argjson ns "$inode" '.namespaces[] | select(.ns == $ns) | del(.ns, .nsid)'
}

# inodes ARG... : the numbers of the namespaces that are listed.
inodes()
{
	ipctool namespaces --format=raw --no-headings -o ns "$@"
}

# id_of INODE : INODE.ID, or INODE where the kernel has no ids.
id_of()
{
	ipctool namespaces --no-headings -o ns "$1" | tr -d ' '
}

@test "namespaces: the own one, with its objects" {
	helper shm 5000 >/dev/null
	helper shm 3 >/dev/null
	helper sem 2 >/dev/null
	helper msg >/dev/null
	run -0 row "$own" shm sem msg pmsg bytes swap kept owner container
	assert_output '{"shm":2,"sem":1,"msg":1,"pmsg":0,"bytes":5003,"swap":0,"kept":["process"],"owner":"root","container":null}'
	tool namespaces --no-headings -o shm,sem,msg,bytes,kept "$own"
	assert_success
	assert_output '2  1  1  4.9K'
	assert_stderr
	tool ns --format=raw --no-headings -o bytes .
	assert_failure 2
	assert_stderr "ipctool namespaces: '.': not an IPC namespace"
}

@test "namespaces: kept by a process" {
	start_helper namespace process size=100
	run -0 row "${ready[0]}" nprocs pid command shm bytes kept
	assert_output "{\"nprocs\":1,\"pid\":${ready[1]},\"command\":\"ipchelper\",\"shm\":1,\"bytes\":100,\"kept\":[\"process\"]}"
	end_helper
	run -0 row "${ready[0]}"
	assert_output ''
}

@test "namespaces: the oldest process is shown, and all are counted" {
	start_helper namespace process
	nsenter --target "${ready[1]}" --ipc sleep 100 3>&- &
	helper within 10 await $! read 2>/dev/null || true
	until [ "$(stat -L -c %i "/proc/$!/ns/ipc")" = "${ready[0]}" ]; do
		sleep 0.01
	done
	run -0 row "${ready[0]}" nprocs pid
	assert_output "{\"nprocs\":2,\"pid\":${ready[1]}}"
	kill $!
	wait $! || true
}

@test "namespaces: kept by a single thread" {
	start_helper namespace thread size=100
	run -0 row "${ready[0]}" nprocs pid bytes kept
	assert_output "{\"nprocs\":1,\"pid\":${ready[1]},\"bytes\":100,\"kept\":[\"thread:${ready[1]}/${ready[2]}\"]}"
	# The main thread counts where it is.
	run -0 row "$own" kept
	assert_output '{"kept":["process"]}'
	tool namespaces --unattached
	assert_success
	refute_output --partial "${ready[0]}"
}

@test "namespaces: kept by a descriptor" {
	start_helper namespace fd size=100
	run -0 row "${ready[0]}" nprocs pid command container bytes kept
	assert_output "{\"nprocs\":0,\"pid\":null,\"command\":null,\"container\":null,\"bytes\":100,\"kept\":[\"fd:${ready[1]}/${ready[2]}\"]}"
	tool namespaces --no-headings -o nprocs,pid,command,container,kept "${ready[0]}"
	assert_success
	assert_output "0        fd:${ready[1]}/${ready[2]}"
	# A descriptor that cannot be read may be one of a namespace.
	split strace -qqq -o /dev/null -P "/proc/${ready[1]}/fd/${ready[2]}" -e trace=readlink \
		-e inject=readlink:error=ENOMEM "$IPCTOOL" namespaces --unattached -o ns --no-headings
	assert_success
	assert_output ''
	assert_equal "$(grep -v '^strace: ' <<<"$stderr")" \
		"ipctool namespaces: 1 process could not be examined"
	end_helper
	run -0 row "${ready[0]}"
	assert_output ''
}

@test "namespaces: kept by a mount, also in another mount namespace" {
	local point="$BATS_TEST_TMPDIR/mount a" inode id
	requires mount

	touch "$point"
	unshare "--ipc=$point" "$IPCHELPER" shm 4096 >/dev/null
	inode=$(stat -c %i "$point")
	run -0 row "$inode" nprocs shm bytes kept
	assert_output "$(jq -nc --arg kept "mount:$point" '{nprocs:0,shm:1,bytes:4096,kept:[$kept]}')"
	id=$(id_of "$inode")
	tool namespaces --unattached --no-headings -o ns,nprocs,bytes,kept
	assert_success
	assert_output "$id  0  4.0K  mount:$point"
	# Each way to name it.
	for name in "$inode" "$id" "$point"; do
		tool namespaces --format=raw --no-headings -o ns "$name"
		assert_success
		assert_output "$inode"
	done
	# Only another mount namespace has it.
	unshare --mount sleep 100 3>&- &
	until [ "$(readlink "/proc/$!/ns/mnt")" != "$(readlink /proc/self/ns/mnt)" ] &&
		[ "$(cat "/proc/$!/comm")" = sleep ]; do
		sleep 0.01
	done
	umount "$point"
	run -0 row "$inode" kept
	assert_output "$(jq -nc --arg kept "mount:$point" '{kept:[$kept]}')"
	kill $!
	wait $! || true
	run -0 row "$inode"
	assert_output ''
	tool namespaces "$id"
	assert_failure 1
	assert_output "$(ipctool namespaces --unattached)"
	assert_stderr "ipctool namespaces: $id: the namespace is gone"
}

# mountinfo has the mount, but its path leads to something else.
@test "namespaces: a mount that something covers is passed over, and that is not opened" {
	local point=$BATS_TEST_TMPDIR/mount-c inode
	requires mount

	mkdir "$point"
	touch "$point/ns"
	unshare "--ipc=$point/ns" "$IPCHELPER" shm 100 >/dev/null
	inode=$(stat -c %i "$point/ns")
	mount -t tmpfs none "$point"
	mkfifo "$point/ns" "$point/fifo"
	run -0 row "$inode"
	assert_output ''
	for target in fifo "$point/fifo" /proc/self/ns/ipc "/proc/$$/ns/ipc" /proc/self/ns/net; do
		ln -sf "$target" "$point/ns"
		tool namespaces -J -o kept
		assert_success
		assert_output '{"schema": 1, "namespaces": [
{"kept": ["process"]}
]}'
		assert_stderr
	done
	umount "$point"
	run -0 row "$inode" kept
	assert_output "{\"kept\":[\"mount:$point/ns\"]}"
}

@test "namespaces: what ipctool itself keeps is not listed" {
	local fd

	start_helper namespace process
	exec {fd}<"/proc/${ready[1]}/ns/ipc"
	end_helper
	# bats has the descriptor, as ipctool will.
	run -0 row "${ready[0]}" kept
	assert_output --regexp '^\{"kept":\["fd:[0-9]+/[0-9]+"'
	refute [ -z "$output" ]
	exec {fd}<&-
	# ipctool is the only process of its namespace.
	split unshare --ipc "$IPCTOOL" namespaces --format=raw --no-headings -o ns
	assert_success
	assert_output "$own"
}

@test "namespaces: order, --sort, --min-size, --exit-code and operands" {
	local small large

	start_helper namespace process size=100
	small=${ready[0]}
	start_helper namespace process size=70000
	large=${ready[0]}
	run -0 inodes
	assert_output "$large"$'\n'"$small"$'\n'"$own"
	run -0 inodes --sort=bytes
	assert_output "$own"$'\n'"$small"$'\n'"$large"
	run -0 inodes --sort=-ns -o ns
	assert_output "$(printf '%s\n' "$own" "$small" "$large" | sort -rn)"
	run -0 inodes --min-size=101
	assert_output "$large"
	run -0 inodes --min-size=1
	assert_output "$large"$'\n'"$small"
	run -0 inodes "$small" "${ready[1]}" "$small"
	assert_output "$large"$'\n'"$small"
	run -0 inodes "/proc/${ready[1]}/ns/ipc"
	assert_output "$large"
	run -1 inodes --exit-code
	run -0 inodes --exit-code --min-size=70001
	assert_output ''
	tool namespaces --min-size=x
	assert_failure 2
}

@test "namespaces: names that are no namespaces" {
	local name fifo=$BATS_TEST_TMPDIR/fifo free

	for name in x 0 4194305 4026531838 1.2 4026531839.x 4026531839. abcde host2 '' \
		docker: docker:12345 docker:xyz123 podman:123456,user=x lxc: -1x; do
		tool namespaces -- "$name"
		assert_usage "ipctool namespaces: '$name': not a namespace; expected a PID, an inode number, INODE.ID, host, a path, or a container by 6 or more digits of its ID"
	done
	# The column CONTAINER shows it.
	tool namespaces unit:a.service
	assert_usage "ipctool namespaces: 'unit:a.service': a unit is not a namespace; name the PID of one of its processes"
	# Neither is opened: that would block, or act.
	mkfifo "$fifo"
	mknod "$BATS_TEST_TMPDIR/device" c 5 0
	for name in "$fifo" "$BATS_TEST_TMPDIR/device" "$BATS_TEST_FILENAME" /proc/self/ns/net \
		/proc/self/ns/uts /proc/self/status; do
		tool namespaces "$name"
		assert_failure 2
		assert_output "$(ipctool namespaces --unattached)"
		assert_stderr "ipctool namespaces: '$name': not an IPC namespace"
	done
	tool namespaces /nowhere/x
	assert_failure 1
	assert_stderr "ipctool namespaces: cannot open '/nowhere/x': No such file or directory"
	free=4194303
	tool namespaces $free
	assert_failure 1
	assert_stderr "ipctool namespaces: process $free does not exist"
	tool namespaces 4294967295
	assert_failure 1
	assert_stderr "ipctool namespaces: no IPC namespace has the inode number 4294967295"
	tool namespaces 0123456789abcdef
	assert_failure 1
	assert_stderr --partial "ipctool namespaces: no container matches '0123456789abcdef'"
	tool namespaces lxc:web machine:db pod:7
	assert_failure 1
	assert_stderr "ipctool namespaces: no LXC container matches 'web'
ipctool namespaces: no machine matches 'db'
ipctool namespaces: no pod has the UID '7'"
	# What is found is listed all the same.
	tool namespaces --format=raw --no-headings -o ns $free "$own"
	assert_failure 1
	assert_output "$own"
}

@test "namespaces: ids, and a kernel without" {
	local id no_id=("$IPCHELPER" deny ioctl:0x8008b70d=ENOTTY -- "$IPCTOOL")
	requires seccomp

	split "${no_id[@]}" namespaces -J -o ns,nsid
	assert_success
	assert_output "{\"schema\": 1, \"namespaces\": [
{\"ns\": $own, \"nsid\": null}
]}"
	split "${no_id[@]}" namespaces --no-headings -o ns
	assert_output "$own"
	split "${no_id[@]}" namespaces "$own.7"
	assert_failure 2
	assert_stderr "ipctool namespaces: '$own.7': this kernel has no namespace ids; use the inode number"
	id=$(id_of "$own")
	[ "$id" != "$own" ] || skip "needs a kernel with namespace ids"
	run -0 inodes "$id"
	assert_output "$own"
	tool namespaces "$own.1"
	assert_failure 1
	assert_stderr "ipctool namespaces: $own.1: the namespace is gone; $id has its inode number now"
}

@test "namespaces: a namespace gets the number of another that has ended" {
	local old i

	[ "$(id_of "$own")" != "$own" ] || skip "needs a kernel with namespace ids"
	start_helper namespace process
	old=$(id_of "${ready[0]}")
	end_helper
	for i in {1..50}; do
		start_helper namespace process
		[ "${ready[0]}" != "${old%.*}" ] || break
		end_helper
	done
	[ "${ready[0]}" = "${old%.*}" ] || skip "the number was not given again"
	tool namespaces "$old"
	assert_failure 1
	assert_stderr "ipctool namespaces: $old: the namespace is gone; $(id_of "${ready[0]}") has its inode number now"
}

@test "namespaces: 500, with few descriptors, while others come and go" {
	local rows pid bytes row

	start_helper namespace many count=500 size=1000
	start_helper namespace churn size=5
	split bash -c 'ulimit -Sn 256 && exec "$@"' bash "$IPCTOOL" namespaces --min-size=1000 -J \
		-o ns,nprocs,shm,bytes,pid,kept
	assert_success
	assert_stderr
	rows=$(jq -c '[.namespaces[] | [.nprocs, .shm, .bytes, .kept[0]]] | sort' <<<"$output")
	assert_equal "$rows" "$(jq -nc '[range(500) | [1, 1, 1000 + ., "process"]]')"
	# Each agrees with what is read inside.
	while read -r pid bytes; do
		read -ra row < <(nsenter --target "$pid" --ipc tail -n 1 /proc/sysvipc/shm)
		assert_equal "$pid ${row[3]}" "$pid $bytes"
	done < <(jq -r '.namespaces[] | "\(.pid) \(.bytes)"' <<<"$output")
	# With too low a hard limit nothing is listed.
	split bash -c 'ulimit -n 64 && exec "$@"' bash "$IPCTOOL" namespaces
	assert_failure 2
	assert_output ''
	assert_stderr --regexp '^ipctool namespaces: cannot keep [0-9]+ namespaces open: Too many open files; raise the limit \(ulimit -n\)$'
}

@test "namespaces: those that come and go disturb nothing" {
	local i

	start_helper namespace churn
	start_helper namespace churn size=100
	for i in {1..50}; do
		tool namespaces -o +nstale
		assert_success
		refute_output --partial '?'
		assert_stderr
	done
}

@test "namespaces: an ordinary user" {

	start_helper namespace process size=100
	helper shm 77 >/dev/null
	split "${by_user[@]}" "$IPCTOOL" namespaces -J -o ns,bytes,kept
	assert_success
	assert_output "{\"schema\": 1, \"namespaces\": [
{\"ns\": $own, \"bytes\": 77, \"kept\": []}
]}"
	assert_stderr --regexp '^ipctool namespaces: [0-9]+ processes could not be examined; run as root$'
	split "${by_user[@]}" "$IPCTOOL" namespaces --unattached --no-headings
	assert_success
	assert_output ''
	# A kernel without ids has another message.
	if [[ $(id_of "$own") == *.* ]]; then
		split "${by_user[@]}" "$IPCTOOL" namespaces "${ready[0]}.1"
		assert_failure 1
		assert_stderr --regexp "ipctool namespaces: ${ready[0]}.1: the namespace cannot be found; [0-9]+ processes? could not be examined, run as root"
	fi
	split "${by_user[@]}" "$IPCTOOL" namespaces "${ready[1]}" "${ready[0]}"
	assert_failure 2
	assert_stderr_line --index 0 "ipctool namespaces: process ${ready[1]} cannot be examined: Permission denied; run as root"
	[[ ${stderr_lines[1]} =~ ^"ipctool namespaces: no IPC namespace has the inode number ${ready[0]}; "[0-9]+" processes could not be examined, run as root"$ ]]
}

@test "namespaces: one that may be seen, but not entered" {
	local user=12345 inode

	start_helper threadhere "$user" none
	inode=$(stat -L -c %i "/proc/${ready[0]}/ns/ipc")
	split "${by_user[@]}" "$IPCTOOL" namespaces "$inode" -J -o pid,command,shm,bytes,nstale,kept
	assert_success
	assert_output "{\"schema\": 1, \"namespaces\": [
{\"pid\": ${ready[0]}, \"command\": \"ipchelper\", \"shm\": null, \"bytes\": null, \"nstale\": null, \"kept\": [\"process\"], \"unread\": [\"shm\", \"bytes\", \"nstale\"]}
]}"
	assert_stderr_line --index 0 "ipctool namespaces: 1 of 1 namespace may not be entered; run as root"
	split "${by_user[@]}" "$IPCTOOL" namespaces --no-headings -o shm,bytes "$inode"
	assert_output '?  ?'
	split "${by_user[@]}" "$IPCTOOL" namespaces --no-headings -o ns
	assert_stderr_line --index 0 "ipctool namespaces: 1 of 2 namespaces may not be entered; run as root"
	# The owner of a namespace of the user namespace is unknown only outside of it.
	split "${by_user[@]}" unshare --user --map-root-user "$IPCTOOL" namespaces --sort=ns -J -o owner "$own"
	assert_success
	assert_output "{\"schema\": 1, \"namespaces\": [
{\"owner\": null, \"unread\": [\"owner\"]}
]}"
	assert_stderr_line "ipctool namespaces: owner of 1 namespace cannot be determined: Operation not permitted"
}

@test "namespaces: stale objects, each by the processes of its namespace" {
	local point=$BATS_TEST_TMPDIR/mount-b there inode live
	requires mount
	knows_boot

	# One stale segment here, and there two and a live one; the sets cannot be stale.
	used_shm >/dev/null
	touch "$point"
	unshare "--ipc=$point" "$IPCHELPER" sem 1 >/dev/null
	inode=$(stat -c %i "$point")
	there=(nsenter "--ipc=$point" "$IPCHELPER")
	"${there[@]}" shm 100 as="$user" key=0x7 >/dev/null
	"${there[@]}" shm 200 as="$user" key=0x8 >/dev/null
	live=$("${there[@]}" shm 300 as="$user")
	coproc nsenter "--ipc=$point" "$IPCHELPER" attach "$live" 3>&-
	read -r _ <&"${COPROC[0]}"
	with_preload PRELOAD_SHIFT=100000
	split "${inside[@]}" "$IPCTOOL" namespaces -J -o ns,shm,nstale --alone
	assert_success
	assert_stderr
	assert_equal "$(jq -c '[.namespaces[] | [.ns, .shm, .nstale]] | sort' <<<"$output")" \
		"$(jq -nc "[[$own, 1, 1], [$inode, 3, 2]] | sort")"
	# Without --alone it is unknown, and why is said once for all of them.
	split "${inside[@]}" "$IPCTOOL" namespaces -J -o shm,nstale
	assert_success
	assert_equal "$(jq -c '[.namespaces[] | .nstale]' <<<"$output")" '[null,null]'
	assert_stderr "ipctool namespaces: stale of 3 objects cannot be determined: processes outside this PID namespace are not visible; use --alone if none of them uses these objects"
	# A process of the user that is there may know them; it knows nothing here.
	nsenter "--ipc=$point" "${by_user[@]}" sleep 100 3>&- &
	until [ "$(cat "/proc/$!/comm")" = sleep ]; do
		sleep 0.01
	done
	split "${inside[@]}" "$IPCTOOL" namespaces -J -o ns,nstale --alone
	assert_equal "$(jq -c '[.namespaces[] | [.ns, .nstale]] | sort' <<<"$output")" \
		"$(jq -nc "[[$own, 1], [$inode, 0]] | sort")"
	kill $!
	wait $! || true
	eval "exec ${COPROC[1]}>&-"
	wait "$COPROC_PID" || true
}

@test "namespaces: where /proc hides processes" {
	requires mount

	split unshare --mount --propagation unchanged sh -c 'mount -t proc -o hidepid=2 none /proc &&
		exec setpriv --reuid=12345 --regid=12345 --clear-groups -- "$@"' sh "$IPCTOOL" namespaces
	assert_success
	assert_stderr_line "ipctool namespaces: /proc hides processes of other users (hidepid); run as root"
}

@test "namespaces: POSIX queues are counted in each" {
	start_helper namespace process size=100
	helper mq /ours
	nsenter --ipc="/proc/${ready[1]}/ns/ipc" "$IPCHELPER" mq /theirs
	nsenter --ipc="/proc/${ready[1]}/ns/ipc" "$IPCHELPER" mq /more
	run -0 row "$own" pmsg
	assert_output '{"pmsg":1}'
	run -0 row "${ready[0]}" pmsg
	assert_output '{"pmsg":2}'
}

@test "namespaces: nstale of a namespace that could not be entered again" {
	requires strace
	local point=$BATS_TEST_TMPDIR/mount1 inode

	"$IPCHELPER" shm 100 >/dev/null
	touch "$point"
	unshare "--ipc=$point" "$IPCHELPER" shm 100 >/dev/null
	# The first setns(2) is for the counts, the second for the first namespace again.
	split strace -qqq -o /dev/null -e inject=setns:error=ENOMEM:when=2 "$IPCTOOL" \
		namespaces "$own" "$(stat -c %i "$point")" -J -o ns,shm,nstale --alone
	assert_success
	assert_equal "$(jq -c '[.namespaces[] | [.shm, .nstale]] | sort' <<<"$output")" '[[1,null],[1,0]]'
	inode=$(jq '.namespaces[] | select(.nstale == null) | .ns' <<<"$output")
	assert_stderr "ipctool namespaces: $(id_of "$inode"): nstale cannot be determined: Cannot allocate memory"
}
