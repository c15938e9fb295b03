/* log_key.h - the keys that sign the log, as its own entries name them.
 *
 * A log has one origin and a series of keys. `log.key_added` announces the next one and
 * `log.key_retired` ends one. Each carries a statement (audit/key_statement.h), signed by both
 * keys, about a tree that is the beginning of this log. So whoever knows any key of the series can
 * follow signatures of known keys to the one that signs now. A key that no event announces is a
 * stranger, whatever it signs. While the first key signs alone the tables are empty: nothing in the
 * log names it. */
#pragma once
#include "audit/key_statement.h"
#include "audit/merkle.h"
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

/* The keys that sign now, by the log; none if no key was ever changed. */
MUST_CHECK enum err log_keys_active(struct db *model, struct log_keys *out);
/* Does an event of the log name this key, active or retired? */
MUST_CHECK enum err log_key_known(struct db *model, const struct vkey *key, bool *out);

/* Checks that statements lead from the key `known` to the signatures of this checkpoint, which must
 * be those of all active keys. `*newest` gets the key that will sign the longest. ERR_FALSE. */
MUST_CHECK enum err log_keys_follow(struct db *model, const struct vkey *known,
	const struct note *checkpoint, struct vkey *newest);
/* Checks that the tree of every statement is the beginning of the log with these `nodes`.
 * ERR_FALSE, with the entry. */
MUST_CHECK enum err log_keys_check_trees(struct db *model, const struct nodes *nodes);

/* {"keys": [{"vkey", "added", "retired"}], "changes": [{"entry", "type", "key", "content", "at"}]},
 * the oldest first; a key's entries are null where there are none. */
MUST_CHECK enum err log_keys_json(const struct snapshot *snap, json_t **out);

/* Opens a checkpoint signed by any key of the series, retired ones too; `*by` gets the key.
 * ERR_NOT_FOUND if none of them signed it. */
MUST_CHECK enum err log_keys_open(
	struct db *model, const char *note, size_t len, struct vkey *by, struct checkpoint *out);
/* The same, also for the keys `held`, which the log need not name yet. */
MUST_CHECK enum err log_keys_open_held(struct db *model, const struct log_keys *held,
	const char *note, size_t len, struct checkpoint *out);

/* Follows the statements of a source that is not trusted yet: `list` is an array of objects with a
 * "statement". Replaces `*key` by the key to which it handed the log on, as often as it can. */
MUST_CHECK enum err log_keys_lead(const json_t *list, struct vkey *key);
