/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "posix/name.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "kind/ipcns.h"
#include "kind/ref.h"
#include "lib/num.h"
#include "lib/percent.h"

void
posix_put_name(struct buf *b, const char *name)
{
	percent_put(b, name, "");
}

/* Appends a copy of the first bytes of a buffer and the namespace that ipctool works in,
 * with a NUL. */
static void
put_shown(struct buf *room, size_t len)
{
	char suffix[IPCNS_SIZE];
	size_t more = ipcns_put(ipcns_now(), suffix) - suffix;

	buf_grow(room, len + more + 1);
	buf_add(room, room->data, len);
	buf_add(room, suffix, more);
	buf_char(room, '\0');
}

void
posix_label(const struct posix *posix, const char *file, uint64_t inode,
	struct label *label, struct buf *room)
{
	size_t ref_len, shown_at, path_at;

	room->len = 0;
	buf_str(room, posix->kind.name);
	if (file != NULL) {
		buf_str(room, ":/");
		posix_put_name(room, file + strlen(posix->prefix));
	} else {
		buf_printf(room, ":#%" PRIu64, inode);
	}
	ref_len = room->len;
	buf_char(room, '\0');
	shown_at = room->len;
	if (ipcns_now() != NULL)
		put_shown(room, ref_len);
	path_at = room->len;
	if (file != NULL) {
		buf_printf(room, "%s/", posix->place);
		buf_add(room, file, strlen(file) + 1);
	}
	*label = (struct label){ .ref = buf_text(room) };
	if (ipcns_now() != NULL)
		label->shown = label->ref + shown_at;
	if (file == NULL)
		return;
	label->path = label->ref + path_at;
	label->name = posix_file(label) + strlen(posix->prefix);
}

void
posix_relabel(struct label *label, const struct posix *posix)
{
	size_t len = strlen(posix->kind.name);

	memcpy((char *)label->ref, posix->kind.name, len);
	if (label->shown != NULL)
		memcpy((char *)label->shown, posix->kind.name, len);
}

const char *
posix_file(const struct label *label)
{
	return strrchr(label->path, '/') + 1;
}

/* --- Parsing ----------------------------------------------------------------------- */

/* Appends the byte at *p, and moves *p after it.  0, or -1 with the cause. */
static int
take_byte(const char **p, struct buf *name, struct buf *cause)
{
	unsigned char c = *(*p)++;

	if (c == '%') {
		if (percent_take(p, &c) < 0) {
			buf_str(cause, "write '%' as %25");
			return -1;
		}
	} else if (c == '@') {
		buf_str(cause, "write '@' as %40");
		return -1;
	} else if (c == ' ' || (c >= '\t' && c <= '\r')) {
		buf_printf(cause, "write the byte 0x%02x as %%%02X", c, c);
		return -1;
	}
	if (c == '/')
		buf_str(cause, "it contains a second '/'");
	else if (c == '\0')
		buf_str(cause, "it contains the byte 0x00");
	buf_char(name, c);
	return c == '/' || c == '\0' ? -1 : 0;
}

static int
check_name(
	const struct posix *posix, const char *name, const char *file, struct buf *cause)
{
	size_t most = NAME_MAX - strlen(posix->prefix);

	if (*name == '\0')
		buf_str(cause, "it is empty");
	else if (strcmp(file, ".") == 0 || strcmp(file, "..") == 0)
		buf_str(cause, "'.' and '..' are directories");
	else if (strlen(name) > most)
		buf_printf(cause, "it has %zu bytes, the maximum is %zu", strlen(name),
			most);
	if (cause->len > 0)
		return -1;
	if (posix_takes(posix, file))
		return 0;
	buf_str(cause, "this is a semaphore; use psem:/");
	posix_put_name(cause, file + strlen(posix_psem.prefix));
	return -1;
}

static int
parse_name(const char *text, struct ref *ref, struct buf *cause)
{
	const struct posix *posix = posix_of(ref->kind);
	struct buf file = { 0 }, room = { 0 }, why = { 0 };
	struct label label;
	int rc = 0;

	text += *text == '/';
	buf_str(&file, posix->prefix);
	while (rc == 0 && *text != '\0')
		rc = take_byte(&text, &file, &why);
	if (rc == 0)
		rc = check_name(posix, buf_text(&file) + strlen(posix->prefix),
			buf_text(&file), &why);
	if (rc == 0) {
		posix_label(posix, buf_text(&file), 0, &label, &room);
		ref->label = label_copy(&label);
	} else {
		buf_printf(cause, "invalid name: %s", buf_text(&why));
	}
	buf_free(&file);
	buf_free(&room);
	buf_free(&why);
	return rc;
}

int
posix_parse_ref(const char *text, struct ref *ref, struct buf *cause)
{
	struct buf room = { 0 };
	struct label label;

	if (*text != '#')
		return parse_name(text, ref, cause);
	if (posix_of(ref->kind)->needs_name) {
		buf_str(cause,
			"invalid name: write '#' as %23; without a name it cannot be "
			"referred to");
		return -1;
	}
	if (num_range(text + 1, 1, UINT64_MAX, &ref->number) < 0) {
		buf_str(cause, "invalid inode number");
		return -1;
	}
	posix_label(posix_of(ref->kind), NULL, ref->number, &label, &room);
	ref->label = label_copy(&label);
	buf_free(&room);
	return 0;
}
