/* opening.h - answers in place of a server whose register is being opened.
 *
 * A register without a read model that this version can use makes it from the log first, which
 * takes a minute with 50,000 systems. Until then every request gets a 503 that says so, in Korean
 * and English, with how far it is and when to ask again. Nothing that is sent is kept. */
#pragma once
#include "base/err.h"

#include <stdint.h>

struct opening;
/* Calls `progress` ten times a second, in a thread of its own. Once that returns true, a read model
 * of `size` entries is being made, of which `folded` are done, and this listens on `listen`. It
 * does nothing about a port that is 0 or not available: the server's start reports that. */
MUST_CHECK enum err opening_start(const char *listen,
	bool (*progress)(uint64_t *folded, uint64_t *size), struct opening **out);
/* Closes the port, so that the server can have it. NULL: does nothing. */
void opening_end(struct opening *o);
