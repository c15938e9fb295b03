#include "web/pages/question_view.h"

#include "base/env.h"
#include "base/languages.h"
#include "registry/event/mask.h"
#include "registry/query/query.h"
#include "registry/standard/standard.h"
#include "web/view/language_names.h"
#include "web/view/parts.h"

#include <string.h>

/* --- texts --- */

static json_t *text_view(const struct request *rq, const char *text, const char *lang)
{
	return json_make("{s:s, s:s, s:s, s:b}", "text", text, "lang", lang, "own",
		language_own_name(lang), "foreign", !language_same(lang, rq->lang));
}

/* The text in `lang`; NULL if there is none. */
static const char *text_in(const json_t *texts, const char *lang, const char **used)
{
	const char *text = lang ? standard_text(texts, lang, used) : NULL;

	return text && language_same(*used, lang) ? text : NULL;
}

static json_t *others_view(
	const struct request *rq, const json_t *texts, const char *shown, const char *asked_in)
{
	json_t *out = json_array(), *one;

	json_members (texts, lang, text) {
		if (language_same(lang, shown) || language_of(lang, strlen(lang)) ||
			!json_is_string(text))
			continue;
		one = text_view(rq, json_string_value(text), lang);
		json_put(one, "open", json_boolean(asked_in && language_same(lang, asked_in)));
		json_push(out, one);
	}
	return out;
}

json_t *question_texts(const struct request *rq, const json_t *texts, const char *asked_in)
{
	const char *lang = NULL, *text = NULL;

	if (json_is_object(texts)) {
		text = text_in(texts, rq->lang, &lang);
		text = text ? text : text_in(texts, asked_in, &lang);
		text = text ? text : standard_text(texts, rq->lang, &lang);
	}
	if (!text)
		return json_make("{s:n, s:[]}", "text", "others");
	return json_make("{s:o, s:o}", "text", text_view(rq, text, lang), "others",
		others_view(rq, texts, lang, asked_in));
}

/* --- the question --- */

static json_t *answer_view(const struct request *rq, const json_t *answer, const char *asked_in)
{
	const char *by = json_str(answer, "by"), *slash = by ? strchr(by, '/') : NULL;
	AUTOFREE char *who =
		slash ? part_department(rq, slash + 1) : mem_text(message(rq, "by_office"));

	return json_make("{s:s, s:o, s:o, s:I, s:b}", "by", who, "when",
		view_time(rq, json_str(answer, "at")), "said",
		question_texts(rq, json_object_get(answer, "text"), asked_in), "entry",
		(json_int_t)json_num(answer, "entry"), "personal",
		json_is_true(json_object_get(answer, "personal")));
}

static json_t *answers_view(const struct request *rq, const json_t *question, const char *asked_in)
{
	json_t *out = json_array();

	json_each (json_object_get(question, "answers"), answer)
		json_push(out, answer_view(rq, answer, asked_in));
	return out;
}

json_t *question_pieces(const char *text)
{
	json_t *pieces = json_array();
	const char *mask;

	for (; text && (mask = strstr(text, MASK)); text = mask + strlen(MASK)) {
		AUTOFREE char *before = mem_bytes(text, (size_t)(mask - text));

		if (*before)
			json_push(pieces, json_make("{s:s}", "text", before));
		json_push(pieces, json_make("{s:b}", "mask", 1));
	}
	if (text && *text)
		json_push(pieces, json_make("{s:s}", "text", text));
	return pieces;
}

/* The public text, which the author sees beside the original. */
static void put_masked(const json_t *question, json_t *view)
{
	const json_t *shown = json_object_get(question, "shown");
	bool masked = json_str(question, "masked") != NULL;

	json_put(view, "masked", json_boolean(masked));
	if (masked && shown) {
		const char *name = json_str(shown, "name");

		json_put(view, "shown", question_pieces(json_str(shown, "text")));
		json_put(view, "name_masked", json_boolean(name && strcmp(name, MASK) == 0));
	} else if (masked)
		json_put(view, "pieces", question_pieces(json_str(question, "text")));
}

/* The question that answers the same, and how many others were merged into this one. */
static void put_repeats(const struct request *rq, const json_t *question, json_t *view)
{
	const char *slug = json_str(question, "system"), *into = json_str(question, "merged_into");
	AUTOFREE char *page = slug ? mem_printf("/systems/%s", slug) : mem_text("");
	AUTOFREE char *href = mem_printf("/%s%s/feedback#q-%s", rq->lang, page, into ? into : "");
	int64_t repeats = json_num(question, "repeats");

	json_put(view, "same", into ? json_make("{s:s}", "href", href) : json_null());
	json_put(view, "repeats", repeats ? view_number(repeats) : json_null());
}

json_t *question_view(const struct request *rq, const json_t *question)
{
	const char *lang = json_str(question, "lang"), *text = json_str(question, "text");
	json_t *view = json_object(), *answers = answers_view(rq, question, lang);
	bool answered = json_array_size(answers) > 0;
	bool withdrawn = json_is_true(json_object_get(question, "withdrawn"));
	bool erased = json_is_true(json_object_get(question, "erased"));
	bool swept = json_is_true(json_object_get(question, "swept"));
	bool personally = json_is_true(json_object_get(question, "personally")), waiting;
	bool merged = json_str(question, "merged_into") != NULL;

	json_put(view, "id", json_text(json_str(question, "id")));
	json_put(view, "when", view_time(rq, json_str(question, "at")));
	json_put(view, "entry", json_integer(json_num(question, "entry")));
	json_put(view, "asked", text ? text_view(rq, text, lang ? lang : rq->lang) : json_null());
	json_put(view, "name", json_text(json_str(question, "name")));
	put_masked(question, view);
	json_put(view, "withdrawn", json_boolean(withdrawn));
	json_put(view, "swept", json_boolean(erased && swept && !withdrawn));
	json_put(view, "erased", json_boolean(erased && !swept && !withdrawn));
	json_put(view, "answers", answers);
	json_put(view, "answered", json_boolean(answered));
	json_put(view, "personally", json_boolean(personally && !answered));
	put_repeats(rq, question, view);
	waiting = !answered && !personally && !erased && !merged;
	json_put(view, "waiting", json_boolean(waiting));
	json_put(view, "due", waiting ? question_due(rq, json_str(question, "at")) : json_null());
	return view;
}

/* --- when --- */

json_t *question_days(const struct request *rq)
{
	return view_number(query_answer_days(rq->snap));
}

json_t *question_due(const struct request *rq, const char *at)
{
	int64_t seconds, days = query_answer_days(rq->snap);
	char due[DAY_TEXT], today[DAY_TEXT];

	if (!at || time_parse(at, &seconds))
		return json_null();
	zone_day(seconds, (int)days, due);
	part_day(rq, 0, today);
	return json_make("{s:o, s:o, s:b}", "date", view_date(rq, due), "days", view_number(days),
		"late", strcmp(due, today) < 0);
}
