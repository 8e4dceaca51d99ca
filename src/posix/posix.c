/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "posix/posix.h"

#include <stddef.h>
#include <string.h>

#include "kind/ref.h"

const struct family posix_family = { "posix", "POSIX objects" };

const struct kind_words posix_words = {
	.belongs = "belongs to ",
	.may_remove = "; only its owner, the owner of /dev/shm or root may remove it",
	.may_change = POSIX_MAY_CHANGE,
	.may_give = POSIX_MAY_GIVE,
	.missing = "no such object",
	.gone = "no such object",
	.another = "another object has this name now; not removed",
	.differs = "no longer matches the selection; not removed",
	.unchosen = "no longer matches the selection; not removed",
};

const struct kind_state posix_states[] = {
	{ POSIX_DEST, "dest", true },
	{ 0 },
};

const struct posix *
posix_of(const struct kind *kind)
{
	return (const struct posix *)((const char *)kind - offsetof(struct posix, kind));
}

/* Whether a name begins with a prefix, and has at least one byte more. */
static bool
has_prefix(const char *file, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(file, prefix, len) == 0 && file[len] != '\0';
}

bool
posix_takes(const struct posix *posix, const char *file)
{
	return (*posix->prefix == '\0' || has_prefix(file, posix->prefix)) &&
		(posix->except == NULL || !has_prefix(file, posix->except));
}

size_t
posix_names(const struct object *o, struct ref *refs)
{
	refs[0] = (struct ref){ .kind = o->kind,
		.number = object_number(o),
		.label = (struct label *)o->label };
	if (o->label->name != NULL)
		return 1;
	/* Without a name either type is accepted. */
	refs[1] = (struct ref){ .kind = o->kind == &posix_psem.kind ? &posix_pshm.kind
								    : &posix_psem.kind,
		.number = object_number(o) };
	return 2;
}

bool
posix_same(const struct object *a, const struct object *b)
{
	static const enum fact facts[] = { FACT_DEVICE, FACT_INODE, FACT_BTIME };

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if ((a->have & b->have & FACT_BIT(facts[i])) &&
			a->fact[facts[i]] != b->fact[facts[i]])
			return false;
	return a->kind == b->kind;
}

bool
posix_is_marked(const struct object *o)
{
	return object_has(o, FACT(NLINK)) && o->fact[FACT_NLINK] == 0;
}
