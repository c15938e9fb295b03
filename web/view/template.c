#include "web/view/template_parts.h"

#include <stdlib.h>
#include <string.h>

#define DELIMITER_MAX 16

void template_free(struct template *t)
{
	if (!t)
		return;
	free(t->text);
	free(t->nodes);
	free(t);
}

/* The kinds of tags by their first character; any other character begins a variable. */
static const struct sigil {
	enum kind kind;
	bool standalone; /* if alone on its line, it removes the line */
	char closing;    /* must stand before the closing delimiter */
} sigils[256] = {
	['{'] = {RAW, false, '}'},
	['&'] = {RAW, false, 0},
	['#'] = {SECTION, true, 0},
	['^'] = {INVERTED, true, 0},
	['/'] = {END, true, 0},
	['>'] = {PARTIAL, true, 0},
	['!'] = {COMMENT, true, 0},
	['='] = {DELIMITERS, true, '='},
};

#define NO_SECTION SIZE_MAX

struct parser {
	const char *text; /* borrowed; the template has a copy, in which NULs may end names */
	size_t len;
	struct template *t;
	struct slice open, close;
	size_t at;        /* everything before it is in nodes */
	size_t around;    /* the innermost section still open, or NO_SECTION */
	bool line_begins; /* at `at` */
};

struct tag {
	const struct sigil *sigil;
	size_t from, to;    /* including its delimiters */
	size_t left, right; /* including the blanks and line break of a tag alone on its line */
	bool alone;
	struct slice body; /* without delimiters, sigil and surrounding space */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice v)
{
	while (v.len && is_space(v.s[0]))
		v = (struct slice){v.s + 1, v.len - 1};
	while (v.len && is_space(v.s[v.len - 1]))
		v.len--;
	return v;
}

/* The bytes of the copy at an offset of the text. */
static struct slice slice(const struct parser *p, size_t from, size_t to)
{
	return (struct slice){p->t->text + from, to - from};
}

/* Linear, because delimiters are short. memmem() is not: under sanitizers it looks at all of
 * `text`. */
static const char *find(const char *text, const char *end, struct slice what)
{
	for (; (text = memchr(text, what.s[0], (size_t)(end - text))); text++)
		if ((size_t)(end - text) >= what.len && !memcmp(text, what.s, what.len))
			return text;
	return NULL;
}

/* Counts only after an error, so that correct templates cost nothing. */
static size_t line_of(const struct parser *p, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += p->text[i] == '\n';
	return line;
}

/* For "%.*s": shortens a name in an error, because hostile ones are long. */
#define QUOTED(v) (int)((v).len < 40 ? (v).len : 40), (v).s

static struct node *node_add(struct template *t, enum kind kind, struct slice s)
{
	if (t->count == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 16;
		t->nodes = mem_resize(t->nodes, t->cap * sizeof(*t->nodes));
	}
	t->nodes[t->count] = (struct node){.kind = kind, .s = s};
	return &t->nodes[t->count++];
}

static void text_add(struct parser *p, size_t to)
{
	if (to > p->at)
		node_add(p->t, TEXT, slice(p, p->at, to))->begins = p->line_begins;
}

/* Adds the text between the last tag and this one. A line that begins with a tag gets an empty
 * text, to which the indentation of an indented partial is added. */
static void text_before(struct parser *p, const struct tag *tag)
{
	bool begins = tag->left > p->at ? p->text[tag->left - 1] == '\n' : p->line_begins;

	text_add(p, tag->left);
	if (begins && !tag->alone)
		node_add(p->t, TEXT, slice(p, tag->left, tag->left))->begins = true;
	p->at = tag->right;
	p->line_begins = tag->alone;
}

/* Determines whether the tag is alone on its line. Looks back no further than the last tag and
 * ahead no further than the blanks, so that a line of many tags takes linear time. */
static void tag_place(const struct parser *p, struct tag *tag)
{
	size_t left = tag->from, right = tag->to;

	while (left > p->at && is_blank(p->text[left - 1]))
		left--;
	if (left > p->at ? p->text[left - 1] != '\n' : !p->line_begins)
		return;
	while (right < p->len && is_blank(p->text[right]))
		right++;
	if (right + 1 < p->len && p->text[right] == '\r' && p->text[right + 1] == '\n')
		right++;
	if (right < p->len && p->text[right] != '\n')
		return;
	tag->alone = true;
	tag->left = left;
	tag->right = right < p->len ? right + 1 : right;
}

static enum err tag_read(const struct parser *p, size_t from, struct tag *out)
{
	char closing[1 + DELIMITER_MAX];
	size_t at = from + p->open.len, len = 0, to;
	const struct sigil *sigil;
	const char *close;

	while (at < p->len && is_space(p->text[at]))
		at++;
	sigil = &sigils[at < p->len ? (unsigned char)p->text[at] : 0];
	at += sigil->kind != VARIABLE;
	if (sigil->closing)
		closing[len++] = sigil->closing;
	memcpy(closing + len, p->close.s, p->close.len);
	len += p->close.len;
	close = find(p->text + at, p->text + p->len, (struct slice){closing, len});
	ENSURE(close, ERR_INVALID, "line %zu: a tag is not closed", line_of(p, from));
	to = (size_t)(close - p->text);
	*out = (struct tag){.sigil = sigil, .from = from, .to = to + len};
	out->left = out->from;
	out->right = out->to;
	out->body = slice_trim(slice(p, at, to));
	if (sigil->standalone)
		tag_place(p, out);
	return OK;
}

static enum err name_check(const struct parser *p, const struct tag *tag)
{
	const struct slice *name = &tag->body;

	ENSURE(name->len, ERR_INVALID, "line %zu: a tag without a name", line_of(p, tag->from));
	for (size_t i = 0; i < name->len; i++)
		ENSURE(!is_space(name->s[i]), ERR_INVALID, "line %zu: a space in the name '%.*s'",
			line_of(p, tag->from), QUOTED(*name));
	return OK;
}

static enum err section_close(struct parser *p, const struct tag *tag)
{
	struct node *open;

	ENSURE(p->around != NO_SECTION, ERR_INVALID, "line %zu: {{/%.*s}} closes nothing",
		line_of(p, tag->from), QUOTED(tag->body));
	open = &p->t->nodes[p->around];
	ENSURE(open->s.len == tag->body.len && !memcmp(open->s.s, tag->body.s, open->s.len),
		ERR_INVALID, "line %zu: {{/%.*s}} closes '%.*s' of line %zu", line_of(p, tag->from),
		QUOTED(tag->body), QUOTED(open->s), line_of(p, (size_t)(open->s.s - p->t->text)));
	p->around = open->end;
	open->end = p->t->count;
	return OK;
}

static bool is_delimiter(struct slice v)
{
	for (size_t i = 0; i < v.len; i++)
		if (is_space(v.s[i]) || v.s[i] == '=')
			return false;
	return v.len && v.len <= DELIMITER_MAX;
}

static enum err delimiters_set(struct parser *p, const struct tag *tag)
{
	struct slice open = {tag->body.s, 0}, close;

	while (open.len < tag->body.len && !is_space(open.s[open.len]))
		open.len++;
	close = slice_trim((struct slice){open.s + open.len, tag->body.len - open.len});
	ENSURE(is_delimiter(open) && is_delimiter(close), ERR_INVALID,
		"line %zu: delimiters are two words of at most %d bytes, without '='",
		line_of(p, tag->from), DELIMITER_MAX);
	p->open = open;
	p->close = close;
	return OK;
}

static bool is_marked(struct slice name)
{
	static const char end[] = "_marked";
	size_t len = sizeof(end) - 1;

	return name.len > len && memcmp(name.s + name.len - len, end, len) == 0;
}

static enum err tag_take(struct parser *p, const struct tag *tag)
{
	enum kind kind = tag->sigil->kind;
	struct node *n;

	if (kind == COMMENT)
		return OK;
	if (kind == DELIMITERS)
		return delimiters_set(p, tag);
	TRY(name_check(p, tag));
	if (kind == END)
		return section_close(p, tag);
	if (kind == VARIABLE && is_marked(tag->body))
		kind = MARKED;
	n = node_add(p->t, kind, tag->body);
	if (kind == SECTION || kind == INVERTED) {
		n->end = p->around;
		p->around = p->t->count - 1;
	} else if (kind == PARTIAL) {
		/* find() wants a string; whatever follows a name in its tag has been read. */
		p->t->text[n->s.s + n->s.len - p->t->text] = '\0';
		if (tag->alone)
			n->indent = slice(p, tag->left, tag->from);
	}
	return OK;
}

static enum err parse(struct parser *p)
{
	const char *open;
	struct tag tag = {0};

	while ((open = find(p->text + p->at, p->text + p->len, p->open))) {
		TRY(tag_read(p, (size_t)(open - p->text), &tag));
		text_before(p, &tag);
		TRY(tag_take(p, &tag));
	}
	text_add(p, p->len);
	if (p->around != NO_SECTION) {
		const struct slice *name = &p->t->nodes[p->around].s;
		return fail(ERR_INVALID, "line %zu: the section '%.*s' is not closed",
			line_of(p, (size_t)(name->s - p->t->text)), QUOTED(*name));
	}
	return OK;
}

enum err template_parse(const char *text, size_t len, struct template **out)
{
	struct parser p = {
		.text = len ? text : "",
		.len = len,
		.t = mem_new(sizeof(*p.t)),
		.open = {"{{", 2},
		.close = {"}}", 2},
		.around = NO_SECTION,
		.line_begins = true,
	};
	enum err e;

	p.t->text = mem_bytes(text, len);
	e = parse(&p);
	if (e == OK)
		*out = p.t;
	else
		template_free(p.t);
	return e;
}
