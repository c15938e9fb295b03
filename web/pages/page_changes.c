/* page_changes.c - /{lang}/systems/{slug}/versions/{n}/changes: the differences by field and word
 * from the version before, or from ?from=. */
#include "registry/query/query.h"
#include "web/pages/changes_view.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/standard_kept.h"

#include <stdlib.h>

static json_t *version_view(const struct request *rq, const json_t *version)
{
	return json_make("{s:I, s:o, s:I}", "n", (json_int_t)json_num(version, "n"), "when",
		view_time(rq, json_str(version, "at")), "entry",
		(json_int_t)json_num(version, "entry"));
}

static json_t *page_view(
	const struct request *rq, const json_t *system, const json_t *before, const json_t *after)
{
	const json_t *old = json_object_get(before, "record"),
		     *new = json_object_get(after, "record");
	bool both = json_is_object(old) && json_is_object(new);
	json_t *view = part_card(rq, system), *changes;
	const char *slug = json_str(system, "slug");

	changes = both ? changes_view(rq, old, new) : json_array();
	json_put(view, "system_name", json_text(json_str(json_object_get(view, "name"), "text")));
	json_put(view, "title",
		say(rq, "title_changes",
			json_make("{s:I, s:I}", "from", (json_int_t)json_num(before, "n"), "to",
				(json_int_t)json_num(after, "n"))));
	json_put(view, "from", version_view(rq, before));
	json_put(view, "to", version_view(rq, after));
	json_put(view, "count", view_number((int64_t)json_array_size(changes)));
	json_put(view, "changes", changes);
	json_put(view, "erased", json_boolean(!both));
	json_put(view, "in_systems", json_true());
	view_crumb(view, message(rq, "nav_systems"), "/%s/systems", rq->lang);
	view_crumb(view, json_str(view, "system_name"), "/%s/systems/%s", rq->lang, slug);
	view_crumb(view, message(rq, "history"), "/%s/systems/%s/versions", rq->lang, slug);
	return view;
}

enum err page_changes(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug"), *wish = request_query(rq, "from");
	int64_t n = request_number(rq, "n");
	int64_t from = wish ? strtoll(wish, NULL, 10) : n - 1;
	json_t *system = NULL, *before = NULL, *after = NULL;
	enum err e;

	ENSURE(from > 0 && from < n, ERR_NOT_FOUND, "%s", message(rq, "error_no_earlier"));
	e = query_system(rq->snap, slug, &system);
	e = e ? e : query_version(rq->snap, slug, from, &before);
	e = e ? e : query_version(rq->snap, slug, n, &after);
	/* Uses the later version's standard, which has all fields of the earlier one. */
	e = e ? e : standard_kept(rq, json_num(after, "standard"), &rq->standard);
	rq->words_before = json_num(after, "entry");
	e = e ? e : page_render(rq, rs, "changes.html", page_view(rq, system, before, after));
	json_decref(system);
	json_decref(before);
	json_decref(after);
	return e;
}
