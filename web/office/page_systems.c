/* page_systems.c - /{lang}/office/systems and one of them: the office finds a published system, and
 * suspends, resumes or retires it. */
#include "registry/query/query.h"
#include "web/office/office.h"
#include "web/office/text_inputs.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

#define PER_PAGE 20

/* The address of the list with its search, ready for a page number. */
static char *list_base(const struct request *rq, const char *find)
{
	struct buf out = BUF(KIB);

	buf_printf(&out, "/%s/office/systems?", rq->lang);
	if (find) {
		buf_puts(&out, "find=");
		view_encode(&out, find);
		buf_putc(&out, '&');
	}
	buf_puts(&out, "page=");
	return buf_take(&out);
}

enum err page_office_systems(struct request *rq, struct response *rs)
{
	const char *find = request_query(rq, "find");
	int64_t page = part_page(rq), total, pages;
	const struct system_filter filter = {
		.words = find, .offset = (page - 1) * PER_PAGE, .limit = PER_PAGE};
	AUTOFREE char *base = list_base(rq, find);
	json_auto_t *found = NULL;
	json_t *view;

	TRY(query_systems(rq->snap, &filter, &found));
	total = json_num(found, "total");
	pages = (total + PER_PAGE - 1) / PER_PAGE;
	ENSURE(page == 1 || page <= pages, ERR_NOT_FOUND, "the list has %lld pages",
		(long long)pages);
	view = json_make("{s:s,s:b,s:s,s:o,s:o,s:o}", "title", message(rq, "office_systems"),
		"in_office_systems", 1, "find", find ? find : "", "total", view_number(total),
		"systems", part_cards(rq, json_object_get(found, "systems")), "pages",
		part_pages(rq, base, page, pages));
	json_put(view, "says_nothing", json_boolean(part_says_nothing(found)));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_systems.html", view);
}

/* A form for an act that the state allows, with ids of its own. */
static json_t *act_view(const struct request *rq, const char *act)
{
	const struct text_inputs reason = {.name = "reason", .rows = "3", .of = act};
	AUTOFREE char *title = mem_printf("system_%s", act),
		      *lead = mem_printf("system_%s_lead", act),
		      *go = mem_printf("system_%s_go", act);

	return json_make("{s:s,s:s,s:s,s:s,s:o,s:b}", "act", act, "act_title", message(rq, title),
		"act_lead", message(rq, lead), "act_go", message(rq, go), "reason",
		text_inputs(rq, &reason), "retires", strcmp(act, "retire") == 0);
}

static json_t *acts_view(const struct request *rq, const char *state)
{
	json_t *acts = json_array();

	if (strcmp(state, "retired") == 0)
		return acts;
	json_push(acts, act_view(rq, strcmp(state, "suspended") == 0 ? "resume" : "suspend"));
	json_push(acts, act_view(rq, "retire"));
	return acts;
}

/* The filing that waits, which a retirement sets aside; null for none. */
static enum err waiting_view(const struct request *rq, const char *slug, json_t **out)
{
	json_auto_t *latest = NULL;

	TRY(query_latest_filing(rq->snap, slug, &latest));
	*out = strcmp(json_str(latest, "outcome"), "waiting") == 0
	               ? json_incref(json_object_get(latest, "entry"))
	               : json_null();
	return OK;
}

enum err page_office_system(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	json_auto_t *system = NULL;
	json_t *view, *waiting;

	TRY(query_system(rq->snap, slug, &system));
	TRY(waiting_view(rq, slug, &waiting));
	view = part_card(rq, system);
	json_put(view, "title", json_text(json_str(json_object_get(view, "name"), "text")));
	json_put(view, "in_office_systems", json_true());
	json_put(view, "signing", json_true());
	json_put(view, "waiting", waiting);
	json_put(view, "reason", view_text(rq, json_object_get(system, "reason")));
	json_put(view, "retired", json_boolean(strcmp(json_str(system, "state"), "retired") == 0));
	json_put(view, "acts", acts_view(rq, json_str(system, "state")));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	view_crumb(view, message(rq, "office_systems"), "/%s/office/systems", rq->lang);
	return office_render(rq, rs, "office_system.html", view);
}
