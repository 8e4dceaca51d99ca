#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Invalid words: each is a usage error that names the word and the valid form, before any
# object is created, changed or removed.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life

# A scene of one object of each type with a key, which no test here may change.
setup()
{
	local type

	declare -gA ids=()
	for type in "${types[@]}"; do
		ids[$type]=$(make "$type" key=0x1234 mode=0640)
	done
	note_all
}

# note_all : records the state of the objects for assert_untouched and the end of each
# test.
note_all()
{
	read_files
	before=$files
	before_calls=$(calls)
}

# read_files : reads the tables into files, without a process, for a test has many of these.
read_files()
{
	local type table

	files=
	for type in "${types[@]}"; do
		mapfile table <"/proc/sysvipc/$type"
		printf -v files '%s' "$files" "${table[@]}"
	done
}

# What the files do not have: values and limits.
calls()
{
	local type

	for type in "${types[@]}"; do
		helper raw "$type" "${ids[$type]}"
	done
}

assert_untouched()
{
	read_files
	assert_equal "$files" "$before"
}

teardown()
{
	local now

	now=$(calls)
	restore_kernel
	end_helpers
	wipe
	assert_equal "$now" "$before_calls"
}

# assert_bad TEXT ARG... : ipctool with these exits with 2, prints TEXT, and changes
# nothing.
assert_bad()
{
	local - text=$1

	set +T
	shift
	tool "$@" </dev/null
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool $1: $text
Try \`ipctool $1 --help' or \`ipctool $1 --usage' for more information."
	assert_untouched
}

# Each command that takes references, with what else it needs.
commands=("stat" "set --mode=0" "rm -f")

# assert_bad_ref TEXT REF : among good references, of the command that does most harm.
assert_bad_ref()
{
	assert_bad "invalid reference '$2'$1" rm -f "shm:${ids[shm]}" sem:0x1234 -- "$2" "msg:${ids[msg]}"
}

id_form="expected a number from 0 to 2147483647, or 0x and a key"
key_form="a key is 0x and 1 to 8 hexadecimal digits, and not 0, which is IPC_PRIVATE and names nothing"

@test "operands: every command rejects an invalid reference, alone and among valid ones" {
	local command

	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # several words
		assert_bad "invalid reference 'msg:-1': $id_form" $command -- msg:-1
		# shellcheck disable=SC2086
		assert_bad "invalid reference 'sem:0x0': $key_form" $command "shm:${ids[shm]}" sem:0x0 "msg:${ids[msg]}"
		# shellcheck disable=SC2086
		assert_bad "invalid reference 'SHM:1': unknown type 'SHM'; did you mean shm?" $command SHM:1
	done
}

@test "operands: ids out of range, with signs, blanks and other characters" {
	local text

	for text in 2147483648 4294967296 4294967295 18446744073709551616 \
		99999999999999999999999999 -1 +1 -0 ' 1' '1 ' '' ' ' 1x 1.0 1e3 0b1 1:2 : '1,' ١; do
		assert_bad_ref ": $id_form" "msg:$text"
	done
}

@test "operands: keys out of range, 0, with signs, blanks and other characters" {
	local text

	for text in 0x 0X 0x0 0x00000000 0x1ffffffff 0x100001234 0x000001234 0x-1 0x+1 '0x 1' \
		'0x1 ' 0xg 0x1234h 0x1234: 0x0x1234; do
		assert_bad_ref ": $key_form" "sem:$text"
	done
}

@test "operands: types that do not exist" {
	local text

	for text in SHM shmshm Shmem segment; do
		assert_bad_ref ": unknown type '$text'; did you mean shm?" "$text:${ids[shm]}"
	done
	for text in sh 'shm '; do
		assert_bad_ref ": unknown type '$text'; did you mean shm or pshm?" "$text:${ids[shm]}"
	done
	assert_bad_ref ": unknown type ' shm'; did you mean shm, pshm or psem?" " shm:${ids[shm]}"
	for text in Sem semaphores set; do
		assert_bad_ref ": unknown type '$text'; did you mean sem?" "$text:${ids[shm]}"
	done
	for text in '' nonsense; do
		assert_bad_ref ": unknown type '$text'; expected one of: shm, sem, msg, pshm, psem, pmsg" \
			"$text:${ids[shm]}"
	done
}

@test "operands: words that are not references" {
	local text

	for text in '' ' ' 0 "${ids[shm]}" 0x1234 shm0 "shm-${ids[shm]}" '*' --; do
		tool rm -f -- "$text"
		assert_failure 2
		assert_output ''
		[[ $stderr == "ipctool rm: "@(unknown type|invalid reference)" '$text'"[:\;]* ]]
		assert_untouched
	done
}

@test "operands: a type alone removes nothing" {
	local words

	for words in shm "shm sem" "shm ${ids[shm]}" "shm shm:${ids[shm]}" 'shm -f' 'msg -n'; do
		# shellcheck disable=SC2086 # several words
		tool rm $words
		assert_failure 2
		assert_output ''
		assert_untouched
	done
}

@test "operands: control characters are escaped" {
	assert_bad "invalid reference 'shm:\\x1b[2J\\x0a': $id_form" rm -- $'shm:\033[2J\n'
	assert_bad "invalid reference '\\xff': expected TYPE:ID or TYPE:KEY, for example shm:32769 or shm:0x52e2c1" \
		read -- $'\xff'
}

@test "operands: no operands" {
	local command

	for command in set\ --mode=0 rm; do
		# shellcheck disable=SC2086 # several words
		tool $command
		assert_failure 2
		assert_output ''
		assert_stderr --partial "ipctool ${command%% *}: nothing is named: "
	done
	assert_untouched
}

# --- From standard input --------------------------------------------------------------

@test "operands: an invalid line is reported with its number" {
	local command

	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # several words
		tool $command - < <(printf 'shm:%s\n\n \t\n  sem:abc \nmsg:x\n' "${ids[shm]}")
		assert_usage "ipctool ${command%% *}: standard input, line 4: invalid reference 'sem:abc': $id_form"
		assert_untouched
		# shellcheck disable=SC2086
		tool $command "shm:${ids[shm]}" - "sem:${ids[sem]}" <<<"msg:0x123456789"
		assert_usage "ipctool ${command%% *}: standard input, line 1: invalid reference 'msg:0x123456789': $key_form"
		assert_untouched
	done
}

@test "operands: no lines mean that there is nothing to do" {
	local command text

	for command in "set --mode=0" "rm -f" rm; do
		for text in '' '\n' ' \n\t\n\n' '\r\n'; do
			# shellcheck disable=SC2086,SC2059 # several words, a format
			tool $command - < <(printf "$text")
			assert_silent
		done
	done
	tool stat - </dev/null
	assert_silent
	assert_untouched
}

@test "operands: the last line needs no newline, and lines may end with CR LF" {
	tool stat - -o REF < <(printf ' shm:%s\r\n\fmsg:0x1234\v\nsem:%s' "${ids[shm]}" "${ids[sem]}")
	assert_success
	assert_output "shm:${ids[shm]}

msg:${ids[msg]}

sem:${ids[sem]}"
}

@test "operands: a NUL in a line" {
	tool rm -f - < <(printf 'shm:%s\nmsg:%s\0x\n' "${ids[shm]}" "${ids[msg]}")
	assert_usage "ipctool rm: standard input, line 2: a NUL byte"
	assert_untouched
}

@test "operands: a line is not an option" {
	tool rm - <<<'--force'
	assert_failure 2
	assert_stderr --partial "ipctool rm: standard input, line 1: invalid reference '--force': "
	tool rm - <<<'-'
	assert_failure 2
	assert_stderr --partial "ipctool rm: standard input, line 1: invalid reference '-': "
	tool rm - <<<'shm'
	assert_failure 2
	assert_stderr --partial "ipctool rm: standard input, line 1: invalid reference 'shm': "
	assert_untouched
}

@test "operands: standard input twice" {
	tool rm -f - - <<<"shm:${ids[shm]}"
	assert_usage "ipctool rm: '-' can be given only once"
	assert_untouched
}

@test "operands: standard input that cannot be read" {
	# shellcheck disable=SC2016 # the inner shell's own
	split sh -c 'exec "$@" <&-' sh "$IPCTOOL" rm -f "shm:${ids[shm]}" -
	assert_usage "ipctool rm: cannot read standard input: Bad file descriptor"
	tool rm -f "shm:${ids[shm]}" - </
	assert_usage "ipctool rm: cannot read standard input: Is a directory"
	assert_untouched
}

# --- The letters of ipcrm -------------------------------------------------------------

@test "operands: the letters take ids and keys and nothing else" {
	local id="expected a number from 0 to 2147483647" command letter text
	local key="expected a decimal, 0octal or 0xhex number from 1 to 0xffffffff (0 is IPC_PRIVATE, which names nothing)"

	for text in 2147483648 4294967296 -1 +0 ' 0' '' x 0x0 0.; do
		for letter in m q s; do
			assert_bad "-$letter: invalid ID '$text': $id" rm -f -m "${ids[shm]}" "-$letter" "$text"
		done
	done
	for text in 0 0x0 00 4294967296 0x1ffffffff -2147483649 040000000000 09 +1 ' 1' \
		'' private 1x 0x; do
		for letter in M Q S; do
			assert_bad "-$letter: invalid key '$text': $key" rm -f "shm:${ids[shm]}" "-$letter" "$text"
		done
	done
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # several words
		assert_bad "-q: invalid ID '-1': $id" $command -m "${ids[shm]}" -q -1
		# shellcheck disable=SC2086
		assert_bad "-S: invalid key '0': $key" $command "shm:${ids[shm]}" -S 0
	done
}

# --- create ---------------------------------------------------------------------------

@test "operands: create needs one type" {
	assert_bad "no type is given; expected one of: shm, sem, msg, pshm, psem, pmsg" create
	assert_bad "no type is given; expected one of: shm, sem, msg, pshm, psem, pmsg" create --size=1
	assert_bad "unknown type 'fshm'; did you mean shm, pshm or psem?" create fshm --size=1
	assert_bad "unknown type ''; expected one of: shm, sem, msg, pshm, psem, pmsg" create '' --size=1
	assert_bad "'shm:5' is a reference, but the kernel chooses the id; give the type shm, and a key by --key if it needs one" create shm:5 --size=1
	assert_bad "'sysv' names several types; expected one of: shm, sem, msg, pshm, psem, pmsg" create sysv
	assert_bad "'all' names several types; expected one of: shm, sem, msg, pshm, psem, pmsg" create all
	local one="expected one object, and options such as --size=64M"

	assert_bad "unexpected operand 'sem': $one" create shm sem --size=1 --nsems=1
	assert_bad "unexpected operand 'msg': $one" create msg msg
	assert_bad "unexpected operand '64M': $one" create shm 64M
}

@test "operands: create needs the options of the type" {
	assert_bad "shm: --size is missing" create shm
	assert_bad "sem: --nsems is missing" create sem
	assert_bad "sem: --nsems is missing" create sem --value=1
	assert_bad "sem: --size applies to shm and pshm only" create sem --nsems=1 --size=1
	assert_bad "msg: --size does not apply; --qbytes limits the bytes that the queue holds" create msg --size=1
	assert_bad "shm: --nsems applies to sem only" create shm --size=1 --nsems=1
	assert_bad "msg: --nsems applies to sem only" create msg --nsems=1
	assert_bad "shm: --value applies to sem and psem only" create shm --size=1 --value=1
	assert_bad "sem: --qbytes applies to msg only" create sem --nsems=1 --qbytes=1
	assert_bad "msg: --huge applies to shm only" create msg --huge=default
	assert_bad "sem: --no-reserve applies to shm only" create sem --nsems=1 --no-reserve
}

@test "operands: create rejects options that conflict" {
	assert_bad "--key and --ftok exclude each other" create msg --key=1 --ftok=/
	assert_bad "--proj needs --ftok" create msg --proj=1
	assert_bad "--proj needs --ftok" create msg --proj=1 --key=1
	assert_bad "--exist-ok needs --key or --ftok: without a key every object is a new one" \
		create msg --exist-ok
}

# assert_bad_qbytes TEXT MESSAGE : for create and set alike.
assert_bad_qbytes()
{
	assert_bad "--qbytes: invalid size '$1': $2" create msg --qbytes="$1"
	assert_bad "--qbytes: invalid size '$1': $2" set msg:0x1234 --qbytes="$1"
}

@test "operands: create and sizes" {
	local text form="expected a number of bytes, which K, M, G or T may follow, for example 64M"
	local range="expected 1 to 2147483647 bytes"

	for text in 0 0K 0.0M 0.0001K; do
		assert_bad "--size: invalid size '$text': expected at least 1 byte" \
			create shm --size="$text"
		assert_bad_qbytes "$text" "$range"
	done
	for text in -1 +1 ' 1' '1 ' '' K 1P 1B 1Ki 1KK 1.5 1. 1.K .5K 0x10 1e3 \
		18446744073709551616 18014398509481984K 17592186044416M 17179869184G 16777216T \
		99999999999999999999999; do
		assert_bad "--size: invalid size '$text': $form" create shm --size="$text"
		assert_bad_qbytes "$text" "$form"
	done
	assert_bad_qbytes 1KB "1KB is ambiguous; use 1K (1024) or 1000"
	# The kernel would cut these.
	for text in 2147483648 4294967295 4294967296 4294967297 2G 4G 16777215T; do
		assert_bad_qbytes "$text" "$range"
	done
}

@test "operands: create and numbers of semaphores" {
	local text

	for text in 0 00 -1 +1 ' 1' '' x 1.5 1K 0x1 2147483648 4294967296 4294967297; do
		assert_bad "--nsems: invalid number '$text': expected 1 to 2147483647 semaphores" \
			create sem --nsems="$text"
	done
}

@test "operands: create and keys" {
	local text

	for text in 0 0x0 00 4294967296 0x1ffffffff 0x100000001 -2147483649 -0 040000000000 08 +1 \
		' 1' '1 ' '' private IPC_PRIVATE x 0x 1.0; do
		assert_bad "--key: invalid key '$text': expected a decimal, 0octal or 0xhex number from 1 to 0xffffffff (0 is IPC_PRIVATE, which names nothing)" \
			create msg --key="$text"
	done
}

@test "operands: create and ftok" {
	local text

	for text in 0 256 -1 +1 '' a 0x1 1.0; do
		assert_bad "--proj: invalid project number '$text': expected a number from 1 to 255" \
			create msg --ftok=/ --proj="$text"
	done
	assert_bad "--ftok='/no/such/file': No such file or directory" create msg --ftok=/no/such/file
	assert_bad "--ftok='': No such file or directory" create msg --ftok=
	assert_bad "--ftok='/dev/null/x': Not a directory" create msg --ftok=/dev/null/x
}

# --- create and set -------------------------------------------------------------------

# assert_bad_change TEXT OPTION... : for create and set alike.
assert_bad_change()
{
	assert_bad "$1" create sem --nsems=2 "${@:2}"
	assert_bad "$1" set "sem:${ids[sem]}" "${@:2}"
}

@test "operands: modes" {
	local text

	for text in 01000 1777 02000 04600 7777 10000 00001777 8 0888 600x 0x1ff 6.0 \
		77777777777777777777; do
		assert_bad_change "--mode: invalid mode '$text': expected an octal number from 0 to 0777" --mode="$text"
	done
	for text in u+s g+s +t a=t u+rws rwt x+y z ' 600' +600 -600 'u + r'; do
		assert_bad_change "--mode: invalid mode '$text': expected an octal number from 0 to 0777, or a symbolic mode of u g o a, + - = and r w x X, for example u+rw,g-w" \
			--mode="$text"
	done
	for text in '' ',' 'u+r,' ,u+r rw u ug 'uu+r,,' '+-,'; do
		assert_bad_change "--mode: invalid mode '$text': expected a symbolic mode such as u+rw,g-w" --mode="$text"
	done
}

@test "operands: users and groups" {
	local text

	for text in no-such-user 4294967295 4294967296 -1 +0 ' 0' '0 ' 0x0 1.5; do
		assert_bad_change "--owner: unknown user '$text'" --owner="$text"
		assert_bad_change "--owner: unknown group '$text'" --owner=":$text"
		assert_bad_change "--owner: unknown group '$text'" --owner="0:$text"
	done
	for text in '' :; do
		assert_bad_change "--owner: invalid owner '$text': expected USER, USER:GROUP, USER: or :GROUP" \
			--owner="$text"
	done
	assert_bad_change "--owner: unknown group '0:0'" --owner=0:0:0
	# A number without a name has no login group.
	assert_bad_change "--owner: user '3999999999' has no login group; expected USER:GROUP" \
		--owner=3999999999:
}

@test "operands: values of semaphores" {
	local text

	for text in 32768 65536 65537 4294967296 -1 +1 ' 1' '' x 1.5 0x1 =1 1= 0-1= 1-=2 -1=2 0-=1 \
		0=32768 0=-1 0==1 0=1=1 0..1=1 2147483648=1 0-2147483648=1 4294967296=1; do
		assert_bad_change "--value: invalid value '$text': expected V for all semaphores, N=V for one or N-M=V for some, with V from 0 to 32767" \
			--value="$text"
	done
	assert_bad_change "--value: invalid value '1-0=1': the first semaphore of the range is after the last one" --value=1-0=1
	assert_bad_change "--value: invalid value '2': a value for all semaphores and another --value exclude each other" \
		--value=1 --value=2
	assert_bad_change "--value: invalid value '2': a value for all semaphores and another --value exclude each other" \
		--value=0=1 --value=2
	assert_bad_change "--value: invalid value '0=1': a value for all semaphores and another --value exclude each other" \
		--value=1 --value=0=1
}

@test "operands: semaphores that the set does not have" {
	assert_bad "--value: there is no semaphore 2: the set has 2, counted from 0" create sem --nsems=2 \
		--value=2=1
	assert_bad "--value: there is no semaphore 65535: the set has 2, counted from 0" create sem --nsems=2 \
		--value=0=1 --value=0-65535=1
	tool set "shm:${ids[shm]}" --mode=0 "sem:${ids[sem]}" --value=0-2=5
	assert_failure 2
	assert_untouched
	tool set "sem:${ids[sem]}" --mode=0 --value=0-2=5
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool set: sem:${ids[sem]}: --value: it has no semaphore 2, the last is 1; nothing has been changed"
	assert_untouched
}

@test "operands: one set that is too small prevents all changes" {
	local larger values
	larger=$(helper sem 3)
	note_all

	tool set "sem:$larger" "sem:${ids[sem]}" --value=2=5
	assert_failure 2
	assert_stderr "ipctool set: sem:${ids[sem]}: --value: it has no semaphore 2, the last is 1; nothing has been changed"
	values=$(fact sem "$larger" val.2)
	assert_equal "$values" 0
	assert_untouched
}

# --- set ------------------------------------------------------------------------------

@test "operands: set needs a change" {
	assert_bad "nothing to change: give --mode, --owner, --qbytes, --value, --lock or --unlock" \
		set shm:0x1234
	assert_bad "nothing to change: give --mode, --owner, --qbytes, --value, --lock or --unlock" \
		set shm:0x1234 -v -n
	assert_bad "--lock and --unlock exclude each other" set shm:0x1234 --lock --unlock
}

@test "operands: set and options for other types" {
	assert_bad "shm:0x1234: --qbytes applies to msg only" set shm:0x1234 --qbytes=1
	assert_bad "sem:0x1234: --qbytes applies to msg only" set msg:0x1234 sem:0x1234 --qbytes=1
	assert_bad "msg:0x1234: --value applies to sem and psem only" set sem:0x1234 msg:0x1234 --value=1
	assert_bad "sem:0x1234: --lock applies to shm only" set sem:0x1234 --lock
	assert_bad "msg:0x1234: --unlock applies to shm only" set msg:0x1234 --mode=0 --unlock
}

# --- rm -------------------------------------------------------------------------------

@test "operands: valid operands beside an invalid one are not removed" {
	local words

	for words in "-m ${ids[shm]} -m abc" "-m abc -m ${ids[shm]}" "shm:${ids[shm]} shm:x" \
		"shm:x shm:${ids[shm]}" "sem:0x1234 -Q 0" "shm:${ids[shm]} --no-such-option" \
		"msg:0x1234 pshm:/x/y" "-q ${ids[msg]} 5" "-f -M 0x1234 -s 4294967296"; do
		# shellcheck disable=SC2086 # several words
		tool rm -f $words
		assert_failure 2
		assert_output ''
		assert_untouched
	done
}

@test "operands: options that do not exist" {
	local command

	for command in create stat set rm; do
		tool "$command" --no-such-option msg:0x1234
		assert_usage "ipctool $command: unknown option '--no-such-option'"
		tool "$command" -Z msg:0x1234
		assert_usage "ipctool $command: invalid option -- 'Z'"
	done
	assert_untouched
}

@test "operands: an option after the operands is an option, even with POSIXLY_CORRECT" {
	POSIXLY_CORRECT=1 tool rm "msg:${ids[msg]}" --alone --dry-run
	assert_success
	assert_output "would remove msg:${ids[msg]}"
	assert_untouched
}

@test "operands: a line that does not fit in memory is not the end" {
	# The sanitizers' own memory alone is more.
	(ulimit -v 200000 && ipctool --version) >/dev/null 2>&1 || skip "needs a small program"
	for command in list rm; do
		# shellcheck disable=SC2016 # the inner shell's own
		split bash -c 'head -c 300000000 /dev/zero | (ulimit -v 200000; exec "$@")' bash \
			"$IPCTOOL" $command -
		assert_usage "ipctool $command: cannot read standard input: Cannot allocate memory"
	done
	assert_untouched
}
