#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The examples in the manual pages of the operations do what the pages say. All examples
# of a page run as one script, unchanged.

load common
load ops

setup()
{
	mkdir "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/work"
	host_ipctool "$BATS_TEST_TMPDIR/bin/ipctool"
	cd "$BATS_TEST_TMPDIR/work" || return
}

# examples PAGE : prints the blocks in its EXAMPLES as a shell script.
examples()
{
	sed -n '/^\.Sh EXAMPLES$/,/^\.Sh SEE/p' "$IPCTOOL_SRCDIR/man/$1" |
		sed -n '/^\.Bd -literal/,/^\.Ed$/{ /^\.[BE]d/!p; }' |
		sed "s/\\\\(aq/'/g; s/\\\\-/-/g; s/\\\\e/\\\\/g"
}

# run_examples PAGE : runs them in the initial directory of the tests.
run_examples()
{
	examples "$1" >../script
	[ -s ../script ]
	PATH=$BATS_TEST_TMPDIR/bin:$PATH split bash -e -o pipefail ../script 3>&-
	assert_success
	assert_stderr
}

@test "examples: a job queue" {
	local n

	for n in {1..20}; do
		echo "job $n" >"job $n.txt"
	done
	run_examples ipctool-send.1
	assert_output ''
	assert_equal "$(echo ./*.txt)" "./*.txt"
	assert_equal "$(zcat ./*.txt.gz | sort)" "$(printf 'job %d\n' {1..20} | sort)"
	assert_equal "$(tail -n +2 /proc/sysvipc/msg)" ''
}

@test "examples: a queue that does not drain" {
	local id before

	id=$(helper msg key=0x4a0b)
	printf first | helper put "$id"
	printf 'stuck 1' | helper put "$id" type=13
	printf 'stuck 2' | helper put "$id" type=13
	run_examples ipctool-recv.1
	assert_line --index 0 "type 1: 1"
	assert_line --index 1 "type 13: 2"
	assert_line --regexp 'f +i +r +s +t'
	assert_equal "$(cat stuck.txt)" $'stuck 1\nstuck 2'
	assert_equal "$(qnum "$id")" 1
}

@test "examples: locks" {
	local n

	for n in {1..5}; do
		echo "$n" >"$n.url"
	done
	run_examples ipctool-semop.1
	assert_output ''
	assert_equal "$(cat ./*.done)" "$(seq 5)"
	assert_equal "$(wc -l <report.txt)" 1
	assert_equal "$(value "$(sed 's/^sem://' lock.ref)" 0)" 1
}

@test "examples: saving and restoring a segment" {
	local id

	id=$(helper shm 10000 key=0x4a0b)
	head -c 10000 /dev/urandom >before
	helper fill "$id" <before
	run_examples ipctool-read.1
	cmp segment.saved before
	helper dump "$((id + 1))" | cmp - before
	assert_equal "${#lines[@]}" 5
}

@test "examples: writing" {
	local one two

	one=$(helper shm 1000 key=0x4a0b)
	two=$(helper shm 1000 key=0x4a0c)
	yes | head -c 1000 | helper fill "$one"
	run_examples ipctool-write.1
	helper dump "$one" | head -c 144 | tail -c 16 | cmp - <(head -c 16 /dev/zero)
	helper dump "$two" | cmp - <(helper dump "$one")
}
