#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# create and set of POSIX message queues.

# shellcheck disable=SC2154 # status, output and stderr are set by run

load common
load posix
load life
load memory

setup()
{
	start_shm
	start_queues
	chmod 711 "$BATS_TEST_TMPDIR"
}

teardown()
{
	end_helpers
	end_queues
	end_shm
	wipe
}

# modes NAME : mode, owner and group of a queue.
modes()
{
	stat -c '%a %u:%g' "$queues/$1"
}

# bounds NAME : maxmsg and msgsize.
bounds()
{
	ipctool list "pmsg:/$1" --bytes -o maxmsg,msgsize --no-headings | tr -s ' '
}

# queue_names : the queues, in one line.
queue_names()
{
	(cd "$queues" && find . -type f -printf '%P\n' | LC_ALL=C sort | paste -sd ' ')
}

# refuses TEXT ARG... : create is a usage error, and makes nothing.
refuses()
{
	local text=$1

	shift
	tool create "$@"
	assert_usage "ipctool create: $text"
	assert_equal "$(queue_names)" ''
}

# mq_sets NAME VALUE : a sysctl of fs.mqueue, which is of this IPC namespace.
mq_sets()
{
	echo "$2" >"/proc/sys/fs/mqueue/$1"
}

@test "posix mq create: the reference and nothing else, and the default limits" {
	tool create pmsg:/jobs
	assert_success
	assert_output pmsg:/jobs
	assert_stderr
	assert_equal "$(modes jobs)" "600 $(id -u):$(id -g)"
	assert_equal "$(bounds jobs)" \
		"$(cat /proc/sys/fs/mqueue/msg_default) $(cat /proc/sys/fs/mqueue/msgsize_default)"
	tool mk pmsg:other --maxmsg=3 --msgsize=1K
	assert_success
	assert_output pmsg:/other
	assert_equal "$(bounds other)" '3 1024'
	tool create pmsg:/one --maxmsg=1
	assert_equal "$(bounds one)" "1 $(cat /proc/sys/fs/mqueue/msgsize_default)"
	assert_equal "$(queue_names)" 'jobs one other'
}

@test "posix mq create: the default is at most what is allowed" {
	requires root
	local name

	mq_sets msg_default 8
	mq_sets msgsize_default 4096
	mq_sets msg_max 5
	mq_sets msgsize_max 1024
	for name in '' --maxmsg=2 --msgsize=512; do
		# shellcheck disable=SC2086 # none or one
		tool create pmsg:/a $name
		assert_success
		case $name in
		'') assert_equal "$(bounds a)" '5 1024' ;;
		--maxmsg*) assert_equal "$(bounds a)" '2 1024' ;;
		*) assert_equal "$(bounds a)" '5 512' ;;
		esac
		rm "$queues/a"
	done
	mq_sets msg_default 10
	mq_sets msgsize_default 8192
	mq_sets msg_max 10
	mq_sets msgsize_max 8192
}

@test "posix mq create: names are escaped as in list" {
	local name refs

	for name in 'a b' $'a\nb' 'a@b' '50%' '\;*' "\$(id)" '#12' .hidden \
		"$(printf 'x%.0s' {1..255})"; do
		printf -v refs 'pmsg:/%s' \
			"$(printf %s "$name" | od -An -v -tx1 | tr -d '\n' | tr ' ' %)"
		tool create "$refs"
		assert_success
		assert_equal "$(ipctool list pmsg -o REF --no-headings)" "$output"
		[ -f "$queues/$name" ]
		rm "$queues/$name"
	done
}

@test "posix mq create: mode and owner are exact, whatever the umask is" {
	requires root
	local mode exact mask

	while read -r mask mode exact; do
		umask "$mask"
		tool create pmsg:/a --mode="$mode" --owner=12345:23456
		assert_success
		assert_output pmsg:/a
		assert_stderr
		assert_equal "$(modes a)" "$exact 12345:23456"
		rm "$queues/a"
	done <<-'END'
		077 0 0
		077 0644 644
		077 0777 777
		777 0600 600
		777 u=r,g=w 420
		000 a+r 644
	END
	umask 777
	tool create pmsg:/a
	umask 022
	assert_equal "$(modes a)" "600 0:0"
}

@test "posix mq create: usage" {
	refuses "'pmsg' is not a reference; name one object, such as pmsg:/NAME" pmsg
	refuses "pmsg:/a: --key does not apply; a POSIX object is found by its name" \
		pmsg:/a --key=1
	refuses "pmsg:/a: --ftok does not apply; a POSIX object is found by its name" \
		pmsg:/a --ftok=/
	refuses "pmsg:/a: --qbytes does not apply; the capacity is fixed at creation (--maxmsg, --msgsize)" \
		pmsg:/a --qbytes=100
	refuses "pmsg:/a: --nsems applies to sem only" pmsg:/a --nsems=1
	refuses "pmsg:/a: --huge applies to shm only" pmsg:/a --huge=default
	refuses "pmsg:/a: --size applies to pshm and shm only" pmsg:/a --size=1
	refuses "pshm:/a: --maxmsg applies to pmsg only" pshm:/a --size=1 --maxmsg=1
	refuses "msg: --msgsize applies to pmsg only" msg --msgsize=1
	for n in 0 -1 x '' 9223372036854775808; do
		refuses "--maxmsg: invalid number '$n': expected 1 to 9223372036854775807 messages" \
			pmsg:/a --maxmsg="$n"
	done
	refuses "--msgsize: invalid size '0': expected at least 1 byte" pmsg:/a --msgsize=0
	refuses "'pmsg:/a/b': invalid name: it contains a second '/'" pmsg:/a/b
}

@test "posix mq create: an existing name is refused and untouched" {
	queue /a maxmsg=5 msgsize=100
	helper mqsend /a 1 10
	tool create pmsg:/a
	assert_refused "ipctool create: pmsg:/a: exists already; use --exist-ok to accept it"
	tool create pmsg:/a --exist-ok --mode=0666
	assert_success
	assert_output pmsg:/a
	assert_stderr
	tool create pmsg:/a --maxmsg=5 --msgsize=100 --exist-ok
	assert_success
	tool create pmsg:/a --maxmsg=6 --exist-ok
	assert_refused "ipctool create: pmsg:/a: exists with maxmsg 5, less than the requested 6"
	tool create pmsg:/a --msgsize=1K --exist-ok
	assert_refused "ipctool create: pmsg:/a: exists with msgsize 100, less than the requested 1024"
	assert_equal "$(modes a) $(ipctool list pmsg:/a -o qnum --no-headings)" "600 0:0 1"
	tool create pmsg:/b --exist-ok
	assert_success
	assert_output pmsg:/b
}

@test "posix mq create: a queue that another user made is none of one's own" {
	requires root

	show_queues
	queue /m mode=0666 as=23456
	queue /r mode=0600
	queue /o mode=0000 as="$user"
	tool create pmsg:/m --exist-ok
	assert_refused "ipctool create: pmsg:/m: exists and belongs to 23456"
	tool create pmsg:/m --exist-ok --owner=23456
	assert_success
	split "${by_user[@]}" "$IPCTOOL" create pmsg:/m --exist-ok
	assert_refused "ipctool create: pmsg:/m: exists and belongs to 23456"
	for name in r o; do
		split "${by_user[@]}" "$IPCTOOL" create "pmsg:/$name" --exist-ok
		assert_success
		assert_output "pmsg:/$name"
		split "${by_user[@]}" "$IPCTOOL" create "pmsg:/$name" --exist-ok --maxmsg=1
		assert_refused "ipctool create: pmsg:/$name: exists, and its maxmsg cannot be read: it cannot be opened for reading"
	done
}

@test "posix mq create: the limits" {
	requires root

	be_alone
	show_queues
	# An empty directory could show another namespace.
	queue /r mode=0444
	split "${by_user[@]}" "$IPCTOOL" create pmsg:/a --maxmsg=100
	assert_refused "ipctool create: pmsg:/a: maxmsg 100 is larger than fs.mqueue.msg_max (10)"
	split "${by_user[@]}" "$IPCTOOL" create pmsg:/a --msgsize=9223372036854775808
	assert_refused "ipctool create: pmsg:/a: msgsize 9223372036854775808 is larger than fs.mqueue.msgsize_max (8192)"
	split prlimit --msgqueue=100000:100000 "${by_user[@]}" "$IPCTOOL" create pmsg:/a
	assert_success
	# 10 x (48 + 48 + 8192) bytes
	split prlimit --msgqueue=100000:100000 "${by_user[@]}" "$IPCTOOL" create pmsg:/b
	assert_refused "ipctool create: pmsg:/b: the queues of user $user use at least 81K of 98K (RLIMIT_MSGQUEUE), and this one needs 81K; remove a queue or raise the limit"
	mq_sets queues_max 2
	split "${by_user[@]}" "$IPCTOOL" create pmsg:/b
	assert_refused "ipctool create: pmsg:/b: 2 of 2 queues exist (fs.mqueue.queues_max)"
	# A queue that has lost its name still counts.
	start_helper mquse /a open
	rm "$queues/a"
	mq_sets queues_max 3
	queue /c
	split "${by_user[@]}" "$IPCTOOL" create pmsg:/b
	assert_refused "ipctool create: pmsg:/b: 2 of 3 queues exist (fs.mqueue.queues_max), and others without a name are still open"
	mq_sets queues_max 256
	assert_equal "$(queue_names)" "c r"
}

@test "posix mq create: where the queues cannot be found, none is made" {
	requires root

	split "${by_user[@]}" "$IPCTOOL" create pmsg:/a
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool create: /dev/mqueue is not mounted; mount -t mqueue none /dev/mqueue, or run as root"
	assert_equal "$(queue_names)" ''
}

@test "posix mq create: only root may give it away, and then it is removed again" {
	requires root

	show_queues
	queue /other
	split "${by_user[@]}" "$IPCTOOL" create pmsg:/a --mode=0660 --owner=root
	assert_refused "ipctool create: pmsg:/a: cannot set its mode, owner or limit: only root may give it to another owner, or to a group that the owner does not belong to; it was removed again"
	assert_equal "$(queue_names)" other
}

@test "posix mq create: what cannot be printed is removed again, and only that" {
	tool_to_full()
	{
		split bash -c '"$@" >/dev/full' - "$IPCTOOL" "$@"
	}
	tool_to_full create pmsg:/a
	assert_failure 2
	assert_stderr "ipctool create: pmsg:/a: cannot write to standard output: No space left on device; it was removed again"
	# With another mode and owner than the queue was made with.
	tool_to_full create pmsg:/a --mode=0640 --owner=12345
	assert_failure 2
	assert_stderr "ipctool create: pmsg:/a: cannot write to standard output: No space left on device; it was removed again"
	assert_equal "$(queue_names)" ''
	queue /a
	tool_to_full create pmsg:/a --exist-ok
	assert_failure 2
	assert_stderr "ipctool create: cannot write to standard output: No space left on device"
	assert_equal "$(queue_names)" a
}

@test "posix mq create: a queue that replaced the new one stays" {
	requires root

	export PRELOAD_FAIL=chmod:-:1:5
	stopped_at chmod:-:1 create pmsg:/a --mode=0640
	assert_equal "$(modes a)" '600 0:0'
	rm "$queues/a"
	queue /a mode=0666 as=23456
	unset PRELOAD_FAIL
	going_on
	assert_refused "ipctool create: pmsg:/a: cannot set its mode, owner or limit: Input/output error; pmsg:/a could not be removed again: another object has this name now; not removed"
	assert_equal "$(modes a)" '666 23456:23456'
}

@test "posix mq create: lack of memory leaves nothing, or the queue" {
	local n total

	memory_begin
	memory_count create pmsg:/a --mode=0640 --owner=12345
	total=$allocations
	rm "$queues/a"
	for ((n = 1; n <= total; n++)); do
		memory_ends "$n" create pmsg:/a --mode=0640 --owner=12345
		if [ "$status" -eq 0 ]; then
			assert_output pmsg:/a
			assert_equal "$(modes a)" '640 12345:0'
			rm "$queues/a"
		else
			assert_failure 2
			assert_output ''
			assert_equal "$n $(queue_names)" "$n "
		fi
	done
}

@test "posix mq create: killed before each system call, no queue can be used by others" {
	requires strace root
	local call n missing=0 made=0 trace=$BATS_TEST_TMPDIR/trace
	local create=("$IPCTOOL" create pmsg:/a --mode=0640 --owner=12345)

	split strace -qq -o "$trace" "${create[@]}"
	assert_success
	rm "$queues/a"
	while read -r call n; do
		strace -qq -o /dev/null -e inject="$call:signal=KILL:when=$n" "${create[@]}" \
			>/dev/null 2>&1 3>&- </dev/null || true
		case $(queue_names) in
		'') missing=$((missing + 1)) ;;
		a)
			[[ $(modes a) =~ ^(600\ 0:0|640\ 0:0|640\ 12345:0)$ ]]
			rm "$queues/a"
			made=$((made + 1))
			;;
		*) fail "$(queue_names)" ;;
		esac
	done < <(sed -n 's/^\([a-z_0-9]*\)(.*/\1/p' "$trace" |
		awk '$1 != "execve" && $1 != "exit_group" { print $1, ++count[$1] }')
	[ "$missing" -gt 20 ]
	[ "$made" -ge 3 ]
}

@test "posix mq set: an ordinary owner changes the mode, and gives no queue away" {
	requires root

	show_queues
	queue /a mode=0000 as="$user"
	queue /r
	split "${by_user[@]}" "$IPCTOOL" set -v pmsg:/a --mode=0640
	assert_success
	assert_output 'pmsg:/a: mode 0000 -> 0640'
	assert_equal "$(modes a)" "640 $user:$user"
	split "${by_user[@]}" "$IPCTOOL" set pmsg:/a --owner=root
	assert_refused "ipctool set: pmsg:/a: only root may give it to another owner, or to a group that the owner does not belong to"
	split "${by_user[@]}" "$IPCTOOL" set pmsg:/r --mode=0666
	assert_refused "ipctool set: pmsg:/r: belongs to root; only its owner or root may change it"
	assert_equal "$(modes a) $(modes r)" "640 $user:$user 600 0:0"
}

@test "posix mq set: what cannot be set" {
	queue /a
	tool set pmsg:/a --qbytes=100
	assert_usage "ipctool set: pmsg:/a: --qbytes does not apply; the capacity is fixed at creation (--maxmsg, --msgsize)"
	tool set pmsg:/a --value=1
	assert_usage "ipctool set: pmsg:/a: --value applies to psem and sem only"
	tool set pmsg:/a --lock
	assert_usage "ipctool set: pmsg:/a: --lock applies to shm only"
}
