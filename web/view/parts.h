/* parts.h - pieces of views that several pages share. All return new references. */
#pragma once
#include "base/zone.h"
#include "registry/query/work.h"
#include "registry/standard/standard.h"
#include "web/view/view.h"

/* The fields of the standard that pages act on by name; all others only pass through. */
#define FIELD_STATUS "status"
#define FIELD_RISK "risk_category"

/* A value of an enum field: {"value", "label", "help", "answers": does it have a sentence that
 * answers a citizen's question?}; label is the bare value if the standard does not list it; null
 * for NULL. */
json_t *part_value(const struct request *rq, const char *field, const char *value);
/* All values of an enum field, to choose from: [{"value", "label", "selected"}…]. */
json_t *part_choices(const struct request *rq, const char *field, const char *selected);
/* A system from query_systems(), for a list. */
json_t *part_card(const struct request *rq, const json_t *system);
json_t *part_cards(const struct request *rq, const json_t *systems);
/* The cards of what a search found, with the filter's `ids`, as HTML: the words are marked, and
 * have their place if not name or summary. */
MUST_CHECK enum err part_found(const struct request *rq, const json_t *found, struct buf *out);
/* Was a search only for words that search.h leaves out, such as particles? */
bool part_says_nothing(const json_t *found);
/* A due day relative to today: {"due": in words, "overdue", "soon": within DUE_SOON_DAYS days};
 * null for NULL. */
json_t *part_deadline(const struct request *rq, const char *due);
/* {"due": in words, "overdue", "today", "ahead": which of the three, "days": how many ahead or
 * over}. `today` NULL, for a page that shows no current day: none of the three, "days" null. */
json_t *part_days_left(const struct request *rq, const char *due, const char *today);
/* A legal basis, "공공 AI법 19조 / Act 21392 Art 19": the half in the page's language, or all of it
 * if it has one part; null for NULL. */
json_t *part_basis(const struct request *rq, const char *basis);
/* When the next review of a system (from query_system()) is due: {"due": in words, "overdue",
 * "soon": within DUE_SOON_DAYS days}; null if no review is due. */
json_t *part_review(const struct request *rq, const json_t *system);
/* The day `days` from today in the register's zone: "2026-03-01". */
void part_day(const struct request *rq, int days, char out[DAY_TEXT]);
/* The range of due days for a list's filter `review` or `duty` ("overdue", "soon", NULL): from a
 * day on and before another; NULL for an open side. */
struct part_due {
	const char *from, *before;
	char today[16], soon[16];
};
void part_due(const struct request *rq, const char *review, struct part_due *due);
/* A sentence naming who decided something with "by", "person" and "role"; null if it was not the
 * office. */
json_t *part_decided(const struct request *rq, const json_t *of);
/* A reason of the published list (withholding.h): {"code", "title", "about", "basis": texts}; null
 * for NULL and for an unknown code. */
json_t *part_withholding(const struct request *rq, const char *code);
/* The name of an event type in messages: "published" for events of systems, "kpi_reported" for
 * others; the caller frees. */
char *part_type(const char *type);
/* The section of a record's page that shows such an event, "figures" or "incidents"; NULL: a
 * version. */
const char *part_of_record(const char *type);
/* A milestone: {"when", "what", "entry", "version", "part", "decided", "reason", "slug", "name"}.
 */
json_t *part_milestone(const struct request *rq, const json_t *milestone);
/* An adoption from news_adoptions(): {"when", "what", "entry", "reason", "href": its page,
 * "adoption": true, and nulls for members that only milestones of systems have}. */
json_t *part_adoption(const struct request *rq, const json_t *adoption);
/* Adds the address of the page's feed (page_feed.c): about "" for the register's, "/systems/x",
 * "/departments/x"; `title` names its subject. */
void part_feed(const struct request *rq, json_t *view, const char *about, const char *title);
/* The name of a department in the page's language, or its slug; the caller frees. */
char *part_department(const struct request *rq, const char *slug);
/* {"previous": href or null, "next": href or null, "text"} for page `page` of `pages`; null for one
 * page. `base` is the address with its query, up to "page=". */
json_t *part_pages(const struct request *rq, const char *base, int64_t page, int64_t pages);
/* The page number that the query asks for, from 1. */
int64_t part_page(const struct request *rq);
