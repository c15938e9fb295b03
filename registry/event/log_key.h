/* log_key.h - the keys that sign the log, as the log itself tells of them.
 *
 * A log has one origin and a row of keys. `log.key_added` announces the next one, `log.key_retired`
 * ends one; each carries a statement (audit/key_statement.h) that both keys signed, of a tree that
 * is the log's own beginning. So whoever knows any key of the row is led to the one that signs now,
 * by signatures of the keys that they know; a key that no event announces is a stranger, whatever
 * it signs. While the first key signs alone the tables are empty, for nothing in the log names
 * it. */
#pragma once
#include "audit/key_statement.h"
#include "audit/merkle.h"
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

/* Those that sign by the log; none where no key was ever changed. */
MUST_CHECK enum err log_keys_active(struct db *model, struct log_keys *out);
/* Was this ever a key of the log, by its events? */
MUST_CHECK enum err log_key_known(struct db *model, const struct vkey *key, bool *out);

/* Does what `known` signed lead to this checkpoint's signatures? All keys that sign by the log must
 * have signed the note. `*newest` gets the one that will sign the longest. ERR_FALSE. */
MUST_CHECK enum err log_keys_follow(struct db *model, const struct vkey *known,
	const struct note *checkpoint, struct vkey *newest);
/* Is every statement's tree the beginning of the log that `nodes` are of? ERR_FALSE, naming the
 * entry. */
MUST_CHECK enum err log_keys_check_trees(struct db *model, const struct nodes *nodes);

/* {"keys": [{"vkey", "added", "retired"}], "changes": [{"entry", "type", "key", "content", "at"}]},
 * the oldest first; a key's entries are null where there are none. */
MUST_CHECK enum err log_keys_json(const struct snapshot *snap, json_t **out);

/* Opens a checkpoint that any key of the row signed, also one that ended; `*by` gets it.
 * ERR_NOT_FOUND: none of them did. */
MUST_CHECK enum err log_keys_open(
	struct db *model, const char *note, size_t len, struct vkey *by, struct checkpoint *out);
/* The same, also by one of `held`, which the log may not name (yet). */
MUST_CHECK enum err log_keys_open_held(struct db *model, const struct log_keys *held,
	const char *note, size_t len, struct checkpoint *out);

/* What a source says of the statements, before anything else of it is believed: `list` is an array
 * of objects with a "statement". Moves `*key` on to the key that it handed the log on to, and so
 * on; it stays where nothing that it signed says so. */
MUST_CHECK enum err log_keys_lead(const json_t *list, struct vkey *key);
