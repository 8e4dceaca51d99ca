#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Whether a POSIX object is in use: the kernel answers by a lease, and looking disturbs no
# other process.

load common
load posix

@test "posix lease: every way to use an object" {
	local how

	file a
	for how in open-r open-w open-rw mapped-r mapped-rw; do
		start_helper use-file /dev/shm/a $how
		facts pshm:/a used,pids,users --alone
		assert_output "[true,[${ready[1]}],1]"
		tool rm pshm:/a
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool rm: pshm:/a: in use by ${ready[1]} (ipchelper); use --force to remove the name anyway"
		end_helper
		facts pshm:/a used,pids,users --alone
		assert_output '[false,[],0]'
	done
}

@test "posix lease: a name that only leads to the file does not use it" {
	file a
	start_helper use-file /dev/shm/a open-path
	facts pshm:/a used,pids --alone
	assert_output '[false,[]]'
}

@test "posix lease: a descriptor in flight" {
	file a
	start_helper use-file /dev/shm/a flight
	facts pshm:/a used,stale,cause
	assert_output '[true,false,"used"]'
	tool rm pshm:/a
	assert_failure 1
	assert_stderr "ipctool rm: pshm:/a: in use, but no process was found: a descriptor may be in flight in a UNIX socket, or the process is outside this PID namespace; use --force to remove the name anyway"
	tool stat pshm:/a -o USED,PROCESSES --alone
	assert_success
	assert_stderr_line "ipctool stat: pshm:/a: in use, but no process was found: a descriptor may be in flight in a UNIX socket, or the process is outside this PID namespace"
	facts pshm:/a users,pids --alone
	assert_output '[null,null]'
	assert_equal "$(names)" a
}

@test "posix lease: a process that is not visible" {
	file a
	start_helper use-file /dev/shm/a mapped-rw
	split "${apart[@]}" "$IPCTOOL" list pshm:/a -o used,pids -J --alone
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.used, .pids]' <<<"$output")" '[true,null]'
	split "${apart[@]}" "$IPCTOOL" rm pshm:/a
	assert_failure 1
	assert_stderr --partial "in use, but no process was found"
	assert_equal "$(names)" a
}

@test "posix lease: root without CAP_LEASE asks as the owner" {
	requires root
	file a 4096 0600 "$user"
	split setpriv --bounding-set=-lease "$IPCTOOL" list pshm -o used --no-headings
	assert_success
	assert_output no
	assert_stderr
	start_helper use-file /dev/shm/a open-r
	split setpriv --bounding-set=-lease "$IPCTOOL" list pshm -o used --no-headings
	assert_output yes
}

@test "posix lease: another user gets no answer" {
	requires root
	file a 4096 0600 12346
	split "${by_user[@]}" "$IPCTOOL" list pshm:/a -J -o used,stale --grace=0s
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" \
		'{"used":null,"stale":null,"unread":["used"]}'
	assert_stderr "ipctool list: used, stale of 1 object cannot be determined: a lease needs the owner or CAP_LEASE; run as root"
	split "${by_user[@]}" "$IPCTOOL" list pshm:/a -o state --no-headings
	assert_output ''
	assert_stderr
	split "${by_user[@]}" "$IPCTOOL" rm pshm:/a
	assert_failure 1
	assert_stderr "ipctool rm: pshm:/a: belongs to 12346; only its owner, the owner of /dev/shm or root may remove it"
	split "${by_user[@]}" "$IPCTOOL" rm --force pshm:/a
	assert_failure 1
	assert_equal "$(names)" a
}

@test "posix lease: one's own file that cannot be opened" {
	requires root
	file a 4096 0000 "$user"
	split "${by_user[@]}" "$IPCTOOL" list pshm:/a -J -o used
	assert_success
	assert_equal "$(jq -c '.objects[0].used' <<<"$output")" null
	assert_stderr "ipctool list: used of 1 object cannot be determined: the file cannot be opened: Permission denied"
	split "${by_user[@]}" "$IPCTOOL" rm pshm:/a
	assert_failure 1
	assert_stderr "ipctool rm: pshm:/a: may be in use: the file cannot be opened: Permission denied; use --force to remove the name anyway"
	split "${by_user[@]}" "$IPCTOOL" rm --force pshm:/a
	assert_success
	assert_equal "$(names)" ''
}

@test "posix lease: the kernel grants none" {
	requires strace
	file a
	with_preload PRELOAD_FAIL=setlease:-:1:22
	split "${inside[@]}" "$IPCTOOL" list pshm:/a -J -o used --alone
	assert_equal "$(jq -c '.objects[0].used' <<<"$output")" null
	assert_stderr "ipctool list: used of 1 object cannot be determined: this file system grants no lease"
	split "${inside[@]}" "$IPCTOOL" rm pshm:/a
	assert_failure 1
	assert_stderr "ipctool rm: pshm:/a: may be in use: this file system grants no lease; use --force to remove the name anyway"
	# A search finds the process.
	start_helper use-file /dev/shm/a open-r
	split "${inside[@]}" "$IPCTOOL" list pshm:/a -J -o used,pids --alone
	assert_equal "$(jq -c '.objects[0] | [.used, .pids]' <<<"$output")" "[true,[${ready[1]}]]"
	# The column of a table is not worth one.
	split "${inside[@]}" strace -f -qqq -o "$BATS_TEST_TMPDIR/trace" -e trace=openat \
		"$IPCTOOL" list pshm
	run ! grep -q '/fd"\|/maps"' "$BATS_TEST_TMPDIR/trace"
}

@test "posix lease: a process that opens an object meanwhile does not end ipctool" {
	file a
	stopped_at setlease:-:1 list pshm -o used --no-headings
	going_on
	assert_success
	assert_output no
	# The lease is held when the descriptor is closed, which has no hook: so during rm.
	stopped_at rename:-:1 rm pshm:/a
	run helper open-once /dev/shm/a nonblock
	assert_output 'Resource temporarily unavailable'
	going_on
	assert_failure 1
	assert_output ''
	assert_equal "$stderr" "ipctool rm: pshm:/a: was opened meanwhile; not removed"
	assert_equal "$(names)" a
}

# look_again_and_again : a loop of list in the background; its pid is in looker.
look_again_and_again()
{
	(while [ ! -e "$BATS_TEST_TMPDIR/enough" ]; do
		"$IPCTOOL" list posix >/dev/null
	done) 3>&- &
	looker=$!
}

enough()
{
	: >"$BATS_TEST_TMPDIR/enough"
	wait "$looker"
}

@test "posix lease: beside a service that opens its object again and again" {
	local failed longest

	file a
	file mapped
	start_helper use-file /dev/shm/mapped mapped-rw
	look_again_and_again
	read -r failed longest < <(helper open-often /dev/shm/a 20000)
	assert_equal "$failed" 0
	[ "$longest" -lt 5000 ]
	read -r failed longest < <(helper open-often /dev/shm/a 20000 nonblock)
	[ "$failed" -lt 20 ]
	read -r failed longest < <(helper open-often /dev/shm/mapped 20000 nonblock)
	assert_equal "$failed" 0
	enough
}

@test "posix lease: stopped again and again, it holds no lease meanwhile" {
	local failed longest stopper

	file a
	look_again_and_again
	(while [ ! -e "$BATS_TEST_TMPDIR/enough" ]; do
		for pid in $(pgrep -P "$looker"); do
			kill -TSTP "$pid" && kill -CONT "$pid"
		done 2>/dev/null
	done) 3>&- &
	stopper=$!
	read -r failed longest < <(helper open-often /dev/shm/a 20000)
	assert_equal "$failed" 0
	[ "$longest" -lt 5000 ]
	enough
	wait "$stopper" || true
}

@test "posix lease: two of them find the same" {
	file a
	look_again_and_again
	for i in {1..20}; do
		remove -n pshm --unattached
		assert_success
		assert_output --regexp '^would remove pshm:/a: unused'
	done
	enough
}

@test "posix lease: looking changes no time, and no watcher sees a write" {
	requires python
	local before

	file a
	touch -d 2020-01-01 /dev/shm/a
	before=$(stat -c '%x %y %z' /dev/shm/a)
	python3 - "$IPCTOOL" <<'EOF'
import ctypes, os, struct, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
fd = libc.inotify_init1(os.O_NONBLOCK)
IN_CLOSE_WRITE, IN_MODIFY, IN_ATTRIB = 8, 2, 4
libc.inotify_add_watch(fd, b"/dev/shm", IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB)
subprocess.run([sys.argv[1], "list", "posix", "-o", "+used,stale,reason,pids"], check=True,
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    print(os.read(fd, 4096))
    sys.exit(1)
except BlockingIOError:
    pass
EOF
	assert_equal "$(stat -c '%x %y %z' /dev/shm/a)" "$before"
}

@test "posix lease: FIFOs and devices are never opened" {
	requires strace
	mkfifo /dev/shm/fifo
	file a
	split strace -f -qqq -o "$BATS_TEST_TMPDIR/trace" -e trace=open,openat \
		"$IPCTOOL" list posix -o +used
	assert_success
	run ! grep -q '"fifo"' "$BATS_TEST_TMPDIR/trace"
	grep -q '"a", O_RDONLY|O_NONBLOCK|O_NOFOLLOW|O_NOATIME|O_CLOEXEC' "$BATS_TEST_TMPDIR/trace"
}
