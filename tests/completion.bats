#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion for bash: it offers what --help, the manual and the program itself have.

load common

setup()
{
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$IPCTOOL" "$BATS_TEST_TMPDIR/bin/ipctool"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# complete_line LINE : stores what is offered at the end of LINE in $output, one per line.
complete_line()
{
	lines=()
	run bash --norc -c '
		source "$1"
		COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=${3-$COMP_WORDBREAKS}
		_ipctool ipctool
		[ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' sh \
		"$IPCTOOL_SRCDIR/completion/ipctool" "$@"
	assert_success
}

commands()
{
	ipctool --help | sed -n '/^Commands/,$s/^  \([a-z]*\)  .*/\1/p'
}

@test "completion: the script has valid syntax" {
	run bash -n "$IPCTOOL_SRCDIR/completion/ipctool"
	assert_success
	assert_output ''
}

@test "completion: commands" {
	complete_line "ipctool "
	assert_output "$(commands)"
	assert_line list
	assert_line limits
	complete_line "ipctool li"
	assert_output $'list\nlimits'
	complete_line "ipctool --"
	assert_line -- --help
	assert_line -- --version
}

@test "completion: every option of every command, as in --help" {
	local command wanted
	for command in $(commands); do
		wanted=$(ipctool "$command" --help | sed -n 's/^  *\(-.*\)/\1/p' |
			grep -oE '^-[^-, ](, --[a-z-]+=?)?|^--[a-z-]+=?' | sed 's/, /\n/' | sort)
		complete_line "ipctool $command -"
		assert_equal "$command: $(sort <<<"$output")" "$command: $wanted"
		assert_line -- --help
	done
	complete_line "ipctool ls --no-h"
	assert_output -- --no-headings
}

# Another test compares the manual with --help.
@test "completion: the options in the manual" {
	local option
	while read -r option; do
		complete_line "ipctool limits $option"
		assert_line --regexp "^$option=?\$"
	done < <(sed -n 's/^\.It Fl //p' "$IPCTOOL_SRCDIR/man/ipctool-limits.1" |
		grep -oE '(Fl )?-[a-z-]+' | sed 's/^Fl //; s/^-/--/')
}

@test "completion: fields" {
	local fields
	fields=$(ipctool list --list-fields --no-headings | sed 's/ .*//')
	complete_line "ipctool list -o "
	assert_output "$fields"
	complete_line "ipctool list --sort="
	assert_output "$fields"
	complete_line "ipctool list -o ref,o"
	assert_output $'ref,owner\nref,otime'
	complete_line "ipctool list -o +pi"
	assert_output "+pids"
	complete_line "ipctool list --sort=owner,-si"
	assert_output "owner,-size"
	complete_line "ipctool limits -o "
	assert_output "$(ipctool limits --list-fields --no-headings | sed 's/ .*//')"
	complete_line "ipctool stat --output=sem"
	assert_output semaphores
}

@test "completion: the arguments of options that are words" {
	complete_line "ipctool list --format="
	assert_output $'table\njson\njsonl\ncsv\nraw\nexport'
	complete_line "ipctool list --format js"
	assert_output $'json\njsonl'
	complete_line "ipctool stat --format="
	assert_output $'table\njson\njsonl'
	complete_line "ipctool limits --format=p"
	assert_output prometheus
	complete_line "ipctool list --time="
	assert_output $'iso\nepoch'
	complete_line "ipctool list --color="
	assert_output $'auto\nalways\nnever'
	complete_line "ipctool list --source="
	assert_output $'auto\nproc\nstat'
	complete_line "ipctool rm --state="
	assert_output $'dest\nlocked'
	complete_line "ipctool list -u roo"
	assert_line root
	# In a shell where the equals sign does not separate words.
	complete_line "ipctool list --time=e" " "
	assert_output -- --time=epoch
}

@test "completion: types and references" {
	local id
	id=$(helper shm 1)
	complete_line "ipctool list "
	assert_output $'shm\nsem\nmsg'
	complete_line "ipctool rm shm:"
	assert_output "$id"
	complete_line "ipctool rm shm:" " "
	assert_output "shm:$id"
	complete_line "ipctool rm sem:"
	assert_output ''
}

@test "completion: it changes nothing" {
	helper sem 1
	local before
	before=$(cat /proc/sysvipc/sem)
	for line in "ipctool rm " "ipctool rm --" "ipctool rm sem:" "ipctool create " \
		"ipctool create sem --nsems=" "ipctool set sem:0 --"; do
		complete_line "$line"
	done
	assert_equal "$(cat /proc/sysvipc/sem)" "$before"
}
