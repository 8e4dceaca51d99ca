#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The manual and the program agree.

load common
load options
load scenes

# Each page with the command whose options it describes; "-" is ipctool itself.
pages=("ipctool.1 -")
for page in "$IPCTOOL_SRCDIR"/man/ipctool-*.[1-8]; do
	page=${page##*/}
	case $page in
	*.1)
		command=${page#ipctool-}
		pages+=("$page ${command%.1}")
		;;
	*) pages+=("$page") ;;
	esac
done

# section PAGE NAME : the lines of a section of a page's source.
section()
{
	sed -n "/^\\.Sh $2\$/,/^\\.Sh /{ /^\\.Sh /!p; }" "$IPCTOOL_SRCDIR/man/$1"
}

@test "manual: has every option of --help, and no other" {
	local page file commands

	for page in "${pages[@]}"; do
		read -r file commands <<<"$page"
		# shellcheck disable=SC2086 # several words
		assert_equal "$file:"$'\n'"$(options_in_page "$file")" \
			"$file:"$'\n'"$(options_in_help $commands)"
	done
	# The lists must not both be empty.
	run options_in_help list
	assert_line -- -o
	assert_line -- --output
	assert_line -- --list-fields
	assert_line -- '-?'
}

@test "manual: every page is installed" {
	assert_equal "$(sed -n '/^dist_man_MANS/,/[^\\]$/s,^\tman/\([^ ]*\).*,\1,p' \
		"$IPCTOOL_SRCDIR/Makefile.am")" \
		"$(cd "$IPCTOOL_SRCDIR/man" && printf '%s\n' *.[1-8])"
}

@test "manual: each synopsis has all letters of its command" {
	local page file command letters

	for page in "${pages[@]:1}"; do
		read -r file command <<<"$page"
		[ -n "$command" ] || continue
		letters=$(section "$file" SYNOPSIS | sed -n 's/^\.Op Fl \([^- ]*\).*/\1/p' | fold -w 1)
		assert_equal "$file: $(sort -u <<<"$letters" | xargs)" \
			"$file: $(options_in_help "$command" | sed -n 's/^-\([^-?V]\)$/\1/p' | sort | xargs)"
	done
}

# fields COMMAND : its fields as the tables of the pages have them.
fields()
{
	ipctool "$1" --list-fields --no-headings | sed 's/   */|/g'
}

# fields_in_page PAGE
fields_in_page()
{
	section "$1" 'OUTPUT FIELDS' | awk '
		/^\.It Cm / { name = $3; getline meaning }
		/^\.Pq / { print name "|" $2 "|" $4 "|" meaning }'
}

@test "manual: the tables of fields equal --list-fields" {
	assert_equal "$(fields_in_page ipctool-list.1)" "$(fields list)"
	# What stat has more; the text of the section says what a block has for stale.
	assert_equal "$(fields_in_page ipctool-stat.1)" \
		"$(fields stat | grep -vxFf <(fields list) | grep -v '^stale|')"
	run fields_in_page ipctool-stat.1
	assert_line --partial 'semaphores|sem|'
}

@test "manual: the overview has every command, and each has a page and a line" {
	local command summary count=0

	while read -r command summary; do
		run section ipctool.1 DESCRIPTION
		assert_line ".It Xr ipctool-$command 1"
		assert_line "${summary^}."
		run section ipctool.1 'SEE ALSO'
		assert_line ".Xr ipctool-$command 1 ,"
		run section "ipctool-$command.1" NAME
		assert_line ".Nm ipctool-$command"
		count=$((count + 1))
	done < <(ipctool --help | sed -n '/^Commands/,$s/^  \([a-z]\)/\1/p')
	[ "$count" -ge 10 ]
}

@test "manual: the other names of commands" {
	run section ipctool-list.1 DESCRIPTION
	assert_line ".Nm ipctool ls ."
	run section ipctool-stat.1 DESCRIPTION
	assert_line ".Nm ipctool show ."
	run section ipctool-create.1 DESCRIPTION
	assert_line ".Nm ipctool mk ."
	run section ipctool-namespaces.1 DESCRIPTION
	assert_line ".Nm ipctool ns ."
	ipctool ls >/dev/null
	ipctool ns >/dev/null
	ipctool show - </dev/null
	ipctool mk msg >/dev/null
}

@test "manual: the exit statuses" {
	local page

	for page in create list rm set stat; do
		assert_equal "$page: $(section "ipctool-$page.1" 'EXIT STATUS' | sed -n 's/^\.It //p' | xargs)" \
			"$page: 0 1 2"
	done
	assert_equal "$(section ipctool.1 'EXIT STATUS' | sed -n 's/^\.It //p' | xargs)" "0 1 2 3"
}

# formats_in_page COMMAND : the formats that its page names for --format.
formats_in_page()
{
	sed -n '/^\.It Fl -format /,/^\.It Fl J/s/^\.Cm //p' "$IPCTOOL_SRCDIR/man/ipctool-$1.1" |
		tr -d ' .;' | tr ',' '\n'
}

@test "manual: names each format of --help" {
	local command format

	for command in list stat limits namespaces waits; do
		run formats_in_page $command
		while read -r format; do
			assert_line "$format"
		done < <(formats_of $command)
	done
	# Not two empty lists.
	run formats_of list
	assert_line export
}

# examples PAGE : the lines of the blocks in its TOUR and its EXAMPLES, as they are typed and
# printed.
examples()
{
	{ section "$1" TOUR; section "$1" EXAMPLES; } | sed -n '/^\.Bd -literal/,/^\.Ed/p' |
		sed "s/\\\\(aq/'/g; s/\\\\-/-/g; s/\\\\e/\\\\/g"
}

# step COMMAND OUTPUT... : runs an example, in a shell for all of a page; what the page
# shows as its output must be that.
step()
{
	local command=$1 wanted status=0

	wanted=$(printf '%s\n' "${@:2}")
	eval "$command" >"$scratch/out" 2>"$scratch/err" || status=$?
	[ "$status" -eq 0 ] && [ ! -s "$scratch/err" ] &&
		{ [ $# -eq 1 ] || [ "$(cat "$scratch/out")" = "$wanted" ]; } && return
	echo "$command"
	echo "status $status"
	cat "$scratch/out" "$scratch/err"
	exit 1
}

# steps PAGE : prints its examples as calls of step. Those with the prompt # run as root.
steps()
{
	local line call=

	while IFS= read -r line; do
		case $line in
		'$ '* | '# '*)
			[ -z "$call" ] || echo "$call"
			call="step ${line@Q}"
			call=${call/"'${line:0:2}"/"'"}
			[ "${line:0:1}" = '$' ] || call="[ \$root -eq 0 ] || $call"
			;;
		.Ed)
			[ -z "$call" ] || echo "$call"
			call=
			;;
		.*) ;;
		*) [ -z "$call" ] || call+=" ${line@Q}" ;;
		esac
	done < <(examples "$1" | sed -e ':more' -e '/[\\|]$/{ N; s/\\*\n */ /; b more' -e '}')
}

@test "manual: the examples run and print the output shown" {
	local page root=0

	as_user 65534 true 2>/dev/null && root=1
	mkdir "$BATS_TEST_TMPDIR/bin"
	host_ipctool "$BATS_TEST_TMPDIR/bin/ipctool"
	for page in ipctool ipctool-create ipctool-list ipctool-rm ipctool-set ipctool-stat; do
		steps "$page.1" >"$BATS_TEST_TMPDIR/steps"
		[ -s "$BATS_TEST_TMPDIR/steps" ]
		# A namespace in which ids start at 0, with an object of each type, and a
		# /dev/shm of its own.
		{
			declare -f step
			printf '%s=%q\n' scratch "$BATS_TEST_TMPDIR" root "$root" PATH \
				"$BATS_TEST_TMPDIR/bin:$PATH"
			echo "set -o pipefail"
			printf 'cd %q || exit\n' "$BATS_TEST_TMPDIR"
			echo "mount -t tmpfs -o mode=1777 tmpfs /dev/shm || exit"
			for type in 'shm 5000000' 'sem 3' 'msg'; do
				echo "$IPCHELPER $type key=0x52e2c1 >/dev/null"
			done
			cat "$BATS_TEST_TMPDIR/steps"
		} >"$BATS_TEST_TMPDIR/script"
		split unshare --ipc --mount bash "$BATS_TEST_TMPDIR/script"
		assert_output ''
		assert_stderr
		assert_success
	done
}

@test "manual: an example with other output is noticed" {
	local scratch=$BATS_TEST_TMPDIR

	run step 'echo one' one
	assert_success
	run step 'echo one'
	assert_success
	run step 'echo one' two
	assert_failure 1
	run step 'echo one; echo two' one
	assert_failure 1
	run step 'echo one >&2'
	assert_failure 1
	run step false
	assert_failure 1
}

# stories_run PAGE COUNT : runs the commands of the stories of a page, COUNT of them.
stories_run()
{
	local command count=0

	printf '%s\n' root:x:0:0::/: postgres:x:26:26::/: www-data:x:33:33::/: \
		app:x:40:40::/: ci:x:41:41::/: hpc:x:42:42::/: \
		>"$BATS_TEST_TMPDIR/passwd"
	while IFS= read -r command; do
		command=${command//\"\$USER\"/www-data}
		# There are no names of groups, and the initial directory is /.
		command=${command/:adm/:4}
		command=${command/table.bin/$BATS_TEST_TMPDIR/table.bin}
		# Shown if it fails.
		echo "$command"
		# shellcheck disable=SC2086 # several words
		with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" ${command#\# ipctool }
		assert_success
		assert_stderr
		count=$((count + 1))
	done < <(sed -n '/^\.Sh STORIES/,/^\.Sh SEE/s/^# /# /p' "$IPCTOOL_SRCDIR/man/$1" |
		sed 's/\\-/-/g')
	[ "$count" -eq "$2" ]
}

@test "manual: the commands of the stories run" {
	requires mount

	stories_run ipctool-stale.7 13
}

@test "manual: the commands of the stories of POSIX objects run" {
	requires root mount

	mount -t tmpfs -o mode=1777 tmpfs /dev/shm
	head -c 32 /dev/zero >/dev/shm/sem.build-lock
	echo table >"$BATS_TEST_TMPDIR/table.bin"
	stories_run ipctool-posix.7 13
	umount /dev/shm
}

@test "manual: the table of other tools agrees with the program's messages" {
	local old new command count=0

	while IFS='|' read -r old new; do
		# Without a command, and with those that replace ipcrm and ipcmk.
		run printf '%s\n' "$(for command in '' rm create; do
			# shellcheck disable=SC2086 # no word, or one
			"$IPCTOOL" $command ${old#* } 2>&1 || :
		done)"
		assert_output --partial "$new"
		count=$((count + 1))
	done < <(section ipctool.1 'COMING FROM OTHER TOOLS' | grep '^\.It Cm' | sed -e 's/^\.It Cm //' \
		-e 's/--all= Ns Ar type/--all=shm/; s/ Ta Cm /|/; s/ Ns Ar .*//; s/ Ar [^|]*//g')
	[ "$count" -ge 30 ]
}

@test "manual: the head and the foot of each page name the project" {
	local file version

	version=$(ipctool --version | head -1)
	run grep -F "AC_INIT([ipctool], [${version#ipctool }])" "$IPCTOOL_SRCDIR/configure.ac"
	assert_success
	for file in "$IPCTOOL_SRCDIR"/man/*.[1-8]; do
		assert_equal "${file##*/}: $(grep '^\.Os' "$file")" "${file##*/}: .Os \"$version\""
		# groff heads the pages of other projects with BSD.
		assert_equal "${file##*/}: $(grep -B 1 '^\.Dt' "$file" | head -n 1)" \
			"${file##*/}: .ds doc-volume-operating-system ipctool"
	done
}

@test "manual: no line is wider than 80 columns" {
	local file
	command -v mandoc >/dev/null || skip "needs mandoc"

	for file in "$IPCTOOL_SRCDIR"/man/*.[1-8]; do
		assert_equal "${file##*/}: $(mandoc -T ascii -O width=78 "$file" |
			sed 's/.\x08//g' | awk 'length > 80')" "${file##*/}: "
	done
}

@test "manual: groff formats each page for 80 columns without a warning" {
	local file
	command -v groff >/dev/null || skip "needs groff"

	# man(1) leaves two columns free, and shows what groff says before the page.
	for file in "$IPCTOOL_SRCDIR"/man/*.[1-8]; do
		split groff -mdoc -T utf8 -rLL=78n -w w "$file"
		assert_success
		assert_stderr
	done
}

@test "manual: mandoc finds no fault" {
	command -v mandoc >/dev/null || skip "needs mandoc"
	# Which other manual pages this machine has is no fault of a page.
	run grep -v 'STYLE: referenced manual not found' \
		<(mandoc -T lint -W style "$IPCTOOL_SRCDIR"/man/*.[1-8] 2>/dev/null)
	assert_output ''
}
