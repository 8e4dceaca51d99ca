/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/naming.h"

#include <inttypes.h>

#include "process/proc.h"

void
naming_process(const struct context *c, pid_t pid, const char *before, struct buf *b)
{
	struct buf name = { 0 };

	buf_printf(b, "%s%d", before, (int)pid);
	if (c->proc_is_ours && proc_command(pid, &name) == 0)
		buf_printf(b, " (%s)", buf_text(&name));
	buf_free(&name);
}

size_t
naming_count(const struct use *uses, size_t count)
{
	size_t processes = 0;

	for (size_t i = 0; i < count; i++)
		processes += i == 0 || uses[i].pid != uses[i - 1].pid;
	return processes;
}

void
naming_list(const struct context *c, const struct use *uses, size_t count, struct buf *b)
{
	size_t named = 0;

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && uses[i].pid == uses[i - 1].pid)
			continue;
		if (named++ < NAMED_MAX)
			naming_process(c, uses[i].pid, named == 1 ? "" : ", ", b);
	}
	if (named > NAMED_MAX)
		buf_printf(b, " and %zu more", named - NAMED_MAX);
}

void
naming_users(const struct context *c, const struct use *uses, size_t count, struct buf *b)
{
	if (count > 0)
		buf_str(b, ": ");
	naming_list(c, uses, count, b);
}

void
naming_waiting(const struct use *uses, size_t count, struct buf *b)
{
	size_t processes = naming_count(uses, count);

	buf_printf(b, "%zu process%s on it", processes,
		processes == 1 ? " waits" : "es wait");
}

void
naming_attached(
	const struct context *c, struct scan *scan, const struct object *o, struct buf *b)
{
	uint64_t nattch = o->fact[FACT_NATTCH];
	uint64_t found = 0;
	size_t count, processes;
	const struct use *uses = scan_uses(scan, o, &count);

	for (size_t i = 0; i < count; i++)
		found += uses[i].count;
	processes = naming_count(uses, count);
	if (processes > 0 && found == nattch)
		buf_printf(b, "%zu process%s attached", processes,
			processes == 1 ? "" : "es");
	else
		buf_printf(b, "%" PRIu64 " attachment%s", nattch, nattch == 1 ? "" : "s");
	naming_users(c, uses, count, b);
}

void
naming_duration(uint64_t seconds, struct buf *b)
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	size_t i = 0;

	/* The largest unit with little loss of precision: 90 s, 25 min, 1 d. */
	while (units[i].seconds > 1 && seconds < 2 * units[i].seconds &&
		(seconds != units[i].seconds || units[i].seconds < 3600))
		i++;
	buf_printf(b, "%" PRIu64 " %s", seconds / units[i].seconds, units[i].name);
}

void
naming_time(time_t when, struct buf *b)
{
	time_t now = time(NULL);
	struct tm then, today;
	char text[64];

	if (localtime_r(&when, &then) == NULL || localtime_r(&now, &today) == NULL)
		return;
	buf_add(b, text,
		strftime(text, sizeof text,
			then.tm_year == today.tm_year && then.tm_yday == today.tm_yday
				? "%H:%M"
				: "%Y-%m-%d %H:%M",
			&then));
}
