/* page_home.c - /{lang}/: search, counts, the latest changes, figures on answered questions. */
#include "registry/query/coverage.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#define LATEST 6

static const char *const numbers[] = {"systems", "suspended", "retired", "departments", "feedback",
	"answered", "waiting", "withheld", "undecided", "erased"};

/* The number of imported records that have no level. */
static json_t *without_risk(const struct request *rq, int64_t n)
{
	return json_make("{s:n, s:{s:s, s:b}, s:o}", "value", "label", "text",
		message(rq, "risk_none"), "foreign", 0, "count", view_number(n));
}

/* The number of systems at each risk level, in the standard's order, highest first. */
static json_t *risks_view(const struct request *rq, const json_t *counts)
{
	json_t *risks = part_choices(rq, FIELD_RISK, NULL);
	const json_t *found = json_object_get(counts, "risk");

	json_each (risks, risk)
		json_put(risk, "count", view_number(json_num(found, json_str(risk, "value"))));
	if (json_num(found, "none"))
		json_push(risks, without_risk(rq, json_num(found, "none")));
	return risks;
}

/* How many departments reported on their use of AI; null if unknown. */
static json_t *coverage_view(const struct request *rq)
{
	json_auto_t *counts = NULL;
	json_t *view;
	char today[16];

	part_day(rq, 0, today);
	if (coverage_counts(rq->snap, today, &counts) || !json_num(counts, "departments"))
		return json_null();
	view = json_object();
	json_members (counts, key, n)
		json_put(view, key, view_number(json_integer_value(n)));
	return view;
}

/* How many systems have an overdue duty; null if unknown. */
static json_t *overdue_view(const struct request *rq)
{
	json_auto_t *found = NULL;
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	if (query_systems(
		    rq->snap, &(struct system_filter){.duty_before = today, .limit = 1}, &found))
		return json_null();
	return view_number(json_num(found, "total"));
}

/* How many questions have waited longer than the city intends. */
static json_t *late_view(const struct request *rq)
{
	char before[TIME_TEXT];
	int64_t late;

	query_asked_before(rq->snap, site_now(rq->site), before);
	return query_all_late(rq->snap, before, &late) == OK ? view_number(late) : json_null();
}

static json_t *counts_view(const struct request *rq, const json_t *counts)
{
	json_t *view = json_object();
	const json_t *days = json_object_get(counts, "answer_days");

	for (size_t i = 0; i < COUNT(numbers); i++)
		json_put(view, numbers[i], view_number(json_num(counts, numbers[i])));
	json_put(view, "risks", risks_view(rq, counts));
	json_put(view, "coverage", coverage_view(rq));
	json_put(view, "overdue", overdue_view(rq));
	json_put(view, "late", late_view(rq));
	json_put(view, "answer_days",
		json_is_number(days) ? view_number((int64_t)json_number_value(days)) : json_null());
	return view;
}

static json_t *latest_view(const struct request *rq, const json_t *latest)
{
	json_t *out = json_array();

	json_each (latest, milestone)
		json_push(out, part_milestone(rq, milestone));
	return out;
}

enum err page_home(struct request *rq, struct response *rs)
{
	json_t *counts = NULL, *latest = NULL, *view;

	TRY(query_counts(rq->snap, &counts));
	if (query_latest(rq->snap, LATEST, &latest))
		latest = json_array(); /* the page is useful without them */
	view = json_object();
	json_put(view, "home", json_true());
	json_put(view, "title", json_text(message(rq, "home_title")));
	json_put(view, "description", json_text(message(rq, "home_lead")));
	json_put(view, "counts", counts_view(rq, counts));
	json_put(view, "latest", latest_view(rq, latest));
	part_feed(rq, view, "", message(rq, "home_latest"));
	json_decref(counts);
	json_decref(latest);
	return page_render(rq, rs, "home.html", view);
}
