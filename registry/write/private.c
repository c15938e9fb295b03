#include "registry/write/private.h"

#include "base/crypto.h"
#include "base/embed.h"

#include <string.h>

EMBED(private_schema, "registry/write/private.sql");

#define KEY 16

SQL(KEY_OF, "private.key_of", "SELECT key FROM network_key WHERE day = ?1");
SQL(ADD_KEY, "private.add_key", "INSERT INTO network_key (day, key) VALUES (?1, ?2)");
SQL(NOTE, "private.note",
	"INSERT INTO asked_from (at, feedback, network)"
	" SELECT at, id, ?2 FROM feedback WHERE id = ?1");
SQL(EXPIRE, "private.expire", "DELETE FROM asked_from WHERE at < ?1");
SQL(EXPIRE_KEYS, "private.expire_keys",
	"DELETE FROM network_key WHERE day <> ?1 AND NOT EXISTS"
	" (SELECT 1 FROM asked_from WHERE at >= day AND at < day || 'U')",
	"there are two keys at most");
SQL(KEEP_CONTACT, "private.keep_contact", "INSERT INTO contact (feedback, sealed) VALUES (?1, ?2)");
SQL(HAS_CONTACT, "private.has_contact", "SELECT 1 FROM contact WHERE feedback = ?1");
SQL(CONTACTS, "private.contacts", "SELECT feedback, sealed FROM contact",
	"all are sealed for another key");
SQL(RESEAL, "private.reseal", "UPDATE contact SET sealed = ?2 WHERE feedback = ?1");
SQL(EXPIRE_CONTACTS, "private.expire_contacts",
	"DELETE FROM contact WHERE feedback IN (SELECT c.feedback FROM contact c"
	" JOIN feedback f ON f.id = c.feedback WHERE f.at < ?1)",
	"few addresses are kept; asked once a day");

enum err private_create(struct db *db)
{
	return db_exec(db, embed_private_schema);
}

/* The key of the day, which its first question creates. */
static enum err key_of(struct tx *tx, const char *day, uint8_t key[KEY])
{
	struct db *db = tx_state(tx)->db;
	AUTO(rows) row = {0};
	const void *kept;
	size_t len;
	enum err e = db_one(db, KEY_OF, BIND(text(day)), &row);

	if (e == ERR_NOT_FOUND) {
		env_random(tx_env(tx), key, KEY);
		return db_run(db, ADD_KEY, BIND(text(day), blob(key, KEY)));
	}
	TRY(e);
	kept = rows_blob(&row, 0, &len);
	ENSURE(len == KEY, ERR_CORRUPT, "the key of the networks of %s is damaged", day);
	memcpy(key, kept, KEY);
	return OK;
}

enum err private_note_network(struct tx *tx, const char *feedback, const void *network, size_t len)
{
	struct db *db = tx_state(tx)->db;
	char day[TIME_TEXT], hex[NETWORK_HEX + 1];
	int64_t now = env_now(tx_env(tx));
	uint8_t key[KEY];
	uint64_t hash;
	enum err e;

	TRY(private_expire(tx));
	time_text(now, day);
	day[strlen("2026-11-28")] = '\0';
	e = key_of(tx, day, key);
	hash = keyed_hash(key, network, len);
	crypto_wipe(key, sizeof(key));
	TRY(e);
	hex_text(&hash, sizeof(hash), hex);
	return db_run(db, NOTE, BIND(text(feedback), text(hex)));
}

enum err private_expire(struct tx *tx)
{
	struct db *db = tx_state(tx)->db;
	int64_t now = env_now(tx_env(tx));
	char before[TIME_TEXT], today[TIME_TEXT];

	time_text(now - NETWORK_SECONDS, before);
	time_text(now, today);
	today[strlen("2026-11-28")] = '\0';
	TRY(db_run(db, EXPIRE, BIND(text(before))));
	return db_run(db, EXPIRE_KEYS, BIND(text(today)));
}

enum err private_keep_contact(struct tx *tx, const char *feedback, const void *sealed, size_t len)
{
	return db_run(tx_state(tx)->db, KEEP_CONTACT, BIND(text(feedback), blob(sealed, len)));
}

enum err private_has_contact(const struct snapshot *snap, const char *feedback, bool *out)
{
	int64_t one;
	enum err e = db_int(snap->model, HAS_CONTACT, BIND(text(feedback)), &one);

	*out = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err reseal_all(struct db *db,
	enum err (*anew)(void *arg, const void *box, size_t len, struct buf *sealed), void *arg)
{
	AUTO(rows) rows = {0};

	TRY(db_query(db, CONTACTS, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		AUTO(buf) sealed = BUF(8 * KIB);
		const void *box;
		size_t len;

		box = rows_blob(&rows, 1, &len);
		TRY(anew(arg, box, len, &sealed));
		TRY(buf_check(&sealed, "a sealed address"));
		if (sealed.len)
			TRY(db_run(db, RESEAL,
				BIND(text(rows_text(&rows, 0)), blob(sealed.data, sealed.len))));
	}
	return rows_end(&rows);
}

enum err private_reseal(struct db *db,
	enum err (*anew)(void *arg, const void *box, size_t len, struct buf *sealed), void *arg)
{
	enum err e;

	TRY(db_exec(db, "BEGIN IMMEDIATE"));
	e = reseal_all(db, anew, arg);
	if (e == OK)
		return db_exec(db, "COMMIT");
	e = fail(e, "%s", err_why());
	(void)!db_exec(db, "ROLLBACK");
	return e;
}

enum err private_expire_contacts(struct tx *tx, const char *before)
{
	return db_run(tx_state(tx)->db, EXPIRE_CONTACTS, BIND(text(before)));
}

enum err private_strip(struct db *db)
{
	TRY(private_create(db));
	return db_exec(db, "DELETE FROM asked_from; DELETE FROM network_key;");
}
