#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --sort: the order of the rows.

load common
load scenes

# sorted ARG... : the ids in the order that they are printed in, on one line.
sorted()
{
	over_proc shm="$scene/shm" sem="$scene/sem" msg="$scene/msg" -- "$IPCTOOL" \
		list --source=proc -o id --no-headings "$@"
	assert_success
	assert_stderr
	echo "${lines[@]// /}"
}

setup()
{
	requires mount
	scene=$BATS_TEST_TMPDIR/scene
	mkdir "$scene"
	proc_table "${columns_of[shm]}" \
		"shmid=1 size=300 uid=4000000009 atime=5 ctime=100 key=-1 perms=644" \
		"shmid=2 size=4294967296 uid=4000000010 ctime=300 key=5 perms=600" \
		"shmid=3 size=300 uid=4000000009 atime=7 ctime=200 perms=1600" \
		"shmid=10 size=9 uid=4000000100 atime=6 ctime=100 perms=3600" >"$scene/shm"
	proc_table "${columns_of[sem]}" "semid=4 nsems=2 ctime=50" >"$scene/sem"
	proc_table "${columns_of[msg]}" "msqid=5 cbytes=300 qnum=1 ctime=400" >"$scene/msg"
}

@test "sort: numbers, in both directions" {
	assert_equal "$(sorted --sort=id)" "1 2 3 4 5 10"
	assert_equal "$(sorted --sort=-id)" "10 5 4 3 2 1"
	assert_equal "$(sorted shm --sort=size)" "10 1 3 2"
	assert_equal "$(sorted shm --sort=-size)" "2 1 3 10"
	assert_equal "$(sorted --sort=ctime)" "4 1 10 3 2 5"
	assert_equal "$(sorted shm --sort=key)" "3 10 2 1"
	assert_equal "$(sorted shm --sort=mode)" "2 3 10 1"
}

@test "sort: equal rows keep their order" {
	assert_equal "$(sorted shm --sort=ctime)" "1 10 3 2"
	assert_equal "$(sorted shm --sort=-ctime)" "2 3 1 10"
	assert_equal "$(sorted --sort=type)" "5 4 1 2 3 10"
}

@test "sort: several fields" {
	assert_equal "$(sorted shm --sort=size,-ctime)" "10 3 1 2"
	assert_equal "$(sorted shm --sort=-size,ctime)" "2 1 3 10"
	assert_equal "$(sorted --sort=type,-id)" "5 4 10 3 2 1"
}

@test "sort: missing values come last in both directions" {
	assert_equal "$(sorted shm --sort=atime)" "1 10 3 2"
	assert_equal "$(sorted shm --sort=-atime)" "3 10 1 2"
	# Neither have objects of other types.
	assert_equal "$(sorted --sort=nsems)" "4 1 2 3 10 5"
	assert_equal "$(sorted --sort=-qnum,-id)" "5 10 4 3 2 1"
}

@test "sort: text by bytes, but digits as numbers" {
	assert_equal "$(sorted --sort=ref)" "5 4 1 2 3 10"
	assert_equal "$(sorted shm --sort=owner)" "1 3 2 10"
	assert_equal "$(sorted shm --sort=use,-id)" "10 3 2 1"
	assert_equal "$(sorted shm --sort=state)" "1 2 3 10"
	printf '%s\n' Zoe:x:4000000009:0::/: 'ärger:x:4000000010:0::/:' \
		anna:x:4000000100:0::/: >"$scene/passwd"
	over_proc shm="$scene/shm" -- "${users_are[@]}" "$scene/passwd" \
		env LC_ALL=en_US.UTF-8 "$IPCTOOL" list shm --source=proc -o owner --no-headings --sort=owner
	assert_output $'Zoe\nZoe\nanna\närger'
}

@test "sort: the same in every format" {
	local format

	for format in $(formats_of list | grep -vxE 'table|json'); do
		run sorted shm --sort=-ctime "--format=$format"
		assert_success
		assert_equal "$(tr -cd '0-9 ' <<<"${output//$'\r'/}" | xargs)" "2 3 1 10"
	done
}

@test "sort: by fields that are not printed or need a scan" {
	local shm
	shm=$(helper shm 1)
	helper shm 1
	start_helper attach "$shm"
	tool list shm -o nattch --no-headings --sort=-pids
	assert_success
	assert_output $'1\n0'
	tool list shm -o pids --no-headings --sort=-pids
	assert_line --index 0 "${ready[1]}"
	tool stat shm --sort=-nattch -o ref
	assert_line --index 0 "shm:$shm"
}

@test "sort: stat keeps what it has read until it prints" {
	local few many
	few=$(helper sem 2)
	many=$(helper sem 5)
	helper setall "$few" 3
	helper setall "$many" 4
	tool stat sem --sort=-nsems -J -o id,semaphores
	assert_success
	assert_equal "$(jq -c '.objects[] | [.id, (.semaphores | map(.val))]' <<<"$output")" \
		"[$many,[4,4,4,4,4]]"$'\n'"[$few,[3,3]]"
}

@test "sort: ages in a table belong to their object" {
	assert_equal "$(sorted --sort=active)" "4 1 10 3 2 5"
	assert_equal "$(sorted --sort=-age)" "4 1 10 3 2 5"
	assert_equal "$(sorted --sort=active -J | tr -cd '0-9 ' | xargs)" "1 4 1 10 3 2 5"
}

@test "sort: a field that does not exist or has no order" {
	tool list --sort=nonsense
	assert_failure 2
	assert_output ''
	assert_stderr --partial "unknown sort key 'nonsense'; expected one of: ref, type, id, key"
	refute [ "${stderr/semaphores/}" != "$stderr" ]
	tool list --sort=
	assert_failure 2
	assert_stderr --partial "unknown sort key ''"
	tool list --sort=id,,key
	assert_failure 2
	tool list --sort=--id
	assert_failure 2
	tool stat shm:0 --sort=semaphores
	assert_failure 2
	assert_stderr --partial "cannot sort by 'semaphores', which has no order"
	tool list -J --sort=use
	assert_failure 2
}
