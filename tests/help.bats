#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ipctool help: the manual page, or else the help.

load common

# A directory for PATH with a man(1) that knows only ipctool-list, and says what it is asked.
setup()
{
	bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	cat >"$bin/man" <<-'END'
		#!/bin/sh
		case "$*" in
		"-w ipctool" | "-w ipctool-list" | "-w ipctool-rm") echo /nowhere ;;
		-w*) echo "No manual entry" >&2; exit 16 ;;
		ipctool-rm) exit 3 ;;
		*) echo "man: $*" ;;
		esac
	END
	chmod +x "$bin/man"
}

@test "help: opens the page of ipctool or of a command, also by its other name" {
	split env PATH="$bin:$PATH" "$IPCTOOL" help
	assert_success
	assert_stderr
	assert_output "man: ipctool"
	for name in list ls; do
		split env PATH="$bin:$PATH" "$IPCTOOL" help $name
		assert_success
		assert_stderr
		assert_output "man: ipctool-list"
	done
	split env PATH="$bin:$PATH" "$IPCTOOL" help rm
	assert_failure 3
}

@test "help: prints the help where there is no page, or no man" {
	local path

	split env PATH="$bin:$PATH" "$IPCTOOL" help stat
	assert_success
	assert_stderr
	assert_output "$(ipctool stat --help)"
	for path in /nowhere ''; do
		split env PATH=$path "$IPCTOOL" help
		assert_success
		assert_stderr
		assert_output "$(ipctool --help)"
	done
}

@test "help: unknown commands" {
	tool help lits
	assert_failure 2
	assert_output ''
	assert_stderr_line --index 0 "ipctool help: unknown command 'lits'; did you mean list, limits or waits?"
	tool help list stat
	assert_failure 2
	assert_output ''
	assert_stderr_line --index 0 "ipctool help: Too many arguments"
}
