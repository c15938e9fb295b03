/* page_systems.c - /{lang}/systems: the list, its search and its filters. */
#include "registry/query.h"
#include "web/pages.h"
#include "web/parts.h"

#include <string.h>

#define PER_PAGE 20

/* A filter that was left at "all" comes as an empty value. */
static const char *asked(const struct request *rq, const char *name)
{
	const char *s = request_query(rq, name);

	return s && *s ? s : NULL;
}

static void condition_add(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	buf_printf(out, "%s=", name);
	view_encode(out, value);
	buf_putc(out, '&');
}

/* The address of this list with its filters, up to the page's number. */
static char *list_base(const struct request *rq, const struct system_filter *f)
{
	struct buf out = BUF(8 * KIB);

	buf_printf(&out, "/%s/systems?", rq->lang);
	condition_add(&out, "q", f->words);
	condition_add(&out, "department", f->department);
	condition_add(&out, "status", f->status);
	condition_add(&out, "risk", f->risk);
	buf_puts(&out, "page=");
	return buf_take(&out);
}

static json_t *departments_view(const struct request *rq, const char *selected)
{
	json_t *found = NULL, *out = json_array(), *view;
	const json_t *department;
	size_t i;

	if (query_departments(rq->db, &found))
		return out;
	json_array_foreach(found, i, department)
	{
		const char *slug = json_str(department, "slug");
		view = json_make("{s:s, s:o, s:b}", "value", slug, "label",
			view_text(rq, json_object_get(department, "name")), "selected",
			selected && !strcmp(slug, selected));
		json_push(out, view);
	}
	json_decref(found);
	return out;
}

static void form_add(const struct request *rq, const struct system_filter *f, json_t *view)
{
	json_put(view, "q", json_text(f->words));
	json_put(view, "departments", departments_view(rq, f->department));
	json_put(view, "statuses", part_choices(rq, FIELD_STATUS, f->status));
	json_put(view, "risks", part_choices(rq, FIELD_RISK, f->risk));
	json_put(view, "filtered", json_boolean(f->words || f->department || f->status || f->risk));
}

enum err page_systems(struct request *rq, struct response *rs)
{
	int64_t page = part_page(rq), total;
	const struct system_filter filter = {
		.words = asked(rq, "q"),
		.department = asked(rq, "department"),
		.status = asked(rq, "status"),
		.risk = asked(rq, "risk"),
		.offset = (page - 1) * PER_PAGE,
		.limit = PER_PAGE,
	};
	AUTOFREE char *base = list_base(rq, &filter);
	json_t *found = NULL, *view = json_object();
	enum err e = query_systems(rq->db, &filter, &found);

	if (e) {
		json_decref(view);
		return e;
	}
	total = json_num(found, "total");
	json_put(view, "title", json_text(message(rq, "nav_systems")));
	json_put(view, "description", json_text(message(rq, "systems_lead")));
	json_put(view, "total", view_number(total));
	json_put(view, "systems", part_cards(rq, json_object_get(found, "systems")));
	json_put(view, "pages", part_pages(rq, base, page, (total + PER_PAGE - 1) / PER_PAGE));
	json_put(view, "in_systems", json_true());
	form_add(rq, &filter, view);
	json_decref(found);
	return page_render(rq, rs, "systems.html", view);
}
