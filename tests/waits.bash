# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # status, output and stderr are set by run
#
# Scenes of processes that wait for each other, and what waits tells of them.

# scene [busy] [pipes=N] ACTOR... : starts the processes of `ipchelper scene`; their pids are in the
# array pids, in this order, and in of[NAME]. scene_as=UID: those of this user.
scene()
{
	local word n=0

	start_helper ${scene_as:+as "$scene_as"} scene "$@"
	pids=("${ready[@]}")
	declare -gA of=()
	for word in "$@"; do
		[[ $word != pipes=* && $word != busy ]] || continue
		word=${word%%:*}
		of[${word%%<*}]=${pids[n++]}
	done
}

# waits ARG... : runs it with --alone and --exit-code, as a JSON document; as the user of
# scene_as.
waits()
{
	split ${scene_as:+setpriv --reuid="$scene_as" --regid="$scene_as" --clear-groups --} \
		"$IPCTOOL" waits --alone --exit-code --json "$@"
}

# findings : those of the document, a line each, by the names of processes:
# "deadlock likely: alice bob; behind: carol".
findings()
{
	jq -r '
		(.waits | map({key: (.tid | tostring), value: .command}) | from_entries) as $name
		| .findings[]
		| "\(.verdict)" + (if .certainty then " \(.certainty)" else "" end) + ": "
			+ ([.threads[] | $name[tostring]] | join(" "))
			+ (if .behind == [] then ""
			   else "; behind: " + ([.behind[] | $name[tostring]] | join(" ")) end)
	' <<<"$output"
}

# edges NAME... : what the threads of these processes wait for in the document, a line for
# each releaser: "alice -> bob (took it last)".
edges()
{
	local name names=()

	for name in "$@"; do
		names+=("$name=${of[$name]}")
	done
	jq -r --arg names "${names[*]}" '
		($names | split(" ") | map(split("=") | {key: .[1], value: .[0]}) | from_entries)
			as $name
		| .waits[] | select($name[.pid | tostring]) as $wait
		| $name[.pid | tostring] as $who
		| .releasers[]
		| "\($who) -> \($name[.pid | tostring] // .pid) (\(.how))"
	' <<<"$output" | LC_ALL=C sort
}

# doubts : those of all findings, a line each.
doubts()
{
	jq -r '.findings[].doubts[]' <<<"$output"
}

# assert_findings [LINE...] : exactly these findings, and an exit status of 1 if one of them is
# more than mutual.
assert_findings()
{
	local wanted='' got

	[ $# -eq 0 ] || printf -v wanted '%s\n' "$@"
	got=$(findings)
	assert_equal "$got" "${wanted%$'\n'}"
	if grep -qv '^mutual' <<<"${wanted%$'\n'}" && [ -n "$wanted" ]; then
		assert_failure 1
	else
		assert_success
	fi
}

# assert_edges "NAME..." LINE... : exactly these.
assert_edges()
{
	local names got wanted=''

	read -ra names <<<"$1"
	shift
	[ $# -eq 0 ] || wanted=$(printf '%s\n' "$@" | LC_ALL=C sort)
	got=$(edges "${names[@]}")
	assert_equal "$got" "$wanted"
}
