# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # status, output and stderr are set by run
#
# What every .bats file loads first:
#
#	load common
#
# tests/run-bats gives each file namespaces of its own; `make check` exports IPCTOOL,
# IPCHELPER and IPCTOOL_SRCDIR. A test is wiped of its objects and helpers by the teardown
# below; a file with a teardown of its own calls end_helpers and wipe in it.

bats_require_minimum_version 1.5.0

# A failure in a function that is called by $( ) fails the test as well.
shopt -s inherit_errexit

# Seconds that one run of a program may take, on a busy machine and with the sanitizers.
timeout=60

# Not by its load.bash, which starts a process for each file of it, in every test.
load_library()
{
	local dir file

	for dir in ${BATS_LIB_PATH:+"${BATS_LIB_PATH%%:*}"} /usr/lib/bats /usr/share/bats \
		/usr/lib /usr/local/lib/bats /usr/local/lib; do
		[ -r "$dir/$1/load.bash" ] || continue
		for file in "$dir/$1"/src/*.bash; do
			# shellcheck disable=SC1090 # of the machine
			source "$file"
		done
		return
	done
	echo "$1 is not installed: run ./bootstrap" >&2
	return 1
}

load_library bats-support
load_library bats-assert

for variable in IPCTOOL IPCHELPER IPCTOOL_SRCDIR; do
	if [ -z "${!variable:-}" ]; then
		echo "$variable is not set: run the tests by make check" >&2
		exit 1
	fi
done
unset variable

# --- The program ----------------------------------------------------------------------

# ipctool ARG... : the program, in time, for pipes and the like.
ipctool()
{
	command timeout --kill-after=5 "$timeout" "$IPCTOOL" "$@"
}

# tool ARG... : runs the program; sets status, output, stderr, lines and stderr_lines. A
# time-out, a crash or a sanitizer's report (99) fails the test whatever it expects.
tool()
{
	local -

	set +T
	run_split "ipctool $*" "$IPCTOOL" "$@"
}

# commands : all of them, as the program lists them.
commands()
{
	ipctool --help | sed -n '/^Commands/,$s/^  \([a-z]*\)  .*/\1/p'
}

# fields_of COMMAND : the names of its fields, as messages list them: ref, type, id ...
fields_of()
{
	ipctool "$1" --list-fields --no-headings | sed -n 's/ .*//; H; ${ x; s/^\n//; s/\n/, /g; p; }'
}

# formats_of COMMAND : its formats, as --help has them, each with what it is in brackets.
formats_of()
{
	ipctool "$1" --help | tr -s ' \n' ' ' |
		sed -n 's/.* --format=FORMAT \(.*\) -J, --json .*/\1/p' |
		grep -oE '[a-z]+ \(' | tr -d ' ('
}

# host_ipctool FILE : makes FILE the program as it is on a host, in the initial PID namespace,
# for what the manual shows.
host_ipctool()
{
	# shellcheck disable=SC2016 # the script's own
	printf '%s\n' '#!/bin/sh' \
		'case $1 in rm) shift && set -- rm --alone "$@" ;; esac' \
		"exec '$IPCTOOL' \"\$@\"" >"$1"
	chmod +x "$1"
}

# split COMMAND ARG... : the same for any command, so that a test can run ipctool under
# another program, with closed descriptors ...
split()
{
	local -

	set +T
	run_split "$*" "$@"
}

# run_split NAME COMMAND ARG... : what `run --separate-stderr` does, without a process to make
# the file, and without the trap that bats runs before each command of a function: the caller
# turns that off, and so gets its own options back.
run_split()
{
	local name=$1 errors=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/stderr.$BASHPID.$((++runs))

	shift
	set +eE
	output=$(exec timeout --kill-after=5 "$timeout" "$@" 2>"$errors") && status=0 || status=$?
	read -d '' -r stderr <"$errors"
	# shellcheck disable=SC2034 # what run sets, for the tests
	IFS=$'\n' read -d '' -r -a lines <<<"$output"
	IFS=$'\n' read -d '' -r -a stderr_lines <<<"$stderr"
	refuse_breakdown "$name"
}
runs=0

refuse_breakdown()
{
	local why

	case $status in
	99) why="a sanitizer's report" ;;
	124) why="not done after $timeout seconds" ;;
	132 | 134 | 135 | 136 | 137 | 139) why="a crash" ;;
	*) return 0 ;;
	esac
	batslib_print_kv_single_or_multi 8 command "$1" status "$status" output "$output" \
		stderr "${stderr:-}" | batslib_decorate "$why" | fail
}

# as_user UID COMMAND ARG... : runs a command as another user. Needs `requires root`.
as_user()
{
	local id=$1

	shift
	setpriv --reuid="$id" --regid="$id" --clear-groups -- "$@"
}

# --- Assertions -----------------------------------------------------------------------

# assert_stderr [--partial | --regexp] [TEXT] : standard error is exactly TEXT (by default
# empty), contains it, or matches it.
assert_stderr()
{
	local how=exact

	case ${1:-} in
	--partial | --regexp)
		how=${1#--}
		shift
		;;
	esac
	case $how in
	exact) [[ $stderr == "${1:-}" ]] && return ;;
	partial) [[ $stderr == *"$1"* ]] && return ;;
	regexp) [[ $stderr =~ $1 ]] && return ;;
	esac
	batslib_print_kv_single_or_multi 8 "$how" "${1:-}" stderr "$stderr" |
		batslib_decorate 'standard error differs' | fail
}

# assert_stderr_line [--index N] TEXT : a line of standard error, or the Nth one counted
# from 0, is exactly TEXT.
assert_stderr_line()
{
	local index line

	if [ "$1" = --index ]; then
		index=$2
		shift 2
		[[ ${stderr_lines[index]-} == "$1" ]] && return
	else
		for line in "${stderr_lines[@]}"; do
			[[ $line == "$1" ]] && return
		done
	fi
	batslib_print_kv_single_or_multi 8 line "${index:+$index: }$1" stderr "$stderr" |
		batslib_decorate 'standard error has no such line' | fail
}

# assert_usage TEXT : status 2, empty standard output, and TEXT as the first line of
# standard error.
assert_usage()
{
	local -

	set +T
	assert_failure 2
	assert_output ''
	assert_stderr_line --index 0 "$1"
}

# --- Conditions -----------------------------------------------------------------------

# requires WORD... : skips the test with the reason if this machine lacks something.
requires()
{
	local word

	for word in "$@"; do
		case $word in
		# What sets variables, or may change within a file, is looked at in each test.
		postgres | strace | hugepages | memlock | speed) requires_one "$word" ;;
		*)
			[ -e "$BATS_FILE_TMPDIR/has.$word" ] || requires_one "$word"
			;;
		esac
	done
}

requires_one()
{
	local word=$1 reason

	case $word in
	root)
		reason="needs root that may become other users"
		as_user 65534 true 2>/dev/null || skip "$reason"
		;;
	userns)
		reason="needs user namespaces"
		unshare --user --map-root-user true 2>/dev/null || skip "$reason"
		;;
	memlock)
		reason="needs room for locked memory"
		[ "$(ulimit -l)" = unlimited ] || [ "$(ulimit -l)" -ge 1024 ] ||
			skip "$reason"
		;;
	hugepages)
		reason="needs free huge pages"
		[ "$(awk '/^HugePages_Free:/ { print $2 }' /proc/meminfo)" -gt 0 ] ||
			skip "$reason"
		;;
	sysctl)
		reason="needs limits that can be written"
		can_write_limits || skip "$reason"
		;;
	next_id)
		reason="needs ids that can be chosen"
		[ -w /proc/sys/kernel/shm_next_id ] || skip "$reason"
		;;
	set_tid)
		reason="needs process ids that can be chosen"
		can_write /proc/sys/kernel/ns_last_pid || skip "$reason"
		;;
	seccomp)
		reason="needs seccomp filters"
		helper deny kill=EPERM -- true 2>/dev/null || skip "$reason"
		;;
	mount)
		# Below /proc only: that is private in every chroot and container.
		reason="needs the right to mount"
		unshare --mount --propagation unchanged \
			mount -t tmpfs none /proc/sysvipc 2>/dev/null || skip "$reason"
		;;
	no_proc)
		requires mount
		reason="needs a program without the sanitizers, which depend on /proc"
		! is_sanitized || skip "$reason"
		;;
	speed)
		! is_sanitized || skip "needs a program without the sanitizers"
		;;
	jsonschema)
		# bootstrap installs it.
		python3 -c 'import jsonschema' 2>/dev/null ||
			lacks "needs python3 with jsonschema"
		;;
	locales)
		reason="needs the sources of locales"
		[ -e /usr/share/i18n/locales/tr_TR ] || skip "$reason"
		command -v localedef >/dev/null || skip "$reason"
		;;
	bash_completion)
		[ -r /usr/share/bash-completion/bash_completion ] ||
			lacks "needs bash-completion"
		;;
	fish | zsh)
		command -v "$1" >/dev/null || lacks "needs $1"
		;;
	python)
		command -v python3 >/dev/null || lacks "needs python3"
		;;
	apache)
		# The modules are where Debian has them.
		reason="needs apache2 with its modules, and curl"
		[ -e /usr/lib/apache2/modules/mod_mpm_prefork.so ] || lacks "$reason"
		command -v apache2 >/dev/null || lacks "$reason"
		command -v curl >/dev/null || lacks "$reason"
		;;
	php)
		reason="needs php with sysvshm and sysvsem"
		command -v php >/dev/null || lacks "$reason"
		php -r 'exit((int) !function_exists("shm_attach"));' || lacks "$reason"
		php -r 'exit((int) !function_exists("sem_get"));' || lacks "$reason"
		;;
	postgres)
		# shellcheck disable=SC2034 # the tests use it
		postgres=$(postgres_programs) || lacks "needs the server of PostgreSQL"
		;;
	musl)
		command -v musl-gcc >/dev/null || lacks "needs musl-gcc"
		;;
	dash | ipcs | ipcrm | ipcmk | lsipc | promtool | strace | valgrind)
		command -v "$word" >/dev/null || skip "needs $word"
		[ "$word" != strace ] || without_leaks
		;;
	*)
		fail "requires: no such word: $word" || return
		;;
	esac
	: >"$BATS_FILE_TMPDIR/has.$word"
}

# postgres_programs : prints the directory of the newest PostgreSQL, which Debian has outside
# of PATH.
postgres_programs()
{
	local dir

	dir=$(readlink -f "$(command -v postgres)") && dir=${dir%/*} ||
		dir=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	[ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] && echo "$dir"
}

# knows_boot : skips the test if the clock at boot is not known, or was set since: then no
# process has certainly started after anything.
knows_boot()
{
	local made boot

	made=$(stat -c %.2Y /dev/fd)
	boot=$(echo "$(date +%s.%N) $(cut -d ' ' -f 1 /proc/uptime)" | awk '{ printf "%.2f", $1 - $2 }')
	awk -v made="$made" -v boot="$boot" '$2 == "/dev" { type = $3 }
		END { exit !(type == "devtmpfs" && made > boot && made < boot + 59) }' \
		/proc/self/mounts || skip "needs a devtmpfs and a clock that was right at boot"
}

# lacks REASON : skips the test, or fails it if nothing may be missing.
lacks()
{
	[ "${IPCTOOL_TESTS_STRICT:-0}" = 1 ] || skip "$1"
	fail "$1"
}

can_write_limits()
{
	can_write /proc/sys/kernel/msgmni
}

# Writing the current value is the only harmless check.
can_write()
{
	local value

	value=$(cat "$1" 2>/dev/null) && { echo "$value" >"$1"; } 2>/dev/null
}

# is_sanitized : whether the program was built with --enable-sanitizers.
is_sanitized()
{
	grep -q __asan_init "$IPCTOOL"
}

# without_leaks : disables the leak check of the sanitizers, which needs a /proc that
# shows the process itself, and no tracer.
without_leaks()
{
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
}

# --- Helpers --------------------------------------------------------------------------

# helper FACTORY ARG... : a factory that exits, in time; its output is the caller's.
helper()
{
	"$IPCHELPER" within "$timeout" "$@"
}

# Process ids and input descriptors of the running helpers, in order of their start.
helper_pids=()
helper_inputs=()

# start_helper FACTORY ARG... : starts a factory that holds a state, and returns once the
# state is reached. Its words are then in the array `ready` (usually id and pid). Do not
# call it by run or in $( ), which would lose them.
start_helper()
{
	local n=${#helper_pids[@]} input line=
	local path=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/helper.$BASHPID.$((++runs))

	mkfifo "$path.input" "$path.output"
	run_helper "$path" "$@" &
	helper_pids[n]=$!
	exec {input}>"$path.input"
	helper_inputs[n]=$input
	IFS= read -r -t "$timeout" line <"$path.output" || true
	read -ra ready <<<"$line"
	[ ${#ready[@]} -gt 0 ] && return
	batslib_decorate "no state from: ipchelper $*" <"$path.errors" | fail
}

# In the background: with another helper's input open, this one would keep that alive;
# with descriptor 3, bats would wait for it.
run_helper()
{
	local path=$1 input

	shift
	for input in "${helper_inputs[@]}"; do
		[ -z "$input" ] || exec {input}>&-
	done
	exec "$IPCHELPER" "$@" <"$path.input" >"$path.output" 2>"$path.errors" 3>&-
}

# end_helper [N] : ends the Nth helper, counted from 0, or by default the last one, and
# waits for it. Closing its input ends it, unless a process that the test left behind
# still holds that open.
end_helper()
{
	local n=${1:-$((${#helper_pids[@]} - 1))} input pid tries=0

	pid=${helper_pids[n]:-}
	[ -n "$pid" ] || return 0
	input=${helper_inputs[n]}
	exec {input}>&-
	while kill -0 "$pid" 2>/dev/null && [ $((tries++)) -lt 500 ]; do
		sleep 0.01
	done
	kill -KILL "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	# Kept in the array, so that the numbers of the others stay the same.
	helper_pids[n]=
	helper_inputs[n]=
}

end_helpers()
{
	local n

	for n in "${!helper_pids[@]}"; do
		end_helper "$n"
	done
	helper_pids=()
	helper_inputs=()
}

# Removes every object of the namespace, without ipctool.
wipe()
{
	local -

	set +T
	wipe_what_is_there
}

wipe_what_is_there()
{
	local type

	for type in shm sem msg; do
		if objects_of "$type" && [ "$objects" -eq 0 ]; then
			continue
		fi
		helper wipe
		return
	done
}

# objects_of TYPE : in objects, how many there are, without a process.
objects_of()
{
	local table=()

	mapfile -t table <"/proc/sysvipc/$1" && [ ${#table[@]} -gt 0 ] || return
	objects=$((${#table[@]} - 1))
}

teardown()
{
	end_helpers
	wipe
}
