/* rejudge.h - a thread that judges records again after the policies changed, a few at a time, while
 * the server answers. `gaya policy adopt` does the same work while people watch; this thread
 * continues what that left, and after a crash. */
#pragma once
#include "registry/write/register.h"

struct rejudge;
/* `reg` must outlive it. The thread calls `trouble` to report failures. */
MUST_CHECK enum err rejudge_start(
	struct reg *reg, void (*trouble)(const char *why), struct rejudge **out);
void rejudge_stop(struct rejudge *r);
