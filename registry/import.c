#include "registry/office.h"

#include "base/crypto.h"
#include "base/sha256.h"

#include <string.h>

enum { BY_SOURCE, TAKEN, DEPARTMENT, OF_PROFILE, NEWEST };
static const struct sql sql[] = {
	[BY_SOURCE] = {"import.by_source",
		"SELECT slug, state, version FROM system WHERE source = ?1"},
	[TAKEN] = {"import.taken", "SELECT 1 FROM system WHERE slug = ?1"},
	[DEPARTMENT] = {"import.department", "SELECT about FROM department WHERE slug = ?1"},
	[OF_PROFILE] = {"import.of_profile",
		"SELECT slug, substr(source, length(?1) + 2) FROM system"
		" WHERE source >= ?1 || ' ' AND source < ?1 || '!' AND state <> 'retired'"},
	[NEWEST] = {"import.newest", "SELECT sha256 FROM version WHERE system = ?1 AND n = ?2"},
};
const struct sql_table import_sql = SQL_TABLE(sql);

static enum err ensure_department(struct tx *tx, const json_t *department)
{
	const char *slug = json_str(department, "slug");
	AUTO(rows) row = {0};
	enum err e;

	ENSURE(slug && slug_valid(slug), ERR_INVALID, "the profile gave no usable department");
	e = db_one(tx_state(tx)->db, &sql[DEPARTMENT], BIND(text(slug)), &row);
	if (e != ERR_NOT_FOUND)
		return e;
	rows_done(&row);
	return tx_add(tx,
		(struct draft){.type = "department.added", .by = "office", .subject = slug,
			.content = json_make("{s:O}", "name", json_object_get(department, "name"))},
		NULL);
}

struct known {
	bool exists, retired;
	char slug[SLUG_MAX + 1];
	int64_t version;
};

static enum err find_known(struct tx *tx, const char *profile, const char *key, struct known *out)
{
	AUTOFREE char *source = mem_printf("%s %s", profile, key);
	AUTO(rows) row = {0};
	enum err e = db_one(tx_state(tx)->db, &sql[BY_SOURCE], BIND(text(source)), &row);

	*out = (struct known){0};
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	out->exists = true;
	snprintf(out->slug, sizeof(out->slug), "%s", rows_text(&row, 0));
	out->retired = strcmp(rows_text(&row, 1), "retired") == 0;
	out->version = rows_int(&row, 2);
	return OK;
}

/* The slug that the profile wishes for, or one with the key's hash behind it where another
 * system has that already. Slugs are never reused. */
static enum err choose_slug(struct tx *tx, const char *wish, const char *key, char out[SLUG_MAX + 1])
{
	struct sha256 hash = sha256_of(key, strlen(key));
	char hex[9];
	int64_t one;
	enum err e;

	ENSURE(wish && slug_valid(wish), ERR_INVALID, "the profile gave no usable address (slug)");
	snprintf(out, SLUG_MAX + 1, "%s", wish);
	e = db_int(tx_state(tx)->db, &sql[TAKEN], BIND(text(out)), &one);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	hex_text(hash.bytes, 4, hex);
	snprintf(out, SLUG_MAX + 1, "%.70s-%s", wish, hex);
	return OK;
}

static enum err is_same(struct tx *tx, const struct known *known, const json_t *record, bool *same)
{
	AUTO(rows) row = {0};
	json_t *content = NULL;

	TRY(db_one(tx_state(tx)->db, &sql[NEWEST], BIND(text(known->slug), num(known->version)),
		&row));
	TRY(state_content(tx_state(tx), rows_text(&row, 0), &content));
	*same = json_equal(json_object_get(content, "record"), record);
	json_decref(content);
	return OK;
}

static enum err file_and_publish(struct tx *tx, const char *profile, const json_t *row,
	const char *slug, int64_t version)
{
	const json_t *department = json_object_get(row, "department");
	uint64_t filing;

	TRY(tx_add(tx,
		(struct draft){.type = "system.filed", .by = "register", .subject = slug,
			.members = json_make("{s:s,s:s,s:s}", "department",
				json_str(department, "slug"), "profile", profile, "source",
				json_str(row, "key")),
			.content = json_make("{s:O}", "record", json_object_get(row, "record"))},
		&filing));
	return tx_add(tx,
		(struct draft){.type = "system.published", .by = "register", .subject = slug,
			.members = json_make("{s:I,s:I}", "filing", (json_int_t)filing, "version",
				(json_int_t)version)},
		NULL);
}

static enum err import_one(struct tx *tx, const char *profile, const json_t *row, json_t *outcome)
{
	const char *key = json_str(row, "key");
	struct known known;
	bool same = false;

	ENSURE(key && *key, ERR_INVALID, "the profile gave no key for this row");
	TRY(find_known(tx, profile, key, &known));
	ENSURE(!known.retired, ERR_CONFLICT,
		"it was retired here as \"%s\" when the source no longer had it; a retired system "
		"does not come back under the same key",
		known.slug);
	if (known.exists)
		TRY(is_same(tx, &known, json_object_get(row, "record"), &same));
	else
		TRY(choose_slug(tx, json_str(row, "slug"), key, known.slug));
	json_put(outcome, "system", json_text(known.slug));
	json_put(outcome, "outcome",
		json_text(same ? "same" : known.exists ? "changed" : "new"));
	if (same)
		return OK;
	TRY(ensure_department(tx, json_object_get(row, "department")));
	return file_and_publish(tx, profile, row, known.slug, known.version + 1);
}

static void refused(json_t *outcome, json_t *problems)
{
	json_put(outcome, "outcome", json_text("refused"));
	json_put(outcome, "why", json_text(err_why()));
	if (json_array_size(problems))
		json_put(outcome, "problems", json_incref(problems));
}

/* A row that breaks a rule is listed with its reason; the others go on. Only trouble of our
 * own ends the whole. */
enum err import_rows(struct tx *tx, const json_t *request, json_t *reply)
{
	struct state *state = tx_state(tx);
	const char *profile = json_str(request, "profile");
	json_t *outcomes = json_array(), *row;
	size_t i;

	json_put(reply, "rows", outcomes);
	ENSURE(profile && slug_valid(profile), ERR_INVALID, "\"profile\" must be a profile's name");
	json_array_foreach(json_object_get(request, "rows"), i, row)
	{
		json_t *outcome = json_object(), *problems = json_array();
		enum err e;

		json_push(outcomes, outcome);
		json_put(outcome, "line", json_integer(json_num(row, "line")));
		state->problems = problems;
		e = import_one(tx, profile, row, outcome);
		state->problems = NULL;
		if (e != OK)
			refused(outcome, problems);
		json_decref(problems);
		if (err_kind(e)->ours)
			return e;
	}
	return OK;
}

static enum err retire_one(struct tx *tx, const char *slug, const json_t *request, json_t *retired)
{
	json_push(retired, json_text(slug));
	return tx_add(tx,
		(struct draft){.type = "system.retired", .by = "register", .subject = slug,
			.content = json_make("{s:O}", "reason", json_object_get(request, "reason"))},
		NULL);
}

enum err import_retire(struct tx *tx, const json_t *request, json_t *reply)
{
	const char *profile = json_str(request, "profile");
	json_t *retired = json_array(), *key;
	json_auto_t *keep = json_object();
	json_auto_t *gone = json_array();
	AUTO(rows) rows = {0};
	size_t i;

	json_put(reply, "retired", retired);
	ENSURE(profile && slug_valid(profile), ERR_INVALID, "\"profile\" must be a profile's name");
	json_array_foreach(json_object_get(request, "keys"), i, key)
		if (json_is_string(key))
			json_put(keep, json_string_value(key), json_true());
	TRY(db_query(tx_state(tx)->db, &sql[OF_PROFILE], BIND(text(profile)), &rows));
	while (rows_next(&rows))
		if (!json_object_get(keep, rows_text(&rows, 1)))
			json_push(gone, json_text(rows_text(&rows, 0)));
	TRY(rows_end(&rows));
	json_array_foreach(gone, i, key)
		TRY(retire_one(tx, json_string_value(key), request, retired));
	return OK;
}
