/* Any bytes as Markdown: the check, the containment and the HTML agree with each other. */
#include "base/markdown.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define LEVEL 2
#define OUT_MAX (16 * MIB)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* No heading up to `level` may appear: those belong to the surrounding page. */
static bool has_heading_up_to(const char *html, int level)
{
	char tag[8] = "<h0";

	for (int i = 1; i <= level; i++) {
		tag[2] = (char)('0' + i);
		if (strstr(html, tag))
			return true;
	}
	return false;
}

static void html_is_safe(const char *html)
{
	must(!strcasestr(html, "<script"));
	must(!strcasestr(html, "href=\"javascript:"));
	must(!strstr(html, "<img"));
	must(!strstr(html, "<!-- raw HTML omitted -->"));
}

/* Text after a contained text reads as if that were not there. */
static void nothing_is_swallowed(const char *contained)
{
	static const char after[] = "# After\n\n- one [x]\n\n[x]: /x\n";
	AUTO(buf) document = BUF(OUT_MAX), html = BUF(OUT_MAX), alone = BUF(OUT_MAX);

	buf_puts(&document, contained);
	buf_puts(&document, after);
	markdown_html(document.data, document.len, &html);
	markdown_html(after, strlen(after), &alone);
	must(html.len >= alone.len);
	must(strcmp(html.data + html.len - alone.len, alone.data) == 0);
}

/* A text with "[" in it is parsed in full; one without it may take the short way. */
static void both_ways_agree(const char *text)
{
	AUTO(buf) longer = BUF(OUT_MAX);

	buf_puts(&longer, text);
	buf_puts(&longer, "\n\n[");
	if (longer.len <= MARKDOWN_MAX)
		must((markdown_check(text, NULL) == MARKDOWN_FINE) ==
			(markdown_check(longer.data, NULL) == MARKDOWN_FINE));
}

static void contained_is_closed(const char *text, enum markdown_lines lines)
{
	AUTO(buf) contained = BUF(OUT_MAX), html = BUF(OUT_MAX);

	markdown_contained(text, LEVEL, lines, &contained);
	must(!contained.over);
	markdown_html(buf_text(&contained), contained.len, &html);
	html_is_safe(buf_text(&html));
	must(strstr(text, "\ufdd0") || strstr(text, "&#") || !strstr(buf_text(&html), "\ufdd0"));
	must(!has_heading_up_to(buf_text(&html), LEVEL));
	nothing_is_swallowed(buf_text(&contained));
}

static void escaped_is_plain(const char *text)
{
	AUTO(buf) escaped = BUF(OUT_MAX), html = BUF(OUT_MAX);

	markdown_escape(text, &escaped);
	markdown_html(buf_text(&escaped), escaped.len, &html);
	for (const char *p = buf_text(&html); (p = strchr(p, '<')); p++)
		must(strncmp(p, "<p>", 3) == 0 || strncmp(p, "</p>", 4) == 0 ||
			strncmp(p, "<br />", 6) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	AUTOFREE char *text = mem_bytes(data, len);
	char excerpt[256];

	markdown_check(text, excerpt);
	must(strlen(excerpt) < sizeof(excerpt));
	if (!text_is_utf8(text, strlen(text)))
		return 0;
	both_ways_agree(text);
	contained_is_closed(text, MARKDOWN_AS_TYPED);
	contained_is_closed(text, MARKDOWN_WRAPPED);
	escaped_is_plain(text);
	return 0;
}
