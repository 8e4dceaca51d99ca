/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef IPCTOOL_TESTS_IPCHELPER_H
#define IPCTOOL_TESTS_IPCHELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Exit statuses: a factory returns one of these two, or ends with EXIT_USAGE. */
#define EXIT_USAGE 2

/*
 * A factory makes one state. One that holds its state prints a line once the state is
 * reached, and ends with its standard input.
 */
struct factory {
	const char *name;
	const char *args; /* for the usage */
	const char *help;
	/* argv[0] is the factory's name; returns the exit status. */
	int (*run)(int argc, char **argv);
};

/* The factories, each documented in the table of ipchelper.c. */
int make_shm(int argc, char **argv);
int make_sem(int argc, char **argv);
int make_msg(int argc, char **argv);
int attach(int argc, char **argv);
int attach_dest(int argc, char **argv);
int touch(int argc, char **argv);
int sem_wait_for(int argc, char **argv);
int msg_wait(int argc, char **argv);
int send_wait(int argc, char **argv);
int send_messages(int argc, char **argv);
int receive(int argc, char **argv);
int put_message(int argc, char **argv);
int get_message(int argc, char **argv);
int fill_segment(int argc, char **argv);
int dump_segment(int argc, char **argv);
int await(int argc, char **argv);
int sem_op(int argc, char **argv);
int set_value(int argc, char **argv);
int set_all(int argc, char **argv);
int remove_object(int argc, char **argv);
int give_object(int argc, char **argv);
int population(int argc, char **argv);
int bulk(int argc, char **argv);
int keep_last(int argc, char **argv);
int wipe(int argc, char **argv);
int raw(int argc, char **argv);
int raw_index(int argc, char **argv);
int child(int argc, char **argv);
int as_other(int argc, char **argv);
int in_session(int argc, char **argv);
int within(int argc, char **argv);
int leaderless(int argc, char **argv);
int zombies(int argc, char **argv);
int forker(int argc, char **argv);
int thread_as(int argc, char **argv);
int thread_here(int argc, char **argv);
int elsewhere(int argc, char **argv);
int namespace(int argc, char **argv);
int keep(int argc, char **argv);
int crowd(int argc, char **argv);
int churn(int argc, char **argv);
int memfd(int argc, char **argv);
int threadwait(int argc, char **argv);
int scene(int argc, char **argv);
int server(int argc, char **argv);
int looks(int argc, char **argv);
int use_file(int argc, char **argv);
int open_once(int argc, char **argv);
int open_often(int argc, char **argv);
int make_named(int argc, char **argv);
int wait_named(int argc, char **argv);
int operate_named(int argc, char **argv);
int make_queue(int argc, char **argv);
int queue_send(int argc, char **argv);
int queue_put(int argc, char **argv);
int queue_receive(int argc, char **argv);
int use_queue(int argc, char **argv);
int queue_wait(int argc, char **argv);
int terminal(int argc, char **argv);
int deny(int argc, char **argv);
int measure(int argc, char **argv);
int bare_calls(int argc, char **argv);

/* Runs the factory that argv[0] names; returns its exit status. */
int run_factory(int argc, char **argv);

/* Prints the error and exits with EXIT_USAGE. */
_Noreturn void usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Parses an integer from min to max in decimal, 0octal or 0xhex; calls usage() if it is
 * invalid. */
long long number(const char *text, const char *what, long long min, long long max);

/* An id of an object. */
int object_id(const char *text);

/* Calls usage() unless the factory has from min to max arguments. */
void need_args(int argc, char **argv, int min, int max);

/* Whether text is name=VALUE; then *value is the VALUE in it. */
bool named_value(const char *text, const char *name, const char **value);

/* Sets the uid and gid to id, without supplementary groups, or exits with 1. */
void become(uid_t id);

/* The argument of semctl(2), which no header declares. */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

/* Flushes the ready line and waits for the end of standard input. */
int hold(void);

/*
 * A child that blocks in a system call. `call` returns when the call fails or is done,
 * with -1 and errno on failure. `queued` tells whether the child is in the object's queue
 * of waiters; NULL if the kernel keeps no count.
 */
struct blocker {
	const long *syscalls; /* either one is possible, depending on the C library */
	size_t nsyscalls;
	int id;
	const char *what;
	int (*call)(void *data);
	bool (*queued)(void *data, pid_t child);
	void *data;
};

/* Starts the child, prints "ID PID" once it sleeps in the call, and holds. */
int hold_blocked(const struct blocker *blocker);

#endif
