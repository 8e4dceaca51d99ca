#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# Servers that live look abandoned at times: each is looked at 10,000 times, and must never
# be called stale, not even without any grace time; killed with -9, all it left behind must
# be. Then the walk over the processes in a crowd, and while everything comes and goes.
#
# IPCTOOL_SOAK_LOOKS makes it fewer where the program is slow, as with sanitizers.

load common
load stale

all_looks=${IPCTOOL_SOAK_LOOKS:-10000}

# never_stale REF... : so many looks find none of them stale.
never_stale()
{
	run "$IPCHELPER" looks "$all_looks" "$IPCTOOL" list --stale --grace=0s -o ref \
		--no-headings "$@"
	assert_output "$all_looks looks"
	assert_success
}

@test "soak: servers that live are never stale, and always once they are killed" {
	requires root
	local prefork consumer daemon third=12347 tries=0
	timeout=280
	prefork=$(helper sem 1 as="$user")
	consumer=$(helper msg as="$other")
	daemon=$(helper sem 1 as=$third)

	start_helper server prefork "$prefork" "$user"
	start_helper server consumer "$consumer" "$other"
	start_helper server daemon "$daemon" $third
	judged "sem:$prefork=false" "sem:$daemon=false" "msg:$consumer=false"
	never_stale "sem:$prefork" "sem:$daemon" "msg:$consumer"
	end_helper 0
	end_helper 1
	end_helper 2
	until [ "$(ipctool list --stale --grace=1s -o ref --no-headings | wc -l)" -eq 3 ]; do
		[ $((tries++)) -lt 300 ]
		sleep 0.1
	done
	judged --grace=1s "sem:$prefork=true" "sem:$daemon=true" "msg:$consumer=true"
	tool rm --stale --grace=1s --yes -v
	assert_success
	assert_output "removed sem:$prefork
removed sem:$daemon
removed msg:$consumer"
	assert_stderr
}

@test "soak: a worker that is replaced while a crowd is looked at" {
	requires root
	local set
	set=$(helper sem 1 as="$user")
	timeout=120

	start_helper crowd 1000 "$(helper shm 1)"
	start_helper server relay "$set" "$user"
	all_looks=$((all_looks / 50))
	never_stale "sem:$set"
	end_helper
	judged --grace=0s "sem:$set=true"
}

@test "soak: processes that end in the middle of the walk" {
	local id i text pid
	id=$(helper shm 4096)

	start_helper attach "$id"
	pid=${ready[1]}
	start_helper churn 4 "$id"
	for ((i = 0; i < 200; i++)); do
		text=$(ipctool list -J -o ref,pids,stale,command 2>&1)
		[[ $text == *"{\"ref\": \"shm:$id\", \"pids\": ["*"$pid"*"], \"stale\": false"* ]] ||
			fail "$text"
		# Ended ones show in the number of attachments alone, at the worst.
		text=$(ipctool stat -J -o processes "shm:$id" 2>/dev/null)
		[[ $text == *"{\"pid\": $pid, "* ]] || fail "$text"
		text=$(ipctool rm --stale --grace=0s --yes -v shm 2>&1) || fail "$text"
		[[ $text != *"shm:$id"* ]] || fail "$text"
	done
}

@test "soak: 5,000 processes" {
	local id
	id=$(helper shm 4096)
	timeout=120

	start_helper crowd 5000 "$id"
	tool list -J -o nattch,pids "shm:$id"
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects[0] | [.nattch, (.pids | unique | length)]' <<<"$output")" \
		'[5001,5001]'
	tool stat -J -o processes "shm:$id"
	assert_success
	assert_stderr
	assert_equal "$(jq '.objects[0].processes | length' <<<"$output")" 5001
	tool rm "shm:$id"
	assert_failure 1
	assert_stderr --regexp '5001 attached: .* and 4998 more \(--force'
}
