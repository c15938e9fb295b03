#include "web/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64
#define DELIMITER_MAX 16

struct slice {
	const char *s;
	size_t len;
};

/* The last three are tags that leave no node. */
enum kind { VARIABLE, RAW, SECTION, INVERTED, PARTIAL, TEXT, END, COMMENT, DELIMITERS };

/* A section's nodes follow it, up to `end`: so a template is one array, and to skip is to jump. */
struct node {
	enum kind kind;
	bool begins;         /* TEXT: its first byte begins a line */
	struct slice s;      /* TEXT: itself; else the name. In a PARTIAL a NUL follows it */
	struct slice indent; /* PARTIAL: the blanks before one alone on its line; else s is NULL */
	size_t end;          /* SECTION, INVERTED; until closed, the index of the one around it */
};

struct template
{
	char *text; /* owned; every slice points in here */
	struct node *nodes;
	size_t count, cap;
};

void template_free(struct template *t)
{
	if (!t)
		return;
	free(t->text);
	free(t->nodes);
	free(t);
}

/* Parsing */

/* What the first character in a tag makes of it; no row is a variable. */
static const struct sigil {
	enum kind kind;
	bool standalone; /* alone on its line, it takes the line with it */
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
	const char *text; /* borrowed; the template has its copy, where a NUL may follow a name */
	size_t len;
	struct template *t;
	struct slice open, close;
	size_t at;        /* all before it has become nodes */
	size_t around;    /* the innermost section still open, or NO_SECTION */
	bool line_begins; /* at `at` */
};

struct tag {
	const struct sigil *sigil;
	size_t from, to;    /* with its delimiters */
	size_t left, right; /* with the blanks and the line break that go with it if alone */
	bool alone;
	struct slice body; /* without delimiters, sigil and the space around */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct slice trim(struct slice v)
{
	while (v.len && is_space(v.s[0]))
		v = (struct slice){v.s + 1, v.len - 1};
	while (v.len && is_space(v.s[v.len - 1]))
		v.len--;
	return v;
}

/* The copy's bytes of an offset in the text. */
static struct slice slice(const struct parser *p, size_t from, size_t to)
{
	return (struct slice){p->t->text + from, to - from};
}

/* Linear, as delimiters are short; memmem() is not under sanitizers, which look at all of `text`.
 */
static const char *find(const char *text, const char *end, struct slice what)
{
	for (; (text = memchr(text, what.s[0], (size_t)(end - text))); text++)
		if ((size_t)(end - text) >= what.len && !memcmp(text, what.s, what.len))
			return text;
	return NULL;
}

/* Counted when something is wrong, so that nothing is counted when all is well. */
static size_t line_of(const struct parser *p, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += p->text[i] == '\n';
	return line;
}

/* For "%.*s": a name in a sentence; hostile ones are long. */
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

/* The text between the last tag and this one. A line that begins with a tag gets an empty text,
 * as the place where an indented partial's indentation goes. */
static void text_before(struct parser *p, const struct tag *tag)
{
	bool begins = tag->left > p->at ? p->text[tag->left - 1] == '\n' : p->line_begins;

	text_add(p, tag->left);
	if (begins && !tag->alone)
		node_add(p->t, TEXT, slice(p, tag->left, tag->left))->begins = true;
	p->at = tag->right;
	p->line_begins = tag->alone;
}

/* Sees whether the tag is alone on its line. Looks no further back than the last tag and no
 * further on than the blanks, so that a line of many tags takes linear time. */
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
	out->body = trim(slice(p, at, to));
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
	close = trim((struct slice){open.s + open.len, tag->body.len - open.len});
	ENSURE(is_delimiter(open) && is_delimiter(close), ERR_INVALID,
		"line %zu: delimiters are two words of at most %d bytes, without '='",
		line_of(p, tag->from), DELIMITER_MAX);
	p->open = open;
	p->close = close;
	return OK;
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

/* Rendering */

static const char *const html[256] = {
	['&'] = "&amp;",
	['<'] = "&lt;",
	['>'] = "&gt;",
	['"'] = "&quot;",
	['\''] = "&#39;",
};

/* What CommonMark reads anywhere in a line; what it reads at a line's start only is
 * markdown_start()'s, so that "(예시)" and "2026." stay readable in the source. */
/* clang-format off */
static const char *const markdown[256] = {
	['\\'] = "\\\\", ['`'] = "\\`", ['*'] = "\\*", ['_'] = "\\_", ['['] = "\\[", [']'] = "\\]",
	['<'] = "\\<", ['>'] = "\\>", ['#'] = "\\#", ['!'] = "\\!", ['|'] = "\\|", ['~'] = "\\~",
	['&'] = "\\&", ['\t'] = " ", ['\n'] = " ", ['\v'] = " ", ['\f'] = " ", ['\r'] = " ",
};
/* clang-format on */

static const char *const *const escapes[] = {
	[ESCAPE_HTML] = html,
	[ESCAPE_MARKDOWN] = markdown,
	[ESCAPE_NONE] = NULL,
};

/* The blanks before a partial, and those before the partial that it is in. */
struct indent {
	const struct indent *outer;
	struct slice s;
};

struct render {
	struct buf *out;
	const char *const *escape;
	const struct partials *partials;
	size_t steps; /* that may still be taken */
	unsigned depth;
	unsigned top; /* of `stack`, which has what is looked at, the view at 0 */
	const json_t *stack[DEPTH_MAX + 2];
};

static enum err run(struct render *r, const struct template *t, size_t from, size_t to,
	const struct indent *indent);

/* Depth and size alone would let sections in sections repeat 2^64 times and print nothing. */
static enum err step(struct render *r)
{
	TRY(buf_check(r->out, "a rendered text"));
	ENSURE(r->steps, ERR_TOO_LARGE, "rendering takes more steps than its text may have bytes");
	r->steps--;
	return OK;
}

static void escape_add(struct buf *out, const char *const *escape, struct slice v)
{
	const char *end = v.s + v.len, *run_from = v.s;

	for (const char *s = v.s; s < end; s++) {
		const char *instead = escape[(unsigned char)*s];
		if (!instead)
			continue;
		buf_add(out, run_from, (size_t)(s - run_from));
		buf_puts(out, instead);
		run_from = s + 1;
	}
	buf_add(out, run_from, (size_t)(end - run_from));
}

/* A value may stand at the start of a line: there "-", "+" and "=" make lists and headings, and
 * so do digits before "." or ")". Gives what is left of the value. */
static struct slice markdown_start(struct buf *out, struct slice v)
{
	size_t digits = 0;

	while (digits < v.len && v.s[digits] >= '0' && v.s[digits] <= '9')
		digits++;
	if (digits < v.len && v.s[digits] && strchr(digits ? ".)" : "-+=", v.s[digits])) {
		buf_add(out, v.s, digits);
		buf_putc(out, '\\');
		buf_putc(out, v.s[digits]);
		digits++;
		return (struct slice){v.s + digits, v.len - digits};
	}
	return v;
}

static void string_add(struct render *r, const char *const *escape, struct slice v)
{
	/* Blanks in front would make indented code, two at the end a line break. */
	if (escape == markdown)
		v = markdown_start(r->out, trim(v));
	if (escape)
		escape_add(r->out, escape, v);
	else
		buf_add(r->out, v.s, v.len);
}

/* The fewest digits that read back as the same number, as far as 15 or 17 go. */
static int real_print(char *s, size_t size, double x)
{
	int len = snprintf(s, size, "%.15g", x);

	return strtod(s, NULL) == x ? len : snprintf(s, size, "%.17g", x);
}

/* The item for ".", else the first item from the top that has the first part, whatever the
 * other parts then find in it. NULL if there is none. */
static const json_t *lookup(const struct render *r, struct slice name)
{
	const char *end = name.s + name.len, *dot = memchr(name.s, '.', name.len);
	const json_t *found = NULL;

	if (dot && name.len == 1)
		return r->stack[r->top];
	for (unsigned i = r->top + 1; i-- > 0 && !found;)
		found = json_object_getn(r->stack[i], name.s, (size_t)((dot ? dot : end) - name.s));
	while (found && dot) {
		const char *part = dot + 1;
		dot = memchr(part, '.', (size_t)(end - part));
		found = json_object_getn(found, part, (size_t)((dot ? dot : end) - part));
	}
	return found;
}

/* A number is true even at 0: a score of none is still a score. */
static bool is_true(const json_t *v)
{
	if (json_is_array(v))
		return json_array_size(v) > 0;
	if (json_is_string(v))
		return json_string_length(v) > 0;
	return v && !json_is_null(v) && !json_is_false(v);
}

/* Objects and arrays have no text. */
static void variable(struct render *r, const struct node *n)
{
	const char *const *escape = n->kind == RAW ? NULL : r->escape;
	const json_t *v = lookup(r, n->s);
	char s[40];
	int len = 0;

	if (json_is_string(v)) {
		string_add(r, escape, (struct slice){json_string_value(v), json_string_length(v)});
		return;
	}
	if (json_is_integer(v))
		len = snprintf(s, sizeof(s), "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_real(v))
		len = real_print(s, sizeof(s), json_real_value(v));
	else if (json_is_boolean(v))
		len = snprintf(s, sizeof(s), "%s", json_is_true(v) ? "true" : "false");
	string_add(r, escape, (struct slice){s, (size_t)len});
}

static void indent_add(struct buf *out, const struct indent *indent)
{
	if (!indent)
		return;
	indent_add(out, indent->outer);
	buf_add(out, indent->s.s, indent->s.len);
}

/* A line break that ends the text says nothing of a next line: that one has its own text. */
static void text(struct render *r, const struct node *n, const struct indent *indent)
{
	const char *s = n->s.s, *end = s + n->s.len, *next;

	if (indent && n->begins)
		indent_add(r->out, indent);
	while (indent && (next = memchr(s, '\n', (size_t)(end - s))) && ++next < end) {
		buf_add(r->out, s, (size_t)(next - s));
		indent_add(r->out, indent);
		s = next;
	}
	buf_add(r->out, s, (size_t)(end - s));
}

static enum err section(struct render *r, const struct template *t, const struct node *n,
	const struct indent *indent)
{
	const json_t *v = lookup(r, n->s);
	size_t from = (size_t)(n - t->nodes) + 1, items = json_is_array(v) ? json_array_size(v) : 1;

	if (n->kind == INVERTED)
		return is_true(v) ? OK : run(r, t, from, n->end, indent);
	if (!is_true(v))
		return OK;
	r->top++;
	for (size_t i = 0; i < items; i++) {
		r->stack[r->top] = json_is_array(v) ? json_array_get(v, i) : v;
		TRY(run(r, t, from, n->end, indent));
	}
	r->top--;
	return OK;
}

/* As if the indentation stood before each line of the partial's source: one that is alone on its
 * line passes on what its own template was indented by, one within a line does not. */
static enum err partial(struct render *r, const struct node *n, const struct indent *outer)
{
	const struct template *t = r->partials ? r->partials->find(r->partials->arg, n->s.s) : NULL;
	struct indent own = {outer, n->indent};

	if (!t)
		return OK;
	if (!n->indent.s)
		return run(r, t, 0, t->count, NULL);
	return run(r, t, 0, t->count, n->indent.len ? &own : outer);
}

static enum err run(struct render *r, const struct template *t, size_t from, size_t to,
	const struct indent *indent)
{
	TRY(step(r));
	ENSURE(r->depth <= DEPTH_MAX, ERR_INVALID, "sections and partials nested over %d deep",
		DEPTH_MAX);
	r->depth++;
	for (size_t i = from; i < to; i++) {
		const struct node *n = &t->nodes[i];
		TRY(step(r));
		if (n->kind == TEXT) {
			text(r, n, indent);
		} else if (n->kind == PARTIAL) {
			TRY(partial(r, n, indent));
		} else if (n->kind == SECTION || n->kind == INVERTED) {
			TRY(section(r, t, n, indent));
			i = n->end - 1;
		} else {
			variable(r, n);
		}
	}
	r->depth--;
	return OK;
}

enum err template_render(const struct template *t, enum escape escape, const json_t *view,
	const struct partials *partials, struct buf *out)
{
	struct render r = {
		.out = out,
		.escape = escapes[escape],
		.partials = partials,
		.steps = out->max < SIZE_MAX - 4096 ? out->max + 4096 : SIZE_MAX,
		.stack = {view},
	};

	TRY(run(&r, t, 0, t->count, NULL));
	return buf_check(out, "a rendered text");
}
