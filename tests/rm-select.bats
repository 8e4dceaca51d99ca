#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# Removing what conditions choose: what is asked and shown before, what is passed over, and
# what is looked at again directly before an object goes. The objects belong to a user who
# runs no process, because what a living process may know is refused.

load common
load stale
load life
load rm

mark="use --force to mark it for removal anyway"
anyway="use --force to remove it anyway"

# --- What must be said ------------------------------------------------------------------

@test "rm-select: a type alone removes nothing" {
	requires root
	helper shm 1 as="$user" >/dev/null
	for options in '' --yes --force --grace=1h; do
		# shellcheck disable=SC2086 # none or one
		remove $options shm
		assert_usage "ipctool rm: a type stands for all its objects: add --all if you mean that, or a condition such as --stale or --user=USER"
	done
	remove --yes
	assert_usage "ipctool rm: nothing is named: give a reference such as shm:32769 or sem:0x52e2c1, a condition such as --stale or --user=USER, or --all"
	remove --all --yes shm:0
	assert_usage "ipctool rm: --all and the reference 'shm:0' exclude each other"
	assert_equal "$(left)" shm:0
}

@test "rm-select: --all, of a type and of all types" {
	requires root
	local shm sem
	shm=$(helper shm 1 as="$user")
	sem=$(helper sem 1 as="$user")

	helper msg as="$user" >/dev/null
	remove --all --yes msg
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(left)" "shm:$shm sem:$sem"
	remove --all -y -v
	assert_success
	assert_removals "shm:$shm" "sem:$sem"
	assert_stderr
	assert_equal "$(left)" ''
}

@test "rm-select: there is no terminal to ask on" {
	requires root
	local a b c
	a=$(helper shm 1 as="$user")
	b=$(helper shm 1 as="$user")
	c=$(helper msg as="$user")

	remove --all shm
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool rm: 2 objects would be removed, and there is no terminal to ask on: add --yes to do it, or --dry-run to see which; nothing has been removed"
	# The named objects were not removed either.
	remove --unattached shm "shm:$a" "msg:$c"
	assert_failure 2
	assert_equal "$(left)" "shm:$a shm:$b msg:$c"
	remove --all --yes shm
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(left)" "msg:$c"
}

@test "rm-select: conditions that no object meets" {
	requires root
	helper shm 1 as="$user" >/dev/null
	remove --min-size=1T
	assert_success
	assert_output ''
	assert_stderr
	remove --min-size=1T --yes shm -v
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: no object is chosen"
	remove --stale --yes -v
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: nothing is stale: 1 segment was used less than 60 s ago (--grace)"
}

@test "rm-select: references beside conditions" {
	requires root
	local a b c
	a=$(helper shm 1 as="$user")
	b=$(helper shm 8192 as="$user")
	c=$(helper shm 8192 as="$user")

	# It removes the named objects that match, without a question, because the user named
	# them.
	remove -v --min-size=4K "shm:$a" "shm:$b"
	assert_success
	assert_removals "shm:$b"
	assert_stderr "ipctool rm: shm:$a: the conditions do not choose it"
	remove --min-size=4K "shm:$a"
	assert_success
	assert_output ''
	assert_stderr
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c 'printf "%s\n" "$@" | "$IPCTOOL" rm --alone -v --min-size=4K -' bash "shm:$a" "shm:$c"
	assert_success
	assert_removals "shm:$c"
	assert_stderr "ipctool rm: shm:$a: the conditions do not choose it"
	assert_equal "$(left)" "shm:$a"
}

# --- The question -----------------------------------------------------------------------

@test "rm-select: the question shows what will be removed" {
	requires root
	local a b
	a=$(helper shm 4096 key=0x1234 mode=0640 as="$user")
	b=$(helper shm 1 mode=0600 as="$other")

	remove --all --dry-run shm
	assert_success
	assert_output "would remove shm:$a
would remove shm:$b"
	ask --alone --all shm
	# shellcheck disable=SC2001 # several lines
	assert_equal "$(sed 's/  *[0-9]*s$//' <<<"$asked")" \
		"REF    KEY         OWNER  MODE  SIZE  USE         ACTIVE  STATE
shm:$a  0x00001234  $user  0640  4.0K  0 attached
shm:$b  0x00000000  $other  0600     1  0 attached
Remove these 2 objects? [y/N] "
	answer n
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: nothing has been removed"
	assert_equal "$(left)" "shm:$a shm:$b"
}

@test "rm-select: every answer" {
	requires root
	local id word

	for word in y Y yes YES; do
		id=$(helper shm 1 as="$user")
		ask --alone --all -v shm
		assert_equal "${asked##*$'\n'}" "Remove this object? [y/N] "
		answer "$word"
		assert_success
		assert_removals "shm:$id"
		assert_stderr
		assert_equal "$(left)" ''
	done
	id=$(helper shm 1 as="$user")
	for word in n no '' ye yess 'y ' ' y' 1 yy; do
		ask --alone --all shm
		answer "$word"
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool rm: nothing has been removed"
		assert_equal "$(left)" "shm:$id"
	done
	ask --alone --all shm
	answer
	assert_failure 1
	assert_output ''
	assert_stderr $'\nipctool rm: nothing has been removed'
	assert_equal "$(left)" "shm:$id"
}

@test "rm-select: --yes, a dry run and references ask no question" {
	requires root
	local a b
	a=$(helper shm 1 as="$user")
	b=$(helper shm 1 as="$user")

	split "$IPCHELPER" terminal "$IPCTOOL" rm --alone -n --all shm 3>"$BATS_TEST_TMPDIR/out" </dev/null
	assert_success
	assert_output ''
	assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" "would remove shm:$a
would remove shm:$b"
	split "$IPCHELPER" terminal "$IPCTOOL" rm --alone "shm:$a" 3>"$BATS_TEST_TMPDIR/out" </dev/null
	assert_success
	assert_output ''
	assert_equal "$(left)" "shm:$b"
	split "$IPCHELPER" terminal "$IPCTOOL" rm --alone --all -y shm 3>"$BATS_TEST_TMPDIR/out" </dev/null
	assert_success
	assert_output ''
	assert_equal "$(left)" ''
}

@test "rm-select: refusals come before the question and are not part of it" {
	requires root
	local a b
	a=$(helper shm 1 as="$user")
	b=$(helper shm 1 as="$user")

	start_helper attach "$a"
	ask --alone --all shm
	assert_equal "$(tail -n 2 <<<"$asked" | head -n 1)" \
		"ipctool rm: shm:$a: in use: 1 process attached: ${ready[1]} (ipchelper); $mark"
	assert_equal "${asked##*$'\n'}" "Remove this object? [y/N] "
	answer y
	assert_failure 1
	assert_output ''
	assert_stderr
	assert_equal "$(left)" "shm:$a"
	split "$IPCHELPER" terminal "$IPCTOOL" rm --alone --all shm 3>"$BATS_TEST_TMPDIR/out" </dev/null
	assert_failure 1
	assert_output "ipctool rm: shm:$a: in use: 1 process attached: ${ready[1]} (ipchelper); $mark"
}

# --- While the question is open ---------------------------------------------------------

@test "rm-select: a new object with the same key stays" {
	requires root
	local a b c
	a=$(helper shm 1 key=0x1234 as="$user")
	b=$(helper shm 1 key=0x1235 as="$user")

	ask --alone -k 0x1234 -k 0x1235 -v
	helper remove shm "$a"
	c=$(helper shm 1 key=0x1234 as="$user")
	answer y
	assert_failure 1
	assert_removals "shm:$b"
	assert_stderr "ipctool rm: shm:$a: it has been removed meanwhile"
	assert_equal "$(left)" "shm:$c"
	tool list -k 0x1234 --no-headings -o ref
	assert_output "shm:$c"
}

@test "rm-select: another object with the same id stays" {
	requires next_id
	local id
	id=$(helper shm 1 key=0x1234 as="$user")

	ask --alone -k 0x1234
	helper remove shm "$id"
	echo "$id" >/proc/sys/kernel/shm_next_id
	assert_equal "$(helper shm 1 key=0x1234)" "$id"
	answer y
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: shm:$id: another object has replaced it meanwhile; that one stays"
	assert_equal "$(left)" "shm:$id"
}

@test "rm-select: an object that is in use by then stays" {
	requires root
	local shm msg sem attached sender
	shm=$(used_shm)
	sem=$(used_sem)
	msg=$(used_msg)

	ask --alone --stale --grace=0s -v
	start_helper attach "$shm"
	attached=${ready[1]}
	start_helper child hold send "$msg" 1 1
	sender=${ready[0]}
	start_helper semwait "$sem" 0 zero
	answer y
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: shm:$shm: in use: 1 process attached: $attached (ipchelper); $mark
ipctool rm: sem:$sem: in use: 1 process waits on semaphore 0: ${ready[1]} (ipchelper); $anyway
ipctool rm: msg:$msg: in use: its last sender lives: process $sender (ipchelper); $anyway"
	assert_equal "$(left)" "shm:$shm sem:$sem msg:$msg"
}

@test "rm-select: an object that a new process may know has one result" {
	requires root
	local id
	id=$(used_msg key=0x1234)

	ask --stale --grace=0 --alone -J
	start_helper as "$user" attach "$(helper shm 1 uid="$user")"
	answer y
	assert_success
	assert_equal "$(jq -r '.results[] | .ref + " " + .result' <<<"$output")" "msg:$id kept"
	helper raw msg "$id"
}

@test "rm-select: an object that is attached by then is refused" {
	requires root
	local id
	id=$(helper shm 1 as="$user")

	ask --alone --all shm
	start_helper attach "$id"
	answer y
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: shm:$id: in use: 1 process attached: ${ready[1]} (ipchelper); $mark"
	assert_equal "$(left)" "shm:$id"
}

@test "rm-select: an object with a new owner stays" {
	requires root
	local id
	id=$(helper shm 1 as="$user")

	inside=("${by_user[@]}")
	remove --user="$other" --dry-run
	assert_output ''
	ask --alone --user="$user"
	tool set --owner="$other" "shm:$id"
	assert_success
	answer y
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: shm:$id: the conditions no longer choose it, so it stays"
	assert_equal "$(left)" "shm:$id"
}

@test "rm-select: an object that is marked by then is reported" {
	requires root
	local id
	id=$(helper shm 1 as="$user")

	ask --alone --all --force shm
	start_helper attach "$id"
	helper remove shm "$id"
	answer y
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: shm:$id: it is already marked for removal; the kernel removes it after the last detach (attachments: 1)"
}

# --- What is passed over ----------------------------------------------------------------

@test "rm-select: objects of others are skipped, and counted with --verbose" {
	requires root
	local mine others given
	others=$(helper shm 1 mode=0666)
	mine=$(helper shm 1 as="$user")
	given=$(helper shm 1 as="$user" mode=0600)
	tool set --owner="$other" "shm:$given"

	as_mine=("${by_user[@]}" "$IPCTOOL")
	split "${as_mine[@]}" rm --alone --all --dry-run shm
	assert_success
	assert_output "would remove shm:$mine
would remove shm:$given"
	assert_stderr
	split "${as_mine[@]}" rm --alone --all --yes -v shm
	assert_success
	# The creator may still remove it.
	assert_removals "shm:$mine" "shm:$given"
	assert_stderr "ipctool rm: 1 object of other users is passed over"
	split "${as_mine[@]}" rm --alone --all --yes shm
	assert_success
	assert_output ''
	assert_stderr
	# A named object is refused.
	split "${as_mine[@]}" rm --alone --unattached "shm:$others"
	assert_failure 1
	assert_stderr "ipctool rm: shm:$others: it belongs to root: only the owner, the creator or root may remove it"
	assert_equal "$(left)" "shm:$others"
}

@test "rm-select: marked segments are skipped, and reported if they are named" {
	requires root
	start_helper attach-dest 4096
	remove --all --yes --force -v shm
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: no object is chosen"
	remove "shm:${ready[0]}"
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: shm:${ready[0]}: it is already marked for removal; the kernel removes it after the last detach (attachments: 1)"
}

@test "rm-select: objects in use are refused and named, the others are removed" {
	requires root
	local used free
	used=$(helper shm 1 as="$user")
	free=$(helper shm 1 as="$user")

	start_helper crowd 4 "$used"
	remove --all --yes -v shm
	assert_failure 1
	assert_removals "shm:$free"
	assert_stderr "ipctool rm: shm:$used: in use: 5 processes attached: ${ready[0]} (ipchelper), ${ready[1]} (ipchelper), ${ready[2]} (ipchelper) and 2 more; $mark"
	remove --all --yes --dry-run shm
	assert_failure 1
	assert_output ''
	remove --all --yes --force -v shm
	assert_success
	settle
	assert_output "marked shm:$used for removal (no key, owner $user, 1, idle Ns; although in use: 5 processes attached: ${ready[0]} (ipchelper), ${ready[1]} (ipchelper), ${ready[2]} (ipchelper) and 2 more)"
	assert_stderr
}

@test "rm-select: queues" {
	requires root
	local empty full stale waited
	empty=$(helper msg as="$user")
	full=$(helper msg)
	helper send "$full" 2 8
	stale=$(helper msg as="$user")
	helper as "$user" send "$stale" 3 8
	waited=$(helper msg as="$user")

	start_helper msgwait "$waited"
	remove --all --yes -v --grace=0s msg
	assert_failure 1
	assert_removals "msg:$empty" "msg:$stale"
	assert_stderr "ipctool rm: msg:$full: in use: it holds 2 messages; $anyway
ipctool rm: msg:$waited: in use: 1 process waits on it: ${ready[1]} (ipchelper); $anyway"
	assert_equal "$(left)" "msg:$full msg:$waited"
	# Not stale yet: it keeps its messages.
	stale=$(helper msg as="$user")
	helper as "$user" send "$stale" 3 8
	remove "msg:$stale"
	assert_failure 1
	assert_stderr "ipctool rm: msg:$stale: in use: it holds 3 messages; $anyway"
	remove --grace=0s "msg:$stale"
	assert_success
}

@test "rm-select: a dry run gives the reason" {
	requires root
	local shm sem msg pid
	shm=$(helper shm 4096 key=0x1234 as="$user" mode=0666)
	helper as "$user" touch "$shm"
	sem=$(used_sem)
	msg=$(used_msg)

	pid=$(awk 'NR == 2 { print $6 }' /proc/sysvipc/shm)
	remove --dry-run --stale --grace=0s --user="$user" shm
	assert_success
	assert_output "would remove shm:$shm: stale: last used by process $pid, which has ended"
	assert_stderr
	pid=$(helper raw sem "$sem" | sed -n 's/^pid.0=//p')
	remove --dry-run --stale --grace=0s sem
	assert_output "would remove sem:$sem: stale: last used by process $pid, which has ended"
	pid=$(helper raw msg "$msg" | sed -n 's/^lrpid=//p')
	remove -n --stale --grace=0s msg
	assert_output "would remove msg:$msg: stale: last used by process $pid, which has ended"
	remove -n --user="$user" --creator="$user" --group="$user" --key=0x1234 --min-size=1K --unattached
	assert_output "would remove shm:$shm: owned by $user, created by $user, of group $user, key 0x00001234, bytes: 4.0K, unattached"
	remove -n --perm=/g=w --state=dest --state=locked
	assert_success
	assert_output ''
	"$IPCTOOL" set --lock "shm:$shm"
	remove -n --perm=/g=w --state=dest --state=locked
	assert_success
	assert_output "would remove shm:$shm: mode 0666, state locked"
	"$IPCTOOL" set --unlock "shm:$shm"
	remove -n --min-messages=0 --perm=-400
	assert_success
	assert_output "would remove msg:$msg: mode 0600, messages: 0"
	remove -n --empty --idle=0
	assert_output --regexp "^would remove msg:$msg: idle for [0-9]s, empty\$"
	assert_equal "$(left)" "shm:$shm sem:$sem msg:$msg"
}

# --- The scene --------------------------------------------------------------------------

# Twenty objects, of which six are stale: two of each type.
make_scene()
{
	live=()
	dead=()
	dead+=("shm:$(used_shm)" "shm:$(used_shm key=0x11)")
	live+=("shm:$(helper shm 4096)")
	id=$(used_shm)
	start_helper attach "$id"
	live+=("shm:$id")
	id=$(helper shm 4096)
	start_helper child hold touch "$id"
	live+=("shm:$id")
	start_helper attach-dest 4096
	live+=("shm:${ready[0]}")
	start_helper child hold as="$other" shm 4096 key=0x12
	id=$(awk '$1 == 18 { print $2 }' /proc/sysvipc/shm)
	helper touch "$id"
	live+=("shm:$id")

	dead+=("sem:$(used_sem 1)" "sem:$(used_sem 3 key=0x11)")
	live+=("sem:$(helper sem 1)" "sem:$(helper sem 1 as="$other")")
	id=$(used_sem 3)
	start_helper semwait "$id" 1 zero
	live+=("sem:$id")
	id=$(helper sem 1 as="$other")
	helper as "$other" setval "$id" 0 1
	live+=("sem:$id")
	id=$(used_sem 2)
	start_helper child hold setval "$id" 1 1
	live+=("sem:$id")

	dead+=("msg:$(used_msg)")
	id=$(helper msg as="$user")
	helper as "$user" send "$id" 5 100
	dead+=("msg:$id")
	live+=("msg:$(helper msg)")
	id=$(used_msg)
	start_helper msgwait "$id"
	live+=("msg:$id")
	id=$(used_msg)
	start_helper child hold recv "$(helper as "$user" send "$id" 1 1 && echo "$id")"
	live+=("msg:$id")
	id=$(helper msg as="$other")
	helper as "$other" send "$id" 1 1
	live+=("msg:$id")
}

@test "rm-select: of twenty objects exactly the stale ones are removed" {
	requires root
	local live dead id
	make_scene

	assert_equal $((${#live[@]} + ${#dead[@]})) 20
	tool list --alone --stale --grace=0s --no-headings -o ref
	assert_output "$(printf '%s\n' "${dead[@]}")"
	# Within the grace time none of them is stale.
	remove --stale --yes -v
	assert_success
	assert_output ''
	assert_equal "$(left | wc -w)" 20
	remove --stale --grace=0s --dry-run
	assert_success
	# shellcheck disable=SC2001 # several lines
	assert_equal "$(sed 's/^would remove \([^ ]*\): stale: .*/\1/' <<<"$output")" \
		"$(printf '%s\n' "${dead[@]}")"
	assert_equal "$(left | wc -w)" 20
	remove --stale --grace=0s --yes -v
	assert_success
	assert_removals "${dead[@]}"
	assert_stderr
	assert_equal "$(left)" "$(printf '%s\n' "${live[@]}" | sort -t : -k 1,1r -k 2n | xargs)"
}
