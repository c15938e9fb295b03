/* sandbox.h - the only door to libseccomp and Landlock: what a process gives up for good. */
#pragma once
#include "base/err.h"

/* No dumps and no debugger; ends with its parent. For a process that is about to read a secret. */
void sandbox_private(void);
/* From here on the process computes, reads and writes the files it has open, and ends: no
 * other file (Landlock, where the kernel has it), no socket, no program (seccomp). What is
 * forbidden fails with EPERM. ERR_SYSTEM where the kernel has no seccomp. */
MUST_CHECK enum err sandbox_lock(void);
