/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/resolve.h"

#include <stdlib.h>

#include "lib/array.h"
#include "lib/xalloc.h"

static const struct mechanism *const mechanisms[] = {
	&wait_sysv,
	&wait_fd,
	&wait_open,
	&wait_lock,
	&wait_child,
	&wait_event,
};

static uint64_t
hash_key(const struct key *k)
{
	uint64_t h = (uintptr_t)k->sort;

	h = (h ^ k->a) * 0x9e3779b97f4a7c15;
	h = (h ^ (h >> 29) ^ k->b) * 0xbf58476d1ce4e5b9;
	h = (h ^ (h >> 32) ^ k->c) * 0x94d049bb133111eb;
	return h ^ (h >> 31);
}

/* The place of a key in the table, which has free ones. */
static struct known *
find_place(const struct resolver *r, const struct key *k)
{
	size_t i = hash_key(k) & (r->known_room - 1);

	while (r->known[i].resource != NONE &&
		(r->known[i].key.sort != k->sort || r->known[i].key.a != k->a ||
			r->known[i].key.b != k->b || r->known[i].key.c != k->c))
		i = (i + 1) & (r->known_room - 1);
	return &r->known[i];
}

static void
grow_known(struct resolver *r)
{
	struct known *old = r->known;
	size_t room = r->known_room;

	r->known_room = room == 0 ? 64 : 2 * room;
	r->known = xcalloc(r->known_room, sizeof *r->known);
	for (size_t i = 0; i < r->known_room; i++)
		r->known[i].resource = NONE;
	for (size_t i = 0; i < room; i++)
		if (old[i].resource != NONE)
			*find_place(r, &old[i].key) = old[i];
	free(old);
}

size_t
resolve_resource(struct resolver *r, struct key key, bool *is_new)
{
	struct known *place;

	if (2 * r->known_count >= r->known_room)
		grow_known(r);
	place = find_place(r, &key);
	*is_new = place->resource == NONE;
	if (*is_new) {
		place->key = key;
		place->resource = world_add_resource(r->w);
		r->known_count++;
	}
	return place->resource;
}

void
resolve_set(struct resolver *r, struct thread *t, size_t resource)
{
	const struct resource *of = &r->w->resources[resource];

	/* That it used the object last itself, or has it open, is no evidence that it
	 * could release itself: another process can come. */
	if (of->count == 0 || (!t->closed && world_is_only(r->w, resource, t->process)))
		return;
	t->resource = resource;
}

void
resolve_all(struct world *w, struct descriptors *d)
{
	struct resolver r = { .w = w, .descriptors = d };

	for (size_t i = 0; i < w->threads_count; i++) {
		struct thread *t = &w->threads[i];

		for (size_t k = 0; k < ARRAY_SIZE(mechanisms) && t->call.form != NULL;
			k++)
			if (mechanisms[k]->has(t->call.form->does))
				mechanisms[k]->resolve(&r, t);
	}
	for (size_t k = 0; k < ARRAY_SIZE(mechanisms); k++)
		if (mechanisms[k]->finish != NULL)
			mechanisms[k]->finish(&r);
	for (size_t k = 0; k < ARRAY_SIZE(mechanisms); k++)
		if (mechanisms[k]->end != NULL)
			mechanisms[k]->end(&r);
	free(r.known);
}
