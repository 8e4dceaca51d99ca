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

@test "limits: all limits, in order" {
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

@test "limits: they equal /proc/sys/kernel" {
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

@test "limits: they follow the sysctls" {
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
	assert_line "SHMMAX          1.0M"
	assert_line "SHMALL  65536 (256M)"
	tool limits shm -o resource,limit --no-headings --bytes
	assert_line --regexp '^SHMMAX +1048576$'
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

@test "limits: the usage equals the kernel's counts" {
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

@test "limits: the main users" {
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
		RESOURCE  WHAT                         USED      LIMIT  PERCENT  SYSCTL
		SHMMNI    segments                        4       4096       0%  kernel.shmmni
		          hpcuser 3, postgres 1
		SHMALL    pages of all segments     7 (28K)  unlimited           kernel.shmall
		          hpcuser 6 (24K), postgres 1 (4.0K)
		          rss 0, swap 0
		SHMMAX    bytes of a segment                 unlimited           kernel.shmmax
		SHMMIN    least bytes of a segment                   1
	END
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" limits shm -o resource,top --no-headings
	assert_line --index 0 "SHMMNI  hpcuser 3, postgres 1"
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" limits shm --numeric
	assert_line --index 2 "          1001 3, 26 1"
}

@test "limits: pages are bytes as well, to people" {
	requires sysctl
	local page
	page=$(getconf PAGESIZE)

	helper shm $((3 * page)) >/dev/null
	echo 100 >/proc/sys/kernel/shmall
	tool limits shm --bytes -o resource,used,limit --no-headings
	assert_line --regexp "^SHMALL +3 \\($((3 * page))\\) +100 \\($((100 * page))\\)\$"
	assert_line --regexp "^SHMMNI +1 +[0-9]+\$"
	tool limits shm --format=raw -o resource,used,limit --no-headings
	assert_line "SHMALL 3 100"
	# In bytes it would be 2^64: the limit says no more than that there is none.
	echo 4503599627370496 >/proc/sys/kernel/shmall
	tool limits shm -o resource,limit --no-headings
	assert_line "SHMALL  unlimited"
}

@test "limits: the place of a number in its sysctl" {
	requires sysctl
	echo "101 2002 303 404" >/proc/sys/kernel/sem
	tool limits sem -o resource,limit,sysctl
	assert_success
	assert_stderr
	assert_output - <<-'END'
		RESOURCE  LIMIT  SYSCTL
		SEMMNI      404  kernel.sem, 4th of 4
		SEMMNS     2002  kernel.sem, 2nd of 4
		SEMMSL      101  kernel.sem, 1st of 4
		SEMOPM      303  kernel.sem, 3rd of 4
		SEMVMX    32767
	END
	tool limits sem --format=raw -o resource,sysctl,position --no-headings
	assert_output - <<-'END'
		SEMMNI kernel.sem 4
		SEMMNS kernel.sem 2
		SEMMSL kernel.sem 1
		SEMOPM kernel.sem 3
		SEMVMX - -
	END
	tool limits -J
	assert_equal "$(limit MSGMNI position)" null
	# Formats change by what they have more at the end.
	assert_equal "$(jq -r '.limits[0] | keys_unsorted | join(",")' <<<"$output")" \
		"type,resource,what,used,limit,percent,sysctl,top,position,rss,swap"
}

# huge_pages_take KILOBYTES : sets meminfo_says to what runs a command where /proc/meminfo says
# that huge pages have so much memory.
huge_pages_take()
{
	sed "s/^\(Hugetlb: *\)[0-9]*/\1$1/" /proc/meminfo >"$BATS_TEST_TMPDIR/meminfo"
	# shellcheck disable=SC2016 # the script's own
	meminfo_says=(unshare --mount --propagation unchanged sh -c
		'mount --bind "$0" /proc/meminfo && exec "$@"' "$BATS_TEST_TMPDIR/meminfo")
}

@test "limits: what of all segments is in memory" {
	requires mount
	local page id wanted kilobytes meminfo_says
	page=$(getconf PAGESIZE)

	helper shm $((5 * page)) >/dev/null
	for id in "$(helper shm $((3 * page)))" "$(helper shm $((9 * page)))"; do
		head -c $((3 * page)) /dev/zero | ipctool write "shm:$id"
	done
	wanted=$((6 * page))
	# From the kernel's count, and from each segment where that may be wrong.
	for kilobytes in 0 2048; do
		huge_pages_take $kilobytes
		split "${meminfo_says[@]}" "$IPCTOOL" limits -J
		assert_success
		assert_stderr
		assert_equal "$(limit SHMALL rss) $(limit SHMALL swap)" "$wanted 0"
		assert_equal "$(limit SHMMNI rss) $(limit SEMMNS swap)" "null null"
		split "${meminfo_says[@]}" "$IPCTOOL" limits shm --bytes
		assert_line "          rss $wanted, swap 0"
	done
}

@test "limits: the memory of huge pages is not made up" {
	requires mount
	local meminfo_says

	helper shm 1 >/dev/null
	helper shm 1 >/dev/null
	proc_table "${columns_of[shm]}" "shmid=0 size=4194304 rss=8192 swap=4096 ctime=1" \
		"shmid=1 size=2097152 rss=4294967296 ctime=1" >"$BATS_TEST_TMPDIR/shm"
	huge_pages_take 2048
	over_proc "shm=$BATS_TEST_TMPDIR/shm" -- "${meminfo_says[@]}" "$IPCTOOL" limits SHMALL -J -o resource,rss,swap
	assert_success
	assert_equal "$(jq -c '.limits[0]' <<<"$output")" \
		'{"resource":"SHMALL","rss":null,"swap":null,"unread":["rss","swap"]}'
	assert_stderr "ipctool limits: SHMALL: rss and swap could not be read: the kernel's totals are wrong if there are huge pages, and not every segment tells its own"
	over_proc "shm=$BATS_TEST_TMPDIR/shm" -- "${meminfo_says[@]}" "$IPCTOOL" limits SHMALL -o resource,rss,memory --no-headings
	assert_output "SHMALL  ?  rss ?, swap ?"
	assert_stderr "ipctool limits: SHMALL: rss and swap could not be read: the kernel's totals are wrong if there are huge pages, and not every segment tells its own"
	over_proc "shm=$BATS_TEST_TMPDIR/shm" -- "${meminfo_says[@]}" "$IPCTOOL" limits SHMALL -o swap --no-headings
	assert_output "?"
	assert_stderr "ipctool limits: SHMALL: rss and swap could not be read: the kernel's totals are wrong if there are huge pages, and not every segment tells its own"
	over_proc "shm=$BATS_TEST_TMPDIR/shm" -- "${meminfo_says[@]}" "$IPCTOOL" limits SHMALL -o resource --no-headings
	assert_output SHMALL
	assert_stderr
}

@test "limits: what is full is red on a terminal" {
	requires python sysctl
	local red=$'\e[1;31m' end=$'\e[0m' on

	helper msg >/dev/null
	echo 1 >/proc/sys/kernel/msgmni
	on=(env -u COLUMNS -u NO_COLOR TERM=xterm "$IPCTOOL_SRCDIR/tests/on-terminal" 100)
	split "${on[@]}" "$IPCTOOL" limits MSGMNI SEMMNI
	assert_success
	assert_line --partial "SEMMNI    semaphore sets "
	assert_line "${red}MSGMNI$end    message queues     1      1     ${red}100%$end  kernel.msgmni"
	split "${on[@]}" "$IPCTOOL" limits MSGMNI --color=never
	refute_output --partial $'\e'
	split "${on[@]}" env NO_COLOR=1 "$IPCTOOL" limits MSGMNI
	refute_output --partial $'\e'
	tool limits MSGMNI
	refute_output --partial $'\e'
	tool limits MSGMNI --color=always
	assert_output --partial "${red}100%$end"
}

@test "limits: how to raise what is full" {
	requires root mount sysctl
	echo 2 >/proc/sys/kernel/shmmni
	echo 4 >/proc/sys/kernel/shmall
	echo "32000 1000 500 1" >/proc/sys/kernel/sem
	echo 0 >/proc/sys/kernel/msgmni
	helper shm 5000 uid=26 >/dev/null
	helper shm 5000 uid=26 >/dev/null
	helper sem 5 uid=26 >/dev/null
	printf '%s\n' postgres:x:26:26::/: >"$BATS_TEST_TMPDIR/passwd"
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" limits SHMMNI SHMALL SEMMNI SEMMNS MSGMNI
	assert_success
	assert_stderr
	assert_output - <<-'END'
		RESOURCE  WHAT                       USED    LIMIT  PERCENT  SYSCTL
		SHMMNI    segments                      2        2     100%  kernel.shmmni
		          postgres 2
		          sysctl -w kernel.shmmni=4
		SHMALL    pages of all segments   4 (16K)  4 (16K)     100%  kernel.shmall
		          postgres 4 (16K)
		          rss 0, swap 0
		          sysctl -w kernel.shmall=8
		SEMMNI    semaphore sets                1        1     100%  kernel.sem, 4th of 4
		          postgres 1
		          sysctl -w kernel.sem="32000 1000 500 2"
		SEMMNS    semaphores of all sets        5     1000       0%  kernel.sem, 2nd of 4
		          postgres 5
		MSGMNI    message queues                0        0     100%  kernel.msgmni
		          sysctl -w kernel.msgmni=1
	END
	tool limits sem -o resource,raise --no-headings
	assert_line --index 0 'SEMMNI  sysctl -w kernel.sem="32000 1000 500 2"'
	assert_line --index 1 SEMMNS
	# For people only.
	tool limits -J
	assert_equal "$(limit SEMMNI raise)" null
	tool limits -J -o raise
	assert_failure 2
}

@test "limits: 80 columns are enough, without words for what there is" {
	requires python
	start_helper population 3
	split env -u COLUMNS TERM=xterm "$IPCTOOL_SRCDIR/tests/on-terminal" 80 "$IPCTOOL" limits
	assert_success
	assert_line --regexp '^RESOURCE +USED +LIMIT +PERCENT +SYSCTL.?$'
	[ "$(grep -v '^ ' <<<"$output" | wc -L)" -le 80 ]
}

@test "limits: types" {
	tool limits msg shm -o resource --no-headings
	assert_output "$(printf '%s\n' SHMMNI SHMALL SHMMAX SHMMIN MSGMNI MSGMAX MSGMNB)"
	tool limits shm:0
	assert_usage "ipctool limits: unknown type or resource 'shm:0'; did you mean shm?"
	tool limits nonsense
	assert_usage "ipctool limits: unknown type or resource 'nonsense'; expected one of: shm, sem, msg, pshm, psem, pmsg, SHMMNI, SHMALL, SHMMAX, SHMMIN, SEMMNI, SEMMNS, SEMMSL, SEMOPM, SEMVMX, MSGMNI, MSGMAX, MSGMNB, PSHM_BYTES, PSHM_INODES, PSHM_UNLINKED, PSHM_OTHER, SEM_VALUE_MAX, PMSG_QUEUES_MAX, PMSG_MSG_MAX, PMSG_MSGSIZE_MAX, PMSG_MSG_DEFAULT, PMSG_MSGSIZE_DEFAULT, RLIMIT_MSGQUEUE"
	tool limits SHM
	assert_usage "ipctool limits: unknown type or resource 'SHM'; did you mean shm?"
	tool limits segment
	assert_usage "ipctool limits: unknown type or resource 'segment'; did you mean shm?"
	tool limits -o nonsense
	assert_usage "ipctool limits: unknown field 'nonsense'; expected one of: $(fields_of limits)"
}

@test "limits: resources" {
	tool limits SEMMNI -o resource --no-headings
	assert_success
	assert_stderr
	assert_output SEMMNI
	# In letters of either case, in the kernel's order, and beside types.
	tool limits msgmnb SemMni shmmax -o resource --no-headings
	assert_output $'SHMMAX\nSEMMNI\nMSGMNB'
	tool limits shm SEMMNS SHMALL -o resource --no-headings
	assert_output $'SHMMNI\nSHMALL\nSHMMAX\nSHMMIN\nSEMMNS'
	tool limits SEMMNO
	assert_usage "ipctool limits: unknown type or resource 'SEMMNO'; did you mean SHMMNI, SEMMNI, SEMMNS or SEMMSL?"
	# Each name is one of the table, whatever the kernel says.
	tool limits -o resource --no-headings
	for name in $output; do
		ipctool limits "$name" -o resource --no-headings
	done >"$BATS_TEST_TMPDIR/each"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/each")" "$output"
}

@test "limits: of a resource that objects do not fill, no object is read" {
	requires seccomp mount
	helper shm 1 >/dev/null
	over_proc shm= -- "$IPCHELPER" deny shmctl:15=EIO -- "$IPCTOOL" limits SHMMAX -o resource --no-headings
	assert_success
	assert_stderr
	assert_output SHMMAX
	over_proc shm= -- "$IPCHELPER" deny shmctl:15=EIO -- "$IPCTOOL" limits SHMMNI -o resource --no-headings
	assert_failure 1
	assert_output SHMMNI
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

# warns RESOURCES ARG... : limits with these arguments names these resources, and exits 1 if
# there are any.
warns()
{
	local resources=$1

	shift
	tool limits "$@"
	if [ -z "$resources" ]; then
		assert_success
	else
		assert_failure 1
	fi
	assert_equal "$(sed -n 's/^ipctool limits: \([A-Z]*\): .*/\1/p' <<<"$stderr" | xargs)" "$resources"
}

@test "limits: --warn" {
	requires sysctl
	local i

	echo 4 >/proc/sys/kernel/msgmni
	for i in 1 2 3; do
		helper msg >/dev/null
	done
	tool limits msg --warn=76
	assert_success
	assert_stderr
	tool limits msg --warn=75
	assert_failure 1
	assert_stderr "ipctool limits: MSGMNI: 3 of 4 message queues are used, 75% or more"
	assert_line --index 0 --partial RESOURCE
	warns MSGMNI msg --warn=74% -J
	warns MSGMNI MSGMNI --warn=74
	# Only what was asked for.
	warns "" shm sem --warn=50
	warns "" MSGMNB --warn=0
	# Not what is rounded: a third is more than 33 %, and less than 34 %; so is 99.9 %.
	echo 3 >/proc/sys/kernel/msgmni
	helper remove msg "$(awk 'NR == 2 { print $2 }' /proc/sysvipc/msg)"
	helper remove msg "$(awk 'NR == 2 { print $2 }' /proc/sysvipc/msg)"
	warns MSGMNI msg --warn=33
	warns "" msg --warn=34
	echo "32000 1000 500 32000" >/proc/sys/kernel/sem
	helper sem 999 >/dev/null
	warns SEMMNS sem --warn=99
	warns "" sem --warn=100
	helper sem 1 >/dev/null
	warns SEMMNS sem --warn=100
	# A limit of 0 is fully used, also by nothing.
	echo 0 >/proc/sys/kernel/msgmni
	warns MSGMNI msg --warn=100
	wipe
	warns MSGMNI msg --warn=100
	# What has no limit is never full.
	echo 18446744073692774399 >/proc/sys/kernel/shmall
	warns "SHMMNI" shm --warn=0
}

@test "limits: --warn for a resource, of which the last counts" {
	requires sysctl
	local i

	echo 4 >/proc/sys/kernel/msgmni
	echo 4 >/proc/sys/kernel/shmmni
	for i in 1 2 3; do
		helper msg >/dev/null
		helper shm 1 >/dev/null
	done
	warns "SHMMNI MSGMNI" --warn=75
	warns "SHMMNI" --warn=75 --warn=MSGMNI=76
	warns "SHMMNI MSGMNI" --warn=MSGMNI=76 --warn=75
	warns "MSGMNI" --warn=msgmni=75%
	warns "" --warn=MSGMNI=10 --warn=MSGMNI=80
	warns "MSGMNI" --warn=MSGMNI=80 --warn=MSGMNI=10
	# That it is not shown says that it is not asked for.
	warns "" sem --warn=MSGMNI=10
	tool limits msg --warn=80 --warn=MSGMNI=75
	assert_stderr "ipctool limits: MSGMNI: 3 of 4 message queues are used, 75% or more"
	tool limits --warn=MSGMIN=75
	assert_usage "ipctool limits: unknown resource 'MSGMIN'; did you mean MSGMNI?"
	tool limits --warn=msg=75
	assert_usage "ipctool limits: unknown resource 'msg'; did you mean MSGMNI?"
	tool limits --warn=?=75
	assert_usage "ipctool limits: unknown resource '?'; expected one of: SHMMNI, SHMALL, SEMMNI, SEMMNS, MSGMNI, PSHM_BYTES, PSHM_INODES, PMSG_QUEUES_MAX"
	tool limits --warn=pshm_other=75
	assert_usage "ipctool limits: --warn: invalid resource 'PSHM_OTHER': it has no limit of its own; expected one of: SHMMNI, SHMALL, SEMMNI, SEMMNS, MSGMNI, PSHM_BYTES, PSHM_INODES, PMSG_QUEUES_MAX"
	tool limits --warn=shmmax=75
	assert_usage "ipctool limits: --warn: invalid resource 'SHMMAX': its use is not counted; expected one of: SHMMNI, SHMALL, SEMMNI, SEMMNS, MSGMNI, PSHM_BYTES, PSHM_INODES, PMSG_QUEUES_MAX"
}

@test "limits: unreadable owners are not guessed" {
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

@test "limits: --warn needs a percentage" {
	local word

	for word in '' x -1 +5 101 1.5 5%% 99999999999999999999 ' 5' SEMMNI= SEMMNI=x =; do
		tool limits --warn="$word"
		assert_usage "ipctool limits: --warn: invalid percentage '$word': expected a number from 0 to 100, or RESOURCE=PERCENT"
	done
}

@test "limits: the calls are denied" {
	requires seccomp
	split "$IPCHELPER" deny shmctl=ENOSYS,semctl=EPERM -- "$IPCTOOL" limits -o resource --no-headings
	assert_failure 1
	assert_stderr_line "ipctool limits: shm: this kernel has no shared memory segments"
	assert_stderr_line "ipctool limits: sem: cannot read the limits: Operation not permitted"
	assert_output $'MSGMNI\nMSGMAX\nMSGMNB'
}

# --- Prometheus -----------------------------------------------------------------------

@test "limits: promtool accepts the metrics" {
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

@test "limits: metrics equal the table" {
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

@test "limits: metrics of memory, attachments and queues" {
	requires root mount
	local page id queue
	page=$(getconf PAGESIZE)

	id=$(helper shm $((3 * page)) uid=26)
	head -c $((2 * page)) /dev/zero | ipctool write "shm:$id"
	start_helper attach "$(helper shm 100 uid=26)"
	helper shm 1
	start_helper attach-dest 100
	helper msg uid=26
	helper send "$(helper msg uid=26)" 2 10
	queue=$(helper msg)
	helper send "$queue" 3 100
	helper sem 1
	printf '%s\n' postgres:x:26:26::/: root:x:0:0::/: >"$BATS_TEST_TMPDIR/passwd"
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" limits --format=prometheus
	assert_success
	assert_equal "$(grep -E '^ipctool_(resident|swapped|unattached|dest|queue)' <<<"$output")" "$(
		cat <<-END
			ipctool_resident_bytes{type="shm",owner="root",uid="0"} 0
			ipctool_resident_bytes{type="shm",owner="postgres",uid="26"} $((2 * page))
			ipctool_swapped_bytes{type="shm",owner="root",uid="0"} 0
			ipctool_swapped_bytes{type="shm",owner="postgres",uid="26"} 0
			ipctool_unattached_segments{type="shm",owner="root",uid="0"} 1
			ipctool_unattached_segments{type="shm",owner="postgres",uid="26"} 1
			ipctool_dest_segments{type="shm",owner="root",uid="0"} 1
			ipctool_dest_segments{type="shm",owner="postgres",uid="26"} 0
			ipctool_queued_messages{type="msg",owner="postgres",uid="26"} 2
			ipctool_queued_messages{type="msg",owner="root",uid="0"} 3
			ipctool_queued_bytes{type="msg",owner="postgres",uid="26"} 20
			ipctool_queued_bytes{type="msg",owner="root",uid="0"} 300
			ipctool_queue_fullest_ratio{ref="msg:$queue",owner="root",uid="0"} 0.0183
		END
	)"
	assert_line "# HELP ipctool_dest_segments Segments that the kernel removes after the last detach, by owner."
	# Each metric has its heading before its samples, and all samples in one place.
	assert_equal "$(sed -n 's/^# TYPE \([a-z_]*\) gauge/\1/p' <<<"$output" | sort -u | wc -l)" 12
}

@test "limits: the fullest queue" {
	requires root
	local id

	tool limits msg --format=prometheus
	assert_success
	refute_line --partial 'ipctool_queue_fullest_ratio{'
	helper msg
	helper send "$(helper msg)" 1 1000
	id=$(helper msg)
	helper send "$id" 1 100
	ipctool set "msg:$id" --qbytes=100
	tool limits msg --format=prometheus
	assert_line --regexp "^ipctool_queue_fullest_ratio\{ref=\"msg:$id\",owner=.*\} 1\.0000\$"
	# More than it may hold since it was lowered; and what may hold nothing is full.
	ipctool set "msg:$id" --qbytes=64
	tool limits msg --format=prometheus
	assert_line --regexp "^ipctool_queue_fullest_ratio\{ref=\"msg:$id\",owner=.*\} 1\.5625\$"
}

@test "limits: metrics leave out sums that lack something" {
	requires mount
	proc_table "${columns_of[shm]}" "shmid=0 size=10 rss=4294967296 swap=7 ctime=1 uid=26" \
		"shmid=1 size=5 rss=4096 ctime=1 uid=27" >"$BATS_TEST_TMPDIR/shm"
	helper shm 1
	helper shm 1
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" limits shm --format=prometheus --alone
	assert_success
	assert_line --regexp '^ipctool_resident_bytes\{.*uid="27"\} 4096$'
	refute_line --regexp '^ipctool_resident_bytes\{.*uid="26"'
	assert_line --regexp '^ipctool_swapped_bytes\{.*uid="26"\} 7$'
	assert_stderr_line "ipctool limits: shm: rss of 1 object could not be read, and their owners are left out of ipctool_resident_bytes: the kernel says that more of a segment is in memory than it has (its rss is wrong for huge pages)"
}

@test "limits: metrics of a resource are without objects" {
	helper sem 1
	tool limits SEMMNI --format=prometheus
	assert_success
	assert_equal "$(grep -v '^#' <<<"$output" | sed 's/ .*//')" "$(
		printf 'ipctool_limit%s{type="sem",resource="SEMMNI"}\n' "" _used
	)"
}

@test "limits: metrics read each object once" {
	requires strace
	local file

	helper shm 1
	helper sem 1
	helper msg
	split strace -f -e trace=openat,shmctl,semctl,msgctl -o "$BATS_TEST_TMPDIR/trace" \
		"$IPCTOOL" limits --format=prometheus
	assert_success
	for file in shm sem msg; do
		run grep -c "openat(.*\"/proc/sysvipc/$file\"" "$BATS_TEST_TMPDIR/trace"
		[ "$output" -le 1 ] || fail "$file: $output"
	done
	run sed -n 's/.* \([a-z]*ctl([0-9]*, [A-Z]*_STAT_ANY\).* = [0-9]*$/\1/p' "$BATS_TEST_TMPDIR/trace"
	assert_equal "$(sort <<<"$output" | uniq -d)" ""
}

@test "limits: metrics keep stale objects apart" {
	requires root mount
	local now=$(($(date +%s) - 100000))

	# Attached and detached long ago, by a process that has ended.
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
	# Outside the initial PID namespace, processes that are not visible may know the
	# first.
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" limits shm --format=prometheus
	assert_success
	assert_line --regexp 'ipctool_objects\{.*uid="26",stale="unknown"\} 1'
	assert_line --regexp 'ipctool_objects\{.*uid="26",stale="false"\} 1'
	assert_line --regexp 'ipctool_objects_bytes\{.*uid="26",stale="unknown"\} 10'
	refute_line --partial 'stale="true"'
}

@test "limits: metrics have no fields" {
	tool limits --format=prometheus -o resource
	assert_usage "ipctool limits: --format=prometheus and -o exclude each other: the format has no fields"
	tool limits --format=prometheus --sort=used
	assert_usage "ipctool limits: --format=prometheus and --sort exclude each other: the format has no fields"
	tool limits --format=prometheus --list-fields
	assert_failure 2
	tool limits --format=prometheus --bytes
	assert_failure 2
}
