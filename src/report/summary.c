/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/summary.h"

#include <stdlib.h>

#include "kind/kind.h"
#include "lib/names.h"
#include "lib/xalloc.h"
#include "process/naming.h"

struct summary_row {
	const struct kind *kind;
	struct verdict
		verdict; /* of the first object; the parts that the text uses are the
			  * same for all */
	uid_t owner;
	size_t count;
};

/* Whether the text of a row is true for an object. */
static bool
belongs_into(
	const struct summary_row *row, const struct object *o, const struct verdict *v)
{
	const struct verdict *r = &row->verdict;

	if (row->kind != o->kind || r->cause != v->cause || r->stale != v->stale)
		return false;
	if (v->cause == CAUSE_GRACE)
		return r->grace == v->grace;
	if (v->cause == CAUSE_SCAN)
		return r->error == v->error;
	if (v->cause == CAUSE_MAY_KNOW)
		return row->owner == o->fact[FACT_UID] && r->count == v->count;
	return true;
}

void
summary_add(struct summary *s, const struct object *o, const struct verdict *v)
{
	for (size_t i = 0; i < s->count; i++)
		if (belongs_into(&s->rows[i], o, v)) {
			s->rows[i].count++;
			return;
		}
	s->rows = xreallocarray(s->rows, s->count + 1, sizeof *s->rows);
	s->rows[s->count++] = (struct summary_row){ o->kind, *v, o->fact[FACT_UID], 1 };
}

/* Appends why the objects of a row cannot be judged. */
static void
put_unknown(const struct summary_row *row, struct buf *b)
{
	static const char *const why[CAUSE_COUNT] = {
		[CAUSE_NAMESPACE] = "not in the initial PID namespace; --alone",
		[CAUSE_SCAN] = "not every process could be examined",
		[CAUSE_CLOCK] = "the clock at boot is not known",
		[CAUSE_SESSION] =
			"a process whose session leader has ended may know them",
		[CAUSE_LEASE] = "the kernel does not say whether a process uses them",
		[CAUSE_LINKS] = "the mounts could not be read",
		[CAUSE_MODE] = "their ACLs could not be read",
	};

	if (row->kind->stale == NULL)
		buf_str(b, " cannot be judged by ipctool");
	else
		buf_printf(b, " cannot be judged (%s)",
			row->verdict.error != 0 ? "semaphores that could not be read"
						: why[row->verdict.cause]);
}

static void
put_summary_row(const struct summary_row *row, struct buf *b)
{
	const struct verdict *v = &row->verdict;
	bool one = row->count == 1;

	buf_printf(b, "%zu %s", row->count,
		one ? row->kind->short_noun : row->kind->short_nouns);
	if (v->stale == STALE_UNKNOWN) {
		put_unknown(row, b);
		return;
	}
	switch (v->cause) {
	case CAUSE_GRACE:
		buf_printf(b, " %s used less than ", one ? "was" : "were");
		naming_duration(v->grace, b);
		buf_str(b, " ago (--grace)");
		break;
	case CAUSE_ATTACHED:
		buf_printf(b, " %s attached", one ? "is" : "are");
		break;
	case CAUSE_WAITING:
		buf_printf(b, " %s processes that wait", one ? "has" : "have");
		break;
	case CAUSE_RECORDED:
		buf_printf(b, " %s a recorded process that lives", one ? "has" : "have");
		break;
	case CAUSE_MAY_KNOW:
		/* Group and others may use it too, so they need not be the owner's. */
		buf_printf(b, " of %s may be used by %zu process%s",
			names_user(row->owner), v->count, v->count == 1 ? "" : "es");
		break;
	case CAUSE_MESSAGES:
		buf_printf(b, " %s messages for a reader", one ? "holds" : "hold");
		break;
	case CAUSE_NEVER_USED:
		buf_printf(b, " %s never used", one ? "was" : "were");
		break;
	case CAUSE_USED:
		buf_printf(b, " %s in use", one ? "is" : "are");
		break;
	case CAUSE_LINKS:
		buf_printf(b, " %s more than one name", one ? "has" : "have");
		break;
	case CAUSE_MODE:
		buf_str(b, " can be opened by other users");
		break;
	default:
		buf_printf(b, ": %s", cause_name(v->cause));
		break;
	}
}

void
summary_text(const struct summary *s, struct buf *text)
{
	for (size_t i = 0; i < s->count; i++) {
		buf_str(text, i > 0 ? ", " : "");
		put_summary_row(&s->rows[i], text);
	}
}

void
summary_free(struct summary *s)
{
	free(s->rows);
	*s = (struct summary){ 0 };
}
