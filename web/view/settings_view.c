#include "web/view/settings_view.h"

#include "registry/event/settings.h"
#include "registry/query/query.h"
#include "registry/standard/form.h"
#include "web/view/parts.h"

#include <string.h>

/* Names of licences that are given by their address. */
static const struct {
	const char *url, *message;
} licences[] = {
	{"https://www.kogl.or.kr/info/licenseType1.do", "licence_kogl_1"},
	{"https://www.kogl.or.kr/info/licenseType2.do", "licence_kogl_2"},
	{"https://www.kogl.or.kr/info/licenseType3.do", "licence_kogl_3"},
	{"https://www.kogl.or.kr/info/licenseType4.do", "licence_kogl_4"},
};

static json_t *link_to(const char *href, const char *text)
{
	return json_make("{s:s?, s:s}", "href", href, "text", text);
}

static json_t *contact_view(const char *contact)
{
	const char *colon = contact ? strchr(contact, ':') : NULL;

	if (!colon || !form_is_contact_uri(contact))
		return json_null();
	return link_to(contact, strncmp(contact, "https:", 6) == 0 ? contact : colon + 1);
}

/* RFC 3966 allows visual separators between digits, but no spaces. */
static json_t *telephone_view(const char *number)
{
	AUTO(buf) href = BUF(KIB);

	if (!number || !form_is_telephone(number))
		return json_null();
	buf_puts(&href, "tel:");
	for (const char *s = number; *s; s++)
		if (*s != ' ')
			buf_putc(&href, *s);
	return link_to(buf_text(&href), number);
}

static const char *licence_name(const struct request *rq, const char *licence)
{
	for (size_t i = 0; i < COUNT(licences); i++)
		if (strcmp(licences[i].url, licence) == 0)
			return message(rq, licences[i].message);
	return licence;
}

json_t *settings_licence_view(const struct request *rq, const json_t *about)
{
	bool assumed;
	const char *licence = settings_licence(about, &assumed);

	return json_make("{s:s?, s:s, s:b}", "href", form_is_url(licence) ? licence : NULL, "text",
		licence_name(rq, licence), "assumed", (int)assumed);
}

json_t *settings_view(const struct request *rq, const json_t *about)
{
	int64_t days = json_num(about, "answer_days");
	json_t *view = json_object();

	json_put(view, "name", view_text(rq, json_object_get(about, "name")));
	json_put(view, "office", view_text(rq, json_object_get(about, "office")));
	json_put(view, "hours", view_text(rq, json_object_get(about, "hours")));
	json_put(view, "privacy_notice", view_text(rq, json_object_get(about, "privacy_notice")));
	json_put(view, "contact", contact_view(json_str(about, "contact")));
	json_put(view, "telephone", telephone_view(json_str(about, "telephone")));
	json_put(view, "licence", settings_licence_view(rq, about));
	json_put(view, "answer_days", days > 0 ? view_number(days) : json_null());
	json_put(view, "example", json_boolean(json_is_true(json_object_get(about, "example"))));
	return view;
}

/* A setting's value in one language, or the value itself. */
static json_t *value_view(const json_t *value)
{
	AUTO(buf) text = BUF(64 * KIB);

	if (!value || json_is_null(value))
		return json_null();
	if (json_is_string(value))
		return json_make("{s:O}", "text", value);
	if (!json_is_array(value))
		json_canonical(value, &text);
	json_each_at (value, i, one)
		buf_printf(&text, "%s%s", i ? ", " : "",
			json_is_string(one) ? json_string_value(one) : "");
	return json_make("{s:s}", "text", buf_text(&text));
}

static json_t *change_view(const struct request *rq, const json_t *change)
{
	AUTOFREE char *key = mem_printf("setting_%s", json_str(change, "setting"));

	return json_make("{s:s, s:s?, s:o, s:o}", "what", message(rq, key), "lang",
		json_str(change, "language"), "from", value_view(json_object_get(change, "from")),
		"to", value_view(json_object_get(change, "to")));
}

static json_t *moment_view(const struct request *rq, const json_t *moment)
{
	json_auto_t *changes = settings_changes(
		json_object_get(moment, "before"), json_object_get(moment, "about"));
	json_t *list = json_array();

	json_each (changes, one)
		json_push(list, change_view(rq, one));
	return json_make("{s:o, s:I, s:o}", "when", view_time(rq, json_str(moment, "at")), "entry",
		(json_int_t)json_num(moment, "entry"), "changes", list);
}

/* The first settings do not count as a change. */
json_t *settings_history_view(const struct request *rq, int64_t limit)
{
	json_auto_t *history = NULL;
	json_t *list = json_array();

	if (query_settings(rq->snap, limit, &history) != OK)
		return list;
	json_each (history, one) {
		if (json_is_object(json_object_get(one, "before")))
			json_push(list, moment_view(rq, one));
	}
	return list;
}
