#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `ipctool list --from`: saved copies of the files of /proc/sysvipc, as bad as they come.

load common
load scenes

setup()
{
	saved=$BATS_TEST_TMPDIR/saved
	mkdir "$saved"
	cp /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg "$saved"
}

# from ARG... : lists the copy.
from()
{
	tool list --from="$saved" "$@"
}

@test "from: everything that the files have" {
	local fields

	# Without names, of which a copy has the numbers, without what only the kernel or processes
	# tell, without the namespace, and without the age, which goes on.
	fields=$(fields_of list | sed 's/, /\n/g' | grep -vxE \
		'owner|group|creator|cgroup|use|qbytes|stale|pids|command|cause|reason|age|pagesize|ns|nsid|container' | paste -sd,)
	start_helper population 21
	cp /proc/sysvipc/* "$saved"
	tool list --source=proc -J -o "$fields"
	local wanted=$output
	end_helpers
	wipe
	from -J -o "$fields"
	assert_success
	assert_stderr
	assert_output "$wanted"
}

@test "from: names are numbers, and ages count from the file" {
	proc_table "${columns_of[shm]}" "shmid=5 perms=1600 ctime=1000000000 nattch=1" >"$saved/shm"
	touch -d @1000007300 "$saved/shm"
	proc_table "${columns_of[msg]}" "msqid=6 perms=600 ctime=1000000000" >"$saved/msg"
	touch -d @1000000100 "$saved/msg"
	from shm msg
	assert_success
	assert_stderr
	assert_output - <<-'END'
		REF    KEY         OWNER  MODE  SIZE  USE         ACTIVE  STATE
		shm:5  0x00000000  0      0600     0  1 attached  2h      dest
		msg:6  0x00000000  0      0600     0  0 messages  1m
	END
	from shm msg --sort=-id
	assert_line --index 1 "msg:6  0x00000000  0      0600     0  0 messages  1m"
	assert_line --index 2 "shm:5  0x00000000  0      0600     0  1 attached  2h      dest"
	from shm -J -o owner,group,creator,cgroup
	assert_line --index 1 '{"owner": "0", "group": "0", "creator": "0", "cgroup": "0"}'
	# Conditions count from the file, too.
	from --idle=1h -o ref --no-headings
	assert_output ''
	proc_table "${columns_of[shm]}" "shmid=5 ctime=1000000000" >"$saved/shm"
	touch -d @1000007300 "$saved/shm"
	from --idle=1h -o ref --no-headings
	assert_output "shm:5"
}

@test "from: facts that need the system are unread" {
	proc_table "${columns_of[msg]}" "msqid=6 ctime=5 lspid=$$ stime=7" >"$saved/msg"
	from msg -J -o ref,qbytes,stale,pids,command
	assert_success
	assert_line --index 1 '{"ref": "msg:6", "qbytes": null, "stale": null, "pids": null, "command": null, "unread": ["qbytes", "stale", "pids", "command"]}'
	assert_stderr "ipctool list: 4 values could not be read: msg: the saved copy does not have it"
	from msg --stale
	assert_usage "ipctool list: --from reads files: --stale and --pid need the system itself"
	from msg --pid=1
	assert_failure 2
	from --source=stat
	assert_usage "ipctool list: --from and --source=stat exclude each other: --from reads files"
}

@test "from: users and groups are selected by number" {
	local option

	proc_table "${columns_of[msg]}" "msqid=6 uid=$(id -u)" >"$saved/msg"
	for option in --user --creator --group; do
		from "$option=root" msg
		assert_usage "ipctool list: --from reads files, which have numbers: give that of 'root' there"
	done
	from --user="$(id -u)" msg -o ref --no-headings
	assert_success
	assert_output msg:6
}

@test "from: facts that are unread for all types are one line" {
	proc_table "${columns_of[shm]% rss swap}" "shmid=1" "shmid=2" >"$saved/shm"
	proc_table "${columns_of[msg]}" "msqid=6" >"$saved/msg"
	from shm msg -o ref,rss,qbytes --no-headings
	assert_success
	assert_output $'shm:1  ?\nshm:2  ?\nmsg:6     ?'
	assert_stderr "ipctool list: 3 values could not be read: shm: the saved copy does not have it; msg: the saved copy does not have it"
	from shm:2 msg:6 -o qbytes,rss --no-headings
	assert_success
	assert_stderr "ipctool list: 2 values could not be read: shm: the saved copy does not have it; msg: the saved copy does not have it"
}

@test "from: references and types" {
	proc_table "${columns_of[shm]}" "shmid=5 key=-2" "shmid=6 key=7" >"$saved/shm"
	from shm:6 shm:0xfffffffe shm:0x7 -o ref --no-headings
	assert_success
	assert_output $'shm:6\nshm:5'
	from shm:9 sem:0 -o ref --no-headings
	assert_failure 1
	assert_stderr_line "ipctool list: shm:9: there is no shared memory segment with this id"
	helper sem 1
	from sem -o ref --no-headings
	assert_success
	assert_output ''
}

@test "from: the system is not read" {
	requires seccomp
	proc_table "${columns_of[sem]}" "semid=5" >"$saved/sem"
	split "$IPCHELPER" deny semctl=EPERM,shmctl=EPERM,msgctl=EPERM -- "$IPCTOOL" list \
		--from="$saved" -o ref --no-headings
	assert_success
	assert_stderr
	assert_output sem:5
}

@test "from: missing files and directories" {
	proc_table "${columns_of[msg]}" "msqid=6" >"$saved/msg"
	rm "$saved/shm"
	from -o ref --no-headings
	assert_failure 1
	assert_output msg:6
	assert_stderr "ipctool list: shm: $saved/shm: No such file or directory"
	from msg -o ref --no-headings
	assert_success
	tool list --from="$saved/none" -o ref --no-headings
	assert_failure 1
	assert_output ''
	assert_equal "${#stderr_lines[@]}" 3
}

@test "from: files of another format" {
	local file kind

	proc_table "${columns_of[msg]}" "msqid=6" >"$saved/msg"
	: >"$saved/shm"
	from shm msg -o ref --no-headings
	assert_failure 1
	assert_output msg:6
	assert_stderr "ipctool list: shm: $saved/shm: is empty, without even a heading"
	for file in /bin/sh "$IPCTOOL_SRCDIR/README"; do
		cp "$file" "$saved/shm"
		from shm msg -o ref --no-headings
		assert_failure 1
		assert_output msg:6
		assert_stderr "ipctool list: shm: $saved/shm: its first line is not a heading with the column of the ids"
	done
	# A file that would block, one that never ends, and an empty one.
	rm "$saved/shm"
	mkfifo "$saved/fifo"
	for target in fifo /dev/zero /; do
		ln -sfn "$target" "$saved/shm"
		from shm msg -o ref --no-headings
		assert_failure 1
		assert_output msg:6
		assert_stderr "ipctool list: shm: $saved/shm: is not a regular file"
	done
	# Another type's.
	ln -sfn msg "$saved/shm"
	from shm -o ref --no-headings
	assert_failure 1
	assert_output ""
	assert_stderr "ipctool list: shm: $saved/shm: its first line is not a heading with the column of the ids"
}

@test "from: damaged lines are reported, and the others are listed" {
	{
		proc_table "${columns_of[shm]}" "shmid=1"
		echo nonsense
		proc_table "${columns_of[shm]}" "shmid=2" | tail -n 1
		printf '1 \0 2\n'
		proc_table "${columns_of[shm]}" "shmid=3" | tail -n 1 | tr -d '\n' | head -c 60
	} >"$saved/shm"
	from -o ref --no-headings
	assert_failure 1
	assert_output $'shm:1\nshm:2'
	assert_stderr "$(
		cat <<-END
			ipctool list: $saved/shm:3: the line does not fit the heading
			ipctool list: $saved/shm:5: the line does not fit the heading
			ipctool list: $saved/shm:6: the line is cut short or far too long
		END
	)"
}

@test "from: the files of an older kernel" {
	proc_table "${columns_of[shm]% rss swap}" "shmid=1" >"$saved/shm"
	from shm
	assert_success
	assert_stderr
	from shm -o ref,rss --no-headings
	assert_success
	assert_output "shm:1  ?"
	assert_stderr "ipctool list: 1 value could not be read: shm: the saved copy does not have it"
}

# memory ARG... : prints the maximum memory of ipctool in KiB; a sanitizer's memory does
# not count.
memory()
{
	if grep -q __asan "$IPCTOOL"; then
		echo 0
		return
	fi
	"$IPCHELPER" measure -- "$IPCTOOL" "$@" 2>/dev/null | sed 's/.* //'
}

@test "from: a file of 1 GiB" {
	local file=$saved/shm

	# Zeros after a valid line: one line without end.
	proc_table "${columns_of[shm]}" "shmid=1" >"$file"
	truncate -s 1G "$file"
	timeout=120 from shm -o ref --no-headings
	assert_failure 1
	assert_output shm:1
	assert_stderr "ipctool list: $file:3: the line is cut short or far too long"
	[ "$(memory list --from="$saved" shm)" -lt 6144 ]
}

@test "from: millions of lines" {
	local limit=6144 row

	proc_table "${columns_of[shm]}" >"$saved/shm"
	row=$(proc_table "${columns_of[shm]}" "shmid=1" | tail -n 1)
	yes "$row" | head -n 1000000 >>"$saved/shm"
	[ "$(memory list --from="$saved" shm --format=csv)" -lt $limit ]
	[ "$(memory list --from="$saved" shm -J)" -lt $limit ]
	[ "$(memory list --from="$saved" shm)" -lt 131072 ]
	yes nonsense | head -n 1000000 >"$saved/shm.rows"
	{ proc_table "${columns_of[shm]}"; cat "$saved/shm.rows"; } >"$saved/shm"
	from shm
	assert_failure 1
	assert_equal "${#stderr_lines[@]}" 11
	assert_stderr_line --index 10 "ipctool list: more of the same is not shown"
}

@test "from: --exit-code" {
	from --exit-code
	assert_success
	proc_table "${columns_of[sem]}" "semid=5" >"$saved/sem"
	from --exit-code -o ref --no-headings
	assert_failure 1
	assert_output sem:5
	from shm --exit-code
	assert_success
	tool list --exit-code
	assert_success
	helper msg
	tool list --exit-code
	assert_failure 1
	tool list --exit-code --user=4000000000
	assert_success
}
