/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Loaded into ipctool with LD_PRELOAD by tests: another time of day, a stop at a chosen call,
 * and calls that fail.  Built by build_preload() of tests/preload.bash.
 *
 *	PRELOAD_SHIFT=SECONDS	the clock is so much ahead
 *	PRELOAD_STOP=CALL:PATH:N	before the Nth call writes a line to the FIFO PRELOAD_OUT, and
 *			goes on after one from the FIFO PRELOAD_IN
 *	PRELOAD_FAIL=CALL:PATH:N:ERRNO	the Nth call and all after it fail, errno as a number
 *
 * CALL is opendir, readdir or closedir with the PATH of the directory; sleep with the PATH
 * "-": clock_nanosleep(2); setlease or getlease with "-": fcntl(2); rename, unlink, link,
 * chmod, pread or pwrite with "-": renameat2(2), unlinkat(2), linkat(2) ...; statx, readlink
 * or fstatat with the PATH of the file; mqattr with "-": mq_getattr(3); or sigbus with "-":
 * sigaction(2) of that signal.
 */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DIRS = 16 };

/* The directories that are open. */
static struct {
	DIR *dir;
	char path[64];
} dirs[DIRS];

static const char *
path_of(DIR *dir)
{
	for (size_t i = 0; i < DIRS; i++)
		if (dirs[i].dir == dir)
			return dirs[i].path;
	return "";
}

/* Whether a variable describes this call; if so, stores the text after N in *rest. */
static int
is_chosen(const char *variable, unsigned *count, const char *call, const char *path,
	int later, const char **rest)
{
	const char *p = getenv(variable);
	size_t length = strlen(call), path_length = strlen(path);
	unsigned long wanted;
	char *end;

	if (p == NULL || strncmp(p, call, length) != 0 || p[length] != ':' ||
		strncmp(p + length + 1, path, path_length) != 0 ||
		p[length + 1 + path_length] != ':')
		return 0;
	wanted = strtoul(p + length + 1 + path_length + 1, &end, 10);
	*rest = *end == ':' ? end + 1 : end;
	++*count;
	return *count == wanted || (later && *count > wanted);
}

static void
stop(void)
{
	int out = open(getenv("PRELOAD_OUT"), O_WRONLY | O_CLOEXEC);
	int in;
	char byte;

	if (out < 0 || write(out, "stopped\n", 8) != 8)
		_exit(125);
	close(out);
	in = open(getenv("PRELOAD_IN"), O_RDONLY | O_CLOEXEC);
	if (in < 0 || read(in, &byte, 1) != 1)
		_exit(125);
	close(in);
}

/* Stops if a variable asks for it at this call.  -1 with errno if the call is to fail. */
static int
before(const char *call, const char *path)
{
	static unsigned stops, failures;
	const char *rest;

	if (is_chosen("PRELOAD_STOP", &stops, call, path, 0, &rest))
		stop();
	if (!is_chosen("PRELOAD_FAIL", &failures, call, path, 1, &rest))
		return 0;
	errno = atoi(rest);
	return -1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

DIR *
opendir(const char *path)
{
	DIR *dir;

	if (before("opendir", path) < 0)
		return NULL;
	dir = NEXT(opendir)(path);
	for (size_t i = 0; i < DIRS && dir != NULL; i++)
		if (dirs[i].dir == NULL) {
			dirs[i].dir = dir;
			snprintf(dirs[i].path, sizeof dirs[i].path, "%s", path);
			break;
		}
	return dir;
}

struct dirent *
readdir(DIR *dir)
{
	return before("readdir", path_of(dir)) < 0 ? NULL : NEXT(readdir)(dir);
}

int
closedir(DIR *dir)
{
	before("closedir", path_of(dir));
	for (size_t i = 0; i < DIRS; i++)
		if (dirs[i].dir == dir)
			dirs[i].dir = NULL;
	return NEXT(closedir)(dir);
}

/* Whether a lease call goes on. */
static int
before_fcntl(int command)
{
	if (command == F_SETLEASE)
		return before("setlease", "-");
	return command == F_GETLEASE ? before("getlease", "-") : 0;
}

/* The C library has two names for it. */
#define FCNTL(name) \
	int name(int fd, int command, ...) \
	{ \
		va_list args; \
		long arg; \
\
		va_start(args, command); \
		arg = va_arg(args, long); \
		va_end(args); \
		return before_fcntl(command) < 0 ? -1 : NEXT(name)(fd, command, arg); \
	}

FCNTL(fcntl)
#undef fcntl64
extern int fcntl64(int fd, int command, ...);
FCNTL(fcntl64)

int
renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	if (before("rename", "-") < 0)
		return -1;
	return NEXT(renameat2)(from, old, to, new, flags);
}

int
unlinkat(int dir, const char *path, int flags)
{
	return before("unlink", "-") < 0 ? -1 : NEXT(unlinkat)(dir, path, flags);
}

int
linkat(int from, const char *old, int to, const char *new, int flags)
{
	return before("link", "-") < 0 ? -1 : NEXT(linkat)(from, old, to, new, flags);
}

/* These have two names as well. */
#define PREAD(name) \
	ssize_t name(int fd, void *data, size_t size, off_t offset) \
	{ \
		return before("pread", "-") < 0 ? -1 \
						: NEXT(name)(fd, data, size, offset); \
	}
#define PWRITE(name) \
	ssize_t name(int fd, const void *data, size_t size, off_t offset) \
	{ \
		return before("pwrite", "-") < 0 ? -1 \
						 : NEXT(name)(fd, data, size, offset); \
	}

PREAD(pread)
PREAD(pread64)
PWRITE(pwrite)
PWRITE(pwrite64)

int
chmod(const char *path, mode_t mode)
{
	return before("chmod", "-") < 0 ? -1 : NEXT(chmod)(path, mode);
}

int
statx(int dir, const char *restrict path, int flags, unsigned mask,
	struct statx *restrict st)
{
	return before("statx", path) < 0 ? -1 : NEXT(statx)(dir, path, flags, mask, st);
}

int
fstatat(int dir, const char *restrict path, struct stat *restrict st, int flags)
{
	return before("fstatat", path) < 0 ? -1 : NEXT(fstatat)(dir, path, st, flags);
}

int
mq_getattr(mqd_t queue, struct mq_attr *attr)
{
	return before("mqattr", "-") < 0 ? -1 : NEXT(mq_getattr)(queue, attr);
}

ssize_t
readlink(const char *restrict path, char *restrict text, size_t size)
{
	return before("readlink", path) < 0 ? -1 : NEXT(readlink)(path, text, size);
}

int
sigaction(int signo, const struct sigaction *restrict new, struct sigaction *restrict old)
{
	return signo == SIGBUS && before("sigbus", "-") < 0
		? -1
		: NEXT(sigaction)(signo, new, old);
}

static long
shift(void)
{
	const char *text = getenv("PRELOAD_SHIFT");

	return text == NULL ? 0 : atol(text);
}

int
clock_gettime(clockid_t clock, struct timespec *t)
{
	int rc = NEXT(clock_gettime)(clock, t);

	if (rc == 0 && clock == CLOCK_REALTIME)
		t->tv_sec += shift();
	return rc;
}

time_t
time(time_t *t)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (t != NULL)
		*t = now.tv_sec;
	return now.tv_sec;
}

int
clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *t, struct timespec *left)
{
	before("sleep", "-");
	return NEXT(clock_nanosleep)(clock, flags, t, left);
}
