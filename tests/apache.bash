# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the tests use what is set here; run sets the rest
#
# Apache with one process for each worker. It replaces the workers all the time, and has three
# semaphore sets: `busy`, the accept mutex; `rare`, the mutex of a rewrite map, which a worker
# used once that has ended; and `never`, the mutex of the TLS session cache, which no worker
# ever used. All sets are private and belong to www-data. Root's master process created them.
# The process that created `never` has ended, because the master then went into the background.
#
# Loaded after common and real.

setup()
{
	requires root python apache
	modules=/usr/lib/apache2/modules
	site=$BATS_TEST_TMPDIR/site
	timeout=$((20 + looks))
}

# configure REQUESTS : a worker is replaced after this number of requests.
configure()
{
	mkdir "$site"
	cat >"$site/conf" <<-C
		ServerName localhost
		ServerRoot $site
		DefaultRuntimeDir $site
		DocumentRoot $site
		PidFile $site/pid
		ErrorLog $site/log
		Listen 127.0.0.1:8001
		Listen 127.0.0.1:8002
		User www-data
		Group www-data
		Mutex sysvsem default
		LoadModule mpm_prefork_module $modules/mod_mpm_prefork.so
		LoadModule authz_core_module $modules/mod_authz_core.so
		LoadModule rewrite_module $modules/mod_rewrite.so
		LoadModule socache_shmcb_module $modules/mod_socache_shmcb.so
		LoadModule ssl_module $modules/mod_ssl.so
		SSLSessionCache shmcb:$site/cache(65536)
		RewriteEngine on
		RewriteMap map prg:/bin/cat
		RewriteCond \${map:there} =there
		RewriteRule ^/rare$ - [R=204]
		StartServers 3
		MinSpareServers 1
		MaxSpareServers 3
		MaxConnectionsPerChild $1
	C
}

# start_site : starts the server as its init script does, and waits until it serves.
start_site()
{
	"${inside[@]}" apache2 -f "$site/conf" 3>&-
	until_true serves
}

serves()
{
	request >/dev/null
}

# request [PATH] : prints the status of the answer.
request()
{
	"${inside[@]}" curl -s -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:8001/${1:-}"
}

# start_load : sends requests without a pause, until end_load or the end of the test.
start_load()
{
	# shellcheck disable=SC2016 # the inner shell's own
	"${inside[@]}" sh -c 'while ! [ -e "$0" ]; do
			curl -s -m 5 -o /dev/null http://127.0.0.1:8001/ http://127.0.0.1:8002/
		done' "$site/enough" </dev/null >/dev/null 2>&1 3>&- &
	load=$!
}

end_load()
{
	touch "$site/enough"
	wait "$load"
	rm "$site/enough"
	until_true settled
}

# There are workers, and they live longer than the master takes to reap and replace one.
settled()
{
	local before

	before=$(processes_of 33)
	sleep 1.5
	[ -n "$before" ] && [ "$before" = "$(processes_of 33)" ]
}

# sets USED : the references of the sets that have been used, or have not.
sets()
{
	awk -v "used=$1" 'NR > 1 && ($9 > 0) == used { print "sem:" $2 }' /proc/sysvipc/sem
}

# name_sets [REF...] : finds out which set is which; these sets are left out.
name_sets()
{
	busy=$(sets 1 | without "$@")
	assert_equal "$(request rare)" 204
	never=$(sets 0 | without "$@")
	rare=$(sets 1 | without "$@" "$busy")
	assert_equal "$(wc -w <<<"$busy $rare $never")" 3
}

# without REF... : the references in the input except these.
without()
{
	grep -vxF "${@/#/-e}" -e '' || true
}

# has_new_sets REF : there are three sets; this is one of them, and the others are new.
has_new_sets()
{
	local id now

	now=$(objects)
	[ "$(wc -w <<<"$now")" -eq 3 ] || return
	for id in $old; do
		[ "$id" = "$1" ] || [[ " $now " != *" $id "* ]] || return
	done
}

# signal_master SIGNAL
signal_master()
{
	# shellcheck disable=SC2016 # the inner shell's own
	"${inside[@]}" sh -c 'kill -s "$0" "$(cat "$1")"' "$1" "$site/pid"
}

# The master has ended, and was reaped.
no_master()
{
	# shellcheck disable=SC2016 # the inner shell's own
	"${inside[@]}" sh -c '! [ -e "/proc/$(cat "$0")" ]' "$site/pid"
}

# None of these workers is left.
replaced()
{
	[ -z "$(comm -12 <(sort <<<"$1") <(processes_of 33 | sort))" ]
}

# replace_workers : puts load on the server until every worker is younger than the sets by
# more than the margin of the rule.
replace_workers()
{
	sleep 3
	until_true replaced "$(processes_of 33)"
}

# still_used : the sets of the running server are not stale, and rm by conditions does not
# remove them, with a margin for which all present workers are too young, but not the master.
still_used()
{
	verdicts "$quick" --alone --grace=0 "$busy=false/*" "$rare=false/may-know" \
		"$never=false/may-know"
	kept "$quick" rm --stale --alone --grace=0 --yes
	kept "$quick" rm --stale --grace=0 --yes
	# What a worker waits on is not idle.
	refused "$rare" "$never" -- "$quick" rm "$rare" "$never" --idle=0 --alone --yes
	refused "$busy" -- "$quick" rm "$busy" --user=www-data --alone --yes
	assert_equal "$(request)" 403
}
