/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What named semaphores contain, and the operations on them.  The file is the sem_t of
 * the C library, which programs map.  It is mapped here through the descriptor that was
 * compared with the object: sem_open(3) would open what has the name by then.
 */

#include "posix/semaphore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/futex.h>
#include <semaphore.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/num.h"
#include "lib/sigbus.h"
#include "lib/wait.h"
#include "posix/dir.h"
#include "posix/name.h"

int
semaphore_fill(int fd, const struct creation *what, struct buf *cause)
{
	sem_t content;
	int error;

	memset(&content, 0, sizeof content);
	if (posix_allocate(fd, sizeof content, cause) < 0)
		return -1;
	if (sem_init(&content, 1, what->value) == 0 &&
		pwrite(fd, &content, sizeof content, 0) == sizeof content)
		return 0;
	error = errno;
	buf_printf(cause, "cannot be written: %s", strerror(error));
	errno = error;
	return -1;
}

static void
put_file_size(uint64_t size, struct buf *cause)
{
	buf_printf(cause, "the file has %" PRIu64 " bytes, a semaphore has %zu", size,
		sizeof(sem_t));
}

bool
semaphore_suffices(const struct object *o, const struct creation *what, struct buf *cause)
{
	(void)what;
	if (o->fact[FACT_SIZE] == sizeof(sem_t))
		return true;
	buf_str(cause, "exists, but ");
	put_file_size(o->fact[FACT_SIZE], cause);
	errno = EINVAL;
	return false;
}

/* A semaphore that is mapped, and what is done with it. */
struct mapped {
	sem_t *content;
	int fd;
	uint64_t count; /* the new value, or how many posts */
	struct wait wait;
	uint64_t old; /* the value before */
	uint64_t done; /* posts */
	int error;
};

/* Maps the file, if it has the right size.  0, or -1 with errno and the cause. */
static int
map(const struct object *o, struct mapped *m, struct buf *cause)
{
	struct stat st;
	int error = 0;

	m->fd = posix_open_contents(o, O_RDWR, &st, cause);
	if (m->fd < 0)
		return -1;
	if (st.st_size != sizeof(sem_t)) {
		put_file_size(st.st_size, cause);
		buf_str(cause, "; nothing was changed");
		error = EINVAL;
	} else {
		m->content = mmap(NULL, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED,
			m->fd, 0);
		if (m->content != MAP_FAILED)
			return 0;
		error = errno;
		buf_printf(cause, "cannot be mapped: %s", strerror(error));
	}
	close(m->fd);
	errno = error;
	return -1;
}

/* Calls run() with a mapped semaphore, and unmaps it.  0, or -1 with the errno that run()
 * stored, or with EFAULT and the cause. */
static int
run_mapped(void (*run)(void *data), struct mapped *m, struct buf *cause)
{
	struct stat st;

	if (!sigbus_run(run, m)) {
		m->error = EFAULT;
		/* A page that no process has touched yet has to be allocated. */
		if (fstat(m->fd, &st) == 0 && st.st_size == sizeof(sem_t))
			buf_printf(cause, "%s is full", posix_shm_path());
		else
			buf_str(cause, "the file was truncated meanwhile");
	}
	munmap(m->content, sizeof(sem_t));
	close(m->fd);
	errno = m->error;
	return m->error == 0 ? 0 : -1;
}

static uint32_t *
value_of(const struct mapped *m)
{
	return (uint32_t *)m->content;
}

static void
look_at_value(void *data)
{
	struct mapped *m = data;

	m->old = __atomic_load_n(value_of(m), __ATOMIC_RELAXED);
}

/* The waiters, counted beside the value, stay as they are; they look at the value when
 * they are woken. */
static void
exchange(void *data)
{
	struct mapped *m = data;

	look_at_value(data);
	if (m->old == m->count)
		return;
	m->old = __atomic_exchange_n(value_of(m), (uint32_t)m->count, __ATOMIC_ACQ_REL);
	if (m->count > 0)
		syscall(SYS_futex, value_of(m), FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static int
set_value(const struct object *o, unsigned value, bool dry_run, uint64_t *old,
	struct buf *cause)
{
	struct mapped m = { .count = value };

	if (!semaphore_is_native()) {
		buf_str(cause, "values can be set on 64-bit little-endian machines only");
		errno = ENOSYS;
		return -1;
	}
	if (map(o, &m, cause) < 0 ||
		run_mapped(dry_run ? look_at_value : exchange, &m, cause) < 0)
		return -1;
	*old = m.old;
	return 0;
}

static void
post(void *data)
{
	struct mapped *m = data;

	while (m->done < m->count && m->error == 0) {
		if (wait_signal() != 0)
			m->error = EINTR;
		else if (sem_post(m->content) < 0)
			m->error = errno;
		else
			m->done++;
	}
}

/* Waits and takes 1.  What is left of the time is measured by a clock that nobody can
 * set. */
static void
take(void *data)
{
	struct mapped *m = data;
	struct timespec end;
	uint64_t left;
	int rc;

	do {
		left = wait_left(&m->wait);
		if (left == 0) {
			rc = sem_trywait(m->content);
		} else if (left == WAIT_FOREVER) {
			rc = sem_wait(m->content);
		} else {
			rc = sem_timedwait(m->content, wait_realtime(left, &end));
		}
		m->error = rc < 0 ? errno : 0;
	} while ((m->error == EINTR && wait_signal() == 0) ||
		(m->error == ETIMEDOUT && left != 0));
}

static void
put_undone(const struct mapped *m, bool takes, uint64_t timeout, struct buf *cause)
{
	if (!takes)
		buf_printf(cause, "posted %" PRIu64 " of %" PRIu64 ": %s", m->done,
			m->count,
			m->error == EOVERFLOW ? "the value would exceed 2147483647"
					      : strerror(m->error));
	else if (m->error == EAGAIN)
		wait_put_end(timeout, cause);
	else
		buf_str(cause, strerror(m->error));
	if (m->error == EAGAIN && timeout == 0)
		buf_str(cause, ": the value is 0");
}

static int
change(const struct object *o, const struct sem_change *change, uint64_t timeout,
	struct buf *cause)
{
	bool takes = change->by < 0;
	struct mapped m = { .count = change->by, .wait = wait_until(timeout) };

	if (map(o, &m, cause) < 0)
		return -1;
	if (run_mapped(takes ? take : post, &m, cause) == 0)
		return 0;
	if (m.error != EFAULT)
		put_undone(&m, takes, timeout, cause);
	errno = m.error;
	return -1;
}

static int
parse(const char *text, struct sem_change *change, struct buf *cause)
{
	const char *p = text;
	uint64_t num, by = 0;

	if (num_scan(&p, 10, UINT64_MAX, &num) < 0 ||
		(strcmp(p, "=0") != 0 &&
			((*p != '+' && *p != '-') ||
				num_range(p + 1, 1, SEM_VALUE_MAX, &by) < 0)))
		buf_printf(cause,
			"invalid operation '%s': expected 0-1, which waits and takes 1, "
			"or 0+V, which posts V times, with V from 1 to %d",
			text, SEM_VALUE_MAX);
	else if (num != 0)
		buf_printf(cause, "'%s': a POSIX semaphore has only number 0", text);
	else if (*p == '=')
		buf_printf(cause, "'%s': a POSIX semaphore cannot wait for zero", text);
	else if (*p == '-' && by != 1)
		buf_printf(cause,
			"'%s': a POSIX semaphore is decremented by 1 only; more would "
			"not be atomic",
			text);
	*change = (struct sem_change){ 0, *p == '-' ? -(int)by : (int)by };
	return cause->len > 0 ? -1 : 0;
}

const struct semaphore_ops posix_semaphore_ops = {
	.set_value = set_value,
	.parse = parse,
	.change = change,
};
