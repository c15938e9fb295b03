/* page_versions.c - /{lang}/systems/{slug}/versions: the history of a system. */
#include "registry/query/news.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#include <string.h>

#define PER_PAGE 30

/* Adds adoptions from `*next` that are newer than the entry `after`: they changed the words or
 * levels of today's page. */
static void adoptions_add(
	const struct request *rq, const json_t *adoptions, size_t *next, int64_t after, json_t *out)
{
	const json_t *a;

	for (; (a = json_array_get(adoptions, *next)) && json_num(a, "entry") > after; ++*next)
		json_push(out, part_adoption(rq, a));
}

static void adoptions_skip(const json_t *adoptions, size_t *next, int64_t after)
{
	while (json_num(json_array_get(adoptions, *next), "entry") > after)
		++*next;
}

/* Newest first, including adoptions since the first publication. On later pages the first milestone
 * is the last one of the page before; it only marks where the adoptions continue. */
static json_t *history_view(const struct request *rq, const json_t *milestones,
	const json_t *adoptions, bool is_first_page)
{
	json_t *out = json_array(), *view;
	size_t next = 0;

	json_each_at (milestones, i, milestone) {
		if (i == 0 && !is_first_page) {
			adoptions_skip(adoptions, &next, json_num(milestone, "entry"));
			continue;
		}
		adoptions_add(rq, adoptions, &next, json_num(milestone, "entry"), out);
		view = part_milestone(rq, milestone);
		json_put(view, "compared",
			json_boolean(json_num(view, "version") > 1 &&
				     strcmp(json_str(milestone, "type"), "system.published") == 0));
		json_put(view, "judged",
			json_boolean(strcmp(json_str(milestone, "type"), "system.judged") == 0));
		json_push(out, view);
	}
	return out;
}

enum err page_versions(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	int64_t page = part_page(rq), before = page > 1, total, pages;
	AUTOFREE char *base = mem_printf("/%s/systems/%s/versions?page=", rq->lang, slug);
	json_auto_t *adoptions = NULL, *milestones = NULL, *system = NULL;
	json_t *view;

	if (query_system(rq->snap, slug, &system))
		return fail(ERR_NOT_FOUND, "no system %s", slug);
	TRY(query_milestones_n(rq->snap, slug, &total));
	pages = (total + PER_PAGE - 1) / PER_PAGE;
	ENSURE(page == 1 || page <= pages, ERR_NOT_FOUND, "the list has %lld pages",
		(long long)pages);
	TRY(news_adoptions(rq->snap, -1, &adoptions));
	TRY(query_milestones(
		rq->snap, slug, (page - 1) * PER_PAGE - before, PER_PAGE + before, &milestones));
	view = part_card(rq, system);
	json_put(view, "system_name", json_text(json_str(json_object_get(view, "name"), "text")));
	json_put(view, "title",
		say(rq, "title_history",
			json_make("{s:O}", "name", json_object_get(view, "system_name"))));
	json_put(view, "crumb", json_text(message(rq, "history")));
	json_put(view, "history", history_view(rq, milestones, adoptions, page == 1));
	json_put(view, "pages", part_pages(rq, base, page, pages));
	json_put(view, "in_systems", json_true());
	view_crumb(view, message(rq, "nav_systems"), "/%s/systems", rq->lang);
	view_crumb(view, json_str(view, "system_name"), "/%s/systems/%s", rq->lang, slug);
	return page_render(rq, rs, "versions.html", view);
}
