# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # status, output and stderr are set by run
#
# ipctool with another clock, stopped in the middle, or with calls that fail; loaded after
# common and stale.

# build_preload : builds the library, for setup_file; `preload` is what loads it.
build_preload()
{
	export preload_library=$BATS_FILE_TMPDIR/preload.so

	"${CC:-cc}" -shared -fPIC -O -o "$preload_library" "$IPCTOOL_SRCDIR/tests/preload.c" \
		-ldl 2>"$BATS_FILE_TMPDIR/preload.errors" || rm -f "$preload_library"
	chmod 755 "$BATS_FILE_TMPDIR"
}

# with_preload NAME=VALUE... : `judged` and the like run ipctool below that.
with_preload()
{
	[ -e "$preload_library" ] || skip "needs a C compiler"
	# The sanitizers must be loaded first, and work without it.
	inside=(env "LD_PRELOAD=$preload_library"
		"ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$@")
}

# stopped_at CALL:PATH:N ARG... : starts ipctool and returns once it has stopped at that
# call. going_on continues it.
stopped_at()
{
	local line

	stop_fifos=$(mktemp -d "$BATS_TEST_TMPDIR/stop.XXXXXX")
	mkfifo "$stop_fifos/out" "$stop_fifos/in"
	# Both ends are open, so that neither side waits for the other one to open them.
	exec {stop_out}<>"$stop_fifos/out" {stop_in}<>"$stop_fifos/in"
	with_preload "PRELOAD_STOP=$1" "PRELOAD_OUT=$stop_fifos/out" \
		"PRELOAD_IN=$stop_fifos/in"
	shift
	run_stopped "$@" &
	stopped_pid=$!
	read -r -t "$timeout" line <&"$stop_out" || fail "it did not stop: $(
		cat "$stop_fifos/stdout" "$stop_fifos/stderr")"
	assert_equal "$line" stopped
}

# Not with the open input of a helper, which would keep that alive.
run_stopped()
{
	local input

	for input in "${helper_inputs[@]}"; do
		[ -z "$input" ] || exec {input}>&-
	done
	exec timeout --kill-after=5 60 "${inside[@]}" "$IPCTOOL" "$@" \
		>"$stop_fifos/stdout" 2>"$stop_fifos/stderr" 3>&-
}

# going_on : continues; sets status, output and stderr like `split`.
going_on()
{
	echo >&"$stop_in"
	status=0
	wait "$stopped_pid" || status=$?
	exec {stop_in}>&- {stop_out}>&-
	output=$(cat "$stop_fifos/stdout")
	stderr=$(cat "$stop_fifos/stderr")
	refuse_breakdown "ipctool, which was stopped"
}
