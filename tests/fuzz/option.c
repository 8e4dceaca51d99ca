/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Arguments of options, and the file of objects to keep.  The first byte of the input
 * chooses the option, the rest is its argument or the file.  The linker replaces
 * opt_error() (-Wl,--wrap), which would end the program.
 */

#include <argp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "cli/select.h"
#include "cli/values.h"
#include "tests/fuzz.h"
#include "kind/kind.h"
#include "lib/array.h"
#include "lib/xalloc.h"

static jmp_buf refused;
static char *message; /* that opt_error() would have printed */

_Noreturn void __wrap_opt_error(const struct argp_state *state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

_Noreturn void
__wrap_opt_error(const struct argp_state *state, const char *format, ...)
{
	va_list args;

	(void)state;
	va_start(args, format);
	message = xvasprintf(format, args);
	va_end(args);
	longjmp(refused, 1);
}

/* opt_error() ends the program, so what a parser holds then is never released.  The leak
 * sanitizer asks this function. */
int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	return 1;
}

/* The message of a refused argument has it, so that the user finds it. */
static void
check_message(const char *argument)
{
	require(strstr(message, argument) != NULL);
	require(strncmp(message, "--", 2) == 0);
	free(message);
}

/* An object of this kind, with numbers from the start of the argument. */
static struct object
any_object(const struct kind *kind, const char *argument)
{
	static const struct label label = { "pshm:/a", "a", "/dev/shm/a" };
	struct object o = { .kind = kind, .have = kind->facts, .read = 1000 };

	for (size_t i = 0; i < FACT_COUNT && *argument != '\0'; i++)
		o.fact[i] = (unsigned char)*argument++ & 63;
	if (kind->is_file)
		o.label = &label;
	return o;
}

static void
parse_argument(struct opt_select *opt, int key, char *argument)
{
	struct argp_state state = { .input = opt };

	require(opt_select_argp.parser(key, argument, &state) == 0);
}

static void
check_selector(int key, char *argument)
{
	static struct opt_select opt;

	opt = (struct opt_select){ 0 };
	if (setjmp(refused) != 0) {
		check_message(argument);
		opt_select_free(&opt);
		return;
	}
	parse_argument(&opt, key, argument);
	if (key != OPT_EXCEPT_OBJECT)
		require(selector_is_given(&opt.selector));
	for (size_t i = 0; i < kinds_count; i++) {
		struct object o = any_object(kinds[i], argument);
		struct buf reason = { 0 };

		/* All facts are known. */
		require(selector_match(&opt.selector, &o) != MATCH_UNKNOWN ||
			(kinds[i]->facts & FACT(USED)));
		selector_reason(&opt.selector, &o, &reason);
		exclusions_have(&opt.except, &o);
		buf_free(&reason);
	}
	opt_select_free(&opt);
}

/* The values of the semaphores of a kind, which are applied in this order. */
static void
check_values_of(const struct kind *kind, const char *argument)
{
	static struct opt_values opt;
	bool has_one = kind->properties->one_value != NULL;

	opt = (struct opt_values){ 0 };
	if (setjmp(refused) == 0) {
		opt_values_add(&opt, argument, NULL);
		opt_values_check(&opt, kind, kind->name, NULL);
		require(opt.count == 1 &&
			opt.list[0].value <= kind->properties->value_most);
		require(opt.list[0].first <= opt.list[0].last);
		require(opt_values_are_all(&opt) == (strchr(argument, '=') == NULL));
		require(opt_values_are_all(&opt) ||
			(!has_one && opt_values_highest(&opt) <= INT32_MAX));
	} else if (has_one) {
		require(strncmp(message, "--", 2) == 0 ||
			strncmp(message, kind->name, strlen(kind->name)) == 0);
		free(message);
	} else {
		check_message(argument);
	}
	free(opt.list);
}

static void
check_values(const char *argument)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds[i]->properties != NULL && kinds[i]->properties->value_most > 0)
			check_values_of(kinds[i], argument);
}

/* The file has the exclusions of its lines, each as --except takes it, or is refused as a
 * whole with the number of the first wrong line. */
static void
check_keep(struct input in)
{
	static const char blanks[] = " \t\r\n\v\f";
	struct exclusions whole = { 0 }, each = { 0 };
	struct buf cause = { 0 }, why = { 0 };
	const char *path = fuzz_file(in.data, in.left);
	int rc = exclusions_read(&whole, path, &cause);
	int lines = 0, wrong = 0;

	for (; in.left > 0 && wrong == 0; lines++) {
		const uint8_t *end = memchr(in.data, '\n', in.left);
		size_t len = end == NULL ? in.left : (size_t)(end - in.data);
		bool has_nul = memchr(in.data, '\0', len) != NULL;
		char *line = input_until(&in, '\n');
		char *text = line + strspn(line, blanks);

		for (len = strlen(text); len > 0 && strchr(blanks, text[len - 1]); len--)
			text[len - 1] = '\0';
		if (has_nul ||
			(*text != '\0' && *text != '#' &&
				exclusions_add(&each, text, &why) < 0))
			wrong = lines + 1;
		free(line);
	}
	require((rc < 0) == (wrong > 0));
	why.len = 0;
	buf_printf(&why, "%s, line %d: ", path, wrong);
	require(rc == 0 || strncmp(buf_text(&cause), buf_text(&why), why.len) == 0);
	require(rc < 0 || cause.len == 0);
	require(whole.count == each.count);
	exclusions_free(&whole);
	exclusions_free(&each);
	buf_free(&cause);
	buf_free(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int keys[] = { OPT_PERM, 'p', 'k', 'u', 'g', OPT_MIN_SIZE,
		OPT_MAX_SIZE, OPT_MIN_MESSAGES, OPT_IDLE, OPT_NAME, OPT_EXCEPT_OBJECT };
	static const char letters[] = "Mpkugsbqinx";
	struct input in = { data, size };
	unsigned which = input_byte(&in);
	const char *letter = which == 0 ? NULL : strchr(letters, (int)which);
	char *argument;

	if (which == 'f') {
		check_keep(in);
		return 0;
	}
	argument = input_rest(&in);
	if (letter != NULL)
		check_selector(keys[letter - letters], argument);
	else
		check_values(argument);
	free(argument);
	return 0;
}
