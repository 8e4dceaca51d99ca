#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# Servers that live look abandoned at times: each is looked at many times, and must never be
# called stale, not even without any grace time; after a kill -9 all that it left must be. Then
# the scan over the processes in a crowd, and while processes come and go.
#
# IPCTOOL_SOAK_LOOKS sets how many looks; the default is few, for `make check`, and .ci/run
# sets more.

load common
load stale

all_looks=${IPCTOOL_SOAK_LOOKS:-60}

# never_stale REF... : all looks find none of them stale.
never_stale()
{
	run "$IPCHELPER" looks "$all_looks" "$IPCTOOL" list --stale --grace=0s --alone \
		-o ref --no-headings "$@"
	assert_output "$all_looks looks"
	assert_success
}

@test "soak: live servers are never stale, and killed ones always are" {
	requires root
	local prefork consumer daemon tries=0
	timeout=280
	prefork=$(helper sem 1 as="$user")
	consumer=$(helper msg as="$other")
	daemon=$(helper sem 1 as="$third")

	start_helper server prefork "$prefork" "$user"
	start_helper server consumer "$consumer" "$other"
	start_helper server daemon "$daemon" "$third"
	judged "sem:$prefork=false" "sem:$daemon=false" "msg:$consumer=false"
	never_stale "sem:$prefork" "sem:$daemon" "msg:$consumer"
	end_helper 0
	end_helper 1
	end_helper 2
	until [ "$(ipctool list --stale --grace=1s --alone -o ref --no-headings | wc -l)" -eq 3 ]; do
		[ $((tries++)) -lt 300 ]
		sleep 0.1
	done
	judged --grace=1s "sem:$prefork=true" "sem:$daemon=true" "msg:$consumer=true"
	tool rm --stale --grace=1s --alone --yes
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(tail -qn +2 /proc/sysvipc/{sem,msg})" ''
}

@test "soak: a worker is replaced during the scan of a crowd of 1,000" {
	requires root
	local set
	# A master of root, which made the set for its workers.
	set=$(helper sem 1 uid="$user")
	timeout=120

	start_helper crowd 1000 "$(helper shm 1)"
	start_helper server relay "$set" "$user"
	all_looks=$((all_looks / 10 + 1))
	never_stale "sem:$set"
	end_helper
	judged "sem:$set=true/none"
}

@test "soak: processes that end during the scan" {
	local id i text pid
	id=$(helper shm 4096)

	start_helper attach "$id"
	pid=${ready[1]}
	start_helper churn 4 "$id"
	for ((i = 0; i < all_looks / 3; i++)); do
		text=$(ipctool list -J -o ref,pids,stale,command 2>&1)
		[[ $text == *"{\"ref\": \"shm:$id\", \"pids\": ["*"$pid"*"], \"stale\": false"* ]] ||
			fail "$text"
		# Ended ones show in the number of attachments alone, at the worst.
		text=$(ipctool stat -J -o processes "shm:$id" 2>/dev/null)
		[[ $text == *"{\"pid\": $pid, "* ]] || fail "$text"
		text=$(ipctool rm --stale --grace=0s --alone --yes -v shm 2>&1) || fail "$text"
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
	assert_stderr --regexp '5001 processes attached: .* and 4998 more; use --force'
}
