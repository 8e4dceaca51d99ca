#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Named semaphores: create, set --value and semop, beside programs that use them.

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

@test "posix semop: create sets mode and owner, whatever the umask is" {
	requires root
	umask 077
	tool create psem:/a --mode=0666 --owner=12345:23456 --value=2
	assert_success
	assert_equal "$(modes a)" '666 12345:23456 32'
	as_user 12345 "$IPCTOOL" semop psem:/a 0-1
	assert_equal "$(value a)" '1 0'
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

@test "posix semop: files that are no semaphores are not changed" {
	local dry

	: >/dev/shm/sem.empty
	file sem.large 33
	for dry in '' -n; do
		# shellcheck disable=SC2086 # none or one
		refused "psem:/empty: the file has 0 bytes, a semaphore has 32; nothing was changed" \
			set $dry psem:/empty --value=1 --mode=0666
		# shellcheck disable=SC2086 # none or one
		refused "psem:/large: the file has 33 bytes, a semaphore has 32; nothing was changed" \
			set $dry psem:/large --value=1
	done
	for op in 0-1 0+1; do
		refused "psem:/empty: the file has 0 bytes, a semaphore has 32; nothing was changed" \
			semop psem:/empty "$op"
		refused "psem:/large: the file has 33 bytes, a semaphore has 32; nothing was changed" \
			semop psem:/large "$op"
	done
	assert_equal "$(cd /dev/shm && stat -c '%s %a' sem.empty sem.large)" $'0 644\n33 600'
	refused "psem:/none: no such object" set psem:/none --value=1
	refused "psem:/none: no such object" semop psem:/none 0+1
	ln -s sem.large /dev/shm/sem.link
	refused "psem:/link: is a symbolic link, not an object" set psem:/link --value=1
	refused "psem:/link: is a symbolic link, not an object" semop psem:/link 0+1
}

@test "posix semop: a file that is truncated meanwhile is no SIGBUS" {
	local words

	for words in 'set psem:/a --value=5' 'semop psem:/a 0-1' 'semop psem:/a 0+3'; do
		helper named-sem /a 1
		# shellcheck disable=SC2086 # several words
		stopped_at sigbus:-:1 $words
		: >/dev/shm/sem.a
		going_on
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool ${words%% *}: psem:/a: the file was truncated meanwhile"
		assert_equal "$(stat -c %s /dev/shm/sem.a)" 0
		rm /dev/shm/sem.a
	done
}

@test "posix semop: a page that was never touched on a full file system is no SIGBUS" {
	local words

	truncate -s 32 /dev/shm/sem.a
	head -c 100M /dev/zero >/dev/shm/fill 2>/dev/null || true
	for words in 'set psem:/a --value=5' 'semop psem:/a 0+3'; do
		# shellcheck disable=SC2086 # several words
		refused "psem:/a: /dev/shm is full" $words
	done
	rm /dev/shm/fill
	tool set -v psem:/a --value=5
	assert_output 'psem:/a: value 0 -> 5'
}

@test "posix semop: the SIGBUS of another cause ends it" {
	helper named-sem /a 0
	start semop psem:/a 0-1
	until_value a '0 1'
	kill -BUS "$pid"
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 135
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

@test "posix semop: a replaced file is not touched" {
	local words

	for words in 'set psem:/a --value=5' 'semop psem:/a 0+3'; do
		helper named-sem /a 1
		# shellcheck disable=SC2086 # several words
		stopped_at sigbus:-:1 $words
		mv /dev/shm/sem.a /dev/shm/sem.old
		helper named-sem /a 2
		going_on
		assert_success
		assert_equal "$(value a)" '2 0'
		assert_equal "$(value old)" "$([ "${words%% *}" = set ] && echo '5 0' || echo '4 0')"
		rm /dev/shm/sem.*
	done
	# The same name, between the look and the opening.
	helper named-sem /a 1
	stopped_at statx:sem.a:2 set psem:/a --value=5
	mv /dev/shm/sem.a /dev/shm/sem.old
	helper named-sem /a 2
	going_on
	assert_failure 1
	assert_stderr "ipctool set: psem:/a: another object has replaced it meanwhile; that one stays as it is"
	assert_equal "$(value a) $(value old)" '2 0 1 0'
}

@test "posix semop: another user's" {
	requires root

	helper named-sem /a 1
	helper named-sem /w 1 mode=0666
	split "${by_user[@]}" "$IPCTOOL" semop psem:/a 0-1
	assert_failure 1
	assert_stderr "ipctool semop: psem:/a: cannot be opened for writing: Permission denied"
	split "${by_user[@]}" "$IPCTOOL" set psem:/a --value=2
	assert_failure 1
	assert_stderr "ipctool set: psem:/a: cannot be opened for writing: Permission denied"
	split "${by_user[@]}" "$IPCTOOL" set -n psem:/a --value=2
	assert_failure 1
	assert_stderr "ipctool set: psem:/a: cannot be opened for writing: Permission denied"
	# The mode decides, and not the owner.
	split "${by_user[@]}" "$IPCTOOL" set psem:/w --value=2 -v
	assert_success
	assert_output 'psem:/w: value 1 -> 2'
	split "${by_user[@]}" "$IPCTOOL" semop psem:/w 0-1
	assert_success
	assert_equal "$(value a) $(value w)" '1 0 1 0'
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

@test "posix semop: no memory to map it" {
	requires strace
	local command

	helper named-sem /a 1
	for command in 'set psem:/a --value=2' 'semop psem:/a 0-1'; do
		# shellcheck disable=SC2086 # several words
		split strace -qq -o "$BATS_TEST_TMPDIR/calls" -P /dev/shm/sem.a -e inject=mmap:error=ENOMEM \
			"$IPCTOOL" $command
		assert_failure 1
		assert_stderr "ipctool ${command%% *}: psem:/a: cannot be mapped: Cannot allocate memory"
	done
	assert_equal "$(value a)" '1 0'
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

# --- semop ----------------------------------------------------------------------------

@test "posix semop: waits and posts" {
	helper named-sem /a 2
	tool semop psem:/a 0-1
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(value a)" '1 0'
	tool semop psem:a 0+5
	assert_success
	assert_equal "$(value a)" '6 0'
	tool semop --timeout=0 psem:/a 0-1
	assert_success
	tool semop psem:/a --timeout=1d 0-1
	assert_success
	assert_equal "$(value a)" '4 0'
}

@test "posix semop: would block, and time-outs" {
	helper named-sem /a 0
	tool semop psem:/a 0-1 --timeout=0
	assert_failure 3
	assert_output ''
	assert_stderr "ipctool semop: psem:/a: would block: the value is 0"
	tool semop psem:/a 0-1 --timeout=0.05
	assert_failure 3
	assert_stderr "ipctool semop: psem:/a: timed out after 0.05 s"
	tool semop psem:/a 0-1 --timeout=1s
	assert_failure 3
	assert_stderr "ipctool semop: psem:/a: timed out after 1 s"
	assert_equal "$(value a)" '0 0'
}

@test "posix semop: the time of day does not end a wait" {
	local waiter

	helper named-sem /a 0
	with_preload PRELOAD_SHIFT=-3600
	"${inside[@]}" "$IPCTOOL" semop psem:/a 0-1 --timeout=1h \
		2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	waiter=$!
	until_value a '0 1'
	tool semop psem:/a 0+1
	ended "$waiter"
	assert_success
	assert_stderr
}

@test "posix semop: a value at its maximum" {
	helper named-sem /a 2147483644
	refused "psem:/a: posted 3 of 5: the value would exceed 2147483647" semop psem:/a 0+5
	assert_equal "$(value a)" '2147483647 0'
	refused "psem:/a: posted 0 of 1: the value would exceed 2147483647" semop psem:/a 0+1
	tool semop psem:/a 0-1
	assert_success
	assert_equal "$(value a)" '2147483646 0'
}

@test "posix semop: usage" {
	local op

	helper named-sem /a 1
	for op in 0-2 0-32768; do
		bad "psem:/a: '$op': a POSIX semaphore is decremented by 1 only; more would not be atomic" \
			semop psem:/a "$op"
	done
	bad "psem:/a: '0=0': a POSIX semaphore cannot wait for zero" semop psem:/a 0=0
	for op in 1-1 1+1 1=0 99999999999-1; do
		bad "psem:/a: '$op': a POSIX semaphore has only number 0" semop psem:/a "$op"
	done
	for op in x 0 0- 0+ 0-0 0+0 0+2147483648 0=1 +1 '' 0-1x; do
		bad "psem:/a: invalid operation '$op': expected 0-1, which waits and takes 1, or 0+V, which posts V times, with V from 1 to 2147483647" \
			semop psem:/a "$op"
	done
	bad "psem:/a: only one operation is possible; several would not be atomic" \
		semop psem:/a 0-1 0+1
	bad "psem:/a: COMMAND is not possible: a POSIX semaphore has no undo" \
		semop psem:/a 0-1 -- true
	bad "psem:/a: -E is not possible: a POSIX semaphore has no undo" semop -E 4 psem:/a 0-1
	bad "no operation is given; expected for example 0-1 or 0+1" semop psem:/a
	bad "psem:#12: the object has no name any more; only list, stat and rm accept it" \
		semop 'psem:#12' 0-1
	assert_equal "$(value a)" '1 0'
}

@test "posix semop: objects and operations that do not fit" {
	helper named-sem /a 1
	file shared
	bad "psem:/a: a semaphore has no contents to read; stat shows its value" read psem:/a
	bad "psem:/a: a semaphore cannot be written; use set --value" write psem:/a
	bad "psem:/a: not a message queue; use semop" send psem:/a
	bad "psem:/a: not a message queue; use semop" recv psem:/a
	bad "pshm:/shared: not a semaphore; semop takes psem or sem" semop pshm:/shared 0-1
	bad "pmsg:/a: not a semaphore; semop takes psem or sem" semop pmsg:/a 0-1
	bad "'shm:0' is a shared memory segment; expected a reference to a semaphore set or a POSIX named semaphore, such as sem:0" \
		semop shm:0 0-1
}

@test "posix semop: a waiter is woken by ipctool and by a program" {
	local command

	for command in "$IPCTOOL set psem:/a --value=1" "$IPCTOOL semop psem:/a 0+1" \
		"$IPCHELPER operate-named /a post 1"; do
		helper named-sem /a 0
		start semop psem:/a 0-1
		until_value a '0 1'
		$command
		ended "$pid"
		assert_success
		assert_output ''
		assert_stderr
		assert_equal "$(value a)" '0 0'
		rm /dev/shm/sem.a
	done
}

@test "posix semop: ipctool wakes the waiters of a program" {
	local command waiter

	for command in "$IPCTOOL set psem:/a --value=3" "$IPCTOOL semop psem:/a 0+3"; do
		tool create psem:/a
		"$IPCHELPER" operate-named /a wait 1 3>&- &
		waiter=$!
		until_value a '0 1'
		"$IPCHELPER" operate-named /a wait 2 3>&- &
		until_value a '0 2'
		$command
		wait "$waiter" "$!"
		assert_equal "$(value a)" '0 0'
		rm /dev/shm/sem.a
	done
}

@test "posix semop: a signal ends a wait, and the waiter does not stay counted" {
	local signal waiter

	helper named-sem /a 0
	for signal in INT:130 TERM:143 USR1:138; do
		# A process in the background ignores SIGINT.
		env --default-signal=INT "$IPCTOOL" semop psem:/a 0-1 --timeout=1h \
			2>"$BATS_TEST_TMPDIR/errors" 3>&- &
		waiter=$!
		until_value a '0 1'
		kill "-${signal%:*}" "$waiter"
		ended "$waiter"
		assert_equal "$status" "${signal#*:}"
		assert_stderr
		assert_equal "$(value a)" '0 0'
	done
}

@test "posix semop: a wait goes on after a stop" {
	helper named-sem /a 0
	start semop psem:/a 0-1 --timeout=1h
	until_value a '0 1'
	kill -STOP "$pid"
	kill -CONT "$pid"
	tool semop psem:/a 0+1
	ended "$pid"
	assert_success
	assert_equal "$(value a)" '0 0'
}

@test "posix semop: posting ends at a signal, and tells how often it did" {
	helper named-sem /a 0
	start semop psem:/a 0+2147483647
	until [ "$(value a)" != '0 0' ]; do
		sleep 0.01
	done
	kill -TERM "$pid"
	ended "$pid"
	assert_equal "$status" 143
	read -r posted _ <<<"$(value a)"
	assert_stderr "ipctool semop: psem:/a: posted $posted of 2147483647: Interrupted system call"
}

@test "posix semop: many posts and waits at once leave the right value" {
	local pids=()

	tool create psem:/a --value=7
	"$IPCHELPER" operate-named /a wait 1000 3>&- &
	pids+=($!)
	"$IPCHELPER" operate-named /a post 1000 3>&- &
	pids+=($!)
	for _ in 1 2; do
		for op in 0-1 0+1; do
			(for _ in {1..50}; do
				"$IPCTOOL" semop psem:/a "$op" || exit
			done) 3>&- &
			pids+=($!)
		done
	done
	tool semop psem:/a 0+1000
	assert_success
	helper operate-named /a wait 1000
	for waiter in "${pids[@]}"; do
		wait "$waiter"
	done
	assert_equal "$(value a)" '7 0'
}

@test "posix semop: a /dev/shm that is no tmpfs" {
	requires root
	local words

	mount --bind "$BATS_TEST_TMPDIR" /dev/shm
	file sem.a 32
	for words in 'create psem:/b' 'set psem:/a --value=1' 'semop psem:/a 0+1'; do
		# shellcheck disable=SC2086 # several words
		tool $words
		assert_failure 2
		assert_output ''
		assert_stderr --regexp "^ipctool ${words%% *}: /dev/shm is not a tmpfs \([a-z0-9]+\); nothing was done\$"
	done
	assert_equal "$(value a)" '0 0'
	umount /dev/shm
}
