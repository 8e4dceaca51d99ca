#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Objects that conditions never select: --except, the file /etc/ipctool/keep, and --max.

# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load common
load life
load stale
load rm

# make_four : objects to choose among; their references are in a, b, c and d.
make_four()
{
	a=shm:$(helper shm 1 as="$user" key=0x10)
	b=sem:$(helper sem 1 as="$user" key=0x20)
	c=msg:$(helper msg as="$other" key=0x10)
	d=shm:$(helper shm 1 as="$other")
}

# The start of a command that runs the rest where its first argument is the file
# /etc/ipctool/keep. All of / is mounted once more below /proc, where it can be private.
# shellcheck disable=SC2016 # the inner shell's own
keep_is=(unshare --mount --propagation unchanged sh -c '
	keep=$1
	root=/proc/sysvipc
	shift
	mount --rbind / $root && mount --make-rprivate $root &&
		mount -t tmpfs none $root/etc &&
		cp /etc/passwd /etc/group $root/etc && mkdir $root/etc/ipctool &&
		cp -p "$keep" $root/etc/ipctool/keep || exit 125
	exec chroot $root "$@"' sh)

# kept ARG... : rm where the file holds what is in the variable `keep`.
kept()
{
	printf '%s' "$keep" >"$BATS_TEST_TMPDIR/keep"
	split "${keep_is[@]}" "$BATS_TEST_TMPDIR/keep" "$IPCTOOL" rm --alone "$@"
	[ "$status" -ne 125 ] || fail "kept: $stderr"
}

# --- --except ---------------------------------------------------------------------------

@test "rm-except: each form, for rm, list and stat" {
	requires root
	local a b c d form
	local -A stay

	make_four
	stay=(
		["$a"]="$a" [sem:0x20]="$b"
		["user:$user"]="$a $b" ["group:$other"]="$c $d" [key:0x10]="$a $c"
		[key:16]="$a $c" [key:private]="$d"
	)
	for form in "${!stay[@]}"; do
		tool rm --all --force --dry-run --except="$form"
		assert_success
		assert_stderr
		assert_equal "$form: $(grep -vFwf <(awk '{ print $3 }' <<<"$output" | tr -d ,:) \
			<(left | tr ' ' '\n' | tr -d :) | xargs)" \
			"$form: $(tr -d : <<<"${stay[$form]}" | tr ' ' '\n' | sort -k 1,1r | xargs)"
		tool list --except="$form" -o ref --no-headings
		assert_success
		refute_output --partial "${stay[$form]%% *}"
		tool stat --except="$form" -J shm sem msg
		assert_success
		refute_output --partial "\"${stay[$form]%% *}\""
	done
}

@test "rm-except: with --all and --force, and more than once" {
	requires root
	local a b c d

	make_four
	tool rm --all --force --yes -v --except="$a" --except="user:$other" --except=key:0x77
	assert_success
	assert_removals "$b"
	assert_equal "$(left)" "$a $d $c"
	# --except is no condition.
	tool rm --yes --except="$a"
	assert_usage "ipctool rm: nothing is named: give a reference such as shm:32769 or sem:0x52e2c1, a condition such as --stale or --user=USER, or --all"
	tool rm --yes --except="$a" shm
	assert_usage "ipctool rm: a type stands for all its objects: add --all if you mean that, or a condition such as --stale or --user=USER"
	# Not even if its reference is given.
	tool rm --except=key:0x10 -v "$a"
	assert_success
	assert_output ''
	assert_stderr "ipctool rm: $a: it is excluded (--except)"
	assert_equal "$(left)" "$a $d $c"
}

@test "rm-except: invalid exclusions" {
	local word
	local -A reasons=(
		[user:]="unknown user ''" [user:nobody-here]="unknown user 'nobody-here'"
		[group:nobody-here]="unknown group 'nobody-here'"
		[shm]="expected a reference such as shm:2, user:NAME, group:NAME or key:KEY"
		[5]="expected a reference such as shm:2, user:NAME, group:NAME or key:KEY"
	)

	helper shm 1 >/dev/null
	for word in "${!reasons[@]}"; do
		tool rm --all --force --yes --except="$word"
		assert_usage "ipctool rm: --except: invalid exclusion '$word': ${reasons[$word]}"
	done
	for word in key:zz shm:x pshm: disk:4 ''; do
		tool rm --all --force --yes --except="$word"
		assert_failure 2
		assert_output ''
		assert_stderr --partial "ipctool rm: --except: invalid exclusion '$word': "
		tool list --except="$word"
		assert_failure 2
	done
	assert_objects 1 0 0
}

# --- The file ---------------------------------------------------------------------------

@test "rm-except: objects in the file are kept, even with --force" {
	requires root mount
	local a b c d keep

	make_four
	keep=$(printf '# kept\n\n \t\n  %s\t\n#%s\nkey:0x10  \n' "$d" "$b")
	kept --all --force --yes -v
	assert_success
	assert_removals "$b"
	assert_stderr "ipctool rm: 3 objects are kept by /etc/ipctool/keep"
	assert_equal "$(left)" "$a $d $c"
	# Without -v nothing is said.
	kept --all --force --yes
	assert_silent
	keep="user:$user"
	kept --stale --grace=0 --yes -v
	assert_success
	assert_removals "$d"
	assert_stderr --partial "ipctool rm: 1 object is kept by /etc/ipctool/keep"
	assert_equal "$(left)" "$a $c"
}

@test "rm-except: the file, objects named by reference, and --no-keep" {
	requires root mount
	local a b c d keep

	make_four
	keep="$a"$'\n'"$d"$'\n'"user:$user"
	# It is kept if conditions choose among references.
	kept --user="$user" -v "$a"
	assert_success
	assert_output ''
	assert_equal "$(left)" "$a $d $b $c"
	# An object that only a reference names is removed.
	kept "$a"
	assert_silent
	kept --no-keep --all --yes -v
	assert_success
	assert_removals "$d" "$b" "$c"
	assert_stderr
}

@test "rm-except: the file, and IPC namespaces" {
	requires root mount
	local keep own pid ns form id

	id=$(helper shm 1 as="$user")
	start_helper namespace process size=10
	pid=${ready[1]}
	own=$(ipctool namespaces --no-headings -o ns "$(stat -L -c %i /proc/self/ns/ipc)" | tr -d ' ')
	ns=$(ipctool namespaces --no-headings -o ns "$pid" | tr -d ' ')
	# These are objects there, or in every namespace.
	for form in "shm:0@$ns" "shm:0@${ns%.*}" user:root group:root key:private; do
		keep=$form
		kept --ipc-ns="$pid" --all --force --yes -v shm
		assert_success
		assert_output ''
		assert_stderr "ipctool rm: 1 object is kept by /etc/ipctool/keep
ipctool rm: no object is chosen"
	done
	# These are not.
	for form in shm:0 "shm:0@$own" shm:0@host "shm:$id" "user:$user"; do
		keep=$form
		kept --ipc-ns="$pid" --all --force --dry-run shm
		assert_success
		assert_output --partial "would remove shm:0@$ns"
	done
	# A reference without a namespace is an object of the own one, wherever rm works.
	keep="shm:$id"
	kept --all-namespaces --unattached --yes -v shm
	assert_success
	assert_removals "shm:0@$ns"
	assert_stderr "ipctool rm: 1 object is kept by /etc/ipctool/keep"
	assert_equal "$(left)" "shm:$id"
	keep="shm:$id@$pid"
	kept --all --force --yes
	assert_failure 2
	assert_stderr --partial "/etc/ipctool/keep, line 1: invalid exclusion 'shm:$id@$pid': '$pid': give the namespace as INODE.ID or host"
}

@test "rm-except: a file with a bad line removes nothing" {
	requires root mount
	local a b c d keep

	make_four
	keep=$'shm:99\n\n  user:nobody-here \n'
	kept --all --force --yes
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool rm: /etc/ipctool/keep, line 3: invalid exclusion 'user:nobody-here': unknown user 'nobody-here'; nothing has been removed (--no-keep ignores the file)"
	keep=$'key:0x10 # no comment\n'
	kept --stale --grace=0 --yes
	assert_failure 2
	assert_stderr --partial "/etc/ipctool/keep, line 1: invalid exclusion 'key:0x10 # no comment': "
	assert_equal "$(left | wc -w)" 4
	kept --no-keep --all --yes
	assert_silent
	assert_equal "$(left)" ''
}

@test "rm-except: a file that cannot be read removes nothing" {
	requires root mount
	local a b c d

	make_four
	echo "$a" >"$BATS_TEST_TMPDIR/keep"
	chmod 0 "$BATS_TEST_TMPDIR/keep"
	split "${keep_is[@]}" "$BATS_TEST_TMPDIR/keep" \
		"${by_user[@]}" "$IPCTOOL" rm --alone --all --force --yes
	assert_failure 2
	assert_output ''
	assert_stderr "ipctool rm: cannot open '/etc/ipctool/keep': Permission denied; nothing has been removed (--no-keep ignores the file)"
	rm -f "$BATS_TEST_TMPDIR/keep"
	printf '%s\0\n' "$a" >"$BATS_TEST_TMPDIR/keep"
	split "${keep_is[@]}" "$BATS_TEST_TMPDIR/keep" \
		"$IPCTOOL" rm --alone --all --force --yes
	assert_failure 2
	assert_stderr "ipctool rm: /etc/ipctool/keep, line 1: a NUL byte; nothing has been removed (--no-keep ignores the file)"
	rm "$BATS_TEST_TMPDIR/keep"
	mkdir "$BATS_TEST_TMPDIR/keep"
	# shellcheck disable=SC2154 # set above
	split unshare --mount --propagation unchanged sh -c "${keep_is[6]/cp -p/cp -Rp}" sh \
		"$BATS_TEST_TMPDIR/keep" "$IPCTOOL" rm --alone --all --force --yes
	assert_failure 2
	assert_stderr "ipctool rm: cannot read '/etc/ipctool/keep': Is a directory; nothing has been removed (--no-keep ignores the file)"
	assert_equal "$(left | wc -w)" 4
}

# --- --max ------------------------------------------------------------------------------

@test "rm-except: --max" {
	requires root
	local a b c d max

	make_four
	for max in 0 1 3; do
		tool rm --alone --all --yes --max=$max
		assert_failure 2
		assert_output ''
		assert_stderr "ipctool rm: 4 objects are chosen, more than --max=$max; nothing has been removed"
		tool rm --alone --all --force --dry-run --max=$max
		assert_failure 2
		assert_output ''
	done
	# --max counts neither what --except leaves out nor what a reference names.
	tool rm --alone --all --dry-run --max=2 --except="user:$user"
	assert_success
	assert_stderr
	tool rm --alone --max=0 "$a"
	assert_silent
	tool rm --alone --all --yes -v --max=3
	assert_success
	assert_removals "$d" "$b" "$c"
	# No object is not more than 0.
	tool rm --alone --all --yes --max=0
	assert_silent
	tool rm --all --yes --max=-1
	assert_usage "ipctool rm: --max: invalid number '-1': expected a number from 0 to 18446744073709551615"
	tool rm --all --yes --max=1x
	assert_usage "ipctool rm: --max: invalid number '1x': expected a number from 0 to 18446744073709551615"
}
