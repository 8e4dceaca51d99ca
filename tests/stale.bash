# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2206 # status, output and stderr are set by run
#
# Functions shared by the tests of stale, users and selection; loaded after common.

# Users without other processes. Creating objects for them needs `requires root`.
user=12345
other=12346
third=12347
by_user=(setpriv --reuid="$user" --regid="$user" --clear-groups --)
by_other=(setpriv --reuid="$other" --regid="$other" --clear-groups --)

# Each file has its own PID namespace, so it must declare that no process outside uses the
# objects. A test about this declaration empties it.
alone=(--alone)

# The command that runs ipctool.
inside=(env)

# judged [OPTION...] REF=VERDICT[/CAUSE]... : list's field stale is true, false or null, and
# cause is this word, with no grace time unless an option says otherwise.
judged()
{
	local options=(--grace=0s "${alone[@]}") refs=() verdicts='' causes='' word

	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	for word; do
		refs+=("${word%%=*}")
		verdicts+="${verdicts:+ }${word%/*}"
		causes+="${causes:+ }$word"
	done
	# If the cause is not asked for, some answers need no scan of the processes.
	judge_by '"\(.ref)=\(.stale)"' ref,stale
	assert_equal "$output" "$verdicts"
	[[ $* == */* ]] || return 0
	judge_by '"\(.ref)=\(.stale)/\(.cause)"' ref,stale,cause
	assert_equal "$output" "$causes"
}

# judge_by FORMAT FIELDS : what jq makes of judged's objects, in output.
judge_by()
{
	split "${inside[@]}" "$IPCTOOL" list -J -o "$2" "${options[@]}" "${refs[@]}"
	assert_success
	# If the answer is unknown, a message may tell why.
	[[ $verdicts == *=null* ]] || assert_stderr
	output=$(jq -r "[.objects[] | $1] | join(\" \")" <<<"$output")
}

# reason [OPTION...] REF : prints the reason as text.
reason()
{
	split "${inside[@]}" "$IPCTOOL" list -J -o reason --grace=0s "${alone[@]}" "$@"
	assert_success
	jq -r '.objects[0].reason' <<<"$output"
}

# The program in a place where no process of this PID namespace is visible.
apart=(unshare --pid --fork --kill-child --mount-proc --propagation unchanged)

# used_shm [ARG...] : creates a segment that was used by two processes of the user, which
# have ended.
used_shm()
{
	local id

	id=$(helper shm 4096 as="$user" "$@")
	helper touch "$id"
	echo "$id"
}

# used_sem [NSEMS [ARG...]] : creates a set, all of whose semaphores were set by its
# owner.
used_sem()
{
	local id

	id=$(helper sem "${1:-1}" as="$user" "${@:2}")
	helper setall "$id" 1
	echo "$id"
}

# used_msg [ARG...] : creates an empty queue with a sender and a receiver, which have
# ended.
used_msg()
{
	local id

	id=$(helper msg as="$user" "$@")
	helper send "$id" 1 8
	helper recv "$id" >/dev/null
	echo "$id"
}

# used TYPE [ARG...] : an object of a type.
used()
{
	case $1 in
	shm) used_shm "${@:2}" ;;
	sem) used_sem 1 "${@:2}" ;;
	msg) used_msg "${@:2}" ;;
	esac
}

# fact_of TYPE ID NAME : prints a value of IPC_STAT.
fact_of()
{
	helper raw "$1" "$2" | sed -n "s/^$3=//p"
}

# settle TYPE ID [SECONDS] : waits until a process that starts now has surely started after the
# object was made and used: one second for the margin, one for the whole seconds of the times,
# and one for the lag of the clock that these come from; or until so many seconds have passed.
settle()
{
	local last seconds=${3:-3}

	last=$(helper raw "$1" "$2" | sed -n 's/^[acdors]time=//p' | sort -n | tail -n 1)
	# A start is known to a hundredth of a second.
	until [ "$(date +%s%N)" -gt $((last + seconds))100000000 ]; do
		sleep 0.05
	done
}

# processes FIELD REF : one field of all rows of stat's table of processes, in one line.
processes()
{
	tool stat -J -o processes "$2"
	assert_success
	jq -r "[.objects[0].processes[].$1] | join(\" \")" <<<"$output"
}

# open_told : opens descriptor 9, which helpers that are started now get; what they write is
# seen by tell_helper.
open_told()
{
	exec 9>"$BATS_TEST_TMPDIR/told"
}

# tell_helper N : sends the Nth helper a line, and waits until it has written to descriptor 9;
# that is in `told`.
tell_helper()
{
	local tries=0

	echo >&"${helper_inputs[$1]}"
	until [ -s "$BATS_TEST_TMPDIR/told" ]; do
		[ $((tries++)) -lt 300 ] || fail "the helper has told nothing" || return
		sleep 0.01
	done
	told=$(cat "$BATS_TEST_TMPDIR/told")
}
