/* sig_pool.h - verifies Ed25519 signatures on all cores while the caller reads on in a log.
 *
 * The caller submits signatures in order, each with a place (an entry's index), and goes on. A
 * wrong signature is reported later, always the one at the first place, whichever thread found it.
 * One thread submits; it helps when the others do not keep up, so on one core it does all the work.
 * The queue is bounded. */
#pragma once
#include "audit/note.h"

struct sig_pool;
/* `cores`: the number to use, including the caller's; 0: all that this process may run on. */
struct sig_pool *sig_pool_new(unsigned cores);
void sig_pool_free(struct sig_pool *p);
/* Copies its arguments. Places must not decrease. */
void sig_pool_add(struct sig_pool *p, uint64_t place, const struct vkey *key, const void *msg,
	size_t len, const uint8_t sig[ED25519_SIG]);
/* Has a wrong signature been found so far? */
bool sig_pool_failed(struct sig_pool *p);
/* Waits until all are verified. ERR_FALSE, naming the key, if one is wrong; `*place` gets the first
 * such place. More may be added afterwards. */
MUST_CHECK enum err sig_pool_wait(struct sig_pool *p, uint64_t *place);
