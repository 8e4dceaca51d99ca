/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/user-procs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kind/kind.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "process/rule-times.h"

/* The properties of an object that decide which processes are its user processes. */
struct key {
	uint32_t uid, cuid;
	uint32_t gid, cgid; /* 0 if the mode gives the group no permission */
	bool group, others;
	bool everywhere; /* also outside our IPC namespace */
};

struct entry {
	struct key key;
	struct user_procs users;
};

/* Which processes run under which ids: pairs sorted by id and then by process. */
struct index {
	struct pair {
		uint32_t id;
		uint32_t place; /* index of the process in the scan */
	} * pairs;
	size_t count;
};

struct user_table {
	const struct context *context;
	struct scan *scan;
	struct entry *entries;
	size_t count;
	size_t *slots; /* a hash table of indexes into entries, plus 1; 0 is free */
	size_t slots_count; /* a power of two, at least twice the count */
	bool is_indexed;
	struct index uids, gids;
	uint32_t *places; /* room for the processes that a search may find */
	size_t places_count;
	struct stat ipctool; /* the file of our own program */
	bool ipctool_is_known;
	/* For each process of the scan: whether it runs ipctool. */
	enum { RUNS_UNKNOWN, RUNS_IPCTOOL, RUNS_ANOTHER } * runs;
};

struct user_table *
user_table_new(const struct context *c, struct scan *scan)
{
	struct user_table *t = xcalloc(1, sizeof *t);

	t->context = c;
	t->scan = scan;
	t->ipctool_is_known = stat("/proc/self/exe", &t->ipctool) == 0;
	return t;
}

void
user_table_free(struct user_table *t)
{
	if (t == NULL)
		return;
	free(t->entries);
	free(t->slots);
	free(t->runs);
	free(t->uids.pairs);
	free(t->gids.pairs);
	free(t->places);
	free(t);
}

/* Whether a process runs ipctool.  ipctool uses an object only while that is visible.
 * The name alone proves nothing, but most processes have another one. */
static bool
is_ipctool(struct user_table *t, const struct scan_proc *p)
{
	size_t count;
	size_t place = p - scan_procs(t->scan, &count);
	struct stat exe;
	char path[64];
	bool same;

	if (!p->may_be_ipctool)
		return false;
	if (t->runs == NULL)
		t->runs = xcalloc(count, sizeof *t->runs);
	if (t->runs[place] == RUNS_UNKNOWN) {
		snprintf(path, sizeof path, "/proc/%d/exe", (int)p->pid);
		same = t->ipctool_is_known && stat(path, &exe) == 0 &&
			exe.st_dev == t->ipctool.st_dev &&
			exe.st_ino == t->ipctool.st_ino;
		t->runs[place] = same ? RUNS_IPCTOOL : RUNS_ANOTHER;
	}
	return t->runs[place] == RUNS_IPCTOOL;
}

/* Whether a process is where it could use an object. */
static bool
is_in_reach(const struct key *key, const struct scan_proc *p)
{
	return (p->is_here || key->everywhere) && !p->is_kernel;
}

/*
 * Whether a zombie counts.  It does while its parent is alive and will reap it, as in a
 * server whose workers have all ended in the same second.  Zombies of PID 1 of the
 * machine and of our own ancestors do not count, because these have zombies of any
 * origin.
 */
static bool
zombie_counts(
	const struct user_table *t, const struct key *key, const struct scan_proc *p)
{
	const struct scan_proc *parent = scan_find(t->scan, p->parent);

	return parent != NULL && !parent->is_zombie && is_in_reach(key, parent) &&
		!(parent->pid == 1 && t->context->sees_all) &&
		!scan_is_ancestor(t->scan, parent);
}

static bool
is_user(struct user_table *t, const struct key *key, const struct scan_proc *p)
{
	struct scan *s = t->scan;

	if (!is_in_reach(key, p))
		return false;
	if (!scan_runs_under(s, p, key->uid) &&
		!(key->cuid != 0 && scan_runs_under(s, p, key->cuid)) &&
		!(key->others && scan_is_ordinary(s, p)) &&
		!(key->group &&
			(scan_has_group(s, p, key->gid) ||
				scan_has_group(s, p, key->cgid))))
		return false;
	if (p->is_zombie)
		return zombie_counts(t, key, p);
	return !is_ipctool(t, p);
}

/*
 * The start of the line of a process: the earliest start of the process and of its
 * ancestors in our namespace that run under the owner's or the creator's uid, even if
 * that is root's.
 */
static uint64_t
line_start(const struct user_table *t, const struct key *key, const struct scan_proc *p)
{
	struct scan *s = t->scan;
	uint64_t start = p->start;
	size_t left;

	scan_procs(s, &left);
	for (p = scan_find(s, p->parent); p != NULL && left > 0;
		p = scan_find(s, p->parent), left--) {
		if (!is_in_reach(key, p) || p->is_zombie ||
			(p->pid == 1 && t->context->sees_all))
			continue;
		if ((scan_runs_under(s, p, key->uid) ||
			    scan_runs_under(s, p, key->cuid)) &&
			p->start < start)
			start = p->start;
	}
	return start;
}

/* Whether the session leader of a process has ended: it may be a worker of a dead master,
 * or a server that has replaced itself. */
static bool
is_leaderless(const struct user_table *t, const struct scan_proc *p)
{
	const struct scan_proc *leader = scan_find(t->scan, p->session);

	return p->session == 0 || leader == NULL || leader->is_zombie;
}

static void
add_process(struct user_group *group, const struct scan_proc *p, uint64_t start,
	bool leaderless)
{
	group->count++;
	if (group->named_count < ARRAY_SIZE(group->named))
		group->named[group->named_count++] = p;
	if (group->oldest == NULL || start < group->start) {
		group->oldest = p;
		group->start = start;
	}
	if (leaderless && group->leaderless == NULL)
		group->leaderless = p;
}

static int
compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a;
	const struct pair *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void
make_index(struct user_table *t, bool groups, struct index *index)
{
	size_t procs;
	const struct scan_proc *p = scan_procs(t->scan, &procs);

	for (size_t i = 0; i < procs; i++) {
		unsigned count;
		const uint32_t *ids = scan_ids(t->scan, &p[i], groups, &count);

		for (unsigned n = 0; n < count; n++) {
			index->pairs =
				xgrow(index->pairs, index->count, sizeof *index->pairs);
			index->pairs[index->count++] = (struct pair){ ids[n], i };
		}
	}
	if (index->count > 0)
		qsort(index->pairs, index->count, sizeof *index->pairs, compare_pairs);
}

/* Adds the processes that run under an id. */
static void
add_places(struct user_table *t, const struct index *index, uint32_t id)
{
	const struct pair first = { .id = id };
	size_t i = array_first(
		&first, index->pairs, index->count, sizeof *index->pairs, compare_pairs);

	for (; i < index->count && index->pairs[i].id == id; i++) {
		t->places = xgrow(t->places, t->places_count, sizeof *t->places);
		t->places[t->places_count++] = index->pairs[i].place;
	}
}

static int
compare_places(const void *a, const void *b)
{
	const uint32_t *x = a;
	const uint32_t *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Finds the processes that is_user() may accept, so that the cost does not grow with the
 * product of users and processes; each once, in the order of the scan. */
static void
find_places(struct user_table *t, const struct key *key)
{
	size_t kept = 0;

	if (!t->is_indexed) {
		make_index(t, false, &t->uids);
		make_index(t, true, &t->gids);
		t->is_indexed = true;
	}
	t->places_count = 0;
	add_places(t, &t->uids, key->uid);
	if (key->cuid != 0)
		add_places(t, &t->uids, key->cuid);
	if (key->group) {
		add_places(t, &t->gids, key->gid);
		add_places(t, &t->gids, key->cgid);
	}
	if (t->places_count > 0)
		qsort(t->places, t->places_count, sizeof *t->places, compare_places);
	for (size_t i = 0; i < t->places_count; i++)
		if (kept == 0 || t->places[kept - 1] != t->places[i])
			t->places[kept++] = t->places[i];
	t->places_count = kept;
}

static void
count_if_user(struct user_table *t, const struct key *key, const struct scan_proc *p,
	struct user_procs *u)
{
	bool leaderless;
	uint64_t start;

	if (!is_user(t, key, p))
		return;
	start = line_start(t, key, p);
	leaderless = is_leaderless(t, p);
	add_process(&u->all, p, start, leaderless);
	if (scan_is_ancestor(t->scan, p))
		add_process(&u->ancestors, p, start, leaderless);
	else if (u->other == NULL)
		u->other = p;
}

static void
find_users(struct user_table *t, const struct key *key, struct user_procs *u)
{
	size_t count;
	const struct scan_proc *procs = scan_procs(t->scan, &count);

	*u = (struct user_procs){ 0 };
	if (key->others) {
		for (size_t i = 0; i < count; i++)
			count_if_user(t, key, &procs[i], u);
		return;
	}
	find_places(t, key);
	for (size_t i = 0; i < t->places_count; i++)
		count_if_user(t, key, &procs[t->places[i]], u);
}

/* The users and groups that may use an object by its mode: alter a set, send to or
 * receive from a queue, attach a segment. */
static struct key
key_of(const struct object *o)
{
	unsigned bits = o->kind->use_bits;
	unsigned mode = o->fact[FACT_MODE];
	struct key key = {
		.uid = o->fact[FACT_UID],
		.cuid = o->fact[o->kind->facts & FACT(CUID) ? FACT_CUID : FACT_UID],
		.everywhere = o->kind->is_file,
		.group = mode & bits << 3,
		.others = mode & bits,
	};

	if (key.group) {
		key.gid = o->fact[FACT_GID];
		key.cgid = o->fact[o->kind->facts & FACT(CGID) ? FACT_CGID : FACT_GID];
	}
	return key;
}

static bool
is_same_key(const struct key *a, const struct key *b)
{
	return a->uid == b->uid && a->cuid == b->cuid && a->gid == b->gid &&
		a->cgid == b->cgid && a->group == b->group && a->others == b->others &&
		a->everywhere == b->everywhere;
}

/* The slot of a key, or the free slot for it. */
static size_t *
find_pair_slot(struct user_table *t, const struct key *key)
{
	size_t at = key->uid * UINT32_C(2654435761) + key->cuid * UINT32_C(40503) +
		key->gid * UINT32_C(97) + key->cgid + key->others;

	for (;; at++) {
		size_t *slot = &t->slots[at & (t->slots_count - 1)];

		if (*slot == 0 || is_same_key(&t->entries[*slot - 1].key, key))
			return slot;
	}
}

static void
grow_pairs(struct user_table *t)
{
	t->slots_count = t->slots_count == 0 ? 16 : t->slots_count * 2;
	free(t->slots);
	t->slots = xcalloc(t->slots_count, sizeof *t->slots);
	for (size_t i = 0; i < t->count; i++)
		*find_pair_slot(t, &t->entries[i].key) = i + 1;
	t->entries = xreallocarray(t->entries, t->slots_count / 2, sizeof *t->entries);
}

const struct user_procs *
user_procs_of(struct user_table *t, const struct object *o)
{
	struct key key = key_of(o);
	size_t *slot;

	if (t->count == t->slots_count / 2)
		grow_pairs(t);
	slot = find_pair_slot(t, &key);
	if (*slot == 0) {
		t->entries[t->count].key = key;
		find_users(t, &key, &t->entries[t->count].users);
		*slot = ++t->count;
	}
	return &t->entries[*slot - 1].users;
}

/* What the processes of a group may know of an object that was made, or used, at a
 * time. */
static struct may_know
group_may_know(const struct user_table *t, const struct user_group *group, time_t since)
{
	if (group->count == 0)
		return (struct may_know){ ANSWER_NO, NULL, false };
	switch (clocks_started_after(&t->context->clocks, group->start, since)) {
	case ANSWER_NO:
		return (struct may_know){ ANSWER_YES, group->oldest, false };
	case ANSWER_UNKNOWN:
		return (struct may_know){ ANSWER_UNKNOWN, group->oldest, false };
	case ANSWER_YES:
		break;
	}
	if (group->leaderless != NULL)
		return (struct may_know){ ANSWER_UNKNOWN, group->leaderless, true };
	return (struct may_know){ ANSWER_NO, NULL, false };
}

struct may_know
user_procs_may_find(struct user_table *t, const struct object *o, time_t made)
{
	const struct user_procs *u = user_procs_of(t, o);

	if (u->other != NULL)
		return (struct may_know){ ANSWER_YES, u->other, false };
	/* Our ancestors, which run us to clean up, need not look for the object. */
	return group_may_know(t, &u->ancestors, made);
}

struct may_know
user_procs_may_know(struct user_table *t, const struct object *o)
{
	time_t made = o->fact[FACT_CTIME] + rule_times.margin;
	time_t active = object_active(o);
	time_t since = made > active ? made : active;

	if (o->fact[FACT_KEY] != 0)
		return user_procs_may_find(t, o, since);
	return group_may_know(t, &user_procs_of(t, o)->all, since);
}
