#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The README shows what the program prints, and names what there is.

load common

readme=$IPCTOOL_SRCDIR/README

# block NUMBER : the NUMBERth block of the README that begins with a prompt, or all blocks.
block()
{
	awk -v number="${1:-0}" '
		/^    \$ ipctool/ && !inside { inside = 1; count++ }
		!/^    / { inside = 0 }
		inside && (!number || count == number) { print substr($0, 5) }' "$readme"
}

# comparable : without what differs in each run: durations, with the columns after them, and
# the number of threads that are idle.
comparable()
{
	sed -E 's/ +[0-9]+[smhd]\b */ DURATION /g; s/\b(idle:) [0-9]+ threads?/\1 THREADS/
		s/ textLength="[0-9]+">(.* DURATION |idle: )/>\1/'
}

# requires_tour : skips the test where tests/tour cannot make its scenes.
requires_tour()
{
	requires root mount set_tid
	unshare --mount true 2>/dev/null || skip "needs a / that can be made private"
}

# assert_tour NUMBER TASK : the block is what a tour of this task prints.
assert_tour()
{
	requires_tour
	split "$IPCTOOL_SRCDIR/tests/tour" "$2"
	assert_success
	assert_stderr
	assert_equal "$(comparable <<<"$output")" "$(block "$1" | comparable)"
}

@test "readme: a limit is reached" {
	assert_tour 1 limit
}

@test "readme: what a crash has left behind" {
	assert_tour 2 crash
}

@test "readme: what fills /dev/shm" {
	assert_tour 3 memory
}

@test "readme: why programs hang" {
	assert_tour 4 hang
}

@test "readme: which container leaks" {
	[ "$(readlink /proc/self/ns/cgroup)" = 'cgroup:[4026531835]' ] ||
		skip "needs the initial cgroup namespace"
	# shellcheck disable=SC2016 # the inner shell's own
	unshare --mount sh -c 'mount -t cgroup2 none "$1" && mkdir "$1/ipctool-test-$$" &&
		rmdir "$1/ipctool-test-$$"' sh "$BATS_TEST_TMPDIR" 2>/dev/null ||
		skip "needs cgroups that can be made"
	assert_tour 5 container
}

@test "readme: every block with a prompt is compared, and another output is noticed" {
	assert_equal "$(block | grep -c '^\$ ')" "$(grep -c '^ *\$ ' "$readme")"
	assert_equal "$(block 6)" ''
	sed 's/www-data 36/www-data 35/' "$readme" >"$BATS_TEST_TMPDIR/README"
	requires_tour
	readme=$BATS_TEST_TMPDIR/README run assert_tour 1 limit
	assert_failure
	assert_output --partial 'www-data 35'
}

@test "readme: the picture shows what the program prints" {
	local svg=$IPCTOOL_SRCDIR/doc/terminal.svg

	requires_tour
	requires python
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c '"$1/tour" --color limit hang | "$1/terminal-picture"' bash \
		"$IPCTOOL_SRCDIR/tests"
	assert_success
	assert_stderr
	assert_equal "$(comparable <<<"$output")" "$(comparable <"$svg")"
	python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$svg"
}

@test "readme: the files, targets and versions that it names are there, and it is short" {
	local version word

	version=$(ipctool --version | sed -n '1s/^ipctool //p')
	assert_equal "$(grep -oE 'ipctool[-_][0-9]+\.[0-9]+\.[0-9]+' "$readme" | tr _ - | sort -u)" \
		"ipctool-$version"
	while read -r word; do
		[ -e "$IPCTOOL_SRCDIR/$word" ] || fail "no such file: $word"
	done < <(grep -oE '\b(contrib|doc|man|packaging)/[A-Za-z.1]*' "$readme")
	while read -r _ word; do
		grep -q "^$word:" "$IPCTOOL_SRCDIR/Makefile.am" ||
			[[ $word =~ ^(check|dist|install)$ ]] || fail "no such target: $word"
	done < <(grep -oE '`(make|.*&& make) [a-z]+' "$readme" | grep -oE 'make [a-z]+$')
	assert_equal "$(awk 'length > 90' "$readme")" ''
	[ "$(wc -l <"$readme")" -lt 200 ]
}

@test "readme: the packages have the version of the program" {
	local version

	version=$(ipctool --version | sed -n '1s/^ipctool //p')
	cd "$IPCTOOL_SRCDIR"
	assert_equal "$(sed -n '1s/^ipctool (\(.*\)-1).*/\1/p' debian/changelog)" "$version"
	assert_equal "$(sed -n 's/^pkgver=//p' packaging/APKBUILD)" "$version"
	assert_equal "$(sed -n 's/^Version: *//p' packaging/ipctool.spec)" "$version"
	assert_equal "$(sed -n '/^%changelog/,$s/^\* .* - \(.*\)-1$/\1/p' packaging/ipctool.spec |
		head -n 1)" "$version"
	assert_equal "$(sed -n '/^[0-9].*[0-9]/{ s/ .*//p; q; }' NEWS)" "$version"
}
