#include "web/view/query_param.h"

#include "base/text.h"
#include "registry/query/query.h"
#include "registry/standard/form.h"
#include "web/view/parts.h"

#include <stdlib.h>
#include <string.h>

/* A message with its variables filled in; the caller frees. Takes ownership of `values`. */
static char *sentence(const struct request *rq, const char *key, json_t *values)
{
	char *text = view_say(rq->site->view, rq->lang, key, values);

	json_decref(values);
	return text;
}

/* {{name}} is the parameter, {{rule}} its allowed values. */
static enum err refuse(const struct request *rq, const char *key, const char *name, char *rule)
{
	AUTOFREE char *why =
		sentence(rq, key, json_make("{s:s, s:s}", "name", name, "rule", rule ? rule : ""));

	free(rule);
	return fail(ERR_INVALID, "%s", why);
}

static size_t terms(const char *s)
{
	size_t n = 0;

	for (s += strspn(s, " \t\n"); *s; s += strspn(s, " \t\n")) {
		s += strcspn(s, " \t\n");
		n++;
	}
	return n;
}

static bool is_number(const char *s, int64_t least, int64_t most)
{
	int64_t n;

	if (!*s || strlen(s) > 9 || s[strspn(s, "0123456789")])
		return false;
	n = strtoll(s, NULL, 10);
	return n >= least && n <= most;
}

/* NULL if `value` is one of the choices, else the sentence that lists them. */
static char *not_among(const struct request *rq, json_t *choices, const char *value)
{
	json_auto_t *owned = choices;
	AUTO(buf) list = BUF(16 * KIB);

	json_each_at (owned, i, choice) {
		const char *one = json_str(choice, "value");

		if (strcmp(one, value) == 0)
			return NULL;
		buf_printf(&list, "%s%s", i ? ", " : "", one);
	}
	return sentence(rq, "query_one_of", json_make("{s:s}", "values", buf_text(&list)));
}

static json_t *deadline_choices(void)
{
	return json_make("[{s:s}, {s:s}]", "value", "overdue", "value", "soon");
}

static char *not_a_department(const struct request *rq, const char *value)
{
	json_t *found = NULL;

	if (query_department(rq->snap, value, &found) == OK) {
		json_decref(found);
		return NULL;
	}
	return sentence(rq, "query_department", json_make("{s:s}", "lang", rq->lang));
}

/* NULL if `value` is valid, else a description of valid values. The caller frees. */
static char *unlike(const struct request *rq, const struct query_param *p, const char *value)
{
	int most = p->most ? p->most : QUERY_MOST;

	switch (p->kind) {
	case QUERY_WORDS:
		if (!text_is_stream_safe(value))
			return sentence(rq, "query_marks", json_make("{s:i}", "limit", TEXT_MARKS));
		return text_length(value) <= QUERY_CHARACTERS && terms(value) <= QUERY_WORDS_MAX
		               ? NULL
		               : sentence(rq, "query_words",
					 json_make("{s:i, s:i}", "characters", QUERY_CHARACTERS,
						 "words", QUERY_WORDS_MAX));
	case QUERY_NUMBER:
	case QUERY_OFFSET:
		return is_number(value, p->kind == QUERY_NUMBER, most)
		               ? NULL
		               : sentence(rq, "query_number",
					 json_make("{s:i, s:i}", "least", p->kind == QUERY_NUMBER,
						 "most", most));
	case QUERY_DAY:
		return form_is_date(value) ? NULL : mem_text(message(rq, "error_day"));
	case QUERY_FLAG:
		return not_among(rq, json_make("[{s:s}]", "value", "1"), value);
	case QUERY_SYSTEM:
	case QUERY_RETURN:
		return NULL;
	case QUERY_DEPARTMENT:
		return not_a_department(rq, value);
	case QUERY_STATUS:
		return not_among(rq, part_choices(rq, FIELD_STATUS, NULL), value);
	case QUERY_RISK:
		return not_among(rq, part_choices(rq, FIELD_RISK, NULL), value);
	case QUERY_DEADLINE:
		return not_among(rq, deadline_choices(), value);
	case QUERY_ANYTHING:
		break;
	}
	return NULL;
}

static const struct query_param *known(const struct route *route, const char *name)
{
	const struct query_param *p = route->query;

	while (p && p->name && p->kind != QUERY_ANYTHING && strcmp(p->name, name) != 0)
		p++;
	return p && p->name ? p : NULL;
}

static enum err refuse_unknown(const struct request *rq, const char *name)
{
	AUTO(buf) list = BUF(KIB);

	for (const struct query_param *p = rq->route->query; p && p->name; p++)
		buf_printf(&list, "%s%s", list.len ? ", " : "", p->name);
	return list.len ? refuse(rq, "query_unknown", name, buf_take(&list))
	                : refuse(rq, "query_none", name, NULL);
}

static bool is_second(const struct request *rq, size_t i)
{
	for (size_t j = rq->params_path; j < i; j++)
		if (strcmp(rq->params[j].name, rq->params[i].name) == 0)
			return true;
	return false;
}

/* Forms send empty searches and filters; an empty day or number is a mistake. */
static bool may_be_empty(enum query_kind kind)
{
	return kind != QUERY_DAY && kind != QUERY_NUMBER && kind != QUERY_OFFSET;
}

enum err query_check(const struct request *rq)
{
	for (size_t i = rq->params_path; i < rq->params_query; i++) {
		const struct param *given = &rq->params[i];
		const struct query_param *p = known(rq->route, given->name);
		char *rule;

		if (!p)
			return refuse_unknown(rq, given->name);
		if (p->kind != QUERY_ANYTHING && is_second(rq, i))
			return refuse(rq, "query_twice", given->name, NULL);
		rule = *given->value || !may_be_empty(p->kind) ? unlike(rq, p, given->value) : NULL;
		if (rule)
			return refuse(rq, "query_value", given->name, rule);
	}
	return OK;
}

/* --- tracking parameters in shared links --- */

static bool is_mark(const char *pair, size_t len)
{
	static const char *const marks[] = {"utm_", "fbclid=", "gclid=", "dclid=", "wbraid=",
		"gbraid=", "msclkid=", "igshid=", "igsh=", "twclid=", "mc_cid=", "mc_eid=", "_gl="};

	for (size_t i = 0; i < COUNT(marks); i++)
		if (len >= strlen(marks[i]) && strncmp(pair, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

void query_unmark(char *uri)
{
	char *query = strchr(uri, '?'), *to, *from;

	if (!query)
		return;
	to = from = query + 1;
	while (*from) {
		size_t len = strcspn(from, "&"), with_amp = len + (from[len] == '&');

		if (!is_mark(from, len)) {
			memmove(to, from, with_amp);
			to += with_amp;
		}
		from += with_amp;
	}
	while (to > query && (to[-1] == '&' || to[-1] == '?'))
		to--;
	*to = '\0';
}
