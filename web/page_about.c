/* page_about.c - /{lang}/about: what this register is, and what it is not. */
#include "registry/standard.h"
#include "web/pages.h"
#include "web/parts.h"
#include "web/settings_view.h"

enum err page_about(struct request *rq, struct response *rs)
{
	const json_t *standard = standard_json(rq->standard);
	json_t *view = json_object(), *history = settings_history_view(rq, -1);

	json_put(view, "settings_history", history);
	json_put(view, "has_settings_history", json_boolean(json_array_size(history) > 0));
	json_put(view, "title", json_text(message(rq, "about_title")));
	json_put(view, "description", json_text(message(rq, "about_lead")));
	json_put(view, "standard_name", view_text(rq, json_object_get(standard, "title")));
	json_put(view, "standard_version", json_integer(standard_version(rq->standard)));
	json_put(view, "risks", part_choices(rq, FIELD_RISK, NULL));
	json_put(view, "statuses", part_choices(rq, FIELD_STATUS, NULL));
	json_put(view, "in_about", json_true());
	return page_render(rq, rs, "about.html", view);
}
