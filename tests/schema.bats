#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Real output keeps to the schemas that are installed, and they are worth keeping to.

load common
load scenes

# collect COMMAND ARG... : notes its JSON, in both forms, in files that are named by the words.
collect()
{
	local name=${*//\//_}

	name=$BATS_TEST_TMPDIR/$1.$((++collected)).${name:0:150}
	ipctool "$@" -J >"$name.json" 2>/dev/null || true
	ipctool "$@" --format=jsonl >"$name.jsonl" 2>/dev/null || true
}
collected=0

# assert_valid COMMAND... : what has been collected of each is what its schema says.
assert_valid()
{
	local command

	for command; do
		run "$IPCTOOL_SRCDIR/tests/validate" \
			"$IPCTOOL_SRCDIR/schema/ipctool-$command.schema.json" \
			"$BATS_TEST_TMPDIR/$command".*.json*
		assert_output ''
		assert_success
	done
}

setup()
{
	requires jsonschema
}

# Objects of all sorts, and processes that use them.
scene()
{
	local id

	start_helper population 11
	start_helper attach-dest 100
	start_helper attach "$(helper shm 10 key=0xffffffff)" times=2
	start_helper msgwait "$(helper msg)"
	id=$(helper sem 3)
	helper semop "$id" 0 1
	start_helper semwait "$id" 1 dec
}

@test "schema: list" {
	scene
	mkdir "$BATS_TEST_TMPDIR/saved"
	cp /proc/sysvipc/* "$BATS_TEST_TMPDIR/saved"
	collect list
	collect list --time=epoch
	collect list -o +stale,pids,command
	collect list shm -o "$(ipctool list -J --list-fields | jq -r '[.fields[].field] | join(",")')"
	collect list --sort=-size --source=stat
	collect list --source=proc
	collect list --from="$BATS_TEST_TMPDIR/saved" -o +stale,pids,command
	assert_valid list
}

@test "schema: list --by" {
	local field name=$BATS_TEST_TMPDIR/groups

	scene
	for field in type mode owner group creator command cause; do
		ipctool list --by=$field -o +rss,swap,stale,unknown -J >"$name.$field.json" 2>/dev/null
		ipctool list --by=$field -o +rss --source=stat --format=jsonl >"$name.$field.jsonl" 2>/dev/null
	done
	ipctool list --by=owner --user=4000000 -J >"$name.nothing.json"
	assert_valid groups
}

@test "schema: rm" {
	local name=$BATS_TEST_TMPDIR/rm schema=$IPCTOOL_SRCDIR/schema/ipctool-rm.schema.json

	scene
	collect rm --alone --all --dry-run
	collect rm --all --dry-run --force
	collect rm shm:999999 shm:0x7 sem:0 shm:0@4194304
	collect rm --alone --unattached --dry-run --ipc-ns=$$ shm shm:999999
	ipctool rm --all --force --yes --format=jsonl >"$name.all.jsonl" 2>/dev/null || true
	[ -s "$name.all.jsonl" ]
	# Nothing is left to remove.
	ipctool rm --all --yes -J >"$name.nothing.json"
	assert_valid rm
	# Its words of a verdict are those of list.
	assert_equal "$(jq -c .definitions.object.properties.cause.enum "$schema")" \
		"$(jq -c .definitions.object.properties.cause.enum \
			"$IPCTOOL_SRCDIR/schema/ipctool-list.schema.json")"
}

@test "schema: of nothing" {
	collect list
	collect limits
	collect stat - </dev/null
	assert_valid list limits stat
}

@test "schema: stat" {
	scene
	collect stat shm sem msg
	collect stat shm sem msg --time=epoch -o +pids
	collect stat "$(ipctool list -o ref --no-headings | tail -n 1)"
	assert_valid stat
}

@test "schema: limits" {
	scene
	collect limits
	collect limits shm -o resource,limit
	assert_valid limits
}

@test "schema: namespaces" {
	scene
	collect namespaces
	collect namespaces -o +nstale --alone
	collect namespaces -o ns,nsid --sort=-ns
	collect namespaces --unattached --min-size=1024T
	assert_valid namespaces
}

@test "schema: every field is in it, and nothing else" {
	local command

	for command in list stat limits namespaces waits; do
		assert_equal "$command: $(jq -r '.definitions.object.properties | keys[]' \
			"$IPCTOOL_SRCDIR/schema/ipctool-$command.schema.json" | grep -vx unread)" \
			"$command: $(ipctool $command -J --list-fields |
				jq -r '.fields[].field' | sort)"
	done
}

@test "schema: it refuses what is wrong" {
	local change n=0 wrong=()

	scene
	ipctool list -J >"$BATS_TEST_TMPDIR/right"
	for change in '.schema = 2' 'del(.objects)' '.objects[0].id = "1"' '.objects[0].key = 7' \
		'.objects[0].mode = "600"' '.objects[0].state = "dest"' '.objects[0].new = 1' \
		'.objects[0].ctime = "yesterday"' '.objects[0].type = "disk"' \
		'.objects[0].unread = []' '.objects[0].size = -1' '.objects[0].size = 1.5'; do
		wrong+=("$BATS_TEST_TMPDIR/$((++n)) $change")
		jq "$change" "$BATS_TEST_TMPDIR/right" >"${wrong[-1]}"
	done
	run "$IPCTOOL_SRCDIR/tests/validate" "$IPCTOOL_SRCDIR/schema/ipctool-list.schema.json" \
		"${wrong[@]}"
	assert_failure 1
	# Each of them, and by name.
	assert_equal "$(cut -d: -f1 <<<"$output" | uniq)" "$(printf '%s\n' "${wrong[@]##*/}")"
}

@test "schema: each is a schema of draft 7" {
	run python3 -c 'import json, jsonschema, sys
for name in sys.argv[1:]:
    jsonschema.Draft7Validator.check_schema(json.load(open(name, encoding="utf-8")))' \
		"$IPCTOOL_SRCDIR"/schema/*.json
	assert_success
	assert_output ''
}
