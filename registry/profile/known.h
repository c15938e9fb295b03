/* known.h - what this register has of a row of another one's file, and how the two differ. Reads
 * only: an import asks it within its transaction, a page of a snapshot (state_of()). */
#pragma once
#include "base/sha256.h"
#include "registry/event/state.h"

struct known {
	bool exists, retired, suspended;
	bool own; /* found by its address: the row is of this register's own export */
	char slug[SLUG_MAX + 1], department[SLUG_MAX + 1];
	int64_t version, filing; /* filing -1: none waits */
};
/* `row`: as import_rows() takes it (office.h). ERR_CONFLICT for one of our own export that says of
 * itself what is not so; `outcome` gets "unknown": true where it names a system that is not here.
 */
MUST_CHECK enum err known_find(struct state *st, const char *profile, const json_t *row,
	struct known *out, json_t *outcome);
/* The system of this address, if there is one; nothing is said of a row. */
MUST_CHECK enum err known_at(struct state *st, const char *slug, struct known *out);
/* Puts "fields", the members of the record that differ from the newest version's, and "blanked",
 * those that had something in them and would have nothing; `*same` where it is the same. */
MUST_CHECK enum err known_compare(struct state *st, const struct known *known, const json_t *record,
	json_t *outcome, bool *same);
/* Puts "unread": columns of our own export that say something else than the register. */
MUST_CHECK enum err known_unread(
	struct state *st, const struct known *known, const json_t *row, json_t *outcome);
/* ERR_CONFLICT for a row of a version that is no longer the newest. */
MUST_CHECK enum err known_check_newest(const struct known *known, const json_t *row);
/* An address for a row that is not here: the one that it wishes for, or another where that is
 * taken. */
MUST_CHECK enum err known_slug(
	struct state *st, const char *wish, const char *key, char out[SLUG_MAX + 1]);
/* A row's key, as entries and the read model have it. */
void known_hash(const char *key, char out[SHA256_HEX]);
/* {key: SHA-256 (hex) of the newest record of the system that this profile's import made of it}, of
 * those of `keys` that are here (sheet_settle()). */
MUST_CHECK enum err known_contents(
	struct state *st, const char *profile, const json_t *keys, json_t **out);
