/* markdown.h - the only door to cmark (CommonMark), always in safe mode.
 *
 * Texts come from many hands. A text is checked once, when it is filed; what is shown is
 * made from it by these functions, so that nothing a text holds reaches past its place. */
#pragma once
#include "base/buf.h"

#define MARKDOWN_MAX (16 * KIB)
#define MARKDOWN_NESTING 16

enum markdown_flaw {
	MARKDOWN_FINE,
	MARKDOWN_TOO_LONG, /* over MARKDOWN_MAX bytes */
	MARKDOWN_HTML,     /* raw HTML, a block or inline */
	MARKDOWN_LINK,     /* a link or picture to something other than http, https, mailto, tel, # or / */
	MARKDOWN_IMAGE,    /* a picture: it would be fetched from elsewhere and tell who reads */
	MARKDOWN_NESTING_FLAW, /* marks within marks, deeper than MARKDOWN_NESTING */
};
/* What is wrong with a text; `excerpt` (when given) gets up to 60 characters of the place. */
enum markdown_flaw markdown_check(const char *text, char excerpt[256]);
/* The text as one closed piece of CommonMark that can stand in a larger document: raw HTML
 * and unsafe links as plain text, headings pushed down by `level`, every fence closed. */
void markdown_contained(const char *text, int level, struct buf *out);
/* Backslashes what CommonMark would read as marks, so that plain text stays plain. */
void markdown_escape(const char *text, struct buf *out);
/* A whole document as HTML, safe mode. */
void markdown_html(const char *text, size_t len, struct buf *out);
