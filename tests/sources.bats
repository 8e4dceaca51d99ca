#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# Where objects are read from: /proc/sysvipc and the *_STAT_ANY calls agree, and either
# serves where the other is missing, denied or broken.

load common
load scenes

setup()
{
	fixture=$BATS_TEST_TMPDIR/fixture
}

# refs : the references in the JSON of standard input, in one line.
refs()
{
	jq -r '[.objects[].ref] | join(" ")'
}

# Two objects of each type, and in $all their references in the kernel's order.
make_objects()
{
	local words type

	for words in "shm 100 key=-7" "shm 200" "sem 2" "sem 3 key=8" "msg key=9" msg; do
		# shellcheck disable=SC2086 # several words
		helper $words >/dev/null
	done
	# This is not the order of creation, because the index starts again at 0 now and then.
	all=$(for type in shm sem msg; do
		awk -v type=$type 'NR > 1 { print type ":" $2 }' /proc/sysvipc/$type
	done | xargs)
}

# broken TYPE FILE ARG... : runs ipctool where /proc/sysvipc/TYPE is FILE.
broken()
{
	over_proc "$1=$2" -- "$IPCTOOL" list "${@:3}"
}

# --- Agreement ------------------------------------------------------------------------

# same_from_both : the fields that both sources have are the same, for each object in order.
same_from_both()
{
	local from_proc from_stat

	tool list -J --source=proc
	assert_success
	from_proc=$(jq '.objects[] | del(.rss, .swap, .qbytes, .unread)' <<<"$output")
	tool list -J --source=stat
	assert_success
	from_stat=$(jq '.objects[] | del(.rss, .swap, .qbytes, .unread)' <<<"$output")
	assert_equal "$from_proc" "$from_stat"
	run jq -s 'length' <<<"$from_proc"
	[ "$output" -ge 60 ]
}

@test "sources: both agree on random populations" {
	local seed

	for seed in 1 2 3 4 5; do
		start_helper population "$seed"
		same_from_both
		end_helper
		wipe
	done
}

@test "sources: both agree for a user without read permission" {
	requires root
	local from_proc from_stat

	start_helper population 6
	split setpriv --reuid=4242 --regid=4242 --clear-groups "$IPCTOOL" list -J --source=proc
	assert_success
	from_proc=$(jq '.objects[] | del(.rss, .swap, .qbytes, .unread)' <<<"$output")
	split setpriv --reuid=4242 --regid=4242 --clear-groups "$IPCTOOL" list -J --source=stat
	assert_success
	from_stat=$(jq '.objects[] | del(.rss, .swap, .qbytes, .unread)' <<<"$output")
	assert_equal "$from_proc" "$from_stat"
	assert_equal "$(jq -s length <<<"$from_proc")" 66
}

@test "sources: both distinguish events that happened from those that did not" {
	local shm sem msg source

	# Attached and not detached, created by another process than the last; operated on;
	# sent to and not received from.
	shm=$(helper shm 1)
	start_helper attach "$shm"
	sem=$(helper sem 1)
	helper semop "$sem" 0 1
	msg=$(helper msg)
	helper send "$msg" 1 1
	for source in proc stat; do
		tool list -J --source=$source
		assert_success
		assert_equal "$(jq -c --argjson attacher "${ready[1]}" '.objects[] |
			[.lpid == $attacher, .cpid == $attacher, .atime != null, .dtime,
			.otime != null, .lspid > 0, .stime != null, .lrpid, .rtime]' \
			<<<"$output")" "$(cat <<-'END'
			[true,false,true,null,false,false,false,null,null]
			[false,false,false,null,true,false,false,null,null]
			[false,false,false,null,false,true,true,null,null]
		END
		)"
	done
}

@test "sources: auto has all facts that either has" {
	start_helper population 8
	tool list -J
	assert_success
	assert_stderr
	local auto=$output
	assert_equal "$(jq -c '[.objects[] | has("unread")] | any' <<<"$auto")" false
	tool list -J --source=proc
	assert_success
	assert_stderr --regexp '^ipctool list: [0-9]+ values could not be read: msg: /proc/sysvipc does not have it$'
	assert_equal "$(jq '.objects[] | del(.qbytes, .unread)' <<<"$output")" \
		"$(jq '.objects[] | del(.qbytes)' <<<"$auto")"
	tool list -J --source=stat
	assert_success
	assert_stderr --regexp '^ipctool list: [0-9]+ values could not be read: shm: only /proc/sysvipc has it$'
	assert_equal "$(jq '.objects[] | del(.rss, .swap, .unread)' <<<"$output")" \
		"$(jq '.objects[] | del(.rss, .swap)' <<<"$auto")"
	tool list -J --source=auto
	assert_output "$auto"
}

@test "sources: unreadable facts are null, named, counted and explained" {
	helper shm 1
	helper shm 1
	tool list shm -J --source=stat -o ref,swap,size,rss
	assert_success
	assert_stderr "ipctool list: 4 values could not be read: shm: only /proc/sysvipc has it"
	assert_equal "$(jq -c '.objects[] | del(.ref)' <<<"$output")" "$(cat <<-'END'
		{"swap":null,"size":1,"rss":null,"unread":["swap","rss"]}
		{"swap":null,"size":1,"rss":null,"unread":["swap","rss"]}
	END
	)"
	# In the table it is a question mark, not an empty cell.
	tool list shm --source=stat -o size,rss,atime
	assert_success
	assert_stderr "ipctool list: 2 values could not be read: shm: only /proc/sysvipc has it"
	assert_output - <<-'END'
		SIZE  RSS  ATIME
		   1    ?
		   1    ?
	END
	# A field that the type does not have is not unread.
	helper sem 1
	tool list sem -J --source=stat -o rss
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects[]' <<<"$output")" '{"rss":null}'
}

@test "sources: one value that could not be read" {
	helper msg
	tool list msg --source=proc -o qbytes
	assert_success
	assert_stderr "ipctool list: 1 value could not be read: msg: /proc/sysvipc does not have it"
}

# --- Without /proc --------------------------------------------------------------------

@test "sources: without /proc/sysvipc the calls are used" {
	requires mount
	local all wanted=ref,key,mode,uid,size,nsems,qbytes

	make_objects
	tool list -J -o "$wanted"
	local normal=$output
	over_proc shm= sem= msg= -- "$IPCTOOL" list -J -o "$wanted"
	assert_success
	assert_stderr
	assert_output "$normal"
	assert_equal "$(refs <<<"$output")" "$all"
}

@test "sources: without /proc/sysvipc the facts that only it has are unread" {
	requires mount
	helper shm 1
	over_proc shm= -- "$IPCTOOL" list shm -J -o rss,size
	assert_success
	assert_stderr "ipctool list: 1 value could not be read: shm: /proc/sysvipc/shm: No such file or directory"
	assert_equal "$(jq -c '.objects[]' <<<"$output")" \
		'{"rss":null,"size":1,"unread":["rss"]}'
}

@test "sources: a file without read permission" {
	requires mount
	local all no_override
	no_override=(setpriv '--bounding-set=-dac_override,-dac_read_search' --inh-caps=-all)

	make_objects
	cp /proc/sysvipc/shm "$fixture"
	chmod 000 "$fixture"
	over_proc shm="$fixture" -- "${no_override[@]}" "$IPCTOOL" list -J
	assert_success
	assert_stderr --regexp '^ipctool list: 4 values could not be read: shm: /proc/sysvipc/shm: Permission denied$'
	assert_equal "$(refs <<<"$output")" "$all"
	over_proc shm="$fixture" -- "${no_override[@]}" "$IPCTOOL" list shm --source=proc
	assert_failure 1
	assert_stderr "ipctool list: shm: cannot read the shared memory segments: /proc/sysvipc/shm: Permission denied"
}

@test "sources: a file with a read error" {
	requires mount
	local all

	make_objects
	mkdir "$fixture"
	broken shm "$fixture" -o ref --no-headings
	assert_success
	assert_stderr
	assert_equal "${lines[*]}" "$all"
	broken shm "$fixture" shm --source=proc --no-headings
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: shm: cannot read the shared memory segments: /proc/sysvipc/shm: is not a regular file"
}

# --- Without the calls ----------------------------------------------------------------

@test "sources: with the calls denied /proc is used" {
	requires seccomp
	local all error

	make_objects
	for error in ENOSYS EACCES EPERM; do
		split "$IPCHELPER" deny "shmctl=$error,semctl=$error,msgctl=$error" -- \
			"$IPCTOOL" list -o ref --no-headings
		assert_success
		assert_stderr
		assert_equal "${lines[*]}" "$all"
	done
}

@test "sources: with the calls denied the facts that only they have are unread" {
	requires seccomp
	local error text

	helper msg
	while IFS=: read -r error text; do
		split "$IPCHELPER" deny "msgctl=$error" -- "$IPCTOOL" list msg -J -o qbytes,qnum
		assert_success
		assert_stderr "ipctool list: 1 value could not be read: msg: msgctl: $text"
		assert_equal "$(jq -c '.objects[]' <<<"$output")" \
			'{"qbytes":null,"qnum":0,"unread":["qbytes"]}'
	done <<-'END'
		ENOSYS:Function not implemented
		EACCES:Permission denied
		EPERM:Operation not permitted
	END
}

@test "sources: with single objects denied /proc is used for them" {
	requires seccomp
	local all

	make_objects
	# 13 is MSG_STAT_ANY; the kernel still tells how many objects there are.
	split "$IPCHELPER" deny msgctl:13=EACCES -- "$IPCTOOL" list msg -o qnum,qbytes
	assert_success
	assert_stderr "ipctool list: 2 values could not be read: msg: msgctl: 2 objects are denied to it"
	assert_output - <<-'END'
		QNUM  QBYTES
		   0       ?
		   0       ?
	END
	# A kernel that does not know the call.
	split "$IPCHELPER" deny msgctl:13=EINVAL -- "$IPCTOOL" list msg -o qnum,qbytes
	assert_success
	assert_stderr "ipctool list: 2 values could not be read: msg: /proc/sysvipc does not have it"
}

@test "sources: objects missing from both are counted, with the reason" {
	requires seccomp mount
	helper shm 1
	helper msg
	helper msg
	over_proc msg= -- "$IPCHELPER" deny msgctl:13=EACCES -- \
		"$IPCTOOL" list -o type --no-headings
	assert_failure 1
	assert_output shm
	assert_stderr "ipctool list: msg: 2 objects could not be read: msgctl: 2 objects are denied to it; /proc/sysvipc/msg: No such file or directory"
	split "$IPCHELPER" deny msgctl:13=EACCES -- "$IPCTOOL" list msg --source=stat --no-headings
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: msg: 2 objects could not be read: msgctl: 2 objects are denied to it"
}

@test "sources: objects that the kernel neither shows nor counts" {
	requires seccomp mount
	# The filter also refuses calls for a free index.
	helper remove shm "$(helper shm 1)"
	helper shm 1
	helper shm 1
	# 14 is SHM_INFO, 15 SHM_STAT_ANY.
	split "$IPCHELPER" deny shmctl:14=EPERM,shmctl:15=EPERM -- \
		"$IPCTOOL" list shm --source=stat --no-headings
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: shm: objects may be missing, and the kernel does not count them: shmctl: Operation not permitted"
	split "$IPCHELPER" deny shmctl:14=EIO,shmctl:15=EIO -- \
		"$IPCTOOL" list shm --source=stat --no-headings
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: shm: objects may be missing, and the kernel does not count them: shmctl: Input/output error"
	# The limits are known, the owners are not.
	over_proc shm= -- "$IPCHELPER" deny shmctl:15=EIO -- "$IPCTOOL" limits SHMMNI -o resource,used,top -J
	assert_failure 1
	assert_stderr "ipctool limits: shm: 2 objects could not be read: shmctl: Input/output error; /proc/sysvipc/shm: No such file or directory"
	assert_equal "$(jq -c '.limits[0] | [.resource, .used, .top]' <<<"$output")" '["SHMMNI",2,null]'
}

@test "sources: without the limits, semaphores cannot be read" {
	requires seccomp
	local id
	id=$(helper sem 3)

	# 3 is IPC_INFO. A larger set may have got the id meanwhile.
	split "$IPCHELPER" deny semctl:3=EIO -- "$IPCTOOL" stat "sem:$id" -J
	assert_success
	assert_equal "$(jq -c '.objects[0].semaphores' <<<"$output")" null
	assert_stderr_line "ipctool stat: 1 value could not be read: sem: the semaphores may not be read"
}

@test "sources: one object missing from both" {
	requires seccomp
	helper msg
	split "$IPCHELPER" deny msgctl:13=EPERM -- "$IPCTOOL" list msg --source=stat --no-headings
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: msg: 1 object could not be read: msgctl: 1 object is denied to it"
	split "$IPCHELPER" deny msgctl:13=EINVAL -- "$IPCTOOL" list msg --source=stat --no-headings
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: msg: 1 object could not be read: the kernel counts them, but does not show them"
}

@test "sources: --source=stat with the calls denied" {
	requires seccomp
	helper msg
	split "$IPCHELPER" deny msgctl=EACCES -- "$IPCTOOL" list msg --source=stat --no-headings
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: msg: cannot read the message queues: msgctl: Permission denied"
}

# --- Without both ---------------------------------------------------------------------

@test "sources: a kernel without one of the types lists the others" {
	requires seccomp mount
	local all type title
	local -A titles=([shm]="shared memory segments" [sem]="semaphore sets"
		[msg]="message queues")

	make_objects
	for type in shm sem msg; do
		over_proc "$type=" -- "$IPCHELPER" deny "${type}ctl=ENOSYS" -- \
			"$IPCTOOL" list -J -o ref
		assert_failure 1
		assert_stderr "ipctool list: $type: this kernel has no ${titles[$type]}"
		assert_equal "$(refs <<<"$output")" \
			"$(tr ' ' '\n' <<<"$all" | grep -v "^$type:" | xargs)"
		over_proc "$type=" -- "$IPCHELPER" deny "${type}ctl=ENOSYS" -- \
			"$IPCTOOL" list "$type"
		assert_failure 1
		assert_stderr "ipctool list: $type: this kernel has no ${titles[$type]}"
	done
}

@test "sources: a kernel without any of the types" {
	requires seccomp mount
	over_proc shm= sem= msg= -- "$IPCHELPER" \
		deny shmctl=ENOSYS,semctl=ENOSYS,msgctl=ENOSYS -- "$IPCTOOL" list -J
	assert_failure 1
	assert_equal "$(jq -c .objects <<<"$output")" '[]'
	assert_stderr "$(cat <<-'END'
		ipctool list: shm: this kernel has no shared memory segments
		ipctool list: sem: this kernel has no semaphore sets
		ipctool list: msg: this kernel has no message queues
	END
	)"
}

@test "sources: a denied object is not missing" {
	requires seccomp mount
	helper shm 1
	over_proc sem= msg= -- "$IPCHELPER" deny semctl=EACCES,msgctl=EPERM -- \
		"$IPCTOOL" list -o type --no-headings
	assert_failure 1
	assert_output shm
	assert_stderr "$(cat <<-'END'
		ipctool list: sem: cannot read the semaphore sets: semctl: Permission denied; /proc/sysvipc/sem: No such file or directory
		ipctool list: msg: cannot read the message queues: msgctl: Operation not permitted; /proc/sysvipc/msg: No such file or directory
	END
	)"
}

# --- Rows that are missing ------------------------------------------------------------

@test "sources: an object missing in /proc is listed once" {
	requires mount
	local all n

	make_objects
	for n in 2 3; do
		sed "${n}d" /proc/sysvipc/shm >"$fixture"
		broken shm "$fixture" -o ref --no-headings
		assert_success
		assert_stderr
		assert_equal "$(sort <<<"$output")" "$(tr ' ' '\n' <<<"$all" | sort)"
	done
	# All but the heading.
	sed 1q /proc/sysvipc/sem >"$fixture"
	broken sem "$fixture" -o ref --no-headings
	assert_success
	assert_stderr
	assert_equal "${lines[*]}" "$all"
}

@test "sources: many objects missing in /proc are listed once each" {
	requires mount
	helper bulk 300
	awk 'NR == 1 || NR % 3' /proc/sysvipc/shm >"$fixture"
	broken shm "$fixture" shm -J -o id
	assert_success
	assert_stderr
	assert_equal "$(jq -c '[.objects[].id] | length, (unique | length)' <<<"$output" | xargs)" \
		"300 300"
}

@test "sources: --source=proc reports that objects are missing in /proc" {
	requires mount
	helper shm 1
	helper shm 1
	helper shm 1
	sed '3,$d' /proc/sysvipc/shm >"$fixture"
	broken shm "$fixture" --source=proc -o size --no-headings
	assert_failure 1
	assert_output 1
	assert_stderr "ipctool list: shm: 2 objects could not be read: the kernel counts them, but does not show them"
}

@test "sources: a sparse table is read from its file, the last object included" {
	requires strace
	local id trace=$BATS_TEST_TMPDIR/trace

	helper bulk 2000 >/dev/null
	helper keep-last
	id=$(tail -n 1 /proc/sysvipc/msg | awk '{ print $2 }')
	split strace -e trace=msgctl -o "$trace" "$IPCTOOL" list msg -o id --no-headings
	assert_success
	assert_stderr
	assert_output "$id"
	# Instead of one call for each index.
	[ "$(grep -c '^msgctl' "$trace")" -lt 300 ]
	# What only the calls tell is read by them all the same.
	tool list msg -o id,qbytes --bytes --no-headings
	assert_success
	assert_stderr
	assert_output "$id  $(cat /proc/sys/kernel/msgmnb)"
	# Without the file, the calls are all there is.
	for source in stat auto; do
		over_proc msg= -- "$IPCTOOL" list msg --source=$source -o id --no-headings
		assert_success
		assert_stderr
		assert_output "$id"
	done
}

@test "sources: many references are found in one reading of the file" {
	requires strace
	local kind first second trace=$BATS_TEST_TMPDIR/trace

	helper bulk 500 >/dev/null
	helper shm 1 key=0x1234
	tool list -o ref --no-headings
	printf '%s\n' "$output" shm:0x1234 >"$fixture"
	split strace -e trace=openat -o "$trace" "$IPCTOOL" list --source=proc -o ref --no-headings - <"$fixture"
	assert_success
	assert_stderr
	# The one that is named by its key too is listed once.
	assert_equal "$output" "$(sed '$d' "$fixture")"
	for kind in shm sem msg; do
		assert_equal "$(grep -c "/proc/sysvipc/$kind" "$trace")" 1
	done
	first=$(grep sem: "$fixture" | head -n 1)
	second=$(grep sem: "$fixture" | tail -n 1)
	tool list --source=proc -o ref --no-headings "$second" shm:0x4321 msg:2147483647 "$first"
	assert_failure 1
	assert_output "$second"$'\n'"$first"
	assert_stderr "ipctool list: shm:0x4321: there is no shared memory segment with this key
ipctool list: msg:2147483647: there is no message queue with this id"
}

@test "sources: more rows than objects are not an error" {
	requires mount
	proc_table "${columns_of[shm]}" "shmid=1" "shmid=2 size=2" >"$fixture"
	broken shm "$fixture" --source=proc -o id,size
	assert_success
	assert_stderr
	assert_output - <<-'END'
		ID  SIZE
		 1     0
		 2     2
	END
}

# --- Files that are not as they should be ---------------------------------------------

# A row of /proc/sysvipc/shm, for the heading below.
heading="key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime"
row()
{
	echo "0 $1 600 100 1 2 3 4000000004 5 6 7 1000000000 1000000001 1000000002"
}

@test "sources: columns in another order, with unknown ones" {
	requires mount
	proc_table "new1 size shmid ctime new2 key perms nattch lpid cpid cgid cuid gid uid \
		dtime atime new3" "shmid=7 size=8 key=9 perms=640 new1=-1 new2=77 nattch=2 \
		new3=18446744073709551615 uid=1 gid=2 cuid=3 cgid=4 ctime=5" >"$fixture"
	broken shm "$fixture" shm -J --source=proc \
		-o id,size,key,mode,nattch,uid,gid,cuid,cgid,ctime,atime
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects[]' <<<"$output")" \
		'{"id":7,"size":8,"key":"0x00000009","mode":"0640","nattch":2,"uid":1,"gid":2,"cuid":3,"cgid":4,"ctime":"1970-01-01T00:00:05Z","atime":null}'
}

@test "sources: an impossible rss is unread" {
	requires mount
	local smallest page file=$BATS_TEST_TMPDIR/shm

	page=$(getconf PAGESIZE)
	smallest=$(cd /sys/kernel/mm/hugepages 2>/dev/null && printf '%s\n' hugepages-*kB |
		sed -n 's/^hugepages-\([0-9]*\)kB$/\1/p' | sort -n | head -n 1)
	smallest=$((${smallest:-0} * 1024))
	[ "$smallest" -gt 0 ] || smallest=$page
	# One segment fills its pages, one fills huge pages, and two claim more than they have.
	proc_table "${columns_of[shm]}" "shmid=1 size=1 rss=$page" "shmid=2 size=1 rss=$smallest" \
		"shmid=3 size=1 rss=$((smallest + page))" \
		"shmid=4 size=$((smallest + 1)) rss=$((smallest * 2 + page))" \
		"shmid=5 size=18446744073709551615 rss=18446744073709551615" >"$file"
	tool list shm --from="$BATS_TEST_TMPDIR" -o id,rss,swap -J
	assert_success
	assert_equal "$(jq -c '.objects[] | select(.id < 5) | [.id, .rss, .swap, .unread]' <<<"$output")" \
		"[1,$page,0,null]
[2,$smallest,0,null]
[3,null,0,[\"rss\"]]
[4,null,0,[\"rss\"]]"
	assert_output --partial '"rss": 18446744073709551615,'
	assert_stderr --partial "ipctool list: 2 values could not be read: shm: "
	# This holds for the system and for a copy.
	helper shm 1
	over_proc shm="$file" -- "$IPCTOOL" list shm -o id,rss --format=raw --source=proc
	assert_line "1 $page"
	assert_line "3 -"
	assert_stderr --partial "2 values could not be read: shm: the kernel says that more of a segment is in memory than it has (its rss is wrong for huge pages)"
}

@test "sources: rss of huge pages is correct or unread" {
	requires hugepages
	local kilobytes

	kilobytes=$(awk '/^Hugepagesize:/ { print $2 }' /proc/meminfo)
	tool create shm --size="${kilobytes}K" --huge=default
	assert_success
	head -c 1 /dev/zero | ipctool write "$output"
	tool list shm -o rss -J
	assert_equal "$(jq -c ".objects[0].rss | . == null or . == $((kilobytes * 1024))" <<<"$output")" true
}

@test "sources: an old kernel's file, without rss and swap" {
	requires mount
	{
		echo "$heading"
		row 5
	} >"$fixture"
	broken shm "$fixture" shm --source=proc
	assert_success
	assert_stderr
	assert_line --index 1 --partial "shm:5  0x00000000  4000000004  0600   100       3     1  "
	broken shm "$fixture" shm --source=proc -J -o rss,swap,id
	assert_success
	assert_stderr "ipctool list: 2 values could not be read: shm: /proc/sysvipc does not have it"
	assert_equal "$(jq -c '.objects[]' <<<"$output")" \
		'{"rss":null,"swap":null,"id":5,"unread":["rss","swap"]}'
}

@test "sources: a missing column is read by the calls" {
	requires mount
	local all

	make_objects
	awk '{ $8 = ""; print }' /proc/sysvipc/shm >"$fixture"
	broken shm "$fixture" shm -J -o size,uid
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects | sort_by(.size)[]' <<<"$output")" \
		$'{"size":100,"uid":0}\n{"size":200,"uid":0}'
	broken shm "$fixture" shm -J -o size,uid,owner --source=proc
	assert_success
	assert_stderr "ipctool list: 4 values could not be read: shm: /proc/sysvipc does not have it"
	assert_equal "$(jq -c '.objects | sort_by(.size)[0]' <<<"$output")" \
		'{"size":100,"uid":null,"owner":null,"unread":["uid","owner"]}'
}

# not_a_table TEXT : the file is no table. ipctool uses the calls; with --source=proc it prints
# TEXT.
not_a_table()
{
	broken shm "$fixture" -o ref --no-headings
	assert_success
	assert_stderr
	assert_equal "${lines[*]}" "$all"
	broken shm "$fixture" shm --source=proc --no-headings
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool list: shm: cannot read the shared memory segments: /proc/sysvipc/shm: $1"
}

@test "sources: a file that is not a table" {
	requires mount
	local all no_heading="its first line is not a heading with the column of the ids"

	make_objects
	: >"$fixture"
	not_a_table "is empty, without even a heading"
	echo >"$fixture"
	not_a_table "$no_heading"
	head -c 100000 /dev/zero >"$fixture"
	not_a_table "$no_heading"
	cp "$IPCHELPER" "$fixture"
	not_a_table "$no_heading"
	printf '%s' "$heading" >"$fixture"
	not_a_table "$no_heading"
	cp /proc/sysvipc/sem "$fixture"
	not_a_table "$no_heading"
	{
		tr ' ' '\n' <<<"$heading"
		row 5
	} >"$fixture"
	not_a_table "$no_heading"
	# More columns than any kernel prints.
	{
		printf 'x%s ' {1..70}
		echo "$heading"
	} >"$fixture"
	not_a_table "$no_heading"
}

# bad_row TEXT ROW : puts a row between two good ones, which are listed, and TEXT is printed.
bad_row()
{
	{
		echo "$heading"
		row 1
		printf '%s\n' "$2"
		row 2
	} >"$fixture"
	broken shm "$fixture" --source=proc -o ref --no-headings
	assert_failure 1
	assert_equal "${lines[*]}" "shm:1 shm:2"
	assert_stderr "ipctool list: /proc/sysvipc/shm:3: $1"
}

@test "sources: rows that do not fit the heading" {
	requires mount
	local good text="the line does not fit the heading" bad

	good=$(row 3)
	for bad in '' ' ' "${good% *}" "$good 1" "${good% *} x" "${good% *} -1" "${good% *} 1x" \
		"${good% *} +1" "${good% *} 0x1" "${good/ 600 / 680 }" "${good/ 600 / -600 }" \
		"${good/ 3 / three }" "${good/ 100 / 1.5 }" $'\e[2J'; do
		bad_row "$text" "$bad"
	done
}

@test "sources: numbers out of range" {
	requires mount
	local good text="the line does not fit the heading"

	good=$(row 3)
	bad_row "$text" "${good/ 3 / 2147483648 }"
	bad_row "$text" "${good/ 3 / 4294967299 }"
	bad_row "$text" "${good/ 3 / 18446744073709551619 }"
	bad_row "$text" "${good/#0 /4294967296 }"
	bad_row "$text" "${good/#0 /-2147483649 }"
	bad_row "$text" "${good/#0 /-4294967295 }"
	bad_row "$text" "${good/ 600 / 200000 }"
	bad_row "$text" "${good/ 100 / 18446744073709551616 }"
	bad_row "$text" "${good/ 4000000004 / 4294967296 }"
	bad_row "$text" "${good/ 4000000004 / -1 }"
	bad_row "$text" "${good/1000000002/9223372036854775808}"
	bad_row "$text" "${good/1000000002/253402300800}"
	bad_row "$text" "${good/1000000002/1$(printf '%099d' 0)}"
}

@test "sources: numbers at the limits of their range" {
	requires mount
	proc_table "$heading" \
		"key=-2147483648 shmid=2147483647 perms=177777 size=18446744073709551615 \
		ctime=253402300799 cpid=2147483647 nattch=18446744073709551615 uid=4294967295 gid=4294967295" \
		"key=-1 ctime=1" "key=4294967295 shmid=1 ctime=1" >"$fixture"
	broken shm "$fixture" shm --source=proc -J -o id,key,mode,uid,cpid
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects[] | [.[]]' <<<"$output")" "$(cat <<-'END'
		[2147483647,"0x80000000","0777",4294967295,2147483647]
		[0,"0xffffffff","0000",0,0]
		[1,"0xffffffff","0000",0,0]
	END
	)"
}

@test "sources: a line that is far too long" {
	requires mount
	local text="the line is cut short or far too long"

	bad_row "$text" "$(printf '%0200000d' 0)"
	# The longest line that is accepted.
	{
		echo "$heading"
		echo "$(row 1)$(printf '%3900s' '')"
	} >"$fixture"
	broken shm "$fixture" --source=proc -o ref --no-headings
	assert_success
	assert_stderr
	assert_output shm:1
}

@test "sources: an incomplete last line" {
	requires mount
	local text="the line is cut short or far too long"

	{
		echo "$heading"
		row 1
		row 23456 | head -c 20
	} >"$fixture"
	broken shm "$fixture" --source=proc -o ref --no-headings
	assert_failure 1
	assert_output shm:1
	assert_stderr "ipctool list: /proc/sysvipc/shm:3: $text"
	# Even a line that looks complete: its last number may have had more digits.
	{
		echo "$heading"
		row 1
		printf '%s' "$(row 2)"
	} >"$fixture"
	broken shm "$fixture" --source=proc -o ref --no-headings
	assert_failure 1
	assert_output shm:1
	assert_stderr "ipctool list: /proc/sysvipc/shm:3: $text"
}

@test "sources: an object with a broken row is read by the calls" {
	requires mount
	local all

	make_objects
	sed '3s/600/6x0/' /proc/sysvipc/shm >"$fixture"
	# Only the file has the rss, so it is read first.
	broken shm "$fixture" -o ref,rss --format=raw --no-headings
	assert_failure 1
	assert_equal "$(printf '%s\n' "${lines[@]%% *}" | xargs)" "$all"
	assert_line --index 0 "${lines[0]%% *} 0"
	assert_line --index 1 "${lines[1]%% *} -"
	assert_stderr "ipctool list: /proc/sysvipc/shm:3: the line does not fit the heading
ipctool list: 1 value could not be read: shm: only /proc/sysvipc has it"
}

@test "sources: a flood of bad rows is limited" {
	requires mount
	local n

	{
		echo "$heading"
		yes garbage | head -n 2000
		row 1
	} >"$fixture"
	broken shm "$fixture" --source=proc -o ref --no-headings
	assert_failure 1
	assert_output shm:1
	assert_equal "${#stderr_lines[@]}" 11
	for n in {0..9}; do
		assert_stderr_line --index "$n" \
			"ipctool list: /proc/sysvipc/shm:$((n + 2)): the line does not fit the heading"
	done
	assert_stderr_line --index 10 "ipctool list: more of the same is not shown"
}

@test "sources: a broken file does not affect the other types" {
	requires mount
	local all

	make_objects
	head -c 1000 /dev/zero >"$fixture"
	over_proc shm="$fixture" msg="$fixture" -- "$IPCTOOL" list -o ref --no-headings
	assert_success
	assert_stderr
	assert_equal "${lines[*]}" "$all"
}
