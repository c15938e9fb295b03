/* language_names.h - languages' own names, for choosing a language and for labelling a text in
 * another language than the page's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct language_name {
	const char *tag, *own;
};
/* The nth of the languages that residents of a Korean city write in, from 0; the interface's own
 * (base/languages.h) come first. False after the last. */
bool language_nth(size_t n, struct language_name *out);
/* The name for "vi" or "vi-VN"; the tag itself if its language is not in the table. */
const char *language_own_name(const char *tag);
/* Do both tags name the same language? "zh-Hant" and "zh" do. */
bool language_same(const char *a, const char *b);
