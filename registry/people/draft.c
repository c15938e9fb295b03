#include "registry/people/draft.h"
#include "base/locked.h"

#include "registry/people/people_parts.h"

#include <string.h>

#define COLUMNS "id, department, system, version, revision, saved_by, made, saved, record"
#define READ                                                                                           \
	"SELECT id, department, draft.system, draft.version, revision, saved_by, made, saved, record," \
	" file, line, c.system, c.version FROM draft"                                                  \
	" LEFT JOIN draft_source s ON s.draft = id LEFT JOIN draft_copied c ON c.draft = id"

SQL(GET, "draft.get", READ " WHERE id = ?1 AND department = ?2");
SQL(GET_OF_SYSTEM, "draft.get_of_system", READ " WHERE draft.system = ?1 AND department = ?2");
SQL(OF_SYSTEM, "draft.of_system", "SELECT id FROM draft WHERE department = ?1 AND system = ?2");
SQL(LIST, "draft.list", READ " WHERE department = ?1 ORDER BY saved DESC, id LIMIT ?2");
SQL(COUNT_OF, "draft.count", "SELECT count(*) FROM draft WHERE department = ?1");
SQL(ADD, "draft.add", "INSERT INTO draft (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?6, ?7)");
SQL(ADD_SOURCE, "draft.add_source",
	"INSERT INTO draft_source (draft, file, line) VALUES (?1, ?2, ?3)");
SQL(ADD_COPIED, "draft.add_copied",
	"INSERT INTO draft_copied (draft, system, version) VALUES (?1, ?2, ?3)");
SQL(FORGET_COPIED, "draft.forget_copied", "DELETE FROM draft_copied WHERE draft = ?1");
SQL(SAVE, "draft.save",
	"UPDATE draft SET revision = revision + 1, saved_by = ?2, saved = ?3, record = ?4"
	" WHERE id = ?1");
SQL(AGAIN, "draft.again",
	"UPDATE draft SET revision = revision + 1, saved_by = ?2, saved = ?3, record = ?4,"
	" version = ?5 WHERE id = ?1");
SQL(DISCARD, "draft.discard", "DELETE FROM draft WHERE id = ?1");

void record_draft_done(struct record_draft *draft)
{
	json_decref(draft->record);
	draft->record = NULL;
}

/* A draft may break the rules for records, so it is read as it was stored. */
static enum err read_record(const char *text, json_t **out)
{
	return json_read(text, strlen(text), DRAFT_RECORD_MAX, RULES_LOOSE, out);
}

static enum err read_row(struct rows *row, struct record_draft *out)
{
	*out = (struct record_draft){.version = rows_int(row, 3),
		.revision = rows_int(row, 4),
		.made = rows_int(row, 6),
		.saved = rows_int(row, 7),
		.line = rows_null(row, 10) ? 0 : rows_int(row, 10),
		.copied_version = rows_null(row, 12) ? 0 : rows_int(row, 12)};
	people_copy(out->id, sizeof(out->id), rows_text(row, 0));
	people_copy(out->department, sizeof(out->department), rows_text(row, 1));
	people_copy(out->system, sizeof(out->system), rows_text(row, 2));
	people_copy(out->by, sizeof(out->by), rows_text(row, 5));
	people_copy(out->file, sizeof(out->file), out->line ? rows_text(row, 9) : "");
	people_copy(
		out->copied, sizeof(out->copied), out->copied_version ? rows_text(row, 11) : "");
	return read_record(rows_text(row, 8), &out->record);
}

static enum err find_by(struct db *db, const struct sql *by, const char *department,
	const char *key, struct record_draft *out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(db, by, BIND(text(key), text(department)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"there is no such draft: it was filed or discarded, or is another department's");
	TRY(e);
	return read_row(&row, out);
}

static enum err find(
	struct db *db, const char *department, const char *id, struct record_draft *out)
{
	return find_by(db, GET, department, id, out);
}

static enum err written(const json_t *record, struct buf *out)
{
	json_canonical(record, out);
	ENSURE(!out->over, ERR_TOO_LARGE,
		"the record is longer than %lu KiB: shorten its texts, nothing was saved",
		DRAFT_RECORD_MAX / KIB);
	return OK;
}

/* --- new --- */

struct adding {
	struct record_draft *draft;
	struct buf *record;
};

static enum err check_free(struct people *p, struct record_draft *d)
{
	AUTO(rows) row = {0};
	enum err e = db_one(p->write, OF_SYSTEM, BIND(text(d->department), text(d->system)), &row);
	int64_t n = 0;

	if (e == OK) {
		people_copy(d->id, sizeof(d->id), rows_text(&row, 0));
		return fail(
			ERR_CONFLICT, "your department has a draft of \"%s\" already", d->system);
	}
	ENSURE(e == ERR_NOT_FOUND, e, "%s", err_why());
	TRY(db_int(p->write, COUNT_OF, BIND(text(d->department)), &n));
	ENSURE(n < DRAFTS_MAX, ERR_LIMITED,
		"your department has %d drafts: file or discard some before a new one", DRAFTS_MAX);
	return OK;
}

static enum err add(struct people *p, void *arg)
{
	struct adding *a = arg;
	struct record_draft *d = a->draft;
	uint8_t bytes[DRAFT_ID / 2];

	TRY(check_free(p, d));
	env_random(&p->env, bytes, sizeof(bytes));
	hex_text(bytes, sizeof(bytes), d->id);
	d->revision = 1;
	d->made = d->saved = env_now(&p->env);
	TRY(db_run(p->write, ADD,
		BIND(text(d->id), text(d->department), text(d->system), num(d->version),
			text(d->by), num(d->made), text(buf_text(a->record)))));
	if (*d->copied)
		TRY(db_run(p->write, ADD_COPIED,
			BIND(text(d->id), text(d->copied), num(d->copied_version))));
	return d->line ? db_run(p->write, ADD_SOURCE,
				 BIND(text(d->id), text(d->file), num(d->line)))
	               : OK;
}

enum err draft_new(struct people *p, struct record_draft *draft)
{
	AUTO(buf) record = BUF(DRAFT_RECORD_MAX);
	struct adding adding = {draft, &record};

	ENSURE(slug_valid(draft->system), ERR_INVALID,
		"\"%.100s\" cannot be the name of a system in addresses: small Latin letters and digits, "
		"with single hyphens between, at most %d",
		draft->system, SLUG_MAX);
	TRY(written(draft->record, &record));
	return people_write(p, add, &adding);
}

/* --- reading --- */

enum err draft_get(
	struct people *p, const char *department, const char *id, struct record_draft *out)
{
	LOCKED(&p->reading);
	return find(p->read, department, id, out);
}

enum err draft_of_system(
	struct people *p, const char *department, const char *system, struct record_draft *out)
{
	LOCKED(&p->reading);
	return find_by(p->read, GET_OF_SYSTEM, department, system, out);
}

static json_t *row_json(const struct record_draft *d)
{
	return json_make("{s:s,s:s,s:I,s:I,s:s,s:I,s:I,s:s,s:I,s:O}", "id", d->id, "system",
		d->system, "version", (json_int_t)d->version, "revision", (json_int_t)d->revision,
		"by", d->by, "made", (json_int_t)d->made, "saved", (json_int_t)d->saved, "file",
		d->file, "line", (json_int_t)d->line, "record", d->record);
}

static enum err list(struct people *p, const char *department, int64_t limit, json_t *out)
{
	AUTO(rows) rows = {0};

	TRY(db_query(p->read, LIST, BIND(text(department), num(limit)), &rows));
	while (rows_next(&rows)) {
		AUTO(record_draft) d = {0};

		TRY(read_row(&rows, &d));
		json_push(out, row_json(&d));
	}
	return rows_end(&rows);
}

enum err draft_list(struct people *p, const char *department, int64_t limit, json_t **out)
{
	json_t *found = json_array();
	enum err e;

	pthread_mutex_lock(&p->reading);
	e = list(p, department, limit, found);
	pthread_mutex_unlock(&p->reading);
	if (e == OK)
		*out = found;
	else
		json_decref(found);
	return e;
}

/* --- saving --- */

struct saving {
	struct record_draft *draft, *theirs;
	struct buf *record;
};

static enum err save(struct people *p, void *arg)
{
	struct saving *s = arg;
	struct record_draft *d = s->draft;
	AUTO(record_draft) there = {0};

	TRY(find(p->write, d->department, d->id, &there));
	if (json_equal(there.record, d->record)) {
		d->revision = there.revision;
		d->saved = there.saved;
		return OK;
	}
	if (there.revision != d->revision) {
		*s->theirs = TAKE(there);
		return fail(ERR_CONFLICT,
			"somebody else saved this draft meanwhile: nothing was overwritten");
	}
	d->revision++;
	d->saved = env_now(&p->env);
	return db_run(p->write, SAVE,
		BIND(text(d->id), text(d->by), num(d->saved), text(buf_text(s->record))));
}

enum err draft_save(struct people *p, struct record_draft *draft, struct record_draft *theirs)
{
	AUTO(buf) record = BUF(DRAFT_RECORD_MAX);
	struct saving saving = {draft, theirs, &record};

	TRY(written(draft->record, &record));
	return people_write(p, save, &saving);
}

/* --- beginning again --- */

static enum err again(struct people *p, void *arg)
{
	struct saving *s = arg;
	struct record_draft *d = s->draft;
	AUTO(record_draft) there = {0};

	TRY(find(p->write, d->department, d->id, &there));
	ENSURE(there.revision == d->revision, ERR_CONFLICT,
		"somebody else saved this draft meanwhile: nothing was overwritten");
	d->revision++;
	d->saved = env_now(&p->env);
	TRY(db_run(p->write, FORGET_COPIED, BIND(text(d->id))));
	return db_run(p->write, AGAIN,
		BIND(text(d->id), text(d->by), num(d->saved), text(buf_text(s->record)),
			num(d->version)));
}

enum err draft_again(struct people *p, struct record_draft *draft)
{
	AUTO(buf) record = BUF(DRAFT_RECORD_MAX);
	struct saving saving = {draft, NULL, &record};

	TRY(written(draft->record, &record));
	return people_write(p, again, &saving);
}

/* --- discarding --- */

struct discarding {
	const char *department, *id;
	int64_t revision;
};

static enum err discard(struct people *p, void *arg)
{
	const struct discarding *d = arg;
	AUTO(record_draft) there = {0};

	TRY(find(p->write, d->department, d->id, &there));
	ENSURE(there.revision == d->revision, ERR_CONFLICT,
		"somebody else saved this draft meanwhile: look at it before you discard it");
	return db_run(p->write, DISCARD, BIND(text(d->id)));
}

enum err draft_discard(struct people *p, const char *department, const char *id, int64_t revision)
{
	struct discarding discarding = {department, id, revision};

	return people_write(p, discard, &discarding);
}
