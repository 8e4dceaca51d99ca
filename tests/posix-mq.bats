#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# list, stat and limits of POSIX message queues: where they are found, their fields, which
# processes use them, and which are stale.

load common
load posix

setup()
{
	start_shm
	start_queues
	chmod 711 "$BATS_TEST_TMPDIR"
}

teardown()
{
	end_helpers
	end_queues
	end_shm
	wipe
}

# by_user_in NAMESPACE ARG... : the program as another user, in another IPC namespace or in
# this one ("").
by_user_in()
{
	local namespace=$1

	shift
	# shellcheck disable=SC2086 # perhaps no word
	split ${namespace:+unshare $namespace} "${by_user[@]}" "$IPCTOOL" "$@"
}

@test "posix mq: the table" {
	queue /b mode=0640 maxmsg=5 msgsize=2048
	queue /a
	helper mqsend /a 2 24
	tool list pmsg
	assert_success
	# In the order of the directory.
	output=$(sed -E 's/ [0-9]+s$/ Ns/' <<<"$output")
	assert_output "$(printf '%s\n' \
		'REF      OWNER  MODE  QNUM  MAXMSG  SIZE  QBYTES  ACTIVE  STATE' \
		'pmsg:/a  root   0600     2      10    48     640  Ns' \
		'pmsg:/b  root   0640     0       5     0     10K  Ns')"
	assert_stderr
	tool list posix
	assert_line --index 0 --regexp '^REF +OWNER +MODE +SIZE +USE +ACTIVE +STATE$'
	assert_line --index 1 --regexp '^pmsg:/a +root +0600 +48 +2 messages +[0-9]+s$'
	file s
	assert_equal "$(ipctool list all -o REF --no-headings | paste -sd ' ')" "pshm:/s pmsg:/a pmsg:/b"
	tool list -o REF --no-headings
	assert_output ''
}

@test "posix mq: all fields of programs" {
	queue /a mode=0640 maxmsg=4 msgsize=100
	helper mqsend /a 3 7
	tool list pmsg:/a -J
	assert_success
	assert_stderr
	assert_equal "$(jq -r '.objects[0] | keys_unsorted | join(",")' <<<"$output")" \
		"ref,type,mode,perms,owner,uid,group,gid,size,qnum,qbytes,active,state,name,path,inode,nlink,mtime,maxmsg,msgsize,notify,signo,notify_pid"
	assert_equal "$(jq -c '.objects[0] | [.ref, .type, .mode, .perms, .uid, .size, .qnum, .qbytes,
		.state, .name, .nlink, .maxmsg, .msgsize, .notify, .signo, .notify_pid]' <<<"$output")" \
		'["pmsg:/a","pmsg","0640","rw-r-----",0,21,3,400,[],"a",1,4,100,"none",null,null]'
	assert_equal "$(jq -r '.objects[0] | .inode' <<<"$output")" "$(stat -c %i "$queues/a")"
	assert_equal "$(jq -r '.objects[0] | .mtime | fromdate' <<<"$output")" \
		"$(stat -c %Y "$queues/a")"
	tool list -o alloc,btime,atime,ctime,key pmsg:/a -J
	assert_equal "$(jq -c '.objects[0] | [.[]]' <<<"$output")" '[null,null,null,null,null]'
	tool stat pmsg:/a -o fill
	assert_output $'pmsg:/a\n  FILL  75%'
}

@test "posix mq: the path is that of /dev/mqueue, if that shows the queue" {
	queue /a
	facts pmsg:/a path
	assert_output '[null]'
	show_queues
	facts pmsg:/a path
	assert_output '["/dev/mqueue/a"]'
	hide_queues
	unshare --ipc mount -t mqueue none /dev/mqueue
	facts pmsg:/a path
	assert_output '[null]'
	hide_queues
}

@test "posix mq: who is notified" {
	queue /a
	start_helper mquse /a signal
	facts pmsg:/a notify,signo,notify_pid
	assert_output "[\"signal\",10,${ready[1]}]"
	end_helper
	# The form stays in the file after the process.
	facts pmsg:/a notify,signo,notify_pid
	assert_output '["none",null,null]'
	start_helper mquse /a quiet
	facts pmsg:/a notify,signo,notify_pid
	assert_output "[\"none\",null,${ready[1]}]"
}

@test "posix mq: the text of the file is read only for its facts" {
	requires strace
	local read

	queue /a
	for read in 'qnum,maxmsg,qbytes:0' 'ref,mtime:0' 'size:1' 'notify:1'; do
		split strace -o "$BATS_TEST_TMPDIR/trace" -e trace=read "$IPCTOOL" list pmsg \
			-o "${read%:*}" --no-headings
		assert_success
		assert_equal "$(grep -c QSIZE "$BATS_TEST_TMPDIR/trace" || true)" "${read#*:}"
	done
	split strace -o "$BATS_TEST_TMPDIR/trace" "$IPCTOOL" list pmsg -o ref --no-headings
	assert_output pmsg:/a
	run ! grep -q '"a", O_' "$BATS_TEST_TMPDIR/trace"
}

@test "posix mq: no lease, no search for STATE alone, and no time moves that is shown" {
	requires strace
	local before

	queue /a
	before=$(stat -c %Y:%y "$queues/a")
	split strace -f -o "$BATS_TEST_TMPDIR/trace" "$IPCTOOL" list pmsg --alone
	assert_success
	run ! grep -q F_SETLEASE "$BATS_TEST_TMPDIR/trace"
	run ! grep -qE '"/proc/[0-9]+/' "$BATS_TEST_TMPDIR/trace"
	split strace -f -o "$BATS_TEST_TMPDIR/trace" "$IPCTOOL" list pmsg -o +used --alone
	run ! grep -q F_SETLEASE "$BATS_TEST_TMPDIR/trace"
	assert_equal "$(stat -c %Y:%y "$queues/a")" "$before"
}

# shellcheck disable=SC1003,SC2016 # names that a shell would take apart
@test "posix mq: names" {
	local ref name long count=0

	long=$(printf 'x%.0s' {1..255})
	for name in plain sem.w 'a b' $'a\nb' 'a@b' '50%' '\' ';' '*' "'" '$(id)' '#12' .dot é \
		$'\xff\xfe' "$long"; do
		queue "/$name"
	done
	while read -r ref; do
		split sh -c "'$IPCTOOL' stat $ref -o REF -J"
		assert_success
		assert_equal "$(jq -c '[.objects[].ref]' <<<"$output")" "[\"$ref\"]"
		count=$((count + 1))
	done < <(ipctool list pmsg -o REF --no-headings)
	assert_equal "$count" 16
	assert_equal "$(refs pmsg --name='[*#]*')" "pmsg:/%2312 pmsg:/%2A"
	ipctool list posix -o REF --no-headings | ipctool rm --alone -
	assert_equal "$(refs pmsg)" ''
}

@test "posix mq: references that are refused" {
	tool stat 'pmsg:#5'
	assert_usage "ipctool stat: 'pmsg:#5': invalid name: write '#' as %23; without a name it cannot be referred to"
	tool stat pmsg:/a/b
	assert_usage "ipctool stat: 'pmsg:/a/b': invalid name: it contains a second '/'"
	tool stat pmsg:/none
	assert_failure 1
	assert_output ''
	assert_stderr "ipctool stat: pmsg:/none: no such object"
	tool rm --ignore-missing pmsg:/none
	assert_success
	assert_stderr
}

@test "posix mq: conditions" {
	requires root
	queue /empty
	queue /full mode=0644 maxmsg=3
	helper mqsend /full 3 10
	queue /theirs as="$user"
	assert_equal "$(refs pmsg --user="$user")" pmsg:/theirs
	assert_equal "$(refs pmsg --group="$user")" pmsg:/theirs
	assert_equal "$(refs pmsg --empty)" "pmsg:/empty pmsg:/theirs"
	assert_equal "$(refs pmsg --min-messages=3)" pmsg:/full
	assert_equal "$(refs pmsg --min-messages=4)" ''
	assert_equal "$(refs pmsg --min-size=30)" pmsg:/full
	assert_equal "$(refs pmsg --max-size=29 --user=0)" pmsg:/empty
	assert_equal "$(refs pmsg --perm=/077)" pmsg:/full
	assert_equal "$(refs pmsg --name='*u*')" pmsg:/full
	assert_equal "$(refs pmsg --except=pmsg:/full --except="user:$user")" pmsg:/empty
	for condition in --key=private --creator=0 --state=dest --state=locked --unlinked; do
		assert_equal "$(refs pmsg $condition)" ''
	done
	tool list pmsg --by=owner -o count,bytes,messages
	assert_output "$(printf '%s\n' 'COUNT  BYTES  MESSAGES' '    2     30         3' \
		'    1      0         0')"
}

@test "posix mq: by use" {
	queue /used
	queue /free
	start_helper mquse /used open-r
	assert_equal "$(refs pmsg --unattached --alone)" pmsg:/free
	assert_equal "$(refs pmsg --idle=0s --alone)" pmsg:/free
	assert_equal "$(refs pmsg --idle=1h --alone)" ''
	assert_equal "$(refs pmsg --pid="${ready[1]}" --alone)" pmsg:/used
	split "$IPCTOOL" list pmsg:/free -o USED,STATE --no-headings --alone
	assert_output 'no  unused'
	end_helper
	assert_equal "$(refs pmsg --unattached --alone)" "pmsg:/free pmsg:/used"
}

@test "posix mq: outside the initial PID namespace it is unknown whether one is used" {
	queue /a
	split "$IPCTOOL" list pmsg:/a -J -o used,users,stale,cause
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.used, .users, .stale]' <<<"$output")" \
		'[null,null,false]'
	assert_stderr "ipctool list: used, users of 1 object cannot be determined: processes outside this PID namespace are not visible; use --alone if none of them uses these objects"
	assert_equal "$(ipctool list pmsg --unattached -o REF --no-headings 2>/dev/null)" ''
	# A process that is found is enough.
	start_helper mquse /a open-r
	facts pmsg:/a used
	assert_output '[true]'
}

@test "posix mq: who uses a queue, and how" {
	requires root # all processes can be examined
	queue /a
	start_helper mquse /a open-r
	start_helper mquse /a open-w
	start_helper mquse /a thread
	start_helper mqwait /a receive
	tool stat pmsg:/a --alone -J
	assert_success
	assert_stderr
	# hold_blocked has a parent that holds it open.
	assert_equal "$(jq -c '[.objects[0].processes[] | .what] | sort' <<<"$output")" \
		'["open r","open rw","open rw","open rw","open w","waits to receive"]'
	assert_equal "$(jq -c --argjson pid "${ready[1]}" \
		'[.objects[0].processes[] | select(.pid == $pid) | .what] | sort' <<<"$output")" \
		'["open rw","waits to receive"]'
	assert_equal "$(jq -c '.objects[0] | [.used, .users]' <<<"$output")" '[true,5]'
	facts pmsg:/a command --alone
	assert_output '["ipchelper"]'
}

@test "posix mq: a thread that has descriptors of its own" {
	# The kernel gives the files of a process whose main thread has ended to root: its own
	# user cannot examine it.
	requires root
	local how denied

	# In some containers the kernel does not say which threads share their descriptors.
	for denied in "" "deny kcmp=EPERM --"; do
		for how in own own-left; do
			queue /a
			start_helper mquse /a "$how"
			# shellcheck disable=SC2086 # perhaps no word
			split ${denied:+"$IPCHELPER" $denied} "$IPCTOOL" rm --alone pmsg:/a
			assert_failure 1
			assert_stderr "ipctool rm: pmsg:/a: in use by ${ready[1]} (ipchelper); use --force to remove the name anyway"
			end_helper
			tool rm --alone pmsg:/a
			assert_success
		done
	done
}

# A FUSE file system of a user on the directory $1, which answers nobody else, and a process
# of the user that has its root open.
# shellcheck disable=SC2016 # the inner shell's own
fuse='
import ctypes, os, struct, subprocess, sys, threading
INIT, GETATTR, OPENDIR, FORGET, ENOSYS = 26, 3, 27, 2, 38
libc = ctypes.CDLL(None, use_errno=True)
where, user = sys.argv[1], int(sys.argv[2])
fd = os.open("/dev/fuse", os.O_RDWR)
options = "fd=%d,rootmode=40000,user_id=%d,group_id=%d" % (fd, user, user)
if libc.mount(b"none", where.encode(), b"fuse", 0, options.encode()) < 0:
	sys.exit(os.strerror(ctypes.get_errno()))
answers = {
	INIT: struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 1, 1, 4096, 1, 0, 0, 0),
	GETATTR: struct.pack("<QIIQQQQQQ10I", 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0o40755, 2,
		user, user, 0, 4096, 0),
	OPENDIR: struct.pack("<QII", 1, 0, 0),
}
def serve():
	while True:
		call, unique = struct.unpack_from("<4xIQ", os.read(fd, 1 << 17))
		answer = answers.get(call, b"")
		error = 0 if answer else -ENOSYS
		if call != FORGET:
			os.write(fd, struct.pack("<IiQ", 16 + len(answer), error, unique) + answer)
threading.Thread(target=serve, daemon=True).start()
subprocess.run(["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups",
	"--", "sh", "-c", "exec 7<\"$0\" && echo open && read -r line", where])
'

@test "posix mq: a process that has a file open of which root may know nothing" {
	requires root python
	local mount=/dev/shm/fuse server

	[ -w /dev/fuse ] || skip "needs FUSE"
	queue /a
	mkdir "$mount"
	mkfifo "$BATS_TEST_TMPDIR/in"
	python3 -c "$fuse" "$mount" "$user" <>"$BATS_TEST_TMPDIR/in" \
		>"$BATS_TEST_TMPDIR/open" 3>&- &
	server=$!
	until [ -s "$BATS_TEST_TMPDIR/open" ]; do
		kill -0 "$server"
		sleep 0.01
	done
	run ! stat "$mount"
	facts pmsg:/a used,users --alone
	assert_stderr
	assert_output '[false,0]'
	echo >"$BATS_TEST_TMPDIR/in"
	wait "$server"
	umount "$mount"
}

@test "posix mq: a sender that waits, and one with another queue" {
	queue /full maxmsg=1
	queue /other
	helper mqsend /full 1 1
	start_helper mquse /other open-rw
	start_helper mqwait /full send
	tool stat pmsg:/full pmsg:/other --alone -J
	assert_equal "$(jq -c '[.objects[] | [.processes[].what] | unique]' <<<"$output")" \
		'[["open rw","waits to send"],["open rw"]]'
}

@test "posix mq: a process of another IPC namespace that has it open" {
	queue /a
	exec {queue}<"$queues/a"
	start_helper elsewhere crowd 0
	exec {queue}<&-
	facts pmsg:/a used --alone
	assert_output '[true]'
	end_helper
	facts pmsg:/a used --alone
	assert_output '[false]'
}

@test "posix mq: an ordinary user reads /dev/mqueue" {
	requires root
	queue /mine as="$user"
	queue /theirs
	show_queues
	by_user_in '' list pmsg -o REF,QNUM,SIZE,MAXMSG -J
	assert_success
	assert_equal "$(jq -c '.objects' <<<"$output")" \
		'[{"ref":"pmsg:/theirs","qnum":null,"size":null,"maxmsg":null,"unread":["qnum","size","maxmsg"]},{"ref":"pmsg:/mine","qnum":0,"size":0,"maxmsg":10}]'
	assert_stderr "ipctool list: 3 values could not be read: pmsg: the file cannot be opened for reading"
	by_user_in '' stat pmsg:/mine -o PATH
	assert_output $'pmsg:/mine\n  PATH  /dev/mqueue/mine'
	# Other users' processes may not be looked at.
	by_user_in '' list pmsg:/mine -J -o used --alone
	assert_equal "$(jq -c '.objects[0].used' <<<"$output")" null
	assert_stderr --regexp "^ipctool list: used of 1 object cannot be determined: [0-9]+ processes could not be examined; run as root\$"
	# No entry can be opened, but the names are known.
	rm "$queues/mine"
	by_user_in '' list pmsg -o REF --no-headings
	assert_success
	assert_output pmsg:/theirs
	hide_queues
}

@test "posix mq: /dev/mqueue is not mounted" {
	requires root
	local id

	id=$(helper shm 4096)
	by_user_in '' list all -o REF --no-headings
	assert_failure 2
	assert_output "shm:$id"
	assert_stderr "ipctool list: /dev/mqueue is not mounted; mount -t mqueue none /dev/mqueue, or run as root"
	by_user_in '' rm --force pmsg:/a pmsg:/b
	assert_failure 2
	assert_stderr "ipctool rm: /dev/mqueue is not mounted; mount -t mqueue none /dev/mqueue, or run as root"
	by_user_in '' limits sem pmsg -o type --no-headings
	assert_failure 2
	assert_stderr "ipctool limits: /dev/mqueue is not mounted; mount -t mqueue none /dev/mqueue, or run as root"
}

@test "posix mq: /dev/mqueue is that of another IPC namespace" {
	requires root
	queue /foreign as="$user" mode=0666
	show_queues
	by_user_in --ipc list pmsg -o REF,QNUM --no-headings
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: /dev/mqueue shows another IPC namespace; mount -t mqueue none /dev/mqueue, or run as root"
	# One of the same name is another queue.
	split unshare --ipc sh -c "${by_user[*]} '$IPCHELPER' mq /foreign && exec ${by_user[*]} '$IPCTOOL' rm --force pmsg:/foreign"
	assert_failure 2
	assert_stderr "ipctool rm: /dev/mqueue shows another IPC namespace; mount -t mqueue none /dev/mqueue, or run as root"
	# Root sees its own.
	split unshare --ipc sh -c "'$IPCHELPER' mq /own && exec '$IPCTOOL' list pmsg -o REF,QNUM --no-headings"
	assert_success
	assert_output 'pmsg:/own  0'
	assert_stderr
	assert_equal "$(refs pmsg)" pmsg:/foreign
	hide_queues
}

@test "posix mq: a /dev/mqueue whose entries could not be read or compared" {
	requires root strace
	local call

	queue /foreign as="$user"
	show_queues
	for call in getdents64:error=EMFILE mq_open:error=EMFILE; do
		split unshare --ipc "${by_user[@]}" strace -qqq -o /dev/null -e inject="$call" \
			"$IPCTOOL" rm --force pmsg:/foreign
		assert_failure 2
		assert_output ''
		assert_stderr "ipctool rm: cannot read '/dev/mqueue': Too many open files"
	done
	assert_equal "$(refs pmsg)" pmsg:/foreign
	hide_queues
}

@test "posix mq: an empty /dev/mqueue proves nothing" {
	requires root
	show_queues
	by_user_in '' list pmsg -o REF --no-headings
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool list: /dev/mqueue is empty and may show another IPC namespace; run as root"
	tool list pmsg -o REF --no-headings
	assert_success
	assert_output ''
	assert_stderr
	hide_queues
}

@test "posix mq: set changes mode and owner, and nothing else" {
	requires root
	queue /a
	tool set -v pmsg:/a --mode=0640 --owner="$user"
	assert_success
	assert_stderr
	assert_output "pmsg:/a: mode 0600 -> 0640, owner root -> $user"
	assert_equal "$(stat -c %a:%u:%g "$queues/a")" "640:$user:0"
}

@test "posix mq: stale" {
	requires root
	queue /a as="$user"
	judged pmsg:/a=true/none
	split "$IPCTOOL" list pmsg --alone --grace=0s -o STATE --no-headings
	assert_output ''
	split "$IPCTOOL" list pmsg --alone --grace=0s -o STATE,CAUSE --no-headings
	assert_output 'stale  none'
	[[ $(reason pmsg:/a) =~ ^"unused, not active for "[0-9]+"s, no process of $user is left"$ ]]
	assert_equal "$(refs pmsg --stale --alone --grace=0s)" pmsg:/a
	facts pmsg:/a stale,cause --alone
	assert_output '[false,"grace"]'
}

@test "posix mq: each condition of stale" {
	requires root
	queue /a as="$user"
	start_helper mquse /a open-w
	judged pmsg:/a=false/used
	assert_equal "$(reason pmsg:/a)" "in use by ${ready[1]} (ipchelper)"
	end_helper
	judged pmsg:/a=true/none
	chmod 0620 "$queues/a"
	judged pmsg:/a=false/mode
	assert_equal "$(reason pmsg:/a)" "its mode 0620 lets other users open it"
	chmod 0600 "$queues/a"
	helper mqsend /a 1 1
	judged pmsg:/a=false/messages
	helper mqreceive /a
	judged pmsg:/a=true/none
	start_helper as "$user" crowd 0
	judged pmsg:/a=false/may-know
	assert_equal "$(reason pmsg:/a)" "$user runs 1 process that may use it: ${ready[0]} (ipchelper)"
	end_helper
	start_helper as "$other" crowd 0
	judged pmsg:/a=true/none
}

@test "posix mq: the grace time is at least 3 s" {
	requires root
	queue /a as="$user"
	[ -n "$IPCTOOL_REAL" ] || skip "needs the program with the real times"
	split "$IPCTOOL_REAL" list pmsg:/a -J -o stale,cause,reason --alone --grace=0s
	assert_equal "$(jq -c '.objects[0] | [.stale, .cause]' <<<"$output")" '[false,"grace"]'
	assert_equal "$(jq -r '.objects[0].reason' <<<"$output" | sed 's/active [0-9]* s/active N s/')" \
		"it was active N s ago, less than the grace time of 3 s (--grace)"
}

@test "posix mq: root may not look at the descriptors of a process" {
	requires root
	queue /a as="$user"
	with_preload "PRELOAD_FAIL=opendir:/proc/$$/fd:1:13"
	split "${inside[@]}" "$IPCTOOL" list pmsg:/a -J -o used,stale,cause --alone --grace=0s
	assert_success
	assert_equal "$(jq -c '.objects[0] | [.used, .stale, .cause]' <<<"$output")" '[null,null,"lease"]'
	assert_stderr "ipctool list: used, stale of 1 object cannot be determined: 1 process could not be examined"
}

@test "posix mq: limits" {
	queue /a maxmsg=5 msgsize=100
	queue /b
	tool limits pmsg
	assert_success
	assert_stderr
	assert_line --index 0 --regexp '^RESOURCE +WHAT +USED +LIMIT +PERCENT +SYSCTL$'
	assert_line --index 1 --regexp "^PMSG_QUEUES_MAX +POSIX message queues +2 +$(cat /proc/sys/fs/mqueue/queues_max) +[0-9]+% +fs.mqueue.queues_max\$"
	assert_line --index 2 --regexp '^ +root 2$'
	assert_line --index 7 --regexp '^RLIMIT_MSGQUEUE +bytes of the queues of a user +'
	# 5 x (48 + 48 + 100) + 10 x (48 + 48 + 64)
	assert_line --index 8 --regexp '^ +root at least 2.5K$'
	split prlimit --msgqueue=4000:4000 "$IPCTOOL" limits pmsg -J -o resource,used,limit,sysctl,top
	assert_equal "$(jq -c '.limits[0] | [.resource, .used]' <<<"$output")" '["PMSG_QUEUES_MAX",2]'
	assert_equal "$(jq -c '.limits[-1] | [.resource, .used, .limit, .sysctl, .top]' <<<"$output")" \
		'["RLIMIT_MSGQUEUE",null,4000,null,[{"owner":"root","uid":0,"used":2580}]]'
	tool limits pmsg --warn=PMSG_QUEUES_MAX=0
	assert_failure 1
	assert_stderr "ipctool limits: PMSG_QUEUES_MAX: 2 of $(cat /proc/sys/fs/mqueue/queues_max) POSIX message queues are used, 0% or more"
	tool limits -o resource --no-headings
	refute_output --partial PMSG
	helper mqsend /a 1 10
	tool limits pmsg --format=prometheus
	assert_success
	assert_line 'ipctool_queue_fullest_ratio{ref="pmsg:/a",owner="root",uid="0"} 0.0200'
	assert_line 'ipctool_queued_messages{type="pmsg",owner="root",uid="0"} 1'
}

@test "posix mq: the bytes of an owner are those that the kernel counts" {
	requires root
	local bytes

	be_alone
	# The kernel refuses a queue that needs one byte more than the limit.
	for bytes in 7839:refused 7840:made; do
		split prlimit --msgqueue="${bytes%:*}" "${by_user[@]}" "$IPCHELPER" mq /a maxmsg=10 msgsize=688
		if [ "${bytes#*:}" = refused ]; then
			assert_failure
			assert_stderr "ipchelper: mq_open: Too many open files"
		else
			assert_success
		fi
	done
	tool limits rlimit_msgqueue -J -o top
	assert_equal "$(jq -c '.limits[0].top' <<<"$output")" "[{\"owner\":\"$user\",\"uid\":$user,\"used\":7840}]"
}

@test "posix mq: the queues could not be mounted" {
	requires root strace
	local call

	queue /a
	for call in fsopen fsconfig fsmount; do
		split strace -qqq -o /dev/null -e inject="$call":error=ENOMEM "$IPCTOOL" \
			stat pmsg:/a
		assert_failure 1
		assert_output ''
		assert_stderr "ipctool stat: pmsg:/a: cannot mount the message queues: Cannot allocate memory"
	done
}

@test "posix mq: --pid where the file system of queues was not found" {
	requires root strace
	queue /a
	start_helper mquse /a open-r
	split "$IPCTOOL" list pmsg --pid="${ready[1]}" -o ref --no-headings
	assert_success
	assert_output pmsg:/a
	# The first mount is that of the search.
	split strace -qqq -o /dev/null -e inject=fsopen:error=EMFILE:when=1 "$IPCTOOL" \
		list pmsg --alone --pid="${ready[1]}" -o ref --no-headings
	assert_success
	assert_output ''
	assert_stderr "ipctool list: pids of 1 object cannot be determined: the processes could not be searched for files of this file system; try again"
	split strace -qqq -o /dev/null -P /proc -e inject=getdents64:error=EIO "$IPCTOOL" \
		list pmsg --alone --pid="${ready[1]}" -o ref --no-headings
	assert_success
	assert_output ''
	assert_stderr "ipctool list: pids of 1 object cannot be determined: /proc cannot be read: Input/output error"
}

@test "posix mq: what a process holds where the queues cannot be read" {
	requires root strace
	queue /a
	start_helper mquse /a open-r
	split "$IPCTOOL" waits --alone "${ready[1]}"
	assert_success
	assert_line "ipchelper ${ready[1]} holds"
	assert_line --regexp '^  pmsg:/a +open for reading, fd [0-9]+$'
	split strace -qqq -o /dev/null -e inject=fsopen:error=ENOMEM "$IPCTOOL" \
		waits --alone "${ready[1]}"
	assert_success
	refute_line --partial 'holds nothing'
	assert_stderr "ipctool waits: ${ready[1]}: what it holds may be incomplete: cannot mount the message queues: Cannot allocate memory"
}
