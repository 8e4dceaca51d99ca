#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The sources obey the rules for includes and form, and the checker notices violations:
# each violation is tried on a copy.

load common

layering()
{
	run "$IPCTOOL_SRCDIR/tests/layering" "$@"
}

# A copy of the sources, writable even where the originals are not.
setup()
{
	copy=$BATS_TEST_TMPDIR/src
	mkdir "$copy"
	(cd "$IPCTOOL_SRCDIR/src" && tar -cf - ./*.[ch] ./*/*.[ch]) | tar -xf - -C "$copy"
	chmod -R u+w "$copy"
}

@test "layering: the sources pass" {
	layering "$IPCTOOL_SRCDIR/src"
	assert_output ''
	assert_success
}

@test "layering: the number of includes between folders" {
	layering "$IPCTOOL_SRCDIR/src" --edges
	assert_success
	assert_line --regexp '^cmd -> lib [0-9]+$'
	refute_line --regexp '^lib -> '
}

@test "layering: a lower folder includes a higher one" {
	echo '#include "cmd/cmd.h"' >>"$copy/lib/num.c"
	echo '#include "report/field.h"' >>"$copy/sysv/source-proc.c"
	echo '#  include "kind/kind.h"' >>"$copy/output/table.c"
	layering "$copy"
	assert_failure 1
	assert_line "lib/num.c: lib may not include cmd/cmd.h"
	assert_line "sysv/source-proc.c: sysv may not include report/field.h"
	assert_line "output/table.c: output may not include kind/kind.h"
	assert_equal "${#lines[@]}" 3
}

@test "layering: only the table of kinds names a family" {
	echo '#include "sysv/sysv.h"' >>"$copy/main.c"
	echo '#include "sysv/sysv.h"' >>"$copy/kind/kind.c"
	layering "$copy"
	assert_failure 1
	assert_line "main.c: main may not include sysv/sysv.h"
	assert_line "kind/kind.c: kind may not include sysv/sysv.h"
	assert_equal "${#lines[@]}" 2
}

@test "layering: a folder without a row, and a header without its folder" {
	mkdir "$copy/misc"
	sed 's/LIB_ARRAY_H/MISC_HELPERS_H/' "$copy/lib/array.h" >"$copy/misc/helpers.h"
	echo '#include "misc/helpers.h"' >>"$copy/main.c"
	echo '#include "helpers.h"' >>"$copy/main.c"
	layering "$copy"
	assert_failure 1
	assert_line "misc/helpers.h: is in no folder"
	assert_line "main.c: main may not include misc/helpers.h"
	assert_line "main.c: includes helpers.h without its folder"
	assert_equal "${#lines[@]}" 3
}

@test "layering: system headers in the wrong file" {
	echo '#include <sys/shm.h>' >>"$copy/process/maps.c"
	echo '#include <argp.h>' >>"$copy/output/writer.h"
	layering "$copy"
	assert_failure 1
	assert_line "process/maps.c: includes <sys/shm.h>, which is not its business"
	assert_line "output/writer.h: includes <argp.h>, which is not its business"
	assert_equal "${#lines[@]}" 2
}

@test "layering: printing and exiting below the commands" {
	printf '%s\n' 'void f(void)' '{' '	exit(1);' '}' >>"$copy/lib/num.c"
	printf '%s\n' 'void f(void)' '{' '	fputs("x", stderr);' '}' >>"$copy/lib/utf8.c"
	echo '#include "lib/message.h"' >>"$copy/kind/kind.c"
	layering "$copy"
	assert_failure 1
	assert_line --regexp '^lib/num\.c: prints or exits: line [0-9]+:	exit\(1\);$'
	assert_line --regexp '^lib/utf8\.c: prints or exits: line [0-9]+:	fputs\("", stderr\);$'
	assert_line 'kind/kind.c: prints or exits: includes lib/message.h'
	assert_equal "${#lines[@]}" 3
}

@test "layering: words in comments, strings and other names are not calls" {
	printf '%s\n' '/*' ' * exit(1) and' ' * printf("x")' ' */' \
		'const char *s = "warn(1) \" exit(2)";' 'char c = '\''"'\''; /* err(1) */' \
		'int x = snprintf(b, 1, "") + o->exit(1) + my_exit(2);' >>"$copy/lib/num.c"
	layering "$copy"
	assert_output ''
	assert_success
}

@test "layering: licence, guard, own header and wide lines" {
	sed -i '/SPDX/d' "$copy/lib/names.c"
	sed -i '/^#ifndef/d; /^#pragma/d' "$copy/lib/num.h"
	sed -i '0,/#include/s//#include <stddef.h>\n#include/' "$copy/lib/num.c"
	printf '	/* %076d */\n	/* %077d */\n' 0 0 >"$copy/lib/wide.c"
	sed -i '1i/* SPDX-License-Identifier: GPL-3.0-or-later */' "$copy/lib/wide.c"
	layering "$copy"
	assert_failure 1
	assert_line "lib/names.c: has no SPDX line"
	assert_line "lib/num.h: has no include guard"
	assert_line "lib/num.c: does not include its own header first"
	assert_line "lib/wide.c: line 3 is wider than 90 columns"
	assert_equal "${#lines[@]}" 4
}

@test "layering: a function that is too long" {
	{
		printf '%s\n' 'int' 'endless(void)' '{'
		yes '	;' | head -n 101
		echo '}'
	} >>"$copy/lib/num.c"
	layering "$copy"
	assert_failure 1
	assert_output "lib/num.c: endless has 101 lines"
}

@test "layering: a static name with two meanings" {
	local file

	for file in lib/mode.c lib/num.c; do
		printf '%s\n' 'static int' 'twice(void)' '{' '}' >>"$copy/$file"
	done
	layering "$copy"
	assert_failure 1
	assert_line "lib/mode.c: twice is also in lib/num.c"
	assert_line "lib/num.c: twice is also in lib/mode.c"
	assert_equal "${#lines[@]}" 2
	for file in lib/mode.c lib/num.c; do
		echo 'const struct table t = { .member = twice };' >>"$copy/$file"
	done
	layering "$copy"
	assert_output ''
	assert_success
}

@test "layering: headers that include each other" {
	echo '#include "output/value.h"' >>"$copy/output/writer.h"
	echo '#include "output/writer.h"' >>"$copy/output/value.h"
	layering "$copy"
	assert_failure 1
	assert_line --partial "headers: include each other:"
}

@test "layering: no sources" {
	mkdir "$BATS_TEST_TMPDIR/empty"
	layering "$BATS_TEST_TMPDIR/empty"
	assert_failure 2
}
