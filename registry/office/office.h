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

/* The office decides on something that it has read, and the request names it: the entry of a
 * filing, the newest version, the latest entry about a question or a department, the version of the
 * policy or standard in force. ERR_CONFLICT if it is no longer the newest. The first decision of
 * its kind names nothing. The event carries the name as "filing" or "version", else as `after`. */
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
	/* Members of the request; optional ones end in '?'. The member that names what was decided
	 * on is optional only where there may be nothing yet. */
	const char *needs[12];
	enum office_on on;
	/* The type, if the operation writes one event. Its subject is the first of `needs`; its
	 * members and content are those of the request that the type knows. */
	const char *event;
	enum err (*check)(struct tx *tx, const json_t *request); /* before that event; or NULL */
	/* Any other write. It may run more than once (tx_judge()), each time with an empty reply.
	 */
	enum err (*write)(struct tx *tx, const json_t *request, json_t *reply);
	enum err (*read)(
		struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
	/* Neither of both: its own way through the register, which may take long. */
	enum err (*apart)(struct reg *reg, json_t *reply);
	/* The part of a write that takes time and needs no transaction; runs before it. */
	enum err (*first)(const json_t *request);
};
extern const struct office_op office_ops[];
extern const size_t office_ops_n;
/* NULL if there is no such operation. */
const struct office_op *office_op_named(const char *name);

/* office_basis.c. {"of": an operation's name, and the members that name the system, question …}
 * -> {"member": of the request, "newest": its value, "about": what can be read of it}. The last two
 * are missing if there is nothing yet; {} for an operation that is decided on nothing. */
MUST_CHECK enum err office_newest(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Puts that member into a request that lacks it, for callers that mean whatever is the newest, such
 * as the demo. */
MUST_CHECK enum err office_name_newest(struct reg *reg, json_t *request);

/* office_system.c: checks an entry that a person signed, in addition to check(): a publication must
 * carry the policies' judgement of the record as it is now, since nobody else runs them.
 * ERR_CONFLICT if `content` is another judgement. */
MUST_CHECK enum err office_check_signed(
	struct tx *tx, const struct event *ev, const json_t *content);

/* office_key.c: the register's part in `gaya key rotate`; cli/key_rotate.c has the order. */
/* {} -> {"active": [vkey…], "keys", "changes"}, the oldest first (log_key.h has the last two). */
MUST_CHECK enum err office_log_keys(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* {"key", "beside", "statement"} -> {"entry"}: announces a key that the key file already holds. */
MUST_CHECK enum err office_log_key_add(struct tx *tx, const json_t *request, json_t *reply);
/* {"key", "next", "statement", "early"?} -> {"entry"}: ends a key. Unless "early" is true, an old
 * key must have signed beside the new one for LOG_KEY_OVERLAP_DAYS. */
#define LOG_KEY_OVERLAP_DAYS 30
MUST_CHECK enum err office_log_key_retire(struct tx *tx, const json_t *request, json_t *reply);
/* {} -> {"held": [vkey…]}: the signer reads the key file again. */
MUST_CHECK enum err office_log_key_reload(struct tx *tx, const json_t *request, json_t *reply);

/* import.c: records of other registers, mapped by a profile.
 * {"profile", "rows": [{"line", "key", "slug", "of"?: {"register", "system", "version"?, "says"?},
 * "department": {"slug", "name"}, "state"?, "record"}…], "again"} -> {"rows": [{"line", "system",
 * "outcome": "new"|"changed"|"resumed"| "same"|"refused", "own"?, "unknown"?, "unread"?, "fields"?,
 * "blanked"?, "new_department"?: {"slug", "name"}, "why"?, "problems"?}…]}. "new_department" is
 * added by the row; in a dry run, by each row that would. "of" names the system and version of our
 * own export that a row came from; "unknown" is true if there is no such system. "says" has the
 * columns that the register fills in; "unread" those of them that differ from the register. A
 * system that was retired because its source no longer had it is resumed, with "again" as the
 * reason. With "dry_run": true the reply is the same, and nothing is written. */
MUST_CHECK enum err import_rows(struct tx *tx, const json_t *request, json_t *reply);
/* {"profile", "keys": [a source's keys]} -> {"records": {key: SHA-256 (hex) of the newest record}},
 * of those that an import by this profile brought. */
MUST_CHECK enum err import_known(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* import_states.c: {"profile", "rows": [{"key", "state": "retired" | "suspended", "reason"?,
 * "successor"?: the key of another row, "register"?: its origin}…], "reason": for those without
 * one} -> {"systems": [slug of each that is in another state now]}. A system that is in that state
 * already, or is retired, stays as it is. */
MUST_CHECK enum err import_states(struct tx *tx, const json_t *request, json_t *reply);
/* {"profile", "after": "" or the last source} -> {"systems": [{"slug", "source": the hash of the
 * key (known_hash())}…]}: those that an import by this profile brought and that are not retired, at
 * most IMPORT_SYSTEMS, ordered by source. */
#define IMPORT_SYSTEMS 200
MUST_CHECK enum err import_systems(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Retires systems that the source no longer has: {"profile", "systems": [slug…], "reason"} ->
 * {"retired": how many}. ERR_CONFLICT if one is none of import_systems(). */
MUST_CHECK enum err import_retire(struct tx *tx, const json_t *request, json_t *reply);

/* Withdraws a question, for the holder of its receipt: {"feedback"} -> {"entry", "erased"}. Erases
 * its text and the e-mail address. Not an operation of the office. */
MUST_CHECK enum err office_feedback_withdraw(struct tx *tx, const json_t *request, json_t *reply);
/* Erases the sealed e-mail address of a question: {"feedback"} -> {"erased": bool}. */
MUST_CHECK enum err office_forget(struct tx *tx, const json_t *request, json_t *reply);

/* The citizen keeps the code of a receipt; the log shows the id that is made from it. */
#define RECEIPT_CODE 32 /* hexadecimal digits */
void receipt_id(const char code[RECEIPT_CODE + 1], char id[FEEDBACK_ID + 1]);
