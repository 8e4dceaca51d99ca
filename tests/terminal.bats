#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The table on a terminal: how wide it is, and its colours.

load common
load scenes

# Owned by ordinary users, who do not exist here.
setup()
{
	local now

	requires mount python
	scene=$BATS_TEST_TMPDIR/scene
	mkdir "$scene"
	now=$(($(date +%s) - 150))
	proc_table "${columns_of[shm]}" \
		"key=5433025 shmid=32769 perms=600 size=536870912 nattch=6 uid=26 ctime=$now cpid=88123 lpid=99123 atime=$now" \
		"shmid=32770 perms=1640 size=56 uid=1001 nattch=100 cpid=$$ ctime=$now" >"$scene/shm"
	proc_table "${columns_of[sem]}" \
		"semid=3 perms=600 nsems=32000 uid=33 ctime=$now otime=$now" >"$scene/sem"
	proc_table "${columns_of[msg]}" \
		"key=4660 perms=660 msqid=1234 cbytes=16384 qnum=12345 uid=26 ctime=$now" >"$scene/msg"
	printf '%s\n' postgres:x:26:26::/: hpcuser:x:1001:1001::/: www-data:x:33:33::/: \
		>"$scene/passwd"
}

# in_scene COMMAND ARG... : a command there.
in_scene()
{
	over_proc shm="$scene/shm" sem="$scene/sem" msg="$scene/msg" -- \
		"${users_are[@]}" "$scene/passwd" "$@"
}

# on COLUMNS ARG... : runs ipctool on a terminal of this width.
on()
{
	in_scene env -u COLUMNS TERM=xterm "$IPCTOOL_SRCDIR/tests/on-terminal" "$1" \
		"$IPCTOOL" "${@:2}"
}

# The fields of a table, on one line.
heading()
{
	xargs <<<"${lines[0]}"
}

@test "terminal: the default tables fit in 80 columns" {
	local words

	for words in "" shm sem msg "shm msg"; do
		# shellcheck disable=SC2086 # several words, or none
		in_scene "$IPCTOOL" list $words --source=proc
		assert_success
		[ "$(wc -L <<<"$output")" -le 80 ] || fail "$output"
	done
}

@test "terminal: a narrow terminal drops the least important columns" {
	local columns before=100 count

	on 80 list --source=proc
	assert_equal "$(heading)" "REF KEY OWNER MODE SIZE USE ACTIVE STATE"
	on 70 list --source=proc
	assert_equal "$(heading)" "REF KEY OWNER SIZE USE ACTIVE STATE"
	on 60 list --source=proc
	assert_equal "$(heading)" "REF OWNER SIZE USE ACTIVE STATE"
	for columns in 100 60 50 40 30 20 10; do
		on $columns list --color=never
		assert_success
		count=$(heading | wc -w)
		[ "$count" -le "$before" ]
		before=$count
		# What is kept fits, as long as only the reference and the state are left.
		[ "$(wc -L <<<"$output")" -le $columns ] || [ "$count" -eq 2 ] || fail "$columns: $output"
	done
	assert_equal "$(heading)" "REF STATE"
}

@test "terminal: each type alone" {
	on 55 list shm --source=proc
	assert_equal "$(heading)" "REF OWNER MODE SIZE NATTCH ACTIVE STATE"
	on 45 list sem --source=proc
	assert_equal "$(heading)" "REF OWNER MODE NSEMS ACTIVE STATE"
}

@test "terminal: columns that were requested stay" {
	on 20 list shm --source=proc -o ref,key,owner,mode,size
	assert_equal "$(heading)" "REF KEY OWNER MODE SIZE"
	on 40 list shm --source=proc -o +gid,cuid
	assert_equal "$(heading)" "REF OWNER STATE GID CUID"
}

@test "terminal: a pipe drops no columns" {
	in_scene env COLUMNS=20 "$IPCTOOL" list --source=proc
	assert_equal "$(heading)" "REF KEY OWNER MODE SIZE USE ACTIVE STATE"
}

@test "terminal: COLUMNS sets the width" {
	in_scene env COLUMNS=60 TERM=xterm "$IPCTOOL_SRCDIR/tests/on-terminal" 200 "$IPCTOOL" list --source=proc
	assert_equal "$(heading)" "REF OWNER SIZE USE ACTIVE STATE"
	for columns in '' x 0 -5 99999999999999999999; do
		in_scene env COLUMNS="$columns" TERM=xterm "$IPCTOOL_SRCDIR/tests/on-terminal" 60 \
			"$IPCTOOL" list --source=proc
		assert_equal "$(heading)" "REF OWNER SIZE USE ACTIVE STATE"
	done
	# A terminal with an unknown width.
	on 0 list --source=proc
	assert_equal "$(heading)" "REF KEY OWNER MODE SIZE USE ACTIVE STATE"
}

@test "terminal: colours" {
	local red=$'\e[1;31m' off=$'\e[0m'

	on 200 list shm --source=proc -o ref,state --no-headings
	assert_success
	assert_output --partial "${red}dest${off}"
	# They take no room.
	# shellcheck disable=SC2001 # several characters or none
	assert_equal "$(sed 's/\x1b\[[0-9;]*m//g' <<<"$output")" \
		"$(in_scene "$IPCTOOL" list shm --source=proc -o ref,state --no-headings; echo "$output")"
	in_scene "$IPCTOOL" list shm --source=proc -o state,ref --no-headings --color=always
	assert_line "${red}dest${off}  shm:32770"
	in_scene "$IPCTOOL" list shm --source=proc -o state,ref --no-headings
	assert_line "dest  shm:32770"
	on 200 list shm --source=proc -o state --no-headings --color=never
	refute_output --partial $'\e'
}

@test "terminal: colours with NO_COLOR, and on a dumb terminal" {
	local terminal=("$IPCTOOL_SRCDIR/tests/on-terminal" 200)

	in_scene env NO_COLOR=1 TERM=xterm "${terminal[@]}" "$IPCTOOL" list shm --source=proc -o state
	refute_output --partial $'\e'
	in_scene env NO_COLOR= TERM=xterm "${terminal[@]}" "$IPCTOOL" list shm --source=proc -o state
	assert_output --partial $'\e'
	in_scene env NO_COLOR=1 TERM=xterm "${terminal[@]}" "$IPCTOOL" list shm --source=proc -o state --color=always
	assert_output --partial $'\e'
	in_scene env TERM=dumb "${terminal[@]}" "$IPCTOOL" list shm --source=proc -o state
	refute_output --partial $'\e'
}

@test "terminal: stale is highlighted too" {
	local old=$(($(date +%s) - 100000))

	proc_table "${columns_of[shm]}" \
		"shmid=7 cpid=4000000 lpid=4000001 atime=$old dtime=$old ctime=$old uid=26" \
		>"$scene/shm"
	in_scene "$IPCTOOL" list shm --source=proc --alone -o state --no-headings --color=always
	assert_output $'\e[1;31mstale\e[0m'
}

@test "terminal: wide characters stay in their columns" {
	printf '%s\n' '김철수:x:26:26::/:' 'naïve:x:1001:1001::/:' >"$scene/passwd"
	in_scene "$IPCTOOL" list shm --source=proc -o owner,ref --no-headings
	assert_output $'김철수  shm:32769\nnaïve   shm:32770'
}
