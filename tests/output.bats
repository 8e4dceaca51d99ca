#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Output that cannot be written is never success; a reader that closes the pipe is not an
# error.

load common

# to FILE ARG... : ipctool with its standard output in FILE.
to()
{
	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c 'exec >"$1"; shift; exec "$@"' sh "$1" "$IPCTOOL" "${@:2}"
}

# closed DESCRIPTOR ARG... : ipctool with it closed (0, 1 or 2).
closed()
{
	local n=$1

	shift
	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c "exec $n>&-; exec \"\$@\"" sh "$IPCTOOL" "$@"
}

# without_reader ARG... : ipctool with standard output a pipe whose reader has gone.
without_reader()
{
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c 'set -o pipefail
		{
			trap "" PIPE
			while echo 2>/dev/null; do :; done
			trap - PIPE
			exec "$@"
		} | :' bash "$IPCTOOL" "$@"
}

commands=("--help" "--usage" "--version" "list" "list -J" "list shm" "list --list-fields"
	"list --help" "list --usage" "list --version" "ls -h")

@test "output: a full disk" {
	local words

	helper shm 1
	for words in "${commands[@]}"; do
		# shellcheck disable=SC2086 # several words
		to /dev/full $words
		assert_failure 2
		assert_output ''
		assert_stderr --regexp '^ipctool( list)?: cannot write to standard output: No space left on device$'
	done
}

@test "output: a full disk with a long listing" {
	helper bulk 2000
	local words

	for words in list "list -J" "list sem"; do
		# shellcheck disable=SC2086 # several words
		to /dev/full $words
		assert_failure 2
		assert_stderr "ipctool list: cannot write to standard output: No space left on device"
	done
}

@test "output: a disk that becomes full" {
	helper bulk 1000
	# Files may have 100 blocks of 512 or 1024 bytes here; the signal is ignored.
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c 'ulimit -f 100; trap "" XFSZ; exec "$1" list -J >"$2"' bash \
		"$IPCTOOL" "$BATS_TEST_TMPDIR/out"
	assert_failure 2
	assert_stderr "ipctool list: cannot write to standard output: File too large"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/out")" -gt 0 ]
}

@test "output: closed standard output" {
	local words

	helper shm 1
	for words in "${commands[@]}"; do
		# shellcheck disable=SC2086 # several words
		closed 1 $words
		assert_failure 2
		assert_output ''
		assert_stderr --regexp '^ipctool( list)?: cannot write to standard output: Bad file descriptor$'
	done
}

@test "output: no output is needed if there is nothing to write" {
	closed 1 list --no-headings
	assert_success
	assert_stderr
	to /dev/full list --no-headings
	assert_success
	assert_stderr
}

@test "output: a usage error is reported even if standard output is closed" {
	closed 1 list nonsense
	assert_failure 2
	assert_stderr_line --index 0 \
		"ipctool list: unknown type 'nonsense'; expected one of: shm, sem, msg, pshm, psem, pmsg, or a reference, for example shm:32769 or shm:0x52e2c1"
}

@test "output: closed standard input" {
	helper shm 1
	tool list -J
	local normal=$output
	closed 0 list -J
	assert_success
	assert_stderr
	assert_output "$normal"
}

@test "output: closed standard error" {
	helper shm 1
	tool list -J
	local normal=$output
	closed 2 list -J
	assert_success
	assert_output "$normal"
	closed 2 list nonsense
	assert_failure 2
	assert_output ''
	# A message must not end up in the data.
	closed 2 list shm --source=stat -o size,rss --no-headings
	assert_success
	assert_output "1  ?"
}

@test "output: all three are closed" {
	helper shm 1
	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c 'exec 0>&- 1>&- 2>&-; exec "$@"' sh "$IPCTOOL" list
	assert_failure 2
}

@test "output: the reader closes the pipe" {
	local words

	helper shm 1
	for words in "${commands[@]}"; do
		# shellcheck disable=SC2086 # several words
		without_reader $words
		assert_equal "$words: $status" "$words: 141"
		assert_output ''
		assert_stderr
	done
}

@test "output: the reader closes the pipe of a long listing" {
	helper bulk 2000
	without_reader list
	assert_equal "$status" 141
	assert_stderr
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c 'set -o pipefail; "$1" list -J | head -n 1' bash "$IPCTOOL"
	assert_equal "$status" 141
	assert_output '{"schema": 1, "objects": ['
	assert_stderr
}

@test "output: a full disk with objects that could not be read" {
	requires seccomp
	helper msg
	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c 'exec "$@" >/dev/full' sh "$IPCHELPER" deny msgctl=EACCES -- \
		"$IPCTOOL" list msg --source=stat
	assert_failure 2
	assert_stderr_line "ipctool list: msg: cannot read the message queues: msgctl: Permission denied"
	assert_stderr_line "ipctool list: cannot write to standard output: No space left on device"
}

@test "output: a failed write before a successful last one" {
	requires strace
	local shm sem
	shm=$(helper shm 1)
	sem=$(helper sem 1)

	# The first write is the start of the document, the second the first result.
	split strace -o /dev/null -e trace=write -e inject=write:error=EIO:when=2 \
		"$IPCTOOL" rm -J --alone "shm:$shm" "sem:$sem"
	assert_failure 2
	assert_stderr_line "ipctool rm: cannot write to standard output: Input/output error"
}

@test "output: a closed standard descriptor that cannot be opened" {
	requires strace

	split strace -f -qqq -o /dev/null -P /dev/null -e inject=openat:error=EMFILE \
		sh -c 'exec 0>&-; exec "$@"' sh "$IPCTOOL" list
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool: cannot open '/dev/null': Too many open files"
}

@test "output: local times if no other file can be opened" {
	local zone=/usr/share/zoneinfo/Asia/Tokyo wanted
	[ -e $zone ] || skip "needs $zone"

	helper msg
	wanted=$(TZ=Asia/Tokyo ipctool list msg -o ctime --no-headings)
	[ "$wanted" != "$(TZ=UTC ipctool list msg -o ctime --no-headings)" ]
	# The table of objects takes the one descriptor that there is.
	# shellcheck disable=SC2016 # the inner shell's own
	TZ=Asia/Tokyo split sh -c 'exec 3>&- && ulimit -n 4 && exec "$@"' sh \
		"$IPCTOOL" list msg -o ctime --no-headings
	assert_success
	assert_output "$wanted"
}
