/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offering IPC namespaces, and the objects in them. */

#include "cmd/offer.h"
#include "namespace/container.h"
#include "namespace/enter.h"
#include "namespace/name.h"

/* Appends the container, if NS can name it. */
static bool
put_container(const struct namespace *ns, struct buf *b)
{
	struct container c;

	if (container_of_namespace(ns, &c) < 0 || c.manager == MANAGER_NONE ||
		c.manager == MANAGER_UNIT)
		return false;
	container_put(&c, true, b);
	return true;
}

/* A namespace by its number; people know it by its oldest process and its container. */
static void
offer_by_number(struct completion *c, const struct namespace *ns)
{
	struct buf name = { 0 }, meaning = { 0 }, container = { 0 };

	ns_file_put(&ns->file, &name);
	buf_str(&meaning, ns->nprocs > 0 ? ns->command : "no process");
	if (put_container(ns, &container))
		buf_printf(&meaning, ", %s", buf_text(&container));
	candidates_add(&c->candidates, buf_text(&name), buf_text(&meaning));
	buf_free(&name);
	buf_free(&meaning);
	buf_free(&container);
}

static void
offer_by_container(struct completion *c, const struct namespace *ns)
{
	struct buf name = { 0 };

	if (put_container(ns, &name))
		candidates_add(&c->candidates, buf_text(&name), ns->command);
	buf_free(&name);
}

static void
offer_all(struct completion *c, bool containers)
{
	struct namespaces all;

	namespaces_start(&all);
	namespaces_find_tasks(&all);
	namespaces_find_kept(&all);
	candidates_add(&c->candidates, "host", "the initial IPC namespace");
	for (size_t i = 0; i < all.count; i++)
		if (!namespaces_is_only_ours(&all, i))
			offer_by_number(c, &all.list[i]);
	for (size_t i = 0; containers && i < all.count; i++)
		offer_by_container(c, &all.list[i]);
	namespaces_free(&all);
}

void
offer_namespaces(struct completion *c)
{
	offer_all(c, true);
}

void
offer_namespace_numbers(struct completion *c)
{
	offer_all(c, false);
}

/* Finds the namespace of a name.  0, or -1. */
static int
find_typed(const struct ns_name *name, const char *text, struct namespaces *all,
	size_t *place)
{
	struct buf cause = { 0 };
	enum ns_found found;

	if (name->form != NS_PID && name->form != NS_PATH) {
		namespaces_find_tasks(all);
		namespaces_find_kept(all);
	}
	found = ns_name_find(name, text, NULL, true, all, place, &cause);
	buf_free(&cause);
	return found == NS_FOUND ? 0 : -1;
}

void
offer_enter(struct completion *c)
{
	struct namespaces all;
	struct ns_name name;
	struct buf cause = { 0 };
	size_t place;

	if (c->ns == NULL)
		return;
	namespaces_start(&all);
	c->where = OBJECTS_UNKNOWN;
	if (ns_name_parse(c->ns, &name, &cause) == 0 &&
		find_typed(&name, c->ns, &all, &place) == 0 &&
		(ns_enter(&all, &all.list[place]) == 0 ||
			ns_enter_with_user(&all, &all.list[place]) == 0))
		c->where = place == all.own ? OBJECTS_HERE : OBJECTS_ENTERED;
	ns_name_free(&name);
	buf_free(&cause);
	namespaces_free(&all);
}
