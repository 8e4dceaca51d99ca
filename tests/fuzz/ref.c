/* SPDX-License-Identifier: GPL-3.0-or-later */

/* References.  The input is one; or, if it starts with a slash, the name of a file in
 * /dev/shm, and a path. */

#include "kind/ref.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz.h"
#include "posix/name.h"
#include "waits/reference.h"

/* The object that a reference by number or name is of. */
static struct object
object_of(const struct ref *ref)
{
	struct object o = { .kind = ref->kind, .label = ref->label };

	object_set(&o, o.kind->number, ref->number);
	return o;
}

/* A reference is one word that a shell does not change, and that reads as the same. */
static void
check_text(const struct object *o, const struct ref *ref)
{
	struct buf cause = { 0 };
	struct ref again;
	char room[REF_SIZE];
	const char *text = ref_text(o, room);

	require(fuzz_is_clean(text, strlen(text), ""));
	require(strpbrk(text, " '\"\\$`&;<>()|*?[]{}~!@^") == NULL);
	require(ref_parse(text, &again, &cause) == 0);
	require(ref_compare(ref, &again) == 0);
	require(ref_is_of(&again, o));
	ref_free(&again);
	buf_free(&cause);
}

static void
check_ref(const char *text)
{
	struct buf cause = { 0 };
	struct ref ref;

	if (ref_parse(text, &ref, &cause) < 0) {
		require(cause.len > 0);
		require(ref.label == NULL);
	} else {
		struct object o = object_of(&ref);

		require(cause.len == 0);
		require(ref.kind->number != FACT_ID || ref.number <= UINT32_MAX);
		if (ref.by_key)
			require(ref.number != 0);
		else
			check_text(&o, &ref);
	}
	ref_free(&ref);
	buf_free(&cause);
}

/* A file that can be in /dev/shm is of one type, and has a reference that names it. */
static void
check_file(const char *file)
{
	bool is_semaphore = posix_takes(&posix_psem, file);
	const struct posix *posix = is_semaphore ? &posix_psem : &posix_pshm;
	struct buf room = { 0 }, cause = { 0 };
	struct label label;
	struct ref ref;

	if (*file == '\0' || strchr(file, '/') != NULL || strcmp(file, ".") == 0 ||
		strcmp(file, "..") == 0 || strlen(file) > NAME_MAX)
		return;
	require(posix_takes(&posix_pshm, file) == !is_semaphore);
	posix_label(posix, file, 7, &label, &room);
	require(strcmp(label.name, file + strlen(posix->prefix)) == 0);
	require(strcmp(posix_file(&label), file) == 0);
	require(ref_parse(label.ref, &ref, &cause) == 0);
	require(ref.kind == &posix->kind);
	require(strcmp(ref.label->name, label.name) == 0);
	require(strcmp(ref.label->path, label.path) == 0);
	check_text(&(struct object){ .kind = ref.kind, .label = &label }, &ref);
	ref_free(&ref);
	buf_free(&room);
	buf_free(&cause);
}

/* A path in a reference is one word, and is found in it again. */
static void
check_path(const char *path)
{
	char *ref = reference_of_path("fifo", path);
	char *decoded = reference_decode(ref + strlen("fifo:"));

	require(strpbrk(ref, " \t\n\\\"'`$;&|<>()*?[]{}~#!@") == NULL);
	require(decoded != NULL && strcmp(decoded, path) == 0);
	free(ref);
	free(decoded);
}

/* What is decoded is written so that it is decoded to the same. */
static void
check_decoding(const char *text)
{
	char *path = reference_decode(text);

	if (path == NULL)
		require(strchr(text, '%') != NULL);
	else if (*path != '\0')
		check_path(path);
	free(path);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char *text = input_rest(&in);

	if (*text == '/') {
		check_file(text + 1);
		check_path(text);
	} else {
		check_ref(text);
		check_decoding(text);
	}
	free(text);
	return 0;
}
