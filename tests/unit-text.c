/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsers for words: references, modes, owners. */

#include "lib/mode.h"
#include "lib/names.h"
#include "kind/ref.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static void
test_good_refs(void)
{
	static const struct {
		const char *text;
		const char *kind;
		bool by_key;
		uint32_t number;
	} cases[] = {
		{ "shm:0", "shm", false, 0 },
		{ "sem:32769", "sem", false, 32769 },
		{ "msg:2147483647", "msg", false, INT_MAX },
		{ "msg:007", "msg", false, 7 },
		{ "shm:0x1", "shm", true, 1 },
		{ "shm:0x01", "shm", true, 1 },
		{ "sem:0x0052e2c1", "sem", true, 0x52e2c1 },
		{ "sem:0XAbCdEf", "sem", true, 0xabcdef },
		{ "msg:0xffffffff", "msg", true, UINT32_MAX },
		{ "msg:0x80000000", "msg", true, 0x80000000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf cause = { 0 };
		struct ref ref = { 0 };

		if (!is_int(ref_parse(cases[i].text, &ref, &cause), 0, "ref '%s'",
			    cases[i].text))
			continue;
		is_str(ref.kind->name, cases[i].kind, "ref '%s': its kind",
			cases[i].text);
		is_int(ref.by_key, cases[i].by_key, "ref '%s': by key", cases[i].text);
		is_uint(ref.number, cases[i].number, "ref '%s': its number",
			cases[i].text);
		buf_free(&cause);
	}
}

static void
test_bad_refs(void)
{
	static const char *const texts[] = { "", ":", "shm", "shm:", "shm: 1", "shm:1 ",
		" shm:1", "shm :1", "SHM:1", "xshm:1", "sh:1", "shmm:1", ":1", "0",
		"shm:-1", "shm:+1", "shm:2147483648", "shm:4294967296",
		"shm:18446744073709551616", "shm:1x", "shm:x1", "shm:1.0", "shm:1:2",
		"shm:1:", "shm::1", "shm:0x", "shm:0x0", "shm:0x00000000",
		"shm:0x100000000", "shm:0x000000001", "shm:0xg", "shm:0x1 ", "shm:0x-1",
		"shm:0x+1", "shm:0x0x1", "shm:x1", "shm:@1", "@1", "shm@1:2", "shm:/a",
		"shm:1\n", "\xff:1", "shm:\xd9\xa1" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct buf cause = { 0 };
		struct ref ref = { 0 };

		is_int(ref_parse(texts[i], &ref, &cause), -1, "no ref: number %zu", i);
		ok(cause.len > 0, "no ref: number %zu has a cause", i);
		buf_free(&cause);
	}
}

static void
test_ref_text(void)
{
	char text[REF_SIZE];
	struct object o = { .kind = kind_by_name("sem", 3) };

	object_set(&o, FACT_ID, INT_MAX);
	ref_text(&o, text);
	is_str(text, "sem:2147483647", "the text of a reference");
	object_set(&o, FACT_ID, 0);
	ref_text(&o, text);
	is_str(text, "sem:0", "the text of the first reference");
}

/* Whether two objects are the same, which needs more than the same id. */
static void
test_same(void)
{
	static const enum fact telling[] = { FACT_ID, FACT_KEY, FACT_CUID, FACT_CGID,
		FACT_CPID };
	static const enum fact others[] = { FACT_UID, FACT_GID, FACT_MODE, FACT_CTIME,
		FACT_SIZE, FACT_NATTCH, FACT_LPID };
	struct object a = { .kind = kind_by_name("shm", 3) };

	for (enum fact f = 0; f < FACT_SEMAPHORES; f++)
		object_set(&a, f, 100 + f);
	ok(a.kind->same(&a, &a), "an object is the same as itself");
	for (size_t i = 0; i < ARRAY_SIZE(telling); i++) {
		struct object b = a;

		b.fact[telling[i]]++;
		ok(!a.kind->same(&a, &b), "another fact %d is another object",
			(int)telling[i]);
		if (telling[i] == FACT_ID)
			continue;
		b.have &= ~(UINT64_C(1) << telling[i]);
		ok(a.kind->same(&a, &b), "an unknown fact %d is no difference",
			(int)telling[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct object b = a;

		b.fact[others[i]]++;
		ok(a.kind->same(&a, &b), "a changed fact %d is the same object",
			(int)others[i]);
	}
}

/* A directory with a file for each mode, for chmod(1). */
struct files {
	char dir[PATH_MAX];
	char *names[01000];
};

static bool
make_files(struct files *files)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(files->dir, sizeof files->dir, "%s/unit-text.XXXXXX",
		tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(files->dir) == NULL || chdir(files->dir) < 0)
		return false;
	for (unsigned mode = 0; mode < ARRAY_SIZE(files->names); mode++) {
		int fd;

		if (asprintf(&files->names[mode], "%04o", mode) < 0)
			return false;
		fd = open(files->names[mode], O_CREAT | O_WRONLY, 0600);
		if (fd < 0)
			return false;
		close(fd);
	}
	return true;
}

static void
remove_files(struct files *files)
{
	for (unsigned mode = 0; mode < ARRAY_SIZE(files->names); mode++) {
		unlink(files->names[mode]);
		free(files->names[mode]);
	}
	rmdir(files->dir);
}

/* Sets the mode of each file to its name, and changes all of them with chmod(1). */
static bool
run_chmod(const struct files *files, const char *change)
{
	const char *args[ARRAY_SIZE(files->names) + 4] = { "chmod", "--", change };
	int status;
	pid_t pid;

	for (unsigned mode = 0; mode < ARRAY_SIZE(files->names); mode++) {
		args[mode + 3] = files->names[mode];
		if (chmod(files->names[mode], mode) < 0)
			return false;
	}
	pid = fork();
	if (pid == 0) {
		execvp(args[0], (char *const *)args);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

/* The number of modes for which mode_apply() and chmod(1) differ. */
static unsigned
count_differences(const struct files *files, const struct mode_change *change)
{
	unsigned differences = 0;

	for (unsigned mode = 0; mode < ARRAY_SIZE(files->names); mode++) {
		struct stat st;

		if (stat(files->names[mode], &st) < 0 ||
			(st.st_mode & 07777) != mode_apply(change, mode))
			differences++;
	}
	return differences;
}

/* Without u, g, o or a, chmod(1) applies the umask, so it gets an a. */
static void
test_modes(void)
{
	static const struct {
		const char *text;
		const char *for_chmod; /* NULL for the same */
	} cases[] = {
		{ "0" },
		{ "600" },
		{ "0640" },
		{ "777" },
		{ "0000000777" },
		{ "u+r" },
		{ "u+rwx" },
		{ "g-w" },
		{ "o=r" },
		{ "a=" },
		{ "ug=rw,o=" },
		{ "u+rw,g-w" },
		{ "ugo-x" },
		{ "a+X" },
		{ "u+X,g-x" },
		{ "a-X" },
		{ "go-rwX" },
		{ "=rX", "a=rX" },
		{ "u=rwX,g-X" },
		{ "-X", "a-X" },
		{ "go=u" },
		{ "u=g" },
		{ "o+g" },
		{ "g-o" },
		{ "u=rwx,g=u-w,o=" },
		{ "a+r-w" },
		{ "u-r+w=x" },
		{ "u+r,u-r" },
		{ "go+rw,a-w" },
		{ "+r", "a+r" },
		{ "-rwx", "a-rwx" },
		{ "=rw", "a=rw" },
		{ "=", "a=" },
		{ "+X", "a+X" },
		{ "+r,u-w,-x", "a+r,u-w,a-x" },
		{ "=u", "a=u" },
	};
	struct files files = { { 0 } };

	if (!make_files(&files)) {
		skip("no files in a temporary directory: %s", strerror(errno));
		return;
	}
	umask(027);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *text = cases[i].text;
		struct buf cause = { 0 };
		struct mode_change *change = mode_parse(text, &cause);

		if (!ok(change != NULL, "mode '%s'", text))
			continue;
		if (run_chmod(&files,
			    cases[i].for_chmod != NULL ? cases[i].for_chmod : text))
			is_uint(count_differences(&files, change), 0,
				"mode '%s' is what chmod(1) makes of it", text);
		else
			skip("chmod(1) does not take '%s'", text);
		free(change);
		buf_free(&cause);
	}
	remove_files(&files);
}

static void
test_bad_modes(void)
{
	static const char *const texts[] = { "", " ", "8", "08", "1000", "01000", "04600",
		"7777", "600 ", " 600", "0x1ff", "-1", "+600", "=7",
		"99999999999999999999", "200000000000000000000000777", "u", "rw", "u+s",
		"g+s", "+t", "a=t", "u+rwxs", "u+q", "x+y", "u+r,", ",u+r", "u+r,,g+r",
		"u +r", "u+ r", "u+r g+r", "u~r", "u+R", "U+r" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct buf cause = { 0 };
		struct mode_change *change = mode_parse(texts[i], &cause);

		ok(change == NULL, "no mode: '%s'", texts[i]);
		ok(cause.len > 0, "no mode: '%s' has a cause", texts[i]);
		free(change);
		buf_free(&cause);
	}
}

/* The umask does not change the meaning of a mode, and parsing a mode does not change the
 * umask. */
static void
test_umasks(void)
{
	unsigned wrong = 0, changed = 0;

	for (unsigned mask = 0; mask < 01000; mask++) {
		struct buf cause = { 0 };
		struct mode_change *all, *none;

		umask(mask);
		all = mode_parse("+rwx", &cause);
		none = mode_parse("-rwx", &cause);
		if (mode_apply(all, 0) != 0777 || mode_apply(none, 0777) != 0)
			wrong++;
		if (umask(mask) != mask)
			changed++;
		free(all);
		free(none);
	}
	is_uint(wrong, 0, "+rwx and -rwx under every umask");
	is_uint(changed, 0, "every umask is as it was");
	umask(022);
}

/* Uses numbers for ids without a name here; the names are those of this machine. */
static void
test_owners(void)
{
	static const struct {
		const char *text;
		int rc;
		uid_t uid; /* 7 and 8 if not given */
		gid_t gid;
	} cases[] = {
		{ "3999999999", 0, 3999999999u, 8 },
		{ "3999999999:3999999998", 0, 3999999999u, 3999999998u },
		{ ":3999999998", 0, 7, 3999999998u },
		{ "4294967294:4294967294", 0, 4294967294u, 4294967294u },
		{ "", -1 },
		{ ":", -1 },
		{ "4294967295", -1 },
		{ ":4294967295", -1 },
		{ "4294967296", -1 },
		{ "-1", -1 },
		{ "+1", -1 },
		{ " 1", -1 },
		{ "1 ", -1 },
		{ "0x1", -1 },
		{ "no-such-user-here", -1 },
		{ ":no-such-group-here", -1 },
		{ "3999999999:", -1 },
		{ "1:2:3", -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf cause = { 0 };
		uid_t uid = 7;
		gid_t gid = 8;
		int rc = names_parse_owner(cases[i].text, &uid, &gid, &cause);

		is_int(rc, cases[i].rc, "owner '%s'", cases[i].text);
		if (rc < 0) {
			ok(cause.len > 0, "owner '%s' has a cause", cases[i].text);
		} else {
			is_uint(uid, cases[i].uid, "owner '%s': user", cases[i].text);
			is_uint(gid, cases[i].gid, "owner '%s': group", cases[i].text);
		}
		buf_free(&cause);
	}
}

/* One owner by name. */
static void
test_name(const char *format, const char *name, uid_t wanted_uid, gid_t wanted_gid)
{
	struct buf text = { 0 }, cause = { 0 };
	uid_t uid = 7;
	gid_t gid = 8;

	buf_printf(&text, "%s%s%s", *format == ':' ? ":" : "", name,
		*format == 'u' ? ":" : "");
	is_int(names_parse_owner(buf_text(&text), &uid, &gid, &cause), 0, "owner '%s'",
		buf_text(&text));
	is_uint(uid, wanted_uid, "owner '%s': user", buf_text(&text));
	is_uint(gid, wanted_gid, "owner '%s': group", buf_text(&text));
	buf_free(&text);
	buf_free(&cause);
}

static void
test_names(void)
{
	const struct passwd *pw = getpwuid(0);
	const struct group *gr = getgrgid(0);
	char user[64], group[64];
	gid_t login;

	if (pw == NULL || gr == NULL) {
		skip("the user nobody does not have the number 0");
		return;
	}
	/* The next look-up overwrites the names. */
	snprintf(user, sizeof user, "%s", pw->pw_name);
	snprintf(group, sizeof group, "%s", gr->gr_name);
	login = pw->pw_gid;
	test_name("", user, 0, 8);
	test_name("user:", user, 0, login);
	test_name(":group", group, 7, 0);
}

int
main(void)
{
	test_good_refs();
	test_bad_refs();
	test_ref_text();
	test_same();
	test_modes();
	test_bad_modes();
	test_umasks();
	test_owners();
	test_names();
	return done_testing();
}
