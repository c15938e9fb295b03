/* standard_text.c - chooses one text of a value with texts in several languages. */
#include "base/languages.h"
#include "registry/standard/standard.h"

#include <string.h>

static const char *text_in(const json_t *value, const char *tag, const char **used)
{
	const char *s = tag ? json_str(value, tag) : NULL;

	if (!s || !*s)
		return NULL;
	*used = json_object_iter_key(json_object_iter_at((json_t *)value, tag));
	return s;
}

/* "en" for "en-GB", and "zh-Hans" for "zh". */
static const char *text_in_primary(const json_t *value, const char *lang, const char **used)
{
	AUTOFREE char *primary = mem_bytes(lang, strcspn(lang, "-"));
	const char *s = text_in(value, primary, used);
	size_t len = strlen(primary);

	if (s || !len)
		return s;
	json_members (value, tag, item) {
		if (strncmp(tag, primary, len) == 0 && tag[len] == '-' &&
			(s = text_in(value, tag, used)))
			return s;
	}
	return NULL;
}

static const char *text_in_any(const json_t *value, const char **used)
{
	const char *s;

	json_members (value, tag, item) {
		if ((s = text_in(value, tag, used)))
			return s;
	}
	return NULL;
}

const char *standard_text(const json_t *value, const char *lang, const char **used)
{
	const char *s, *tag = NULL;

	s = text_in(value, lang, &tag);
	if (!s && lang)
		s = text_in_primary(value, lang, &tag);
	for (size_t i = 0; i < languages_n && !s; i++)
		s = text_in(value, languages[i].code, &tag);
	if (!s)
		s = text_in_any(value, &tag);
	if (s && used)
		*used = tag;
	return s;
}

const char *texts_lack(const json_t *texts)
{
	for (size_t i = 0; i < languages_n; i++)
		if (languages[i].required &&
			!json_string_length(json_object_get(texts, languages[i].code)))
			return languages[i].code;
	return NULL;
}
