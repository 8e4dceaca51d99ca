# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2206 # status, output and stderr are set by run
#
# What the tests of stale, of users and of selecting share; loaded after common.

# A user who runs nothing else, and another one. Objects of theirs need `requires root`.
user=12345
other=12346
by_user=(setpriv --reuid="$user" --regid="$user" --clear-groups --)
by_other=(setpriv --reuid="$other" --regid="$other" --clear-groups --)

# judged [OPTION...] REF=VERDICT... : list's field stale is true, false or null, with a
# grace time of nothing unless an option says otherwise. `inside` is what runs ipctool.
judged()
{
	local options=(--grace=0s) refs=() wanted=''

	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	for word; do
		refs+=("${word%%=*}")
		wanted+="${wanted:+ }$word"
	done
	split "${inside[@]}" "$IPCTOOL" list -J -o ref,stale "${options[@]}" "${refs[@]}"
	assert_success
	# Where nobody can tell, it may be said why.
	case $* in
	*=null*) [[ -z $stderr || $stderr == "ipctool list: "*" could "*"be looked at"* ]] ||
		assert_stderr ;;
	*) assert_stderr ;;
	esac
	assert_equal "$(jq -r '[.objects[] | "\(.ref)=\(.stale)"] | join(" ")' <<<"$output")" \
		"$wanted"
}
inside=(env)

# The program where no process of this pid namespace can be seen.
apart=(unshare --pid --fork --kill-child --mount-proc --propagation unchanged)

# used_shm [ARG...] : a segment that two processes have used, which are gone.
used_shm()
{
	local id

	id=$(helper shm 4096 "$@")
	helper touch "$id"
	echo "$id"
}

# used_sem [NSEMS [ARG...]] : a set all of whose semaphores a process of its owner has set.
used_sem()
{
	local id

	id=$(helper sem "${1:-1}" as="$user" "${@:2}")
	helper as "$user" setall "$id" 1
	echo "$id"
}

# used_msg [ARG...] : an empty queue with a sender and a receiver, which are gone.
used_msg()
{
	local id

	id=$(helper msg as="$user" "$@")
	helper as "$user" send "$id" 1 8
	helper as "$user" recv "$id" >/dev/null
	echo "$id"
}

# processes FIELD REF : one field of all rows of stat's table of processes, in one line.
processes()
{
	tool stat -J -o processes "$2"
	assert_success
	jq -r "[.objects[0].processes[].$1] | join(\" \")" <<<"$output"
}

# without_leaks : from here on the sanitizers look for no leaks, which takes a /proc that shows
# the process itself.
without_leaks()
{
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
}
