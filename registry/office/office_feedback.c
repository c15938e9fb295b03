/* The office's operations on questions and on the sealed addresses of those who asked. */
#include "base/crypto.h"
#include "base/sha256.h"
#include "registry/event/mask.h"
#include "registry/office/office_parts.h"
#include "registry/query/query.h"

#include <string.h>

SQL(WAITING_FEEDBACK, "office.waiting_feedback",
	"SELECT f.id, f.system, f.at, f.sha256, s.entry FROM feedback f JOIN subject s"
	" ON s.kind = 'feedback' AND s.id = f.id WHERE f.state = 'received'"
	" AND f.answered_at IS NULL AND f.erased_entry IS NULL ORDER BY f.entry");
SQL(UNANSWERED, "office.unanswered",
	"SELECT f.id, f.system, f.at, f.sha256, s.entry FROM feedback f JOIN subject s"
	" ON s.kind = 'feedback' AND s.id = f.id WHERE f.state = 'published' AND f.merged_into IS NULL"
	" AND f.answered_at IS NULL AND f.erased_entry IS NULL ORDER BY f.entry");
SQL(STATE, "office.question_state", "SELECT state, sha256 FROM feedback WHERE id = ?1");
SQL(CONTACT, "office.contact", "SELECT sealed FROM contact WHERE feedback = ?1");
SQL(FORGET, "office.forget", "DELETE FROM contact WHERE feedback = ?1");

void receipt_id(const char code[RECEIPT_CODE + 1], char id[FEEDBACK_ID + 1])
{
	static const char label[] = "gaya receipt ";
	struct sha256 hash = sha256_prefixed(0, label, strlen(label), code, RECEIPT_CODE);

	hex_text(hash.bytes, FEEDBACK_ID / 2, id);
}

/* A withheld question may hold personal data, and publishing cannot be undone for those who read
 * it. Publishing it requires a statement that this is known. */
static enum err check_withheld(struct tx *tx, const json_t *request)
{
	AUTO(rows) row = {0};
	enum err e =
		db_one(tx_state(tx)->db, STATE, BIND(text(json_str(request, "feedback"))), &row);

	ENSURE(e != OK || strcmp(rows_text(&row, 0), "withheld") != 0 ||
			json_is_true(json_object_get(request, "withheld")),
		ERR_CONFLICT,
		"this question was withheld, perhaps for the data of a person: to publish it shows its "
		"text to everyone. Read it and the reason first, then say that you know it was withheld");
	return e == ERR_NOT_FOUND ? OK : e; /* the event's own check reports a missing question */
}

/* The text that is shown instead if words or the name are to be masked; else NULL. */
static enum err masked(struct tx *tx, const json_t *request, json_t **out)
{
	const json_t *words = json_object_get(request, "mask");
	bool name = json_is_true(json_object_get(request, "mask_name"));
	struct state *st = tx_state(tx);
	json_auto_t *original = NULL;
	AUTO(rows) row = {0};
	enum err e;

	*out = NULL;
	if (!words && !name)
		return OK;
	ENSURE(!words || json_is_array(words), ERR_INVALID,
		"\"mask\" must be a list of words to mask");
	e = db_one(st->db, STATE, BIND(text(json_str(request, "feedback"))), &row);
	if (e != OK) /* the event's own check reports a missing question */
		return e == ERR_NOT_FOUND ? OK : e;
	TRY(state_content(st, rows_text(&row, 1), &original));
	ENSURE(original, ERR_CONFLICT,
		"the text of this question was erased: nothing is left to mask");
	return mask_words(original, words, name, out);
}

enum err office_feedback_publish(struct tx *tx, const json_t *request, json_t *reply)
{
	json_t *content = NULL;

	TRY(check_withheld(tx, request));
	TRY(masked(tx, request, &content));
	return office_add(tx,
		(struct draft){.type = "feedback.published",
			.subject = json_str(request, "feedback"),
			.content = content},
		reply);
}

enum err office_feedback_withdraw(struct tx *tx, const json_t *request, json_t *reply)
{
	TRY(office_add(tx,
		(struct draft){.type = "feedback.withdrawn",
			.by = "citizen",
			.subject = json_str(request, "feedback")},
		reply));
	return office_forget(tx, request, reply);
}

/* Not an event: the address was never in the log, so its erasure is not either. */
enum err office_forget(struct tx *tx, const json_t *request, json_t *reply)
{
	struct db *db = tx_state(tx)->db;

	TRY(db_run(db, FORGET, BIND(text(json_str(request, "feedback")))));
	json_put(reply, "erased", json_boolean(db_changes(db) > 0));
	return OK;
}

static enum err list_feedback(
	const struct snapshot *snap, const struct sql *query, const char *member, json_t *reply)
{
	AUTO(rows) rows = {0};
	json_t *list = json_array();

	json_put(reply, member, list);
	TRY(db_query(snap->model, query, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		json_t *content = office_content(snap, rows_text(&rows, 3));
		json_t *question = json_object_get(content, "text");

		json_push(
			list, json_make("{s:s,s:I,s:s?,s:s,s:s,s:O?}", "feedback",
				      rows_text(&rows, 0), "entry", (json_int_t)rows_int(&rows, 4),
				      "system", rows_text(&rows, 1), "at", rows_text(&rows, 2),
				      "sha256", rows_text(&rows, 3), "text", question));
		json_decref(content);
	}
	return rows_end(&rows);
}

enum err office_questions(const struct snapshot *snap, json_t *reply)
{
	TRY(list_feedback(snap, WAITING_FEEDBACK, "feedback", reply));
	return list_feedback(snap, UNANSWERED, "unanswered", reply);
}

enum err office_feedback(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	struct state state = state_of(snap);
	json_auto_t *question = NULL;
	int64_t latest;

	TRY(state_after(&state, "feedback", json_str(request, "feedback"), &latest));
	TRY(query_question(snap, json_str(request, "feedback"), FOR_ITS_SENDER, &question));
	json_object_update(reply, question);
	json_put(reply, "latest", json_integer(latest));
	return OK;
}

/* The address stays sealed: this process does not have the contact key. */
enum err office_contact(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	AUTO(buf) base64 = BUF(4 * KIB);
	AUTO(rows) row = {0};
	const void *sealed;
	size_t len;
	enum err e = db_one(snap->model, CONTACT, BIND(text(json_str(request, "feedback"))), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"no e-mail address is kept for this question: none was left, or it was erased");
	TRY(e);
	sealed = rows_blob(&row, 0, &len);
	base64_add(&base64, sealed, len);
	TRY(buf_check(&base64, "a sealed address"));
	json_put(reply, "sealed", json_text(buf_text(&base64)));
	return OK;
}
