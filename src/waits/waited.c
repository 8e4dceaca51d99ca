/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/waited.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/file.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "waits/read.h"

/* The milliseconds of "se.exec_start : 974306.131229" in a file; negative if it cannot be
 * read. */
static double
read_exec_start(const char *path)
{
	char text[1024];
	const char *p;

	if (file_read(path, text, sizeof text) < 0)
		return -1;
	p = strstr(text, "se.exec_start");
	p = p == NULL ? NULL : strchr(p, ':');
	return p == NULL ? -1 : strtod(p + 1, NULL);
}

/* Removes the CPUs of a list as "1-3,5" from the set. */
static void
remove_cpus(cpu_set_t *set, const char *path)
{
	char text[1024];
	const char *p = text;
	uint64_t first, last;

	if (file_read(path, text, sizeof text) < 0)
		return;
	while (num_scan(&p, 10, CPU_SETSIZE - 1, &first) == 0) {
		last = first;
		if (*p == '-') {
			p++;
			num_scan(&p, 10, CPU_SETSIZE - 1, &last);
		}
		for (; first <= last; first++)
			CPU_CLR(first, set);
		p += *p == ',';
	}
}

struct order {
	int cpu;
	size_t thread;
};

static int
compare_cpus(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	return x->cpu - y->cpu;
}

/* Reads the clock of a CPU: the time at which we start to run on it after a sleep. */
static double
read_clock(int cpu)
{
	const struct timespec moment = { 0, 1000 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof one, &one) < 0)
		return -1;
	nanosleep(&moment, NULL);
	return read_exec_start("/proc/thread-self/sched");
}

static void
measure(struct world *w, struct thread *t, double clock)
{
	char path[READ_PATH];
	double start;

	snprintf(path, sizeof path, "/proc/%d/task/%d/sched",
		(int)world_process_of(w, t)->pid, (int)t->tid);
	start = read_exec_start(path);
	if (clock >= 0 && start >= 0 && clock >= start)
		t->waited = (clock - start) / 1000;
}

void
waited_find(struct world *w, const bool *wanted)
{
	struct order *order = xcalloc(w->threads_count + 1, sizeof *order);
	cpu_set_t ours, usable;
	size_t count = 0;
	double clock = -1;

	for (size_t i = 0; i < w->threads_count; i++)
		if (wanted[i] && w->threads[i].cpu >= 0 &&
			w->threads[i].cpu < CPU_SETSIZE)
			order[count++] = (struct order){ w->threads[i].cpu, i };
	if (count > 0)
		qsort(order, count, sizeof *order, compare_cpus);
	if (count == 0 || sched_getaffinity(0, sizeof ours, &ours) < 0) {
		free(order);
		return;
	}
	usable = ours;
	remove_cpus(&usable, "/sys/devices/system/cpu/isolated");
	remove_cpus(&usable, "/sys/devices/system/cpu/nohz_full");
	for (size_t i = 0; i < count; i++) {
		if (!CPU_ISSET(order[i].cpu, &usable))
			continue;
		if (i == 0 || order[i].cpu != order[i - 1].cpu)
			clock = read_clock(order[i].cpu);
		measure(w, &w->threads[order[i].thread], clock);
	}
	sched_setaffinity(0, sizeof ours, &ours);
	free(order);
}
