#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# run-bats: the machine's processes
#
# An Apache that lives: whatever it has is neither stale nor removed by conditions.
#
# IPCTOOL_REAL_LOOKS sets how often it is looked at.

load common
load real
load apache

# alive REQUESTS : nothing of a living server is stale, and no condition removes it.
alive()
{
	start_place "${reaper[@]}"
	configure "$1"
	start_site
	name_sets
	start_load
	replace_workers

	never_stale
	kept "$real" rm --stale --alone --grace=0 --yes
	kept "$real" rm --stale --grace=0 --yes
	kept "$real" rm --stale --alone --yes
	refused "$rare" "$never" -- "$real" rm "$rare" "$never" --idle=0 --alone --yes
	end_load
	still_used
}

@test "apache: under load, each worker serves one connection" {
	alive 1
}

@test "apache: under load, each worker serves two connections" {
	alive 2
}

@test "apache: a graceful restart under load" {
	local old
	start_place "${reaper[@]}"
	configure 2
	start_site
	name_sets
	start_load
	replace_workers
	old="$busy $rare $never"

	signal_master USR1
	never_stale
	# The master removes two sets and makes them anew; it keeps the one that no worker has
	# used, and the process that made that has ended long ago.
	until_true has_new_sets "$never"
	name_sets
	replace_workers
	never_stale
	end_load
	still_used
	refused "$busy" "$rare" "$never" -- "$quick" rm --all --alone --yes
}

@test "apache: the master is PID 1 of its PID namespace" {
	configure 2
	start_place apache2 -DFOREGROUND -f "$site/conf"
	until_true serves
	name_sets
	start_load
	replace_workers
	never_stale
	kept "$real" rm --stale --alone --grace=0 --yes
	end_load

	# It has made them all itself.
	verdicts "$quick" --alone --grace=0 "$busy=false/*" "$rare=false/may-know" \
		"$never=false/recorded"
	verdicts "$quick" --grace=0 "$busy=false/*" "$rare=false/may-know" "$never=false/recorded"
	kept "$quick" rm --stale --alone --grace=0 --yes
	refused "$busy" "$rare" "$never" -- "$quick" rm --all --alone --yes
	assert_equal "$(request)" 403
}
