#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# POSIX shared memory of real programs: PostgreSQL, whose processes map it without keeping a
# descriptor, and Python.

load common
load posix
load real

setup()
{
	requires root
	start_shm
	start_place "${reaper[@]}"
}

teardown()
{
	end_helpers
	end_place
	end_shm
	wipe
	[ -z "${data:-}" ] || rm -rf "$data"
}
data=

# look FIELD,... REF : their values, by the program in the place.
look()
{
	split "${inside[@]}" "$quick" list -J -o "$1" --alone --grace=0s "$2"
	assert_success
	output=$(jq -c '[.objects[0] | del(.unread) | .[]]' <<<"$output")
}

# runs_as UID : whether a process of this user runs.
runs_as()
{
	[ -n "$(processes_of "$1")" ]
}

@test "posix real: PostgreSQL" {
	local ref postmaster

	requires postgres
	# shellcheck disable=SC2030 # of this test
	by_postgres=("${inside[@]}" setpriv --reuid=nobody --regid=nogroup --clear-groups --)
	# shellcheck disable=SC2030 # of this test
	data=$(mktemp -d)
	chown nobody "$data"
	"${by_postgres[@]}" "$postgres/initdb" --no-sync --auth=trust --username=admin \
		--pgdata="$data/one" >/dev/null
	start_postgres
	# Another one of them is mapped by fewer processes.
	ref=$(ipctool list pshm --name='PostgreSQL.*' --sort=size -o REF --no-headings | head -n 1)
	[[ $ref =~ ^pshm:/PostgreSQL\.[0-9]+$ ]]
	# No process keeps a descriptor.
	look used "$ref"
	assert_output '[true]'
	split "${inside[@]}" "$quick" stat "$ref" -J --alone
	assert_success
	assert_equal "$(jq -c '[.objects[0].processes[].what] | unique' <<<"$output")" '["mapped rw"]'
	split "${inside[@]}" "$quick" rm "$ref"
	assert_failure 1
	assert_stderr --regexp "^ipctool rm: $ref: in use by [0-9]+ \(postgres\), [0-9]+ \(postgres\), [0-9]+ \(postgres\) and [0-9]+ more; use --force to remove the name anyway\$"
	split "${inside[@]}" "$quick" rm posix --stale --grace=0s --alone --yes
	assert_success
	[ -e "/dev/shm/${ref#pshm:/}" ]

	# The postmaster is killed, and its children, which are stopped, live on.
	postmaster=$(head -n 1 "$data/one/postmaster.pid")
	# shellcheck disable=SC2016 # the inner shell's own
	"${inside[@]}" sh -c 'kill -STOP $(cat /proc/$0/task/$0/children); kill -KILL $0' "$postmaster"
	look used,stale,cause "$ref"
	assert_output '[true,false,"used"]'
	kill_all
	look used,stale,cause "$ref"
	assert_output '[false,true,"none"]'
	# A process of the user makes the difference.
	"${by_postgres[@]}" sleep 1000 3>&- &
	until_true runs_as 65534
	look used,stale,cause "$ref"
	assert_output '[false,false,"may-know"]'
	kill_all
	# A new postmaster removes what the old one left.
	start_postgres
	[ ! -e "/dev/shm/${ref#pshm:/}" ]
}

# shellcheck disable=SC2031 # of the test that calls it
start_postgres()
{
	"${by_postgres[@]}" "$postgres/pg_ctl" start -w -s -D "$data/one" -l "$data/one/log" \
		-o "-F -p 5432 -k $data -c listen_addresses='' -c dynamic_shared_memory_type=posix" 3>&-
}

# start_python : a process of another user with a segment, whose name is then in the file
# "name". Returns whether it has started.
start_python()
{
	local python

	python=$(python3 -c 'import sys; print(sys.executable)')
	"${inside[@]}" setpriv --reuid=12346 --regid=12346 --clear-groups -- "$python" -c '
import sys
from multiprocessing import shared_memory
memory = shared_memory.SharedMemory(create=True, size=100000)
memory.buf[:4] = b"live"
print(memory.name, flush=True)
sys.stdin.read()' <>"$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/name" 2>&- 3>&- &
	while kill -0 $! 2>/dev/null && [ ! -s "$BATS_TEST_TMPDIR/name" ]; do
		sleep 0.05
	done
	[ -s "$BATS_TEST_TMPDIR/name" ] || { rm -f /dev/shm/psm_* && false; }
}

@test "posix real: Python's shared memory" {
	local ref

	requires python
	mkfifo "$BATS_TEST_TMPDIR/out"
	# On a busy machine the process that tracks the resources may not start.
	until_true start_python
	ref=pshm:/$(cat "$BATS_TEST_TMPDIR/name")
	look used,stale,size "$ref"
	assert_output '[true,false,100000]'
	assert_equal "$(refs pshm)" "$ref"
	# The tracker of the resources would remove it.
	kill_all
	look used,stale,cause "$ref"
	assert_output '[false,true,"none"]'
	split "${inside[@]}" "$quick" rm posix --stale --grace=0s --user=12346 --alone --yes
	assert_success
	assert_equal "$(refs pshm)" ''
}

# waits REF : whether one process waits for a semaphore.
waits()
{
	"${inside[@]}" "$quick" stat "$1" -J -o processes |
		jq -e '[.objects[0].processes[].what] == ["mapped rw", "waits"]' >/dev/null
}

@test "posix real: Python's locks have no name" {
	local python ref

	requires python
	python=$(python3 -c 'import sys; print(sys.executable)')
	mkfifo "$BATS_TEST_TMPDIR/in"
	"${inside[@]}" "$python" -c '
import multiprocessing, sys
lock = multiprocessing.Lock()
lock.acquire()
print("ready", flush=True)
lock.acquire(timeout=1000)' <>"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/ready" 3>&- &
	until_true test -s "$BATS_TEST_TMPDIR/ready"
	assert_equal "$(names)" ''
	split "${inside[@]}" "$quick" list posix -o REF --no-headings
	assert_output ''
	split "${inside[@]}" "$quick" list posix --unlinked -J -o ref,value,command
	assert_success
	[[ $(jq -c '.objects | map([.value, .command])' <<<"$output") == '[[0,"python3'*'"]]' ]]
	ref=$(jq -r '.objects[0].ref' <<<"$output")
	[[ $ref =~ ^psem:#[0-9]+$ ]]
	until_true waits "$ref"
	split "${inside[@]}" "$quick" list "$ref" -J -o nwait
	assert_equal "$(jq -c '.objects[0].nwait' <<<"$output")" 1
}
