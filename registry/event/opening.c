#include "registry/event/fold.h"

#include <string.h>

SQL(IS_OPEN, "opening.is_open", "SELECT 1 FROM register WHERE one = 1");
SQL(OPEN, "opening.open", "INSERT INTO register (one, origin, opened_at) VALUES (1, ?1, ?2)");
SQL(RESTORED, "opening.restored",
	"INSERT INTO restored (entry, at, backup, seen, about)"
	" VALUES (?1, ?2, ?3, ?4, ?5)");

enum err register_opened_check(struct state *st, const struct event *ev)
{
	int64_t one;

	ENSURE(ev->index == 0 && db_int(st->db, IS_OPEN, BIND_NONE, &one) == ERR_NOT_FOUND,
		ERR_CONFLICT, "a register is opened once, by its first entry");
	TRY(check_texts(json_object_get(ev->content, "name"), 100, "the register's name"));
	ENSURE(json_is_array(json_object_get(ev->content, "languages")), ERR_INVALID,
		"the register's \"languages\" must be a list");
	return OK;
}

enum err register_opened_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, OPEN, BIND(text(ev->subject), text(ev->at))));
	return register_changed_fold(st, ev);
}

/* If nobody could be asked, the office must say why, because readers have nothing else. */
enum err register_restored_check(struct state *st, const struct event *ev)
{
	const json_t *known_by = json_object_get(ev->content, "known_by");
	bool seen = event_line_has(&ev->members, "seen");
	char origin[KEY_NAME_MAX + 1];

	TRY(state_origin(st, origin));
	ENSURE(strcmp(ev->subject, origin) == 0, ERR_INVALID, "this is the log %s, not %s", origin,
		ev->subject);
	ENSURE(event_num(ev, "backup") > 0 && event_num(ev, "backup") <= (int64_t)ev->index,
		ERR_INVALID, "a backup of %lld entries cannot be restored before entry %llu",
		(long long)event_num(ev, "backup"), (unsigned long long)ev->index);
	ENSURE(!seen || event_num(ev, "seen") <= (int64_t)ev->index, ERR_INVALID,
		"others have seen more entries than there are here");
	ENSURE(json_is_array(known_by) && (json_array_size(known_by) > 0) == seen, ERR_INVALID,
		"\"known_by\" must name who has seen the log, and nobody where \"seen\" is missing");
	return seen ? OK : check_texts(json_object_get(ev->content, "reason"), 1000, "the reason");
}

enum err register_restored_fold(struct state *st, const struct event *ev)
{
	AUTO(buf) about = BUF(64 * KIB);
	bool seen = event_line_has(&ev->members, "seen");

	json_canonical(ev->content, &about);
	return db_run(st->db, RESTORED,
		BIND(num((int64_t)ev->index), text(ev->at), num(event_num(ev, "backup")),
			seen ? num(event_num(ev, "seen")) : (struct val){.kind = VAL_NULL},
			text(ev->content ? buf_text(&about) : NULL)));
}
