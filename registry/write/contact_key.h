/* contact_key.h - the key that citizens' e-mail addresses are sealed for.
 *
 * A server needs only the public half (REG_CONTACT_PUBLIC). REG_CONTACT_KEY holds the pair, as two
 * lines sealed by key_file.h; during a change, the new pair followed by the old one. The office may
 * keep that file on another machine. */
#pragma once
#include "base/buf.h"
#include "base/env.h"

/* Makes the first pair of a new register. ERR_CONFLICT if there is one. */
MUST_CHECK enum err contact_key_create(const char *dir, const struct buf *passphrase);
/* Opens a sealed address with any pair of the file; the caller wipes `out`. */
MUST_CHECK enum err contact_key_open(const char *dir, const struct buf *passphrase, const void *box,
	size_t len, struct buf *out);

struct contact_change {
	const char *dir;
	const struct buf *passphrase; /* opens the old pair, and seals the new one */
	bool lost; /* the pair of REG_CONTACT_PUBLIC is lost: addresses sealed with it stay closed
	            */
	uint64_t sealed, closed; /* output: addresses sealed again; addresses that no pair opens */
};
/* Makes a new pair, seals every address for it, and forgets the old one. After a crash at any step
 * each address still opens, and the same call continues from there. ERR_BUSY while a process has
 * the register open; ERR_NOT_FOUND if the pair is missing, ERR_CONFLICT if it is not the matching
 * one. */
MUST_CHECK enum err contact_key_change(struct contact_change *c, const struct env *env);
