/* office.h - what the AI office can do on the register's machine: one table of operations,
 * each a JSON request answered by a JSON reply. The same functions serve `gaya office …`
 * directly and, while a server runs, through its local socket. */
#pragma once
#include "registry/write/register.h"

/* {"do": "approve", "system": "…"} -> the operation's reply. ERR_INVALID for an unknown
 * operation or a missing member; otherwise the operation's own error. `problems` (an array)
 * gets the rules that a record breaks. */
MUST_CHECK enum err office_do(
	struct reg *reg, const json_t *request, json_t *problems, json_t **reply);

/* A decision is made on something that the office has read, and the request names it: the filing
 * (its entry), the newest version, the latest event of a question (its entry), the entry that a
 * department goes by, the version of a policy or the standard that is in force. ERR_CONFLICT where
 * it is no longer the newest. What is the first of its kind names nothing. The event carries it: in
 * "filing" or "version", else as its `after`. */
enum office_on {
	ON_NOTHING,
	ON_FILING,
	ON_VERSION,
	ON_QUESTION,
	ON_DEPARTMENT,
	ON_POLICY,
	ON_STANDARD
};

/* For `gaya office` and its help. */
struct office_op {
	const char *name;
	/* Members of the request; '?' behind the optional ones. The one that names what was decided
	 * on is optional only where there may be nothing yet. */
	const char *needs[12];
	enum office_on on;
	/* A write that is one event: its subject is the first of `needs`, its members and content
	 * are what the request has of those that the type names. */
	const char *event;
	enum err (*check)(struct tx *tx, const json_t *request); /* before that event; or NULL */
	/* Any other write. May run more than once (tx_judge()): `reply` is empty each time. */
	enum err (*write)(struct tx *tx, const json_t *request, json_t *reply);
	enum err (*read)(
		struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
	/* Of a write: what takes time and needs no transaction comes before it. */
	enum err (*first)(const json_t *request);
};
extern const struct office_op office_ops[];
extern const size_t office_ops_n;
/* NULL where there is none of this name. */
const struct office_op *office_op_named(const char *name);

/* office_basis.c. {"of": an operation's name, and the members that say of which system, question …}
 * -> {"member": of the request, "newest": its value, "about": what there is to read of it}; without
 * the last two where there is nothing yet, {} where it is decided on nothing. */
MUST_CHECK enum err office_newest(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Puts that member into a request that lacks it: for who means whatever is there, as the demo
 * does. */
MUST_CHECK enum err office_name_newest(struct reg *reg, json_t *request);

/* office_system.c. What the office asks beside check() of an entry that a person signed: a
 * publication carries what the policies say of the record when asked now, for no one else runs
 * them. ERR_CONFLICT where `content` is not that. */
MUST_CHECK enum err office_check_signed(
	struct tx *tx, const struct event *ev, const json_t *content);

/* office_key.c: what `gaya key rotate` does in the register; cli/key_rotate.c says in which
 * order. */
/* {} -> {"active": [vkey…], "keys", "changes"}, the oldest first (log_key.h has the last two). */
MUST_CHECK enum err office_log_keys(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* {"key", "beside", "statement"} -> {"entry"}: announces a key that the key file holds by now. */
MUST_CHECK enum err office_log_key_add(struct tx *tx, const json_t *request, json_t *reply);
/* {"key", "next", "statement", "early"?} -> {"entry"}: ends a key. Without "early": true an old key
 * only after LOG_KEY_OVERLAP_DAYS beside the new one. */
#define LOG_KEY_OVERLAP_DAYS 30
MUST_CHECK enum err office_log_key_retire(struct tx *tx, const json_t *request, json_t *reply);
/* {} -> {"held": [vkey…]}: the signer takes up the key file as it is by now. */
MUST_CHECK enum err office_log_key_reload(struct tx *tx, const json_t *request, json_t *reply);

/* import.c: records of other registers, mapped by a profile.
 * {"profile", "rows": [{"line", "key", "slug", "of"?: {"register", "system", "version"?, "says"?},
 * "department": {"slug", "name"}, "record"}…], "again"} -> {"rows": [{"line", "system", "outcome":
 * "new"|"changed"|"resumed"| "same"|"refused", "own"?, "unknown"?, "unread"?, "fields"?,
 * "blanked"?, "why"?, "problems"?}…]} "of" names the system of our own export that a row
 * is, and the version that it was; "unknown": true where there is none of this name. "says":
 * columns that the register fills in; "unread" are those that differ from what is here. What was
 * retired because its source no longer had it is resumed, with "again" as the reason. With
 * "dry_run": true the same, and nothing is written. */
MUST_CHECK enum err import_rows(struct tx *tx, const json_t *request, json_t *reply);
/* Retires what the source no longer has: {"profile", "keys": [every key it has], "systems"?: [slugs
 * that its rows name], "reason", "count"} -> {"retired": [slug…], "known": how many of the
 * profile's there were}. ERR_CONFLICT where that is not "count". With "dry_run": true nothing is
 * written. */
MUST_CHECK enum err import_retire(struct tx *tx, const json_t *request, json_t *reply);

/* For who holds a question's receipt: {"feedback"} -> {"entry", "erased"}. Withdraws it: its text
 * is erased, and so is the address. No operation of the office's. */
MUST_CHECK enum err office_feedback_withdraw(struct tx *tx, const json_t *request, json_t *reply);
/* Erases the sealed e-mail address of a question: {"feedback"} -> {"erased": bool}. */
MUST_CHECK enum err office_forget(struct tx *tx, const json_t *request, json_t *reply);

/* feedback ids and receipts: the code is the citizen's, the id is what the log shows. */
#define RECEIPT_CODE 32 /* hexadecimal digits */
void receipt_id(const char code[RECEIPT_CODE + 1], char id[FEEDBACK_ID + 1]);
