#include "registry/event/fold.h"

#include "base/text.h"
#include "registry/event/rules.h"
#include "registry/event/search.h"
#include "registry/event/services.h"

#include <string.h>

SQL(FIND, "system.find", "SELECT department, state, version, filing FROM system WHERE slug = ?1");
SQL(FILE_NEW, "system.file_new",
	"INSERT INTO system (slug, department, state, filing, imported, source, source_stays,"
	" first_at, changed_at) VALUES (?1, ?2, 'filed', ?3, ?4, ?5, ?5 IS NOT NULL, ?6, ?6)");
SQL(FILE_AGAIN, "system.file_again",
	"UPDATE system SET filing = ?2, department = ?3, returned = NULL WHERE slug = ?1");
SQL(RETURN, "system.return", "UPDATE system SET returned = filing, filing = NULL WHERE slug = ?1");
SQL(OWES_NOTHING, "system.owes_nothing", "DELETE FROM due WHERE system = ?1");
SQL(REPLACE, "system.replace_filing",
	"UPDATE filing SET outcome = 'replaced', outcome_entry = ?2, outcome_at = ?3"
	" WHERE entry = (SELECT filing FROM system WHERE slug = ?1)");
SQL(ADD_FILING, "system.add_filing",
	"INSERT INTO filing (entry, system, department, signer, sha256, at, outcome, person)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting',"
	" (SELECT person FROM person_key WHERE vkey = ?4))");
SQL(OUTCOME, "system.outcome",
	"UPDATE filing SET outcome = ?2, outcome_entry = ?3, reason = ?4, outcome_at = ?5,"
	" decided_by = ?6 WHERE entry = ?1");
SQL(FILING, "system.filing", "SELECT sha256 FROM filing WHERE entry = ?1");
SQL(ADD_VERSION, "system.add_version",
	"INSERT INTO version (system, n, filing, entry, at, sha256, standard, review_by)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT max(version) FROM standard), ?7)",
	"max() of the primary key is one look-up at its end");
SQL(PUBLISH, "system.publish",
	"UPDATE system SET version = ?2, filing = NULL, changed_at = ?3, attention = NULL,"
	" state = iif(state = 'filed', 'published', state) WHERE slug = ?1");
SQL(STATE, "system.state",
	"UPDATE system SET state = ?2, reason = ?3, successor = ?4, changed_at = ?5,"
	" filing = iif(?2 = 'retired', NULL, filing),"
	" returned = iif(?2 = 'retired', NULL, returned) WHERE slug = ?1");
SQL(MILESTONE, "system.milestone",
	"INSERT INTO milestone (entry, system, type, at, version, department, state, successor,"
	" reason, by, person, role) VALUES (?1, ?2, ?3, ?4, ?5,"
	" (SELECT department FROM system WHERE slug = ?2),"
	" (SELECT state FROM system WHERE slug = ?2),"
	" ?6, ?7, ?8, ?9, (SELECT role FROM person WHERE id = ?9))");
SQL(APPROVE, "system.approve",
	"INSERT INTO approval (filing, person, role, entry, at) VALUES"
	" (?1, ?2, (SELECT role FROM person WHERE id = ?2), ?3, ?4)");
SQL(APPROVED_BY, "system.approved_by",
	"SELECT entry FROM approval WHERE filing = ?1 AND person = ?2");
SQL(APPROVALS, "system.approvals",
	"SELECT count(*) FROM approval WHERE filing = ?1 AND person <> ?2");
SQL(FILED_BY, "system.filed_by", "SELECT person FROM filing WHERE entry = ?1");
SQL(NEWEST, "system.newest",
	"SELECT v.sha256 FROM version v JOIN system s ON s.slug = "
	"v.system AND v.n = s.version"
	" WHERE s.slug = ?1");
SQL(IMPORTED, "system.imported", "SELECT slug FROM system WHERE imported = ?1");
SQL(SOURCE_OF, "system.source_of",
	"SELECT f.sha256, s.imported FROM system s JOIN filing f ON f.system = s.slug"
	" WHERE s.slug = ?1 AND s.imported IS NOT NULL AND NOT s.source_stays"
	" ORDER BY f.entry LIMIT 1");
SQL(SET_SOURCE, "system.set_source", "UPDATE system SET source = ?2 WHERE slug = ?1");
SQL(REFRESH, "system.refresh",
	"UPDATE system SET name = ?2, summary = ?3, status = ?4, risk = ?5,"
	" revision_date = ?6, contact = ?7 WHERE slug = ?1");
SQL(COUNT_FILLED, "system.count",
	"UPDATE system SET required = ?2, filled = ?3, withheld = ?4 WHERE slug = ?1");
SQL(PUBLISHED, "system.published", "SELECT slug FROM system WHERE version > 0 ORDER BY slug",
	"a standard was adopted: every record is counted again");

/* A system's facts for checks; all zero if there is no such system yet. */
struct current {
	bool exists;
	char department[SLUG_MAX + 1], state[16];
	int64_t version, filing; /* filing -1: none is waiting */
};

static enum err find(struct state *st, const char *slug, struct current *out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, FIND, BIND(text(slug)), &row);

	*out = (struct current){.filing = -1};
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	out->exists = true;
	snprintf(out->department, sizeof(out->department), "%s", rows_text(&row, 0));
	snprintf(out->state, sizeof(out->state), "%s", rows_text(&row, 1));
	out->version = rows_int(&row, 2);
	out->filing = rows_null(&row, 3) ? -1 : rows_int(&row, 3);
	return OK;
}

static enum err find_existing(struct state *st, const struct event *ev, struct current *out)
{
	TRY(find(st, ev->subject, out));
	ENSURE(out->exists, ERR_NOT_FOUND, "there is no system \"%s\"", ev->subject);
	return OK;
}

/* The record of the filing whose hash `query` returns, or NULL. The caller owns it. */
static enum err record_of(
	struct state *st, const struct sql *query, const struct val *args, json_t **out)
{
	AUTO(rows) row = {0};
	json_t *content = NULL;
	enum err e = db_one(st->db, query, args, &row);

	*out = NULL;
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(state_content(st, rows_text(&row, 0), &content));
	*out = json_incref(json_object_get(content, "record"));
	json_decref(content);
	return OK;
}

enum err system_record(struct state *st, const char *slug, json_t **out)
{
	return record_of(st, NEWEST, BIND(text(slug)), out);
}

/* "profile hash", where the hash is that of the other register's id for the record: taken from the
 * entry, or computed from the text that old entries have. NULL if it was not imported. The caller
 * owns it. */
static char *imported_as(const struct event *ev)
{
	const char *profile = event_str(ev, "profile"), *source = event_str(ev, "source");
	struct sha256 hash = sha256_of(source ? source : "", source ? strlen(source) : 0);
	char hex[SHA256_HEX];

	sha256_hex(&hash, hex);
	return profile ? mem_printf("%s %s", profile, source ? hex : event_str(ev, "source_sha256"))
	               : NULL;
}

/* An import files without a signature and names its source: the entry has the hash of a text, and
 * the content the text, because a content can be erased. Old entries have the text. */
static enum err check_import(struct state *st, const struct event *ev, const struct current *now)
{
	const char *in_content = json_str(ev->content, "source"),
		   *in_entry = event_str(ev, "source_sha256");
	AUTOFREE char *imported = imported_as(ev);
	struct sha256 hash;
	char hex[SHA256_HEX];
	AUTO(rows) row = {0};

	ENSURE(imported && !in_entry != !event_str(ev, "source"), ERR_DENIED,
		"only an import may file without a department's signature");
	if (!now->exists) {
		enum err e = db_one(st->db, IMPORTED, BIND(text(imported)), &row);

		ENSURE(e != OK, ERR_CONFLICT, "this was imported before, as the system \"%s\"",
			rows_text(&row, 0));
		if (e != ERR_NOT_FOUND)
			return e;
	}
	if (!in_entry || !ev->content)
		return OK;
	ENSURE(in_content && *in_content && text_length(in_content) <= 300 &&
			!text_forbidden_in_log(in_content, false),
		ERR_INVALID, "an import's \"source\" must be one line of 1 to 300 characters");
	hash = sha256_of(in_content, strlen(in_content));
	sha256_hex(&hash, hex);
	ENSURE(strcmp(hex, in_entry) == 0, ERR_INVALID,
		"\"source_sha256\" is not the hash of the content's \"source\"");
	return OK;
}

static enum err check_filer(struct state *st, const struct event *ev, const struct current *now)
{
	const char *department = event_str(ev, "department");

	TRY(department_must_exist(st, department));
	if (!ev->department)
		return check_import(st, ev, now);
	ENSURE(strcmp(ev->department, department) == 0, ERR_DENIED,
		"%s signed, but the filing is in the name of %s", ev->department, department);
	ENSURE(!event_str(ev, "profile") && !event_str(ev, "source") &&
			!event_str(ev, "source_sha256"),
		ERR_INVALID, "a department's own filing has no \"profile\" and no \"source\"");
	ENSURE(!now->exists || strcmp(now->department, department) == 0, ERR_DENIED,
		"the system \"%s\" belongs to department %s", ev->subject, now->department);
	return OK;
}

/* A new filing must differ from the one that waits or, without one, from the published record.
 * Filing the published record while another waits takes that one back, so it is no repetition. */
static enum err check_changes_something(
	struct state *st, const struct event *ev, const struct current *now)
{
	json_t *before = NULL;
	bool same;

	if (now->filing >= 0)
		TRY(record_of(st, FILING, BIND(num(now->filing)), &before));
	else
		TRY(system_record(st, ev->subject, &before));
	same = before && json_equal(before, json_object_get(ev->content, "record"));
	json_decref(before);
	ENSURE(!same || now->filing < 0, ERR_CONFLICT,
		"the record is the same as the filing at entry %lld, which waits for the office",
		(long long)now->filing);
	ENSURE(!same, ERR_CONFLICT, "the record is the same as version %lld, which is published",
		(long long)now->version);
	return OK;
}

/* Runs both checks, so that the author sees all problems at once. An import may name files that
 * stayed at its source. */
static enum err check_record(struct state *st, const struct event *ev, enum need need)
{
	const json_t *record = json_object_get(ev->content, "record");
	json_auto_t *problems = event_problems(ev);
	char latest[TIME_TEXT];
	enum err e, files;
	AUTOFREE char *why = NULL;

	time_latest(ev->time, latest);
	e = standard_check_by(st->standard, record, need, ev->department ? latest : NULL, problems);
	why = mem_text(err_why());
	if (e != OK && e != ERR_INVALID)
		return e;
	files = ev->department ? attachments_check(st, ev, record) : OK;
	return e == OK || (files != OK && files != ERR_INVALID) ? files : fail(e, "%s", why);
}

enum err system_filed_check(struct state *st, const struct event *ev)
{
	enum need need =
		(ev->department ? NEED_ALL : NEED_PRESENT) | (st->replays ? NEED_REPLAYED : 0);
	struct current now;

	TRY(find(st, ev->subject, &now));
	TRY(check_filer(st, ev, &now));
	ENSURE(strcmp(now.state, "retired") != 0, ERR_CONFLICT,
		"the system \"%s\" is retired: its page stays as it is; file the new one under a "
		"new name",
		ev->subject);
	if (!ev->content)
		return OK;
	ENSURE(json_object_size(ev->content) == (event_str(ev, "source_sha256") ? 3 : 2),
		ERR_INVALID, "the content of a filing must be {\"record\": …, \"salt\": …}");
	ENSURE(st->standard, ERR_CORRUPT, "no standard was adopted");
	TRY(check_record(st, ev, need));
	return check_changes_something(st, ev, &now);
}

enum err system_filed_fold(struct state *st, const struct event *ev)
{
	const char *department = event_str(ev, "department"), *profile = event_str(ev, "profile");
	AUTOFREE char *imported = imported_as(ev), *source = NULL;
	struct current now;

	if (event_str(ev, "source"))
		source = mem_printf("%s %s", profile, event_str(ev, "source"));
	TRY(find(st, ev->subject, &now));
	if (now.filing >= 0)
		TRY(db_run(st->db, REPLACE,
			BIND(text(ev->subject), num((int64_t)ev->index), text(ev->at))));
	TRY(db_run(st->db, ADD_FILING,
		BIND(num((int64_t)ev->index), text(ev->subject), text(department), text(ev->signer),
			text(ev->sha256), text(ev->at))));
	if (now.exists) {
		TRY(db_run(st->db, FILE_AGAIN,
			BIND(text(ev->subject), num((int64_t)ev->index), text(department))));
		return declaration_lapse(st, ev);
	}
	return db_run(st->db, FILE_NEW,
		BIND(text(ev->subject), text(department), num((int64_t)ev->index), text(imported),
			text(source), text(ev->at)));
}

/* The office must decide on the filing that waits; the department may have replaced it
 * meanwhile. */
static enum err check_decides_waiting(const struct event *ev, const struct current *now)
{
	ENSURE(now->filing >= 0, ERR_CONFLICT, "no filing of \"%s\" waits for a decision",
		ev->subject);
	ENSURE(event_num(ev, "filing") == now->filing, ERR_CONFLICT,
		"the filing at entry %lld was replaced by the one at entry %lld: look at that one",
		(long long)event_num(ev, "filing"), (long long)now->filing);
	return OK;
}

static enum err check_reason(const struct event *ev)
{
	if (!ev->content)
		return OK;
	return check_texts(json_object_get(ev->content, "reason"), 1000, "the reason");
}

enum err system_returned_check(struct state *st, const struct event *ev)
{
	struct current now;

	TRY(find_existing(st, ev, &now));
	TRY(check_decides_waiting(ev, &now));
	return check_reason(ev);
}

enum err system_returned_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, OUTCOME,
		BIND(num(event_num(ev, "filing")), text("returned"), num((int64_t)ev->index),
			text(ev->sha256), text(ev->at), text(ev->signed_by))));
	return db_run(st->db, RETURN, BIND(text(ev->subject)));
}

/* Four eyes: nobody publishes what they filed themselves. A filing by a department's common key
 * names no person, and pages show the operator's publications as such. */
static enum err check_four_eyes(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	if (!ev->signed_by)
		return OK;
	TRY(db_one(st->db, FILED_BY, BIND(num(event_num(ev, "filing"))), &row));
	ENSURE(rows_null(&row, 0) || strcmp(rows_text(&row, 0), ev->signed_by) != 0, ERR_DENIED,
		"the person %.8s… filed this record, so another person of the office must approve it",
		ev->signed_by);
	return OK;
}

/* --- two who approve, where the rules ask for them --- */

enum err system_approved_check(struct state *st, const struct event *ev)
{
	struct current now;
	int64_t entry;
	enum err e;

	TRY(find_existing(st, ev, &now));
	TRY(check_decides_waiting(ev, &now));
	ENSURE(ev->signed_by, ERR_DENIED,
		"only a person can give the first approval: sign in at /office");
	TRY(check_four_eyes(st, ev));
	e = db_int(st->db, APPROVED_BY, BIND(num(now.filing), text(ev->signed_by)), &entry);
	ENSURE(e != OK, ERR_CONFLICT,
		"the person %.8s… approved this filing already, by entry %lld: another person publishes it",
		ev->signed_by, (long long)entry);
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err system_approved_fold(struct state *st, const struct event *ev)
{
	return db_run(st->db, APPROVE,
		BIND(num(event_num(ev, "filing")), text(ev->signed_by), num((int64_t)ev->index),
			text(ev->at)));
}

/* The person who publishes and one who approved before are two. This does not apply to the operator
 * on the machine or to an import, because neither is a person. */
static enum err check_two_approvals(struct state *st, const struct event *ev)
{
	int64_t others;

	ENSURE(ev->signed_by, ERR_DENIED,
		"the city's rules ask for the approvals of two people for this risk level: both sign at "
		"the office's pages, nobody publishes it on the machine or by an import");
	TRY(db_int(st->db, APPROVALS, BIND(num(event_num(ev, "filing")), text(ev->signed_by)),
		&others));
	ENSURE(others > 0, ERR_DENIED,
		"the city's rules ask for the approvals of two people for this risk level: another person "
		"than %.8s… must approve the filing first",
		ev->signed_by);
	return OK;
}

static enum err check_rules(struct state *st, const struct event *ev, const json_t *record)
{
	struct decision_rules rules;

	TRY(rules_at(st, ev->time, &rules));
	if (rules.two_approvals & rules_bit(record, ev->content))
		TRY(check_two_approvals(st, ev));
	if (rules.consultation & rules_bit(record, ev->content))
		TRY(consultation_was_held(st, ev->subject, record));
	return OK;
}

/* Who may publish: the event's row names the roles. Here a publication also needs four eyes and, if
 * the city's rules ask for them, two approvals and a consultation (check_rules()). */
enum err system_published_check(struct state *st, const struct event *ev)
{
	json_auto_t *record = NULL;
	struct current now;

	TRY(find_existing(st, ev, &now));
	TRY(check_decides_waiting(ev, &now));
	ENSURE(event_num(ev, "version") == now.version + 1, ERR_CONFLICT,
		"the next version of \"%s\" is %lld", ev->subject, (long long)now.version + 1);
	TRY(check_four_eyes(st, ev));
	TRY(record_of(st, FILING, BIND(num(now.filing)), &record));
	TRY(check_rules(st, ev, record));
	TRY(judged_check_review(ev, record));
	return judged_check(st, ev, record);
}

enum err system_milestone(struct state *st, const struct event *ev, struct val version)
{
	return db_run(st->db, MILESTONE,
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->type->name), text(ev->at),
			version, text(event_str(ev, "successor")),
			text(ev->type->salted ? ev->sha256 : NULL), text(ev->by),
			text(ev->signed_by)));
}

enum err system_told(struct state *st, const struct event *ev)
{
	struct current now;

	TRY(find(st, ev->subject, &now));
	return db_run(st->db, MILESTONE,
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->type->name), text(ev->at),
			num(now.version), text(NULL), text(NULL), text(ev->by), text(NULL)));
}

enum err system_is_theirs(struct state *st, const struct event *ev)
{
	struct current now;

	TRY(find_existing(st, ev, &now));
	ENSURE(now.version > 0, ERR_CONFLICT,
		"nothing is published of \"%s\" yet: the office decides about its first filing",
		ev->subject);
	ENSURE(strcmp(now.department, ev->department) == 0, ERR_DENIED,
		"the system \"%s\" belongs to department %s", ev->subject, now.department);
	return OK;
}

static char *dumped(const json_t *value)
{
	AUTO(buf) out = BUF(MIB);

	if (!value)
		return NULL;
	json_canonical(value, &out);
	return buf_take(&out);
}

/* Counts the required items that are present. `record` NULL: unknown. */
static enum err count(struct state *st, const char *slug, const json_t *record)
{
	const struct val none = {.kind = VAL_NULL};
	const struct standard *standard;
	struct completeness c;

	TRY(state_standard(st, &standard));
	if (!record || !standard)
		return db_run(st->db, COUNT_FILLED, BIND(text(slug), none, none, none));
	c = standard_completeness(standard, record);
	return db_run(st->db, COUNT_FILLED,
		BIND(text(slug), num(c.required), num(c.required_filled), num(c.withheld)));
}

/* Writes the columns of the system's row that come from its record. `record` NULL: erased. */
static enum err set_facts(struct state *st, const char *slug, const json_t *record)
{
	AUTOFREE char *name = dumped(json_object_get(record, "name")),
		      *summary = dumped(json_object_get(record, "description_short"));

	TRY(db_run(st->db, REFRESH,
		BIND(text(slug), text(name), text(summary), text(json_str(record, "status")),
			text(json_str(record, "risk_category")),
			text(json_str(record, "revision_date")),
			text(json_str(record, "contact_email")))));
	return count(st, slug, record);
}

/* The import's source, as the content of the first filing states it unless it was erased. */
static enum err refresh_source(struct state *st, const char *slug)
{
	json_auto_t *content = NULL;
	AUTOFREE char *source = NULL;
	const char *imported, *key;
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, SOURCE_OF, BIND(text(slug)), &row);

	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(state_content(st, rows_text(&row, 0), &content));
	imported = rows_text(&row, 1);
	key = json_str(content, "source");
	if (key)
		source = mem_printf("%.*s %s", (int)strcspn(imported, " "), imported, key);
	return db_run(st->db, SET_SOURCE, BIND(text(slug), text(source)));
}

enum err system_published_fold(struct state *st, const struct event *ev)
{
	int64_t filing = event_num(ev, "filing"), version = event_num(ev, "version");
	json_auto_t *record = NULL;
	AUTOFREE char *sha256 = NULL;
	AUTO(rows) row = {0};

	TRY(db_one(st->db, FILING, BIND(num(filing)), &row));
	sha256 = rows_dup(&row, 0);
	rows_done(&row);
	TRY(db_run(st->db, OUTCOME,
		BIND(num(filing), text("published"), num((int64_t)ev->index), text(NULL),
			text(ev->at), text(ev->signed_by))));
	TRY(db_run(st->db, ADD_VERSION,
		BIND(text(ev->subject), num(version), num(filing), num((int64_t)ev->index),
			text(ev->at), text(sha256), text(event_str(ev, "review_by")))));
	/* The schema's triggers enter a system in lists and sums once it is public. Its facts are
	 * written before that, so that PUBLISH enters it in each of them only once. */
	TRY(record_of(st, FILING, BIND(num(filing)), &record));
	TRY(set_facts(st, ev->subject, record));
	TRY(db_run(st->db, PUBLISH, BIND(text(ev->subject), num(version), text(ev->at))));
	TRY(state_open_content(st, sha256, true));
	TRY(attachments_open(st, sha256));
	TRY(system_milestone(st, ev, num(version)));
	TRY(declaration_lapse(st, ev));
	TRY(search_system(st, ev->subject, record, (int64_t)ev->index));
	TRY(refresh_source(st, ev->subject));
	TRY(judged_fold(st, ev));
	return service_fold(st, ev->subject, (int64_t)ev->index);
}

/* The decision must name the newest version; old entries name none. */
static enum err check_version(const struct event *ev, const struct current *now)
{
	ENSURE(!event_line_has(&ev->members, "version") || event_num(ev, "version") == now->version,
		ERR_CONFLICT, "this was decided on version %lld of \"%s\"; the newest is %lld",
		(long long)event_num(ev, "version"), ev->subject, (long long)now->version);
	return OK;
}

static enum err check_state(
	struct state *st, const struct event *ev, const char *must_be, const char *rule)
{
	struct current now;

	TRY(find_existing(st, ev, &now));
	ENSURE(strcmp(now.state, must_be) == 0, ERR_CONFLICT, "\"%s\" is %s: %s", ev->subject,
		err_text(now.state), err_text(rule));
	TRY(check_version(ev, &now));
	return check_reason(ev);
}

static enum err set_state(
	struct state *st, const struct event *ev, const char *state, const char *reason)
{
	TRY(db_run(st->db, STATE,
		BIND(text(ev->subject), text(state), text(reason), text(event_str(ev, "successor")),
			text(ev->at))));
	TRY(search_system_state(st, ev->subject, (int64_t)ev->index));
	TRY(service_fold(st, ev->subject, (int64_t)ev->index));
	return system_milestone(st, ev, (struct val){.kind = VAL_NULL});
}

enum err system_suspended_check(struct state *st, const struct event *ev)
{
	return check_state(st, ev, "published", "only a published system can be suspended");
}

enum err system_suspended_fold(struct state *st, const struct event *ev)
{
	return set_state(st, ev, "suspended", ev->sha256);
}

/* By the register: an import finds a record again that it had retired because it was missing. */
enum err system_resumed_check(struct state *st, const struct event *ev)
{
	if (strcmp(ev->by, "register") == 0)
		return check_state(st, ev, "retired",
			"an import resumes only what was retired because its source had lost it");
	return check_state(st, ev, "suspended", "only a suspended system can be resumed");
}

enum err system_resumed_fold(struct state *st, const struct event *ev)
{
	TRY(set_state(st, ev, "published", NULL));
	return declaration_lapse(st, ev);
}

enum err system_retired_check(struct state *st, const struct event *ev)
{
	const char *successor = event_str(ev, "successor");
	struct current now, next;

	TRY(find_existing(st, ev, &now));
	ENSURE(now.version > 0 && strcmp(now.state, "retired") != 0, ERR_CONFLICT,
		"\"%s\" is %s: only a published or suspended system can be retired", ev->subject,
		err_text(now.state));
	TRY(check_version(ev, &now));
	ENSURE(!event_line_has(&ev->members, "filing") || event_num(ev, "filing") == now.filing,
		ERR_CONFLICT, "this sets aside the filing at entry %lld, which does not wait",
		(long long)event_num(ev, "filing"));
	if (successor) {
		TRY(find(st, successor, &next));
		ENSURE(next.version > 0, ERR_INVALID,
			"the successor \"%s\" is no published system of this register: give the last "
			"part of its page's address, or publish it first",
			successor);
		ENSURE(strcmp(successor, ev->subject) != 0, ERR_INVALID,
			"a system cannot be its own successor: name another published one, or none");
		ENSURE(st->replays || strcmp(next.state, "retired") != 0, ERR_INVALID,
			"the successor \"%s\" is retired itself: name a system that is in use",
			successor);
	}
	return check_reason(ev);
}

enum err system_retired_fold(struct state *st, const struct event *ev)
{
	struct current now;

	TRY(find(st, ev->subject, &now));
	if (now.filing >= 0)
		TRY(db_run(st->db, REPLACE,
			BIND(text(ev->subject), num((int64_t)ev->index), text(ev->at))));
	TRY(db_run(st->db, OWES_NOTHING, BIND(text(ev->subject))));
	return set_state(st, ev, "retired", ev->sha256);
}

enum err system_count_all(struct state *st)
{
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, PUBLISHED, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		json_auto_t *record = NULL;

		TRY(system_record(st, rows_text(&rows, 0), &record));
		TRY(count(st, rows_text(&rows, 0), record));
	}
	return rows_end(&rows);
}

enum err system_refresh(struct state *st, const char *slug)
{
	json_auto_t *record = NULL;

	TRY(system_record(st, slug, &record));
	TRY(set_facts(st, slug, record));
	TRY(search_system(st, slug, record, -1));
	TRY(refresh_source(st, slug));
	return service_fold(st, slug, -1);
}
