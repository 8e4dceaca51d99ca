#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# waits: real servers that are idle or at work are neither in a deadlock, nor stuck or stopped.
#
# IPCTOOL_WAITS_LOOKS sets how often they are looked at.
#
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a process of its own

load common
load real
load apache
load waits

looks=${IPCTOOL_WAITS_LOOKS:-5}

setup()
{
	requires root python
	start_place "${reaper[@]}"
}

teardown()
{
	end_helpers
	end_place
	wipe
	[ -z "${data:-}" ] || rm -rf "$data"
}
data=

# never_found : a number of looks, from where the server runs, find nothing.
never_found()
{
	local i

	for ((i = 0; i < looks; i++)); do
		split "${inside[@]}" "$IPCTOOL" waits --alone --exit-code --json
		assert_success
		assert_equal "$(findings)" ''
	done
}

@test "waits A20: an idle Apache, whose workers wait for a semaphore" {
	requires apache
	modules=/usr/lib/apache2/modules
	site=$BATS_TEST_TMPDIR/site
	configure 0
	start_site
	never_found
	split "${inside[@]}" "$IPCTOOL" waits --alone
	assert_line --regexp '^  apache2 [0-9]+( and [0-9]+ more)? +semop sem:[0-9]+\[0\]: value 0, needs 1 .* apache2 [0-9]+ took it last$'
	assert_line --regexp '^    apache2 [0-9]+ +epoll_wait .* waits for an event$'
}

@test "waits: a PostgreSQL that is idle, and one that waits for a lock of a table" {
	requires postgres
	local as=("${inside[@]}" setpriv --reuid=nobody --regid=nogroup --clear-groups --)

	data=$(mktemp -d)
	chown nobody "$data"
	"${as[@]}" "$postgres/initdb" --no-sync --auth=trust --username=admin \
		--pgdata="$data/one" >/dev/null
	"${as[@]}" "$postgres/pg_ctl" start -w -s -D "$data/one" -l "$data/one/log" \
		-o "-F -k $data -c listen_addresses=''" 3>&-
	never_found
	"${as[@]}" "$postgres/psql" -h "$data" -U admin -qc 'CREATE TABLE t ()' postgres
	for _ in 1 2; do
		"${as[@]}" "$postgres/psql" -h "$data" -U admin -qc \
			'BEGIN; LOCK TABLE t; SELECT pg_sleep(1000)' postgres >/dev/null 2>&1 3>&- &
	done
	never_found
	"${as[@]}" "$postgres/pg_ctl" stop -s -m immediate -D "$data/one"
}
