#include "registry/event/settings.h"

#include "audit/note.h"
#include "base/languages.h"
#include "base/text.h"
#include "base/zone.h"
#include "registry/event/fold.h"
#include "registry/standard/form.h"

#include <ctype.h>
#include <string.h>

#define DEFAULT_ZONE "Asia/Seoul"

SQL(ADD, "settings.add", "INSERT INTO settings (entry, at, about) VALUES (?1, ?2, ?3)");
SQL(LATEST, "settings.latest", "SELECT about FROM settings ORDER BY entry DESC LIMIT 1",
	"walks the primary key backwards and stops at the first");

/* --- the rule for each setting --- */

static enum err check_seen(const json_t *texts, size_t max, const char *what)
{
	TRY(check_texts(texts, max, what));
	json_members (texts, lang, one) {
		ENSURE(text_is_visible(json_string_value(one)), ERR_INVALID,
			"%s holds nothing that can be seen in \"%s\"", what, lang);
	}
	return OK;
}

static enum err check_name(const json_t *value)
{
	return check_seen(value, 100, "the register's \"name\"");
}

static enum err check_office(const json_t *value)
{
	return check_seen(value, 100, "the register's \"office\"");
}

static enum err check_hours(const json_t *value)
{
	return check_seen(value, 300, "the register's \"hours\"");
}

static enum err check_privacy_notice(const json_t *value)
{
	return check_seen(value, 5000, "the register's \"privacy_notice\"");
}

static enum err check_languages(const json_t *value)
{
	size_t n = json_array_size(value);

	ENSURE(n > 0 && n <= 20, ERR_INVALID,
		"the register's \"languages\" must be a list of 1 to 20 languages, such as [\"ko\", \"en\"]");
	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_array_get(value, i);

		ENSURE(json_is_string(one) && form_is_language(json_string_value(one)), ERR_INVALID,
			"the register's \"languages\": number %zu is not the tag of a language, such as \"ko\"",
			i + 1);
		for (size_t j = 0; j < i; j++)
			ENSURE(!json_equal(one, json_array_get(value, j)), ERR_INVALID,
				"the register's \"languages\" name \"%s\" twice",
				json_string_value(one));
	}
	return OK;
}

static enum err check_timezone(const json_t *value)
{
	const char *s = json_string_value(value);

	ENSURE(s && zone_is_name(s), ERR_INVALID,
		"the register's \"timezone\" must be a name of the tz database, such as Asia/Seoul%s%.64s%s",
		s ? ", not \"" : "", s ? s : "", s ? "\"" : "");
	return OK;
}

static enum err check_contact(const json_t *value)
{
	const char *s = json_string_value(value);

	ENSURE(s && strlen(s) <= 300 && form_is_contact_uri(s), ERR_INVALID,
		"the register's \"contact\" must be an address that begins with mailto:, tel: or https://, "
		"such as mailto:ai@city.example");
	return OK;
}

static enum err check_telephone(const json_t *value)
{
	const char *s = json_string_value(value);

	ENSURE(s && strlen(s) <= 40 && form_is_telephone(s), ERR_INVALID,
		"the register's \"telephone\" must be a number such as 055-330-3114: digits, and spaces, "
		"\"-\", \".\" or brackets between them");
	return OK;
}

static enum err check_licence(const json_t *value)
{
	const char *s = json_string_value(value);

	ENSURE(s && text_is_visible(s) && text_length(s) <= 200 && !text_forbidden_in_log(s, false),
		ERR_INVALID,
		"the register's \"licence\" must be a URL or a name, of at most 200 characters on one line");
	ENSURE(!strstr(s, "://") || form_is_url(s), ERR_INVALID,
		"the register's \"licence\" is not a URL that a browser opens: it must begin with https:// "
		"and hold no spaces");
	return OK;
}

static enum err check_answer_days(const json_t *value)
{
	ENSURE(json_is_integer(value) && json_integer_value(value) >= 1 &&
			json_integer_value(value) <= 365,
		ERR_INVALID,
		"the register's \"answer_days\" must be a number of days from 1 to 365");
	return OK;
}

static enum err check_example(const json_t *value)
{
	ENSURE(json_is_boolean(value), ERR_INVALID,
		"the register's \"example\" must be true or false");
	return OK;
}

static const struct setting {
	const char *name;
	enum err (*check)(const json_t *value);
	bool required;
} all[] = {
	{"name", check_name, true},
	{"office", check_office},
	{"languages", check_languages, true},
	{"timezone", check_timezone},
	{"contact", check_contact},
	{"telephone", check_telephone},
	{"hours", check_hours},
	{"licence", check_licence},
	{"privacy_notice", check_privacy_notice},
	{"answer_days", check_answer_days},
	{"example", check_example},
};

static const struct setting *setting_of(const char *name)
{
	for (size_t i = 0; i < COUNT(all); i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}

static enum err check_known(const json_t *settings)
{
	json_members (settings, name, value) {
		ENSURE(setting_of(name), ERR_INVALID, "a register has no setting \"%.40s\"", name);
	}
	return OK;
}

enum err settings_check(const json_t *settings)
{
	ENSURE(json_is_object(settings), ERR_INVALID,
		"a register's settings must be a JSON object");
	TRY(check_known(settings));
	for (size_t k = 0; k < COUNT(all); k++) {
		const json_t *value = json_object_get(settings, all[k].name);

		ENSURE(value || !all[k].required, ERR_INVALID, "the register's \"%s\" is missing",
			all[k].name);
		if (value)
			TRY(all[k].check(value));
	}
	json_each (json_object_get(settings, "languages"), lang) {
		ENSURE(json_object_get(json_object_get(settings, "name"), json_string_value(lang)),
			ERR_INVALID,
			"the register's \"name\" is missing in \"%s\", which is one of its languages",
			json_string_value(lang));
	}
	return OK;
}

enum err settings_check_here(const json_t *settings)
{
	const char *zone = json_str(settings, "timezone");
	AUTOFREE char *codes = language_codes();

	TRY(settings_check(settings));
	TRY(zone_check(zone ? zone : DEFAULT_ZONE));
	json_each (json_object_get(settings, "languages"), lang) {
		ENSURE(language_of(json_string_value(lang), json_string_length(lang)), ERR_INVALID,
			"the register's \"languages\": this program has no pages in \"%s\"; choose from: %s",
			json_string_value(lang), codes);
	}
	return OK;
}

enum err settings_check_origin(const char *origin)
{
	static const uint8_t none[ED25519_PUBLIC];
	size_t len = strlen(origin);
	struct vkey key;

	ENSURE(!strstr(origin, "://"), ERR_INVALID,
		"an origin is a URL without its scheme: leave out \"%.*s://\"",
		(int)(strstr(origin, "://") - origin), origin);
	ENSURE(len > 0 && origin[0] != '/' && origin[len - 1] != '/', ERR_INVALID,
		"an origin is a host and a path, such as ai.city.example/log, with no \"/\" before or "
		"behind it");
	ENSURE(isalnum((unsigned char)origin[0]) || origin[0] == '[', ERR_INVALID,
		"an origin begins with a host, and that with a letter or a digit: \"%.40s\" does "
		"not",
		origin);
	for (const char *s = origin; *s; s++)
		ENSURE(*s > ' ' && *s < 0x7f && !strchr("?#+%\\\"<>^`{|}@", *s), ERR_INVALID,
			"an origin holds letters, digits and \".-_~:/\", such as ai.city.example/log");
	return vkey_make(origin, KEY_ED25519, none, &key);
}

/* --- how they change --- */

/* True if nothing is left of the setting. */
static bool is_removed(const json_t *value)
{
	return json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0) ||
	       (json_is_object(value) && json_object_size(value) == 0);
}

const char *settings_licence(const json_t *about, bool *assumed)
{
	const char *named = json_str(about, "licence");

	if (assumed)
		*assumed = !named;
	return named ? named : SETTINGS_LICENCE;
}

void settings_merge(json_t *settings, const json_t *patch)
{
	json_members (patch, name, value) {
		json_t *old = json_object_get(settings, name);

		if (json_is_object(value) && json_object_size(value) > 0) {
			json_t *merged = json_is_object(old) ? json_incref(old) : json_object();

			settings_merge(merged, value);
			json_put(settings, name, merged);
		} else {
			json_put(settings, name, json_deep_copy(value));
		}
		if (is_removed(json_object_get(settings, name)))
			json_object_del(settings, name);
	}
}

static void add_change(json_t *list, const char *name, const char *lang, json_t *from, json_t *to)
{
	if ((!from && !to) || (from && to && json_equal(from, to)))
		return;
	json_push(list, json_make("{s:s,s:s?,s:o,s:o}", "setting", name, "language", lang, "from",
				from ? json_incref(from) : json_null(), "to",
				to ? json_incref(to) : json_null()));
}

static void add_text_changes(json_t *list, const char *name, json_t *from, json_t *to)
{
	json_members (from, lang, one)
		add_change(list, name, lang, one, json_object_get(to, lang));
	json_members (to, lang, one) {
		if (!json_object_get(from, lang))
			add_change(list, name, lang, NULL, one);
	}
}

json_t *settings_changes(const json_t *before, const json_t *after)
{
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(all); i++) {
		const char *name = all[i].name;
		json_t *from = json_object_get(before, name), *to = json_object_get(after, name);

		if (json_is_object(from) || json_is_object(to))
			add_text_changes(list, name, from, to);
		else
			add_change(list, name, NULL, from, to);
	}
	return list;
}

static void add_left_behind(
	json_t *list, const char *name, const char *first, json_t *from, json_t *to)
{
	json_t *was = json_object_get(from, first), *is = json_object_get(to, first);

	if (!was || !is || json_equal(was, is))
		return;
	json_members (to, lang, one) {
		json_t *old = json_object_get(from, lang);

		if (old && json_equal(old, one))
			json_push(list, json_make("{s:s,s:s}", "setting", name, "language", lang));
	}
}

json_t *settings_left_behind(const json_t *before, const json_t *after)
{
	const json_t *first = json_array_get(json_object_get(after, "languages"), 0);
	json_t *list = json_array();

	for (size_t i = 0; json_is_string(first) && i < COUNT(all); i++)
		add_left_behind(list, all[i].name, json_string_value(first),
			json_object_get(before, all[i].name), json_object_get(after, all[i].name));
	return list;
}

/* --- the event --- */

static enum err in_force(struct db *db, json_t **out)
{
	AUTO(rows) row = {0};
	const char *text;

	TRY(db_one(db, LATEST, BIND_NONE, &row));
	text = rows_text(&row, 0);
	return json_read(text, strlen(text), SETTINGS_MAX, RULES_STRICT, out);
}

enum err register_changed_check(struct state *st, const struct event *ev)
{
	char origin[KEY_NAME_MAX + 1];
	json_auto_t *now = NULL;

	TRY(state_origin(st, origin));
	ENSURE(strcmp(ev->subject, origin) == 0, ERR_INVALID, "this register is %s, not %.80s",
		origin, ev->subject);
	TRY(settings_check(ev->content));
	TRY(in_force(st->db, &now));
	ENSURE(json_is_true(json_object_get(now, "example")) ==
			json_is_true(json_object_get(ev->content, "example")),
		ERR_INVALID, "whether a register is an example was settled when it was opened");
	return OK;
}

enum err register_changed_fold(struct state *st, const struct event *ev)
{
	AUTO(buf) about = BUF(SETTINGS_MAX);

	json_canonical(ev->content, &about);
	return db_run(
		st->db, ADD, BIND(num((int64_t)ev->index), text(ev->at), text(buf_text(&about))));
}

/* --- readers --- */

enum err settings_check_kept(struct db *db)
{
	json_auto_t *now = NULL;
	enum err e = in_force(db, &now);

	return e == ERR_NOT_FOUND ? OK : e;
}

enum err settings_use_zone(struct db *db)
{
	json_auto_t *now = NULL;
	const char *zone;

	TRY(in_force(db, &now));
	zone = json_str(now, "timezone");
	return zone_use(zone ? zone : DEFAULT_ZONE);
}
