#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The whole life of an object from the shell: create, stat, set, stat, rm, gone. The
# effect of each command is checked by another command, by the kernel, and by ipcs.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life

# removed ARG... : what `rm -v` says, without what it says about the object.
removed()
{
	ipctool rm -v "$@" | sed 's/ (.*//'
}

# show FILTER : what jq makes of `stat -J` of the object.
show()
{
	ipctool stat -J "$ref" | jq -c ".objects[0] | $1"
}

@test "life: a segment" {
	requires ipcs root
	local ref

	ref=$(ipctool create shm --size=1M --key=0xcafe --mode=0640 --owner=daemon)
	assert_equal "$(show '[.ref, .key, .mode, .owner, .size, .nattch, .state]')" \
		"[\"$ref\",\"0x0000cafe\",\"0640\",\"daemon\",1048576,0,[]]"
	ipcs_says shm "${ref#*:}" bytes=1048576 mode=0640 "uid=$(id -u daemon)" cuid=0
	ipctool set "$ref" --mode=o+r --owner=root: --lock
	assert_equal "$(show '[.mode, .owner, .group, .state]')" '["0644","root","root",["locked"]]'
	ipcs_says shm "${ref#*:}" uid=0 gid=0
	ipctool set shm:0xcafe --unlock
	assert_equal "$(show .state)" '[]'
	assert_equal "$(removed shm:0xcafe)" "removed shm:0xcafe"
	tool stat "$ref"
	assert_refused "ipctool stat: $ref: there is no shared memory segment with this id"
	tool stat shm:0xcafe
	assert_refused "ipctool stat: shm:0xcafe: there is no shared memory segment with this key"
	assert_objects 0 0 0
}

@test "life: a set" {
	requires ipcs root
	local ref

	ref=$(ipctool create sem --nsems=3 --key=0xcafe --mode=0600 --owner=:daemon --value=1=5)
	assert_equal "$(show '[.ref, .key, .mode, .group, .nsems, [.semaphores[].val]]')" \
		"[\"$ref\",\"0x0000cafe\",\"0600\",\"daemon\",3,[0,5,0]]"
	ipcs_says sem "${ref#*:}" "nsems = 3" mode=0600 uid=0 "gid=$(id -g daemon)" "1 5 0 0"
	ipctool set "$ref" --mode=g+r --value=0-1=7
	assert_equal "$(show '[.mode, [.semaphores[].val]]')" '["0640",[7,7,0]]'
	ipctool set "$ref" --value=1
	assert_equal "$(show '[.semaphores[].val]')" '[1,1,1]'
	assert_equal "$(removed "$ref")" "removed $ref"
	tool stat "$ref"
	assert_refused "ipctool stat: $ref: there is no semaphore set with this id"
	tool rm sem:0xcafe
	assert_refused "ipctool rm: sem:0xcafe: there is no semaphore set with this key"
	assert_objects 0 0 0
}

@test "life: a queue" {
	requires ipcs root
	local ref

	ref=$(ipctool create msg --key=0xcafe --qbytes=1000 --owner=daemon:daemon)
	assert_equal "$(show '[.ref, .key, .mode, .owner, .group, .qbytes, .qnum, .fill]')" \
		"[\"$ref\",\"0x0000cafe\",\"0600\",\"daemon\",\"daemon\",1000,0,0]"
	ipcs_says msg "${ref#*:}" qbytes=1000 "uid=$(id -u daemon)" "gid=$(id -g daemon)"
	ipctool set "$ref" --qbytes=2K --mode=a=rw
	assert_equal "$(show '[.mode, .qbytes]')" '["0666",2048]'
	ipcs_says msg "${ref#*:}" qbytes=2048 mode=0666
	helper send "${ref#*:}" 2 512
	assert_equal "$(show '[.qnum, .size, .fill]')" '[2,1024,50]'
	assert_equal "$(removed --force "$ref")" "removed $ref"
	tool set "$ref" --mode=0
	assert_refused "ipctool set: $ref: there is no message queue with this id"
	assert_objects 0 0 0
}

@test "life: every command accepts what create prints" {
	local ref

	for type in "${types[@]}"; do
		# shellcheck disable=SC2086 # none or one
		ref=$(ipctool create "$type" ${create_args[$type]})
		ipctool stat "$ref" >/dev/null
		ipctool set "$ref" --mode=0640
		# shellcheck disable=SC2086
		ipctool create "$type" ${create_args[$type]} | ipctool rm --alone -
		ipctool rm --alone "$ref"
	done
	assert_objects 0 0 0
}

@test "life: in a user namespace, as an ordinary user" {
	requires userns
	local -a user=()
	! as_user 65534 true 2>/dev/null ||
		user=(setpriv --reuid=65534 --regid=65534 --clear-groups)

	# shellcheck disable=SC2016 # the inner shell's own
	split "${user[@]}" unshare --user --map-root-user --ipc sh -ec '
		for type in "shm --size=10" "sem --nsems=2 --value=3" msg; do
			ref=$("$1" create $type --key=7 --mode=0 2>&1)
			echo "$ref"
			"$1" stat -J "$ref" | jq -c ".objects[0] | [.mode, .uid, .cuid, .gid]"
			"$1" set "$ref" --mode=0600 -v
			"$1" rm "$ref" -v --force | sed "s/ (.*//"
		done' sh "$IPCTOOL"
	assert_success
	assert_output 'shm:0
["0000",0,0,0]
shm:0: mode 0000 -> 0600
removed shm:0
sem:0
["0000",0,0,0]
sem:0: mode 0000 -> 0600
removed sem:0
msg:0
["0000",0,0,0]
msg:0: mode 0000 -> 0600
removed msg:0'
	# There, nothing is known about processes outside.
	run grep -v ' could not be looked at' <<<"$stderr"
	assert_output ''
}
