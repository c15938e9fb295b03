/* The office's operations on systems and the filings of their records. */
#include "registry/office/office_parts.h"
#include "registry/query/doubts.h"
#include "registry/query/query.h"
#include "registry/query/query_parts.h"
#include "registry/standard/diff.h"

#include <string.h>

SQL(EXISTS, "office.exists", "SELECT 1 FROM system WHERE slug = ?1");
SQL(WAITING, "office.waiting", "SELECT filing FROM system WHERE slug = ?1 AND filing IS NOT NULL");
SQL(NEXT_VERSION, "office.next_version", "SELECT version + 1 FROM system WHERE slug = ?1");
SQL(WAITING_FILINGS, "office.waiting_filings",
	"SELECT f.entry AS filing, f.system, f.department, f.at, s.version FROM system s"
	" JOIN filing f ON f.entry = s.filing WHERE s.filing IS NOT NULL ORDER BY "
	"s.filing");
SQL(FILING, "office.filing",
	"SELECT system, department, at, outcome, sha256, signer FROM "
	"filing WHERE entry = ?1");

static enum err find_filing(struct db *db, int64_t entry, struct rows *row)
{
	enum err e = db_one(db, FILING, BIND(num(entry)), row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"entry %lld is not a filing; `gaya office waiting` lists those that wait",
		(long long)entry);
	return e;
}

/* A mistyped number names nothing, or a filing of another system. That is another error than a
 * filing which was replaced meanwhile. */
static enum err check_named(struct db *db, int64_t entry, const char *slug)
{
	AUTO(rows) row = {0};

	TRY(find_filing(db, entry, &row));
	ENSURE(strcmp(rows_text(&row, 0), slug) == 0, ERR_INVALID,
		"the filing at entry %lld is of the system \"%s\", not of \"%s\"", (long long)entry,
		rows_text(&row, 0), slug);
	return OK;
}

/* Finds the filing that was decided on. The event's check reports if another replaced it. */
static enum err filing_meant(struct tx *tx, const json_t *request, int64_t *out)
{
	const char *slug = json_str(request, "system");
	int64_t one;
	enum err e;

	if (json_is_integer(json_object_get(request, "filing"))) {
		*out = json_num(request, "filing");
		return check_named(tx_state(tx)->db, *out, slug);
	}
	e = db_int(tx_state(tx)->db, EXISTS, BIND(text(slug)), &one);
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no system \"%s\"", slug);
	TRY(e);
	return fail(ERR_CONFLICT, "no filing of \"%s\" waits for a decision", slug);
}

static enum err filed_record(struct tx *tx, int64_t filing, json_t **out)
{
	json_auto_t *content = NULL;
	AUTO(rows) row = {0};

	TRY(find_filing(tx_state(tx)->db, filing, &row));
	TRY(state_content(tx_state(tx), rows_text(&row, 4), &content));
	*out = json_incref(json_object_get(content, "record"));
	return OK;
}

enum err office_check_signed(struct tx *tx, const struct event *ev, const json_t *content)
{
	json_auto_t *record = NULL, *judgement = NULL;

	if (strcmp(ev->type->name, "system.published") != 0)
		return OK;
	TRY(filed_record(tx, event_num(ev, "filing"), &record));
	ENSURE(record, ERR_GONE,
		"the record of this filing was erased: there is nothing to publish");
	TRY(tx_judge(tx, ev->subject, record, NULL, &judgement));
	ENSURE(json_equal(judgement, content), ERR_CONFLICT,
		"what was signed is not what the policies say of this record now: look at it and sign "
		"again");
	return OK;
}

enum err office_approve(struct tx *tx, const json_t *request, json_t *reply)
{
	const char *slug = json_str(request, "system");
	json_auto_t *record = NULL;
	json_t *judgement = NULL, *members;
	int64_t filing, version;

	TRY(filing_meant(tx, request, &filing));
	TRY(db_int(tx_state(tx)->db, NEXT_VERSION, BIND(text(slug)), &version));
	TRY(filed_record(tx, filing, &record));
	ENSURE(record, ERR_GONE,
		"the record of this filing was erased: there is nothing to publish");
	TRY(tx_judge(tx, slug, record, NULL, &judgement));
	json_put(reply, "version", json_integer(version));
	members = json_make(
		"{s:I,s:I}", "filing", (json_int_t)filing, "version", (json_int_t)version);
	if (json_str(request, "review_by"))
		json_put(members, "review_by", office_copied(request, "review_by"));
	return office_add(tx,
		(struct draft){.type = "system.published",
			.subject = slug,
			.members = members,
			.content = judgement},
		reply);
}

enum err office_check_filing(struct tx *tx, const json_t *request)
{
	int64_t filing;

	return filing_meant(tx, request, &filing);
}

/* Retiring a system sets a waiting filing aside: nobody does that without having read it. */
enum err office_check_set_aside(struct tx *tx, const json_t *request)
{
	int64_t filing,
		named = json_object_get(request, "filing") ? json_num(request, "filing") : -1;
	enum err e =
		db_int(tx_state(tx)->db, WAITING, BIND(text(json_str(request, "system"))), &filing);

	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	filing = e == OK ? filing : -1;
	ENSURE(filing < 0 || named >= 0, ERR_CONFLICT,
		"the filing at entry %lld waits, and retiring the system sets it aside: read it, then "
		"name it, too: --filing %lld",
		(long long)filing, (long long)filing);
	ENSURE(filing == named, ERR_CONFLICT,
		"the filing at entry %lld is not the one that waits now: `gaya office waiting` has that",
		(long long)named);
	return OK;
}

enum err office_filings(const struct snapshot *snap, json_t *reply)
{
	json_t *list;

	TRY(query_rows(snap, WAITING_FILINGS, BIND_NONE, &list));
	json_put(reply, "filings", list);
	return OK;
}

/* A filing with its record and the changes it would make. */
enum err office_filing(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	json_auto_t *content = NULL, *newest = NULL;
	AUTO(rows) row = {0};
	json_t *record, *doubts;

	TRY(find_filing(snap->model, json_num(request, "filing"), &row));
	content = office_content(snap, rows_text(&row, 4));
	record = json_object_get(content, "record");
	json_put(reply, "system", query_text(rows_text(&row, 0)));
	json_put(reply, "department", query_text(rows_text(&row, 1)));
	json_put(reply, "at", query_text(rows_text(&row, 2)));
	json_put(reply, "outcome", query_text(rows_text(&row, 3)));
	json_put(reply, "sha256", query_text(rows_text(&row, 4)));
	json_put(reply, "signer", query_text(rows_text(&row, 5)));
	if (query_version(snap, rows_text(&row, 0), 0, &newest) != OK)
		newest = NULL;
	json_put(reply, "changes",
		diff_records(reg_standard(reg), json_object_get(newest, "record"), record));
	json_put(reply, "record", record ? json_incref(record) : json_null());
	if (record) {
		TRY(doubts_of_filing(snap, reg_standard(reg), rows_text(&row, 0),
			rows_text(&row, 1), record, &doubts));
		json_put(reply, "doubts", doubts);
	}
	return record ? office_judge(reg, snap, rows_text(&row, 0), record, reply) : OK;
}
