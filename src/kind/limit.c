/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/limit.h"

#include <limits.h>

#include "kind/kind.h"
#include "lib/ratio.h"

int
limits_of(const struct kind *kind, struct limit *limits, struct buf *cause)
{
	struct buf unsaid = { 0 };
	int count = 0, rc;

	if (kind->limits == NULL)
		return 0;
	for (; count < LIMITS_MAX && kind->limits[count].name != NULL; count++) {
		limits[count] = kind->limits[count];
		limits[count].unit = 1;
	}
	rc = kind->read_limits(limits, cause != NULL ? cause : &unsaid);
	buf_free(&unsaid);
	return rc < 0 ? rc : count;
}

bool
limit_is_none(const struct limit *l)
{
	/* linux/shm.h: the default of SHMMAX and SHMALL is ULONG_MAX - 2^24. */
	static const uint64_t most = ULONG_MAX - (1UL << 24);

	return l->is_part || l->limit >= most / l->unit;
}

bool
limit_has_share(const struct limit *l)
{
	return l->role == LIMIT_OBJECTS || l->role == LIMIT_TOTAL;
}

uint64_t
limit_share(const struct limit *l, const struct object *o)
{
	uint64_t amount;

	if (l->role == LIMIT_OBJECTS)
		return 1;
	amount = o->fact[l->fact];
	return amount / l->unit + (amount % l->unit != 0);
}

uint64_t
limit_percent(const struct limit *l)
{
	return l->limit == 0 ? 100 : ratio_scale(l->used, 100, l->limit);
}

bool
limit_is_full(const struct limit *l)
{
	return l->counted && !limit_is_none(l) && l->used >= l->limit;
}

bool
limit_reaches(const struct limit *l, unsigned percent)
{
	/* limit_percent() rounds, so it cannot be used here. */
	return l->limit == 0 || ratio_compare(l->used, l->limit, percent, 100) >= 0;
}
