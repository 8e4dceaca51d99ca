/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "field.h"

#include <strings.h>

#include "num.h"
#include "ref.h"

/* One fact as it is. */
static void
get_fact(const struct field *f, const struct object *o, struct value *v)
{
	v->number = o->fact[f->fact];
}

static void
get_mode(const struct field *f, const struct object *o, struct value *v)
{
	v->number = o->fact[f->fact] & 0777;
}

static void
get_ref(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	ref_text(o, v->scratch);
	v->text = v->scratch;
}

static void
get_type(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->text = o->kind->name;
}

static void
get_perms(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	for (int i = 0; i < 9; i++)
		v->scratch[i] = o->fact[FACT_MODE] & (0400 >> i) ? "rwx"[i % 3] : '-';
	v->scratch[9] = '\0';
	v->text = v->scratch;
}

/* A time that never was is none. */
static void
get_time(const struct field *f, const struct object *o, struct value *v)
{
	v->number = o->fact[f->fact];
	if (v->number == 0)
		v->state = VALUE_NULL;
}

static void
get_active(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->number = object_active(o);
	if (v->number == 0)
		v->state = VALUE_NULL;
}

/* A pid of 0 beside a time is a process outside this pid namespace; without one, nobody
 * has used the object yet. */
static void
get_pid(const struct field *f, const struct object *o, struct value *v)
{
	facts_t times = f->with & o->have;

	v->number = o->fact[f->fact];
	if (v->number != 0 || f->with == 0)
		return;
	for (; times != 0; times &= times - 1)
		if (o->fact[__builtin_ctzll(times)] != 0)
			return;
	v->state = VALUE_NULL;
}

static void
get_state(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->list.count = 0;
	for (const struct kind_state *s = o->kind->states; s->flag != 0; s++)
		if (o->fact[FACT_MODE] & s->flag)
			v->list.words[v->list.count++] = s->word;
}

static void
get_use(const struct field *f, const struct object *o, struct value *v)
{
	uint64_t n = o->fact[o->kind->use];

	(void)f;
	strcpy(num_put(v->scratch, n), n == 1 ? o->kind->use_one : o->kind->use_many);
	v->text = v->scratch;
}

#define FIELD(name_, type_, fact_, get_, help_, ...) \
	{ \
		.column = { name_, type_ }, .of = FACT(fact_), .fact = FACT_##fact_, \
		.get = get_, .help = help_, ##__VA_ARGS__ \
	}

const struct field fields[] = {
	FIELD("ref", VALUE_TEXT, ID, get_ref, "reference, as commands take it"),
	FIELD("type", VALUE_TEXT, ID, get_type, "shm, sem or msg"),
	FIELD("id", VALUE_NUMBER, ID, get_fact, "identifier"),
	FIELD("key", VALUE_KEY, KEY, get_fact, "key, 0x00000000 for none"),
	FIELD("mode", VALUE_MODE, MODE, get_mode, "permissions in octal"),
	FIELD("perms", VALUE_TEXT, MODE, get_perms, "permissions in letters"),
	FIELD("owner", VALUE_USER, UID, get_fact, "name of the owner"),
	FIELD("uid", VALUE_NUMBER, UID, get_fact, "user id of the owner"),
	FIELD("group", VALUE_GROUP, GID, get_fact, "name of the owner's group"),
	FIELD("gid", VALUE_NUMBER, GID, get_fact, "group id of the owner"),
	FIELD("creator", VALUE_USER, CUID, get_fact, "name of the user who created it"),
	FIELD("cuid", VALUE_NUMBER, CUID, get_fact, "user id of the creator"),
	FIELD("cgroup", VALUE_GROUP, CGID, get_fact, "name of the creator's group"),
	FIELD("cgid", VALUE_NUMBER, CGID, get_fact, "group id of the creator"),
	FIELD("ctime", VALUE_TIME, CTIME, get_time, "creation or last change"),
	FIELD("size", VALUE_SIZE, SIZE, get_fact,
		"bytes of the segment, or in the queue"),
	{ .column = { "use", VALUE_TEXT },
		.of = FACT(NATTCH) | FACT(NSEMS) | FACT(QNUM),
		.flags = FIELD_PEOPLE,
		.get = get_use,
		.help = "attachments, semaphores or messages" },
	FIELD("nattch", VALUE_NUMBER, NATTCH, get_fact, "number of attachments"),
	FIELD("rss", VALUE_SIZE, RSS, get_fact, "bytes in memory"),
	FIELD("swap", VALUE_SIZE, SWAP, get_fact, "bytes in swap"),
	FIELD("cpid", VALUE_NUMBER, CPID, get_pid, "process that created it"),
	FIELD("lpid", VALUE_NUMBER, LPID, get_pid,
		"process that attached or detached last",
		.with = FACT(ATIME) | FACT(DTIME)),
	FIELD("atime", VALUE_TIME, ATIME, get_time, "last attach"),
	FIELD("dtime", VALUE_TIME, DTIME, get_time, "last detach"),
	FIELD("nsems", VALUE_NUMBER, NSEMS, get_fact, "number of semaphores"),
	FIELD("otime", VALUE_TIME, OTIME, get_time, "last semop"),
	FIELD("qnum", VALUE_NUMBER, QNUM, get_fact, "number of messages"),
	FIELD("qbytes", VALUE_SIZE, QBYTES, get_fact, "bytes that the queue may hold"),
	FIELD("lspid", VALUE_NUMBER, LSPID, get_pid, "process that sent last",
		.with = FACT(STIME)),
	FIELD("lrpid", VALUE_NUMBER, LRPID, get_pid, "process that received last",
		.with = FACT(RTIME)),
	FIELD("stime", VALUE_TIME, STIME, get_time, "last send"),
	FIELD("rtime", VALUE_TIME, RTIME, get_time, "last receive"),
	{ .column = { "active", VALUE_AGE },
		.of = FACTS_TIMES,
		.flags = FIELD_PEOPLE,
		.get = get_active,
		.help = "latest of all its times, as an age" },
	{ .column = { "active", VALUE_TIME },
		.of = FACTS_TIMES,
		.flags = FIELD_PROGRAMS,
		.get = get_active,
		.help = "latest of all its times" },
	FIELD("state", VALUE_LIST, MODE, get_state,
		"dest: goes with its last user; locked"),
};
const size_t fields_count = sizeof fields / sizeof fields[0];

const struct field *
field_by_name(const char *name, size_t len, bool people)
{
	for (size_t i = 0; i < fields_count; i++) {
		const struct field *f = &fields[i];

		if (f->flags & (people ? FIELD_PROGRAMS : FIELD_PEOPLE))
			continue;
		if (strlen(f->column.name) == len &&
			strncasecmp(f->column.name, name, len) == 0)
			return f;
	}
	return NULL;
}

void
field_get(const struct field *f, const struct object *o, struct value *v)
{
	v->type = f->column.type;
	v->state = VALUE_SET;
	if (!object_has(o, field_needs(f) & o->kind->facts))
		v->state = VALUE_UNREAD;
	else
		f->get(f, o, v);
}
