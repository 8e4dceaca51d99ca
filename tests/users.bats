#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who may do what: the owner, the creator who gave the object away, members of the group,
# strangers, root with and without capabilities, and users of a small user namespace.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life
load scenes

owner=1001
creator=1002
stranger=1003

setup()
{
	requires root
}

# given TYPE [MODE] : prints the id of an object that the creator has given to the owner.
given()
{
	local id
	id=$(make "$1" as=$creator mode="${2:-0600}")

	as_user $creator "$IPCTOOL" set "$1:$id" --owner=$owner
	echo "$id"
}

# in_own_namespace UID COMMAND... : `split` as this user, in a user namespace that maps
# nobody else, to root; the IPC namespace is the same.
in_own_namespace()
{
	local id=$1

	shift
	split setpriv --reuid="$id" --regid="$id" --clear-groups \
		unshare --user --map-root-user "$@"
}

only_owner="only the owner, the creator or root may"

@test "users: the owner may change and remove" {
	local id

	for type in "${types[@]}"; do
		id=$(given "$type")
		as $owner "$IPCTOOL" set "$type:$id" --mode=0640
		assert_silent
		assert_equal "$(fact "$type" "$id" mode)" 0640
		as $owner "$IPCTOOL" rm --alone "$type:$id"
		assert_success
		assert_output ''
	done
	assert_objects 0 0 0
}

@test "users: the creator may still do so after giving it away" {
	local id

	for type in "${types[@]}"; do
		id=$(given "$type")
		assert_equal "$(fact "$type" "$id" uid) $(fact "$type" "$id" cuid)" "$owner $creator"
		as $creator "$IPCTOOL" set "$type:$id" --mode=0604
		assert_silent
		as $creator "$IPCTOOL" set -v "$type:$id" --owner=$creator
		assert_success
		assert_output "$type:$id: owner $owner -> $creator"
		as $creator "$IPCTOOL" set "$type:$id" --owner=$owner
		assert_silent
		as $creator "$IPCTOOL" rm -f "$type:$id"
		assert_success
		assert_output ''
	done
	assert_objects 0 0 0
}

@test "users: a stranger may not, whatever the mode" {
	local id before

	for type in "${types[@]}"; do
		id=$(given "$type" 0666)
		before=$(helper raw "$type" "$id")
		for option in '' -f -n; do
			# shellcheck disable=SC2086 # none or one
			as $stranger "$IPCTOOL" rm $option "$type:$id"
			assert_refused "ipctool rm: $type:$id: it belongs to $owner: $only_owner remove it"
		done
		for option in --mode=0600 --owner=$stranger --owner=:$stranger; do
			as $stranger "$IPCTOOL" set "$type:$id" "$option"
			assert_refused "ipctool set: $type:$id: it belongs to $owner: $only_owner change it"
		done
		assert_equal "$(helper raw "$type" "$id")" "$before"
	done
}

@test "users: a stranger's removal is refused before the system call" {
	requires seccomp
	local id
	local -A call=([shm]=shmctl:0 [sem]=semctl:0 [msg]=msgctl:0)

	for type in "${types[@]}"; do
		id=$(given "$type" 0666)
		# Some kernels would permit it, so here the system call would give another
		# result.
		denied "${call[$type]}=EIO" setpriv --reuid=$stranger --regid=$stranger \
			--clear-groups "$IPCTOOL" rm -f "$type:$id"
		assert_refused "ipctool rm: $type:$id: it belongs to $owner: $only_owner remove it"
		denied "${call[$type]}=EIO" setpriv --reuid=$owner --regid=$owner \
			--clear-groups "$IPCTOOL" rm -f "$type:$id"
		assert_failure 1
		assert_stderr "ipctool rm: $type:$id: cannot remove it: Input/output error"
	done
}

@test "users: one's own objects are removed, those of others stay" {
	local mine theirs
	mine=$(helper msg as=$owner)
	theirs=$(helper msg as=$stranger)

	as $owner "$IPCTOOL" rm --alone -v "msg:$theirs" "msg:$mine"
	assert_failure 1
	assert_output --regexp "^removed msg:$mine \\([^()]*\\)\$"
	assert_stderr --partial "ipctool rm: msg:$theirs: it belongs to $stranger: $only_owner remove it"
	assert_objects 0 0 1
}

@test "users: root may change and remove" {
	local id

	for type in "${types[@]}"; do
		id=$(given "$type" 0)
		tool set "$type:$id" --mode=0600 --owner=0:0
		assert_silent
		tool rm -f "$type:$id"
		assert_silent
	done
	assert_objects 0 0 0
}

@test "users: root without CAP_SYS_ADMIN is a stranger" {
	local id

	for type in "${types[@]}"; do
		id=$(given "$type" 0666)
		without_cap sys_admin "$IPCTOOL" rm -f "$type:$id"
		assert_refused "ipctool rm: $type:$id: it belongs to $owner: $only_owner remove it"
		without_cap sys_admin "$IPCTOOL" set "$type:$id" --mode=0
		assert_refused "ipctool set: $type:$id: it belongs to $owner: $only_owner change it"
	done
	assert_objects 1 1 1
}

@test "users: the group may only write values" {
	local id
	id=$(helper sem 2 as=$owner gid=$creator mode=0060)
	assert_equal "$(fact sem "$id" gid)" $creator

	as $creator "$IPCTOOL" set "sem:$id" --value=1=4
	assert_silent
	assert_equal "$(fact sem "$id" val.1)" 4
	split setpriv --reuid=$stranger --regid=$stranger --groups=$creator "$IPCTOOL" \
		set "sem:$id" --value=1=5
	assert_silent
	split setpriv --reuid=$stranger --regid=$stranger --groups=$creator "$IPCTOOL" \
		set -n "sem:$id" --value=1=6
	assert_success
	assert_output "would change sem:$id: semaphore 1 5 -> 6"
	as $stranger "$IPCTOOL" set "sem:$id" --value=1=5
	assert_refused "ipctool set: sem:$id: cannot set values: the mode gives no permission to write"
	# The owner's bits apply to the owner, although the group has more.
	as $owner "$IPCTOOL" set "sem:$id" --value=1=5
	assert_refused "ipctool set: sem:$id: cannot set values: the mode gives no permission to write"
	as $creator "$IPCTOOL" set "sem:$id" --value=1=7 --mode=0666
	assert_refused "ipctool set: sem:$id: it belongs to $owner: $only_owner change it"
	assert_equal "$(fact sem "$id" val.1) $(fact sem "$id" mode)" "5 0060"
	as $creator "$IPCTOOL" set "sem:$id" --value=1=7 --mode=0040
	assert_refused "ipctool set: sem:$id: it belongs to $owner: $only_owner change it; changed before that: semaphore 1 5 -> 7"
}

@test "users: a stranger sees all that needs no permission" {
	local id

	for type in "${types[@]}"; do
		id=$(given "$type" 0)
		as $stranger "$IPCTOOL" stat -J "$type:$id"
		assert_success
		assert_equal "$(jq -c '.objects[0] | [.ref, .mode, .uid, .cuid]' <<<"$output")" \
			"[\"$type:$id\",\"0000\",$owner,$creator]"
	done
}

@test "users: an existing key is found without any permission" {
	local id

	for type in "${types[@]}"; do
		id=$(make "$type" as=$owner mode=0 key=0x99)
		# shellcheck disable=SC2086 # none or one
		as $stranger "$IPCTOOL" create "$type" ${create_args[$type]} --key=0x99
		assert_refused "ipctool create: $type:0x00000099: it exists already as $type:$id"
		# shellcheck disable=SC2086
		as $stranger "$IPCTOOL" create "$type" ${create_args[$type]} --key=0x99 --exist-ok
		assert_success
		assert_output "$type:$id"
	done
}

@test "users: an ordinary user may create and give away" {
	local id

	for type in "${types[@]}"; do
		# shellcheck disable=SC2086 # none or one
		as $creator "$IPCTOOL" create "$type" ${create_args[$type]} --owner=$owner:$stranger \
			--mode=0640
		created "$type"
		assert_created "$type"
		assert_equal "$(for name in uid gid cuid cgid mode; do fact "$type" "$id" $name; done | xargs)" \
			"$owner $stranger $creator $creator 0640"
	done
}

# --- In a user namespace of one entry -----------------------------------------------------

@test "users: a small user namespace shows all other users as nobody" {
	requires userns
	local mine theirs

	for type in "${types[@]}"; do
		mine=$(make "$type" as=$owner)
		theirs=$(make "$type" as=$stranger)
		in_own_namespace $owner "$IPCTOOL" stat -J "$type:$mine" "$type:$theirs"
		assert_success
		assert_equal "$(jq -c '[.objects[] | .uid, .cuid]' <<<"$output")" '[0,0,65534,65534]'
	done
}

@test "users: root in a small user namespace is not root over the objects" {
	requires userns
	local mine theirs name
	name=$(id -un 65534 2>/dev/null || echo 65534)

	for type in "${types[@]}"; do
		mine=$(make "$type" as=$owner)
		theirs=$(make "$type" as=$stranger mode=0666)
		in_own_namespace $owner "$IPCTOOL" rm -f "$type:$theirs"
		assert_refused "ipctool rm: $type:$theirs: it belongs to $name: $only_owner remove it"
		in_own_namespace $owner "$IPCTOOL" set "$type:$theirs" --mode=0
		assert_refused "ipctool set: $type:$theirs: it belongs to $name: $only_owner change it"
		in_own_namespace $owner "$IPCTOOL" set "$type:$mine" --mode=0640
		assert_silent
		in_own_namespace $owner "$IPCTOOL" rm -f "$type:$mine"
		assert_success
		assert_output ''
	done
	assert_objects 1 1 1
}

@test "users: in a small user namespace only mapped users can get objects" {
	requires userns
	local id
	local -r unknown="the kernel does not know this user or group (in a user namespace only those that it maps exist)"

	for type in "${types[@]}"; do
		id=$(make "$type" as=$owner)
		in_own_namespace $owner "$IPCTOOL" set "$type:$id" --owner=$stranger
		assert_refused "ipctool set: $type:$id: $unknown"
		in_own_namespace $owner "$IPCTOOL" set "$type:$id" --owner=0:0
		assert_silent
		# shellcheck disable=SC2086 # none or one
		in_own_namespace $owner "$IPCTOOL" create "$type" ${create_args[$type]} \
			--owner=:$stranger
		assert_refused "ipctool create: $type: cannot set its mode, owner or limit: $unknown; it was removed again"
	done
	assert_objects 1 1 1
}

@test "users: an object of a group that the user namespace does not map" {
	requires userns
	local id
	id=$(helper msg as=$owner)
	helper raw msg "$id" >/dev/null
	ipctool set "msg:$id" --owner=:$stranger

	# IPC_SET writes the group along with the mode, and there is no number for it.
	in_own_namespace $owner "$IPCTOOL" set "msg:$id" --mode=0640
	assert_refused "ipctool set: msg:$id: it is gone, or its user or group is none that this user namespace maps"
	in_own_namespace $owner "$IPCTOOL" set "msg:$id" --mode=0640 --owner=:0
	assert_silent
	assert_equal "$(fact msg "$id" gid) $(fact msg "$id" mode)" "$owner 0640"
}

# run_short COMMAND... : `split` where one file can be open at a time, beside the three
# standard ones.
run_short()
{
	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c 'exec 3>&- && ulimit -n 4 && exec "$@"' sh "$@"
}

@test "users: a database that cannot be read does not mean that there is no such name" {
	requires mount
	local users=$BATS_TEST_TMPDIR/users
	echo 'alice:x:1001:1001::/:/bin/sh' >"$users"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" 2>/dev/null || true

	with_users "$users" "$IPCTOOL" create msg --owner=alice
	assert_success
	with_users "$users" "$IPCTOOL" create msg --owner=bob
	assert_usage "ipctool create: --owner: unknown user 'bob'"
	chmod 600 "$users"
	for name in alice alice:1 alice: bob; do
		with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups \
			"$IPCTOOL" create msg --owner="$name"
		assert_usage "ipctool create: --owner: cannot look up the user '${name%%:*}': Permission denied"
	done
	with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups \
		"$IPCTOOL" create msg --owner=1001:
	assert_usage "ipctool create: --owner: cannot look up the user '1001': Permission denied"
	with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups \
		"$IPCTOOL" rm --user=alice --yes
	assert_usage "ipctool rm: --user: cannot look up the user 'alice': Permission denied"
	with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups \
		"$IPCTOOL" rm --all --except=user:alice --yes
	assert_usage "ipctool rm: --except: invalid exclusion 'user:alice': cannot look up the user 'alice': Permission denied"
	# A number needs none.
	with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups \
		"$IPCTOOL" create msg --owner=1001:1001
	assert_success
}

@test "users: names that could not be looked up are not missing names" {
	requires mount
	local id users=$BATS_TEST_TMPDIR/users
	echo 'alice:x:1001:1001::/:/bin/sh' >"$users"
	id=$(helper shm 1 as=1001)

	with_users "$users" "$IPCTOOL" list shm -o id,owner --format=raw --no-headings
	assert_success
	assert_output "$id alice"
	assert_stderr ''
	chmod 600 "$users"
	with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups \
		"$IPCTOOL" list shm -o id,owner --format=raw --no-headings
	assert_success
	assert_output "$id 1001"
	assert_stderr "ipctool list: names of users or groups could not be looked up, their numbers are shown: Permission denied"
	with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups \
		"$IPCTOOL" stat "shm:$id" -J
	assert_success
	assert_equal "$(jq -r '.objects[0].owner' <<<"$output")" 1001
	assert_stderr_line "ipctool stat: names of users or groups could not be looked up, their numbers are shown: Permission denied"
	with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups "$IPCTOOL" limits shm
	assert_success
	assert_stderr "ipctool limits: names of users or groups could not be looked up, their numbers are shown: Permission denied"
	# Here the file of the objects is open, and the one more that it takes cannot be opened.
	run_short "$IPCTOOL" list shm --source=proc -o id,owner --format=raw --no-headings
	assert_success
	assert_output "$id 1001"
	assert_stderr "ipctool list: names of users or groups could not be looked up, their numbers are shown: Too many open files"
}

@test "users: capabilities that may not be valid do not count" {
	requires userns strace
	local id
	id=$(helper shm 1)

	# In a user namespace below that of the IPC namespace they do not.
	in_own_namespace $stranger "$IPCTOOL" rm shm --unattached --yes
	assert_silent
	# Nor where that cannot be determined.
	for fault in openat:error=EMFILE ioctl:error=EMFILE; do
		in_own_namespace $stranger strace -qqq -o /dev/null -P /proc/self/ns/ipc \
			-e inject=$fault "$IPCTOOL" rm shm --unattached --yes
		assert_silent
	done
	assert_equal "$(only_id shm)" "$id"
}

@test "users: if the map cannot be read, the overflow id identifies no user" {
	requires strace
	helper shm 1 as=65534

	tool list shm --user=65534 -o uid --format=raw --no-headings
	assert_success
	assert_output 65534
	for error in EMFILE EIO; do
		split strace -f -qqq -o /dev/null -P /proc/self/uid_map \
			-e inject=openat:error=$error "$IPCTOOL" list shm --user=65534
		assert_failure 2
		assert_output ''
		assert_stderr --partial "ipctool list: --user='65534': in this user namespace this ID stands for all IDs that are not mapped"
	done
	# A kernel without user namespaces has no map.
	split strace -f -qqq -o /dev/null -P /proc/self/uid_map -e inject=openat:error=ENOENT \
		"$IPCTOOL" list shm --user=65534 -o uid --format=raw --no-headings
	assert_success
	assert_output 65534
}
