#include "base/markdown_parts.h"

#include "base/link.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

/* Sixteen KiB of references to one long address would expand to many megabytes. */
#define LINKS_MAX (4 * MARKDOWN_MAX)
#define INFO_MAX 32
#define HEADING_MAX 6
/* Separates a list from any list after it, and is invisible. */
#define LIST_END "[//]: #\n"

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

/* Removes the joiners from what cmark parsed. */
static void part_all(cmark_node *root)
{
	static const struct {
		const char *(*get)(cmark_node *);
		int (*set)(cmark_node *, const char *);
	} texts[] = {
		{cmark_node_get_literal, cmark_node_set_literal},
		{cmark_node_get_url, cmark_node_set_url},
		{cmark_node_get_title, cmark_node_set_title},
		{cmark_node_get_fence_info, cmark_node_set_fence_info},
	};
	ITER *iter = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		for (size_t i = 0; event == CMARK_EVENT_ENTER && i < COUNT(texts); i++) {
			const char *is = texts[i].get(node);
			AUTOFREE char *parted = NULL;

			if (!is || !strstr(is, MARKDOWN_JOINER))
				continue;
			parted = mem_text(is);
			markdown_part(parted);
			texts[i].set(node, parted);
		}
	}
}

static cmark_node *parse(const char *text, size_t len)
{
	AUTOFREE char *joined = markdown_joined(text, len);
	cmark_node *root = cmark_parse_document(
		joined ? joined : text, joined ? strlen(joined) : len, CMARK_OPT_VALIDATE_UTF8);

	if (joined)
		part_all(root);
	return root;
}

/* cmark sends no EXIT event for these. */
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

static size_t link_size(cmark_node *node)
{
	if (cmark_node_get_type(node) != CMARK_NODE_LINK)
		return 0;
	return strlen(cmark_node_get_url(node)) + strlen(cmark_node_get_title(node));
}

/* The visible text of a link. */
static char *words_of(cmark_node *link)
{
	ITER *iter = cmark_iter_new(link);
	AUTO(buf) out = BUF(LINKS_MAX * 4);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		const char *literal = cmark_node_get_literal(node);
		cmark_node_type type = cmark_node_get_type(node);

		if (event == CMARK_EVENT_ENTER && literal)
			buf_puts(&out, literal);
		if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
			buf_putc(&out, ' ');
	}
	return mem_text(buf_text(&out));
}

/* Checks the text, and the title that a pointer shows. */
static bool deceives(cmark_node *link)
{
	AUTOFREE char *words = words_of(link);
	const char *url = cmark_node_get_url(link);

	return link_deceives(words, url) || link_deceives(cmark_node_get_title(link), url);
}

static enum markdown_flaw flaw_of_link(cmark_node *node, const char **place)
{
	if (cmark_node_get_type(node) != CMARK_NODE_LINK)
		return MARKDOWN_FINE;
	*place = cmark_node_get_url(node);
	if (!link_is_plain(*place))
		return MARKDOWN_ADDRESS;
	return deceives(node) ? MARKDOWN_WORDS : MARKDOWN_FINE;
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
		return link_is_safe(*place) ? MARKDOWN_FINE : MARKDOWN_LINK;
	default:
		return MARKDOWN_FINE;
	}
}

static enum markdown_flaw walk(cmark_node *root, bool links_too, const char **place)
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
		if (links_too && (flaw = flaw_of_link(node, place)) != MARKDOWN_FINE)
			return flaw;
		if (depth > MARKDOWN_NESTING)
			return MARKDOWN_NESTING_FLAW;
		if ((links += link_size(node)) > LINKS_MAX)
			return MARKDOWN_TOO_LONG;
		depth += !is_leaf(node);
	}
	return MARKDOWN_FINE;
}

static enum markdown_flaw check(const char *text, bool links_too, char excerpt[256])
{
	size_t len = strnlen(text, MARKDOWN_MAX + 1);
	const char *place = NULL;
	enum markdown_flaw flaw;
	NODE *root = NULL;

	markdown_cut("", excerpt);
	if (len > MARKDOWN_MAX)
		return MARKDOWN_TOO_LONG;
	if (markdown_is_plain(text))
		return MARKDOWN_FINE;
	root = parse(text, len);
	flaw = walk(root, links_too, &place);
	if (flaw != MARKDOWN_FINE)
		markdown_cut(place ? place : text, excerpt);
	return flaw;
}

enum markdown_flaw markdown_check(const char *text, char excerpt[256])
{
	return check(text, false, excerpt);
}

enum markdown_flaw markdown_check_new(const char *text, char excerpt[256])
{
	return check(text, true, excerpt);
}

/* --- containing --- */

static cmark_node *text_node(const char *s)
{
	AUTOFREE char *literal = markdown_clean(s);
	cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);

	cmark_node_set_literal(node, literal);
	return node;
}

static void replace(cmark_node *node, cmark_node *with)
{
	cmark_node_replace(node, with);
	cmark_node_free(node);
}

/* Converts raw HTML to a paragraph of its lines. */
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

/* Replaces a link or picture by its text, or by its address if it has none. */
static void unwrap(cmark_node *node)
{
	cmark_node *child = cmark_node_first_child(node);

	if (!child)
		cmark_node_insert_before(node, text_node(cmark_node_get_url(node)));
	while ((child = cmark_node_first_child(node)))
		cmark_node_insert_before(node, child);
	cmark_node_free(node);
}

/* Shows a deceptive link openly: its text, and the address after it. */
static void expose(cmark_node *node)
{
	AUTOFREE char *words = words_of(node);
	const char *url = cmark_node_get_url(node);
	AUTOFREE char *address = mem_printf(" (%s)", url);

	if (*words && strcmp(words, url) != 0)
		cmark_node_append_child(node, text_node(address));
	unwrap(node);
}

/* cmark writes an address unchanged if it looks like <http://…>. */
static void tidy_link(cmark_node *node)
{
	AUTOFREE char *title = markdown_clean(cmark_node_get_title(node));
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

/* Only a language's name may follow a fence: a backtick there would break it. */
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

/* Between two lists cmark writes a comment, which is raw HTML. Two bullet lists become one; others
 * are separated by different marks, or by a block of their own in which a list has no neighbour. */
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

static void tidy(cmark_node *node, int level, enum markdown_lines lines)
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
		if (!link_is_safe(cmark_node_get_url(node)))
			unwrap(node);
		else if (!link_is_plain(cmark_node_get_url(node)) || deceives(node))
			expose(node);
		else
			tidy_link(node);
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
		else if (lines == MARKDOWN_AS_TYPED)
			replace(node, cmark_node_new(CMARK_NODE_LINEBREAK));
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

/* cmark chooses the next node before it returns this one, so only the node itself, its contents and
 * earlier nodes may change here. */
static bool tidy_all(cmark_node *root, int level, enum markdown_lines lines)
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
		tidy(node, level, lines);
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

/* Describes a tree as text: its structure and its words, without white space. */
static void describe(cmark_node *root, struct buf *out)
{
	ITER *iter = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);

		if (type == CMARK_NODE_CUSTOM_BLOCK || type == CMARK_NODE_SOFTBREAK)
			continue;
		/* One text may be parsed as several. */
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

/* Does the text parse to exactly this tree? cmark's writer and parser disagree on some maliciously
 * crafted texts. */
static bool says(const char *text, cmark_node *tree)
{
	NODE *root = parse(text, strlen(text));
	AUTO(buf) meant = BUF(64 * MARKDOWN_MAX);
	AUTO(buf) read = BUF(64 * MARKDOWN_MAX);

	describe(tree, &meant);
	describe(root, &read);
	return !meant.over && !read.over && strcmp(buf_text(&meant), buf_text(&read)) == 0;
}

static bool add_contained(
	const char *text, size_t len, int level, enum markdown_lines lines, struct buf *out)
{
	NODE *root = parse(text, len);
	AUTOFREE char *written = NULL;
	cmark_node *last;
	const char *from;

	if (!tidy_all(root, level, lines))
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

/* Adds text without marks, with its line breaks as `lines` says. */
static void add_lines(const char *text, enum markdown_lines lines, struct buf *out)
{
	if (lines == MARKDOWN_AS_TYPED)
		markdown_lines_break(text, out);
	else
		buf_puts(out, text);
	buf_puts(out, "\n\n");
}

void markdown_contained(const char *text, int level, enum markdown_lines lines, struct buf *out)
{
	size_t len = strnlen(text, MARKDOWN_MAX + 1);
	AUTO(buf) escaped = BUF(SIZE_MAX / 2);

	if (len == 0)
		return;
	if (len <= MARKDOWN_MAX && markdown_is_prose(text)) {
		add_lines(text, lines, out);
		return;
	}
	if (len <= MARKDOWN_MAX && add_contained(text, len, level, lines, out))
		return;
	markdown_escape(text, &escaped);
	add_lines(buf_text(&escaped), lines, out);
}

void markdown_html(const char *text, size_t len, struct buf *out)
{
	NODE *root = parse(text, len);
	AUTOFREE char *html = cmark_render_html(root, CMARK_OPT_DEFAULT);

	buf_puts(out, html);
}
