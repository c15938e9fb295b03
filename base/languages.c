#include "base/languages.h"

#include "base/embed.h"
#include "base/err.h"

#include <string.h>
#include <strings.h>

EMBED(page_ko, "web/messages/ko.json");
EMBED(page_en, "web/messages/en.json");
EMBED(script_ko, "web/messages/verify.ko.json");
EMBED(script_en, "web/messages/verify.en.json");
EMBED(spoken_ko, "cli/ko.json");

#define FILE_OF(name) embed_##name, embed_##name##_end

const struct language languages[] = {
	{"ko", "한국어", true, ",", ".", FILE_OF(page_ko), FILE_OF(script_ko), FILE_OF(spoken_ko)},
	{"en", "English", true, ",", ".", FILE_OF(page_en), FILE_OF(script_en), NULL, NULL},
};
const size_t languages_n = COUNT(languages);

char *language_codes(void)
{
	AUTO(buf) out = BUF(KIB);

	for (size_t i = 0; i < languages_n; i++)
		buf_printf(&out, "%s%s", i ? ", " : "", languages[i].code);
	return buf_take(&out);
}

const struct language *language_or_first(const char *code)
{
	const struct language *l = language_of(code, strlen(code));

	return l ? l : languages;
}

bool language_is_first(const char *code)
{
	return language_or_first(code) == languages;
}

const struct language *language_of(const char *tag, size_t len)
{
	const char *dash = memchr(tag, '-', len);
	size_t n = dash ? (size_t)(dash - tag) : len;

	for (size_t i = 0; i < languages_n; i++)
		if (strlen(languages[i].code) == n && strncasecmp(languages[i].code, tag, n) == 0)
			return &languages[i];
	return NULL;
}
