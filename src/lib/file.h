/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"

/*
 * Reads the start of a small file, as those of /proc and /sys are, and adds a NUL; the
 * kernel may give it in pieces.  Returns the length, or -1 with errno.
 */
ssize_t file_read(const char *path, char *text, size_t size);

/* Appends the whole of a file, however long it is.  0, or -1 with errno. */
int file_read_all(const char *path, struct buf *b);

/* The number that a file starts with.  0, or -1 with errno, EINVAL where there is
 * none. */
int file_number(const char *path, uint64_t *number);

/* Gives a pipe as much room as everybody may have, so that its ends take fewer turns. */
void file_widen(int fd);

/* Waits until there is something to read, or the end.  How many bytes there are, 0 where
 * that is not known. */
size_t file_ready(int fd);

/* Bytes from where a descriptor is to its end, if it is a regular file.  0, or -1. */
int file_rest(int fd, uint64_t *bytes);

/*
 * Reads until len bytes are there or the end is reached, also from a descriptor that does
 * not block.  Returns how many there are; *error is 0 or the errno of what ended it.
 */
size_t file_fill(int fd, char *data, size_t len, int *error);

/*
 * Writes all of data, also to a descriptor that does not block.  Whenever a signal
 * interrupts it, give_up is asked, unless it is NULL.  Returns how much was written: less
 * than len with errno.
 */
size_t file_write(int fd, const char *data, size_t len, bool (*give_up)(void));

#endif
