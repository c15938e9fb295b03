#include "web/view/template_parts.h"

#include "base/josa.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64

/* clang-format off */
#define HTML ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"
/* clang-format on */
static const char *const html[256] = {HTML};
static const char *const html_marked[256] = {
	HTML, [TEXT_MARK] = "<mark>", [TEXT_UNMARK] = "</mark>"};

/* Characters that CommonMark interprets anywhere in a line. markdown_start() escapes those that
 * count only at a line's start, so that "(예시)" and "2026." stay readable in the source. */
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

/* The blanks before a partial, linked to those of the enclosing partial. */
struct indent {
	const struct indent *outer;
	struct slice s;
};

struct render {
	struct buf *out;
	const char *const *escape;
	const struct partials *partials;
	size_t steps; /* budget that is left */
	unsigned depth;
	unsigned top; /* of `stack`, whose last item is current; the view is at 0 */
	const json_t *stack[DEPTH_MAX + 2];
};

static enum err run(struct render *r, const struct template *t, size_t from, size_t to,
	const struct indent *indent);

/* Without a limit on steps, nested sections could repeat 2^64 times and print nothing. */
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

/* A value may be at the start of a line, where "-", "+" and "=" make lists and headings, and so do
 * digits before "." or ")". Returns the rest of the value. */
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
	/* Leading blanks would make indented code, and two trailing ones a line break. */
	if (escape == markdown)
		v = markdown_start(r->out, slice_trim(v));
	if (escape)
		escape_add(r->out, escape, v);
	else
		buf_add(r->out, v.s, v.len);
}

/* The fewest digits that read back as the same number; tries 15, then 17. */
static int real_print(char *s, size_t size, double x)
{
	int len = snprintf(s, size, "%.15g", x);

	return strtod(s, NULL) == x ? len : snprintf(s, size, "%.17g", x);
}

/* The item for ".", else the first item from the top that has the first part of the name, even if
 * it lacks the other parts. NULL if there is none. */
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

static const char *const *escape_for(const struct render *r, const struct node *n)
{
	if (n->kind == RAW)
		return NULL;
	return n->kind == MARKED && r->escape == html ? html_marked : r->escape;
}

/* A number is true even if it is 0: a score of 0 is a score. */
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
	const char *const *escape = escape_for(r, n);
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

/* The text before a message, rendered so far, determines its particles (josa.h). */
static void words_add(struct buf *out, const char *s, const char *end)
{
	const char *mark;

	while ((mark = memchr(s, JOSA_MARK, (size_t)(end - s)))) {
		size_t len;
		const char *particle;

		buf_add(out, s, (size_t)(mark - s));
		s = mark + 1;
		particle = josa_choose(buf_text(out), out->len, s, (size_t)(end - s), &len);
		buf_puts(out, particle ? particle : "");
		s += particle ? len : 0;
	}
	buf_add(out, s, (size_t)(end - s));
}

/* A line break at the end of the text begins no line: the next line has its own text. */
static void text(struct render *r, const struct node *n, const struct indent *indent)
{
	const char *s = n->s.s, *end = s + n->s.len, *next;

	if (indent && n->begins)
		indent_add(r->out, indent);
	while (indent && (next = memchr(s, '\n', (size_t)(end - s))) && ++next < end) {
		words_add(r->out, s, next);
		indent_add(r->out, indent);
		s = next;
	}
	words_add(r->out, s, end);
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

/* Indents each line of the partial's source. A partial alone on its line passes on the indentation
 * of its own template; one within a line does not. */
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
