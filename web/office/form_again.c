#include "web/office/form_again.h"

#include "web/view/view.h"

#include <string.h>

static bool is_among(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

json_t *form_inputs(const struct form_body *body, const char *const *but)
{
	json_t *list = json_array();

	for (size_t i = 0; i < body->n; i++)
		if (strcmp(body->all[i].name, "csrf") != 0 && !is_among(but, body->all[i].name))
			json_push(list, json_make("{s:s, s:s}", "name", body->all[i].name, "value",
						body->all[i].value));
	return list;
}

enum err form_again(const struct request *rq, struct response *rs)
{
	static const char *const but[] = {NULL};
	AUTO(form_body) body = {0};
	json_t *view;

	TRY(form_body_parse(rq->body, rq->body_len, &body));
	view = json_make("{s:s, s:s, s:b, s:o}", "title",
		message(rq, rq->who ? "again_now" : "again"), "action", rq->path, "signed_in",
		rq->who != NULL, "inputs", form_inputs(&body, but));
	rs->status = err_kind(ERR_DENIED)->http;
	return office_render(rq, rs, "office_again.html", view);
}
