/* page_about.c - /{lang}/about: what this register is and is not. */
#include "registry/query/news.h"
#include "registry/query/query.h"
#include "registry/standard/standard.h"
#include "web/pages/pages.h"
#include "web/pages/rules_view.h"
#include "web/view/parts.h"
#include "web/view/settings_view.h"

/* Joins the names of those who had seen the log; "" if nobody was asked. */
static void names(const json_t *known_by, struct buf *out)
{
	json_each (known_by, one) {
		const char *where = json_str(one, "where");

		if (where)
			buf_printf(out, "%s%s", out->len ? ", " : "", where);
	}
}

/* Shows when the register was restored from a backup, so that readers need not search for it. */
static void add_restored(struct request *rq, json_t *view)
{
	json_auto_t *found = NULL;
	json_t *list = json_array();

	json_put(view, "restored", list);
	if (query_restored(rq->snap, &found) != OK)
		return;
	json_each (found, one) {
		const json_t *about = json_object_get(one, "about");
		const json_t *reason = json_object_get(about, "reason");
		AUTO(buf) who = BUF(16 * KIB);
		json_t *item = json_object();

		names(json_object_get(about, "known_by"), &who);
		json_put(item, "at", view_time(rq, json_str(one, "at")));
		json_put(item, "entry", json_incref(json_object_get(one, "entry")));
		json_put(item, "backup", json_incref(json_object_get(one, "backup")));
		json_put(item, "is_seen",
			json_boolean(json_is_integer(json_object_get(one, "seen"))));
		json_put(item, "seen", json_incref(json_object_get(one, "seen")));
		json_put(item, "who", json_text(who.len ? buf_text(&who) : NULL));
		json_put(item, "lost",
			json_num(about, "lost") ? json_incref(json_object_get(about, "lost"))
						: json_null());
		if (reason)
			json_put(item, "reason", view_text(rq, reason));
		json_push(list, item);
	}
	json_put(view, "was_restored", json_boolean(json_array_size(list) > 0));
}

static enum err add_adoptions(const struct request *rq, json_t *view)
{
	json_auto_t *found = NULL;
	json_t *list = json_array();

	json_put(view, "adoptions", list);
	TRY(news_adoptions(rq->snap, -1, &found));
	json_each (found, one)
		json_push(list, part_adoption(rq, one));
	return OK;
}

/* All rules on approvals and consultations so far, newest first. */
static enum err add_rules(const struct request *rq, json_t *view)
{
	json_t *rules;

	TRY(rules_view(rq, &rules));
	json_put(view, "decision_rules", rules);
	return OK;
}

enum err page_about(struct request *rq, struct response *rs)
{
	const json_t *standard = standard_json(rq->standard);
	json_auto_t *view = json_object();
	json_t *history = settings_history_view(rq, -1);

	json_put(view, "settings_history", history);
	json_put(view, "has_settings_history", json_boolean(json_array_size(history) > 0));
	add_restored(rq, view);
	TRY(add_adoptions(rq, view));
	TRY(add_rules(rq, view));
	json_put(view, "title", json_text(message(rq, "about_title")));
	json_put(view, "description", json_text(message(rq, "about_lead")));
	json_put(view, "standard_name", view_text(rq, json_object_get(standard, "title")));
	json_put(view, "standard_version", json_integer(standard_version(rq->standard)));
	json_put(view, "risks", part_choices(rq, FIELD_RISK, NULL));
	json_put(view, "statuses", part_choices(rq, FIELD_STATUS, NULL));
	json_put(view, "in_about", json_true());
	return page_render(rq, rs, "about.html", TAKE(view));
}
