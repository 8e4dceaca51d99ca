/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/field.h"

#include <string.h>

#include "kind/ipcns.h"
#include "kind/label.h"
#include "kind/ref.h"
#include "lib/array.h"
#include "process/in-use.h"
#include "process/proc.h"
#include "process/scan.h"
#include "process/stale.h"
#include "report/field-tables.h"

/* A fact without conversion. */
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
	v->text = ref_text(o, v->scratch);
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
	v->scratch[9] = object_has(o, FACT(ACL)) && o->fact[FACT_ACL] ? '+' : '\0';
	v->scratch[10] = '\0';
	v->text = v->scratch;
}

/* The time of an event that never happened is null. */
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

/* A time in the future is now: the clock was set back. */
static void
get_age(const struct field *f, const struct object *o, struct value *v)
{
	time_t active = object_active(o);

	(void)f;
	v->number = o->read > active ? o->read - active : 0;
	if (active == 0)
		v->state = VALUE_NULL;
}

/* A pid of 0 with a time is a process outside this PID namespace; without a time, no
 * process has used the object yet. */
static void
get_pid_fact(const struct field *f, const struct object *o, struct value *v)
{
	v->number = o->fact[f->fact];
	if (v->number == 0 && object_latest(o, f->with) == 0)
		v->state = VALUE_NULL;
}

static void
get_state(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->list.count = 0;
	v->list.alert = 0;
	v->list.all = NULL;
	for (const struct kind_state *s = o->kind->states; s->flag != 0; s++) {
		if (!(o->fact[FACT_MODE] & s->flag))
			continue;
		v->list.alert |= (unsigned)s->alert << v->list.count;
		v->list.words[v->list.count++] = s->word;
	}
}

/* For people: includes whether it is stale. */
static void
get_state_stale(const struct field *f, const struct object *o, struct value *v)
{
	get_state(f, o, v);
	if (!object_has(o, FACT(STALE)) || o->fact[FACT_STALE] != STALE_YES) {
		if (object_has(o, FACT(USED)) && o->fact[FACT_USED] == USED_NO)
			v->list.words[v->list.count++] = "unused";
		return;
	}
	v->list.alert |= 1u << v->list.count;
	v->list.words[v->list.count++] = "stale";
}

static void
get_stale(const struct field *f, const struct object *o, struct value *v)
{
	v->number = o->fact[f->fact] == STALE_YES;
	if (o->fact[f->fact] == STALE_UNKNOWN)
		v->state = VALUE_NULL;
}

/* For people: a word if it is unknown, because an empty cell would look like no. */
static void
get_stale_word(const struct field *f, const struct object *o, struct value *v)
{
	get_stale(f, o, v);
	if (v->state != VALUE_NULL)
		return;
	*v = (struct value){ .type = VALUE_TEXT, .text = "unknown" };
}

static void
get_command(const struct field *f, const struct object *o, struct value *v)
{
	struct buf name = { 0 };

	if (o->fact[f->fact] == 0 || proc_command(o->fact[f->fact], &name) < 0)
		v->state = VALUE_NULL;
	else
		strlcpy(v->scratch, buf_text(&name), sizeof v->scratch);
	buf_free(&name);
	v->text = v->scratch;
}

static void
get_cause(const struct field *f, const struct object *o, struct value *v)
{
	v->text = cause_name(o->fact[f->fact]);
}

static void
get_reason(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->text = o->reason;
}

/* For people: the verdict and its reason in one field. */
static void
get_verdict(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->text = o->verdict;
}

/* A number that is null if it is 0: the size of the pages of a segment that is
 * unattached, or the process of a notification that does not exist. */
static void
get_positive(const struct field *f, const struct object *o, struct value *v)
{
	v->number = o->fact[f->fact];
	if (v->number == 0)
		v->state = VALUE_NULL;
}

/* The pid of the process with this index; each process counts once. */
static uint64_t
distinct_pid(const struct object *o, size_t i)
{
	const struct use *use = o->uses;

	for (; i > 0; i--)
		for (pid_t pid = use->pid; use->pid == pid;)
			use++;
	return use->pid;
}

static void
get_pids(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->numbers.item = distinct_pid;
	v->numbers.object = o;
	v->numbers.count = 0;
	for (size_t i = 0; i < o->uses_count; i++)
		v->numbers.count += i == 0 || o->uses[i].pid != o->uses[i - 1].pid;
}

/* "4.0K of 1.0M" */
static void
get_part(const struct object *o, struct value *v)
{
	const struct style style = { .people = true };
	struct buf text = { 0 };
	const struct value part = { .type = VALUE_SIZE, .number = o->fact[o->kind->use] };
	const struct value whole = { .type = VALUE_SIZE,
		.number = o->fact[o->kind->use_of] };

	value_text(&part, &style, &text);
	buf_str(&text, " of ");
	value_text(&whole, &style, &text);
	strlcpy(v->scratch, buf_text(&text), sizeof v->scratch);
	buf_free(&text);
	v->text = v->scratch;
}

static void
get_use(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	if (o->kind->use_of != 0) {
		get_part(o, v);
		return;
	}
	object_put_use(o, v->scratch);
	v->text = v->scratch;
}

static void
get_fill(const struct field *f, const struct object *o, struct value *v)
{
	bool counts = o->kind->facts & FACT(MAXMSG);
	uint64_t used = o->fact[counts ? FACT_QNUM : FACT_SIZE];
	uint64_t most = o->fact[counts ? FACT_MAXMSG : FACT_QBYTES];

	(void)f;
	v->number = most == 0 ? 100 : used * 100 / most;
}

/* The text of a label, if the object has a name. */
static void
set_name(struct value *v, const char *text)
{
	v->text = text;
	if (text == NULL)
		v->state = VALUE_NULL;
}

static void
get_name(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	set_name(v, o->label->name);
}

static void
get_path(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	set_name(v, o->fact[FACT_NAME] ? o->label->path : NULL);
}

static void
get_notify(const struct field *f, const struct object *o, struct value *v)
{
	static const char *const words[] = {
		[NOTIFY_NONE] = "none",
		[NOTIFY_SIGNAL] = "signal",
		[NOTIFY_THREAD] = "thread",
	};

	v->text = words[o->fact[f->fact]];
}

static void
get_whether_used(const struct field *f, const struct object *o, struct value *v)
{
	v->number = o->fact[f->fact] == USED_YES;
}

static void
get_namespace(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->number = o->ns->inode;
}

/* INODE.ID, as namespaces are named on the command line. */
static void
get_namespace_name(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	*ipcns_put(o->ns, v->scratch) = '\0';
	v->text = v->scratch + 1;
}

static void
get_namespace_id(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	v->number = o->ns->id;
	if (!o->ns->has_id)
		v->state = VALUE_NULL;
}

static void
set_container(const struct object *o, const char *text, struct value *v)
{
	v->text = text;
	if (!o->ns->knows_container)
		v->state = VALUE_UNREAD;
	else if (text == NULL)
		v->state = VALUE_NULL;
}

static void
get_namespace_container(const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	set_container(o, o->ns->container, v);
}

/* For people: the start of an id, which NS takes as well. */
static void
get_namespace_container_brief(
	const struct field *f, const struct object *o, struct value *v)
{
	(void)f;
	set_container(o, o->ns->container_brief, v);
}

#define FIELD(name_, type_, fact_, get_, help_, ...) \
	{ \
		.column = { name_, type_ }, .of = FACT(fact_), .fact = FACT_##fact_, \
		.get = get_, .help = help_, ##__VA_ARGS__ \
	}

/* Objects of all kinds are in a namespace. */
#define FIELD_OF_NAMESPACE(name_, type_, get_, help_, ...) \
	{ \
		.column = { name_, type_ }, .of = FACTS_NUMBER, .get = get_, \
		.help = help_, .flags = FIELD_NAMESPACE __VA_ARGS__ \
	}

const struct field fields[] = {
	{ .column = { "ref", VALUE_TEXT },
		.of = FACTS_NUMBER,
		.get = get_ref,
		.help = "reference, as commands take it" },
	{ .column = { "type", VALUE_TEXT },
		.of = FACTS_NUMBER,
		.get = get_type,
		.help = "shm, sem, msg, pshm, psem or pmsg",
		.flags = FIELD_KEY },
	FIELD("id", VALUE_NUMBER, ID, get_fact, "identifier"),
	FIELD("key", VALUE_KEY, KEY, get_fact, "key, 0x00000000 for none"),
	FIELD("mode", VALUE_MODE, MODE, get_mode, "permissions in octal",
		.flags = FIELD_KEY),
	FIELD("perms", VALUE_TEXT, MODE, get_perms,
		"permissions in letters, + for an access control list",
		.with = FACT(ACL)),
	FIELD("owner", VALUE_USER, UID, get_fact, "name of the owner",
		.flags = FIELD_KEY),
	FIELD("uid", VALUE_NUMBER, UID, get_fact, "user id of the owner"),
	FIELD("group", VALUE_GROUP, GID, get_fact, "name of the owner's group",
		.flags = FIELD_KEY),
	FIELD("gid", VALUE_NUMBER, GID, get_fact, "group id of the owner"),
	FIELD("creator", VALUE_USER, CUID, get_fact, "name of the user who created it",
		.flags = FIELD_KEY),
	FIELD("cuid", VALUE_NUMBER, CUID, get_fact, "user id of the creator"),
	FIELD("cgroup", VALUE_GROUP, CGID, get_fact, "name of the creator's group"),
	FIELD("cgid", VALUE_NUMBER, CGID, get_fact, "group id of the creator"),
	FIELD("ctime", VALUE_TIME, CTIME, get_time,
		"creation or last change; of a file, last change of its inode"),
	FIELD("size", VALUE_SIZE, SIZE, get_fact, "bytes of the segment, or in the queue",
		.flags = FIELD_SUMS),
	{ .column = { "use", VALUE_TEXT },
		.of = FACT(NATTCH) | FACT(NSEMS) | FACT(QNUM) | FACT(ALLOC) | FACT(VALUE),
		.with = FACT(SIZE),
		.flags = FIELD_PEOPLE,
		.get = get_use,
		.help = "attachments, semaphores, messages, allocated bytes, or value" },
	FIELD("nattch", VALUE_NUMBER, NATTCH, get_fact, "number of attachments",
		.flags = FIELD_SUMS),
	FIELD("rss", VALUE_SIZE, RSS, get_fact, "bytes in memory", .flags = FIELD_SUMS),
	FIELD("swap", VALUE_SIZE, SWAP, get_fact, "bytes in swap", .flags = FIELD_SUMS),
	FIELD("cpid", VALUE_NUMBER, CPID, get_pid_fact, "process that created it",
		.with = FACT(CTIME)),
	FIELD("lpid", VALUE_NUMBER, LPID, get_pid_fact,
		"process that attached or detached last",
		.with = FACT(ATIME) | FACT(DTIME)),
	FIELD("atime", VALUE_TIME, ATIME, get_time, "last attach; of a file, last read"),
	FIELD("dtime", VALUE_TIME, DTIME, get_time, "last detach"),
	FIELD("nsems", VALUE_NUMBER, NSEMS, get_fact, "number of semaphores",
		.flags = FIELD_SUMS),
	FIELD("otime", VALUE_TIME, OTIME, get_time, "last semop"),
	FIELD("qnum", VALUE_NUMBER, QNUM, get_fact, "number of messages",
		.flags = FIELD_SUMS),
	FIELD("qbytes", VALUE_SIZE, QBYTES, get_fact, "bytes that the queue may hold"),
	FIELD("lspid", VALUE_NUMBER, LSPID, get_pid_fact, "process that sent last",
		.with = FACT(STIME)),
	FIELD("lrpid", VALUE_NUMBER, LRPID, get_pid_fact, "process that received last",
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
	FIELD("state", VALUE_LIST, MODE, get_state_stale,
		"dest: removed after the last detach; locked; in tables also stale or "
		"unused",
		.wish = FACT(STALE) | FACT(USED), .flags = FIELD_PEOPLE),
	FIELD("state", VALUE_LIST, MODE, get_state,
		"dest: removed after the last detach; locked", .flags = FIELD_PROGRAMS),
	FIELD("stale", VALUE_TEXT, REASON, get_verdict,
		"whether it was left behind, and why",
		.flags = FIELD_STAT | FIELD_COSTLY | FIELD_PEOPLE),
	FIELD("stale", VALUE_BOOL, STALE, get_stale_word,
		"whether it was left behind; unknown if that cannot be determined",
		.flags = FIELD_COSTLY | FIELD_PEOPLE),
	FIELD("stale", VALUE_BOOL, STALE, get_stale,
		"whether it was left behind; null if that cannot be determined",
		.flags = FIELD_COSTLY | FIELD_PROGRAMS),
	FIELD("pids", VALUE_NUMBERS, USES, get_pids, "processes that use it now",
		.flags = FIELD_COSTLY),
	FIELD("command", VALUE_TEXT, USER, get_command,
		"name of its creator, a user or its last user: the first that lives",
		.flags = FIELD_COSTLY | FIELD_KEY),
	FIELD("fill", VALUE_PERCENT, QBYTES, get_fill,
		"bytes in the queue in % of qbytes; of a pmsg, messages in % of maxmsg",
		.with = FACT(SIZE) | FACT(QNUM) | FACT(MAXMSG), .flags = FIELD_STAT),
	FIELD("semaphores", VALUE_TABLE, SEMAPHORES, field_get_semaphores,
		"each semaphore: value, last pid, waiters for an increase and for zero",
		.flags = FIELD_STAT),
	FIELD("processes", VALUE_TABLE, USES, field_get_processes,
		"each process that uses it now: what it does, and how often",
		.flags = FIELD_STAT),
	{ .column = { "recorded", VALUE_TABLE },
		.of = FACT(CPID) | FACT(LSPID),
		.with = FACTS_TIMES | FACT(LPID) | FACT(LRPID) | FACT(UID) | FACT(CUID),
		.flags = FIELD_STAT,
		.get = field_get_recorded,
		.help = "processes that the kernel notes, and whether they live" },
	FIELD("cause", VALUE_TEXT, CAUSE, get_cause,
		"one word for the verdict on staleness",
		.flags = FIELD_COSTLY | FIELD_KEY),
	FIELD("reason", VALUE_TEXT, REASON, get_reason,
		"why it is stale or not, in words", .flags = FIELD_COSTLY),
	{ .column = { "age", VALUE_SECONDS },
		.of = FACTS_TIMES,
		.flags = FIELD_COSTLY,
		.get = get_age,
		.help = "time since it was active last" },
	FIELD("pagesize", VALUE_SIZE, PAGESIZE, get_positive,
		"bytes of a page of an attached segment", .flags = FIELD_COSTLY),
	FIELD("name", VALUE_TEXT, NAME, get_name, "name, as programs pass it"),
	FIELD("path", VALUE_TEXT, NAME, get_path, "its file"),
	FIELD("inode", VALUE_NUMBER, INODE, get_fact, "inode of its file"),
	FIELD("nlink", VALUE_NUMBER, NLINK, get_fact, "names of its file"),
	FIELD("alloc", VALUE_SIZE, ALLOC, get_fact, "allocated bytes, in memory and swap",
		.flags = FIELD_SUMS),
	FIELD("btime", VALUE_TIME, BTIME, get_time, "creation"),
	FIELD("mtime", VALUE_TIME, MTIME, get_time,
		"last write(2), or first access to a page; of a queue, last use"),
	FIELD("used", VALUE_BOOL, USED, get_whether_used, "whether a process uses it now",
		.flags = FIELD_COSTLY),
	FIELD("users", VALUE_NUMBER, USERS, get_fact,
		"number of processes that have it open or mapped", .flags = FIELD_COSTLY),
	FIELD("value", VALUE_NUMBER, VALUE, get_fact, "value of the semaphore"),
	FIELD("nwait", VALUE_NUMBER, NWAIT, get_fact,
		"threads that wait for it, including killed ones"),
	FIELD("maxmsg", VALUE_NUMBER, MAXMSG, get_fact, "maximum number of messages"),
	FIELD("msgsize", VALUE_SIZE, MSGSIZE, get_fact, "maximum size of a message"),
	FIELD("notify", VALUE_TEXT, NOTIFY, get_notify,
		"how a process is notified of a message: none, signal or thread"),
	FIELD("signo", VALUE_NUMBER, SIGNO, get_positive, "signal of the notification"),
	FIELD("notify_pid", VALUE_NUMBER, NOTIFY_PID, get_positive,
		"process that is notified"),
	FIELD_OF_NAMESPACE("ns", VALUE_TEXT, get_namespace_name,
		"IPC namespace: inode number and kernel id", | FIELD_KEY | FIELD_PEOPLE),
	FIELD_OF_NAMESPACE("ns", VALUE_NUMBER, get_namespace,
		"IPC namespace: inode number", | FIELD_PROGRAMS),
	FIELD_OF_NAMESPACE("nsid", VALUE_NUMBER, get_namespace_id,
		"IPC namespace: kernel id, which is never reused"),
	FIELD_OF_NAMESPACE("container", VALUE_TEXT, get_namespace_container_brief,
		"container, machine or unit of the oldest process of the namespace",
		| FIELD_COSTLY | FIELD_CONTAINER | FIELD_KEY | FIELD_PEOPLE),
	FIELD_OF_NAMESPACE("container", VALUE_TEXT, get_namespace_container,
		"container, machine or unit of the oldest process of the namespace",
		| FIELD_COSTLY | FIELD_CONTAINER | FIELD_PROGRAMS),
};
const size_t fields_count = ARRAY_SIZE(fields);

void
field_get(const struct field *f, const struct object *o, struct value *v)
{
	v->type = f->column.type;
	v->state = VALUE_SET;
	if (!field_of_kind(f, o->kind))
		v->state = VALUE_ABSENT;
	else if (field_is_unread(f, o) || (f->of & o->unknown) ||
		((f->flags & FIELD_NAMESPACE) && o->ns == NULL))
		v->state = VALUE_UNREAD;
	else
		f->get(f, o, v);
}
