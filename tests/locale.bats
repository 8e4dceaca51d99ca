#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What programs read is the same in every locale and on every terminal, byte by byte.

load common
load scenes

# Makes the locales that this machine has not, in a place of their own.
setup_file()
{
	local name

	export LOCPATH=$BATS_FILE_TMPDIR/locales
	# Of what LOCPATH holds the C library itself loses a copy.
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
	mkdir "$LOCPATH"
	[ -e /usr/share/i18n/locales/tr_TR ] || return 0
	for name in ko_KR tr_TR de_DE; do
		localedef -i $name -f UTF-8 "$LOCPATH/$name.UTF-8" || return
	done
	localedef -i ko_KR -f EUC-KR "$LOCPATH/ko_KR.EUC-KR" || return
}

locales=(C POSIX C.UTF-8 ko_KR.UTF-8 tr_TR.UTF-8 de_DE.UTF-8 ko_KR.EUC-KR)

@test "locale: the locales are there" {
	requires locales
	assert_equal "$(LC_ALL=tr_TR.UTF-8 bash -c 'x=i; echo "${x^}"')" 'İ'
}

@test "locale: the formats for programs" {
	requires root mount locales python
	local format locale width wanted arguments now=1790000000

	proc_table "${columns_of[shm]}" \
		"shmid=5 key=-2 size=123456789 uid=1 gid=2 nattch=3 perms=3640 ctime=$now" \
		"shmid=6 size=1000 uid=2" >"$BATS_TEST_TMPDIR/shm"
	printf '%s\n' 'İıçğ김:x:1:1::/:' $'caf\xe9;x:x:2:2::/:' >"$BATS_TEST_TMPDIR/passwd"
	for format in json jsonl csv raw export; do
		wanted=
		for locale in "${locales[@]}"; do
			for width in 40 200; do
				over_proc shm="$BATS_TEST_TMPDIR/shm" sem= msg= -- \
					"${users_are[@]}" "$BATS_TEST_TMPDIR/passwd" \
					env LC_ALL="$locale" LANG="$locale" COLUMNS=$width TERM=xterm \
					TZ=Asia/Seoul "$IPCTOOL_SRCDIR/tests/on-terminal" $width \
					"$IPCTOOL" list shm --format=$format
				assert_success
				wanted=${wanted:-$output}
				assert_equal "$format $locale $width $output" \
					"$format $locale $width $wanted"
			done
		done
		[ ${#wanted} -gt 300 ]
		# In a pipe it is the same.
		over_proc shm="$BATS_TEST_TMPDIR/shm" -- "${users_are[@]}" \
			"$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" list shm --format=$format
		assert_output "$wanted"
	done
}

@test "locale: limits and metrics" {
	requires locales python
	local format locale width wanted

	helper sem 3
	for format in json jsonl csv raw export prometheus; do
		wanted=$(ipctool limits --format=$format)
		for locale in "${locales[@]}"; do
			for width in 40 200; do
				split env LC_ALL="$locale" COLUMNS=$width \
					"$IPCTOOL_SRCDIR/tests/on-terminal" $width "$IPCTOOL" \
					limits --format=$format
				assert_success
				assert_output "$wanted"
			done
		done
	done
}

@test "locale: field names are found in Turkish" {
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
