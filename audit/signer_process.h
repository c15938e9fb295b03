/* signer_process.h - the process that alone holds the log key.
 *
 * Started by signer.h with one end of a socket pair. It opens key and mark, gives up everything
 * else (sandbox.h), and answers the messages of signer_wire.h until the other end closes or
 * talks nonsense; after nonsense it waits for nothing more from that connection, and ends. */
#pragma once
#include "base/err.h"

/* `least`: the mark that who starts it knows of; with a smaller one it refuses. Never returns but
 * with an error before the first message; otherwise ends the process. */
MUST_CHECK enum err signer_process(
	int fd, const char *key_path, const char *mark_path, uint64_t least);
