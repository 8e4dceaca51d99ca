# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the tests use what is set here; run sets the rest
#
# What the tests with real programs share; loaded after common.
#
# Most of them use the program with short times, because a new process may learn of a private
# object for ten minutes, and no test waits that long. `real` is the program as it is installed.
# Each scene runs in a PID namespace of its own, so that the processes which a test leaves end
# with the namespace, and `--alone` is true.

quick=$IPCTOOL
real=${IPCTOOL_REAL:-$IPCTOOL}

# How often the tests look at a running server.
looks=${IPCTOOL_REAL_LOOKS:-30}

# The start of a command that runs the rest where the processes of the scene are.
inside=(env)

# start_place COMMAND... : starts a PID namespace with a network of its own, in which the
# command is PID 1 and in which `inside` runs commands. The processes of the test file are
# outside, as those of the host are for a container.
start_place()
{
	local namespaces

	# The only network that is needed is lo. PID 1 may read from the fifo, to which nothing
	# is ever written.
	mkfifo "$BATS_TEST_TMPDIR/quiet"
	# shellcheck disable=SC2016 # the inner shell's own
	setpriv --pdeathsig=KILL unshare --pid --net --fork --kill-child --mount-proc \
		--propagation unchanged sh -c '
		python3 -c "import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack(\"16sh14x\", b\"lo\", 0x41))" &&
			touch "$0" && exec "$@"' "$BATS_TEST_TMPDIR/up" "$@" \
		<>"$BATS_TEST_TMPDIR/quiet" >/dev/null 2>&1 3>&- &
	place=$!
	until_true test -e "$BATS_TEST_TMPDIR/up"
	rm "$BATS_TEST_TMPDIR/up" "$BATS_TEST_TMPDIR/quiet"
	namespaces=/proc/$place/ns
	inside=(nsenter "--pid=$namespaces/pid_for_children" "--net=$namespaces/net"
		"--mount=$namespaces/mnt" --)
}
place=

# A PID 1 that runs under a user without objects, and reaps the processes whose parents have
# ended. If it changed its user, it would outlive the place.
reaper=(setpriv --reuid=12345 --regid=12345 --clear-groups --pdeathsig=KILL --
	bash -c "read -r")

# end_place : kills all processes of the place with SIGKILL, and waits until they are gone.
end_place()
{
	local first

	[ -n "$place" ] || return 0
	# The place ends with its PID 1, and unshare ends after the last process of the place.
	read -r first <"/proc/$place/task/$place/children" || true
	kill -KILL "${first:-$place}" 2>/dev/null || true
	wait "$place" 2>/dev/null || true
	place=
	inside=(env)
}

# kill_all : kills all processes of the place but PID 1 with SIGKILL, as when memory runs out.
kill_all()
{
	"${inside[@]}" sh -c 'kill -KILL -1'
	until_true is_empty
}

# Whether only PID 1 and this shell are left, and no zombies.
is_empty()
{
	# shellcheck disable=SC2016 # the inner shell's own
	"${inside[@]}" sh -c 'set -- /proc/[0-9]*; [ $# -le 2 ]'
}

# processes_of UID : the processes of a user in the place, by their numbers there.
processes_of()
{
	# shellcheck disable=SC2016 # the inner shell's own
	"${inside[@]}" sh -c 'grep -ls "^Uid:.$0[[:space:]]" /proc/[0-9]*/status' "$1" |
		grep -o '[0-9]*' || true
}

# until_true COMMAND... : waits for a state that another program reaches without our help.
until_true()
{
	local end=$((SECONDS + timeout))

	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || fail "not so after $timeout seconds: $*"
		sleep 0.05
	done
}

# verdicts PROGRAM [OPTION...] REF=STALE/CAUSE... : list's fields stale and cause of each;
# CAUSE may be a pattern.
verdicts()
{
	local program=$1 args=() wanted=() refs=() i found

	shift
	for i; do
		case $i in
		-*) args+=("$i") ;;
		*) refs+=("${i%%=*}") wanted+=("$i") ;;
		esac
	done
	split "${inside[@]}" "$program" list -J -o ref,stale,cause "${args[@]}" "${refs[@]}"
	assert_success
	mapfile -t found < <(jq -r '.objects[] | "\(.ref)=\(.stale)/\(.cause)"' <<<"$output")
	assert_equal "${#found[@]}" "${#wanted[@]}"
	for i in "${!wanted[@]}"; do
		# shellcheck disable=SC2053 # a pattern
		[[ ${found[i]} == ${wanted[i]} ]] && continue
		batslib_print_kv_single_or_multi 8 wanted "${wanted[*]}" found "${found[*]}" |
			batslib_decorate 'another verdict' | fail
	done
}

# in_grace SET : the set is not stale with any grace time, because it was used less than three
# seconds ago. On a busy machine more time may have passed.
in_grace()
{
	local set=$1 used

	split "${inside[@]}" "$real" list -J -o stale,cause --alone --grace=0 "$set"
	assert_success
	used=$(awk -v "id=${set#sem:}" '$2 == id { print $9 }' /proc/sysvipc/sem)
	[ $(($(date +%s) - used)) -lt 3 ] || return 0
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause]' <<<"$output")" '[false,"grace"]'
}

# never_stale [REF...] : looks many times, without a grace time, and never finds one of them
# stale. It uses the real times, because for a tenth of a second a server may have no process
# except root's master.
never_stale()
{
	split "${inside[@]}" "$IPCHELPER" looks "$looks" "$real" list --stale --alone \
		--grace=0 -o ref --no-headings "$@"
	assert_success
	assert_output "$looks looks"
	assert_stderr
}

# kept COMMAND... : rm by conditions chooses nothing, and says nothing.
kept()
{
	local before

	before=$(objects)
	split "${inside[@]}" "$@"
	assert_success
	assert_output ''
	assert_stderr
	assert_equal "$(objects)" "$before"
}

# refused REF... -- COMMAND... : rm by conditions chooses these objects, and refuses each.
refused()
{
	local before refs=()

	before=$(objects)
	while [ "$1" != -- ]; do
		refs+=("$1")
		shift
	done
	shift
	split "${inside[@]}" "$@"
	assert_failure 1
	assert_output ''
	for ref in "${refs[@]}"; do
		assert_stderr --partial "ipctool rm: $ref: "
	done
	assert_equal "$(objects)" "$before"
}

# objects : the references of all objects, from the kernel's own tables, without the program.
objects()
{
	local type

	for type in shm sem msg; do
		awk -v "type=$type" 'NR > 1 { print type ":" $2 }' "/proc/sysvipc/$type"
	done | paste -sd ' '
}

teardown()
{
	end_helpers
	end_place
	wipe
}
