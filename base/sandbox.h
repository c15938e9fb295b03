/* sandbox.h - the only door to libseccomp and Landlock: what a process gives up permanently. */
#pragma once
#include "base/err.h"

/* Disables core dumps and debuggers, and ends the process with its parent. For a process that is
 * about to read a secret. */
void sandbox_private(void);
/* Denies all capabilities to the programs that this process will start. Needs root: call it before
 * changing to another user. */
void sandbox_bound(void);
/* From here on the process can only compute, use the files it has open, and end: no other file
 * (Landlock, if the kernel has it), no socket, no program (seccomp). A forbidden call fails with
 * EPERM. ERR_SYSTEM if the kernel has no seccomp. */
MUST_CHECK enum err sandbox_lock(void);

enum sandbox_may {
	SANDBOX_READ = 1, /* a file, or all files under a folder */
	SANDBOX_WRITE = 2,
	SANDBOX_RUN = 8, /* a program, or a program loader */
	SANDBOX_MAKE =
		4, /* in a folder: list it, make and remove files and sockets, but read none */
};
struct sandbox_path {
	const char *path; /* ignored if it does not exist */
	unsigned may;
};
/* Abilities of a long-running process besides reading and writing files. */
enum sandbox_does {
	SANDBOX_LISTENS = 1,  /* it has threads and accepts connections */
	SANDBOX_CONNECTS = 2, /* it connects to other machines */
	SANDBOX_STARTS = 4,   /* it starts our own programs */
	SANDBOX_RENAMES = 8,  /* it replaces files by renaming */
	SANDBOX_KILLS = 16,   /* it must be able to kill its children on every kernel */
};
#define SANDBOX_PORTS 160
struct sandbox_ports {
	size_t n;
	uint16_t port[SANDBOX_PORTS]; /* 0 when listening: any free port */
};
struct sandbox {
	const struct sandbox_path *paths; /* NULL: every file that the user may open */
	size_t paths_n;
	unsigned does;                          /* bits of enum sandbox_does */
	struct sandbox_ports listens, connects; /* TCP */
};
/* The restrictions that the kernel and this build enforce. */
enum sandbox_holds {
	SANDBOX_FILES = 1,   /* Landlock, Linux 5.13 */
	SANDBOX_TCP = 2,     /* ports: Landlock, Linux 6.7 */
	SANDBOX_SIGNALS = 4, /* signals to its own processes only: Landlock, Linux 6.12; on older
	                        kernels to itself only */
	SANDBOX_CALLS = 8, /* seccomp; not in a sanitizer build, whose runtime makes other calls */
};
/* From here on this thread, and whatever it starts, has no capabilities, opens only the given
 * files, runs only the given programs, reaches only the given TCP ports and no Unix socket, and
 * makes only the system calls of its kind of process. Any other call fails with ENOSYS, so that a
 * library falls back as on an older kernel instead of crashing the server when a new version makes
 * a new call. Open descriptors stay open. Call it before any thread starts. `*holds`: bits of enum
 * sandbox_holds. */
MUST_CHECK enum err sandbox_enter(const struct sandbox *s, unsigned *holds);
