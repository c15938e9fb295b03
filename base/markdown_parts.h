/* markdown_parts.h - what markdown.c, which has the trees that cmark makes, asks of
 * markdown_text.c, which has none. */
#pragma once
#include "base/markdown.h"

/* True only where nothing that parses out of this text can be anything but fine. */
bool markdown_is_plain(const char *text);
/* True only where cmark would write it back just as it is. */
bool markdown_is_prose(const char *text);
/* The beginning of a place, in one line, as an excerpt. `excerpt` may be NULL. */
void markdown_cut(const char *from, char excerpt[256]);
/* Stands for nothing, and is a letter to cmark: a noncharacter, which no text of a record may
 * hold. */
#define MARKDOWN_JOINER "\ufdd0"
/* A copy for cmark to read, in which a run of "*" between a letter of Chinese, Japanese or Korean
 * and a mark has a joiner before that mark; NULL where there is no such run, or a joiner
 * already. */
char *markdown_joined(const char *text, size_t len);
/* Takes the joiners out again, in place. */
void markdown_part(char *s);
/* A copy whose single line breaks are hard ones. */
void markdown_lines_break(const char *text, struct buf *out);
/* A copy that no entity has smuggled anything into that a text must not hold. */
char *markdown_clean(const char *s);
