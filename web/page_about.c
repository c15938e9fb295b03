/* page_about.c - /{lang}/about: what this register is, and what it is not. */
#include "registry/query.h"
#include "registry/standard.h"
#include "web/pages.h"
#include "web/parts.h"

#include <string.h>

/* How to reach the office: {"href", "text"}, or null where the register names nothing. */
static json_t *contact_view(struct request *rq)
{
	json_auto_t *reg = NULL;
	const char *contact, *colon;

	if (query_register(rq->db, &reg) != OK)
		return json_null();
	contact = json_str(json_object_get(reg, "about"), "contact");
	colon = contact ? strchr(contact, ':') : NULL;
	if (!colon)
		return json_null();
	return json_make("{s:s,s:s}", "href", contact, "text",
		strncmp(contact, "https:", 6) == 0 ? contact : colon + 1);
}

enum err page_about(struct request *rq, struct response *rs)
{
	const json_t *standard = standard_json(rq->standard);
	json_t *view = json_object();

	json_put(view, "contact", contact_view(rq));
	json_put(view, "title", json_text(message(rq, "about_title")));
	json_put(view, "description", json_text(message(rq, "about_lead")));
	json_put(view, "standard_name", view_text(rq, json_object_get(standard, "title")));
	json_put(view, "standard_version", json_integer(standard_version(rq->standard)));
	json_put(view, "risks", part_choices(rq, FIELD_RISK, NULL));
	json_put(view, "statuses", part_choices(rq, FIELD_STATUS, NULL));
	json_put(view, "in_about", json_true());
	return page_render(rq, rs, "about.html", view);
}
