#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2016 # jq's variables, and the inner shell's
#
# `ipctool list -J`: its form, and that it agrees with ipcs and lsipc on each object.

load common
load scenes

# objects ARG... : ipctool's objects, one a line with sorted members, in $objects.
objects()
{
	tool list -J "$@"
	assert_success
	assert_stderr
	objects=$(jq --compact-output --sort-keys '.objects[]' <<<"$output")
}

# of FILTER : what jq makes of the objects.
of()
{
	jq --compact-output --raw-output "$1" <<<"$objects"
}

# --- Shape ----------------------------------------------------------------------------

@test "json: one document, with the schema version" {
	tool list -J
	assert_success
	assert_stderr
	assert_equal "$(jq -c . <<<"$output")" '{"schema":1,"objects":[]}'
	helper shm 1
	tool list -J
	assert_equal "$(jq -c 'keys_unsorted, .schema, (.objects | length)' <<<"$output")" \
		$'["schema","objects"]\n1\n1'
	assert_equal "${output: -1}" '}'
}

@test "json: shm has its members, in order" {
	requires mount
	proc_table "${columns_of[shm]}" "key=-2 shmid=7 perms=2640 size=4294967297 cpid=11 \
		lpid=12 nattch=13 uid=4000000001 gid=4000000002 cuid=4000000003 \
		cgid=4000000004 atime=1000000001 dtime=1000000002 ctime=1000000003 \
		rss=4096 swap=8192" >"$BATS_TEST_TMPDIR/shm"
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" list shm --source=proc -J
	assert_success
	assert_stderr
	assert_equal "$(jq '.objects[]' <<<"$output")" "$(jq . <<-'END'
		{
			"ref": "shm:7", "type": "shm", "id": 7, "key": "0xfffffffe",
			"mode": "0640", "perms": "rw-r-----",
			"owner": "4000000001", "uid": 4000000001,
			"group": "4000000002", "gid": 4000000002,
			"creator": "4000000003", "cuid": 4000000003,
			"cgroup": "4000000004", "cgid": 4000000004,
			"ctime": "2001-09-09T01:46:43Z",
			"size": 4294967297, "nattch": 13, "rss": 4096, "swap": 8192,
			"cpid": 11, "lpid": 12,
			"atime": "2001-09-09T01:46:41Z", "dtime": "2001-09-09T01:46:42Z",
			"active": "2001-09-09T01:46:43Z", "state": ["locked"]
		}
	END
	)"
}

@test "json: sem has its members, in order" {
	requires mount
	proc_table "${columns_of[sem]}" "key=1 semid=2147483647 perms=7 nsems=32000 \
		uid=4000000001 gid=4000000002 cuid=4000000003 cgid=4000000004 \
		otime=1000000002 ctime=1000000001" >"$BATS_TEST_TMPDIR/sem"
	over_proc sem="$BATS_TEST_TMPDIR/sem" -- "$IPCTOOL" list --source=proc sem -J
	assert_success
	assert_stderr
	assert_equal "$(jq '.objects[]' <<<"$output")" "$(jq . <<-'END'
		{
			"ref": "sem:2147483647", "type": "sem", "id": 2147483647,
			"key": "0x00000001", "mode": "0007", "perms": "------rwx",
			"owner": "4000000001", "uid": 4000000001,
			"group": "4000000002", "gid": 4000000002,
			"creator": "4000000003", "cuid": 4000000003,
			"cgroup": "4000000004", "cgid": 4000000004,
			"ctime": "2001-09-09T01:46:41Z",
			"nsems": 32000, "otime": "2001-09-09T01:46:42Z",
			"active": "2001-09-09T01:46:42Z", "state": []
		}
	END
	)"
}

@test "json: msg has its members, in order" {
	requires mount
	proc_table "${columns_of[msg]}" "key=-2147483648 msqid=8 perms=222 cbytes=21 \
		qnum=22 lspid=23 lrpid=24 uid=4000000001 gid=4000000002 cuid=4000000003 \
		cgid=4000000004 stime=1000000004 rtime=1000000003 ctime=1000000002" \
		>"$BATS_TEST_TMPDIR/msg"
	over_proc msg="$BATS_TEST_TMPDIR/msg" -- "$IPCTOOL" list msg --source=proc -J
	assert_success
	assert_equal "$(jq '.objects[] | del(.unread)' <<<"$output")" "$(jq . <<-'END'
		{
			"ref": "msg:8", "type": "msg", "id": 8, "key": "0x80000000",
			"mode": "0222", "perms": "-w--w--w-",
			"owner": "4000000001", "uid": 4000000001,
			"group": "4000000002", "gid": 4000000002,
			"creator": "4000000003", "cuid": 4000000003,
			"cgroup": "4000000004", "cgid": 4000000004,
			"ctime": "2001-09-09T01:46:42Z",
			"size": 21, "qnum": 22, "qbytes": null, "lspid": 23, "lrpid": 24,
			"stime": "2001-09-09T01:46:44Z", "rtime": "2001-09-09T01:46:43Z",
			"active": "2001-09-09T01:46:44Z", "state": []
		}
	END
	)"
}

@test "json: the types of all values" {
	start_helper population 5
	objects
	# The types that each member has in some object; null is none of them.
	assert_equal "$(of '"\(.type) \(to_entries[] | select(.value != null) |
		"\(.value | type) \(.key)")"' | sort -u | awk '
			{ names[$1 " " $2] = names[$1 " " $2] " " $3 }
			END { for (i in names) print i ":" names[i] }' | sort)" "$(cat <<-'END'
		msg array: state
		msg number: cgid cuid gid id lrpid lspid qbytes qnum size uid
		msg string: active cgroup creator ctime group key mode owner perms ref rtime stime type
		sem array: state
		sem number: cgid cuid gid id nsems uid
		sem string: active cgroup creator ctime group key mode otime owner perms ref type
		shm array: state
		shm number: cgid cpid cuid gid id lpid nattch rss size swap uid
		shm string: active atime cgroup creator ctime dtime group key mode owner perms ref type
	END
	)"
	# What may be null: times, and pids where none is recorded.
	assert_equal "$(of 'to_entries[] | select(.value == null) | .key' | sort -u | xargs)" \
		"atime dtime lpid lrpid lspid otime rtime stime"
	assert_equal "$(of 'select((.key | test("^0x[0-9a-f]{8}$") | not) or
		(.mode | test("^0[0-7]{3}$") | not) or
		(.ctime | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$") | not) or
		(.perms | test("^([r-][w-][x-]){3}$") | not) or
		.ref != "\(.type):\(.id)") | .ref')" ''
	# The states that a population has.
	assert_equal "$(of '.state' | sort -u | xargs)" \
		'[dest,locked] [dest] [locked] []'
}

@test "json: numbers above 2^53 are printed exactly" {
	requires mount
	proc_table "${columns_of[shm]}" "size=18446744073692774399" >"$BATS_TEST_TMPDIR/shm"
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" list shm --source=proc -J -o size
	assert_success
	assert_output $'{"schema": 1, "objects": [\n{"size": 18446744073692774399}\n]}'
}

@test "json: independent of time zone and locale" {
	local plain

	helper shm 5000
	tool list -J
	plain=$output
	split env TZ=America/New_York LC_ALL=de_DE.UTF-8 LANG=de_DE COLUMNS=20 TERM=dumb \
		"$IPCTOOL" list -J
	assert_success
	assert_output "$plain"
}

@test "json: is the same on a terminal" {
	local plain

	command -v script >/dev/null || skip "needs script"
	helper shm 5000
	tool list -J
	plain=$output
	split script --quiet --return --command "'$IPCTOOL' list -J" /dev/null
	assert_success
	assert_equal "${output//$'\r'/}" "$plain"
}

@test "json: -o selects the members and their order" {
	helper shm 1 key=5
	helper sem 2 key=6
	tool list -J -o nsems,key,SIZE
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects[]' <<<"$output")" \
		$'{"nsems":null,"key":"0x00000005","size":1}\n{"nsems":2,"key":"0x00000006","size":null}'
}

@test "json: --no-headings has no effect" {
	helper shm 1
	tool list -J
	local plain=$output
	tool list -J --no-headings
	assert_success
	assert_output "$plain"
}

# --- Pids -----------------------------------------------------------------------------

@test "json: a pid that is not recorded is null" {
	local shm msg

	shm=$(helper shm 1)
	msg=$(helper msg)
	objects
	assert_equal "$(of '[.lpid, .atime, .dtime, .lspid, .stime, .lrpid, .rtime] |
		map(. == null) | all')" $'true\ntrue'

	helper touch "$shm"
	helper send "$msg" 2 1
	objects
	assert_equal "$(of 'select(.type == "shm") | .lpid > 0 and .cpid > 0 and
		.lpid != .cpid and .atime != null and .dtime != null')" true
	assert_equal "$(of 'select(.type == "msg") | .lspid > 0 and .stime != null and
		.lrpid == null and .rtime == null')" true
	helper recv "$msg"
	objects
	assert_equal "$(of 'select(.type == "msg") | .lrpid > 0 and .lrpid != .lspid and
		.rtime != null')" true
}

@test "json: a pid outside this pid namespace is 0" {
	local touched msg

	helper shm 1
	touched=$(helper shm 2)
	helper touch "$touched"
	msg=$(helper msg)
	helper send "$msg" 1 1
	split unshare --pid --fork --mount-proc --propagation unchanged \
		"$IPCTOOL" list -J -o type,size,cpid,lpid,lspid,lrpid
	assert_success
	assert_stderr
	assert_equal "$(jq -c '[.objects[] | [.[]]] | sort[]' <<<"$output")" "$(cat <<-'END'
		["msg",1,null,null,0,null]
		["shm",1,0,null,null,null]
		["shm",2,0,0,null,null]
	END
	)"
}

@test "json: both sources agree on pids outside the namespace" {
	helper touch "$(helper shm 1)"
	helper shm 1
	split unshare --pid --fork --mount-proc --propagation unchanged sh -c '
		"$1" list shm -J -o cpid,lpid --source=proc
		"$1" list shm -J -o cpid,lpid --source=stat' sh "$IPCTOOL"
	assert_success
	assert_stderr
	assert_equal "$(jq -c '.objects | sort_by(.lpid)' <<<"$output")" "$(cat <<-'END'
		[{"cpid":0,"lpid":null},{"cpid":0,"lpid":0}]
		[{"cpid":0,"lpid":null},{"cpid":0,"lpid":0}]
	END
	)"
}

# --- The other tools ------------------------------------------------------------------

@test "json: agrees with ipcs" {
	requires ipcs
	local seed

	for seed in 1 2; do
		start_helper population "$seed"
		objects
		assert_equal "$(of 'def octal: ltrimstr("0") | ltrimstr("0") | ltrimstr("0");
			[.key, .id, .owner[:10], (.mode | octal),
			if .type == "sem" then .nsems else .size, (.nattch // .qnum) end] +
			.state | join(" ")' | sort)" \
			"$(ipcs -m -s -q | awk '/^0x/ { $1 = $1; print }' | sort)"
		end_helper
		wipe
	done
}

# The output of `ipcs -i` for each object, built by jq, with one fact per line.
ipcs_details='
	def time: if . then fromdate | strftime("%a %b %e %H:%M:%S %Y") | gsub("  "; " ")
		else "Not set" end;
	def octal($flags): "0" + ("\($flags)\(.[1:])" | sub("^0+"; ""));
	def flags: [.[] | {dest: 1, locked: 2}[.] // 0] | add // 0;
	"object \(.type) \(.id)",
	"uid=\(.uid)", "gid=\(.gid)", "cuid=\(.cuid)", "cgid=\(.cgid)",
	if .type == "shm" then
		"mode=\((.state | flags) as $flags | .mode | octal($flags))",
		"access_perms=\(.mode | octal(0))",
		"bytes=\(.size)", "lpid=\(.lpid // 0)", "cpid=\(.cpid)", "nattch=\(.nattch)",
		"att_time=\(.atime | time)", "det_time=\(.dtime | time)",
		"change_time=\(.ctime | time)"
	elif .type == "sem" then
		"mode=\(.mode | octal(0)), access_perms=\(.mode | octal(0))",
		"nsems=\(.nsems)", "otime=\(.otime | time)", "ctime=\(.ctime | time)"
	else
		"mode=\(.mode | octal(0))",
		"cbytes=\(.size)", "qbytes=\(.qbytes)", "qnum=\(.qnum)",
		"lspid=\(.lspid // 0)", "lrpid=\(.lrpid // 0)",
		"send_time=\(.stime | time)", "rcv_time=\(.rtime | time)",
		"change_time=\(.ctime | time)"
	end'

# ipcs_each : the same from ipcs, for "letter type id" lines on standard input.
ipcs_each()
{
	local letter type id

	while read -r letter type id; do
		echo "object $type $id"
		ipcs "-$letter" -i "$id" | sed -n '/^semnum/q; /^uid=/,$p'
	done | tr '\t' '\n' | sed 's/ = /=/; s/  */ /g; s/^ //; s/ $//; /^$/d'
}

@test "json: agrees with ipcs -i, object by object" {
	requires ipcs
	start_helper population 7
	objects
	assert_equal "$(of "$ipcs_details")" \
		"$(of '"\({shm: "m", sem: "s", msg: "q"}[.type]) \(.type) \(.id)"' | ipcs_each)"
}

# Converts the JSON of both to a common form: texts, times in UTC, no null pid.
lsipc_of_ours='[.[] | {
	key, id, owner, perms, cuid, cgid, uid, gid, ctime, cuser: .creator, cgroup, group,
	size, nattch, status: (.state | join(",")), attach: .atime, detach: .dtime, cpid, lpid,
	nsems, otime,
	usedbytes: .size, msgs: .qnum, send: .stime, recv: .rtime, lspid, lrpid } |
	with_entries(select(.key | IN($columns[])))]'
plain='map(map_values(. // 0 | tostring | sub("\\+00:00$"; "Z"))) | map(select(.status == "").status = "0")'

# agrees_with_lsipc LETTER TYPE COLUMN... : for the types that it gives its own columns.
agrees_with_lsipc()
{
	local letter=$1 type=$2 columns ours theirs
	shift 2

	columns=key,id,owner,perms,cuid,cuser,cgid,cgroup,uid,gid,group,ctime,$1
	theirs=$(lsipc "-$letter" --json --bytes --time-format=iso --output "${columns^^}" |
		jq --sort-keys ".[] | map(.cuser //= (.cuid | tostring) |
			.cgroup //= (.cgid | tostring) | .group //= (.gid | tostring)) | $plain")
	objects "$type"
	ours=$(jq --slurp --sort-keys --arg columns "$columns" \
		"(\$columns | split(\",\")) as \$columns | $lsipc_of_ours | $plain" <<<"$objects")
	assert_equal "$ours" "$theirs"
}

@test "json: agrees with lsipc" {
	requires lsipc
	start_helper population 11
	agrees_with_lsipc m shm size,nattch,status,attach,detach,cpid,lpid
	agrees_with_lsipc s sem nsems,otime
	agrees_with_lsipc q msg usedbytes,msgs,send,recv,lspid,lrpid
}
