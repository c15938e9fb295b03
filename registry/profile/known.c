#include "registry/profile/known.h"

#include "base/crypto.h"
#include "base/text.h"
#include "registry/profile/departments.h"
#include "registry/profile/sheet.h"

#include <string.h>

SQL(BY_SOURCE, "import.by_source",
	"SELECT slug, state, version, filing, department FROM system WHERE imported = ?1");
SQL(BY_SLUG, "import.by_slug",
	"SELECT slug, state, version, filing, department FROM system WHERE slug = ?1");
SQL(TAKEN, "import.taken", "SELECT 1 FROM system WHERE slug = ?1");
SQL(NEWEST, "import.newest", "SELECT sha256 FROM version WHERE system = ?1 AND n = ?2");
SQL(DERIVED, "import.derived",
	"SELECT department, substr(first_at, 1, 10),"
	" substr(changed_at, 1, 10), state FROM system WHERE slug = ?1");

/* Entries and the read model have only the hash of the other register's key. */
void known_hash(const char *key, char out[SHA256_HEX])
{
	AUTOFREE char *settled = text_nfc(key); /* the form that the content will have */
	struct sha256 hash = sha256_of(settled ? settled : key, strlen(settled ? settled : key));

	sha256_hex(&hash, out);
}

static enum err find_by(
	struct state *st, const struct sql *by, const char *value, struct known *out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, by, BIND(text(value)), &row);

	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	out->exists = true;
	snprintf(out->slug, sizeof(out->slug), "%s", rows_text(&row, 0));
	snprintf(out->department, sizeof(out->department), "%s", rows_text(&row, 4));
	out->retired = strcmp(rows_text(&row, 1), "retired") == 0;
	out->suspended = strcmp(rows_text(&row, 1), "suspended") == 0;
	out->version = rows_int(&row, 2);
	out->filing = rows_null(&row, 3) ? -1 : rows_int(&row, 3);
	return OK;
}

enum err known_at(struct state *st, const char *slug, struct known *out)
{
	*out = (struct known){.filing = -1};
	return find_by(st, BY_SLUG, slug, out);
}

/* Does the row say that it comes from this very register? */
static enum err is_of_here(struct state *st, const json_t *row, bool *out)
{
	const char *origin = json_str(json_object_get(row, "of"), "register");
	char here[KEY_NAME_MAX + 1];

	TRY(state_origin(st, here));
	*out = origin && strcmp(origin, here) == 0;
	return OK;
}

/* A row of an export names its register and its system. If the register is this one, the row is
 * that very system, whoever filed it. If the row does not name it but has the address of a system,
 * it must not become a second system: its author may have meant either. */
static enum err find_own(
	struct state *st, const json_t *row, const char *imported, struct known *out)
{
	const json_t *of = json_object_get(row, "of");
	const char *slug = json_str(of, "system"), *origin = json_str(of, "register");
	struct known by_source = {.filing = -1};
	char here[KEY_NAME_MAX + 1];

	if (!slug)
		return OK;
	TRY(state_origin(st, here));
	if (origin && *origin && strcmp(origin, here) != 0)
		return OK;
	TRY(find_by(st, BY_SLUG, slug, out));
	out->own = out->exists;
	if (!out->own || (origin && *origin))
		return OK;
	TRY(find_by(st, BY_SOURCE, imported, &by_source));
	if (by_source.exists && strcmp(by_source.slug, out->slug) == 0)
		return OK;
	return fail(ERR_CONFLICT,
		"there is a system \"%s\" here, and the row does not say whether it is the same: to "
		"change that one, write %s into \"register\"; for a new one, choose another id",
		slug, here);
}

/* A mistyped address must not create a second page instead of changing the intended one. */
enum err known_find(struct state *st, const char *profile, const json_t *row, struct known *out,
	json_t *outcome)
{
	const char *slug = json_str(json_object_get(row, "of"), "system");
	AUTOFREE char *imported = NULL;
	char hash[SHA256_HEX];
	bool here;

	*out = (struct known){.filing = -1};
	known_hash(json_str(row, "key"), hash);
	imported = mem_printf("%s %s", profile, hash);
	TRY(find_own(st, row, imported, out));
	if (!out->exists)
		TRY(find_by(st, BY_SOURCE, imported, out));
	TRY(is_of_here(st, row, &here));
	if (out->exists || !here)
		return OK;
	json_put(outcome, "unknown", json_true());
	return fail(ERR_CONFLICT,
		"this register has no system \"%s\": correct the id; for a new system leave id and "
		"register empty",
		slug ? slug : "");
}

/* The register fills in these columns of our own export. A cell with another value is ignored, and
 * the author must learn of it. */
enum err known_unread(
	struct state *st, const struct known *known, const json_t *row, json_t *outcome)
{
	static const char *const columns[] = {
		"department_slug", "publication_date", "last_change_date", "state"};
	const json_t *says = json_object_get(json_object_get(row, "of"), "says");
	json_t *unread = json_array();
	AUTO(rows) is = {0};

	json_put(outcome, "unread", unread);
	TRY(db_one(st->db, DERIVED, BIND(text(known->slug)), &is));
	for (size_t i = 0; i < COUNT(columns); i++) {
		const char *cell = json_str(says, columns[i]);

		if (cell && strcmp(cell, rows_text(&is, (int)i)) != 0)
			json_push(unread, json_text(columns[i]));
	}
	return OK;
}

/* Without this check, an old sheet would silently undo the changes that others have made since. */
enum err known_check_newest(const struct known *known, const json_t *row)
{
	int64_t version = json_num(json_object_get(row, "of"), "version");

	if (version <= 0 || version >= known->version)
		return OK;
	return fail(ERR_CONFLICT,
		"\"%s\" changed after this sheet was downloaded: the row comes from version %lld, and "
		"the newest is %lld. Download the sheet again, and make the change there",
		known->slug, (long long)version, (long long)known->version);
}

/* The profile's slug, or, if another system has it, that slug with the key's hash appended. Slugs
 * are never reused. */
enum err known_slug(struct state *st, const char *wish, const char *key, char out[SLUG_MAX + 1])
{
	struct sha256 hash = sha256_of(key, strlen(key));
	char hex[9];
	int64_t one;
	enum err e;

	TRY(slug_check(wish));
	snprintf(out, SLUG_MAX + 1, "%s", wish);
	e = db_int(st->db, TAKEN, BIND(text(out)), &one);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	hex_text(hash.bytes, 4, hex);
	snprintf(out, SLUG_MAX + 1, "%.70s-%s", wish, hex);
	return OK;
}

/* The names of the members that differ between two records. */
static json_t *changed_fields(const json_t *before, const json_t *after)
{
	json_t *fields = json_array();

	json_members (after, name, value) {
		if (!json_equal(value, json_object_get(before, name)))
			json_push(fields, json_text(name));
	}
	json_members (before, name, value) {
		if (!json_object_get(after, name))
			json_push(fields, json_text(name));
	}
	return fields;
}

static bool is_empty(const json_t *value)
{
	return !value || json_is_null(value) ||
	       (json_is_string(value) && !text_is_visible(json_string_value(value))) ||
	       (json_is_array(value) && json_array_size(value) == 0) ||
	       (json_is_object(value) && json_object_size(value) == 0);
}

/* The record's members that had a value and would lose it; "goal.en" if a text loses only that
 * language. */
static json_t *blanked_fields(const json_t *before, const json_t *after)
{
	json_t *fields = json_array();

	json_members (before, name, value) {
		const json_t *now = json_object_get(after, name);

		if (is_empty(value))
			continue;
		if (is_empty(now)) {
			json_push(fields, json_text(name));
			continue;
		}
		json_members (value, member, part) {
			AUTOFREE char *path = mem_printf("%s.%s", name, member);

			if (!is_empty(part) && is_empty(json_object_get(now, member)))
				json_push(fields, json_text(path));
		}
	}
	return fields;
}

enum err known_record(struct state *st, const struct known *known, json_t **out)
{
	AUTO(rows) row = {0};
	json_auto_t *content = NULL;

	TRY(db_one(st->db, NEWEST, BIND(text(known->slug), num(known->version)), &row));
	TRY(state_content(st, rows_text(&row, 0), &content));
	*out = json_incref(json_object_get(content, "record"));
	return OK;
}

enum err known_compare(struct state *st, const struct known *known, const json_t *record,
	json_t *outcome, bool *same)
{
	json_auto_t *before = NULL;

	TRY(known_record(st, known, &before));
	*same = json_equal(before, record);
	if (!*same) {
		json_put(outcome, "fields", changed_fields(before, record));
		json_put(outcome, "blanked", blanked_fields(before, record));
	}
	return OK;
}

static enum err record_of(struct state *st, const struct known *known, char content[SHA256_HEX])
{
	json_auto_t *record = NULL;

	TRY(known_record(st, known, &record));
	*content = '\0';
	if (record) /* not erased */
		sheet_content(record, content);
	return OK;
}

enum err known_contents(struct state *st, const char *profile, const json_t *keys, json_t **out)
{
	json_auto_t *are = json_object();

	json_each (keys, key) {
		AUTOFREE char *imported = NULL;
		struct known known = {.filing = -1};
		char hash[SHA256_HEX], content[SHA256_HEX];

		if (!json_is_string(key))
			continue;
		known_hash(json_string_value(key), hash);
		imported = mem_printf("%s %s", profile, hash);
		TRY(find_by(st, BY_SOURCE, imported, &known));
		if (!known.exists || !known.version)
			continue;
		TRY(record_of(st, &known, content));
		json_put(are, json_string_value(key), json_text(content));
	}
	*out = TAKE(are);
	return OK;
}
