# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the tests use what is set here; run sets the rest
#
# Functions shared by the tests of create, stat, set and rm; loaded after common.

types=(shm sem msg)

# The arguments that the helper's factory and `create` need for an object of each type.
declare -gA factory_args=([shm]=100 [sem]=2 [msg]='')
declare -gA create_args=([shm]=--size=100 [sem]=--nsems=2 [msg]='')
declare -gA nouns=([shm]='shared memory segment' [sem]='semaphore set' [msg]='message queue')
# The letters that name an id and a key as for ipcrm.
declare -gA id_letter=([shm]=m [sem]=s [msg]=q)
declare -gA key_letter=([shm]=M [sem]=S [msg]=Q)

# make TYPE [ARG...] : prints the id of a new object that the helper's factory makes.
make()
{
	local type=$1

	shift
	# shellcheck disable=SC2086 # none or one
	helper "$type" ${factory_args[$type]} "$@"
}

# create TYPE [OPTION...] : `tool create`, with what the type needs; id is the new id.
create()
{
	local type=$1

	shift
	# shellcheck disable=SC2086 # none or one
	tool create "$type" ${create_args[$type]} "$@"
	created "$type"
}

# created TYPE : stores the printed id in id; it is empty if the output is not a reference
# to an object that did not exist before in the test.
created()
{
	id=
	[[ $output =~ ^$1:(0|[1-9][0-9]*)$ ]] || return 0
	[[ " ${created[*]} " != *" $output "* ]] || return 0
	created+=("$output")
	id=${BASH_REMATCH[1]}
}
created=()

# assert_created TYPE : success, and only the reference of a new object was printed.
assert_created()
{
	local -

	set +T
	assert_success
	assert_stderr
	assert_not_equal "$id" ''
	assert_output "$1:$id"
	helper raw "$1" "$id" >/dev/null
}

# fact TYPE ID NAME : prints one value of IPC_STAT; `helper raw` has the names. NAME may be a
# pattern of the shell, then each value on a line.
fact()
{
	local - line facts

	set +T
	facts=$(helper raw "$1" "$2")
	while IFS= read -r line; do
		# shellcheck disable=SC2053 # a pattern
		[[ ${line%%=*} != $3 ]] || printf '%s\n' "${line#*=}"
	done <<<"$facts"
}

# assert_facts TYPE ID NAME=VALUE... : IPC_STAT has each of these values.
assert_facts()
{
	local - word facts

	set +T
	facts=$(helper raw "$1" "$2")
	for word in "${@:3}"; do
		[[ $'\n'$facts$'\n' == *$'\n'"$word"$'\n'* ]] && continue
		batslib_print_kv_single_or_multi 8 value "$word" facts "$facts" |
			batslib_decorate "$1:$2 has another value" | fail
		return 1
	done
}

# assert_objects SHM SEM MSG : the numbers of objects of each type.
assert_objects()
{
	local - type counts=()

	set +T
	for type in "${types[@]}"; do
		objects_of "$type"
		counts+=("$objects")
	done
	assert_equal "${counts[*]}" "$*"
}

# only_id TYPE : prints the id of the only object of the type.
only_id()
{
	awk 'NR == 2 { id = $2 } END { print NR == 2 ? id : "not one" }' "/proc/sysvipc/$1"
}

# assert_silent : success without any output.
assert_silent()
{
	local -

	set +T
	assert_success
	assert_output ''
	assert_stderr
}

# assert_refused TEXT : status 1, empty standard output, and TEXT on standard error.
assert_refused()
{
	local -

	set +T
	assert_failure 1
	assert_output ''
	assert_stderr "$1"
}

# ipcs_says TYPE ID WORD... : `ipcs -i` prints each of the words, which may contain
# blanks.
ipcs_says()
{
	local - word text
	local -A letter=([shm]=m [sem]=s [msg]=q)

	set +T
	text=$(ipcs "-${letter[$1]}" -i "$2")
	text=${text//$'\t'/ }
	while [[ $text == *'  '* ]]; do
		text=${text//'  '/ }
	done
	for word in "${@:3}"; do
		[[ " $text " == *[[:space:]]"$word"[[:space:],]* ]] && continue
		batslib_print_kv_single_or_multi 8 word "$word" ipcs "$text" |
			batslib_decorate 'ipcs does not say so' | fail
		return 1
	done
}

# without_cap CAPABILITY COMMAND... : `split` as root without one capability.
without_cap()
{
	local cap=$1

	shift
	split setpriv --bounding-set="-$cap" --inh-caps="-$cap" -- "$@"
}

# as UID COMMAND... : `split` as another user.
as()
{
	local id=$1

	shift
	split setpriv --reuid="$id" --regid="$id" --clear-groups -- "$@"
}

# denied RULES COMMAND... : `split` with failing system calls, by the helper's deny.
denied()
{
	local rules=$1

	shift
	split "$IPCHELPER" deny "$rules" -- "$@"
}

# The old values of what kernel_sets has changed.
declare -gA kernel_had=()

# kernel_sets NAME VALUE : writes /proc/sys/kernel/NAME until the test ends.
kernel_sets()
{
	local file=/proc/sys/kernel/$1

	[ -n "${kernel_had[$1]+set}" ] || kernel_had[$1]=$(cat "$file")
	echo "$2" >"$file"
}

restore_kernel()
{
	local name

	for name in "${!kernel_had[@]}"; do
		echo "${kernel_had[$name]}" >"/proc/sys/kernel/$name"
	done
}

teardown()
{
	restore_kernel
	end_helpers
	wipe
}

# blocked_on_stderr PID : waits until a process sleeps in a call on its standard error.
blocked_on_stderr()
{
	local tries=0 fd

	until read -r _ fd _ <"/proc/$1/syscall" && [ "$fd" = 0x2 ]; do
		[ $((tries++)) -lt 1000 ] || fail "process $1 did not block" || return
		sleep 0.01
	done
}

# without_reader COMMAND ARG... : `split` with a pipe without a reader as standard output.
without_reader()
{
	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c '
		mkfifo "$1" && exec 3<>"$1" 4>"$1" 3<&- || exit 125
		shift
		exec "$@" >&4 4>&-' sh "$(mktemp -u "$BATS_TEST_TMPDIR/pipe.XXXXXX")" "$@"
}

# --- Between the first look and the act -------------------------------------------------

# stopped COMMAND ARG... : starts a command of ipctool with these arguments and a missing
# reference at the end, and returns once it blocks in the message about that: it has read
# the objects, and will check each once more before it changes it. resume continues it.
stopped()
{
	local fifo=$BATS_TEST_TMPDIR/fifo both full

	mkfifo "$fifo"
	exec {both}<>"$fifo"
	# shellcheck disable=SC2094 # both ends of a pipe
	exec {stopped_stderr}<"$fifo" {full}>"$fifo" {both}>&-
	# With its own open file, because O_NONBLOCK belongs to the open file.
	dd if=/dev/zero of="$fifo" bs=4096 oflag=nonblock conv=notrunc 2>/dev/null || true
	"$IPCTOOL" "$@" msg:2147483647 >"$BATS_TEST_TMPDIR/out" 2>&"$full" 3>&- &
	stopped_pid=$!
	exec {full}>&-
	blocked_on_stderr "$stopped_pid"
}

# resume : continues; sets status, output and stderr like `split`.
resume()
{
	stderr=$(tr -d '\0' <&"$stopped_stderr")
	status=0
	wait "$stopped_pid" || status=$?
	exec {stopped_stderr}<&-
	rm "$BATS_TEST_TMPDIR/fifo"
	output=$(cat "$BATS_TEST_TMPDIR/out")
}

# again TYPE ID [ARG...] : creates a new object with the id of a removed one.
again()
{
	local new

	echo "$2" >"/proc/sys/kernel/${1}_next_id"
	new=$(make "$1" "${@:3}")
	assert_equal "$new" "$2"
}
