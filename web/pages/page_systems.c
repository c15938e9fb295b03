/* page_systems.c - /{lang}/systems: the list with its search and filters. */
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/lists_kept.h"
#include "web/view/parts.h"

#include <string.h>

#define PER_PAGE 20
#define FOUND 200 /* results of a search, ten pages; more should be narrowed down */

static void condition_add(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	buf_printf(out, "%s=", name);
	view_encode(out, value);
	buf_putc(out, '&');
}

/* The address of this list with its filters, ready for a page number. */
static char *list_base(const struct request *rq, const struct system_filter *f)
{
	struct buf out = BUF(8 * KIB);

	buf_printf(&out, "/%s/systems?", rq->lang);
	condition_add(&out, "q", f->words);
	condition_add(&out, "department", f->department);
	condition_add(&out, "status", f->status);
	condition_add(&out, "risk", f->risk);
	condition_add(&out, "review", request_query(rq, "review"));
	condition_add(&out, "duty", request_query(rq, "duty"));
	buf_puts(&out, "page=");
	return buf_take(&out);
}

/* The choices of a filter, with one selected. */
static json_t *choices_html(const struct request *rq, const char *name, const char *selected)
{
	json_auto_t *lists = lists_kept(rq, "choices");
	json_t *choices = json_object_get(lists, name), *one, *html = NULL;
	size_t i;

	json_array_foreach (choices, i, one)
		if (strcmp(json_str(one, "value"), selected) == 0)
			json_put(one, "selected", json_true());
	return options_html(rq, choices, &html) == OK ? html : json_null();
}

static void choices_add(const struct request *rq, const json_t *options, const char *name,
	const char *selected, json_t *view)
{
	AUTOFREE char *html = mem_printf("%s_html", name);

	json_put(view, html,
		selected ? choices_html(rq, name, selected)
			 : json_incref(json_object_get(options, name)));
}

/* The choices for a due day; `name` is the parameter. */
static json_t *deadlines_view(const struct request *rq, const char *name)
{
	static const char *const values[] = {"overdue", "soon"};
	const char *asked = request_query(rq, name);
	json_t *out = json_array();

	for (size_t i = 0; i < COUNT(values); i++) {
		AUTOFREE char *key = mem_printf("%s_%s", name, values[i]);

		json_push(out,
			json_make("{s:s, s:s, s:b}", "value", values[i], "label", message(rq, key),
				"selected", asked && strcmp(asked, values[i]) == 0));
	}
	return out;
}

static void form_add(const struct request *rq, const struct system_filter *f, json_t *view)
{
	json_auto_t *options = lists_kept(rq, "options");
	bool narrowed = f->department || f->status || f->risk || f->due_before || f->duty_before;

	json_put(view, "q", json_text(f->words));
	choices_add(rq, options, "departments", f->department, view);
	choices_add(rq, options, "statuses", f->status, view);
	choices_add(rq, options, "risks", f->risk, view);
	json_put(view, "reviews", deadlines_view(rq, "review"));
	json_put(view, "duties", deadlines_view(rq, "duty"));
	json_put(view, "narrowed", json_boolean(narrowed));
	json_put(view, "filtered", json_boolean(f->words || narrowed));
}

/* If nothing is found, searches for the likely intended words. */
static enum err find(
	const struct request *rq, struct system_filter filter, json_t *view, json_t **found)
{
	const char *meant;
	json_t *other;

	TRY(query_systems(rq->snap, &filter, found));
	meant = json_str(*found, "suggestion");
	if (!meant)
		return OK;
	json_put(view, "meant",
		json_make("{s:s,s:s,s:O?}", "asked", filter.words, "meant", meant, "unknown",
			json_object_get(*found, "unknown")));
	filter.words = meant;
	filter.as_written = true;
	TRY(query_systems(rq->snap, &filter, &other));
	json_decref(*found);
	*found = other;
	return OK;
}

static enum err cards_add(const struct request *rq, const json_t *found, json_t *view)
{
	const json_t *systems = json_object_get(found, "systems");
	AUTO(buf) html = BUF(4 * MIB); /* like a page */

	json_put(view, "any", json_boolean(json_array_size(systems)));
	if (json_object_get(found, "forms")) {
		buf_expect(&html, 16 * KIB);
		TRY(part_found(rq, found, &html));
		/* Not json_text(), which would look whether it is UTF-8. */
		json_put(view, "found_html", json_stringn_nocheck(buf_text(&html), html.len));
	} else {
		json_put(view, "systems", part_cards(rq, systems));
	}
	return OK;
}

enum err page_systems(struct request *rq, struct response *rs)
{
	int64_t page = part_page(rq), total, pages;
	struct part_due due, duty;
	struct system_filter filter = {
		.words = request_query(rq, "q"),
		.lang = rq->lang,
		.most = FOUND,
		.ids = true,
		.kept = rq->site->searches,
		.department = request_query(rq, "department"),
		.status = request_query(rq, "status"),
		.risk = request_query(rq, "risk"),
		.offset = (page - 1) * PER_PAGE,
		.limit = PER_PAGE,
	};
	AUTOFREE char *base = list_base(rq, &filter);
	json_t *found = NULL, *view = json_object();
	enum err e;

	part_due(rq, request_query(rq, "review"), &due);
	filter.due_from = due.from;
	filter.due_before = due.before;
	part_due(rq, request_query(rq, "duty"), &duty);
	filter.duty_from = duty.from;
	filter.duty_before = duty.before;
	e = find(rq, filter, view, &found);
	if (e == OK)
		e = cards_add(rq, found, view);
	if (e) {
		json_decref(found);
		json_decref(view);
		return e;
	}
	total = json_num(found, "total");
	pages = (total + PER_PAGE - 1) / PER_PAGE;
	if (page > 1 && page > pages) {
		json_decref(found);
		json_decref(view);
		return fail(ERR_NOT_FOUND, "the list has %lld pages", (long long)pages);
	}
	json_put(view, "title", json_text(message(rq, "nav_systems")));
	json_put(view, "description", json_text(message(rq, "systems_lead")));
	json_put(view, "total", view_number(total));
	json_put(view, "more", json_incref(json_object_get(found, "more")));
	json_put(view, "pages", part_pages(rq, base, page, pages));
	json_put(view, "in_systems", json_true());
	json_put(view, "says_nothing", json_boolean(part_says_nothing(found)));
	form_add(rq, &filter, view);
	json_decref(found);
	return page_render(rq, rs, "systems.html", view);
}
