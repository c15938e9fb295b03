/* state.h - the state on which checks and folds work: the read model and the contents behind it. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/env.h"
#include "registry/event/event.h"
#include "registry/event/ledger.h"
#include "registry/standard/standard.h"

#define STATE_KEPT 4
/* Tables that may be in the read model's file but do not belong to it: the record of what it was
 * made from (registry/write/model.h), and, in a file of an earlier version with only one file, the
 * tables of audit/schema.sql and registry/write/private.sql. A verification compares all others. */
#define STATE_OTHER_TABLES \
	"'entry', 'tile', 'content', 'checkpoint', 'cosigned', 'contact', 'asked_from', 'network_key', 'made_from'"

struct state {
	struct db *db;
	struct ledger ledger; /* replaces some of the tables in a verification */
	struct store store;
	const struct standard *standard; /* the one in force; NULL before the first */
	/* Set by verifications and mirrors: a log accepted these entries before, so later rules do
	 * not apply to them. */
	bool replays;
	/* Does not update the indexes of search.h: they are made at the end, or nobody searches. */
	bool unindexed;
	/* A ring of the contents parsed last: a filing's is read again when it is published, and a
	 * record's and its judgements' several times when it is judged again. */
	struct {
		json_t *value;
		char sha256[65];
	} kept[STATE_KEPT];
	unsigned next;
	/* The standard of state_standard(), and its content. */
	struct standard *counted_by;
	char counted_sha256[65];
};
void state_done(struct state *st);
/* The state that a reader sees, for checking events; nothing can be folded into it. */
struct state state_of(const struct snapshot *snap);
/* A snapshot of the state within a transaction, for queries. */
struct snapshot state_snapshot(const struct state *st);

/* The value of a content, or NULL if it was erased. The caller owns it and must not change it. */
MUST_CHECK enum err state_content(struct state *st, const char *sha256, json_t **out);
/* Remembers a content that the caller parsed; NULL forgets all of them. */
void state_remember(struct state *st, const char *sha256, const json_t *value);
/* The last standard adopted by the entries folded so far; NULL before the first. Unlike `standard`
 * it depends only on the entries, and not on the folding process: a writer in the middle of a
 * batch, a rebuild or an auditor. Valid until the next call. */
MUST_CHECK enum err state_standard(struct state *st, const struct standard **out);
/* Sets whether a content may be downloaded under /log/content/. */
MUST_CHECK enum err state_open_content(struct state *st, const char *sha256, bool open);

/* Fills ev->signer with the granted key that signed, found by name and id, not yet verified.
 * ERR_DENIED, with the key's name, for a key that is unknown or was revoked. */
MUST_CHECK enum err state_identify(
	struct state *st, const void *entry, size_t len, struct event *ev);
/* Checks the signature by that key. It is cheap and keeps strangers out, so do it before anything
 * expensive. */
MUST_CHECK enum err state_check_signature(
	struct state *st, const void *entry, size_t len, const struct event *ev);
/* Checks everything that must hold before an event may be appended: signature, time, `after`,
 * content, whether the person may sign this type, and the check of its type. Changes nothing. Skips
 * the rules about content if ev->content is NULL (erased since, or not public); a writer must have
 * checked it before. */
MUST_CHECK enum err state_check(
	struct state *st, const void *entry, size_t len, const struct event *ev);
/* Folds one event. The read model must have been made from exactly the entries before it.
 * ev->content is NULL if it was erased since. */
MUST_CHECK enum err state_fold(struct state *st, const struct event *ev);
/* Folds the log's entries from the first that is not folded up to `size`. */
MUST_CHECK enum err state_fold_on(struct state *st, uint64_t size);
/* The index of the latest event of a subject; -1 if there is none. */
MUST_CHECK enum err state_after(struct state *st, const char *kind, const char *id, int64_t *out);
/* Makes an event the latest of a second subject, besides the one that it names. */
MUST_CHECK enum err state_also_after(
	struct state *st, const char *kind, const char *id, const struct event *ev);
/* The number of folded entries, and the latest time among them ("" if there are none). */
MUST_CHECK enum err state_folded(struct state *st, uint64_t *size, char at[TIME_TEXT]);
/* The register's origin. */
MUST_CHECK enum err state_origin(struct state *st, char out[KEY_NAME_MAX + 1]);
/* A department's key: finds its owner (ERR_NOT_FOUND), grants it, revokes it. */
MUST_CHECK enum err state_granted(struct state *st, const char *vkey, struct granted *out);
MUST_CHECK enum err state_grant(struct state *st, const struct event *ev);
MUST_CHECK enum err state_revoke(struct state *st, const struct event *ev);

/* The name of the schema; another version of this program may have another. */
int64_t state_schema(void);
/* Creates the read model's empty tables; drops them. */
MUST_CHECK enum err state_create(struct db *db);
MUST_CHECK enum err state_drop(struct db *db);
/* Drops the indexes that only pages use, of a read model that is folded and compared but not asked.
 */
MUST_CHECK enum err state_for_folds(struct db *db);
/* The tables with all indexes, or with those for folds alone, in a database that is empty and was
 * not read in an open transaction: faster than one by one, but it cannot be rolled back. */
MUST_CHECK enum err state_create_alone(struct db *db);
MUST_CHECK enum err state_create_for_folds(struct db *db);
/* Does this version of the program make the same tables? */
MUST_CHECK enum err state_is_current(struct db *db, bool *out);
