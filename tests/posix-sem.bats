#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Named semaphores: which files they are, their values, who waits for them, and what rm and
# the rule of staleness make of them.

load common
load posix

# value REF : its value and waiters, as [1,0].
value()
{
	facts "$1" value,nwait
	echo "$output"
}

# what REF : what the processes do, as "PID WHAT COUNT, ...".
what()
{
	tool stat "$1" -J -o processes
	assert_success
	assert_stderr
	jq -r '[.objects[0].processes[] | "\(.pid) \(.what) \(.count)"] | join(", ")' <<<"$output"
}

# --- list -----------------------------------------------------------------------------

@test "posix sem: the table" {
	helper named-sem /job 3
	helper named-sem /b 0 mode=0640
	start_helper wait-named /b 2
	file shared
	tool list psem
	assert_success
	assert_output "$(printf '%s\n' \
		'REF        OWNER  MODE  VALUE  NWAIT  STATE' \
		'psem:/b    root   0640      0      2' \
		'psem:/job  root   0600      3      0  unused')"
	assert_stderr
	assert_equal "$(refs pshm)" pshm:/shared
	assert_equal "$(refs posix)" 'psem:/b psem:/job pshm:/shared'
	tool list posix -o REF,SIZE,USE --no-headings
	assert_success
	assert_output "$(printf '%s\n' 'pshm:/shared  4.0K  4.0K of 4.0K' \
		'psem:/b             value 0' 'psem:/job           value 3')"
	tool list all --name=job -o REF --no-headings
	assert_output psem:/job
	tool list
	assert_success
	refute_output --partial psem
}

@test "posix sem: all fields of programs" {
	helper named-sem /job 3
	tool list psem:/job -J
	assert_success
	assert_equal "$(jq -r '.objects[0] | keys_unsorted | join(",")' <<<"$output")" \
		"ref,type,mode,perms,owner,uid,group,gid,ctime,atime,active,state,name,path,inode,nlink,alloc,btime,mtime,value,nwait"
	assert_equal "$(jq -c '.objects[0] | [.ref, .type, .name, .path, .value, .nwait, .alloc]' <<<"$output")" \
		'["psem:/job","psem","job","/dev/shm/sem.job",3,0,4096]'
	tool stat psem:/job -J
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.value, .nwait, .used, .processes]' <<<"$output")" \
		'[3,0,false,[]]'
	tool stat psem:/job
	assert_success
	assert_line '  VALUE  3'
	assert_line '  NWAIT  0'
	refute_output --partial SIZE
	tool list psem --min-size=0 -o REF --no-headings
	assert_success
	assert_output ''
}

@test "posix sem: names" {
	local long ref name

	long=$(printf '%251s' '' | tr ' ' x)
	for name in plain 'a b' '#12' . .. sem.sem. "$long"; do
		helper named-sem "/$name" 1
	done
	: >/dev/shm/sem.
	assert_equal "$(refs psem)" "psem:/%2312 psem:/. psem:/.. psem:/a%20b psem:/plain psem:/sem.sem. psem:/$long"
	assert_equal "$(refs pshm)" pshm:/sem.
	for ref in $(refs psem); do
		tool list "$ref" -o REF --no-headings
		assert_success
		assert_output "$ref"
	done
	tool list psem:plain -o NAME --no-headings
	assert_output plain
	tool list "psem:/x$long"
	assert_usage "ipctool list: 'psem:/x$long': invalid name: it has 252 bytes, the maximum is 251"
	tool list psem:/
	assert_usage "ipctool list: 'psem:/': invalid name: it is empty"
	tool list pshm:/sem.plain
	assert_usage "ipctool list: 'pshm:/sem.plain': invalid name: this is a semaphore; use psem:/plain"
	for ref in $(refs psem); do
		tool rm "$ref"
		assert_success
	done
	assert_equal "$(names)" sem.
}

@test "posix sem: files without a value" {
	: >/dev/shm/sem.empty
	file sem.large 33
	file sem.right 32
	for command in 'list psem' 'list psem --sort=value'; do
		# shellcheck disable=SC2086 # several words
		tool $command -o REF,VALUE,NWAIT --no-headings
		assert_success
		assert_equal "$(LC_ALL=C sort <<<"$output")" "$(printf '%s\n' \
			'psem:/empty  ?  ?' 'psem:/large  ?  ?' 'psem:/right  0  0')"
		assert_stderr "ipctool list: value, nwait of 2 objects cannot be determined: the file does not have 32 bytes"
	done
	tool list psem:/empty -J -o ref,value,nwait
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" \
		'{"ref":"psem:/empty","value":null,"nwait":null,"unread":["value","nwait"]}'
	tool stat psem:/empty -o VALUE,NWAIT
	assert_success
	assert_output "$(printf '%s\n' psem:/empty '  VALUE  ? (could not be read)' \
		'  NWAIT  ? (could not be read)')"
	tool list psem:/large -o USE
	assert_success
	assert_stderr "ipctool list: value of 1 object cannot be determined: the file does not have 32 bytes"
	# What is not asked for is not missed.
	tool list psem -o REF
	assert_success
	assert_stderr
	# The files can be removed all the same.
	remove psem --all --force --yes
	assert_success
	assert_stderr
	assert_equal "$(names)" ''
}

@test "posix sem: files that are no semaphores" {
	local name

	mkdir /dev/shm/sem.dir
	mkfifo /dev/shm/sem.fifo
	echo untouched >"$BATS_TEST_TMPDIR/target"
	ln -s "$BATS_TEST_TMPDIR/target" /dev/shm/sem.link
	tool list psem --no-headings
	assert_success
	assert_output ''
	assert_stderr
	for name in 'dir:a directory' 'fifo:a FIFO' 'link:a symbolic link'; do
		tool stat "psem:/${name%%:*}"
		assert_failure 1
		assert_stderr "ipctool stat: psem:/${name%%:*}: is ${name#*:}, not an object"
	done
	remove psem --all --yes --force
	assert_success
	assert_equal "$(names)" "sem.dir sem.fifo sem.link"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/target")" untouched
}

@test "posix sem: one that another user may not read" {
	requires root
	helper named-sem /hidden 3
	helper named-sem /open 4 mode=0644
	split "${by_user[@]}" "$IPCTOOL" list psem -o REF,VALUE,NWAIT --no-headings --sort=name
	assert_success
	assert_output "$(printf '%s\n' 'psem:/hidden  ?  ?' 'psem:/open    4  0')"
	assert_stderr "ipctool list: value, nwait of 1 object cannot be determined: the file cannot be opened: Permission denied"
	split "${by_user[@]}" "$IPCTOOL" list psem:/hidden -J -o value,nwait
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" \
		'{"value":null,"nwait":null,"unread":["value","nwait"]}'
	# If its use is unknown too, one line tells the reason.
	split "${by_user[@]}" "$IPCTOOL" list psem:/hidden -J -o used,value
	assert_success
	assert_stderr "ipctool list: used, value of 1 object cannot be determined: a lease needs the owner or CAP_LEASE; run as root"
	split "${by_user[@]}" "$IPCTOOL" rm psem:/hidden
	assert_failure 1
	assert_stderr "ipctool rm: psem:/hidden: belongs to root; only its owner, the owner of /dev/shm or root may remove it"
	assert_equal "$(names)" "sem.hidden sem.open"
}

@test "posix sem: reading the value changes no time" {
	local before after

	helper named-sem /job 3
	touch -d 2020-01-01 /dev/shm/sem.job
	before=$(stat -c '%X %Y %Z' /dev/shm/sem.job)
	tool list psem -o REF,VALUE
	tool stat psem:/job
	assert_success
	after=$(stat -c '%X %Y %Z' /dev/shm/sem.job)
	assert_equal "$after" "$before"
}

@test "posix sem: another ipctool holds a lease on one" {
	requires strace
	helper named-sem /job 3
	split strace -o "$BATS_TEST_TMPDIR/calls" -P sem.job -e inject=openat:error=EAGAIN:when=1 \
		"$IPCTOOL" list psem -o VALUE --no-headings
	assert_success
	assert_output 3
	assert_stderr
	grep -q INJECTED "$BATS_TEST_TMPDIR/calls"
}

@test "posix sem: a process holds leases on many" {
	requires strace python
	python3 -c '
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
held = []
for i in range(40):
	name = "/dev/shm/sem.%d" % i
	with open(name, "wb") as file:
		file.write(bytes(32))
	held.append(os.open(name, os.O_RDONLY))
	fcntl.fcntl(held[-1], fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
' <>"$(mkfifo "$BATS_TEST_TMPDIR/in"; echo "$BATS_TEST_TMPDIR/in")" >"$BATS_TEST_TMPDIR/held" 3>&- &
	holder=$!
	until [ -s "$BATS_TEST_TMPDIR/held" ]; do
		sleep 0.01
	done
	split strace -qqq -o "$BATS_TEST_TMPDIR/calls" -e trace=clock_nanosleep \
		"$IPCTOOL" list psem -o VALUE --no-headings
	kill "$holder"
	wait "$holder" || true
	assert_success
	assert_equal "$(sort -u <<<"$output")" '?'
	assert_stderr "ipctool list: value of 40 objects cannot be determined: the file cannot be opened: Resource temporarily unavailable"
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/calls")" 100
}

# --- Waiting --------------------------------------------------------------------------

@test "posix sem: processes that wait" {
	local first second

	helper named-sem /job 0
	start_helper wait-named /job 1
	first=${ready[0]}
	start_helper wait-named /job 3 timed
	second=${ready[0]}
	start_helper wait-named /job 0
	assert_equal "$(value psem:/job)" '[0,4]'
	assert_equal "$(what psem:/job)" "$first mapped rw 1, $first waits 1, $second mapped rw 1, $second waits 3, ${ready[0]} mapped rw 1"
	facts psem:/job used,users,pids --alone
	assert_output "[true,3,[$first,$second,${ready[0]}]]"
	# A wait with a time-out goes on after a stop.
	kill -STOP "$second"
	kill -CONT "$second"
	until_waits "$second" 3
	# Another semaphore of the process does not matter.
	helper named-sem /other 0
	assert_equal "$(what psem:/other)" ''
	tool rm psem:/job
	assert_failure 1
	assert_stderr "ipctool rm: psem:/job: in use by $first (ipchelper), $second (ipchelper), ${ready[0]} (ipchelper); use --force to remove the name anyway"
}

# until_waits PID COUNT : until so many threads of a process wait for /job.
until_waits()
{
	local end=$((SECONDS + timeout))

	until [[ $(what psem:/job) == *"$1 waits $2"* ]]; do
		[ "$SECONDS" -lt "$end" ] || fail "it does not wait: $(what psem:/job)"
		sleep 0.01
	done
}

@test "posix sem: a waiter that was killed stays counted" {
	helper named-sem /job 0
	start_helper wait-named /job 1
	kill -KILL "${ready[0]}"
	while kill -0 "${ready[0]}" 2>/dev/null; do
		sleep 0.01
	done
	assert_equal "$(value psem:/job)" '[0,1]'
	assert_equal "$(what psem:/job)" ''
	tool rm psem:/job
	assert_success
}

@test "posix sem: whether a process waits that may not be traced" {
	requires strace
	local pid task paths=()

	helper named-sem /job 0
	start_helper wait-named /job 1
	pid=${ready[0]}
	for task in "/proc/$pid" "/proc/$pid/task"/*; do
		paths+=(-P "$task/syscall")
	done
	split strace -o /dev/null "${paths[@]}" -e inject=openat:error=EACCES \
		"$IPCTOOL" stat psem:/job -J -o processes
	assert_success
	assert_equal "$(jq -c '[.objects[0].processes[] | .what]' <<<"$output")" '["mapped rw"]'
	assert_stderr --regexp "^ipctool stat: psem:/job: whether 1 process waits on it cannot be determined(; run as root)?\$"
}

@test "posix sem: a musl semaphore is shared memory" {
	requires musl
	local pid

	cat >"$BATS_TEST_TMPDIR/wait.c" <<-'END'
		#include <fcntl.h>
		#include <semaphore.h>
		int main(void)
		{
			sem_wait(sem_open("/job", O_CREAT, 0600, 0));
		}
	END
	musl-gcc -o "$BATS_TEST_TMPDIR/wait" "$BATS_TEST_TMPDIR/wait.c"
	"$BATS_TEST_TMPDIR/wait" 3>&- &
	pid=$!
	until [[ $(cat "/proc/$pid/syscall") == 202\ * ]]; do
		kill -0 "$pid"
		sleep 0.01
	done
	assert_equal "$(refs posix)" pshm:/job
	facts pshm:/job used,size
	assert_output '[true,32]'
	assert_equal "$(what pshm:/job)" "$pid mapped rw 1, $pid waits 1"
	kill "$pid"
	wait "$pid" || true
}

# --- Without a name -------------------------------------------------------------------

@test "posix sem: semaphores without a name" {
	requires root # what is mapped can be examined by root only
	local inode shared

	helper named-sem /gone 5
	file shared
	inode=$(stat -c %i /dev/shm/sem.gone)
	shared=$(stat -c %i /dev/shm/shared)
	start_helper use-file /dev/shm/shared mapped-rw
	start_helper wait-named /gone 0
	rm /dev/shm/sem.gone /dev/shm/shared
	assert_equal "$(refs posix)" ''
	assert_equal "$(refs psem --unlinked)" "psem:#$inode"
	assert_equal "$(refs posix --unlinked)" "psem:#$inode pshm:#$shared"
	# Either type is accepted.
	for ref in "pshm:#$inode" "psem:#$inode"; do
		facts "$ref" ref,type,name,value,nwait,used
		assert_output "[\"psem:#$inode\",\"psem\",null,5,0,true]"
		tool rm "$ref"
		assert_success
		assert_stderr "ipctool rm: $ref: has no name any more; it is freed when ${ready[0]} (ipchelper) ends"
		assert_equal "$(refs posix --unlinked --except="$ref")" "pshm:#$shared"
	done
	facts "psem:#$shared" ref,type,size
	assert_output "[\"pshm:#$shared\",\"pshm\",4096]"
	tool stat "pshm:#$inode" "psem:#$inode" -o VALUE
	assert_success
	assert_output "$(printf '%s\n' "psem:#$inode" '  VALUE  5')"
}

@test "posix sem: an ordinary user's semaphores without a name" {
	requires root
	local inode

	helper named-sem /gone 5 as="$user"
	inode=$(stat -c %i /dev/shm/sem.gone)
	start_helper as "$user" wait-named /gone 0
	rm /dev/shm/sem.gone
	split "${by_user[@]}" "$IPCTOOL" list posix --unlinked -J -o ref,value
	assert_success
	assert_equal "$(jq -c '.objects[0]' <<<"$output")" \
		"{\"ref\":\"psem:#$inode\",\"value\":null,\"unread\":[\"value\"]}"
	assert_stderr --partial "ipctool list: value of 1 object cannot be determined: the file cannot be opened: Operation not permitted"
}

@test "posix sem: /proc is searched once for objects without names" {
	requires strace
	start_helper use-file /dev/shm open-r
	strace -o "$BATS_TEST_TMPDIR/calls" -e trace=openat "$IPCTOOL" list posix --unlinked
	assert_equal "$(grep -c "\"/proc/${ready[1]}/fd\"" "$BATS_TEST_TMPDIR/calls")" 1
}

# --- rm and stale ---------------------------------------------------------------------

@test "posix sem: a process of the owner may know it" {
	requires root
	helper named-sem /job 0 as="$user"
	file shared 4096 0600 "$user"
	start_helper as "$user" crowd 0
	remove psem --unattached --yes
	assert_failure 1
	assert_stderr "ipctool rm: psem:/job: may be in use: $user runs 1 process that may use it: ${ready[0]} (ipchelper); use --force to remove the name anyway"
	remove pshm --unattached --yes
	assert_success
	assert_equal "$(names)" sem.job
	# By name, only its owner removes it.
	remove psem:/job
	assert_failure 1
	assert_stderr "ipctool rm: psem:/job: may be in use: $user runs 1 process that may use it: ${ready[0]} (ipchelper); use --force to remove the name anyway"
	split "${by_user[@]}" "$IPCTOOL" rm --alone psem:/job
	assert_success
	assert_equal "$(names)" ''
}

@test "posix sem: stale, after the grace time" {
	requires root
	helper named-sem /job 0 as="$user"
	facts psem:/job stale,cause --alone --grace=1h
	assert_output '[false,"grace"]'
	facts psem:/job stale,cause --alone
	assert_output '[false,"grace"]'
	remove posix --stale --yes
	assert_success
	assert_equal "$(names)" sem.job
	with_preload PRELOAD_SHIFT=90000
	split "${inside[@]}" "$IPCTOOL" list psem:/job -J -o stale,cause --alone
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause]' <<<"$output")" '[true,"none"]'
	start_helper as "$user" crowd 0
	split "${inside[@]}" "$IPCTOOL" list psem:/job -J -o stale,cause --alone
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause]' <<<"$output")" '[false,"may-know"]'
	end_helper
	split "${inside[@]}" "$IPCTOOL" rm psem --stale --yes --alone
	assert_success
	assert_equal "$(names)" ''
}

@test "posix sem: the grace time is never less than 3 seconds" {
	requires root
	helper named-sem /job 0 as="$user"
	split "$IPCTOOL_REAL" list psem:/job -J -o stale,cause --alone --grace=0s
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause]' <<<"$output")" '[false,"grace"]'
	split "$IPCTOOL_REAL" list psem:/job -J -o reason --alone --grace=0s
	assert_output --partial 'less than the grace time of 3 s'
}

@test "posix sem: a new semaphore takes the name after the rename, and the old one is opened" {
	local former

	helper named-sem /job 1
	stopped_at getlease:-:1 rm psem:/job
	former=$(names)
	[[ $former =~ ^sem\.\.ipctool-[0-9a-f]{16}$ ]]
	helper named-sem /job 2
	run helper open-once "/dev/shm/$former" nonblock
	going_on
	assert_failure 1
	assert_equal "$stderr" "ipctool rm: psem:/job: not removed and now named psem:/${former#sem.}: another object has its former name"
	assert_equal "$(value "psem:/${former#sem.}") $(value psem:/job)" '[1,0] [2,0]'
}

# --- Other commands -------------------------------------------------------------------

@test "posix sem: limits" {
	tool limits psem
	assert_success
	assert_output "$(printf '%s\n' \
		'RESOURCE       WHAT                        USED       LIMIT  PERCENT  SYSCTL' \
		'SEM_VALUE_MAX  value of a named semaphore        2147483647')"
	tool limits sem_value_max -J
	assert_success
	assert_equal "$(jq -c '.limits[0] | [.type, .resource, .used, .limit, .percent]' <<<"$output")" \
		'["psem","SEM_VALUE_MAX",null,2147483647,null]'
	tool limits posix -o RESOURCE --no-headings
	assert_success
	assert_line SEM_VALUE_MAX
	tool limits -o RESOURCE --no-headings
	assert_success
	refute_line SEM_VALUE_MAX
	tool limits psem --format=prometheus
	assert_success
	assert_line 'ipctool_limit{type="psem",resource="SEM_VALUE_MAX"} 2147483647'
	tool limits --warn=SEM_VALUE_MAX=1
	assert_usage "ipctool limits: --warn: invalid resource 'SEM_VALUE_MAX': its use is not counted; expected one of: SHMMNI, SHMALL, SEMMNI, SEMMNS, MSGMNI, PSHM_BYTES, PSHM_INODES, PMSG_QUEUES_MAX"
}

@test "posix sem: commands that do not take them" {
	helper named-sem /job 0
	tool set psem:/job --mode=0644 -v
	assert_success
	assert_output 'psem:/job: mode 0600 -> 0644'
	tool read psem:/job
	assert_usage "ipctool read: psem:/job: a semaphore has no contents to read; stat shows its value"
	tool create psem
	assert_usage "ipctool create: 'psem' is not a reference; name one object, such as psem:/NAME"
	assert_equal "$(value psem:/job)" '[0,0]'
}

@test "posix sem: what rm says, and what the completion" {
	requires root
	helper named-sem /a 7 as="$user"
	file sem.b 0 0600 "$user"
	tool __complete stat psem:
	assert_success
	assert_output $'words\npsem:/b\t'"$user"$'\npsem:/a\t'"$user, value 7"
	remove psem --all --yes -v
	assert_success
	output=$(sed -E 's/idle [0-9]+s/idle Ns/' <<<"$output")
	assert_output "$(printf '%s\n' "removed psem:/b (owner $user, idle Ns; unused)" \
		"removed psem:/a (owner $user, value 7, idle Ns; unused)")"
}
