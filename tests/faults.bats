#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Faults of the tools that ipctool replaces. If such a tool is installed and still has the
# fault, the first half of a test shows it; the second half shows that ipctool does not
# have it.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life

# old COMMAND... : runs an old tool if it is installed; the test checks the damage in its
# own namespace.
old()
{
	if command -v "$1" >/dev/null; then
		"$@" >/dev/null 2>&1 || true
	fi
}

# there TYPE ID : whether the object exists.
there()
{
	helper raw "$1" "$2" >/dev/null 2>&1
}

# shown TYPE ID TOOL : prints as a comment whether the old tool has removed the object.
shown()
{
	if there "$1" "$2"; then
		echo "# $3 has not this fault here" >&3
	fi
}

# first TYPE ID : creates an object with this id, which the truncated numbers become.
first()
{
	requires next_id
	there "$1" "$2" || {
		echo "$2" >"/proc/sys/kernel/${1}_next_id"
		make "$1" >/dev/null
	}
}

@test "faults: ids are truncated to 32 bits" {
	first shm 0
	old ipcrm shm 4294967296
	shown shm 0 ipcrm
	first shm 0
	first sem 0
	first msg 0
	for type in "${types[@]}"; do
		for number in 4294967296 18446744073709551616 -4294967296; do
			tool rm -f "$type:$number"
			assert_failure 2
			tool rm -f "-${id_letter[$type]}" "$number"
			assert_failure 2
		done
	done
	assert_objects 1 1 1
}

@test "faults: keys are truncated to 32 bits" {
	local id
	id=$(helper shm 1 key=0xdeadbeef)

	old ipcrm -M 0x1deadbeef
	shown shm "$id" ipcrm
	there shm "$id" || id=$(helper shm 1 key=0xdeadbeef)
	helper sem 1 key=0xdeadbeef
	helper msg key=0xdeadbeef
	for type in "${types[@]}"; do
		for key in 0x1deadbeef 0xdeadbeef00000000 8030011119; do
			tool rm -f "-${key_letter[$type]}" "$key"
			assert_failure 2
			tool rm -f "$type:$key"
			assert_failure 2
		done
	done
	assert_objects 1 1 1
}

@test "faults: objects are removed before the whole command line is checked" {
	local id
	id=$(helper shm 1)

	old ipcrm -m "$id" -m abc
	shown shm "$id" ipcrm
	there shm "$id" || id=$(helper shm 1)
	tool rm -m "$id" -m abc
	assert_usage "ipctool rm: -m: invalid ID 'abc': expected a number from 0 to 2147483647"
	there shm "$id"
	tool rm "shm:$id" shm:abc
	assert_failure 2
	there shm "$id"
}

@test "faults: -a with a type means every type" {
	local sem
	helper shm 1
	sem=$(helper sem 1)

	old ipcrm -a shm
	shown sem "$sem" ipcrm
	wipe
	helper shm 1
	helper sem 1
	helper msg
	# The processes that run the test may know the objects.
	tool rm -a shm --yes --force
	assert_silent
	assert_objects 0 1 1
	# A type alone removes nothing.
	tool rm sem
	assert_failure 2
	assert_objects 0 1 1
}

@test "faults: one's own objects of mode 0000 are skipped with status 0" {
	requires root
	local id

	id=$(helper shm 1 as=12345 mode=0)
	if command -v ipcrm >/dev/null; then
		as 12345 ipcrm -a
		assert_success
		if ! there shm "$id"; then
			echo "# ipcrm has not this fault here" >&3
			id=$(helper shm 1 as=12345 mode=0)
		fi
	fi
	as 12345 "$IPCTOOL" rm --alone --all --yes
	assert_success
	assert_objects 0 0 0
	for type in "${types[@]}"; do
		id=$(make "$type" as=12345 mode=0)
		as 12345 "$IPCTOOL" rm -f "$type:$id"
		assert_success
	done
	assert_objects 0 0 0
}

@test "faults: a missing object gives status 0" {
	if command -v ipcs >/dev/null; then
		run ipcs -m -i 99999
		[ "$status" -eq 0 ] || echo "# ipcs has not this fault here" >&3
	fi
	for type in "${types[@]}"; do
		for ref in "$type:99999" "$type:0x99999"; do
			tool stat "$ref"
			assert_failure 1
			tool list "$ref"
			assert_failure 1
			tool set "$ref" --mode=0
			assert_failure 1
			tool rm "$ref"
			assert_failure 1
		done
	done
}

@test "faults: facts that may be read are withheld with those that may not" {
	requires root
	local sem msg
	sem=$(helper sem 3)
	msg=$(helper msg qbytes=1234)

	if command -v ipcs >/dev/null; then
		as 12345 ipcs -q -i "$msg"
		[[ $output == *qbytes=0* ]] || echo "# ipcs has not this fault here" >&3
		as 12345 ipcs -s -i "$sem"
		[[ $output == *"nsems = 3"* ]] && echo "# ipcs has not this fault here" >&3
	fi
	as 12345 "$IPCTOOL" stat -J "sem:$sem" "msg:$msg"
	assert_success
	assert_equal "$(jq -c '[.objects[] | .nsems, .qbytes]' <<<"$output")" '[3,null,null,1234]'
	assert_stderr --partial "; sem: the semaphores may not be read"
}

@test "faults: modes above 0777 are flags" {
	if command -v ipcmk >/dev/null; then
		old ipcmk -Q -p 07777
		# 04000 asks for huge pages.
		old ipcmk -M 1 -p 04600
		wipe
	fi
	for mode in 01000 02000 04600 07777; do
		tool create msg --mode="$mode"
		assert_failure 2
		tool create shm --size=1 --mode="$mode"
		assert_failure 2
	done
	assert_objects 0 0 0
}

@test "faults: the key cannot be chosen, and an existing object may be returned" {
	local id

	tool create msg --key=0x12345678
	assert_success
	assert_equal "$(fact msg "$(only_id msg)" key)" 0x12345678
	tool create msg --key=0x12345678
	assert_failure 1
	assert_objects 0 0 1
	# Without a key none is set, so that no process finds the object by chance.
	tool create msg
	id=${output#msg:}
	assert_equal "$(fact msg "$id" key)" 0x00000000
}

@test "faults: the id is in a sentence in any language" {
	local line

	if command -v ipcmk >/dev/null; then
		line=$(LANGUAGE=de LC_ALL=de_DE.UTF-8 ipcmk -Q)
		[[ $line != msg:* ]]
		wipe
	fi
	LANGUAGE=de LC_ALL=de_DE.UTF-8 tool create msg
	assert_success
	assert_output --regexp '^msg:[0-9]+$'
}

@test "faults: 256 failures give status 0" {
	local n

	for ((n = 1000; n < 1256; n++)); do
		echo "shm:$n"
	done >"$BATS_TEST_TMPDIR/refs"
	for command in rm stat "set --mode=0"; do
		# shellcheck disable=SC2086 # several words
		tool $command - <"$BATS_TEST_TMPDIR/refs"
		assert_failure 1
		assert_equal "${#stderr_lines[@]}" 256
	done
}

@test "faults: objects are removed whoever owns them" {
	requires root seccomp
	local id
	id=$(helper shm 1 as=1111)

	# If the kernel does not check the caller, ipcrm removes objects of all users.
	denied shmctl:0=EIO setpriv --reuid=12345 --regid=12345 --clear-groups "$IPCTOOL" rm "shm:$id"
	assert_refused "ipctool rm: shm:$id: it belongs to 1111: only the owner, the creator or root may remove it"
}

@test "faults: a small stack is enough" {
	local fields msg sem shm
	shm=$(helper shm 4096)
	sem=$(helper sem 2)
	msg=$(helper msg)
	echo "shm:$shm" >"$BATS_TEST_TMPDIR/refs"

	# small ARG... : runs ipctool with a stack limit of 64 KiB.
	small()
	{
		split bash -c 'ulimit -s 64 && exec "$@"' bash "$IPCTOOL" "$@"
		assert_success
	}

	start_helper attach "$shm"
	fields=$(ipctool list --list-fields --format=csv | sed -n '2,$s/,.*//p' | paste -sd,)
	for format in $(formats_of list); do
		small list "--format=$format" -o "$fields" --sort=key,-size
	done
	small list --stale
	small list --pid=$$
	small stat "shm:$shm" "sem:$sem" "msg:$msg"
	small stat -J "shm:$shm" "sem:$sem" "msg:$msg"
	small limits --warn=100
	small limits --format=prometheus
	small create msg --mode=0600
	small create shm --size=1 --key=0x1234 --owner=0:0
	small create sem --nsems=32000
	small stat "$output" -J
	small set "sem:$sem" --mode=0640 --value=0=1
	small set "msg:$msg" --mode=u+rw
	small semop "sem:$sem" 0-1 --timeout=1
	small semop "sem:$sem" 0=0 --timeout=1 -- true
	small send "msg:$msg" "$BATS_TEST_TMPDIR/refs"
	small recv --peek "msg:$msg"
	small recv -J "msg:$msg"
	small send "msg:$msg" --lines "$BATS_TEST_TMPDIR/refs"
	small recv "msg:$msg" --all --lines
	small write "shm:$shm" "$BATS_TEST_TMPDIR/refs"
	small read "shm:$shm" --length=4
	small list - <"$BATS_TEST_TMPDIR/refs"
	end_helper
	small rm --unattached --dry-run
	small rm -v --unattached --yes
	small rm -f --all --yes
	assert_objects 0 0 0
	for command in $(commands); do
		small "$command" --help
	done
}
