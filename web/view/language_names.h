/* language_names.h - languages' own names, for choosing a language and for labelling a text in
 * another language than the page's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct language_name {
	const char *tag, *own;
};
/* The languages that residents of a Korean city write in; the interface's own come first. */
extern const struct language_name language_names[];
extern const size_t language_names_n;

/* The name for "vi" or "vi-VN"; the tag itself if its language is not in the table. */
const char *language_own_name(const char *tag);
/* Do both tags name the same language? "zh-Hant" and "zh" do. */
bool language_same(const char *a, const char *b);
