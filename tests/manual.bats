#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The manual says what the program does, no less and no more.

load common

# Each page with the commands whose options it describes; "-" is ipctool itself.
pages=(
	"ipctool.1 - list"
	"ipctool-read.1 read"
	"ipctool-recv.1 recv"
	"ipctool-semop.1 semop"
	"ipctool-send.1 send"
	"ipctool-write.1 write"
	"ipctool-limits.1 limits"
	"ipctool-json.5"
)

# section PAGE NAME : the lines of a section of a page's source.
section()
{
	sed -n "/^\\.Sh $2\$/,/^\\.Sh /{ /^\\.Sh /!p; }" "$IPCTOOL_SRCDIR/man/$1"
}

# options_in_page PAGE : the options that it describes, letters and long ones.
options_in_page()
{
	sed -n 's/^\.It Fl //p' "$IPCTOOL_SRCDIR/man/$1" | sed 's/\\&//g; s/Fl /\n/g' |
		sed -n 's/^\(-*[^ ]*\).*/-\1/p' | sort -u
}

# options_in_help COMMAND... : the options that their --help shows.
options_in_help()
{
	local command

	for command; do
		# shellcheck disable=SC2046 # no word, or one
		ipctool $([ "$command" = - ] || echo "$command") --help
	done | sed -n 's/^  *\(-.*\)/\1/p' | grep -oE '^-[^-, ](, --[a-z-]+)?|^--[a-z-]+' |
		tr -d ' ' | tr ',' '\n' | sort -u
}

@test "manual: has every option of --help, and no other" {
	local page file commands

	for page in "${pages[@]}"; do
		read -r file commands <<<"$page"
		# shellcheck disable=SC2086 # several words
		assert_equal "$file:"$'\n'"$(options_in_page "$file")" \
			"$file:"$'\n'"$(options_in_help $commands)"
	done
	# Not two empty lists.
	run options_in_help list
	assert_line -- -o
	assert_line -- --output
	assert_line -- --list-fields
	assert_line -- '-?'
}

@test "manual: every page is looked at" {
	local file

	for file in "$IPCTOOL_SRCDIR"/man/*.[1-8]; do
		run printf '%s\n' "${pages[@]%% *}"
		assert_line "${file##*/}"
	done
}

@test "manual: the synopsis has every letter of list" {
	local letters letter

	letters=$(section ipctool.1 SYNOPSIS | sed -n 's/^\.Op Fl \([^- ]*\).*/\1/p' | fold -w 1)
	assert_equal "$(sort <<<"$letters" | xargs)" \
		"$(options_in_help list | sed -n 's/^-\([^-?V]\)$/\1/p' | sort | xargs)"
}

@test "manual: the table of fields is that of --list-fields" {
	assert_equal "$(section ipctool.1 FIELDS | sed -n 's/^\.It Cm //p' | sed 's/ Ta /|/g')" \
		"$(ipctool list --list-fields --no-headings | sed 's/   */|/g')"
	assert_equal "$(section ipctool-limits.1 FIELDS | sed -n 's/^\.It Cm //p' | sed 's/ Ta /|/g')" \
		"$(ipctool limits --list-fields --no-headings | sed 's/   */|/g')"
}

@test "manual: has every command and its alias" {
	local commands

	commands=$(ipctool --help | sed -n '/^Commands/,$s/^  \([a-z]*\)  .*/\1/p')
	run grep -cx list <<<"$commands"
	assert_output 1
	run section ipctool.1 COMMANDS
	assert_line ".Ss list"
	assert_line ".Cm ls ."
}

@test "manual: the exit statuses" {
	assert_equal "$(section ipctool.1 'EXIT STATUS' | sed -n 's/^\.It //p' | xargs)" "0 1 2"
}

# examples PAGE : the commands in its EXAMPLES, as they are typed.
examples()
{
	section "$1" EXAMPLES | sed -n "/^\\.Bd -literal/,/^\\.Ed/s/^\\$ //p" |
		sed "s/\\\\(aq/'/g; s/\\\\-/-/g; s/\\\\e/\\\\/g"
}

@test "manual: the examples work" {
	local page example count=0

	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$IPCTOOL" "$BATS_TEST_TMPDIR/bin/ipctool"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	start_helper population 4
	for page in "${pages[@]}"; do
		while IFS= read -r example; do
			split bash -o pipefail -c "$example"
			assert_equal "$example: status $status" "$example: status 0"
			assert_stderr
			assert_output --regexp '[^[:space:]]'
			count=$((count + 1))
		done < <(examples "${page%% *}")
	done
	[ "$count" -ge 5 ]
}

@test "manual: its source has no fault" {
	command -v mandoc >/dev/null || skip "needs mandoc"
	run mandoc -Tlint -W warning "$IPCTOOL_SRCDIR"/man/*.[1-8]
	assert_success
	assert_output ''
}
