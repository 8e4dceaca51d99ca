/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_SIGNAL_H
#define LIB_SIGNAL_H

#include "lib/buf.h"

/* Appends the name of a signal, "SIGTERM", or "signal 40" if it has none, as a real-time
 * signal.  sigabbrev_np(3) has the same names; C libraries other than glibc lack it. */
void signal_put(struct buf *b, int signo);

#endif
