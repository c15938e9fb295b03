/* markdown.h - the only door to cmark (CommonMark), always in safe mode.
 *
 * One deviation from CommonMark: emphasis may begin and end next to a Chinese, Japanese or Korean
 * letter, whatever is on its other side, because Korean writers write "**(가)**를".
 *
 * Texts come from many authors. A text is checked once, when it is filed; these functions render it
 * for display, so that nothing in it affects the page around it. */
#pragma once
#include "base/buf.h"

#define MARKDOWN_MAX (16 * KIB)
#define MARKDOWN_NESTING 16

enum markdown_flaw {
	MARKDOWN_FINE,
	MARKDOWN_TOO_LONG, /* over MARKDOWN_MAX bytes */
	MARKDOWN_HTML,     /* raw HTML, a block or inline */
	MARKDOWN_LINK,  /* a link or picture to something other than http, https, mailto, tel, # or
	                 * / */
	MARKDOWN_IMAGE, /* a picture: loading it from another site would reveal the reader */
	MARKDOWN_ADDRESS,      /* a link whose address browsers and people read differently */
	MARKDOWN_WORDS,        /* a link whose words are an address of another site */
	MARKDOWN_NESTING_FLAW, /* nested deeper than MARKDOWN_NESTING */
};
/* The flaw of a text; `excerpt` (may be NULL) gets up to 60 characters from the place. */
enum markdown_flaw markdown_check(const char *text, char excerpt[256]);
/* The same, plus MARKDOWN_ADDRESS and MARKDOWN_WORDS for links (link.h). For new texts only: logs
 * hold older texts that were not checked for these. */
enum markdown_flaw markdown_check_new(const char *text, char excerpt[256]);
/* The text as self-contained CommonMark for use in a larger document: raw HTML and unsafe links
 * become plain text, deceptive links become words and address, headings move down by `level`, every
 * fence is closed. A line break in a form was typed on purpose; one in a file comes from an
 * editor's wrapping. */
enum markdown_lines { MARKDOWN_AS_TYPED, MARKDOWN_WRAPPED };
void markdown_contained(const char *text, int level, enum markdown_lines lines, struct buf *out);
/* Backslash-escapes CommonMark's markup characters, so that plain text stays plain. */
void markdown_escape(const char *text, struct buf *out);
/* Sets markup[i] for each byte of one line that a reader of the rendered text does not see: the
 * mark of a heading, item or quotation, paired stars and backticks, backslashes, addresses of
 * links. For pieces of search results: a look at one line, where cmark would parse the whole text
 * of each hit, which costs more than the search. What an earlier line opens is not known. */
void markdown_markup(const char *line, size_t len, bool markup[]);
/* Renders a whole document as HTML, in safe mode. */
void markdown_html(const char *text, size_t len, struct buf *out);
