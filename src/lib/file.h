/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"

/*
 * Reads the start of a small file, such as those of /proc and /sys, and adds a NUL.
 * Repeats short reads, because the kernel may return the file in pieces.  Returns the
 * length, or -1 with errno.
 */
ssize_t file_read(const char *path, char *text, size_t size);

/* Appends the whole content of a file.  0, or -1 with errno. */
int file_read_all(const char *path, struct buf *b);

/* The number at the start of a file.  0, or -1 with errno; EINVAL if there is no
 * number. */
int file_number(const char *path, uint64_t *number);

/* Sets a pipe to the largest size that needs no privilege, so that reader and writer
 * switch less often. */
void file_widen(int fd);

/* Waits for input or its end.  Returns the number of bytes that can be read, 0 if it is
 * not known. */
size_t file_ready(int fd);

/* Stores the number of bytes from the offset of a descriptor to the end, if it is a
 * regular file.  0, or -1. */
int file_rest(int fd, uint64_t *bytes);

/* Reads len bytes, or up to the end, also from a descriptor that does not block.  Returns
 * the number of bytes read.  *error is 0, or the errno of the read that failed. */
size_t file_fill(int fd, char *data, size_t len, int *error);

/*
 * Writes all of data, also to a descriptor that does not block.  Calls give_up, which may
 * be NULL, whenever a signal interrupts it, and stops if that returns true.  Returns the
 * number of bytes written; errno is set if it is less than len.
 */
size_t file_write(int fd, const char *data, size_t len, bool (*give_up)(void));

#endif
