#include "web/office/translations_view.h"

#include "base/text.h"
#include "web/view/language_names.h"
#include "web/view/view.h"

#include <string.h>

enum status { PRESENT, OLDER, MISSING };

/* The number of texts that a field has, and how many of them exist in one language. */
struct tally {
	const char *lang;
	size_t texts, here;
};

static bool says(const json_t *texts, const char *lang)
{
	const char *text = json_str(texts, lang);

	return text && text_is_visible(text);
}

static bool says_anything(const json_t *texts)
{
	json_members (texts, lang, text) {
		if (says(texts, lang))
			return true;
	}
	return false;
}

static void count_texts(const struct field *f, const json_t *value, struct tally *tally)
{
	if (f->type == TYPE_TEXT || f->type == TYPE_MARKDOWN) {
		tally->texts += says_anything(value);
		tally->here += says(value, tally->lang);
		return;
	}
	for (size_t i = 0; i < f->members_n; i++)
		count_texts(&f->members[i], json_object_get(value, f->members[i].name), tally);
	json_each (f->item ? value : NULL, one)
		count_texts(f->item, one, tally);
}

static bool is_older(const json_t *outdated, const char *field, const char *lang)
{
	json_each (outdated, one) {
		if (strcmp(json_str(one, "field"), field) == 0 &&
			strcmp(json_str(one, "language"), lang) == 0)
			return true;
	}
	return false;
}

static json_t *cell(enum status status)
{
	return json_make("{s:b, s:b, s:b}", "present", status == PRESENT, "missing",
		status == MISSING, "older", status == OLDER);
}

/* For one language: the number of fields in each status. */
struct total {
	int64_t n[MISSING + 1];
};

static json_t *field_view(const struct request *rq, const struct form *form, const struct field *f,
	const json_t *record, const json_t *outdated, struct total *totals)
{
	json_t *cells = json_array();

	for (size_t i = 0; i < form->languages_n; i++) {
		struct tally tally = {.lang = form->languages[i]};
		enum status status;

		count_texts(f, json_object_get(record, f->name), &tally);
		if (!tally.texts) {
			json_decref(cells);
			return NULL;
		}
		status = tally.here < tally.texts                  ? MISSING
		         : is_older(outdated, f->name, tally.lang) ? OLDER
		                                                   : PRESENT;
		totals[i].n[status]++;
		json_push(cells, cell(status));
	}
	return json_make("{s:s, s:o, s:o}", "field", f->name, "label",
		view_text(rq, json_object_get(f->json, "label")), "cells", cells);
}

static json_t *totals_view(const struct form *form, const struct total *totals)
{
	json_t *list = json_array();

	for (size_t i = 0; i < form->languages_n; i++) {
		const int64_t *n = totals[i].n;

		json_push(list, json_make("{s:s, s:I, s:I, s:o}", "language",
					language_own_name(form->languages[i]), "present",
					(json_int_t)(n[PRESENT] + n[OLDER]), "of",
					(json_int_t)(n[PRESENT] + n[OLDER] + n[MISSING]), "older",
					view_number(n[OLDER])));
	}
	return list;
}

json_t *translations_view(const struct request *rq, const struct form *form,
	const struct form_step *step, const json_t *record, const json_t *outdated)
{
	struct total totals[FORM_LANGUAGES] = {0};
	json_auto_t *list = json_array();
	size_t n;
	const struct field *fields = standard_fields(form->standard, &n);

	for (size_t i = 0; step->group && i < n; i++) {
		json_t *view = form_step_has(step, &fields[i]) && form_has_texts(&fields[i])
		                       ? field_view(rq, form, &fields[i], record, outdated, totals)
		                       : NULL;

		if (view)
			json_push(list, view);
	}
	if (!json_array_size(list))
		return json_null();
	return json_make("{s:o, s:O}", "totals", totals_view(form, totals), "fields", list);
}
