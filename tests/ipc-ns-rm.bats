#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# rm and set in other IPC namespaces and in several: which objects they reach, in which order,
# and what they refuse. Every namespace starts with shm:0.

load common
load life
load stale
load rm

setup()
{
	requires root
	own=$(id_of self)
}

teardown()
{
	[ -z "${sleeper:-}" ] || kill "$sleeper" || true
	end_helpers
	[ -z "${scope:-}" ] || rmdir "$scope" "${docker:-}" 2>/dev/null || true
	[ ! -d "$BATS_TEST_TMPDIR/cgroup" ] || umount "$BATS_TEST_TMPDIR/cgroup" || true
	wipe
}

# id_of PID : the name of its namespace, INODE.ID, or INODE where the kernel has no ids.
id_of()
{
	ipctool namespaces --no-headings -o ns "$(stat -L -c %i "/proc/$1/ns/ipc")" | tr -d ' '
}

# start_namespace [ARG...] : a process in a new namespace; pid is the process, and ns the name
# of the namespace. With size=N it has a segment.
start_namespace()
{
	start_helper namespace process "$@"
	pid=${ready[1]}
	ns=$(id_of "$pid")
}

# in_ns PID COMMAND... : runs a command, or a function that uses the helper, in the namespace
# of a process.
in_ns()
{
	local real=$IPCHELPER process=$1
	local IPCHELPER=$BATS_TEST_TMPDIR/in.$1

	[ -e "$IPCHELPER" ] || {
		printf '#!/bin/sh\nexec nsenter --target %s --ipc %s "$@"\n' "$process" "$real" \
			>"$IPCHELPER"
		chmod +x "$IPCHELPER"
	}
	shift
	"$@"
}

# left_in PID : the references of all objects there, in one line.
left_in()
{
	nsenter --target "$1" --ipc cat /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg |
		awk '$1 == "key" { type = $2 == "shmid" ? "shm" : $2 == "semid" ? "sem" : "msg"; next }
			{ print type ":" $2 }' | xargs
}

# with_ids : skips the test on a kernel without ids of namespaces.
with_ids()
{
	[[ $own == *.* ]] || skip "needs a kernel with namespace ids"
}

# reuse : makes namespaces, each with a segment, until one has the number of another that has
# ended; old is the name of that. Before it ends, its references are in the file "old".
reuse()
{
	local i

	start_namespace size=10
	old=$ns
	ipctool list --ipc-ns="$ns" shm --no-headings -o REF | tr -d ' ' >"$BATS_TEST_TMPDIR/old"
	end_helper
	for i in {1..200}; do
		start_namespace size=10
		[ "${ns%.*}" != "${old%.*}" ] || return 0
		end_helper
	done
	skip "the number was not given again"
}

@test "ipc-ns-rm: a reference in another namespace, with every NS" {
	local name id

	id=$(helper shm 1)
	start_namespace size=10
	for name in "$pid" "${ns%.*}" "$ns" "/proc/$pid/ns/ipc"; do
		remove --dry-run "shm:0@$name"
		assert_success
		assert_output "would remove shm:0@$name"
		assert_stderr
	done
	remove -v "shm:0@$pid"
	assert_success
	assert_removals "shm:0@$pid"
	assert_equal "$(left_in "$pid")" ''
	assert_equal "$(left)" "shm:$id"
	# The reference in the output always has the id.
	in_ns "$pid" helper sem 1
	remove -J --ipc-ns="$pid" sem:0
	assert_success
	assert_equal "$(jq -r '.results[] | .ref + " " + .result' <<<"$output")" "sem:0@$ns removed"
}

@test "ipc-ns-rm: the number of a namespace is given again" {
	with_ids
	reuse
	# The id is that of the former one.
	remove "shm:0@$old"
	assert_refused "ipctool rm: shm:0@$old: the namespace is gone; $ns has its inode number now"
	remove --force --ipc-ns="$old" shm:0
	assert_refused "ipctool rm: --ipc-ns=$old: the namespace is gone; $ns has its inode number now"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/old")" "shm:0@$old"
	split "$IPCTOOL" rm --alone --force - <"$BATS_TEST_TMPDIR/old"
	assert_refused "ipctool rm: shm:0@$old: the namespace is gone; $ns has its inode number now"
	split "$IPCTOOL" set --mode=0644 - <"$BATS_TEST_TMPDIR/old"
	assert_refused "ipctool set: shm:0@$old: the namespace is gone; $ns has its inode number now"
	assert_equal "$(left_in "$pid")" shm:0
	# Typed, the number means the namespace that has it now.
	remove "shm:0@${ns%.*}"
	assert_silent
	assert_equal "$(left_in "$pid")" ''
}

@test "ipc-ns-rm: what standard input may name" {
	local name command text
	local number="the inode number may belong to another namespace by now; use --ipc-ns=NS, or a kernel with namespace ids"
	local other="standard input may name a namespace only as @INODE.ID or @host; use --ipc-ns=NS"

	start_namespace size=10
	for name in "${ns%.*}" "$pid" "/proc/$pid/ns/ipc" docker:0123456789 0123456789abcdef \
		lxc:web pod:1; do
		text=$other
		[ "$name" != "${ns%.*}" ] || text=$number
		for command in 'rm --alone --force' 'set --mode=0644'; do
			# shellcheck disable=SC2086 # several words
			split "$IPCTOOL" $command - <<<"

shm:0@$name"
			assert_usage "ipctool ${command%% *}: standard input, line 3: 'shm:0@$name': $text"
		done
	done
	assert_equal "$(left_in "$pid")" shm:0
	# What is certain is removed, and so is nothing if another line is not.
	split "$IPCTOOL" rm --alone - <<<"shm:0@$ns
shm:0@$pid"
	if [[ $ns == *.* ]]; then
		assert_usage "ipctool rm: standard input, line 2: 'shm:0@$pid': $other"
		assert_equal "$(left_in "$pid")" shm:0
		split "$IPCTOOL" rm --alone - <<<"shm:0@$ns"
		assert_silent
		assert_equal "$(left_in "$pid")" ''
	fi
	# The host is named for ever; these tests are not in it.
	split "$IPCTOOL" rm --alone - <<<'shm:2147483647@host'
	assert_failure 1
}

@test "ipc-ns-rm: what standard input may name with --ipc-ns" {
	local name here=() other

	start_namespace
	other=$ns
	start_namespace size=10
	# Every name of that namespace.
	for name in "${ns%.*}" "$ns" "$pid" "/proc/$pid/ns/ipc"; do
		split "$IPCTOOL" rm --alone --dry-run --ipc-ns="$pid" - <<<"shm:0@$name"
		assert_success
		assert_output "would remove shm:0@$name"
		split "$IPCTOOL" set --dry-run --mode=0644 --ipc-ns="$ns" - <<<"shm:0@$name"
		assert_success
	done
	# No other.
	split "$IPCTOOL" rm --alone --ipc-ns="$pid" - <<<"shm:0@$other"
	assert_failure 2
	if [[ $ns == *.* ]]; then
		assert_stderr "ipctool rm: 'shm:0@$other': not in the namespace of --ipc-ns=$pid"
	fi
	split "$IPCTOOL" rm --alone --ipc-ns="$pid" - <<<"shm:0@${helper_pids[0]}"
	assert_usage "ipctool rm: standard input, line 1: 'shm:0@${helper_pids[0]}': standard input may name a namespace only as @INODE.ID or @host; use --ipc-ns=NS"
	remove --ipc-ns="$pid" "shm:0@${helper_pids[0]}"
	assert_usage "ipctool rm: 'shm:0@${helper_pids[0]}': not in the namespace of --ipc-ns=$pid"
	# Without a name it is in that of --ipc-ns.
	split "$IPCTOOL" rm --alone -v --ipc-ns="$pid" - <<<shm:0
	assert_success
	assert_removals shm:0
	assert_equal "$(left_in "$pid")" ''
}

@test "ipc-ns-rm: several namespaces, own first, in order of mention" {
	local first second shm sem

	shm=$(helper shm 1)
	sem=$(helper sem 1)
	start_namespace size=10
	first=$pid first_ns=$ns
	in_ns "$first" helper sem 1
	start_namespace size=20
	second=$pid
	remove -v "shm:0@$second" "shm:0@$first" "sem:$sem" "sem:0@$first_ns" "sem:9@$second" shm:0@self
	assert_usage "ipctool rm: shm:0@self: 'self': not a namespace; expected a PID, an inode number, INODE.ID, host, a path, or a container by 6 or more digits of its ID"
	remove -v "shm:0@$second" "shm:0@$first" "sem:$sem" "sem:0@$first_ns" "sem:9@$second" \
		"shm:$shm@$own" shm:2147483647
	assert_failure 1
	assert_removals "sem:$sem" "shm:$shm@$own" "shm:0@$second" "shm:0@$first" "sem:0@$first_ns"
	assert_stderr "ipctool rm: shm:2147483647: there is no shared memory segment with this id
ipctool rm: sem:9@$second: there is no semaphore set with this id"
	assert_equal "$(left)$(left_in "$first")$(left_in "$second")" ''
}

@test "ipc-ns-rm: own objects are finished before it leaves, and all namespaces are open" {
	local trace=$BATS_TEST_TMPDIR/trace first id
	requires strace

	id=$(helper shm 1)
	start_namespace size=10
	first=$pid
	start_namespace size=10
	split strace -qqq -e trace=openat,open,setns,shmctl -o "$trace" "$IPCTOOL" rm --alone \
		"shm:0@$first" "shm:0@$pid" "shm:$id"
	assert_silent
	assert_equal "$(grep -oE "^setns|IPC_RMID|/proc/($first|$pid)/ns/ipc" "$trace" | xargs)" \
		"/proc/$first/ns/ipc /proc/$pid/ns/ipc IPC_RMID setns IPC_RMID setns IPC_RMID"
}

@test "ipc-ns-rm: an ordinary user" {
	local mine

	mine=$(helper shm 1 as="$user")
	start_namespace size=10
	# Another user's process may not be examined: nothing is done.
	as "$user" "$IPCTOOL" rm --alone "shm:0@$pid" "shm:$mine"
	assert_usage "ipctool rm: shm:0@$pid: process $pid cannot be examined: Permission denied; run as root"
	assert_there shm "$mine"
	# The user's own process, in a namespace that the user may not enter: own first.
	nsenter --target "$pid" --ipc "${by_user[@]}" sleep 100 3>&- &
	sleeper=$!
	until [ "$(stat -c %u "/proc/$sleeper")" = "$user" ] && [ "$(cat "/proc/$sleeper/comm")" = sleep ]; do
		sleep 0.01
	done
	as "$user" "$IPCTOOL" rm --alone -J "shm:0@$sleeper" "shm:$mine"
	assert_failure 2
	assert_stderr "ipctool rm: $ns: cannot be entered: Operation not permitted; run as root"
	assert_equal "$(jq -c '.results[] | [.ref, .result] + [.reason | select(startswith("last") | not)]' <<<"$output")" \
		"[\"shm:$mine@$own\",\"removed\"]
[\"shm:0@$sleeper\",\"failed\",\"the namespace cannot be entered: Operation not permitted\"]"
	assert_gone shm "$mine"
	assert_equal "$(left_in "$pid")" shm:0
}

@test "ipc-ns-rm: a namespace that is gone is like an object that is" {
	local name id

	with_ids
	id=$(helper shm 1)
	start_namespace size=10
	name="shm:0@$ns"
	end_helper
	remove -J "$name" sem:0@4194304 "shm:$id"
	assert_failure 1
	assert_stderr "ipctool rm: $name: the namespace is gone
ipctool rm: sem:0@4194304: process 4194304 does not exist"
	assert_equal "$(jq -c '.results[] | [.ref, .type, .result] + [.reason | select(startswith("last") | not)]' <<<"$output")" \
		"[\"$name\",null,\"missing\",\"the namespace is gone\"]
[\"sem:0@4194304\",null,\"missing\",\"process 4194304 does not exist\"]
[\"shm:$id@$own\",\"shm\",\"removed\"]"
	remove -v --ignore-missing "$name" sem:0@4194304 "shm:$id"
	assert_success
	assert_stderr
	remove -J --ignore-missing "$name"
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.results[] | [.ref, .result]' <<<"$output")" "[\"$name\",\"missing\"]"
	# Without the namespace of --ipc-ns there is nothing to do.
	remove --ignore-missing --ipc-ns="${name#*@}" shm:0
	assert_refused "ipctool rm: --ipc-ns=${name#*@}: the namespace is gone"
}

@test "ipc-ns-rm: --max, a question and conditions are about all namespaces" {
	local first id

	id=$(helper shm 1)
	start_namespace size=10
	first=$pid
	start_namespace size=10
	remove --unattached --max=2 "shm:0@$first" "shm:$id" "shm:0@$pid"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool rm: 3 objects are chosen, more than --max=2; nothing has been removed"
	# The question is about the objects of the type; no means that all stay.
	ask --alone --unattached shm "shm:0@$first"
	assert_equal "$(awk 'NR == 2 { print $1 }' <<<"$asked")" "shm:$id@$own"
	answer n
	assert_failure 1
	assert_equal "$(left) $(left_in "$first")" "shm:$id shm:0"
	rm -f "$BATS_TEST_TMPDIR"/out
	remove --unattached --min-size=5 -v --max=3 "shm:0@$first" "shm:$id" "shm:0@$pid"
	assert_success
	assert_removals "shm:0@$first" "shm:0@$pid"
	assert_stderr "ipctool rm: shm:$id: the conditions do not choose it"
	assert_equal "$(left)" "shm:$id"
}

# --- --all-namespaces -------------------------------------------------------------------

@test "ipc-ns-rm: --all-namespaces needs a type and a selector" {
	local options

	start_namespace size=10
	for options in shm all --stale 'shm:0 --stale' "shm:0@$pid" ''; do
		# shellcheck disable=SC2086 # several words
		remove --all-namespaces --yes --force $options
		assert_usage "ipctool rm: --all-namespaces needs a TYPE and a condition, for example shm --stale"
	done
	for options in --all '--all shm' '--all shm --stale'; do
		# shellcheck disable=SC2086 # several words
		remove --all-namespaces --yes --force $options
		assert_usage "ipctool rm: --all cannot be combined with --all-namespaces; give a TYPE and a condition, for example shm --stale"
	done
	remove --all-namespaces --ipc-ns="$pid" shm --stale --yes
	assert_usage "ipctool rm: --ipc-ns and --all-namespaces cannot be combined"
	assert_equal "$(left_in "$pid")" shm:0
}

@test "ipc-ns-rm: --all-namespaces --stale removes only what is stale" {
	local first first_ns id

	id=$(used_shm)
	start_namespace
	first=$pid first_ns=$ns
	in_ns "$first" used_shm
	start_namespace
	in_ns "$pid" used_shm
	in_ns "$pid" start_helper attach 0
	settle shm "$id"
	remove --all-namespaces --stale --grace=0s --dry-run shm
	assert_success
	assert_equal "$(sed 's/: .*//; s/would remove //' <<<"$output")" "shm:$id@$own
shm:0@$first_ns"
	remove --all-namespaces --stale --grace=0s --yes -v shm
	assert_success
	assert_removals "shm:$id@$own" "shm:0@$first_ns"
	assert_stderr
	assert_equal "$(left)$(left_in "$first")" ''
	assert_equal "$(left_in "$pid")" shm:0
}

@test "ipc-ns-rm: --all-namespaces without a terminal" {
	local id

	start_namespace size=10
	id=$(helper shm 1)
	split "$IPCTOOL" rm --alone --all-namespaces --unattached shm </dev/null
	assert_usage "ipctool rm: 2 objects would be removed, and there is no terminal to ask on: add --yes to do it, or --dry-run to see which; nothing has been removed"
	remove --all-namespaces --unattached shm --yes --max=1
	assert_failure 2
	assert_stderr "ipctool rm: 2 objects are chosen, more than --max=1; nothing has been removed"
	assert_equal "$(left) $(left_in "$pid")" "shm:$id shm:0"
	remove --all-namespaces --unattached shm --yes -J
	assert_success
	assert_stderr
	assert_equal "$(jq -r '.results[] | .ref + " " + .result' <<<"$output")" "shm:$id@$own removed
shm:0@$ns removed"
}

@test "ipc-ns-rm: the question of --all-namespaces shows namespace and container" {
	local tree=$BATS_TEST_TMPDIR/cgroup id first i
	requires mount

	mkdir "$tree"
	mount -t cgroup2 none "$tree" 2>/dev/null || skip "needs cgroup2"
	id=abcdef012345$(od -An -N 26 -tx1 /dev/urandom | tr -d ' \n')
	scope=$tree/docker/$id
	[ "$(readlink /proc/self/ns/cgroup)" = 'cgroup:[4026531835]' ] ||
		skip "needs the initial cgroup namespace"
	[ -d "$tree/docker" ] || docker=$tree/docker
	mkdir -p "$scope" 2>/dev/null || skip "needs cgroups that can be made"
	first=shm:$(helper shm 1)
	start_namespace size=10
	echo "$pid" >"$scope/cgroup.procs"
	ask --alone --all-namespaces --unattached shm
	assert_equal "$(awk '/^(REF|shm)/ { print $1, NR == 1 || $NF ~ /:/ ? $NF : "-" }' <<<"$asked")" "REF CONTAINER
$first@$own -
shm:0@$ns docker:${id:0:12}"
	assert_equal "${asked##*$'\n'}" "Remove these 2 objects? [y/N] "
	answer n
	assert_failure 1
	assert_equal "$(left) $(left_in "$pid")" "$first shm:0"
	# Of many objects, the numbers of each namespace.
	for i in {1..20}; do
		in_ns "$pid" helper shm 3 as="$user" >/dev/null
	done
	ask --alone --all-namespaces --unattached shm
	assert_equal "$asked" "ipctool rm: in $own:
ipctool rm: 1 segment of root, 1
ipctool rm: in $ns, docker:${id:0:12}:
ipctool rm: 20 segments of $user, 60
ipctool rm: 1 segment of root, 10
ipctool rm: --dry-run shows each of them
Remove these 22 objects? [y/N] "
	answer y
	assert_silent
	assert_equal "$(left)$(left_in "$pid")" ''
}

@test "ipc-ns-rm: --all-namespaces waits once, after the first look at all" {
	local trace=$BATS_TEST_TMPDIR/trace first n
	requires strace

	used_shm >/dev/null
	start_namespace
	first=$pid
	in_ns "$first" used_shm >/dev/null
	start_namespace
	in_ns "$pid" used_shm >/dev/null
	settle shm 0
	split strace -qqq -e trace=setns,shmctl,clock_nanosleep -o "$trace" "$IPCTOOL" rm --alone \
		--all-namespaces --stale --grace=0s --yes shm
	assert_silent
	# Those of the own namespace come first, and then the others, in both passes.
	assert_equal "$(grep -oE '^setns|^clock_nanosleep|IPC_RMID' "$trace" | uniq | xargs)" \
		"setns clock_nanosleep setns IPC_RMID setns IPC_RMID setns IPC_RMID"
	[ "$(left)$(left_in "$first")$(left_in "$pid")" = '' ]
}

@test "ipc-ns-rm: --all-namespaces, and namespaces that may not be entered" {
	local mine

	mine=$(helper shm 1 as="$user")
	start_namespace
	in_ns "$pid" helper shm 2 as="$user"
	nsenter --target "$pid" --ipc "${by_user[@]}" sleep 100 3>&- &
	sleeper=$!
	until [ "$(stat -c %u "/proc/$sleeper")" = "$user" ] && [ "$(cat "/proc/$sleeper/comm")" = sleep ]; do
		sleep 0.01
	done
	as "$user" "$IPCTOOL" rm --alone --all-namespaces --unattached --yes -v shm
	assert_success
	assert_removals "shm:$mine@$own"
	assert_stderr --regexp '^ipctool rm: 1 of 2 namespaces may not be entered; run as root
ipctool rm: [0-9]+ processes could not be examined; run as root$'
	assert_equal "$(left_in "$pid")" shm:0
}

# --- While it runs ----------------------------------------------------------------------

@test "ipc-ns-rm: a namespace that cannot be entered again keeps its objects" {
	local first n
	requires seccomp strace

	start_namespace size=10
	first=$ns
	start_namespace size=10
	in_ns "$pid" helper sem 1
	# The first two calls are for the first look.
	split strace -qqq -o /dev/null -e trace=setns -e inject=setns:error=EPERM:when=3 \
		"$IPCTOOL" rm --alone --all-namespaces --unattached --yes -J shm
	assert_failure 1
	assert_equal "$(jq -c '.results[] | [.ref, .result] + [.reason | select(startswith("the"))]' \
		<<<"$output" | sort)" "$(printf '%s\n' \
		"[\"shm:0@$first\",\"failed\",\"the namespace cannot be entered again: Operation not permitted\"]" \
		"[\"shm:0@$ns\",\"removed\"]" | sort)"
	assert_stderr "ipctool rm: shm:0@$first: the namespace cannot be entered again: Operation not permitted"
	assert_equal "$(left_in "${helper_pids[0]}") $(left_in "$pid")" 'shm:0 sem:0'
}

@test "ipc-ns-rm: a process enters a namespace after the first look" {
	local first

	start_namespace
	first=$pid
	in_ns "$first" used_shm >/dev/null
	start_namespace
	in_ns "$pid" used_shm >/dev/null
	ask --alone --all-namespaces --stale --grace=0s shm -v
	assert_equal "$(grep -c '^shm:0@' <<<"$asked")" 2
	in_ns "$first" start_helper attach 0
	answer y
	assert_failure 1
	assert_removals "shm:0@$ns"
	assert_stderr --partial "ipctool rm: shm:0@$(id_of "$first"): in use: 1 process attached: ${ready[1]} (ipchelper); use --force to mark it for removal anyway"
	assert_equal "$(left_in "$first")$(left_in "$pid")" shm:0
}

@test "ipc-ns-rm: the namespaces of references stay while others end" {
	local first

	with_ids
	# A process that ends after its namespace was opened does not make it end.
	start_namespace size=10
	first=$pid
	start_namespace size=10
	split strace -f -qqq -o /dev/null -e trace=setns -e inject=setns:delay_enter=300000 \
		sh -c "(sleep 0.1; kill $first $pid) & exec '$IPCTOOL' rm --alone -v shm:0@$first shm:0@$pid"
	assert_success
	assert_removals "shm:0@$first" "shm:0@$pid"
}

@test "ipc-ns-rm: too few descriptors" {
	local refs few=(bash -c 'ulimit -n 64 && exec "$@"' bash "$IPCTOOL" rm --alone)

	start_helper namespace many count=70 size=1
	mapfile -t refs < <(ipctool namespaces --unattached --min-size=1 --format=raw --no-headings -o pid
		ipctool namespaces --min-size=1 --format=raw --no-headings -o pid)
	assert_equal "${#refs[@]}" 70
	split "${few[@]}" "${refs[@]/#/shm:0@}"
	assert_failure 2
	assert_output ''
	assert_stderr --regexp '^ipctool rm: cannot keep [0-9]+ namespaces open: Too many open files; raise the limit \(ulimit -n\)$'
	split "${few[@]}" --all-namespaces --unattached --yes shm
	assert_failure 2
	assert_output ''
	assert_stderr --regexp '^ipctool rm: cannot keep [0-9]+ namespaces open: Too many open files; raise the limit \(ulimit -n\)$'
	assert_equal "$(ipctool list --all-namespaces --unattached -J -o ref shm | grep -c '"ref"')" 70
}

# --- What is in use or stale ------------------------------------------------------------

@test "ipc-ns-rm: a process attaches a segment and moves to another namespace" {
	local id found="0 of 1 attachments found; the other processes may be outside this PID namespace, or may have moved to another IPC namespace"

	id=$(helper shm 100)
	start_helper attach "$id" move
	tool stat "shm:$id" -o nattch,pids
	assert_success
	assert_stderr "ipctool stat: shm:$id: $found"
	remove "shm:$id"
	assert_refused "ipctool rm: shm:$id: in use: 1 attachment; use --force to mark it for removal anyway"
	remove --stale --grace=0s --yes shm
	assert_success
	assert_there shm "$id"
	# The same, seen from elsewhere.
	start_namespace
	in_ns "$pid" helper shm 100
	in_ns "$pid" start_helper attach 0 move
	tool stat "shm:0@$pid" -o nattch,pids
	assert_success
	assert_stderr "ipctool stat: shm:0@$pid: $found"
	remove "shm:0@$pid"
	assert_refused "ipctool rm: shm:0@$pid: in use: 1 attachment; use --force to mark it for removal anyway"
	remove --all-namespaces --unattached --yes shm
	assert_silent
	assert_equal "$(left_in "$pid")" shm:0
}

@test "ipc-ns-rm: a thread in another namespace than its leader" {
	start_helper namespace thread size=100
	pid=${ready[2]}
	ns=$(ipctool namespaces --no-headings -o ns "${ready[0]}" | tr -d ' ')
	tool stat --ipc-ns="$ns" shm -J -o command
	assert_success
	assert_equal "$(jq -r '.objects[].command' <<<"$output")" ipchelper
	# It has made the segment.
	tool list --alone --grace=0s --ipc-ns="$ns" shm -J -o stale,cause
	assert_success
	assert_equal "$(jq -c '.objects[] | [.stale, .cause]' <<<"$output")" '[false,"recorded"]'
	remove --all-namespaces --stale --grace=0s --yes shm
	assert_success
	remove --stale --grace=0s --yes --ipc-ns="/proc/${ready[1]}/task/$pid/ns/ipc" shm
	assert_success
	tool list --ipc-ns="$ns" shm --no-headings -o REF
	assert_output "shm:0@$ns"
}

@test "ipc-ns-rm: in use and stale are judged in the namespace of the object" {
	start_helper as "$user" crowd 0
	start_namespace
	in_ns "$pid" start_helper as "$user" crowd 0
	in_ns "$pid" used_sem 1 >/dev/null
	settle_there
	# The process of the user there may know the set, and that here may not.
	judged_in "$pid" sem:0=false/may-know
	remove --stale --grace=0s --yes --ipc-ns="$pid" sem
	assert_success
	assert_equal "$(left_in "$pid")" sem:0
	end_helper
	judged_in "$pid" sem:0=true/none
	remove --stale --grace=0s --yes --ipc-ns="$pid" sem -v
	assert_success
	assert_removals "sem:0@$ns"
}

# settle_there : waits until a process that starts now may surely not know what was made.
settle_there()
{
	local until=$(($(date +%s) + 4))

	until [ "$(date +%s)" -ge "$until" ]; do
		sleep 0.05
	done
}

# judged_in PID REF=VERDICT/CAUSE : what list says of an object in the namespace of a process.
judged_in()
{
	tool list --ipc-ns="$1" --grace=0s "${alone[@]}" -J -o stale,cause "${2%%=*}"
	assert_success
	assert_equal "$(jq -r '.objects[] | "\(.stale)/\(.cause)"' <<<"$output")" "${2#*=}"
}

@test "ipc-ns-rm: two PID namespaces share one IPC namespace" {
	start_namespace
	in_ns "$pid" start_helper as "$user" crowd 0
	# A process that only its own PID namespace shows uses the set; its pid is 0 here.
	in_ns "$pid" helper sem 1 as="$user" >/dev/null
	in_apart "$pid"
	settle_there
	# A process that this PID namespace shows may know it.
	judged_in "$pid" sem:0=false/may-know
	remove --stale --grace=0s --yes --ipc-ns="$pid" sem
	assert_success
	assert_equal "$(left_in "$pid")" sem:0
	end_helper
	alone=()
	judged_in "$pid" sem:0=null/namespace
	tool rm --stale --grace=0s --yes --ipc-ns="$pid" sem
	assert_success
	assert_equal "$(left_in "$pid")" sem:0
	# Only the processes of this PID namespace decide.
	alone=(--alone)
	judged_in "$pid" sem:0=true/none
	remove --stale --grace=0s --yes -v --ipc-ns="$pid" sem
	assert_removals "sem:0@$ns"
}

# in_apart PID : sets the semaphore from a PID namespace of its own, in which a process stays.
in_apart()
{
	nsenter --target "$1" --ipc "${apart[@]}" sh -c "'$IPCHELPER' semop 0 0 1 && exec sleep 100" \
		3>&- &
	sleeper=$!
	# shellcheck disable=SC2016 # awk's own
	until [ "$(nsenter --target "$1" --ipc awk 'NR == 2 { print $9 }' /proc/sysvipc/sem)" != 0 ]; do
		sleep 0.01
	done
}

# --- What is kept -----------------------------------------------------------------------

@test "ipc-ns-rm: --except and the file of objects to keep" {
	local id form first first_id

	first_id=$(helper shm 1)
	start_namespace size=10
	first=$pid
	in_ns "$first" helper shm 10 as="$user" key=0x77
	# Without a namespace, a reference is one of the own.
	helper shm 1 >/dev/null
	for form in shm:0 "shm:0@$own" user:99999 key:0x78; do
		remove --all-namespaces --unattached --dry-run --except="$form" shm
		assert_success
		assert_equal "$(grep -c "@$ns" <<<"$output")" 2
	done
	for form in "shm:0@$ns" "shm:0@${ns%.*}" user:root group:root; do
		remove --ipc-ns="$pid" --unattached --dry-run --except="$form" shm
		assert_success
		assert_equal "$(grep -o 'shm:[^:]*' <<<"$output")" "shm:1@$ns"
	done
	for form in user:$user key:0x77; do
		remove --ipc-ns="$pid" --unattached --dry-run --except="$form" shm
		assert_success
		assert_equal "$(grep -o 'shm:[^:]*' <<<"$output")" "shm:0@$ns"
	done
	remove --all-namespaces --unattached --dry-run --except=user:root shm
	assert_equal "$(grep -o 'shm:[^:]*' <<<"$output")" "shm:1@$ns"
	# The host's never are those of another namespace, and a former one has no objects.
	remove --ipc-ns="$pid" --unattached --dry-run --except=shm:0@host --except="shm:0@${ns%.*}.1" shm
	assert_success
	assert_equal "$(wc -l <<<"$output")" 2
	remove --unattached --dry-run --except="shm:$first_id" shm
	refute_output --partial "shm:$first_id "
	for form in "shm:0@$pid" "shm:0@/proc/$pid/ns/ipc" shm:0@lxc:web; do
		remove --ipc-ns="$pid" --unattached --except="$form" --yes shm
		assert_failure 2
		assert_stderr --partial "'${form#*@}': give the namespace as INODE.ID or host"
	done
	assert_equal "$(left_in "$pid")" 'shm:0 shm:1'
}

# --- set --------------------------------------------------------------------------------

@test "ipc-ns-rm: set in several namespaces" {
	local first first_ns mine

	mine=$(helper sem 2)
	start_namespace
	first=$pid first_ns=$ns
	in_ns "$first" helper sem 2 >/dev/null
	start_namespace
	in_ns "$pid" helper sem 1 >/dev/null
	tool set --mode=0640 -v "sem:0@$pid" "sem:0@$first" "sem:$mine" "sem:9@$first_ns"
	assert_failure 1
	assert_output "sem:$mine: mode 0600 -> 0640
sem:0@$pid: mode 0600 -> 0640
sem:0@$first: mode 0600 -> 0640"
	assert_stderr "ipctool set: sem:9@$first_ns: there is no semaphore set with this id"
	assert_equal "$(in_ns "$first" fact sem 0 mode)" 0640
	# What is checked before the first change is checked everywhere.
	tool set --value=1=7 -v "sem:$mine" "sem:0@$pid" "sem:0@$first"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool set: sem:0@$pid: --value: it has no semaphore 1, the last is 0; nothing has been changed"
	tool set --mode=0600 --user=root --max=2 "sem:$mine" "sem:0@$pid" "sem:0@$first"
	assert_failure 2
	assert_stderr "ipctool set: 3 objects are chosen, more than --max=2; nothing has been changed"
	tool set --mode=0600 --user=root --max=3 "sem:$mine" "sem:0@$pid" "sem:0@$first"
	assert_silent
	split "$IPCTOOL" set --mode=0644 --user=root sem "sem:0@$pid" </dev/null
	assert_failure 2
	assert_stderr "ipctool set: 1 object would be changed, and there is no terminal to ask on: add --yes to do it, or --dry-run to see which; nothing has been changed"
	tool set --mode=0644 --user=root sem "sem:0@$pid" --yes -v
	assert_success
	assert_output "sem:$mine@$own: mode 0600 -> 0644
sem:0@$pid: mode 0600 -> 0644"
	tool set --all-namespaces --mode=0600 --user=root sem
	assert_failure 2
	# A namespace that is gone.
	with_ids
	end_helper
	tool set --mode=0604 -v "sem:0@$ns" "sem:0@$first"
	assert_failure 1
	assert_output "sem:0@$first: mode 0600 -> 0604"
	assert_stderr "ipctool set: sem:0@$ns: the namespace is gone"
}
