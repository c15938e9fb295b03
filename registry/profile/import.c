#include "registry/office/office.h"

#include "base/crypto.h"
#include "base/sha256.h"
#include "base/text.h"
#include "registry/event/fold.h"

#include <string.h>

#define KEY_CHARS 300

enum { BY_SOURCE, BY_SLUG, TAKEN, DEPARTMENT, OF_PROFILE, NEWEST, RETIREMENT, DERIVED };
static const struct sql sql[] = {
	[BY_SOURCE] = {"import.by_source",
		"SELECT slug, state, version, filing, department FROM system WHERE imported = ?1"},
	[BY_SLUG] = {"import.by_slug",
		"SELECT slug, state, version, filing, department FROM system WHERE slug = ?1"},
	[TAKEN] = {"import.taken", "SELECT 1 FROM system WHERE slug = ?1"},
	[DEPARTMENT] = {"import.department", "SELECT 1 FROM department WHERE slug = ?1"},
	[OF_PROFILE] = {"import.of_profile",
		"SELECT slug, substr(imported, length(?1) + 2) FROM system"
		" WHERE imported >= ?1 || ' ' AND imported < ?1 || '!' AND state <> 'retired'"},
	[NEWEST] = {"import.newest", "SELECT sha256 FROM version WHERE system = ?1 AND n = ?2"},
	[RETIREMENT] = {"import.retirement",
		"SELECT max(entry) FROM milestone WHERE system = ?1 AND type = 'system.retired'"},
	[DERIVED] = {"import.derived",
		"SELECT department, substr(first_at, 1, 10),"
		" substr(changed_at, 1, 10), state FROM system WHERE slug = ?1"},
};
SQL_TABLE(sql);

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
	return tx_add(tx,
		(struct draft){.type = "department.added",
			.by = "office",
			.subject = slug,
			.content = json_make("{s:O}", "name", json_object_get(department, "name"))},
		NULL);
}

struct known {
	bool exists, retired;
	bool own; /* found by its address: the row is of this register's own export */
	char slug[SLUG_MAX + 1], department[SLUG_MAX + 1];
	int64_t version, filing; /* filing -1: none waits */
};

/* What the other register knows a record by, as entries and the read model have it: by its hash. */
static void hash_key(const char *key, char out[SHA256_HEX])
{
	AUTOFREE char *settled = text_nfc(key); /* as the content will have it */
	struct sha256 hash = sha256_of(settled ? settled : key, strlen(settled ? settled : key));

	sha256_hex(&hash, out);
}

static enum err find_by(struct tx *tx, int by, const char *value, struct known *out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(tx_state(tx)->db, &sql[by], BIND(text(value)), &row);

	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	out->exists = true;
	snprintf(out->slug, sizeof(out->slug), "%s", rows_text(&row, 0));
	snprintf(out->department, sizeof(out->department), "%s", rows_text(&row, 4));
	out->retired = strcmp(rows_text(&row, 1), "retired") == 0;
	out->version = rows_int(&row, 2);
	out->filing = rows_null(&row, 3) ? -1 : rows_int(&row, 3);
	return OK;
}

/* Is the row said to be of this very register? */
static enum err is_of_here(struct tx *tx, const json_t *row, bool *out)
{
	const char *origin = json_str(json_object_get(row, "of"), "register");
	char here[KEY_NAME_MAX + 1];

	TRY(state_origin(tx_state(tx), here));
	*out = origin && strcmp(origin, here) == 0;
	return OK;
}

/* A row of an export says of which register it is, and which system there. Of this one it is that
 * very system, whoever filed it. One that does not say so must not become a second system beside
 * the one whose address it has: its author may have meant either. */
static enum err find_own(struct tx *tx, const json_t *row, const char *imported, struct known *out)
{
	const json_t *of = json_object_get(row, "of");
	const char *slug = json_str(of, "system"), *origin = json_str(of, "register");
	struct known by_source = {.filing = -1};
	char here[KEY_NAME_MAX + 1];

	if (!slug)
		return OK;
	TRY(state_origin(tx_state(tx), here));
	if (origin && *origin && strcmp(origin, here) != 0)
		return OK;
	TRY(find_by(tx, BY_SLUG, slug, out));
	out->own = out->exists;
	if (!out->own || (origin && *origin))
		return OK;
	TRY(find_by(tx, BY_SOURCE, imported, &by_source));
	if (by_source.exists && strcmp(by_source.slug, out->slug) == 0)
		return OK;
	return fail(ERR_CONFLICT,
		"there is a system \"%s\" here, and the row does not say whether it is the same: to "
		"change that one, write %s into \"register\"; for a new one, choose another id",
		slug, here);
}

/* A mistyped address must not make a second page beside the one that was meant. */
static enum err find_known(
	struct tx *tx, const char *profile, const json_t *row, struct known *out, json_t *outcome)
{
	const char *slug = json_str(json_object_get(row, "of"), "system");
	AUTOFREE char *imported = NULL;
	char hash[SHA256_HEX];
	bool here;

	*out = (struct known){.filing = -1};
	hash_key(json_str(row, "key"), hash);
	imported = mem_printf("%s %s", profile, hash);
	TRY(find_own(tx, row, imported, out));
	if (!out->exists)
		TRY(find_by(tx, BY_SOURCE, imported, out));
	TRY(is_of_here(tx, row, &here));
	if (out->exists || !here)
		return OK;
	json_put(outcome, "unknown", json_true());
	return fail(ERR_CONFLICT,
		"this register has no system \"%s\": correct the id; for a new system leave id and "
		"register empty",
		slug ? slug : "");
}

/* Columns of our own export that the register fills in: a cell that says otherwise is not read, and
 * its author must hear of it. */
static enum err put_unread(
	struct tx *tx, const struct known *known, const json_t *row, json_t *outcome)
{
	static const char *const columns[] = {
		"department_slug", "publication_date", "last_change_date", "state"};
	const json_t *says = json_object_get(json_object_get(row, "of"), "says");
	json_t *unread = json_array();
	AUTO(rows) is = {0};

	json_put(outcome, "unread", unread);
	TRY(db_one(tx_state(tx)->db, &sql[DERIVED], BIND(text(known->slug)), &is));
	for (size_t i = 0; i < COUNT(columns); i++) {
		const char *cell = json_str(says, columns[i]);

		if (cell && strcmp(cell, rows_text(&is, (int)i)) != 0)
			json_push(unread, json_text(columns[i]));
	}
	return OK;
}

/* A sheet from before somebody else's change would take that back without a word. */
static enum err check_newest(const struct known *known, const json_t *row)
{
	int64_t version = json_num(json_object_get(row, "of"), "version");

	if (version <= 0 || version >= known->version)
		return OK;
	return fail(ERR_CONFLICT,
		"\"%s\" changed after this sheet was downloaded: the row comes from version %lld, and "
		"the newest is %lld. Download the sheet again, and make the change there",
		known->slug, (long long)version, (long long)known->version);
}

/* Was it an import that retired it, because its source no longer had it? */
static enum err was_gone(struct tx *tx, const char *slug, bool *out)
{
	struct store *store = &tx_state(tx)->store;
	AUTO(buf) entry = BUF(ENTRY_MAX);
	AUTO(event) ev = {0};
	int64_t index;

	TRY(db_int(tx_state(tx)->db, &sql[RETIREMENT], BIND(text(slug)), &index));
	TRY(store->ops->entry(store->self, (uint64_t)index, &entry));
	TRY(event_parse(entry.data, entry.len, &ev));
	*out = strcmp(ev.by, "register") == 0;
	return OK;
}

/* What its source has again is the same system again. What the office retired stays retired,
 * whatever a source says, and what our own export calls retired does as well. */
static enum err check_may_return(struct tx *tx, const struct known *known)
{
	bool gone;

	TRY(was_gone(tx, known->slug, &gone));
	if (gone && !known->own)
		return OK;
	return fail(ERR_CONFLICT,
		"\"%s\" is retired, and its page stays as it is: leave the row out, or as it was",
		known->slug);
}

/* An import must not decide over the head of the office on what a department filed. */
static enum err check_none_waits(const struct known *known)
{
	if (known->filing < 0)
		return OK;
	return fail(ERR_CONFLICT,
		"a filing of \"%s\" waits for the office (entry %lld): approve it or send it back "
		"first",
		known->slug, (long long)known->filing);
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

	json_object_foreach ((json_t *)after, name, value) {
		if (!json_equal(value, json_object_get(before, name)))
			json_push(fields, json_text(name));
	}
	json_object_foreach ((json_t *)before, name, value) {
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

/* The record's members that had something in them and would have nothing; of a text per language
 * "goal.en", where only that one goes. */
static json_t *blanked_fields(const json_t *before, const json_t *after)
{
	json_t *fields = json_array(), *value, *part;
	const char *name, *member;

	json_object_foreach ((json_t *)before, name, value) {
		const json_t *now = json_object_get(after, name);

		if (is_empty(value))
			continue;
		if (is_empty(now)) {
			json_push(fields, json_text(name));
			continue;
		}
		json_object_foreach (value, member, part) {
			AUTOFREE char *path = mem_printf("%s.%s", name, member);

			if (!is_empty(part) && is_empty(json_object_get(now, member)))
				json_push(fields, json_text(path));
		}
	}
	return fields;
}

static enum err compare(
	struct tx *tx, const struct known *known, const json_t *record, json_t *outcome, bool *same)
{
	AUTO(rows) row = {0};
	json_t *content = NULL, *before;

	TRY(db_one(tx_state(tx)->db, &sql[NEWEST], BIND(text(known->slug), num(known->version)),
		&row));
	TRY(state_content(tx_state(tx), rows_text(&row, 0), &content));
	before = json_object_get(content, "record");
	*same = json_equal(before, record);
	if (!*same) {
		json_put(outcome, "fields", changed_fields(before, record));
		json_put(outcome, "blanked", blanked_fields(before, record));
	}
	json_decref(content);
	return OK;
}

static enum err file_and_publish(struct tx *tx, const char *profile, const json_t *row,
	const struct known *known, const char *department)
{
	const char *slug = known->slug;
	int64_t version = known->version + 1;
	char hash[SHA256_HEX];
	json_auto_t *judgement = NULL;
	uint64_t filing;

	/* First, for where it is not there yet all else is done again. */
	TRY(tx_judge(tx, slug, json_object_get(row, "record"), NULL, &judgement));
	hash_key(json_str(row, "key"), hash);
	TRY(tx_add(tx,
		(struct draft){.type = "system.filed",
			.by = "register",
			.subject = slug,
			.members = json_make("{s:s,s:s,s:s}", "department", department, "profile",
				profile, "source_sha256", hash),
			.content = json_make("{s:O,s:s}", "record", json_object_get(row, "record"),
				"source", json_str(row, "key"))},
		&filing));
	return tx_add(tx,
		(struct draft){.type = "system.published",
			.by = "register",
			.subject = slug,
			.members = json_make("{s:I,s:I}", "filing", (json_int_t)filing, "version",
				(json_int_t)version),
			.content = TAKE(judgement)},
		NULL);
}

/* The key becomes the content's `source`, which holds so much. */
static enum err check_key(const char *key)
{
	ENSURE(key && *key, ERR_INVALID, "the profile gave no key for this row");
	ENSURE(text_length(key) <= KEY_CHARS && !text_forbidden(key, false), ERR_INVALID,
		"the profile's key for this row is longer than %d characters or not one line",
		KEY_CHARS);
	return OK;
}

static enum err resume(struct tx *tx, const char *slug, const json_t *request)
{
	return tx_add(tx,
		(struct draft){.type = "system.resumed",
			.by = "register",
			.subject = slug,
			.content = json_make("{s:O}", "reason", json_object_get(request, "again"))},
		NULL);
}

struct one_row {
	const json_t *request, *row;
	const struct known *known;
	bool same;
};

static enum err write_one(struct tx *tx, void *arg)
{
	const struct one_row *one = arg;
	const struct known *known = one->known;

	if (known->retired)
		TRY(resume(tx, known->slug, one->request));
	if (one->same)
		return OK;
	/* What our own export says of the department is the register's, and not read. */
	if (!known->own)
		TRY(ensure_department(tx, one->row));
	return file_and_publish(tx, json_str(one->request, "profile"), one->row, known,
		known->own ? known->department
			   : json_str(json_object_get(one->row, "department"), "slug"));
}

static const char *outcome_of(const struct known *known, bool same)
{
	if (known->retired && !known->own)
		return "resumed";
	return same ? "same" : known->exists ? "changed" : "new";
}

static enum err import_one(struct tx *tx, const json_t *request, const json_t *row, json_t *outcome)
{
	bool dry = json_is_true(json_object_get(request, "dry_run")), same = false;
	const char *key = json_str(row, "key");
	struct known known;

	TRY(check_key(key));
	TRY(find_known(tx, json_str(request, "profile"), row, &known, outcome));
	if (known.exists)
		TRY(compare(tx, &known, json_object_get(row, "record"), outcome, &same));
	else
		TRY(choose_slug(tx, json_str(row, "slug"), key, known.slug));
	json_put(outcome, "system", json_text(known.slug));
	if (known.own) {
		json_put(outcome, "own", json_true());
		TRY(put_unread(tx, &known, row, outcome));
	}
	json_put(outcome, "outcome", json_text(outcome_of(&known, same)));
	if (same && (known.own || !known.retired))
		return OK;
	if (known.retired)
		TRY(check_may_return(tx, &known));
	if (!same && known.own)
		TRY(check_newest(&known, row));
	if (!same)
		TRY(check_none_waits(&known));
	/* A row that is refused at any step leaves nothing behind, and a dry run goes every
	 * step. */
	return tx_part(tx, !dry, write_one, &(struct one_row){request, row, &known, same});
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
	const char *profile = json_str(request, "profile");
	json_t *outcomes = json_array(), *row;
	size_t i;

	json_put(reply, "rows", outcomes);
	ENSURE(profile && slug_valid(profile), ERR_INVALID, "\"profile\" must be a profile's name");
	json_array_foreach (json_object_get(request, "rows"), i, row) {
		json_t *outcome = json_object(), *problems = json_array();
		enum err e;

		json_push(outcomes, outcome);
		json_put(outcome, "line", json_integer(json_num(row, "line")));
		tx_problems(tx, problems);
		e = import_one(tx, request, row, outcome);
		tx_problems(tx, NULL);
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

/* Of the profile's systems that are not retired: how many, and which of them no row names, be it
 * by its key or, in our own export, by its address. */
static enum err find_gone(struct tx *tx, const json_t *request, size_t *known, json_t *gone)
{
	json_auto_t *keep = json_object(), *named = json_object();
	AUTO(rows) rows = {0};
	char hash[SHA256_HEX];
	json_t *key;
	size_t i;

	json_array_foreach (json_object_get(request, "keys"), i, key) {
		if (!json_is_string(key))
			continue;
		hash_key(json_string_value(key), hash);
		json_put(keep, hash, json_true());
	}
	json_array_foreach (json_object_get(request, "systems"), i, key) {
		if (json_is_string(key))
			json_put(named, json_string_value(key), json_true());
	}
	*known = 0;
	TRY(db_query(tx_state(tx)->db, &sql[OF_PROFILE], BIND(text(json_str(request, "profile"))),
		&rows));
	while (rows_next(&rows)) {
		++*known;
		if (!json_object_get(keep, rows_text(&rows, 1)) &&
			!json_object_get(named, rows_text(&rows, 0)))
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
	json_put(reply, "known", json_integer((json_int_t)known));
	if (json_is_true(json_object_get(request, "dry_run")))
		return OK;
	/* What nobody was shown is not retired. */
	ENSURE(json_num(request, "count") == (json_int_t)json_array_size(gone), ERR_CONFLICT,
		"the register changed meanwhile: %zu systems would be retired, not %lld; import "
		"again",
		json_array_size(gone), (long long)json_num(request, "count"));
	json_array_foreach (gone, i, slug) {
		TRY(retire_one(tx, json_string_value(slug), request));
	}
	return OK;
}
