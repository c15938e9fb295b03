/* The register's part in changing the log's key. */
#include "registry/event/log_key.h"
#include "registry/office/office.h"

#include <inttypes.h>
#include <string.h>

#define DAY 86400

SQL(ADDED_AT, "office.log_key_added_at",
	"SELECT c.at FROM log_key k JOIN log_key_change c ON c.entry = k.added_entry"
	" WHERE k.vkey = ?1");

static json_t *texts_of(const struct log_keys *keys)
{
	json_t *list = json_array();

	for (size_t i = 0; i < keys->n; i++) {
		AUTO(buf) vkey = BUF(KIB);

		vkey_text(&keys->key[i], &vkey);
		json_push(list, json_text(buf_text(&vkey)));
	}
	return list;
}

enum err office_log_keys(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	json_auto_t *history = NULL;

	TRY(log_keys_json(snap, &history));
	json_object_update(reply, history);
	json_put(reply, "active", texts_of(reg_keys(reg)));
	return OK;
}

static enum err key_in(const json_t *request, const char *member, struct vkey *out)
{
	const char *text = json_str(request, member);

	ENSURE(text, ERR_INVALID, "\"%s\" is not a verifier key", member);
	return vkey_parse(text, out);
}

/* The statement must name this log's tree: a wrong one would stay in the log for ever. The event's
 * check does the rest. */
static enum err check_statement(struct tx *tx, const json_t *request, struct key_statement *out)
{
	const char *text = json_str(request, "statement");
	AUTOFREE struct note *note = mem_new(sizeof(*note));
	struct sha256 root;

	ENSURE(text, ERR_INVALID, "\"statement\" is not a text");
	TRY(key_statement_parse(text, strlen(text), out, note));
	TRY(tx_root(tx, out->checkpoint.size, &root));
	ENSURE(sha256_equal(&root, &out->checkpoint.root), ERR_CORRUPT,
		"the keys state another tree of %" PRIu64 " entries than this log's",
		out->checkpoint.size);
	return OK;
}

static enum err add_event(
	struct tx *tx, const json_t *request, const char *type, const char *other, json_t *reply)
{
	const struct vkey *log = &tx_keys(tx)->key[0];
	uint64_t index;

	TRY(tx_add(tx,
		(struct draft){.type = type,
			.by = "office",
			.subject = log->name,
			.members = json_make("{s:s,s:s}", "key", json_str(request, "key"), other,
				json_str(request, other)),
			.content = json_make("{s:s}", "statement", json_str(request, "statement"))},
		&index));
	json_put(reply, "entry", json_integer((json_int_t)index));
	return OK;
}

/* From here on the signer signs with both keys, beginning with the checkpoint over this entry. */
enum err office_log_key_add(struct tx *tx, const json_t *request, json_t *reply)
{
	struct key_statement statement;
	struct vkey key, beside;
	struct log_keys held;

	TRY(key_in(request, "key", &key));
	TRY(key_in(request, "beside", &beside));
	ENSURE(log_keys_have(tx_keys(tx), &beside), ERR_CONFLICT,
		"\"beside\" is not the key that signs");
	TRY(check_statement(tx, request, &statement));
	TRY(tx_reload_signer(tx, &held));
	ENSURE(log_keys_have(&held, &key) && log_keys_have(&held, &beside), ERR_CONFLICT,
		"the signer does not hold both keys: are they in this register's " REG_KEY "?");
	return add_event(tx, request, "log.key_added", "beside", reply);
}

/* Witnesses, mirrors and people who keep a copy of the key need time to adopt the new one. */
static enum err check_overlap(struct tx *tx, const json_t *request, const struct vkey *key)
{
	AUTO(rows) row = {0};
	int64_t added, days;
	enum err e;

	/* Whoever knows the older key needs nothing new when the newer one is retired. */
	if (json_is_true(json_object_get(request, "early")) ||
		!vkey_same(key, &tx_keys(tx)->key[0]))
		return OK;
	e = db_one(tx_state(tx)->db, ADDED_AT, BIND(text(json_str(request, "next"))), &row);
	ENSURE(e != ERR_NOT_FOUND, ERR_CONFLICT, "\"next\" is not a key that was announced");
	TRY(e);
	TRY(time_parse(rows_text(&row, 0), &added));
	days = (env_now(tx_env(tx)) - added) / DAY;
	ENSURE(days >= LOG_KEY_OVERLAP_DAYS, ERR_CONFLICT,
		"both keys have signed for %" PRId64
		" days; others get %d to take up the new one. To "
		"end the old one now, say --early",
		days, LOG_KEY_OVERLAP_DAYS);
	return OK;
}

enum err office_log_key_retire(struct tx *tx, const json_t *request, json_t *reply)
{
	struct key_statement statement;
	struct vkey key, next;

	TRY(key_in(request, "key", &key));
	TRY(key_in(request, "next", &next));
	TRY(check_overlap(tx, request, &key));
	TRY(check_statement(tx, request, &statement));
	return add_event(tx, request, "log.key_retired", "next", reply);
}

enum err office_log_key_reload(struct tx *tx, const json_t *request, json_t *reply)
{
	struct log_keys held;

	TRY(tx_reload_signer(tx, &held));
	json_put(reply, "held", texts_of(&held));
	return OK;
}
