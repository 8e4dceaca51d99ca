#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Real output keeps to the schemas that are installed, and they are worth keeping to.

load common
load scenes

# valid COMMAND ARG... : its JSON, in both forms, is what its schema says.
valid()
{
	valid_by "$1" "$@"
}

# valid_by NAME COMMAND ARG... : the same with the schema of this name.
valid_by()
{
	local schema=$IPCTOOL_SRCDIR/schema/ipctool-$1.schema.json

	shift

	run "$IPCTOOL_SRCDIR/tests/validate" "$schema" < <(ipctool "$@" -J 2>/dev/null)
	assert_output ''
	assert_success
	run "$IPCTOOL_SRCDIR/tests/validate" "$schema" lines \
		< <(ipctool "$@" --format=jsonl 2>/dev/null)
	assert_output ''
	assert_success
}

setup()
{
	local id

	requires jsonschema
	start_helper population 11
	start_helper attach-dest 100
	start_helper attach "$(helper shm 10 key=0xffffffff)" times=2
	start_helper msgwait "$(helper msg)"
	id=$(helper sem 3)
	helper semop "$id" 0 1
	start_helper semwait "$id" 1 dec
}

@test "schema: list" {
	valid list
	valid list --time=epoch
	valid list -o +stale,pids,command
	valid list shm -o "$(ipctool list -J --list-fields | jq -r '[.fields[].field] | join(",")')"
	valid list --sort=-size --source=stat
	valid list --source=proc
}

@test "schema: list --by" {
	local field

	for field in type mode owner group creator command cause; do
		valid_by groups list --by=$field -o +rss,swap,stale,unknown
	done
	valid_by groups list --by=owner --source=stat -o +rss
	valid_by groups list --by=owner --user=4000000
}

@test "schema: rm" {
	local schema=$IPCTOOL_SRCDIR/schema/ipctool-rm.schema.json

	valid rm --alone --all --dry-run
	valid rm --all --dry-run --force
	valid rm shm:999999 shm:0x7 sem:0
	run "$IPCTOOL_SRCDIR/tests/validate" "$schema" lines \
		< <(ipctool rm --all --force --yes --format=jsonl 2>/dev/null)
	assert_output ''
	assert_success
	# Nothing is left to remove.
	run "$IPCTOOL_SRCDIR/tests/validate" "$schema" < <(ipctool rm --all --yes -J)
	assert_output ''
	assert_success
	# Its words of a verdict are those of list.
	assert_equal "$(jq -c .definitions.object.properties.cause.enum "$schema")" \
		"$(jq -c .definitions.object.properties.cause.enum \
			"$IPCTOOL_SRCDIR/schema/ipctool-list.schema.json")"
}

@test "schema: list without objects" {
	end_helpers
	wipe
	valid list
	valid stat - </dev/null
}

@test "schema: list of a saved copy" {
	mkdir "$BATS_TEST_TMPDIR/saved"
	cp /proc/sysvipc/* "$BATS_TEST_TMPDIR/saved"
	valid list --from="$BATS_TEST_TMPDIR/saved" -o +stale,pids,command
}

@test "schema: stat" {
	ipctool list -o ref --no-headings >"$BATS_TEST_TMPDIR/refs"
	valid stat shm sem msg
	valid stat shm sem msg --time=epoch -o +pids
	valid stat "$(tail -n 1 "$BATS_TEST_TMPDIR/refs")"
}

@test "schema: limits" {
	valid limits
	valid limits shm -o resource,limit
	wipe
	valid limits
}

@test "schema: it has all fields, and nothing else" {
	local command

	for command in list stat limits; do
		assert_equal "$command: $(jq -r '.definitions.object.properties | keys[]' \
			"$IPCTOOL_SRCDIR/schema/ipctool-$command.schema.json" | grep -vx unread)" \
			"$command: $(ipctool $command -J --list-fields |
				jq -r '.fields[].field' | sort)"
	done
}

@test "schema: it rejects invalid documents" {
	local change
	local schema=$IPCTOOL_SRCDIR/schema/ipctool-list.schema.json

	for change in '.schema = 2' 'del(.objects)' '.objects[0].id = "1"' '.objects[0].key = 7' \
		'.objects[0].mode = "600"' '.objects[0].state = "dest"' '.objects[0].new = 1' \
		'.objects[0].ctime = "yesterday"' '.objects[0].type = "pshm"' \
		'.objects[0].unread = []' '.objects[0].size = -1' '.objects[0].size = 1.5'; do
		run "$IPCTOOL_SRCDIR/tests/validate" "$schema" < <(ipctool list -J | jq "$change")
		assert_failure 1
	done
}

@test "schema: each is a schema of draft 7" {
	run python3 -c 'import json, jsonschema, sys
for name in sys.argv[1:]:
    jsonschema.Draft7Validator.check_schema(json.load(open(name, encoding="utf-8")))' \
		"$IPCTOOL_SRCDIR"/schema/*.json
	assert_success
	assert_output ''
}
