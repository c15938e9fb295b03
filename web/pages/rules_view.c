#include "web/pages/rules_view.h"

#include "registry/query/desk.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

void rules_view_levels(const struct request *rq, const json_t *about, json_t *view)
{
	static const char *const members[] = {"two_approvals", "consultation"};
	bool any = false;

	for (size_t k = 0; k < COUNT(members); k++) {
		json_t *list = json_array();

		json_each (json_object_get(about, members[k]), level)
			json_push(list, part_value(rq, FIELD_RISK, json_string_value(level)));
		any = any || json_array_size(list);
		json_put(view, members[k], list);
	}
	json_put(view, "any", json_boolean(any));
}

enum err rules_view(const struct request *rq, json_t **out)
{
	json_auto_t *found = NULL, *list = json_array();
	char today[DAY_TEXT];
	bool now = false;

	part_day(rq, 0, today);
	TRY(desk_rules(rq->snap, &found));
	json_each (found, one) {
		const json_t *about = json_object_get(one, "about");
		bool ahead = strcmp(json_str(one, "from"), today) > 0;
		json_t *rules = json_make("{s:O,s:o,s:o,s:b,s:b}", "entry",
			json_object_get(one, "entry"), "from", view_date(rq, json_str(one, "from")),
			"reason", view_text(rq, json_object_get(about, "reason")), "ahead", ahead,
			"now", !ahead && !now);

		now = now || !ahead;
		rules_view_levels(rq, about, rules);
		json_push(list, rules);
	}
	*out = TAKE(list);
	return OK;
}
