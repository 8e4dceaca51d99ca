#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# run-bats: the machine's processes
#
# Two clusters of PostgreSQL of one user. Each has one segment, of 56 bytes: its key comes from
# the directory of the data, the creator is the postmaster, and all its processes are attached.
# It stands for the cluster: one that finds it attached does not start.

load common
load real

setup()
{
	requires root python postgres
	start_place "${reaper[@]}"
	# The database's user has to have a name, and nobody is one that every machine has.
	as_owner=("${inside[@]}" setpriv --reuid=nobody --regid=nogroup --clear-groups --)
	data=$(mktemp -d)
	chown nobody "$data"
	"${as_owner[@]}" "$postgres/initdb" --no-sync --auth=trust --username=admin \
		--pgdata="$data/one" >/dev/null
	cp -a "$data/one" "$data/two"
}

teardown()
{
	end_helpers
	end_place
	wipe
	[ -z "${data:-}" ] || rm -rf "$data"
}
data=

# start_cluster NAME PORT : its segment is then in the variable of its name.
start_cluster()
{
	local before

	before=$(objects)
	"${as_owner[@]}" "$postgres/pg_ctl" start -w -s -D "$data/$1" -l "$data/$1/log" \
		-o "-F -p $2 -k $data -c listen_addresses=''" 3>&-
	printf -v "$1" '%s' "$(comm -13 <(tr ' ' '\n' <<<"$before" | sort) \
		<(objects | tr ' ' '\n' | sort))"
	[[ ${!1} =~ ^shm:[0-9]+$ ]]
}

# stop_cluster NAME
stop_cluster()
{
	"${as_owner[@]}" "$postgres/pg_ctl" stop -w -s -m fast -D "$data/$1"
}

# kill_cluster NAME : all its processes at once, by SIGKILL, as the end of memory may do.
kill_cluster()
{
	local postmaster

	postmaster=$(head -n 1 "$data/$1/postmaster.pid")
	# shellcheck disable=SC2016 # the inner shell's own
	"${inside[@]}" sh -c 'kill -KILL $0 $(cat /proc/$0/task/$0/children)' "$postmaster"
	until_true unattached "${!1}"
}

# unattached REF
unattached()
{
	awk -v "id=${1#shm:}" '$2 == id { exit $7 > 0 }' /proc/sysvipc/shm
}

# answers PORT
answers()
{
	"${as_owner[@]}" "$postgres/psql" -h "$data" -p "$1" -U admin -Atc 'SELECT 1' postgres
}

@test "postgres: live clusters" {
	start_cluster one 5001
	start_cluster two 5002

	verdicts "$quick" --alone --grace=0 "$one=false/recorded" "$two=false/recorded"
	verdicts "$real" "$one=false/recorded" "$two=false/recorded"
	kept "$quick" rm --stale --alone --grace=0 --yes
	refused "$one" "$two" -- "$quick" rm --all --alone --yes
	refused "$one" "$two" -- "$quick" rm shm --user=nobody --alone --yes
	kept "$quick" rm shm --idle=0 --alone --yes
	kept "$quick" rm shm --unattached --yes
	assert_equal "$(answers 5001)$(answers 5002)" 11
}

@test "postgres: one of two clusters is killed, and then the other one stopped" {
	local first
	start_cluster one 5001
	start_cluster two 5002
	kill_cluster one

	# The processes of the other cluster run under the same user, who may start this one
	# again; the reason names one of them.
	verdicts "$quick" --alone --grace=0 "$one=false/may-know" "$two=false/recorded"
	split "${inside[@]}" "$quick" list -J -o reason --alone --grace=0 "$one"
	assert_success
	first=$(jq -r '.objects[0].reason' <<<"$output")
	[[ $first =~ process\ ([0-9]+)\ \(postgres\) ]]
	processes_of 65534 | grep -qx "${BASH_REMATCH[1]}"
	kept "$quick" rm --stale --alone --grace=0 --yes
	kept "$real" rm --stale --alone --grace=0 --yes
	refused "$one" "$two" -- "$quick" rm --all --alone --yes
	assert_equal "$(answers 5002)" 1

	stop_cluster two
	assert_equal "$(objects)" "$one"
	verdicts "$real" --alone "$one=false/grace"
	kept "$real" rm --stale --alone --yes
	verdicts "$real" --grace=0 "$one=null/namespace"
	verdicts "$real" --alone --grace=0 "$one=true/none"
	split "${inside[@]}" "$real" rm --stale --alone --grace=0 --yes -v
	assert_success
	assert_line --regexp "^removed $one( |\$)"
	assert_stderr
	assert_equal "$(objects)" ''
}

@test "postgres: a killed cluster restarts while its segment exists" {
	start_cluster one 5001
	kill_cluster one
	verdicts "$quick" --alone --grace=0 "$one=true/none"

	# It removes the old one itself.
	start_cluster one 5001
	verdicts "$quick" --alone --grace=0 "$one=false/recorded"
	kept "$quick" rm --stale --alone --grace=0 --yes
	assert_equal "$(answers 5001)" 1
}
