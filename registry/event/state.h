/* state.h - what checks and folds work on: the read model, and the bytes behind it. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/env.h"
#include "registry/event/event.h"
#include "registry/event/ledger.h"
#include "registry/standard/standard.h"

#define STATE_KEPT 4
/* Tables of a register's file that are no part of the read model: of audit/schema.sql, and of
 * registry/write/private.sql. A rebuild leaves them, and a verification compares all others. */
#define STATE_OTHER_TABLES \
	"'entry', 'tile', 'content', 'checkpoint', 'cosigned', 'contact', 'asked_from', 'network_key'"

struct state {
	struct db *db;
	struct ledger ledger; /* of a verification: stands for some of the tables; else none */
	struct store store;
	const struct standard *standard; /* the one in force; NULL before the first */
	/* The entries are of a log that accepted them once, so rules that were made later do not
	 * hold for them: set by verifications and mirrors. */
	bool replays;
	/* The indexes of search.h are left alone: they are made at the end, or nobody searches. */
	bool unindexed;
	/* The contents that were parsed last, a ring: a filing's is asked for again when it is
	 * published, a record's and its judgements' several times when it is judged again. */
	struct {
		json_t *value;
		char sha256[65];
	} kept[STATE_KEPT];
	unsigned next;
	/* What records are counted by, and the content that it was loaded from; see
	 * state_standard(). */
	struct standard *counted_by;
	char counted_sha256[65];
};
void state_done(struct state *st);
/* What a reader sees, to check an event against it; nothing can be folded into it. */
struct state state_of(const struct snapshot *snap);
/* What queries see within a transaction. */
struct snapshot state_snapshot(const struct state *st);

/* The value of a content, or NULL where it was erased. The caller owns it and must not change it.
 */
MUST_CHECK enum err state_content(struct state *st, const char *sha256, json_t **out);
/* Remembers a content that the caller parsed; forgets all that is remembered (NULL). */
void state_remember(struct state *st, const char *sha256, const json_t *value);
/* The standard that the entries folded so far adopted last; NULL before the first. Unlike
 * `standard`, the same at each entry of the log however it is folded: by a writer in the middle of
 * a batch, again, or by an auditor. Good until the next call. */
MUST_CHECK enum err state_standard(struct state *st, const struct standard **out);
/* Marks a content as given out (or not) under /log/content/. */
MUST_CHECK enum err state_open_content(struct state *st, const char *sha256, bool open);

/* Fills ev->signer: which granted key signed, found by name and id, not yet verified.
 * ERR_DENIED for a key that is unknown or was revoked, naming which. */
MUST_CHECK enum err state_identify(
	struct state *st, const void *entry, size_t len, struct event *ev);
/* Is the signature by that key? All that a stranger cannot pass, at a small price: for whoever goes
 * on to what is dear. */
MUST_CHECK enum err state_check_signature(
	struct state *st, const void *entry, size_t len, const struct event *ev);
/* All that must hold before an event may be appended: signature, time, `after`, content, and
 * its type's own check. Changes nothing. Where ev->content is NULL (it was erased since, or is
 * not public), the rules about it are passed over: a writer must have seen to it before. */
MUST_CHECK enum err state_check(
	struct state *st, const void *entry, size_t len, const struct event *ev);
/* Folds one event. The read model must have been made from exactly the entries before it.
 * Where ev->content is NULL it was erased since. */
MUST_CHECK enum err state_fold(struct state *st, const struct event *ev);
/* Drops the read model and folds the whole log again. */
MUST_CHECK enum err state_rebuild(struct state *st, uint64_t size);
/* Index of the latest event of a subject; -1 for none. */
MUST_CHECK enum err state_after(struct state *st, const char *kind, const char *id, int64_t *out);
/* An event is the latest of a further subject, too, that it is not named after. */
MUST_CHECK enum err state_also_after(
	struct state *st, const char *kind, const char *id, const struct event *ev);
/* How many entries are folded, and the latest time among them ("" for none). */
MUST_CHECK enum err state_folded(struct state *st, uint64_t *size, char at[TIME_TEXT]);
/* The register's origin. */
MUST_CHECK enum err state_origin(struct state *st, char out[KEY_NAME_MAX + 1]);
/* Of a department's key: whose it is (ERR_NOT_FOUND); an event grants it; one revokes it. */
MUST_CHECK enum err state_granted(struct state *st, const char *vkey, struct granted *out);
MUST_CHECK enum err state_grant(struct state *st, const struct event *ev);
MUST_CHECK enum err state_revoke(struct state *st, const struct event *ev);

/* Makes the read model's empty tables; drops them. */
MUST_CHECK enum err state_create(struct db *db);
MUST_CHECK enum err state_drop(struct db *db);
/* Are its tables those that this version of the program makes? */
MUST_CHECK enum err state_is_current(struct db *db, bool *out);
