#include "base/pattern_parts.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32
#define REPEAT_MAX 1000

/* --- reading --- */

static enum err read_choice(struct reader *r);

enum err pattern_refuse(const struct reader *r, const char *why)
{
	return fail(ERR_INVALID, "pattern \"%.100s\", at byte %zu: %s", r->text,
		(size_t)(r->at - r->text), err_text(why));
}

/* The next code point; PATTERN_END at the end. An invalid byte stands for itself. */
static uint32_t next(const char **s, const char *end)
{
	const unsigned char *p = (const unsigned char *)*s;
	uint32_t c;
	size_t more;

	if (*s >= end)
		return PATTERN_END;
	c = *p;
	more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
	if (more >= (size_t)(end - *s))
		more = 0;
	if (more)
		c &= 0x3fU >> more;
	for (size_t i = 1; i <= more; i++)
		c = c << 6 | (p[i] & 0x3fU);
	*s += more + 1;
	return c;
}

uint32_t pattern_take(struct reader *r)
{
	return next(&r->at, r->text + strlen(r->text));
}

enum err pattern_emit(struct reader *r, struct step step)
{
	if (r->p->n == PATTERN_STEPS)
		return pattern_refuse(r, "it is too large once its repetitions are written out");
	r->p->steps[r->p->n++] = step;
	return OK;
}

static enum err read_group(struct reader *r)
{
	if (r->at[0] == '?' && r->at[1] != ':')
		return pattern_refuse(r, "only ( and (?: are supported");
	if (*r->at == '?')
		r->at += 2;
	if (++r->depth > DEPTH_MAX)
		return pattern_refuse(r, "groups are nested too deeply");
	TRY(read_choice(r));
	r->depth--;
	return *r->at++ == ')' ? OK : (r->at--, pattern_refuse(r, "a group needs its )"));
}

static enum err read_atom(struct reader *r)
{
	uint32_t c;

	if (strchr("*+?{}])", *r->at) && *r->at)
		return pattern_refuse(r, "this character needs a backslash here");
	c = pattern_take(r);
	switch (c) {
	case '(':
		return read_group(r);
	case '[':
		return set_class(r);
	case '\\':
		return set_escape(r);
	case '^':
		return pattern_emit(r, (struct step){.op = OP_START});
	case '$':
		return pattern_emit(r, (struct step){.op = OP_END});
	case '.':
		return set_any(r);
	default:
		return set_one(r, c);
	}
}

struct repeat {
	long least, most; /* -1: unlimited */
};

static enum err read_count(struct reader *r, long *out)
{
	size_t n = strspn(r->at, "0123456789");

	if (n == 0 || n > 4)
		return pattern_refuse(r, "{ } needs one or two whole numbers");
	*out = strtol(r->at, NULL, 10);
	r->at += n;
	return *out <= REPEAT_MAX ? OK : pattern_refuse(r, "a repetition may be up to 1000 times");
}

static enum err read_counts(struct reader *r, struct repeat *out)
{
	TRY(read_count(r, &out->least));
	out->most = out->least;
	if (*r->at == ',') {
		r->at++;
		out->most = -1;
		if (*r->at != '}')
			TRY(read_count(r, &out->most));
	}
	if (*r->at != '}')
		return pattern_refuse(r, "{ needs its }");
	if (out->most >= 0 && out->most < out->least)
		return pattern_refuse(r, "a repetition ends before it starts");
	r->at++;
	return OK;
}

static enum err read_repeat(struct reader *r, struct repeat *out)
{
	char c = *r->at;

	*out = (struct repeat){1, 1};
	if (!c || !strchr("*+?{", c))
		return OK;
	r->at++;
	if (c == '{')
		TRY(read_counts(r, out));
	else
		*out = (struct repeat){c == '+', c == '?' ? 1 : -1};
	if (*r->at && strchr("*+?{", *r->at))
		return pattern_refuse(r, "a repetition of a repetition is not supported");
	return OK;
}

/* The steps of an atom, written once for each repetition. */
struct atom {
	struct step *steps;
	size_t n, at; /* at: their original position, to which their jumps refer */
};

static void atom_done(struct atom *a)
{
	free(a->steps);
}

static enum err emit_atom(struct reader *r, const struct atom *a)
{
	uint32_t moved = (uint32_t)(r->p->n - a->at);

	for (size_t i = 0; i < a->n; i++) {
		struct step step = a->steps[i];

		step.a += step.op == OP_SPLIT || step.op == OP_JUMP ? moved : 0;
		step.b += step.op == OP_SPLIT ? moved : 0;
		TRY(pattern_emit(r, step));
	}
	return OK;
}

/* "x*": split to x or past it, x, back to the split. */
static enum err emit_loop(struct reader *r, const struct atom *a)
{
	uint32_t split = (uint32_t)r->p->n;

	TRY(pattern_emit(r, (struct step){.op = OP_SPLIT, .a = split + 1}));
	TRY(emit_atom(r, a));
	TRY(pattern_emit(r, (struct step){.op = OP_JUMP, .a = split}));
	r->p->steps[split].b = (uint32_t)r->p->n;
	return OK;
}

static enum err emit_maybe(struct reader *r, const struct atom *a)
{
	uint32_t split = (uint32_t)r->p->n;

	TRY(pattern_emit(r, (struct step){.op = OP_SPLIT, .a = split + 1}));
	TRY(emit_atom(r, a));
	r->p->steps[split].b = (uint32_t)r->p->n;
	return OK;
}

/* Reads an atom once, and writes its steps once per repetition: parsing it again each time would
 * multiply the time by all enclosing repetitions. */
static enum err read_piece(struct reader *r)
{
	AUTO(atom) a = {.at = r->p->n};
	struct repeat repeat;

	TRY(read_atom(r));
	TRY(read_repeat(r, &repeat));
	if (repeat.least == 1 && repeat.most == 1)
		return OK;
	a.n = r->p->n - a.at;
	a.steps = mem_new((a.n + 1) * sizeof(*a.steps));
	memcpy(a.steps, r->p->steps + a.at, a.n * sizeof(*a.steps));
	r->p->n = a.at;
	for (long i = 0; i < repeat.least; i++)
		TRY(emit_atom(r, &a));
	if (repeat.most < 0)
		return emit_loop(r, &a);
	for (long i = repeat.least; i < repeat.most; i++)
		TRY(emit_maybe(r, &a));
	return OK;
}

static enum err read_sequence(struct reader *r)
{
	while (*r->at && *r->at != '|' && *r->at != ')')
		TRY(read_piece(r));
	return OK;
}

/* "x|y": only after x is it known that a split was needed before it, so x moves by one step. */
static enum err read_choice(struct reader *r)
{
	size_t start = r->p->n, jump;

	TRY(read_sequence(r));
	if (*r->at != '|')
		return OK;
	r->at++;
	TRY(pattern_emit(r, (struct step){.op = OP_MATCH})); /* makes room */
	memmove(&r->p->steps[start + 1], &r->p->steps[start],
		(r->p->n - 1 - start) * sizeof(struct step));
	for (size_t i = start + 1; i < r->p->n; i++) {
		struct step *s = &r->p->steps[i];

		s->a += s->op == OP_SPLIT || s->op == OP_JUMP;
		s->b += s->op == OP_SPLIT;
	}
	jump = r->p->n;
	TRY(pattern_emit(r, (struct step){.op = OP_JUMP}));
	r->p->steps[start] =
		(struct step){.op = OP_SPLIT, .a = (uint32_t)start + 1, .b = (uint32_t)jump + 1};
	TRY(read_choice(r));
	r->p->steps[jump].a = (uint32_t)r->p->n;
	return OK;
}

static enum err read_whole(struct reader *r)
{
	if (strlen(r->text) > PATTERN_BYTES)
		return pattern_refuse(r, "it is longer than 1000 bytes");
	TRY(read_choice(r));
	if (*r->at)
		return pattern_refuse(r, "a ) without its (");
	return pattern_emit(r, (struct step){.op = OP_MATCH});
}

enum err pattern_read(const char *text, struct pattern **out)
{
	struct pattern *p = mem_new(sizeof(*p));
	struct reader r = {.text = text, .at = text, .p = p};
	enum err e;

	p->steps = mem_new(PATTERN_STEPS * sizeof(*p->steps));
	e = read_whole(&r);
	if (e != OK) {
		pattern_free(p);
		return e;
	}
	p->steps = mem_resize(p->steps, p->n * sizeof(*p->steps));
	*out = p;
	return OK;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	free(p->steps);
	free(p->ranges);
	free(p);
}

/* --- matching --- */

/* The steps that are active at one position of the text, each once. */
struct threads {
	uint32_t *list;
	size_t n;
};

struct run {
	const struct pattern *p;
	uint32_t *seen; /* by step: the position, counted from 1, at which it was added last */
	uint32_t place;
	bool at_start, at_end, matched;
};

/* Follows steps that consume no character, at most as deep as there are steps: each once. */
static void add(struct run *run, struct threads *to, uint32_t i)
{
	const struct step *s = &run->p->steps[i];

	if (run->seen[i] == run->place)
		return;
	run->seen[i] = run->place;
	if (s->op == OP_SPLIT) {
		add(run, to, s->a);
		add(run, to, s->b);
	} else if (s->op == OP_JUMP) {
		add(run, to, s->a);
	} else if (s->op == OP_SET) {
		to->list[to->n++] = i;
	} else if (s->op == OP_MATCH) {
		run->matched = true;
	} else if (s->op == OP_START ? run->at_start : run->at_end) {
		add(run, to, i + 1);
	}
}

static bool in_set(const struct pattern *p, const struct step *s, uint32_t c)
{
	uint32_t low = s->a,
		 high = s->b; /* the first range that ends at or after `c` is in there */

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (p->ranges[middle].to < c)
			low = middle + 1;
		else
			high = middle;
	}
	return (low < s->b && p->ranges[low].from <= c) != s->not ;
}

static void step_over(struct run *run, const struct threads *from, struct threads *to, uint32_t c)
{
	to->n = 0;
	for (size_t i = 0; i < from->n; i++)
		if (in_set(run->p, &run->p->steps[from->list[i]], c))
			add(run, to, from->list[i] + 1);
}

bool pattern_matches(const struct pattern *p, const char *s, size_t len)
{
	AUTOFREE uint32_t *memory = mem_new(3 * p->n * sizeof(uint32_t));
	struct threads now = {memory, 0}, then = {memory + p->n, 0};
	struct run run = {.p = p, .seen = memory + 2 * p->n, .place = 1, .at_start = true};
	const char *end = s + len;

	run.at_end = s == end;
	add(&run, &now, 0);
	while (!run.matched && s < end) {
		uint32_t c = next(&s, end);

		run.place++;
		run.at_start = false;
		run.at_end = s == end;
		step_over(&run, &now, &then, c);
		add(&run, &then, 0); /* a match may also start here */
		now = (struct threads){then.list, then.n};
		then = (struct threads){now.list == memory ? memory + p->n : memory, 0};
	}
	return run.matched;
}
