/* A department states under its signature that it uses no AI. The statement stands until one of its
 * systems is published. */
#include "registry/event/fold.h"

#include <string.h>

SQL(IN_USE, "declaration.in_use",
	"SELECT count(*), min(slug) FROM system WHERE department = ?1 AND version > 0"
	" AND state <> 'retired'");
SQL(END, "declaration.end",
	"UPDATE declared_none SET ended_entry = ?2"
	" WHERE department = ?1 AND ended_entry IS NULL");
SQL(ADD, "declaration.add",
	"INSERT INTO declared_none (entry, department, at, sha256) "
	"VALUES (?1, ?2, ?3, ?4)");
SQL(LAPSE, "declaration.lapse",
	"UPDATE declared_none SET ended_entry = ?2 WHERE ended_entry IS NULL"
	" AND department = (SELECT department FROM system WHERE slug = ?1"
	" AND version > 0 AND state <> 'retired')");

static enum err check_uses_none(struct state *st, const char *department)
{
	AUTO(rows) row = {0};
	int64_t n;

	TRY(db_one(st->db, IN_USE, BIND(text(department)), &row));
	n = rows_int(&row, 0);
	ENSURE(n == 0, ERR_CONFLICT,
		"%s has %lld system%s in this register that %s not retired (\"%s\"%s): who uses "
		"AI cannot declare to use none. Ask the office to retire what is out of use",
		department, (long long)n, n == 1 ? "" : "s", n == 1 ? "is" : "are",
		rows_text(&row, 1), n == 1 ? "" : ", …");
	return OK;
}

enum err department_declared_none_check(struct state *st, const struct event *ev)
{
	TRY(department_must_exist(st, ev->subject));
	ENSURE(strcmp(ev->department, ev->subject) == 0, ERR_DENIED,
		"%s signed, but the declaration is in the name of %s", ev->department, ev->subject);
	TRY(check_uses_none(st, ev->subject));
	if (!ev->content)
		return OK;
	ENSURE(json_object_size(ev->content) == 2, ERR_INVALID,
		"the content of a declaration must be {\"statement\": …, \"salt\": …}");
	return check_texts(json_object_get(ev->content, "statement"), 1000, "the statement");
}

/* A second declaration renews and replaces the first. */
enum err department_declared_none_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, END, BIND(text(ev->subject), num((int64_t)ev->index))));
	return db_run(st->db, ADD,
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->at), text(ev->sha256)));
}

enum err declaration_lapse(struct state *st, const struct event *ev)
{
	return db_run(st->db, LAPSE, BIND(text(ev->subject), num((int64_t)ev->index)));
}
