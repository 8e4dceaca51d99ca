#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# set of POSIX shared memory objects.

# shellcheck disable=SC2154 # status, output and stderr are set by run

load common
load posix
load life

# modes NAME : mode, owner and group of a file in /dev/shm.
modes()
{
	stat -c '%a %u:%g' "/dev/shm/$1"
}

@test "posix set: mode and owner, and nothing else" {
	requires root
	local before

	file a
	before=$(stat -c '%i %X %Y %s' /dev/shm/a)
	tool set -v pshm:/a --mode=0640
	assert_success
	assert_output 'pshm:/a: mode 0600 -> 0640'
	assert_stderr
	tool set pshm:a --owner=12345:23456
	assert_silent
	assert_equal "$(modes a)" '640 12345:23456'
	tool set -v pshm:/a --mode=g=,o+r --owner=:12345
	assert_success
	assert_output 'pshm:/a: mode 0640 -> 0604, group 23456 -> 12345'
	assert_equal "$(modes a)" '604 12345:12345'
	assert_equal "$(stat -c '%i %X %Y %s' /dev/shm/a)" "$before"
}

@test "posix set: what is so already is not set" {
	requires strace

	file a
	tool set -v pshm:/a --mode=0600
	assert_silent
	split strace -qq -f -o "$BATS_TEST_TMPDIR/trace" -e trace=chmod,chown,fchmodat,fchownat,lchown \
		"$IPCTOOL" set pshm:/a --mode=0600 --owner="$(id -u):$(id -g)"
	assert_silent
	assert_equal "$(grep -c ch "$BATS_TEST_TMPDIR/trace" || true)" 0
	# A change of the mode does not set the owner.
	split strace -qq -f -o "$BATS_TEST_TMPDIR/trace" -e trace=chmod,chown,fchmodat,fchownat,lchown \
		"$IPCTOOL" set pshm:/a --mode=0640 --owner="$(id -u):$(id -g)"
	assert_silent
	assert_equal "$(grep -c ch "$BATS_TEST_TMPDIR/trace")" 1
}

@test "posix set: the owner can change an object of mode 0000" {
	requires root

	file a 4096 0 "$user"
	split "${by_user[@]}" "$IPCTOOL" set -v pshm:/a --mode=0600
	assert_success
	assert_output 'pshm:/a: mode 0000 -> 0600'
	assert_equal "$(modes a)" "600 $user:$user"
}

@test "posix set: another user's object" {
	requires root

	file a 4096 0666 23456
	for option in --mode=0600 --owner=$user; do
		split "${by_user[@]}" "$IPCTOOL" set pshm:/a "$option"
		assert_refused "ipctool set: pshm:/a: belongs to 23456; only its owner or root may change it"
		split "${by_user[@]}" "$IPCTOOL" set -n pshm:/a "$option"
		assert_refused "ipctool set: pshm:/a: belongs to 23456; only its owner or root may change it"
	done
	assert_equal "$(modes a)" '666 23456:23456'
	# The owner of /dev/shm may remove it, but not change it.
	chown "$user" /dev/shm
	split "${by_user[@]}" "$IPCTOOL" set pshm:/a --mode=0600
	assert_refused "ipctool set: pshm:/a: belongs to 23456; only its owner or root may change it"
	split "${by_user[@]}" "$IPCTOOL" rm --force pshm:/a
	assert_success
	assert_equal "$(names)" ''
}

@test "posix set: only root gives an object away, and then nothing is changed" {
	requires root
	local only="only root may give it to another owner, or to a group that the owner does not belong to"

	file a 4096 0600 "$user"
	for option in --owner=root --owner=:root "--owner=root --mode=0666"; do
		for dry in "" -n; do
			# shellcheck disable=SC2086 # several words
			split "${by_user[@]}" "$IPCTOOL" set $dry pshm:/a $option
			assert_refused "ipctool set: pshm:/a: $only"
			assert_equal "$(modes a)" "600 $user:$user"
		done
	done
	# The owner may give it to another group of theirs.
	split setpriv --reuid="$user" --regid="$user" --groups=34567 "$IPCTOOL" set -v pshm:/a --owner=:34567
	assert_success
	assert_output "pshm:/a: group $user -> 34567"
}

@test "posix set: a replaced object stays as it is" {
	requires root

	file a
	stopped_at chmod:-:1 set pshm:/a --mode=0666
	rm /dev/shm/a
	file a 100 0600 "$user"
	going_on
	assert_success
	assert_equal "$(modes a)" "600 $user:$user"
	# Also between the look and the call.
	stopped_at statx:a:2 set pshm:/a --mode=0666
	rm /dev/shm/a
	file a 100 0600 "$user"
	going_on
	assert_refused "ipctool set: pshm:/a: another object has replaced it meanwhile; that one stays as it is"
	assert_equal "$(modes a)" "600 $user:$user"
}

@test "posix set: what cannot be opened is not gone" {
	requires strace

	file a
	split strace -qqq -o /dev/null -P a -e inject=openat:error=EMFILE \
		"$IPCTOOL" set pshm:/a --mode=0640
	assert_refused "ipctool set: pshm:/a: Too many open files"
	assert_equal "$(stat -c %a /dev/shm/a)" 600
}

@test "posix set: a link is not followed" {
	local target=$BATS_TEST_TMPDIR/target

	echo >"$target"
	chmod 0600 "$target"
	ln -s "$target" /dev/shm/a
	tool set pshm:/a --mode=0666
	assert_refused "ipctool set: pshm:/a: is a symbolic link, not an object"
	assert_equal "$(stat -c %a "$target")" 600
	rm /dev/shm/a
	tool set pshm:/a --mode=0666
	assert_refused "ipctool set: pshm:/a: no such object"
}

@test "posix set: conditions" {
	requires root

	file a
	file b 100 0640
	file c 4096 0600 "$user"
	tool set pshm --all --mode=0600
	assert_failure 2
	assert_equal "$(modes b)" '640 0:0'
	tool set pshm --name='[ab]' --max-size=1K --mode=0644 --yes -v
	assert_success
	assert_output 'pshm:/b: mode 0640 -> 0644'
	tool set pshm --user="$user" --mode=0604 -n
	assert_success
	assert_output 'would change pshm:/c: mode 0600 -> 0604'
	tool set posix --perm=0600 --except=pshm:/a --mode=0400 --yes -v
	assert_success
	assert_line 'pshm:/c: mode 0600 -> 0400'
	refute_line --partial pshm:/a
	tool set all --all --mode=0660 --yes --max=2
	assert_failure 2
	start_helper use-file /dev/shm/a mapped-rw
	tool set pshm --unattached --mode=0666 --yes -v
	assert_success
	assert_line 'pshm:/b: mode 0644 -> 0666'
	assert_line 'pshm:/c: mode 0400 -> 0666'
	assert_equal "$(modes a)" '600 0:0'
	# An ordinary user is told of the others.
	split "${by_user[@]}" "$IPCTOOL" set pshm --all --mode=0600 --yes -v
	assert_success
	assert_output 'pshm:/c: mode 0666 -> 0600'
	assert_equal "$(modes b)" '666 0:0'
	# Nothing of it without the type.
	tool set --all --mode=0777 --yes
	assert_success
	assert_equal "$(modes b)" '666 0:0'
}

@test "posix set: usage" {
	file a
	bad()
	{
		local text=$1

		shift
		tool set "$@"
		assert_usage "ipctool set: $text"
	}
	bad "pshm:/a: --lock applies to shm only" pshm:/a --lock
	bad "pshm:/a: --unlock applies to shm only" pshm:/a --unlock
	bad "pshm:/a: --qbytes applies to msg only" pshm:/a --qbytes=1
	bad "pshm:/a: --value applies to psem and sem only" pshm:/a --value=1
	bad "pshm: --value applies to psem and sem only" pshm --all --value=1
	bad "unknown option '--size'; the size of an object cannot be changed: shrinking it would kill the processes that have it mapped" \
		pshm:/a --size=1
	bad "pshm:#12: the object has no name any more; only list, stat and rm accept it" \
		'pshm:#12' --mode=0
	bad "--unlinked: an object that has no name any more cannot be changed; only list, stat and rm accept it" \
		pshm --unlinked --mode=0
	assert_equal "$(stat -c %a:%s /dev/shm/a)" 600:4096
}

@test "posix set: a /dev/shm that is no tmpfs" {
	requires root

	mount --bind "$BATS_TEST_TMPDIR" /dev/shm
	file a
	for words in pshm:/a "pshm --all --yes"; do
		# shellcheck disable=SC2086 # several words
		tool set $words --mode=0666
		assert_failure 2
		assert_output ''
		assert_stderr --regexp '^ipctool set: /dev/shm is not a tmpfs \([a-z0-9]+\); nothing was done$'
	done
	assert_equal "$(stat -c %a /dev/shm/a)" 600
	umount /dev/shm
}

@test "posix set: a call that fails concerns the object that it was made for" {
	requires root strace
	file a
	file b
	split strace -qqq -o /dev/null -e inject=fstatfs:error=EIO:when=2 "$IPCTOOL" \
		set pshm:/a pshm:/b --mode=0640
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool set: pshm:/b: cannot read '/dev/shm': Input/output error"
	assert_equal "$(stat -c %a /dev/shm/[ab] | paste -sd ' ')" '640 600'
}
