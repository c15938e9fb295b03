/* markdown_parts.h - what markdown.c, which has the trees that cmark makes, asks of
 * markdown_text.c, which has none. */
#pragma once
#include "base/markdown.h"

/* May a link lead to this? */
bool markdown_url_is_safe(const char *url);
/* True only where nothing that parses out of this text can be anything but fine. */
bool markdown_is_plain(const char *text);
/* True only where cmark would write it back just as it is. */
bool markdown_is_prose(const char *text);
/* The beginning of a place, in one line, as an excerpt. `excerpt` may be NULL. */
void markdown_cut(const char *from, char excerpt[256]);
/* A copy that no entity has smuggled anything into that a text must not hold. */
char *markdown_clean(const char *s);
