/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Measures the run of a program. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void
run(char **argv)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		err(126, "/dev/null");
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

static double
seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int
measure(int argc, char **argv)
{
	struct timespec before, after;
	struct rusage used;
	int status;
	pid_t pid;

	if (argc < 3 || strcmp(argv[1], "--") != 0)
		usage("measure: no command behind --");
	clock_gettime(CLOCK_MONOTONIC, &before);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0)
		run(argv + 2);
	while (wait4(pid, &status, 0, &used) < 0)
		if (errno != EINTR)
			err(1, "wait4");
	clock_gettime(CLOCK_MONOTONIC, &after);
	printf("%.6f %.6f %ld\n",
		(double)(after.tv_sec - before.tv_sec) +
			(double)(after.tv_nsec - before.tv_nsec) / 1e9,
		seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
