/* sheet_states.c - rows whose source retired or suspended their system, in an order in which each
 * can still name its successor. */
#include "registry/profile/sheet.h"

#include <string.h>

#define STATE_MAX MIB

SQL(PUT, "sheet.put_state",
	"INSERT INTO sheet_state (line, key, successor, state, done)"
	" VALUES (?1, ?2, ?3, ?4, 0)");
SQL(NEXT, "sheet.next_state",
	"SELECT line, state FROM sheet_state AS s WHERE line > ?1 AND done = 0"
	" AND NOT EXISTS (SELECT 1 FROM sheet_state AS other WHERE other.done = 0"
	" AND other.successor = s.key AND other.key <> s.key) ORDER BY line LIMIT 1");
SQL(LEFT, "sheet.left_state",
	"SELECT line, state FROM sheet_state WHERE line > 0 AND done = 0"
	" ORDER BY line LIMIT 1");
SQL(DONE, "sheet.done_state", "UPDATE sheet_state SET done = 1 WHERE line = ?1");

enum err sheet_put_state(struct sheet *s, int64_t line, const json_t *mapped)
{
	json_auto_t *one = json_copy(json_object_get(mapped, "state"));
	const char *key = json_str(mapped, "key"),
		   *origin = json_str(json_object_get(mapped, "of"), "register");
	AUTO(buf) json = BUF(STATE_MAX);

	json_put(one, "key", json_text(key));
	if (origin)
		json_put(one, "register", json_text(origin));
	json_canonical(one, &json);
	TRY(buf_check(&json, "a row"));
	return db_run(s->db, PUT,
		BIND(num(line), text(key), text(json_str(one, "successor")),
			text(buf_text(&json))));
}

/* Returns them one by one, because each may free its successor. If only rings are left, returns the
 * first of one. */
static enum err next(struct sheet *s, int64_t *line, json_t **out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(s->db, NEXT, BIND(num(s->stated)), &row);
	const char *json;

	if (e == ERR_NOT_FOUND && s->stated) { /* from the top again */
		s->stated = 0;
		rows_done(&row);
		e = db_one(s->db, NEXT, BIND(num(0)), &row);
	}
	if (e == ERR_NOT_FOUND) {
		rows_done(&row);
		e = db_one(s->db, LEFT, BIND_NONE, &row);
	}
	TRY(e);
	*line = s->stated = rows_int(&row, 0);
	json = rows_text(&row, 1);
	return json_read(json, strlen(json), STATE_MAX, RULES_LOOSE, out);
}

enum err sheet_next_states(struct sheet *s, size_t limit, json_t **out)
{
	json_auto_t *states = json_array();
	enum err e = OK;

	while (e == OK && json_array_size(states) < limit) {
		json_t *one = NULL;
		int64_t line;

		e = next(s, &line, &one);
		if (e != OK)
			break;
		json_push(states, one);
		TRY(db_run(s->db, DONE, BIND(num(line))));
	}
	if (e != ERR_NOT_FOUND)
		TRY(e);
	*out = TAKE(states);
	return OK;
}
