/* page_draft_sign.c - /{lang}/office/drafts/{id}/sign: shows how a draft differs from the published
 * version, for signing and filing. */
#include "registry/query/query.h"
#include "web/office/draft_form.h"
#include "web/pages/changes_view.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

static enum err fill(const struct request *rq, const struct record_draft *draft, json_t *view)
{
	json_auto_t *newest = NULL;
	AUTOFREE char *name = draft_name(rq, draft);
	enum err e = query_version(rq->snap, draft->system, 0, &newest);
	json_t *changes;

	json_put(view, "title", json_text(name));
	json_put(view, "draft", json_text(draft->id));
	json_put(view, "slug", json_text(draft->system));
	if (e != ERR_NOT_FOUND)
		TRY(e);
	json_put(view, "new", json_boolean(!newest));
	changes = changes_view(rq, json_object_get(newest, "record"), draft->record);
	json_put(view, "count", view_number((int64_t)json_array_size(changes)));
	json_put(view, "changes", changes);
	return OK;
}

enum err page_draft_sign(struct request *rq, struct response *rs)
{
	AUTO(record_draft) draft = {0};
	json_t *view;
	enum err e;

	TRY(draft_open(rq, &draft));
	view = json_make("{s:b,s:b}", "signing", 1, "in_drafts", 1);
	e = fill(rq, &draft, view);
	if (e != OK) {
		json_decref(view);
		return e;
	}
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	view_crumb(view, message(rq, "drafts"), "/%s/office/drafts", rq->lang);
	view_crumb(view, json_str(view, "title"), "/%s/office/drafts/%s", rq->lang, draft.id);
	json_put(view, "crumb", json_text(message(rq, "draft_sign")));
	return office_render(rq, rs, "office_draft_sign.html", view);
}
