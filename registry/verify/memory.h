/* memory.h - what nearly every event reads and writes of the read model, kept in memory while a
 * verification folds: the latest entry of each subject, the keys of departments, how far it is.
 *
 * With it a million entries are replayed without a statement each. The rules are those of the
 * tables `subject`, `department_key`, `folded` and `register` (registry/event/schema.sql), and the same
 * checks and folds use either. A writer never has one: what it does can be undone.
 *
 * A subject takes about 120 bytes, a key about 130; the log has at least twice as much for each. */
#pragma once
#include "audit/note.h"
#include "base/db.h"
#include "base/env.h"

struct memory;
struct memory *memory_new(void);
void memory_free(struct memory *m);

/* Index of the latest event of a subject; -1 for none. */
int64_t memory_after(const struct memory *m, const char *kind, const char *id);
void memory_set_after(struct memory *m, const char *kind, const char *id, int64_t entry);

/* How many entries are folded, and the latest time among them ("" for none). */
uint64_t memory_folded(const struct memory *m, char at[TIME_TEXT]);
void memory_set_folded(struct memory *m, uint64_t size, const char *at);

/* The register's origin; "" until it is set. */
const char *memory_origin(const struct memory *m);
void memory_set_origin(struct memory *m, const char *origin);
/* Whether a key's department is known here; others are asked of the table. */
bool memory_is_department(const struct memory *m, const char *slug);

struct memory_key {
	const char *department;
	uint8_t public[ED25519_PUBLIC];
	uint8_t name[16]; /* a keyed hash of the verifier key's text */
	int64_t granted_entry;
	int64_t revoked_entry; /* -1: it may sign */
	int64_t next;          /* the department's key that was granted next; -1: none */
};
/* NULL where it was never granted. Good until the next one is granted. */
const struct memory_key *memory_key(const struct memory *m, const char *vkey);
/* A key that memory_key() does not know. */
void memory_grant(struct memory *m, const char *vkey, const uint8_t public[ED25519_PUBLIC],
	const char *department, int64_t entry);
void memory_revoke(struct memory *m, const char *vkey, int64_t entry);
/* A department's keys, in the order in which they were granted: the first, and the next. */
const struct memory_key *memory_first_key(const struct memory *m, const char *department);
const struct memory_key *memory_next_key(const struct memory *m, const struct memory_key *key);

/* Whether a database's tables `subject`, `department_key` and `folded` hold exactly what is here,
 * and the indexes of `department_key` exactly its rows, in their order. */
MUST_CHECK enum err memory_compare(const struct memory *m, struct db *db, bool *same);
/* Puts everything into the tables of a database that has none of it. */
MUST_CHECK enum err memory_store(const struct memory *m, struct db *db);

extern const struct sql_table memory_sql;
