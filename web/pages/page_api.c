/* /api/v1/: read by programs of departments and others; also receives signed events. */
#include "registry/event/settings.h"
#include "registry/office/office.h"
#include "registry/query/consultation.h"
#include "registry/query/coverage.h"
#include "registry/query/doubts.h"
#include "registry/query/figures.h"
#include "registry/query/incidents.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/problem.h"

#include <stdlib.h>
#include <string.h>

#define LIST_USUAL 100 /* entries of a list, if the address names no limit */

enum err api_register(struct request *rq, struct response *rs)
{
	AUTO(buf) vkey = BUF(KIB);
	json_auto_t *reg = NULL, *counts = NULL;
	json_t *coverage;
	char today[16];
	bool assumed;

	part_day(rq, 0, today);
	TRY(query_register(rq->snap, &reg));
	TRY(query_counts(rq->snap, &counts));
	TRY(coverage_counts(rq->snap, today, &coverage));
	json_put(counts, "coverage", coverage);
	json_put(reg, "licence",
		json_text(settings_licence(json_object_get(reg, "about"), &assumed)));
	json_put(reg, "licence_assumed", json_boolean(assumed));
	vkey_text(reg_vkey(rq->site->reg), &vkey);
	json_put(reg, "vkey", json_text(buf_text(&vkey)));
	json_put(reg, "counts", TAKE(counts));
	return page_json(rs, TAKE(reg));
}

enum err api_standard(struct request *rq, struct response *rs)
{
	return page_json(rs, json_deep_copy(standard_json(rq->standard)));
}

enum err api_standard_schema(struct request *rq, struct response *rs)
{
	TRY(page_json(rs, standard_schema(rq->standard)));
	rs->type = "application/schema+json";
	return OK;
}

/* Days until the first duty that is not shown as met; negative if it is overdue. */
static void put_days_left(const struct request *rq, json_t *system)
{
	const char *due = json_str(system, "duty_due");
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	json_put(system, "duty_days_left", due ? json_integer(zone_days(today, due)) : json_null());
}

enum err api_systems(struct request *rq, struct response *rs)
{
	struct system_filter filter = {.words = request_query(rq, "q"),
		.kept = rq->site->searches,
		.department = request_query(rq, "department"),
		.status = request_query(rq, "status"),
		.risk = request_query(rq, "risk"),
		.offset = request_query_number(rq, "offset", 0),
		.limit = request_query_number(rq, "limit", LIST_USUAL)};
	const char *from = request_query(rq, "due_from"), *before = request_query(rq, "due_before");
	struct part_due due, duty;
	json_t *list;

	part_due(rq, request_query(rq, "review"), &due);
	filter.due_from = from ? from : due.from;
	filter.due_before = before ? before : due.before;
	part_due(rq, request_query(rq, "duty"), &duty);
	filter.duty_from = duty.from;
	filter.duty_before = duty.before;
	TRY(query_systems(rq->snap, &filter, &list));
	json_each (json_object_get(list, "systems"), system)
		put_days_left(rq, system);
	json_object_del(list, "forms");
	json_put(list, "offset", json_integer(filter.offset));
	json_put(list, "limit", json_integer(filter.limit));
	return page_json(rs, list);
}

/* Adds "decided_by": "person" for one of the office ("person" is the id, "role" the role at that
 * time), "operator", or "register". */
static void put_decided(json_t *of)
{
	const char *by = json_str(of, "by");
	const char *who = json_str(of, "person")            ? "person"
	                  : by && strcmp(by, "office") == 0 ? "operator"
	                                                    : by;

	json_put(of, "decided_by", json_text(who));
}

static void not_published(struct response *rs, bool filed, json_t *system)
{
	rs->status = err_kind(ERR_NOT_FOUND)->http;
	rs->private_ = true; /* the next filing or decision changes this answer */
	json_put(system, "error", json_text(err_kind(ERR_NOT_FOUND)->name));
	json_put(system, "message",
		json_text(err_text(filed ? "nothing is published under this name yet"
					 : "nothing was filed under this name yet")));
}

/* The system with its newest record, its latest filing (from which its department learns the
 * office's decision and reason), and `after`, which the next event about it must name. If nothing
 * was published under the slug, the answer is not found, but still has `after`, -1 if nothing was
 * filed either. */
enum err api_system(struct request *rq, struct response *rs)
{
	struct state state = state_of(rq->snap);
	const char *slug = request_path(rq, "slug");
	json_t *version = NULL, *filing = NULL, *consultations;
	json_auto_t *system = NULL;
	json_t *figures, *incidents;
	char today[DAY_TEXT];
	int64_t after;
	enum err e;

	TRY(state_after(&state, "system", slug, &after));
	if (query_system(rq->snap, slug, &system) != OK)
		system = json_make("{s:s,s:i}", "slug", slug, "version", 0);
	put_days_left(rq, system);
	if (consultation_list(rq->snap, slug, &consultations) == OK)
		json_put(system, "consultations", consultations);
	json_put(system, "after", json_integer(after));
	e = query_version(rq->snap, slug, 0, &version);
	if (e == OK) {
		put_decided(version);
		json_put(system, "published", version);
	} else if (e == ERR_NOT_FOUND) {
		not_published(rs, after >= 0, system);
	} else {
		return e;
	}
	if (query_latest_filing(rq->snap, slug, &filing) == OK)
		json_put(system, "latest_filing", filing);
	TRY(figures_of(rq->snap, slug, NULL, &figures));
	json_put(system, "figures", figures);
	part_day(rq, 0, today);
	TRY(incidents_of(
		rq->snap, &(struct incident_filter){.system = slug, .day = today}, &incidents));
	json_put(system, "incidents", incidents);
	return page_json(rs, TAKE(system));
}

/* All public events of a system, newest first, each with who decided. */
enum err api_history(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	int64_t offset = request_query_number(rq, "offset", 0), total,
		limit = request_query_number(rq, "limit", LIST_USUAL);
	json_auto_t *system = NULL;
	json_t *history = NULL;

	TRY(query_system(rq->snap, slug, &system));
	TRY(query_milestones_n(rq->snap, slug, &total));
	TRY(query_milestones(rq->snap, slug, offset, limit, &history));
	json_each (history, milestone)
		put_decided(milestone);
	return page_json(rs, json_make("{s:s,s:I,s:I,s:I,s:o}", "system", slug, "total",
				     (json_int_t)total, "offset", (json_int_t)offset, "limit",
				     (json_int_t)limit, "history", history));
}

/* Published questions and their answers, of one system or without a system. */
enum err api_questions(struct request *rq, struct response *rs)
{
	const char *slug = request_query(rq, "system");
	json_auto_t *system = NULL;
	json_t *feedback;

	slug = slug && *slug ? slug : NULL;
	if (slug)
		TRY(query_system(rq->snap, slug, &system));
	TRY(query_feedback(rq->snap, slug, &feedback));
	json_put(feedback, "system", json_text(slug));
	return page_json(rs, feedback);
}

enum err api_feedback(struct request *rq, struct response *rs)
{
	struct state state = state_of(rq->snap);
	const char *id = request_path(rq, "id");
	json_t *question, *feedback;
	int64_t after;

	TRY(query_question(rq->snap, id, FOR_EVERYONE, &question));
	TRY(state_after(&state, "feedback", id, &after));
	feedback = json_make("{s:s,s:s?,s:s,s:b,s:I}", "id", id, "system",
		json_str(question, "system"), "state", json_str(question, "state"), "withdrawn",
		json_is_true(json_object_get(question, "withdrawn")), "after", (json_int_t)after);
	json_put(feedback, "swept", json_incref(json_object_get(question, "swept")));
	json_put(feedback, "code", json_incref(json_object_get(question, "code")));
	json_put(feedback, "decided", json_incref(json_object_get(question, "decided")));
	if (strcmp(json_str(question, "state"), "published") == 0)
		json_object_update_missing(feedback, question);
	json_decref(question);
	return page_json(rs, feedback);
}

#define WHY ERR_WHY_MAX

struct job_event {
	struct job job;
	const char *entry, *content;
	const json_t *record; /* of a filing that is to be judged; else NULL */
	uint64_t index;
	const struct event *sent; /* the parsed entry */
	const json_t *value;      /* the parsed content; NULL without content */
};

static enum err add_event(struct tx *tx, struct job *job)
{
	struct job_event *ev = (struct job_event *)job;

	char why[WHY];
	enum err added, judged;

	TRY(office_check_signed(tx, ev->sent, ev->value));
	added = tx_add_signed(tx, ev->entry, strlen(ev->entry), ev->content,
		ev->content ? strlen(ev->content) : 0, &ev->index);

	/* Policies' programs never run on input from strangers. A department's record is judged
	 * even if it breaks the standard, so that the answer lists all problems at once. */
	if (!ev->record || (added != OK && !json_array_size(job->problems)))
		return added;
	snprintf(why, sizeof(why), "%s", err_why());
	judged = tx_judge_filing(tx, ev->record);
	return added != OK ? fail(added, "%s", why) : judged;
}

/* Refuses a record with every rule that it breaks, in the sender's language. */
static enum err refused(struct request *rq, struct response *rs, enum err e, json_t *problems)
{
	char why[WHY];
	json_t *texts = NULL;

	snprintf(why, sizeof(why), "%s", err_why());
	TRY(problems_text(rq->site->view, rq->lang, rq->standard, problems, &texts));
	rs->status = err_kind(e)->http;
	rs->private_ = true;
	return page_json(rs, json_make("{s:s,s:s,s:O,s:o}", "error", err_kind(e)->name, "message",
				     why, "problems", problems, "texts", texts));
}

/* Suspicious points of a filing that do not refuse it; the answer lists them. */
static void find_doubts(
	struct request *rq, const struct event *ev, const json_t *record, json_t **out)
{
	if (!record || !ev->department ||
		doubts_of_filing(
			rq->snap, rq->standard, ev->subject, ev->department, record, out) != OK)
		*out = json_array();
}

/* Verifies the signature first: only for departments does the server read a content or check a
 * record, because strangers could request that at will. The writer verifies again, because a key
 * may be revoked meanwhile. */
static enum err read_signed(struct request *rq, const char *entry, struct event *ev)
{
	struct state state = state_of(rq->snap);
	size_t len = strlen(entry);

	TRY(event_parse(entry, len, ev));
	ENSURE(event_is_signed(ev), ERR_DENIED,
		"%s by %s cannot be sent in: departments and people sign what they send",
		ev->type->name, ev->by);
	TRY(state_identify(&state, entry, len, ev));
	return state_check_signature(&state, entry, len, ev);
}

static enum err filed(struct request *rq, struct response *rs, uint64_t entry, json_t *doubts)
{
	json_t *answer = json_make("{s:I}", "entry", (json_int_t)entry), *texts;

	if (json_array_size(doubts) > 0 &&
		problems_text(rq->site->view, rq->lang, rq->standard, doubts, &texts) == OK) {
		json_put(answer, "doubts", json_incref(doubts));
		json_put(answer, "texts", texts);
	}
	rs->status = 201;
	rs->private_ = true;
	return page_json(rs, answer);
}

static enum err submit_event(struct request *rq, const json_t *body, struct response *rs)
{
	json_auto_t *problems = json_array(), *content = NULL, *doubts = NULL;
	AUTO(event) sent = {0};
	struct job_event ev = {.job = {.run = add_event, .problems = problems},
		.entry = json_str(body, "entry"),
		.content = json_str(body, "content"),
		.sent = &sent};
	enum err e;

	ENSURE(ev.entry, ERR_INVALID, "\"entry\" is missing: the signed note, as a string");
	TRY(read_signed(rq, ev.entry, &sent));
	if (ev.content)
		TRY(json_read(ev.content, strlen(ev.content), rq->route->body_max, RULES_EXACT,
			&content));
	ev.value = content;
	ev.record = json_object_get(content, "record");
	find_doubts(rq, &sent, ev.record, &doubts);
	request_read_done(rq);
	e = reg_do(rq->site->reg, &ev.job);
	if (e != OK)
		return json_array_size(problems) ? refused(rq, rs, e, problems) : e;
	return filed(rq, rs, ev.index, doubts);
}

enum err api_event(struct request *rq, struct response *rs)
{
	json_auto_t *body = NULL;

	/* Parsed loosely: the two strings inside are checked strictly when they are parsed. */
	TRY(json_read(rq->body, rq->body_len, rq->route->body_max, RULES_LOOSE, &body));
	ENSURE(json_is_object(body), ERR_INVALID, "expected {\"entry\": …, \"content\": …}");
	return submit_event(rq, body, rs);
}
