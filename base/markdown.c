#include "base/markdown.h"

#include "base/text.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EXCERPT_CHARS 60
/* Sixteen KiB of references to one long address would come out as many megabytes. */
#define LINKS_MAX (4 * MARKDOWN_MAX)
#define INFO_MAX 32
#define HEADING_MAX 6
/* Ends a list for whatever list comes after it, and shows nowhere. */
#define LIST_END "[//]: #\n"

/* What a link may lead to: any other scheme could run or fetch what nobody has checked. */
static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:"};

static void node_done(cmark_node **node)
{
	if (*node)
		cmark_node_free(*node);
}
static void iter_done(cmark_iter **iter)
{
	cmark_iter_free(*iter);
}
#define NODE __attribute__((cleanup(node_done))) cmark_node
#define ITER __attribute__((cleanup(iter_done))) cmark_iter

static cmark_node *parse(const char *text, size_t len)
{
	return cmark_parse_document(text, len, CMARK_OPT_VALIDATE_UTF8);
}

static bool url_is_safe(const char *url)
{
	if (*url == '/' || *url == '#')
		return true;
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

/* cmark sends no EXIT for these. */
static bool is_leaf(cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HTML_BLOCK:
	case CMARK_NODE_THEMATIC_BREAK:
	case CMARK_NODE_CODE_BLOCK:
	case CMARK_NODE_TEXT:
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
	case CMARK_NODE_CODE:
	case CMARK_NODE_HTML_INLINE:
		return true;
	default:
		return false;
	}
}

/* --- checking --- */

/* May what parses out of this text be anything but fine? Only "<" begins HTML, only "<" and "["
 * a link or a picture. A block opens only within the columns of marks and spaces before a
 * line's words, at most a level a column and one more for an item without words; emphasis takes
 * two marks a level; a paragraph and its text make two. */
static bool is_plain(const char *text)
{
	size_t column = 0, widest = 0, marks = 0;
	bool before_words = true;

	for (const char *p = text; *p; p++) {
		if (*p == '<' || *p == '[')
			return false;
		marks += *p == '*' || *p == '_';
		if (*p == '\n' || *p == '\r') {
			column = 0;
			before_words = true;
		} else if (before_words && strchr(" \t>-+*0123456789.)", *p)) {
			column += *p == '\t' ? 4 : 1;
			widest = column > widest ? column : widest;
		} else {
			before_words = false;
		}
	}
	return widest + marks / 2 + 3 <= MARKDOWN_NESTING;
}

static size_t link_size(cmark_node *node)
{
	if (cmark_node_get_type(node) != CMARK_NODE_LINK)
		return 0;
	return strlen(cmark_node_get_url(node)) + strlen(cmark_node_get_title(node));
}

static enum markdown_flaw flaw_of(cmark_node *node, const char **place)
{
	*place = cmark_node_get_literal(node);
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HTML_BLOCK:
	case CMARK_NODE_HTML_INLINE:
		return MARKDOWN_HTML;
	case CMARK_NODE_IMAGE:
		*place = cmark_node_get_url(node);
		return MARKDOWN_IMAGE;
	case CMARK_NODE_LINK:
		*place = cmark_node_get_url(node);
		return url_is_safe(*place) ? MARKDOWN_FINE : MARKDOWN_LINK;
	default:
		return MARKDOWN_FINE;
	}
}

/* Entities can put line breaks into any text, and with them new blocks into what is written. */
static void flatten(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
}

static void cut(const char *from, char excerpt[256])
{
	size_t len = from ? text_prefix(from, EXCERPT_CHARS) : 0;

	if (!excerpt)
		return;
	/* Text that is not UTF-8 may have "characters" of any length. */
	if (len > 255)
		len = 255;
	if (len)
		memcpy(excerpt, from, len);
	excerpt[len] = '\0';
	flatten(excerpt);
}

static enum markdown_flaw walk(cmark_node *root, const char **place)
{
	ITER *iter = cmark_iter_new(root);
	size_t depth = 0, links = 0;
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		enum markdown_flaw flaw;

		if (event == CMARK_EVENT_EXIT) {
			depth--;
			continue;
		}
		if ((flaw = flaw_of(node, place)) != MARKDOWN_FINE)
			return flaw;
		if (depth > MARKDOWN_NESTING)
			return MARKDOWN_NESTING_FLAW;
		if ((links += link_size(node)) > LINKS_MAX)
			return MARKDOWN_TOO_LONG;
		depth += !is_leaf(node);
	}
	return MARKDOWN_FINE;
}

enum markdown_flaw markdown_check(const char *text, char excerpt[256])
{
	size_t len = strnlen(text, MARKDOWN_MAX + 1);
	const char *place = NULL;
	enum markdown_flaw flaw;
	NODE *root = NULL;

	cut("", excerpt);
	if (len > MARKDOWN_MAX)
		return MARKDOWN_TOO_LONG;
	if (is_plain(text))
		return MARKDOWN_FINE;
	root = parse(text, len);
	flaw = walk(root, &place);
	if (flaw != MARKDOWN_FINE)
		cut(place ? place : text, excerpt);
	return flaw;
}

/* --- containing --- */

/* A copy that no entity has smuggled anything into that a text must not hold. */
static char *clean(const char *s)
{
	AUTO(buf) out = BUF(SIZE_MAX / 2);
	char *flat = mem_text(s);

	flatten(flat);
	if (!text_forbidden(flat, false))
		return flat;
	for (const char *p = flat; *p;) {
		size_t len = text_prefix(p, 1);
		AUTOFREE char *one = mem_bytes(p, len);

		buf_puts(&out, text_forbidden(one, false) ? "\ufffd" : one);
		p += len;
	}
	free(flat);
	return buf_take(&out);
}

static cmark_node *text_node(const char *s)
{
	AUTOFREE char *literal = clean(s);
	cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);

	cmark_node_set_literal(node, literal);
	return node;
}

static void replace(cmark_node *node, cmark_node *with)
{
	cmark_node_replace(node, with);
	cmark_node_free(node);
}

/* Raw HTML as a paragraph of its lines. */
static void html_block_to_text(cmark_node *node)
{
	AUTOFREE char *lines = mem_text(cmark_node_get_literal(node));
	cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
	char *rest = NULL;

	for (char *s = strtok_r(lines, "\n", &rest); s; s = strtok_r(NULL, "\n", &rest)) {
		if (s[strspn(s, " \t\r\v\f")] == '\0')
			continue;
		if (cmark_node_first_child(paragraph))
			cmark_node_append_child(paragraph, cmark_node_new(CMARK_NODE_SOFTBREAK));
		cmark_node_append_child(paragraph, text_node(s));
	}
	replace(node, paragraph);
}

/* A link or picture becomes its words, or its address where it has none. */
static void unwrap(cmark_node *node)
{
	cmark_node *child = cmark_node_first_child(node);

	if (!child)
		cmark_node_insert_before(node, text_node(cmark_node_get_url(node)));
	while ((child = cmark_node_first_child(node)))
		cmark_node_insert_before(node, child);
	cmark_node_free(node);
}

/* cmark writes an address as it is where it looks like <http://…>. */
static void tidy_link(cmark_node *node)
{
	AUTOFREE char *title = clean(cmark_node_get_title(node));
	AUTO(buf) url = BUF(LINKS_MAX * 3);

	for (const char *p = cmark_node_get_url(node); *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("<>\"`\\", *p))
			buf_printf(&url, "%%%02X", (unsigned char)*p);
		else
			buf_putc(&url, *p);
	}
	cmark_node_set_url(node, buf_text(&url));
	cmark_node_set_title(node, title);
}

/* Only a name of a language may stand after a fence: a backtick there would undo it. */
static void tidy_code(cmark_node *node)
{
	const char *info = cmark_node_get_fence_info(node);
	size_t len =
		strspn(info, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#.-_");

	if (info[len] != '\0' || len > INFO_MAX)
		cmark_node_set_fence_info(node, "");
}

static bool in_heading(cmark_node *node)
{
	while ((node = cmark_node_parent(node)))
		if (cmark_node_get_type(node) == CMARK_NODE_HEADING)
			return true;
	return false;
}

static bool is_bullets(cmark_node *node)
{
	return cmark_node_get_list_type(node) == CMARK_BULLET_LIST;
}

/* Between two lists cmark writes a comment, which is raw HTML. Two lists of bullets become one;
 * others part by their marks, and inside a block of its own a list has no neighbour. */
static void part_lists(cmark_node *list)
{
	cmark_node *before = cmark_node_previous(list), *wrap, *item;

	if (!before || cmark_node_get_type(before) != CMARK_NODE_LIST)
		return;
	if (is_bullets(before) && is_bullets(list)) {
		while ((item = cmark_node_first_child(list)))
			cmark_node_append_child(before, item);
		cmark_node_free(list);
		return;
	}
	wrap = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
	cmark_node_replace(before, wrap);
	cmark_node_append_child(wrap, before);
}

static void push_down(cmark_node *heading, int level)
{
	int deeper = cmark_node_get_heading_level(heading) + level;

	cmark_node_set_heading_level(heading, deeper > HEADING_MAX ? HEADING_MAX : deeper);
}

static void tidy(cmark_node *node, int level)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HTML_BLOCK:
		html_block_to_text(node);
		break;
	case CMARK_NODE_HTML_INLINE:
	case CMARK_NODE_TEXT:
		replace(node, text_node(cmark_node_get_literal(node)));
		break;
	case CMARK_NODE_LINK:
		if (url_is_safe(cmark_node_get_url(node)))
			tidy_link(node);
		else
			unwrap(node);
		break;
	case CMARK_NODE_IMAGE:
		unwrap(node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		tidy_code(node);
		break;
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		if (in_heading(node))
			replace(node, text_node(" "));
		break;
	case CMARK_NODE_HEADING:
		push_down(node, level);
		break;
	case CMARK_NODE_LIST:
		part_lists(node);
		break;
	default:
		break;
	}
}

/* cmark has decided on the next node before it hands out this one: what changes here is the
 * node itself, what is inside it and what came before it. */
static bool tidy_all(cmark_node *root, int level)
{
	ITER *iter = cmark_iter_new(root);
	cmark_event_type event;
	size_t links = 0;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (event == CMARK_EVENT_ENTER && !is_leaf(node))
			continue;
		if ((links += link_size(node)) > LINKS_MAX)
			return false;
		tidy(node, level);
	}
	cmark_consolidate_text_nodes(root);
	return true;
}

static void add_marks(struct buf *out, const char *s)
{
	for (; s && *s; s++)
		if (!strchr(" \t\n", *s))
			buf_putc(out, *s);
}

/* A tree as text: what it is made of and what it says, without white space. */
static void describe(cmark_node *root, struct buf *out)
{
	ITER *iter = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);

		if (type == CMARK_NODE_CUSTOM_BLOCK || type == CMARK_NODE_SOFTBREAK)
			continue;
		/* One text may come back as several. */
		if (type != CMARK_NODE_TEXT)
			buf_printf(out, "\n%d %d %d %d %d\n", event, type,
				cmark_node_get_heading_level(node), cmark_node_get_list_type(node),
				cmark_node_get_list_start(node));
		add_marks(out, cmark_node_get_literal(node));
		add_marks(out, cmark_node_get_url(node));
		add_marks(out, cmark_node_get_title(node));
		add_marks(out, cmark_node_get_fence_info(node));
	}
}

/* Does the text parse into just this tree? cmark's writer and its reader do not agree on every
 * text that a clever hand can make. */
static bool says(const char *text, cmark_node *tree)
{
	NODE *root = parse(text, strlen(text));
	AUTO(buf) meant = BUF(64 * MARKDOWN_MAX);
	AUTO(buf) read = BUF(64 * MARKDOWN_MAX);

	describe(tree, &meant);
	describe(root, &read);
	return !meant.over && !read.over && strcmp(buf_text(&meant), buf_text(&read)) == 0;
}

static bool add_contained(const char *text, size_t len, int level, struct buf *out)
{
	NODE *root = parse(text, len);
	AUTOFREE char *written = NULL;
	cmark_node *last;
	const char *from;

	if (!tidy_all(root, level))
		return false;
	written = cmark_render_commonmark(root, CMARK_OPT_DEFAULT, 0);
	if (!says(written, root))
		return false;
	from = written + strspn(written, "\n");
	if (!*from)
		return true;
	buf_puts(out, from);
	buf_putc(out, '\n');
	last = cmark_node_last_child(root);
	if (last && cmark_node_get_type(last) == CMARK_NODE_LIST)
		buf_puts(out, LIST_END "\n");
	return true;
}

/* Of a line, the length of digits that a "." or ")" would make into a list. */
static size_t number_before_mark(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && (s[n] == '.' || s[n] == ')') ? n : 0;
}

static bool is_prose_line(const char *line, size_t len)
{
	return len && !strchr(" -+=~", line[0]) && line[len - 1] != ' ' && !number_before_mark(line) &&
		strcspn(line, "\\`*_[]<>&#!\t\r\n") == len;
}

/* Paragraphs of words and nothing else, as most texts are: cmark would write them back just as
 * they are, at many times the cost. */
static bool is_prose(const char *text)
{
	size_t len;

	for (const char *line = text; is_prose_line(line, len = strcspn(line, "\n"));) {
		line += len;
		if (!*line)
			return !text_forbidden(text, true);
		line += line[1] == '\n' ? 2 : 1;
	}
	return false;
}

void markdown_contained(const char *text, int level, struct buf *out)
{
	size_t len = strnlen(text, MARKDOWN_MAX + 1);

	if (len == 0)
		return;
	if (len <= MARKDOWN_MAX && is_prose(text)) {
		buf_puts(out, text);
		buf_puts(out, "\n\n");
		return;
	}
	if (len <= MARKDOWN_MAX && add_contained(text, len, level, out))
		return;
	markdown_escape(text, out);
	buf_puts(out, "\n\n");
}

/* --- plain text --- */

/* The white space and the marks that mean something only before a line's words. */
static const char *escape_start(const char *s, struct buf *out)
{
	size_t digits;

	s += strspn(s, " \t");
	digits = number_before_mark(s);
	if (digits) {
		buf_add(out, s, digits);
		s += digits;
	}
	if (digits || (*s && strchr("-+=", *s))) {
		buf_putc(out, '\\');
		buf_putc(out, *s++);
	}
	return s;
}

void markdown_escape(const char *text, struct buf *out)
{
	const char *s = escape_start(text, out);

	while (*s) {
		if (*s == '\n' || *s == '\r') {
			buf_putc(out, '\n');
			s = escape_start(s + 1, out);
			continue;
		}
		if (strchr("\\`*_[]<>&#~!|", *s))
			buf_putc(out, '\\');
		buf_putc(out, *s++);
	}
}

void markdown_html(const char *text, size_t len, struct buf *out)
{
	NODE *root = parse(text, len);
	AUTOFREE char *html = cmark_render_html(root, CMARK_OPT_DEFAULT);

	buf_puts(out, html);
}
