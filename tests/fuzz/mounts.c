/* SPDX-License-Identifier: GPL-3.0-or-later */

/* /proc/PID/mountinfo.  The input is a device, in eight bytes, the name of a file in one
 * line, and the content of mountinfo.  The linker replaces the function that reads it
 * (-Wl,--wrap). */

#include "process/mounts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "tests/fuzz.h"
#include "lib/file.h"
#include "waits/mounts.h"

static const char *content;

int __wrap_file_read_all(const char *path, struct buf *b);

int
__wrap_file_read_all(const char *path, struct buf *b)
{
	(void)path;
	buf_str(b, content);
	return 0;
}

/* As seq_path_root() of the kernel writes a name. */
static void
put_mangled(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++)
		if (strchr(" \t\n\\", *name) != NULL) {
			buf_char(b, '\\');
			buf_digits(b, (unsigned char)*name, 8, 3);
		} else {
			buf_char(b, *name);
		}
}

/* Whether a mount that a kernel shows is found, wherever it is among others. */
static void
check_found(struct mounts *m, dev_t device, const char *name)
{
	struct buf type = { 0 };
	size_t whole = m->text.len;

	if (*name == '\0' || strchr(name, '/') != NULL)
		return;
	while (whole > 0 && m->text.data[whole - 1] != '\n')
		whole--;
	m->text.len = whole;
	buf_printf(&m->text, "36 35 %u:%u /dir/", major(device), minor(device));
	put_mangled(&m->text, name);
	buf_str(&m->text, " /mnt/a rw,noatime master:1 - tmpfs none rw\n");
	require(mounts_have_file(m, device, name) == 1);
	buf_printf(&m->text, "37 35 %u:%u / ", major(device), minor(device));
	put_mangled(&m->text, name);
	buf_str(&m->text, " rw - tmpfs none rw\n");
	require(mounts_show_root(m, device, name) == 1);
	mounts_put_type(m, device, &type);
	if (whole == 0)
		require(fuzz_has(&type, "tmpfs", 5));
	buf_free(&type);
}

/* Files count as kept by a server unless a mount says something else. */
static void
check_served(dev_t device, const char *text)
{
	struct mount_ids *ids = mount_ids_new();
	struct buf more = { 0 };

	content = "";
	require(mounts_serve_path(1, "/a"));
	require(mount_ids_is_served(ids, mount_ids_device(ids, 7, 1)));
	mount_ids_free(ids);

	ids = mount_ids_new();
	buf_printf(&more, "99 1 %u:%u / / rw - tmpfs none rw\n", major(device),
		minor(device));
	content = buf_text(&more);
	require(mount_ids_device(ids, 99, 1) == device);
	require(!mount_ids_is_served(ids, device) && !mounts_serve_path(1, "/a"));
	buf_str(&more, text);
	content = buf_text(&more);
	/* The number 7 is in no table so far, so the text is read. */
	mount_ids_is_served(ids, mount_ids_device(ids, 7, 1));
	require(mount_ids_device(ids, 99, 1) == device);
	mounts_serve_path(1, "/a/b");
	mount_ids_free(ids);
	buf_free(&more);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint64_t number = input_number(&in);
	dev_t device = makedev((uint32_t)(number >> 32), (uint32_t)number);
	char *name = input_until(&in, '\n'), *text = input_rest(&in);
	struct mounts m = { .read = true };
	struct buf type = { 0 };
	int rc;

	buf_str(&m.text, text);
	rc = mounts_have_file(&m, device, name);
	require(rc == 0 || rc == 1);
	rc = mounts_show_root(&m, device, name);
	require(rc == 0 || rc == 1);
	mounts_put_type(&m, device, &type);
	require(type.len <= strlen(text) + strlen("unknown"));
	buf_free(&type);
	check_found(&m, device, name);
	m.text.len = 0;
	check_found(&m, device, name);
	mounts_free(&m);
	check_served(device, text);
	free(name);
	free(text);
	return 0;
}
