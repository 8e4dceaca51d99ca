#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# Start times of processes, and clocks that were set. A library that is loaded into ipctool
# shows another clock to ipctool alone, and another /dev hides the clock at boot.

load common
load stale
load preload

setup_file()
{
	build_preload
}

setup()
{
	requires root mount
}

# The start of a command that runs the rest where the clock at boot is not known.
# shellcheck disable=SC2016 # the inner shell's own
no_boot=(unshare --mount --propagation unchanged sh -c '
	mount -t tmpfs none /dev && exec "$@"' sh)

# clock_is SECONDS known|unknown : from here on ipctool sees a clock that is this many seconds
# ahead, and knows the clock at boot or not.
clock_is()
{
	with_preload "PRELOAD_SHIFT=$1"
	[ "$2" = known ] || inside=("${no_boot[@]}" "${inside[@]}")
}

@test "clocks: a private daemon lives, and the clock is right" {
	local id

	start_helper as "$user" crowd 0
	id=$(used_shm)
	clock_is 0 known
	judged "shm:$id=false/may-know"
	clock_is 0 unknown
	judged "shm:$id=false/may-know"
}

@test "clocks: a private daemon lives, and the clock was set forward" {
	knows_boot
	local id

	start_helper as "$user" crowd 0
	id=$(used_shm)
	clock_is 3600 known
	judged "shm:$id=false/may-know"
	clock_is 3600 unknown
	judged "shm:$id=null/clock"
	assert_equal "$(reason "shm:$id" | sed 's/started [^,]*,/started X,/')" \
		"process ${ready[0]} (ipchelper), started X, may know it: whether it started before the object was made is unknown, because the clock at boot is"
	end_helper
	judged "shm:$id=true/none"
}

@test "clocks: a private daemon lives, and the clock was set back" {
	local id

	start_helper as "$user" crowd 0
	id=$(used_shm)
	for boot in known unknown; do
		clock_is -3600 "$boot"
		judged "shm:$id=false/grace"
	done
}

@test "clocks: a young process where the clock at boot is not known" {
	knows_boot
	local id
	id=$(used_shm)

	settle shm "$id"
	start_helper as "$user" crowd 0
	clock_is 0 known
	judged "shm:$id=true/none"
	clock_is 0 unknown
	judged "shm:$id=null/clock"
	# If the clock was set forward, a known clock at boot does not tell how much later it started.
	clock_is 3600 known
	judged "shm:$id=false/may-know"
}

@test "clocks: the reader of a queue of two users lives" {
	knows_boot
	local id
	id=$(helper msg as="$user" mode=0666)

	helper as "$user" send "$id" 1 8
	start_helper child hold as="$other" recv "$id"
	for clock in 0:known 0:unknown 3600:known 3600:unknown -3600:known; do
		clock_is "${clock%:*}" "${clock#*:}"
		judged "msg:$id=false/recorded"
	done
	end_helper
	clock_is 3600 known
	judged "msg:$id=true/none"
}

@test "clocks: a reused pid if the clock was set forward" {
	requires set_tid
	knows_boot
	local id pid
	id=$(helper shm 4096 as="$user")

	start_helper child zombie touch "$id"
	pid=${ready[0]}
	end_helper
	settle shm "$id"
	start_helper child hold "pid=$pid" as="$other" raw-index sem
	clock_is 0 known
	judged "shm:$id=true/none"
	clock_is 0 unknown
	judged "shm:$id=false/recorded"
	clock_is 3600 known
	judged "shm:$id=false/recorded"
}

@test "clocks: a process that uses an object at once after its start, by a clock that lags" {
	local set
	set=$(helper sem 1 as="$user")

	# Root's, so that only its pid tells that it uses the set.
	"$IPCTOOL" semop "sem:$set" 0+1 -- sleep 600 3>&- &
	until [ "$(ps -o comm= -p $!)" = sleep ]; do
		sleep 0.01
	done
	clock_is 1 known
	judged "sem:$set=false/recorded"
	kill "$!"
	wait "$!" || :
	judged "sem:$set=true/none"
}
