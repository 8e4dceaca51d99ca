#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The bytes of segments, out and in.

# shellcheck disable=SC2016 # what inner shells are to expand

load common
load ops

setup()
{
	file=$BATS_TEST_TMPDIR/file
}

@test "read: exact bytes, whole and in part" {
	local id size=100001

	id=$(helper shm "$size" key=0x99)
	head -c "$size" /dev/urandom >"$file"
	helper fill "$id" <"$file"
	ipctool read "shm:$id" | cmp - "$file"
	ipctool read shm:0x99 >"$file.out"
	cmp "$file.out" "$file"
	ipctool read "shm:$id" --offset=4097 | cmp - <(tail -c +4098 "$file")
	ipctool read "shm:$id" --offset=4097 --length=5 | cmp - <(tail -c +4098 "$file" | head -c 5)
	ipctool read "shm:$id" --length=2K | cmp - <(head -c 2048 "$file")
	ipctool read "shm:$id" --offset=100000 --length=1 | cmp - <(tail -c 1 "$file")
	tool read "shm:$id" --offset=100001
	assert_success
	assert_output ''
	# Several of the pieces that are read at once.
	size=3500000
	id=$(helper shm "$size")
	head -c "$size" /dev/urandom >"$file"
	helper fill "$id" <"$file"
	ipctool read "shm:$id" | cmp - "$file"
	ipctool read "shm:$id" --offset=1M --length=1M | cmp - <(tail -c +1048577 "$file" | head -c 1M)
	ipctool read "shm:$id" --offset=777 | cmp - <(tail -c +778 "$file")
}

@test "write: exact bytes, whole and in part" {
	local id size=3500000

	id=$(helper shm "$size")
	head -c "$size" /dev/urandom >"$file"
	tool write "shm:$id" "$file"
	assert_success
	assert_output ''
	assert_stderr
	helper dump "$id" | cmp - "$file"
	# shellcheck disable=SC2002 # it is to come through a pipe
	cat "$file" | ipctool write "shm:$id"
	helper dump "$id" | cmp - "$file"

	id=$(helper shm 10)
	printf abc | ipctool write "shm:$id"
	printf 'de' | ipctool write "shm:$id" --offset=4
	printf 'xyz' | ipctool write "shm:$id" --offset=7
	printf '12345' | ipctool write "shm:$id" --offset=1 --length=1
	helper dump "$id" | cmp - <(printf 'a1c\0de\0xyz')
	# What is left of a file, and no more than is asked for, and nothing at all.
	printf 'ABCDEF' >"$file"
	{ head -c 2 >/dev/null && ipctool write "shm:$id" --length=3; } < <(cat "$file")
	ipctool write "shm:$id" --length=2 "$file"
	helper dump "$id" | head -c 2 | cmp - <(printf AB)
	tool write "shm:$id" /dev/null
	assert_success
	helper dump "$id" | head -c 2 | cmp - <(printf AB)
	ipctool write "shm:$id" --length=10 /dev/zero
	helper dump "$id" | cmp - <(head -c 10 /dev/zero)
}

@test "write: a file from its current offset" {
	local id

	id=$(helper shm 4)
	printf 'skipGOOD' >"$file"
	split bash -c 'read -r -N 4; "$IPCTOOL" write "$1"' - "shm:$id" <"$file"
	assert_success
	assert_equal "$(helper dump "$id")" GOOD
}

@test "write: a file that does not fit is rejected as a whole" {
	local id

	id=$(helper shm 10)
	printf keep | helper_fill_start "$id"
	head -c 11 /dev/zero >"$file"
	tool write "shm:$id" "$file"
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: $file has 11 bytes, and there is room for 10; nothing was written"
	split bash -c '"$IPCTOOL" write "$1" --offset=1 <"$2"' - "shm:$id" "$file"
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: standard input has 11 bytes, and there is room for 9; nothing was written"
	printf 123 >"$file"
	tool write "shm:$id" --length=4 "$file"
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: $file has 3 bytes, but --length is 4; nothing was written"
	helper dump "$id" | head -c 4 | cmp - <(printf keep)
}

# Writes input to the start of a segment, and zeros after it.
helper_fill_start()
{
	cat - /dev/zero | helper fill "$1"
}

@test "write: from a pipe, with more than fits and less than requested" {
	local id

	id=$(helper shm 10)
	split bash -c 'printf 0123456789x | "$IPCTOOL" write "$1"' - "shm:$id"
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: standard input has more than 10 bytes; 10 bytes were written"
	assert_equal "$(helper dump "$id")" 0123456789
	split bash -c 'printf abcd | "$IPCTOOL" write "$1" --offset=8' - "shm:$id"
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: standard input has more than 2 bytes; 2 bytes were written"
	assert_equal "$(helper dump "$id")" 01234567ab
	split bash -c 'printf AB | "$IPCTOOL" write "$1" --length=3' - "shm:$id"
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: standard input ended after 2 of 3 bytes (--length); these were written"
	assert_equal "$(helper dump "$id")" AB234567ab
}

@test "write: from a pipe, as data arrive" {
	local id input pid

	id=$(helper shm 10)
	mkfifo "$file.pipe"
	"$IPCTOOL" write "shm:$id" <"$file.pipe" 3>&- &
	pid=$!
	exec {input}>"$file.pipe"
	printf first >&"$input"
	until [ "$(helper dump "$id" | head -c 5)" = first ]; do
		kill -0 "$pid"
	done
	exec {input}>&-
	wait "$pid"
}

@test "read: beyond the end" {
	local id

	id=$(helper shm 4000)
	tool read "shm:$id" --offset=4001
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool read: shm:$id: offset 4001 is beyond its end: it has 4000 bytes"
	tool read "shm:$id" --offset=3999 --length=2
	assert_failure 1
	assert_stderr "ipctool read: shm:$id: 2 bytes from offset 3999 go beyond its end: it has 4000 bytes"
	tool read "shm:$id" --length=18446744073709551615 --offset=1
	assert_failure 1
	tool write "shm:$id" --offset=4001 /dev/null
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: offset 4001 is beyond its end: it has 4000 bytes"
	tool write "shm:$id" --length=4001 /dev/zero
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: 4001 bytes from offset 0 go beyond its end: it has 4000 bytes"
}

@test "read: a segment that is marked for removal" {
	start_helper attach-dest 100
	printf hello | ipctool write "shm:${ready[0]}"
	assert_equal "$(ipctool read "shm:${ready[0]}" --length=5)" hello
}

@test "read: a full disk, and a reader that closes the pipe" {
	local id

	id=$(helper shm 5000000)
	split bash -c '"$IPCTOOL" read "$1" >/dev/full' - "shm:$id"
	assert_failure 2
	assert_stderr "ipctool read: cannot write to standard output: No space left on device"
	split bash -c '"$IPCTOOL" read "$1" >&-' - "shm:$id"
	assert_failure 2
	assert_stderr "ipctool read: cannot write to standard output: Bad file descriptor"
	split bash -c '"$IPCTOOL" read "$1" | head -c 5; exit "${PIPESTATUS[0]}"' - "shm:$id"
	assert_failure 141
	assert_stderr
}

@test "read: attached only as long as needed" {
	local id

	id=$(helper shm 100)
	ipctool read "shm:$id" >/dev/null
	ipctool write "shm:$id" /dev/null
	run helper raw shm "$id"
	assert_line nattch=0
}

@test "read: the missing permission is named" {
	requires root
	local id

	id=$(helper shm 100 mode=0644)
	split "${as_nobody[@]}" "$IPCTOOL" read "shm:$id"
	assert_success
	split "${as_nobody[@]}" "$IPCTOOL" write "shm:$id" /dev/null
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: no permission to write: its mode, 0644, has no w for others (owner root, group root; you are nobody)"
	id=$(helper shm 100 mode=0642)
	split "${as_nobody[@]}" "$IPCTOOL" read "shm:$id"
	assert_failure 1
	assert_stderr "ipctool read: shm:$id: no permission to read: its mode, 0642, has no r for others (owner root, group root; you are nobody)"
	# Attaching it for writing needs read permission as well.
	split "${as_nobody[@]}" "$IPCTOOL" write "shm:$id" /dev/null
	assert_failure 1
	assert_stderr "ipctool write: shm:$id: no permission to read: its mode, 0642, has no r for others (owner root, group root; you are nobody)"
	id=$(helper shm 100 mode=0600)
	split "${as_nobody[@]}" "$IPCTOOL" write "shm:$id" /dev/null
	assert_failure 1
	assert_stderr --partial "no permission to read and write: its mode, 0600, has no rw for others"
}

@test "read: no room in the address space" {
	requires seccomp
	local id

	id=$(helper shm 5000)
	split "$IPCHELPER" deny shmat=ENOMEM -- "$IPCTOOL" read "shm:$id"
	assert_failure 1
	assert_stderr "ipctool read: shm:$id: there is no room for its 5000 bytes in the address space (ulimit -v)"
}

@test "read: a segment whose size is not known" {
	requires seccomp
	local id

	id=$(helper shm 5000)
	# 2 is IPC_STAT.
	for command in read write; do
		split "$IPCHELPER" deny shmctl:2=EIO -- "$IPCTOOL" $command "shm:$id" </dev/null
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool $command: shm:$id: Input/output error"
	done
}

@test "read: a page that cannot be allocated" {
	local ref page total

	# More huge pages than exist, and none are reserved.
	page=$(($(awk '/^Hugepagesize:/ { print $2 }' /proc/meminfo) * 1024))
	total=$(awk '/^HugePages_Total:/ { print $2 }' /proc/meminfo)
	ref=$(ipctool create shm --size=$((page * (total + 1))) --huge=default --no-reserve) ||
		skip "needs huge pages without reserve"
	# What there is comes out; other tests may hold some of it.
	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c '"$IPCTOOL" read "$1" >"$2"' sh "$ref" "$file.out"
	assert_failure 1
	[[ $stderr =~ ^"ipctool read: $ref: cannot allocate the page at offset "([0-9]+)": no memory is reserved for this segment (--no-reserve); "([0-9]+)" bytes were written"$ ]]
	assert_equal "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
	assert_equal "${BASH_REMATCH[1]}" "$(stat -c %s "$file.out")"
	printf x >"$file"
	tool write "$ref" "$file" --offset=$((page * total))
	assert_failure 1
	assert_stderr "ipctool write: $ref: cannot allocate the page at offset $((page * total)): no memory is reserved for this segment (--no-reserve); 0 bytes were written"
}

@test "read: missing objects and usage errors" {
	local id

	tool read shm:7
	assert_failure 1
	assert_stderr "ipctool read: shm:7: there is no shared memory segment with this id"
	tool write shm:0x7 /dev/null
	assert_failure 1
	assert_stderr "ipctool write: shm:0x7: there is no shared memory segment with this key"
	id=$(helper shm 10)
	tool write "shm:$id" "$file.none"
	assert_failure 2
	assert_stderr "ipctool write: cannot open $file.none: No such file or directory"
	tool write "shm:$id" "$BATS_TEST_TMPDIR"
	assert_failure 2
	assert_stderr "ipctool write: cannot read $BATS_TEST_TMPDIR: Is a directory; 0 bytes were written"
	tool read
	assert_usage "ipctool read: nothing is named: give a reference to a shared memory segment or a POSIX shared memory object, such as shm:0"
	tool write
	assert_usage "ipctool write: nothing is named: give a reference to a shared memory segment or a POSIX shared memory object, such as shm:0"
	tool read msg:0
	assert_usage "ipctool read: 'msg:0' is a message queue; expected a reference to a shared memory segment or a POSIX shared memory object, such as shm:0"
	tool write sem:0
	assert_usage "ipctool write: 'sem:0' is a semaphore set; expected a reference to a shared memory segment or a POSIX shared memory object, such as shm:0"
	tool read shm:0 shm:1
	assert_usage "ipctool read: unexpected operand 'shm:1': only one object can be named"
	tool write shm:0 a b
	assert_usage "ipctool write: unexpected operand 'b': only one file can be written"
	tool read shm:0 --offset=-1
	assert_usage "ipctool read: --offset: invalid size '-1': expected a number of bytes, which K, M, G or T may follow, for example 64M"
	tool read shm:0 --length=0
	assert_usage "ipctool read: --length: invalid size '0': expected at least 1 byte"
}

# best_of COMMAND : the microseconds of the quickest of several runs.
best_of()
{
	local n start time best=

	for n in {1..5}; do
		start=${EPOCHREALTIME/./}
		bash -c "$1"
		time=$((${EPOCHREALTIME/./} - start))
		[ -n "$best" ] && [ "$best" -le "$time" ] || best=$time
	done
	echo "$best"
}

@test "read: at least half as fast as cat" {
	requires speed
	local id size=67108864 tmpfs n by_cat by_read

	id=$(helper shm "$size")
	tmpfs=$(mktemp /dev/shm/ipctool.XXXXXX)
	head -c "$size" /dev/zero >"$tmpfs" || skip "no room in /dev/shm"
	ipctool write "shm:$id" "$tmpfs"
	# Another process on this machine may have disturbed one of the two.
	for n in 1 2 3 4; do
		by_cat=$(best_of "cat $tmpfs | cat >/dev/null")
		by_read=$(best_of "'$IPCTOOL' read shm:$id | cat >/dev/null")
		echo "cat $by_cat us, read $by_read us"
		[ "$by_read" -gt $((2 * by_cat)) ] || break
	done
	rm "$tmpfs"
	[ "$by_read" -le $((2 * by_cat)) ]
}
