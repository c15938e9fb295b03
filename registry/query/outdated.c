#include "registry/query/outdated.h"

#include "registry/query/query.h"
#include "registry/standard/check_parts.h"

#include <string.h>

struct walk {
	struct check check; /* collects the outdated translations as problems */
	const json_t *record;
	const char *field;     /* the field of the record that is being visited */
	const json_t *earlier; /* outdated before: {"at": problem} */
	const char *at_time;   /* the time of the record's version; NULL: it is not published */
};

static bool is_original(const struct walk *w, const char *language)
{
	return standard_translation(w->check.standard, w->record, w->field, language) ==
	       TRANSLATION_ORIGINAL;
}

/* The original language of these texts; texts that existed before count too. */
static const char *original_of(const struct walk *w, const json_t *before, const json_t *after)
{
	const char *own = json_str(standard_json(w->check.standard), "language");

	json_members (after, language, text) {
		if (is_original(w, language) && json_object_get(before, language))
			return language;
	}
	return own && json_object_get(after, own) ? own : NULL;
}

static void found(struct walk *w, const struct record_path *at, const char *language,
	const char *original, bool changed)
{
	size_t n = json_array_size(w->check.problems);
	json_t *one, *since;

	problem(&w->check, at, "translation_outdated",
		json_make("{s:s,s:s?}", "language", language, "original", original));
	one = json_array_get(w->check.problems, n);
	if (!one) /* too many to report */
		return;
	since = json_object_get(json_object_get(w->earlier, json_str(one, "at")), "since");
	if (since)
		json_put(one, "since", json_incref(since));
	else if (!changed) /* it was up to date, and still is */
		json_array_remove(w->check.problems, n);
	else if (w->at_time)
		json_put(one, "since", json_text(w->at_time));
}

static void walk_texts(
	struct walk *w, const struct record_path *path, const json_t *before, const json_t *after)
{
	const char *original = original_of(w, before, after);
	bool changed = original && !json_equal(json_object_get(before, original),
					   json_object_get(after, original));

	json_members (after, language, text) {
		const struct record_path at = {.up = path, .name = language};

		if (!is_original(w, language) && (!original || strcmp(language, original) != 0) &&
			json_equal(json_object_get(before, language), text))
			found(w, &at, language, original, changed);
	}
}

static void walk_value(struct walk *w, const struct field *f, const struct record_path *path,
	const json_t *before, const json_t *after)
{
	if (f->type == TYPE_TEXT || f->type == TYPE_MARKDOWN) {
		if (json_is_object(before) && json_is_object(after))
			walk_texts(w, path, before, after);
		return;
	}
	for (size_t i = 0; i < f->members_n; i++) {
		const struct record_path at = {.up = path, .name = f->members[i].name};

		walk_value(w, &f->members[i], &at, json_object_get(before, at.name),
			json_object_get(after, at.name));
	}
	for (size_t i = 0; f->item && i < json_array_size(before) && i < json_array_size(after);
		i++) {
		const struct record_path at = {.up = path, .index = i};

		walk_value(w, f->item, &at, json_array_get(before, i), json_array_get(after, i));
	}
}

static json_t *walk_records(const struct standard *s, const json_t *before, const json_t *after,
	const json_t *earlier, const char *at_time)
{
	struct walk w = {.check = {.standard = s, .problems = json_array()},
		.record = after,
		.earlier = earlier,
		.at_time = at_time};
	size_t n;
	const struct field *fields = standard_fields(s, &n);

	for (size_t i = 0; json_is_object(before) && json_is_object(after) && i < n; i++) {
		const struct record_path at = {.name = fields[i].name};

		w.field = fields[i].name;
		walk_value(&w, &fields[i], &at, json_object_get(before, at.name),
			json_object_get(after, at.name));
	}
	return w.check.problems;
}

json_t *outdated_between(const struct standard *s, const json_t *before, const json_t *after)
{
	return walk_records(s, before, after, NULL, NULL);
}

static json_t *by_place(const json_t *list)
{
	json_t *out = json_object();

	json_each (list, one)
		json_put(out, json_str(one, "at"), json_incref(one));
	return out;
}

/* One step of a history: translations that `after` leaves outdated, or that still are. */
static void step(const struct standard *s, json_t **before, const json_t *after, json_t **list,
	const char *at_time)
{
	json_auto_t *earlier = by_place(*list);
	json_t *now = walk_records(s, *before, after, earlier, at_time);

	json_decref(*list);
	*list = now;
	json_decref(*before);
	*before = json_incref((json_t *)after);
}

enum err outdated_since(const struct snapshot *snap, const struct standard *s, const char *slug,
	int64_t n, const json_t *next, json_t **out)
{
	json_auto_t *before = NULL, *list = json_array();

	for (int64_t i = 1; i <= n; i++) {
		json_auto_t *version = NULL;

		TRY(query_version(snap, slug, i, &version));
		step(s, &before, json_object_get(version, "record"), &list,
			json_str(version, "at"));
	}
	if (next)
		step(s, &before, next, &list, NULL);
	*out = TAKE(list);
	return OK;
}
