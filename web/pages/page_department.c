/* page_department.c - /{lang}/departments and /{lang}/departments/{slug}: responsibilities. */
#include "registry/query/coverage.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#include <stdlib.h>
#include <string.h>

#define PER_PAGE 50

/* Members that are numbers, each from view_number(). */
static json_t *numbers_view(const json_t *numbers)
{
	json_t *view = json_object();

	json_members (numbers, key, n)
		json_put(view, key, view_number(json_integer_value(n)));
	return view;
}

/* How complete the department's records are; null if there are none. */
static json_t *completeness_view(const json_t *department)
{
	const json_t *c = json_object_get(department, "completeness");

	return json_num(c, "records") ? numbers_view(c) : json_null();
}

/* One declaration of a department that it uses no AI. */
static json_t *declaration_view(const struct request *rq, const json_t *declared)
{
	json_t *view;

	if (!json_is_object(declared))
		return json_null();
	view = json_object();
	json_put(view, "when", view_time(rq, json_str(declared, "at")));
	json_put(view, "entry", json_integer(json_num(declared, "entry")));
	json_put(view, "statement", view_text(rq, json_object_get(declared, "statement")));
	json_put(view, "old", json_boolean(json_is_true(json_object_get(declared, "old"))));
	json_put(view, "ended", json_incref(json_object_get(declared, "ended_entry")));
	json_put(view, "renewed", json_boolean(json_is_true(json_object_get(declared, "renewed"))));
	return view;
}

/* Adds exactly one of three badges: what the department reported. */
static void coverage_add(const struct request *rq, const json_t *department, json_t *view)
{
	const char *coverage = json_str(department, "coverage");
	int64_t systems = json_num(department, "systems");

	json_put(view, "coverage", json_text(coverage));
	json_put(view, "has_systems",
		!strcmp(coverage, "systems") ? view_number(systems) : json_null());
	json_put(view, "declared", declaration_view(rq, json_object_get(department, "declared")));
	json_put(view, "silent", json_boolean(!strcmp(coverage, "silent")));
	json_put(view, "completeness", completeness_view(department));
}

static json_t *row_view(const struct request *rq, const json_t *department)
{
	json_t *row = json_object();

	json_put(row, "slug", json_text(json_str(department, "slug")));
	json_put(row, "name", view_text(rq, json_object_get(department, "name")));
	coverage_add(rq, department, row);
	return row;
}

static int by_shown_name(const void *a, const void *b)
{
	const json_t *one = *(json_t *const *)a, *other = *(json_t *const *)b;
	const char *x = json_str(json_object_get(one, "name"), "text");
	const char *y = json_str(json_object_get(other, "name"), "text");

	return strcmp(x ? x : "", y ? y : "");
}

/* Sorts by the names that the reader sees. Code point order of Hangul is dictionary order. */
static json_t *rows_view(const struct request *rq, const json_t *departments)
{
	size_t n = json_array_size(departments);
	json_t **rows = mem_new((n + 1) * sizeof(*rows)), *list = json_array();

	json_each_at (departments, i, department)
		rows[i] = row_view(rq, department);
	qsort(rows, n, sizeof(*rows), by_shown_name);
	for (size_t i = 0; i < n; i++)
		json_push(list, rows[i]);
	free(rows);
	return list;
}

enum err page_departments(struct request *rq, struct response *rs)
{
	json_auto_t *found = NULL, *counts = NULL;
	json_t *view;
	char today[16];

	part_day(rq, 0, today);
	TRY(coverage_departments(rq->snap, today, &found));
	TRY(coverage_counts(rq->snap, today, &counts));
	view = json_make("{s:s, s:b, s:o}", "title", message(rq, "nav_departments"),
		"in_departments", 1, "departments", rows_view(rq, found));
	json_put(view, "description", json_text(message(rq, "departments_lead")));
	json_put(view, "counts", numbers_view(counts));
	return page_render(rq, rs, "departments.html", view);
}

static json_t *keys_view(const struct request *rq, const json_t *keys)
{
	json_t *out = json_array();

	json_each (keys, key) {
		const json_t *revoked = json_object_get(key, "revoked_entry");
		const char *since = json_str(key, "since");

		json_push(out,
			json_make("{s:s, s:I, s:o, s:o}", "vkey", json_str(key, "vkey"), "granted",
				(json_int_t)json_num(key, "granted_entry"), "revoked",
				json_is_integer(revoked) ? json_incref((json_t *)revoked)
							 : json_null(),
				"stolen", since ? view_date(rq, since) : json_null()));
	}
	return out;
}

static json_t *department_view(const struct request *rq, const json_t *department)
{
	const char *slug = json_str(department, "slug");
	json_t *view = json_object(), *name = view_text(rq, json_object_get(department, "name"));

	if (json_is_null(name))
		name = json_make("{s:s, s:b}", "text", slug, "foreign", 0);
	json_put(view, "slug", json_text(slug));
	json_put(view, "title", json_text(json_str(name, "text")));
	json_put(view, "name", name);
	json_put(view, "about", view_text(rq, json_object_get(department, "about")));
	json_put(view, "added", view_time(rq, json_str(department, "added_at")));
	json_put(view, "signs",
		json_boolean(json_array_size(json_object_get(department, "keys")) > 0));
	json_put(view, "keys", keys_view(rq, json_object_get(department, "keys")));
	json_put(view, "in_departments", json_true());
	view_crumb(view, message(rq, "nav_departments"), "/%s/departments", rq->lang);
	return view;
}

/* Declarations that no longer stand. */
static json_t *ended_view(const struct request *rq, const json_t *declarations)
{
	json_t *list = json_array();

	json_each (declarations, one) {
		if (json_is_integer(json_object_get(one, "ended_entry")))
			json_push(list, declaration_view(rq, one));
	}
	return list;
}

static enum err view_make(const struct request *rq, const char *slug, json_t **out)
{
	json_auto_t *department = NULL, *covered = NULL;
	char today[16];

	part_day(rq, 0, today);
	TRY(query_department(rq->snap, slug, &department));
	TRY(coverage_department(rq->snap, slug, today, &covered));
	*out = department_view(rq, department);
	coverage_add(rq, covered, *out);
	json_put(*out, "ended", ended_view(rq, json_object_get(covered, "declarations")));
	json_put(*out, "has_ended",
		json_boolean(json_array_size(json_object_get(*out, "ended")) > 0));
	return OK;
}

enum err page_department(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	int64_t page = part_page(rq), total, pages;
	const struct system_filter filter = {
		.department = slug, .offset = (page - 1) * PER_PAGE, .limit = PER_PAGE};
	AUTOFREE char *base = mem_printf("/%s/departments/%s?page=", rq->lang, slug);
	AUTOFREE char *about = mem_printf("/departments/%s", slug);
	json_auto_t *found = NULL, *view = NULL;

	TRY(view_make(rq, slug, &view));
	TRY(query_systems(rq->snap, &filter, &found));
	total = json_num(found, "total");
	pages = (total + PER_PAGE - 1) / PER_PAGE;
	ENSURE(page == 1 || page <= pages, ERR_NOT_FOUND, "the list has %lld pages",
		(long long)pages);
	json_put(view, "total", total ? view_number(total) : json_null());
	json_put(view, "systems", part_cards(rq, json_object_get(found, "systems")));
	json_put(view, "pages", part_pages(rq, base, page, pages));
	part_feed(rq, view, about, json_str(view, "title"));
	return page_render(rq, rs, "department.html", TAKE(view));
}
