/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/ipc-ns.h"
#include "cmd/listing.h"
#include "kind/ipcns.h"
#include "kind/kind.h"
#include "lib/message.h"
#include "lib/names.h"
#include "lib/tally.h"
#include "output/value.h"

bool
ask_can(size_t count, bool from_stdin, const char *done)
{
	if (!from_stdin && isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		return true;
	say("%zu object%s would be %s, and there is no terminal to ask on: add --yes to "
	    "do it, or --dry-run to see which; nothing has been %s",
		count, count == 1 ? "" : "s", done, done);
	return false;
}

static void
show_each(const struct kept *const *objects, size_t count)
{
	struct field_set set = fields_of_objects;
	struct layout layout;
	struct listing listing;
	struct object o;

	if (opt_all_namespaces())
		set.names = "ref,key,owner,mode,size,use,active,state,container";
	layout = layout_table(&set, stderr);
	listing_start(&listing, &layout);
	for (size_t i = 0; i < count; i++) {
		kept_object(objects[i], &o);
		listing_add(&listing, &o);
	}
	listing_end(&listing);
	layout_free(&layout);
}

static const struct ipcns *
namespace_of(const struct kept *kept)
{
	struct object o;

	kept_object(kept, &o);
	return o.ns;
}

/* Names the namespace of the objects that follow, and its container. */
static void
say_namespace(const struct ipcns *ns)
{
	char name[IPCNS_SIZE + 1];

	*ipcns_put(ns, name) = '\0';
	if (ns->container_brief != NULL)
		say("in %s, %s:", name + 1, ns->container_brief);
	else
		say("in %s:", name + 1);
}

/* Shows the number and size of the objects of each type and owner, which are in one
 * namespace. */
static void
show_summary_of(const struct kept *const *objects, size_t count)
{
	enum { OBJECTS, BYTES, COUNTERS };
	const struct style style = { .people = true };

	for (size_t k = 0; k < kinds_count; k++) {
		struct tally *tally = tally_new(COUNTERS);
		const struct tally_row *rows;
		size_t owners;

		for (size_t i = 0; i < count; i++) {
			struct object o;
			uint64_t *counters;

			kept_object(objects[i], &o);
			if (o.kind != kinds[k])
				continue;
			counters = tally_of(tally, o.fact[FACT_UID]);
			counters[OBJECTS]++;
			counters[BYTES] += o.fact[FACT_SIZE];
		}
		rows = tally_rows(tally, OBJECTS, &owners);
		for (size_t i = 0; i < owners; i++) {
			uint64_t n = rows[i].counters[OBJECTS];
			const struct value size = { .type = VALUE_SIZE,
				.number = rows[i].counters[BYTES] };
			struct buf line = { 0 };

			buf_printf(&line, "%" PRIu64 " %s of %s", n,
				n == 1 ? kinds[k]->short_noun : kinds[k]->short_nouns,
				names_user(rows[i].id));
			if (kinds[k]->facts & FACT(SIZE)) {
				buf_str(&line, ", ");
				value_text(&size, &style, &line);
			}
			say("%s", buf_text(&line));
			buf_free(&line);
		}
		tally_free(tally);
	}
}

/* The same for the objects of each namespace. */
static void
show_summary(const struct kept *const *objects, size_t count)
{
	for (size_t end, start = 0; start < count; start = end) {
		const struct ipcns *ns = namespace_of(objects[start]);

		end = start + 1;
		while (end < count && namespace_of(objects[end]) == ns)
			end++;
		if (opt_all_namespaces())
			say_namespace(ns);
		show_summary_of(objects + start, end - start);
	}
	say("--dry-run shows each of them");
}

void
ask_show(const struct kept *const *objects, size_t count)
{
	if (count <= ASK_SHOWN_MAX)
		show_each(objects, count);
	else
		show_summary(objects, count);
}

bool
ask_yes(void)
{
	char answer[64] = "";

	if (fgets(answer, sizeof answer, stdin) == NULL)
		fputc('\n', stderr); /* which the user did not type */
	return strcasecmp(answer, "y\n") == 0 || strcasecmp(answer, "yes\n") == 0;
}
