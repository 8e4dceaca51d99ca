#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# set with types and conditions: what is chosen, and the question.

load common
load rm

setup()
{
	requires root
	shm=$(helper shm 4096 uid=65534)
	sem=$(helper sem 2 uid=65534)
	msg=$(helper msg uid=65534)
	other=$(helper shm 100)
}

# modes : the modes of all objects, in the order of list.
modes()
{
	ipctool list -o ref,mode --format=raw --no-headings | xargs
}

@test "set-select: conditions choose, and --yes is required without a terminal" {
	local before
	before=$(modes)

	tool set --user=65534 --mode=640
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool set: 3 objects would be changed, and there is no terminal to ask on: add --yes to do it, or --dry-run to see which; nothing has been changed"
	tool set shm --user=65534 --mode=640 </dev/null
	assert_failure 2
	assert_stderr "ipctool set: 1 object would be changed, and there is no terminal to ask on: add --yes to do it, or --dry-run to see which; nothing has been changed"
	assert_equal "$(modes)" "$before"
	tool set --user=65534 --mode=640 --dry-run
	assert_success
	assert_stderr
	assert_output "would change shm:$shm: mode 0600 -> 0640
would change sem:$sem: mode 0600 -> 0640
would change msg:$msg: mode 0600 -> 0640"
	assert_equal "$(modes)" "$before"
	tool set --user=65534 --mode=640 --yes -v
	assert_success
	assert_stderr
	assert_output "shm:$shm: mode 0600 -> 0640
sem:$sem: mode 0600 -> 0640
msg:$msg: mode 0600 -> 0640"
	# What has the value already is no change.
	tool set --user=65534 --mode=640 --yes -v
	assert_success
	assert_output ''
}

@test "set-select: on a terminal it asks, however many there are" {
	local before

	ask_by set shm --user=65534 --mode=640
	assert_equal "$(sed -n '2s/ .*//p' <<<"$asked")" "shm:$shm"
	assert_equal "$(tail -n +3 <<<"$asked")" "Change this object? [y/N] "
	answer y
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(ipctool list shm -o mode --format=raw --no-headings | xargs)" "0640 0600"
	before=$(modes)
	ask_by set --user=65534 --mode=600
	assert_equal "$(tail -n +5 <<<"$asked")" "Change these 3 objects? [y/N] "
	answer n
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool set: nothing has been changed"
	assert_equal "$(modes)" "$before"
}

@test "set-select: without a type, among the types that can be changed so" {
	tool set --all --qbytes=100 --yes -v
	assert_success
	assert_stderr
	assert_output "msg:$msg: qbytes 16384 -> 100"
	tool set --user=65534 --value=3 --yes -v
	assert_output "sem:$sem: semaphore 0 0 -> 3, semaphore 1 0 -> 3"
	tool set --min-size=4K --lock --yes -v
	assert_output "shm:$shm: locked"
	tool set sem --all --qbytes=100 --yes
	assert_usage "ipctool set: sem: --qbytes applies to msg only"
}

@test "set-select: references are narrowed, and are not asked about" {
	tool set "shm:$shm" "shm:$other" --user=65534 --mode=640 -v
	assert_success
	assert_output "shm:$shm: mode 0600 -> 0640"
	assert_stderr "ipctool set: shm:$other: the conditions do not choose it"
	tool set "shm:$other" --user=65534 --mode=640
	assert_success
	assert_output ''
	assert_stderr
}

@test "set-select: --group chooses, and --owner=:group changes" {
	tool set "msg:$msg" --owner=:7
	assert_success
	tool set --group=7 --owner=:8 --yes -v
	assert_success
	assert_output --regexp "^msg:$msg: group [a-z0-9]+ -> [a-z0-9]+\$"
	assert_equal "$(ipctool list msg -o gid --format=raw --no-headings)" 8
}

@test "set-select: a type alone, and nothing at all" {
	tool set shm --mode=640
	assert_usage "ipctool set: a type stands for all its objects: add --all if you mean that, or a condition such as --stale or --user=USER"
	tool set --mode=640
	assert_usage "ipctool set: nothing is named: give a reference such as shm:32769 or sem:0x52e2c1, a condition such as --stale or --user=USER, or --all"
	tool set --all "shm:$shm" --mode=640
	assert_usage "ipctool set: --all and the reference 'shm:$shm' exclude each other"
	tool set --all --yes
	assert_usage "ipctool set: nothing to change: give --mode, --owner, --qbytes, --value, --lock or --unlock"
}

@test "set-select: --max, --except and the file of objects to keep" {
	local before
	before=$(modes)

	tool set --all --mode=640 --yes --max=3
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool set: 4 objects are chosen, more than --max=3; nothing has been changed"
	assert_equal "$(modes)" "$before"
	tool set --all --mode=640 --yes --max=3 --except="shm:$other" -v
	assert_success
	assert_output "shm:$shm: mode 0600 -> 0640
sem:$sem: mode 0600 -> 0640
msg:$msg: mode 0600 -> 0640"
	requires mount
	mkdir "$BATS_TEST_TMPDIR/etc"
	echo "sem:$sem" >"$BATS_TEST_TMPDIR/etc/keep"
	keep()
	{
		# shellcheck disable=SC2016 # the script's own
		split unshare --mount sh -c 'mkdir -p /etc/ipctool && mount --bind "$0" /etc/ipctool && exec "$@"' \
			"$BATS_TEST_TMPDIR/etc" "$IPCTOOL" set "$@"
	}
	keep --user=65534 --mode=600 --yes -v
	assert_success
	assert_output "shm:$shm: mode 0640 -> 0600
msg:$msg: mode 0640 -> 0600"
	assert_stderr "ipctool set: 1 object is kept by /etc/ipctool/keep"
	keep --user=65534 --mode=600 --yes -v --no-keep
	assert_output "sem:$sem: mode 0640 -> 0600"
	echo nonsense >"$BATS_TEST_TMPDIR/etc/keep"
	keep --user=65534 --mode=640 --yes
	assert_failure 2
	assert_output ''
	assert_stderr --partial "; nothing has been changed (--no-keep ignores the file)"
}

@test "set-select: objects that the caller may not change are passed over" {
	split setpriv --reuid=65534 --regid=65534 --clear-groups -- "$IPCTOOL" set --all --mode=640 --yes -v
	assert_success
	assert_output "shm:$shm: mode 0600 -> 0640
sem:$sem: mode 0600 -> 0640
msg:$msg: mode 0600 -> 0640"
	assert_stderr "ipctool set: 1 object of other users is passed over"
	split setpriv --reuid=65534 --regid=65534 --clear-groups -- "$IPCTOOL" set --user=0 --mode=640 --yes
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool set: 1 object of the user named is passed over: only the owner, the creator or root may change it"
}
