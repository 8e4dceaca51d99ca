#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `ipctool limits`: against the kernel's own settings and counts.

load common
load scenes

settings=(shmmni shmall shmmax sem msgmni)

setup()
{
	local name

	for name in "${settings[@]}"; do
		cat "/proc/sys/kernel/$name" >"$BATS_TEST_TMPDIR/$name"
	done
}

teardown()
{
	local name

	for name in "${settings[@]}"; do
		cat "$BATS_TEST_TMPDIR/$name" >"/proc/sys/kernel/$name" 2>/dev/null || true
	done
	end_helpers
	wipe
}

# limit RESOURCE MEMBER : of the JSON in $output.
limit()
{
	jq -r --arg resource "$1" ".limits[] | select(.resource == \$resource) | .$2" <<<"$output"
}

setting()
{
	cat "/proc/sys/kernel/$1"
}

@test "limits: every limit there is, in order" {
	tool limits -J
	assert_success
	assert_stderr
	assert_equal "$(jq -r '.limits[] | "\(.type) \(.resource) \(.sysctl)"' <<<"$output")" "$(
		cat <<-'END'
			shm SHMMNI kernel.shmmni
			shm SHMALL kernel.shmall
			shm SHMMAX kernel.shmmax
			shm SHMMIN null
			sem SEMMNI kernel.sem
			sem SEMMNS kernel.sem
			sem SEMMSL kernel.sem
			sem SEMOPM kernel.sem
			sem SEMVMX null
			msg MSGMNI kernel.msgmni
			msg MSGMAX kernel.msgmax
			msg MSGMNB kernel.msgmnb
		END
	)"
	assert_equal "$(jq -r .schema <<<"$output")" 1
}

@test "limits: they are those of /proc/sys/kernel" {
	local sem

	tool limits -J
	read -ra sem < <(setting sem)
	assert_equal "$(limit SHMMNI limit)" "$(setting shmmni)"
	assert_equal "$(limit SEMMSL limit)" "${sem[0]}"
	assert_equal "$(limit SEMMNS limit)" "${sem[1]}"
	assert_equal "$(limit SEMOPM limit)" "${sem[2]}"
	assert_equal "$(limit SEMMNI limit)" "${sem[3]}"
	assert_equal "$(limit SEMVMX limit)" 32767
	assert_equal "$(limit SHMMIN limit)" 1
	assert_equal "$(limit MSGMNI limit)" "$(setting msgmni)"
	assert_equal "$(limit MSGMAX limit)" "$(setting msgmax)"
	assert_equal "$(limit MSGMNB limit)" "$(setting msgmnb)"
}

@test "limits: they are those that are set" {
	requires sysctl
	echo 4321 >/proc/sys/kernel/shmmni
	echo 65536 >/proc/sys/kernel/shmall
	echo 1048576 >/proc/sys/kernel/shmmax
	echo "100 2000 30 40" >/proc/sys/kernel/sem
	tool limits -J
	assert_success
	assert_equal "$(jq -c '[.limits[] | select(.type != "msg") | .limit]' <<<"$output")" \
		"[4321,65536,1048576,1,40,2000,100,30,32767]"
	tool limits shm -o resource,limit --no-headings
	assert_line "SHMMAX   1.0M"
	tool limits shm -o resource,limit --no-headings --bytes
	assert_line "SHMMAX  1048576"
}

@test "limits: unlimited" {
	requires sysctl
	local value

	for value in 18446744073692774399 18446744073709551615; do
		echo $value >/proc/sys/kernel/shmmax
		echo $value >/proc/sys/kernel/shmall
		tool limits -J
		assert_equal "$(limit SHMMAX limit) $(limit SHMALL limit)" "null null"
		assert_equal "$(limit SHMALL percent)" null
		tool limits shm -o resource,limit --no-headings
		assert_line "SHMALL  unlimited"
		assert_line "SHMMAX  unlimited"
	done
	echo 1000000000000 >/proc/sys/kernel/shmmax
	tool limits -J
	assert_equal "$(limit SHMMAX limit)" 1000000000000
}

@test "limits: what is used, against the kernel's counts" {
	start_helper population 12
	tool limits -J
	assert_success
	assert_equal "$(limit SHMMNI used)" "$(helper raw-index shm | sed -n 's/^used_ids=//p')"
	assert_equal "$(limit SEMMNI used)" "$(helper raw-index sem | sed -n 's/^used_ids=//p')"
	assert_equal "$(limit MSGMNI used)" "$(helper raw-index msg | sed -n 's/^used_ids=//p')"
	assert_equal "$(limit SEMMNS used)" \
		"$(awk 'NR > 1 { sum += $4 } END { print sum }' /proc/sysvipc/sem)"
	assert_equal "$(limit SHMALL used)" \
		"$(awk -v page="$(getconf PAGESIZE)" 'NR > 1 { sum += int(($4 + page - 1) / page) }
			END { print sum }' /proc/sysvipc/shm)"
	assert_equal "$(limit SHMMAX used)" null
	assert_equal "$(limit MSGMNB used)" null
}

@test "limits: 4096 segments of one byte are 4096 pages" {
	requires sysctl
	helper bulk 4096
	echo 5000 >/proc/sys/kernel/shmmni
	tool limits -J
	assert_equal "$(limit SHMALL used)" 4096
	assert_equal "$(limit SHMMNI used)" 4096
	assert_equal "$(limit SHMMNI percent)" 81
	assert_equal "$(limit SHMALL 'top[0].used')" 4096
}

@test "limits: who uses most" {
	requires root
	local uid i

	for uid in 4000000001 4000000002 4000000002 4000000003 4000000003 4000000003 \
		4000000004 4000000005 4000000006; do
		helper sem 10 uid=$uid >/dev/null
	done
	helper sem 100 uid=4000000006 >/dev/null
	tool limits sem -J
	assert_equal "$(limit SEMMNI 'top | map("\(.uid):\(.used)") | join(" ")')" \
		"4000000003:3 4000000002:2 4000000006:2 4000000001:1 4000000004:1"
	assert_equal "$(limit SEMMNS 'top | map("\(.owner):\(.used)") | join(" ")')" \
		"4000000006:110 4000000003:30 4000000002:20 4000000001:10 4000000004:10"
	assert_equal "$(limit SEMMSL top)" null
	tool limits sem --format=csv -o top --no-headings
	assert_line --index 0 \
		$'"4000000003:3,4000000002:2,4000000006:2,4000000001:1,4000000004:1"\r'
}

@test "limits: the table" {
	requires root mount sysctl
	local i

	echo 4096 >/proc/sys/kernel/shmmni
	echo 18446744073692774399 >/proc/sys/kernel/shmall
	echo 18446744073692774399 >/proc/sys/kernel/shmmax
	for i in 1 2 3; do
		helper shm 5000 uid=1001 >/dev/null
	done
	helper shm 1 uid=26 >/dev/null
	printf '%s\n' postgres:x:26:26::/: hpcuser:x:1001:1001::/: >"$BATS_TEST_TMPDIR/passwd"
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" limits shm
	assert_success
	assert_stderr
	assert_output - <<-'END'
		RESOURCE  WHAT                      USED      LIMIT  PERCENT  SYSCTL
		SHMMNI    segments                     4       4096       0%  kernel.shmmni
		          hpcuser 3, postgres 1
		SHMALL    pages of all segments        7  unlimited           kernel.shmall
		          hpcuser 6, postgres 1
		SHMMAX    bytes of a segment              unlimited           kernel.shmmax
		SHMMIN    least bytes of a segment                1
	END
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" limits shm -o resource,top --no-headings
	assert_line --index 0 "SHMMNI  hpcuser 3, postgres 1"
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" limits shm --numeric
	assert_line --index 2 "          1001 3, 26 1"
}

@test "limits: 80 columns are enough" {
	start_helper population 3
	tool limits
	assert_success
	[ "$(wc -L <<<"$output")" -le 80 ]
}

@test "limits: types" {
	tool limits msg shm -o resource --no-headings
	assert_output "$(printf '%s\n' SHMMNI SHMALL SHMMAX SHMMIN MSGMNI MSGMAX MSGMNB)"
	tool limits shm:0
	assert_usage "ipctool limits: 'shm:0' is no type of object; there are: shm, sem, msg"
	tool limits -o nonsense
	assert_usage "ipctool limits: unknown field 'nonsense'; expected one of: type, resource, what, used, limit, percent, sysctl, top"
}

@test "limits: --sort" {
	requires sysctl
	echo 10 >/proc/sys/kernel/msgmni
	helper msg
	helper shm 1
	tool limits --sort=-percent -o resource --no-headings
	assert_line --index 0 MSGMNI
	# What has no limit comes last, in the table too.
	echo 18446744073692774399 >/proc/sys/kernel/shmmax
	tool limits shm --sort=-limit -o resource --no-headings
	refute_line --index 0 SHMMAX
	tool limits -J --sort=top
	assert_failure 2
}

@test "limits: --warn" {
	requires sysctl
	local i

	echo 4 >/proc/sys/kernel/msgmni
	for i in 1 2 3; do
		helper msg >/dev/null
	done
	tool limits msg --warn=75
	assert_success
	assert_stderr
	tool limits msg --warn=74
	assert_failure 1
	assert_stderr "ipctool limits: MSGMNI: 3 of 4 message queues are used, more than 74%"
	assert_line --index 0 --partial RESOURCE
	tool limits msg --warn=74% -J
	assert_failure 1
	# Only what was asked for.
	tool limits shm sem --warn=50
	assert_success
	# Not what is rounded: a third more than 33 %.
	echo 3 >/proc/sys/kernel/msgmni
	helper remove msg "$(awk 'NR == 2 { print $2 }' /proc/sysvipc/msg)"
	helper remove msg "$(awk 'NR == 2 { print $2 }' /proc/sysvipc/msg)"
	tool limits msg --warn=33
	assert_failure 1
	tool limits msg --warn=34
	assert_success
	echo 0 >/proc/sys/kernel/msgmni
	tool limits msg --warn=99
	assert_failure 1
	# Also beyond all of it, where there should be none.
	tool limits msg --warn=100
	assert_failure 1
	wipe
	tool limits msg --warn=100
	assert_success
}

@test "limits: owners that cannot be read are not made up" {
	requires seccomp mount
	helper shm 1 >/dev/null
	helper shm 1 >/dev/null

	# The file has no owners, and the calls are denied.
	proc_table "${columns_of[shm]/ uid / }" "shmid=0 size=1 ctime=1" "shmid=1 size=1 ctime=1" \
		>"$BATS_TEST_TMPDIR/shm"
	over_proc "shm=$BATS_TEST_TMPDIR/shm" -- "$IPCHELPER" deny shmctl:15=EACCES -- \
		"$IPCTOOL" limits shm -J -o resource,used,top
	assert_failure 1
	assert_equal "$(jq -c '.limits[0]' <<<"$output")" \
		'{"resource":"SHMMNI","used":2,"top":null,"unread":["top"]}'
	assert_stderr --partial "ipctool limits: shm: the owners of 2 objects could not be read: "
	over_proc shm= -- "$IPCHELPER" deny shmctl:15=EACCES -- "$IPCTOOL" limits shm -J -o used,top
	assert_failure 1
	assert_equal "$(jq -c '.limits[0]' <<<"$output")" '{"used":2,"top":null,"unread":["top"]}'
	over_proc "shm=$BATS_TEST_TMPDIR/shm" -- "$IPCHELPER" deny shmctl:15=EACCES -- \
		"$IPCTOOL" limits shm --format=prometheus
	assert_failure 1
	refute_line --partial 'ipctool_objects{'
}

@test "limits: --warn wants a percentage" {
	local word

	for word in '' x -1 +5 101 1.5 5%% 99999999999999999999 ' 5'; do
		tool limits --warn="$word"
		assert_usage "ipctool limits: --warn='$word': a percentage is a number from 0 to 100"
	done
}

@test "limits: calls that are denied" {
	requires seccomp
	split "$IPCHELPER" deny shmctl=ENOSYS,semctl=EPERM -- "$IPCTOOL" limits -o resource --no-headings
	assert_failure 1
	assert_stderr_line "ipctool limits: shm: this kernel has no shared memory segments"
	assert_stderr_line "ipctool limits: sem: cannot read the limits: Operation not permitted"
	assert_output $'MSGMNI\nMSGMAX\nMSGMNB'
}

# --- Prometheus -----------------------------------------------------------------------

@test "limits: metrics, by promtool" {
	requires promtool
	start_helper population 9
	start_helper attach-dest 100
	tool limits --format=prometheus
	assert_success
	assert_stderr
	run promtool check metrics <<<"$output"
	assert_output ''
	assert_success
	end_helpers
	wipe
	tool limits --format=prometheus shm
	run promtool check metrics <<<"$output"
	assert_output ''
	assert_success
}

@test "limits: metrics say what the table does" {
	requires root mount sysctl
	echo 18446744073692774399 >/proc/sys/kernel/shmmax
	helper shm 5000 uid=1001
	helper shm 1 uid=26
	helper shm 2 uid=26
	helper send "$(helper msg uid=26)" 2 10
	helper sem 1
	printf '%s\n' postgres:x:26:26::/: 'a"b\c:x:1001:1001::/:' root:x:0:0::/: \
		>"$BATS_TEST_TMPDIR/passwd"
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" limits --format=prometheus
	assert_success
	assert_line 'ipctool_limit{type="shm",resource="SHMMAX"} +Inf'
	assert_line "ipctool_limit{type=\"msg\",resource=\"MSGMNI\"} $(setting msgmni)"
	assert_line 'ipctool_limit_used{type="shm",resource="SHMMNI"} 3'
	refute_line --partial 'ipctool_limit_used{type="shm",resource="SHMMAX"}'
	assert_line 'ipctool_objects{type="shm",owner="postgres",uid="26",stale="false"} 2'
	assert_line 'ipctool_objects{type="shm",owner="a\"b\\c",uid="1001",stale="false"} 1'
	assert_line 'ipctool_objects{type="msg",owner="postgres",uid="26",stale="false"} 1'
	assert_line 'ipctool_objects{type="sem",owner="root",uid="0",stale="false"} 1'
	assert_line 'ipctool_objects_bytes{type="shm",owner="postgres",uid="26",stale="false"} 3'
	assert_line 'ipctool_objects_bytes{type="msg",owner="postgres",uid="26",stale="false"} 20'
	refute_line --partial 'ipctool_objects_bytes{type="sem"'
}

@test "limits: metrics keep stale objects apart" {
	requires root mount
	local now=$(($(date +%s) - 100000))

	# Attached and left, long ago, by a process that is gone.
	proc_table "${columns_of[shm]}" \
		"shmid=7 size=10 cpid=4000000 lpid=4000001 atime=$now dtime=$now ctime=$now uid=26" \
		"shmid=8 size=5 cpid=$$ lpid=$$ atime=$now dtime=$now ctime=$now uid=26" \
		>"$BATS_TEST_TMPDIR/shm"
	helper shm 1
	helper shm 1
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" limits shm --alone --format=prometheus
	assert_success
	assert_line --regexp 'ipctool_objects\{.*uid="26",stale="true"\} 1'
	assert_line --regexp 'ipctool_objects\{.*uid="26",stale="false"\} 1'
	assert_line --regexp 'ipctool_objects_bytes\{.*uid="26",stale="true"\} 10'
	refute_line --partial 'stale="unknown"'
	# Outside the initial PID namespace, processes that cannot be seen may know the first.
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" limits shm --format=prometheus
	assert_success
	assert_line --regexp 'ipctool_objects\{.*uid="26",stale="unknown"\} 1'
	assert_line --regexp 'ipctool_objects\{.*uid="26",stale="false"\} 1'
	assert_line --regexp 'ipctool_objects_bytes\{.*uid="26",stale="unknown"\} 10'
	refute_line --partial 'stale="true"'
}

@test "limits: metrics are no fields" {
	tool limits --format=prometheus -o resource
	assert_usage "ipctool limits: --format=prometheus has no fields: no -o goes with it"
	tool limits --format=prometheus --sort=used
	assert_usage "ipctool limits: --format=prometheus has no fields: no --sort goes with it"
	tool limits --format=prometheus --list-fields
	assert_failure 2
	tool limits --format=prometheus --bytes
	assert_failure 2
}
