#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The formats for programs: each gives back every field of every type, whatever the names
# are.

load common
load scenes

# shellcheck disable=SC2016,SC1003 # what is in single quotes is meant
# Hostile names: quotes, blanks, text that shells run, bytes that are not UTF-8.
hostile=(
	"it's"
	'$(touch ran)`touch ran`'
	$'a b\ttab'
	'back\slash\x41\\'
	'"quoted",comma'
	$'\e[2Jclear'
	$'\xc3\x28latin\xe9'
	'김철수'
	'; touch ran #'
	$'nbsp\u00a0line\u2028\u0085'
	'*'
	'a=b'
	'\'
	$'cr\r'
)

# hostile_users : creates a set for each hostile name, and the database of users in
# $users.
hostile_users()
{
	local i

	users=$BATS_TEST_TMPDIR/passwd
	for i in "${!hostile[@]}"; do
		helper sem 1 uid=$((5000 + i)) >/dev/null
		printf '%s:x:%d:5000::/:\n' "${hostile[i]}" $((5000 + i)) >>"$users"
	done
}

# hostile_utf8 : prints the names in their form in UTF-8 formats, one per line.
hostile_utf8()
{
	python3 -c 'import sys, os
for name in sys.argv[1:]:
    print(os.fsencode(name).decode("utf-8", "replace"))' "${hostile[@]}"
}

# The document as jq reads it: one object per line, each member as a string, null as the
# empty string, lists joined by commas. The other formats must give the same.
flat_json()
{
	jq -c '.objects[] | del(.unread) | with_entries(.value |=
		if . == null then "" elif type == "array" then join(",") else tostring end)'
}

# Creates objects of all types, with and without all properties.
make_all()
{
	local id

	start_helper population 7
	id=$(helper shm 5000 key=0xfedcba98)
	# Owned by a user without a name, if other users are available.
	if as_user 65534 true 2>/dev/null; then
		helper shm 1 uid=4000000000 >/dev/null
	fi
	start_helper attach "$id"
	helper touch "$id"
	start_helper attach-dest 10
	id=$(helper msg qbytes=1000)
	helper send "$id" 3 7
	id=$(helper sem 2)
	helper semop "$id" 0 1
}

# All fields but those that count seconds and processes, so that two runs differ.
fields=$(ipctool list -J --list-fields |
	jq -r '[.fields[].field | select(. != "reason" and . != "age")] | join(",")')

@test "formats: json and jsonl have the same content" {
	make_all
	tool list -J -o "$fields"
	assert_success
	wanted=$(jq -c '.objects[]' <<<"$output")
	tool list --format=jsonl -o "$fields"
	assert_success
	assert_equal "$(jq -c . <<<"$output")" "$wanted"
	assert_equal "$(wc -l <<<"$output")" "$(wc -l <<<"$wanted")"
	# Without -o each object has the fields of its type.
	tool list -J
	wanted=$(jq -c '.objects[]' <<<"$output")
	tool list --format=jsonl
	assert_equal "$(jq -c . <<<"$output")" "$wanted"
}

@test "formats: csv, read by Python, equals json" {
	requires python
	make_all
	tool list -J -o "$fields"
	wanted=$(flat_json <<<"$output")
	assert_success
	ipctool list --format=csv -o "$fields" >"$BATS_TEST_TMPDIR/csv"
	run python3 -c 'import csv, json, sys
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True):
    print(json.dumps(row, separators=(",", ":"), ensure_ascii=False))' "$BATS_TEST_TMPDIR/csv"
	assert_success
	assert_output "$wanted"
}

@test "formats: csv: one column that is null is still a row" {
	requires python
	helper sem 1 >/dev/null
	helper sem 1 >/dev/null
	tool list sem --format=csv -o nattch
	assert_success
	assert_equal "$(printf '%s' "$output" | python3 -c 'import csv, sys
print(list(csv.DictReader(sys.stdin)))')" "[{'nattch': ''}, {'nattch': ''}]"
}

@test "formats: csv conforms to RFC 4180" {
	local id
	id=$(helper sem 1)
	ipctool list sem --format=csv -o ref,owner,otime,state,size >"$BATS_TEST_TMPDIR/csv"
	assert_equal "$(cat -A "$BATS_TEST_TMPDIR/csv")" \
		"ref,owner,otime,state,size^M\$"$'\n'"sem:$id,root,,\"\",^M\$"
	ipctool list sem --format=csv -o ref --no-headings >"$BATS_TEST_TMPDIR/csv"
	assert_equal "$(cat -A "$BATS_TEST_TMPDIR/csv")" "sem:$id^M\$"
}

@test "formats: raw equals json" {
	make_all
	tool list -J -o "$fields"
	# Null and an empty list are both a minus sign.
	wanted=$(flat_json <<<"$output" | jq -r '[.[] | if . == "" then "-" else . end] | join(" ")')
	tool list --format=raw -o "$fields" --no-headings
	assert_success
	assert_output "$wanted"
	# A recorded process is the reason, whatever other processes run.
	start_helper child hold setval "$(helper sem 1 key=0x9ac)" 0 1
	tool list --format=raw --key=0x9ac -o reason,stale --no-headings
	assert_success
	assert_output "process\\x20${ready[0]}\\x20(ipchelper)\\x20used\\x20semaphore\\x200\\x20last false"
	tool list --format=raw -o ref,use 2>/dev/null
	assert_failure 2
	tool list sem --format=raw -o Ref,key
	assert_line --index 0 "REF KEY"
}

@test "formats: export equals json, in sh and in bash" {
	local shell
	make_all
	tool list -J -o "$fields"
	wanted=$(flat_json <<<"$output" | jq -r '[.[]] | join("|")')
	for shell in sh bash dash; do
		command -v $shell >/dev/null || continue
		# shellcheck disable=SC2016 # the inner shell's own
		run $shell -c 'while IFS= read -r line; do
			eval "$line"
			set --
			for name in '"$(tr ,a-z ' A-Z' <<<"$fields")"'; do
				eval "value=\$IPC_$name"
				set -- "$@" "$value"
			done
			IFS="|"
			printf "%s\n" "$*"
		done' < <(ipctool list --format=export -o "$fields")
		assert_success
		assert_output "$wanted"
	done
}

@test "formats: hostile names in json and jsonl" {
	requires root mount python
	local wanted
	hostile_users
	with_users "$users" "$IPCTOOL" list sem -J -o owner --sort=uid
	assert_success
	wanted=$(hostile_utf8)
	assert_equal "$(jq -r '.objects[].owner' <<<"$output")" "$wanted"
	with_users "$users" "$IPCTOOL" list sem --format=jsonl -o owner --sort=uid
	assert_equal "${#lines[@]}" ${#hostile[@]}
	assert_equal "$(jq -r .owner <<<"$output")" \
		"$wanted"
}

@test "formats: hostile names in csv" {
	requires root mount python
	hostile_users
	# shellcheck disable=SC2016 # the inner shell's own
	with_users "$users" sh -c '"$1" list sem --format=csv -o owner --sort=uid >"$2"' sh "$IPCTOOL" \
		"$BATS_TEST_TMPDIR/csv"
	assert_success
	run python3 -c 'import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True))
assert all(len(row) == 1 for row in rows)
print("\n".join(row[0] for row in rows[1:]))' "$BATS_TEST_TMPDIR/csv"
	assert_success
	assert_output "$(hostile_utf8)"
}

@test "formats: hostile names in raw, decoded to their bytes" {
	requires root mount python
	hostile_users
	# shellcheck disable=SC2016 # the inner shell's own
	with_users "$users" sh -c '"$1" list sem --format=raw -o owner,id --no-headings --sort=uid >"$2"' sh \
		"$IPCTOOL" "$BATS_TEST_TMPDIR/raw"
	assert_success
	# Every program that reads words gets two words per line.
	run python3 -c 'import sys
for line in open(sys.argv[1], encoding="utf-8"):
    assert len(line.split()) == 2, line' "$BATS_TEST_TMPDIR/raw"
	assert_success
	run env LC_ALL=C awk 'NF != 2' "$BATS_TEST_TMPDIR/raw"
	assert_output ''
	run python3 -c 'import re, sys
for line in open(sys.argv[1], "rb"):
    word = line.split(b" ")[0]
    sys.stdout.buffer.write(re.sub(rb"\\x(..)",
        lambda match: bytes([int(match[1], 16)]), word) + b"\n")' "$BATS_TEST_TMPDIR/raw"
	assert_output "$(printf '%s\n' "${hostile[@]}")"
}

@test "formats: hostile names in export run nothing and are complete" {
	requires root mount
	local shell i
	hostile_users
	# shellcheck disable=SC2016 # the inner shell's own
	with_users "$users" sh -c '"$1" list sem --format=export -o owner --sort=uid >"$2"' sh "$IPCTOOL" \
		"$BATS_TEST_TMPDIR/export"
	assert_success
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/export")" ${#hostile[@]}
	cd "$BATS_TEST_TMPDIR"
	for shell in sh bash dash; do
		command -v $shell >/dev/null || continue
		# shellcheck disable=SC2016 # the inner shell's own
		run $shell -c 'while IFS= read -r line; do
			eval "$line"
			printf "%s\n" "$IPC_OWNER"
		done <export'
		assert_success
		assert_output "$(printf '%s\n' "${hostile[@]}")"
		[ ! -e ran ]
	done
}

@test "formats: a newline in the name of a process does not end the line" {
	cp "$IPCHELPER" "$BATS_TEST_TMPDIR/"$'a\nb'
	IPCHELPER=$BATS_TEST_TMPDIR/$'a\nb' start_helper population 3
	cd "$BATS_TEST_TMPDIR"
	tool list shm --format=export -o command
	assert_success
	assert_equal "$(sort -u <<<"$output" | grep -v "=''")" "IPC_COMMAND='a\\x0ab'"
	tool list shm --format=raw -o command --no-headings
	assert_line 'a\x0ab'
	tool list shm --format=csv -o command --no-headings
	assert_line --partial '"a'
	tool list shm -J -o command
	assert_equal "$(jq -r '.objects[].command' <<<"$output" | sort -u | grep -c '^b$')" 1
}

@test "formats: a name that is a minus sign is not null" {
	cp "$IPCHELPER" "$BATS_TEST_TMPDIR/-"
	IPCHELPER=$BATS_TEST_TMPDIR/- start_helper attach-dest 10
	tool list shm --format=raw -o command --no-headings
	assert_output '\x2d'
	tool list shm --format=csv -o command --no-headings
	assert_output $'-\r'
}

# age_in ACTIVE OPTION... : the age of a segment with this ctime, and no other time.
age_in()
{
	proc_table "${columns_of[shm]}" "ctime=$1" >"$BATS_TEST_TMPDIR/shm"
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- \
		"$IPCTOOL" list shm --source=proc -o age --no-headings "${@:2}"
	assert_success
	assert_stderr
}

@test "formats: age is whole seconds, and a duration in a table" {
	requires mount
	local before after age

	age_in $(($(date +%s) - 2 * 86400 - 7))
	assert_output 2d
	before=$(date +%s)
	age_in 1000000000 -J
	after=$(date +%s)
	age=$(jq '.objects[0].age' <<<"$output")
	[ "$age" -ge $((before - 1000000000)) ]
	[ "$age" -le $((after - 1000000000)) ]
	# The same whatever the form of times.
	age_in 1000000000 --format=csv --time=iso
	assert_output --regexp $'^[0-9]{9,10}\r$'
	# In the future it is 0.
	age_in $(($(date +%s) + 1000)) -J
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" '{"age":0}'
	age_in $(($(date +%s) + 1000))
	assert_output 0s
	# Never is none.
	age_in 0 -J
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" '{"age":null}'
	age_in 0
	assert_output -
	# It is no default field of list, but of stat.
	helper sem 1 >/dev/null
	tool list -J sem
	assert_equal "$(jq -c '.objects[0] | has("age")' <<<"$output")" false
	tool stat -J sem
	assert_equal "$(jq -c '.objects[0] | has("age"), (keys_unsorted | last)' <<<"$output")" $'true\n"age"'
	# pagesize came later.
	helper shm 1 >/dev/null
	tool stat -J shm
	assert_equal "$(jq -c '.objects[0] | keys_unsorted[-2:]' <<<"$output")" '["age","pagesize"]'
}

@test "formats: times as numbers, and in UTC" {
	requires mount
	proc_table "${columns_of[shm]}" "ctime=1790000000" >"$BATS_TEST_TMPDIR/shm"
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- env TZ=XXX-5:30 \
		"$IPCTOOL" list shm --source=proc -J -o ctime,atime,active --time=epoch
	assert_equal "$(jq -c '.objects[]' <<<"$output")" \
		'{"ctime":1790000000,"atime":null,"active":1790000000}'
	for format in csv raw; do
		over_proc shm="$BATS_TEST_TMPDIR/shm" -- env TZ=XXX-5:30 \
			"$IPCTOOL" list shm --source=proc --format=$format -o ctime --no-headings --time=iso
		assert_equal "${output%$'\r'}" "2026-09-21T14:13:20Z"
	done
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- env TZ=XXX-5:30 \
		"$IPCTOOL" list shm --source=proc -o ctime,active --no-headings --time=iso
	assert_output "2026-09-21T14:13:20Z  2026-09-21T14:13:20Z"
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" list shm --source=proc -o ctime,active \
		--no-headings --time=epoch
	assert_output "1790000000  1790000000"
}

@test "formats: unreadable values are null in all formats, and listed in JSON" {
	requires mount
	proc_table "${columns_of[shm]% rss swap}" "shmid=7" >"$BATS_TEST_TMPDIR/shm"
	for format in $(formats_of list | grep -vx table); do
		over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" list shm --source=proc \
			--format="$format" -o ref,rss,atime --no-headings
		assert_success
		assert_stderr "ipctool list: 1 value could not be read: shm: /proc/sysvipc does not have it"
		case $format in
		json) assert_line --index 1 '{"ref": "shm:7", "rss": null, "atime": null, "unread": ["rss"]}' ;;
		jsonl) assert_output '{"ref": "shm:7", "rss": null, "atime": null, "unread": ["rss"]}' ;;
		csv) assert_output $'shm:7,,\r' ;;
		raw) assert_output 'shm:7 - -' ;;
		export) assert_output "IPC_REF='shm:7' IPC_RSS='' IPC_ATIME=''" ;;
		*) fail "what has $format for null?" ;;
		esac
	done
}

@test "formats: a field that no listed type has is null" {
	local id
	id=$(helper sem 1)
	tool list sem -J -o ref,nattch
	assert_success
	assert_line --index 1 '{"ref": "sem:'"$id"'", "nattch": null}'
	# Added to the default ones as well.
	tool list sem -J -o +nattch
	assert_equal "$(jq -c '.objects[] | [has("nattch"), .nattch, has("rss")]' <<<"$output")" \
		'[true,null,false]'
	tool list sem --format=csv -o ref,nattch --no-headings
	assert_output "sem:$id,"$'\r'
	tool list sem -o nattch,ref
	assert_output $'NATTCH  REF\n        sem:'"$id"
}

@test "formats: nothing to print" {
	tool list -J
	assert_output '{"schema": 1, "objects": []}'
	for format in jsonl export; do
		tool list --format=$format
		assert_success
		assert_output ''
	done
	tool list --format=csv -o ref,id
	assert_output $'ref,id\r'
	tool list --format=raw -o ref,id
	assert_output 'REF ID'
	tool list --format=csv --no-headings
	assert_output ''
}

# --- Options --------------------------------------------------------------------------

@test "formats: an unknown format is named, with the choices" {
	local command formats

	for command in list stat limits; do
		formats=$(formats_of $command | paste -sd, | sed 's/,/, /g')
		[[ $formats == 'table, json, jsonl'* ]]
		tool $command --format=xml
		assert_usage "ipctool $command: unknown format 'xml'; expected one of: $formats"
	done
	formats=$(formats_of list | paste -sd, | sed 's/,/, /g')
	tool list --format=prometheus
	assert_usage "ipctool list: unknown format 'prometheus'; expected one of: $formats"
}

@test "formats: stat has the formats that can nest tables" {
	local id format
	id=$(helper sem 1)
	for format in $(formats_of list | grep -vxFf <(formats_of stat)); do
		tool stat "sem:$id" "--format=$format"
		assert_usage "ipctool stat: the format '$format' cannot hold a table within a table, which stat shows; expected one of: table, json, jsonl"
	done
	# The reason and the age count seconds.
	tool stat "sem:$id" -J
	assert_success
	wanted=$(jq -c '.objects[] | del(.reason, .age)' <<<"$output")
	tool stat "sem:$id" --format=jsonl
	assert_success
	assert_equal "$(jq -c 'del(.reason, .age)' <<<"$output")" "$wanted"
	assert_equal "${#lines[@]}" 1
	tool stat "sem:$id" --format=table
	assert_line --index 0 "sem:$id"
}

@test "formats: options for tables only" {
	local format option
	for option in --numeric --bytes --color=never --color=auto --color=always; do
		for format in $(formats_of list | grep -vx table); do
			tool list --format="$format" $option
			assert_usage "ipctool list: ${option%%=*} is for tables; --format=$format has no use for it"
		done
		tool list $option -J
		assert_failure 2
		tool list $option
		assert_success
		tool limits -J $option
		assert_failure 2
	done
	tool list --color=sometimes
	assert_usage "ipctool list: unknown time for colour 'sometimes'; expected one of: auto, always, never"
	tool list --time=local
	assert_usage "ipctool list: unknown form of time 'local'; expected one of: iso, epoch"
}

@test "formats: the last format counts" {
	local id
	id=$(helper sem 1)
	tool list -J --format=raw -o ref
	assert_output $'REF\n'"sem:$id"
	tool list --format=raw -J -o ref
	assert_line --index 1 '{"ref": "sem:'"$id"'"}'
}

@test "formats: --numeric and --bytes" {
	requires root
	local id
	id=$(helper shm 1234567 uid=33 gid=34)
	tool list shm -o owner,group,creator,cgroup,size --no-headings --numeric --bytes
	assert_success
	assert_output "33  34  0  0  1234567"
	tool stat "shm:$id" --numeric --bytes -o ref,owner,size
	assert_output "shm:$id"$'\n  OWNER  33\n  SIZE   1234567'
}

# shellcheck disable=SC2016 # the inner shell's own
@test "formats: a full disk" {
	local format
	[ -e /dev/full ] || skip "needs /dev/full"
	helper sem 1
	for format in $(formats_of list); do
		split sh -c '"$1" list --format=$2 -o ref >/dev/full' sh "$IPCTOOL" "$format"
		assert_failure 2
	done
	for format in $(formats_of limits); do
		split sh -c '"$1" limits --format=$2 >/dev/full' sh "$IPCTOOL" "$format"
		assert_failure 2
	done
}
