#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Output for programs is the same in every locale and on every terminal, byte by byte.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load scenes

# Creates the locales that this machine lacks, in a private directory.
setup_file()
{
	local name

	export LOCPATH=$BATS_FILE_TMPDIR/locales
	# The C library itself leaks a copy of LOCPATH.
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
	mkdir "$LOCPATH"
	[ -e /usr/share/i18n/locales/tr_TR ] || return 0
	for name in tr_TR de_DE; do
		localedef -i $name -f UTF-8 "$LOCPATH/$name.UTF-8" || return
	done
	localedef -i ko_KR -f EUC-KR "$LOCPATH/ko_KR.EUC-KR" || return
}

locales=(C POSIX C.UTF-8 tr_TR.UTF-8 de_DE.UTF-8 ko_KR.EUC-KR)

# each_terminal FUNCTION ARG... : calls a function with a locale and a terminal width as
# additional arguments: with each locale, and with each width at least once.
each_terminal()
{
	local locale

	"$@" C 200
	for locale in "${locales[@]}"; do
		"$@" "$locale" 40
	done
}

@test "locale: the locales exist" {
	requires locales
	assert_equal "$(LC_ALL=tr_TR.UTF-8 bash -c 'x=i; echo "${x^}"')" 'İ'
}

# list_on_terminal FORMAT LOCALE WIDTH : what list prints there is what it printed before.
list_on_terminal()
{
	local format=$1 locale=$2 width=$3

	over_proc shm="$BATS_TEST_TMPDIR/shm" sem= msg= -- \
		"${users_are[@]}" "$BATS_TEST_TMPDIR/passwd" \
		env LC_ALL="$locale" LANG="$locale" COLUMNS="$width" TERM=xterm TZ=Asia/Seoul \
		"$IPCTOOL_SRCDIR/tests/on-terminal" "$width" "$IPCTOOL" list shm --format="$format"
	assert_success
	wanted=${wanted:-$output}
	assert_equal "$format $locale $width $output" "$format $locale $width $wanted"
}

@test "locale: the formats for programs" {
	requires root mount locales python
	local format wanted now=1790000000

	proc_table "${columns_of[shm]}" \
		"shmid=5 key=-2 size=123456789 uid=1 gid=2 nattch=3 perms=3640 ctime=$now" \
		"shmid=6 size=1000 uid=2" >"$BATS_TEST_TMPDIR/shm"
	printf '%s\n' 'İıçğ김:x:1:1::/:' $'caf\xe9;x:x:2:2::/:' >"$BATS_TEST_TMPDIR/passwd"
	for format in $(formats_of list | grep -vx table); do
		wanted=
		each_terminal list_on_terminal "$format"
		[ ${#wanted} -gt 300 ]
		# In a pipe it is the same.
		over_proc shm="$BATS_TEST_TMPDIR/shm" -- "${users_are[@]}" \
			"$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" list shm --source=proc --format="$format"
		assert_output "$wanted"
	done
}

# limits_on_terminal FORMAT LOCALE WIDTH : limits prints there what was wanted.
limits_on_terminal()
{
	split env LC_ALL="$2" COLUMNS="$3" "$IPCTOOL_SRCDIR/tests/on-terminal" "$3" \
		"$IPCTOOL" limits --format="$1"
	assert_success
	assert_output "$wanted"
}

@test "locale: limits and metrics" {
	requires locales python
	local format wanted

	helper sem 3
	for format in $(formats_of limits | grep -vx table); do
		wanted=$(ipctool limits --format="$format")
		each_terminal limits_on_terminal "$format"
	done
}

@test "locale: field names are recognised in Turkish" {
	requires locales
	helper sem 1
	split env LC_ALL=tr_TR.UTF-8 "$IPCTOOL" list -o ID,UID,perms --sort=GID --no-headings
	assert_success
	split env LC_ALL=tr_TR.UTF-8 "$IPCTOOL" list --format=raw -o id,uid,otime
	assert_line --index 0 "ID UID OTIME"
	split env LC_ALL=tr_TR.UTF-8 "$IPCTOOL" list -o id,uid
	assert_line --index 0 --regexp '^ *ID  UID$'
}

@test "locale: messages" {
	requires locales
	local locale

	for locale in "${locales[@]}"; do
		split env LC_ALL="$locale" "$IPCTOOL" list --from=/nonexistent shm
		assert_stderr "ipctool list: shm: /nonexistent/shm: No such file or directory"
	done
}
