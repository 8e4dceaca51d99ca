/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sysv/sysv.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/ipc.h>

#include "kind/access.h"
#include "kind/ipcns.h"
#include "kind/ref.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/buf.h"
#include "lib/file.h"
#include "lib/num.h"

const struct family sysv_family = { "sysv", "System V objects" };

const struct sysv_column sysv_common_columns[] = {
	{ "key", FACT_KEY, 10, 32, .is_signed = true },
	{ "perms", FACT_MODE, 8, 16 },
	{ "uid", FACT_UID, 10, 32 },
	{ "gid", FACT_GID, 10, 32 },
	{ "cuid", FACT_CUID, 10, 32 },
	{ "cgid", FACT_CGID, 10, 32 },
	{ "ctime", FACT_CTIME, 10, 63 },
	{ 0 },
};

const struct sysv *
sysv_of(const struct kind *kind)
{
	return (const struct sysv *)((const char *)kind - offsetof(struct sysv, kind));
}

void
sysv_from_perm(struct object *o, const struct ipc_perm *perm)
{
	object_set(o, FACT_KEY, (uint32_t)perm->__key);
	object_set(o, FACT_MODE, perm->mode);
	object_set(o, FACT_UID, perm->uid);
	object_set(o, FACT_GID, perm->gid);
	object_set(o, FACT_CUID, perm->cuid);
	object_set(o, FACT_CGID, perm->cgid);
}

void
sysv_to_perm(const struct object *o, struct ipc_perm *perm)
{
	perm->mode = o->fact[FACT_MODE] & 0777;
	perm->uid = o->fact[FACT_UID];
	perm->gid = o->fact[FACT_GID];
}

int
sysv_read_index(const struct sysv *sysv, int index, struct object *o)
{
	int id;

	o->kind = &sysv->kind;
	o->have = 0;
	id = sysv->read_ds(index, sysv->stat_any, o);
	if (id < 0)
		return -1;
	object_set(o, FACT_ID, id);
	return 0;
}

int
sysv_read(const struct sysv *sysv, uint32_t id, struct object *o)
{
	/* The index is in the low bits of the id: 15 bits, or 24 with ipcmni_extend. */
	static const uint32_t masks[] = { 0x7fff, 0xffffff };
	int error;

	o->kind = &sysv->kind;
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
		if (sysv_read_index(sysv, id & masks[i], o) == 0 &&
			o->fact[FACT_ID] == id)
			return 1;
	}
	/* The object is gone, or this call is denied; IPC_STAT tells which. */
	o->have = 0;
	if (sysv->read_ds(id, IPC_STAT, o) == 0) {
		object_set(o, FACT_ID, id);
		return 1;
	}
	error = errno;
	return kind_is_gone(error) ? 0 : -1;
}

int
sysv_parse_ref(const char *text, struct ref *ref, struct buf *cause)
{
	uint32_t number = 0;

	ref->by_key = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	if (ref->by_key && num_hex_key(text + 2, &number) < 0) {
		buf_str(cause,
			"a key is 0x and 1 to 8 hexadecimal digits, and not 0, which is "
			"IPC_PRIVATE and names nothing");
		return -1;
	}
	if (!ref->by_key && num_id(text, &number) < 0) {
		buf_str(cause, NUM_ID_FORM ", or 0x and a key");
		return -1;
	}
	ref->number = number;
	return 0;
}

char *
sysv_put_ref(const struct object *o, char *at)
{
	return num_put(at, o->fact[FACT_ID]);
}

size_t
sysv_names(const struct object *o, struct ref refs[REFS_MAX])
{
	size_t count = 0;

	refs[count++] = (struct ref){ o->kind, false, o->fact[FACT_ID] };
	if (object_has(o, FACT(KEY)) && o->fact[FACT_KEY] != 0)
		refs[count++] = (struct ref){ o->kind, true, o->fact[FACT_KEY] };
	return count;
}

int
sysv_by_key(const struct kind *kind, uint32_t key, uint32_t *id)
{
	int rc = sysv_of(kind)->get(&(struct creation){ .key = key }, 0);

	if (rc < 0)
		return -1;
	*id = rc;
	return 0;
}

int
sysv_find(const struct ref *ref, const struct source_options *options, struct object *o,
	struct buf *cause)
{
	uint32_t id = ref->number;
	int rc;

	(void)cause;
	if (options->dir != NULL || options->choice == SOURCE_PROC)
		return FIND_BY_READING;
	if (ref->by_key && sysv_by_key(ref->kind, ref->number, &id) < 0)
		return kind_is_gone(errno) ? 0 : FIND_BY_READING;
	o->read = time(NULL);
	rc = sysv_read(sysv_of(ref->kind), id, o);
	return rc < 0 ? FIND_BY_READING : rc;
}

static int
get_object(
	const struct kind *kind, const struct creation *what, int flags, struct object *o)
{
	int id = sysv_of(kind)->get(what, flags);

	if (id < 0)
		return -1;
	*o = (struct object){ .kind = kind, .ns = ipcns_now() };
	object_set(o, FACT_ID, id);
	return 0;
}

int
sysv_create(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause)
{
	(void)cause;
	return get_object(kind, what, IPC_CREAT | IPC_EXCL | 0600, o);
}

int
sysv_look_up(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause)
{
	(void)cause;
	return get_object(kind, what, 0, o);
}

int
sysv_apply(const struct object *old, const struct object *wanted)
{
	return sysv_of(old->kind)->set_id(old->fact[FACT_ID], wanted);
}

int
sysv_remove(const struct object *o, bool checks, struct buf *cause)
{
	(void)checks;
	(void)cause;
	return sysv_of(o->kind)->remove_id(o->fact[FACT_ID]);
}

bool
sysv_same(const struct object *a, const struct object *b)
{
	static const enum fact facts[] = { FACT_ID, FACT_KEY, FACT_CUID, FACT_CGID,
		FACT_CPID };

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		/* A segment loses its key when it is marked for removal. */
		if (facts[i] == FACT_KEY && a->kind == b->kind &&
			a->kind->is_marked != NULL && a->kind->is_marked(b))
			continue;
		if ((a->have & b->have & FACT_BIT(facts[i])) &&
			a->fact[facts[i]] != b->fact[facts[i]])
			return false;
	}
	return a->kind == b->kind;
}

bool
sysv_may_change(const struct object *o)
{
	return access_is_ours(o) || access_has(CAP_SYS_ADMIN);
}

/* Whether the kernel was booted with a word. */
static bool
is_boot_option(const char *word)
{
	static const char blanks[] = " \n";
	struct buf line = { 0 };
	bool found = false;

	if (file_read_all("/proc/cmdline", &line) == 0)
		for (const char *p = buf_text(&line); *p != '\0' && !found;) {
			size_t len = strcspn(p, blanks);

			found = len == strlen(word) && memcmp(p, word, len) == 0;
			p += len;
			p += strspn(p, blanks);
		}
	buf_free(&line);
	return found;
}

struct limit_most
sysv_most_objects(uint64_t limit)
{
	enum { USUAL = 1 << 15, EXTENDED = 1 << 24 };

	if (limit > USUAL || is_boot_option("ipcmni_extend"))
		return (struct limit_most){ .number = EXTENDED };
	return (struct limit_most){ USUAL, "the boot option ipcmni_extend raises it" };
}
