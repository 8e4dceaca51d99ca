#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# When a POSIX object is stale: each condition alone, and what cannot be determined.

load common
load posix

setup()
{
	requires root
	start_shm
	file a 4096 0600 "$user"
}

@test "posix stale: an object that a user left behind" {
	judged pshm:/a=true/none
	split "$IPCTOOL" list pshm --alone --grace=0s -o STATE --no-headings
	assert_output stale
	assert_equal "$(refs pshm --stale --alone --grace=0s)" pshm:/a
	[[ $(reason pshm:/a) =~ ^"unused, not active for "[0-9]+"s, no process of $user is left"$ ]]
}

@test "posix stale: used" {
	start_helper use-file /dev/shm/a mapped-rw
	judged pshm:/a=false/used
	assert_equal "$(reason pshm:/a)" "in use by ${ready[1]} (ipchelper)"
	end_helper
	judged pshm:/a=true/none
}

@test "posix stale: mode and ACL" {
	chmod 0644 /dev/shm/a
	judged pshm:/a=false/mode
	assert_equal "$(reason pshm:/a)" "its mode 0644 lets other users open it"
	chmod 0600 /dev/shm/a
	judged pshm:/a=true/none
	allow 4711 a
	judged pshm:/a=false/mode
	assert_equal "$(reason pshm:/a)" "its ACL lets other users open it"
}

@test "posix stale: a second name" {
	ln /dev/shm/a /dev/shm/b
	judged pshm:/a=false/links pshm:/b=false/links
	rm /dev/shm/b
	judged pshm:/a=true/none
}

@test "posix stale: a bind mount of the file" {
	: >"$BATS_TEST_TMPDIR/here"
	mount --bind /dev/shm/a "$BATS_TEST_TMPDIR/here"
	judged pshm:/a=false/links
	assert_equal "$(reason pshm:/a)" "the file is mounted under another name"
	umount "$BATS_TEST_TMPDIR/here"
	judged pshm:/a=true/none
}

@test "posix stale: a bind mount of the file, where /dev/shm is a directory of a tmpfs" {
	: >"$BATS_TEST_TMPDIR/here"
	mkdir "$BATS_TEST_TMPDIR/whole"
	mount -t tmpfs tmpfs "$BATS_TEST_TMPDIR/whole"
	mkdir "$BATS_TEST_TMPDIR/whole/shm"
	mount --bind "$BATS_TEST_TMPDIR/whole/shm" /dev/shm
	umount -l "$BATS_TEST_TMPDIR/whole"
	file a 4096 0600 "$user"
	judged pshm:/a=true/none
	mount --bind /dev/shm/a "$BATS_TEST_TMPDIR/here"
	judged pshm:/a=false/links
	umount "$BATS_TEST_TMPDIR/here" /dev/shm
}

@test "posix stale: the grace time counts from all times, that of the creation included" {
	facts pshm:/a stale,cause --alone
	assert_output '[false,"grace"]'
	touch -d 2020-01-01 /dev/shm/a
	facts pshm:/a stale,cause --alone
	assert_output '[false,"grace"]'
	facts pshm:/a stale,cause --alone --grace=1h
	assert_output '[false,"grace"]'
	with_preload PRELOAD_SHIFT=90000
	split "${inside[@]}" "$IPCTOOL" list pshm:/a -J -o stale,cause --alone
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause]' <<<"$output")" '[true,"none"]'
}

@test "posix stale: a process with only the saved uid" {
	requires python
	printf '%s\n' '#!/bin/sh' "exec python3 -c 'import os, sys
os.setresuid(0, 0, $user)
print(os.getpid(), flush=True)
sys.stdin.read()'" >"$BATS_TEST_TMPDIR/run"
	chmod 755 "$BATS_TEST_TMPDIR/run"
	IPCHELPER=$BATS_TEST_TMPDIR/run start_helper
	judged pshm:/a=false/may-know
	end_helper
	judged pshm:/a=true/none
}

@test "posix stale: a process of the owner in another IPC namespace" {
	start_helper elsewhere as "$user" crowd 0
	judged pshm:/a=false/may-know
	end_helper
	judged pshm:/a=true/none
}

@test "posix stale: a zombie of a living server" {
	start_helper zombies "$user"
	judged pshm:/a=false/may-know
	end_helper
	judged pshm:/a=true/none
}

@test "posix stale: processes of other users do not matter" {
	start_helper as "$other" crowd 0
	judged pshm:/a=true/none
}

@test "posix stale: outside the initial PID namespace" {
	split "$IPCTOOL" list pshm:/a -J -o used,stale,cause --grace=0s
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.used, .stale, .cause]' <<<"$output")" \
		'[false,null,"namespace"]'
	assert_stderr "ipctool list: stale of 1 object cannot be determined: processes outside this PID namespace are not visible; use --alone if none of them uses these objects"
	judged pshm:/a=true/none
}

@test "posix stale: another user, where /proc hides processes" {
	split unshare --mount --propagation unchanged sh -c "mount -t proc -o hidepid=2 none /proc &&
		exec ${by_user[*]} '$IPCTOOL' list pshm:/a -J -o used,stale --alone --grace=0s"
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.used, .stale]' <<<"$output")" '[false,null]'
	assert_stderr "ipctool list: stale of 1 object cannot be determined: /proc hides processes of other users (hidepid); run as root"
}

@test "posix stale: the maps of a process that root may not examine do not matter" {
	with_preload "PRELOAD_FAIL=opendir:/proc/$$/fd:1:13"
	split "${inside[@]}" "$IPCTOOL" list pshm:/a -J -o stale,cause --alone --grace=0s
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause]' <<<"$output")" '[true,"none"]'
	split "${inside[@]}" "$IPCTOOL" list pshm:/a -J -o used,users --alone
	assert_equal "$(jq -c '.objects[0] | [.used, .users]' <<<"$output")" '[false,0]'
	start_helper use-file /dev/shm/a open-r
	split "${inside[@]}" "$IPCTOOL" list pshm:/a -J -o used,users --alone
	assert_equal "$(jq -c '.objects[0] | [.used, .users]' <<<"$output")" '[true,null]'
	assert_stderr "ipctool list: users of 1 object cannot be determined: 1 process could not be examined"
}

@test "posix stale: rm of what is stale" {
	file b 4096 0600 "$user"
	start_helper use-file /dev/shm/b open-r
	tool rm posix --stale --yes --alone
	assert_success
	assert_equal "$(names)" "a b"
	tool rm posix --stale --grace=0s --yes --alone
	assert_success
	assert_stderr
	assert_equal "$(names)" b
}

@test "posix stale: an object that another user reads again and again is never stale" {
	local i

	chmod 0644 /dev/shm/a
	for i in {1..10}; do
		as_user "$other" cat /dev/shm/a >/dev/null
		facts pshm:/a stale --alone --grace=0s
		assert_output '[false]'
	done
}
