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

struct jq_input {
	jv value;
};

enum err jq_input_new(const json_t *value, struct jq_input **out)
{
	struct jq_input *input;
	enum err e;
	jv ready;

	e = to_jv(value, 0, &ready);
	ENSURE(e == OK, e, "the input: %s", err_why());
	input = mem_new(sizeof(*input));
	input->value = ready;
	*out = input;
	return OK;
}

void jq_input_free(struct jq_input *input)
{
	if (!input)
		return;
	jv_free(input->value);
	free(input);
}

enum err jq_run_on(struct jq *jq, const struct jq_input *input, json_t **out)
{
	json_t *all = json_array();
	enum err e;

	jq_start(jq->state, jv_copy(input->value), 0);
	e = collect(jq, all);
	if (e != OK)
		json_decref(all);
	else
		*out = all;
	return e;
}

enum err jq_run(struct jq *jq, const json_t *input, json_t **out)
{
	struct jq_input *ready = NULL;
	enum err e = jq_input_new(input, &ready);

	ENSURE(e == OK, e, "%s: %s", jq->name, err_why());
	e = jq_run_on(jq, ready, out);
	jq_input_free(ready);
	return e;
}
