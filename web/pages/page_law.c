/* page_law.c - /{lang}/law: the city's compliance with Korea's Act 21392, computed from its
 * published records alone: the list of AI services (Art 30), impact assessments (Art 32), the
 * responsible officer (Art 19) and responsibility for decisions (Art 3(5)). It prints as one sheet
 * for the mayor. */
#include "base/env.h"
#include "registry/query/query.h"
#include "registry/query/service_list.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN 10          /* of a list of systems; the page says how many more there are */
#define ON_PAPER 3        /* the next due days that the printed sheet shows */
#define DAYS_SHOWN 30     /* days to show; the rest is summed up */
#define OFFICERS_SHOWN 20 /* named in records; one is expected */
#define OF_A_PAGE 50      /* of the long lists, which continue by a cursor */

struct law {
	const struct request *rq;
	char today[DAY_TEXT];
};

static bool is_text(const json_t *object, const char *member, const char *text)
{
	const char *s = json_str(object, member);

	return s && strcmp(s, text) == 0;
}

/* --- counts --- */

static enum err counts_of(const struct law *l, const char *what, json_t **out)
{
	return service_list_counts(l->rq->snap, what, -1, out);
}

static int64_t sum(const json_t *counts)
{
	int64_t n = 0;

	json_each (counts, one)
		n += json_num(one, "n");
	return n;
}

static enum err count_of(const struct law *l, const char *what, int64_t *out)
{
	json_auto_t *counts = NULL;

	TRY(counts_of(l, what, &counts));
	*out = sum(counts);
	return OK;
}

/* From counts by day: the number of systems whose day has passed. */
static int64_t overdue_of(const struct law *l, const json_t *counts)
{
	int64_t n = 0;

	json_each (counts, one) {
		const char *day = json_str(one, "of");

		n += *day && strcmp(day, l->today) < 0 ? json_num(one, "n") : 0;
	}
	return n;
}

/* [{"of", "n"}…] as {of: n}. */
static json_t *by_name(const json_t *counts)
{
	json_t *named = json_object();

	json_each (counts, one)
		json_put(named, json_str(one, "of"), json_incref(json_object_get(one, "n")));
	return named;
}

/* --- the state of assessments --- */

/* Each system is in one of these states; the page shows them in this order. */
static const char *const kinds[] = {
	"done", "owed", "overdue", "exempt", "unconfirmed", "out", "unanswered"};

static json_t *figures_view(const struct law *l, const json_t *counts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(kinds); i++) {
		AUTOFREE char *key = mem_printf("law_%s", kinds[i]);

		json_push(list,
			json_make("{s:s,s:o,s:b}", "label", message(l->rq, key), "n",
				view_number(json_num(counts, kinds[i])), "red",
				strcmp(kinds[i], "overdue") == 0 && json_num(counts, kinds[i])));
	}
	return list;
}

/* The standard's name for a ground of exemption. */
static json_t *ground_name(const struct request *rq, const char *ground)
{
	const json_t *fields = json_object_get(standard_json(rq->standard), "fields");

	json_each (fields, field) {
		const json_t *members = json_object_get(json_object_get(field, "item"), "members");
		const json_t *values = json_object_get(json_array_get(members, 0), "values");

		if (!is_text(field, "name", "assessment_exemption"))
			continue;
		json_each (values, value)
			if (is_text(value, "value", ground))
				return view_text(rq, json_object_get(value, "label"));
	}
	return json_make("{s:s}", "text", ground);
}

static json_t *grounds_view(const struct law *l, const json_t *grounds)
{
	json_t *list = json_array();

	json_each (grounds, one)
		json_push(list,
			json_make("{s:o,s:o}", "name", ground_name(l->rq, json_str(one, "of")), "n",
				view_number(json_num(one, "n"))));
	return list;
}

static json_t *system_view(const struct request *rq, const json_t *system)
{
	json_t *name = json_object_get(system, "name");

	return json_make("{s:s,s:o,s:o}", "slug", json_str(system, "slug"), "name",
		json_is_object(name) ? view_text(rq, name) : json_null(), "department",
		view_text(rq, json_object_get(system, "department_name")));
}

/* The group of systems that share a due day: {"due", "n", "systems": those among the first of all,
 * "paper": is it on the sheet}. */
static json_t *group_of(const struct law *l, const json_t *day, const json_t *systems, size_t place)
{
	json_t *list = json_array();

	json_each (systems, one)
		if (is_text(one, "due", json_str(day, "of")))
			json_push(list, system_view(l->rq, one));
	return json_make("{s:o,s:o,s:o,s:b}", "due",
		part_days_left(l->rq, json_str(day, "of"), l->today), "n",
		view_number(json_num(day, "n")), "systems", list, "paper", place < ON_PAPER);
}

/* The next due days, each system once: to assess, or to have an exemption confirmed. */
static enum err next_view(const struct law *l, json_t **out)
{
	json_auto_t *days = NULL, *systems = NULL;
	json_t *groups = json_array();
	int64_t total, later = 0;

	TRY(counts_of(l, "next", &days));
	TRY(service_list_next(l->rq->snap, SHOWN, &systems));
	total = sum(days);
	json_each_at (days, i, day) {
		if (i < DAYS_SHOWN)
			json_push(groups, group_of(l, day, systems, i));
		else
			later += json_num(day, "n");
	}
	*out = json_make("{s:o,s:b,s:o,s:b,s:o}", "groups", groups, "none", total == 0, "more",
		view_number(total > SHOWN ? total - SHOWN : 0), "is_more", total > SHOWN, "later",
		view_number(later));
	return OK;
}

/* Upcoming systems, and those whose day has passed. */
static enum err count_kinds(const struct law *l, json_t **out, int64_t *undated)
{
	json_auto_t *kinds_of = NULL, *owed = NULL, *without = NULL;
	int64_t late;

	TRY(counts_of(l, "kind", &kinds_of));
	TRY(counts_of(l, "owed", &owed));
	TRY(counts_of(l, "undated", &without));
	late = overdue_of(l, owed);
	*out = by_name(kinds_of);
	json_put(*out, "overdue", json_integer(late));
	json_put(*out, "owed", json_integer(sum(owed) - late));
	*undated = sum(without) - overdue_of(l, without);
	return OK;
}

static enum err assessments_view(const struct law *l, json_t **out)
{
	json_auto_t *counts = NULL, *grounds = NULL, *confirm = NULL;
	int64_t total = 0, late = 0, undated = 0;
	json_t *next = NULL;

	TRY(count_kinds(l, &counts, &undated));
	TRY(counts_of(l, "ground", &grounds));
	TRY(counts_of(l, "confirm", &confirm));
	TRY(count_of(l, "systems", &total));
	TRY(count_of(l, "late", &late));
	TRY(next_view(l, &next));
	*out = json_make("{s:o,s:o,s:o,s:b,s:o,s:o,s:o,s:o}", "total", view_number(total),
		"figures", figures_view(l, counts), "grounds", grounds_view(l, grounds),
		"has_grounds", json_array_size(grounds) > 0, "late", view_number(late), "undated",
		view_number(undated), "unconfirmed", view_number(overdue_of(l, confirm)), "next",
		next);
	return OK;
}

/* --- the duties, one row each --- */

static json_t *duty_view(
	const struct law *l, const json_t *duty, const json_t *met, const json_t *overdue)
{
	const json_t *about = json_object_get(duty, "about");
	const char *id = json_str(duty, "duty"), *from = json_str(about, "from");
	int64_t n = json_num(duty, "n"), shown = json_num(met, id);

	return json_make("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "basis",
		part_basis(l->rq, json_str(about, "basis")), "text",
		view_text(l->rq, json_object_get(about, "text")), "from",
		from && strcmp(from, l->today) > 0 ? view_date(l->rq, from) : json_null(),
		"systems", view_number(n), "met", view_number(shown), "unmet",
		view_number(n - shown), "overdue", view_number(json_num(overdue, id)));
}

/* {duty: systems whose day for it has passed}, from counts of "duty day". */
static json_t *overdue_duties(const struct law *l, const json_t *dues)
{
	json_t *overdue = json_object();

	json_each (dues, one) {
		const char *of = json_str(one, "of"), *day = strrchr(of, ' ');
		AUTOFREE char *id = day ? mem_bytes(of, (size_t)(day - of)) : NULL;

		if (day && strcmp(day + 1, l->today) < 0)
			json_put(overdue, id,
				json_integer(json_num(overdue, id) + json_num(one, "n")));
	}
	return overdue;
}

static int by_article(const void *a, const void *b)
{
	return strverscmp(
		json_str(*(json_t *const *)a, "duty"), json_str(*(json_t *const *)b, "duty"));
}

/* Sorted by the Act's articles, of which the ids consist: 3.5, 3.7, 19, 30 … */
static enum err duties_view(const struct law *l, json_t **out)
{
	json_auto_t *duties = NULL, *met = NULL, *dues = NULL, *met_of = NULL, *overdue = NULL;
	AUTOFREE const json_t **sorted = NULL;
	json_t *list = json_array();
	size_t n;

	TRY(service_list_duties(l->rq->snap, &duties));
	TRY(counts_of(l, "met", &met));
	TRY(counts_of(l, "due", &dues));
	met_of = by_name(met);
	overdue = overdue_duties(l, dues);
	n = json_array_size(duties);
	sorted = mem_new((n + 1) * sizeof(*sorted));
	for (size_t i = 0; i < n; i++)
		sorted[i] = json_array_get(duties, i);
	qsort(sorted, n, sizeof(*sorted), by_article);
	for (size_t i = 0; i < n; i++)
		json_push(list, duty_view(l, sorted[i], met_of, overdue));
	*out = list;
	return OK;
}

/* --- responsible people --- */

/* [{"name", "n"}…]: the officers named by listed records. One is expected; a city that appoints
 * another has two until all records follow. Texts that are the same in the page's language are
 * counted together. `others`: systems whose officers are not shown. */
static enum err officers_view(const struct law *l, int64_t others, json_t **out, json_t **more)
{
	json_auto_t *officers = NULL, *texts = json_object(), *numbers = json_object();
	json_t *list = json_array();

	TRY(service_list_counts(l->rq->snap, "officer", OFFICERS_SHOWN, &officers));
	json_each (officers, one) {
		json_auto_t *value = json_loads(json_str(one, "of"), 0, NULL),
			    *view = view_text(l->rq, value);
		const char *said = json_str(view, "text") ? json_str(view, "text") : "";

		others -= json_num(one, "n");
		json_put(texts, said, json_incref(view));
		json_put(numbers, said, json_integer(json_num(numbers, said) + json_num(one, "n")));
	}
	json_members (texts, name, text)
		json_push(list, json_make("{s:O,s:o}", "name", text, "n",
					view_number(json_num(numbers, name))));
	*out = list;
	*more = view_number(others);
	return OK;
}

/* Removes the extra row that shows whether there are more, and adds where they start. */
static void cut(
	const struct law *l, const char *param, const char *place, json_t *rows, json_t *view)
{
	AUTOFREE char *next = NULL;

	if (json_array_size(rows) <= OF_A_PAGE)
		return;
	json_array_remove(rows, OF_A_PAGE);
	next = mem_printf("/%s/law?%s=%s#%s", l->rq->lang, param,
		json_str(json_array_get(rows, OF_A_PAGE - 1), "slug"), place);
	json_put(view, "next", json_text(next));
}

static const char *cursor(const struct law *l, const char *param)
{
	const char *after = request_query(l->rq, param);

	return after ? after : "";
}

/* Do all rows have the same text in the page's language? */
static bool all_say(const json_t *each)
{
	const char *first = json_str(json_object_get(json_array_get(each, 0), "said"), "text"),
		   *said;

	json_each (each, one) {
		said = json_str(json_object_get(one, "said"), "text");
		if (!first || !said || strcmp(first, said) != 0)
			return false;
	}
	return json_array_size(each) > 0;
}

/* The records' statements on responsibility for decisions: {"one": the text, if all agree, else
 * null, "each": a page of [{"said", "name", "slug", "department"}…], "next": the address of the
 * next page, "none": how many lack it, "n"}. */
static enum err responsibility_view(const struct law *l, json_t **out)
{
	json_auto_t *says = NULL, *rows = NULL;
	json_t *each = json_array(), *view, *one;
	int64_t none = 0, n = 0;
	bool same;

	TRY(service_list_says(l->rq->snap, cursor(l, "says"), OF_A_PAGE + 1, &rows));
	TRY(service_list_counts(l->rq->snap, "says", 2, &says));
	TRY(count_of(l, "says_n", &n));
	TRY(count_of(l, "silent", &none));
	view = json_make(
		"{s:o,s:o,s:o}", "none", view_number(none), "n", view_number(n), "each", each);
	cut(l, "says", "responsibility", rows, view);
	json_each (rows, row) {
		one = system_view(l->rq, row);
		json_put(one, "said", view_text(l->rq, json_object_get(row, "responsibility")));
		json_push(each, one);
	}
	same = json_array_size(says) == 1 || ((int64_t)json_array_size(each) == n && all_say(each));
	json_put(view, "one",
		same ? json_incref(json_object_get(json_array_get(each, 0), "said")) : json_null());
	json_put(view, "several", json_boolean(n > 0 && !same));
	json_put(view, "on", json_boolean(*cursor(l, "says")));
	*out = view;
	return OK;
}

/* --- the list, and when it was submitted --- */

/* A page of systems that used to be on the list, with their last day. */
static enum err add_retired(const struct law *l, json_t *view)
{
	json_auto_t *systems = NULL;
	json_t *list = json_array(), *row;
	int64_t n = 0;

	TRY(count_of(l, "retired", &n));
	TRY(service_list_retired(l->rq->snap, cursor(l, "retired"), OF_A_PAGE + 1, &systems));
	json_put(view, "retired_n", view_number(n));
	json_put(view, "retired", list);
	json_put(view, "retired_on", json_boolean(*cursor(l, "retired")));
	cut(l, "retired", "retired", systems, view);
	json_each (systems, one) {
		const char *at = json_str(one, "at"), *until = json_str(one, "until");
		json_auto_t *when = at ? view_time(l->rq, at) : NULL;

		row = system_view(l->rq, one);
		json_put(row, "until",
			at      ? json_text(json_str(when, "date"))
			: until ? view_date(l->rq, until)
				: json_null());
		json_push(list, row);
	}
	return OK;
}

static json_t *submission_view(const struct request *rq, const json_t *s)
{
	const json_t *to = json_object_get(s, "to"), *note = json_object_get(s, "note");

	return json_make("{s:I,s:o,s:s,s:o,s:o,s:o}", "entry", (json_int_t)json_num(s, "entry"),
		"day", view_date(rq, json_str(s, "day")), "file", json_str(s, "file"), "services",
		view_number(json_num(s, "services")), "to",
		json_is_object(to) ? view_text(rq, to) : json_null(), "note",
		json_is_object(note) ? view_text(rq, note) : json_null());
}

static json_t *changes_view(const struct request *rq, const json_t *changes)
{
	json_auto_t *counts = json_object();
	json_t *list = json_array(), *one;
	int64_t n = 0;

	json_each (json_object_get(changes, "counts"), change) {
		n += json_num(change, "n");
		json_put(counts, json_str(change, "change"), json_integer(json_num(change, "n")));
	}
	json_each (json_object_get(changes, "systems"), change) {
		AUTOFREE char *key = mem_printf("law_change_%s", json_str(change, "change"));

		one = system_view(rq, change);
		json_put(one, "what", json_text(message(rq, key)));
		json_push(list, one);
	}
	return json_make("{s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "n", view_number(n), "added",
		view_number(json_num(counts, "added")), "changed",
		view_number(json_num(counts, "changed")), "removed",
		view_number(json_num(counts, "removed")), "systems", list, "is_more", n > SHOWN,
		"more", view_number(n > SHOWN ? n - SHOWN : 0));
}

static enum err add_changes(const struct request *rq, const json_t *last, json_t *view)
{
	json_auto_t *changes = NULL;
	char day_end[TIME_TEXT];
	int64_t end;

	TRY(time_day_end(json_str(last, "day"), &end));
	time_text(end, day_end);
	TRY(service_list_changes(rq->snap, last, day_end, SHOWN, &changes));
	json_put(view, "changes", changes_view(rq, changes));
	return OK;
}

static enum err list_view(const struct law *l, json_t **out)
{
	json_auto_t *submissions = NULL, *view = NULL;
	json_t *earlier = json_array();
	int64_t n = 0;

	TRY(count_of(l, "listed", &n));
	view = json_make("{s:o,s:o,s:n}", "services", view_number(n), "earlier", earlier, "last");
	TRY(service_list_submissions(l->rq->snap, -1, &submissions));
	json_each_at (submissions, i, one) {
		if (i > 0)
			json_push(earlier, submission_view(l->rq, one));
		else
			json_put(view, "last", submission_view(l->rq, one));
	}
	TRY(add_retired(l, view));
	json_put(view, "has_earlier", json_boolean(json_array_size(earlier) > 0));
	if (json_array_size(submissions) > 0)
		TRY(add_changes(l->rq, json_array_get(submissions, 0), view));
	*out = TAKE(view);
	return OK;
}

/* --- the page --- */

static enum err is_adopted(const struct snapshot *snap, bool *out)
{
	json_auto_t *adoptions = NULL;
	const json_t *newest;

	TRY(query_policies(snap, SERVICE_POLICY, &adoptions));
	newest = json_array_get(adoptions, 0);
	*out = newest && json_is_null(json_object_get(newest, "until_entry"));
	return OK;
}

static enum err add_who(const struct law *l, json_t *view)
{
	json_t *officers = NULL, *others = NULL, *responsibility = NULL;
	int64_t listed = 0, none = 0;

	TRY(count_of(l, "listed", &listed));
	TRY(count_of(l, "no_officer", &none));
	TRY(officers_view(l, listed - none, &officers, &others));
	json_put(view, "officers", officers);
	json_put(view, "several", json_boolean(json_array_size(officers) > 1));
	json_put(view, "no_officer", view_number(none));
	json_put(view, "other_officers", others);
	TRY(responsibility_view(l, &responsibility));
	json_put(view, "responsibility", responsibility);
	return OK;
}

static enum err add_adopted(const struct law *l, json_t *view)
{
	json_t *assessments = NULL, *duties = NULL;

	TRY(assessments_view(l, &assessments));
	json_put(view, "assessments", assessments);
	TRY(duties_view(l, &duties));
	json_put(view, "duties", duties);
	return OK;
}

enum err page_law(struct request *rq, struct response *rs)
{
	struct law l = {.rq = rq};
	json_auto_t *view = NULL;
	json_t *list = NULL;
	bool adopted;

	part_day(rq, 0, l.today);
	TRY(is_adopted(rq->snap, &adopted));
	TRY(list_view(&l, &list));
	view = json_make("{s:s,s:s,s:b,s:b,s:s,s:o,s:o}", "title", message(rq, "law_title"),
		"description", message(rq, "law_lead"), "in_policies", 1, "adopted", (int)adopted,
		"policy", SERVICE_POLICY, "date", view_date(rq, l.today), "list", list);
	TRY(add_who(&l, view));
	if (adopted)
		TRY(add_adopted(&l, view));
	view_crumb(view, message(rq, "nav_policies"), "/%s/policies", rq->lang);
	return page_render(rq, rs, "law.html", TAKE(view));
}
