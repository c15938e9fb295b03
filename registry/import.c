#include "registry/office.h"

#include "base/crypto.h"
#include "base/sha256.h"
#include "base/text.h"
#include "registry/fold.h"

#include <string.h>

#define KEY_CHARS 300

enum { BY_SOURCE, TAKEN, DEPARTMENT, OF_PROFILE, NEWEST };
static const struct sql sql[] = {
	[BY_SOURCE] = {"import.by_source",
		"SELECT slug, state, version FROM system WHERE source = ?1"},
	[TAKEN] = {"import.taken", "SELECT 1 FROM system WHERE slug = ?1"},
	[DEPARTMENT] = {"import.department", "SELECT 1 FROM department WHERE slug = ?1"},
	[OF_PROFILE] = {"import.of_profile",
		"SELECT slug, substr(source, length(?1) + 2) FROM system"
		" WHERE source >= ?1 || ' ' AND source < ?1 || '!' AND state <> 'retired'"},
	[NEWEST] = {"import.newest", "SELECT sha256 FROM version WHERE system = ?1 AND n = ?2"},
};
const struct sql_table import_sql = SQL_TABLE(sql);

static enum err check_record(struct tx *tx, const json_t *row)
{
	struct state *state = tx_state(tx);

	ENSURE(state->standard, ERR_CORRUPT, "no standard was adopted");
	return standard_check(
		state->standard, json_object_get(row, "record"), NEED_PRESENT, state->problems);
}

static enum err check_department(const json_t *department)
{
	const char *slug = json_str(department, "slug");

	ENSURE(slug && slug_valid(slug), ERR_INVALID, "the profile gave no usable department");
	return check_texts(json_object_get(department, "name"), 200, "the department's name");
}

static enum err ensure_department(struct tx *tx, const json_t *row)
{
	const json_t *department = json_object_get(row, "department");
	const char *slug = json_str(department, "slug");
	int64_t one;
	enum err e;

	TRY(check_department(department));
	e = db_int(tx_state(tx)->db, &sql[DEPARTMENT], BIND(text(slug)), &one);
	if (e != ERR_NOT_FOUND)
		return e;
	/* A row that will be refused must not leave a department behind. */
	TRY(check_record(tx, row));
	return tx_add(tx,
		(struct draft){.type = "department.added",
			.by = "office",
			.subject = slug,
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
static enum err choose_slug(
	struct tx *tx, const char *wish, const char *key, char out[SLUG_MAX + 1])
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

/* The names of the record's members that differ from those before. */
static json_t *changed_fields(const json_t *before, const json_t *after)
{
	json_t *fields = json_array(), *value;
	const char *name;

	json_object_foreach((json_t *)after, name, value)
	{
		if (!json_equal(value, json_object_get(before, name)))
			json_push(fields, json_text(name));
	}
	json_object_foreach((json_t *)before, name, value)
	{
		if (!json_object_get(after, name))
			json_push(fields, json_text(name));
	}
	return fields;
}

static enum err compare(struct tx *tx, const struct known *known, const json_t *record,
	json_t *outcome, bool *same)
{
	AUTO(rows) row = {0};
	json_t *content = NULL, *before;

	TRY(db_one(tx_state(tx)->db, &sql[NEWEST], BIND(text(known->slug), num(known->version)),
		&row));
	TRY(state_content(tx_state(tx), rows_text(&row, 0), &content));
	before = json_object_get(content, "record");
	*same = json_equal(before, record);
	if (!*same)
		json_put(outcome, "fields", changed_fields(before, record));
	json_decref(content);
	return OK;
}

static enum err file_and_publish(
	struct tx *tx, const char *profile, const json_t *row, const char *slug, int64_t version)
{
	const json_t *department = json_object_get(row, "department");
	json_t *judgement;
	uint64_t filing;

	TRY(tx_add(tx,
		(struct draft){.type = "system.filed",
			.by = "register",
			.subject = slug,
			.members = json_make("{s:s,s:s,s:s}", "department",
				json_str(department, "slug"), "profile", profile, "source",
				json_str(row, "key")),
			.content = json_make("{s:O}", "record", json_object_get(row, "record"))},
		&filing));
	TRY(tx_judge(tx, json_object_get(row, "record"), NULL, &judgement));
	return tx_add(tx,
		(struct draft){.type = "system.published",
			.by = "register",
			.subject = slug,
			.members = json_make("{s:I,s:I}", "filing", (json_int_t)filing, "version",
				(json_int_t)version),
			.content = judgement},
		NULL);
}

/* The key becomes the event's `source`, which holds so much (MEMBER_LINE). */
static enum err check_key(const char *key)
{
	ENSURE(key && *key, ERR_INVALID, "the profile gave no key for this row");
	ENSURE(text_length(key) <= KEY_CHARS && !text_forbidden(key, false), ERR_INVALID,
		"the profile's key for this row is longer than %d characters or not one line",
		KEY_CHARS);
	return OK;
}

/* What tx_add() would find, without adding. */
static enum err would_import(struct tx *tx, const json_t *row)
{
	TRY(check_department(json_object_get(row, "department")));
	return check_record(tx, row);
}

static enum err import_one(
	struct tx *tx, const char *profile, bool dry, const json_t *row, json_t *outcome)
{
	const char *key = json_str(row, "key");
	struct known known;
	bool same = false;

	TRY(check_key(key));
	TRY(find_known(tx, profile, key, &known));
	ENSURE(!known.retired, ERR_CONFLICT,
		"it was retired here as \"%s\" when the source no longer had it; a retired system "
		"does not come back under the same key",
		known.slug);
	if (known.exists)
		TRY(compare(tx, &known, json_object_get(row, "record"), outcome, &same));
	else
		TRY(choose_slug(tx, json_str(row, "slug"), key, known.slug));
	json_put(outcome, "system", json_text(known.slug));
	json_put(outcome, "outcome", json_text(same ? "same" : known.exists ? "changed" : "new"));
	if (same)
		return OK;
	if (dry)
		return would_import(tx, row);
	TRY(ensure_department(tx, row));
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
	bool dry = json_is_true(json_object_get(request, "dry_run"));
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
		e = import_one(tx, profile, dry, row, outcome);
		state->problems = NULL;
		if (e != OK)
			refused(outcome, problems);
		json_decref(problems);
		if (err_kind(e)->ours)
			return e;
	}
	return OK;
}

static enum err retire_one(struct tx *tx, const char *slug, const json_t *request)
{
	return tx_add(tx,
		(struct draft){.type = "system.retired",
			.by = "register",
			.subject = slug,
			.content =
				json_make("{s:O}", "reason", json_object_get(request, "reason"))},
		NULL);
}

/* Of the profile's systems that are not retired: how many, and which of them no key names. */
static enum err find_gone(struct tx *tx, const json_t *request, size_t *known, json_t *gone)
{
	json_auto_t *keep = json_object();
	AUTO(rows) rows = {0};
	json_t *key;
	size_t i;

	json_array_foreach(json_object_get(request, "keys"), i, key)
	{
		if (json_is_string(key))
			json_put(keep, json_string_value(key), json_true());
	}
	*known = 0;
	TRY(db_query(tx_state(tx)->db, &sql[OF_PROFILE], BIND(text(json_str(request, "profile"))),
		&rows));
	while (rows_next(&rows)) {
		++*known;
		if (!json_object_get(keep, rows_text(&rows, 1)))
			json_push(gone, json_text(rows_text(&rows, 0)));
	}
	return rows_end(&rows);
}

enum err import_retire(struct tx *tx, const json_t *request, json_t *reply)
{
	const char *profile = json_str(request, "profile");
	json_t *gone = json_array(), *slug;
	size_t known, i;

	json_put(reply, "retired", gone);
	ENSURE(profile && slug_valid(profile), ERR_INVALID, "\"profile\" must be a profile's name");
	TRY(find_gone(tx, request, &known, gone));
	/* A file cut short, or another file: what is retired does not come back. */
	ENSURE(json_is_true(json_object_get(request, "many")) || 2 * json_array_size(gone) <= known,
		ERR_INVALID,
		"%zu of the %zu systems of %s are not in the file, and would be retired for good",
		json_array_size(gone), known, profile);
	if (json_is_true(json_object_get(request, "dry_run")))
		return OK;
	json_array_foreach(gone, i, slug)
	{
		TRY(retire_one(tx, json_string_value(slug), request));
	}
	return OK;
}
