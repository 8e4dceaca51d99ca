#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ipctool does not run with rights that its caller does not have: set-user-ID, set-group-ID,
# file capabilities. Rights that the caller has itself, as under sudo, are used.

load common
load life

owner=1001
stranger=1003
refusal="ipctool: refuses to run with rights that its caller does not have: remove the set-user-ID bit, the set-group-ID bit and the file capabilities of the program, and use sudo(8) or setpriv(1) instead"

setup()
{
	requires root
	dir=$(mktemp -d)
	chmod 755 "$dir"
	cp "$IPCTOOL" "$dir/ipctool"
	cp "$(command -v setpriv)" "$dir/setpriv"
	chmod 755 "$dir"/*
}

teardown()
{
	rm -rf "$dir"
	end_helpers
	wipe
}

# gains_by MODE : makes the programs of the directory set-user-ID or set-group-ID, and skips
# the test if that has no effect there.
gains_by()
{
	chmod "$1" "$dir"/*
	as_user $stranger "$dir/setpriv" --dump | grep -qE '^(Effective (uid|gid)|e[ug]id): 0$' ||
		skip "needs a file system without nosuid"
}

# assert_does_nothing : whatever the words are, a stranger gets the refusal only.
assert_does_nothing()
{
	local words id
	id=$(helper msg as=$owner)

	for words in '' list --version --help "rm --force msg:$id" 'create msg' \
		'__complete list'; do
		# shellcheck disable=SC2086 # several words
		as $stranger "$dir/ipctool" $words
		assert_failure 2
		assert_output ''
		assert_stderr "$refusal"
	done
	assert_objects 0 0 1
}

@test "privileges: set-user-ID is refused" {
	gains_by 4755
	assert_does_nothing
}

@test "privileges: set-group-ID is refused" {
	gains_by 2755
	assert_does_nothing
}

@test "privileges: file capabilities are refused" {
	setcap cap_sys_admin+ep "$dir/ipctool" 2>/dev/null || skip "needs setcap, and a file system with file capabilities"
	assert_does_nothing
}

@test "privileges: set-user-ID without standard error" {
	gains_by 4755
	as $stranger sh -c "exec '$dir/ipctool' list 2>&-"
	assert_failure 2
	assert_output ''
	assert_stderr ''
}

@test "privileges: a program that is set-user-ID and runs ipctool" {
	gains_by 4755
	chmod 755 "$dir/ipctool"
	# Its real user stays the stranger.
	as $stranger "$dir/setpriv" --clear-groups "$dir/ipctool" list
	assert_failure 2
	assert_output ''
	assert_stderr "$refusal"
}

@test "privileges: set-user-ID gives root nothing that it has not" {
	gains_by 4755
	split "$dir/ipctool" list -o ref
	assert_success
	assert_output REF
	assert_stderr
}

@test "privileges: a program that becomes root as sudo does" {
	local id
	id=$(helper msg as=$owner)

	gains_by 4755
	chmod 755 "$dir/ipctool"
	as $stranger "$dir/setpriv" --reuid=0 --regid=0 --clear-groups \
		"$dir/ipctool" rm --force "msg:$id"
	assert_success
	assert_output ''
	assert_objects 0 0 0
}

@test "privileges: a program that becomes another user as sudo -u does" {
	local id
	id=$(helper msg as=$owner)

	gains_by 4755
	chmod 755 "$dir/ipctool"
	as $stranger "$dir/setpriv" --reuid=$owner --regid=$owner --clear-groups \
		"$dir/ipctool" rm --force "msg:$id"
	assert_success
	assert_output ''
	assert_objects 0 0 0
}

@test "privileges: ambient capabilities are the caller's own" {
	local id
	id=$(helper msg as=$owner)

	split setpriv --reuid=$stranger --regid=$stranger --clear-groups \
		--inh-caps=+sys_admin --ambient-caps=+sys_admin \
		"$dir/ipctool" rm --force "msg:$id"
	assert_success
	assert_output ''
	assert_objects 0 0 0
}
