#include "cli/agenda.h"

#include "registry/event/access.h"
#include "registry/event/state.h"
#include "registry/people/drafts.h"
#include "registry/people/given.h"
#include "registry/query/incidents.h"
#include "registry/query/work.h"

#include <string.h>

struct agenda {
	const struct snapshot *snap;
	const struct agenda_for *whom;
	const char *department; /* NULL: all departments, for the office */
	json_t *counts;
};

static void put(struct agenda *a, const char *name, int64_t n)
{
	if (n > 0)
		json_put(a->counts, name, json_integer(n));
}

static enum err put_count(struct agenda *a, const char *name, enum work list)
{
	int64_t n;

	TRY(work_count(a->snap, list,
		&(struct work_filter){.department = a->department, .limit = -1}, &n));
	put(a, name, n);
	return OK;
}

/* Is the due day that many days ahead today, or was it since the last letter (the machine may have
 * been off)? */
static bool is_told_today(const struct agenda_for *whom, const char *due, int days)
{
	int left = zone_days(whom->today, due);
	int then = *whom->since ? zone_days(whom->since, due) : left + 1;

	return left >= 0 && left <= days && then > days && (*whom->since || left == days);
}

static enum err add_dues(struct agenda *a, bool overdue)
{
	const struct due_filter filter = {
		.department = a->department, .before = "9999-12-31", .limit = -1};
	const struct system_filter reviews = {.department = a->department,
		.due_from = "0000-01-01",
		.due_before = "9999-12-31",
		.limit = -1};
	int64_t month = 0, week = 0, over = 0;
	json_auto_t *dues = NULL, *systems = NULL;

	TRY(query_dues(a->snap, &filter, &dues));
	TRY(query_systems(a->snap, &reviews, &systems));
	json_each (json_object_get(systems, "systems"), one)
		json_push(dues, json_make("{s:O}", "due", json_object_get(one, "review_due")));
	json_each (dues, one) {
		const char *due = json_str(one, "due");

		if (!due || json_is_true(json_object_get(one, "met")))
			continue;
		month += is_told_today(a->whom, due, 30);
		week += is_told_today(a->whom, due, 7);
		over += strcmp(due, a->whom->today) < 0;
	}
	put(a, "month", month);
	put(a, "week", week);
	put(a, "overdue", overdue ? over : 0);
	return OK;
}

static enum err add_questions(struct agenda *a, bool office)
{
	int64_t undecided = 0, unanswered = 0, late = 0;
	json_auto_t *list = NULL;

	TRY(work_rows(a->snap, WORK_QUESTIONS,
		&(struct work_filter){
			.department = a->department, .undecided = office, .limit = -1},
		&list));
	json_each (list, one) {
		bool is_undecided = strcmp(json_str(one, "state"), "received") == 0;

		undecided += is_undecided;
		unanswered += !is_undecided;
		late += strcmp(json_str(one, "at"), a->whom->asked_before) < 0;
	}
	put(a, "undecided", undecided);
	put(a, "questions", unanswered);
	put(a, "late", late);
	return OK;
}

/* Keys that somebody's browser made and nobody has granted yet. */
static enum err add_keys(struct agenda *a)
{
	AUTO(state) state = state_of(a->snap);
	json_auto_t *asked = NULL;
	int64_t n = 0;

	TRY(people_asked_keys(a->whom->people, NULL, &asked));
	json_each (asked, key) {
		AUTO(granted) granted = {0};
		enum err e = state_granted(&state, json_str(key, "vkey"), &granted);

		if (e != ERR_NOT_FOUND)
			TRY(e);
		n += e == ERR_NOT_FOUND;
	}
	put(a, "keys", n);
	return OK;
}

/* Duties that are assigned to the person and still owed. */
static enum err add_given(struct agenda *a)
{
	json_auto_t *given = NULL;
	int64_t n = 0;

	TRY(given_list(a->whom->people, a->whom->account, &given));
	json_each (given, one) {
		json_auto_t *owed = NULL;
		enum err e = work_due(a->snap, json_str(one, "system"), json_str(one, "policy"),
			json_str(one, "duty"), &owed);

		if (e != ERR_NOT_FOUND)
			TRY(e);
		n += e == OK;
	}
	put(a, "given", n);
	return OK;
}

static enum err add_held(struct agenda *a)
{
	json_auto_t *open = NULL;
	int64_t n = 0;

	TRY(incidents_of(a->snap,
		&(struct incident_filter){
			.department = a->department, .day = a->whom->today, .waiting = true},
		&open));
	json_each (open, one)
		n += json_is_true(json_object_get(one, "held"));
	put(a, "held", n);
	return OK;
}

/* Mentioned only with other work: drafts alone are no reason for a daily letter. */
static enum err add_drafts(struct agenda *a)
{
	json_auto_t *drafts = NULL;

	if (!a->department || !json_object_size(a->counts))
		return OK;
	TRY(drafts_in_work(a->snap, a->whom->people, a->department, &drafts));
	put(a, "drafts", (int64_t)json_array_size(drafts));
	return OK;
}

enum err agenda_of(const struct snapshot *snap, const struct agenda_for *whom, json_t **out)
{
	bool office =
		strcmp(whom->role, "reviewer") == 0 || strcmp(whom->role, "administrator") == 0;
	bool head = strcmp(whom->role, "head") == 0, officer = strcmp(whom->role, "officer") == 0;
	json_auto_t *counts = json_object();
	struct agenda a = {snap, whom, office ? NULL : whom->department, counts};

	if (office || head || officer) {
		TRY(put_count(&a, office ? "filings" : "returned",
			office ? WORK_FILINGS : WORK_RETURNED));
		TRY(add_questions(&a, office));
		TRY(add_dues(&a, office || head));
		if (strcmp(whom->role, role_name(ROLE_ADMINISTRATOR)) == 0)
			TRY(add_keys(&a));
		TRY(add_given(&a));
		TRY(add_held(&a));
		TRY(add_drafts(&a));
	}
	*out = TAKE(counts);
	return OK;
}
