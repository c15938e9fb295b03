/* scrub.h - reads the register again, slowly, all the time, so that a disk that forgets is found
 * out while a good copy is still at hand, and not when somebody asks for a proof.
 *
 * One pass: every entry against its leaf hash, every full tile against the hash above it, all
 * tiles against the signed root, every content against its SHA-256. It reads what readers see,
 * some things a second, and goes on with what comes while it runs. How far it is and what it found
 * is in reg_health(). It is not a verification: gaya verify also checks rules and signatures. */
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
