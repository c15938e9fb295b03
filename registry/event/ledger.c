#include "registry/event/ledger.h"

#include <stdio.h>
#include <stdlib.h>

SQL(AFTER, "ledger.after", "SELECT entry FROM subject WHERE kind = ?1 AND id = ?2");
SQL(SET_AFTER, "ledger.set_after",
	"INSERT INTO subject (kind, id, entry) VALUES (?1, ?2, ?3)"
	" ON CONFLICT DO UPDATE SET entry = excluded.entry");
SQL(FOLDED, "ledger.folded", "SELECT size, at FROM folded WHERE one = 1");
SQL(SET_FOLDED, "ledger.set_folded",
	"INSERT INTO folded (one, size, at) VALUES (1, ?1, ?2)"
	" ON CONFLICT DO UPDATE SET size = excluded.size, at = max(at, excluded.at)");
SQL(ORIGIN, "ledger.origin", "SELECT origin FROM register WHERE one = 1");
SQL(KEY, "ledger.key", "SELECT department, revoked_entry FROM department_key WHERE vkey = ?1");
SQL(GRANT, "ledger.grant",
	"INSERT INTO department_key (vkey, department, granted_entry) VALUES (?1, ?2, ?3)");
SQL(REVOKE, "ledger.revoke", "UPDATE department_key SET revoked_entry = ?2 WHERE vkey = ?1");
SQL(KEYS, "ledger.keys",
	"SELECT vkey, revoked_entry FROM department_key WHERE department = ?1"
	" ORDER BY granted_entry");

void granted_done(struct granted *g)
{
	free(g->department);
}

static enum err after(void *db, const char *kind, const char *id, int64_t *out)
{
	enum err e = db_int(db, AFTER, BIND(text(kind), text(id)), out);

	if (e == ERR_NOT_FOUND)
		*out = -1;
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err set_after(void *db, const char *kind, const char *id, int64_t entry)
{
	return db_run(db, SET_AFTER, BIND(text(kind), text(id), num(entry)));
}

static enum err folded(void *db, uint64_t *size, char at[TIME_TEXT])
{
	AUTO(rows) row = {0};
	enum err e = db_one(db, FOLDED, BIND_NONE, &row);

	*size = 0;
	at[0] = '\0';
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	*size = (uint64_t)rows_int(&row, 0);
	snprintf(at, TIME_TEXT, "%s", rows_text(&row, 1));
	return OK;
}

static enum err set_folded(void *db, uint64_t size, const char *at)
{
	return db_run(db, SET_FOLDED, BIND(num((int64_t)size), text(at)));
}

static enum err origin(void *db, char out[KEY_NAME_MAX + 1])
{
	AUTO(rows) row = {0};

	TRY(db_one(db, ORIGIN, BIND_NONE, &row));
	snprintf(out, KEY_NAME_MAX + 1, "%s", rows_text(&row, 0));
	return OK;
}

static enum err key(void *db, const char *vkey, struct granted *out)
{
	AUTO(rows) row = {0};

	TRY(db_one(db, KEY, BIND(text(vkey)), &row));
	*out = (struct granted){rows_dup(&row, 0), !rows_null(&row, 1)};
	return OK;
}

static enum err grant(void *db, const char *vkey, const struct vkey *parsed, const char *department,
	int64_t entry)
{
	(void)parsed; /* the text says it all */
	return db_run(db, GRANT, BIND(text(vkey), text(department), num(entry)));
}

static enum err revoke(void *db, const char *vkey, int64_t entry)
{
	return db_run(db, REVOKE, BIND(text(vkey), num(entry)));
}

static enum err keys(void *db, const char *department, ledger_key_fn *each, void *arg)
{
	AUTO(rows) rows = {0};
	bool go_on = true;

	TRY(db_query(db, KEYS, BIND(text(department)), &rows));
	while (go_on && rows_next(&rows)) {
		struct vkey parsed;

		TRY(vkey_parse(rows_text(&rows, 0), &parsed));
		go_on = each(arg, &parsed, !rows_null(&rows, 1));
	}
	return rows_end(&rows);
}

struct ledger ledger_in_tables(struct db *db)
{
	static const struct ledger_ops ops = {
		after, set_after, folded, set_folded, origin, key, grant, revoke, keys};

	return (struct ledger){&ops, db};
}
