/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_SPACES_SEARCH_H
#define CMD_SPACES_SEARCH_H

#include "cmd/spaces.h"
#include "namespace/name.h"

/* A namespace as references name it, and what was found for it. */
struct naming {
	const char *text;
	enum ns_found found;
	size_t place; /* in the list of namespaces, if it was found */
	pid_t process; /* by which it was named, or 0 */
	struct buf cause; /* unless it was found */
};

/*
 * The search for the namespaces that references and --ipc-ns name.  It looks at no more
 * of the machine than it needs: at nothing for a PID or a path, at the processes for a
 * container, and for an inode number that no process shows also at mounts and
 * descriptors.  It starts as zeros, but for spaces.
 */
struct space_search {
	struct spaces *spaces;
	bool has_kept; /* looked at already */
	struct naming *namings; /* of references; each text once */
	size_t count;
};

/* Finds a namespace, as ns_name_find() does with the same arguments. */
enum ns_found space_search_name(struct space_search *s, const struct ns_name *name,
	const char *text, const char *subject, size_t *place, struct buf *cause);

/* Finds the namespace with this text in references, which must stay valid.  The answer is
 * the same for the same text.  It is valid until the next call. */
struct naming *space_search_reference(struct space_search *s, const char *text);

/* Finds all namespaces of the machine, once.  spaces->all.error is set if /proc could not
 * be read. */
void space_search_kept(struct space_search *s);

void space_search_free(struct space_search *s);

#endif
