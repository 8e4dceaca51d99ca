#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a process of its own; run sets status
#
# POSIX shared memory and named semaphores of other IPC namespaces: they are in the /dev/shm
# that a process there shows. What another user can put in its place must not deceive ipctool.

load common
load posix

setup()
{
	requires root mount
	start_shm
	made=0 held=()
	own=$(ns_of self)
}

teardown()
{
	local pid

	for pid in "${held[@]}"; do
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	end_helpers
	end_shm
	wipe
	! mountpoint -q "$BATS_TEST_TMPDIR/ns" || umount "$BATS_TEST_TMPDIR/ns"
	! mountpoint -q "$BATS_TEST_TMPDIR/host" || umount "$BATS_TEST_TMPDIR/host"
}

# ns_of PID : the number of its IPC namespace.
ns_of()
{
	stat -L -c %i "/proc/$1/ns/ipc"
}

# name_of PID : the name of its IPC namespace as messages have it.
name_of()
{
	ipctool namespaces --no-headings -o ns "$1" | tr -d ' '
}

# hold COMMAND... : starts a process that prints a line once it is ready; its pid is in $pid.
hold()
{
	local fifo=$BATS_TEST_TMPDIR/ready.$((++made)) line

	mkfifo "$fifo"
	"$@" >"$fifo" 2>"$fifo.errors" 3>&- &
	pid=$!
	held+=("$pid")
	read -r -t "$timeout" line <"$fifo" && [ "$line" = ready ] && return
	batslib_decorate "no state from: $*" <"$fifo.errors" | fail
}

waits='echo ready; exec sleep 1000 >&-'
tmpfs='mount -t tmpfs -o mode=1777,size=1m tmpfs /dev/shm'

# container [SCRIPT] : a process in IPC and mount namespaces of its own, with a /dev/shm of its
# own, which SCRIPT fills.
container()
{
	hold unshare --ipc --mount --propagation private sh -c \
		"$tmpfs && { ${1:-true}; } && $waits"
}

# join PID [SCRIPT] : another process there, in a mount namespace of its own.
join()
{
	hold nsenter --target "$1" --ipc --mount \
		unshare --mount --propagation private sh -c "{ ${2:-true}; } && $waits"
}

# hostile SCRIPT : a process of another user, which may mount in its own namespaces.
hostile()
{
	hold setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user \
		--ipc --mount --propagation private sh -c "$1"
}

# foreign PID : why its objects are not changed.
foreign()
{
	echo "pshm and psem of $(name_of "$1") are not changed from here: its mounts belong to another user (nobody); run ipctool inside: nsenter -t $1 -U -m -i -S 0 ipctool ..."
}

# host_directory : makes $host, a tmpfs of the machine with files like objects that nothing
# uses.
host_directory()
{
	host=$BATS_TEST_TMPDIR/host
	chmod 755 "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "$BATS_TEST_TMPDIR"
	mkdir "$host"
	mount -t tmpfs -o mode=1777 tmpfs "$host"
	echo secret >"$host/victim"
	helper named-sem /victim 7
	mv /dev/shm/sem.victim "$host"
	touch -d '3 days ago' "$host/victim" "$host/sem.victim"
	chmod 600 "$host/victim" "$host/sem.victim"
}

# host_is_untouched : whatever ipctool does to the process $pid, except list.
host_is_untouched()
{
	local before command

	before=$(cd "$host" && stat -c '%n %a %u %h %i %X %Y %Z' ./*)
	while read -ra command; do
		tool "${command[@]}" "--ipc-ns=$pid" <<<new
		assert_failure 2
		assert_output "${expected:-}"
		assert_stderr "ipctool ${command[0]}: $why"
	done <<-END
		rm pshm --unattached --yes
		rm posix --all --force --yes
		rm psem --stale --alone --yes
		rm --force pshm:/victim psem:/victim
		set --mode=666 pshm:/victim
		set --value=3 psem:/victim
		write pshm:/victim
		semop psem:/victim 0-1
		create --size=1 pshm:/new
		create psem:/new
	END
	tool read pshm:/victim "--ipc-ns=$pid"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool read: $why"
	tool limits pshm "--ipc-ns=$pid" --no-headings
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool limits: $why"
	tool rm "pshm:/victim@$pid" --force
	assert_failure 2
	assert_stderr "ipctool rm: $why"
	assert_equal "$(cd "$host" && stat -c '%n %a %u %h %i %X %Y %Z' ./*)" "$before"
}

# opens_no_file ARG... : ipctool opens none of the files.
opens_no_file()
{
	strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=open,openat,openat2,creat,fcntl \
		"$IPCTOOL" "$@" >/dev/null 2>&1 || true
	run ! grep -E 'victim|F_SETLEASE' "$BATS_TEST_TMPDIR/calls"
	# The trace shows what it should.
	run -0 grep -q 'dev/shm' "$BATS_TEST_TMPDIR/calls"
}

# --- Whose /dev/shm ---------------------------------------------------------------------

@test "shm of a namespace: the own one is the caller's, whatever its processes show" {
	file mine
	hold setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user \
		--mount --propagation private sh -c "$tmpfs && : >/dev/shm/theirs && $waits"
	assert_equal "$(ns_of "$pid")" "$own"
	for name in "$pid" "$own" "/proc/$pid/ns/ipc"; do
		tool list pshm "--ipc-ns=$name" -o name,path --format=raw --no-headings
		assert_success
		assert_output 'mine /dev/shm/mine'
		assert_stderr
	done
	tool rm "--ipc-ns=$own" --force pshm:/mine
	assert_success
	assert_stderr
	assert_equal "$(names)" ''
}

@test "shm of a namespace: another one is that of its process" {
	local name ref

	file mine
	container 'echo hello >/dev/shm/theirs; chmod 640 /dev/shm/theirs'
	name=$(name_of "$pid")
	for ref in "$pid" "$(ns_of "$pid")" "$name" "/proc/$pid/ns/ipc"; do
		tool list pshm "--ipc-ns=$ref" --no-headings -o ref,mode,size,used,path --bytes
		assert_success
		assert_output "pshm:/theirs@$name  0640  6  no"
		assert_stderr
	done
	tool stat "pshm:/theirs@$pid" -J -o ref,name,path
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" \
		"{\"ref\":\"pshm:/theirs@$name\",\"name\":\"theirs\",\"path\":null}"
	tool stat "pshm:/mine@$pid"
	assert_failure 1
	assert_stderr "ipctool stat: pshm:/mine@$pid: no such object"
	tool list pshm pshm:/mine "pshm:/theirs@$pid" -o ref --no-headings
	assert_success
	assert_output "pshm:/mine@$(name_of "$own")"$'\n'"pshm:/theirs@$name"
}

@test "shm of a namespace: each command works there" {
	local name dir

	container 'echo hello >/dev/shm/theirs'
	dir=/proc/$pid/root/dev/shm
	name=$(name_of "$pid")
	tool create "pshm:/made@$pid" --size=8192 --mode=640
	assert_success
	assert_output "pshm:/made@$name"
	assert_equal "$(stat -c '%s %a' "$dir/made")" '8192 640'
	tool create --exist-ok "--ipc-ns=$pid" psem:/made --value=2
	assert_success
	assert_output "psem:/made@$name"
	tool read "pshm:/theirs@$pid"
	assert_success
	assert_output hello
	tool write "--ipc-ns=$pid" pshm:/theirs <<<HELLO
	assert_success
	assert_equal "$(<"$dir/theirs")" HELLO
	tool set "pshm:/theirs@$name" --mode=604 --owner=12
	assert_success
	assert_equal "$(stat -c '%u %a' "$dir/theirs")" '12 604'
	tool semop "psem:/made@$pid" 0+3
	assert_success
	tool set "psem:/made@$pid" --value=9 -v
	assert_success
	assert_output "psem:/made@$pid: value 5 -> 9"
	tool list psem "--ipc-ns=$pid" -o ref,value --no-headings
	assert_success
	assert_output "psem:/made@$name  9"
	tool limits pshm "--ipc-ns=$pid" --no-headings --numeric
	assert_success
	assert_line --index 0 --regexp '^PSHM_BYTES +bytes of /dev/shm +16K +1.0M +1%$'
	# What rm reads is that of the same namespace.
	run -0 sh -c "'$IPCTOOL' list posix --ipc-ns=$pid -o REF --no-headings | '$IPCTOOL' rm --force --yes -"
	assert_equal "$(ls -A "$dir")" ''
	assert_equal "$(names)" ''
}

@test "shm of a namespace: a full one" {
	container 'head -c 2000000 /dev/zero >/dev/shm/full 2>/dev/null || true'
	tool create "pshm:/new@$pid" --size=4096
	assert_failure 1
	assert_stderr "ipctool create: pshm:/new@$pid: cannot allocate 4.0K: /proc/$pid/root/dev/shm has 0 of 1.0M free"
	tool limits PSHM_BYTES "--ipc-ns=$pid" --no-headings
	assert_success
	assert_output --partial "nsenter -t $pid -m mount -o remount,size=2097152 /dev/shm"
}

@test "shm of a namespace: what a process uses, and what has no name any more" {
	local name inode

	container 'exec 5>/dev/shm/open 6>/dev/shm/gone; echo x >&6; rm /dev/shm/gone; : >/dev/shm/unused'
	name=$(name_of "$pid")
	inode=$(stat -L -c %i "/proc/$pid/fd/6")
	# The caller's own has a file with the same inode number.
	tool list pshm "--ipc-ns=$pid" -o name,used,users,pids --format=raw --no-headings --sort=name
	assert_success
	assert_output "open true - $pid"$'\nunused false 0 -'
	tool list pshm --unlinked "--ipc-ns=$pid" -o ref,size,pids --no-headings --bytes
	assert_success
	assert_output "pshm:#$inode@$name  2  $pid"
	tool rm --unattached --alone --yes pshm "--ipc-ns=$pid" -v
	assert_success
	assert_output --partial "removed pshm:/unused@$name "
	tool rm "pshm:/open@$pid"
	assert_failure 1
	assert_stderr "ipctool rm: pshm:/open@$pid: in use by $pid (sleep); use --force to remove the name anyway"
	tool rm "pshm:#$inode@$pid"
	assert_success
	tool list pshm --unlinked
	assert_success
	assert_output 'REF  OWNER  MODE  SIZE  ALLOC  ACTIVE  STATE'
}

@test "shm of a namespace: stale by the same rule" {
	local name

	container "for f in a b; do : >/dev/shm/\$f; chmod 600 /dev/shm/\$f; chown $user /dev/shm/\$f; done; exec 5</dev/shm/b"
	name=$(name_of "$pid")
	tool list pshm --stale --grace=0 --alone "--ipc-ns=$pid" -o ref --no-headings
	assert_success
	assert_output "pshm:/a@$name"
	remove pshm --stale --grace=0 --yes "--ipc-ns=$pid"
	assert_success
	assert_equal "$(ls "/proc/$pid/root/dev/shm")" b
}

@test "shm of a namespace: a file that is mounted on the name of another, or elsewhere" {
	local name option before

	# What is below is in use.
	container "for f in a b; do echo \$f >/dev/shm/\$f; chmod 600 /dev/shm/\$f; chown $user /dev/shm/\$f; done
		exec 5</dev/shm/a; mount --bind /dev/shm/b /dev/shm/a"
	name=$(name_of "$pid")
	before=$(stat -c %i "/proc/$pid/root/dev/shm/b")
	for option in --alone --force; do
		remove "pshm:/a@$pid" "$option"
		assert_failure 1
		assert_stderr "ipctool rm: pshm:/a@$pid: cannot remove it: Device or resource busy"
	done
	assert_equal "$(nsenter --target "$pid" --mount sh -c 'umount /dev/shm/a; cat /dev/shm/a')" a
	assert_equal "$(cd "/proc/$pid/root/dev/shm" && ls -A)" $'a\nb'
	assert_equal "$(stat -c %i "/proc/$pid/root/dev/shm/b")" "$before"
	# A lease is granted for a file that is mounted.
	: >"$BATS_TEST_TMPDIR/here"
	container "for f in a b; do : >/dev/shm/\$f; chmod 600 /dev/shm/\$f; chown $user /dev/shm/\$f; done
		mount --bind /dev/shm/a '$BATS_TEST_TMPDIR/here'"
	name=$(name_of "$pid")
	tool list pshm --stale --grace=0 --alone "--ipc-ns=$pid" -o ref --no-headings
	assert_success
	assert_output "pshm:/b@$name"
	tool list pshm:/a --alone "--ipc-ns=$pid" -o reason --no-headings
	assert_output "the file is mounted under another name"
	remove pshm --stale --grace=0 --yes "--ipc-ns=$pid"
	assert_success
	assert_equal "$(ls "/proc/$pid/root/dev/shm")" a
}

@test "shm of a namespace: a file is known to be no device before it is opened" {
	local command

	# Its name may be that of a device by now, which a process of the container made.
	container 'echo a >/dev/shm/a'
	for command in 'list pshm -o +used' 'read pshm:/a' 'rm --alone pshm:/a'; do
		# shellcheck disable=SC2086 # several words
		split strace -qqq -o "$BATS_TEST_TMPDIR/calls" -e trace=open,openat \
			"$IPCTOOL" $command "--ipc-ns=$pid"
		assert_success
		run -0 grep -c '"a".*O_NOFOLLOW.*O_PATH' "$BATS_TEST_TMPDIR/calls"
		run ! grep -v O_PATH <(grep '"a"' "$BATS_TEST_TMPDIR/calls")
	done
}

@test "shm of a namespace: that of a single thread, and of a namespace without processes" {
	local name

	start_helper namespace thread
	file shown
	tool list pshm "--ipc-ns=${ready[0]}" -o ref,path --no-headings
	assert_success
	assert_output "pshm:/shown@$(name_of "${ready[0]}")  /dev/shm/shown"
	: >"$BATS_TEST_TMPDIR/ns"
	unshare "--ipc=$BATS_TEST_TMPDIR/ns" true
	name=$(name_of "$BATS_TEST_TMPDIR/ns")
	for ns in "$name" "$BATS_TEST_TMPDIR/ns"; do
		tool list pshm psem "--ipc-ns=$ns"
		assert_failure 2
		assert_stderr "ipctool list: pshm and psem of $name cannot be determined: no process of this namespace shows its /dev/shm"
		tool create pshm:/new --size=1 "--ipc-ns=$ns"
		assert_failure 2
		assert_output ''
		assert_stderr "ipctool create: pshm and psem of $name cannot be determined: no process of this namespace shows its /dev/shm"
	done
	# Other types of it can be listed, and other namespaces.
	tool list "--ipc-ns=$name"
	assert_success
	assert_stderr
	tool list all --all-namespaces -o ref --no-headings
	assert_success
	assert_output "pshm:/shown@$(name_of "$own")"
	assert_stderr "ipctool list: pshm and psem of $name cannot be determined: no process of this namespace shows its /dev/shm"
}

@test "shm of a namespace: none, and one that is no mount" {
	container 'umount /dev/shm; umount -l /dev/shm; mount -t tmpfs tmpfs /dev'
	tool list pshm "--ipc-ns=$pid"
	assert_failure 2
	assert_stderr "ipctool list: cannot open '/proc/$pid/root/dev/shm': No such file or directory"
	container 'mkdir /dev/shm/dev; mkdir /dev/shm/dev/shm; mount --bind /dev/shm/dev /dev'
	tool list pshm "--ipc-ns=$pid"
	assert_failure 2
	assert_stderr "ipctool list: '/proc/$pid/root/dev/shm' is not the root of a tmpfs; nothing was done"
	tool limits pshm --all-namespaces
	assert_success
	assert_stderr --partial "ipctool limits: '/proc/$pid/root/dev/shm' is not the root of a tmpfs; nothing was done"
}

# --- Several ------------------------------------------------------------------------------

@test "shm of a namespace: its processes see different ones" {
	local name first second

	container ': >/dev/shm/first'
	first=$pid
	join "$first"
	join "$first" "$tmpfs; : >/dev/shm/second"
	second=$pid
	name=$(name_of "$first")
	tool list pshm "--ipc-ns=$name" -o ref --no-headings
	assert_success
	assert_output "pshm:/first@$name"
	assert_stderr "ipctool list: processes of $name see different /dev/shm; this is that of $first (sleep); name another with --ipc-ns=PID"
	tool rm pshm --unattached --yes "--ipc-ns=$name"
	assert_failure 2
	assert_stderr "ipctool rm: processes of $name see different /dev/shm: $first (sleep), $second (sleep); name one of them with --ipc-ns=PID"
	tool rm --force "pshm:/first@$name"
	assert_failure 2
	# Two names do not agree.
	tool rm --force "pshm:/first@$first" "pshm:/second@$second"
	assert_failure 2
	assert_stderr --partial "processes of $name see different /dev/shm: "
	tool list "pshm:/first@$name" --all-namespaces -o ref --no-headings
	tool list pshm --all-namespaces -o ref --no-headings
	assert_success
	assert_output "pshm:/first@$name"
	assert_stderr "ipctool list: processes of $name see different /dev/shm; this is that of $first (sleep); name another with --ipc-ns=PID"
	tool limits pshm --all-namespaces -o used --no-headings
	assert_success
	assert_stderr "ipctool limits: processes of $name see different /dev/shm: $first (sleep), $second (sleep); name one of them with --ipc-ns=PID"
	# A process that is named decides.
	tool list pshm "--ipc-ns=$second" -o ref --no-headings
	assert_success
	assert_output "pshm:/second@$name"
	assert_stderr
	tool rm --force "pshm:/second@$second"
	assert_success
	assert_stderr
	remove pshm --unattached --yes "--ipc-ns=$first"
	assert_success
	assert_stderr
	assert_equal "$(ls -A "/proc/$first/root/dev/shm")$(ls -A "/proc/$second/root/dev/shm")" ''
}

@test "shm of a namespace: a process whose /dev/shm cannot be determined" {
	local name first second why call path nth

	container ': >/dev/shm/first'
	first=$pid
	join "$first" "$tmpfs; : >/dev/shm/second"
	second=$pid
	name=$(name_of "$first")
	why="what /dev/shm 1 process of $name sees cannot be determined: Cannot allocate memory"
	# unseen ARG... : ipctool where the call on this path fails for the second process
	unseen()
	{
		split strace -qqq -o /dev/null -P "$path" -e "trace=$call" \
			-e "inject=$call:error=ENOMEM:when=$nth" "$IPCTOOL" "$@"
		stderr=$(grep -v '^strace: Requested path' <<<"$stderr")
	}
	# Its directory in /proc, its namespace and its root directory.
	while read -r call path nth; do
		unseen rm pshm --unattached --yes "--ipc-ns=$name"
		assert_failure 2
		assert_output ''
		assert_stderr "ipctool rm: $why; name a process with --ipc-ns=PID"
		unseen list pshm "--ipc-ns=$name" -o ref --no-headings
		assert_success
		assert_output "pshm:/first@$name"
		assert_stderr "ipctool list: $why; this is that of $first (sleep)"
	done <<-END
		openat /proc/$second/. 1
		newfstatat ns/ipc 2
		openat root 2
	END
	# Its state, without which it is not known in which namespace it is.
	call=openat path=/proc/$second/stat nth=1
	unseen rm pshm --unattached --yes "--ipc-ns=$name"
	assert_failure 2
	assert_stderr "ipctool rm: processes that could not be examined may be in $name and see another /dev/shm; name a process with --ipc-ns=PID"
	unseen list shm --all-namespaces --no-headings
	assert_success
	assert_stderr "ipctool list: 1 process could not be examined"
	assert_equal "$(ls "/proc/$first/root/dev/shm")" first
	assert_equal "$(ls "/proc/$second/root/dev/shm")" second
}

@test "shm of a namespace: another ipctool that works there shows nothing" {
	local point=$BATS_TEST_TMPDIR/mount name other

	file mine
	touch "$point"
	container ': >/dev/shm/theirs'
	mount --bind "/proc/$pid/ns/ipc" "$point"
	name=$(name_of "$pid")
	nsenter --target "$pid" --ipc "$IPCHELPER" sem 1 >/dev/null
	"$IPCTOOL" semop --ipc-ns="$pid" sem:0 0-1 3>&- &
	other=$!
	until [ "$(stat -L -c %i "/proc/$other/ns/ipc")" = "${name%.*}" ]; do
		sleep 0.01
	done
	tool rm "pshm:/theirs@$name" -v
	assert_success
	assert_stderr
	assert_line --partial "removed pshm:/theirs@$name"
	# Without another process in it, nothing shows its /dev/shm.
	kill "$pid"
	wait "$pid" || true
	tool rm pshm --unattached --yes --ipc-ns="$point"
	assert_failure 2
	assert_stderr "ipctool rm: pshm and psem of $name cannot be determined: no process of this namespace shows its /dev/shm"
	[ -e /dev/shm/mine ]
	kill "$other"
	wait "$other" || true
	umount "$point"
}

@test "shm of a namespace: what is excluded in the own /dev/shm stays there, wherever it is named" {
	file mine
	hold unshare --ipc sh -c "$waits"
	tool rm pshm --ipc-ns="$pid" --unattached --yes --except=pshm:/mine
	assert_success
	assert_stderr
	assert_output ''
	[ -e /dev/shm/mine ]
	tool rm "pshm:/mine@$pid" --except=pshm:/mine -v
	assert_success
	assert_stderr "ipctool rm: pshm:/mine@$pid: it is excluded (--except)"
	[ -e /dev/shm/mine ]
	# A directory of the namespace's own has other objects.
	container ': >/dev/shm/mine'
	tool rm pshm --ipc-ns="$pid" --unattached --yes --except=pshm:/mine
	assert_success
	tool list pshm --ipc-ns="$pid" -o name --no-headings
	assert_output ''
	[ -e /dev/shm/mine ]
}

@test "shm of a namespace: one that several namespaces share is listed once" {
	local first

	file mine
	hold unshare --ipc sh -c "$waits"
	container ': >/dev/shm/theirs'
	first=$pid
	hold nsenter --target "$first" --mount unshare --ipc sh -c "$waits"
	tool list pshm --all-namespaces -o ref --no-headings
	assert_success
	assert_stderr
	assert_line --index 0 "pshm:/mine@$(name_of "$own")"
	assert_line --index 1 --regexp "^pshm:/theirs@($(name_of "$first")|$(name_of "$pid"))\$"
	assert_equal "${#lines[@]}" 2
	tool limits PSHM_INODES --all-namespaces -o resource,used
	assert_success
	assert_output $'RESOURCE     USED\nPSHM_INODES     2\nPSHM_INODES     2'
	# Each can be named.
	tool list pshm "--ipc-ns=$pid" "--ipc-ns=$first" -o name --no-headings
	assert_success
	assert_output theirs
}

# --- Hostile ones -------------------------------------------------------------------------

@test "hostile /dev/shm: a directory of the machine" {
	host_directory
	hostile "mount --bind /etc /dev/shm && $waits"
	why="'/proc/$pid/root/dev/shm' is not the root of a tmpfs; nothing was done"
	host_is_untouched
	tool list posix "--ipc-ns=$pid" --no-headings
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: $why"
	tool stat pshm:/passwd "--ipc-ns=$pid"
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool stat: $why"
	tool list all --all-namespaces --no-headings
	assert_success
	assert_output ''
	assert_stderr "ipctool list: $why"
}

@test "hostile /dev/shm: a tmpfs of the machine can be listed, and no more" {
	local name

	host_directory
	hostile "mount --bind '$host' /dev/shm && $waits"
	name=$(name_of "$pid")
	why=$(foreign "$pid")
	host_is_untouched
	tool list posix "--ipc-ns=$pid" -o ref,owner,mode,value,nwait,used,path --no-headings
	assert_success
	assert_line --index 0 --regexp "^pshm:/victim@$name +root +0600 +\\?\$"
	assert_line --index 1 --regexp "^psem:/victim@$name +root +0600 +\\? +\\? +\\?\$"
	assert_stderr "ipctool list: used, value, nwait of 2 objects cannot be determined: the mounts there belong to another user, so that no file is opened"
	tool stat "psem:/victim@$pid" -J -o value,nwait,used,users,path
	assert_success
	assert_equal "$(jq -c '.objects[0] | del(.unread)' <<<"$output")" \
		'{"value":null,"nwait":null,"used":null,"users":null,"path":null}'
	chown "$user" "$host/victim"
	tool stat "pshm:/victim@$pid" --alone --grace=0 -J -o stale,cause
	assert_success
	assert_equal "$(jq -c '.objects[0] | del(.unread)' <<<"$output")" \
		'{"stale":null,"cause":"lease"}'
	tool list pshm --all-namespaces -o ref --no-headings
	assert_success
	assert_output "pshm:/victim@$name"
	assert_stderr
	tool limits pshm --all-namespaces -o used --no-headings
	assert_success
	assert_stderr "ipctool limits: $why"
	# A process that is seen to use it tells that it is used.
	exec 5<"$host/victim"
	tool list pshm "--ipc-ns=$pid" -o used --no-headings
	exec 5<&-
	assert_success
	assert_output yes
	tool list pshm --unattached "--ipc-ns=$pid" --no-headings
	assert_success
	assert_output ''
}

@test "hostile /dev/shm: the machine's own, too, is not changed through another user's mounts" {
	file mine
	hostile "$waits"
	tool rm --force "pshm:/mine@$pid"
	assert_failure 2
	assert_stderr "ipctool rm: $(foreign "$pid")"
	assert_equal "$(names)" mine
	tool list pshm "--ipc-ns=$pid" -o path --no-headings
	assert_success
	assert_output /dev/shm/mine
	# It is listed once.
	tool list pshm --all-namespaces -o ref --no-headings
	assert_success
	assert_output "pshm:/mine@$(name_of "$own")"
}

@test "hostile /dev/shm: an absolute link below a root directory" {
	local root=$BATS_TEST_TMPDIR/root

	host_directory
	mkdir "$root"
	# The link leads to the directory of the machine in the caller's root only.
	hostile "mount --rbind / '$root' && mount -t tmpfs tmpfs '$root/dev' &&
		ln -s '$host' '$root/dev/shm' && echo ready && exec chroot '$root' sleep 1000 >&-"
	until [ -h "/proc/$pid/root/dev/shm" ] && [ "$(<"/proc/$pid/comm")" = sleep ]; do
		sleep 0.01
	done
	why="'/proc/$pid/root/dev/shm' is not the root of a tmpfs; nothing was done"
	host_is_untouched
	tool list posix "--ipc-ns=$pid" --no-headings
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: $why"
	tool stat pshm:/victim "--ipc-ns=$pid"
	assert_failure 2
	assert_stderr "ipctool stat: $why"
	tool list posix --all-namespaces --no-headings
	assert_success
	assert_output ''
	assert_stderr "ipctool list: $why"
}

# Its own mount namespace is that of the machine, which the user cannot change.
@test "hostile /dev/shm: a root directory in mounts that belong to another user" {
	host_directory
	hold setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user \
		--ipc sh -c "unshare --mount --propagation private sh -c \
			\"mount --bind '$host' /dev/shm && exec sleep 1000 >&-\" &
		until [ -e /proc/\$!/root/dev/shm/victim ]; do sleep 0.01; done
		echo ready
		exec chroot /proc/\$!/root sleep 1000 >&-"
	until [ -e "/proc/$pid/root/dev/shm/victim" ]; do
		sleep 0.01
	done
	assert_equal "$(readlink "/proc/$pid/ns/mnt")" "$(readlink /proc/self/ns/mnt)"
	why=$(foreign "$pid")
	why=${why/ (nobody)/}
	host_is_untouched
	tool list pshm "--ipc-ns=$pid" -o name,used --no-headings
	assert_success
	assert_output 'victim  ?'
	kill "$(<"/proc/$pid/task/$pid/children")"
}

@test "hostile /dev/shm: no file is opened, and no lease taken" {
	requires strace
	host_directory
	hostile "mount --bind '$host' /dev/shm && $waits"
	opens_no_file list posix "--ipc-ns=$pid" -o +used,stale,value,nwait,pids
	opens_no_file list posix --unattached "--ipc-ns=$pid"
	opens_no_file stat psem:/victim pshm:/victim "--ipc-ns=$pid"
	opens_no_file list posix --unlinked "--ipc-ns=$pid"
	opens_no_file list all --all-namespaces -o +used
	opens_no_file rm posix --all --force --yes "--ipc-ns=$pid"
	opens_no_file read pshm:/victim "--ipc-ns=$pid"
	opens_no_file set psem:/victim --value=3 "--ipc-ns=$pid"
}
