/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/clocks.h"

#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static double
seconds(const struct timespec *t)
{
	return t->tv_sec + t->tv_nsec / 1e9;
}

/* Whether /dev is a devtmpfs, the kernel's own file system, whose times start at boot. */
static bool
dev_is_devtmpfs(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *m;
	bool is = false;

	if (mounts == NULL)
		return false;
	/* The last mount on a directory hides the others. */
	while ((m = getmntent(mounts)) != NULL)
		if (strcmp(m->mnt_dir, "/dev") == 0)
			is = strcmp(m->mnt_type, "devtmpfs") == 0;
	is &= !ferror(mounts);
	endmntent(mounts);
	return is;
}

void
clocks_read(struct clocks *c)
{
	enum { LATE = 60 }; /* maximum seconds from boot to the creation of the link */
	double made;
	struct timespec now, up;
	struct stat fd;

	*c = (struct clocks){ .ticks = sysconf(_SC_CLK_TCK) };
	/* Without a clock, every process seems to have started at the epoch. */
	if (c->ticks <= 0 || clock_gettime(CLOCK_REALTIME, &now) < 0 ||
		clock_gettime(CLOCK_BOOTTIME, &up) < 0) {
		*c = (struct clocks){ .ticks = 100 };
		return;
	}
	c->boot_by_today = seconds(&now) - seconds(&up);
	if (lstat("/dev/fd", &fd) < 0 || !S_ISLNK(fd.st_mode) || !dev_is_devtmpfs())
		return;
	made = seconds(&fd.st_mtim);
	c->then_is_known = made <= c->boot_by_today + LATE;
	/* If the link is younger than boot by the current clock, the clock was not set
	 * forward.  Else it is not known by how much it was set; boot was at most LATE
	 * seconds before the creation of the link. */
	c->boot_by_then = made < c->boot_by_today ? made - LATE : c->boot_by_today;
}

/*
 * Whether, by a clock, the start is certainly after the second of an event.  The kernel
 * takes the time of an event from its coarse clock, which lags behind the one that start
 * times come from: by a tick, and by more on a virtual CPU that does not run.  So a
 * process that uses an object at once after its start can seem to start a second later.
 */
static bool
is_after(double boot, const struct clocks *c, uint64_t ticks, time_t when)
{
	enum { SECOND = 1, LAG = 1 };

	return boot + ticks / c->ticks - (double)when >= SECOND + LAG;
}

enum answer
clocks_started_after(const struct clocks *c, uint64_t ticks, time_t when)
{
	if (!is_after(c->boot_by_today, c, ticks, when))
		return ANSWER_NO;
	if (!c->then_is_known)
		return ANSWER_UNKNOWN;
	return is_after(c->boot_by_then, c, ticks, when) ? ANSWER_YES : ANSWER_NO;
}

time_t
clocks_start(const struct clocks *c, uint64_t ticks)
{
	return (time_t)(c->boot_by_today + ticks / c->ticks);
}
