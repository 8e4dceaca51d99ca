#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# run-bats: the machine's processes
#
# An Apache that was killed, in whole or in part: what it left behind is stale once no process
# can use it any more, and what its successor has is not.

load common
load real
load apache

@test "apache: killed, and started again after three seconds" {
	local old
	start_place "${reaper[@]}"
	configure 2
	start_site
	name_sets
	kill_all
	old=("$never" "$busy" "$rare")
	verdicts "$quick" --alone --grace=0 "$never=true/none" "$busy=true/none" "$rare=true/none"

	sleep 3
	start_site
	name_sets "${old[@]}"
	start_load
	replace_workers
	never_stale "$busy" "$rare" "$never"
	end_load
	still_stale "${old[@]}"
	# That the new processes may know the old sets is out of the question only after ten
	# minutes.
	verdicts "$real" --alone --grace=0 "${old[0]}=false/may-know" \
		"${old[1]}=false/may-know" "${old[2]}=false/may-know"
	split "${inside[@]}" "$quick" rm --stale --alone --grace=0 --yes -v
	assert_success
	assert_stderr
	assert_equal "$(grep -o '^removed sem:[0-9]*' <<<"$output" | sort)" \
		"$(printf 'removed %s\n' "${old[@]}" | sort)"
	still_used
}

# still_stale REF...
still_stale()
{
	verdicts "$quick" --alone --grace=0 "${@/%/=true/none}"
}

@test "apache: killed, and started again at once" {
	local old
	start_place "${reaper[@]}"
	configure 2
	start_site
	name_sets
	start_load
	replace_workers
	kill_all
	old=("$never" "$busy" "$rare")
	start_site
	name_sets "${old[@]}"
	start_load
	never_stale "$busy" "$rare" "$never"
	replace_workers
	end_load

	# The one that was used within the same second is uncertain.
	still_stale "${old[0]}" "${old[2]}"
	verdicts "$quick" --alone --grace=0 "${old[1]}=[tf]*/*"
	split "${inside[@]}" "$quick" rm --stale --alone --grace=0 --yes
	assert_success
	assert_output ''
	assert_stderr
	still_used
}

@test "apache: only the master is killed" {
	start_place "${reaper[@]}"
	configure 2
	start_site
	name_sets
	start_load
	replace_workers
	end_load

	# The workers wait for connections until they have served what they may.
	signal_master KILL
	until_true no_master
	verdicts "$quick" --alone --grace=0 "$busy=false/*" "$rare=null/session" \
		"$never=null/session"
	kept "$quick" rm --stale --alone --grace=0 --yes
	refused "$busy" "$rare" "$never" -- "$quick" rm --all --alone --yes
}

@test "apache: all processes are killed, with the real times" {
	start_place "${reaper[@]}"
	configure 1
	start_site
	name_sets
	kill_all

	# For a set one minute without --grace, and three seconds whatever it says.
	in_grace "$rare"
	sleep 3
	verdicts "$real" --alone "$busy=false/grace" "$rare=false/grace" "$never=false/grace"
	kept "$real" rm --stale --alone --yes
	verdicts "$real" --grace=0 "$busy=null/namespace" "$rare=null/namespace" \
		"$never=null/namespace"
	kept "$real" rm --stale --grace=0 --yes
	verdicts "$real" --alone --grace=0 "$busy=true/none" "$rare=true/none" "$never=true/none"
	split "${inside[@]}" "$real" rm --stale --alone --grace=0 --yes
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(objects)" ''
}
