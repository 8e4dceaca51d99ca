#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Names of POSIX objects: how references write them, and what is no name.

load common
load posix

# shellcheck disable=SC1003,SC2016 # names that a shell would take apart
@test "posix names: escapes" {
	local name long

	long=$(printf 'x%.0s' {1..255})
	for name in plain 'a b' $'a\nb' 'a@b' '50%' '\' ';' '*' "'" '$(id)' '#12' .dot é $'\xff\xfe' \
		$'\u202e' '_.,+:=-' '%41' "$long"; do
		: >"/dev/shm/$name"
	done
	assert_equal "$(refs pshm)" "$(printf '%s\n' pshm:/plain pshm:/a%20b pshm:/a%0Ab pshm:/a%40b \
		pshm:/50%25 pshm:/%5C pshm:/%3B pshm:/%2A pshm:/%27 'pshm:/%24%28id%29' pshm:/%2312 \
		pshm:/.dot pshm:/é pshm:/%FF%FE pshm:/%E2%80%AE pshm:/_.,+:=- pshm:/%2541 \
		"pshm:/$long" | LC_ALL=C sort | paste -sd ' ')"
}

# shellcheck disable=SC1003,SC2016 # names that a shell would take apart
@test "posix names: each printed reference is one word of a shell, and names that object" {
	local ref name count=0

	for name in 'a b' $'a\nb' 'a@b' '50%' '\' ';' '*' "'" "\$(touch $BATS_TEST_TMPDIR/run)" '#12' \
		.dot $'\xff' '`id`' '&' '|x' '"' '~' '!' '{a,b}' '-n'; do
		: >"/dev/shm/${name//\//_}"
	done
	while read -r ref; do
		split sh -c "'$IPCTOOL' stat $ref -o NAME,REF -J"
		assert_success
		assert_stderr
		assert_equal "$(jq -r '.objects | length' <<<"$output")" 1
		assert_equal "$(jq -r '.objects[0].ref' <<<"$output")" "$ref"
		count=$((count + 1))
	done < <(ipctool list pshm -o REF --no-headings)
	assert_equal "$count" 20
	[ ! -e "$BATS_TEST_TMPDIR/run" ]
	ipctool list posix -o REF --no-headings | ipctool rm -
	assert_equal "$(names)" ''
}

@test "posix names: forms that are accepted" {
	file 'a b'
	file c
	for ref in pshm:/a%20b pshm:a%20b pshm:/%61%20b pshm:c pshm:/c; do
		tool stat "$ref" -o NAME
		assert_success
	done
	file 'x;*'
	tool list 'pshm:/x;*' -o REF --no-headings
	assert_output 'pshm:/x%3B%2A'
}

@test "posix names: forms that are refused" {
	local long

	long=$(printf 'x%.0s' {1..256})
	refused "pshm:/a/b" "invalid name: it contains a second '/'"
	refused "pshm://a" "invalid name: it contains a second '/'"
	refused "pshm:/a%2Fb" "invalid name: it contains a second '/'"
	refused "pshm:/" "invalid name: it is empty"
	refused "pshm:" "invalid name: it is empty"
	refused "pshm:/." "invalid name: '.' and '..' are directories"
	refused "pshm:/.." "invalid name: '.' and '..' are directories"
	refused "pshm:/$long" "invalid name: it has 256 bytes, the maximum is 255"
	refused "pshm:/a b" "invalid name: write the byte 0x20 as %20"
	refused $'pshm:/a\tb' "invalid name: write the byte 0x09 as %09"
	refused "pshm:/50%" "invalid name: write '%' as %25"
	refused "pshm:/%4" "invalid name: write '%' as %25"
	refused "pshm:/a@b" "'b' is not a namespace; write '@' in a name as %40"
	refused "pshm:/%00" "invalid name: it contains the byte 0x00"
	refused "pshm:/sem.w" "invalid name: this is a semaphore; use psem:/w"
	refused "pshm:#x" "invalid inode number"
	refused "pshm:#" "invalid inode number"
	refused "pshm:#18446744073709551616" "invalid inode number"
}

# refused REF TEXT
refused()
{
	tool stat "$1"
	assert_failure 2
	assert_output ''
	assert_equal "${stderr_lines[0]}" "ipctool stat: '${1//$'\t'/\\x09}': $2"
}

@test "posix names: an invalid reference removes nothing" {
	file a
	tool rm --force pshm:/a pshm:/b/c
	assert_failure 2
	tool rm --force pshm:/a 'pshm:#18446744073709551616'
	assert_failure 2
	printf 'pshm:/a\npshm:/b c\n' >"$BATS_TEST_TMPDIR/refs"
	split "$IPCTOOL" rm --force - <"$BATS_TEST_TMPDIR/refs"
	assert_failure 2
	assert_equal "$(names)" a
}

@test "posix names: 256 refused operands are exit status 1" {
	local many=()

	for i in {1..256}; do
		many+=("pshm:/none$i")
	done
	tool rm "${many[@]}"
	assert_failure 1
	assert_equal "${#stderr_lines[@]}" 256
}
