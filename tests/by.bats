#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Groups of objects by the value of a field (list --by), and the last line of a table
# (--total).

load common
load scenes

# Segments, a queue and a set of several users.
setup()
{
	scene=$BATS_TEST_TMPDIR/scene
	mkdir "$scene"
	proc_table "${columns_of[shm]}" \
		"shmid=1 perms=600 size=4096 nattch=2 uid=26 cuid=26 gid=26 rss=4096 ctime=1" \
		"shmid=2 perms=640 size=1000 uid=26 cuid=26 gid=26 swap=4096 ctime=1" \
		"shmid=3 perms=600 size=8192 uid=33 cuid=26 gid=26 ctime=1" >"$scene/shm"
	proc_table "${columns_of[sem]}" "semid=3 perms=600 nsems=5 uid=7 ctime=1" >"$scene/sem"
	proc_table "${columns_of[msg]}" \
		"msqid=4 perms=600 cbytes=100 qnum=3 uid=26 gid=26 ctime=1" >"$scene/msg"
	printf '%s\n' root:x:0:0::/: postgres:x:26:26::/: www-data:x:33:33::/: >"$scene/passwd"
}

# in_scene list ARG... : ipctool list there.
in_scene()
{
	over_proc shm="$scene/shm" sem="$scene/sem" msg="$scene/msg" -- \
		"${users_are[@]}" "$scene/passwd" "$IPCTOOL" "$1" --source=proc "${@:2}"
}

@test "by: owners, the one with most bytes first, then the one with most objects" {
	in_scene list --by=owner
	assert_success
	assert_stderr
	assert_output - <<-'EOF'
		OWNER     COUNT  BYTES  ATTACHMENTS  MESSAGES  UNATTACHED
		www-data      1   8.0K            0         0           1
		postgres      3   5.1K            2         3           1
		7             1      0            0         0           0
	EOF
}

@test "by: each field, in either case" {
	in_scene list --by=TYPE --format=raw
	assert_output - <<-'EOF'
		TYPE COUNT BYTES ATTACHMENTS MESSAGES UNATTACHED
		shm 3 13288 2 0 2
		msg 1 100 0 3 0
		sem 1 0 0 0 0
	EOF
	in_scene list --by=mode --format=raw -o mode,count
	assert_output - <<-'EOF'
		MODE COUNT
		0600 4
		0640 1
	EOF
	in_scene list shm --by=creator --format=csv
	assert_output $'creator,count,bytes,attachments,unattached\r\npostgres,3,13288,2,2\r'
	in_scene list --by=group --no-headings -o count,group --numeric
	assert_output - <<-'EOF'
		4  26
		1  0
	EOF
}

@test "by: objects without a value are a row of their own" {
	ipctool create shm --size=1 >/dev/null
	tool list shm --by=command
	assert_output - <<-'EOF'
		COMMAND  COUNT  BYTES  ATTACHMENTS  MESSAGES  UNATTACHED
		-            1      1            0         0           1
	EOF
	tool list shm --by=command -J
	assert_output - <<-'EOF'
		{"schema": 1, "groups": [
		{"command": null, "count": 1, "bytes": 1, "attachments": 0, "unattached": 1}
		]}
	EOF
}

@test "by: verdicts, of which each has a row" {
	ipctool create shm --size=1 >/dev/null
	ipctool create shm --size=2 >/dev/null
	start_helper attach "$(helper shm 4)"
	tool list --by=cause -o +stale,unknown --format=raw
	assert_success
	assert_output - <<-'EOF'
		CAUSE COUNT BYTES ATTACHMENTS MESSAGES UNATTACHED STALE UNKNOWN
		recorded 1 4 1 0 0 0 0
		grace 2 3 0 0 2 0 0
	EOF
}

@test "by: conditions, keys to sort by and the status apply" {
	in_scene list shm --by=owner --unattached --sort=owner --format=raw -o owner,count,swap
	assert_success
	assert_output - <<-'EOF'
		OWNER COUNT SWAP
		postgres 1 4096
		www-data 1 0
	EOF
	in_scene list --by=owner --exit-code --format=raw -o count --user=7
	assert_failure 1
	assert_output $'COUNT\n1'
	in_scene list --by=owner --exit-code --user=8 --no-headings
	assert_success
	assert_output ''
}

@test "by: what could not be read is null, and said" {
	in_scene list shm --by=owner -o +rss --source=stat -J
	assert_success
	assert_output '{"schema": 1, "groups": []}'
	ipctool create shm --size=1 >/dev/null
	tool list shm --by=type -o type,rss --source=stat -J
	assert_output - <<-'EOF'
		{"schema": 1, "groups": [
		{"type": "shm", "rss": null, "unread": ["rss"]}
		]}
	EOF
	assert_stderr 'ipctool list: 1 value could not be read: shm: only /proc/sysvipc has it'
}

@test "by: fields that there are, and those that there are not" {
	tool list --by=owner --list-fields --format=csv
	assert_success
	assert_equal "$(cut -d, -f1 <<<"$output" | tr '\n' ' ')" \
		'field owner count bytes attachments messages unattached rss swap stale unknown '
	tool list --by=size
	assert_failure 2
	assert_output ''
	assert_stderr_line --index 0 "ipctool list: unknown field to group by 'size'; expected one of: type, mode, owner, group, creator, command, cause, ns, container"
	tool list --by=ower
	assert_failure 2
	assert_stderr_line --index 0 "ipctool list: unknown field to group by 'ower'; did you mean owner?"
}

@test "by: a narrow terminal keeps the value and the bytes" {
	over_proc shm="$scene/shm" sem="$scene/sem" msg="$scene/msg" -- \
		"${users_are[@]}" "$scene/passwd" env -u COLUMNS TERM=xterm \
		"$IPCTOOL_SRCDIR/tests/on-terminal" 25 "$IPCTOOL" list --source=proc --by=owner
	assert_line --index 0 "OWNER     COUNT  BYTES"
}

@test "total: a last line of the table" {
	in_scene list --total -o ref,size,nattch,qnum,nsems,rss,owner
	assert_success
	assert_output - <<-'EOF'
		REF    SIZE  NATTCH  QNUM  NSEMS   RSS  OWNER
		shm:1  4.0K       2               4.0K  postgres
		shm:2  1.0K       0                  0  postgres
		shm:3  8.0K       0                  0  www-data
		sem:3                          5        7
		msg:4   100             3               postgres
		total   13K       2     3      5  4.0K
	EOF
	in_scene list --by=type --total -o type,count,bytes --bytes --sort=type
	assert_output - <<-'EOF'
		TYPE   COUNT  BYTES
		msg        1    100
		sem        1      0
		shm        3  13288
		total      5  13388
	EOF
	in_scene list shm --total -o size --sort=-size --no-headings --bytes
	assert_output - <<-'EOF'
		 8192
		 4096
		 1000
		13288
	EOF
	in_scene list shm --user=8 --total -o ref,size
	assert_output $'REF    SIZE\ntotal     0'
}

@test "total: programs get none" {
	tool list --total -J
	assert_failure 2
	assert_output ''
	assert_stderr_line --index 0 'ipctool list: --total is for tables; --format=json has no use for it'
}
