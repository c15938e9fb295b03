/* sandbox.h - the only door to libseccomp and Landlock: what a process gives up for good. */
#pragma once
#include "base/err.h"

/* No dumps and no debugger; ends with its parent. For a process that is about to read a secret. */
void sandbox_private(void);
/* From here on the process computes, reads and writes the files it has open, and ends: no
 * other file (Landlock, where the kernel has it), no socket, no program (seccomp). What is
 * forbidden fails with EPERM. ERR_SYSTEM where the kernel has no seccomp. */
MUST_CHECK enum err sandbox_lock(void);

enum sandbox_may {
	SANDBOX_READ = 1, /* a file, or all files under a folder */
	SANDBOX_WRITE = 2,
	SANDBOX_RUN = 8, /* a program, or what loads programs */
	SANDBOX_MAKE = 4, /* in a folder: list it, make and remove files and sockets; read none */
};
struct sandbox_path {
	const char *path; /* passed over where there is none */
	unsigned may;
};
/* From here on this thread, and whatever it starts, opens no file but these, and runs no program but
 * those (Landlock). What is open stays open. `*enforced` is false where the kernel has no Landlock. */
MUST_CHECK enum err sandbox_files(const struct sandbox_path *paths, size_t n, bool *enforced);
