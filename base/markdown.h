/* markdown.h - the only door to cmark (CommonMark), always in safe mode.
 *
 * One thing is read otherwise than CommonMark says: emphasis may begin and end beside a letter of
 * Chinese, Japanese or Korean whatever stands on its other side, as "**(가)**를" is written there.
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
	MARKDOWN_LINK,  /* a link or picture to something other than http, https, mailto, tel, # or
	                 * / */
	MARKDOWN_IMAGE, /* a picture: it would be fetched from elsewhere and tell who reads */
	MARKDOWN_ADDRESS, /* a link whose address is read as another one by browsers than by
	                   * people */
	MARKDOWN_WORDS,   /* a link whose words are an address, of elsewhere than it leads to */
	MARKDOWN_NESTING_FLAW, /* marks within marks, deeper than MARKDOWN_NESTING */
};
/* What is wrong with a text; `excerpt` (when given) gets up to 60 characters of the place. */
enum markdown_flaw markdown_check(const char *text, char excerpt[256]);
/* The same, and MARKDOWN_ADDRESS or MARKDOWN_WORDS of its links (link.h): of what is filed now, for
 * logs hold texts that were not asked. */
enum markdown_flaw markdown_check_new(const char *text, char excerpt[256]);
/* The text as one closed piece of CommonMark that can stand in a larger document: raw HTML
 * and unsafe links as plain text, links that lead elsewhere than they say as words and address,
 * headings pushed down by `level`, every fence closed. Lines: those of a form end where their
 * writer pressed Enter; those of a file were wrapped by an editor. */
enum markdown_lines { MARKDOWN_AS_TYPED, MARKDOWN_WRAPPED };
void markdown_contained(const char *text, int level, enum markdown_lines lines, struct buf *out);
/* Backslashes what CommonMark would read as marks, so that plain text stays plain. */
void markdown_escape(const char *text, struct buf *out);
/* A whole document as HTML, safe mode. */
void markdown_html(const char *text, size_t len, struct buf *out);
