#include "registry/profile/known.h"

#include "base/sha256.h"
#include "base/text.h"
#include "registry/event/fold.h"
#include "registry/office/office.h"
#include "registry/profile/departments.h"

#include <string.h>

#define KEY_CHARS 300

SQL(OF_PROFILE, "import.of_profile",
	"SELECT slug, substr(imported, length(?1) + 2) FROM system"
	" WHERE imported > ?1 || ' ' || ?2 AND imported < ?1 || '!' AND state <> 'retired'"
	" ORDER BY imported LIMIT ?3");
SQL(IS_OF_PROFILE, "import.is_of_profile",
	"SELECT 1 FROM system WHERE slug = ?1 AND imported > ?2 || ' '"
	" AND imported < ?2 || '!' AND state <> 'retired'");
SQL(RETIREMENT, "import.retirement",
	"SELECT max(entry) FROM milestone WHERE system = ?1 AND type = 'system.retired'");

/* Creates the row's department if it does not exist. `slug` receives its address. */
static enum err ensure_department(
	struct tx *tx, const json_t *row, json_t *outcome, char slug[SLUG_MAX + 1])
{
	const json_t *department = json_object_get(row, "department"),
		     *name = json_object_get(department, "name");
	bool there;

	TRY(check_texts(name, 200, "the department's name"));
	TRY(departments_find(tx_state(tx), department, slug, &there));
	if (there)
		return OK;
	json_put(outcome, "new_department", json_make("{s:s,s:O}", "slug", slug, "name", name));
	return tx_add(tx,
		(struct draft){.type = "department.added",
			.by = "office",
			.subject = slug,
			.content = json_make("{s:O}", "name", name)},
		NULL);
}

/* Did an import retire it because its source did not list it? */
static enum err was_gone(struct tx *tx, const char *slug, bool *out)
{
	struct store *store = &tx_state(tx)->store;
	AUTO(buf) entry = BUF(ENTRY_MAX);
	AUTO(event) ev = {0};
	int64_t index;

	TRY(db_int(tx_state(tx)->db, RETIREMENT, BIND(text(slug)), &index));
	TRY(store->ops->entry(store->self, (uint64_t)index, &entry));
	TRY(event_parse(entry.data, entry.len, &ev));
	*out = strcmp(ev.by, "register") == 0;
	return OK;
}

static enum err refuse_retired(const struct known *known)
{
	return fail(ERR_CONFLICT,
		"\"%s\" is retired, and its page stays as it is: leave the row out, or as it was",
		known->slug);
}

/* A system that its source lists again becomes active again. If the office retired it, or if our
 * own export lists it as retired, it stays retired. */
static enum err check_may_return(struct tx *tx, const struct known *known)
{
	bool gone;

	TRY(was_gone(tx, known->slug, &gone));
	if (gone && !known->own)
		return OK;
	return refuse_retired(known);
}

/* An import must not decide, in the office's place, on a filing of the department. */
static enum err check_none_waits(const struct known *known)
{
	if (known->filing < 0)
		return OK;
	return fail(ERR_CONFLICT,
		"a filing of \"%s\" waits for the office (entry %lld): approve it or send it back "
		"first",
		known->slug, (long long)known->filing);
}

static enum err file_and_publish(struct tx *tx, const char *profile, const json_t *row,
	const struct known *known, const char *department)
{
	const char *slug = known->slug;
	int64_t version = known->version + 1;
	char hash[SHA256_HEX];
	json_auto_t *judgement = NULL;
	uint64_t filing;

	/* First, because if the judgement is missing, everything else is repeated. */
	TRY(tx_judge(tx, slug, json_object_get(row, "record"), NULL, &judgement));
	known_hash(json_str(row, "key"), hash);
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

/* The key becomes the content's `source`, which has this limit. */
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
	json_t *outcome;
	bool same;
};

static enum err write_one(struct tx *tx, void *arg)
{
	const struct one_row *one = arg;
	const struct known *known = one->known;
	char department[SLUG_MAX + 1];

	if (known->retired)
		TRY(resume(tx, known->slug, one->request));
	if (one->same)
		return OK;
	/* The department in our own export is the register's, so it is not read. */
	if (!known->own)
		TRY(ensure_department(tx, one->row, one->outcome, department));
	return file_and_publish(tx, json_str(one->request, "profile"), one->row, known,
		known->own ? known->department : department);
}

static const char *outcome_of(const struct known *known, bool same)
{
	if (known->retired && !known->own)
		return "resumed";
	return same ? "same" : known->exists ? "changed" : "new";
}

static const char *state_there(const json_t *row)
{
	return json_str(json_object_get(row, "state"), "state");
}

static bool is_retired_there(const json_t *row)
{
	const char *state = state_there(row);

	return state && strcmp(state, "retired") == 0;
}

/* Both sides retired it, so the row changes nothing. */
static enum err stays_retired(json_t *outcome)
{
	json_put(outcome, "outcome", json_text("same"));
	return OK;
}

/* Sets the state that the system will have after all rows (import_states.c). */
static void put_state(const json_t *row, const struct known *known, json_t *outcome)
{
	const char *state = state_there(row);

	if (state && !(known->suspended && strcmp(state, "suspended") == 0))
		json_put(outcome, "state", json_text(state));
}

static enum err import_one(struct tx *tx, const json_t *request, const json_t *row, json_t *outcome)
{
	bool dry = json_is_true(json_object_get(request, "dry_run")), same = false;
	const char *key = json_str(row, "key");
	struct known known;

	TRY(check_key(key));
	TRY(known_find(tx_state(tx), json_str(request, "profile"), row, &known, outcome));
	if (known.exists)
		TRY(known_compare(
			tx_state(tx), &known, json_object_get(row, "record"), outcome, &same));
	else
		TRY(known_slug(tx_state(tx), json_str(row, "slug"), key, known.slug));
	json_put(outcome, "system", json_text(known.slug));
	if (known.own) {
		json_put(outcome, "own", json_true());
		TRY(known_unread(tx_state(tx), &known, row, outcome));
	}
	json_put(outcome, "outcome", json_text(outcome_of(&known, same)));
	if (known.retired && !known.own && is_retired_there(row))
		return same ? stays_retired(outcome) : refuse_retired(&known);
	if (!known.own)
		put_state(row, &known, outcome);
	if (same && (known.own || !known.retired))
		return OK;
	if (known.retired)
		TRY(check_may_return(tx, &known));
	if (!same && known.own)
		TRY(known_check_newest(&known, row));
	if (!same)
		TRY(check_none_waits(&known));
	/* A row that is refused at any step leaves nothing behind, and a dry run takes every
	 * step. */
	return tx_part(tx, !dry, write_one, &(struct one_row){request, row, &known, outcome, same});
}

/* The reason is in the language of err_speak(): its Korean is in cli/ko.json. The rules that the
 * record broke have no words here: `gaya import` gets their sentences from problems_text()
 * (web/view/problem.h), which takes "rule.…" from web/messages/. A row that a profile's map refuses
 * does not come here; the map brings a message in each language (sheet_next()). */
static void refused(json_t *outcome, json_t *problems)
{
	json_object_del(outcome, "new_department");
	json_put(outcome, "outcome", json_text("refused"));
	json_put(outcome, "why", json_text(err_why()));
	if (json_array_size(problems))
		json_put(outcome, "problems", json_incref(problems));
}

/* Lists a row that breaks a rule with the reason and continues with the others. Only our own
 * trouble ends the import. */
enum err import_rows(struct tx *tx, const json_t *request, json_t *reply)
{
	const char *profile = json_str(request, "profile");
	json_t *outcomes = json_array();

	json_put(reply, "rows", outcomes);
	ENSURE(profile && slug_valid(profile), ERR_INVALID, "\"profile\" must be a profile's name");
	json_each (json_object_get(request, "rows"), row) {
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

/* Only systems that the user was shown may be retired, and only while they are as they were. */
static enum err check_retires(struct tx *tx, const char *profile, const char *slug)
{
	int64_t one;
	enum err e = slug ? db_int(tx_state(tx)->db, IS_OF_PROFILE, BIND(text(slug), text(profile)),
				    &one)
	                  : ERR_NOT_FOUND;

	if (e != ERR_NOT_FOUND)
		return e;
	return fail(ERR_CONFLICT,
		"the register changed meanwhile: \"%s\" is retired, or no system of this source; "
		"import again",
		slug ? slug : "");
}

enum err import_retire(struct tx *tx, const json_t *request, json_t *reply)
{
	const char *profile = json_str(request, "profile");
	const json_t *slugs = json_object_get(request, "systems");

	ENSURE(profile && slug_valid(profile), ERR_INVALID, "\"profile\" must be a profile's name");
	json_each (slugs, slug) {
		TRY(check_retires(tx, profile, json_string_value(slug)));
		TRY(retire_one(tx, json_string_value(slug), request));
	}
	json_put(reply, "retired", json_integer((json_int_t)json_array_size(slugs)));
	return OK;
}

enum err import_systems(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	const char *profile = json_str(request, "profile"), *after = json_str(request, "after");
	json_t *systems = json_array();
	AUTO(state) st = state_of(snap);
	AUTO(rows) rows = {0};

	json_put(reply, "systems", systems);
	ENSURE(profile && slug_valid(profile), ERR_INVALID, "\"profile\" must be a profile's name");
	TRY(db_query(st.db, OF_PROFILE,
		BIND(text(profile), text(after ? after : ""), num(IMPORT_SYSTEMS)), &rows));
	while (rows_next(&rows))
		json_push(systems, json_make("{s:s,s:s}", "slug", rows_text(&rows, 0), "source",
					   rows_text(&rows, 1)));
	return rows_end(&rows);
}

enum err import_known(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	const char *profile = json_str(request, "profile");
	struct state st = state_of(snap);
	json_t *records = NULL;
	enum err e;

	e = profile && slug_valid(profile)
	            ? known_contents(&st, profile, json_object_get(request, "keys"), &records)
	            : fail(ERR_INVALID, "\"profile\" must be a profile's name");
	state_done(&st);
	TRY(e);
	json_put(reply, "records", records);
	return OK;
}
