/* page_verify.c - /{lang}/verify: how anyone checks this register with tools that are not ours. */
#include "web/pages.h"
#include "web/parts.h"
#include "web/submit.h"

enum err page_verify(struct request *rq, struct response *rs)
{
	json_t *checkpoint = NULL, *view = json_object();
	enum err e = web_checkpoint(rq, &checkpoint);

	if (e && err_kind(e)->ours) {
		json_decref(view);
		return e;
	}
	json_put(view, "title", json_text(message(rq, "verify_title")));
	json_put(view, "description", json_text(message(rq, "verify_lead")));
	json_put(view, "base", json_text(web_base(rq->web)));
	json_put(view, "checkpoint", checkpoint ? checkpoint : json_null());
	json_put(view, "entries", view_number(checkpoint ? json_num(checkpoint, "size") : 0));
	json_put(view, "in_verify", json_true());
	return page_render(rq, rs, "verify.html", view);
}
