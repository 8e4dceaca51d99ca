/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/offer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/operands.h"
#include "cli/output.h"
#include "lib/array.h"
#include "kind/limit.h"
#include "kind/ref.h"
#include "lib/xalloc.h"

/* Whether the command works on objects of a kind. */
static bool
takes_kind(const struct completion *c, const struct kind *kind)
{
	/* ipcrm's letters stand for one each. */
	if (c->option != NULL && c->option->argp == &opt_operands_argp)
		return kind == opt_operands_kind(c->option->letter);
	return c->cmd->fits == NULL || c->cmd->fits(kind);
}

static void
offer_commands(struct completion *c)
{
	for (size_t i = 0; i < cmds_count; i++)
		candidates_add(&c->candidates, cmds[i]->name, cmds[i]->summary);
}

static void
offer_directories(struct completion *c)
{
	c->what = "directories";
}

static void
offer_files(struct completion *c)
{
	c->what = "files";
}

static void
add_field(void *candidates, const struct field *f)
{
	candidates_add(candidates, f->column.name, f->help);
}

/* The writer of the format that was given, else that of the default one. */
static const struct writer *
given_writer(const struct completion *c)
{
	const struct writer *w;

	for (size_t i = 0; (w = opt_output_format(c->cmd->output, i)) != NULL; i++)
		if (c->format != NULL && strcmp(w->name, c->format) == 0)
			return w;
	return opt_output_format(c->cmd->output, 0);
}

static void
offer_fields(struct completion *c, bool to_sort)
{
	struct opt_output output = *c->cmd->output;

	c->what = "parts";
	if (c->group != NULL)
		opt_output_group(&output, c->group);
	opt_output_offer(&output, given_writer(c), to_sort, add_field, &c->candidates);
}

static void
offer_output_fields(struct completion *c)
{
	candidates_keep(&c->candidates, ",");
	if (c->candidates.kept == 0 || c->candidates.word[c->candidates.kept - 1] != ',')
		c->candidates.kept += *candidates_typed(&c->candidates) == '+';
	offer_fields(c, false);
}

static void
offer_sort_fields(struct completion *c)
{
	candidates_keep(&c->candidates, ",");
	c->candidates.kept += *candidates_typed(&c->candidates) == '-';
	offer_fields(c, true);
}

/* The fields by which list adds up objects. */
static void
offer_key_fields(struct completion *c)
{
	for (size_t i = 0; i < fields_count; i++)
		if (fields[i].flags & FIELD_KEY)
			add_field(&c->candidates, &fields[i]);
}

static void
offer_formats(struct completion *c)
{
	const struct writer *w;

	for (size_t i = 0; (w = opt_output_format(c->cmd->output, i)) != NULL; i++)
		candidates_add(&c->candidates, w->name, w->help);
}

static void
offer_users(struct completion *c)
{
	candidates_users(&c->candidates);
}

static void
offer_groups(struct completion *c)
{
	candidates_groups(&c->candidates);
}

static void
offer_owner(struct completion *c)
{
	if (strchr(candidates_typed(&c->candidates), ':') == NULL) {
		c->what = "parts";
		candidates_users(&c->candidates);
		return;
	}
	candidates_keep(&c->candidates, ":");
	candidates_groups(&c->candidates);
}

static void
offer_pids(struct completion *c)
{
	candidates_pids(&c->candidates);
}

static void
offer_objects(struct completion *c, const struct kind *kind, enum candidates_name name)
{
	if (c->where == OBJECTS_HERE ||
		(c->where == OBJECTS_ENTERED && kind->is_namespaced))
		candidates_objects(&c->candidates, kind, name);
}

static void
offer_names(struct completion *c, enum candidates_name name)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (takes_kind(c, kinds[i]))
			offer_objects(c, kinds[i], name);
}

static void
offer_ids(struct completion *c)
{
	offer_names(c, NAME_ID);
}

static void
offer_keys(struct completion *c)
{
	offer_names(c, NAME_KEY);
}

/* The groups of which the command works on each kind. */
static void
offer_group_names(struct completion *c)
{
	const char *group;

	for (size_t i = 0; (group = kinds_group_name(i)) != NULL; i++) {
		kinds_t all = kinds_of_group(group);
		bool fits = !c->cmd->creates;

		for (size_t k = 0; k < kinds_count; k++)
			fits &= !(all & KIND_BIT(k)) || takes_kind(c, kinds[k]);
		if (fits)
			candidates_add(&c->candidates, group, "all types of this group");
	}
}

static void
offer_types(struct completion *c)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (takes_kind(c, kinds[i]) && !(c->cmd->creates && kinds[i]->is_named))
			candidates_add(&c->candidates, kinds[i]->name, kinds[i]->title);
	offer_group_names(c);
}

static void
offer_states(struct completion *c)
{
	kinds_t taken = 0;
	const char **words;

	for (size_t i = 0; i < kinds_count; i++)
		taken |= takes_kind(c, kinds[i]) ? KIND_BIT(i) : 0;
	words = kind_state_words(taken);
	for (size_t i = 0; words[i] != NULL; i++)
		candidates_add(&c->candidates, words[i], NULL);
	free(words);
}

/* The limits of the kernel, each followed by this text. */
static void
offer_limits(struct completion *c, const char *after)
{
	for (size_t k = 0; k < kinds_count; k++) {
		const struct limit *l = kinds[k]->limits;

		for (; l != NULL && l->name != NULL; l++) {
			char *word = xasprintf("%s%s", l->name, after);

			candidates_add(&c->candidates, word, l->what);
			free(word);
		}
	}
}

static void
offer_resources(struct completion *c)
{
	offer_limits(c, "");
}

static void
offer_percentages(struct completion *c)
{
	c->what = "parts";
	offer_limits(c, "=");
}

/* The objects of a type that has been typed, by key after 0x; before that the types, and
 * after @ the namespaces. */
static void
offer_refs(struct completion *c)
{
	const char *typed = candidates_typed(&c->candidates);

	if (ref_namespace(typed) != NULL) {
		candidates_keep(&c->candidates, "@");
		offer_namespace_numbers(c);
		return;
	}
	for (size_t i = 0; i < kinds_count; i++) {
		char *type = xasprintf("%s:", kinds[i]->name);
		size_t len = strlen(type);
		size_t kept = c->candidates.kept;
		bool is_typed = strncmp(typed, type, len) == 0;
		/* Only the user knows the name of a new object. */
		bool is_offered = takes_kind(c, kinds[i]) &&
			(!c->cmd->creates || (kinds[i]->is_named && !is_typed));

		if (is_offered && !is_typed) {
			candidates_add(&c->candidates, type, kinds[i]->noun);
		} else if (is_offered && strncmp(typed + len, "0x", 2) == 0) {
			c->candidates.kept += len;
			offer_objects(c, kinds[i], NAME_KEY);
		} else if (is_offered) {
			offer_objects(c, kinds[i], NAME_REF);
		}
		c->candidates.kept = kept;
		free(type);
	}
}

/* The placeholders for which there are candidates. */
static const struct placeholder {
	const char *name;
	void (*offer)(struct completion *c);
} placeholders[] = {
	{ "COMMAND", offer_commands },
	{ "DIR", offer_directories },
	{ "FIELD", offer_key_fields },
	{ "FILE", offer_files },
	{ "FORMAT", offer_formats },
	{ "GROUP", offer_groups },
	{ "ID", offer_ids },
	{ "KEY", offer_keys },
	{ "NS", offer_namespaces },
	{ "PATH", offer_files },
	{ "PID", offer_pids },
	{ "REF", offer_refs },
	{ "RESOURCE", offer_resources },
	{ "STATE", offer_states },
	{ "TYPE", offer_types },
	{ "USER", offer_users },
	{ "[+]FIELD,...", offer_output_fields },
	{ "[-]FIELD,...", offer_sort_fields },
	{ "[RESOURCE=]PERCENT", offer_percentages },
	{ "[USER][:GROUP]", offer_owner },
};

/* Offers candidates for a placeholder.  Returns whether it is in the table. */
static bool
offer_placeholder(struct completion *c, const char *name, size_t len)
{
	const size_t kept = c->candidates.kept;

	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++)
		if (strlen(placeholders[i].name) == len &&
			memcmp(placeholders[i].name, name, len) == 0) {
			placeholders[i].offer(c);
			c->candidates.kept = kept;
			return true;
		}
	return false;
}

static void
offer_alternative(struct completion *c, const char *text, size_t len)
{
	size_t literal = 0;
	char *word;

	while (literal < len && islower((unsigned char)text[0]) &&
		!isupper((unsigned char)text[literal]))
		literal++;
	word = xasprintf("%.*s", (int)literal, text);
	if (literal < len &&
		strncmp(candidates_typed(&c->candidates), word, literal) == 0) {
		c->candidates.kept += literal;
		offer_placeholder(c, text + literal, len - literal);
		c->candidates.kept -= literal;
	} else if (literal > 0) {
		candidates_add(&c->candidates, word, NULL);
	}
	free(word);
}

void
offer_alternatives(struct completion *c, const char *text, size_t len)
{
	const char *end = text + len;

	if (offer_placeholder(c, text, len))
		return;
	for (; text < end; text += len + 1) {
		len = strcspn(text, "|");
		if (len > (size_t)(end - text))
			len = end - text;
		offer_alternative(c, text, len);
	}
}
