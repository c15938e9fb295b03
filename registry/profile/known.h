/* known.h - finds this register's system for a row of an imported file, and compares the two. It
 * only reads: an import calls it in its transaction, a page with a snapshot (state_of()). */
#pragma once
#include "base/sha256.h"
#include "registry/event/state.h"

struct known {
	bool exists, retired, suspended;
	bool own; /* found by its address: the row comes from this register's own export */
	char slug[SLUG_MAX + 1], department[SLUG_MAX + 1];
	int64_t version, filing; /* filing: -1 if none is pending */
};
/* Finds the system of `row`, which has the form that import_rows() takes (office.h). ERR_CONFLICT
 * if a row of our own export makes a false statement about itself. `outcome` gets "unknown": true
 * if the row names a system that does not exist here. */
MUST_CHECK enum err known_find(struct state *st, const char *profile, const json_t *row,
	struct known *out, json_t *outcome);
/* Finds the system with this address, if there is one, independent of any row. */
MUST_CHECK enum err known_at(struct state *st, const char *slug, struct known *out);
/* The record of the newest version; NULL if it was erased. A new reference. */
MUST_CHECK enum err known_record(struct state *st, const struct known *known, json_t **out);
/* Sets "fields", the members of the record that differ from the newest version's, and "blanked",
 * the members that had a value and would lose it. `*same` is true if the records are equal. */
MUST_CHECK enum err known_compare(struct state *st, const struct known *known, const json_t *record,
	json_t *outcome, bool *same);
/* Sets "unread": the columns of our own export whose values differ from the register's. */
MUST_CHECK enum err known_unread(
	struct state *st, const struct known *known, const json_t *row, json_t *outcome);
/* ERR_CONFLICT if the row was made from a version that is not the newest now. */
MUST_CHECK enum err known_check_newest(const struct known *known, const json_t *row);
/* An address for a row whose system is new here: `wish`, or another address if that is taken. */
MUST_CHECK enum err known_slug(
	struct state *st, const char *wish, const char *key, char out[SLUG_MAX + 1]);
/* Hashes a row's key to the form that entries and the read model use. */
void known_hash(const char *key, char out[SHA256_HEX]);
/* For those of `keys` from which an import with this profile made a system: {key: SHA-256 (hex) of
 * that system's newest record} (sheet_settle()). */
MUST_CHECK enum err known_contents(
	struct state *st, const char *profile, const json_t *keys, json_t **out);
