#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The results of rm for programs, exactly, one for each word that a result can be.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life
load memory
load stale
load rm

setup()
{
	requires root
}

# row REF KEY OWNER SIZE RESULT CAUSE REASON : prints the result of an object of the user OWNER
# as JSON, with null for what is empty.
row()
{
	jq -cn --arg ref "$1" --arg key "$2" --argjson uid "$3" --argjson size "${4:-null}" \
		--arg result "$5" --arg cause "$6" --arg reason "$7" '
		def text: if . == "" then null else . end;
		{ref: $ref, type: ($ref | split(":")[0]), key: $key, owner: ($uid | tostring),
			uid: $uid, size: $size, result: $result, cause: ($cause | text),
			reason: ($reason | text)}
		| if .uid == 0 then .owner = "root" else . end'
}

# missing_row NAME
missing_row()
{
	jq -cn --arg ref "$1" '{ref: $ref, type: null, key: null, owner: null, uid: null,
		size: null, result: "missing", cause: null, reason: "there is no such object"}'
}

@test "rm-json: removed, missing and refused, in both formats" {
	local shm sem msg pid format

	for format in --json --format=jsonl; do
		shm=$(helper shm 5 as="$user" key=0x10)
		helper touch "$shm"
		pid=$(fact shm "$shm" lpid)
		sem=$(helper sem 1 as="$user" mode=0)
		msg=$(helper msg as="$user" key=0x20)
		helper send "$msg" 2 3
		tool rm --alone $format "shm:$shm" msg:99 "sem:$sem" "msg:$msg" sem:0x77
		assert_failure 1
		[ $format = --json ] && output=$(jq -c '.schema, .results[]' <<<"$output") ||
			output=1$'\n'$output
		# Refused objects come last.
		assert_equal "$(jq -c . <<<"$output")" "1
$(missing_row msg:99)
$(missing_row sem:0x77)
$(row "shm:$shm" 0x00000010 "$user" 5 removed '' "last used by process $pid, which has ended")
$(row "sem:$sem" 0x00000000 "$user" '' removed '' "never used")
$(row "msg:$msg" 0x00000020 "$user" 6 refused messages "it holds 2 messages")"
		assert_stderr "ipctool rm: msg:99: there is no message queue with this id
ipctool rm: sem:0x77: there is no semaphore set with this key
ipctool rm: msg:$msg: in use: it holds 2 messages; use --force to remove it anyway"
		helper remove msg "$msg"
	done
}

@test "rm-json: objects of others, marked now, and marked before" {
	local shm foreign

	foreign=$(helper shm 7)
	as "$user" "$IPCTOOL" rm -J "shm:$foreign"
	assert_failure 1
	assert_equal "$(jq -c '.results[]' <<<"$output")" \
		"$(row "shm:$foreign" 0x00000000 0 7 refused '' "it belongs to root: only the owner, the creator or root may remove it")"
	shm=$(helper shm 3 as="$user")
	start_helper attach "$shm"
	tool rm -J --force "shm:$shm"
	assert_success
	assert_equal "$(jq -c '.results[]' <<<"$output")" \
		"$(row "shm:$shm" 0x00000000 "$user" 3 marked '' "although in use: 1 process attached: ${ready[1]} (ipchelper)")"
	assert_stderr "ipctool rm: shm:$shm: marked for removal; the kernel removes it after the last detach (attachments: 1)"
	tool rm --format=jsonl "shm:$shm"
	assert_success
	assert_equal "$(jq -c . <<<"$output")" \
		"$(row "shm:$shm" 0x00000000 "$user" 3 marked '' "it is already marked for removal; the kernel removes it after the last detach (attachments: 1)")"
}

@test "rm-json: failed" {
	requires seccomp
	local id
	id=$(helper shm 3 as="$user")

	denied shmctl:0=EPERM "$IPCTOOL" rm -J "shm:$id"
	assert_failure 1
	assert_equal "$(jq -c '.results[]' <<<"$output")" \
		"$(row "shm:$id" 0x00000000 "$user" 3 failed '' "cannot remove it: Operation not permitted")"
	assert_stderr "ipctool rm: shm:$id: cannot remove it: Operation not permitted"
}

@test "rm-json: kept" {
	local shm sem

	# They have keys, so any process of the user may know them.
	shm=$(used_shm key=0x14)
	sem=$(used_sem 1 key=0x15)
	ask --alone --stale --grace=0 -J
	answer n
	assert_failure 1
	assert_stderr "ipctool rm: nothing has been removed"
	assert_equal "$(jq -c '.results[]' <<<"$output")" \
		"$(row "shm:$shm" 0x00000014 "$user" 4096 kept '' "the answer was no")
$(row "sem:$sem" 0x00000015 "$user" '' kept '' "the answer was no")"
	ask --alone --stale --grace=0 --format=jsonl
	start_helper child hold as="$user" raw-index sem
	answer y
	assert_success
	assert_equal "$(jq -c .result,.reason <<<"$output")" '"kept"
"the conditions no longer choose it, so it stays"
"kept"
"the conditions no longer choose it, so it stays"'
}

@test "rm-json: a dry run" {
	local shm sem msg free pid

	shm=$(used_shm)
	free=$(used_shm)
	pid=$(fact shm "$free" lpid)
	sem=$(used_sem)
	msg=$(used_msg)
	start_helper attach "$shm"
	tool rm --alone -nJ --user="$user" --unattached
	assert_success
	assert_equal "$(jq -c '.results[]' <<<"$output")" \
		"$(row "shm:$free" 0x00000000 "$user" 4096 would-remove '' "owned by $user, unattached")"
	tool rm --alone -nJ --stale --grace=0 shm
	assert_equal "$(jq -c '.results[]' <<<"$output")" \
		"$(row "shm:$free" 0x00000000 "$user" 4096 would-remove '' "stale: last used by process $pid, which has ended")"
	tool rm --alone -n --format=jsonl "shm:$shm" shm:99
	assert_failure 1
	assert_equal "$(jq -c . <<<"$output")" "$(missing_row shm:99)
$(row "shm:$shm" 0x00000000 "$user" 4096 would-refuse attached "1 process attached: ${ready[1]} (ipchelper)")"
	tool rm -nJ --force "shm:$shm"
	assert_success
	assert_equal "$(jq -c '.results[]' <<<"$output")" \
		"$(row "shm:$shm" 0x00000000 "$user" 4096 would-mark attached "1 process attached: ${ready[1]} (ipchelper)")"
	assert_equal "$(left)" "shm:$shm shm:$free sem:$sem msg:$msg"
}

@test "rm-json: nothing, one line at a time, and invalid formats" {
	local id

	tool rm --alone --stale --yes -J
	assert_success
	assert_output '{"schema": 1, "results": []}'
	tool rm --stale --yes --format=jsonl
	assert_silent
	tool rm --all --yes --format=csv
	assert_usage "ipctool rm: unknown format 'csv'; expected one of: json, jsonl"
	# With -v the report is the same, and standard output has nothing else.
	id=$(used_shm)
	tool rm --alone --all --yes -vJ
	assert_success
	assert_equal "$(jq -c '.results[] | [.ref, .result]' <<<"$output")" "[\"shm:$id\",\"removed\"]"
}

@test "rm-json: without memory each removal is reported all the same" {
	local n total format id reported told

	memory_begin
	for format in json jsonl; do
		id=$(helper shm 10)
		memory_count rm "shm:$id" --force --format=$format
		total=$allocations
		told=0
		for ((n = total - 12; n <= total + 1; n++)); do
			id=$(helper shm 10)
			memory_ends "$n" rm "shm:$id" --force --format=$format
			reported=0
			[[ $output != *"\"ref\": \"shm:$id\""*'"result": "removed"'* ]] || reported=1
			if [[ $stderr == *"ipctool rm: shm:$id: removed"* ]]; then
				assert_failure 2
				reported=1
				told=$((told + 1))
			fi
			if ipctool stat "shm:$id" >/dev/null 2>&1; then
				assert_equal "$format $n: $reported" "$format $n: 0"
				helper remove shm "$id"
			else
				assert_equal "$format $n: $reported" "$format $n: 1"
			fi
		done
		assert [ "$told" -gt 0 ]
	done
}
