/* import_said.c - also /{lang}/office/import/sheet.csv: the empty sheet, in the page's language. */
#include "web/office/import_said.h"

#include "registry/profile/days.h"
#include "registry/profile/labels.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

#define SHEET_MAX (256 * KIB)

static const struct field *field_of(const struct request *rq, const char *column)
{
	AUTOFREE char *name = mem_bytes(column, strcspn(column, "."));

	return standard_field(rq->standard, name);
}

static json_t *label_of(const struct request *rq, const char *column)
{
	const struct field *f = field_of(rq, column);

	return f ? view_text(rq, json_object_get(f->json, "label")) : json_null();
}

/* The label of a code of a field or of its items. */
static json_t *code_label(const struct request *rq, const char *column, const char *code)
{
	const struct field *f = field_of(rq, column);

	if (f && f->item)
		f = f->item;
	json_each (f ? json_object_get(f->json, "values") : NULL, one)
		if (strcmp(json_str(one, "value"), code) == 0)
			return view_text(rq, json_object_get(one, "label"));
	return json_null();
}

static json_t *headers(const struct request *rq, const json_t *said)
{
	json_t *list = json_array();

	json_each (json_object_get(said, "headers"), one)
		json_push(list, json_make("{s:O,s:o,s:O}", "header", json_object_get(one, "header"),
					"label", label_of(rq, json_str(one, "column")), "column",
					json_object_get(one, "column")));
	return list;
}

static json_t *values(const struct request *rq, const json_t *said)
{
	json_t *list = json_array();

	json_each (json_object_get(said, "values"), one) {
		const char *column = json_str(one, "column"), *code = json_str(one, "code");

		json_push(list, json_make("{s:O,s:o,s:o,s:s}", "said", json_object_get(one, "said"),
					"field", label_of(rq, column), "label",
					code_label(rq, column, code), "code", code));
	}
	return list;
}

static json_t *lines(const json_t *said)
{
	json_t *list = json_array();

	json_each (json_object_get(said, "guide"), line)
		json_push(list, json_make("{s:O}", "line", line));
	return list;
}

/* Adds a list and its length, both null if it is empty. */
static void put_list(json_t *view, const char *name, const char *count, json_t *list)
{
	size_t n = json_array_size(list);

	json_put(view, count, n ? view_number((int64_t)n) : json_null());
	json_put(view, name, n ? json_incref(list) : json_null());
	json_decref(list);
}

json_t *import_said_view(const struct request *rq, const json_t *said)
{
	json_t *view = json_object();

	put_list(view, "headers", "headers_n", headers(rq, said));
	put_list(view, "values", "values_n", values(rq, said));
	put_list(view, "guide", "guide_n", lines(said));
	json_put(view, "any",
		json_boolean(json_is_object(json_object_get(view, "headers_n")) ||
			     json_is_object(json_object_get(view, "values_n"))));
	return view;
}

/* A day that is not read, with what is wrong with it; NULL for another problem. */
static json_t *bad_day(const struct request *rq, const json_t *problem)
{
	const char *rule = json_str(problem, "rule"), *name = json_str(problem, "at");
	const char *got = json_str(problem, "got");
	bool month = rule && strcmp(rule, "bad_month") == 0;
	const struct field *f = name ? standard_field(rq->standard, name) : NULL;
	json_auto_t *label = f ? label_of(rq, name) : NULL;
	char day[DAYS_TEXT] = "", other[DAYS_TEXT];
	bool numbered;

	if (!f || !got || !(month || (rule && strcmp(rule, "bad_date") == 0)))
		return NULL;
	numbered = days_numbered(got, day);
	return say(rq,
		days_changed(got)                       ? "import_day_changed"
		: month && days_read(got, false, other) ? "import_day_for_month"
		: numbered                              ? "import_day_number"
		: month                                 ? "import_bad_month"
							: "import_bad_date",
		json_make("{s:O?,s:s,s:s,s:s}", "label", json_object_get(label, "text"), "got", got,
			"day", day, "form", month ? "2026-03" : "2026-03-01"));
}

json_t *import_refused_value(const struct request *rq, const json_t *problem)
{
	const char *rule = json_str(problem, "rule"), *name = json_str(problem, "field");
	const char *got = json_str(problem, "got");
	const struct field *f = name ? standard_field(rq->standard, name) : NULL;
	const json_t *allowed = json_object_get(problem, "allowed");
	AUTO(buf) list = BUF(SHEET_MAX);
	json_auto_t *field_label = NULL;
	json_t *day = bad_day(rq, problem);

	if (day)
		return day;
	if (!f || !rule || !got || strcmp(rule, "not_in_list") != 0 ||
		!(f->type == TYPE_ENUM || (f->item && f->item->type == TYPE_ENUM)))
		return NULL;
	json_each_at (allowed, i, code) {
		json_auto_t *label = code_label(rq, name, json_string_value(code));
		const char *text = json_str(label, "text");

		buf_printf(&list, "%s%s", i ? ", " : "", text ? text : json_string_value(code));
	}
	field_label = label_of(rq, name);
	return say(rq, "import_not_listed",
		json_make("{s:O?,s:s,s:s}", "label", json_object_get(field_label, "text"), "got",
			got, "allowed", buf_text(&list)));
}

/* --- the empty sheet --- */

char *import_sheet_profile(void)
{
	json_auto_t *all = NULL;

	if (profile_imports(&all) != OK)
		return NULL;
	json_each (all, one)
		if (json_object_get(one, "form"))
			return mem_text(json_str(one, "profile"));
	return NULL;
}

enum err page_import_sheet(struct request *rq, struct response *rs)
{
	AUTOFREE char *name = import_sheet_profile();
	struct profile *profile = NULL;
	struct labels *labels;

	ENSURE(name, ERR_NOT_FOUND, "there is no such page");
	TRY(profile_open(name, PROFILE_IMPORT, &profile));
	labels = labels_open(profile, rq->standard);
	if (!rs->body.max)
		rs->body.max = SHEET_MAX;
	labels_template(labels, rq->lang, &rs->body);
	labels_free(labels);
	profile_free(profile);
	rs->type = "text/csv; charset=utf-8";
	rs->filename = mem_printf("sheet-%s.csv", rq->lang);
	rs->title = mem_printf("%s.csv", message(rq, "import_sheet_name"));
	return buf_check(&rs->body, name);
}
