#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031 # each test is a process of its own
#
# The command line of ipctool and of `ipctool list`, and the table.

load common
load scenes

# Times far from a change of their printed age, so that no test depends on the clock.
setup()
{
	local now

	now=$(date +%s)
	minutes=$((now - 150))
	hours=$((now - 9000))
	days=$((now - 2 * 86400 - 43200))
	long=$((now - 278 * 86400 - 43200))
	scene=$BATS_TEST_TMPDIR/scene
	mkdir "$scene"
}

# The objects of a machine, as files in $scene, and its users.
make_scene()
{
	proc_table "${columns_of[shm]}" \
		"key=5433025 shmid=32769 perms=600 size=56 nattch=6 uid=26 ctime=$long atime=$minutes cpid=88 lpid=99" \
		"shmid=32770 perms=600 size=536870912 uid=1001 ctime=$days" >"$scene/shm"
	proc_table "${columns_of[sem]}" \
		"semid=3 perms=600 nsems=1 uid=33 ctime=$long" >"$scene/sem"
	proc_table "${columns_of[msg]}" \
		"key=4660 perms=660 cbytes=16384 qnum=12 uid=4000000000 ctime=$long stime=$hours" \
		>"$scene/msg"
	printf '%s\n' root:x:0:0::/: postgres:x:26:26::/: hpcuser:x:1001:1001::/: \
		www-data:x:33:33::/: >"$scene/passwd"
}

# in_scene list ARG... : runs ipctool list on these files.
in_scene()
{
	make_scene
	over_proc shm="$scene/shm" sem="$scene/sem" msg="$scene/msg" -- \
		"${users_are[@]}" "$scene/passwd" "$IPCTOOL" "$1" --source=proc "${@:2}"
}

# see_help COMMAND : the second line of a usage error.
see_help()
{
	echo "Try \`$1 --help' or \`$1 --usage' for more information."
}

# --- The table ------------------------------------------------------------------------

@test "list: one table of all types" {
	requires mount
	in_scene list
	assert_success
	assert_stderr
	assert_output - <<-'END'
		REF        KEY         OWNER       MODE  SIZE  USE          ACTIVE  STATE
		shm:32769  0x0052e6c1  postgres    0600    56  6 attached   2m
		shm:32770  0x00000000  hpcuser     0600  512M  0 attached   2d
		sem:3      0x00000000  www-data    0600        1 semaphore  278d
		msg:0      0x00001234  4000000000  0660   16K  12 messages  2h
	END
}

@test "list: real objects" {
	local shm sem msg

	shm=$(helper shm 4096 key=0x1234 mode=0640)
	start_helper attach "$shm" times=2
	sem=$(helper sem 3 key=0xfedcba98)
	msg=$(helper msg)
	helper send "$msg" 1 10
	tool list -o key,owner,mode,size,use,state
	assert_success
	assert_stderr
	assert_output - <<-'END'
		KEY         OWNER  MODE  SIZE  USE           STATE
		0x00001234  root   0640  4.0K  2 attached
		0xfedcba98  root   0600        3 semaphores
		0x00000000  root   0600    10  1 message
	END
	tool list -o ref --no-headings
	assert_success
	assert_equal "${lines[*]}" "shm:$shm sem:$sem msg:$msg"
}

@test "list: no objects" {
	tool list
	assert_success
	assert_stderr
	assert_output "REF  KEY  OWNER  MODE  SIZE  USE  ACTIVE  STATE"
	tool list --no-headings
	assert_success
	assert_stderr
	assert_output ''
}

@test "list: a segment that is locked and marked for destruction" {
	requires mount
	proc_table "${columns_of[shm]}" "shmid=1 perms=1600" "shmid=2 perms=2600" \
		"shmid=3 perms=3777" >"$scene/shm"
	over_proc shm="$scene/shm" -- "$IPCTOOL" list --source=proc -o ref,mode,state
	assert_success
	assert_stderr
	assert_output - <<-'END'
		REF    MODE  STATE
		shm:1  0600  dest
		shm:2  0600  locked
		shm:3  0777  dest,locked
	END
}

@test "list: shm has its own columns" {
	requires mount
	in_scene list shm
	assert_success
	assert_stderr
	assert_output - <<-'END'
		REF        KEY         OWNER     MODE  SIZE  NATTCH  CPID  ACTIVE  STATE
		shm:32769  0x0052e6c1  postgres  0600    56       6    88  2m
		shm:32770  0x00000000  hpcuser   0600  512M       0     0  2d
	END
}

@test "list: sem has its own columns" {
	requires mount
	in_scene list sem
	assert_success
	assert_stderr
	assert_output - <<-'END'
		REF    KEY         OWNER     MODE  NSEMS  OTIME  ACTIVE  STATE
		sem:3  0x00000000  www-data  0600      1         278d
	END
}

@test "list: msg has its own columns" {
	local id

	id=$(helper msg key=0x1234 qbytes=8192)
	helper send "$id" 2 1000
	tool list msg
	assert_success
	assert_stderr
	assert_line --index 0 --regexp \
		'^REF +KEY         OWNER  MODE  SIZE  QBYTES  QNUM  ACTIVE  STATE$'
	assert_line --index 1 --regexp \
		"^msg:$id  0x00001234  root   0600  2\.0K    8\.0K     2  [0-9]+s\$"
	assert_equal "${#lines[@]}" 2
}

@test "list: types by operand, by letter and by long option" {
	local all="shm sem msg" words wanted

	helper shm 1
	helper sem 1
	helper msg
	while IFS=: read -r words wanted; do
		# shellcheck disable=SC2086 # several words
		tool list $words -o type --no-headings
		assert_success
		assert_stderr
		assert_equal "${lines[*]}" "$wanted"
	done <<-END
		:$all
		shm:shm
		sem:sem
		msg:msg
		-m:shm
		-s:sem
		-q:msg
		-qm:shm msg
		--shmems:shm
		--semaphores:sem
		--queues:msg
		msg sem:sem msg
		msg shm msg:shm msg
		-m msg:shm msg
		-msq:$all
		sem -q shm:$all
	END
}

@test "list: more than one type uses the common table" {
	tool list shm sem
	assert_success
	assert_output "REF  KEY  OWNER  MODE  SIZE  USE  ACTIVE  STATE"
	tool list -q -q
	assert_success
	assert_output "REF  KEY  OWNER  MODE  SIZE  QBYTES  QNUM  ACTIVE  STATE"
}

@test "list: options may follow operands, even with POSIXLY_CORRECT" {
	local id

	id=$(helper shm 1)
	split env POSIXLY_CORRECT=1 "$IPCTOOL" list shm -o ref --no-headings
	assert_success
	assert_stderr
	assert_output "shm:$id"
	split env POSIXLY_CORRECT=1 "$IPCTOOL" list -o ref sem --no-headings shm
	assert_success
	assert_stderr
	assert_output "shm:$id"
}

@test "list: all words after -- are operands" {
	tool list --no-headings -- shm
	assert_success
	assert_output ''
	tool list -- -m
	assert_usage "ipctool list: unknown type '-m'; expected one of: shm, sem, msg, pshm, psem, pmsg, or a reference, for example shm:32769 or shm:0x52e2c1"
}

@test "list: ls is another name for list" {
	helper sem 2
	tool ls -o type,nsems
	assert_success
	assert_stderr
	assert_output - <<-'END'
		TYPE  NSEMS
		sem       2
	END
	tool ls --nonsense
	assert_usage "ipctool list: unknown option '--nonsense'"
}

# --- Fields ---------------------------------------------------------------------------

@test "list: -o takes fields in either case and in any order" {
	helper shm 5 key=7
	tool list -o SIZE,Key,type
	assert_success
	assert_stderr
	assert_output - <<-'END'
		SIZE  KEY         TYPE
		   5  0x00000007  shm
	END
	# The last one counts.
	tool list --output=id --output=mode
	assert_output - <<-'END'
		MODE
		0600
	END
}

@test "list: -o with a plus adds to the default fields" {
	tool list -o +uid,RSS
	assert_success
	assert_stderr
	assert_output "REF  KEY  OWNER  MODE  SIZE  USE  ACTIVE  STATE  UID  RSS"
	tool list sem -o +CUID
	assert_output "REF  KEY  OWNER  MODE  NSEMS  OTIME  ACTIVE  STATE  CUID"
}

@test "list: a field occurs only once" {
	helper shm 1
	tool list -o type,size,TYPE,type
	assert_success
	assert_stderr
	assert_output - <<-'END'
		TYPE  SIZE
		shm      1
	END
	tool list --no-headings -o +mode
	assert_success
	assert_output --regexp '^shm:[0-9]+  0x00000000  root  0600  1  0 attached  [0-9]+s$'
	# jq would keep the last of equal names only: counted while it reads.
	tool list shm -J -o +ref,REF
	assert_success
	run jq -n --stream '[inputs | select(length == 2) | .[0][2]] | group_by(.) |
		map(length) | unique' --compact-output <<<"$output"
	assert_output "[1]"
}

@test "list: every field has a value in the table" {
	local type fields id

	id=$(helper shm 4096)
	helper touch "$id"
	id=$(helper sem 1)
	helper semop "$id" 0 1
	id=$(helper msg)
	helper send "$id" 2 10
	helper recv "$id"
	for type in shm sem msg; do
		fields=$(ipctool list --list-fields |
			awk -v type=$type '$2 ~ "(^|,)" type "(,|$)" && $1 !~ /^(state|pids|command|pagesize|container)$/ { print $1 }')
		tool list $type --no-headings -o "${fields//$'\n'/,}"
		assert_success
		assert_stderr
		# No cell has two blanks in it, and none is empty.
		assert_equal "$(awk -F '   *' '{ print NF - ($1 == "") }' <<<"$output")" \
			"$(wc -l <<<"$fields")"
	done
}

@test "list: times are local" {
	requires mount
	proc_table "${columns_of[shm]}" "ctime=1790000000" >"$scene/shm"
	over_proc shm="$scene/shm" -- env TZ=XXX-5:30 "$IPCTOOL" list shm --source=proc -o ctime,atime
	assert_success
	assert_stderr
	assert_output - <<-'END'
		CTIME                ATIME
		2026-09-21 19:43:20
	END
}

@test "list: sizes for people" {
	requires mount
	local size wanted
	local -a rows=() texts=()

	while read -r size wanted; do
		rows+=("shmid=${#rows[@]} size=$size")
		texts+=("$wanted")
	done <<-'END'
		0 0
		999 999
		1000 1.0K
		1024 1.0K
		10239 10K
		1048575 1.0M
		1048576 1.0M
		1572864 1.5M
		536870912 512M
		5368709120 5.0G
		9223372036854775807 8.0E
		18446744073692774399 8.0E
	END
	proc_table "${columns_of[shm]}" "${rows[@]}" >"$scene/shm"
	over_proc shm="$scene/shm" -- "$IPCTOOL" list shm --source=proc -o size --no-headings
	assert_success
	assert_stderr
	assert_equal "${lines[*]// /}" "${texts[*]}"
}

@test "list: --list-fields" {
	tool list --list-fields
	assert_success
	assert_stderr
	assert_line --index 0 "FIELD       TYPES                       VALUE    MEANING"
	assert_line --index 1 "ref         shm,sem,msg,pshm,psem,pmsg  text     reference, as commands take it"
	assert_line "size        shm,msg,pshm,pmsg           bytes    bytes of the segment, or in the queue"
	assert_line "nattch      shm                         number   number of attachments"
	# All of them are in the manual, which manual.bats compares.
	[ "${#lines[@]}" -gt 30 ]

	tool list --list-fields --no-headings
	assert_success
	assert_line --index 0 "ref         shm,sem,msg,pshm,psem,pmsg  text     reference, as commands take it"
}

@test "list: --list-fields depends on the format" {
	tool list --list-fields -J
	assert_success
	assert_stderr
	run jq -r '.schema, ([.fields[].field] | join(", ")), (.fields[0] | (.types | join(",")), .value)' <<<"$output"
	assert_line --index 0 1
	fields=$(fields_of list)
	assert_line --index 1 "${fields/ use,/}"
	assert_line --index 2 shm,sem,msg,pshm,psem,pmsg
	assert_line --index 3 text
}

# --- Help -----------------------------------------------------------------------------

@test "help: of the program" {
	tool --help
	assert_success
	assert_stderr
	assert_line --index 0 "Usage: ipctool [OPTION...] COMMAND [OPTION...] [OPERAND...]"
	assert_line "Commands, each with a --help of its own:"
	assert_line --regexp "^  list +list objects$"
	local help=$output words
	for words in "-?" "-h"; do
		tool "$words"
		assert_success
		assert_stderr
		assert_output "$help"
	done
}

@test "help: of list" {
	tool list --help
	assert_success
	assert_stderr
	assert_line --index 0 "Usage: ipctool list [OPTION...] [TYPE|REF|-]..."
	assert_line "  -J, --json                 Print JSON, as --format=json does"
	# The states come from the types.
	assert_line "      --state=STATE          In this state: dest, locked"
	refute_line --partial " -h"
	local help=$output
	tool list -h
	assert_success
	assert_output "$help"
	tool ls nonsense -h
	assert_failure 2
}

@test "help: usage" {
	tool --usage
	assert_success
	assert_stderr
	assert_line --index 0 "Usage: ipctool [-?V] [--help] [--ipc-ns=NS] [--usage] [--version]"
	tool list --usage
	assert_success
	assert_stderr
	assert_line --index 0 --partial "Usage: ipctool list "
}

@test "help: version" {
	local version words

	version=$(sed -n 's/^AC_INIT(\[ipctool\], \[\(.*\)\])$/\1/p' \
		"$IPCTOOL_SRCDIR/configure.ac")
	for words in --version -V "list --version" "list -V"; do
		# shellcheck disable=SC2086 # several words
		tool $words
		assert_success
		assert_stderr
		assert_output "ipctool $version"
	done
}

# --- Wrong usage ----------------------------------------------------------------------

@test "usage: no command" {
	tool
	assert_usage "Usage: ipctool [OPTION...] COMMAND [OPTION...] [OPERAND...]"
	assert_equal "${stderr_lines[1]}" "$(see_help ipctool)"
	assert_equal "${#stderr_lines[@]}" 2
}

@test "usage: an unknown command is reported with the nearest ones" {
	local word

	for word in lst lis list2 lsit LIST; do
		tool "$word"
		assert_usage "ipctool: unknown command '$word'; did you mean list?"
		assert_equal "${#stderr_lines[@]}" 1
	done
	tool lits
	assert_usage "ipctool: unknown command 'lits'; did you mean list, limits or waits?"
	tool l
	assert_usage "ipctool: unknown command 'l'; did you mean list or limits?"
	for word in nonsense '' "$(printf '%01000d' 0)"; do
		tool "$word"
		assert_usage "ipctool: unknown command '$word'; expected one of: $(commands | paste -sd, | sed 's/,/, /g')"
		assert_equal "${#stderr_lines[@]}" 1
	done
}

@test "usage: an unknown option" {
	tool -x
	assert_usage "ipctool: invalid option -- 'x'"
	assert_equal "${stderr_lines[1]}" "$(see_help ipctool)"
	tool --nonsense list
	assert_usage "ipctool: unknown option '--nonsense'"
	tool list -x
	assert_usage "ipctool list: invalid option -- 'x'"
	assert_equal "${stderr_lines[1]}" "$(see_help 'ipctool list')"
	tool list --nonsense
	assert_usage "ipctool list: unknown option '--nonsense'"
	assert_equal "${#stderr_lines[@]}" 2
}

@test "usage: an option without its argument, and one with an extra argument" {
	tool list -o
	assert_usage "ipctool list: option requires an argument -- 'o'"
	tool list --output
	assert_usage "ipctool list: option '--output' requires an argument"
	tool list --json=yes
	assert_usage "ipctool list: option '--json' doesn't allow an argument"
}

@test "usage: an unknown type is reported with the valid ones" {
	local word

	for word in nonsense '' /; do
		tool list "$word"
		assert_usage "ipctool list: unknown type '$word'; expected one of: shm, sem, msg, pshm, psem, pmsg, or a reference, for example shm:32769 or shm:0x52e2c1"
		assert_equal "${stderr_lines[1]}" "$(see_help 'ipctool list')"
		assert_equal "${#stderr_lines[@]}" 2
	done
}

@test "usage: an unknown field is named, with the fields that there are" {
	local words fields

	fields=$(fields_of list)
	while IFS=: read -r words name meant; do
		tool list -o "$words"
		assert_usage "ipctool list: unknown field '$name'; ${meant:-expected one of: $fields}"
		assert_equal "${#stderr_lines[@]}" 2
	done <<-'END'
		nonsense:nonsense
		ref,nonsense,id:nonsense
		ref,:
		,ref:
		:
		+:
		ref,+id:+id:did you mean id, uid, gid, cuid, cgid, cpid, lpid, pids or nsid?
		++nattach:+nattach:did you mean nattch?
		re:re:did you mean ref or reason?
		reff:reff:did you mean ref?
	END
}

@test "usage: a field that only tables have" {
	local fields

	fields=$(fields_of list)
	tool list -J -o ref,use
	assert_usage "ipctool list: the field 'use' is not available in this output"
}

@test "usage: an unknown source" {
	tool list --source=kernel
	assert_usage "ipctool list: unknown source 'kernel'; expected one of: auto, proc, stat"
	tool list --source=/proc
	assert_usage "ipctool list: unknown source '/proc'; did you mean proc?"
}

@test "usage: an invalid word anywhere, and nothing is listed" {
	helper shm 1
	tool list shm nonsense
	assert_failure 2
	assert_output ''
	tool list -J -o nonsense
	assert_failure 2
	assert_output ''
}

@test "usage: control characters are escaped" {
	local wild=$'a\e[2Jb\nc\x9bd\xff'

	tool "$wild"
	assert_failure 2
	assert_stderr --partial "ipctool: unknown command 'a\\x1b[2Jb\\x0ac\\x9bd\\xff'; expected one of: list, "
	tool list "$wild"
	assert_usage "ipctool list: unknown type 'a\\x1b[2Jb\\x0ac\\x9bd\\xff'; expected one of: shm, sem, msg, pshm, psem, pmsg, or a reference, for example shm:32769 or shm:0x52e2c1"
	tool list -o "$wild"
	assert_usage "ipctool list: unknown field 'a\\x1b[2Jb\\x0ac\\x9bd\\xff'; expected one of: $(fields_of list)"
	tool list --source="$wild"
	assert_usage "ipctool list: unknown source 'a\\x1b[2Jb\\x0ac\\x9bd\\xff'; expected one of: auto, proc, stat"
}

# --- Names ----------------------------------------------------------------------------

# named NAME ARG... : ipctool where the user 0 has this name.
named()
{
	printf '%s:x:0:0::/:\n' "$1" >"$scene/passwd"
	with_users "$scene/passwd" "$IPCTOOL" "${@:2}"
}

@test "names: control characters are escaped in the table" {
	requires mount
	helper shm 1
	named $'\e[2Jroot\a\t\x7f\\' list -o owner,mode
	assert_success
	assert_stderr
	assert_output - <<-'END'
		OWNER                     MODE
		\x1b[2Jroot\x07\x09\x7f\  0600
	END
}

@test "names: control characters are escaped in JSON" {
	requires mount
	helper shm 1
	named $'\e[2J"root"\a\t\x01\x7f\\\x1f/' list -J -o owner,creator
	assert_success
	assert_stderr
	assert_equal "$(tr -d ' -~\n' <<<"$output")" ''
	run jq -c '.objects[0] | .owner, .creator | explode' <<<"$output"
	assert_line --index 0 "[27,91,50,74,34,114,111,111,116,34,7,9,1,127,92,31,47]"
	assert_line --index 1 "[27,91,50,74,34,114,111,111,116,34,7,9,1,127,92,31,47]"
}

@test "names: UTF-8 is aligned by its width" {
	requires mount
	helper shm 1
	named Jörg list -o owner,mode
	assert_output - <<-'END'
		OWNER  MODE
		Jörg   0600
	END
	# Wide characters take two columns, combining ones none.
	named 木木木 list -o owner,mode
	assert_output - <<-'END'
		OWNER   MODE
		木木木  0600
	END
	named $'e\u0301a' list -o owner,mode
	assert_output "OWNER  MODE"$'\n'$'e\u0301a     0600'
	named Jörg list -J -o owner
	run jq -r '.objects[0].owner' <<<"$output"
	assert_output Jörg
}

@test "names: the locale has no effect" {
	requires mount
	helper shm 1
	LC_ALL=C named Jörg list -o owner,mode
	assert_output - <<-'END'
		OWNER  MODE
		Jörg   0600
	END
}

@test "names: bytes that are not UTF-8" {
	requires mount
	helper shm 1
	named $'J\xf6rg' list -o owner,mode
	assert_success
	assert_output - <<-'END'
		OWNER    MODE
		J\xf6rg  0600
	END
	# A byte alone, a character cut short, too long a form, a surrogate, above U+10FFFF.
	named $'a\xf6\xe6\x9cb\xc0\xafc\xed\xa0\x80d\xf5\x80\x80\x80' list -J -o owner
	assert_success
	assert_stderr
	run jq -c '.objects[0].owner | explode' < <(printf '%s' "$output")
	assert_success
	assert_output "$(jq -c explode <<<'"a\ufffd\ufffd\ufffdb\ufffd\ufffdc\ufffd\ufffd\ufffdd\ufffd\ufffd\ufffd\ufffd"')"
	# jq would repair them itself: what came must be UTF-8 already.
	printf '%s' "$output" | iconv -f UTF-8 -t UTF-8 >/dev/null
}

@test "names: an owner without a name is shown as a number" {
	requires mount
	proc_table "${columns_of[shm]}" "uid=4294967294 gid=2147483648 cuid=5 cgid=6" \
		>"$scene/shm"
	echo root:x:0:0::/: >"$scene/passwd"
	over_proc shm="$scene/shm" -- "${users_are[@]}" "$scene/passwd" \
		"$IPCTOOL" list shm --source=proc -o owner,uid,group,gid,creator,cuid,cgroup,cgid
	assert_success
	assert_stderr
	assert_output - <<-'END'
		OWNER              UID  GROUP              GID  CREATOR  CUID  CGROUP  CGID
		4294967294  4294967294  2147483648  2147483648  5           5  6          6
	END
	over_proc shm="$scene/shm" -- "${users_are[@]}" "$scene/passwd" \
		"$IPCTOOL" list shm --source=proc -J -o owner,uid,group,gid,creator
	assert_success
	run jq -c '.objects[0]' <<<"$output"
	assert_output '{"owner":"4294967294","uid":4294967294,"group":"2147483648","gid":2147483648,"creator":"5"}'
}

@test "names: a uid above 2147483647" {
	requires root
	helper sem 1 uid=3000000000 gid=3000000001
	tool list -o owner,uid,group,gid
	assert_success
	assert_stderr
	assert_output - <<-'END'
		OWNER              UID  GROUP              GID
		3000000000  3000000000  3000000001  3000000001
	END
}

@test "names: a long name is not truncated" {
	requires mount
	local name
	name=$(printf '%0300d' 0)
	helper shm 1
	named "u$name" list -o owner,mode --no-headings
	assert_success
	assert_output "u$name  0600"
}

@test "names: hundreds of users, each with the right name" {
	requires mount
	local n uid
	local -a wanted=()

	echo key shmid perms uid >"$scene/shm"
	for n in {0..599}; do
		# Far apart, near to one another, and twice in a row.
		uid=$((n % 3 == 0 ? n : n % 3 == 1 ? 256 * n : 256 * (n - 1)))
		echo 0 "$n" 600 "$uid" >>"$scene/shm"
		wanted+=("$uid=user$uid")
		[ $((n % 3)) -eq 2 ] || echo "user$uid:x:$uid:$uid::/:"
	done >"$scene/passwd"
	over_proc shm="$scene/shm" -- "${users_are[@]}" "$scene/passwd" \
		"$IPCTOOL" list shm --source=proc -J -o uid,owner
	assert_success
	assert_stderr
	assert_equal "$(jq -r '.objects[] | "\(.uid)=\(.owner)"' <<<"$output")" \
		"$(printf '%s\n' "${wanted[@]}")"
}
