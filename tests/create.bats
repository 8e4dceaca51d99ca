#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# create: creates one object as requested or none, and prints its reference.

# shellcheck disable=SC2030,SC2031,SC2086 # each test is a process of its own, and some words are several

load common
load life
load memory

@test "create: prints the reference and nothing else" {
	for type in "${types[@]}"; do
		create "$type"
		assert_created "$type"
	done
	assert_objects 1 1 1
	tool mk msg
	created msg
	assert_created msg
}

@test "create: by default, mode 0600, no key, and the caller's" {
	local -A ids
	local uid gid
	uid=$(id -u)
	gid=$(id -g)

	for type in "${types[@]}"; do
		create "$type"
		ids[$type]=$id
		assert_facts "$type" "$id" key=0x00000000 mode=0600 "uid=$uid" "cuid=$uid" \
			"gid=$gid" "cgid=$gid"
	done
	assert_equal "$(fact shm "${ids[shm]}" size)" 100
	assert_equal "$(fact sem "${ids[sem]}" nsems)" 2
	assert_equal "$(fact sem "${ids[sem]}" val.0)" 0
	assert_equal "$(fact msg "${ids[msg]}" qbytes)" "$(cat /proc/sys/kernel/msgmnb)"
}

@test "create: sizes with units" {
	local text size

	while read -r text size; do
		create shm --size="$text"
		assert_created shm
		assert_equal "$(fact shm "$id" size)" "$size"
	done <<-'END'
		1 1
		4097 4097
		1K 1024
		1.5K 1536
		0.001M 1048
		2M 2097152
		1G 1073741824
	END
}

@test "create: keys in every notation" {
	local text key

	while read -r text key; do
		for type in "${types[@]}"; do
			create "$type" --key="$text"
			assert_created "$type"
			assert_equal "$(fact "$type" "$id" key)" "$key"
		done
	done <<-'END'
		1 0x00000001
		017 0x0000000f
		0x52e2c1 0x0052e2c1
		0Xabcdef 0x00abcdef
		4294967295 0xffffffff
		-2147483648 0x80000000
		-2 0xfffffffe
		0x7fffffff 0x7fffffff
	END
}

@test "create: the key of ftok(3)" {
	local file=$BATS_TEST_TMPDIR/file ino dev

	echo >"$file"
	ino=$(stat -c %i "$file")
	dev=$(stat -c %d "$file")
	# ftok(3): 8 bits of the project, 8 of the device, 16 of the inode.
	key_of()
	{
		printf '0x%08x' $(($1 << 24 | (dev & 0xff) << 16 | (ino & 0xffff)))
	}
	for type in "${types[@]}"; do
		create "$type" --ftok="$file"
		assert_created "$type"
		assert_equal "$(fact "$type" "$id" key)" "$(key_of 1)"
		create "$type" --ftok="$file" --proj=255
		assert_created "$type"
		assert_equal "$(fact "$type" "$id" key)" "$(key_of 255)"
		tool stat "$type:$(key_of 255)" -o REF --no-headings
		assert_success
	done
}

# The three ways to call shmget(2) and similar calls with a missing key ...

@test "create: without a flag a missing key is not found" {
	for type in "${types[@]}"; do
		tool stat "$type:0x1234"
		assert_refused "ipctool stat: $type:0x1234: there is no ${nouns[$type]} with this key"
	done
	assert_objects 0 0 0
}

@test "create: IPC_CREAT with a missing key creates" {
	for type in "${types[@]}"; do
		create "$type" --key=0x1234 --exist-ok
		assert_created "$type"
		assert_equal "$(fact "$type" "$id" key)" 0x00001234
	done
	assert_objects 1 1 1
}

@test "create: IPC_CREAT with IPC_EXCL and a missing key creates" {
	for type in "${types[@]}"; do
		create "$type" --key=0x1234
		assert_created "$type"
		assert_equal "$(fact "$type" "$id" key)" 0x00001234
	done
	assert_objects 1 1 1
}

# ... and with an existing one.

@test "create: without a flag an existing key returns the object" {
	for type in "${types[@]}"; do
		id=$(make "$type" key=0x1234)
		tool stat "$type:0x1234" -J
		assert_success
		assert_stderr
		run jq -r '.objects[] | .ref + " " + .key' <<<"$output"
		assert_output "$type:$id 0x00001234"
	done
}

@test "create: IPC_CREAT with an existing key returns the object, unchanged" {
	local before
	local -A more=([sem]=--value=7 [msg]=--qbytes=7)

	for type in "${types[@]}"; do
		id=$(make "$type" key=0x1234 mode=0640)
		before=$(helper raw "$type" "$id")
		tool create "$type" ${create_args[$type]} --key=0x1234 --exist-ok \
			--mode=0666 --owner=12345:12345 ${more[$type]}
		assert_success
		assert_output "$type:$id"
		assert_stderr
		assert_equal "$(helper raw "$type" "$id")" "$before"
	done
	assert_objects 1 1 1
}

@test "create: IPC_CREAT with IPC_EXCL and an existing key names the object" {
	local before made

	for type in "${types[@]}"; do
		made=$(make "$type" key=0x1234)
		before=$(helper raw "$type" "$made")
		create "$type" --key=0x1234
		assert_refused "ipctool create: $type:0x00001234: it exists already as $type:$made"
		assert_equal "$(helper raw "$type" "$made")" "$before"
	done
	assert_objects 1 1 1
}

@test "create: the object with the key is too small" {
	local shm sem
	shm=$(make shm key=5)
	sem=$(make sem key=5)

	tool create shm --size=101 --key=5 --exist-ok
	assert_refused "ipctool create: shm:0x00000005: it exists already as shm:$shm, but is smaller than what is asked for"
	tool create sem --nsems=3 --key=5 --exist-ok
	assert_refused "ipctool create: sem:0x00000005: it exists already as sem:$sem, but is smaller than what is asked for"
	# A larger object is accepted.
	tool create shm --size=99 --key=5 --exist-ok
	assert_output "shm:$shm"
	tool create sem --nsems=1 --key=5 --exist-ok
	assert_output "sem:$sem"
	assert_objects 1 1 0
}

@test "create: a size too large for the kernel is reported even if the key may exist" {
	requires sysctl
	local semmsl

	kernel_sets shmmax 8192
	tool create shm --size=8193 --key=5 --exist-ok
	assert_refused "ipctool create: shm: cannot create it: 8193 is beyond SHMMAX, 8192 bytes of a segment (sysctl kernel.shmmax)"
	read -r semmsl _ </proc/sys/kernel/sem
	tool create sem --nsems=$((semmsl + 1)) --key=5 --exist-ok
	assert_refused "ipctool create: sem: cannot create it: $((semmsl + 1)) is beyond SEMMSL, $semmsl semaphores of a set (sysctl kernel.sem, 1st of 4)"
	assert_objects 0 0 0
}

@test "create: each type has its own keys" {
	for type in "${types[@]}"; do
		create "$type" --key=77
		assert_created "$type"
	done
}

@test "create: mode, octal and symbolic" {
	local text mode

	while read -r text mode; do
		for type in "${types[@]}"; do
			create "$type" --mode="$text"
			assert_created "$type"
			assert_facts "$type" "$id" "mode=$mode"
		done
	done <<-'END'
		0777 0777
		0 0000
		640 0640
		g+r 0640
		u=r,go=w 0422
		+x 0711
		a-rw 0000
	END
}

@test "create: the umask has no effect" {
	umask 077
	for type in "${types[@]}"; do
		create "$type" --mode=0666
		assert_equal "$(fact "$type" "$id" mode)" 0666
		create "$type" --mode=+rw
		assert_equal "$(fact "$type" "$id" mode)" 0666
	done
}

@test "create: owner and group" {
	requires root ipcs
	local text uid gid

	while read -r text uid gid; do
		for type in "${types[@]}"; do
			create "$type" --owner="$text" --mode=0640
			assert_created "$type"
			assert_facts "$type" "$id" "uid=$uid" "gid=$gid" cuid=0 cgid=0
			ipcs_says "$type" "$id" "uid=$uid" "gid=$gid" cuid=0 mode=0640
		done
	done <<-END
		12345 12345 0
		12345:23456 12345 23456
		:23456 0 23456
		daemon $(id -u daemon) 0
		daemon: $(id -u daemon) $(id -g daemon)
		:daemon 0 $(getent group daemon | cut -d: -f3)
		4294967294:4294967294 4294967294 4294967294
	END
}

@test "create: the values of semaphores" {
	local options wanted values

	while read -r options wanted; do
		create sem --nsems=5 ${options//,/ }
		assert_created sem
		values=$(fact sem "$id" 'val.?')
		assert_equal "${values//$'\n'/ }" "$wanted"
	done <<-'END'
		--value=0 0 0 0 0 0
		--value=32767 32767 32767 32767 32767 32767
		--value=4=9 0 0 0 0 9
		--value=1-3=2 0 2 2 2 0
		--value=0-4=1,--value=2=8 1 1 8 1 1
		--value=0=1,--value=0=2 2 0 0 0 0
	END
	# SETALL records the process.
	assert_not_equal "$(fact sem "$id" pid.0)" 0
}

@test "create: the bytes of a queue" {
	create msg --qbytes=1K
	assert_created msg
	assert_equal "$(fact msg "$id" qbytes)" 1024
	create msg --qbytes=1 --mode=0644
	assert_created msg
	assert_equal "$(fact msg "$id" qbytes) $(fact msg "$id" mode)" "1 0644"
}

@test "create: as ipcs sees it" {
	requires ipcs
	create shm --size=12345 --key=0xabc --mode=0651
	ipcs_says shm "$id" bytes=12345 mode=0651 access_perms=0651 nattch=0 "uid=$(id -u)"
	run ipcs -m
	assert_line --regexp "^0x00000abc $id .* 651 .* 12345 "
	create sem --nsems=3 --key=0xabc --mode=0462 --value=1=7
	ipcs_says sem "$id" "nsems = 3" mode=0462 "1 7 0 0"
	run ipcs -s
	assert_line --regexp "^0x00000abc $id .* 462 .* 3 "
	create msg --qbytes=555 --key=0xabc --mode=0604
	ipcs_says msg "$id" qbytes=555 mode=0604 cbytes=0 qnum=0
	run ipcs -q
	assert_line --regexp "^0x00000abc $id .* 604 .* 0 "
}

@test "create: values are set even if the mode denies the owner all access" {
	requires root
	as 1000 "$IPCTOOL" create sem --nsems=2 --value=5 --mode=0
	created sem
	assert_created sem
	assert_equal "$(fact sem "$id" val.1)" 5
	assert_equal "$(fact sem "$id" mode)" 0000
}

# --- All or nothing -------------------------------------------------------------------

@test "create: a full disk leaves nothing behind" {
	for type in "${types[@]}"; do
		# shellcheck disable=SC2016 # the inner shell's own
		split sh -c 'exec "$@" >/dev/full' sh "$IPCTOOL" create "$type" \
			${create_args[$type]}
		assert_failure 2
		assert_stderr "ipctool create: $type: cannot write to standard output: No space left on device; it was removed again"
	done
	assert_objects 0 0 0
}

@test "create: a file size limit leaves nothing behind" {
	# The limit also applies to standard error, which is a file here.
	head -c 1024 /dev/zero >"$BATS_TEST_TMPDIR/out"
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c 'ulimit -f 1; exec "$@" >>"$0"' "$BATS_TEST_TMPDIR/out" "$IPCTOOL" create msg
	assert_failure 2
	assert_stderr "ipctool create: msg: cannot write to standard output: File too large; it was removed again"
	assert_objects 0 0 0
}

@test "create: lack of memory leaves nothing behind" {
	local n total options='sem --nsems=2 --value=1=5 --mode=0640 --owner=0:0'
	requires root

	memory_begin
	# shellcheck disable=SC2086 # several words
	memory_count create $options
	total=$allocations
	wipe
	for ((n = 1; n <= total; n++)); do
		# shellcheck disable=SC2086 # several words
		memory_ends "$n" create $options
		if [ "$status" -ne 0 ]; then
			assert_failure 2
			assert_output ''
			assert_objects 0 0 0
		fi
		wipe
	done
}

@test "create: lack of memory after the creation of the object is reported" {
	requires seccomp
	local n total told=0

	memory_begin
	memory_count create msg --qbytes=100
	total=$allocations
	wipe
	for ((n = 1; n <= total + 5; n++)); do
		# The cause needs memory.
		denied msgctl:1=EIO env NO_MEMORY_AT="$n" LD_PRELOAD="$no_memory" "$IPCTOOL" \
			create msg --qbytes=100
		[ "$status" -ne 0 ]
		assert_output ''
		assert_objects 0 0 0
		[[ $stderr != "ipctool create: out of memory
ipctool create: msg:"*" was removed again" ]] || told=$((told + 1))
	done
	assert [ "$told" -gt 0 ]
}

@test "create: a closed output leaves nothing behind" {
	for type in "${types[@]}"; do
		# shellcheck disable=SC2016 # the inner shell's own
		split sh -c 'exec "$@" >&-' sh "$IPCTOOL" create "$type" \
			${create_args[$type]}
		assert_failure 2
		assert_stderr "ipctool create: $type: cannot write to standard output: Bad file descriptor; it was removed again"
	done
	assert_objects 0 0 0
}

@test "create: a missing reader leaves nothing behind" {
	local fifo=$BATS_TEST_TMPDIR/fifo writer reader

	mkfifo "$fifo"
	exec {reader}<>"$fifo"
	exec {writer}>"$fifo"
	exec {reader}<&-
	for type in "${types[@]}"; do
		# shellcheck disable=SC2016 # the inner shell's own
		split bash -c 'out=$1; shift; exec "$@" >&$out' bash "$writer" \
			"$IPCTOOL" create "$type" \
			${create_args[$type]}
		assert_failure 2
		assert_stderr "ipctool create: $type: cannot write to standard output: Broken pipe; it was removed again"
	done
	exec {writer}>&-
	assert_objects 0 0 0
}

@test "create: an existing object is not removed if it cannot be printed" {
	for type in "${types[@]}"; do
		make "$type" key=0x1234
		# shellcheck disable=SC2016 # the inner shell's own
		split sh -c 'exec "$@" >/dev/full' sh "$IPCTOOL" create "$type" \
			${create_args[$type]} --key=0x1234 --exist-ok
		assert_failure 2
		assert_stderr "ipctool create: cannot write to standard output: No space left on device"
	done
	assert_objects 1 1 1
}

@test "create: too many bytes for a queue leave nothing behind" {
	requires root
	local limit
	limit=$(cat /proc/sys/kernel/msgmnb)

	without_cap sys_resource "$IPCTOOL" create msg --qbytes=$((limit + 1)) --mode=0640
	assert_refused "ipctool create: msg: cannot set its mode, owner or limit: Operation not permitted: its limit would be $((limit + 1)) bytes, above MSGMNB, $limit (sysctl kernel.msgmnb), and then every change of the queue needs CAP_SYS_RESOURCE; it was removed again"
	assert_objects 0 0 0
	without_cap sys_resource "$IPCTOOL" create msg --qbytes="$limit"
	created msg
	assert_created msg
	assert_equal "$(fact msg "$id" qbytes)" "$limit"
}

@test "create: a change that the kernel refuses leaves nothing behind" {
	requires seccomp
	local what="cannot set its mode, owner or limit: Permission denied; it was removed again"
	local -A call=([shm]=shmctl:1 [sem]=semctl:1 [msg]=msgctl:1)

	for type in "${types[@]}"; do
		denied "${call[$type]}=EACCES" "$IPCTOOL" create "$type" \
			${create_args[$type]} --mode=0640
		assert_refused "ipctool create: $type: $what"
	done
	# SETALL comes before the mode changes, so the values never exist with another
	# mode.
	denied semctl:17=ERANGE,semctl:1=EACCES "$IPCTOOL" create sem --nsems=2 \
		--value=1 --mode=0640
	assert_refused "ipctool create: sem: cannot set the values: Numerical result out of range; it was removed again"
	assert_objects 0 0 0
}

@test "create: an object that cannot be removed again is reported" {
	requires seccomp
	denied shmctl:1=EACCES,shmctl:0=EPERM "$IPCTOOL" create shm --size=1 \
		--mode=0640
	assert_refused "ipctool create: shm: cannot set its mode, owner or limit: Permission denied; shm:$(only_id shm) could not be removed again: Operation not permitted"
	assert_objects 1 0 0
}

@test "create: only /proc can be read" {
	requires seccomp
	denied msgctl:13=EPERM,msgctl:2=EPERM "$IPCTOOL" create msg --key=5
	created msg
	assert_created msg
	# The limit of the queue is unknown then, and IPC_SET would change it.
	denied msgctl:13=EPERM,msgctl:2=EPERM "$IPCTOOL" create msg --mode=0640
	assert_refused "ipctool create: msg: cannot set its mode, owner or limit: its qbytes could not be read, and would be lost (give --qbytes); it was removed again"
	denied msgctl:13=EPERM,msgctl:2=EPERM "$IPCTOOL" create msg --mode=0640 --qbytes=100
	created msg
	assert_created msg
	assert_equal "$(fact msg "$id" qbytes) $(fact msg "$id" mode)" "100 0640"
}

@test "create: a kernel without System V IPC" {
	requires seccomp
	denied shmget=ENOSYS,semget=ENOSYS,msgget=ENOSYS "$IPCTOOL" create sem --nsems=1
	assert_refused "ipctool create: sem: cannot create it: this kernel has no semaphore sets"
}

# --- Memory ---------------------------------------------------------------------------

@test "create: a size larger than the memory, with and without reserving it" {
	[ "$(cat /proc/sys/vm/overcommit_memory)" = 0 ] || skip "needs vm.overcommit_memory=0"
	local kilobytes
	kilobytes=$(awk '/^(MemTotal|SwapTotal):/ { n += $2 } END { print 2 * n }' /proc/meminfo)

	tool create shm --size="${kilobytes}K"
	assert_refused "ipctool create: shm: cannot create it: Cannot allocate memory: there is not that much memory and swap to reserve (--no-reserve reserves none)"
	create shm --size="${kilobytes}K" --no-reserve
	assert_created shm
	assert_equal "$(fact shm "$id" size)" $((kilobytes * 1024))
}

@test "create: a size larger than any file" {
	tool create shm --size=9000000T
	assert_refused "ipctool create: shm: cannot create it: Invalid argument: no segment can have more than 9223372036854775807 bytes"
	assert_objects 0 0 0
}

@test "create: a size that overflows in the kernel" {
	requires sysctl
	local size huge
	local most="no segment can have more than 9223372036854775807 bytes"

	kernel_sets shmmax 18446744073709551615
	kernel_sets shmall 18446744073709551615
	# Rounded up to whole pages the first two do not fit in 64 bits.
	for size in 18446744073709551615 18446744073709547521; do
		for huge in '' --huge=default; do
			tool create shm --size="$size" $huge
			assert_failure 1
			assert_stderr --regexp "^ipctool create: shm: cannot create it: [A-Z][a-z ]*: $most\$"
		done
	done
	for size in 18446744073709547520 9223372036854775808; do
		tool create shm --size="$size"
		assert_refused "ipctool create: shm: cannot create it: Invalid argument: $most"
	done
	assert_objects 0 0 0
}

@test "create: more semaphores than the kernel can allocate" {
	requires sysctl
	kernel_sets sem "2147483647 2147483647 500 32000"
	tool create sem --nsems=2147483647
	assert_refused "ipctool create: sem: cannot create it: Cannot allocate memory: the kernel has no memory for a set of so many semaphores (those of one set together take less than 2 GiB)"
	assert_objects 0 0 0
}

@test "create: huge pages of a size that does not exist" {
	local wrong

	[ -d /sys/kernel/mm/hugepages ] || skip "needs a kernel with huge pages"
	for wrong in 3M 0 1 '' x 2048 default1 -2M; do
		tool create shm --size=1 --huge="$wrong"
		assert_failure 2
		assert_output ''
		assert_stderr --regexp "^ipctool create: --huge: invalid size '$wrong': expected 'default' or a size that this machine has: ([0-9]+K)(, [0-9]+K)*"$'\n'
	done
	assert_objects 0 0 0
}

@test "create: sizes of huge pages that cannot be read are unknown" {
	requires strace
	local sizes=/sys/kernel/mm/hugepages
	[ -d $sizes ] || skip "needs a kernel with huge pages"

	# fails FAULT SIZE : tries to create huge pages of this size while a call fails.
	fails()
	{
		split strace -qqq -o /dev/null -e inject="$1" "$IPCTOOL" create shm --size=1 --huge="$2"
	}

	fails getdents64:error=EIO:when=1 3M
	assert_usage "ipctool create: --huge: invalid size '3M': expected 'default' or a size that this machine has: unknown ($sizes: Input/output error)"
	fails getdents64:error=EIO:when=2 3M
	assert_failure 2
	assert_stderr --regexp "machine has: [0-9]+K(, [0-9]+K)*, others unknown \($sizes: Input/output error\)"
	# A size that cannot be looked up is left to the kernel.
	fails access,faccessat,faccessat2:error=EIO:when=1+ 32K
	assert_failure 1
	assert_output ''
	assert_stderr --partial "ipctool create: shm: cannot create it: Invalid argument: the sizes of huge pages on this machine are: "
	# No size is truncated to a valid one.
	fails access,faccessat,faccessat2:error=EIO:when=1+ 6M
	assert_failure 2
	assert_objects 0 0 0
}

@test "create: more huge pages than are free" {
	requires root
	[ -d /sys/kernel/mm/hugepages ] || skip "needs a kernel with huge pages"
	local path size total sysctl usual

	usual=$(awk '/^Hugepagesize:/ { print $2 }' /proc/meminfo)
	for path in /sys/kernel/mm/hugepages/hugepages-*; do
		size=${path##*-}
		size=${size%kB}
		total=$(cat "$path/nr_hugepages")
		sysctl=$path/nr_hugepages
		[ "$size" != "$usual" ] || sysctl="sysctl vm.nr_hugepages"
		tool create shm --size=$((size * (total + 1)))K --huge="${size}K"
		assert_failure 1
		assert_output ''
		assert_stderr --regexp "^ipctool create: shm: cannot create it: Cannot allocate memory: [0-9]+ huge pages of ${size}K are free \($sysctl\)\$"
	done
	assert_objects 0 0 0
}

@test "create: huge pages without permission" {
	requires root
	[ -d /sys/kernel/mm/hugepages ] || skip "needs a kernel with huge pages"
	local group
	group=$(getent group "$(cat /proc/sys/vm/hugetlb_shm_group)" | cut -d: -f1)

	as 12345 "$IPCTOOL" create shm --size=1 --huge=default
	assert_refused "ipctool create: shm: cannot create it: Operation not permitted: huge pages are for CAP_IPC_LOCK and for the group $group (sysctl vm.hugetlb_shm_group)"
	assert_objects 0 0 0
}

@test "create: huge pages" {
	requires hugepages root
	create shm --size=1 --huge=default
	assert_created shm
	assert_equal "$(fact shm "$id" size) $(fact shm "$id" mode)" "1 0600"
}

# --- Segments that go at once ---------------------------------------------------------

@test "create: with shm_rmid_forced a new segment is refused" {
	requires sysctl
	local why="the kernel would remove it at once, because no process is attached to it (sysctl kernel.shm_rmid_forced is 1)"

	kernel_sets shm_rmid_forced 1
	tool create shm --size=1
	assert_refused "ipctool create: shm: $why"
	tool create shm --size=1 --key=5 --exist-ok
	assert_refused "ipctool create: shm: $why"
	# The other types are not affected.
	tool create sem --nsems=1
	assert_success
	tool create msg
	assert_success
	assert_objects 0 1 1
}

@test "create: with shm_rmid_forced an attached segment is found" {
	requires sysctl
	local made
	made=$(make shm key=5)

	start_helper attach "$made"
	kernel_sets shm_rmid_forced 1
	tool create shm --size=1 --key=5 --exist-ok
	assert_success
	assert_output "shm:$made"
	assert_stderr
	tool create shm --size=1 --key=5
	assert_refused "ipctool create: shm:0x00000005: it exists already as shm:$made"
}

# --- All or nothing -------------------------------------------------------------------

@test "create: a signal while no process reads the output leaves nothing behind" {
	requires python
	local signo

	for signo in 1 2 15; do
		# A full pipe, so that printing the reference blocks.
		split python3 -c '
import fcntl, os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
r, w = os.pipe()
os.write(w, b"x" * fcntl.fcntl(w, 1032))
p = subprocess.Popen(sys.argv[2:], stdout=w)
while open("/proc/%d/syscall" % p.pid).read().split()[:2] != ["1", "0x1"]:
    time.sleep(0.01)
p.send_signal(int(sys.argv[1]))
print(p.wait())' "$signo" "$IPCTOOL" create sem --nsems=1 --key=5
		assert_success
		assert_output -- "-$signo"
		assert_stderr "ipctool create: sem: cannot write to standard output: Interrupted system call; it was removed again"
		assert_objects 0 0 0
	done
}

@test "create: a full pipe that does not block" {
	requires python
	split python3 -c '
import fcntl, os, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
size = fcntl.fcntl(w, 1032)
os.write(w, b"x" * size)
p = subprocess.Popen(sys.argv[1:], stdout=w)
os.close(w)
time.sleep(0.1)
print(os.fdopen(r, "rb").read()[size:].decode(), p.wait())' "$IPCTOOL" create msg
	assert_success
	assert_output --regexp "^msg:[0-9]+
 0\$"
	assert_stderr
	assert_objects 0 0 1
}
