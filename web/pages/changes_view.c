#include "web/pages/changes_view.h"

#include "base/languages.h"
#include "registry/standard/diff.h"
#include "web/pages/assessments_view.h"
#include "web/pages/record_view.h"
#include "web/view/view.h"

#include <string.h>

#define COMPARED_MAX (128 * KIB)

/* The result of diff_words() as sections: {"same"|"removed"|"added": text}, the others null. */
static json_t *runs_view(const char *before, const char *after, int *left)
{
	json_t *found = diff_words(before, after, left), *runs = json_array();

	json_each (found, run) {
		json_t *view = json_make("{s:n, s:n, s:n}", "same", "removed", "added");
		json_put(view, json_str(run, "op"), json_text(json_str(run, "text")));
		json_push(runs, view);
	}
	json_decref(found);
	return runs;
}

/* Only texts are compared by words; other values are replaced as a whole. */
static json_t *replaced_view(const char *before, const char *after)
{
	json_t *runs = json_array();

	if (*before)
		json_push(runs, json_make("{s:n, s:s, s:n}", "same", "removed", before, "added"));
	if (*before && *after)
		json_push(runs, json_make("{s:s, s:n, s:n}", "same", " → ", "removed", "added"));
	if (*after)
		json_push(runs, json_make("{s:n, s:n, s:s}", "same", "removed", "added", after));
	return runs;
}

/* Only texts can differ in one language and not in another. */
static bool has_languages(const struct field *f)
{
	return f->type == TYPE_TEXT || f->type == TYPE_MARKDOWN || f->type == TYPE_LIST;
}

static void side_text(struct spoken *s, const struct field *f, const json_t *change,
	const char *side, const char *lang, struct buf *out)
{
	const char *policy = json_str(change, "policy");
	const json_t *value = json_object_get(change, side);

	if (!policy)
		record_text(s->rq, f, value, lang, out);
	else if (!json_is_null(value))
		assessments_text(s, policy, json_str(change, "fact"), value, lang, out);
}

/* The change of a field in one language, or NULL if there is none. */
static json_t *compared(
	struct spoken *s, const struct field *f, const json_t *change, const char *lang, int *left)
{
	struct buf before = BUF(COMPARED_MAX), after = BUF(COMPARED_MAX);
	AUTOFREE char *key = mem_printf("lang_%s", lang);
	json_t *view = NULL;

	side_text(s, f, change, "before", lang, &before);
	side_text(s, f, change, "after", lang, &after);
	if (strcmp(buf_text(&before), buf_text(&after)))
		view = json_make("{s:s, s:s, s:o}", "lang", lang, "language", message(s->rq, key),
			"runs",
			has_languages(f) ? runs_view(buf_text(&before), buf_text(&after), left)
					 : replaced_view(buf_text(&before), buf_text(&after)));
	buf_done(&before);
	buf_done(&after);
	return view;
}

static json_t *kind_of(const struct request *rq, const json_t *change)
{
	const char *key = json_is_null(json_object_get(change, "before"))  ? "change_added"
	                  : json_is_null(json_object_get(change, "after")) ? "change_removed"
	                                                                   : "change_edited";

	return json_text(message(rq, key));
}

/* "assessments.gimhae.safety": a field, or its only fact that changed. */
static void place_add(const json_t *change, struct buf *out)
{
	const char *policy = json_str(change, "policy"), *fact = json_str(change, "fact");

	buf_puts(out, json_str(change, "field"));
	if (policy)
		buf_printf(out, ".%s", policy);
	if (fact)
		buf_printf(out, ".%s", fact);
}

/* Appends " › " and a text in the reader's language or, without one, the name itself. */
static void title_go_on(
	const struct request *rq, const json_t *texts, const char *name, struct buf *out)
{
	json_auto_t *text = texts ? view_text(rq, texts) : json_null();
	const char *words = json_str(text, "text");

	buf_printf(out, " › %s", words ? words : name);
}

/* The place in words: the field's label, the policy's title, the question. */
static void title_add(struct spoken *s, const json_t *change, const char *label, struct buf *out)
{
	const char *policy = json_str(change, "policy"), *fact = json_str(change, "fact");
	const struct policy *p = policy ? spoken_policy(s, policy)->policy : NULL;
	const json_t *title = p ? json_object_get(policy_questions(p), "title") : NULL;
	const json_t *question = p && fact ? policy_question(p, fact) : NULL;

	buf_puts(out, label ? label : json_str(change, "field"));
	if (policy)
		title_go_on(s->rq, title, policy, out);
	if (fact)
		title_go_on(s->rq, json_object_get(question, "label"), fact, out);
}

/* A place in the record as a page's id: CSS and linters take a dot for a class. */
static json_t *id_of(const char *place)
{
	AUTOFREE char *id = mem_text(place);

	for (char *s = id; *s; s++)
		if (*s == '.')
			*s = '-';
	return json_text(id);
}

static json_t *change_view(struct spoken *s, const json_t *change, int *left)
{
	const struct request *rq = s->rq;
	const char *name = json_str(change, "field");
	const struct field unknown = {.name = name, .type = TYPE_TEXT};
	const struct field *f = standard_field(rq->standard, name);
	json_t *view = json_object(), *others = json_array(), *one, *label;
	AUTO(buf) place = BUF(KIB), title = BUF(16 * KIB);

	label = f ? view_text(rq, json_object_get(f->json, "label")) : json_null();
	place_add(change, &place);
	title_add(s, change, json_str(label, "text"), &title);
	f = f ? f : &unknown;
	one = compared(s, f, change, rq->lang, left);
	json_put(view, "name", json_text(buf_text(&place)));
	json_put(view, "id", id_of(buf_text(&place)));
	json_put(view, "label", json_text(buf_text(&title)));
	json_put(view, "kind", kind_of(rq, change));
	json_put(view, "here", one ? one : json_null());
	for (size_t i = 0; i < languages_n && (has_languages(f) || !one); i++)
		if (strcmp(languages[i].code, rq->lang) &&
			(one = compared(s, f, change, languages[i].code, left)))
			json_push(others, one);
	json_put(view, "others", others);
	json_decref(label);
	return view;
}

json_t *changes_view(const struct request *rq, const json_t *before, const json_t *after)
{
	json_t *found = diff_records(rq->standard, before, after), *out = json_array();
	struct spoken spoken = {.rq = rq};
	int left = DIFF_WORK; /* the budget of the page, for all texts that it compares */

	json_each (found, change)
		json_push(out, change_view(&spoken, change, &left));
	json_decref(found);
	return out;
}
