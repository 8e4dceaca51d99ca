#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What contrib has for many machines: the units of systemd, the epilogue for Slurm and the role
# for Ansible, run with real objects.

load common
load life
load posix

contrib=$IPCTOOL_SRCDIR/contrib

# The program as it is on a host, in the initial PID namespace, and a day later, when what was
# left behind has been quiet for long enough.
setup()
{
	requires root
	start_shm
	mkdir "$BATS_TEST_TMPDIR/bin"
	with_preload PRELOAD_SHIFT=90000
	# shellcheck disable=SC2016 # the script's own
	printf '%s\n' '#!/bin/sh' \
		'case $1 in list | rm | limits) set -- "$@" --alone ;; esac' \
		"exec ${inside[*]} '$IPCTOOL' \"\$@\"" >"$BATS_TEST_TMPDIR/bin/ipctool"
	chmod 755 "$BATS_TEST_TMPDIR/bin/ipctool"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	conf=$BATS_TEST_TMPDIR/clean.conf
}

# left_by UID : the references of what this user now leaves behind: an object of each type of
# System V, and one in /dev/shm; in left.
left_by()
{
	local user=$1

	left="msg:$(used_msg) pshm:/of-$user sem:$(used_sem) shm:$(used_shm)"
	file "of-$user" 4096 0600 "$user"
}

assert_there()
{
	assert_equal "$(refs all)" "$*"
}

# --- Slurm ------------------------------------------------------------------------------

# epilogue UID NAME : runs the epilogue after a job of this user. It never fails, and all that
# it says is for the log.
epilogue()
{
	command -v pgrep >/dev/null || skip "needs pgrep"
	split env SLURM_JOB_UID="$1" SLURM_JOB_USER="$2" sh "$contrib/slurm/epilog-ipctool"
	assert_success
	assert_output ''
}

@test "contrib: the epilogue removes what the job's user left behind, and nothing else" {
	left_by "$user"
	local of_user=$left ref

	left_by "$other"
	epilogue "$user" ''
	assert_there "$left"
	for ref in $of_user; do
		assert_stderr --partial "removed $ref "
	done
	# Once more, where nothing is left.
	epilogue "$user" ''
	assert_there "$left"
	refute [ -z "$stderr" ]
}

@test "contrib: the epilogue waits for the last process of the user" {
	left_by "$user"
	start_helper as "$user" crowd 0
	epilogue "$user" ''
	assert_stderr
	assert_there "$left"
	end_helper
	epilogue "$user" ''
	assert_there ''
}

@test "contrib: the epilogue keeps what a process uses, and what was used just now" {
	left_by "$user"
	start_helper use-file "/dev/shm/of-$user" mapped-rw
	epilogue "$user" ''
	assert_there "pshm:/of-$user"
	end_helper
	# Now, for the program too.
	with_preload PRELOAD_SHIFT=0
	sed -i "s/PRELOAD_SHIFT=[0-9]*/PRELOAD_SHIFT=0/" "$BATS_TEST_TMPDIR/bin/ipctool"
	epilogue "$user" ''
	assert_there "pshm:/of-$user"
}

@test "contrib: the epilogue knows the user of the job" {
	left_by "$user"
	epilogue '' nobody
	assert_stderr "epilog-ipctool: SLURM_JOB_UID is '', expected the number of a user; nothing is removed"
	epilogue 12x ''
	assert_stderr "epilog-ipctool: SLURM_JOB_UID is '12x', expected the number of a user; nothing is removed"
	epilogue "$user" nobody
	assert_stderr "epilog-ipctool: the user 'nobody' of SLURM_JOB_USER does not have the number $user; nothing is removed"
	epilogue 0 root
	assert_stderr "epilog-ipctool: the job was root's; nothing is removed"
	assert_there "$left"
	left_by 65534
	epilogue 65534 "$(id -nu 65534)"
	assert_equal "$(refs all --user=65534)" ''
}

@test "contrib: the epilogue removes nothing where it cannot see the processes" {
	left_by "$user"
	printf '%s\n' '#!/bin/sh' 'exit 3' >"$BATS_TEST_TMPDIR/bin/pgrep"
	chmod 755 "$BATS_TEST_TMPDIR/bin/pgrep"
	epilogue "$user" ''
	assert_there "$left"
}

# --- systemd ----------------------------------------------------------------------------

# unit_caps UNIT : the capabilities of a unit, as setpriv takes them.
unit_caps()
{
	sed -n 's/^CapabilityBoundingSet=//p' "$contrib/systemd/$1" | tr ' ' '\n' |
		sed 's/^CAP_/+/' | tr 'A-Z\n' 'a-z,' | sed 's/,$//'
}

# clean : runs what ipctool-clean.service runs, with its capabilities.
clean()
{
	split setpriv --bounding-set="-all,$(unit_caps ipctool-clean.service.in)" \
		--inh-caps=-all --no-new-privs "$contrib/systemd/ipctool-clean" "$conf"
}

@test "contrib: ipctool-clean removes the stale objects of the users in its file" {
	left_by 12347
	local of_third=$left

	left_by "$user"
	local of_user=$left ref

	left_by "$other"
	printf '%s\n' '# batch users' '' "$user" "  $other" >"$conf"
	clean
	assert_success
	assert_stderr
	for ref in $of_user $left; do
		assert_output --partial "removed $ref "
	done
	assert_there "$of_third"
	# Without the end of the line.
	printf 12347 >"$conf"
	clean
	assert_success
	assert_there ''
}

@test "contrib: ipctool-clean keeps what a living process may know" {
	start_helper as "$user" crowd 0
	left_by "$user"
	echo "$user" >"$conf"
	clean
	assert_success
	assert_output ''
	assert_there "$left"
	end_helper
	clean
	assert_success
	assert_there ''
}

# clean_says STATUS TEXT : it removes nothing, and says why.
clean_says()
{
	clean
	assert_failure "$1"
	assert_output ''
	assert_stderr_line --index 0 "$2"
}

@test "contrib: ipctool-clean removes nothing without users, and with what is no user" {
	left_by "$user"
	: >"$conf"
	clean
	assert_success
	assert_output ''
	assert_stderr "ipctool-clean: $conf names no user; nothing is removed"
	echo '# none' >"$conf"
	clean
	assert_success
	assert_stderr "ipctool-clean: $conf names no user; nothing is removed"
	echo "$user $other" >"$conf"
	clean_says 2 "ipctool-clean: $conf: '$user $other': expected one user on each line"
	printf '%s\n' "$user" nosuchuser >"$conf"
	clean_says 2 "ipctool rm: --user: unknown user 'nosuchuser'"
	echo --all >"$conf"
	clean_says 2 "ipctool rm: --user: unknown user '--all'"
	rm "$conf"
	clean
	assert_failure 2
	assert_there "$left"
}

@test "contrib: ipctool-metrics writes all metrics at once, or leaves the file alone" {
	local unit=$contrib/systemd/ipctool-metrics.service command

	left_by "$user"
	mkdir "$BATS_TEST_TMPDIR/metrics"
	chown 65534:65534 "$BATS_TEST_TMPDIR/metrics"
	command=$(sed -n "s/^ExecStart=.* -c '\(.*\)'$/\1/p" "$unit")
	cd "$BATS_TEST_TMPDIR/metrics"
	split setpriv --bounding-set="-all,$(unit_caps ipctool-metrics.service)" \
		--inh-caps=-all --no-new-privs sh -c "$command"
	assert_success
	assert_equal "$(ls)" ipc.prom
	assert_equal "$(stat -c %a ipc.prom)" 644
	# What root with all capabilities sees.
	assert_equal "$(cat ipc.prom)" "$("$BATS_TEST_TMPDIR/bin/ipctool" limits --format=prometheus)"
	cp ipc.prom before
	printf '%s\n' '#!/bin/sh' 'echo half' 'exit 2' >"$BATS_TEST_TMPDIR/bin/ipctool"
	split sh -c "$command"
	assert_failure 2
	cmp ipc.prom before
}

@test "contrib: systemd finds no fault in the units" {
	command -v systemd-analyze >/dev/null || skip "needs systemd-analyze"
	local units=$BATS_TEST_TMPDIR/units

	mkdir "$units"
	cp "$contrib"/systemd/*.timer "$contrib/systemd/ipctool-metrics.service" "$units"
	sed "s|@pkglibexecdir@|$contrib/systemd|" "$contrib/systemd/ipctool-clean.service.in" \
		>"$units/ipctool-clean.service"
	split systemd-analyze verify --man=no "$units"/*
	assert_success
	assert_output ''
	assert_stderr
}

# --- Ansible ----------------------------------------------------------------------------

# play ARG... : runs the playbook on this machine.
play()
{
	split env HOME="$BATS_TEST_TMPDIR" ANSIBLE_HOME="$BATS_TEST_TMPDIR/ansible" \
		ANSIBLE_LOCALHOST_WARNING=false ansible-playbook -i localhost, -c local \
		-e ansible_become=false -e ansible_python_interpreter="$(command -v python3)" \
		-e ipctool_stale_program="$BATS_TEST_TMPDIR/bin/ipctool" "$@" \
		"$contrib/ansible/stale.yml"
}

# assert_played CHANGED : success, and so many tasks have changed something.
assert_played()
{
	assert_success
	assert_line --regexp "^localhost .* changed=$1 .* failed=0 "
}

@test "contrib: the role for Ansible reports, and removes only on request and once" {
	command -v ansible-playbook >/dev/null || skip "needs ansible-playbook"
	left_by "$other"
	local of_other=$left ref

	left_by "$user"
	play -e ipctool_stale_report_dir="$BATS_TEST_TMPDIR"
	assert_played 0
	for ref in $of_other $left; do
		assert_output --partial "\"ref\": \"$ref\""
	done
	assert_equal "$(jq -r '[.objects[].ref] | sort | join(" ")' \
		"$BATS_TEST_TMPDIR/localhost.json")" "$(refs all)"
	# Check mode.
	play -e ipctool_stale_remove=true -e "{ipctool_stale_users: ['$user']}" --check
	assert_played 1
	assert_equal "$(refs all | wc -w)" 8
	# More than are expected.
	play -e ipctool_stale_remove=true -e ipctool_stale_max=7
	assert_failure 2
	assert_equal "$(refs all | wc -w)" 8
	play -e ipctool_stale_remove=true -e "{ipctool_stale_users: ['$user']}"
	assert_played 1
	assert_there "$of_other"
	play -e ipctool_stale_remove=true -e "{ipctool_stale_users: ['$user']}"
	assert_played 0
	assert_there "$of_other"
}
