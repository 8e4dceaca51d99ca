/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FILE_H
#define FILE_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Reads the start of a small file, as those of /proc and /sys are, and adds a NUL.
 * Returns the length, or -1 with errno.
 */
ssize_t file_read(const char *path, char *text, size_t size);

/* The number that a file starts with.  0, or -1 when it cannot be had. */
int file_number(const char *path, uint64_t *number);

#endif
