#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# Which objects list, stat and rm work on: the selecting options, alone and together, and
# with types, references and - beside them.

load common
load stale

# selects OPTION... [-- REF...] : these are what list chooses, in this order, without a word
# on standard error; stat chooses the same.
selects()
{
	local options=() wanted

	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	wanted=$(printf '%s\n' "$@")
	tool list -o ref --no-headings "${options[@]}"
	assert_equal "${options[*]}: $status" "${options[*]}: 0"
	assert_equal "${options[*]}: $output" "${options[*]}: $wanted"
	assert_stderr
}

# A few of everything, by their keys: s1 is shm:s1 and so on.
make_objects()
{

	s1=shm:$(helper shm 4096 key=0x10)
	s2=shm:$(helper shm 10000 key=0xfffffff0 uid="$user" gid="$other")
	s3=shm:$(helper shm 1 as="$other" mode=0666)
	e1=sem:$(helper sem 1 key=0x10)
	e2=sem:$(helper sem 2 as="$user")
	m1=msg:$(helper msg key=010)
	m2=msg:$(helper msg as="$user" mode=0666)
	helper send "${m2#*:}" 3 100
	all=("$s1" "$s2" "$s3" "$e1" "$e2" "$m1" "$m2")
}

@test "select: each condition on its own" {
	requires root
	make_objects

	selects -- "${all[@]}"
	selects --user=root -- "$s1" "$e1" "$m1"
	selects -u "$user" -- "$s2" "$e2" "$m2"
	selects --user="$other" -- "$s3"
	selects --user=54321 --
	selects --creator=root -- "$s1" "$s2" "$e1" "$m1"
	selects --creator="$user" -- "$e2" "$m2"
	selects --group=root -- "$s1" "$e1" "$m1"
	selects -g "$other" -- "$s2" "$s3"
	selects --key=0x10 -- "$s1" "$e1"
	selects -k 16 -- "$s1" "$e1"
	selects -k 020 -- "$s1" "$e1"
	selects -k 8 -- "$m1"
	selects -k 0XFFFFFFF0 -- "$s2"
	selects -k 4294967280 -- "$s2"
	selects -k -16 -- "$s2"
	selects -k 037777777760 -- "$s2"
	selects -k private -- "$s3" "$e2" "$m2"
	selects -k 0x11 --
	selects --min-size=4096 -- "$s1" "$s2"
	selects --min-size=4K -- "$s1" "$s2"
	selects --min-size=4097 -- "$s2"
	selects --min-size=0 -- "$s1" "$s2" "$s3" "$m1" "$m2"
	selects --max-size=1 -- "$s3" "$m1"
	selects --max-size=300 -- "$s3" "$m1" "$m2"
	selects --max-size=299 -- "$s3" "$m1"
	selects --unattached -- "$s1" "$s2" "$s3"
	selects --empty -- "$m1"
	selects --idle=0 -- "${all[@]}"
	selects --idle=1h --
	# No process of these users lives. A semaphore of no process is one that has ended.
	selects --stale --alone --grace=0s -- "$s2" "$s3" "$e2" "$m2"
}

# set_modes SHM MODE SEM MODE MSG MODE
set_modes()
{
	while [ $# -gt 0 ]; do
		"$IPCTOOL" set --mode="$2" "$1"
		shift 2
	done
}

@test "select: by mode, as find(1) does" {
	local a b c d
	a=shm:$(helper shm 1)
	b=shm:$(helper shm 1)
	c=sem:$(helper sem 1)
	d=msg:$(helper msg)
	set_modes "$a" 0600 "$b" 0640 "$c" 0666 "$d" 0

	selects --perm=0640 -- "$b"
	selects --perm=640 -- "$b"
	selects --perm=u=rw,g=r -- "$b"
	selects --perm=u+rw,g+r -- "$b"
	selects --perm=0040 --
	selects --perm=-0040 -- "$b" "$c"
	selects --perm=-g+r -- "$b" "$c"
	selects --perm=-0660 -- "$c"
	selects --perm=-g=rw -- "$c"
	selects --perm=-a=w -- "$c"
	selects --perm=/0022 -- "$c"
	selects --perm=/g=r,o=w -- "$b" "$c"
	selects --perm=/0111 --
	selects --perm=/u+x,a+r -- "$a" "$b" "$c"
	selects --perm=-000 -- "$a" "$b" "$c" "$d"
	selects --perm=/000 -- "$a" "$b" "$c" "$d"
	selects --perm=0 -- "$d"
	selects --perm=a= -- "$d"
	# What the umask has is not left out.
	umask 077
	selects --perm=+rw -- "$c"
	selects --perm=0 --perm=-0066 -- "$c" "$d"
	selects --perm=-u=r shm --min-size=1 -- "$a" "$b"
	# What find says of files of the same modes.
	local name mode option
	mkdir "$BATS_TEST_TMPDIR/modes"
	for mode in 600 640 666 000; do
		: >"$BATS_TEST_TMPDIR/modes/$mode"
		chmod "$mode" "$BATS_TEST_TMPDIR/modes/$mode"
	done
	for option in 640 -640 /640 /7 -0 /0 -g=r /g=w,o=r u=rw,g=r -a+r +r a-x; do
		tool list -o mode --no-headings --perm="$option"
		assert_equal "$option: $(grep -o '...$' <<<"$output" | sort)" \
			"$option: $(cd "$BATS_TEST_TMPDIR/modes" && find . -type f -perm "$option" -printf '%f\n' | sort)"
	done
}

@test "select: by state" {
	requires root
	local plain locked dest
	plain=shm:$(helper shm 1)
	locked=shm:$(helper shm 1)
	helper sem 1 >/dev/null
	helper msg >/dev/null
	"$IPCTOOL" set --lock "$locked"
	start_helper attach-dest 4096
	dest=shm:${ready[0]}

	selects --state=locked -- "$locked"
	selects --state=dest -- "$dest"
	selects --state=dest --state=locked -- "$locked" "$dest"
	selects --state=locked sem msg --
	selects --state=locked --perm=/777 "$plain" "$locked" -- "$locked"
}

@test "select: by the number of messages" {
	local none one three
	helper shm 1 >/dev/null
	helper sem 1 >/dev/null
	none=msg:$(helper msg)
	one=msg:$(helper msg)
	three=msg:$(helper msg)
	helper send "${one#*:}" 1 1
	for _ in 1 2 3; do
		helper send "${three#*:}" 1 1
	done

	selects --min-messages=0 -- "$none" "$one" "$three"
	selects --min-messages=1 -- "$one" "$three"
	selects --min-messages=3 -- "$three"
	selects --min-messages=4 --
	selects --min-messages=18446744073709551615 --
	selects --min-messages=4 --min-messages=3 -- "$three"
	selects --min-messages=3 --min-messages=4 -- "$three"
	selects --min-messages=1 --empty --
	selects --min-messages=0 shm sem --
}

@test "select: fractions of sizes and ages" {
	local a b
	a=shm:$(helper shm 1536)
	b=shm:$(helper shm 1537)

	selects --min-size=1.5K -- "$a" "$b"
	selects --max-size=1.5K -- "$a"
	selects --min-size=0.0014649K -- "$a" "$b"
	selects --max-size=0.0015G -- "$a" "$b"
	selects --idle=0.5s -- "$a" "$b"
	selects --idle=0.1h --
}

@test "select: an option given twice selects either" {
	requires root
	make_objects

	selects --user=root --user="$other" -- "$s1" "$s3" "$e1" "$m1"
	selects -u root -u root -- "$s1" "$e1" "$m1"
	selects --creator="$user" --creator="$other" -- "$s3" "$e2" "$m2"
	selects -g root -g 54321 -- "$s1" "$e1" "$m1"
	selects -k 8 -k private -- "$s3" "$e2" "$m1" "$m2"
	selects --min-size=4097 --min-size=4096 -- "$s1" "$s2"
	selects --min-size=4096 --min-size=4097 -- "$s1" "$s2"
	selects --max-size=1 --max-size=300 -- "$s3" "$m1" "$m2"
	selects --max-size=300 --max-size=1 -- "$s3" "$m1" "$m2"
	selects --idle=1h --idle=0 -- "${all[@]}"
	selects --empty --empty -- "$m1"
}

@test "select: different options select objects that meet all" {
	requires root
	make_objects

	selects --user=root --creator=root -k 0x10 -- "$s1" "$e1"
	selects --user="$user" --creator=root -- "$s2"
	selects --user="$user" --min-size=1K -- "$s2"
	selects --min-size=1000 --max-size=4096 -- "$s1"
	selects --unattached --empty --
	selects --user=root --user="$user" -k private -- "$e2" "$m2"
	selects -u "$user" --creator=root -g "$other" -k -16 --min-size=1 --max-size=1M \
		--unattached --idle=0 -- "$s2"
	selects -u "$user" --creator=root -g "$other" -k -16 --min-size=1 --max-size=1M \
		--unattached --idle=0 --empty --
}

@test "select: types, references and standard input beside conditions" {
	requires root
	make_objects

	selects shm msg --user=root -- "$s1" "$m1"
	selects -m -q -u root -- "$s1" "$m1"
	selects "$s1" "$e2" "$m1" --user=root -- "$s1" "$m1"
	selects shm:0x10 sem:0x10 msg:0x8 --user=root -- "$s1" "$e1" "$m1"
	selects "$m1" shm --user=root -- "$s1" "$m1"
	selects "$s1" shm -- "$s1" "$s2" "$s3"
	for command in list stat; do
		# shellcheck disable=SC2016 # the inner shell's own
		split bash -c 'printf "%s\n" " $1" "" "$2 " "$3" | "$IPCTOOL" "$4" -o ref --no-headings -u root -' \
			bash "$s1" "$e2" "$m1" "$command"
		assert_success
		assert_stderr
		[ "$command" = stat ] || assert_output "$s1
$m1"
		assert_output --partial "$m1"
		refute_output --partial "$e2"
	done
	# shellcheck disable=SC2016
	split bash -c ': | "$IPCTOOL" list -u root -'
	assert_success
	assert_stderr
	refute_output --partial :
	tool stat -J --user="$other" shm
	assert_success
	assert_equal "$(jq -r '.objects[].ref' <<<"$output")" "$s3"
	# One that is not there is said, whatever the conditions.
	tool list -u root -o ref --no-headings "$s1" shm:2147483647
	assert_failure 1
	assert_output "$s1"
	assert_stderr "ipctool list: shm:2147483647: there is no shared memory segment with this id"
}

# --- Use --------------------------------------------------------------------------------

@test "select: an object in use is not idle" {
	local shm msg sem free
	shm=$(helper shm 1)
	sem=$(helper sem 1)
	msg=$(helper msg)
	free=$(helper msg)

	start_helper attach "$shm"
	start_helper semwait "$sem" 0 dec
	start_helper msgwait "$msg"
	selects --idle=0 -- "msg:$free"
	selects --unattached --
	end_helper 0
	end_helper 1
	end_helper 2
	selects --idle=0 -- "shm:$shm" "sem:$sem" "msg:$msg" "msg:$free"
}

@test "select: by process" {
	local shm sem msg made waits gone
	shm=$(helper shm 1)
	sem=$(helper sem 3)
	msg=$(helper msg)

	start_helper attach "$shm"
	selects --pid="${ready[1]}" -- "shm:$shm"
	start_helper child hold setval "$sem" 2 1
	selects -p "${ready[0]}" -- "sem:$sem"
	selects -p "${ready[0]}" shm --
	start_helper msgwait "$msg"
	waits=${ready[1]}
	selects -p "$waits" -- "msg:$msg"
	start_helper child hold shm 4096
	made=${ready[0]}
	gone=$(awk -v pid="$made" '$5 == pid { print $2 }' /proc/sysvipc/shm)
	selects -p "$made" -- "shm:$gone"
	selects -p "$made" -p "$waits" -- "shm:$gone" "msg:$msg"
	end_helper
	# Processes that have ended count too.
	selects -p "$made" -- "shm:$gone"
	selects -p 2147483647 --
}

@test "select: a fact that may not be read selects nothing" {
	requires root
	local id
	id=$(helper sem 1)

	start_helper child hold setval "$id" 0 1
	selects -p "${ready[0]}" -- "sem:$id"
	split "${by_user[@]}" "$IPCTOOL" list -o ref --no-headings -p "${ready[0]}" sem
	assert_success
	assert_output ''
	assert_stderr --regexp '^ipctool list: [0-9]+ processes could not be looked at; run as root for the rest
ipctool list: 1 object could not be judged by --pid: the last processes of its semaphores may not be read$'
	split "${by_user[@]}" "$IPCTOOL" list -o ref --no-headings --stale --grace=0 sem
	assert_success
	assert_output ''
}

@test "select: the calls are denied" {
	requires seccomp
	local id
	id=$(helper sem 1)

	split "$IPCHELPER" deny semctl=EPERM -- "$IPCTOOL" list -o ref --no-headings sem --idle=0
	assert_success
	assert_output "sem:$id"
	split "$IPCHELPER" deny semctl=EPERM -- "$IPCTOOL" list -o ref --no-headings sem --stale --grace=0
	assert_success
	assert_output ''
}

# --- Words that are wrong ---------------------------------------------------------------

@test "select: invalid values" {
	local command option what message
	local count="expected a number from 0 to 18446744073709551615"
	local octal="expected an octal number from 0 to 0777"
	local symbolic="expected an octal number from 0 to 0777, or a symbolic mode of u g o a, + - = and r w x X, for example u+rw,g-w"
	local made="expected a symbolic mode such as u+rw,g-w"
	local key="expected a decimal, 0octal or 0xhex number from 1 to 0xffffffff (0 is IPC_PRIVATE, which names nothing), or 'private'"
	local pid="expected a number from 1 to 2147483647"
	local size="expected a number of bytes, which K, M, G or T may follow, for example 64M"
	local duration="expected a number of seconds, or numbers with s, m, h, d or w, for example 90m or 1h30m"

	while IFS='|' read -r option what message; do
		for command in list stat rm; do
			# shellcheck disable=SC2086 # several words
			tool $command "--$option" shm
			assert_usage "ipctool $command: --${option%%=*}: $what '${option#*=}'${message:+: $message}"
		done
	done <<-END
		user=no-such-user|unknown user
		user=|unknown user
		user=4294967295|unknown user
		user=-1|unknown user
		creator=no-such-user|unknown user
		group=no-such-group|unknown group
		group=4294967296|unknown group
		key=0|invalid key|$key
		key=0x0|invalid key|$key
		key=0x100000000|invalid key|$key
		key=4294967296|invalid key|$key
		key=-2147483649|invalid key|$key
		key=-0|invalid key|$key
		key=+1|invalid key|$key
		key=08|invalid key|$key
		key=0x|invalid key|$key
		key=|invalid key|$key
		key=Private|invalid key|$key
		key=1x|invalid key|$key
		pid=0|invalid process ID|$pid
		pid=-1|invalid process ID|$pid
		pid=2147483648|invalid process ID|$pid
		pid=0x10|invalid process ID|$pid
		pid=|invalid process ID|$pid
		min-size=|invalid size|$size
		min-size=-1|invalid size|$size
		min-size=1.5|invalid size|$size
		min-size=1KB|invalid size|1KB is ambiguous; use 1K (1024) or 1000
		min-size=.5K|invalid size|$size
		min-size=16777216T|invalid size|$size
		max-size=18446744073709551616|invalid size|$size
		max-size=1P|invalid size|$size
		idle=|invalid duration|$duration
		idle=-1s|invalid duration|$duration
		idle=1y|invalid duration|$duration
		idle=5min|invalid duration|use 5m
		idle=1hm|invalid duration|$duration
		idle=30500568904944w|invalid duration|$duration
		grace=abc|invalid duration|$duration
		grace=18446744073709551616|invalid duration|$duration
		min-messages=|invalid number|$count
		min-messages=-1|invalid number|$count
		min-messages=1K|invalid number|$count
		min-messages=0x1|invalid number|$count
		min-messages=18446744073709551616|invalid number|$count
		perm=|invalid mode|$made
		perm=-|invalid mode|$made
		perm=/|invalid mode|$made
		perm=w|invalid mode|$made
		perm=-w|invalid mode|$made
		perm=01000|invalid mode|$octal
		perm=-8|invalid mode|$octal
		perm=/0644x|invalid mode|$octal
		perm=u=s|invalid mode|$symbolic
		perm=+t|invalid mode|$symbolic
		perm=rw-r--r--|invalid mode|$made
	END
}

@test "select: an unknown state" {
	local command word

	for command in list stat rm; do
		for word in stale '' dest,locked; do
			tool "$command" --state="$word" shm
			assert_usage "ipctool $command: unknown state '$word'; expected one of: dest, locked"
		done
		tool "$command" --state=lock shm
		assert_usage "ipctool $command: unknown state 'lock'; did you mean locked?"
	done
}

@test "select: the overflow id cannot be selected" {
	requires userns
	local why="in this user namespace this ID stands for all IDs that are not mapped, so it cannot choose one of them"
	local option command

	for command in list rm; do
		for option in --user=65534 --creator=65534 --group=65534; do
			split unshare --user --map-root-user "$IPCTOOL" "$command" "$option" shm
			assert_usage "ipctool $command: ${option%=*}='65534': $why"
		done
	done
	name=$(getent passwd 65534 | cut -d : -f 1)
	if [ -n "$name" ]; then
		split unshare --user --map-root-user "$IPCTOOL" list --user="$name"
		assert_usage "ipctool list: --user='$name': $why"
	fi
	split unshare --user --map-root-user "$IPCTOOL" list --user=65533
	assert_success
	split unshare --user --map-root-user "$IPCTOOL" list --user=0
	assert_success
}

@test "select: outside a user namespace 65534 is an ordinary user" {
	requires root
	local id
	id=$(helper shm 1 uid=65534)

	grep -q 4294967295 /proc/self/uid_map || skip "needs the initial user namespace"
	selects --user=65534 -- "shm:$id"
}

@test "select: rm selects the same objects as list" {
	requires root
	local options
	make_objects

	while read -ra options; do
		tool list -o ref --no-headings "${options[@]}"
		listed=$output
		tool rm -n "${options[@]}"
		# What is in use is chosen too, and refused.
		assert_equal "${options[*]}: $(sort < <(sed -n 's/^would remove \([^:]*:[0-9]*\).*/\1/p' <<<"$output"
			sed -n 's/^ipctool rm: \([^:]*:[0-9]*\): [a-z ]*in use: .*/\1/p' <<<"$stderr"))" \
			"${options[*]}: $(sort <<<"$listed")"
	done <<-END
		--user=root
		-u $user -u $other
		--creator=$user
		-g $other
		-k 0x10
		-k private
		--min-size=1K
		--max-size=300
		--unattached
		--empty
		--perm=-0600
		--perm=/0022
		--min-messages=1
		--idle=0
		--idle=0 --user=root shm sem
		--stale --alone --grace=0
	END
}
