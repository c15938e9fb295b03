/* attachment.c - files that accompany records: an assessment, a decision, a contract.
 *
 * A department attaches a file, and its records name it by its SHA-256. The file becomes public
 * when such a record is published. A fold depends only on the record, not on the standard in force:
 * any text in the record that is the SHA-256 of a file of its department names that file. */
#include "registry/event/fold.h"
#include "registry/standard/check_parts.h"
#include "registry/standard/form.h"

#include <string.h>

SQL(ERASED, "attachment.erased",
	"SELECT erased_entry FROM content_state WHERE sha256 = ?1 "
	"AND erased_entry IS NOT NULL");
SQL(MINE, "attachment.mine", "SELECT entry FROM attachment WHERE sha256 = ?1 AND department = ?2");
SQL(ADD, "attachment.add",
	"INSERT INTO attachment (sha256, department, entry, at) VALUES (?1, ?2, ?3, ?4)");
SQL(USABLE, "attachment.usable",
	"SELECT 1 FROM attachment a JOIN content_state c ON c.sha256 = a.sha256"
	" WHERE a.sha256 = ?1 AND a.department = ?2 AND c.erased_entry IS NULL");
SQL(VERSIONS, "attachment.versions",
	"SELECT v.system, v.n, f.department FROM filing f"
	" JOIN version v ON v.system = f.system AND v.filing = f.entry"
	" WHERE f.sha256 = ?1");
SQL(NAME, "attachment.name",
	"INSERT INTO version_file (system, n, sha256, record)"
	" SELECT ?1, ?2, sha256, ?5 FROM attachment WHERE sha256 = ?3 AND department = ?4"
	" ON CONFLICT DO NOTHING");
SQL(OPEN, "attachment.open",
	"UPDATE content_state SET public = 1 WHERE sha256 IN"
	" (SELECT sha256 FROM version_file WHERE record = ?1)");
SQL(CLOSE, "attachment.close",
	"UPDATE content_state SET public = 0 WHERE sha256 IN"
	" (SELECT sha256 FROM version_file WHERE record = ?1) AND NOT EXISTS"
	" (SELECT 1 FROM version_file v WHERE v.sha256 = content_state.sha256"
	" AND v.record <> ?1)");
SQL(FORGET, "attachment.forget", "DELETE FROM version_file WHERE record = ?1");

enum err file_attached_check(struct state *st, const struct event *ev)
{
	int64_t entry;
	enum err e;

	ENSURE(strcmp(ev->subject, ev->sha256) == 0, ERR_INVALID,
		"file.attached: \"file\" must be the SHA-256 of its content");
	e = db_int(st->db, ERASED, BIND(text(ev->subject)), &entry);
	ENSURE(e != OK, ERR_GONE, "this very file was erased by entry %lld; it cannot come back",
		(long long)entry);
	if (e == ERR_NOT_FOUND)
		e = db_int(st->db, MINE, BIND(text(ev->subject), text(ev->department)), &entry);
	ENSURE(e != OK, ERR_CONFLICT,
		"%s attached this very file before, at entry %lld: name it in the record",
		ev->department, (long long)entry);
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err file_attached_fold(struct state *st, const struct event *ev)
{
	return db_run(st->db, ADD,
		BIND(text(ev->subject), text(ev->department), num((int64_t)ev->index),
			text(ev->at)));
}

/* --- a filing names files --- */

struct naming {
	struct state *st;
	const char *department;
	struct check *check;
	enum err err; /* of the database */
};

static void check_file(struct naming *n, const struct record_path *path, const json_t *value)
{
	const char *hex = json_string_value(value);
	int64_t one;
	enum err e;

	if (!hex || !form_is_sha256(hex))
		return; /* already reported */
	e = db_int(n->st->db, USABLE, BIND(text(hex), text(n->department)), &one);
	if (e == ERR_NOT_FOUND)
		problem(n->check, path, "file_missing", got_text(hex));
	else if (e != OK)
		n->err = e;
}

static void check_value(struct naming *n, const struct field *f, const struct record_path *path,
	const json_t *value)
{
	if (f->type == TYPE_FILE)
		check_file(n, path, value);
	for (size_t i = 0; i < f->members_n; i++) {
		const struct record_path at = {.up = path, .name = f->members[i].name};

		check_value(n, &f->members[i], &at, json_object_get(value, at.name));
	}
	if (!f->item)
		return;
	json_each_at (value, i, item) {
		const struct record_path at = {.up = path, .index = i};

		check_value(n, f->item, &at, item);
	}
}

enum err attachments_check(struct state *st, const struct event *ev, const json_t *record)
{
	json_auto_t *problems = event_problems(ev);
	struct check check = {.standard = st->standard, .problems = problems};
	struct naming naming = {.st = st, .department = ev->department, .check = &check};
	size_t n;
	const struct field *fields = standard_fields(st->standard, &n);

	for (size_t i = 0; i < n; i++) {
		const struct record_path path = {.name = fields[i].name};

		check_value(&naming, &fields[i], &path, json_object_get(record, path.name));
	}
	TRY(naming.err);
	ENSURE(check.found == 0, ERR_INVALID,
		"the record names %zu files that %s has not attached, or that were erased",
		check.found, ev->department);
	return OK;
}

/* --- a published record names files --- */

struct version {
	const char *system, *department, *record;
	int64_t n;
};

/* Visits `value` and everything in it. The rules of JSON limit its depth. */
static enum err name_all(struct state *st, const struct version *v, const json_t *value)
{
	const char *s = json_string_value(value);

	if (s)
		return form_is_sha256(s) ? db_run(st->db, NAME,
						   BIND(text(v->system), num(v->n), text(s),
							   text(v->department), text(v->record)))
		                         : OK;
	json_each (value, item)
		TRY(name_all(st, v, item));
	json_members (value, key, item) {
		TRY(name_all(st, v, item));
	}
	return OK;
}

enum err attachments_open(struct state *st, const char *sha256)
{
	json_auto_t *content = NULL;
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, VERSIONS, BIND(text(sha256)), &rows));
	while (rows_next(&rows)) {
		const struct version v = {
			rows_text(&rows, 0), rows_text(&rows, 2), sha256, rows_int(&rows, 1)};

		if (!content)
			TRY(state_content(st, sha256, &content));
		TRY(name_all(st, &v, json_object_get(content, "record")));
	}
	TRY(rows_end(&rows));
	return db_run(st->db, OPEN, BIND(text(sha256)));
}

enum err attachments_close(struct state *st, const char *sha256)
{
	TRY(db_run(st->db, CLOSE, BIND(text(sha256))));
	return db_run(st->db, FORGET, BIND(text(sha256)));
}
