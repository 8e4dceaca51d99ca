/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_SPACES_SHM_H
#define CMD_SPACES_SHM_H

#include "cmd/spaces.h"

/* Finds where the objects of each space are that are files in /dev/shm, if the command
 * works on such kinds.  Looks at the processes of the machine if that is needed. */
void spaces_shm_find(struct spaces *s);

/*
 * Decides what the command may do with them, once ipctool has entered the namespace.
 * With --all-namespaces passes over those that it must not use, says why, and passes over
 * those that an earlier namespace has shown already.
 */
void spaces_shm_settle(struct spaces *s, struct space *space);

#endif
