#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The limits of other IPC namespaces: fields, warnings and metrics name the namespace.

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

# limit_inside NAME NUMBER : sets a limit there.
limit_inside()
{
	# shellcheck disable=SC2016 # the inner shell's
	inside sh -c 'echo "$1" >"/proc/sys/kernel/$0"' "$1" "$2" 2>/dev/null ||
		skip "needs limits that can be written"
}

@test "ipc-ns-limits: those of one namespace" {
	limit_inside msgmni 7
	inside "$IPCHELPER" msg >/dev/null
	tool limits --ipc-ns="$process" MSGMNI -o +ns,nsid --no-headings
	assert_success
	assert_stderr
	assert_equal "$(head -n 1 <<<"$output" | tr -s ' ')" \
		"MSGMNI message queues 1 7 14% kernel.msgmni $ns ${ns#*.}"
	# Programs see the namespace without asking.
	tool limits --ipc-ns="$process" MSGMNI --format=jsonl
	assert_success
	assert_equal "$(jq -c '[.used, .limit, .ns, .nsid]' <<<"$output")" \
		"[1,7,$inode,${ns#*.}]"
	# Only then.
	tool limits MSGMNI --format=jsonl
	assert_success
	assert_equal "$(jq -c '[.used, .limit == 7, .ns, has("ns")]' <<<"$output")" '[0,false,null,false]'
	tool limits MSGMNI --format=jsonl -o used,ns
	assert_success
	assert_output "{\"used\": 0, \"ns\": ${own%.*}}"
}

@test "ipc-ns-limits: one table and one document for all namespaces" {
	helper msg >/dev/null
	helper msg >/dev/null
	tool limits --all-namespaces MSGMNI SHMMNI -o RESOURCE,USED,NS
	assert_success
	assert_stderr
	assert_equal "$(tr -s ' ' <<<"$output")" "RESOURCE USED NS
SHMMNI 0 $own
MSGMNI 2 $own
SHMMNI 1 $ns
MSGMNI 0 $ns"
	# By default the namespace is the first column.
	tool limits --all-namespaces SHMMNI
	assert_success
	assert_line --index 0 --regexp '^NS +RESOURCE +WHAT +USED +LIMIT +PERCENT +SYSCTL$'
	assert_equal "$(awk 'NR > 1 { print $1, $2 }' <<<"$output" | grep -v root)" "$own SHMMNI
$ns SHMMNI"
	tool limits --all-namespaces SHMMNI --sort=-used -J -o used,ns
	assert_success
	assert_output "{\"schema\": 1, \"limits\": [
{\"used\": 1, \"ns\": $inode},
{\"used\": 0, \"ns\": ${own%.*}}
]}"
	tool limits --all-namespaces SHMMNI --format=export -o ns,nsid
	assert_success
	assert_output "IPC_NS='${own%.*}' IPC_NSID='${own#*.}'
IPC_NS='$inode' IPC_NSID='${ns#*.}'"
}

@test "ipc-ns-limits: a warning names the namespace, and a full limit what raises it" {
	limit_inside shmmni 1
	tool limits --all-namespaces --warn=SHMMNI=90 SHMMNI -o RAISE
	assert_failure 1
	assert_stderr "ipctool limits: SHMMNI of $ns: 1 of 1 segments are used, 90% or more"
	assert_equal "$(tail -n 1 <<<"$output")" "sysctl -w kernel.shmmni=2 in that IPC namespace"
	tool limits --warn=SHMMNI=0 SHMMNI -o RESOURCE --no-headings
	assert_failure 1
	assert_stderr "ipctool limits: SHMMNI: 0 of $(cat /proc/sys/kernel/shmmni) segments are used, 0% or more"
	tool create --ipc-ns="$process" shm --size=1
	assert_failure 1
	assert_stderr --partial "sysctl -w kernel.shmmni=2 in that IPC namespace"
}

# metrics ARG... : of System V, those of staleness apart.
metrics()
{
	ipctool limits --format=prometheus --alone "$@"
}

@test "ipc-ns-limits: metrics of all namespaces, each metric once" {
	local one

	helper msg >/dev/null
	inside "$IPCHELPER" send "$(inside "$IPCHELPER" msg)" 1 5
	tool limits --format=prometheus --alone --all-namespaces
	assert_success
	assert_stderr
	assert_equal "$(grep -c '^# TYPE' <<<"$output")" \
		"$(grep '^# TYPE' <<<"$output" | sort -u | wc -l)"
	# All series have the label, and they are those of each namespace alone.
	run ! grep -v -e '^#' -e "ipc_ns=\"$own\"} " -e "ipc_ns=\"$ns\"} " <<<"$output"
	metrics --all-namespaces | grep -v '^#' | sort >"$BATS_TEST_TMPDIR/all"
	for one in $$ "$process"; do
		metrics --ipc-ns="$one" | grep -v '^#'
	done | sort >"$BATS_TEST_TMPDIR/each"
	run -0 diff "$BATS_TEST_TMPDIR/all" "$BATS_TEST_TMPDIR/each"
	[ -s "$BATS_TEST_TMPDIR/all" ]
}

@test "ipc-ns-limits: without the options the metrics have no such label" {
	tool limits --format=prometheus --alone
	assert_success
	refute_line --partial ipc_ns
}

@test "ipc-ns-limits: promtool accepts the metrics of all namespaces" {
	requires promtool
	helper shm 10 >/dev/null
	tool limits --format=prometheus --alone --all-namespaces
	assert_success
	run promtool check metrics <<<"$output"
	assert_output ''
	assert_success
}

@test "ipc-ns-limits: the schema has what they print" {
	requires jsonschema
	ipctool limits --all-namespaces -J >"$BATS_TEST_TMPDIR/all.json"
	ipctool limits --ipc-ns="$process" -J >"$BATS_TEST_TMPDIR/one.json"
	run "$IPCTOOL_SRCDIR/tests/validate" "$IPCTOOL_SRCDIR/schema/ipctool-limits.schema.json" \
		"$BATS_TEST_TMPDIR"/*.json
	assert_success
	assert_output ''
}

@test "ipc-ns-limits: namespaces that may not be entered are counted" {
	split setpriv --reuid=65534 --regid=65534 --clear-groups -- "$IPCTOOL" limits \
		--all-namespaces SHMMNI -o USED --no-headings
	assert_success
	assert_output 0
	assert_stderr --partial "could not be examined; run as root"
}
