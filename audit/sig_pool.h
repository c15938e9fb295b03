/* sig_pool.h - Ed25519 signatures verified on all cores, behind the back of who reads a log.
 *
 * The caller hands in what is to be verified, in order, each with a place (an entry's index), and
 * goes on; what is wrong shows later, and then it is the first place that is told, whichever
 * thread came to it first. One thread hands in; it helps where the others do not keep up, so on
 * one core it does all by itself. What waits is bounded. */
#pragma once
#include "audit/note.h"

struct sig_pool;
/* `cores`: to use, the caller's among them; 0: all that this process may run on. */
struct sig_pool *sig_pool_new(unsigned cores);
void sig_pool_free(struct sig_pool *p);
/* Copies what it needs. Places never get smaller. */
void sig_pool_add(struct sig_pool *p, uint64_t place, const struct vkey *key, const void *msg,
	size_t len, const uint8_t sig[ED25519_SIG]);
/* Whether a wrong one has been found so far. */
bool sig_pool_failed(struct sig_pool *p);
/* Waits until all are verified. ERR_FALSE, naming the key, where one is wrong; `*place` gets the
 * first such place. More may be handed in after it. */
MUST_CHECK enum err sig_pool_wait(struct sig_pool *p, uint64_t *place);
