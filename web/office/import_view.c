#include "web/office/import_view.h"

#include "registry/people/draft.h"
#include "registry/query/query.h"
#include "web/office/draft_form.h"
#include "web/office/import_said.h"
#include "web/view/view.h"

#include <string.h>

#define PROBLEMS_SHOWN 3 /* of a row; the others unfold */
#define MISSING_SHOWN 5

bool import_is_chosen(const struct import_shown *shown, const json_t *row)
{
	for (size_t i = 0; i < shown->chosen_n; i++)
		if (shown->chosen[i] == json_num(row, "line"))
			return true;
	return false;
}

/* "goal.en" -> the field's label; a member unknown to the standard stays as it is. */
static json_t *label_of(const struct request *rq, const char *path)
{
	AUTOFREE char *name = mem_bytes(path, strcspn(path, "."));
	const struct field *f = standard_field(rq->standard, name);

	return f ? view_text(rq, json_object_get(f->json, "label"))
	         : json_make("{s:s,s:b}", "text", path, "foreign", 0);
}

/* The distinct labels, joined. */
static json_t *labels(const struct request *rq, const json_t *paths)
{
	json_auto_t *seen = json_object();
	json_t *list = json_array();

	json_each (paths, one) {
		const char *path = json_string_value(one);
		AUTOFREE char *name = mem_bytes(path, strcspn(path, "."));

		if (json_object_get(seen, name))
			continue;
		json_put(seen, name, json_true());
		json_push(list, json_make("{s:o,s:b}", "label", label_of(rq, path), "next",
					json_array_size(list) > 0));
	}
	return list;
}

/* The distinct names of columns; null for none. */
static json_t *names(const json_t *columns)
{
	json_auto_t *seen = json_object();
	json_t *list = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach (columns, i, one) {
		const char *name = json_string_value(one);

		if (json_object_get(seen, name))
			continue;
		json_put(seen, name, json_true());
		json_push(list, json_make("{s:s,s:b}", "text", name, "next", i > 0));
	}
	if (i)
		return json_make("{s:o}", "names", list);
	json_decref(list);
	return json_null();
}

/* The fields that are still empty: the labels of the first, and the number of the others. */
static void put_missing(const struct request *rq, const json_t *fields, json_t *view)
{
	json_t *all = labels(rq, fields);
	size_t n = json_array_size(all);

	json_put(view, "missing", n ? view_number((int64_t)n) : json_null());
	json_put(view, "missing_more",
		n > MISSING_SHOWN ? view_number((int64_t)(n - MISSING_SHOWN)) : json_null());
	while (json_array_size(all) > MISSING_SHOWN)
		json_array_remove(all, json_array_size(all) - 1);
	json_put(view, "missing_fields", all);
}

static enum err put_problems(const struct request *rq, const json_t *row, json_t *view)
{
	json_t *problems = json_object_get(row, "problems"), *some = json_array(),
	       *others = json_array();
	json_auto_t *missing = json_array();
	int64_t wrong = 0;

	json_put(view, "problems", some);
	json_put(view, "more_problems", others);
	TRY(draft_say(rq, problems));
	json_each (problems, one) {
		bool lacks = draft_is_missing(one);

		wrong += !lacks;
		if (lacks && json_string_length(json_object_get(one, "field")))
			json_array_append(missing, json_object_get(one, "field"));
		if (!lacks) {
			json_t *said = import_refused_value(rq, one);

			json_push(wrong > PROBLEMS_SHOWN ? others : some,
				said ? said : json_incref(json_object_get(one, "text")));
		}
	}
	json_put(view, "wrong", wrong ? view_number(wrong) : json_null());
	put_missing(rq, missing, view);
	json_put(view, "more",
		wrong > PROBLEMS_SHOWN ? view_number(wrong - PROBLEMS_SHOWN) : json_null());
	return OK;
}

static json_t *title_of(const struct request *rq, const json_t *row)
{
	struct record_draft d = {.record = json_object_get(row, "record")};
	const char *system = json_str(row, "system"), *name = json_str(row, "name");
	AUTOFREE char *title = NULL;

	if (!d.record)
		return json_text(name ? name : system ? system : "");
	snprintf(d.system, sizeof(d.system), "%s", system);
	title = draft_name(rq, &d);
	return json_text(title);
}

/* A row that would empty a field, or make a second system of one name, is not preselected. */
static enum err put_choice(const struct request *rq, const struct import_shown *shown,
	const json_t *row, bool all, json_t *view)
{
	const json_t *blanked = json_object_get(row, "blanked");
	const json_t *namesake = json_object_get(row, "namesake"),
		     *twin = json_object_get(row, "twin");
	bool empties = json_array_size(blanked) > 0;

	json_put(view, "choosable", json_boolean(import_may_choose(row)));
	json_put(view, "ticked",
		json_boolean(shown->chosen ? import_is_chosen(shown, row)
					   : all && !empties && !namesake && !twin));
	json_put(view, "twin", twin ? view_number(json_integer_value(twin)) : json_null());
	json_put(view, "namesake",
		namesake ? json_make("{s:O,s:o}", "slug", json_object_get(namesake, "slug"), "name",
				   office_name(rq, json_object_get(namesake, "name"),
					   json_str(namesake, "slug")))
			 : json_null());
	json_put(view, "fields", labels(rq, json_object_get(row, "fields")));
	json_put(view, "any_fields",
		json_boolean(json_array_size(json_object_get(row, "fields")) > 0));
	json_put(view, "blanked", labels(rq, blanked));
	json_put(view, "empties", json_boolean(empties));
	return put_problems(rq, row, view);
}

bool import_is_new(const json_t *row)
{
	return strcmp(json_str(row, "outcome"), "new") == 0;
}

static enum err row_view(const struct request *rq, const struct import_shown *shown,
	const json_t *row, bool all, json_t **out)
{
	json_auto_t *view = json_make("{s:O,s:o,s:O?,s:O?,s:O?,s:O?}", "line",
		json_object_get(row, "line"), "title", title_of(rq, row), "system",
		json_object_get(row, "system"), "why", json_object_get(row, "why"), "of",
		json_object_get(row, "of"), "draft", json_object_get(row, "draft"));
	const json_t *unread = json_object_get(row, "unread");

	json_put(view, "first", json_boolean(import_is_new(row)));
	json_put(view, "unread", names(unread));
	json_put(view, "waits", json_boolean(json_is_true(json_object_get(row, "waits"))));
	if (json_object_get(row, "record"))
		TRY(put_choice(rq, shown, row, all, view));
	*out = json_incref(view);
	return OK;
}

/* The number of rows that can be chosen. */
static size_t choosable(const struct import_plan *plan)
{
	size_t n = 0;

	json_each (plan->rows, row)
		n += import_may_choose(row);
	return n;
}

static bool has_new(const struct import_plan *plan)
{
	json_each (plan->rows, row) {
		if (import_may_choose(row) && import_is_new(row))
			return true;
	}
	return false;
}

/* "rows" to choose, "drafted", "refused", "same", "duplicates", "others", each with its number. */
static enum err put_rows(const struct request *rq, const struct import_shown *shown, json_t *view)
{
	const struct import_plan *plan = shown->plan;
	static const struct {
		const char *outcome, *list, *n;
	} lists[] = {{"new", "rows", "rows_n"}, {"changed", "rows", "rows_n"},
		{"drafted", "drafted", "drafted_n"}, {"refused", "refused", "refused_n"},
		{"same", "same", "same_n"}, {"duplicate", "duplicates", "duplicates_n"},
		{"other", "others", "others_n"}};
	bool all = choosable(plan) <= plan->room;
	size_t k;

	for (k = 0; k < COUNT(lists); k++)
		if (!json_object_get(view, lists[k].list))
			json_put(view, lists[k].list, json_array());
	json_each (plan->rows, row) {
		const char *outcome =
			json_object_get(row, "draft") ? "drafted" : json_str(row, "outcome");
		json_t *one;

		for (k = 0; strcmp(lists[k].outcome, outcome) != 0; k++)
			;
		TRY(row_view(rq, shown, row, all, &one));
		json_push(json_object_get(view, lists[k].list), one);
	}
	for (k = 0; k < COUNT(lists); k++) {
		size_t n = json_array_size(json_object_get(view, lists[k].list));

		json_put(view, lists[k].n, n ? view_number((int64_t)n) : json_null());
	}
	return OK;
}

/* Columns that were not read, because the format does not know them or omits them. */
static void put_unread(const struct import_plan *plan, json_t *view)
{
	json_t *all = json_deep_copy(plan->unread);

	json_members (plan->left_out, name, n)
		json_push(all, json_text(name));
	json_put(view, "unread", names(all));
	json_decref(all);
}

static void put_gone(const struct request *rq, const struct import_plan *plan, json_t *view)
{
	json_t *list = json_array();
	const json_t *slug;
	size_t i;

	json_array_foreach (plan->gone, i, slug) {
		json_auto_t *system = NULL;

		if (query_system(rq->snap, json_string_value(slug), &system) == OK)
			json_push(list, json_make("{s:O,s:o}", "slug", slug, "name",
						office_name(rq, json_object_get(system, "name"),
							json_string_value(slug))));
	}
	json_put(view, "gone_n", i ? view_number((int64_t)i) : json_null());
	json_put(view, "gone", list);
}

static json_t *example_view(const json_t *example, bool next)
{
	return json_make("{s:O,s:O,s:b,s:O?}", "text", json_object_get(example, "value"), "line",
		json_object_get(example, "line"), "next", next, "character",
		json_object_get(example, "character"));
}

/* A column whose cells are in no record, or were cleaned, with some of them: {"name", "n",
 * "examples": [{"text", "line", "next", "character"}…]}; null for none. */
static json_t *cells_view(const json_t *columns)
{
	json_t *list = json_array();

	json_members (columns, column, told) {
		json_t *examples = json_array();

		json_each_at (json_object_get(told, "examples"), i, example)
			json_push(examples, example_view(example, i > 0));
		json_push(list, json_make("{s:s,s:o,s:o}", "name", column, "n",
					view_number(json_num(told, "rows")), "examples", examples));
	}
	if (json_array_size(list))
		return json_make("{s:o}", "columns", list);
	json_decref(list);
	return json_null();
}

enum err import_view(const struct request *rq, const struct import_shown *shown, json_t *report)
{
	const struct import_plan *plan = shown->plan;

	json_put(report, "all_n", view_number((int64_t)json_array_size(plan->rows)));
	json_put(report, "room", view_number((int64_t)plan->room));
	json_put(report, "any_choosable", json_boolean(choosable(plan) > 0));
	json_put(report, "any_new", json_boolean(has_new(plan)));
	json_put(report, "too_many", json_boolean(choosable(plan) > plan->room));
	json_put(report, "said", import_said_view(rq, plan->said));
	put_unread(plan, report);
	put_gone(rq, plan, report);
	json_put(report, "lost", cells_view(plan->lost));
	json_put(report, "cleaned", cells_view(plan->cleaned));
	return put_rows(rq, shown, report);
}
