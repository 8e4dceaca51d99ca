#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# list and stat of POSIX shared memory objects: which files are objects, their fields, the
# groups of types, and the conditions.

load common
load posix

# Files that are no objects, and none of which may be opened.
other_files()
{
	mkdir /dev/shm/dir
	mkfifo /dev/shm/fifo
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/dev/shm/socket")'
	echo untouched >"$BATS_TEST_TMPDIR/target"
	ln -s "$BATS_TEST_TMPDIR/target" /dev/shm/link
	: >/dev/shm/sem.w
}

@test "posix list: the table" {
	file a 5000
	file b 100 0640
	truncate -s 1M /dev/shm/b
	tool list pshm
	assert_success
	# In the order of the directory.
	output=$(sed -E 's/ [0-9]+s / Ns /' <<<"$output")
	assert_output "$(printf '%s\n' \
		'REF      OWNER  MODE  SIZE  ALLOC  ACTIVE  STATE' \
		'pshm:/b  root   0640  1.0M   4.0K  Ns      unused' \
		'pshm:/a  root   0600  4.9K   8.0K  Ns      unused')"
	assert_stderr
}

@test "posix list: a command without a type means sysv" {
	file a
	helper shm 4096
	tool list -o REF --no-headings
	assert_success
	assert_output shm:0
	tool list sysv -o REF --no-headings
	assert_output shm:0
	tool list posix -o REF --no-headings
	assert_output pshm:/a
	tool list all -o REF --no-headings
	assert_output $'shm:0\npshm:/a'
	tool list all
	assert_line --index 0 --regexp '^REF +KEY +OWNER +MODE +SIZE +USE +ACTIVE +STATE$'
	assert_line --index 2 --regexp '^pshm:/a +root +0600 +4.0K +4.0K of 4.0K +[0-9]+s +unused$'
}

@test "posix list: files that are no objects" {
	requires python
	other_files
	file a
	file sem.
	assert_equal "$(refs pshm)" "pshm:/a pshm:/sem."
	assert_equal "$(refs posix)" "psem:/w pshm:/a pshm:/sem."
	for name in 'dir:is a directory' 'fifo:is a FIFO' 'socket:is a socket' \
		'link:is a symbolic link'; do
		tool stat "pshm:/${name%%:*}"
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool stat: pshm:/${name%%:*}: ${name#*:}, not an object"
		tool rm --force "pshm:/${name%%:*}"
		assert_failure 1
		assert_stderr "ipctool rm: pshm:/${name%%:*}: ${name#*:}, not an object"
	done
	remove posix --all --yes --force
	assert_success
	assert_equal "$(names)" "dir fifo link socket"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/target")" untouched
}

@test "posix list: all fields of programs" {
	file a 5000 0640
	ln /dev/shm/a /dev/shm/b
	touch -d 2020-01-02T03:04:05Z /dev/shm/a
	tool list pshm:/a -J
	assert_success
	assert_equal "$(jq -r '.objects[0] | keys_unsorted | join(",")' <<<"$output")" \
		"ref,type,mode,perms,owner,uid,group,gid,ctime,size,atime,active,state,name,path,inode,nlink,alloc,btime,mtime"
	assert_equal "$(jq -c '.objects[0] | [.ref, .type, .mode, .perms, .uid, .size, .atime,
		.state, .name, .path, .nlink, .alloc, .mtime]' <<<"$output")" \
		'["pshm:/a","pshm","0640","rw-r-----",0,5000,"2020-01-02T03:04:05Z",[],"a","/dev/shm/a",2,8192,"2020-01-02T03:04:05Z"]'
	assert_equal "$(jq -r '.objects[0] | .inode' <<<"$output")" "$(stat -c %i /dev/shm/a)"
	assert_equal "$(jq -r '.objects[0] | .btime | fromdate' <<<"$output")" \
		"$(stat -c %W /dev/shm/a)"
	assert_equal "$(jq -r '.objects[0] | .active' <<<"$output")" \
		"$(jq -r '.objects[0] | .ctime' <<<"$output")"
}

@test "posix list: an ACL is a plus sign" {
	file a
	facts pshm:/a perms
	assert_output '["rw-------"]'
	allow 0 a
	facts pshm:/a perms
	assert_output '["rw-------+"]'
}

@test "posix list: two names of one file are two references" {
	file a
	ln /dev/shm/a /dev/shm/b
	assert_equal "$(refs pshm)" "pshm:/a pshm:/b"
	tool list pshm:/a pshm:/b pshm:/a -o REF,NLINK --no-headings
	assert_success
	assert_output "$(printf '%s\n' 'pshm:/a  2' 'pshm:/b  2')"
}

@test "posix list: conditions" {
	requires root
	file small 100
	file large 100000 0644
	file theirs 100 0600 "$user"
	assert_equal "$(refs pshm --user="$user")" pshm:/theirs
	assert_equal "$(refs pshm --group="$user")" pshm:/theirs
	assert_equal "$(refs pshm --min-size=1K)" pshm:/large
	assert_equal "$(refs pshm --max-size=1K --user=0)" pshm:/small
	assert_equal "$(refs pshm --perm=/077)" pshm:/large
	assert_equal "$(refs pshm --name='*s*')" "pshm:/small pshm:/theirs"
	assert_equal "$(refs pshm --name='?mall' --name='[l]arge')" "pshm:/large pshm:/small"
	assert_equal "$(refs pshm --except=pshm:/large --except="user:$user")" pshm:/small
	assert_equal "$(refs pshm --state=dest)" ''
	# These have no such fact.
	for condition in --key=private --creator=0 --empty --min-messages=0 --state=locked; do
		assert_equal "$(refs pshm $condition)" ''
	done
	# key:private means objects without a key, not those that have none.
	assert_equal "$(refs pshm --except=key:private)" "pshm:/large pshm:/small pshm:/theirs"
}

@test "posix list: by use" {
	file used
	file free
	start_helper use-file /dev/shm/used mapped-rw
	assert_equal "$(refs pshm --unattached)" pshm:/free
	assert_equal "$(refs pshm --idle=0s)" pshm:/free
	assert_equal "$(refs pshm --idle=1h)" ''
	assert_equal "$(refs pshm --pid="${ready[1]}")" pshm:/used
	end_helper
	assert_equal "$(refs pshm --unattached)" "pshm:/free pshm:/used"
}

@test "posix list: groups and sums" {
	requires root
	file a 5000
	file b 5000
	file c 100 0600 "$user"
	tool list pshm --by=owner -o count,bytes
	assert_success
	assert_output "$(printf '%s\n' 'COUNT  BYTES' '    2   9.8K' '    1    100')"
	tool list pshm --total -o REF,SIZE,ALLOC --bytes
	assert_success
	assert_line --index 4 --regexp '^total +10100 +20480$'
}

@test "posix list: sorted" {
	file b 10
	file a 1000
	file c 100
	tool list pshm --sort=-size -o REF,SIZE,NAME --no-headings --bytes
	assert_success
	assert_output "$(printf '%s\n' 'pshm:/a  1000  a' 'pshm:/c   100  c' 'pshm:/b    10  b')"
}

@test "posix list: objects without a name" {
	requires root # what is mapped can be examined by root only
	local inode

	file gone
	file there
	inode=$(stat -c %i /dev/shm/gone)
	start_helper use-file /dev/shm/gone mapped-rw
	rm /dev/shm/gone
	assert_equal "$(refs pshm)" pshm:/there
	tool list pshm --unlinked
	assert_success
	assert_output --regexp "^REF +OWNER +MODE +SIZE +ALLOC +ACTIVE +STATE
pshm:#$inode +root +0600 +4.0K +4.0K +[0-9]+s +dest\$"
	assert_stderr
	facts "pshm:#$inode" ref,name,path,nlink,size,state,used,stale,cause --alone
	assert_output "[\"pshm:#$inode\",null,null,0,4096,[\"dest\"],true,false,\"used\"]"
	tool rm "pshm:#$inode"
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: pshm:#$inode: has no name any more; it is freed when ${ready[1]} (ipchelper) ends"
	end_helper
	tool stat "pshm:#$inode"
	assert_failure 1
	assert_stderr "ipctool stat: pshm:#$inode: no such object"
	# One that has a name is not named by its inode.
	tool stat "pshm:#$(stat -c %i /dev/shm/there)"
	assert_failure 1
}

# descriptor PID FILE : the path of its descriptor of a file in /dev/shm.
descriptor()
{
	local path

	for path in "/proc/$1/fd"/*; do
		[[ $(readlink "$path") != "/dev/shm/$2"* ]] || echo "$path"
	done
}

@test "posix list: a descriptor that becomes that of another file meanwhile" {
	local fd inode other=$BATS_TEST_TMPDIR/other

	file gone
	inode=$(stat -c %i /dev/shm/gone)
	exec {fd}</dev/shm/gone
	rm /dev/shm/gone
	stopped_at "statx:/proc/$$/fd/$fd:3" list pshm --unlinked -o REF --no-headings
	echo >"$other"
	eval "exec $fd<'$other'"
	rm "$other"
	going_on
	assert_success
	# The shell that waits for ipctool still has the first one.
	assert_equal "$output" "pshm:#$inode"
	assert_equal "$stderr" ''
	exec {fd}<&-
}

@test "posix list: an object without a name whose use cannot be looked at in one process" {
	requires root
	local inode first second

	file gone
	inode=$(stat -c %i /dev/shm/gone)
	start_helper use-file /dev/shm/gone open-rw
	first=${ready[1]}
	start_helper use-file /dev/shm/gone open-r
	second=${ready[1]}
	rm /dev/shm/gone
	# The process has closed it meanwhile, or its last name cannot be read.
	for error in 2 13; do
		with_preload "PRELOAD_FAIL=readlink:$(descriptor "$first" gone):1:$error"
		split "${inside[@]}" "$IPCTOOL" list pshm --unlinked -o REF,SIZE,OWNER --no-headings
		assert_success
		assert_output "pshm:#$inode  4.0K  root"
		assert_stderr
	done
	# Its facts are those that another process shows.
	with_preload "PRELOAD_FAIL=statx:$(descriptor "$first" gone):2:13"
	split "${inside[@]}" "$IPCTOOL" list pshm --unlinked -o REF,SIZE,OWNER --no-headings
	assert_success
	assert_output "pshm:#$inode  4.0K  root"
	[ "$first" -lt "$second" ]
}

@test "posix list: users are unknown if a descriptor cannot be looked at" {
	local first

	file a
	start_helper use-file /dev/shm/a open-r
	first=${ready[1]}
	start_helper use-file /dev/shm/a open-r
	split "$IPCTOOL" list pshm:/a -J -o used,users --alone
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" '{"used":true,"users":2}'
	with_preload "PRELOAD_FAIL=statx:$(descriptor "$first" a):1:5"
	split "${inside[@]}" "$IPCTOOL" list pshm:/a -J -o used,users --alone
	assert_equal "$(jq -c '.objects[0] | [.used, .users]' <<<"$output")" '[true,null]'
	assert_stderr --partial "ipctool list: users of 1 object cannot be determined: 1 process could not be examined"
	# One that was closed meanwhile uses nothing.
	with_preload "PRELOAD_FAIL=statx:$(descriptor "$first" a):1:2"
	split "${inside[@]}" "$IPCTOOL" list pshm:/a -J -o used,users --alone
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" '{"used":true,"users":1}'
}

@test "posix list: names need a type that has them" {
	tool list --name=x
	assert_usage "ipctool list: --name selects POSIX objects only; name a TYPE: pshm, psem, pmsg, posix or all"
	tool rm --unlinked
	assert_usage "ipctool rm: --unlinked selects POSIX objects only; name a TYPE: pshm, psem, pmsg, posix or all"
	tool list shm --name=x
	assert_usage "ipctool list: --name selects POSIX objects only; name a TYPE: pshm, psem, pmsg, posix or all"
	tool list all --name=x
	assert_success
	tool list posix --from="$BATS_TEST_TMPDIR"
	assert_usage "ipctool list: --from reads saved copies, which contain no POSIX objects"
}

@test "posix list: /dev/shm is not a tmpfs" {
	end_shm
	mount -t ramfs none /dev/shm
	file a
	tool list pshm posix -o REF,SIZE --no-headings
	assert_success
	assert_output 'pshm:/a  4.0K'
	assert_stderr "ipctool list: /dev/shm is not a tmpfs (ramfs); creation times and leases may be missing, and only list and stat work on it"
	tool stat pshm:/a -o ref
	assert_success
	assert_stderr "ipctool stat: /dev/shm is not a tmpfs (ramfs); creation times and leases may be missing, and only list and stat work on it"
	for words in pshm:/a "--force pshm:/a" "pshm --all --yes --force"; do
		# shellcheck disable=SC2086 # several words
		tool rm $words
		assert_failure 2
		assert_output ''
		assert_stderr "ipctool rm: /dev/shm is not a tmpfs (ramfs); nothing was done"
	done
	assert_equal "$(names)" a
}

@test "posix list: there is no /dev/shm, and other types are processed" {
	local id

	id=$(helper shm 4096)
	split unshare --mount sh -c "mount -t tmpfs none /dev && exec '$IPCTOOL' list all -o REF --no-headings"
	assert_failure 2
	assert_output "shm:$id"
	assert_stderr "ipctool list: cannot open '/dev/shm': No such file or directory"
	split unshare --mount sh -c "mount -t tmpfs none /dev && exec '$IPCTOOL' rm --force pshm:/a pshm:/b shm:$id"
	assert_failure 2
	assert_stderr "ipctool rm: cannot open '/dev/shm': No such file or directory"
	tool list -o REF --no-headings
	assert_output ''
}

@test "posix stat: who uses an object, and how" {
	file a
	start_helper use-file /dev/shm/a open-r
	start_helper use-file /dev/shm/a open-w
	start_helper use-file /dev/shm/a open-rw
	start_helper use-file /dev/shm/a mapped-r
	start_helper use-file /dev/shm/a mapped-rw
	tool stat pshm:/a --alone -J
	assert_success
	assert_stderr
	assert_equal "$(jq -c '[.objects[0].processes[] | .what] | sort' <<<"$output")" \
		'["mapped r","mapped rw","open r","open rw","open w"]'
	assert_equal "$(jq -c '.objects[0] | [.used, .users, (.pids | length)]' <<<"$output")" \
		'[true,5,5]'
	facts pshm:/a command --alone
	assert_output '["ipchelper"]'
}

@test "posix stat: a missing name" {
	tool stat pshm:/none
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool stat: pshm:/none: no such object"
	tool rm pshm:/none
	assert_failure 1
	assert_stderr "ipctool rm: pshm:/none: no such object"
	tool rm --ignore-missing pshm:/none
	assert_success
	assert_stderr
}

@test "posix: the other commands refuse the type" {
	local words

	file a
	for words in "send pshm:/a" "recv pshm:/a" "semop pshm:/a 0-1"; do
		# shellcheck disable=SC2086 # several words
		tool $words
		assert_failure 2
		assert_output ''
	done
	assert_equal "$(stat -c %a:%s /dev/shm/a)" 600:4096
}
