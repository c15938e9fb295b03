/* page_versions.c - /{lang}/systems/{slug}/versions: everything that happened to a system. */
#include "registry/query/news.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#include <string.h>

/* Those from `*next` on that came after an entry. Today's page has spoken in other words since, or
 * derived another level. */
static void adoptions_add(
	const struct request *rq, const json_t *adoptions, size_t *next, int64_t after, json_t *out)
{
	const json_t *a;

	for (; (a = json_array_get(adoptions, *next)) && json_num(a, "entry") > after; ++*next)
		json_push(out, part_adoption(rq, a));
}

/* Newest first; adoptions since the first publication stand among its own. */
static json_t *history_view(
	const struct request *rq, const json_t *milestones, const json_t *adoptions)
{
	json_t *out = json_array(), *view;
	const json_t *milestone;
	size_t i, next = 0;

	json_array_foreach (milestones, i, milestone) {
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
	json_t *system = NULL, *milestones = NULL, *view;
	json_auto_t *adoptions = NULL;

	TRY(news_adoptions(rq->snap, -1, &adoptions));
	TRY(query_milestones(rq->snap, slug, &milestones));
	if (query_system(rq->snap, slug, &system)) {
		json_decref(milestones);
		return fail(ERR_NOT_FOUND, "no system %s", slug);
	}
	view = part_card(rq, system);
	json_put(view, "system_name", json_text(json_str(json_object_get(view, "name"), "text")));
	json_put(view, "title",
		say(rq, "title_history",
			json_make("{s:O}", "name", json_object_get(view, "system_name"))));
	json_put(view, "crumb", json_text(message(rq, "history")));
	json_put(view, "history", history_view(rq, milestones, adoptions));
	json_put(view, "in_systems", json_true());
	view_crumb(view, message(rq, "nav_systems"), "/%s/systems", rq->lang);
	view_crumb(view, json_str(view, "system_name"), "/%s/systems/%s", rq->lang, slug);
	json_decref(system);
	json_decref(milestones);
	return page_render(rq, rs, "versions.html", view);
}
