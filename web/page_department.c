/* page_department.c - /{lang}/departments and /{lang}/departments/{slug}: who answers for what. */
#include "registry/query.h"
#include "web/pages.h"
#include "web/parts.h"

#include <string.h>

#define PER_PAGE 50

enum err page_departments(struct request *rq, struct response *rs)
{
	json_t *found = NULL, *list, *view;
	const json_t *department;
	size_t i;

	TRY(query_departments(rq->db, &found));
	list = json_array();
	json_array_foreach(found, i, department)
		json_push(list, json_make("{s:s, s:o, s:o}", "slug", json_str(department, "slug"),
					"name", view_text(rq, json_object_get(department, "name")),
					"systems", view_number(json_num(department, "systems"))));
	view = json_make("{s:s, s:b, s:o}", "title", message(rq, "nav_departments"),
		"in_departments", 1, "departments", list);
	json_decref(found);
	return page_render(rq, rs, "departments.html", view);
}

static json_t *keys_view(const json_t *keys)
{
	json_t *out = json_array();
	const json_t *key;
	size_t i;

	json_array_foreach(keys, i, key)
	{
		const json_t *revoked = json_object_get(key, "revoked_entry");
		json_push(
			out, json_make("{s:s, s:I, s:o}", "vkey", json_str(key, "vkey"), "granted",
				     (json_int_t)json_num(key, "granted_entry"), "revoked",
				     json_is_integer(revoked) ? json_incref((json_t *)revoked)
							      : json_null()));
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
	json_put(view, "keys", keys_view(json_object_get(department, "keys")));
	json_put(view, "in_departments", json_true());
	view_crumb(view, message(rq, "nav_departments"), "/%s/departments", rq->lang);
	return view;
}

enum err page_department(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	int64_t page = part_page(rq), total;
	const struct system_filter filter = {
		.department = slug, .offset = (page - 1) * PER_PAGE, .limit = PER_PAGE};
	AUTOFREE char *base = mem_printf("/%s/departments/%s?page=", rq->lang, slug);
	json_t *department = NULL, *found = NULL, *view;
	enum err e;

	TRY(query_department(rq->db, slug, &department));
	e = query_systems(rq->db, &filter, &found);
	view = e ? NULL : department_view(rq, department);
	json_decref(department);
	if (e)
		return e;
	total = json_num(found, "total");
	json_put(view, "total", view_number(total));
	json_put(view, "systems", part_cards(rq, json_object_get(found, "systems")));
	json_put(view, "pages", part_pages(rq, base, page, (total + PER_PAGE - 1) / PER_PAGE));
	json_decref(found);
	return page_render(rq, rs, "department.html", view);
}
