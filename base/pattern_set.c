/* Sets of characters in a pattern: single ones, ".", classes, escapes. */
#include "base/pattern_parts.h"

#include <stdlib.h>
#include <string.h>

#define LAST 0x10ffffU /* code point */

static void add_range(struct pattern *p, uint32_t from, uint32_t to)
{
	if (p->ranges_n == p->ranges_room) {
		p->ranges_room = p->ranges_room ? 2 * p->ranges_room : 16;
		p->ranges = mem_resize(p->ranges, p->ranges_room * sizeof(*p->ranges));
	}
	p->ranges[p->ranges_n++] = (struct range){from, to};
}

/* ECMA-262: the meaning of \d, \w and \s, and the line ends that "." excludes. */
static const struct named {
	char name;
	struct range ranges[10];
	size_t n;
} named[] = {
	{'d', {{'0', '9'}}, 1},
	{'w', {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, 4},
	{'s',
		{{9, 13}, {' ', ' '}, {0xa0, 0xa0}, {0x1680, 0x1680}, {0x2000, 0x200a},
			{0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
			{0xfeff, 0xfeff}},
		10},
	{'.', {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}, 3},
};

static const struct named *named_by(char name)
{
	for (size_t i = 0; i < COUNT(named); i++)
		if (named[i].name == name)
			return &named[i];
	return NULL;
}

static void add_named(struct pattern *p, const struct named *set, bool not )
{
	uint32_t from = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (!not )
			add_range(p, set->ranges[i].from, set->ranges[i].to);
		else if (set->ranges[i].from > from)
			add_range(p, from, set->ranges[i].from - 1);
		from = set->ranges[i].to + 1;
	}
	if (not )
		add_range(p, from, LAST);
}

static enum err read_hex(struct reader *r, size_t least, size_t most, uint32_t *out)
{
	size_t n = strspn(r->at, "0123456789abcdefABCDEF");
	char digits[8] = "";

	if (n < least || (n > most && least != most))
		return pattern_refuse(r, "\\u needs four hexadecimal digits, or some in { }");
	n = n < most ? n : most;
	memcpy(digits, r->at, n);
	*out = (uint32_t)strtoul(digits, NULL, 16);
	r->at += n;
	return *out <= LAST ? OK : pattern_refuse(r, "there is no such character");
}

static enum err read_unicode(struct reader *r, uint32_t *out)
{
	if (*r->at != '{')
		return read_hex(r, 4, 4, out);
	r->at++;
	TRY(read_hex(r, 1, 6, out));
	return *r->at++ == '}' ? OK : (r->at--, pattern_refuse(r, "\\u{ needs its }"));
}

/* The single character that an escape stands for. */
static enum err read_escaped(struct reader *r, bool in_class, uint32_t *out)
{
	static const char letters[] = "tnrfv", meaning[] = "\t\n\r\f\v";
	const char *letter;
	char c = *r->at;

	if (!c)
		return pattern_refuse(r, "a backslash needs something after it");
	if (c == 'u') {
		r->at++;
		return read_unicode(r, out);
	}
	letter = strchr(letters, c);
	if (letter)
		*out = (uint32_t)meaning[letter - letters];
	else if (strchr("^$\\.*+?()[]{}|/", c) || (in_class && c == '-'))
		*out = (uint32_t)c;
	else
		return pattern_refuse(r, "this escape is not supported");
	r->at++;
	return OK;
}

/* \d and the like, in either case: adds their ranges. False for another escape. */
static bool read_named(struct reader *r)
{
	char small = (char)(*r->at | 0x20);
	const struct named *set = strchr("dws", small) && *r->at ? named_by(small) : NULL;

	if (!set)
		return false;
	add_named(r->p, set, *r->at != small);
	r->at++;
	return true;
}

static enum err read_class_character(struct reader *r, uint32_t *out)
{
	if (*r->at == '\\') {
		r->at++;
		return read_escaped(r, true, out);
	}
	*out = pattern_take(r);
	return *out == PATTERN_END ? pattern_refuse(r, "a class needs its ]") : OK;
}

static enum err read_class_part(struct reader *r)
{
	uint32_t from, to;

	if (r->at[0] == '\\') {
		r->at++;
		if (read_named(r))
			return r->at[0] == '-' && r->at[1] != ']'
			               ? pattern_refuse(r, "a range cannot start with a set")
			               : OK;
		r->at--;
	}
	TRY(read_class_character(r, &from));
	to = from;
	if (r->at[0] == '-' && r->at[1] != ']') {
		r->at++;
		TRY(read_class_character(r, &to));
	}
	if (to < from)
		return pattern_refuse(r, "a range ends before it starts");
	add_range(r->p, from, to);
	return OK;
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Sorted and disjoint, for binary search: a class may have hundreds of ranges, and each character
 * of a text may be looked up in thousands of sets. */
static void settle_ranges(struct pattern *p, size_t first)
{
	size_t n = first;

	if (p->ranges_n == first) /* "[]", which is empty */
		return;
	qsort(p->ranges + first, p->ranges_n - first, sizeof(*p->ranges), by_start);
	for (size_t i = first + 1; i < p->ranges_n; i++) {
		const struct range next = p->ranges[i];

		if (next.from > p->ranges[n].to)
			p->ranges[++n] = next;
		else if (next.to > p->ranges[n].to)
			p->ranges[n].to = next.to;
	}
	p->ranges_n = n + 1;
}

enum err set_class(struct reader *r)
{
	struct step step = {.op = OP_SET, .a = (uint32_t)r->p->ranges_n};

	if (*r->at == '^') {
		step.not = true;
		r->at++;
	}
	while (*r->at != ']')
		TRY(read_class_part(r));
	r->at++;
	settle_ranges(r->p, step.a);
	step.b = (uint32_t)r->p->ranges_n;
	return pattern_emit(r, step);
}

static enum err emit_set(struct reader *r, size_t from, bool not )
{
	return pattern_emit(r, (struct step){.op = OP_SET,
				       .a = (uint32_t)from,
				       .b = (uint32_t)r->p->ranges_n,
				       .not = not });
}

enum err set_escape(struct reader *r)
{
	size_t from = r->p->ranges_n;
	uint32_t c;

	if (!read_named(r)) {
		TRY(read_escaped(r, false, &c));
		add_range(r->p, c, c);
	}
	return emit_set(r, from, false);
}

enum err set_one(struct reader *r, uint32_t c)
{
	size_t from = r->p->ranges_n;

	add_range(r->p, c, c);
	return emit_set(r, from, false);
}

enum err set_any(struct reader *r)
{
	size_t from = r->p->ranges_n;

	add_named(r->p, named_by('.'), false);
	return emit_set(r, from, true);
}
