#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Semaphores: operations that are one, waits that end, and locks that the kernel gives back.

# shellcheck disable=SC2016 # what inner shells are to expand

load common
load ops

@test "semop: increases, decreases and waits for zero" {
	local id

	id=$(helper sem 3 key=0x77)
	tool semop "sem:$id" 0+5 1+2
	assert_success
	assert_output ''
	assert_stderr
	tool semop sem:0x77 0-2 2=0 1-2
	assert_success
	assert_equal "$(value "$id" 0) $(value "$id" 1) $(value "$id" 2)" "3 0 0"
	# In order: the second sees what the first did.
	tool semop "sem:$id" --timeout=0 2+1 2-1 2=0 2+32767
	assert_success
	assert_equal "$(value "$id" 2)" 32767
	# Without a command nothing is undone.
	run helper raw sem "$id"
	assert_line val.0=3
}

@test "semop: all operations or none" {
	local id

	id=$(helper sem 3)
	helper setall "$id" 1
	tool semop --timeout=0 "sem:$id" 0-1 1-1 2-2
	assert_failure 3
	assert_stderr "ipctool semop: sem:$id: it would block"
	tool semop --timeout=0 "sem:$id" 0-1 1=0
	assert_failure 3
	assert_equal "$(value "$id" 0) $(value "$id" 1) $(value "$id" 2)" "1 1 1"
}

@test "semop: a time-out has its own status" {
	local id

	id=$(helper sem 1)
	tool semop "sem:$id" 0-1 --timeout=0.05
	assert_failure 3
	assert_output ''
	assert_stderr "ipctool semop: sem:$id: timed out"
	tool semop "sem:$id" 0-1 --timeout=0.01s -E 75
	assert_failure 75
	tool semop "sem:$id" 0-1 --timeout=0 --conflict-exit-code=0
	assert_success
	assert_stderr
	tool semop "sem:$id" 0-1 --timeout=0 -E 9 -- echo never
	assert_failure 9
	assert_output ''
}

@test "semop: it waits until it can proceed, with and without a time" {
	local id pid options

	id=$(helper sem 1)
	for options in '' --timeout=2w --timeout=30000w; do
		# shellcheck disable=SC2086 # a word or none
		start semop "sem:$id" $options 0-1
		until [ "$(helper raw sem "$id" | grep -c '^ncnt.0=1')" = 1 ]; do
			kill -0 "$pid"
		done
		kill -STOP "$pid"
		kill -CONT "$pid"
		helper semop "$id" 0 1
		ended "$pid"
		assert_success
	done
	assert_equal "$(value "$id" 0)" 0
}

@test "semop: the set is removed during the wait" {
	local id pid

	id=$(helper sem 1)
	start semop "sem:$id" 0-1
	until [ "$(helper raw sem "$id" | grep -c '^ncnt.0=1')" = 1 ]; do
		kill -0 "$pid"
	done
	helper remove sem "$id"
	ended "$pid"
	assert_failure 1
	assert_stderr "ipctool semop: sem:$id: it has been removed meanwhile"
}

@test "semop: a signal during the wait" {
	local id pid

	id=$(helper sem 1)
	start semop "sem:$id" 0-1
	until [ "$(helper raw sem "$id" | grep -c '^ncnt.0=1')" = 1 ]; do
		kill -0 "$pid"
	done
	kill "$pid"
	ended "$pid"
	assert_failure 143
	assert_equal "$(value "$id" 0)" 0
}

@test "semop: the command finds the signals as they were" {
	local id

	id=$(helper sem 1)
	helper setall "$id" 9
	tool semop "sem:$id" 0-1 -- grep SigIgn: /proc/self/status
	assert_success
	assert_output "$(grep SigIgn: /proc/self/status)"
	# What was ignored before stays ignored: XFSZ is signal 25.
	split bash -c 'trap "" XFSZ; exec "$@"' bash "$IPCTOOL" semop "sem:$id" 0-1 -- \
		grep SigIgn: /proc/self/status
	assert_success
	[ $(((16#${output##*[[:blank:]]} >> 24) & 1)) -eq 1 ]
}

@test "semop: a command and its status" {
	local id

	id=$(helper sem 2)
	helper setall "$id" 1
	tool semop "sem:$id" 0-1 1+4 -- "$IPCHELPER" raw sem "$id"
	assert_success
	assert_line val.0=0
	assert_line val.1=5
	assert_equal "$(value "$id" 0) $(value "$id" 1)" "1 1"
	tool semop "sem:$id" 0-1 -- sh -c 'echo out; echo "$1 $2" >&2; exit 42' sh --timeout=0 -- x
	assert_failure 42
	assert_output out
	assert_stderr "--timeout=0 --"
	split bash -c 'echo in | "$IPCTOOL" semop "$1" 0-1 -- cat' - "sem:$id"
	assert_output in
	assert_equal "$(value "$id" 0)" 1
}

@test "semop: a command that cannot be run" {
	local id

	id=$(helper sem 1)
	helper setall "$id" 1
	tool semop "sem:$id" 0-1 -- /nowhere/at-all
	assert_failure 127
	assert_stderr "ipctool semop: cannot run '/nowhere/at-all': No such file or directory"
	# A directory in PATH that may not be searched makes execvp(3) say something else.
	PATH=/usr/bin:/bin tool semop "sem:$id" 0-1 -- no-such-command-anywhere
	assert_failure 127
	tool semop "sem:$id" 0-1 -- "$BATS_TEST_TMPDIR"
	assert_failure 126
	assert_stderr "ipctool semop: cannot run '$BATS_TEST_TMPDIR': Permission denied"
	assert_equal "$(value "$id" 0)" 1
}

@test "semop: kill -9 releases the lock" {
	local id pid input

	id=$(helper sem 1)
	helper setall "$id" 1
	mkfifo "$BATS_TEST_TMPDIR/input"
	"$IPCTOOL" semop "sem:$id" 0-1 -- cat "$BATS_TEST_TMPDIR/input" 3>&- &
	pid=$!
	# The open returns once cat opens it too; then cat holds the lock.
	exec {input}>"$BATS_TEST_TMPDIR/input"
	assert_equal "$(value "$id" 0)" 0
	# The process is cat by now.
	assert_equal "$(cat "/proc/$pid/comm")" cat
	tool semop --timeout=0 "sem:$id" 0-1 -- true
	assert_failure 3
	kill -KILL "$pid"
	tool semop --timeout=10 "sem:$id" 0-1 -- true
	assert_success
	exec {input}>&-
	wait "$pid" || [ $? = 137 ]
	assert_equal "$(value "$id" 0)" 1
}

# holder ID DIRECTORY : takes the lock; while it has it, nobody else may have the directory.
holder()
{
	"$IPCTOOL" semop "sem:$1" 0-1 -- sh -c '
		mkdir "$1/held" || echo twice >>"$1/twice"
		echo one >>"$1/held/log" && cat "$1/held/log" >>"$1/log"
		rm "$1/held/log" && rmdir "$1/held"' sh "$2"
}

@test "semop: 50 shells never hold a lock at the same time" {
	local id n dir=$BATS_TEST_TMPDIR

	id=$(helper sem 1)
	for n in {1..50}; do
		holder "$id" "$dir" 3>&- &
	done
	# All at once.
	until [ "$(helper raw sem "$id" | sed -n 's/^ncnt.0=//p')" = 50 ]; do
		:
	done
	helper semop "$id" 0 1
	wait
	[ ! -e "$dir/twice" ]
	assert_equal "$(wc -l <"$dir/log")" 50
	assert_equal "$(value "$id" 0)" 1
}

@test "semop: beyond the limits of a semaphore, a set or a call" {
	local id most

	id=$(helper sem 3)
	helper setall "$id" 2
	tool semop "sem:$id" 0+32766
	assert_failure 1
	assert_stderr "ipctool semop: sem:$id: the value of a semaphore, or what is to be undone of it, would go beyond 32767"
	tool semop "sem:$id" 0+1 3-1
	assert_failure 1
	assert_stderr "ipctool semop: sem:$id: there is no semaphore 3: the set has 3, counted from 0"
	tool semop "sem:$id" 65535=0
	assert_failure 1
	most=$(awk '{ print $3 }' /proc/sys/kernel/sem)
	# shellcheck disable=SC2046 # several words
	tool semop "sem:$id" $(yes 0+1 | head -n $((most + 1)))
	assert_failure 1
	assert_stderr "ipctool semop: sem:$id: $((most + 1)) operations are more than the $most that one call may have (the third number of sysctl kernel.sem)"
	# shellcheck disable=SC2046
	tool semop "sem:$id" $(yes 0+1 | head -n "$most")
	assert_success
	assert_equal "$(value "$id" 0)" $((most + 2))
}

@test "semop: the missing permission is named" {
	requires root
	local id

	id=$(helper sem 1 mode=0604)
	split "${as_nobody[@]}" "$IPCTOOL" semop "sem:$id" 0+1
	assert_failure 1
	assert_stderr "ipctool semop: sem:$id: no permission to write: its mode, 0604, has no w for others (owner root, group root; you are nobody)"
	# Waiting for zero only looks.
	split "${as_nobody[@]}" "$IPCTOOL" semop "sem:$id" 0=0
	assert_success
	id=$(helper sem 1 mode=0602)
	split "${as_nobody[@]}" "$IPCTOOL" semop "sem:$id" 0=0
	assert_failure 1
	assert_stderr "ipctool semop: sem:$id: no permission to read: its mode, 0602, has no r for others (owner root, group root; you are nobody)"
	split "${as_nobody[@]}" "$IPCTOOL" semop "sem:$id" 0+1
	assert_success
}

@test "semop: no room for undo entries" {
	requires seccomp
	local id

	id=$(helper sem 1)
	split "$IPCHELPER" deny semtimedop=ENOSPC -- "$IPCTOOL" semop "sem:$id" 0+1 -- true
	assert_failure 1
	assert_stderr "ipctool semop: sem:$id: the kernel has no room to note what is to be undone"
}

@test "semop: usage errors" {
	local id op

	id=$(helper sem 1)
	tool semop
	assert_usage "ipctool semop: nothing is named: give a reference to a semaphore set or a POSIX named semaphore, such as sem:0"
	tool semop msg:0 0+1
	assert_usage "ipctool semop: 'msg:0' is a message queue; expected a reference to a semaphore set or a POSIX named semaphore, such as sem:0"
	tool semop "sem:$id"
	assert_usage "ipctool semop: no operation is given; expected for example 0-1, 0+1 or 0=0"
	tool semop "sem:$id" -- true
	assert_usage "ipctool semop: no operation is given; expected for example 0-1, 0+1 or 0=0"
	tool semop "sem:$id" 0+1 --
	assert_usage "ipctool semop: no command is given after --"
	for op in 0+0 0-0 0+32768 0-32768 0=1 0 0+ '0 +1' 0+1x 0+-1 0++1 0=00 0=-0; do
		tool semop "sem:$id" 0+1 "$op"
		assert_usage "ipctool semop: invalid operation '$op': expected N+V or N-V, with V from 1 to 32767, or N=0, which waits for zero"
	done
	for op in '' +1 x 65536+1 ' 0+1' 99999999999999999999+1; do
		tool semop "sem:$id" 0+1 "$op"
		hint=" (a command to run follows --)"
		[[ $op != [0-9]* ]] || hint=
		assert_usage "ipctool semop: invalid operation '$op': expected the number of a semaphore first, from 0 to 65535$hint"
	done
	for op in 256 -1 x ''; do
		tool semop "sem:$id" 0+1 -E "$op"
		assert_usage "ipctool semop: -E: invalid exit status '$op': expected a number from 0 to 255"
	done
	assert_equal "$(value "$id" 0)" 0
}
