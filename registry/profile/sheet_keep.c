/* sheet_keep.c - keeps the values for which a row's sheet has no column. */
#include "registry/profile/sheet.h"

#include <string.h>

#define OTHERS "other_languages" /* the column for languages without a column of their own */

/* Does the format have a column for each language of this field? */
static bool is_text(const json_t *format, const char *name)
{
	size_t len = strlen(name);

	json_each (format, one) {
		const char *column = json_string_value(one);

		if (strncmp(column, name, len) == 0 && column[len] == '.')
			return true;
	}
	return false;
}

/* Keeps the languages for which the file has no column. */
static void keep_languages(
	const struct sheet *s, const char *name, const json_t *before, json_t *record)
{
	const json_t *format = profile_export(s->profile, "columns");
	json_t *now = json_deep_copy(json_object_get(record, name));

	if (!json_is_object(now)) {
		json_decref(now);
		now = json_object();
	}
	json_members (before, lang, text) {
		AUTOFREE char *own = mem_printf("%s.%s", name, lang);

		if (!json_has_text(s->file.columns, json_has_text(format, own) ? own : OTHERS))
			json_put(now, lang, json_incref(text));
	}
	if (json_object_size(now))
		json_put(record, name, now);
	else
		json_decref(now);
}

void sheet_keep(const struct sheet *s, const json_t *before, json_t *record)
{
	if (!s->labels)
		return;
	json_members (before, name, value) {
		if (is_text(profile_export(s->profile, "columns"), name) && json_is_object(value))
			keep_languages(s, name, value, record);
		else if (!json_has_text(s->file.columns, name) && !json_object_get(record, name))
			json_put(record, name, json_incref(value));
	}
}
