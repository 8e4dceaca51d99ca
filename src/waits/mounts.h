/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_MOUNTS_H
#define WAITS_MOUNTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The mounts of all processes by their ids, which are unique on a machine
 * (proc_pid_mountinfo(5)). */
struct mount_ids;

struct mount_ids *mount_ids_new(void);
void mount_ids_free(struct mount_ids *m);

/*
 * The device of a mount: that of its file system, as dev_t.  If it is in no table, as
 * that of all queues, which the kernel made for itself: a number that only this mount
 * has.
 */
uint64_t mount_ids_device(struct mount_ids *m, uint64_t id, pid_t pid);

/* Whether files of the device are kept by a server or a program, which may not answer;
 * also if that is not known. */
bool mount_ids_is_served(const struct mount_ids *m, uint64_t device);

/* Whether files of the device may be POSIX queues: it has a file system of these, or is
 * in no table, as the mount of what mq_open(3) opens. */
bool mount_ids_has_queues(const struct mount_ids *m, uint64_t device);

/* A file by the device of its mount, as fdinfo and /proc/locks tell it.  stat(2) tells
 * another one on Btrfs and on overlays. */
struct mounted_file {
	uint64_t device, inode;
	bool is_fifo;
};

/* Looks up a path that is in the mounts of a process; the flags are those of statx(2), as
 * AT_SYMLINK_NOFOLLOW.  0, or -1 with errno. */
int mounts_find_file(pid_t pid, const char *path, int flags, struct mounted_file *file);

/* Whether files may not answer, for an absolute path as a process sees it. */
bool mounts_serve_path(pid_t pid, const char *path);

#endif
