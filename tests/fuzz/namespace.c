/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Namespaces as people name them, and containers.  The input is such a name; or, if it
 * starts with a NUL, the content of a /proc/PID/cgroup. */

#include "namespace/name.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz.h"

enum { PID_MOST = 4194304 };

static void
check_parsed(const struct ns_name *name, const char *text)
{
	char *end;

	switch (name->form) {
	case NS_PID:
		require(name->pid > 0 && name->pid <= PID_MOST);
		break;
	case NS_INODE:
		require(name->inode >= NS_INITIAL && name->text == NULL);
		if (!name->has_id)
			break;
		require(strtoull(text, &end, 10) == name->inode && *end == '.');
		require(strtoull(end + 1, &end, 10) == name->id && *end == '\0');
		break;
	case NS_PATH:
		require(strcmp(name->text, text) == 0);
		break;
	case NS_CONTAINER:
		require(name->manager != MANAGER_UNIT && *name->text != '\0');
		require(strstr(text, name->text) != NULL);
		if (name->manager == MANAGER_NONE || container_has_id(name->manager))
			require(strlen(name->text) <= CONTAINER_ID);
		break;
	case NS_POD:
		require(*name->text != '\0');
		break;
	}
}

static void
check_name(const char *text)
{
	struct buf cause = { 0 };
	struct ns_name name;

	if (ns_name_parse(text, &name, &cause) == 0) {
		require(cause.len == 0);
		check_parsed(&name, text);
	} else {
		require(strstr(buf_text(&cause), text) != NULL);
	}
	ns_name_free(&name);
	buf_free(&cause);
}

/* What ipctool prints for a container is a name that means it. */
static void
check_printed(const struct container *c, bool brief)
{
	struct buf text = { 0 }, cause = { 0 };
	struct ns_name name;

	container_put(c, brief, &text);
	require(ns_name_parse(buf_text(&text), &name, &cause) == 0);
	require(name.form == NS_CONTAINER && name.manager == c->manager);
	require(strncmp(c->name, name.text, strlen(name.text)) == 0);
	require(brief || strcmp(c->name, name.text) == 0);
	require(name.has_user == c->is_of_user);
	require(!name.has_user || name.user == c->user);
	ns_name_free(&name);
	buf_free(&text);
	buf_free(&cause);
}

static void
check_cgroup(const char *text)
{
	struct container c;

	container_parse_all(text, &c);
	require(memchr(c.name, '\0', sizeof c.name) != NULL);
	require(memchr(c.pod, '\0', sizeof c.pod) != NULL);
	require((c.manager == MANAGER_NONE) == (c.name[0] == '\0'));
	require(!c.is_of_user || c.manager == MANAGER_PODMAN);
	if (container_has_id(c.manager))
		require(strspn(c.name, "0123456789abcdef") == CONTAINER_ID);
	if (c.manager == MANAGER_NONE || c.manager == MANAGER_UNIT)
		return;
	check_printed(&c, false);
	check_printed(&c, true);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	bool is_cgroup = size > 0 && *data == 0;
	char *text;

	if (is_cgroup)
		input_byte(&in);
	text = input_rest(&in);
	if (is_cgroup)
		check_cgroup(text);
	else
		check_name(text);
	free(text);
	return 0;
}
