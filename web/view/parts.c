#include "web/view/parts.h"
#include "base/languages.h"

#include "registry/event/withholding.h"
#include "registry/query/query.h"
#include "registry/query/search.h"
#include "registry/standard/standard.h"
#include "web/view/lists_kept.h"

#include <stdlib.h>
#include <string.h>

static json_t *value_view(const struct request *rq, const json_t *entry, const char *value)
{
	json_t *label = entry ? view_text(rq, json_object_get(entry, "label")) : json_null();
	json_t *help = entry ? view_text(rq, json_object_get(entry, "help")) : json_null();
	const bool answers = json_object_get(entry, "answer") != NULL;

	if (json_is_null(label))
		label = json_make("{s:s, s:n, s:b}", "text", value, "lang", "foreign", 0);
	return json_make("{s:s, s:o, s:o, s:b}", "value", value, "label", label, "help", help,
		"answers", answers);
}

static const json_t *values_of(const struct request *rq, const char *field)
{
	const struct field *f = rq->standard ? standard_field(rq->standard, field) : NULL;

	return f ? json_object_get(f->json, "values") : NULL;
}

json_t *part_value(const struct request *rq, const char *field, const char *value)
{
	if (!value)
		return json_null();
	return value_view(rq, json_find(values_of(rq, field), "value", value), value);
}

json_t *part_choices(const struct request *rq, const char *field, const char *selected)
{
	const json_t *values = values_of(rq, field);
	json_t *out = json_array(), *choice;

	json_each (values, entry) {
		const char *value = json_str(entry, "value");
		choice = value_view(rq, entry, value);
		json_put(choice, "selected", json_boolean(selected && !strcmp(value, selected)));
		json_push(out, choice);
	}
	return out;
}

void part_day(const struct request *rq, int days, char out[DAY_TEXT])
{
	zone_day(site_now(rq->site), days, out);
}

void part_due(const struct request *rq, const char *review, struct part_due *due)
{
	bool overdue = review && strcmp(review, "overdue") == 0, soon = review && !overdue;

	part_day(rq, 0, due->today);
	part_day(rq, DUE_SOON_DAYS + 1, due->soon);
	due->from = soon ? due->today : NULL;
	due->before = overdue ? due->today : soon ? due->soon : NULL;
}

/* The day of the request, and the last that is soon: they take a look at the time zone's rules,
 * which the cards of a list share. */
struct days {
	char today[DAY_TEXT], soon[DAY_TEXT];
};

static void days_of(const struct request *rq, struct days *days)
{
	part_day(rq, 0, days->today);
	part_day(rq, DUE_SOON_DAYS, days->soon);
}

static json_t *deadline_of(const struct request *rq, const char *due, const struct days *days)
{
	bool overdue = due && strcmp(due, days->today) < 0;

	if (!due)
		return json_null();
	return json_make("{s:o, s:b, s:b}", "due", view_date(rq, due), "overdue", overdue, "soon",
		!overdue && strcmp(due, days->soon) <= 0);
}

json_t *part_deadline(const struct request *rq, const char *due)
{
	struct days days;

	if (!due)
		return json_null();
	days_of(rq, &days);
	return deadline_of(rq, due, &days);
}

json_t *part_days_left(const struct request *rq, const char *due, const char *today)
{
	int days = due && today ? zone_days(today, due) : 0;

	if (!due)
		return json_null();
	return json_make("{s:o, s:b, s:b, s:b, s:o}", "due", view_date(rq, due), "overdue",
		days < 0, "today", today && days == 0, "ahead", days > 0, "days",
		today ? view_number(days < 0 ? -days : days) : json_null());
}

json_t *part_basis(const struct request *rq, const char *basis)
{
	const char *slash = basis ? strstr(basis, " / ") : NULL;
	AUTOFREE char *half = NULL;

	if (!slash)
		return json_text(basis);
	half = language_is_first(rq->lang) ? mem_bytes(basis, (size_t)(slash - basis))
	                                   : mem_text(slash + strlen(" / "));
	return json_text(half);
}

json_t *part_review(const struct request *rq, const json_t *system)
{
	return part_deadline(rq, json_str(system, "review_due"));
}

/* A value's label, from those that are kept. */
static json_t *value_kept(
	const struct request *rq, const json_t *labels, const char *field, const char *value)
{
	bool risk = strcmp(field, FIELD_RISK) == 0;
	const json_t *values = json_object_get(labels, risk ? "risk" : "status");
	json_t *kept = value ? json_incref(json_object_get(values, value)) : NULL;

	return kept ? kept : part_value(rq, field, value);
}

/* The cards of a list share this. */
struct cards {
	json_t *labels; /* lists_kept(); NULL: not needed yet */
	struct days days;
};

static void cards_begin(const struct request *rq, struct cards *cards)
{
	cards->labels = NULL;
	days_of(rq, &cards->days);
}

static void cards_end(struct cards *cards)
{
	json_decref(cards->labels);
}

static json_t *card_of(const struct request *rq, const json_t *system, struct cards *cards)
{
	const json_t *labels =
		cards->labels ? cards->labels : (cards->labels = lists_kept(rq, "labels"));
	const char *review = json_str(system, "review_due"), *duty = json_str(system, "duty_due");
	json_t *card = json_object(), *name = view_text(rq, json_object_get(system, "name"));

	if (json_is_null(name))
		name = view_text(rq, json_object_get(system, "slug"));
	json_put(card, "slug", json_text(json_str(system, "slug")));
	json_put(card, "name", name);
	json_put(card, "summary", view_text(rq, json_object_get(system, "summary")));
	json_put(card, "status", value_kept(rq, labels, FIELD_STATUS, json_str(system, "status")));
	json_put(card, "risk", value_kept(rq, labels, FIELD_RISK, json_str(system, "risk")));
	json_put(card, "department", json_text(json_str(system, "department")));
	json_put(
		card, "department_name", view_text(rq, json_object_get(system, "department_name")));
	json_put(card, "version", json_integer(json_num(system, "version")));
	json_put(card, "review", deadline_of(rq, review, &cards->days));
	json_put(card, "duty", deadline_of(rq, duty, &cards->days));
	json_put(card, "due", part_days_left(rq, duty, cards->days.today));
	json_put(card, "changed", view_time(rq, json_str(system, "changed_at")));
	return card;
}

json_t *part_card(const struct request *rq, const json_t *system)
{
	struct cards cards;
	json_t *card;

	cards_begin(rq, &cards);
	card = card_of(rq, system, &cards);
	cards_end(&cards);
	return card;
}

static enum err html_of(
	const struct request *rq, const char *template, const json_t *view, char **html)
{
	struct buf out = BUF(MIB);
	enum err e = view_render(rq->site->view, rq->lang, template, ESCAPE_HTML, view, &out);

	*html = buf_take(&out);
	return e;
}

/* A text in the page's language, in which words may be marked. */
static enum err add_text(
	const struct request *rq, const json_t *text, char **html, struct search_text **own)
{
	const char *s = json_str(text, "text");

	if (s && !json_is_true(json_object_get(text, "foreign")))
		*own = search_text_of(s);
	if (json_is_null(text))
		return OK;
	return html_of(rq, "text.html", text, html);
}

/* The name and the summary, each marked unless `name` or `summary` is NULL. */
static enum err add_words(const struct request *rq, const struct card *card, const char *name,
	const char *summary, struct buf *out)
{
	json_auto_t *view = json_object();

	json_put(view, name ? "name_marked" : "name_html", json_text(name ? name : card->name));
	json_put(view, "summary", json_boolean(card->summary));
	json_put(view, summary ? "summary_marked" : "summary_html",
		json_text(summary ? summary : card->summary));
	return view_render(rq->site->view, rq->lang, "card_words.html", ESCAPE_HTML, view, out);
}

/* The parts of a card that no search marks are rendered once. */
static enum err card_rendered(const struct request *rq, json_t *view, struct card *card)
{
	struct buf words = BUF(MIB);
	enum err e;

	json_put(view, "t", view_messages(rq->site->view, rq->lang));
	json_put(view, "lang", json_text(rq->lang));
	TRY(html_of(rq, "card_top.html", view, &card->top));
	TRY(html_of(rq, "card_end.html", view, &card->end));
	TRY(add_text(rq, json_object_get(view, "name"), &card->name, &card->name_text));
	TRY(add_text(rq, json_object_get(view, "summary"), &card->summary, &card->summary_text));
	e = add_words(rq, card, NULL, NULL, &words);
	card->words = buf_take(&words);
	return e;
}

/* The card of a hit, which other searches may have had, too. */
static enum err card_of_hit(const struct request *rq, const json_t *hit, struct cards *cards,
	int64_t size, struct card **out)
{
	const struct card_key key = {size, json_num(hit, "id"), cards->days.today};
	json_auto_t *system = NULL, *view = NULL;
	struct card *card = card_kept(rq, &key);
	enum err e;

	if (!card) {
		TRY(search_row(rq->snap, key.id, &system));
		view = card_of(rq, system, cards);
		card = mem_new(sizeof(*card));
		atomic_init(&card->holders, 1);
		e = card_rendered(rq, view, card);
		if (e != OK) {
			card_drop(card);
			return e;
		}
		card_keep(rq, &key, card);
	}
	*out = card;
	return OK;
}

/* Where the words were found, if not in the card itself. */
static enum err add_why(const struct request *rq, const json_t *match, struct buf *out)
{
	const char *piece = json_str(match, "marked"), *in = json_str(match, "in");
	AUTOFREE char *label = mem_printf("match_%s", in ? in : "");
	json_auto_t *view = json_object();

	if (piece) {
		json_put(view, "label", json_text(message(rq, label)));
		json_put(view, "piece_marked", json_incref(json_object_get(match, "marked")));
		if (search_is_foreign(piece, rq->lang))
			json_put(view, "spoken", json_text(languages[0].code));
	}
	return view_render(rq->site->view, rq->lang, "card_why.html", ESCAPE_HTML, view, out);
}

/* The card with the words marked in it. */
static enum err add_found(const struct request *rq, const struct card *card, const json_t *match,
	const struct search_forms *forms, struct buf *out)
{
	AUTOFREE char *name = card->name_text ? search_marked(card->name_text, forms) : NULL,
		      *summary =
			      card->summary_text ? search_marked(card->summary_text, forms) : NULL;
	const char *in = json_str(match, "in");
	bool in_card = in && (strcmp(in, "name") == 0 || strcmp(in, "summary") == 0);

	buf_puts(out, card->top);
	if (name || summary)
		TRY(add_words(rq, card, name, summary, out));
	else
		buf_puts(out, card->words);
	TRY(add_why(rq, in_card && (name || summary) ? NULL : match, out));
	buf_puts(out, card->end);
	return OK;
}

json_t *part_cards(const struct request *rq, const json_t *systems)
{
	json_t *list = json_array();
	struct cards cards;

	cards_begin(rq, &cards);
	json_each (systems, system)
		json_push(list, card_of(rq, system, &cards));
	cards_end(&cards);
	return list;
}

enum err part_found(const struct request *rq, const json_t *found, struct buf *out)
{
	AUTOFREE struct search_forms *forms = search_forms_of(json_object_get(found, "forms"));
	int64_t size = lists_kept_size(rq);
	struct cards cards;
	enum err e = OK;

	cards_begin(rq, &cards);
	json_each (json_object_get(found, "systems"), hit) {
		struct card *card = NULL;

		e = card_of_hit(rq, hit, &cards, size, &card);
		if (e == OK)
			e = add_found(rq, card, json_object_get(hit, "match"), forms, out);
		card_drop(card);
		if (e != OK)
			break;
	}
	cards_end(&cards);
	return e;
}

bool part_says_nothing(const json_t *found)
{
	const json_t *forms = json_object_get(found, "forms");

	return forms && !json_array_size(forms);
}

#define OF_SYSTEM "system."

char *part_type(const char *type)
{
	char *name = mem_text(
		strncmp(type, OF_SYSTEM, strlen(OF_SYSTEM)) == 0 ? type + strlen(OF_SYSTEM) : type);
	char *dot = strchr(name, '.');

	if (dot)
		*dot = '_';
	return name;
}

/* The message for "system.published" is "happened_published", for its first time "happened_first";
 * for "kpi.reported" it is "happened_kpi_reported". Without a message the name in the log is
 * shown. */
static json_t *happened(const struct request *rq, const json_t *milestone)
{
	const char *type = json_str(milestone, "type"), *dot = type ? strchr(type, '.') : NULL;
	int64_t version = json_num(milestone, "version");
	AUTOFREE char *name = part_type(type ? type : "");
	AUTOFREE char *key = mem_printf("happened_%s", name);
	bool first = version == 1 && dot && !strcmp(dot, ".published");
	json_t *what = say(rq, first ? "happened_first" : key, json_make("{s:I}", "n", version));

	if (json_string_length(what))
		return what;
	json_decref(what);
	return json_text(type);
}

json_t *part_decided(const struct request *rq, const json_t *of)
{
	const char *by = json_str(of, "by"), *person = json_str(of, "person");
	AUTOFREE char *role = mem_printf("role_%s", person ? json_str(of, "role") : "");

	if (!by || strcmp(by, "office") != 0)
		return json_null();
	if (!person)
		return json_text(message(rq, "decided_by_operator"));
	return say(rq, "decided_by_person",
		json_make(
			"{s:s,s:o}", "role", message(rq, role), "person", json_stringn(person, 8)));
}

json_t *part_withholding(const struct request *rq, const char *code)
{
	const json_t *reason = withholding_reason(code);

	if (!reason)
		return json_null();
	return json_make("{s:s,s:o,s:o,s:o}", "code", code, "title",
		view_text(rq, json_object_get(reason, "title")), "about",
		view_text(rq, json_object_get(reason, "about")), "basis",
		view_text(rq, json_object_get(reason, "basis")));
}

const char *part_of_record(const char *type)
{
	return strncmp(type, "kpi.", 4) == 0        ? "figures"
	       : strncmp(type, "incident.", 9) == 0 ? "incidents"
	                                            : NULL;
}

json_t *part_milestone(const struct request *rq, const json_t *milestone)
{
	json_t *view = json_object();
	int64_t version = json_num(milestone, "version");
	const char *part = part_of_record(json_str(milestone, "type"));

	json_put(view, "when", view_time(rq, json_str(milestone, "at")));
	json_put(view, "what", happened(rq, milestone));
	json_put(view, "entry", json_integer(json_num(milestone, "entry")));
	json_put(view, "version", version && !part ? json_integer(version) : json_null());
	json_put(view, "part", json_text(part));
	json_put(view, "decided", part_decided(rq, milestone));
	json_put(view, "reason", view_text(rq, json_object_get(milestone, "reason")));
	if (json_str(milestone, "slug"))
		json_put(view, "slug", json_text(json_str(milestone, "slug")));
	json_put(view, "name", view_text(rq, json_object_get(milestone, "name")));
	return view;
}

/* The message for "standard.adopted" is "happened_standard_adopted". */
static json_t *adopted(const struct request *rq, const json_t *a)
{
	const char *type = json_str(a, "type"), *dot = strchr(type, '.');
	json_t *title = view_text(rq, json_object_get(json_object_get(a, "about"), "title"));
	AUTOFREE char *key = mem_printf("happened_%.*s_%s", (int)(dot - type), type, dot + 1);
	json_t *words = json_make("{s:I, s:s?}", "n", (json_int_t)json_num(a, "version"), "title",
		json_str(title, "text") ? json_str(title, "text") : json_str(a, "id"));

	json_decref(title);
	return say(rq, key, words);
}

json_t *part_adoption(const struct request *rq, const json_t *a)
{
	const char *id = json_str(a, "id");
	AUTOFREE char *href = id ? mem_printf("/%s/policies/%s", rq->lang, id)
	                         : mem_printf("/log/content/%s", json_str(a, "sha256"));

	return json_make("{s:o, s:o, s:I, s:o, s:s, s:b, s:n, s:n, s:b, s:b}", "when",
		view_time(rq, json_str(a, "at")), "what", adopted(rq, a), "entry",
		(json_int_t)json_num(a, "entry"), "reason",
		view_text(rq, json_object_get(a, "reason")), "href", href, "adoption", 1, "version",
		"part", "compared", 0, "judged", 0);
}

void part_feed(const struct request *rq, json_t *view, const char *about, const char *title)
{
	AUTOFREE char *href = mem_printf("/%s%s/feed.atom", rq->lang, about);

	json_put(view, "feed", json_make("{s:s, s:s}", "href", href, "title", title));
}

char *part_department(const struct request *rq, const char *slug)
{
	json_t *department = NULL, *name;
	char *out;

	if (query_department(rq->snap, slug, &department))
		return mem_text(slug);
	name = view_text(rq, json_object_get(department, "name"));
	out = mem_text(json_is_null(name) ? slug : json_str(name, "text"));
	json_decref(name);
	json_decref(department);
	return out;
}

int64_t part_page(const struct request *rq)
{
	return request_query_number(rq, "page", 1);
}

static json_t *page_href(const char *base, int64_t page, bool there)
{
	AUTOFREE char *href = mem_printf("%s%lld", base, (long long)page);

	return there ? json_text(href) : json_null();
}

json_t *part_pages(const struct request *rq, const char *base, int64_t page, int64_t pages)
{
	json_t *text;

	if (pages <= 1)
		return json_null();
	text = say(rq, "page_of",
		json_make("{s:o, s:o}", "page", view_number(page), "pages", view_number(pages)));
	return json_make("{s:o, s:o, s:o}", "previous", page_href(base, page - 1, page > 1), "next",
		page_href(base, page + 1, page < pages), "text", text);
}
