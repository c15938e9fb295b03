#include "web/view/language_names.h"

#include "base/err.h"

#include <string.h>
#include <strings.h>

/* clang-format off */
const struct language_name language_names[] = {
	{"ko",  "한국어"},
	{"en",  "English"},
	{"vi",  "Tiếng Việt"},
	{"zh",  "中文"},
	{"uz",  "Oʻzbekcha"},
	{"ne",  "नेपाली"},
	{"km",  "ភាសាខ្មែរ"},
	{"my",  "မြန်မာဘာသာ"},
	{"id",  "Bahasa Indonesia"},
	{"th",  "ภาษาไทย"},
	{"fil", "Filipino"},
	{"ru",  "Русский"},
	{"mn",  "Монгол"},
	{"ja",  "日本語"},
	{"bn",  "বাংলা"},
	{"si",  "සිංහල"},
	{"ur",  "اردو"},
	{"kk",  "Қазақша"},
	{"ky",  "Кыргызча"},
	{"lo",  "ລາວ"},
	{"tet", "Tetun"},
	{"hi",  "हिन्दी"},
	{"ar",  "العربية"},
	{"fr",  "Français"},
	{"es",  "Español"},
	{"de",  "Deutsch"},
	{"nl",  "Nederlands"},
};
/* clang-format on */
const size_t language_names_n = COUNT(language_names);

bool language_same(const char *a, const char *b)
{
	size_t n = strcspn(a, "-");

	return n == strcspn(b, "-") && strncasecmp(a, b, n) == 0;
}

const char *language_own_name(const char *tag)
{
	for (size_t i = 0; i < COUNT(language_names); i++)
		if (language_same(tag, language_names[i].tag))
			return language_names[i].own;
	return tag;
}
