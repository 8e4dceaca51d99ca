#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The question of rm: what it shows for one object and for many, for refused objects, and with
# --force for objects in use.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life
load stale
load rm

setup()
{
	requires root
}

# make_sets N : N sets of the user.
make_sets()
{
	local n

	for ((n = 0; n < $1; n++)); do
		helper sem 1 as="$user" >/dev/null
	done
}

@test "rm-question: 20 objects are shown, 21 are counted" {
	make_sets 20
	ask --alone --all sem
	assert_equal "$(wc -l <<<"$asked")" 22
	assert_equal "$(head -n 1 <<<"$asked" | tr -s ' ')" "REF KEY OWNER MODE SIZE USE ACTIVE STATE"
	assert_equal "$(tail -n +2 <<<"$asked" | head -n 20 | awk '{ print $1, $3 }')" \
		"$(left | tr ' ' '\n' | sed "s/\$/ $user/")"
	assert_equal "${asked##*$'\n'}" "Remove these 20 objects? [y/N] "
	answer n
	assert_failure 1
	helper shm 5000 as="$other" >/dev/null
	ask --alone --all
	assert_equal "$asked" "ipctool rm: 1 segment of $other, 4.9K
ipctool rm: 20 sets of $user
ipctool rm: --dry-run shows each of them
Remove these 21 objects? [y/N] "
	answer y
	assert_silent
	assert_objects 0 0 0
}

@test "rm-question: refused objects come before it, and are not repeated" {
	local a b c i
	a=$(used_shm)
	b=$(used_shm)
	c=$(helper msg as="$user" key=0x71)

	helper send "$c" 2 1
	start_helper attach "$b"
	ask --alone --user="$user"
	assert_equal "$(tail -n +3 <<<"$asked")" \
		"ipctool rm: shm:$b: in use: 1 process attached: ${ready[1]} (ipchelper); use --force to mark it for removal anyway
ipctool rm: msg:$c: in use: it holds 2 messages; use --force to remove it anyway
Remove this object? [y/N] "
	assert_equal "$(sed -n '2s/ .*//p' <<<"$asked")" "shm:$a"
	answer y
	assert_failure 1
	assert_output ''
	assert_stderr
	assert_equal "$(left)" "shm:$b msg:$c"
	# No more than 20 refusals come before it; the others after the removals.
	helper remove shm "$b"
	for i in {1..21}; do
		helper send "$(helper msg as="$user" key=$((256 + i)))" 1 1
	done
	a=$(used_shm)
	ask --alone --user="$user"
	assert_equal "$(grep -c 'in use: ' <<<"$asked")" 20
	answer y
	assert_failure 1
	assert_equal "$(grep -c 'in use: it holds' <<<"$stderr")" 2
	assert_gone shm "$a"
}

@test "rm-question: with --force it shows what is in use, and by which processes" {
	local a b c
	a=$(used_shm)
	b=$(used_sem)

	start_helper child hold setval "$b" 0 1
	ask --force --all sem
	assert_equal "$(tail -n +3 <<<"$asked")" \
		"ipctool rm: sem:$b: in use: process ${ready[0]} (ipchelper) used semaphore 0 last
Remove this object, which is in use? [y/N] "
	answer n
	assert_failure 1
	assert_stderr "ipctool rm: nothing has been removed"
	ask --force --alone --all
	assert_equal "$(tail -n +4 <<<"$asked")" \
		"ipctool rm: sem:$b: in use: process ${ready[0]} (ipchelper) used semaphore 0 last
Remove these 2 objects? 1 of these is in use. [y/N] "
	answer n
	c=$(helper msg)
	helper send "$c" 1 1
	ask --force --alone --all
	assert_equal "$(tail -n 1 <<<"$asked")" "Remove these 3 objects? 2 of these are in use. [y/N] "
	answer y
	assert_silent
	assert_objects 0 0 0
}

@test "rm-question: it names processes that may know an unattached segment" {
	local id

	start_helper child hold as="$user" raw-index sem
	id=$(used_shm)
	ask --unattached --user="$user"
	assert_equal "$(tail -n +3 <<<"$asked" | sed -E 's/started [0-9:]+,/started T,/')" \
		"ipctool rm: shm:$id: owned by $user, unattached; process ${ready[0]} (ipchelper), started T, may know it
Remove this object? [y/N] "
	answer y
	assert_silent
	assert_gone shm "$id"
}

# --- While it is open: the second look --------------------------------------------------

# leave : makes objects that processes have left behind, and sets shm, sem and msg.
leave()
{
	shm=$(used_shm "$@")
	sem=$(used_sem 1 "$@")
	msg=$(used_msg "$@")
}

@test "rm-question: a service that starts while it is open keeps its objects" {
	local shm sem msg option

	leave key=0x99
	for option in '' -v; do
		# shellcheck disable=SC2086 # none or one
		ask --alone --stale --grace=0 $option
		start_helper child hold as="$user" raw-index sem
		answer y
		assert_success
		assert_output ''
		assert_stderr "ipctool rm: shm:$shm: the conditions no longer choose it, so it stays
ipctool rm: sem:$sem: the conditions no longer choose it, so it stays
ipctool rm: msg:$msg: the conditions no longer choose it, so it stays"
		assert_equal "$(left)" "shm:$shm sem:$sem msg:$msg"
		end_helper
	done
	# Another condition still chooses them, but they are refused.
	ask --alone --user="$user" shm
	start_helper child hold as="$user" raw-index sem
	answer y
	assert_failure 1
	assert_output ''
	assert_stderr --regexp "^ipctool rm: shm:$shm: may be in use: process ${ready[0]} \(ipchelper\), started [0-9:]+, may know it; use --force to remove it anyway\$"
	assert_there shm "$shm"
}

@test "rm-question: an object used while it is open stays, although it is still stale" {
	local shm sem msg free

	leave
	free=$(used_shm)
	ask --alone --stale --grace=0 -v
	helper touch "$shm"
	helper semop "$sem" 0 1
	helper send "$msg" 1 1
	helper recv "$msg" >/dev/null
	answer y
	assert_success
	assert_removals "shm:$free"
	assert_stderr "ipctool rm: shm:$shm: it was used meanwhile, so it stays
ipctool rm: sem:$sem: it was used meanwhile, so it stays
ipctool rm: msg:$msg: it was used meanwhile, so it stays"
	assert_equal "$(left)" "shm:$shm sem:$sem msg:$msg"
}

@test "rm-question: with --force, an object used while it is open is removed" {
	local shm sem msg

	leave
	ask --stale --alone --grace=0 --force
	helper touch "$shm"
	helper semop "$sem" 0 1
	helper send "$msg" 1 1
	answer y
	assert_silent
	assert_objects 0 0 0
}

# --- Directly before the removal --------------------------------------------------------

# held ARG... : starts rm -v with these, and returns when rm hangs while it reports the first
# removal. let_go lets it continue, and sets status, output and stderr.
held()
{
	local fifo=$BATS_TEST_TMPDIR/held both full tries=0 fd='' buffer=''

	mkfifo "$fifo"
	exec {both}<>"$fifo"
	# shellcheck disable=SC2094 # both ends of a pipe
	exec {held_stdout}<"$fifo" {full}>"$fifo" {both}>&-
	dd if=/dev/zero of="$fifo" bs=4096 oflag=nonblock conv=notrunc 2>/dev/null || true
	"$IPCTOOL" rm -v "$@" >&"$full" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	held_pid=$!
	exec {full}>&-
	# Another call than write(2) may start with a 1, but its next argument is no address.
	until read -r _ fd buffer _ <"/proc/$held_pid/syscall" && [ "$fd" = 0x1 ] &&
		[ ${#buffer} -gt 8 ]; do
		[ $((tries++)) -lt 1000 ] || fail "rm did not block" || return
		sleep 0.01
	done
}

let_go()
{
	output=$(tr -d '\0' <&"$held_stdout")
	status=0
	wait "$held_pid" || status=$?
	exec {held_stdout}<&-
	stderr=$(cat "$BATS_TEST_TMPDIR/err")
	rm "$BATS_TEST_TMPDIR/held"
}

@test "rm-question: an object is read again directly before its removal" {
	requires next_id
	local first shm sem msg other_shm gone

	first=$(used_shm)
	leave
	other_shm=$(used_shm)
	gone=$(used_shm)
	held --alone --stale --grace=0 --yes
	assert_gone shm "$first"
	helper touch "$shm"
	helper semop "$sem" 0 1
	helper send "$msg" 1 1
	helper remove shm "$other_shm"
	again shm "$other_shm" as="$user"
	helper remove shm "$gone"
	let_go
	assert_equal "$status" 1
	assert_removals "shm:$first"
	assert_stderr "ipctool rm: shm:$shm: it was used meanwhile, so it stays
ipctool rm: shm:$other_shm: another object has replaced it meanwhile; that one stays
ipctool rm: shm:$gone: it has been removed meanwhile
ipctool rm: sem:$sem: it was used meanwhile, so it stays
ipctool rm: msg:$msg: it was used meanwhile, so it stays"
	assert_equal "$(left)" "shm:$shm shm:$other_shm sem:$sem msg:$msg"
}

@test "rm-question: an object named by reference is read again directly before its removal" {
	local first shm sem msg

	first=$(used_shm)
	leave
	held --alone "shm:$first" "shm:$shm" "sem:$sem" "msg:$msg"
	start_helper attach "$shm"
	helper semop "$sem" 0 1
	let_go
	assert_equal "$status" 1
	assert_removals "shm:$first" "msg:$msg"
	# A user who names an object wants it removed.
	assert_stderr "ipctool rm: shm:$shm: it was used meanwhile, so it stays
ipctool rm: sem:$sem: it was used meanwhile, so it stays"
	assert_objects 1 1 0
}
