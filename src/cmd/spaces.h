/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_SPACES_H
#define CMD_SPACES_H

#include "cli/operands.h"
#include "cmd/cmd.h"
#include "cmd/namespace-rows.h"
#include "kind/ipcns.h"
#include "namespace/find.h"
#include "namespace/shm.h"

/* An IPC namespace that a command works in. */
struct space {
	struct ipcns ns;
	size_t place; /* in the list of namespaces */
	struct opt_operands operands; /* those of the command that are in it; only the
				       * list is the own one */
	bool is_named; /* by --ipc-ns or a reference */
	pid_t process; /* The process by which it was always named, which then shows its
			* /dev/shm; or 0, and then its oldest process does. */
	struct ns_shm shm; /* where the objects are that are files in /dev/shm */
	bool is_settled; /* spaces_shm_settle() has decided about these */
	kinds_t passed_over; /* of them, with --all-namespaces; they are no longer among
			      * the types of the operands */
};

/*
 * The IPC namespaces that a command works in, in this order: its own, then those of
 * references in the order in which they are mentioned, then the others.  All of them stay
 * open until the end, so none can end, and none of their inode numbers can be reused.
 */
struct spaces {
	/* Set before spaces_find(): */
	bool are_named; /* output names the namespaces, even if the user does not */
	bool tells_container; /* output tells the container of each */
	bool tells_namespaces; /* output has a row for each (spaces_print()) */
	bool reads; /* the command changes nothing (ns_name_find()) */
	bool only_looks; /* It can do without opening the files of objects, so it may show
			  * those in a /dev/shm that is not trusted. */
	kinds_t kinds; /* those that a command without operands works on */
	bool missing_is_fine; /* no message and no failure if the namespace of a reference
			       * is known not to exist */
	/* Called for each reference whose namespace does not exist, with the cause; may
	 * be NULL. */
	void (*missing)(void *arg, const char *text, const char *cause);
	void *arg;

	struct namespaces all;
	struct space *list;
	size_t count;
	bool has_tasks; /* the processes were looked at */
	size_t denied; /* of --all-namespaces, how many could not be entered */
	struct namespace_rows rows; /* if one of tells_... is set */
	struct layout row_layout; /* the fields of these that output has */
};

/*
 * Finds and opens the namespaces of the operands, or that of a command without operands
 * (NULL), and notes in each reference where its object is.  Says what could not be found.
 * If nothing may be done, the list is empty.
 */
enum status spaces_find(struct spaces *s, struct opt_operands *operands);

/* Looks at the processes of the machine, once. */
void spaces_find_tasks(struct spaces *s);

/* Whether the first namespace can be entered again after another one. */
bool spaces_may_return(const struct spaces *s);

/* Enters the namespace at this index of the list.  STATUS_OK, or says why that is not
 * possible, which is no failure of --all-namespaces; then errno tells it as well. */
enum status spaces_enter(struct spaces *s, size_t i, bool *entered);

/* The same without a message.  0, or -1 with errno. */
int spaces_move_to(struct spaces *s, size_t i);

/* Says how many namespaces could not be entered or examined, and of how many something
 * else is unknown. */
void spaces_tell(const struct spaces *s);

/* Finds what output tells of the namespaces, once all of them are in the list. */
void spaces_describe(struct spaces *s);

/* Prints a row for each namespace of a struct spaces, as the command namespaces does.  It
 * is another table of the document (out_next()), which must end before spaces_free(). */
void spaces_print(void *spaces, struct out *out);

void spaces_free(struct spaces *s);

/*
 * For a command that works in one namespace: enters that of its operands, which may be
 * NULL, or of --ipc-ns.  It stays open until the end of the run.  STATUS_OK, or says why
 * that is not possible.
 */
enum status spaces_enter_one(struct opt_operands *operands, bool reads);

#endif
