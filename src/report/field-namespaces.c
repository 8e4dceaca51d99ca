/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/field-namespaces.h"

#include <string.h>

#include "lib/array.h"

/* A field of the table below. */
struct namespace_field {
	struct field field;
	unsigned needs; /* NS_NEEDS_... */
	void (*get)(const struct field *f, struct namespace_row *row, struct value *v);
};

static void
get_ns(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	v->number = row->ns->file.inode;
}

/* INODE.ID, as namespaces are named on the command line. */
static void
get_ns_name(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	row->name.len = 0;
	ns_file_put(&row->ns->file, &row->name);
	v->text = buf_text(&row->name);
}

static void
get_nsid(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	v->number = row->ns->file.id;
	if (!row->ns->file.has_id)
		v->state = row->ns->error != 0 ? VALUE_UNREAD : VALUE_NULL;
}

static void
get_nprocs(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	v->number = row->ns->nprocs;
}

static void
get_oldest_pid(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	v->number = row->ns->pid;
	if (row->ns->nprocs == 0)
		v->state = VALUE_NULL;
}

static void
get_oldest_command(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	v->text = row->ns->command;
	if (row->ns->nprocs == 0)
		v->state = VALUE_NULL;
}

/* People see the start of an id, which NS takes as well. */
static void
get_container(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	row->container_text.len = 0;
	if (!row->has_container)
		v->state = VALUE_UNREAD;
	else if (!container_put_of(row->ns->file.inode, &row->container,
			 row->style->people, &row->container_text))
		v->state = VALUE_NULL;
	v->text = buf_text(&row->container_text);
}

static void
get_pod(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	v->text = row->container.pod;
	if (!row->has_container)
		v->state = VALUE_UNREAD;
	else if (*v->text == '\0')
		v->state = VALUE_NULL;
}

static void
get_ns_owner(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	v->number = row->owner;
	if (!row->has_owner)
		v->state = VALUE_UNREAD;
}

static void
set_known(const struct ns_number *number, struct value *v)
{
	v->number = number->value;
	if (!number->is_known)
		v->state = VALUE_UNREAD;
}

/* The number of objects of a type, which has the name of the field. */
static void
get_objects(const struct field *f, struct namespace_row *row, struct value *v)
{
	const struct kind *kind = kind_by_name(f->column.name, strlen(f->column.name));

	if (kind != NULL && (ns_counted_kinds() & KIND_BIT(kind_index(kind))))
		set_known(&row->counts.objects[kind_index(kind)], v);
	else
		v->state = VALUE_NULL;
}

static void
get_ns_bytes(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	set_known(&row->counts.bytes, v);
}

static void
get_ns_rss(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	set_known(&row->counts.rss, v);
}

static void
get_ns_swap(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	set_known(&row->counts.swap, v);
}

/* In a table it matters where no process keeps the namespace. */
static void
get_kept(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	v->list.all = (const char *const *)row->ns->kept;
	v->list.count = row->ns->kept_count;
	v->list.alert = 0;
	if (row->style->people && (row->ns->nprocs > 0 || row->ns->kept_count == 0))
		v->state = VALUE_NULL;
}

static void
get_nstale(const struct field *f, struct namespace_row *row, struct value *v)
{
	(void)f;
	set_known(&row->stale, v);
}

/* Namespaces have no types, so of is the same for all. */
#define FIELD(name_, type_, needs_, get_, help_, ...) \
	{ \
		.field = { .column = { name_, type_ }, \
			.of = FACTS_NUMBER, \
			.help = help_, \
			##__VA_ARGS__ }, \
		.needs = needs_, .get = get_ \
	}

static const struct namespace_field namespace_fields[] = {
	FIELD("ns", VALUE_TEXT, 0, get_ns_name, "inode number and kernel id",
		.flags = FIELD_PEOPLE),
	FIELD("ns", VALUE_NUMBER, 0, get_ns, "inode number", .flags = FIELD_PROGRAMS),
	FIELD("nsid", VALUE_NUMBER, 0, get_nsid, "kernel id, which is never reused"),
	FIELD("nprocs", VALUE_NUMBER, 0, get_nprocs, "processes in the namespace"),
	FIELD("pid", VALUE_NUMBER, 0, get_oldest_pid, "oldest of these processes"),
	FIELD("command", VALUE_TEXT, 0, get_oldest_command, "name of the oldest process"),
	FIELD("container", VALUE_TEXT, NS_NEEDS_CONTAINER, get_container,
		"container, machine or unit of the oldest process"),
	FIELD("pod", VALUE_TEXT, NS_NEEDS_CONTAINER, get_pod,
		"UID of the pod of the oldest process"),
	FIELD("owner", VALUE_USER, NS_NEEDS_OWNER, get_ns_owner,
		"owner of the user namespace that owns it"),
	FIELD("shm", VALUE_NUMBER, NS_NEEDS_COUNTS, get_objects,
		"shared memory segments"),
	FIELD("sem", VALUE_NUMBER, NS_NEEDS_COUNTS, get_objects, "semaphore sets"),
	FIELD("msg", VALUE_NUMBER, NS_NEEDS_COUNTS, get_objects, "message queues"),
	FIELD("pmsg", VALUE_NUMBER, NS_NEEDS_COUNTS | NS_NEEDS_QUEUES, get_objects,
		"POSIX message queues"),
	FIELD("bytes", VALUE_SIZE, NS_NEEDS_COUNTS, get_ns_bytes,
		"bytes of all segments"),
	FIELD("rss", VALUE_SIZE, NS_NEEDS_COUNTS, get_ns_rss,
		"bytes of all segments in memory"),
	FIELD("swap", VALUE_SIZE, NS_NEEDS_COUNTS, get_ns_swap,
		"bytes of all segments in swap"),
	FIELD("kept", VALUE_LIST, 0, get_kept, "what keeps the namespace alive"),
	FIELD("nstale", VALUE_NUMBER, NS_NEEDS_COUNTS | NS_NEEDS_STALE, get_nstale,
		"stale segments, sets and queues", .flags = FIELD_COSTLY),
};

static const struct field *
namespace_field(size_t i)
{
	return i < ARRAY_SIZE(namespace_fields) ? &namespace_fields[i].field : NULL;
}

const struct field_set fields_of_namespaces = {
	.at = namespace_field,
	.names = "ns,nprocs,shm,sem,msg,bytes,pid,command,container,kept",
	.is_typeless = true,
};

static const struct namespace_field *
field_of(const struct field *f)
{
	return (const struct namespace_field *)((const char *)f -
		offsetof(struct namespace_field, field));
}

unsigned
layout_needs_of_namespaces(const struct layout *l)
{
	unsigned needs = 0;

	for (size_t i = 0; i < l->fields.count; i++)
		needs |= field_of(l->fields.list[i])->needs;
	for (size_t i = 0; i < l->keys.count; i++)
		needs |= field_of(l->keys.list[i])->needs;
	return needs;
}

void
field_get_namespace(const struct field *f, struct namespace_row *row, struct value *v)
{
	v->type = f->column.type;
	v->state = VALUE_SET;
	v->alert = false;
	field_of(f)->get(f, row, v);
}

void
namespace_row_free(struct namespace_row *row)
{
	buf_free(&row->name);
	buf_free(&row->container_text);
}
