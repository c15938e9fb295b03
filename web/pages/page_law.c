/* page_law.c - /{lang}/law: how the city as a whole stands under Korea's Act 21392, from its
 * published records alone: the list of AI services (Art 30), impact assessments (Art 32), the
 * responsible officer (Art 19) and who answers for decisions (Art 3(5)). On paper it is one sheet
 * for whoever answers for the city. */
#include "base/env.h"
#include "registry/query/query.h"
#include "registry/query/service_list.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN 10              /* of a list of systems; how many more there are is said */
#define ON_PAPER 3            /* days, of those that are due next */
#define ASSESSMENT "krp.32.1" /* duties that begin so: to assess, and to publish */
#define EXEMPTION "krp.32.2"  /* to agree it or to have it confirmed */
#define NEVER "9999-12-31"

struct law {
	const struct request *rq;
	json_t *systems;   /* service_list_systems() */
	json_t *unmet;     /* query_dues(): what nothing shows and has a day, the first due first */
	json_t *fulfilled; /* {"system/duty": true}: by a list that was handed over */
	char today[DAY_TEXT];
};

static void law_done(struct law *l)
{
	json_decref(l->systems);
	json_decref(l->unmet);
	json_decref(l->fulfilled);
}

static enum err read_fulfilled(struct law *l)
{
	json_auto_t *all = NULL;
	json_t *one;
	size_t i;

	l->fulfilled = json_object();
	TRY(query_fulfilled(l->rq->snap, NULL, &all));
	json_array_foreach (all, i, one) {
		AUTOFREE char *key =
			mem_printf("%s/%s", json_str(one, "system"), json_str(one, "duty"));

		if (strcmp(json_str(one, "policy"), SERVICE_POLICY) == 0)
			json_put(l->fulfilled, key, json_true());
	}
	return OK;
}

static enum err law_read(struct law *l)
{
	const struct due_filter unmet = {
		.policy = SERVICE_POLICY, .unmet_before = NEVER, .limit = -1};

	part_day(l->rq, 0, l->today);
	TRY(read_fulfilled(l));
	TRY(service_list_systems(l->rq->snap, &l->systems));
	return query_dues(l->rq->snap, &unmet, &l->unmet);
}

static bool is_text(const json_t *object, const char *member, const char *text)
{
	const char *s = json_str(object, member);

	return s && strcmp(s, text) == 0;
}

static void count(json_t *counts, const char *name)
{
	json_put(counts, name, json_integer(json_num(counts, name) + 1));
}

static bool is_overdue(const struct law *l, const json_t *due)
{
	return strcmp(json_str(due, "due"), l->today) < 0;
}

static bool is_of_assessment(const char *duty)
{
	return strncmp(duty, ASSESSMENT, strlen(ASSESSMENT)) == 0;
}

/* --- how the assessments stand --- */

/* Each system is in one of these; the page shows them in this order. */
static const char *const kinds[] = {
	"done", "owed", "overdue", "exempt", "unconfirmed", "out", "unanswered"};

/* {slug: true} of the systems whose assessment is overdue. */
static json_t *overdue_systems(const struct law *l)
{
	json_t *set = json_object();
	const json_t *due;
	size_t i;

	json_array_foreach (l->unmet, i, due) {
		if (is_overdue(l, due) && is_of_assessment(json_str(due, "duty")))
			json_put(set, json_str(due, "slug"), json_true());
	}
	return set;
}

static const char *kind_of(const json_t *system, const json_t *overdue)
{
	const json_t *said = json_object_get(system, "said");
	const char *level = json_str(said, "level"), *standing = json_str(said, "standing");

	if (!level)
		return "unanswered";
	if (strcmp(level, "exempt") == 0 || strcmp(level, "unconfirmed") == 0)
		return strcmp(level, "exempt") == 0 ? "exempt" : "unconfirmed";
	if (!standing || strcmp(standing, "none") == 0)
		return "out";
	if (strncmp(standing, "done", 4) == 0)
		return "done";
	return json_object_get(overdue, json_str(system, "slug")) ? "overdue" : "owed";
}

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
	const json_t *fields = json_object_get(standard_json(rq->standard), "fields"), *field,
		     *value;
	size_t i, k;

	json_array_foreach (fields, i, field) {
		const json_t *members = json_object_get(json_object_get(field, "item"), "members");
		const json_t *values = json_object_get(json_array_get(members, 0), "values");

		if (!is_text(field, "name", "assessment_exemption"))
			continue;
		json_array_foreach (values, k, value)
			if (is_text(value, "value", ground))
				return view_text(rq, json_object_get(value, "label"));
	}
	return json_make("{s:s}", "text", ground);
}

static json_t *grounds_view(const struct law *l, const json_t *grounds)
{
	json_t *list = json_array(), *n;
	const char *ground;

	json_object_foreach ((json_t *)grounds, ground, n)
		json_push(list, json_make("{s:o,s:o}", "name", ground_name(l->rq, ground), "n",
					view_number(json_integer_value(n))));
	return list;
}

static json_t *system_view(const struct request *rq, const json_t *system)
{
	json_t *name = json_object_get(system, "name");

	return json_make("{s:s,s:o,s:o}", "slug", json_str(system, "slug"), "name",
		name ? view_text(rq, name) : json_null(), "department",
		view_text(rq, json_object_get(system, "department_name")));
}

/* The systems of one day, which have it in common: {"due", "count", "systems": the first of them,
 * "paper": is it on the sheet}; those of one day come one after the other. */
static json_t *group_of(const struct law *l, json_t *groups, const char *due)
{
	json_t *group = json_array_get(groups, json_array_size(groups) - 1);

	if (group && is_text(group, "day", due))
		return group;
	group = json_make("{s:s,s:o,s:o,s:b}", "day", due, "due",
		part_days_left(l->rq, due, l->today), "systems", json_array(), "paper",
		json_array_size(groups) < ON_PAPER);
	json_push(groups, group);
	return group;
}

/* What is due next, by days, each system once: to assess, or to have an exemption confirmed. */
static json_t *next_view(const struct law *l)
{
	json_auto_t *seen = json_object();
	json_t *groups = json_array(), *group;
	const json_t *due;
	size_t i, shown = 0;

	json_array_foreach (l->unmet, i, due) {
		const char *slug = json_str(due, "slug"), *duty = json_str(due, "duty");

		if ((!is_of_assessment(duty) && strcmp(duty, EXEMPTION) != 0) ||
			json_object_get(seen, slug))
			continue;
		json_put(seen, slug, json_true());
		group = group_of(l, groups, json_str(due, "due"));
		count(group, "count");
		if (shown++ < SHOWN)
			json_push(json_object_get(group, "systems"), system_view(l->rq, due));
	}
	json_array_foreach (groups, i, group)
		json_put(group, "n", view_number(json_num(group, "count")));
	return json_make("{s:o,s:b,s:o,s:b}", "groups", groups, "none", shown == 0, "more",
		view_number(shown > SHOWN ? (int64_t)(shown - SHOWN) : 0), "is_more",
		shown > SHOWN);
}

static json_t *assessments_view(const struct law *l)
{
	json_auto_t *overdue = overdue_systems(l), *counts = json_object(),
		    *grounds = json_object();
	const json_t *system, *due;
	int64_t late = 0, undated = 0, unconfirmed = 0;
	size_t i;

	json_array_foreach (l->systems, i, system) {
		const json_t *said = json_object_get(system, "said");
		const char *kind = kind_of(system, overdue), *ground = json_str(system, "ground");

		count(counts, kind);
		if (ground && (strcmp(kind, "exempt") == 0 || strcmp(kind, "unconfirmed") == 0))
			count(grounds, ground);
		late += is_text(said, "standing", "done_late");
		undated += strcmp(kind, "owed") == 0 && !json_str(said, "due");
	}
	json_array_foreach (l->unmet, i, due)
		unconfirmed += is_text(due, "duty", EXEMPTION) && is_overdue(l, due);
	return json_make("{s:o,s:o,s:o,s:b,s:o,s:o,s:o,s:o}", "total",
		view_number((int64_t)json_array_size(l->systems)), "figures",
		figures_view(l, counts), "grounds", grounds_view(l, grounds), "has_grounds",
		json_object_size(grounds) > 0, "late", view_number(late), "undated",
		view_number(undated), "unconfirmed", view_number(unconfirmed), "next",
		next_view(l));
}

/* --- the duties, one row each --- */

static bool is_met(const struct law *l, const char *slug, const json_t *duty)
{
	AUTOFREE char *key = mem_printf("%s/%s", slug, json_str(duty, "id"));

	return json_is_true(json_object_get(duty, "met")) || json_object_get(l->fulfilled, key);
}

static void add_duty(const struct law *l, json_t *rows, const char *slug, const json_t *duty)
{
	const char *id = json_str(duty, "id"), *from = json_str(duty, "applies_from");
	json_t *row = json_object_get(rows, id);

	if (!row) {
		row = json_make("{s:s,s:o,s:o,s:o}", "id", id, "basis",
			part_basis(l->rq, json_str(duty, "basis")), "text",
			view_text(l->rq, json_object_get(duty, "text")), "from",
			from && strcmp(from, l->today) > 0 ? view_date(l->rq, from) : json_null());
		json_put(rows, id, row);
	}
	count(row, "systems");
	count(row, is_met(l, slug, duty) ? "met" : "unmet");
}

static void count_overdue(const struct law *l, json_t *rows)
{
	const json_t *due;
	json_t *row;
	size_t i;

	json_array_foreach (l->unmet, i, due) {
		row = json_object_get(rows, json_str(due, "duty"));
		if (row && is_overdue(l, due))
			count(row, "overdue");
	}
}

static int by_article(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of the Act's articles, which the ids are made of: 3.5, 3.7, 19, 30 … */
static json_t *sorted_rows(json_t *rows)
{
	static const char *const numbers[] = {"systems", "met", "unmet", "overdue"};
	size_t n = json_object_size(rows), at = 0;
	AUTOFREE const char **ids = mem_new((n + 1) * sizeof(*ids));
	json_t *list = json_array(), *row;
	const char *id;

	json_object_foreach (rows, id, row)
		ids[at++] = id;
	qsort(ids, n, sizeof(*ids), by_article);
	for (size_t i = 0; i < n; i++) {
		row = json_object_get(rows, ids[i]);
		for (size_t k = 0; k < COUNT(numbers); k++)
			json_put(row, numbers[k], view_number(json_num(row, numbers[k])));
		json_push(list, json_incref(row));
	}
	return list;
}

static json_t *duties_view(const struct law *l)
{
	json_auto_t *rows = json_object();
	const json_t *system, *duty;
	size_t i, k;

	json_array_foreach (l->systems, i, system) {
		const json_t *duties = json_object_get(json_object_get(system, "said"), "duties");

		json_array_foreach (duties, k, duty)
			add_duty(l, rows, json_str(system, "slug"), duty);
	}
	count_overdue(l, rows);
	return sorted_rows(rows);
}

/* --- who answers --- */

/* [{"text", "n"}…]: the officers whom listed records name. One is to be expected, and a city that
 * changes it has two until all records follow. */
static json_t *officers_view(const struct law *l, int64_t *none)
{
	json_auto_t *texts = json_object(), *numbers = json_object();
	json_t *list = json_array(), *text;
	const json_t *system;
	const char *name;
	size_t i;

	json_array_foreach (l->systems, i, system) {
		json_auto_t *view = json_is_object(json_object_get(system, "officer"))
		                            ? view_text(l->rq, json_object_get(system, "officer"))
		                            : json_null();
		const char *said = json_str(view, "text");

		if (!json_is_true(json_object_get(system, "listed")))
			continue;
		*none += !said;
		if (said) {
			json_put(texts, said, json_incref(view));
			count(numbers, said);
		}
	}
	json_object_foreach (texts, name, text)
		json_push(list, json_make("{s:O,s:o}", "name", text, "n",
					view_number(json_num(numbers, name))));
	return list;
}

static bool owes(const json_t *system, const char *duty)
{
	const json_t *list = json_object_get(json_object_get(system, "said"), "duties"), *one;
	size_t i;

	json_array_foreach (list, i, one) {
		if (is_text(one, "id", duty))
			return true;
	}
	return false;
}

/* What records say of who answers for decisions: {"one": the text, where all say the same, else
 * null, "each":
 * [{"text", "name", "slug", "department"}…], "none": how many should say it, and do not, "n"}. */
static json_t *responsibility_view(const struct law *l)
{
	json_auto_t *texts = json_object();
	json_t *each = json_array(), *system;
	int64_t none = 0;
	size_t i;

	json_array_foreach (l->systems, i, system) {
		const json_t *said = json_object_get(system, "responsibility");
		json_t *one, *text;

		none += !json_is_object(said) && owes(system, "krp.3.5");
		if (!json_is_object(said) || !json_is_true(json_object_get(system, "listed")))
			continue;
		text = view_text(l->rq, said);
		json_put(texts, json_str(text, "text") ? json_str(text, "text") : "", json_true());
		one = system_view(l->rq, system);
		json_put(one, "said", text);
		json_push(each, one);
	}
	return json_make("{s:o,s:b,s:o,s:o,s:o}", "one",
		json_object_size(texts) == 1
			? json_incref(json_object_get(json_array_get(each, 0), "said"))
			: json_null(),
		"several", json_object_size(texts) > 1, "none", view_number(none), "n",
		view_number((int64_t)json_array_size(each)), "each", each);
}

/* --- the list, and when it was handed over --- */

/* Systems that were on the list: until when. */
static enum err retired_view(const struct law *l, json_t **out)
{
	json_auto_t *systems = NULL;
	json_t *list = json_array(), *one, *view;
	size_t i;

	TRY(service_list_retired(l->rq->snap, &systems));
	json_array_foreach (systems, i, one) {
		const char *at = json_str(one, "at"), *until = json_str(one, "until");
		json_auto_t *when = at ? view_time(l->rq, at) : NULL;

		view = system_view(l->rq, one);
		json_put(view, "until",
			at      ? json_text(json_str(when, "date"))
			: until ? view_date(l->rq, until)
				: json_null());
		json_push(list, view);
	}
	*out = list;
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
	const json_t *change;
	size_t i, n = json_array_size(changes);

	json_array_foreach (changes, i, change) {
		AUTOFREE char *key = mem_printf("law_change_%s", json_str(change, "change"));

		count(counts, json_str(change, "change"));
		if (i >= SHOWN)
			continue;
		one = system_view(rq, change);
		json_put(one, "what", json_text(message(rq, key)));
		json_push(list, one);
	}
	return json_make("{s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "n", view_number((int64_t)n), "added",
		view_number(json_num(counts, "added")), "changed",
		view_number(json_num(counts, "changed")), "removed",
		view_number(json_num(counts, "removed")), "systems", list, "is_more", n > SHOWN,
		"more", view_number(n > SHOWN ? (int64_t)(n - SHOWN) : 0));
}

static enum err add_changes(const struct request *rq, const json_t *last, json_t *view)
{
	json_auto_t *changes = NULL;
	char day_end[TIME_TEXT];
	int64_t end;

	TRY(time_day_end(json_str(last, "day"), &end));
	time_text(end, day_end);
	TRY(service_list_changes(rq->snap, last, day_end, &changes));
	json_put(view, "changes", changes_view(rq, changes));
	return OK;
}

static enum err list_view(const struct law *l, json_t **out)
{
	json_auto_t *submissions = NULL, *view = NULL;
	json_t *retired = NULL;
	json_t *earlier = json_array(), *one;
	int64_t n = 0;
	size_t i;

	json_array_foreach (l->systems, i, one)
		n += json_is_true(json_object_get(one, "listed"));
	view = json_make("{s:o,s:o,s:n}", "services", view_number(n), "earlier", earlier, "last");
	TRY(service_list_submissions(l->rq->snap, -1, &submissions));
	json_array_foreach (submissions, i, one) {
		if (i > 0)
			json_push(earlier, submission_view(l->rq, one));
		else
			json_put(view, "last", submission_view(l->rq, one));
	}
	TRY(retired_view(l, &retired));
	json_put(view, "retired_n", view_number((int64_t)json_array_size(retired)));
	json_put(view, "retired", retired);
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

enum err page_law(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(law_done))) struct law l = {.rq = rq};
	json_auto_t *view = NULL;
	json_t *list = NULL, *officers;
	int64_t none = 0;
	bool adopted;

	TRY(law_read(&l));
	TRY(is_adopted(rq->snap, &adopted));
	TRY(list_view(&l, &list));
	officers = officers_view(&l, &none);
	view = json_make("{s:s,s:s,s:b,s:b,s:s,s:o,s:o,s:o,s:b,s:o}", "title",
		message(rq, "law_title"), "description", message(rq, "law_lead"), "in_policies", 1,
		"adopted", (int)adopted, "policy", SERVICE_POLICY, "date", view_date(rq, l.today),
		"list", list, "officers", officers, "several", json_array_size(officers) > 1,
		"no_officer", view_number(none));
	json_put(view, "responsibility", responsibility_view(&l));
	if (adopted) {
		json_put(view, "assessments", assessments_view(&l));
		json_put(view, "duties", duties_view(&l));
	}
	view_crumb(view, message(rq, "nav_policies"), "/%s/policies", rq->lang);
	return page_render(rq, rs, "law.html", TAKE(view));
}
