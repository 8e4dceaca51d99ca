#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What contrib/monitoring has: the plugin for Nagios and Icinga, the alerts for Prometheus and
# the dashboard for Grafana, held against what the program prints.

load common
load life
load scenes
load waits

monitoring=$IPCTOOL_SRCDIR/contrib/monitoring

setup()
{
	requires sysctl
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$IPCTOOL" "$BATS_TEST_TMPDIR/bin/ipctool"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	# Numbers for the performance data that no other machine has.
	kernel_sets shmmni 1000
	kernel_sets shmall 18446744073692774399
	kernel_sets sem "32000 2000 500 300"
	kernel_sets msgmni 4
}

# queues COUNT : makes message queues.
queues()
{
	local n

	for ((n = 0; n < $1; n++)); do
		helper msg >/dev/null
	done
}

# check STATUS TEXT ARG... : check_ipctool exits so and prints that, and nothing else.
check()
{
	local wanted=$1 text=$2

	split sh "$monitoring/check_ipctool" "${@:3}"
	assert_equal "$status: $output" "$wanted: $text"
	assert_stderr
}

@test "monitoring: check_ipctool and its four statuses" {
	local rest="SHMMNI=0;800;900;0;1000 SHMALL=0;;;0 SEMMNI=0;240;270;0;300 SEMMNS=0;1600;1800;0;2000"

	queues 3
	check 0 "IPC OK - highest is MSGMNI 3 of 4 (75%) | $rest MSGMNI=3;4;4;0;4"
	check 1 "IPC WARNING - MSGMNI 3 of 4 (75%) | MSGMNI=3;3;4;0;4" -w 75 msg
	check 0 "IPC OK - highest is MSGMNI 3 of 4 (75%) | MSGMNI=3;4;4;0;4" -w 76% msg
	check 2 "IPC CRITICAL - MSGMNI 3 of 4 (75%) | MSGMNI=3;2;3;0;4" -w 50 -c 75 MSGMNI
	check 3 "IPC UNKNOWN - nothing is counted of these resources" SHMMAX
}

@test "monitoring: check_ipctool by its default thresholds" {
	kernel_sets msgmni 10
	queues 7
	check 0 "IPC OK - highest is MSGMNI 7 of 10 (70%) | MSGMNI=7;8;9;0;10" msg
	queues 1
	check 1 "IPC WARNING - MSGMNI 8 of 10 (80%) | MSGMNI=8;8;9;0;10" msg
	queues 1
	check 2 "IPC CRITICAL - MSGMNI 9 of 10 (90%) | MSGMNI=9;8;9;0;10" msg
}

@test "monitoring: check_ipctool with thresholds for resources, of which the last counts" {
	queues 3
	kernel_sets shmmni 2
	helper shm 1
	check 1 "IPC WARNING - SHMMNI 1 of 2 (50%) | SHMMNI=1;1;2;0;2 MSGMNI=3;4;4;0;4" \
		-w 90 -w shmmni=50 SHMMNI MSGMNI
	check 0 "IPC OK - highest is MSGMNI 3 of 4 (75%) | SHMMNI=1;2;2;0;2 MSGMNI=3;4;4;0;4" \
		-w SHMMNI=50 -w 90 SHMMNI MSGMNI
	check 2 "IPC CRITICAL - MSGMNI 3 of 4 (75%); warning: SHMMNI 1 of 2 (50%) | SHMMNI=1;1;2;0;2 MSGMNI=3;1;3;0;4" \
		-w 10 -c 95 -c MSGMNI=70 SHMMNI MSGMNI
}

@test "monitoring: check_ipctool by the exact ratio, and without a limit" {
	kernel_sets msgmni 3
	queues 1
	check 1 "IPC WARNING - MSGMNI 1 of 3 (33%) | MSGMNI=1;1;3;0;3" -w 33 msg
	check 0 "IPC OK - highest is MSGMNI 1 of 3 (33%) | MSGMNI=1;2;3;0;3" -w 34 msg
	helper shm 1
	check 0 "IPC OK - no resource has a limit | SHMALL=1;;;0" -w 0 -c 0 SHMALL
	kernel_sets msgmni 0
	check 2 "IPC CRITICAL - MSGMNI 1 of 0 (100%) | MSGMNI=1;0;0;0;0" -w 100 -c 100 msg
}

@test "monitoring: check_ipctool with POSIX objects" {
	requires mount

	mount -t tmpfs -o size=1m,nr_inodes=5 tmpfs /dev/shm
	head -c 786432 /dev/zero >/dev/shm/a
	check 0 "IPC OK - highest is PSHM_BYTES 786432 of 1048576 (75%) | PSHM_BYTES=786432;838861;943719;0;1048576 PSHM_INODES=2;4;5;0;5 PSHM_UNLINKED=0;;;0 PSHM_OTHER=0;;;0" pshm
	check 1 "IPC WARNING - PSHM_BYTES 786432 of 1048576 (75%) | PSHM_BYTES=786432;734004;943719;0;1048576" -w pshm_bytes=70 pshm_bytes
	check 3 "IPC UNKNOWN - nothing is counted of these resources" psem
	umount /dev/shm
}

@test "monitoring: check_ipctool knows what it does not know" {
	requires seccomp
	local word

	check 3 "IPC UNKNOWN - ipctool limits: --warn: invalid percentage '101': expected a number from 0 to 100, or RESOURCE=PERCENT" -w 101
	check 3 "IPC UNKNOWN - ipctool limits: unknown resource 'MSGMN'; did you mean MSGMNI?" -c MSGMN=5
	check 3 "IPC UNKNOWN - ipctool limits: unknown type or resource 'MSGMN'; did you mean MSGMNI or MSGMNB?" MSGMN
	for word in '' ' 5' '5;6' '5|6' -1; do
		check 3 "IPC UNKNOWN - invalid threshold '${word/|//}'; see check_ipctool -h" -w "$word"
	done
	check 3 "IPC UNKNOWN - -w needs an argument; see check_ipctool -h" -w
	check 3 "IPC UNKNOWN - unknown option -x; see check_ipctool -h" -x
	check 3 "$(sh "$monitoring/check_ipctool" -h)" --help
	check 3 "$(ipctool --version)" --version
	check 3 "IPC UNKNOWN - options stand before types and resources: '-w'" msg -w 5
	# What the kernel does not tell.
	split "$IPCHELPER" deny msgctl=EPERM -- sh "$monitoring/check_ipctool"
	assert_equal "$status: $output" "3: IPC UNKNOWN - ipctool limits: msg: cannot read the limits: Operation not permitted"
	rm "$BATS_TEST_TMPDIR/bin/ipctool"
	mkdir "$BATS_TEST_TMPDIR/none"
	for word in sed tr; do
		ln -s "$(command -v $word)" "$BATS_TEST_TMPDIR/none"
	done
	split unshare --mount sh -c 'mount -t tmpfs none /usr/local/bin && exec "$@"' sh \
		env PATH="$BATS_TEST_TMPDIR/none" /bin/sh "$monitoring/check_ipctool"
	assert_equal "$status: $output" "3: IPC UNKNOWN - ipctool is not installed, or not in PATH"
}

@test "monitoring: check_ipctool prints its help and the version" {
	split sh "$monitoring/check_ipctool" -h
	assert_failure 3
	assert_line --index 0 "Usage: check_ipctool [-w THRESHOLD]... [-c THRESHOLD]... [TYPE|RESOURCE...]"
	check 3 "$(ipctool --version)" -V
	# README has the same usage.
	run grep -F "check_ipctool [-w THRESHOLD]... [-c THRESHOLD]... [TYPE|RESOURCE...]" "$monitoring/README"
	assert_success
}

# metrics : the names of the metrics that the program prints.
metrics()
{
	{
		ipctool limits --format=prometheus
		ipctool waits --format=prometheus 2>/dev/null
	} | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' | sort
}

@test "monitoring: the dashboard is JSON, and has every metric and no other" {
	local dashboard=$monitoring/ipctool-dashboard.json

	run jq -r '[.panels[].id] | length == (unique | length)' "$dashboard"
	assert_output true
	run jq -r '.panels[] | .targets[].expr' "$dashboard"
	assert_success
	assert_equal "$(grep -oE '\bipctool_[a-z_]+' <<<"$output" | sort -u)" "$(metrics)"
	run jq -r '.templating.list[] | .query' "$dashboard"
	assert_output $'prometheus\nlabel_values(ipctool_limit, instance)'
}

@test "monitoring: the alerts are those of README, with metrics that there are" {
	requires promtool
	local rules=$monitoring/ipctool.rules.yml

	run promtool check rules "$rules"
	assert_success
	assert_output --partial "SUCCESS: 6 rules found"
	run grep -oE '^ +expr: .*' "$rules"
	run comm -23 <(grep -oE '\bipctool_[a-z_]+' <<<"$output" | sort -u) <(metrics)
	assert_output ''
	assert_equal "$(sed -n 's/^ *- alert: //p' "$rules" | sort)" \
		"$(grep -oE '^ +Ipc[A-Za-z]+' "$monitoring/README" | tr -d ' ' | sort)"
}

# series : the metrics of the program, in the file that prints it, as input for promtool: each
# stays as it is for two days, and what is infinite for an hour, of which promtool has no short
# form.
series()
{
	local infinite

	infinite=$(yes Inf | head -n 60 | xargs)
	sed -n '/^#/!{
		s/}\(.*\)$/,instance="host",job="node"}\1/
		s/^\(.*\) +Inf$/      - { series: '"'\1', values: '$infinite'"' }/p
		s/^\(.*\) \([0-9.]*\)$/      - { series: '"'\1', values: '\2x2880'"' }/p
	}' "$BATS_TEST_TMPDIR/metrics"
}

# fires ALERT MINUTES COUNT : after these minutes of what is now so many of the alert fire.
fires()
{
	local test=$BATS_TEST_TMPDIR/test.yml

	[ -n "${metrics_are_there:-}" ] ||
		ipctool limits --format=prometheus --alone >"$BATS_TEST_TMPDIR/metrics"
	{
		printf 'rule_files: [ %s ]\ntests:\n  - interval: 1m\n    input_series:\n' \
			"$monitoring/ipctool.rules.yml"
		series
		printf '    promql_expr_test:\n      - expr: %s\n        eval_time: %dm\n' \
			"count(ALERTS{alertname=\"$1\",alertstate=\"firing\"}) or vector(0)" "$2"
		printf '        exp_samples: [ { labels: "{}", value: %d } ]\n' "$3"
	} >"$test"
	run promtool test rules "$test"
	assert_success
}

@test "monitoring: alerts fire when a limit is near" {
	requires promtool

	queues 3
	fires IpcLimitNearlyReached 20 0
	kernel_sets msgmni 3
	fires IpcLimitNearlyReached 9 0
	fires IpcLimitNearlyReached 10 1
	fires IpcLimitReached 0 0
	fires IpcLimitReached 1 1
	# Nothing at all of a limit of 0 is no reason.
	wipe
	kernel_sets msgmni 0
	fires IpcLimitReached 20 0
}

@test "monitoring: alerts fire when a queue is nearly full, or objects stay stale" {
	requires promtool
	local id

	id=$(helper msg)
	ipctool set "msg:$id" --qbytes=100
	helper send "$id" 1 89
	fires IpcQueueNearlyFull 20 0
	helper send "$id" 1 1
	fires IpcQueueNearlyFull 4 0
	fires IpcQueueNearlyFull 5 1
}

@test "monitoring: an alert fires when objects stay stale" {
	requires promtool mount
	local then=$(($(date +%s) - 1000000)) metrics_are_there=yes

	helper shm 1
	helper shm 1
	proc_table "${columns_of[shm]}" \
		"shmid=0 size=10 cpid=4000000 lpid=4000001 atime=$then dtime=$then ctime=$then uid=26" \
		"shmid=1 size=5 cpid=$$ lpid=$$ atime=$then dtime=$then ctime=$then uid=26" \
		>"$BATS_TEST_TMPDIR/shm"
	over_proc shm="$BATS_TEST_TMPDIR/shm" -- "$IPCTOOL" limits --format=prometheus --alone
	assert_success
	echo "$output" >"$BATS_TEST_TMPDIR/metrics"
	fires IpcStaleObjects 1439 0
	fires IpcStaleObjects 1440 1
}

@test "monitoring: an alert fires when threads can never go on" {
	requires promtool
	local metrics_are_there=yes

	ipctool waits --alone --format=prometheus >"$BATS_TEST_TMPDIR/metrics"
	fires IpcProcessesHang 20 0
	scene pipes=1 'reader:r0,w0,read0'
	ipctool waits --alone --format=prometheus >"$BATS_TEST_TMPDIR/metrics"
	fires IpcProcessesHang 10 0
	fires IpcProcessesHang 11 1
}

@test "monitoring: the alert on old metrics" {
	requires promtool
	local test=$BATS_TEST_TMPDIR/test.yml at

	for at in 15:0 16:1; do
		cat >"$test" <<-END
			rule_files: [ $monitoring/ipctool.rules.yml ]
			tests:
			  - interval: 1m
			    input_series:
			      - { series: 'node_textfile_mtime_seconds{file="/var/lib/node/ipc.prom"}', values: '0x100' }
			      - { series: 'node_textfile_mtime_seconds{file="other.prom"}', values: '0x100' }
			    promql_expr_test:
			      - expr: count(ALERTS{alertname="IpcMetricsOutdated",alertstate="firing"}) or vector(0)
			        eval_time: ${at%:*}m
			        exp_samples: [ { labels: "{}", value: ${at#*:} } ]
		END
		run promtool test rules "$test"
		assert_success
	done
}
