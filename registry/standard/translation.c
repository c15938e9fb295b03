/* translation.c - the sources of a record's texts: the record's own list, and the defaults without
 * an entry. */
#include "registry/standard/check_parts.h"
#include "registry/standard/form.h"
#include "registry/standard/standard_parts.h"

#include <string.h>

static const char *const names[] = {
	[TRANSLATION_ORIGINAL] = "original",
	[TRANSLATION_HUMAN] = "human",
	[TRANSLATION_MACHINE] = "machine",
};

static bool is(const json_t *entry, const char *member, const char *wanted)
{
	const char *s = json_str(entry, member);

	return s && strcmp(s, wanted) == 0;
}

static enum translation named(const json_t *entry)
{
	for (size_t i = 0; i < COUNT(names); i++)
		if (is(entry, "status", names[i]))
			return (enum translation)i;
	return TRANSLATION_HUMAN;
}

/* An entry for the field itself wins over one for all fields. */
static const json_t *entry_for(const json_t *record, const char *field, const char *language)
{
	const json_t *of_all = NULL;

	json_each (json_object_get(record, FIELD_TRANSLATIONS), entry) {
		if (!is(entry, "language", language))
			continue;
		if (is(entry, "field", field))
			return entry;
		if (!json_object_get(entry, "field") && !of_all)
			of_all = entry;
	}
	return of_all;
}

enum translation standard_translation(
	const struct standard *s, const json_t *record, const char *field, const char *language)
{
	const json_t *entry = entry_for(record, field, language);
	const char *first = json_str(s->json, "language");

	if (entry)
		return named(entry);
	return first && strcmp(first, language) != 0 ? TRANSLATION_HUMAN : TRANSLATION_ORIGINAL;
}

bool has_texts(const struct field *f)
{
	if (f->type == TYPE_TEXT || f->type == TYPE_MARKDOWN)
		return true;
	for (size_t i = 0; i < f->members_n; i++)
		if (has_texts(&f->members[i]))
			return true;
	return f->item && has_texts(f->item);
}

static bool is_same(const json_t *a, const json_t *b)
{
	const char *field = json_str(a, "field"), *language = json_str(a, "language");

	return language && is(b, "language", language) &&
	       (field ? is(b, "field", field) : !json_object_get(b, "field"));
}

static bool said_before(const json_t *list, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (is_same(json_array_get(list, i), json_array_get(list, j)))
			return true;
	return false;
}

static void check_entry(struct check *c, const json_t *list, size_t i, const struct record_path *at)
{
	const json_t *entry = json_array_get(list, i);
	const char *field = json_str(entry, "field"), *language = json_str(entry, "language");
	const struct field *f = field ? standard_field(c->standard, field) : NULL;
	const struct record_path in_field = {.up = at, .name = "field"};
	const struct record_path in_language = {.up = at, .name = "language"};

	if (field && (!f || f->automatic || !has_texts(f)))
		problem(c, &in_field, "translation_unknown", got_text(field));
	if (language && !form_is_language(language))
		problem(c, &in_language, "bad_language", got_text(language));
	else if (language && said_before(list, i))
		problem(c, &in_language, "twice", got_text(language));
}

void check_translations(struct check *c, const json_t *record)
{
	const json_t *list = json_object_get(record, FIELD_TRANSLATIONS);
	const struct record_path translations = {.name = FIELD_TRANSLATIONS};

	for (size_t i = 0; i < json_array_size(list); i++) {
		const struct record_path at = {.up = &translations, .index = i};

		check_entry(c, list, i, &at);
	}
}
