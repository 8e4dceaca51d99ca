#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rm of POSIX shared memory objects: what is refused, and that no other object is ever removed
# than the one that was judged.

load common
load posix

@test "posix rm: by name, without output" {
	file a
	file b
	tool rm pshm:/a
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(names)" b
}

@test "posix rm: only the types that are named" {
	local id

	file a
	id=$(helper shm 4096)
	remove --all --yes --force
	assert_success
	assert_equal "$(names)" a
	helper shm 4096 >/dev/null
	remove posix --all --yes --force
	assert_success
	assert_equal "$(names)" ''
	tool list -o REF --no-headings
	assert_output 'shm:1'
}

@test "posix rm: what is mapped stays" {
	requires root
	file used 4096 0600 "$user"
	file free 4096 0600 "$user"
	start_helper use-file /dev/shm/used mapped-rw
	remove posix --all --yes
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: pshm:/used: in use by ${ready[1]} (ipchelper); use --force to remove the name anyway"
	assert_equal "$(names)" used
	remove --force pshm:/used
	assert_success
	assert_stderr "ipctool rm: pshm:/used: removed the name; ${ready[1]} (ipchelper) still uses the object"
	assert_equal "$(names)" ''
}

@test "posix rm: a process of the owner may know it" {
	requires root
	file a 4096 0600 "$user"
	start_helper as "$user" crowd 0
	remove pshm --all --yes
	assert_failure 1
	assert_stderr "ipctool rm: pshm:/a: may be in use: $user runs 1 process that may use it: ${ready[0]} (ipchelper); use --force to remove the name anyway"
	remove pshm --idle=0s --yes
	assert_failure 1
	# --unattached asks for unused objects; the user is told who may use them.
	remove pshm --unattached --dry-run
	assert_success
	assert_output --regexp "^would remove pshm:/a: unused; $user runs 1 process that may use it: ${ready[0]} \(ipchelper\)\$"
	remove pshm --unattached --yes
	assert_success
	assert_equal "$(names)" ''
}

@test "posix rm: by name what another owner's process may know" {
	requires root
	file a 4096 0600 "$user"
	start_helper as "$user" crowd 0
	tool rm pshm:/a
	assert_success
	assert_equal "$(names)" ''
}

@test "posix rm: who may remove" {
	requires root
	file a 4096 0666 "$user"
	file b 4096 0666
	split "${by_user[@]}" "$IPCTOOL" rm pshm:/a pshm:/b
	assert_failure 1
	assert_stderr "ipctool rm: pshm:/b: belongs to root; only its owner, the owner of /dev/shm or root may remove it"
	assert_equal "$(names)" b
	split "${by_user[@]}" "$IPCTOOL" rm pshm --all --yes --user=0
	assert_failure 1
	assert_equal "$(names)" b
}

@test "posix rm: conditions, --max, --except and the keep file" {
	requires root
	file a 4096 0600 "$user"
	file b 4096 0600 "$user"
	remove pshm --unattached --max=1 --yes
	assert_failure 2
	assert_equal "$(names)" "a b"
	remove pshm --unattached --except=pshm:/a --yes
	assert_success
	assert_equal "$(names)" a
	mkdir -p /etc/ipctool
	mount -t tmpfs none /etc/ipctool
	echo pshm:/a >/etc/ipctool/keep
	remove pshm --unattached --yes
	assert_success
	remove pshm --all --yes --force
	assert_success
	assert_equal "$(names)" a
	remove pshm --unattached --yes --no-keep
	assert_success
	assert_equal "$(names)" ''
	umount /etc/ipctool
}

@test "posix rm: what it says" {
	requires root
	file a 4096 0600 "$user"
	tool rm -n pshm:/a
	assert_success
	assert_output 'would remove pshm:/a'
	remove -n pshm --unattached --idle=0s --user="$user"
	assert_output --regexp '^would remove pshm:/a: unused, not active for [0-9]+s$'
	remove -n pshm --stale --grace=0s
	assert_output --regexp "^would remove pshm:/a: stale: unused, not active for [0-9]+s, no process of $user is left\$"
	tool rm -v pshm:/a
	assert_output --regexp "^removed pshm:/a \(owner $user, 4.0K, idle [0-9]+s; unused\)\$"
	file a
	tool rm -J pshm:/a pshm:/none
	assert_failure 1
	assert_equal "$(jq -c '[.results[] | [.ref, .type, .result]]' <<<"$output")" \
		'[["pshm:/none",null,"missing"],["pshm:/a","pshm","removed"]]'
}

@test "posix rm: the question" {
	requires root
	file a 4096 0600 "$user"
	split sh -c "'$IPCTOOL' rm pshm --unattached --alone </dev/null"
	assert_failure 2
	assert_equal "$(names)" a
}

@test "posix rm: another object takes the name before each call" {
	local step inode

	for step in setlease:-:2 rename:-:1; do
		file a
		stopped_at $step rm pshm:/a
		rm /dev/shm/a
		file a 100
		inode=$(stat -c %i /dev/shm/a)
		going_on
		assert_failure 1
		assert_output ''
		assert_equal "$stderr" "ipctool rm: pshm:/a: another object has this name now; not removed"
		assert_equal "$(names)" a
		assert_equal "$(stat -c %i /dev/shm/a)" "$inode"
		rm /dev/shm/a
	done
}

@test "posix rm: --force does not remove another object either" {
	local inode

	file a
	stopped_at rename:-:1 rm --force --yes pshm:/a
	rm /dev/shm/a
	file a 100
	inode=$(stat -c %i /dev/shm/a)
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pshm:/a: another object has this name now; not removed"
	assert_equal "$(stat -c %i /dev/shm/a)" "$inode"
}

@test "posix rm: the name is opened before each call" {
	local step

	# Before the rename the opener breaks the lease, and the object stays.
	file a
	stopped_at rename:-:1 rm pshm:/a
	run helper open-once /dev/shm/a nonblock
	assert_output 'Resource temporarily unavailable'
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pshm:/a: was opened meanwhile; not removed"
	assert_equal "$(names)" a
	# Afterwards there is no such name.
	for step in getlease:-:1 unlink:-:1; do
		stopped_at $step rm pshm:/a
		run helper open-once /dev/shm/a nonblock
		assert_output 'No such file or directory'
		going_on
		assert_success
		assert_equal "$(names)" ''
		file a
	done
}

@test "posix rm: an opener that waits gets the object or nothing" {
	local opener

	file a
	stopped_at rename:-:1 rm pshm:/a
	"$IPCHELPER" open-once /dev/shm/a >"$BATS_TEST_TMPDIR/opened" 3>&- &
	opener=$!
	until grep -q '' "/proc/$opener/wchan" && [ "$(cat "/proc/$opener/wchan")" != 0 ] &&
		grep -q break_lease "/proc/$opener/wchan"; do
		kill -0 "$opener"
	done
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pshm:/a: was opened meanwhile; not removed"
	wait "$opener"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/opened")" "nlink 1"
	assert_equal "$(names)" a
}

@test "posix rm: touched meanwhile" {
	requires root
	file a 4096 0600 "$user"
	touch -d 2020-01-01 /dev/shm/a
	stopped_at setlease:-:3 rm pshm --unattached --yes --alone
	touch /dev/shm/a
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pshm:/a: no longer matches the selection; not removed"
	assert_equal "$(names)" a
}

@test "posix rm: a new object takes the name after the rename, and the old one is opened" {
	local former

	file a
	stopped_at getlease:-:1 rm pshm:/a
	former=$(names)
	[[ $former =~ ^\.ipctool-[0-9a-f]{16}$ ]]
	file a 100
	run helper open-once "/dev/shm/$former" nonblock
	assert_output 'Resource temporarily unavailable'
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: pshm:/a: not removed and now named pshm:/$former: another object has its former name"
	assert_equal "$(names)" "$former a"
	assert_equal "$(stat -c %s /dev/shm/a) $(stat -c %s "/dev/shm/$former")" "100 4096"
}

@test "posix rm: killed before each call" {
	local step

	for step in setlease:-:1 setlease:-:2 rename:-:1 getlease:-:1 unlink:-:1; do
		file a
		stopped_at $step rm pshm:/a
		pkill -KILL -P "$stopped_pid" || kill -KILL "$stopped_pid"
		wait "$stopped_pid" || true
		case $step in
		getlease* | unlink*)
			[[ $(names) =~ ^\.ipctool-[0-9a-f]{16}$ ]]
			assert_equal "$(refs pshm)" "pshm:/$(names)"
			;;
		*) assert_equal "$(names)" a ;;
		esac
		rm -f /dev/shm/a /dev/shm/.ipctool-*
	done
}

@test "posix rm: a process of the owner starts between the two looks" {
	requires root
	file a 4096 0600 "$user"
	stopped_at sleep:-:1 rm pshm --stale --grace=0s --yes --alone
	start_helper as "$user" crowd 0
	going_on
	assert_success
	assert_output ''
	assert_equal "$stderr" ''
	assert_equal "$(names)" a
}

@test "posix rm: two at once" {
	local i pids=() failed=0

	for i in {1..20}; do
		file "x$i"
	done
	for i in 1 2; do
		ipctool rm pshm --all --yes --force 2>"$BATS_TEST_TMPDIR/errors.$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || failed=$((failed + 1))
	done
	assert_equal "$(names)" ''
}

@test "posix rm: whom the mode lets open an object is not its owner" {
	requires root
	file a 4096 0644 "$user"
	start_helper as 54321 crowd 0
	remove pshm --all --yes
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: pshm:/a: may be in use: 1 process may use it: ${ready[0]} (ipchelper); use --force to remove the name anyway"
	assert_equal "$(names)" a
}

@test "posix rm: a call that fails concerns the object that it was made for" {
	requires root strace
	file a
	file sem.b 32
	file c
	split strace -qqq -o /dev/null -e inject=fstatfs:error=EIO:when=2 "$IPCTOOL" \
		rm --alone pshm:/a psem:/b pshm:/c
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool rm: psem:/b: cannot read '/dev/shm': Input/output error"
	assert_equal "$(names)" sem.b
}
