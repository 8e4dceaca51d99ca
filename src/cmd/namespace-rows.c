/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/namespace-rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kind/access.h"
#include "lib/message.h"
#include "lib/xalloc.h"

void
namespace_rows_start(
	struct namespace_rows *r, const struct namespaces *all, unsigned needs)
{
	*r = (struct namespace_rows){ .all = all, .needs = needs };
	r->list = xcalloc(all->count + 1, sizeof *r->list);
	r->is_counted = xcalloc(all->count + 1, sizeof *r->is_counted);
	for (size_t i = 0; i < all->count; i++)
		r->list[i].ns = &all->list[i];
}

/* A kind that could not be counted, or a sum that lacks something. */
static void
say_uncounted(void *row, const char *what, const char *cause)
{
	const struct namespace_row *r = row;
	struct buf name = { 0 };

	ns_file_put(&r->ns->file, &name);
	say("%s of %s cannot be determined: %s", what, buf_text(&name), cause);
	buf_free(&name);
}

void
namespace_rows_count(struct namespace_rows *r, size_t place)
{
	struct namespace_row *row = &r->list[place];
	kinds_t all = ns_counted_kinds();

	if (r->is_counted[place])
		return;
	r->is_counted[place] = true;
	ns_count(&row->counts,
		r->needs & NS_NEEDS_QUEUES ? all : all & ~kinds_of_group("posix"),
		say_uncounted, row);
}

static void
find_container_of(struct namespace_rows *r, struct namespace_row *row)
{
	row->has_container = container_of_namespace(row->ns, &row->container) == 0;
	if (row->has_container)
		return;
	r->without_container++;
	r->container_error = errno;
}

static void
find_owner_of(struct namespace_rows *r, struct namespace_row *row)
{
	row->has_owner = row->ns->error == 0 &&
		ns_file_owner(row->ns->file.fd, &row->owner) == 0;
	if (row->has_owner)
		return;
	r->without_owner++;
	r->owner_error = row->ns->error != 0 ? row->ns->error : errno;
}

void
namespace_rows_describe(struct namespace_rows *r, size_t place)
{
	if (r->needs & NS_NEEDS_CONTAINER)
		find_container_of(r, &r->list[place]);
	if (r->needs & NS_NEEDS_OWNER)
		find_owner_of(r, &r->list[place]);
}

int
namespace_rows_compare(const void *a, const void *b)
{
	const struct namespace_row *x = *(struct namespace_row *const *)a;
	const struct namespace_row *y = *(struct namespace_row *const *)b;
	const struct ns_number *p = &x->counts.bytes, *q = &y->counts.bytes;
	ino_t m = x->ns->file.inode, n = y->ns->file.inode;

	if ((m == NS_INITIAL) != (n == NS_INITIAL))
		return m == NS_INITIAL ? -1 : 1;
	if (p->is_known != q->is_known)
		return p->is_known ? -1 : 1;
	if (p->is_known && p->value != q->value)
		return p->value > q->value ? -1 : 1;
	return m < n ? -1 : m > n;
}

void
namespace_rows_tell(const struct namespace_rows *r)
{
	if (r->without_container > 0)
		say("container of %zu namespace%s cannot be determined: %s",
			r->without_container, r->without_container == 1 ? "" : "s",
			r->container_error != 0
				? strerror(r->container_error)
				: "ipctool runs in its own cgroup namespace");
	if (r->without_owner > 0)
		say("owner of %zu namespace%s cannot be determined: %s%s",
			r->without_owner, r->without_owner == 1 ? "" : "s",
			strerror(r->owner_error), access_hint());
}

void
namespace_rows_free(struct namespace_rows *r)
{
	for (size_t i = 0; r->list != NULL && i < r->all->count; i++)
		namespace_row_free(&r->list[i]);
	free(r->list);
	free(r->is_counted);
}
