/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_SIGBUS_H
#define LIB_SIGBUS_H

#include <stdbool.h>

/*
 * Calls run(data), which accesses mapped files.  Returns false if the kernel ended it by
 * SIGBUS, because a page is beyond the end of its file or could not be allocated,
 * mmap(2).  run() then stopped at that access, so it must hold nothing that needs to be
 * released.
 */
bool sigbus_run(void (*run)(void *data), void *data);

#endif
