#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# list and stat of all IPC namespaces: the document, what it says of the namespaces, groups.

load common

setup()
{
	requires root
	start_helper namespace process size=100
	inode=${ready[0]} process=${ready[1]}
	ns=$(ipctool namespaces --no-headings -o ns "$process" | tr -d ' ')
	own=$(ipctool namespaces --no-headings -o ns $$ | tr -d ' ')
}

# inside COMMAND... : a command in the IPC namespace of the helper.
inside()
{
	nsenter --target "$process" --ipc -- "$@"
}

@test "ipc-ns-list: the document of all namespaces, with unique references" {
	requires jsonschema
	helper shm 10 >/dev/null
	helper sem 2 >/dev/null
	inside "$IPCHELPER" sem 2 >/dev/null
	tool create pmsg:/queue
	tool create --ipc-ns="$process" pmsg:/queue
	tool create pshm:/segment --size=1
	ipctool list all --all-namespaces -J >"$BATS_TEST_TMPDIR/list.json"
	ipctool stat all --all-namespaces --alone -J >"$BATS_TEST_TMPDIR/stat.json"
	for name in list stat; do
		run "$IPCTOOL_SRCDIR/tests/validate" \
			"$IPCTOOL_SRCDIR/schema/ipctool-$name.schema.json" \
			"$BATS_TEST_TMPDIR/$name.json"
		assert_output ''
		assert_success
		run -0 jq -r '[.objects[].ref] | length, (unique | length)' \
			"$BATS_TEST_TMPDIR/$name.json"
		assert_output "${lines[0]}
${lines[0]}"
		run -0 jq -r '.objects[].ref' "$BATS_TEST_TMPDIR/$name.json"
		assert_line "shm:0@$ns"
		assert_line "pmsg:/queue@$own"
		assert_line "pmsg:/queue@$ns"
	done
	ipctool rm pmsg:/queue --force
	ipctool rm pshm:/segment --force
}

@test "ipc-ns-list: the document has what the command namespaces prints" {
	inside "$IPCHELPER" sem 2 >/dev/null
	# The command namespaces is a process of ours, and so is jq.
	ipctool list --all-namespaces -J >"$BATS_TEST_TMPDIR/list"
	ipctool namespaces -J >"$BATS_TEST_TMPDIR/namespaces"
	assert_equal "$(jq -c '.namespaces[] | del(.nprocs)' "$BATS_TEST_TMPDIR/list")" \
		"$(jq -c '.namespaces[] | del(.nprocs)' "$BATS_TEST_TMPDIR/namespaces")"
	assert_equal "$(jq -c '.namespaces[0] | [.ns, .nprocs, .pid, .shm, .sem, .bytes]' \
		"$BATS_TEST_TMPDIR/list")" "[$inode,1,$process,1,1,100]"
	tool stat --all-namespaces shm -J
	assert_success
	assert_equal "$(jq -c '.namespaces[].ns' <<<"$output")" "$inode
${own%.*}"
	# Only that document, and only with this option.
	tool list --ipc-ns="$process" -J
	assert_equal "$(jq -c 'keys' <<<"$output")" '["objects","schema"]'
	tool list --all-namespaces --format=jsonl -o ns
	assert_output "{\"ns\": $inode}
{\"ns\": $inode}"
	tool list --all-namespaces --by=type -J
	assert_equal "$(jq -c 'keys' <<<"$output")" '["groups","schema"]'
}

@test "ipc-ns-list: nothing but namespaces" {
	end_helper
	tool list --all-namespaces -J
	assert_success
	assert_equal "$(head -n 1 <<<"$output")" '{"schema": 1, "objects": [], "namespaces": ['
	assert_equal "$(jq -c '.objects, [.namespaces[].ns]' <<<"$output")" "[]
[${own%.*}]"
}

@test "ipc-ns-list: namespaces that may not be entered are in the document as well" {
	start_helper namespace process size=200
	# A process of the user in a namespace of root's.
	nsenter --target "${ready[1]}" --ipc -- \
		setpriv --reuid=12345 --regid=12345 --clear-groups -- sleep infinity 3>&- &
	until [ "$(cat "/proc/$!/comm")" = sleep ]; do
		sleep 0.01
	done
	split setpriv --reuid=12345 --regid=12345 --clear-groups -- "$IPCTOOL" list \
		--all-namespaces -J
	kill $!
	assert_success
	assert_equal "$(jq -c '.namespaces[] | select(.ns != '"${own%.*}"') | [.ns, .shm, .bytes, .unread]' \
		<<<"$output")" \
		"[${ready[0]},null,null,[\"shm\",\"sem\",\"msg\",\"pmsg\",\"bytes\",\"rss\",\"swap\"]]"
	assert_stderr_line "ipctool list: 1 of 2 namespaces may not be entered; run as root"
}

@test "ipc-ns-list: names that a shell can use" {
	tool list --ipc-ns="$process" --format=export -o ref,ns,nsid
	assert_success
	assert_output "IPC_REF='shm:0@$ns' IPC_NS='$inode' IPC_NSID='${ns#*.}'"
}

@test "ipc-ns-list: groups by namespace and by container" {
	helper shm 10 >/dev/null
	tool list --all-namespaces --by=ns -o ns,count,bytes --no-headings
	assert_success
	assert_output "$ns  1  100
$own  1   10"
	tool list --all-namespaces --by=ns --format=jsonl -o ns,bytes
	assert_success
	assert_output "{\"ns\": $inode, \"bytes\": 100}
{\"ns\": ${own%.*}, \"bytes\": 10}"
	tool list --all-namespaces --by=container --format=jsonl -o bytes
	assert_success
	assert_equal "$(jq -s 'map(.bytes) | add' <<<"$output")" 110
	tool list --by=ns --from=/proc/sysvipc
	assert_usage "ipctool list: --from reads saved copies, which do not tell their namespace"
}

@test "ipc-ns-list: the first look at all namespaces comes before any second look" {
	local i

	requires strace
	for i in 1 2 3; do
		start_helper namespace process size=100
		nsenter --target "${ready[1]}" --ipc -- "$IPCHELPER" shm 200 uid=4711 >/dev/null
	done
	tool list --all-namespaces --stale --grace=0s --alone -o SIZE,OWNER --no-headings
	assert_success
	assert_output "200  4711
200  4711
200  4711"
	split strace -qqq -o "$BATS_TEST_TMPDIR/calls" -e trace=setns,clock_nanosleep "$IPCTOOL" \
		list --all-namespaces --stale --grace=0s --alone --no-headings
	assert_success
	# Whether the own one can be entered again, the four others, and the second round up to the
	# first that has a stale segment.
	run -0 head -n 1 < <(grep -oE '^(setns|clock_nanosleep)' "$BATS_TEST_TMPDIR/calls" |
		uniq -c | tr -s ' ')
	assert_output --regexp '^ ?8 setns$'
}
