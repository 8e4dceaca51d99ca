/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/candidates.h"

#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "kind/ref.h"
#include "kind/source.h"
#include "lib/num.h"
#include "lib/utf8.h"
#include "output/value.h"
#include "process/proc.h"

const char *
candidates_typed(const struct candidates *c)
{
	return c->word + c->kept;
}

void
candidates_keep(struct candidates *c, const char *up_to)
{
	const char *typed = candidates_typed(c);

	for (const char *p = typed; *p != '\0'; p++)
		if (strchr(up_to, *p) != NULL)
			c->kept = p + 1 - c->word;
}

bool
candidates_full(const struct candidates *c)
{
	return c->count >= CANDIDATES_MAX;
}

/* Whether a text is shown as it is. */
static bool
is_shown_as_it_is(const char *text)
{
	struct buf shown = { 0 };
	bool same;

	utf8_show(&shown, text, strlen(text));
	same = strcmp(buf_text(&shown), text) == 0;
	buf_free(&shown);
	return same;
}

void
candidates_add(struct candidates *c, const char *text, const char *meaning)
{
	const char *typed = candidates_typed(c);

	if (candidates_full(c) || strncmp(text, typed, strlen(typed)) != 0 ||
		!is_shown_as_it_is(text))
		return;
	c->count++;
	buf_add(&c->lines, c->word, c->kept);
	buf_str(&c->lines, text);
	buf_char(&c->lines, '\t');
	if (meaning != NULL)
		utf8_show(&c->lines, meaning, strlen(meaning));
	buf_char(&c->lines, '\n');
}

/* Adds one whose meaning is in a buffer that is used for all. */
static void
add_meant(struct candidates *c, const char *text, struct buf *meaning)
{
	candidates_add(c, text, buf_text(meaning));
	meaning->len = 0;
}

void
candidates_users(struct candidates *c)
{
	struct buf meaning = { 0 };
	const struct passwd *user;

	setpwent();
	while (!candidates_full(c) && (user = getpwent()) != NULL) {
		buf_printf(&meaning, "uid %u", user->pw_uid);
		add_meant(c, user->pw_name, &meaning);
	}
	endpwent();
	buf_free(&meaning);
}

void
candidates_groups(struct candidates *c)
{
	struct buf meaning = { 0 };
	const struct group *group;

	setgrent();
	while (!candidates_full(c) && (group = getgrent()) != NULL) {
		buf_printf(&meaning, "gid %u", group->gr_gid);
		add_meant(c, group->gr_name, &meaning);
	}
	endgrent();
	buf_free(&meaning);
}

void
candidates_pids(struct candidates *c)
{
	DIR *proc = opendir("/proc");
	struct buf name = { 0 };
	const struct dirent *entry;
	struct proc process;
	uint64_t pid;

	/* What cannot be read is not offered: this decides nothing. */
	while (proc != NULL && !candidates_full(c) && (entry = readdir(proc)) != NULL)
		if (num_range(entry->d_name, 1, INT32_MAX, &pid) == 0 &&
			proc_read(pid, &process) == 0 && !process.is_kernel &&
			proc_command(pid, &name) == 0)
			add_meant(c, entry->d_name, &name);
	if (proc != NULL)
		closedir(proc);
	buf_free(&name);
}

/* Appends "hpc, 1.5K, 4 messages". */
static void
put_owner_and_size(struct buf *b, const struct object *o)
{
	const struct style style = { .people = true };
	struct value owner = { .type = VALUE_USER, .number = o->fact[FACT_UID] };
	struct value size = { .type = VALUE_SIZE, .number = o->fact[FACT_SIZE] };
	char use[USE_SIZE];

	value_text(&owner, &style, b);
	if (object_has(o, FACT(SIZE))) {
		buf_str(b, ", ");
		value_text(&size, &style, b);
	}
	if (object_put_use(o, use))
		buf_printf(b, ", %s", use);
}

static void
add_object(struct candidates *c, const struct object *o, enum candidates_name name)
{
	struct value key = { .type = VALUE_KEY, .number = o->fact[FACT_KEY] };
	const struct style style = { 0 };
	struct buf text = { 0 }, meaning = { 0 };
	char room[REF_SIZE];
	const char *ref = ref_text(o, room);

	if (name == NAME_REF)
		buf_str(&text, ref);
	else if (name == NAME_ID)
		buf_number(&text, o->fact[FACT_ID]);
	else
		value_text(&key, &style, &text);
	if (name != NAME_REF)
		buf_printf(&meaning, "%s, ", ref);
	put_owner_and_size(&meaning, o);
	if (name != NAME_KEY || o->fact[FACT_KEY] != 0)
		candidates_add(c, buf_text(&text), buf_text(&meaning));
	buf_free(&text);
	buf_free(&meaning);
}

void
candidates_objects(
	struct candidates *c, const struct kind *kind, enum candidates_name name)
{
	const facts_t wanted = FACTS_NUMBER | FACT(KEY) | FACT(UID) | FACT(SIZE);
	const struct source_options options = { 0 };
	struct buf cause = { 0 };
	struct object o;
	struct source *s = source_open(kind, (wanted | FACT_BIT(kind->use)) & kind->facts,
		&options, NULL, &cause);

	while (s != NULL && !candidates_full(c) && source_next(s, &o) > 0)
		add_object(c, &o, name);
	if (s != NULL)
		source_close(s);
	buf_free(&cause);
}
