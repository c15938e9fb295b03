#include "registry/office.h"

#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/sha256.h"
#include "registry/diff.h"
#include "registry/office_parts.h"
#include "registry/query.h"

#include <string.h>

enum { WAITING, NEXT_VERSION, WAITING_FILINGS, FILING, WAITING_FEEDBACK, UNANSWERED, CONTACT,
	FORGET, NEXT_STANDARD };
static const struct sql sql[] = {
	[WAITING] = {"office.waiting", "SELECT filing FROM system WHERE slug = ?1"},
	[NEXT_VERSION] = {"office.next_version", "SELECT version + 1 FROM system WHERE slug = ?1"},
	[WAITING_FILINGS] = {"office.waiting_filings",
		"SELECT f.entry, f.system, f.department, f.at, s.version FROM system s"
		" JOIN filing f ON f.entry = s.filing WHERE s.filing IS NOT NULL ORDER BY "
                "s.filing"},
	[FILING] = {"office.filing", "SELECT system, department, at, outcome, sha256, signer FROM "
                                     "filing WHERE entry = ?1"},
	[WAITING_FEEDBACK] = {"office.waiting_feedback",
		"SELECT id, system, at, sha256 FROM feedback WHERE state = 'received' ORDER BY "
                "entry"},
	[UNANSWERED] = {"office.unanswered",
		"SELECT id, system, at, sha256 FROM feedback WHERE state = 'published'"
		" AND answered_at IS NULL ORDER BY entry"},
	[CONTACT] = {"office.contact", "SELECT sealed FROM contact WHERE feedback = ?1"},
	[FORGET] = {"office.forget", "DELETE FROM contact WHERE feedback = ?1"},
	[NEXT_STANDARD] = {"office.next_standard", "SELECT max(version) + 1 FROM standard"},
};
const struct sql_table office_sql = SQL_TABLE(sql);

void receipt_id(const char code[RECEIPT_CODE + 1], char id[FEEDBACK_ID + 1])
{
	static const char label[] = "gaya receipt ";
	struct sha256 hash = sha256_prefixed(0, label, strlen(label), code, RECEIPT_CODE);

	hex_text(hash.bytes, FEEDBACK_ID / 2, id);
}

static json_t *copied(const json_t *request, const char *member)
{
	return json_deep_copy(json_object_get(request, member));
}

json_t *office_reason(const json_t *request)
{
	return json_make("{s:o}", "reason", copied(request, "reason"));
}

enum err office_add(struct tx *tx, struct draft draft, json_t *reply)
{
	uint64_t index;

	draft.by = draft.by ? draft.by : "office";
	TRY(tx_add(tx, draft, &index));
	json_put(reply, "entry", json_integer((json_int_t)index));
	return OK;
}

static enum err department_add(struct tx *tx, const json_t *request, json_t *reply)
{
	json_t *content = json_make("{s:o}", "name", copied(request, "name"));

	if (json_object_get(request, "about"))
		json_put(content, "about", copied(request, "about"));
	return office_add(tx,
		(struct draft){.type = "department.added",
			.subject = json_str(request, "department"),
			.content = content},
		reply);
}

static enum err key_change(struct tx *tx, const json_t *request, json_t *reply, const char *type)
{
	return office_add(tx,
		(struct draft){.type = type,
			.subject = json_str(request, "department"),
			.members = json_make("{s:O}", "key", json_object_get(request, "key"))},
		reply);
}

static enum err key_grant(struct tx *tx, const json_t *request, json_t *reply)
{
	return key_change(tx, request, reply, "key.granted");
}

static enum err key_revoke(struct tx *tx, const json_t *request, json_t *reply)
{
	return key_change(tx, request, reply, "key.revoked");
}

static enum err find_filing(struct db *db, int64_t entry, struct rows *row)
{
	enum err e = db_one(db, &sql[FILING], BIND(num(entry)), row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"entry %lld is not a filing; `gaya office waiting` lists those that wait",
		(long long)entry);
	return e;
}

/* A number that is mistyped names nothing, or a filing of another system: that is told apart
 * from a filing which was replaced meanwhile. */
static enum err check_named(struct db *db, int64_t entry, const char *slug)
{
	AUTO(rows) row = {0};

	TRY(find_filing(db, entry, &row));
	ENSURE(strcmp(rows_text(&row, 0), slug) == 0, ERR_INVALID,
		"the filing at entry %lld is of the system \"%s\", not of \"%s\"", (long long)entry,
		rows_text(&row, 0), slug);
	return OK;
}

/* The filing that is meant: the one named, else the one that waits. */
static enum err filing_meant(struct tx *tx, const json_t *request, int64_t *out)
{
	const char *slug = json_str(request, "system");
	AUTO(rows) row = {0};
	enum err e;

	if (json_is_integer(json_object_get(request, "filing"))) {
		*out = json_num(request, "filing");
		return check_named(tx_state(tx)->db, *out, slug);
	}
	e = db_one(tx_state(tx)->db, &sql[WAITING], BIND(text(slug)), &row);
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no system \"%s\"", slug);
	TRY(e);
	ENSURE(!rows_null(&row, 0), ERR_CONFLICT, "no filing of \"%s\" waits for a decision", slug);
	*out = rows_int(&row, 0);
	return OK;
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

static enum err approve(struct tx *tx, const json_t *request, json_t *reply)
{
	const char *slug = json_str(request, "system");
	json_auto_t *record = NULL;
	json_t *judgement = NULL;
	int64_t filing, version;

	TRY(filing_meant(tx, request, &filing));
	TRY(db_int(tx_state(tx)->db, &sql[NEXT_VERSION], BIND(text(slug)), &version));
	TRY(filed_record(tx, filing, &record));
	ENSURE(record, ERR_GONE,
		"the record of this filing was erased: there is nothing to publish");
	TRY(tx_judge(tx, record, NULL, &judgement));
	json_put(reply, "version", json_integer(version));
	return office_add(tx,
		(struct draft){.type = "system.published",
			.subject = slug,
			.members = json_make("{s:I,s:I}", "filing", (json_int_t)filing, "version",
				(json_int_t)version),
			.content = judgement},
		reply);
}

static enum err return_filing(struct tx *tx, const json_t *request, json_t *reply)
{
	int64_t filing;

	TRY(filing_meant(tx, request, &filing));
	return office_add(tx,
		(struct draft){.type = "system.returned",
			.subject = json_str(request, "system"),
			.members = json_make("{s:I}", "filing", (json_int_t)filing),
			.content = office_reason(request)},
		reply);
}

static enum err suspend(struct tx *tx, const json_t *request, json_t *reply)
{
	return office_add(tx,
		(struct draft){.type = "system.suspended",
			.subject = json_str(request, "system"),
			.content = office_reason(request)},
		reply);
}

static enum err resume(struct tx *tx, const json_t *request, json_t *reply)
{
	return office_add(tx,
		(struct draft){.type = "system.resumed",
			.subject = json_str(request, "system"),
			.content = office_reason(request)},
		reply);
}

static enum err retire(struct tx *tx, const json_t *request, json_t *reply)
{
	json_t *members = json_object();

	if (json_str(request, "successor"))
		json_put(members, "successor", copied(request, "successor"));
	return office_add(tx,
		(struct draft){.type = "system.retired",
			.subject = json_str(request, "system"),
			.members = members,
			.content = office_reason(request)},
		reply);
}

static enum err feedback_publish(struct tx *tx, const json_t *request, json_t *reply)
{
	return office_add(tx,
		(struct draft){
			.type = "feedback.published", .subject = json_str(request, "feedback")},
		reply);
}

static enum err feedback_withhold(struct tx *tx, const json_t *request, json_t *reply)
{
	return office_add(tx,
		(struct draft){.type = "feedback.withheld",
			.subject = json_str(request, "feedback"),
			.content = office_reason(request)},
		reply);
}

static enum err feedback_answer(struct tx *tx, const json_t *request, json_t *reply)
{
	return office_add(tx,
		(struct draft){.type = "feedback.answered",
			.subject = json_str(request, "feedback"),
			.content = json_make("{s:o}", "text", copied(request, "text"))},
		reply);
}

/* Not an event: the address was never in the log, so its going is not either. */
enum err office_forget(struct tx *tx, const json_t *request, json_t *reply)
{
	struct db *db = tx_state(tx)->db;

	TRY(db_run(db, &sql[FORGET], BIND(text(json_str(request, "feedback")))));
	json_put(reply, "erased", json_boolean(db_changes(db) > 0));
	return OK;
}

static enum err erase(struct tx *tx, const json_t *request, json_t *reply)
{
	return office_add(tx,
		(struct draft){.type = "content.erased",
			.subject = json_str(request, "sha256"),
			.content = office_reason(request)},
		reply);
}

static json_t *content_at(struct db *db, const char *sha256)
{
	struct state state = {.db = db, .store = store_sqlite(db)};
	json_t *content = NULL;

	if (state_content(&state, sha256, &content) != OK || !content)
		content = json_null();
	state_done(&state);
	return content;
}

static enum err list_filings(struct db *db, json_t *reply)
{
	AUTO(rows) rows = {0};
	json_t *list = json_array();

	json_put(reply, "filings", list);
	TRY(db_query(db, &sql[WAITING_FILINGS], BIND_NONE, &rows));
	while (rows_next(&rows))
		json_push(
			list, json_make("{s:I,s:s,s:s,s:s,s:I}", "filing",
				      (json_int_t)rows_int(&rows, 0), "system", rows_text(&rows, 1),
				      "department", rows_text(&rows, 2), "at", rows_text(&rows, 3),
				      "version", (json_int_t)rows_int(&rows, 4)));
	return rows_end(&rows);
}

static enum err list_feedback(
	struct reg *reg, struct db *db, const struct sql *query, const char *member, json_t *reply)
{
	AUTO(rows) rows = {0};
	json_t *list = json_array();

	json_put(reply, member, list);
	TRY(db_query(db, query, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		json_t *content = content_at(db, rows_text(&rows, 3));
		json_t *question = json_object_get(content, "text");

		json_push(list, json_make("{s:s,s:s,s:s,s:s,s:O?}", "feedback", rows_text(&rows, 0),
					"system", rows_text(&rows, 1), "at", rows_text(&rows, 2),
					"sha256", rows_text(&rows, 3), "text", question));
		json_decref(content);
	}
	return rows_end(&rows);
}

static enum err waiting(struct reg *reg, struct db *db, const json_t *request, json_t *reply)
{
	(void)request;
	TRY(list_filings(db, reply));
	TRY(list_feedback(reg, db, &sql[WAITING_FEEDBACK], "feedback", reply));
	TRY(list_feedback(reg, db, &sql[UNANSWERED], "unanswered", reply));
	return office_judged(db, reply);
}

/* A filing with its record and what it would change. */
static enum err filing(struct reg *reg, struct db *db, const json_t *request, json_t *reply)
{
	json_auto_t *content = NULL, *newest = NULL;
	AUTO(rows) row = {0};
	json_t *record;

	TRY(find_filing(db, json_num(request, "filing"), &row));
	content = content_at(db, rows_text(&row, 4));
	record = json_object_get(content, "record");
	json_put(reply, "system", json_text(rows_text(&row, 0)));
	json_put(reply, "department", json_text(rows_text(&row, 1)));
	json_put(reply, "at", json_text(rows_text(&row, 2)));
	json_put(reply, "outcome", json_text(rows_text(&row, 3)));
	json_put(reply, "sha256", json_text(rows_text(&row, 4)));
	json_put(reply, "signer", json_text(rows_text(&row, 5)));
	if (query_version(db, rows_text(&row, 0), 0, &newest) != OK)
		newest = NULL;
	json_put(reply, "changes",
		diff_records(reg_standard(reg), json_object_get(newest, "record"), record));
	json_put(reply, "record", record ? json_incref(record) : json_null());
	return record ? office_judge(db, record, reply) : OK;
}

/* Sealed as it is: who holds the contact key opens it, and that is not this process. */
static enum err contact(struct reg *reg, struct db *db, const json_t *request, json_t *reply)
{
	AUTO(buf) base64 = BUF(4 * KIB);
	AUTO(rows) row = {0};
	const void *sealed;
	size_t len;
	enum err e = db_one(db, &sql[CONTACT], BIND(text(json_str(request, "feedback"))), &row);

	(void)reg;
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"no e-mail address is kept for this question: none was left, or it was erased");
	TRY(e);
	sealed = rows_blob(&row, 0, &len);
	base64_add(&base64, sealed, len);
	TRY(buf_check(&base64, "a sealed address"));
	json_put(reply, "sealed", json_text(buf_text(&base64)));
	return OK;
}

/* A file that a department attached, published or not: the office reads it before it decides. */
static enum err file(struct reg *reg, struct db *db, const json_t *request, json_t *reply)
{
	const char *hex = json_str(request, "sha256");
	AUTO(buf) bytes = BUF(ATTACHMENT_MAX), base64 = BUF(2 * ATTACHMENT_MAX);
	struct store store = store_sqlite(db);
	json_auto_t *known = NULL;
	struct sha256 hash;

	(void)reg;
	ENSURE(hex && sha256_from_hex(hex, &hash) == OK, ERR_INVALID,
		"a file is named by its SHA-256, 64 digits of 0-9 and a-f");
	TRY(query_file(db, hex, &known));
	ENSURE(json_is_null(json_object_get(known, "erased_entry")), ERR_GONE,
		"this file was erased by entry %lld", (long long)json_num(known, "erased_entry"));
	TRY(store.ops->content(store.self, &hash, &bytes));
	base64_add(&base64, bytes.data, bytes.len);
	json_object_update(reply, known);
	json_put(reply, "base64", json_text(buf_text(&base64)));
	return OK;
}

static enum err standard_in_force(
	struct reg *reg, struct db *db, const json_t *request, json_t *reply)
{
	(void)db;
	(void)request;
	json_put(reply, "standard", json_deep_copy(standard_json(reg_standard(reg))));
	return OK;
}

/* The event's version counts this register's own adoptions; the file's is its author's. */
static enum err standard_adopt(struct tx *tx, const json_t *request, json_t *reply)
{
	const json_t *json = json_object_get(request, "standard");
	struct state *state = tx_state(tx);
	AUTO(buf) text = BUF(STANDARD_MAX);
	struct standard *new;
	int64_t version = 0;
	enum err e;

	json_canonical(json, &text);
	TRY(buf_check(&text, "the standard"));
	TRY(standard_load(buf_text(&text), text.len, &new));
	e = standard_follows(state->standard, new);
	standard_free(new);
	TRY(e);
	ENSURE(!json_equal(json, standard_json(state->standard)), ERR_CONFLICT,
		"this very standard is in force already");
	TRY(db_int(state->db, &sql[NEXT_STANDARD], BIND_NONE, &version));
	json_put(reply, "version", json_integer(version));
	return office_add(tx,
		(struct draft){.type = "standard.adopted", .subject = json_str(json, "standard"),
			.members = json_make("{s:I}", "version", (json_int_t)version),
			.content = copied(request, "standard")},
		reply);
}

static enum err rebuild(struct tx *tx, const json_t *request, json_t *reply)
{
	struct state *state = tx_state(tx);
	uint64_t size;

	(void)request;
	TRY(state->store.ops->size(state->store.self, &size));
	json_put(reply, "entries", json_integer((json_int_t)size));
	return state_rebuild(state, size);
}

/* clang-format off */
const struct office_op office_ops[] = {
	{"waiting",           {NULL},                              .read = waiting},
	{"filing",            {"filing"},                          .read = filing},
	{"file",              {"sha256"},                          .read = file},
	{"standard",          {NULL},                              .read = standard_in_force},
	{"standard-adopt",    {"standard"},                        .write = standard_adopt},
	{"contact",           {"feedback"},                        .read = contact},
	{"approve",           {"system", "filing?"},               .write = approve},
	{"return",            {"system", "filing?", "reason"},     .write = return_filing},
	{"suspend",           {"system", "reason"},                .write = suspend},
	{"resume",            {"system", "reason"},                .write = resume},
	{"retire",            {"system", "reason", "successor?"},  .write = retire},
	{"department-add",    {"department", "name", "about?"},    .write = department_add},
	{"key-grant",         {"department", "key"},               .write = key_grant},
	{"key-revoke",        {"department", "key"},               .write = key_revoke},
	{"log-keys",          {NULL},                              .read = office_log_keys},
	{"log-key-add",       {"key", "beside", "statement"},      .write = office_log_key_add},
	{"log-key-retire",    {"key", "next", "statement", "early?"}, .write = office_log_key_retire},
	{"log-key-reload",    {NULL},                              .write = office_log_key_reload},
	{"feedback-publish",  {"feedback"},                        .write = feedback_publish},
	{"feedback-withhold", {"feedback", "reason"},              .write = feedback_withhold},
	{"feedback-answer",   {"feedback", "text"},                .write = feedback_answer},
	{"feedback-forget",   {"feedback"},                        .write = office_forget},
	{"erase",             {"sha256", "reason"},                .write = erase},
	{"import",            {"profile", "rows", "dry_run?"},     .write = import_rows},
	{"import-retire",     {"profile", "keys", "reason", "many?", "dry_run?"}, .write = import_retire},
	{"policies",          {NULL},                              .read = office_policies},
	{"policy-adopt",      {"content"},                         .write = office_policy_adopt},
	{"policy-retire",     {"policy", "reason"},                .write = office_policy_retire},
	{"rejudge",           {NULL},                              .write = office_rejudge},
	{"rebuild",           {NULL},                              .write = rebuild},
};
/* clang-format on */
const size_t office_ops_n = COUNT(office_ops);

static enum err check_needs(const struct office_op *op, const json_t *request)
{
	for (size_t i = 0; i < COUNT(op->needs) && op->needs[i]; i++) {
		const char *need = op->needs[i];

		ENSURE(need[strlen(need) - 1] == '?' || json_object_get(request, need), ERR_INVALID,
			"%s: \"%s\" is missing", op->name, need);
	}
	return OK;
}

struct job_office {
	struct job job;
	const struct office_op *op;
	const json_t *request;
	json_t *reply;
};

static enum err run_write(struct tx *tx, struct job *job)
{
	struct job_office *o = (struct job_office *)job;

	return o->op->write(tx, o->request, o->reply);
}

static enum err run_read(
	struct reg *reg, const struct office_op *op, const json_t *request, json_t *reply)
{
	struct db *db;
	enum err e;

	TRY(reg_read(reg, &db));
	e = op->read(reg, db, request, reply);
	reg_read_done(reg, db);
	return e;
}

static enum err run_op(struct reg *reg, const struct office_op *op, const json_t *request,
	json_t *problems, json_t *reply)
{
	struct job_office job = {.job = {.run = run_write, .problems = problems},
		.op = op,
		.request = request,
		.reply = reply};

	TRY(check_needs(op, request));
	return op->read ? run_read(reg, op, request, reply) : reg_do(reg, &job.job);
}

enum err office_do(struct reg *reg, const json_t *request, json_t *problems, json_t **reply)
{
	const char *name = json_str(request, "do");
	json_auto_t *answer = json_object();

	for (size_t i = 0; name && i < office_ops_n; i++) {
		if (strcmp(office_ops[i].name, name) != 0)
			continue;
		TRY(run_op(reg, &office_ops[i], request, problems, answer));
		*reply = TAKE(answer);
		return OK;
	}
	return fail(ERR_INVALID, "there is no operation \"%s\"", name ? name : "");
}
