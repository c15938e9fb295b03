#include "registry/people/supplier.h"
#include "base/locked.h"

#include "base/text.h"
#include "registry/people/people_parts.h"

#include <string.h>

#define DAY (24 * 3600)
#define KEPT                                                                                 \
	(90 * DAY) /* an answer, after its link expired: as long as somebody may look for it \
	            */

SQL(OF_DRAFT, "supplier.of_draft", "SELECT 1 FROM draft WHERE id = ?1 AND department = ?2");
SQL(COUNT_OPEN, "supplier.count_open",
	"SELECT count(*) FROM supplier_link"
	" WHERE draft = ?1 AND revoked IS NULL AND expires > ?2");
SQL(ADD, "supplier.add",
	"INSERT INTO supplier_link (hash, draft, supplier, made, made_by, expires)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
SQL(TIDY, "supplier.tidy", "DELETE FROM supplier_link WHERE draft = ?1 AND expires < ?2");
SQL(LIST, "supplier.list",
	"SELECT l.id, l.supplier, l.made, l.made_by, l.expires, l.revoked, l.answer, l.answered"
	" FROM supplier_link l JOIN draft d ON d.id = l.draft"
	" WHERE l.draft = ?1 AND d.department = ?2 ORDER BY l.id DESC");
SQL(REVOKE, "supplier.revoke",
	"UPDATE supplier_link SET revoked = coalesce(revoked, ?3) WHERE id = ?1 AND draft = ?2");
SQL(OPEN, "supplier.open",
	"SELECT l.id, l.expires, l.supplier, d.department, l.draft, l.answer, l.answered"
	" FROM supplier_link l JOIN draft d ON d.id = l.draft"
	" WHERE l.hash = ?1 AND l.revoked IS NULL AND l.expires > ?2");
SQL(ANSWER, "supplier.answer", "UPDATE supplier_link SET answer = ?2, answered = ?3 WHERE id = ?1");

void supplier_link_done(struct supplier_link *link)
{
	json_decref(link->answer);
	link->answer = NULL;
}

/* Read as it was stored: an answer may break the rules for records. */
static enum err read_answer(const char *text, json_t **out)
{
	if (text)
		return json_read(text, strlen(text), SUPPLIER_ANSWER_MAX, RULES_LOOSE, out);
	*out = json_object();
	return OK;
}

/* --- for the department --- */

static enum err check_draft(struct db *db, const char *department, const char *draft)
{
	int64_t one;
	enum err e = db_int(db, OF_DRAFT, BIND(text(draft), text(department)), &one);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"there is no such draft: it was filed or discarded, or is another department's");
	return e;
}

struct linking {
	const char *department, *draft, *supplier, *by;
	int64_t days;
	char token[PEOPLE_TOKEN + 1];
};

static enum err add(struct people *p, void *arg)
{
	struct linking *l = arg;
	int64_t now = env_now(&p->env), n;
	struct sha256 hash;

	TRY(check_draft(p->write, l->department, l->draft));
	TRY(db_run(p->write, TIDY, BIND(text(l->draft), num(now - KEPT))));
	TRY(db_int(p->write, COUNT_OPEN, BIND(text(l->draft), num(now)), &n));
	ENSURE(n < SUPPLIER_LINKS, ERR_LIMITED,
		"%d links of this draft are open: revoke one before you make another",
		SUPPLIER_LINKS);
	token_make(p, l->token, &hash);
	return db_run(p->write, ADD,
		BIND(hash_val(&hash), text(l->draft), text(l->supplier), num(now), text(l->by),
			num(now + l->days * DAY)));
}

enum err supplier_link_new(struct people *p, const char *department, const char *draft,
	const char *supplier, int64_t days, const char *by, char token[PEOPLE_TOKEN + 1])
{
	struct linking l = {department, draft, supplier, by, days, ""};

	ENSURE(days >= 1 && days <= SUPPLIER_DAYS, ERR_INVALID,
		"a link is valid for 1 to %d days: write how many", SUPPLIER_DAYS);
	ENSURE(text_is_visible(supplier) && strlen(supplier) <= SUPPLIER_NAME &&
			!text_forbidden(supplier, false) && text_is_stream_safe(supplier),
		ERR_INVALID, "write the supplier's name, in one line of at most %d bytes",
		SUPPLIER_NAME);
	TRY(people_write(p, add, &l));
	memcpy(token, l.token, sizeof(l.token));
	return OK;
}

static json_t *time_or_null(struct rows *row, int column)
{
	return rows_null(row, column) ? json_null() : json_integer(rows_int(row, column));
}

static enum err list(struct people *p, const char *department, const char *draft, json_t *out)
{
	AUTO(rows) rows = {0};
	int64_t now = env_now(&p->env);

	TRY(db_query(p->read, LIST, BIND(text(draft), text(department)), &rows));
	while (rows_next(&rows)) {
		json_auto_t *answer = NULL;

		if (!rows_null(&rows, 6))
			TRY(read_answer(rows_text(&rows, 6), &answer));
		json_push(out,
			json_make("{s:I, s:s, s:I, s:s, s:I, s:b, s:o, s:O?, s:o}", "id",
				(json_int_t)rows_int(&rows, 0), "supplier", rows_text(&rows, 1),
				"made", (json_int_t)rows_int(&rows, 2), "by", rows_text(&rows, 3),
				"expires", (json_int_t)rows_int(&rows, 4), "open",
				rows_null(&rows, 5) && rows_int(&rows, 4) > now, "revoked",
				time_or_null(&rows, 5), "answer", answer, "answered",
				time_or_null(&rows, 7)));
	}
	return rows_end(&rows);
}

enum err supplier_links(struct people *p, const char *department, const char *draft, json_t **out)
{
	json_auto_t *found = json_array();
	enum err e;

	pthread_mutex_lock(&p->reading);
	e = list(p, department, draft, found);
	pthread_mutex_unlock(&p->reading);
	TRY(e);
	*out = json_incref(found);
	return OK;
}

struct revoking {
	const char *department, *draft;
	int64_t id;
};

static enum err revoke(struct people *p, void *arg)
{
	const struct revoking *r = arg;

	TRY(check_draft(p->write, r->department, r->draft));
	TRY(db_run(p->write, REVOKE, BIND(num(r->id), text(r->draft), num(env_now(&p->env)))));
	ENSURE(db_changes(p->write), ERR_NOT_FOUND, "this draft has no such link");
	return OK;
}

enum err supplier_revoke(struct people *p, const char *department, const char *draft, int64_t id)
{
	struct revoking r = {department, draft, id};

	return people_write(p, revoke, &r);
}

/* --- for the supplier --- */

static enum err closed(void)
{
	return fail(ERR_NOT_FOUND,
		"this link opens nothing: it may be cut, over or revoked. Ask the department that "
		"gave it to you for a new one");
}

static enum err open(
	struct people *p, struct db *db, const struct sha256 *hash, struct supplier_link *out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(db, OPEN, BIND(hash_val(hash), num(env_now(&p->env))), &row);

	if (e == ERR_NOT_FOUND)
		return closed();
	TRY(e);
	*out = (struct supplier_link){.id = rows_int(&row, 0),
		.expires = rows_int(&row, 1),
		.answered = rows_null(&row, 6) ? 0 : rows_int(&row, 6)};
	people_copy(out->supplier, sizeof(out->supplier), rows_text(&row, 2));
	people_copy(out->department, sizeof(out->department), rows_text(&row, 3));
	people_copy(out->draft, sizeof(out->draft), rows_text(&row, 4));
	return read_answer(rows_null(&row, 5) ? NULL : rows_text(&row, 5), &out->answer);
}

enum err supplier_open(struct people *p, const char *token, struct supplier_link *out)
{
	struct sha256 hash;

	if (token_hash(token, &hash) != OK)
		return closed();
	LOCKED(&p->reading);
	return open(p, p->read, &hash, out);
}

struct answering {
	struct sha256 hash;
	const char *text;
};

static enum err answer(struct people *p, void *arg)
{
	const struct answering *a = arg;
	AUTO(supplier_link) link = {0};

	TRY(open(p, p->write, &a->hash, &link));
	return db_run(p->write, ANSWER, BIND(num(link.id), text(a->text), num(env_now(&p->env))));
}

enum err supplier_answer(struct people *p, const char *token, const json_t *record)
{
	AUTO(buf) text = BUF(SUPPLIER_ANSWER_MAX);
	struct answering a;

	if (token_hash(token, &a.hash) != OK)
		return closed();
	json_canonical(record, &text);
	ENSURE(!text.over, ERR_TOO_LARGE,
		"the answer is longer than %lu KiB: shorten its texts, nothing was saved",
		SUPPLIER_ANSWER_MAX / KIB);
	a.text = buf_text(&text);
	return people_write(p, answer, &a);
}
