/* signer_process.h - the only process that holds the log key.
 *
 * signer.h starts it with one end of a socket pair. It opens key and mark, gives up everything else
 * (sandbox.h), and answers the messages of signer_wire.h until the other end closes. After a
 * malformed message it reads nothing more and ends. */
#pragma once
#include "base/err.h"

/* `least`: the mark that the starting process knows of; a smaller mark is refused. Returns only
 * with an error before the first message; otherwise it ends the process. */
MUST_CHECK enum err signer_process(
	int fd, const char *key_path, const char *mark_path, uint64_t least);
