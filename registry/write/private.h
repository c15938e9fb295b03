/* private.h - data that is neither in the log nor made from it (private.sql): never rebuilt, never
 * mirrored.
 *
 * A citizen may leave an e-mail address with a question. When the question arrives,
 * web/pages/submit.c seals the address for the contact key, which the server does not have; the
 * office opens it with `gaya office contact` (contact_key.h). It is erased when its sender asks for
 * that or withdraws the question, when the office forgets it, and CONTACT_DAYS (submit.h) after the
 * question in any case.
 *
 * For one day it also holds the network that each question came from, so that the office can remove
 * a flood in one act (office_flood.c). A network is stored as a hash under a key of the day. The
 * key is erased with the last hash made under it: after that nobody can test addresses against a
 * hash, and days cannot be compared. */
#pragma once
#include "registry/write/register.h"

#define NETWORK_HEX 16        /* digits of a network's hash */
#define NETWORK_SECONDS 86400 /* how long it is kept after its question */

/* Creates missing tables; an earlier version of this program had fewer. */
MUST_CHECK enum err private_create(struct db *db);
/* Stores the network that the question `feedback` came from, in the question's own transaction. */
MUST_CHECK enum err private_note_network(
	struct tx *tx, const char *feedback, const void *network, size_t len);
/* Erases networks older than a day, and keys without a hash left. */
MUST_CHECK enum err private_expire(struct tx *tx);
/* Stores the sealed address of the sender of `feedback`. */
MUST_CHECK enum err private_keep_contact(
	struct tx *tx, const char *feedback, const void *sealed, size_t len);
/* Is there one? */
MUST_CHECK enum err private_has_contact(
	const struct snapshot *snap, const char *feedback, bool *out);
/* Seals every address again, in one transaction on a database that no other process has open.
 * `anew` leaves `sealed` empty to keep an address as it is. */
MUST_CHECK enum err private_reseal(struct db *db,
	enum err (*anew)(void *arg, const void *box, size_t len, struct buf *sealed), void *arg);
/* Erases the addresses of questions older than `before`. */
MUST_CHECK enum err private_expire_contacts(struct tx *tx, const char *before);
/* Erases all data kept for a day only, because a backup is kept for longer. */
MUST_CHECK enum err private_strip(struct db *db);
