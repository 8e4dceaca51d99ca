# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # status and stderr are set by run
#
# Other machines than this one, for a .bats file that loads this after common: kernels
# with another /proc/sysvipc, and other databases of users. Each sets status, output,
# stderr, lines and stderr_lines as `split` does. They need `requires mount`, and mount
# below /proc only, which is private even where / is not.

# The start of a command that runs the rest where FILE, its first argument, is the whole
# database of users (as /etc/passwd) and no group has a name. All of / is mounted once
# more, because the second mount can be private.
# shellcheck disable=SC2016 # the inner shell's own
users_are=(unshare --mount --propagation unchanged sh -c '
	users=$1
	root=/proc/sysvipc
	shift
	mount --rbind / $root && mount --make-rprivate $root &&
		mount --bind "$users" $root/etc/passwd &&
		mount --bind /dev/null $root/etc/group || exit 125
	if [ -e $root/etc/nsswitch.conf ]; then
		printf "%s: files\n" passwd group >"$users.nss" &&
			mount --bind "$users.nss" $root/etc/nsswitch.conf || exit 125
	fi
	exec chroot $root "$@"' sh)

# with_users FILE COMMAND [ARG...] : `split` with that database of users.
with_users()
{
	split "${users_are[@]}" "$@"
	[ "$status" -ne 125 ] || fail "with_users: $stderr"
}

# over_proc [TYPE=FILE...] -- COMMAND [ARG...] : `split` where FILE, which may be a directory,
# is /proc/sysvipc/TYPE. If FILE is empty, /proc/sysvipc/TYPE is missing; for a TYPE that is
# not named it is a copy of the real file.
over_proc()
{
	# shellcheck disable=SC2016 # the inner shell's own
	split unshare --mount --propagation unchanged sh -c '
		copy=$1
		shift
		cp /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg "$copy" &&
			mount -t tmpfs none /proc/sysvipc &&
			cp "$copy"/* /proc/sysvipc || exit 125
		while [ "$1" != -- ]; do
			rm "/proc/sysvipc/${1%%=*}" || exit 125
			[ -z "${1#*=}" ] ||
				cp -Rp "${1#*=}" "/proc/sysvipc/${1%%=*}" || exit 125
			shift
		done
		shift
		exec "$@"' sh "$(mktemp -d "$BATS_TEST_TMPDIR/sysvipc.XXXXXX")" "$@"
	[ "$status" -ne 125 ] || fail "over_proc: $stderr"
}

# The columns of the files of a kernel of today.
# shellcheck disable=SC2034 # used by the tests
declare -gA columns_of=(
	[shm]="key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime"
	[sem]="key semid perms nsems uid gid cuid cgid otime ctime"
	[msg]="key msqid perms cbytes qnum lspid lrpid uid gid cuid cgid stime rtime ctime"
)
columns_of[shm]+=" rss swap"

# proc_table COLUMNS [ROW...] : prints a file in the form of /proc/sysvipc. A row gives some
# columns as words name=value; the other columns are 0.
proc_table()
{
	local names=$1 name row

	# shellcheck disable=SC2086 # several words
	printf '%10s ' $names
	echo
	for row in "${@:2}"; do
		for name in $names; do
			[[ " $row " =~ [[:space:]]"$name="([^[:space:]]*) ]] ||
				BASH_REMATCH=('' 0)
			printf '%10s ' "${BASH_REMATCH[1]}"
		done
		echo
	done
}
