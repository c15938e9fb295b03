#include "base/jq.h"

#include <jq.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a program may not do, and how libjq 1.6 is made to refuse, since it has no such setting:
 * - files: `import` and `include` must stand first in a program, and this text stands before
 *   it, so they are syntax errors; `modulemeta` would read a module by name;
 * - environment, clock, other inputs, the process's own output: each name below is defined
 *   again in terms of a variable that does not exist. jq drops definitions that nothing calls,
 *   so only a program that uses such a name fails, when compiled. $ENV is an empty object;
 * - $HOME/.jq, which libjq 1.6 puts before every program: see check_home().
 * What is left: a program can run for ever or fill the memory. Programs are data of the tree,
 * reviewed as code is; none comes from a request. */
#define CLOSED(name) "def " name ": $this_is_closed_to_programs; "
static const char prelude[] =
	CLOSED("env") CLOSED("now") CLOSED("localtime") CLOSED("strflocaltime(f)") CLOSED("input")
		CLOSED("inputs") CLOSED("_input") CLOSED("input_filename")
			CLOSED("input_line_number") CLOSED("debug") CLOSED("stderr") CLOSED("halt")
				CLOSED("halt_error") CLOSED("halt_error(f)") CLOSED("modulemeta")
					CLOSED("get_search_list") CLOSED("get_jq_origin")
						CLOSED("get_prog_origin") "{} as $ENV | ";

/* A double holds every integer up to this; beyond it jq would round without a word. */
#define EXACT 9007199254740992LL

struct jq {
	jq_state *state;
	char *name;
	char message[256]; /* the first since it was emptied: later ones follow from it */
};

static void keep_message(void *arg, jv message)
{
	struct jq *jq = arg;
	const char *s = "";

	if (jv_get_kind(message) == JV_KIND_STRING)
		s = jv_string_value(message);
	if (strncmp(s, "jq: ", 4) == 0)
		s += 4;
	/* The second line repeats the program's, which on line 1 would show our prelude. */
	if (!*jq->message)
		snprintf(jq->message, sizeof(jq->message), "%.*s", (int)strcspn(s, "\n"), s);
	jv_free(message);
}

/* libjq looks for $HOME/.jq by itself; what it defines would change every program's meaning,
 * so a policy would no longer give everywhere what it gives here. */
static enum err check_home(void)
{
	const char *home = getenv("HOME");
	AUTOFREE char *path = home ? mem_printf("%s/.jq", home) : NULL;

	ENSURE(!path || access(path, F_OK) != 0, ERR_SYSTEM,
		"libjq would read %s into every program: move it away, or unset HOME", path);
	return OK;
}

enum err jq_open(const char *name, const char *program, struct jq **out)
{
	AUTOFREE char *text = mem_printf("%s%s", prelude, program);
	struct jq *jq;
	enum err e;

	TRY(check_home());
	jq = mem_new(sizeof(*jq));
	jq->name = mem_text(name);
	jq->state = jq_init();
	if (!jq->state)
		abort();
	jq_set_error_cb(jq->state, keep_message, jq);
	jq_set_attr(jq->state, jv_string("JQ_LIBRARY_PATH"), jv_array());
	if (!jq_compile(jq->state, text)) {
		e = fail(ERR_INVALID, "%s: %s", name, jq->message);
		jq_free(jq);
		return e;
	}
	*out = jq;
	return OK;
}

void jq_free(struct jq *jq)
{
	if (!jq)
		return;
	jq_teardown(&jq->state);
	free(jq->name);
	free(jq);
}

static enum err to_jv(const json_t *value, int depth, jv *out);

static enum err object_to_jv(const json_t *object, int depth, jv *out)
{
	jv all = jv_object(), one;
	const char *key;
	json_t *item;
	enum err e = OK;

	json_object_foreach((json_t *)object, key, item)
	{
		e = to_jv(item, depth, &one);
		if (e != OK)
			break;
		all = jv_object_set(all, jv_string(key), one);
	}
	if (e != OK)
		jv_free(all);
	else
		*out = all;
	return e;
}

static enum err array_to_jv(const json_t *array, int depth, jv *out)
{
	jv all = jv_array_sized((int)json_array_size(array)), one;
	json_t *item;
	enum err e = OK;
	size_t i;

	json_array_foreach(array, i, item)
	{
		e = to_jv(item, depth, &one);
		if (e != OK)
			break;
		all = jv_array_append(all, one);
	}
	if (e != OK)
		jv_free(all);
	else
		*out = all;
	return e;
}

static enum err integer_to_jv(json_int_t value, jv *out)
{
	ENSURE(value >= -EXACT && value <= EXACT, ERR_INVALID,
		"the number %lld is too large for a program to hold exactly", (long long)value);
	*out = jv_number((double)value);
	return OK;
}

static enum err to_jv(const json_t *value, int depth, jv *out)
{
	ENSURE(depth < JSON_DEPTH, ERR_INVALID, "nested deeper than %d levels", JSON_DEPTH);
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return object_to_jv(value, depth + 1, out);
	case JSON_ARRAY:
		return array_to_jv(value, depth + 1, out);
	case JSON_INTEGER:
		return integer_to_jv(json_integer_value(value), out);
	case JSON_STRING:
		*out = jv_string_sized(json_string_value(value), (int)json_string_length(value));
		return OK;
	case JSON_REAL:
		*out = jv_number(json_real_value(value));
		return OK;
	case JSON_TRUE:
	case JSON_FALSE:
		*out = jv_bool(json_is_true(value));
		return OK;
	case JSON_NULL:
		break;
	}
	*out = jv_null();
	return OK;
}

/* The functions below borrow their jv, though libjq's own consume theirs. */
static enum err from_jv(jv value, int depth, json_t **out);

static enum err add_member(jv key, jv value, int depth, json_t *object)
{
	const char *name = jv_string_value(key);
	json_t *item;

	ENSURE(strlen(name) == (size_t)jv_string_length_bytes(jv_copy(key)), ERR_INVALID,
		"the program made a member whose name holds U+0000");
	TRY(from_jv(value, depth, &item));
	if (json_object_set_new_nocheck(object, name, item) != 0)
		abort();
	return OK;
}

static enum err object_from_jv(jv value, int depth, json_t **out)
{
	json_t *all = json_object();
	enum err e = OK;

	jv_object_foreach(value, key, one)
	{
		if (e == OK)
			e = add_member(key, one, depth, all);
		jv_free(key);
		jv_free(one);
	}
	if (e != OK)
		json_decref(all);
	else
		*out = all;
	return e;
}

static enum err array_from_jv(jv value, int depth, json_t **out)
{
	json_t *all = json_array(), *item;
	enum err e = OK;

	jv_array_foreach(value, i, one)
	{
		if (e == OK)
			e = from_jv(one, depth, &item);
		if (e == OK)
			json_push(all, item);
		jv_free(one);
	}
	if (e != OK)
		json_decref(all);
	else
		*out = all;
	return e;
}

static enum err number_from_jv(double d, json_t **out)
{
	ENSURE(isfinite(d), ERR_INVALID, "the program made a number that JSON cannot hold");
	if (d == floor(d) && fabs(d) <= (double)EXACT)
		*out = json_integer((json_int_t)d);
	else
		*out = json_real(d);
	return OK;
}

static enum err from_jv(jv value, int depth, json_t **out)
{
	jv_kind kind = jv_get_kind(value);

	ENSURE(depth < JSON_DEPTH, ERR_INVALID, "the program nests deeper than %d levels",
		JSON_DEPTH);
	if (kind == JV_KIND_OBJECT)
		return object_from_jv(value, depth + 1, out);
	if (kind == JV_KIND_ARRAY)
		return array_from_jv(value, depth + 1, out);
	if (kind == JV_KIND_NUMBER)
		return number_from_jv(jv_number_value(value), out);
	if (kind == JV_KIND_STRING)
		*out = json_stringn_nocheck(
			jv_string_value(value), (size_t)jv_string_length_bytes(jv_copy(value)));
	else
		*out = kind == JV_KIND_NULL ? json_null() : json_boolean(kind == JV_KIND_TRUE);
	if (!*out)
		abort();
	return OK;
}

/* What `error(x)` was given: a text, or a value that is shown as JSON. Consumes `ended`. */
static enum err check_end(struct jq *jq, jv ended)
{
	jv message;
	enum err e;

	if (!jv_invalid_has_msg(jv_copy(ended))) {
		jv_free(ended);
		return OK;
	}
	message = jv_invalid_get_msg(ended);
	if (jv_get_kind(message) != JV_KIND_STRING)
		message = jv_dump_string(message, 0);
	e = fail(ERR_INVALID, "%s: %s", jq->name, jv_string_value(message));
	jv_free(message);
	return e;
}

static enum err collect(struct jq *jq, json_t *all)
{
	for (;;) {
		jv next = jq_next(jq->state);
		json_t *item;
		enum err e;

		if (!jv_is_valid(next))
			return check_end(jq, next);
		e = from_jv(next, 0, &item);
		jv_free(next);
		if (e != OK)
			return fail(e, "%s: %s", jq->name, err_why());
		json_push(all, item);
	}
}

/* --- the same without values of ours in between: half of what a judgement takes --- */

struct jq_input {
	jv value;
};

/* As in integer_to_jv(): what jq has rounded is at or beyond that. */
static bool all_exact(jv value)
{
	bool exact = true;

	switch (jv_get_kind(value)) {
	case JV_KIND_NUMBER:
		return fabs(jv_number_value(value)) <= (double)EXACT - 1;
	case JV_KIND_ARRAY:
		jv_array_foreach(value, i, item)
		{
			exact &= all_exact(item);
			jv_free(item);
		}
		return exact;
	case JV_KIND_OBJECT:
		jv_object_foreach(value, key, one)
		{
			exact &= all_exact(one);
			jv_free(key);
			jv_free(one);
		}
		return exact;
	default:
		return true;
	}
}

/* Takes the value over. */
static enum err finish_input(jv value, struct jq_input **out)
{
	if (!all_exact(value)) {
		jv_free(value);
		return fail(ERR_INVALID,
			"the input: a number is too large for a program to hold exactly");
	}
	*out = mem_new(sizeof(**out));
	(*out)->value = value;
	return OK;
}

enum err jq_input_new(const json_t *value, struct jq_input **out)
{
	enum err e;
	jv ready;

	e = to_jv(value, 0, &ready);
	ENSURE(e == OK, e, "the input: %s", err_why());
	return finish_input(ready, out);
}

enum err jq_input_parse(const char *json, size_t len, struct jq_input **out)
{
	jv value = jv_parse_sized(json, (int)len);

	if (!jv_is_valid(value)) {
		jv_free(value);
		return fail(ERR_INVALID, "the input is not JSON");
	}
	return finish_input(value, out);
}

void jq_input_free(struct jq_input *input)
{
	if (!input)
		return;
	jv_free(input->value);
	free(input);
}

static void write_string(const char *s, size_t len, struct buf *out)
{
	buf_putc(out, '"');
	while (len) {
		size_t fine = 0;

		while (fine < len && (unsigned char)s[fine] >= 0x20 && s[fine] != '"' &&
			s[fine] != '\\')
			fine++;
		buf_add(out, s, fine);
		s += fine;
		len -= fine;
		if (len) {
			buf_printf(out, "\\u%04x", (unsigned char)*s++);
			len--;
		}
	}
	buf_putc(out, '"');
}

static void write_jv_string(jv value, struct buf *out)
{
	write_string(jv_string_value(value), (size_t)jv_string_length_bytes(jv_copy(value)), out);
}

static enum err write_jv(jv value, int depth, struct buf *out);

static enum err write_object(jv value, int depth, struct buf *out)
{
	const char *comma = "";
	enum err e = OK;

	buf_putc(out, '{');
	jv_object_foreach(value, key, one)
	{
		if (e == OK) {
			buf_puts(out, comma);
			write_jv_string(key, out);
			buf_putc(out, ':');
			e = write_jv(one, depth, out);
		}
		comma = ",";
		jv_free(key);
		jv_free(one);
	}
	buf_putc(out, '}');
	return e;
}

static enum err write_array(jv value, int depth, struct buf *out)
{
	enum err e = OK;

	buf_putc(out, '[');
	jv_array_foreach(value, i, one)
	{
		if (i)
			buf_putc(out, ',');
		if (e == OK)
			e = write_jv(one, depth, out);
		jv_free(one);
	}
	buf_putc(out, ']');
	return e;
}

static enum err write_number(double d, struct buf *out)
{
	ENSURE(isfinite(d), ERR_INVALID, "the program made a number that JSON cannot hold");
	if (d == floor(d) && fabs(d) <= (double)EXACT)
		buf_printf(out, "%lld", (long long)d);
	else
		buf_printf(out, "%.17e", d); /* always read as one that is no integer */
	return OK;
}

static enum err write_jv(jv value, int depth, struct buf *out)
{
	ENSURE(depth < JSON_DEPTH, ERR_INVALID, "the program nests deeper than %d levels",
		JSON_DEPTH);
	switch (jv_get_kind(value)) {
	case JV_KIND_OBJECT:
		return write_object(value, depth + 1, out);
	case JV_KIND_ARRAY:
		return write_array(value, depth + 1, out);
	case JV_KIND_NUMBER:
		return write_number(jv_number_value(value), out);
	case JV_KIND_STRING:
		write_jv_string(value, out);
		return OK;
	case JV_KIND_TRUE:
		buf_puts(out, "true");
		return OK;
	case JV_KIND_FALSE:
		buf_puts(out, "false");
		return OK;
	default:
		buf_puts(out, "null");
		return OK;
	}
}

static enum err write_all(struct jq *jq, struct buf *out)
{
	for (size_t n = 0;; n++) {
		jv next = jq_next(jq->state);
		enum err e;

		if (!jv_is_valid(next))
			return check_end(jq, next);
		if (n)
			buf_putc(out, ',');
		e = write_jv(next, 0, out);
		jv_free(next);
		ENSURE(e == OK, e, "%s: %s", jq->name, err_why());
	}
}

enum err jq_run_text(struct jq *jq, const struct jq_input *input, struct buf *out)
{
	buf_putc(out, '[');
	jq_start(jq->state, jv_copy(input->value), 0);
	TRY(write_all(jq, out));
	buf_putc(out, ']');
	return OK;
}

enum err jq_run(struct jq *jq, const json_t *input, json_t **out)
{
	json_t *all;
	enum err e;
	jv value;

	e = to_jv(input, 0, &value);
	if (e != OK)
		return fail(e, "%s: the input: %s", jq->name, err_why());
	all = json_array();
	jq_start(jq->state, value, 0);
	e = collect(jq, all);
	if (e != OK)
		json_decref(all);
	else
		*out = all;
	return e;
}
