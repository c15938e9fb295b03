/* page_desk.c - /{lang}/office: pending work of the person signed in, the start of each list; and
 * /{lang}/office/lists/{list}: one list, page by page. */
#include "web/office/work_lists.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#define FIRST 5 /* rows of a list on the first page */
#define OF_A_PAGE 50

static json_t *list_view(const struct request *rq, const struct work_list *l, int64_t n)
{
	AUTOFREE char *title = mem_printf("desk_%s", l->name);
	AUTOFREE char *own = mem_printf("/lists/%s", l->name);
	AUTOFREE char *all = mem_printf("/%s/office%s", rq->lang, l->whole ? l->whole : own);

	return json_make("{s:s,s:s,s:o,s:s,s:b}", "list", l->name, "title", message(rq, title), "n",
		work_number(rq, n), "all", all, "more", n > FIRST);
}

/* Adds lists that are not empty, those on which the person must act if `acts`; joins the names of
 * the empty ones. */
static enum err add_lists(const struct request *rq, bool acts, json_t *view)
{
	json_t *lists = json_object_get(view, "lists"), *empty = json_object_get(view, "empty");

	for (size_t i = 0; i < work_lists_n; i++) {
		const struct work_list *l = &work_lists[i];
		bool own = (l->acts & rq->who->person.role) != 0;
		json_t *rows, *one;
		int64_t n;

		if (!l->acts || own != acts || !work_list_is_seen(rq, l))
			continue;
		TRY(l->count(rq, l, &n));
		one = list_view(rq, l, n);
		json_push(n ? lists : empty, one);
		if (!n)
			continue;
		TRY(l->rows(rq, l, NULL, FIRST, &rows));
		json_put(one, "rows", rows);
	}
	return OK;
}

enum err page_desk(struct request *rq, struct response *rs)
{
	json_auto_t *view = json_make("{s:s,s:b,s:[],s:[],s:i}", "title",
		message(rq, "office_home"), "in_desk", 1, "lists", "empty", "level", 3);

	json_put(view, "filed", json_boolean(request_query(rq, "filed") != NULL));
	json_put(view, "department_name", office_department(rq, rq->who->person.department));
	TRY(add_lists(rq, true, view));
	TRY(add_lists(rq, false, view));
	json_put(view, "any_lists", json_boolean(json_array_size(json_object_get(view, "lists"))));
	json_put(view, "any_empty", json_boolean(json_array_size(json_object_get(view, "empty"))));
	return office_render(rq, rs, "office_desk.html", TAKE(view));
}

/* The query returned one row more than is shown if there is a next page. */
static void cut(const struct request *rq, const struct work_list *l, json_t *rows, json_t *view)
{
	AUTOFREE char *next = NULL;

	if (json_array_size(rows) <= OF_A_PAGE)
		return;
	json_array_remove(rows, OF_A_PAGE);
	next = mem_printf("/%s/office/lists/%s?after=%s", rq->lang, l->name,
		json_str(json_array_get(rows, OF_A_PAGE - 1), "cursor"));
	json_put(view, "next", json_text(next));
}

enum err page_work_list(struct request *rq, struct response *rs)
{
	const struct work_list *l = work_list_named(rq, request_path(rq, "list"));
	const char *after = request_query(rq, "after");
	json_auto_t *view = NULL;
	json_t *rows;
	int64_t n;

	ENSURE(l, ERR_NOT_FOUND, "there is no list of this name, or not for your role");
	if (l->whole) {
		office_go(rs, "/%s/office%s", rq->lang, l->whole);
		return OK;
	}
	TRY(l->count(rq, l, &n));
	view = list_view(rq, l, n);
	json_put(view, "level", json_integer(2));
	json_put(view, "in_desk", json_true());
	json_put(view, "later", json_boolean(after != NULL));
	json_put(view, "next", json_null());
	TRY(l->rows(rq, l, after, OF_A_PAGE + 1, &rows));
	cut(rq, l, rows, view);
	json_put(view, "rows", rows);
	json_put(view, "turns", json_boolean(after || json_str(view, "next")));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_list.html", TAKE(view));
}
