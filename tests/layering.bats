#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The sources keep to the order of the house, and the checker sees it when they do not:
# each way to break it is tried on a copy.

load common

layering()
{
	run "$IPCTOOL_SRCDIR/tests/layering" "$1"
}

# A copy of the sources, writable even where the originals are not.
setup()
{
	copy=$BATS_TEST_TMPDIR/src
	mkdir "$copy"
	cp "$IPCTOOL_SRCDIR"/src/*.[ch] "$copy"
	chmod -R u+w "$copy"
}

@test "layering: the sources keep to it" {
	layering "$IPCTOOL_SRCDIR/src"
	assert_output ''
	assert_success
}

@test "layering: a lower room includes a higher one" {
	echo '#include "cmd.h"' >>"$copy/num.c"
	layering "$copy"
	assert_failure 1
	assert_line "num.c: a file of room tool includes cmd.h of room command"
}

@test "layering: a source knows fields, a format knows kinds" {
	echo '#include "field.h"' >>"$copy/source-proc.c"
	echo '#  include "kind.h"' >>"$copy/out-table.c"
	layering "$copy"
	assert_failure 1
	assert_line "source-proc.c: a file of room source includes field.h of room data"
	assert_line "out-table.c: a file of room output includes kind.h of room object"
}

@test "layering: a file without a room" {
	cp "$copy/num.h" "$copy/helpers.h"
	echo '#include "helpers.h"' >>"$copy/main.c"
	layering "$copy"
	assert_failure 1
	assert_line "helpers.h: is in no room"
	assert_line "main.c: includes helpers.h, which is in no room"
}

@test "layering: system headers in the wrong file" {
	echo '#include <sys/shm.h>' >>"$copy/kind-msg.c"
	echo '#include <argp.h>' >>"$copy/writer.h"
	layering "$copy"
	assert_failure 1
	assert_line "kind-msg.c: includes <sys/shm.h>, which is not its business"
	assert_line "writer.h: includes <argp.h>, which is not its business"
	assert_equal "${#lines[@]}" 2
}

@test "layering: printing and exiting below the commands" {
	printf '%s\n' 'void f(void)' '{' '	exit(1);' '}' >"$copy/num.c"
	printf '%s\n' 'void f(void)' '{' '	fputs("x", stderr);' '}' >"$copy/utf8.c"
	layering "$copy"
	assert_failure 1
	assert_line "num.c: prints or exits: line 3:	exit(1);"
	assert_line 'utf8.c: prints or exits: line 3:	fputs("", stderr);'
}

@test "layering: words in comments, strings and other names are no calls" {
	printf '%s\n' '/*' ' * exit(1) and' ' * printf("x")' ' */' \
		'const char *s = "warn(1) \" exit(2)";' 'char c = '\''"'\''; /* err(1) */' \
		'int x = snprintf(b, 1, "") + o->exit(1) + my_exit(2);' >>"$copy/num.c"
	layering "$copy"
	assert_output ''
	assert_success
}

@test "layering: licence, guard and own header" {
	sed -i '/SPDX/d' "$copy/names.c"
	sed -i '/^#ifndef/d; /^#pragma/d' "$copy/num.h"
	sed -i '0,/#include/s//#include <stddef.h>\n#include/' "$copy/num.c"
	layering "$copy"
	assert_failure 1
	assert_line "names.c: has no SPDX line"
	assert_line "num.h: has no include guard"
	assert_line "num.c: does not include its own header first"
	assert_equal "${#lines[@]}" 3
}

@test "layering: a function that is too long" {
	{
		printf '%s\n' 'int' 'endless(void)' '{'
		yes '	;' | head -n 101
		echo '}'
	} >>"$copy/num.c"
	layering "$copy"
	assert_failure 1
	assert_output "num.c: endless has 101 lines"
}

@test "layering: headers in a circle" {
	echo '#include "value.h"' >>"$copy/writer.h"
	echo '#include "writer.h"' >>"$copy/value.h"
	layering "$copy"
	assert_failure 1
	assert_line --partial "headers: include each other:"
}

@test "layering: no sources at all" {
	mkdir "$BATS_TEST_TMPDIR/empty"
	layering "$BATS_TEST_TMPDIR/empty"
	assert_failure 2
}
