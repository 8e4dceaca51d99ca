#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion: what ipctool itself offers for a word, and that bash, zsh and fish get it from
# there.

load common
load scenes
load options

setup()
{
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$IPCTOOL" "$BATS_TEST_TMPDIR/bin/ipctool"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	completion=$IPCTOOL_SRCDIR/completion
}

# --- What ipctool offers --------------------------------------------------------------

# answer WORD... : what ipctool answers for the last of these words, in output; it is never
# a failure, and says nothing.
answer()
{
	tool __complete "$@"
	assert_success
	assert_stderr ''
}

# offers "WORD..." CANDIDATE... : ipctool offers just these, in this order; the first argument
# is split at each blank, and its last word may be empty.
offers()
{
	local -a words

	IFS=' ' read -ra words <<<"$1"
	[[ $1 != *' ' && -n $1 ]] || words+=('')
	answer "${words[@]}"
	assert_equal "$1: $(sed '1d; s/\t.*//' <<<"$output" | xargs -d '\n')" "$1: ${*:2}"
}

# offers_what "WORD..." WHAT : the same for the first line.
offers_what()
{
	local -a words

	IFS=' ' read -ra words <<<"$1"
	[[ $1 != *' ' && -n $1 ]] || words+=('')
	answer "${words[@]}"
	assert_equal "$1: ${lines[0]}" "$1: $2"
}

commands()
{
	ipctool --help | sed -n '/^Commands/,$s/^  \([a-z]*\)  .*/\1/p'
}

# offered_fields ARG... : the fields that are offered for the word, a line each.
offered_fields()
{
	ipctool __complete "$@" | sed '1d; s/\t.*//'
}

@test "completion: the answer has what to do, then words with their meaning" {
	answer ''
	assert_line --index 0 words
	assert_line --index 1 $'list\tlist objects'
	answer lim
	assert_output $'words\nlimits\tshow the kernel\'s limits and who uses them'
	answer list --us
	assert_output $'words\n--user=\tOwned by this user\n--usage\tGive a short usage message'
	answer list sh
	assert_output $'words\nshm\tshared memory segments\nshm:\tshared memory segment'
	answer list --sort=owner,-siz
	assert_output $'parts\n--sort=owner,-size\tbytes of the segment, or in the queue'
	answer send msg:0 ''
	assert_output files
	answer list --from=
	assert_output directories
	answer semop sem:0 0+1 -- ls ''
	assert_output 'command 5'
}

@test "completion: commands" {
	offers '' "$(commands | xargs)"
	offers li list limits
	offers '-- li' list limits
	offers - --ipc-ns= '-?' --help --usage -V --version
	# The word after another name of a command is that command's.
	offers 'show --col' --color=
	offers 'nosuch '
	offers 'list -- --us'
	# What serves the shells is for no user.
	offers _
	refute [ "$(ipctool --help | grep -c __complete)" -gt 0 ]
}

@test "completion: the options of each command are those of --help and of the manual" {
	local command offered
	for command in $(commands); do
		offered=$(ipctool __complete "$command" - | sed '1d; s/=*\t.*//' | sort -u)
		assert_equal "$command:"$'\n'"$offered" \
			"$command:"$'\n'"$(options_in_help "$command")"
		assert_equal "$command:"$'\n'"$offered" \
			"$command:"$'\n'"$(options_in_page "ipctool-$command.1")"
		# An argument, or none, is as --help has it.
		assert_equal "$command:"$'\n'"$(ipctool __complete "$command" -- | sed '1d' |
			sed -n 's/=\t.*//p' | sort)" \
			"$command:"$'\n'"$(ipctool "$command" --help |
				grep -oE '^ +(-.,)? +--[a-z-]+=' | grep -oE -- '--[a-z-]+' | sort)"
	done
	run options_in_page ipctool.1
	assert_output "$(ipctool __complete - | sed '1d; s/=*\t.*//' | sort)"
}

@test "completion: fields are those of the output, and each is accepted" {
	local command format fields key operands
	for command in list stat limits namespaces; do
		operands=(msg)
		[ "$command" != namespaces ] || operands=()
		fields=$(offered_fields "$command" -o '')
		assert_equal "$fields" \
			"$(ipctool "$command" --list-fields --no-headings | sed 's/ .*//')"
		for format in table json jsonl; do
			fields=$(offered_fields "$command" "--format=$format" -o '' | paste -sd ,)
			tool "$command" "${operands[@]}" "--format=$format" -o "$fields"
			[ "$command" = stat ] || assert_success
			assert_stderr ''
			fields=$(offered_fields "$command" "--format=$format" --sort '' | paste -sd ,)
			tool "$command" "${operands[@]/msg/shm}" "--format=$format" --sort "$fields"
			[ "$command" = stat ] || assert_success
			assert_stderr ''
		done
	done
	# Groups have fields of their own.
	for key in $(offered_fields list --by ''); do
		assert_equal "$(offered_fields list "--by=$key" -o '')" \
			"$(ipctool list "--by=$key" --list-fields --no-headings | sed 's/ .*//')"
		assert_equal "$(offered_fields list "--by=$key" --sort '')" \
			"$(offered_fields list --by "$key" -J -o '')"
	done
	offers 'list --by=OWNER -o +un' +unattached +unknown
	offers 'list --by=nonsense -o qn' qnum
	# The last format counts, however it is given.
	assert_equal "$(offered_fields list --format json -o '')" "$(offered_fields list -J -o '')"
	assert_equal "$(offered_fields list -J --format table -o '')" "$(offered_fields list -o '')"
	run ! diff <(offered_fields limits -o '') <(offered_fields limits -J --sort '')
}

@test "completion: in a list of fields what is there stays" {
	offers 'list -o ref,o' ref,owner ref,otime
	offers 'list -o +pi' +pids
	offers 'list --output=+pids,rs' --output=+pids,rss
	offers 'list -opi' -opids
	offers 'list --sort=owner,-siz' --sort=owner,-size
	offers 'list --sort -nat' -nattch
	offers 'list -o -si'
	offers 'list -o ref,+si'
	offers 'list --sort +si'
	offers_what 'list -o ' parts
	offers_what 'list --sort=' parts
}

@test "completion: the words that an option takes, each of which it accepts" {
	local word count=0
	offers 'list --format=j' --format=json --format=jsonl
	# shellcheck disable=SC2046 # a word for each
	offers 'list --format ' $(formats_of list)
	offers 'list --format=exp' --format=export
	offers 'stat --format ' table json jsonl
	offers 'limits --format p' prometheus
	offers 'rm --format ' json jsonl
	offers 'list --time=' --time=iso --time=epoch
	offers 'list --color ' auto always never
	offers 'list --source=' --source=auto --source=proc --source=stat
	offers 'create shm --huge=d' --huge=default
	offers 'list -k p' private
	offers 'list --state=' --state=dest --state=locked
	offers 'rm --state l' locked
	for option in format time color source; do
		while read -r word; do
			tool list --no-headings "$word"
			assert_success
			count=$((count + 1))
		done < <(offered_fields list "--$option=")
	done
	[ "$count" -ge 14 ]
	# An option without an argument has none, and of a free text nothing is known.
	offers 'list --stale='
	offers 'list --idle='
	offers 'list --nosuch='
	offers 'list --nosuch x s' shm sem sysv shm: sem:
}

@test "completion: types, and only those that the command takes" {
	offers 'list ' shm sem msg pshm psem pmsg sysv posix all shm: sem: msg: pshm: psem: pmsg:
	offers 'rm s' shm sem sysv shm: sem:
	offers 'stat shm m' msg msg:
	offers 'set ' shm sem msg pshm psem pmsg sysv posix all shm: sem: msg: pshm: psem: pmsg:
	offers 'create ' shm sem msg pshm: psem: pmsg:
	offers 'create pshm:'
	offers 'create shm '
	offers 'limits shm m' msg
	offers 'send ' msg: pmsg:
	offers 'recv ' msg: pmsg:
	offers 'recv msg:0 '
	offers 'semop ' sem: psem:
	offers 'semop sem:0 '
	offers 'read ' shm: pshm:
	offers 'write ' shm: pshm:
	offers 'send s'
	offers 'send shm:'
}

@test "completion: nothing is offered that a kind of object cannot do" {
	local toy=${IPCTOOL_REAL%/src/ipctool}/tests/ipctool-toy command
	for command in create set rm send recv semop read write limits; do
		split "$toy" __complete "$command" ''
		assert_success
		assert_output words
	done
	split "$toy" __complete list toy:
	assert_output $'words\ntoy:1\troot\ntoy:2\troot\ntoy:3\troot'
	split "$toy" __complete list ghost:
	assert_success
	assert_output words
	assert_stderr ''
}

@test "completion: objects, with owner and size" {
	local shm sem msg
	shm=$(helper shm 5000000 key=0x52e2c1)
	sem=$(helper sem 3)
	msg=$(helper msg)
	answer rm shm:
	assert_output $'words\n'"shm:$shm"$'\troot, 4.8M, 0 attached'
	answer rm shm:0x
	assert_output $'words\n'"shm:0x0052e2c1"$'\t'"shm:$shm, root, 4.8M, 0 attached"
	answer semop "sem:$sem"
	assert_output $'words\n'"sem:$sem"$'\troot, 3 semaphores'
	answer list "--except=msg:"
	assert_output $'words\n'"--except=msg:$msg"$'\troot, 0, 0 messages'
	answer rm -m ''
	assert_output $'words\n'"$shm"$'\t'"shm:$shm, root, 4.8M, 0 attached"
	answer rm "--queue-id=$msg"
	assert_output $'words\n'"--queue-id=$msg"$'\t'"msg:$msg, root, 0, 0 messages"
	# Without a key there is none to be offered.
	offers 'rm -S '
	offers 'rm -M ' 0x0052e2c1
	offers 'list --key=' --key=0x0052e2c1 --key=private
	offers 'list --except=' --except=shm: --except=sem: --except=msg: --except=pshm: --except=psem: --except=pmsg: --except=user: \
		--except=group: --except=key:
	offers 'list --except key:0' key:0x0052e2c1
	offers 'list --except=user:roo' --except=user:root
}

@test "completion: there are at most 1000 candidates" {
	helper bulk 1001 >/dev/null
	answer rm sem:
	assert_equal "${#lines[@]}" 1001
	# All that there are were looked at.
	answer rm "sem:$(tail -n 1 /proc/sysvipc/sem | awk '{ print $2 }')"
	assert_equal "${#lines[@]}" 2
}

@test "completion: users, groups and processes" {
	offers 'list -u roo' root
	offers 'list --creator=roo' --creator=root
	offers 'list -g roo' root
	offers 'set shm:0 --owner=roo' --owner=root
	offers_what 'set shm:0 --owner=roo' parts
	offers 'set shm:0 --owner=root:roo' --owner=root:root
	offers 'set shm:0 --owner :roo' :root
	start_helper attach "$(helper shm 1)"
	answer list --pid="${ready[1]}"
	assert_line --index 1 $'--pid='"${ready[1]}"$'\tipchelper'
}

@test "completion: what other users may choose is escaped, or left out" {
	requires mount
	printf '%s\n' root:x:0:0::/: $'e\e[31mvil:x:26:26::/:' >"$BATS_TEST_TMPDIR/passwd"
	printf '%s\n' 'ok:x:33:33::/:' >>"$BATS_TEST_TMPDIR/passwd"
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" __complete list -u ''
	assert_success
	assert_output $'words\nroot\tuid 0\nok\tuid 33'
	# shellcheck disable=SC2016 # the inner shell's own
	split bash -c 'printf "a\tb\e" >/proc/$$/comm; "$1" __complete list -p $$; :' sh "$IPCTOOL"
	assert_success
	assert_line --regexp $'^[0-9]+\ta\\\\x09b\\\\x1b$'
	# The owner of an object.
	helper give shm "$(helper shm 1)" 26
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" __complete rm shm:
	assert_line --regexp $'\te\\\\x1b\\[31mvil, '
}

@test "completion: it never fails, and nothing is done by it" {
	local line before
	helper sem 1
	before=$(cat /proc/sysvipc/sem)
	tool __complete
	assert_success
	assert_output ''
	for line in 'rm --all --force --yes ' 'rm --all --force --yes -' 'create sem --nsems=' \
		'list -' 'list - -' '-- ' '--version ' '--help' 'set -zzz x' 'rm -- - '; do
		offers_what "$line" words
	done
	assert_equal "$(cat /proc/sysvipc/sem)" "$before"
	# Standard input is not read.
	split timeout 30 "$IPCTOOL" __complete rm - '' <&-
	assert_success
	# Nor do objects matter that cannot be read.
	split "$IPCHELPER" deny semctl=EPERM -- "$IPCTOOL" __complete rm sem:
	assert_success
	assert_stderr ''
}

@test "completion: a database that does not answer is given up" {
	requires mount
	# Nothing ever writes to it.
	mkfifo "$BATS_TEST_TMPDIR/passwd"
	with_users "$BATS_TEST_TMPDIR/passwd" "$IPCTOOL" __complete list -u ''
	assert_success
	assert_output ''
	assert_stderr ''
}

@test "completion: a database that cannot be read is no reason to complain" {
	requires root mount
	local id users=$BATS_TEST_TMPDIR/users
	id=$(helper shm 1)
	: >"$users"
	chmod 600 "$users"
	with_users "$users" setpriv --reuid=1001 --regid=1001 --clear-groups \
		"$IPCTOOL" __complete rm shm:
	assert_success
	assert_output $'words\n'"shm:$id"$'\t0, 1, 0 attached'
	assert_stderr ''
}

@test "completion: namespaces, by number and host, as an option and in references" {
	local own ns ids

	requires root
	start_helper namespace process size=100
	own=$(ipctool namespaces --no-headings -o ns $$ | tr -d ' ')
	ns=$(ipctool namespaces --no-headings -o ns "${ready[1]}" | tr -d ' ')
	offers 'list --ipc-ns=' --ipc-ns=host "--ipc-ns=$own" "--ipc-ns=$ns"
	assert_line --partial "$ns	ipchelper"
	offers 'stat --ipc-ns h' host
	offers "namespaces $ns" "$ns"
	offers 'rm shm:0@' shm:0@host "shm:0@$own" "shm:0@$ns"
	offers "rm shm:0@$ns" "shm:0@$ns"
	# Before the command as well.
	offers '--ipc-n' --ipc-ns=
	offers '--ipc-ns h' host
	offers "--ipc-ns=$ns lis" list
	offers "--ipc-ns $ns lis" list
	offers 'list --all-n' --all-namespaces
	offers 'create --all-n'
}

@test "completion: the objects of the namespace that an option names" {
	local id

	requires root
	id=$(helper shm 10)
	start_helper namespace process size=100
	nsenter --target "${ready[1]}" --ipc -- "$IPCHELPER" shm 100 >/dev/null
	offers 'stat shm:' "shm:$id"
	offers "stat --ipc-ns=${ready[1]} shm:" shm:0 shm:1
	offers "--ipc-ns ${ready[1]} stat shm:" shm:0 shm:1
	offers "stat --ipc-ns=$$ shm:" "shm:$id"
	# In another one /dev/shm is not the caller's.
	tool create pshm:/segment --size=1
	offers 'stat pshm:' pshm:/segment
	offers "stat --ipc-ns=${ready[1]} pshm:"
	offers 'stat --ipc-ns=nothing shm:'
	ipctool rm pshm:/segment --force
}

# --- The shells -----------------------------------------------------------------------

# What each shell must make of a line; the rest is ipctool's. Each is the line, and after | what
# it becomes where there is one candidate, else the candidates. SHM and SEM are objects, and
# DIR is a directory.
shell_lines=(
	'ipctool recv m|ipctool recv msg:'
	'ipctool list --stal|ipctool list --stale '
	'ipctool list --us|--usage --user='
	'ipctool list --creat|ipctool list --creator='
	'ipctool create --owner=roo|ipctool create --owner=root'
	'ipctool create --owner=root:roo|ipctool create --owner=root:root '
	'ipctool list --sort=owner,-siz|ipctool list --sort=owner,-size'
	'ipctool list -o +pi|ipctool list -o +pids'
	'ipctool list -uroo|ipctool list -uroot '
	'ipctool list --time=e|ipctool list --time=epoch '
	'ipctool rm shm:|ipctool rm SHM '
	'ipctool list --except=sem:|ipctool list --except=SEM '
	'ipctool list "a b" --from=DIR/ea|ipctool list "a b" --from=DIR/each/'
	'ipctool send msg:0 DIR/fi|ipctool send msg:0 DIR/file '
	'ipctool semop sem:0 0-1 -- ipctoo|ipctool semop sem:0 0-1 -- ipctool '
	'ipctool semop sem:0 0-1 -- cat DIR/fi|ipctool semop sem:0 0-1 -- cat DIR/file '
	'ipctool nosuch |'
)

# make_scene : what the lines above are about; sets asked to the lines, and wanted to what
# they become.
make_scene()
{
	local scene=$BATS_TEST_TMPDIR/scene shm sem line

	mkdir -p "$scene/each"
	: >"$scene/file"
	shm=shm:$(helper shm 1)
	sem=sem:$(helper sem 1)
	asked=()
	wanted=()
	for line in "${shell_lines[@]}"; do
		line=${line//DIR/$scene}
		line=${line/SHM/$shm}
		line=${line/SEM/$sem}
		asked+=("${line%%|*}")
		wanted+=("$line")
	done
}

# assert_completes COMMAND... : a command that gets lines as its arguments, and prints them
# as shell_lines has them.
assert_completes()
{
	split "$@" "${asked[@]}"
	assert_stderr ''
	assert_success
	assert_output "$(printf '%s\n' "${wanted[@]}")"
}

# bash_completes : prints the end of a script for assert_completes. It plays readline, which a
# script does not have: words are split at COMP_WORDBREAKS, and the last one is replaced.
bash_completes()
{
	cat <<'END'
compopt()
{
	[ "$2" = nospace ] && blank=
	[ "$2" = filenames ] && filenames=1
}

split_line()
{
	local i c kind last=
	COMP_WORDS=() quote=
	for ((i = 0; i < ${#COMP_LINE}; i++)); do
		c=${COMP_LINE:i:1}
		if [ -n "$quote" ]; then kind=word
		elif [[ $c == ' ' ]]; then kind=blank
		elif [[ $c != '"' && $COMP_WORDBREAKS == *"$c"* ]]; then kind=break
		else kind=word
		fi
		[ "$c" != '"' ] || { [ -n "$quote" ] && quote= || quote=1; }
		if [ "$kind" != blank ] && [ "$kind" = "$last" ]; then
			COMP_WORDS[-1]+=$c
		elif [ "$kind" != blank ]; then
			COMP_WORDS+=("$c")
		fi
		last=$kind
	done
	[ "$last" != blank ] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
}

for line; do
	COMP_LINE=$line COMP_POINT=${#line} COMPREPLY=() blank=' ' filenames=
	split_line
	typed=${COMP_WORDS[COMP_CWORD]}
	[[ $typed != [:=] ]] || typed=
	_ipctool ipctool "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
	# As readline does: a program may be in two directories of PATH.
	mapfile -t COMPREPLY < <(printf '%s\n' "${COMPREPLY[@]}" | sed '/^$/d' | sort -u)
	if [ ${#COMPREPLY[@]} -eq 1 ]; then
		[ -z "$filenames" ] || [ ! -d "${COMPREPLY[0]}" ] || blank=/
		printf '%s|%s\n' "$line" "${line%"$typed"}${COMPREPLY[0]}$blank"
	else
		printf '%s|%s\n' "$line" "${COMPREPLY[*]}"
	fi
done
END
}

@test "completion: their sources are in order" {
	requires fish zsh
	run bash -n "$completion/ipctool"
	assert_success
	assert_output ''
	run zsh -n "$completion/_ipctool"
	assert_success
	assert_output ''
	run fish --no-execute "$completion/ipctool.fish"
	assert_success
	assert_output ''
}

@test "completion: bash" {
	make_scene
	# shellcheck disable=SC2016 # the inner shell's own
	assert_completes bash --norc -c 'source "$1"; shift; '"$(bash_completes)" sh \
		"$completion/ipctool"
}

@test "completion: bash with bash-completion, which finds it" {
	requires bash_completion
	make_scene
	mkdir -p "$BATS_TEST_TMPDIR/user/completions"
	ln -s "$completion/ipctool" "$BATS_TEST_TMPDIR/user/completions"
	# shellcheck disable=SC2016 # the inner shell's own
	BASH_COMPLETION_USER_DIR=$BATS_TEST_TMPDIR/user assert_completes bash --norc -c '
		source /usr/share/bash-completion/bash_completion
		_comp_load ipctool 2>/dev/null || _completion_loader ipctool
		'"$(bash_completes)" sh
}

@test "completion: bash where = and : end no word, and in the middle of a line" {
	local id
	id=$(helper shm 1)
	# shellcheck disable=SC2016 # the inner shell's own
	run bash --norc -c '
		source "$1"
		COMP_WORDBREAKS=" "
		COMP_LINE="ipctool list --time=e" COMP_POINT=21 COMP_CWORD=2
		COMP_WORDS=(ipctool list --time=e)
		_ipctool ipctool
		echo "$COMPREPLY"
		COMP_LINE="ipctool rm shm: --yes" COMP_POINT=15
		COMP_WORDS=(ipctool rm shm: --yes)
		_ipctool ipctool
		echo "$COMPREPLY"
		COMP_LINE="ipctool li --yes" COMP_POINT=10 COMP_CWORD=1
		COMP_WORDS=(ipctool li --yes)
		_ipctool ipctool
		echo "${COMPREPLY[@]}"' sh "$completion/ipctool"
	assert_success
	assert_output $'--time=epoch\nshm:'"$id"$'\nlist limits'
}

@test "completion: bash is given no name that it would run" {
	requires mount
	# shellcheck disable=SC2016 # a name
	printf '%s\n' root:x:0:0::/: 'a$(touch x):x:26:26::/:' >"$BATS_TEST_TMPDIR/passwd"
	# shellcheck disable=SC2016 # the inner shell's own
	with_users "$BATS_TEST_TMPDIR/passwd" bash --norc -c '
		source "$1"
		COMP_LINE="ipctool list -u a" COMP_POINT=17 COMP_CWORD=3
		COMP_WORDS=(ipctool list -u a)
		_ipctool ipctool
		echo "$COMPREPLY"' sh "$completion/ipctool"
	assert_success
	assert_output 'a\$\(touch\ x\)'
}

@test "completion: zsh" {
	requires zsh
	make_scene
	mkdir "$BATS_TEST_TMPDIR/zsh"
	assert_completes zsh "$IPCTOOL_SRCDIR/tests/zsh-completion" "$completion" \
		"$BATS_TEST_TMPDIR/zsh"
}

# Which blanks fish adds only its line editor knows: those after = : , and / it leaves out.
@test "completion: fish" {
	requires fish
	make_scene
	wanted=("${wanted[@]%% }")
	mkdir -p "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/vendor"
	ln -s "$completion/ipctool.fish" "$BATS_TEST_TMPDIR/vendor"
	# shellcheck disable=SC2016 # fish's own
	HOME=$BATS_TEST_TMPDIR/home assert_completes fish --no-config -c '
		set -p fish_complete_path $argv[1]
		for line in $argv[2..]
			set -l offered (complete -C $line | string replace -r "\t.*" "")
			if test (count $offered) -eq 1
				set offered (string replace -r "[^ ]*\$" "" -- $line)$offered
			end
			echo "$line|$offered"
		end' "$BATS_TEST_TMPDIR/vendor"
}

@test "completion: fish shows what a candidate means" {
	requires fish
	local id
	id=$(helper shm 5000000)
	mkdir "$BATS_TEST_TMPDIR/home"
	HOME=$BATS_TEST_TMPDIR/home split fish --no-config -c "source '$completion/ipctool.fish'
		complete -C 'ipctool rm shm:'"
	assert_success
	assert_output "shm:$id"$'\troot, 4.8M, 0 attached'
	assert_stderr ''
}
