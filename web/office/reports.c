#include "web/office/reports.h"

#include "registry/query/query.h"
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
