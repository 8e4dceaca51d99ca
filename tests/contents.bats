#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The contents of segments and queues on a terminal: what could control it is escaped.

load common
load ops

setup()
{
	requires python
	file=$BATS_TEST_TMPDIR/file
	# Control characters, an 8-bit control character, DEL, a change of direction, invalid
	# UTF-8, a character cut short, and a backslash.
	dangerous=$'a\tb\n\e[31m\x07\r\x08|\xc2\x9b|\x7f|\xe2\x80\xae|\xff|\xe2\x82|\\x41|é日'
	shown=$'a\tb\n\\x1b[31m\\x07\\x0d\\x08|\\xc2\\x9b|\\x7f|\\xe2\\x80\\xae|\\xff|\\xe2\\x82|\\x5cx41|é日'
}

# shows WANTED ARG... : what ipctool writes to a terminal, which is all that it writes.
shows()
{
	printf %s "$1" >"$file.wanted"
	"$IPCTOOL_SRCDIR/tests/on-terminal" 80 "$IPCTOOL" "${@:2}" >"$file.out" 2>"$file.err" ||
		fail "${*:2}: exit status $?"
	cmp "$file.out" "$file.wanted" || fail "${*:2}: $(cat -v "$file.out")"
	[ ! -s "$file.err" ] || fail "${*:2}: $(cat "$file.err")"
}

# segment TEXT : a segment with these bytes.
segment()
{
	local ref

	printf %s "$1" >"$file"
	ref=$(ipctool create shm --size="$(stat -c %s "$file")")
	ipctool write "$ref" "$file"
	echo "$ref"
}

@test "contents: read escapes what could control a terminal" {
	local ref

	ref=$(segment "$dangerous")
	shows "$shown" read "$ref"
	shows "$dangerous" read --raw "$ref"
	ipctool read "$ref" | cmp - <(printf %s "$dangerous")
	ipctool read --raw "$ref" | cmp - <(printf %s "$dangerous")
	# A part that ends and starts within a character.
	ref=$(segment é)
	shows '\xc3' read "$ref" --length=1
	shows '\xa9' read "$ref" --offset=1
	ref=$(ipctool create shm --size=3)
	shows '\x00\x00\x00' read "$ref"
}

# long LENGTH : characters of three bytes after so many others.
long()
{
	head -c "$1" /dev/zero | tr '\0' a
	for _ in 1 2 3; do
		printf '日本語'
	done
}

@test "contents: characters at the ends of pieces stay whole" {
	local ref length text

	for length in 4090 4091 4092 4093 4094 4095 4096 8190 12286 12287 12288; do
		text=$(long "$length")
		ref=$(segment "$text")
		shows "$text" read "$ref"
		ipctool rm --force "$ref"
	done
	# Between the pieces for which pages are made ready.
	for length in 1048574 1048575; do
		text=$(long "$length")
		ref=$(segment "$text")
		shows "$text" read "$ref"
		ipctool rm --force "$ref"
	done
	for length in 8000 8100; do
		text=$(long "$length")
		ref=$(ipctool create msg)
		printf %s "$text" | ipctool send "$ref"
		shows "$text" recv "$ref"
		ipctool rm --force "$ref"
	done
}

@test "contents: recv escapes what could control a terminal" {
	local ref

	ref=$(ipctool create msg)
	for _ in 1 2 3 4; do
		printf %s "$dangerous" | ipctool send "$ref"
	done
	shows "$shown" recv "$ref" --peek
	shows "$shown" recv "$ref"
	shows "$dangerous" recv "$ref" --raw
	shows "$shown"$'\n'"$shown"$'\n' recv "$ref" --lines --peek --all
	shows "$dangerous"$'\n'"$dangerous"$'\n' recv "$ref" --lines --peek --all --raw
	ipctool recv "$ref" --peek | cmp - <(printf %s "$dangerous")
	ipctool recv "$ref" --peek --raw | cmp - <(printf %s "$dangerous")
	# JSON is the same everywhere.
	ipctool recv "$ref" --peek -J >"$file"
	shows "$(cat "$file")"$'\n' recv "$ref" --peek -J
	shows "" recv "$ref" --mtype=2 --all
	assert_equal "$(ipctool recv "$ref" --all --lines | wc -l)" 4
}

@test "contents: a page of a segment that cannot be had" {
	local ref page total

	page=$(($(awk '/^Hugepagesize:/ { print $2 }' /proc/meminfo) * 1024))
	total=$(awk '/^HugePages_Total:/ { print $2 }' /proc/meminfo)
	ref=$(ipctool create shm --size=$((page * (total + 1))) --huge=default --no-reserve) ||
		skip "needs huge pages without reserve"
	# The pages before take all that there are.
	ipctool read "$ref" >/dev/null 2>&1 || true
	split "$IPCTOOL_SRCDIR/tests/on-terminal" 80 "$IPCTOOL" read "$ref" --offset=$((page * total))
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool read: $ref: cannot allocate the page at offset $((page * total)): no memory is reserved for this segment (--no-reserve); 0 bytes were written"
}
