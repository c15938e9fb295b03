/* /api/v1/departments: all departments; which declared to use no AI, which said nothing yet. */
#include "registry/event/state.h"
#include "registry/query/coverage.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

enum err api_departments(struct request *rq, struct response *rs)
{
	json_auto_t *list = NULL;
	json_t *counts;
	char today[16];

	part_day(rq, 0, today);
	TRY(coverage_departments(rq->snap, today, &list));
	TRY(coverage_counts(rq->snap, today, &counts));
	rs->body.max = 16 * MIB;
	return page_json(rs, json_make("{s:o,s:o}", "departments", TAKE(list), "coverage", counts));
}

/* `after` is the index that the next event about it, such as a declaration, must name. */
enum err api_department(struct request *rq, struct response *rs)
{
	struct state state = state_of(rq->snap);
	const char *slug = request_path(rq, "slug");
	json_t *department;
	char today[16];
	int64_t after;

	part_day(rq, 0, today);
	TRY(state_after(&state, "department", slug, &after));
	TRY(coverage_department(rq->snap, slug, today, &department));
	json_put(department, "after", json_integer(after));
	rs->body.max = 16 * MIB;
	return page_json(rs, department);
}
