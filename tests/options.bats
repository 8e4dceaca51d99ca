#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Long options are matched exactly: an abbreviation is rejected before anything is done,
# and the message suggests the full name.

load common

# long_options [COMMAND] : the long options in its --help, one a line, with = and what
# stands for the argument if it has one.
long_options()
{
	ipctool "$@" --help | sed -n 's/^  *\(-.*\)/\1/p' |
		sed -nE 's/^(-., )?--([a-z-]+(=[^ ]+)?).*/\2/p'
}

# everything : all objects, each with all that the kernel says of it.
everything()
{
	cat /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg
}

# see_help NAME : what follows the first line of a message about wrong usage. argp breaks the
# line at column 79.
see_help()
{
	echo "Try \`$1 --help' or \`$1 --usage' for more information." | fold -s -w 79 |
		sed 's/ $//'
}

# assert_id NAME : the same for --id, in one line.
assert_id()
{
	assert_failure 2
	assert_output ''
	assert_stderr "$1: unknown option '--id'; objects are named by reference, for example shm:2"
}

# assert_unknown NAME OPTION [REST] : NAME, the program and its command, refused OPTION.
assert_unknown()
{
	local -

	set +T
	assert_usage "$1: unknown option '$2'${3:-}"
	assert_equal "$(printf '%s\n' "${stderr_lines[@]:1}")" "$(see_help "$1")"
}

# accepts_each NAME [COMMAND] : each option of --help passes, so that only the word at the
# end is refused. Arguments are given in both ways, and look like options.
accepts_each()
{
	local name=$1 option words=()

	shift
	while IFS= read -r option; do
		case $option in
		*=*) words+=("--${option%%=*}" --qqqqqq "--${option%%=*}=--qqqqqq") ;;
		*) words+=("--$option") ;;
		esac
	done < <(long_options "$@")
	[ ${#words[@]} -ge 3 ]
	tool "$@" "${words[@]}" --zzzzzz
	assert_unknown "$name" --zzzzzz
}

# refuses_shorter NAME OPTION LENGTH [COMMAND] : the first letters of an option, unless they
# are all of it, or another one of the array `known`. The option is among those suggested.
refuses_shorter()
{
	local - name=$1 option=$2 short=${2:0:$3}

	set +T
	shift 3
	[[ $short != "$option" && " ${known[*]} " != *" $short "* ]] || return 0
	tool "$@" "--$short" 1
	assert_failure 2
	assert_output ''
	assert_equal "${stderr_lines[0]%%;*}" "$name: unknown option '--$short'"
	[[ ${stderr_lines[0]#*; did you mean} =~ " --$option"(,|" or "|"?") ]] ||
		fail "--$option is not suggested: ${stderr_lines[0]}"
	assert_equal "$(printf '%s\n' "${stderr_lines[@]:1}")" "$(see_help "$name")"
	tried=$((tried + 1))
}

# refuses_abbreviations NAME [COMMAND]
refuses_abbreviations()
{
	local name=$1 option known

	shift
	mapfile -t known < <(long_options "$@" | sed 's/=.*//')
	for option in "${known[@]}"; do
		refuses_shorter "$name" "$option" $((${#option} - 1)) "$@"
		# Much shorter ones once: they are parsed alike.
		[ ${#option} -le 4 ] || [ "$name" != 'ipctool rm' ] ||
			refuses_shorter "$name" "$option" 3 "$@"
	done
}

@test "options: each option of each command is accepted by its full name" {
	local command

	accepts_each ipctool
	for command in $(commands); do
		accepts_each "ipctool $command" "$command"
	done
	# Not two empty lists.
	run long_options rm
	assert_line stale
	assert_line user=USER
	assert_line version
}

@test "options: each abbreviation is rejected, and nothing is done" {
	local command before tried=0

	helper shm 1 >/dev/null
	helper sem 1 >/dev/null
	helper msg >/dev/null
	before=$(everything)
	refuses_abbreviations ipctool
	for command in $(commands); do
		refuses_abbreviations "ipctool $command" "$command"
	done
	[ "$tried" -gt 100 ]
	assert_equal "$(everything)" "$before"
}

@test "options: --id does not mean --idle, which would remove all segments" {
	local before

	helper shm 1 >/dev/null
	helper shm 1 >/dev/null
	helper shm 1 >/dev/null
	helper shm 1 >/dev/null
	before=$(everything)
	tool rm shm --id 0 --yes
	assert_id 'ipctool rm'
	tool rm shm --id=0 --yes
	assert_id 'ipctool rm'
	assert_equal "$(everything)" "$before"
	# The option it was taken for.
	tool rm shm --idle=0 --force --yes
	assert_success
	assert_equal "$(wc -l </proc/sysvipc/shm)" 1
}

@test "options: the message suggests near names" {
	tool rm --stal
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	tool rm --stal=yes
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	tool rm --STALE
	assert_unknown 'ipctool rm' --STALE "; did you mean --stale?"
	tool rm --dry_rum
	assert_unknown 'ipctool rm' --dry_rum "; did you mean --dry-run?"
	tool rm --shmem
	assert_unknown 'ipctool rm' --shmem "; did you mean --shmem-id or --shmem-key?"
	tool rm --us
	assert_unknown 'ipctool rm' --us "; did you mean --user or --usage?"
	tool rm --m
	assert_unknown 'ipctool rm' --m "; did you mean --max, --min-size, --max-size or --min-messages?"
	tool rm --nonsense
	assert_unknown 'ipctool rm' --nonsense
	tool rm --=x
	assert_unknown 'ipctool rm' --=x
	tool semop --conflict-exit-cod 1
	assert_unknown 'ipctool semop' --conflict-exit-cod "; did you mean --conflict-exit-code?"
	# What the other name of a command was does not matter.
	tool ls --no-h
	assert_unknown 'ipctool list' --no-h "; did you mean --no-headings?"
	# Of two the first, and no help either.
	tool rm --help --foooo --stal
	assert_unknown 'ipctool rm' --foooo
}

@test "options: the message escapes control characters" {
	tool rm $'--x\e[31m\n\x9by'
	assert_unknown 'ipctool rm' '--x\x1b[31m\x0a\x9by'
}

@test "options: argp's options for debugging are unknown" {
	tool --HANG=0
	assert_unknown ipctool --HANG
	tool list --HANG=0
	assert_unknown 'ipctool list' --HANG
	tool list --HANG
	assert_unknown 'ipctool list' --HANG
	tool --program-name=x list
	assert_unknown ipctool --program-name
	tool list --program-name=x --nonsense
	assert_unknown 'ipctool list' --program-name
}

@test "options: the program's own options end at the command" {
	tool --vers
	assert_unknown ipctool --vers "; did you mean --version?"
	tool --hel list
	assert_unknown ipctool --hel "; did you mean --help?"
	tool --stale list
	assert_unknown ipctool --stale
	tool --id 2
	assert_id ipctool
	tool list --stale --no-headings
	assert_success
	tool list --vers
	assert_unknown 'ipctool list' --vers "; did you mean --version?"
	tool -- list --no-headings
	assert_success
	tool -- --vers
	assert_failure 2
	assert_stderr --partial "ipctool: unknown command '--vers'"
}

@test "options: an argument is never taken as an option" {
	tool rm -u --stal
	assert_usage "ipctool rm: --user: unknown user '--stal'"
	tool rm --user --stal
	assert_usage "ipctool rm: --user: unknown user '--stal'"
	tool rm --user=--stal
	assert_usage "ipctool rm: --user: unknown user '--stal'"
	tool rm -u -- --stal
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	# One argument only.
	tool rm --user --stale --stal
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	tool rm --user= --stal
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
}

@test "options: groups of letters" {
	tool rm -nfu --stal
	assert_usage "ipctool rm: --user: unknown user '--stal'"
	tool rm -nfu --user --stal
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	tool rm -nfy --stal
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	# The rest of the word is the argument.
	tool rm -nuf --stal
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	# The same letter takes an argument in one command only.
	tool rm -m --stal
	assert_usage "ipctool rm: -m: invalid ID '--stal': expected a number from 0 to 2147483647"
	tool list -m --stal
	assert_unknown 'ipctool list' --stal "; did you mean --stale?"
	# An unknown letter stands first, and may have an argument.
	tool rm -nZ --stal
	assert_usage "ipctool rm: invalid option -- 'Z'"
}

@test "options: operands may be among the options, and -- ends the options" {
	local before id

	id=$(helper sem 1)
	before=$(everything)
	tool rm "sem:$id" - --stal </dev/null
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	POSIXLY_CORRECT=1 tool rm "sem:$id" --stal
	assert_unknown 'ipctool rm' --stal "; did you mean --stale?"
	tool rm -- "sem:$id" --stal
	assert_failure 2
	assert_stderr --partial "ipctool rm: unknown type '--stal'"
	assert_equal "$(everything)" "$before"
	# The words after it belong to another program.
	tool semop "sem:$id" 0+1 -- printf '%s\n' --timeou --id
	assert_success
	assert_output $'--timeou\n--id'
	tool semop "sem:$id" --timeou=1 0+1 -- true
	assert_unknown 'ipctool semop' --timeou "; did you mean --timeout?"
}

@test "options: messages about a missing argument and an extra one" {
	tool rm --user
	assert_usage "ipctool rm: option '--user' requires an argument"
	tool rm -nu
	assert_usage "ipctool rm: option requires an argument -- 'u'"
	tool rm --stale=yes
	assert_usage "ipctool rm: option '--stale' doesn't allow an argument"
	tool --version=1
	assert_usage "ipctool: option '--version' doesn't allow an argument"
}
