/* /api/v1/policies, and /api/v1/check: checks a record by standard and policies, unfiled. */
#include "base/security.h"
#include "registry/query/query.h"
#include "web/http/limit.h"
#include "web/pages/pages.h"
#include "web/pages/record_check.h"
#include "web/view/problem.h"

enum err api_policies(struct request *rq, struct response *rs)
{
	json_t *list;

	TRY(query_policies(rq->snap, NULL, &list));
	rs->body.max = 4 * MIB;
	return page_json(rs, json_make("{s:o}", "policies", list));
}

/* All files of the newest adoption, unchanged: `jq -r '.files["rule.jq"]'` prints the program. */
enum err api_policy(struct request *rq, struct response *rs)
{
	AUTO(buf) bytes = BUF(POLICY_MAX);
	json_auto_t *found = NULL, *content = NULL;
	const json_t *newest;
	json_t *out;
	char type[64];

	TRY(query_policies(rq->snap, request_path(rq, "id"), &found));
	newest = json_array_get(found, 0);
	ENSURE(newest, ERR_NOT_FOUND, "this register never adopted a policy \"%s\"",
		request_path(rq, "id"));
	TRY(query_content(rq->snap, json_str(newest, "sha256"), &bytes, type));
	TRY(json_read(buf_text(&bytes), bytes.len, POLICY_MAX, RULES_STRICT, &content));
	out = json_copy((json_t *)newest);
	json_put(out, "files", json_incref(json_object_get(content, "files")));
	json_put(out, "versions", json_incref(found));
	rs->body.max = 4 * MIB;
	return page_json(rs, out);
}

/* --- check --- */

/* {"record": {…}} or the record itself. */
static const json_t *record_of(const json_t *body)
{
	const json_t *record = json_object_get(body, "record");

	return json_is_object(record) ? record : body;
}

static enum err check(struct request *rq, const json_t *record, struct response *rs)
{
	json_auto_t *problems = json_array(), *judgement = NULL;
	json_t *texts = NULL;

	TRY(record_check(rq, record, problems, &judgement));
	TRY(problems_text(rq->site->view, rq->lang, rq->standard, problems, &texts));
	rs->private_ = true;
	rs->body.max = 4 * MIB;
	return page_json(
		rs, json_make("{s:b, s:O, s:o, s:O}", "valid", json_array_size(problems) == 0,
			    "problems", problems, "texts", texts, "judgement", judgement));
}

enum err api_check(struct request *rq, struct response *rs)
{
	json_auto_t *body = NULL;

	if (limit_take(rq->site->checks, rq->client, site_now(rq->site)) != OK) {
		security_event(SECURITY_LIMITED);
		return ERR_LIMITED;
	}
	TRY(json_read(rq->body, rq->body_len, rq->route->body_max, RULES_GIVEN, &body));
	ENSURE(json_is_object(body), ERR_INVALID, "expected a record, or {\"record\": …}");
	return check(rq, record_of(body), rs);
}
