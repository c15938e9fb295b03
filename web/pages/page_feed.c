/* page_feed.c - /{lang}/feed.atom, and the feeds of a system and a department: changes, questions
 * and answers, upcoming reviews and duties, as an Atom feed (RFC 4287).
 *
 * Ids are tag URIs (RFC 4151) under the log's origin, which outlives addresses, so that a mirror's
 * feed has the same ids. The id of an event is its entry of the log, that of a review or duty its
 * system and due day; so the same Atom entry is first upcoming and then overdue. */
#include "base/env.h"
#include "registry/query/news.h"
#include "registry/query/query.h"
#include "registry/query/service_list.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/settings_view.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ENTRIES \
	50 /* newest milestones, and as many reviews, duties, adoptions, answered questions */

/* A feed while it is made. */
struct feed {
	struct news of;
	char *about; /* "", "/systems/x", "/departments/x": its page, after the language */
	char *tag;   /* the prefix of its ids */
	char *author, *register_name;
	int64_t changed; /* the latest time at which an entry was added or changed */
	json_t *rights;  /* the licence */
	json_t *entries; /* each with "sort": in seconds */
};

static void feed_done(struct feed *f)
{
	free(f->about);
	free(f->tag);
	free(f->author);
	free(f->register_name);
	json_decref(f->rights);
	json_decref(f->entries);
}

/* A text of the register in the page's language, or `fallback`. */
static char *own_text(const struct request *rq, const json_t *texts, const char *fallback)
{
	json_t *text = view_text(rq, texts);
	char *out = mem_text(json_is_null(text) ? fallback : json_str(text, "text"));

	json_decref(text);
	return out;
}

/* "tag:ai.gimhae.example,2026-01-05:log/": authority and opening day, then the origin's path. */
static char *tag_of(const char *origin, const char *opened_at)
{
	AUTOFREE char *authority = mem_bytes(origin, strcspn(origin, "/"));
	struct buf out = BUF(4 * KIB);
	const char *rest = origin + strlen(authority);

	buf_puts(&out, "tag:");
	view_encode(&out, authority);
	buf_printf(&out, ",%.10s:", opened_at);
	while (*rest) {
		AUTOFREE char *part = mem_bytes(rest + 1, strcspn(rest + 1, "/"));

		view_encode(&out, part);
		buf_putc(&out, '/');
		rest += 1 + strlen(part);
	}
	return buf_take(&out);
}

static enum err feed_open(const struct request *rq, struct feed *f)
{
	json_auto_t *reg = NULL;
	const json_t *about;

	TRY(query_register(rq->snap, &reg));
	about = json_object_get(reg, "about");
	f->tag = tag_of(json_str(reg, "origin"), json_str(reg, "opened_at"));
	f->register_name =
		own_text(rq, json_object_get(about, "name"), message(rq, "register_name"));
	f->author = own_text(rq, json_object_get(about, "office"), f->register_name);
	f->rights = settings_licence_view(rq, about);
	f->entries = json_array();
	return time_parse(json_str(reg, "opened_at"), &f->changed);
}

/* Takes ownership of `entry`. */
static void entry_add(struct feed *f, int64_t sort, int64_t changed, json_t *entry)
{
	json_put(entry, "sort", json_integer(sort));
	json_push(f->entries, entry);
	if (changed > f->changed)
		f->changed = changed;
}

/* Adds what the log's entry of `row` did at this time. Takes ownership of `entry`. */
static void logged_add(const struct request *rq, struct feed *f, const json_t *row,
	const char *when, json_t *entry)
{
	AUTOFREE char *id =
		mem_printf("%s%s/entry/%lld", f->tag, rq->lang, (long long)json_num(row, "entry"));
	int64_t at;

	if (time_parse(when, &at) != OK) {
		json_decref(entry);
		return;
	}
	json_put(entry, "id", json_text(id));
	json_put(entry, "updated", json_text(when));
	entry_add(f, at, at, entry);
}

/* The values for sentences about a system. */
static json_t *words_of(const struct request *rq, const json_t *row)
{
	AUTOFREE char *name = own_text(rq, json_object_get(row, "name"), json_str(row, "slug"));
	AUTOFREE char *department = own_text(rq, json_object_get(row, "department_name"), "");

	return json_make("{s:s, s:s}", "name", name, "department", department);
}

/* Appends who decided to the sentence `said`, and takes ownership of it. */
static json_t *with_decider(const struct request *rq, const json_t *milestone, json_t *said)
{
	json_auto_t *decided = part_decided(rq, milestone);
	AUTOFREE char *all =
		json_is_string(decided)
			? mem_printf("%s (%s)", json_string_value(said), json_string_value(decided))
			: NULL;

	if (!all)
		return said;
	json_decref(said);
	return json_text(all);
}

/* The message for "system.published" is "feed_published", for its first time "feed_first"; for
 * "kpi.reported" it is "feed_kpi_reported". */
static json_t *summary_of(const struct request *rq, const json_t *milestone, json_t *words)
{
	const char *type = json_str(milestone, "type"), *dot = strchr(type, '.');
	AUTOFREE char *reason = own_text(rq, json_object_get(milestone, "reason"), "");
	int64_t version = json_num(milestone, "version");
	bool first = version == 1 && dot && !strcmp(dot, ".published");
	AUTOFREE char *name = part_type(type);
	AUTOFREE char *key = mem_printf("feed_%s", first ? "first" : name);

	json_put(words, "n", json_integer(version));
	json_put(words, "reason", json_text(reason));
	return with_decider(rq, milestone, say(rq, key, json_incref(words)));
}

static void milestone_add(const struct request *rq, struct feed *f, const json_t *milestone)
{
	const char *slug = json_str(milestone, "slug");
	bool published = !strcmp(json_str(milestone, "type"), "system.published");
	AUTOFREE char *page = mem_printf("/%s/systems/%s", rq->lang, slug);
	const char *part = part_of_record(json_str(milestone, "type"));
	AUTOFREE char *href =
		published ? mem_printf("%s/versions/%lld", page,
				    (long long)json_num(milestone, "version"))
			  : mem_printf("%s%s%s", page, part ? "#" : "", part ? part : "");
	json_auto_t *words = words_of(rq, milestone), *view = part_milestone(rq, milestone);

	json_put(words, "what", json_incref(json_object_get(view, "what")));
	logged_add(rq, f, milestone, json_str(milestone, "at"),
		json_make("{s:s, s:s, s:o, s:o}", "href", href, "term", json_str(milestone, "type"),
			"title", say(rq, "feed_title", json_incref(words)), "summary",
			summary_of(rq, milestone, words)));
}

/* An adoption changes how every record is shown or judged, so it is news of every record. */
static void adoption_add(const struct request *rq, struct feed *f, const json_t *adoption)
{
	AUTOFREE char *reason = own_text(rq, json_object_get(adoption, "reason"), "");
	json_auto_t *view = part_adoption(rq, adoption);

	logged_add(rq, f, adoption, json_str(adoption, "at"),
		json_make("{s:s, s:s, s:O, s:o}", "href", json_str(view, "href"), "term",
			json_str(adoption, "type"), "title", json_object_get(view, "what"),
			"summary", say(rq, "feed_adoption", json_make("{s:s}", "reason", reason))));
}

/* The first second of a day plus `days`, in the register's zone; also in RFC 3339. */
static bool day_begins(const char *day, int days, int64_t *at, char out[32])
{
	struct tm tm = {.tm_isdst = -1};
	const char *end = strptime(day, "%Y-%m-%d", &tm);
	char zone[8];
	size_t len;

	if (!end || *end)
		return false;
	tm.tm_mday += days;
	*at = mktime(&tm);
	len = strftime(out, 24, "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm); /* "+0900" */
	snprintf(out + len, 32 - len, "%.3s:%.2s", zone, zone + 3);
	return true;
}

/* Dated by the day when its text became true: 30 days before the due day, or the day after it. */
static void review_add(const struct request *rq, struct feed *f, const json_t *review)
{
	const char *slug = json_str(review, "slug"), *due = json_str(review, "review_due");
	AUTOFREE char *id = mem_printf("%s%s/review/%s/%s", f->tag, rq->lang, slug, due);
	AUTOFREE char *href = mem_printf("/%s/systems/%s", rq->lang, slug);
	json_auto_t *words = words_of(rq, review);
	char updated[32], today[16];
	int64_t changed;
	bool overdue;
	json_t *out;

	part_day(rq, 0, today);
	overdue = strcmp(due, today) < 0;
	if (!day_begins(due, overdue ? 1 : -DUE_SOON_DAYS, &changed, updated))
		return;
	json_put(words, "what", json_text(message(rq, overdue ? "review_overdue" : "review_soon")));
	json_put(words, "due", view_date(rq, due));
	out = json_make("{s:s, s:s, s:s, s:s, s:o, s:o}", "id", id, "updated", updated, "href",
		href, "term", overdue ? "review.overdue" : "review.soon", "title",
		say(rq, "feed_title", json_incref(words)), "summary",
		say(rq, overdue ? "feed_overdue" : "feed_soon", json_incref(words)));
	entry_add(f, changed, changed, out);
}

/* An upcoming or overdue duty, dated like a review. */
static void duty_add(const struct request *rq, struct feed *f, const json_t *duty)
{
	const char *slug = json_str(duty, "slug"), *due = json_str(duty, "due");
	const json_t *about = json_object_get(duty, "about");
	AUTOFREE char *id = mem_printf("%s%s/duty/%s/%s/%s/%s", f->tag, rq->lang, slug,
		json_str(duty, "policy"), json_str(duty, "duty"), due);
	AUTOFREE char *href = mem_printf("/%s/systems/%s#why", rq->lang, slug);
	AUTOFREE char *text = own_text(rq, json_object_get(about, "text"), json_str(duty, "duty"));
	json_auto_t *words = words_of(rq, duty);
	char updated[32], today[16];
	int64_t changed;
	bool overdue;

	part_day(rq, 0, today);
	overdue = strcmp(due, today) < 0;
	if (!day_begins(due, overdue ? 1 : -DUE_SOON_DAYS, &changed, updated))
		return;
	json_put(words, "what", json_text(message(rq, overdue ? "duty_overdue" : "duty_soon")));
	json_put(words, "due", view_date(rq, due));
	json_put(words, "duty", json_text(text));
	json_put(words, "basis", part_basis(rq, json_str(about, "basis")));
	entry_add(f, changed, changed,
		json_make("{s:s, s:s, s:s, s:s, s:o, s:o}", "id", id, "updated", updated, "href",
			href, "term", overdue ? "duty.overdue" : "duty.soon", "title",
			say(rq, "feed_title", json_incref(words)), "summary",
			say(rq, overdue ? "feed_duty_overdue" : "feed_duty_soon",
				json_incref(words))));
}

/* "Name of the register, Telephone": each setting once, even if several languages changed. */
static char *settings_named(const json_t *changes)
{
	struct buf out = BUF(4 * KIB);
	const char *last = "";

	json_each (changes, one) {
		const char *what = json_str(one, "what");

		if (strcmp(what, last) != 0)
			buf_printf(&out, "%s%s", out.len ? ", " : "", what);
		last = what;
	}
	return buf_take(&out);
}

/* A change of the settings, for the feed of the whole register. */
static void settings_add(const struct request *rq, struct feed *f)
{
	json_auto_t *history = settings_history_view(rq, ENTRIES);
	AUTOFREE char *href = mem_printf("/%s/about#changes", rq->lang);

	json_each (history, one) {
		AUTOFREE char *list = settings_named(json_object_get(one, "changes"));

		logged_add(rq, f, one, json_str(json_object_get(one, "when"), "iso"),
			json_make("{s:s, s:s, s:s, s:o}", "href", href, "term", "register.changed",
				"title", message(rq, "feed_changed"), "summary",
				say(rq, "feed_changed_text", json_make("{s:s}", "list", list))));
	}
}

/* A restoration from a backup, for the feed of the whole register. */
static enum err restored_add(const struct request *rq, struct feed *f)
{
	AUTOFREE char *href = mem_printf("/%s/about#restored", rq->lang);
	json_auto_t *found = NULL;

	TRY(query_restored(rq->snap, &found));
	json_each_at (found, i, one) {
		if (i == ENTRIES)
			break;
		logged_add(rq, f, one, json_str(one, "at"),
			json_make("{s:s, s:s, s:s, s:o}", "href", href, "term", "register.restored",
				"title", message(rq, "about_restored"), "summary",
				say(rq, "feed_restored",
					json_make("{s:O}", "backup",
						json_object_get(one, "backup")))));
	}
	return OK;
}

/* A submission of the list of AI services, for the feed of the whole register. */
static enum err submissions_add(const struct request *rq, struct feed *f)
{
	AUTOFREE char *href = mem_printf("/%s/law#submitted", rq->lang);
	json_auto_t *found = NULL;

	TRY(service_list_submissions(rq->snap, ENTRIES, &found));
	json_each (found, one) {
		const json_t *to = json_object_get(one, "to");

		logged_add(rq, f, one, json_str(one, "at"),
			json_make("{s:s, s:s, s:s, s:o}", "href", href, "term", "list.submitted",
				"title", message(rq, "feed_submitted"), "summary",
				say(rq, "feed_submitted_text",
					json_make("{s:o, s:o, s:s, s:o}", "day",
						view_date(rq, json_str(one, "day")), "services",
						view_number(json_num(one, "services")), "file",
						json_str(one, "file"), "to",
						json_is_object(to) ? view_text(rq, to)
								   : json_null()))));
	}
	return OK;
}

/* The text of a question that was merged before its publication is not public. */
static char *question_said(const struct request *rq, const json_t *one)
{
	const char *type = json_str(one, "type"), *asked = json_str(one, "asked");

	if (!strcmp(type, "feedback.merged") && asked) {
		json_auto_t *values = json_make("{s:s}", "question", asked);

		return view_say(rq->site->view, rq->lang, "feed_joined_text", values);
	}
	if (!strcmp(type, "feedback.merged"))
		return mem_text(message(rq, "feed_merged_text"));
	if (!strcmp(type, "feedback.answered"))
		return own_text(rq, json_object_get(one, "answer"), message(rq, "answer_erased"));
	return mem_text(asked ? asked : message(rq, "question_erased"));
}

static const char *question_title(const json_t *one)
{
	const char *type = json_str(one, "type");

	if (!strcmp(type, "feedback.merged"))
		return json_str(one, "asked") ? "feed_joined" : "feed_merged";
	return !strcmp(type, "feedback.answered") ? "feed_answer" : "feed_question";
}

/* "feedback.published" is the question, "feedback.answered" the city's answer, "feedback.merged" a
 * question that is answered with another, whose id it has. */
static void question_add(const struct request *rq, struct feed *f, const json_t *one)
{
	const char *slug = json_str(one, "slug");
	AUTOFREE char *page = slug ? mem_printf("/systems/%s", slug) : mem_text("");
	AUTOFREE char *href =
		mem_printf("/%s%s/feedback#q-%s", rq->lang, page, json_str(one, "id"));
	AUTOFREE char *said = question_said(rq, one);
	AUTOFREE char *name = own_text(
		rq, json_object_get(one, "name"), slug ? slug : message(rq, "feedback_general"));

	logged_add(rq, f, one, json_str(one, "at"),
		json_make("{s:s, s:s, s:o, s:s}", "href", href, "term", json_str(one, "type"),
			"title",
			say(rq, "feed_title",
				json_make("{s:s, s:s}", "name", name, "what",
					message(rq, question_title(one)))),
			"summary", said));
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = json_num(*(json_t *const *)a, "sort"),
		y = json_num(*(json_t *const *)b, "sort");

	if (x != y)
		return x < y ? 1 : -1;
	return strcmp(json_str(*(json_t *const *)b, "id"), json_str(*(json_t *const *)a, "id"));
}

static json_t *sorted(const json_t *entries)
{
	size_t n = json_array_size(entries);
	AUTOFREE json_t **order = mem_new((n + 1) * sizeof(json_t *));
	json_t *out = json_array();

	for (size_t i = 0; i < n; i++)
		order[i] = json_array_get(entries, i);
	qsort(order, n, sizeof(json_t *), newest_first);
	for (size_t i = 0; i < n; i++)
		json_push(out, json_incref(order[i]));
	return out;
}

static enum err fill(const struct request *rq, struct feed *f)
{
	json_auto_t *milestones = NULL, *reviews = NULL, *adoptions = NULL, *questions = NULL;
	json_auto_t *duties = NULL;
	char before[16];
	const struct due_filter due = {.department = f->of.department,
		.system = f->of.system,
		.before = before,
		.latest_first = true,
		.limit = ENTRIES};

	part_day(rq, DUE_SOON_DAYS + 1, before);
	TRY(query_dues(rq->snap, &due, &duties));
	TRY(news_milestones(rq->snap, f->of, ENTRIES, &milestones));
	TRY(news_reviews(rq->snap, f->of, before, ENTRIES, &reviews));
	if (!f->of.system && !f->of.department) {
		settings_add(rq, f);
		TRY(restored_add(rq, f));
		TRY(submissions_add(rq, f));
	}
	TRY(news_adoptions(rq->snap, ENTRIES, &adoptions));
	json_each (adoptions, one)
		adoption_add(rq, f, one);
	TRY(news_questions(rq->snap, f->of, ENTRIES, &questions));
	json_each (questions, one)
		question_add(rq, f, one);
	json_each (milestones, one)
		milestone_add(rq, f, one);
	json_each (reviews, one)
		review_add(rq, f, one);
	json_each (duties, one)
		duty_add(rq, f, one);
	return OK;
}

static enum err give(
	const struct request *rq, struct response *rs, const struct feed *f, const char *title)
{
	AUTOFREE char *id = mem_printf("%s%s/feed%s", f->tag, rq->lang, f->about);
	AUTOFREE char *page = mem_printf("/%s%s", rq->lang, *f->about ? f->about : "/");
	AUTOFREE char *feed = mem_printf("/%s%s/feed.atom", rq->lang, f->about);
	char updated[TIME_TEXT];
	json_t *view;
	enum err e;

	time_text(f->changed, updated);
	view = json_make("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:o, s:o}", "id", id,
		"lang", rq->lang, "title", title, "updated", updated, "author", f->author, "base",
		rq->site->base, "page", page, "feed", feed, "rights", f->rights, "subtitle",
		say(rq, "feed_subtitle",
			json_make("{s:i, s:i}", "n", ENTRIES, "days", DUE_SOON_DAYS)),
		"entries", sorted(f->entries));
	rs->type = "application/atom+xml; charset=utf-8";
	rs->body.max = 2 * MIB;
	e = view_render(rq->site->view, rq->lang, "feed.atom", ESCAPE_HTML, view, &rs->body);
	json_decref(view);
	return e;
}

static enum err make(struct request *rq, struct response *rs, struct feed *f, const char *name)
{
	AUTOFREE char *title = NULL;

	TRY(feed_open(rq, f));
	TRY(fill(rq, f));
	title = name ? mem_printf("%s | %s", name, f->register_name) : mem_text(f->register_name);
	return give(rq, rs, f, title);
}

enum err page_feed(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(feed_done))) struct feed f = {.about = mem_text("")};

	return make(rq, rs, &f, NULL);
}

static enum err of_one(struct request *rq, struct response *rs, struct feed *f,
	enum err (*query)(const struct snapshot *snap, const char *slug, json_t **out))
{
	const char *slug = request_path(rq, "slug");
	json_auto_t *about = NULL;
	AUTOFREE char *name = NULL;

	TRY(query(rq->snap, slug, &about));
	name = own_text(rq, json_object_get(about, "name"), slug);
	return make(rq, rs, f, name);
}

enum err page_feed_system(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	__attribute__((cleanup(feed_done))) struct feed f = {
		.of.system = slug, .about = mem_printf("/systems/%s", slug)};

	return of_one(rq, rs, &f, query_system);
}

enum err page_feed_department(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	__attribute__((cleanup(feed_done))) struct feed f = {
		.of.department = slug, .about = mem_printf("/departments/%s", slug)};

	return of_one(rq, rs, &f, query_department);
}
