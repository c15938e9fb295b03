/* signer.h - asks for signatures of the log: of a process of its own, or of the keyholder in
 * this one.
 *
 * A process that died is started again by the next request; the request itself fails with
 * ERR_BUSY, and nothing is lost: the writer asks again for what is not signed yet. */
#pragma once
#include "audit/key_statement.h"

struct signer;
/* `program`: started as `<program> signer <key> <mark>`, holding the key in its own memory. NULL:
 * the key is held here, which tests do, and commands that end at once. */
MUST_CHECK enum err signer_start(
	const char *program, const char *key_path, const char *mark_path, struct signer **out);
void signer_stop(struct signer *s);
/* All that it signs with, the oldest first; good until it is started again. */
const struct log_keys *signer_keys(const struct signer *s);
/* Starts it again, with what the key file holds by now. ERR_BUSY when it does not start. */
MUST_CHECK enum err signer_reload(struct signer *s);
/* Starts the process again if it died, which may move the mark: it may have signed and not been
 * heard. ERR_BUSY when it does not start. */
MUST_CHECK enum err signer_ready(struct signer *s);
/* The largest tree that was signed. */
const struct checkpoint *signer_mark(const struct signer *s);
/* As keyholder_sign(); ERR_BUSY when the signer is away. */
MUST_CHECK enum err signer_sign(struct signer *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note);
/* How often its process was started; 0 where there is none. */
unsigned signer_starts(const struct signer *s);
