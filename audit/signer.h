/* signer.h - requests the log's signatures from a separate process, or from a keyholder in this
 * one.
 *
 * If the process has died, the next request starts it again but fails with ERR_BUSY. Nothing is
 * lost: the writer asks again for the unsigned tree. */
#pragma once
#include "audit/key_statement.h"

struct signer;
/* `program`: started as `<program> signer <key> <mark>`, holding the key in its own memory. NULL:
 * the key is held in this process, for tests and short commands. */
MUST_CHECK enum err signer_start(
	const char *program, const char *key_path, const char *mark_path, struct signer **out);
void signer_stop(struct signer *s);
/* The keys that it signs with, the oldest first; valid until it starts again. */
const struct log_keys *signer_keys(const struct signer *s);
/* Starts it again with the keys now in the key file. ERR_BUSY if it does not start. */
MUST_CHECK enum err signer_reload(struct signer *s);
/* Starts the process again if it died. This may move the mark, because the process may have signed
 * a tree and died before it answered. ERR_BUSY if it does not start. */
MUST_CHECK enum err signer_ready(struct signer *s);
/* The largest signed tree. */
const struct checkpoint *signer_mark(const struct signer *s);
/* Like keyholder_sign(); ERR_BUSY if the signer is not available. */
MUST_CHECK enum err signer_sign(struct signer *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note);
/* How often its process was started; 0 without a process. */
unsigned signer_starts(const struct signer *s);
