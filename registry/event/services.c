#include "registry/event/services.h"

#include <stdlib.h>
#include <string.h>

#define COUNTED_MAX MIB

SQL(SYSTEM, "services.system",
	"SELECT s.state, s.status, v.sha256, (SELECT sha256 FROM judgement j"
	" WHERE j.system = s.slug AND j.version = s.version ORDER BY entry DESC LIMIT 1),"
	" o.was_listed, o.counted, s.version FROM system s"
	" JOIN version v ON v.system = s.slug AND v.n = s.version"
	" LEFT JOIN service o ON o.system = s.slug WHERE s.slug = ?1");
SQL(VERSIONS, "services.versions", "SELECT n, sha256 FROM version WHERE system = ?1");
SQL(UNMET, "services.unmet",
	"SELECT duty, due FROM due WHERE system = ?1 AND met = 0"
	" AND policy = '" SERVICE_POLICY "'");
SQL(FULFILLED, "services.fulfilled",
	"SELECT duty FROM duty_event WHERE system = ?1 AND policy = '" SERVICE_POLICY
	"' AND entry IS NOT NULL");
SQL(SUBMITTED, "services.submitted",
	"SELECT DISTINCT system FROM duty_event WHERE list = '" SERVICE_LIST "' AND entry = ?1");
SQL(DUTY, "services.duty",
	"INSERT INTO service_duty (duty, about) VALUES (?1, ?2)"
	" ON CONFLICT DO UPDATE SET about = excluded.about"
	" WHERE about <> excluded.about");
SQL(LESS, "services.less",
	"UPDATE service_count SET n = n - 1"
	" WHERE what IN (SELECT key FROM json_each(?1))");
SQL(NONE, "services.none",
	"DELETE FROM service_count WHERE n = 0"
	" AND what IN (SELECT key FROM json_each(?1))");
SQL(MORE, "services.more",
	"INSERT INTO service_count (what, n) SELECT key, 1 FROM json_each(?1) WHERE true"
	" ON CONFLICT DO UPDATE SET n = n + 1");
SQL(PUT, "services.put",
	"INSERT OR REPLACE INTO service (system, listed, was_listed, retired, ended,"
	" responsibility, next_due, counted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
SQL(PAST, "services.past",
	"INSERT INTO service_past (entry, system, version, state, listed, level, standing,"
	" due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
SQL(PAST_LISTED, "services.past_listed",
	"UPDATE service_past SET listed = CASE state WHEN 'published' THEN ?3"
	" WHEN 'suspended' THEN ?4 ELSE 0 END WHERE system = ?1 AND version = ?2");

/* A system in its present state. */
struct service {
	const char *slug;
	char state[16];
	const char *status; /* shown to readers */
	int64_t version;
	json_t *content, *judgement; /* NULL: erased, or none */
	const json_t *record, *facts, *said;
	bool listed, was_listed, retired;
	char next_due[16];
	json_t *counted; /* {what: true}: the counts that include it */
	char *counted_before;
};

static void service_done(struct service *s)
{
	json_decref(s->content);
	json_decref(s->judgement);
	json_decref(s->counted);
	free(s->counted_before);
}

/* --- the record's and the policy's statements --- */

static const json_t *facts_of(const json_t *record)
{
	return json_object_get(json_object_get(record, "assessments"), SERVICE_POLICY);
}

/* The rule of the profile's export.jq: in use, with a Korean name, and not declared to be no AI. */
static bool is_listed(const json_t *record, const char *status)
{
	const char *name = json_str(json_object_get(record, "name"), "ko");
	bool used = status && (strcmp(status, "pilot") == 0 || strcmp(status, "in_use") == 0 ||
				      strcmp(status, "suspended") == 0);

	return used && name && *name &&
	       !json_is_false(json_object_get(facts_of(record), "uses_ai"));
}

/* Was any version on the list, by its own record? A record that was erased, or is here again, also
 * changes what its entries left in `service_past`. */
static enum err was_listed(struct state *st, const char *slug, bool *out)
{
	AUTO(rows) rows = {0};

	*out = false;
	TRY(db_query(st->db, VERSIONS, BIND(text(slug)), &rows));
	while (rows_next(&rows)) {
		json_auto_t *content = NULL;
		const json_t *record;
		bool listed;

		TRY(state_content(st, rows_text(&rows, 1), &content));
		record = json_object_get(content, "record");
		listed = is_listed(record, json_str(record, "status"));
		*out |= listed;
		TRY(db_run(st->db, PAST_LISTED,
			BIND(text(slug), num(rows_int(&rows, 0)), num(listed),
				num(is_listed(record, "suspended")))));
	}
	return rows_end(&rows);
}

static enum err read_system(struct state *st, int64_t entry, struct service *s)
{
	AUTO(rows) row = {0};
	const char *own;

	TRY(db_one(st->db, SYSTEM, BIND(text(s->slug)), &row));
	snprintf(s->state, sizeof(s->state), "%s", rows_text(&row, 0));
	TRY(state_content(st, rows_text(&row, 2), &s->content));
	if (!rows_null(&row, 3))
		TRY(state_content(st, rows_text(&row, 3), &s->judgement));
	s->counted_before = rows_dup(&row, 5);
	s->version = rows_int(&row, 6);
	s->record = json_object_get(s->content, "record");
	s->facts = facts_of(s->record);
	s->said = json_find(json_object_get(s->judgement, "policies"), "policy", SERVICE_POLICY);
	own = json_str(s->record, "status");
	s->status = strcmp(s->state, "published") == 0 ? own : s->state;
	s->listed = is_listed(s->record, s->status);
	s->was_listed = rows_int(&row, 4) || is_listed(s->record, own);
	if (entry < 0)
		TRY(was_listed(st, s->slug, &s->was_listed));
	s->retired = s->was_listed &&
	             (strcmp(s->state, "retired") == 0 || (own && strcmp(own, "retired") == 0));
	return OK;
}

/* --- its counts --- */

static void count_in(struct service *s, const char *what, const char *of)
{
	AUTOFREE char *key = mem_printf("%s %s", what, of ? of : "");

	json_put(s->counted, key, json_true());
}

static const char *level_of(const struct service *s)
{
	const char *level = json_str(s->said, "level");

	return level ? level : "";
}

/* Each system has one of these kinds. No entry marks the end of a deadline, so what is still to do
 * is counted by its day. */
static void count_kind(struct service *s, const char *assess_by)
{
	const char *level = level_of(s), *standing = json_str(s->said, "standing");

	if (!*level) {
		count_in(s, "kind", "unanswered");
	} else if (strcmp(level, "exempt") == 0 || strcmp(level, "unconfirmed") == 0) {
		count_in(s, "kind", level);
	} else if (!standing || strcmp(standing, "none") == 0) {
		count_in(s, "kind", "out");
	} else if (strncmp(standing, "done", 4) == 0) {
		count_in(s, "kind", "done");
		if (strcmp(standing, "done_late") == 0)
			count_in(s, "late", NULL);
	} else {
		count_in(s, "owed", assess_by);
		if (!json_str(s->said, "due"))
			count_in(s, "undated", assess_by);
	}
}

static void count_ground(struct service *s)
{
	const char *level = level_of(s), *ground = json_str(s->facts, "exemption");

	if (ground && strcmp(ground, "none") != 0 &&
		(strcmp(level, "exempt") == 0 || strcmp(level, "unconfirmed") == 0))
		count_in(s, "ground", ground);
}

static bool sooner(const char *day, const char *than)
{
	return !*than || strcmp(day, than) < 0;
}

/* The first days by which it must be assessed, and by which any of its duties is due. */
static enum err count_due(struct state *st, struct service *s, char assess_by[16])
{
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, UNMET, BIND(text(s->slug)), &rows));
	while (rows_next(&rows)) {
		const char *duty = rows_text(&rows, 0), *day = rows_text(&rows, 1);
		bool assess = strncmp(duty, SERVICE_ASSESSMENT, strlen(SERVICE_ASSESSMENT)) == 0;
		bool exempt = strcmp(duty, SERVICE_EXEMPTION) == 0;
		AUTOFREE char *due = mem_printf("%s %s", duty, day);

		count_in(s, "due", due);
		if (assess && sooner(day, assess_by))
			snprintf(assess_by, 16, "%s", day);
		if (exempt)
			count_in(s, "confirm", day);
		if ((assess || exempt) && sooner(day, s->next_due))
			snprintf(s->next_due, sizeof(s->next_due), "%s", day);
	}
	if (*s->next_due)
		count_in(s, "next", s->next_due);
	return rows_end(&rows);
}

static enum err add_duty(struct state *st, struct service *s, const json_t *duty)
{
	json_auto_t *shown = json_make("{s:s?,s:O?,s:s?}", "basis", json_str(duty, "basis"), "text",
		json_object_get(duty, "text"), "from", json_str(duty, "applies_from"));
	const char *id = json_str(duty, "id");
	AUTO(buf) about = BUF(COUNTED_MAX);

	if (!id)
		return OK;
	count_in(s, "duty", id);
	if (json_is_true(json_object_get(duty, "met")))
		count_in(s, "met", id);
	json_canonical(shown, &about);
	return db_run(st->db, DUTY, BIND(text(id), text(buf_text(&about))));
}

static bool owes(const struct service *s, const char *id)
{
	AUTOFREE char *key = mem_printf("duty %s", id);

	return json_object_get(s->counted, key) != NULL;
}

/* Includes duties fulfilled by a submitted list. */
static enum err count_duties(struct state *st, struct service *s)
{
	AUTO(rows) rows = {0};

	json_each (json_object_get(s->said, "duties"), duty)
		TRY(add_duty(st, s, duty));
	TRY(db_query(st->db, FULFILLED, BIND(text(s->slug)), &rows));
	while (rows_next(&rows))
		if (owes(s, rows_text(&rows, 0)))
			count_in(s, "met", rows_text(&rows, 0));
	return rows_end(&rows);
}

static char *dumped(const json_t *value)
{
	AUTO(buf) out = BUF(COUNTED_MAX);

	json_canonical(value, &out);
	return buf_take(&out);
}

/* An officer is one line; statements on responsibility may be long, so their hash is counted. */
static void count_who(struct service *s)
{
	const json_t *officer = json_object_get(s->record, "ai_officer"),
		     *says = json_object_get(s->record, "final_responsibility");
	AUTOFREE char *named = json_is_object(officer) ? dumped(officer) : NULL,
		      *said = json_is_object(says) ? dumped(says) : NULL;

	if (s->listed)
		count_in(s, named ? "officer" : "no_officer", named);
	if (!said && owes(s, SERVICE_ANSWERS))
		count_in(s, "silent", NULL);
	if (said && s->listed) {
		struct sha256 hash = sha256_of(said, strlen(said));
		char hex[SHA256_HEX];

		sha256_hex(&hash, hex);
		count_in(s, "says", hex);
		count_in(s, "says_n", NULL);
	}
}

static enum err count_all(struct state *st, struct service *s)
{
	char assess_by[16] = "";

	s->counted = json_object();
	if (s->retired)
		count_in(s, "retired", NULL);
	if (strcmp(s->state, "retired") == 0)
		return OK;
	count_in(s, "systems", NULL);
	if (s->listed)
		count_in(s, "listed", NULL);
	TRY(count_due(st, s, assess_by));
	count_kind(s, assess_by);
	count_ground(s);
	TRY(count_duties(st, s));
	count_who(s);
	return OK;
}

/* --- writing --- */

static enum err write_counts(struct state *st, const struct service *s, const char *counted)
{
	if (s->counted_before && strcmp(s->counted_before, counted) == 0)
		return OK;
	if (s->counted_before) {
		TRY(db_run(st->db, LESS, BIND(text(s->counted_before))));
		TRY(db_run(st->db, NONE, BIND(text(s->counted_before))));
	}
	return db_run(st->db, MORE, BIND(text(counted)));
}

static enum err write_row(struct state *st, const struct service *s)
{
	const json_t *says = json_object_get(s->record, "final_responsibility");
	AUTOFREE char *said = s->listed && json_is_object(says) ? dumped(says) : NULL,
		      *counted = dumped(s->counted);

	TRY(write_counts(st, s, counted));
	return db_run(st->db, PUT,
		BIND(text(s->slug), num(s->listed), num(s->was_listed), num(s->retired),
			text(json_str(s->record, "end_date")), text(said),
			text(*s->next_due ? s->next_due : NULL), text(counted)));
}

static enum err write_past(struct state *st, const struct service *s, int64_t entry)
{
	return db_run(st->db, PAST,
		BIND(num(entry), text(s->slug), num(s->version), text(s->state), num(s->listed),
			text(json_str(s->said, "level")), text(json_str(s->said, "standing")),
			text(json_str(s->said, "due"))));
}

enum err service_fold(struct state *st, const char *slug, int64_t entry)
{
	struct service s = {.slug = slug};
	enum err e = read_system(st, entry, &s);

	if (e == OK)
		e = count_all(st, &s);
	if (e == OK)
		e = write_row(st, &s);
	if (e == OK && entry >= 0)
		e = write_past(st, &s, entry);
	service_done(&s);
	return e == ERR_NOT_FOUND ? OK : e; /* nothing of it is public */
}

enum err service_submitted(struct state *st, int64_t entry)
{
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, SUBMITTED, BIND(num(entry)), &rows));
	while (rows_next(&rows))
		TRY(service_fold(st, rows_text(&rows, 0), -1));
	return rows_end(&rows);
}
