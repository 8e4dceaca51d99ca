# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # status, output and stderr are set by run
#
# Functions shared by the tests of POSIX objects; loaded after common.
#
# Each test has a /dev/shm of its own, in the mount namespace of its file.

load stale
load preload

# A user without other processes. Needs `requires root`.
user=12345
by_user=(setpriv --reuid="$user" --regid="$user" --clear-groups --)

# be_alone : makes this user one that no other test has at the same time, because the kernel
# counts the bytes of a user's queues in all IPC namespaces together.
be_alone()
{
	user=$((1000000 + $(stat -L -c %i /proc/self/ns/ipc) % 1000000))
	by_user=(setpriv --reuid="$user" --regid="$user" --clear-groups --)
}

start_shm()
{
	mount -t tmpfs -o mode=1777,size=64m tmpfs /dev/shm
}

end_shm()
{
	umount -l /dev/shm
}

setup_file()
{
	build_preload
}

setup()
{
	start_shm
}

teardown()
{
	end_helpers
	end_shm
	wipe
}

# file NAME [SIZE [MODE [UID]]] : a file in /dev/shm, by default of 4096 bytes, all of them
# allocated, with mode 0600 and root's.
file()
{
	head -c "${2:-4096}" /dev/zero >"/dev/shm/$1"
	chmod "${3:-0600}" "/dev/shm/$1"
	[ -z "${4:-}" ] || chown "$4:$4" "/dev/shm/$1"
}

# start_queues : the queues of this IPC namespace in the directory $queues. teardown calls
# end_queues.
start_queues()
{
	queues=$BATS_TEST_TMPDIR/queues
	mkdir "$queues"
	mount -t mqueue none "$queues"
}

end_queues()
{
	! mountpoint -q /dev/mqueue || hide_queues
	rm -f "$queues"/* "$queues"/.[!.]*
	umount "$queues"
}

# own_dev : a /dev with /dev/mqueue, in the mount namespace of this file.
own_dev()
{
	requires root
	local dev=$BATS_FILE_TMPDIR/dev name

	mkdir "$dev"
	mount -t tmpfs -o mode=755 none "$dev"
	mkdir "$dev/mqueue" "$dev/shm"
	for name in null zero full random urandom tty; do
		: >"$dev/$name"
		mount --bind "/dev/$name" "$dev/$name"
	done
	ln -s /proc/self/fd "$dev/fd"
	mount --move /dev/shm "$dev/shm"
	mount --move "$dev" /dev
}

# show_queues : mounts the queues of this IPC namespace on /dev/mqueue.
show_queues()
{
	[ -d /dev/mqueue ] || own_dev
	mount -t mqueue none /dev/mqueue
}

hide_queues()
{
	umount /dev/mqueue
}

# queue /NAME [ARG...] : a message queue with mode 0600.
queue()
{
	helper mq "$@"
}

# allow UID NAME : lets another user read a file in /dev/shm, by an ACL, acl(5). The mode
# stays 0600, which then limits the ACL. Needs no setfacl(1).
allow()
{
	python3 - "$1" "/dev/shm/$2" <<-'END'
		import os, struct, sys
		none = 0xffffffff
		entries = [(1, 6, none), (2, 4, int(sys.argv[1])), (4, 0, none),
			(0x10, 4, none), (0x20, 0, none)]
		acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in entries)
		os.setxattr(sys.argv[2], "system.posix_acl_access", acl)
		os.chmod(sys.argv[2], 0o600)
	END
}

# names : what is in /dev/shm, in one line, with the characters that a shell would quote.
names()
{
	(cd /dev/shm && printf '%s\n' .[!.]* * | grep -vx '\.\[!\.\]\*\|\*' | LC_ALL=C sort |
		paste -sd ' ')
}

# refs ARG... : the references that list prints, in one line.
refs()
{
	ipctool list "$@" -o REF --no-headings | LC_ALL=C sort | paste -sd ' '
}

# facts REF FIELD,... [OPTION...] : the values as JSON, as [1,null,...].
facts()
{
	local ref=$1 fields=$2

	shift 2
	tool list -J -o "$fields" "$@" "$ref"
	assert_success
	output=$(jq -c '[.objects[0] | del(.unread) | .[]]' <<<"$output")
}

# remove ARG... : `tool rm` where no process outside this PID namespace uses the objects.
remove()
{
	tool rm --alone "$@"
}
