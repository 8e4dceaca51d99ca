#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# run-bats: the machine's processes
#
# The namespaces of the whole machine: the initial one, and agreement with lsns(8).

load common

setup()
{
	requires root
	[ "$(readlink /proc/self/ns/pid)" = 'pid:[4026531836]' ] ||
		skip "needs the initial PID namespace"
}

@test "machine: the initial namespace comes first, and is called host" {
	start_helper namespace process size=100000000
	tool namespaces -J -o ns,container,owner
	assert_success
	assert_equal "$(jq -c '.namespaces[0]' <<<"$output")" \
		'{"ns":4026531839,"container":"host","owner":"root"}'
	assert_equal "$(jq '.namespaces[1].ns' <<<"$output")" "${ready[0]}"
	tool namespaces --format=raw --no-headings -o ns host 4026531839
	assert_success
	assert_output 4026531839
}

@test "machine: each namespace that lsns shows is listed, with as many processes" {
	local ns nprocs try

	command -v lsns >/dev/null || skip "needs lsns"
	start_helper namespace many count=20
	ipctool namespaces -J 2>/dev/null >"$BATS_TEST_TMPDIR/all"
	# Others may come and go on the machine: those of the helper stay.
	while read -r ns nprocs; do
		[ "$(stat -L -c %i "/proc/$nprocs/ns/ipc" 2>/dev/null)" = "$ns" ] || continue
		# shellcheck disable=SC2016 # jq's own
		run -0 jq --argjson ns "$ns" '.namespaces[] | select(.ns == $ns).ns' \
			"$BATS_TEST_TMPDIR/all"
		assert_output "$ns"
	done < <(lsns --type ipc --noheadings --output NS,PID)
	for try in "${ready[1]}" $(pgrep -P "${ready[1]}"); do
		ns=$(stat -L -c %i "/proc/$try/ns/ipc")
		[ "$ns" != "$(stat -L -c %i /proc/self/ns/ipc)" ] || continue
		# lsns gives up where a process ends while it reads.
		until nprocs=$(lsns --type ipc --noheadings --output NPROCS "$ns" 2>/dev/null |
			head -n 1 | tr -d ' ') && [ -n "$nprocs" ]; do
			sleep 0.1
		done
		assert_equal "$(ipctool namespaces --format=raw --no-headings -o nprocs "$ns" 2>/dev/null)" \
			"$nprocs"
	done
}

@test "machine: the manual's example of a process" {
	start_helper namespace process size=10
	tool namespaces "${ready[1]}" --no-headings -o nprocs,shm,bytes,pid
	assert_success
	assert_output "1  1  10  ${ready[1]}"
}
