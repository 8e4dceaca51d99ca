#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# create of POSIX objects in /dev/shm: complete or not at all.

# shellcheck disable=SC2154 # status, output and stderr are set by run

load common
load posix
load life
load memory

# modes NAME : mode, owner, group, size and allocated bytes of a file in /dev/shm.
modes()
{
	stat -c '%a %u:%g %s %b*%B' "/dev/shm/$1"
}

# refuses TEXT ARG... : create is a usage error, and makes nothing.
refuses()
{
	local text=$1

	shift
	tool create "$@"
	assert_usage "ipctool create: $text"
	assert_equal "$(names)" ''
}

@test "posix create: the reference and nothing else; the object is there, all of it" {
	tool create pshm:/cache --size=1M
	assert_success
	assert_output pshm:/cache
	assert_stderr
	assert_equal "$(modes cache)" "600 $(id -u):$(id -g) 1048576 2048*512"
	tool mk pshm:other --size=4097
	assert_success
	assert_output pshm:/other
	assert_equal "$(modes other)" "600 $(id -u):$(id -g) 4097 16*512"
	assert_equal "$(names)" 'cache other'
}

@test "posix create: names are escaped as in list" {
	local name refs

	for name in 'a b' $'a\nb' 'a@b' '50%' '\;*' "\$(id)" '#12' .hidden "$(printf 'x%.0s' {1..255})"; do
		printf -v refs 'pshm:/%s' "$(printf %s "$name" | od -An -v -tx1 | tr -d '\n' | tr ' ' %)"
		tool create "$refs" --size=1
		assert_success
		assert_equal "$(ipctool list pshm -o REF --no-headings)" "$output"
		[ -f "/dev/shm/$name" ]
		rm "/dev/shm/$name"
	done
}

@test "posix create: mode and owner are exact, whatever the umask is" {
	requires root
	local mode exact

	umask 077
	while read -r mode exact; do
		tool create pshm:/a --size=1 --mode="$mode" --owner=12345:23456
		assert_success
		assert_output pshm:/a
		assert_equal "$(modes a)" "$exact 12345:23456 1 8*512"
		rm /dev/shm/a
	done <<-'END'
		0 0
		0644 644
		0777 777
		u=r,g=w 420
		a+r 644
	END
	refuses "--mode: invalid mode '07777': expected an octal number from 0 to 0777" \
		pshm:/a --size=1 --mode=07777
}

@test "posix create: usage" {
	refuses "'pshm' is not a reference; name one object, such as pshm:/NAME" pshm --size=1
	refuses "'posix' is not a reference; name one object, such as pshm:/NAME" posix --size=1
	refuses "pshm:/a: --size is missing" pshm:/a
	refuses "pshm:/a: --key does not apply; a POSIX object is found by its name" \
		pshm:/a --size=1 --key=1
	refuses "pshm:/a: --ftok does not apply; a POSIX object is found by its name" \
		pshm:/a --size=1 --ftok=/
	refuses "pshm:/a: --huge applies to shm only" pshm:/a --size=1 --huge=default
	refuses "pshm:/a: --no-reserve applies to shm only" pshm:/a --size=1 --no-reserve
	refuses "pshm:/a: --nsems applies to sem only" pshm:/a --size=1 --nsems=1
	refuses "pshm:/a: --value applies to psem and sem only" pshm:/a --size=1 --value=1
	refuses "pshm:/a: --qbytes applies to msg only" pshm:/a --size=1 --qbytes=1
	refuses "pshm:#12: the object has no name any more; only list, stat and rm accept it" \
		'pshm:#12' --size=1
	refuses "'pshm:/a/b': invalid name: it contains a second '/'" pshm:/a/b --size=1
	refuses "'pshm:/sem.w': invalid name: this is a semaphore; use psem:/w" pshm:/sem.w --size=1
	refuses "unexpected operand 'pshm:/b': expected one object, and options such as --size=64M" \
		pshm:/a pshm:/b --size=1
}

@test "posix create: an existing name is refused and untouched" {
	local before

	file a 4096
	before=$(stat -c '%i %Y %Z %X' /dev/shm/a)
	tool create pshm:/a --size=1M
	assert_refused "ipctool create: pshm:/a: exists already; use --exist-ok to accept it"
	tool create pshm:/a --size=4096 --exist-ok --mode=0666
	assert_success
	assert_output pshm:/a
	assert_stderr
	tool create pshm:/a --size=1048576 --exist-ok
	assert_refused "ipctool create: pshm:/a: exists with size 4096, less than the requested 1048576"
	assert_equal "$(stat -c '%i %Y %Z %X' /dev/shm/a)" "$before"
	assert_equal "$(modes a)" "600 $(id -u):$(id -g) 4096 8*512"
	tool create pshm:/b --size=1 --exist-ok
	assert_success
	assert_output pshm:/b
}

@test "posix create: a file that is not an object is not touched" {
	mkdir /dev/shm/d
	mkfifo /dev/shm/f
	ln -s "$BATS_TEST_TMPDIR/target" /dev/shm/l
	for name in "d a directory" "f a FIFO" "l a symbolic link"; do
		for option in "" --exist-ok; do
			# shellcheck disable=SC2086 # none or one
			tool create "pshm:/${name%% *}" --size=1 $option
			assert_refused "ipctool create: pshm:/${name%% *}: is ${name#* }, not an object"
		done
	done
	assert_equal "$(names)" 'd f l'
	[ ! -e "$BATS_TEST_TMPDIR/target" ]
}

@test "posix create: --exist-ok refuses an object that another user made" {
	requires root
	local mallory=23456

	file a 4096 0666 $mallory
	tool create pshm:/a --size=1 --exist-ok
	assert_refused "ipctool create: pshm:/a: exists and belongs to $mallory"
	# --owner asks for that user.
	tool create pshm:/a --size=1 --exist-ok --owner=$mallory
	assert_success
	split "${by_user[@]}" "$IPCTOOL" create pshm:/a --size=1 --exist-ok
	assert_refused "ipctool create: pshm:/a: exists and belongs to $mallory"
	# Objects of root and of the caller are accepted.
	file r 4096 0600 0
	file o 4096 0 "$user"
	for name in r o; do
		split "${by_user[@]}" "$IPCTOOL" create "pshm:/$name" --size=1 --exist-ok
		assert_success
		assert_output "pshm:/$name"
	done
	assert_equal "$(modes a)" "666 $mallory:$mallory 4096 8*512"
}

@test "posix create: a name that another user takes meanwhile stays theirs" {
	requires root

	stopped_at link:-:1 create pshm:/a --size=4096
	file a 10 0666 23456
	going_on
	assert_refused "ipctool create: pshm:/a: exists already; use --exist-ok to accept it"
	assert_equal "$(modes a)" "666 23456:23456 10 8*512"
	rm /dev/shm/a
	stopped_at link:-:1 create pshm:/a --size=4096 --exist-ok
	file a 10 0666 23456
	going_on
	assert_refused "ipctool create: pshm:/a: exists and belongs to 23456"
	assert_equal "$(names)" a
	assert_equal "$(modes a)" "666 23456:23456 10 8*512"
}

@test "posix create: only root may give it away" {
	requires root

	split "${by_user[@]}" "$IPCTOOL" create pshm:/a --size=1 --owner=root
	assert_refused "ipctool create: pshm:/a: cannot give it to root and the group $user: Operation not permitted"
	assert_equal "$(names)" ''
}

@test "posix create: a full /dev/shm leaves nothing behind" {
	requires root
	local used

	file other 1000000
	used=$(stat -f -c %f /dev/shm)
	tool create pshm:/a --size=1G
	assert_refused "ipctool create: pshm:/a: cannot allocate 1.0G: /dev/shm has 63M of 64M free"
	tool create pshm:/a --size=64M
	assert_refused "ipctool create: pshm:/a: cannot allocate 64M: /dev/shm has 63M of 64M free"
	assert_equal "$(names)" other
	assert_equal "$(stat -f -c %f /dev/shm)" "$used"
	tool create pshm:/a --size=8E
	assert_failure
	tool create pshm:/a --size=18446744073709551615
	assert_failure 1
	assert_stderr --partial "ipctool create: pshm:/a: cannot allocate "
	assert_equal "$(names)" other
	# An existing name is refused before room is needed.
	tool create pshm:/other --size=1G
	assert_refused "ipctool create: pshm:/other: exists already; use --exist-ok to accept it"
}

@test "posix create: a /dev/shm without inodes" {
	requires root

	mount -t tmpfs -o mode=1777,size=64m,nr_inodes=3 tmpfs /dev/shm
	file a
	file b
	tool create pshm:/c --size=1
	assert_refused "ipctool create: pshm:/c: /dev/shm has no free inode (3 of 3 in use)"
	assert_equal "$(names)" 'a b'
	umount /dev/shm
}

@test "posix create: a /dev/shm that is no tmpfs, or is missing, or may not be written" {
	requires root

	mount --bind "$BATS_TEST_TMPDIR" /dev/shm
	tool create pshm:/a --size=1
	assert_failure 2
	assert_output ''
	assert_stderr --regexp '^ipctool create: /dev/shm is not a tmpfs \([a-z0-9]+\); nothing was done$'
	umount /dev/shm
	chmod 0755 /dev/shm
	split "${by_user[@]}" "$IPCTOOL" create pshm:/a --size=1
	assert_refused "ipctool create: pshm:/a: cannot create a file in /dev/shm: Permission denied"
	mount -o remount,ro /dev/shm
	tool create pshm:/a --size=1
	assert_refused "ipctool create: pshm:/a: cannot create a file in /dev/shm: Read-only file system"
	assert_equal "$(names)" ''
}

@test "posix create: a limit of the size of files" {
	split bash -c 'ulimit -f 1; exec "$@"' - "$IPCTOOL" create pshm:/a --size=1M
	assert_refused "ipctool create: pshm:/a: cannot allocate 1.0M: File too large (RLIMIT_FSIZE, ulimit -f, is 1024 bytes)"
	assert_equal "$(names)" ''
}

@test "posix create: what cannot be printed is removed again, and only that" {
	tool_to_full()
	{
		split bash -c '"$@" >/dev/full' - "$IPCTOOL" "$@"
	}
	tool_to_full create pshm:/a --size=1
	assert_failure 2
	assert_stderr "ipctool create: pshm:/a: cannot write to standard output: No space left on device; it was removed again"
	split bash -c '"$@" >&-' - "$IPCTOOL" create pshm:/a --size=1
	assert_failure 2
	assert_equal "$(names)" ''
	# An object that exists stays.
	file a
	tool_to_full create pshm:/a --size=1 --exist-ok
	assert_failure 2
	assert_stderr "ipctool create: cannot write to standard output: No space left on device"
	assert_equal "$(names)" a
}

@test "posix create: a signal while no process reads the output leaves nothing behind" {
	local fifo=$BATS_TEST_TMPDIR/fifo pid

	mkfifo "$fifo"
	exec {end}<>"$fifo"
	head -c 1M /dev/zero | timeout 1 cat >&"$end" || true
	"$IPCTOOL" create pshm:/a --size=1 >&"$end" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
	until [ "$(names)" = a ]; do
		sleep 0.01
	done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 143
	assert_equal "$(names)" ''
	exec {end}>&-
}

@test "posix create: lack of memory leaves nothing, or the object" {
	local n total

	memory_begin
	memory_count create pshm:/a --size=64K --owner=root
	total=$allocations
	rm /dev/shm/a
	for ((n = 1; n <= total; n++)); do
		memory_ends "$n" create pshm:/a --size=64K --owner=root
		if [ "$status" -eq 0 ]; then
			assert_output pshm:/a
			assert_equal "$(names)" a
			rm /dev/shm/a
		else
			assert_failure 2
			assert_output ''
			assert_equal "$(names)" ''
		fi
	done
}

# calls FILE : each call of a trace as CALL N, the Nth one of that name.
calls()
{
	sed -n 's/^\([a-z_0-9]*\)(.*/\1/p' "$1" | awk '$1 != "execve" && $1 != "exit_group" {
		print $1, ++count[$1] }'
}

# watch : prints each state of the name that is not complete, until it is ended.
watch()
{
	exec python3 - "$1" <<-'END'
		import os, sys
		while True:
		    for name in os.listdir("/dev/shm"):
		        try:
		            st = os.stat("/dev/shm/" + name)
		        except FileNotFoundError:
		            continue
		        state = "%s %o %d %d %d" % (name, st.st_mode & 0o7777, st.st_uid, st.st_size, st.st_blocks)
		        if state != sys.argv[1]:
		            print(state, flush=True)
	END
}

# killed_at_each_call WHOLE ARG... : create makes nothing, or what `stat` shows as WHOLE.
killed_at_each_call()
{
	local whole=$1 call n made=0 missing=0
	local trace=$BATS_TEST_TMPDIR/trace seen=$BATS_TEST_TMPDIR/seen
	local create=("$IPCTOOL" create "${@:2}" --mode=0640 --owner=12345)

	split strace -qq -o "$trace" "${create[@]}"
	assert_success
	rm "/dev/shm/${whole%% *}"
	watch "$whole" >"$seen" 3>&- &
	watcher=$!
	while read -r call n; do
		strace -qq -o /dev/null -e inject="$call:signal=KILL:when=$n" "${create[@]}" \
			>/dev/null 2>&1 3>&- </dev/null || true
		case $(names) in
		'') missing=$((missing + 1)) ;;
		"${whole%% *}")
			assert_equal "$(cd /dev/shm && stat -c '%n %a %u %s %b' "${whole%% *}")" "$whole"
			rm "/dev/shm/${whole%% *}"
			made=$((made + 1))
			;;
		*) fail "$(names)" ;;
		esac
	done < <(calls "$trace")
	kill "$watcher"
	wait "$watcher" || true
	assert_equal "$(cat "$seen")" ''
	[ "$missing" -gt 20 ]
	[ "$made" -ge 3 ]
}

@test "posix create: killed before each system call, there is nothing or the object" {
	requires strace root python
	killed_at_each_call "a 640 12345 65536 128" pshm:/a --size=64K
}

@test "posix create: killed before each system call, there is no semaphore or a whole one" {
	requires strace root python
	killed_at_each_call "sem.a 640 12345 32 8" psem:/a --value=3
}

@test "posix create: 256 refused operands" {
	tool create pshm:/{1..256} --size=1
	assert_failure 2
	assert_equal "$(names)" ''
}
