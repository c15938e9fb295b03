#include "web/office/reports.h"

#include "base/languages.h"
#include "base/text.h"
#include "registry/query/query.h"
#include "web/view/language_names.h"
#include "web/view/view.h"

#include <string.h>

enum err reports_system(const struct request *rq, json_t **out)
{
	json_auto_t *system = NULL;

	TRY(query_system(rq->snap, request_path(rq, "slug"), &system));
	ENSURE(strcmp(json_str(system, "department"), rq->who->person.department) == 0, ERR_DENIED,
		"the system \"%s\" belongs to department %s", json_str(system, "slug"),
		json_str(system, "department"));
	*out = TAKE(system);
	return OK;
}

void reports_frame(const struct request *rq, const json_t *system, const char *title, json_t *view)
{
	const char *slug = json_str(system, "slug");

	json_put(view, "title", json_text(message(rq, title)));
	json_put(view, "name", office_name(rq, json_object_get(system, "name"), slug));
	json_put(view, "slug", json_text(slug));
	json_put(view, "in_reports", json_true());
	json_put(view, "reports", json_true());
	json_put(view, "signing", json_true());
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	view_crumb(view, message(rq, "reports_title"), "/%s/office/reports", rq->lang);
}

json_t *reports_inputs(const struct request *rq, const struct reports_text *text)
{
	json_t *list = json_array();

	for (size_t i = 0; i < languages_n; i++) {
		const char *lang = languages[i].code;
		AUTOFREE char *name = mem_printf("%s.%s", text->name, lang);
		AUTOFREE char *id =
			mem_printf("%s%s%s", name, text->of ? "-" : "", text->of ? text->of : "");

		json_push(list, json_make("{s:s, s:s, s:s, s:s, s:s, s:s?, s:O?}", "name", name,
					"id", id, "lang", lang, "language", language_own_name(lang),
					"value", text->filled ? office_given(rq, name) : "", "rows",
					text->rows, "known", json_object_get(text->known, lang)));
	}
	return list;
}

json_t *reports_empty(const struct request *rq, const char *name, const char *rows)
{
	return json_make("{s:o}", "inputs", reports_inputs(rq, &(struct reports_text){name, rows}));
}

json_t *reports_texts(const struct request *rq, const char *name)
{
	json_t *out = json_object();

	for (size_t i = 0; i < languages_n; i++) {
		AUTOFREE char *input = mem_printf("%s.%s", name, languages[i].code);
		AUTOFREE char *text = text_typed(office_given(rq, input));

		if (text_is_visible(text))
			json_put(out, languages[i].code, json_text(text));
	}
	return out;
}
