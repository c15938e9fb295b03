#include "registry/event/fold.h"
#include "registry/event/search.h"

SQL(FIND, "erasure.find", "SELECT erasable, erased_entry FROM content_state WHERE sha256 = ?1");
SQL(MARK, "erasure.mark",
	"UPDATE content_state SET erased_entry = ?2 WHERE sha256 = ?1"
	" AND erased_entry IS NULL");
SQL(QUESTION, "erasure.question",
	"UPDATE feedback SET erased_entry = ?2"
	" WHERE (masked = ?1 OR (masked IS NULL AND sha256 = ?1)) AND erased_entry IS NULL");
/* An erased question gets no more answers, so it no longer stands for others. */
SQL(REPEATS, "erasure.repeats",
	FEEDBACK_PART " WHERE merged_into IN (SELECT f.id FROM feedback f"
		      " WHERE (f.masked = ?1 OR (f.masked IS NULL AND f.sha256 = ?1))"
		      " AND NOT EXISTS (SELECT 1 FROM answer p WHERE p.feedback = f.id"
		      " AND NOT p.personal))");
SQL(SYSTEMS, "erasure.systems", "SELECT DISTINCT system FROM filing WHERE sha256 = ?1");

enum err content_erased_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, FIND, BIND(text(ev->subject)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "the register holds no content %s", ev->subject);
	TRY(e);
	ENSURE(rows_null(&row, 1), ERR_CONFLICT, "this content was erased before");
	ENSURE(rows_int(&row, 0), ERR_INVALID,
		"this content cannot be erased: names of departments, the standard and reasons of "
		"erasures stay");
	return check_texts(json_object_get(ev->content, "reason"), 1000, "the reason");
}

enum err content_erase(struct state *st, const char *sha256, int64_t entry)
{
	struct sha256 hash;

	TRY(sha256_from_hex(sha256, &hash));
	state_remember(st, NULL, NULL);
	TRY(st->store.ops->erase_content(st->store.self, &hash));
	TRY(db_run(st->db, MARK, BIND(text(sha256), num(entry))));
	TRY(db_run(st->db, QUESTION, BIND(text(sha256), num(entry))));
	return db_run(st->db, REPEATS, BIND(text(sha256)));
}

enum err content_erased_fold(struct state *st, const struct event *ev)
{
	AUTO(rows) rows = {0};

	TRY(content_erase(st, ev->subject, (int64_t)ev->index));
	TRY(attachments_close(st, ev->subject));
	TRY(db_query(st->db, SYSTEMS, BIND(text(ev->subject)), &rows));
	while (rows_next(&rows))
		TRY(system_refresh(st, rows_text(&rows, 0)));
	TRY(rows_end(&rows));
	return search_erased(st, ev->subject);
}
