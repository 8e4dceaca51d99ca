#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Named semaphores: create and set --value, beside programs that use them.

# shellcheck disable=SC2154 # status, output and stderr are set by run

load common
load posix
load ops
load memory

# modes NAME : mode, owner, group and size of a semaphore's file.
modes()
{
	stat -c '%a %u:%g %s' "/dev/shm/sem.$1"
}

# value NAME : its value and waiters, as "1 0".
value()
{
	od -An -tu4 -N8 "/dev/shm/sem.$1" | xargs
}

# until_value NAME VALUE : until a semaphore has this value and these waiters.
until_value()
{
	local end=$((SECONDS + timeout))

	until [ "$(value "$1")" = "$2" ]; do
		[ "$SECONDS" -lt "$end" ] || fail "the value of $1 is $(value "$1"), not $2"
		sleep 0.01
	done
}

# refused TEXT ARG... : status 1 and this message.
refused()
{
	local text=$1

	shift
	tool "$@"
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool $1: $text"
}

# bad TEXT ARG... : a usage error.
bad()
{
	local text=$1

	shift
	tool "$@"
	assert_usage "ipctool $1: $text"
}

# --- create ---------------------------------------------------------------------------

@test "posix semop: create makes what sem_open makes" {
	local value

	for value in 0 1 2147483647; do
		helper named-sem /theirs "$value"
		tool create psem:/ours --value="$value"
		assert_success
		assert_output psem:/ours
		assert_stderr
		cmp /dev/shm/sem.theirs /dev/shm/sem.ours
		rm /dev/shm/sem.*
	done
	tool create psem:job
	assert_success
	assert_output psem:/job
	assert_equal "$(value job)" '0 0'
	assert_equal "$(modes job)" "600 $(id -u):$(id -g) 32"
	helper operate-named /job post 3
	helper operate-named /job wait 2
	assert_equal "$(value job)" '1 0'
	assert_equal "$(names)" sem.job
}

@test "posix semop: create accepts what exists, if it is a semaphore" {
	local before

	helper named-sem /a 5
	before=$(stat -c '%i %X %Y %Z' /dev/shm/sem.a)
	refused "psem:/a: exists already; use --exist-ok to accept it" create psem:/a --value=1
	tool create psem:/a --value=1 --exist-ok
	assert_success
	assert_output psem:/a
	assert_equal "$(stat -c '%i %X %Y %Z' /dev/shm/sem.a)" "$before"
	assert_equal "$(value a)" '5 0'
	: >/dev/shm/sem.empty
	refused "psem:/empty: exists, but the file has 0 bytes, a semaphore has 32" \
		create psem:/empty --exist-ok
	mkdir /dev/shm/sem.d
	refused "psem:/d: is a directory, not an object" create psem:/d --exist-ok
	assert_equal "$(names)" 'sem.a sem.d sem.empty'
}

@test "posix semop: create where there is no room" {
	requires root

	head -c 100M /dev/zero >/dev/shm/fill 2>/dev/null || true
	refused "psem:/a: cannot allocate 32: /dev/shm has 0 of 64M free" create psem:/a
	assert_equal "$(names)" fill
}

@test "posix semop: create, usage" {
	bad "psem:/a: value 3000000000 is too large, the maximum is 2147483647" \
		create psem:/a --value=3000000000
	bad "psem:/a: value 99999999999999999999 is too large, the maximum is 2147483647" \
		create psem:/a --value=99999999999999999999
	bad "psem:/a: --value=N=V applies to sem only; use --value=V" create psem:/a --value=0=1
	bad "psem:/a: --value=N=V applies to sem only; use --value=V" create psem:/a --value=0-3=1
	bad "--value: invalid value '2': a value for all semaphores and another --value exclude each other" \
		create psem:/a --value=1 --value=2
	for text in '' x -1 +1 ' 1' 1k 1.5 0x1 = 1=; do
		bad "psem:/a: --value: invalid value '$text': expected a number from 0 to 2147483647" \
			create psem:/a --value="$text"
	done
	bad "psem:/a: --nsems applies to sem only" create psem:/a --nsems=1
	bad "psem:/a: --size applies to pshm and shm only" create psem:/a --size=32
	bad "psem:/a: --key does not apply; a POSIX object is found by its name" create psem:/a --key=1
	bad "psem:/a: --huge applies to shm only" create psem:/a --huge=default
	bad "'psem' is not a reference; name one object, such as psem:/NAME" create psem
	assert_equal "$(names)" ''
	# Sets keep their maximum.
	bad "--value: invalid value '40000': expected V for all semaphores, N=V for one or N-M=V for some, with V from 0 to 32767" \
		create sem --nsems=1 --value=40000
}

# --- set --value ----------------------------------------------------------------------

@test "posix semop: set gives a value, and says so" {
	helper named-sem /build-lock 0
	tool set -v psem:/build-lock --value=1
	assert_success
	assert_output 'psem:/build-lock: value 0 -> 1'
	assert_stderr
	assert_equal "$(value build-lock)" '1 0'
	tool set psem:/build-lock --value=40000
	assert_success
	assert_output ''
	assert_stderr
	tool set -n psem:/build-lock --value=2147483647
	assert_success
	assert_output 'would change psem:/build-lock: value 40000 -> 2147483647'
	assert_equal "$(value build-lock)" '40000 0'
	tool set -v psem:/build-lock --value=40000
	assert_success
	assert_output ''
	tool set -v psem:/build-lock --value=2147483647 --mode=0640
	assert_success
	assert_output 'psem:/build-lock: value 40000 -> 2147483647, mode 0600 -> 0640'
	assert_equal "$(value build-lock)" '2147483647 0'
	tool set -v psem:/build-lock --value=0
	assert_output 'psem:/build-lock: value 2147483647 -> 0'
}

@test "posix semop: set with several objects, conditions and sets" {
	local id

	helper named-sem /a 0
	helper named-sem /b 1 mode=0640
	id=$(helper sem 2)
	tool set psem --all --yes -v --value=7
	assert_success
	assert_equal "$(sort <<<"$output")" $'psem:/a: value 0 -> 7\npsem:/b: value 1 -> 7'
	tool set psem --perm=0640 --yes -v --value=40000
	assert_success
	assert_output 'psem:/b: value 7 -> 40000'
	tool set "sem:$id" psem:/a --value=3 -v
	assert_success
	assert_output "$(printf '%s\n' "sem:$id: semaphore 0 0 -> 3, semaphore 1 0 -> 3" \
		'psem:/a: value 7 -> 3')"
	bad "--value: invalid value '40000': expected V for all semaphores, N=V for one or N-M=V for some, with V from 0 to 32767" \
		set psem:/a "sem:$id" --value=40000
	bad "psem:/a: --value=N=V applies to sem only; use --value=V" \
		set "sem:$id" psem:/a --value=0=4
	assert_equal "$(value a)" '3 0'
	# Without a type nothing of it.
	tool set --all --value=9 --yes
	assert_success
	assert_equal "$(value a)" '3 0'
}

@test "posix semop: set, usage" {
	helper named-sem /a 1
	bad "psem:/a: value 3000000000 is too large, the maximum is 2147483647" \
		set psem:/a --value=3000000000
	bad "psem:/a: --value=N=V applies to sem only; use --value=V" set psem:/a --value=0=1
	bad "psem:/a: --value: invalid value 'x': expected a number from 0 to 2147483647" \
		set psem:/a --value=x
	bad "psem:/a: --lock applies to shm only" set psem:/a --lock
	split "$IPCTOOL" set - --value=x </dev/null
	assert_usage "ipctool set: --value: invalid value 'x': expected V for all semaphores, N=V for one or N-M=V for some"
	split "$IPCTOOL" set - --value=40000 </dev/null
	assert_success
	split "$IPCTOOL" set - --value=40000 -v <<<psem:/a
	assert_success
	assert_output 'psem:/a: value 1 -> 40000'
}

@test "posix semop: a blocked SIGBUS" {
	requires python
	truncate -s 32 /dev/shm/sem.hole
	head -c 100M /dev/zero >/dev/shm/fill 2>/dev/null || true
	split python3 -c 'import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGBUS])
os.execv(sys.argv[1], sys.argv[1:])' "$IPCTOOL" set psem:/hole --value=1
	assert_failure 1
	assert_stderr "ipctool set: psem:/hole: /dev/shm is full"
}

@test "posix semop: the owner's semaphore of mode 0000" {
	requires root

	helper named-sem /a 1 as="$user"
	chmod 0 /dev/shm/sem.a
	split "${by_user[@]}" "$IPCTOOL" set psem:/a --value=2
	assert_failure 1
	assert_stderr "ipctool set: psem:/a: cannot be opened for writing: Permission denied"
	split "${by_user[@]}" "$IPCTOOL" set -n psem:/a --value=2 --mode=0600
	assert_success
	assert_output 'would change psem:/a: value -> 2, mode 0000 -> 0600'
	split "${by_user[@]}" "$IPCTOOL" set -v psem:/a --value=2 --mode=0600
	assert_success
	assert_output 'psem:/a: value 1 -> 2, mode 0000 -> 0600'
	# And the other way round.
	split "${by_user[@]}" "$IPCTOOL" set -v psem:/a --value=3 --mode=0
	assert_success
	assert_output 'psem:/a: value 2 -> 3, mode 0600 -> 0000'
	assert_equal "$(value a) $(modes a)" "3 0 0 $user:$user 32"
}

@test "posix semop: lack of memory, and what was changed before" {
	local n total

	memory_begin
	helper named-sem /a 0
	memory_count set psem:/a --value=1 --mode=0640
	total=$allocations
	for ((n = 1; n <= total; n++)); do
		rm /dev/shm/sem.a
		helper named-sem /a 0
		memory_ends "$n" set psem:/a --value=1 --mode=0640
		if [ "$status" -eq 0 ]; then
			assert_equal "$(value a) $(modes a)" "1 0 640 $(id -u):$(id -g) 32"
			continue
		fi
		assert_failure 2
		case $(value a) in
		'0 0') refute_output --partial 'value 0 -> 1' ;;
		*) assert_stderr_line 'ipctool: psem:/a: changed: value 0 -> 1' ;;
		esac
	done
}

@test "posix semop: another process holds a lease" {
	requires strace
	helper named-sem /a 1
	split strace -qq -o /dev/null -P sem.a -e inject=openat:error=EAGAIN:when=2 \
		"$IPCTOOL" set psem:/a --value=2 -v
	assert_success
	assert_output 'psem:/a: value 1 -> 2'
}
