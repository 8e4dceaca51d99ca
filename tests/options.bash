# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# The options that --help and the manual have, for tests that compare them.

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
