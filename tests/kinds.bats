#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A kind of object that can only be read, and one that cannot even be read. A missing
# method gives a clear refusal, and no object counts as unused.

load common

setup()
{
	toy=${IPCTOOL_REAL%/src/ipctool}/tests/ipctool-toy
}

@test "kinds: list shows objects of a kind that can only be read" {
	split "$toy" list
	assert_success
	assert_output "REF    OWNER  MODE
toy:1  root   0600
toy:2  root   0600
toy:3  root   0600"
	assert_stderr ''
}

@test "kinds: stat shows it without anything that only other kinds have" {
	split "$toy" stat toy:1
	assert_success
	assert_output "toy:1
  MODE   0600
  PERMS  rw-------
  OWNER  root
  STATE
  STALE  unknown: ipctool cannot judge toys"
	assert_stderr ''
}

@test "kinds: without a rule no object is known to be stale" {
	split "$toy" list toy:1 -o stale,cause,reason --no-headings
	assert_success
	assert_output "unknown  scan  ipctool cannot judge toys"
	assert_stderr ''
	split "$toy" list --stale --alone -o ref --no-headings
	assert_success
	assert_output ''
	split "$toy" rm toy --stale --alone --yes -v
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: nothing is stale: 3 toys cannot be judged by ipctool"
}

@test "kinds: an object with an unknown fact is not selected" {
	split "$toy" list --idle=1s -o ref --no-headings
	assert_success
	assert_output ''
	split "$toy" list --unattached -o ref --no-headings
	assert_success
	assert_output ''
}

@test "kinds: without methods rm refuses, even with --force" {
	local force

	for force in '' --force; do
		split "$toy" rm toy:1 ${force:+"$force"}
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool rm: toy:1: ipctool cannot remove toys"
	done
	split "$toy" rm --all --force --yes -v
	assert_success
	assert_output ''
}

@test "kinds: without methods set, create and limits report that" {
	split "$toy" set toy:1 --mode=0600
	assert_usage "ipctool set: toy:1: ipctool cannot change toys"
	split "$toy" create toy
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool create: toy: ipctool cannot make such objects"
	split "$toy" limits -J
	assert_success
	assert_output '{"schema": 1, "limits": []}'
	split "$toy" limits toy
	assert_usage "ipctool limits: 'toy': ipctool shows no limits of these objects; expected one of: "
}

@test "kinds: without operations the operating commands refuse" {
	local words

	for words in "send toy:1" "recv toy:1" "semop toy:1 0-1" "read toy:1" "write toy:1"; do
		# shellcheck disable=SC2086 # several words
		split "$toy" $words
		assert_failure 2
		assert_output ''
		assert_stderr --partial "'toy:1' is a toy; expected a reference to "
	done
}

@test "kinds: a kind without a source is reported, and the others are read" {
	split "$toy" list toy ghost -o ref --no-headings
	assert_failure 1
	assert_output $'toy:1\ntoy:2\ntoy:3'
	assert_stderr "ipctool list: ghost: ipctool cannot read the ghosts of this system"
	split "$toy" rm ghost:1
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: ghost:1: ipctool cannot read the ghosts of this system"
}
