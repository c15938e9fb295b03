/* key_rotate.h - `gaya key rotate`: changes the log's own key in two steps. */
#pragma once
#include "base/err.h"

/* Arguments as getopt left them: `argv[0]` is "rotate". */
MUST_CHECK enum err key_rotate(int argc, char **argv, const char *dir, bool early, bool json);
