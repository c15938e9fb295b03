#include "registry/event/logged.h"

#include "base/zone.h"
#include "registry/event/settings.h"

SQL(VERSIONS, "logged.versions",
	"SELECT entry, at, sha256 FROM version WHERE system = ?1 ORDER BY n");
SQL(ERASED, "logged.erased",
	"SELECT 1 FROM content_state WHERE sha256 = ?1 AND erased_entry IS NOT NULL");

static bool equal(const json_t *a, const json_t *b, const char *member)
{
	const json_t *x = json_object_get(a, member), *y = json_object_get(b, member);

	return x && y ? json_equal(x, y) : x == y;
}

static bool same_item(const json_t *a, const json_t *b, const json_t *how)
{
	json_each (json_object_get(how, "same"), member) {
		if (!equal(a, b, json_string_value(member)))
			return false;
	}
	json_each (json_object_get(how, "any"), member) {
		const char *name = json_string_value(member);

		if (json_str(a, name) && equal(a, b, name))
			return true;
	}
	return false;
}

/* Early imports, before there were checks, may hold a single item instead of a list. */
static json_t *listed(const json_t *items)
{
	return json_is_object(items) ? json_make("[O]", items) : json_incref((json_t *)items);
}

static bool has_item(const json_t *record, const char *field, const json_t *item, const json_t *how)
{
	json_auto_t *items = listed(json_object_get(record, field));

	json_each (items, one) {
		if (same_item(item, one, how))
			return true;
	}
	return false;
}

static json_t *day_of(const char *at, json_t *entry)
{
	char day[DAY_TEXT];
	int64_t time;

	if (!at || time_parse(at, &time) != OK) {
		json_decref(entry);
		return json_null();
	}
	zone_day(time, 0, day);
	return json_make("{s:s,s:o}", "on", day, "entry", entry); /* takes over `entry` */
}

/* The items of a list whose days are being looked for, version by version. */
struct search {
	const char *field;
	const json_t *how;
	const json_t *items;
	json_t *days; /* one day per item; null: not found yet */
	size_t left;
};

static void look_in(struct search *s, const json_t *record, const char *at, int64_t entry)
{
	json_each_at (s->items, i, item) {
		if (!json_is_null(json_array_get(s->days, i)) ||
			!has_item(record, s->field, item, s->how))
			continue;
		json_array_set_new(s->days, i, day_of(at, json_integer((json_int_t)entry)));
		s->left--;
	}
}

/* Was the content erased by this entry, as everybody sees who follows the log this far? */
static enum err is_erased(struct state *st, const char *sha256, bool *out)
{
	int64_t one;
	enum err e = db_int(st->db, ERASED, BIND(text(sha256)), &one);

	*out = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err search_versions(struct state *st, struct logged_of *of, struct search *s)
{
	AUTO(rows) rows = {0};
	bool erased;

	TRY(db_query(st->db, VERSIONS, BIND(text(of->system)), &rows));
	while (s->left && rows_next(&rows)) {
		json_auto_t *content = NULL;

		TRY(state_content(st, rows_text(&rows, 2), &content));
		if (content) {
			look_in(s, json_object_get(content, "record"), rows_text(&rows, 1),
				rows_int(&rows, 0));
			continue;
		}
		TRY(is_erased(st, rows_text(&rows, 2), &erased));
		of->unsure = of->unsure || !erased;
	}
	return s->left ? rows_end(&rows) : OK;
}

/* Does it have a member of "any"? */
static bool may_have_day(const json_t *item, const json_t *how)
{
	return same_item(item, item, how);
}

static enum err days_of(struct state *st, struct logged_of *of, struct search *s)
{
	json_each (s->items, item) {
		json_push(s->days, json_null());
		s->left += may_have_day(item, s->how);
	}
	if (!s->left)
		return OK;
	TRY(search_versions(st, of, s));
	json_each_at (s->items, i, item) {
		if (json_is_null(json_array_get(s->days, i)) && may_have_day(item, s->how))
			json_array_set_new(s->days, i, day_of(of->at, json_null()));
	}
	return OK;
}

enum err logged_days(struct state *st, struct logged_of *of, const char *field, const json_t *items,
	const json_t *how, json_t **out)
{
	json_auto_t *list = listed(items), *days = json_array();
	struct search s = {.field = field, .how = how, .items = list, .days = days};

	TRY(days_of(st, of, &s));
	*out = TAKE(days);
	return OK;
}

/* Returns copies of the items, with the day added to each that has one. */
static json_t *with_days(const json_t *items, const json_t *days)
{
	json_auto_t *list = listed(items);
	json_t *out = json_array(), *item;
	size_t i;

	json_array_foreach (list, i, item) {
		const char *on = json_str(json_array_get(days, i), "on");

		if (json_is_object(item) && on) {
			item = json_copy(item);
			json_put(item, "logged_on", json_text(on));
			json_push(out, item);
		} else {
			json_push(out, json_incref(item));
		}
	}
	return out;
}

enum err logged_fields(struct state *st, struct logged_of *of, const json_t *record,
	const json_t *asked, json_t **out)
{
	json_auto_t *fields = json_object();

	json_members (asked, field, how) {
		const json_t *items = json_object_get(record, field);
		json_auto_t *days = NULL;

		if (!json_is_array(items) && !json_is_object(items))
			continue;
		TRY(logged_days(st, of, field, items, how, &days));
		json_put(fields, field, with_days(items, days));
	}
	*out = TAKE(fields);
	return OK;
}

/* Uses the zone that the register has as of this entry. The process may be in another one: it may
 * be replaying an old log, or the zone may just have changed. */
static void use_zone(struct state *st, struct logged_of *of)
{
	if (settings_use_zone(st->db) != OK)
		of->unsure = true;
}

enum err logged_given(struct state *st, struct logged_of *of, const json_t *record,
	const struct policies *ps, json_t **out)
{
	json_auto_t *given = json_object();

	for (size_t i = 0; i < ps->n; i++) {
		const json_t *asked = policy_logged(ps->all[i].policy);
		json_t *fields;

		if (!asked)
			continue;
		if (json_object_size(given) == 0)
			use_zone(st, of);
		TRY(logged_fields(st, of, record, asked, &fields));
		if (json_object_size(fields) > 0)
			json_put(given, policy_id(ps->all[i].policy), fields);
		else
			json_decref(fields);
	}
	*out = TAKE(given);
	return OK;
}
