/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/stat.h"

#include <stdlib.h>
#include <string.h>

/* A field of proc_pid_stat(5) from 3 on as a number. */
static int64_t
stat_field(const char *text, int field)
{
	const char *p = strrchr(text, ')');

	for (int i = 2; p != NULL && i < field; i++) {
		p = strchr(p, ' ');
		p += p != NULL;
	}
	return p == NULL ? -1 : strtoll(p, NULL, 10);
}

enum {
	FIELD_PARENT = 4,
	FIELD_GROUP = 5,
	FIELD_FLAGS = 9,
	FIELD_THREADS = 20,
	FIELD_CPU = 39,
	FIELD_EXIT_CODE = 52,
	KERNEL_THREAD = 0x00200000, /* PF_KTHREAD of include/linux/sched.h */
};

void
stat_of_thread(struct thread *t, const char *text)
{
	/* The name before may have parentheses. */
	const char *p = strrchr(text, ')');

	if (p == NULL || p[1] == '\0')
		return;
	t->state = p[2];
	t->cpu = stat_field(text, FIELD_CPU);
	if (t->state == 'T')
		t->halt = HALT_SIGNAL;
	else if (t->state == 't')
		t->halt = HALT_TRACER;
}

char
stat_of_process(struct process *p, const char *text)
{
	const char *name = strchr(text, '('), *end = strrchr(text, ')');
	size_t len;

	if (name == NULL || end == NULL || end <= name || end[1] == '\0')
		return '\0';
	len = end - name;
	strlcpy(p->name, name + 1, len < sizeof p->name ? len : sizeof p->name);
	p->parent = stat_field(text, FIELD_PARENT);
	p->group = stat_field(text, FIELD_GROUP);
	p->is_kernel = stat_field(text, FIELD_FLAGS) & KERNEL_THREAD;
	/* The other threads may live on after the main one has ended. */
	p->tasks = stat_tasks(text);
	p->is_zombie = (end[2] == 'Z' || end[2] == 'X') && p->tasks <= 1;
	p->stop_signal = stat_field(text, FIELD_EXIT_CODE) & 0x7f;
	return end[2];
}

int64_t
stat_tasks(const char *text)
{
	return stat_field(text, FIELD_THREADS);
}
