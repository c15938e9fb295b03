#include "web/view/language_names.h"

#include "base/err.h"
#include "base/languages.h"

#include <string.h>
#include <strings.h>

/* clang-format off */
/* Further languages. One that the interface speaks, too, has its name in base/languages.c. */
static const struct language_name further[] = {
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

bool language_same(const char *a, const char *b)
{
	size_t n = strcspn(a, "-");

	return n == strcspn(b, "-") && strncasecmp(a, b, n) == 0;
}

bool language_nth(size_t n, struct language_name *out)
{
	if (n < languages_n) {
		*out = (struct language_name){languages[n].code, languages[n].own};
		return true;
	}
	n -= languages_n;
	for (size_t i = 0; i < COUNT(further); i++)
		if (!language_of(further[i].tag, strlen(further[i].tag)) && n-- == 0) {
			*out = further[i];
			return true;
		}
	return false;
}

const char *language_own_name(const char *tag)
{
	const struct language *l = language_of(tag, strlen(tag));

	if (l)
		return l->own;
	for (size_t i = 0; i < COUNT(further); i++)
		if (language_same(tag, further[i].tag))
			return further[i].own;
	return tag;
}
