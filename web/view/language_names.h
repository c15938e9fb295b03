/* language_names.h - what languages call themselves, for readers to find theirs and to tell what a
 * text is in that the page's language does not have. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct language_name {
	const char *tag, *own;
};
/* Those that people who live in a Korean city write in; the interface's own come first. */
extern const struct language_name language_names[];
extern const size_t language_names_n;

/* Of "vi", and of "vi-VN"; the tag itself where nobody here knows its language. */
const char *language_own_name(const char *tag);
/* Are both tags of one language? "zh-Hant" and "zh" are. */
bool language_same(const char *a, const char *b);
