/* page_draft_sign.c - /{lang}/office/drafts/{id}/sign: what a draft changes against the published
 * version, to be signed and filed. */
#include "registry/people/draft.h"
#include "registry/query/query.h"
#include "web/office/office.h"
#include "web/pages/changes_view.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

static enum err fill(const struct request *rq, const struct record_draft *draft, json_t *view)
{
	json_auto_t *newest = NULL;
	json_t *name = view_text(rq, json_object_get(draft->record, "name")), *changes;
	enum err e = query_version(rq->snap, draft->system, 0, &newest);

	if (json_is_null(name)) { /* nobody wrote it yet */
		json_decref(name);
		name = json_make("{s:s,s:b}", "text", draft->system, "foreign", 0);
	}
	json_put(view, "name", name);
	json_put(view, "title", json_text(json_str(name, "text")));
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
	struct people *people = NULL;
	json_t *view;
	enum err e;

	TRY(office_people(rq, &people));
	TRY(draft_get(people, rq->who->person.department, request_path(rq, "id"), &draft));
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
