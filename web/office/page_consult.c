/* page_consult.c - /{lang}/office/consultations/{slug}: opens a public consultation on a system,
 * and closes it with an answer. */
#include "registry/query/consultation.h"
#include "registry/query/query.h"
#include "web/office/text_inputs.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

static json_t *one_view(const struct request *rq, const json_t *one)
{
	return json_make("{s:O,s:o,s:o,s:o,s:b}", "entry", json_object_get(one, "entry"), "closes",
		view_date(rq, json_str(one, "closes")), "question",
		view_text(rq, json_object_get(one, "question")), "written",
		view_number(json_num(one, "written")), "answered",
		json_str(one, "closed_at") != NULL);
}

static void fill(const struct request *rq, const json_t *system, const json_t *list, json_t *view)
{
	const json_t *latest = json_array_get(list, 0);
	bool open = latest && json_is_null(json_object_get(latest, "closed_entry"));
	json_t *name = office_name(rq, json_object_get(system, "name"), json_str(system, "slug")),
	       *all = json_array();
	char today[DAY_TEXT], tomorrow[DAY_TEXT];

	part_day(rq, 0, today);
	part_day(rq, 1, tomorrow);
	json_each (list, one)
		json_push(all, one_view(rq, one));
	json_put(view, "title", json_text(message(rq, "consultation")));
	json_put(view, "name", name);
	json_put(view, "slug", json_text(json_str(system, "slug")));
	json_put(view, "tomorrow", json_text(tomorrow));
	json_put(view, "retired", json_boolean(strcmp(json_str(system, "state"), "retired") == 0));
	json_put(view, "open", json_boolean(open));
	json_put(view, "may_answer",
		json_boolean(open && strcmp(json_str(latest, "closes"), today) < 0));
	json_put(view, "question_texts", text_inputs(rq, &(struct text_inputs){"question", "5"}));
	json_put(view, "answer_texts", text_inputs(rq, &(struct text_inputs){"answer", "6"}));
	json_put(view, "consultations", all);
}

enum err page_consult(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	json_auto_t *system = NULL, *list = NULL;
	json_t *view;

	TRY(query_system(rq->snap, slug, &system));
	TRY(consultation_list(rq->snap, slug, &list));
	view = json_make("{s:b,s:b}", "in_desk", 1, "signing", 1);
	fill(rq, system, list, view);
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_consult.html", view);
}
