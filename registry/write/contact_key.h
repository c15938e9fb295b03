/* contact_key.h - the key that citizens' e-mail addresses are sealed for.
 *
 * Its public half (REG_CONTACT_PUBLIC) is all that a server needs. REG_CONTACT_KEY has the pair,
 * two lines as key_file.h seals them; while it is changed the new pair and then the old one. The
 * office may keep that file on another machine. */
#pragma once
#include "base/buf.h"
#include "base/env.h"

/* Makes the first pair, of a new register. ERR_CONFLICT where there is one. */
MUST_CHECK enum err contact_key_create(const char *dir, const struct buf *passphrase);
/* Opens a sealed address by whichever pair the file has; the caller wipes `out`. */
MUST_CHECK enum err contact_key_open(const char *dir, const struct buf *passphrase, const void *box,
	size_t len, struct buf *out);

struct contact_change {
	const char *dir;
	const struct buf *passphrase; /* opens the old pair, and seals the new one */
	bool lost; /* nobody has the pair of REG_CONTACT_PUBLIC: what it sealed stays closed */
	uint64_t sealed, closed; /* given: addresses that are sealed anew; that no pair opens */
};
/* Makes a new pair, seals every address for it, and forgets the old one. After a crash at any step
 * each address opens as ever, and the same call goes on from there. ERR_BUSY while a process has
 * the register open; ERR_NOT_FOUND, ERR_CONFLICT where the pair is not there, or is not the one. */
MUST_CHECK enum err contact_key_change(struct contact_change *c, const struct env *env);
