#include "base/jq.h"
#include "base/locked.h"

#include "base/cbor.h"

#include <jq.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libjq 1.6 has no setting that limits a program. These are closed to programs, and this is how:
 * - files: `import` and `include` must stand first in a program, and this text stands before
 *   it, so they are syntax errors; `modulemeta` would read a module by name;
 * - environment, clock, other inputs, the process's own output: each name below is defined
 *   again in terms of a variable that does not exist. jq drops definitions that nothing calls,
 *   so only a program that uses such a name fails, when compiled. $ENV is an empty object;
 * - $HOME/.jq, which libjq 1.6 puts before every program: see check_home().
 * A program can still run for ever or fill the memory. Programs are data of the tree and reviewed
 * like code; none comes from a request. */
#define CLOSED(name) "def " name ": $this_is_closed_to_programs; "
static const char prelude[] =
	CLOSED("env") CLOSED("now") CLOSED("localtime") CLOSED("strflocaltime(f)") CLOSED("input")
		CLOSED("inputs") CLOSED("_input") CLOSED("input_filename")
			CLOSED("input_line_number") CLOSED("debug") CLOSED("stderr") CLOSED("halt")
				CLOSED("halt_error") CLOSED("halt_error(f)") CLOSED("modulemeta")
					CLOSED("get_search_list") CLOSED("get_jq_origin")
						CLOSED("get_prog_origin") "{} as $ENV | ";

/* A double holds every integer up to this; beyond it jq would round silently. */
#define EXACT 9007199254740992LL

struct compiled {
	jq_state *state;
	char message[256]; /* the first: later ones follow from it */
	size_t users;
};
struct jq {
	struct compiled *compiled;
	int joint; /* its place among those that were compiled together, or ALONE */
	char *name, *program;
	struct jq *next;
};
enum { ALONE = -1 };

static void keep_message(void *arg, jv message)
{
	struct compiled *c = arg;
	const char *s = "";

	if (jv_get_kind(message) == JV_KIND_STRING)
		s = jv_string_value(message);
	if (strncmp(s, "jq: ", 4) == 0)
		s += 4;
	/* The second line repeats the program's, which for line 1 would show our prelude. */
	if (!*c->message)
		snprintf(c->message, sizeof(c->message), "%.*s", (int)strcspn(s, "\n"), s);
	jv_free(message);
}

/* libjq reads $HOME/.jq by itself. Its definitions would change the meaning of every program, so a
 * policy's results would depend on the machine. */
static enum err check_home(void)
{
	const char *home = getenv("HOME");
	AUTOFREE char *path = home ? mem_printf("%s/.jq", home) : NULL;

	ENSURE(!path || access(path, F_OK) != 0, ERR_SYSTEM,
		"libjq would read %s into every program: move it away, or unset HOME", path);
	return OK;
}

/* --- cache of compiled programs --- */

/* libjq 1.6 compiles its own definitions for each program, which takes thirty milliseconds, more
 * than most runs. The same few programs are needed again, in an export or a test of a policy, so a
 * finished one is kept for the next user of its text, the latest first. */
#define KEPT 32
static struct jq *kept;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

static void let_go(struct compiled *c)
{
	if (--c->users)
		return;
	jq_teardown(&c->state);
	free(c);
}

static void end(struct jq *jq)
{
	let_go(jq->compiled);
	free(jq->name);
	free(jq->program);
	free(jq);
}

static struct jq *take_kept(const char *program)
{
	struct jq **at = &kept, *jq;

	LOCKED(&kept_lock);
	while (*at && strcmp((*at)->program, program) != 0)
		at = &(*at)->next;
	jq = *at;
	if (jq)
		*at = jq->next;
	return jq;
}

/* At the end of the process: libjq's stack pointer looks like a leak. */
static void end_kept(void)
{
	LOCKED(&kept_lock);
	while (kept) {
		struct jq *jq = kept;

		kept = jq->next;
		end(jq);
	}
}

static void end_kept_at_exit(void)
{
	atexit(end_kept);
}

static void keep(struct jq *jq)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct jq **at = &jq->next, *oldest;

	pthread_once(&once, end_kept_at_exit);

	jq_start(jq->compiled->state, jv_null(), 0); /* frees the values of the latest run */
	pthread_mutex_lock(&kept_lock);
	jq->next = kept;
	kept = jq;
	for (size_t n = 1; *at && n < KEPT; n++)
		at = &(*at)->next;
	oldest = TAKE(*at);
	pthread_mutex_unlock(&kept_lock);
	if (oldest)
		end(oldest);
}

/* The caller is the only user of the result. `name` is the program's name in the error if it does
 * not compile. */
static enum err compile(const char *name, const char *program, struct compiled **out)
{
	AUTOFREE char *text = mem_printf("%s%s", prelude, program);
	struct compiled *c = mem_new(sizeof(*c));
	enum err e = OK;

	c->users = 1;
	c->state = jq_init();
	if (!c->state)
		abort();
	jq_set_error_cb(c->state, keep_message, c);
	jq_set_attr(c->state, jv_string("JQ_LIBRARY_PATH"), jv_array());
	if (!jq_compile(c->state, text))
		e = fail(ERR_INVALID, "%s: %s", name, c->message);
	if (e == OK)
		*out = c;
	else
		let_go(c);
	return e;
}

static struct jq *jq_of(struct compiled *c, int joint, const char *name, const char *program)
{
	struct jq *jq = mem_new(sizeof(*jq));

	*jq = (struct jq){.compiled = c, .joint = joint};
	jq->name = mem_text(name);
	jq->program = mem_text(program);
	return jq;
}

enum err jq_open(const char *name, const char *program, struct jq **out)
{
	struct compiled *c;
	struct jq *jq;

	TRY(check_home());
	jq = take_kept(program);
	if (jq) {
		free(jq->name);
		jq->name = mem_text(name);
		*out = jq;
		return OK;
	}
	TRY(compile(name, program, &c));
	*out = jq_of(c, ALONE, name, program);
	return OK;
}

void jq_free(struct jq *jq)
{
	if (jq && jq->joint == ALONE)
		keep(jq);
	else if (jq)
		end(jq);
}

/* --- several programs in one --- */

/* Each is a function, so none sees another's names, and the input says which to call. */
static void write_joint(const struct jq_text *all, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "def joint_%zu: %s\n; ", i, all[i].program);
	buf_puts(out, ".[0] as $joint | .[1] | ");
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "if $joint == %zu then joint_%zu else ", i, i);
	buf_puts(out, "empty ");
	for (size_t i = 0; i < n; i++)
		buf_puts(out, "end ");
}

enum err jq_open_joint(const struct jq_text *all, size_t n, struct jq **out)
{
	AUTO(buf) text = BUF(64 * MIB);
	struct compiled *c;

	TRY(check_home());
	write_joint(all, n, &text);
	TRY(buf_check(&text, all[0].name));
	TRY(compile(all[0].name, buf_text(&text), &c));
	c->users = n;
	for (size_t i = 0; i < n; i++)
		out[i] = jq_of(c, (int)i, all[i].name, all[i].program);
	return OK;
}

/* --- values in, from CBOR --- */

static enum err read_jv(struct cbor_in *in, int depth, jv *out);

static enum err read_array(struct cbor_in *in, size_t n, int depth, jv *out)
{
	jv all = jv_array_sized((int)n), item;
	enum err e = OK;

	for (size_t i = 0; i < n && e == OK; i++) {
		e = read_jv(in, depth, &item);
		if (e == OK)
			all = jv_array_append(all, item);
	}
	if (e != OK)
		jv_free(all);
	else
		*out = all;
	return e;
}

static enum err read_object(struct cbor_in *in, size_t n, int depth, jv *out)
{
	jv all = jv_object(), item;
	struct cbor name;
	enum err e = OK;

	for (size_t i = 0; i < n && e == OK; i++) {
		e = cbor_next_text(in, &name);
		if (e == OK)
			e = read_jv(in, depth, &item);
		if (e == OK)
			all = jv_object_set(all, jv_string_sized(name.text, (int)name.n), item);
	}
	if (e != OK)
		jv_free(all);
	else
		*out = all;
	return e;
}

static enum err read_jv(struct cbor_in *in, int depth, jv *out)
{
	struct cbor c;

	TRY(cbor_next(in, &c));
	switch (c.kind) {
	case CBOR_MAP:
	case CBOR_ARRAY:
		ENSURE(depth < JSON_DEPTH, ERR_INVALID, "nested deeper than %d levels", JSON_DEPTH);
		return c.kind == CBOR_MAP ? read_object(in, c.n, depth + 1, out)
		                          : read_array(in, c.n, depth + 1, out);
	case CBOR_INTEGER:
		ENSURE(c.integer >= -EXACT && c.integer <= EXACT, ERR_INVALID,
			"the number %lld is too large for a program to hold exactly",
			(long long)c.integer);
		*out = jv_number((double)c.integer);
		return OK;
	case CBOR_REAL:
		*out = jv_number(c.real);
		return OK;
	case CBOR_TEXT:
		*out = jv_string_sized(c.text, (int)c.n);
		return OK;
	case CBOR_FALSE:
	case CBOR_TRUE:
		*out = jv_bool(c.kind == CBOR_TRUE);
		return OK;
	case CBOR_NULL:
		break;
	}
	*out = jv_null();
	return OK;
}

struct jq_input {
	jv value;
};

enum err jq_input_read(const char *cbor, size_t len, struct jq_input **out)
{
	struct cbor_in in = {cbor, cbor + len};
	enum err e;
	jv value;

	e = len <= INT_MAX ? read_jv(&in, 0, &value) : fail(ERR_TOO_LARGE, "%zu bytes", len);
	ENSURE(e == OK, e, "the input: %s", err_why());
	if (in.at != in.end) {
		jv_free(value);
		return fail(ERR_INVALID, "the input: more than one value");
	}
	*out = mem_new(sizeof(**out));
	(*out)->value = value;
	return OK;
}

void jq_input_free(struct jq_input *input)
{
	if (!input)
		return;
	jv_free(input->value);
	free(input);
}

/* --- values out; these functions borrow their jv, unlike libjq's own --- */

static enum err write_jv(jv value, int depth, struct buf *out);

static void write_string(jv value, struct buf *out)
{
	cbor_text(out, jv_string_value(value), (size_t)jv_string_length_bytes(jv_copy(value)));
}

static enum err write_object(jv value, int depth, struct buf *out)
{
	enum err e = OK;

	cbor_begin(out, CBOR_MAP, (size_t)jv_object_length(jv_copy(value)));
	jv_object_foreach(value, key, one)
	{
		if (e == OK) {
			write_string(key, out);
			e = write_jv(one, depth, out);
		}
		jv_free(key);
		jv_free(one);
	}
	return e;
}

static enum err write_array(jv value, int depth, struct buf *out)
{
	enum err e = OK;

	cbor_begin(out, CBOR_ARRAY, (size_t)jv_array_length(jv_copy(value)));
	jv_array_foreach(value, i, one)
	{
		if (e == OK)
			e = write_jv(one, depth, out);
		jv_free(one);
	}
	return e;
}

static enum err write_number(double d, struct buf *out)
{
	ENSURE(isfinite(d), ERR_INVALID, "the program made a number that JSON cannot hold");
	if (d == floor(d) && fabs(d) <= (double)EXACT)
		cbor_integer(out, (int64_t)d);
	else
		cbor_real(out, d);
	return OK;
}

static enum err write_jv(jv value, int depth, struct buf *out)
{
	jv_kind kind = jv_get_kind(value);

	switch (kind) {
	case JV_KIND_OBJECT:
	case JV_KIND_ARRAY:
		ENSURE(depth < JSON_DEPTH, ERR_INVALID, "the program nests deeper than %d levels",
			JSON_DEPTH);
		return kind == JV_KIND_OBJECT ? write_object(value, depth + 1, out)
		                              : write_array(value, depth + 1, out);
	case JV_KIND_NUMBER:
		return write_number(jv_number_value(value), out);
	case JV_KIND_STRING:
		write_string(value, out);
		return OK;
	case JV_KIND_TRUE:
	case JV_KIND_FALSE:
		cbor_begin(out, kind == JV_KIND_TRUE ? CBOR_TRUE : CBOR_FALSE, 0);
		return OK;
	default:
		cbor_begin(out, CBOR_NULL, 0);
		return OK;
	}
}

/* The argument of `error(x)`: a text, or a value shown as JSON. Consumes `ended`. */
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

/* --- running --- */

/* Writes all outputs, and counts them. */
static enum err write_all(struct jq *jq, struct buf *out, size_t *n)
{
	for (*n = 0;; (*n)++) {
		jv next = jq_next(jq->compiled->state);
		enum err e;

		if (!jv_is_valid(next))
			return check_end(jq, next);
		e = write_jv(next, 1, out); /* in the array of outputs */
		jv_free(next);
		ENSURE(e == OK, e, "%s: %s", jq->name, err_why());
	}
}

static jv input_of(const struct jq *jq, const struct jq_input *input)
{
	jv value = jv_copy(input->value);

	if (jq->joint == ALONE)
		return value;
	return jv_array_append(jv_array_append(jv_array(), jv_number(jq->joint)), value);
}

enum err jq_run_on(struct jq *jq, const struct jq_input *input, struct buf *out)
{
	AUTO(buf) outputs = BUF(out->max);
	size_t n;

	jq_start(jq->compiled->state, input_of(jq, input), 0);
	TRY(write_all(jq, &outputs, &n));
	TRY(buf_check(&outputs, jq->name));
	cbor_begin(out, CBOR_ARRAY, n);
	buf_add(out, buf_text(&outputs), outputs.len);
	return OK;
}

enum err jq_run(struct jq *jq, const json_t *input, json_t **out)
{
	AUTO(buf) in = BUF(INT_MAX), outputs = BUF(INT_MAX);
	struct jq_input *ready;
	enum err e;

	json_cbor(input, &in);
	e = jq_input_read(in.data, in.len, &ready);
	ENSURE(e == OK, e, "%s: %s", jq->name, err_why());
	e = jq_run_on(jq, ready, &outputs);
	jq_input_free(ready);
	if (e != OK)
		return e;
	e = json_read_cbor(outputs.data, outputs.len, RULES_LOOSE, out);
	ENSURE(e == OK, e, "%s: %s", jq->name, err_why());
	return OK;
}
