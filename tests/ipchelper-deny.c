/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a program in which selected system calls fail, by a seccomp filter. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef NATIVE_ARCH
/* The rules, one after the other from the start. */
struct program {
	struct sock_filter code[512];
	unsigned short length;
};

struct call {
	const char *name;
	long number;
	int command_arg; /* index of the command among the arguments; -1 if the call
			  * has none */
};

static const struct call *
find_call(const char *name)
{
	static const struct call calls[] = {
		{ "fcntl", SYS_fcntl, 1 },
		{ "fsopen", SYS_fsopen, -1 },
		{ "ioctl", SYS_ioctl, 1 },
		{ "kcmp", SYS_kcmp, -1 },
		{ "kill", SYS_kill, -1 },
		{ "mq_open", SYS_mq_open, -1 },
		{ "mq_unlink", SYS_mq_unlink, -1 },
		{ "msgctl", SYS_msgctl, 1 },
		{ "msgget", SYS_msgget, -1 },
		{ "msgrcv", SYS_msgrcv, -1 },
		{ "msgsnd", SYS_msgsnd, -1 },
		{ "openat2", SYS_openat2, -1 },
		{ "semctl", SYS_semctl, 2 },
		{ "semget", SYS_semget, -1 },
#ifdef SYS_semop
		{ "semop", SYS_semop, -1 },
		{ "semtimedop", SYS_semtimedop, -1 },
#endif
		{ "shmat", SYS_shmat, -1 },
		{ "shmctl", SYS_shmctl, 1 },
		{ "shmget", SYS_shmget, -1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (strcmp(name, calls[i].name) == 0)
			return &calls[i];
	usage("no such call: %s", name);
}

static uint32_t
find_errno(const char *name)
{
	static const struct {
		const char *name;
		int value;
	} errors[] = {
		{ "E2BIG", E2BIG },
		{ "EACCES", EACCES },
		{ "EAGAIN", EAGAIN },
		{ "EEXIST", EEXIST },
		{ "EFBIG", EFBIG },
		{ "EIDRM", EIDRM },
		{ "EINTR", EINTR },
		{ "EINVAL", EINVAL },
		{ "EIO", EIO },
		{ "ENODEV", ENODEV },
		{ "ENOENT", ENOENT },
		{ "ENOMEM", ENOMEM },
		{ "ENOMSG", ENOMSG },
		{ "ENOSPC", ENOSPC },
		{ "ENOSYS", ENOSYS },
		{ "ENOTTY", ENOTTY },
		{ "EPERM", EPERM },
		{ "ERANGE", ERANGE },
		{ "ESRCH", ESRCH },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (strcmp(name, errors[i].name) == 0)
			return (uint32_t)errors[i].value;
	usage("no such error: %s", name);
}

static void
emit(struct program *program, struct sock_filter instruction)
{
	if (program->length == ARRAY_SIZE(program->code))
		usage("too many rules");
	program->code[program->length++] = instruction;
}

static void
emit_load(struct program *program, size_t offset)
{
	emit(program,
		(struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Skips the next `skip` instructions unless the loaded value equals value. */
static void
emit_unless_equal(struct program *program, uint32_t value, uint8_t skip)
{
	emit(program,
		(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip));
}

static void
emit_return(struct program *program, uint32_t action)
{
	emit(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* The offset of the low 32 bits of an argument of a system call. */
static size_t
argument_offset(int arg)
{
	size_t low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;

	return offsetof(struct seccomp_data, args) + 8 * (size_t)arg + low;
}

/* Adds a rule, CALL[:CMD]=ERRNO; modifies the text. */
static void
emit_rule(struct program *program, char *rule)
{
	char *error = strchr(rule, '=');
	const struct call *call;
	uint32_t value;
	char *command;

	if (!error)
		usage("not CALL[:CMD]=ERRNO: %s", rule);
	*error++ = '\0';
	command = strchr(rule, ':');
	if (command)
		*command++ = '\0';
	call = find_call(rule);
	if (command && call->command_arg < 0)
		usage("%s takes no command", call->name);

	emit_load(program, offsetof(struct seccomp_data, nr));
	emit_unless_equal(program, (uint32_t)call->number, command ? 3 : 1);
	if (command) {
		value = (uint32_t)number(command, "command", 0, UINT32_MAX);
		emit_load(program, argument_offset(call->command_arg));
		emit_unless_equal(program, value, 1);
	}
	emit_return(program, SECCOMP_RET_ERRNO | find_errno(error));
}

static void
install(struct program *program)
{
	struct sock_fprog filter = { .len = program->length, .filter = program->code };

	/* Without this an ordinary user may not install a filter. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		err(1, "PR_SET_NO_NEW_PRIVS");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
		err(1, "PR_SET_SECCOMP");
}

int
deny(int argc, char **argv)
{
	struct program program = { .length = 0 };
	char *rule;
	char *rest;

	if (argc < 4 || strcmp(argv[2], "--") != 0)
		usage("deny CALL[:CMD]=ERRNO[,...] -- COMMAND [ARG...]");
	emit_load(&program, offsetof(struct seccomp_data, arch));
	emit_unless_equal(&program, NATIVE_ARCH, 1);
	emit(&program, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 1));
	emit_return(&program, SECCOMP_RET_ALLOW);
	for (rule = strtok_r(argv[1], ",", &rest); rule;
		rule = strtok_r(NULL, ",", &rest))
		emit_rule(&program, rule);
	emit_return(&program, SECCOMP_RET_ALLOW);
	install(&program);
	execvp(argv[3], argv + 3);
	err(127, "%s", argv[3]);
}
#else
int
deny(int argc, char **argv)
{
	(void)argc, (void)argv;
	errx(1, "deny: not for this architecture");
}
#endif
