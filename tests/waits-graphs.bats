#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# waits: in random graphs of real processes, each of which sleeps or waits for one other, exactly
# those are stuck that wait, through others, for a cycle.
#
# IPCTOOL_WAITS_GRAPHS sets how many graphs are drawn.

load common
load waits

graphs=${IPCTOOL_WAITS_GRAPHS:-5}
processes=14

# draw SEED : draws a graph into the arrays target (-1: it sleeps) and how.
draw()
{
	local i ways=(read write flock ofd sem)

	RANDOM=$1
	target=() how=()
	for ((i = 0; i < processes; i++)); do
		target[i]=-1
		if ((RANDOM % 4 > 0)); then
			target[i]=$(((i + 1 + RANDOM % (processes - 1)) % processes))
		fi
		how[i]=${ways[RANDOM % ${#ways[@]}]}
	done
}

# play : starts the processes of the graph. What each does so that others can wait for it comes
# before all wait.
play()
{
	local i j before=() last=() words=() set

	for ((i = 0; i < processes; i++)); do
		last[i]=sleep before[i]=
	done
	for ((i = 0; i < processes; i++)); do
		j=${target[i]}
		[ "$j" -ge 0 ] || continue
		case ${how[i]} in
		read)
			before[j]+="w$i,"
			last[i]="r$i,read$i"
			;;
		write)
			before[j]+="r$i,"
			last[i]="w$i,write$i"
			;;
		sem)
			set=$(helper sem 1)
			before[j]+="sem=$set:0:1,sem=$set:0:-1,"
			last[i]="sem=$set:0:-1"
			;;
		*)
			before[j]+="${how[i]}=$BATS_TEST_TMPDIR/$seed.$i,"
			last[i]="${how[i]}=$BATS_TEST_TMPDIR/$seed.$i"
			;;
		esac
	done
	for ((i = 0; i < processes; i++)); do
		words+=("p$i:${before[i]}/,${last[i]}")
	done
	scene "pipes=$processes" "${words[@]}"
}

# stuck : the processes that wait for a cycle: they never come to one that sleeps.
stuck()
{
	local i at steps names=()

	for ((i = 0; i < processes; i++)); do
		at=$i
		for ((steps = 0; steps <= processes && at >= 0; steps++)); do
			at=${target[at]}
		done
		[ "$at" -lt 0 ] || names+=("p$i")
	done
	[ ${#names[@]} -eq 0 ] || printf '%s\n' "${names[@]}" | LC_ALL=C sort
}

@test "waits: random graphs of processes" {
	local seed

	for ((seed = 1; seed <= graphs; seed++)); do
		draw "$seed"
		play
		waits
		assert_equal "$seed: $(jq -r '
			(.waits | map({key: (.tid | tostring), value: .command}) | from_entries) as $name
			| .findings[] | .threads[], .behind[] | $name[tostring]' <<<"$output" |
			LC_ALL=C sort | xargs)" "$seed: $(stuck | xargs)"
		end_helper
	done
}
