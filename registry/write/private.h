/* private.h - what is neither in the log nor made from it (private.sql): never rebuilt, in no
 * mirror.
 *
 * Sealed e-mail addresses; and where questions came from, for one day, so that the office can take
 * out a flood in one act (office_flood.c). Of a network that is a hash under a key of the day,
 * which goes with the last hash that was made by it: then nobody can try addresses against a hash,
 * and two days cannot be compared. */
#pragma once
#include "registry/write/writer.h"

#define NETWORK_HEX 16        /* digits of a network's hash */
#define NETWORK_SECONDS 86400 /* that it is kept from its question on */

/* Makes the tables that are not there yet: an earlier version of this program had fewer. */
MUST_CHECK enum err private_create(struct db *db);
/* Notes where the question came from that `feedback` names, in its own transaction. */
MUST_CHECK enum err private_note_network(
	struct tx *tx, const char *feedback, const void *network, size_t len);
/* Erases what was kept for a day, and the keys that nothing is left of. */
MUST_CHECK enum err private_expire(struct tx *tx);
/* Keeps the sealed address of who asked `feedback`; whether there is one; erases those of questions
 * that are older than `before`. */
MUST_CHECK enum err private_keep_contact(
	struct tx *tx, const char *feedback, const void *sealed, size_t len);
MUST_CHECK enum err private_has_contact(
	const struct snapshot *snap, const char *feedback, bool *out);
/* Seals every address again in one transaction, of a database that nobody else has: `anew` leaves
 * `sealed` empty for one that stays as it is. */
MUST_CHECK enum err private_reseal(struct db *db,
	enum err (*anew)(void *arg, const void *box, size_t len, struct buf *sealed), void *arg);
MUST_CHECK enum err private_expire_contacts(struct tx *tx, const char *before);
/* Erases all that is for a day only: a backup is kept for longer. */
MUST_CHECK enum err private_strip(struct db *db);
