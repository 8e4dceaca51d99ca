#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# run-bats: the machine's processes
#
# A service in PHP with one process for each request. They keep a counter in a segment
# (sysvshm), guarded by a set (sysvsem), and find both by their keys: between two requests no
# process is attached, the recorded ones have all ended, and the next one needs both.

load common
load real

setup()
{
	requires root python php
	start_place "${reaper[@]}"
	as_service=("${inside[@]}" setpriv --reuid=33 --regid=33 --clear-groups --)
}

# request : serves a request in a process of its own; prints what the counter has come to.
request()
{
	# shellcheck disable=SC2016 # the variables of PHP
	split "${as_service[@]}" php -r '
		$set = sem_get(0x70687001, 1, 0600, 1);
		sem_acquire($set);
		$segment = shm_attach(0x70687002, 10000, 0600);
		$n = (shm_has_var($segment, 1) ? shm_get_var($segment, 1) : 0) + 1;
		shm_put_var($segment, 1, $n);
		shm_detach($segment);
		sem_release($set);
		echo $n;'
	assert_success
	assert_stderr
}

# start_service : the process of the service that always runs, and has not used either itself.
start_service()
{
	"${as_service[@]}" php -r 'while (true) sleep(1);' </dev/null >/dev/null 2>&1 3>&- &
	until_true has_process
}

has_process()
{
	[ -n "$(processes_of 33)" ]
}

# serve : the first three requests; the objects are then in segment and set.
serve()
{
	request
	assert_output 1
	request
	assert_output 2
	request
	assert_output 3
	segment=shm:$(awk 'NR == 2 { print $2 }' /proc/sysvipc/shm)
	set=sem:$(awk 'NR == 2 { print $2 }' /proc/sysvipc/sem)
	assert_equal "$(objects)" "$segment $set"
}

@test "php: one process for each request, and live processes of the service" {
	start_service
	serve

	verdicts "$quick" --alone --grace=0 "$segment=false/may-know" "$set=false/may-know"
	verdicts "$quick" --grace=0 "$segment=false/may-know" "$set=false/may-know"
	never_stale
	kept "$quick" rm --stale --alone --grace=0 --yes
	refused "$segment" "$set" -- "$quick" rm --all --alone --yes
	refused "$segment" "$set" -- "$quick" rm --idle=0 --alone --yes
	request
	assert_output 4
}

@test "php: the same, with the real times" {
	start_service
	serve

	kept "$real" rm --stale --alone --yes
	sleep 3
	verdicts "$real" --alone --grace=1 "$segment=false/may-know" "$set=false/may-know"
	verdicts "$real" --alone "$segment=false/grace" "$set=false/grace"
	kept "$real" rm --stale --alone --grace=1 --yes
	refused "$segment" "$set" -- "$real" rm --all --alone --yes
	request
	assert_output 4
}

@test "php: no process of the user lives between two requests" {
	serve

	# The next request may come within a day.
	verdicts "$real" --alone "$segment=false/grace" "$set=false/grace"
	kept "$real" rm --stale --alone --yes
	# In other namespaces, other processes may find both.
	verdicts "$quick" --grace=0 "$segment=null/namespace" "$set=null/namespace"
	kept "$quick" rm --stale --grace=0 --yes
	request
	assert_output 4

	verdicts "$quick" --alone --grace=0 "$segment=true/none" "$set=true/none"
	split "${inside[@]}" "$quick" rm --stale --alone --grace=0 --yes -v
	assert_success
	assert_line --regexp "^removed $segment( |\$)"
	assert_line --regexp "^removed $set( |\$)"
	assert_stderr
	assert_equal "$(objects)" ''
	request
	assert_output 1
}

@test "php: the same, with the real times for segments and sets" {
	serve

	# A segment has the kernel's count of users, a set only times.
	in_grace "$set"
	verdicts "$real" --alone --grace=0 "$segment=true/none"
	sleep 3
	verdicts "$real" --alone --grace=0 "$segment=true/none" "$set=true/none"
	split "${inside[@]}" "$real" rm --stale --alone --grace=0 --yes
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(objects)" ''
}
