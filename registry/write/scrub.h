/* scrub.h - rereads the register slowly and continuously, so that a failing disk is noticed while a
 * good copy still exists, and not when a reader asks for a proof.
 *
 * One pass: every entry against its leaf hash, every full tile against the hash above it, all tiles
 * against the signed root, every content against its SHA-256. It reads the readers' state, a few
 * items a second, and includes entries added while it runs. reg_health() has its progress and
 * findings. It is not a verification: gaya verify also checks rules and signatures. */
#pragma once
#include "registry/write/register.h"

struct scrub;
struct scrub_options {
	unsigned things;   /* entries or contents between two pauses; 0: 32 */
	unsigned pause_ms; /* 0: a second */
	/* Called in the scrub's thread, once for each fault of a pass. */
	void (*fault)(void *arg, const char *why);
	void *arg;
};
/* `reg` must outlive it. */
MUST_CHECK enum err scrub_start(
	struct reg *reg, const struct scrub_options *options, struct scrub **out);
void scrub_stop(struct scrub *s);
