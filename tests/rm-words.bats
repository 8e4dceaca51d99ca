#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What rm says: the lines of -v and of --force, why nothing is stale, whose objects are passed
# over, and what was done when its report cannot be written.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life
load stale
load rm

# --- The lines of -v and --force ----------------------------------------------------------

@test "rm-words: -v, for each type, used and never used" {
	requires root
	local shm key sem fresh msg pid
	local -a pids

	shm=$(used_shm)
	key=$(helper shm 1048576 as="$user" key=0xabc1)
	sem=$(used_sem 3)
	fresh=$(helper sem 1 as="$user")
	msg=$(used_msg)
	pids=("$(fact shm "$shm" lpid)" "$(fact shm "$key" cpid)" "$(fact msg "$msg" lrpid)")
	pid=$(fact sem "$sem" pid.0)
	tool rm --alone -v --user="$user" --yes
	assert_success
	assert_stderr
	assert_equal "$(sed -E 's/idle [0-9]+s/idle Ns/' <<<"$output")" \
		"removed shm:$shm (no key, owner $user, 4.0K, idle Ns; last used by process ${pids[0]}, which has ended)
removed shm:$key (key 0x0000abc1, owner $user, 1.0M, idle Ns; last used by process ${pids[1]}, which has ended)
removed sem:$sem (no key, owner $user, 3 semaphores, idle Ns; last used by process $pid, which has ended)
removed sem:$fresh (no key, owner $user, 1 semaphore, idle Ns; never used)
removed msg:$msg (no key, owner $user, 0 messages, idle Ns; last used by process ${pids[2]}, which has ended)"
}

@test "rm-words: use by a process outside this PID namespace counts" {
	requires root
	local shm sem

	shm=$(used_shm)
	sem=$(used_sem)
	helper as "$user" semop "$sem" 0 1
	split "${apart[@]}" "$IPCTOOL" rm --alone -v "shm:$shm" "sem:$sem"
	assert_success
	assert_equal "$(sed -E 's/idle [0-9]+s/idle Ns/' <<<"$output")" \
		"removed shm:$shm (no key, owner $user, 4.0K, idle Ns; last used by a process outside this PID namespace, which has ended)
removed sem:$sem (no key, owner $user, 1 semaphore, idle Ns; every process that used it has ended)"
}

@test "rm-words: with --force, -v and --dry-run show what is in use, and by which processes" {
	requires root
	local shm sem msg known
	local -a why

	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(helper msg as="$user" key=0x33)
	helper send "$msg" 1 1
	start_helper attach "$shm"
	why=("in use: 1 process attached: ${ready[1]} (ipchelper)")
	start_helper semwait "$sem" 0 zero
	why+=("in use: 1 process waits on semaphore 0: ${ready[1]} (ipchelper)" "in use: it holds 1 message")
	start_helper child hold as="$user" raw-index sem
	known=$(used_sem)
	why+=("it may be in use: process ${ready[0]} (ipchelper), started T, may know it")
	tool rm --alone --force --all -n
	assert_success
	assert_stderr
	assert_equal "$(sed -E 's/started [0-9:]+,/started T,/' <<<"$output")" \
		"would mark shm:$shm for removal, although ${why[0]}
would remove sem:$sem, although ${why[1]}
would remove sem:$known, although ${why[3]}
would remove msg:$msg, although ${why[2]}"
	tool rm --alone --force --all --yes -v
	assert_success
	assert_stderr
	assert_equal "$(sed -E 's/started [0-9:]+,/started T,/; s/idle [0-9]+s/idle Ns/' <<<"$output")" \
		"marked shm:$shm for removal (no key, owner $user, 4.0K, idle Ns; although ${why[0]})
removed sem:$sem (no key, owner $user, 1 semaphore, idle Ns; although ${why[1]})
removed sem:$known (no key, owner $user, 1 semaphore, idle Ns; although ${why[3]})
removed msg:$msg (key 0x00000033, owner $user, 1 message, idle Ns; although ${why[2]})"
}

# --- Why nothing is stale -----------------------------------------------------------------

# nothing ARG... : sets the line that rm -v prints. Without -v and without a terminal rm prints
# nothing.
nothing()
{
	tool rm --stale --yes "$@"
	assert_silent
	tool rm --stale --yes -v "$@"
	assert_success
	assert_output ''
	[[ $stderr == "ipctool rm: nothing is stale: "* ]] || assert_stderr "a line"
	nothing=${stderr#ipctool rm: nothing is stale: }
}

@test "rm-words: nothing is stale: each cause" {
	requires root
	local nothing id

	used_sem >/dev/null
	nothing --alone
	assert_equal "$nothing" "1 set was used less than 60 s ago (--grace)"
	used_sem >/dev/null
	used_shm key=0x11 >/dev/null
	nothing --alone
	assert_equal "$nothing" "1 segment was used less than 1 d ago (--grace), 2 sets were used less than 60 s ago (--grace)"
	wipe
	start_helper attach "$(used_shm)"
	nothing --alone
	assert_equal "$nothing" "1 segment has a recorded process that lives"
	end_helper
	wipe
	id=$(used_sem)
	start_helper semwait "$id" 0 zero
	nothing --alone --grace=0
	assert_equal "$nothing" "1 set has processes that wait"
	end_helper
	wipe
	start_helper child hold as="$user" raw-index sem
	start_helper child hold as="$user" raw-index sem
	used_sem >/dev/null
	used_sem >/dev/null
	used_shm >/dev/null
	nothing --alone --grace=0
	assert_equal "$nothing" "1 segment of $user may be used by 2 processes, 2 sets of $user may be used by 2 processes"
	end_helpers
	wipe
	# Its only user process is not one of its owner.
	start_helper child hold as="$other" raw-index sem
	used_sem 1 mode=0666 key=0x13 >/dev/null
	nothing --alone --grace=0
	assert_equal "$nothing" "1 set of $user may be used by 1 process"
	end_helper
	wipe
	helper send "$(helper msg as="$user" key=0x12)" 1 1
	nothing --alone --grace=0
	assert_equal "$nothing" "1 queue holds messages for a reader"
	wipe
	helper msg as="$user" >/dev/null
	nothing --alone --grace=0
	assert_equal "$nothing" "1 queue was never used"
	wipe
	used_sem >/dev/null
	used_shm >/dev/null
	nothing --grace=0
	assert_equal "$nothing" "1 segment cannot be judged (not in the initial PID namespace; --alone), 1 set cannot be judged (not in the initial PID namespace; --alone)"
}

@test "rm-words: nothing is stale: on a terminal, in list too, and not if something is stale" {
	requires root

	used_sem >/dev/null
	split "$IPCHELPER" terminal "$IPCTOOL" rm --alone --stale --yes 3>"$BATS_TEST_TMPDIR/out" </dev/null
	assert_success
	assert_output "ipctool rm: nothing is stale: 1 set was used less than 60 s ago (--grace)"
	split "$IPCHELPER" terminal "$IPCTOOL" list --alone --stale 3>"$BATS_TEST_TMPDIR/out" </dev/null
	assert_success
	assert_output "ipctool list: nothing is stale: 1 set was used less than 60 s ago (--grace)"
	tool list --alone --stale
	assert_stderr
	# No candidates, no line.
	tool rm --alone --stale --yes -v shm
	assert_success
	assert_stderr "ipctool rm: no object is chosen"
	# If some are stale, the others are not explained.
	used_shm key=0x13 >/dev/null
	used_shm >/dev/null
	tool rm --alone --stale --grace=0 --yes -v shm
	assert_success
	assert_stderr
}

# --- Objects of other users ---------------------------------------------------------------

@test "rm-words: objects of another user that --user or --creator names" {
	requires root
	local option

	helper shm 1 as="$other" >/dev/null
	helper sem 1 as="$other" >/dev/null
	for option in --user="$other" --creator="$other"; do
		as "$user" "$IPCTOOL" rm --yes "$option"
		assert_refused "ipctool rm: 2 objects of the user named are passed over: only the owner, the creator or root may remove them"
	done
	as "$user" "$IPCTOOL" rm --alone --yes --user="$other" --stale --grace=0 shm
	assert_failure 1
	assert_output ''
	assert_stderr_line "ipctool rm: 1 object of the user named is passed over: only the owner, the creator or root may remove it"
	as "$user" "$IPCTOOL" rm --yes --user="$other" shm
	assert_failure 1
	assert_stderr "ipctool rm: 1 object of the user named is passed over: only the owner, the creator or root may remove it"
	# If one of them may be removed, this is no failure.
	helper shm 1 as="$user" >/dev/null
	as "$user" "$IPCTOOL" rm --alone --yes --user="$other" --user="$user"
	assert_silent
	assert_objects 1 1 0
	# If no user is named, it is no failure either.
	as "$user" "$IPCTOOL" rm --alone --yes --all
	assert_silent
}

# --- A report that cannot be written ------------------------------------------------------

@test "rm-words: a report larger than the file size limit" {
	requires root
	local a b

	a=$(used_shm)
	b=$(used_shm)
	# Standard error is a pipe, which has no such limit.
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -o pipefail -c '{ ulimit -f 0 && "$@" 2>&1 >"$0"; } | cat' \
		"$BATS_TEST_TMPDIR/report" "$IPCTOOL" rm -v "shm:$a" "shm:$b"
	assert_failure 2
	assert_output "ipctool rm: done, but not written to standard output: removed shm:$a
ipctool rm: cannot write to standard output: File too large"
	# rm stops there.
	assert_equal "$(left)" "shm:$b"
}
