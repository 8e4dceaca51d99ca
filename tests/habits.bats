#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What people type who know ipcs, ipcrm, ipcmk and lsipc, or mistype: the message names what
# ipctool has for it.

load common

# assert_line_only TEXT : exit 2, and TEXT on standard error is all that is printed.
assert_line_only()
{
	assert_failure 2
	assert_output ''
	assert_stderr "$1"
}

# options_of PROGRAM : its letters and long options in --help, a line each, without those
# that every program has.
options_of()
{
	LC_ALL=C "$1" --help | sed -n 's/^  *\(-.*\)/\1/p' |
		grep -oE '^-[^-, |]+(, --[a-z-]+)?|^--[a-z-]+' | sed 's/, /\n/' |
		grep -vxE -e '-[hV]|--help|--version'
}

# own_options [COMMAND] : the same for ipctool.
own_options()
{
	ipctool "$@" --help | sed -n 's/^  *\(-.*\)/\1/p' |
		grep -oE '^-[^-, ](, --[a-z-]+)?|^--[a-z-]+' | sed 's/, /\n/'
}

# answers_all PROGRAM COMMAND : each option of PROGRAM, typed behind COMMAND, is either one
# of ipctool, or gets a line that names the way. "" is ipctool itself.
answers_all()
{
	local name=ipctool option own words=()

	[ -z "$2" ] || words=("$2") name="ipctool $2"
	own=$(own_options "${words[@]}")
	for option in $(options_of "$1"); do
		grep -qxe "$option" <<<"$own" && continue
		tool "${words[@]}" "$option"
		assert_failure 2
		assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
		[[ ${stderr_lines[0]} == "$name: unknown option '$option'; "*[a-z]* ]] ||
			fail "$1 $option: $stderr"
		tried=$((tried + 1))
	done
}

@test "habits: every option of ipcs, lsipc, ipcrm and ipcmk is one here, or gets a line" {
	local command tried=0
	requires ipcs lsipc ipcrm ipcmk

	for command in '' list stat limits; do
		answers_all ipcs "$command"
		answers_all lsipc "$command"
	done
	for command in '' rm; do
		answers_all ipcrm "$command"
	done
	for command in '' create; do
		answers_all ipcmk "$command"
	done
	[ "$tried" -gt 80 ]
}

@test "habits: options of ipcs and lsipc" {
	local words text

	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086 # several words
		tool $words
		assert_line_only "ipctool${words:+ }${words%% -*}: $text"
	done <<-'END'
		list -l|unknown option '-l'; to show limits, use ipctool limits
		list --limits|unknown option '--limits'; to show limits, use ipctool limits
		list -c|unknown option '-c'; to show creators, use ipctool list -o +creator,cgroup
		list -ml|unknown option '-l'; to show limits, use ipctool limits
		list -qt|unknown option '-t'; to show times, use ipctool list -o +ctime,atime,dtime,otime,stime,rtime
		list -m -i 5|unknown option '-i'; to show one object, use ipctool stat with its reference, for example shm:2
		list -a|unknown option '-a'; to list all objects, use ipctool list, or ipctool list all to include POSIX objects
		list -b|unknown option '-b'; to show exact sizes, use ipctool list --bytes
		list -e|unknown option '-e'; to print the format export, use ipctool list --format=export
		list -r|unknown option '-r'; to print the format raw, use ipctool list --format=raw
		list -n|unknown option '-n'; to print each field on its own line, use ipctool stat
		list -G|unknown option '-G'; to show limits and what is used of them, use ipctool limits
		list --human|unknown option '--human'; sizes have units unless --bytes is given
		list --time-format=iso|unknown option '--time-format'; to choose the form of times, use ipctool list --time=iso or --time=epoch
		list --shmem-id 5|unknown option '--shmem-id'; to list one segment, name it, for example shm:2
		stat -t|unknown option '-t'; ipctool stat shows times without an option
		stat -a|unknown option '-a'; to show all objects, use ipctool stat sysv, or ipctool stat all to include POSIX objects
		stat -l|unknown option '-l'; to show limits, use ipctool limits
		limits -l|unknown option '-l'; ipctool limits shows limits without an option
		limits -m|unknown option '-m'; to show the limits of shared memory, use ipctool limits shm
		limits -u|unknown option '-u'; ipctool limits shows use without an option
		rm -i 5|unknown option '-i'; objects are named by reference, for example shm:2
	END
}

@test "habits: an option that takes an argument here, and stands last" {
	local words text

	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086 # several words
		tool $words
		assert_line_only "ipctool ${words%% *}: $text"
	done <<-'END'
		list -u|option '-u' requires an argument; to show what is used of each limit, use ipctool limits
		list -m -u|option '-u' requires an argument; to show what is used of each limit, use ipctool limits
		list -mp|option '-p' requires an argument; to show process IDs, use ipctool list -o +cpid,lpid,lspid,lrpid,pids
		list --pid|option '--pid' requires an argument; to show process IDs, use ipctool list -o +cpid,lpid,lspid,lrpid,pids
		list -g|option '-g' requires an argument; to show limits and what is used of them, use ipctool limits
		list --creator|option '--creator' requires an argument; to show creators, use ipctool list -o +creator,cgroup
		list --time|option '--time' requires an argument; to show times, use ipctool list -o +ctime,atime,dtime,otime,stime,rtime
		stat -m|option '-m' requires an argument; to show all segments, use ipctool stat shm
		stat -p|option '-p' requires an argument; ipctool stat shows process IDs without an option
		rm --all=shm|option '--all' takes no argument; to remove all objects of a type, use ipctool rm TYPE --all
	END
}

@test "habits: options and commands that other tools have" {
	local words text

	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086 # several words
		tool $words
		assert_line_only "ipctool${text%%|*}: unknown ${text#*|}"
	done <<-'END'
		list --owner=root| list|option '--owner'; to choose objects by their owner, use --user=USER
		list --namespace=web| list|option '--namespace'; to choose a namespace, use --ipc-ns=NS
		rm --container=web| rm|option '--container'; to choose a container, use --ipc-ns with its ID, for example --ipc-ns=docker:3f2a9c
		waits --pod=web| waits|option '--pod'; to choose a pod, use --ipc-ns=pod:UID
		stat --size=5| stat|option '--size'; to choose objects by their size, use --min-size=SIZE or --max-size=SIZE
		list --messages=9| list|option '--messages'; to choose queues by their messages, use --min-messages=N
		rm --older=1d| rm|option '--older'; to choose objects by their age, use --idle=DURATION
		rm --age=1d| rm|option '--age'; to choose objects by their age, use --idle=DURATION
		list --type=shm| list|option '--type'; types are operands, for example shm
		create --type shm| create|option '--type'; types are operands, for example shm
		list --columns=ref| list|option '--columns'; to choose fields, use -o FIELD,...; --list-fields lists them
		limits --fields| limits|option '--fields'; to choose fields, use -o FIELD,...; --list-fields lists them
		list --csv| list|option '--csv'; to print CSV, use --format=csv
		list --group-by=owner| list|option '--group-by'; to add up groups of objects, use --by=FIELD
		list --verbose| list|option '--verbose'; to show everything about objects, use ipctool stat
		recv msg:0 --wait=5| recv|option '--wait'; to limit the time of waiting, use --timeout=DURATION
		send msg:0 --nowait| send|option '--nowait'; to fail instead of waiting, use --timeout=0
		semop sem:0 -1| semop|option '-1'; an operation starts with the number of its semaphore, for example 0-1
		new shm||command 'new'; to create an object, use ipctool create
		make shm||command 'make'; to create an object, use ipctool create
		lsns||command 'lsns'; to list IPC namespaces, use ipctool namespaces
		add shm||command 'add'; to create an object, use ipctool create
		del shm:0||command 'del'; to remove objects, use ipctool rm
		delete shm:0||command 'delete'; to remove objects, use ipctool rm
		kill shm:0||command 'kill'; to remove objects, use ipctool rm
		remove shm:0||command 'remove'; to remove objects, use ipctool rm
		change shm:0||command 'change'; to change objects, use ipctool set
		chmod 600 shm:0||command 'chmod'; to change the mode, use ipctool set REF --mode=MODE
		chown root shm:0||command 'chown'; to change the owner, use ipctool set REF --owner=USER
		info shm:0||command 'info'; to show everything about objects, use ipctool stat
		ps||command 'ps'; to show the processes that use objects, use ipctool list -o +pids
		top||command 'top'; to show the processes that use objects, use ipctool list -o +pids
		cat shm:0||command 'cat'; to print the bytes of shared memory, use ipctool read
		dump shm:0||command 'dump'; to print the bytes of shared memory, use ipctool read
		lock sem:0||command 'lock'; to hold a lock while a command runs, use ipctool semop
		receive msg:0||command 'receive'; to take messages out of a queue, use ipctool recv
		version||command 'version'; to print the version, use ipctool --version
	END
}

@test "habits: options of the four programs without a command" {
	local option text

	while IFS='|' read -r option text; do
		tool "$option"
		assert_line_only "ipctool: unknown option '${option::2}'; $text"
	done <<-'END'
		-m|to list shared memory segments, use ipctool list shm; to remove one, use ipctool rm -m ID
		-qt|to list message queues, use ipctool list msg; to remove one, use ipctool rm -q ID
		-s|to list semaphore sets, use ipctool list sem; to remove one, use ipctool rm -s ID
		-M|to list POSIX shared memory, use ipctool list pshm; to create a segment, use ipctool create shm --size=SIZE; to remove one by its key, use ipctool rm -M KEY
		-Q|to list POSIX queues, use ipctool list pmsg; to create a queue, use ipctool create msg; to remove one by its key, use ipctool rm -Q KEY
		-S4|to list named semaphores, use ipctool list psem; to create a semaphore set, use ipctool create sem --nsems=N; to remove one by its key, use ipctool rm -S KEY
		-a|to list all objects, use ipctool list, or ipctool list all to include POSIX objects
		-l|to show limits, use ipctool limits
		-u|to show what is used of each limit, use ipctool limits
		-J|to print JSON, use ipctool list --json
		-o|to choose fields, use ipctool list -o FIELD,...
	END
	while IFS='|' read -r option text; do
		tool "$option" 5
		assert_line_only "ipctool: unknown option '$option'; $text"
	done <<-'END'
		--shmem-id|to remove a segment, use ipctool rm --shmem-id=ID
		--queue-key|to remove a queue, use ipctool rm --queue-key=KEY
		--semaphore|to create a semaphore set, use ipctool create sem --nsems=N
		--human|ipctool list shows sizes with units without an option
		--all|to list all objects, use ipctool list, or ipctool list all to include POSIX objects
		--id|objects are named by reference, for example shm:2
	END
}

@test "habits: options of ipcmk" {
	local words text

	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086 # several words
		tool create $words
		assert_line_only "ipctool create: unknown option '${words%% *}'; $text"
	done <<-'END'
		-M 64M|to create a segment, use ipctool create shm --size=SIZE
		-S 4|to create a semaphore set, use ipctool create sem --nsems=N
		-Q|to create a queue, use ipctool create msg
		-p 0600|to set the permissions, use ipctool create TYPE --mode=MODE
		--shmem 64M|to create a segment, use ipctool create shm --size=SIZE
		--queue|to create a queue, use ipctool create msg
	END
	assert_equal "$(cat /proc/sysvipc/{shm,sem,msg} | wc -l)" 3
}

@test "habits: options for POSIX objects that newer ipcs, lsipc, ipcrm and ipcmk have" {
	local command option text

	while IFS='|' read -r command option text; do
		# shellcheck disable=SC2086 # a word, or none
		tool $command "$option"
		assert_line_only "ipctool${command:+ $command}: unknown option '$option'; $text"
	done <<-'END'
		|-N|to show one POSIX object, use ipctool stat with its reference, for example pshm:/cache
		|--name|POSIX objects are named by reference, for example pshm:/cache
		|--posix-shmem|to create POSIX shared memory, use ipctool create pshm:/NAME --size=SIZE; to remove it, use ipctool rm pshm:/NAME
		|--posix-mqueue|to create a POSIX queue, use ipctool create pmsg:/NAME; to remove it, use ipctool rm pmsg:/NAME
		|--posix-semaphore|to create a named semaphore, use ipctool create psem:/NAME; to remove it, use ipctool rm psem:/NAME
		|--posix-mqueues|to list POSIX queues, use ipctool list pmsg; to create a queue, use ipctool create msg; to remove one by its key, use ipctool rm -Q KEY
		list|-M|to list POSIX shared memory, use ipctool list pshm; to list one segment by its key, name it, for example shm:0x52e2c1
		list|--posix-mqueues|to list POSIX queues, use ipctool list pmsg; to list one queue by its key, name it, for example msg:0x52e2c1
		list|-S|to list named semaphores, use ipctool list psem; to list one semaphore set by its key, name it, for example sem:0x52e2c1
		list|-N|to show one POSIX object, use ipctool stat with its reference, for example pshm:/cache
		list|--shmem-key|to list one segment, name its key, for example shm:0x52e2c1
		stat|--posix-shmems|to show all POSIX shared memory, use ipctool stat pshm
		stat|--posix-semaphores|to show all named semaphores, use ipctool stat psem
		stat|-N|POSIX objects are named by reference, for example pshm:/cache
		limits|--posix-shmems|to show what fills /dev/shm, use ipctool limits pshm
		limits|-Q|to show the limits of POSIX message queues, use ipctool limits pmsg
		rm|--posix-shmem|to remove POSIX shared memory, use ipctool rm pshm:/NAME
		rm|--posix-mqueue|to remove a POSIX queue, use ipctool rm pmsg:/NAME
		rm|--posix-semaphore|to remove a named semaphore, use ipctool rm psem:/NAME
		create|-m|to create POSIX shared memory, use ipctool create pshm:/NAME --size=SIZE; to create a segment, use ipctool create shm --size=SIZE
		create|--posix-mqueue|to create a POSIX queue, use ipctool create pmsg:/NAME; to create a System V queue, use ipctool create msg
		create|-s|to create a named semaphore, use ipctool create psem:/NAME; to create a semaphore set, use ipctool create sem --nsems=N
		create|-n|POSIX objects are named by reference, for example pshm:/cache
	END
}

@test "habits: the four programs as commands, and types" {
	local word text

	while IFS='|' read -r word text; do
		tool "$word" -m
		assert_line_only "ipctool: unknown command '$word'; $text"
	done <<-'END'
		ipcs|to list objects, use ipctool list
		lsipc|to list objects, use ipctool list
		ipcrm|to remove objects, use ipctool rm
		ipcmk|to create an object, use ipctool create
		sem|to list objects of this type, use ipctool list sem
		IPCS|to list objects, use ipctool list
		nonsense|expected one of: list, stat, create, set, rm, send, recv, semop, read, write, limits, namespaces, waits, help
	END
}

@test "habits: words that are near" {
	local words text

	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086 # several words
		tool $words
		assert_usage "ipctool ${words%% *}: $text"
		assert_equal "${#stderr_lines[@]}" 2
	done <<-'END'
		list semaphores|unknown type 'semaphores'; did you mean sem?
		list SHM|unknown type 'SHM'; did you mean shm?
		list shmem|unknown type 'shmem'; did you mean shm?
		list queue|unknown type 'queue'; did you mean msg?
		rm Segments|unknown type 'Segments'; did you mean shm?
		create messages|unknown type 'messages'; did you mean msg?
		list shm,sem|unknown type 'shm,sem'; expected one type in each operand
		stat SEM:5|invalid reference 'SEM:5': unknown type 'SEM'; did you mean sem?
		set queue:5|invalid reference 'queue:5': unknown type 'queue'; did you mean msg?
		list -o ref,ownr|unknown field 'ownr'; did you mean owner?
		list --sort=-siz|unknown sort key 'siz'; did you mean size?
		list --format=JSON|unknown format 'JSON'; did you mean json?
		limits --format=promtheus|unknown format 'promtheus'; did you mean prometheus?
		list --source=prc|unknown source 'prc'; did you mean proc?
		rm --format=jsonn|unknown format 'jsonn'; did you mean json or jsonl?
	END
}

@test "habits: an ID or a key alone, and a key without 0x" {
	local shm msg sem form command
	form="expected TYPE:ID or TYPE:KEY, for example shm:32769 or shm:0x52e2c1"
	shm=$(helper shm 1 key=0x52e2c1)
	msg=$(helper msg key=0xabc)
	assert_equal "$shm $msg" "0 0"

	for command in rm stat list; do
		tool "$command" 0
		assert_usage "ipctool $command: invalid reference '0'; did you mean shm:0 or msg:0?"
		tool "$command" 0x52e2c1
		assert_usage "ipctool $command: invalid reference '0x52e2c1'; did you mean shm:0x52e2c1?"
		tool "$command" 0052e2c1
		assert_usage "ipctool $command: invalid reference '0052e2c1'; did you mean shm:0x0052e2c1?"
		tool "$command" abc
		assert_usage "ipctool $command: invalid reference 'abc'; did you mean msg:0xabc?"
		tool "$command" shm:52e2c1
		assert_usage "ipctool $command: invalid reference 'shm:52e2c1'; did you mean shm:0x52e2c1?"
		tool "$command" 99
		assert_usage "ipctool $command: invalid reference '99': $form"
		tool "$command" - <<<0
		assert_usage "ipctool $command: standard input, line 1: invalid reference '0'; did you mean shm:0 or msg:0?"
	done
	tool set 0 --mode=0600
	assert_usage "ipctool set: invalid reference '0'; did you mean shm:0 or msg:0?"
	# Only of the type that the command takes.
	tool recv 0
	assert_usage "ipctool recv: invalid reference '0'; did you mean msg:0?"
	tool write 0x52e2c1
	assert_usage "ipctool write: invalid reference '0x52e2c1'; did you mean shm:0x52e2c1?"
	tool semop 0 0+1
	assert_usage "ipctool semop: invalid reference '0': $form"
	# The old form of ipcrm.
	tool rm shm 0
	assert_usage "ipctool rm: invalid reference '0'; did you mean shm:0 or msg:0?"
	assert_equal "$(cat /proc/sysvipc/{shm,sem,msg} | wc -l)" 5
}

@test "habits: sizes" {
	local text
	for text in 64k=65536 64KiB=65536 1mib=1048576 1.5K=1536; do
		tool create shm --size="${text%=*}"
		assert_success
		tool list "$output" -o size --no-headings --bytes
		assert_output "${text#*=}"
	done
	tool create shm --size=1KB
	assert_usage "ipctool create: --size: invalid size '1KB': 1KB is ambiguous; use 1K (1024) or 1000"
	tool list --min-size=2gb
	assert_usage "ipctool list: --min-size: invalid size '2gb': 2gb is ambiguous; use 2G (2147483648) or 2000000000"
}

@test "habits: durations" {
	local text
	for text in 1h30m 1.5 90m 1w2d; do
		tool list --idle="$text"
		assert_success
	done
	while IFS='|' read -r text wanted; do
		tool list --idle="$text"
		assert_usage "ipctool list: --idle: invalid duration '$text': use $wanted"
	done <<-'END'
		5min|5m
		2hours|2h
		1 h|1h
		1 hour 30 min|1h30m
		7D|7d
	END
	tool recv msg:0 --timeout=5sec
	assert_usage "ipctool recv: --timeout: invalid duration '5sec': use 5s"
}

@test "habits: lists with commas of options that are repeated" {
	tool list --pid=1,2
	assert_usage "ipctool list: --pid: invalid process ID '1,2'; repeat the option: --pid=1 --pid=2"
	tool list -u root,nobody
	assert_usage "ipctool list: --user: unknown user 'root,nobody'; repeat the option: --user=root --user=nobody"
	tool list --group=a,b,
	assert_usage "ipctool list: --group: unknown group 'a,b,'; repeat the option: --group=a --group=b"
	tool list --key=1,0x2
	assert_usage "ipctool list: --key: invalid key '1,0x2'; repeat the option: --key=1 --key=0x2"
	tool rm -m 1,2
	assert_usage "ipctool rm: -m: invalid ID '1,2'; repeat the option: -m 1 -m 2"
	tool create sem --nsems=2 --value=0=1,1=2
	assert_usage "ipctool create: --value: invalid value '0=1,1=2': expected V for all semaphores, N=V for one or N-M=V for some, with V from 0 to 32767; repeat the option: --value=0=1 --value=1=2"
	tool rm --all --except=shm:1,shm:2
	assert_usage "ipctool rm: --except: invalid exclusion 'shm:1,shm:2'; repeat the option: --except=shm:1 --except=shm:2"
}

@test "habits: what has a meaning here keeps it" {
	local id
	id=$(helper shm 1)

	tool list -m --no-headings -o ref
	assert_success
	assert_output "shm:$id"
	tool list -u 0 --creator 0 --time epoch --no-headings -o ref
	assert_success
	# An argument is none of them, whatever it looks like.
	tool list -u -l
	assert_failure 2
	assert_stderr --partial "'-l'"
	tool list -- -l
	assert_failure 2
	assert_stderr --partial "'-l'"
	tool list -x
	assert_usage "ipctool list: invalid option -- 'x'"
	tool set -l
	assert_usage "ipctool set: invalid option -- 'l'"
	tool rm -a shm --force --yes
	assert_success
}
