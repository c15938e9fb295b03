/* markdown_parts.h - functions on text in markdown_text.c, for markdown.c, which works on cmark's
 * trees. */
#pragma once
#include "base/markdown.h"

/* True only if no parse of this text can contain a flaw. */
bool markdown_is_plain(const char *text);
/* True only if cmark would write the text back unchanged. */
bool markdown_is_prose(const char *text);
/* Copies the start of `from`, on one line, as an excerpt. `excerpt` may be NULL. */
void markdown_cut(const char *from, char excerpt[256]);
/* A noncharacter that cmark takes for a letter; no text of a record may hold it. */
#define MARKDOWN_JOINER "\ufdd0"
/* A copy for cmark with a joiner before each mark that a run of "*" separates from a letter of
 * Chinese, Japanese or Korean; NULL if there is no such run, or the text has a joiner already. */
char *markdown_joined(const char *text, size_t len);
/* Removes the joiners, in place. */
void markdown_part(char *s);
/* A copy with single line breaks made hard ones. */
void markdown_lines_break(const char *text, struct buf *out);
/* A copy without forbidden characters that entities may have brought in. */
char *markdown_clean(const char *s);
