/* page_withholding.c - /{lang}/withholding: the reasons for withholding questions, and how often
 * each was used. */
#include "registry/event/withholding.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#include <string.h>

/* How often; `code` NULL: without a code. */
static int64_t times(const json_t *withheld, const char *code)
{
	json_each (withheld, one) {
		const char *has = json_str(one, "code");

		if (code ? has && strcmp(has, code) == 0 : !has)
			return json_num(one, "n");
	}
	return 0;
}

enum err page_withholding(struct request *rq, struct response *rs)
{
	json_auto_t *withheld = NULL;
	json_t *view, *list = json_array();

	TRY(query_withheld(rq->snap, &withheld));
	json_each (withholding_reasons(), one) {
		json_t *item = part_withholding(rq, json_str(one, "code"));

		json_put(item, "times", view_number(times(withheld, json_str(one, "code"))));
		json_push(list, item);
	}
	view = json_make("{s:s,s:o,s:o}", "title", message(rq, "withholding_title"), "reasons",
		list, "others", view_number(times(withheld, NULL)));
	json_put(view, "description", json_text(message(rq, "withholding_lead")));
	return page_render(rq, rs, "withholding.html", view);
}

enum err api_withholding(struct request *rq, struct response *rs)
{
	json_auto_t *withheld = NULL;
	json_t *list = json_deep_copy(withholding_reasons()), *one;
	size_t i;

	TRY(query_withheld(rq->snap, &withheld));
	json_array_foreach (list, i, one)
		json_put(one, "times", json_integer(times(withheld, json_str(one, "code"))));
	rs->type = "application/json";
	rs->body.max = 64 * KIB;
	one = json_make(
		"{s:o,s:I}", "reasons", list, "own_words", (json_int_t)times(withheld, NULL));
	json_canonical(one, &rs->body);
	json_decref(one);
	return OK;
}
