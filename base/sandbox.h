/* sandbox.h - the only door to libseccomp and Landlock: what a process gives up for good. */
#pragma once
#include "base/err.h"

/* No dumps and no debugger; ends with its parent. For a process that is about to read a secret. */
void sandbox_private(void);
/* No capability ever for what this process will start. Only while it has root's power can it say
 * so: before it changes to another user. */
void sandbox_bound(void);
/* No capability, and none to be had again: a process started by root keeps root's files and nothing
 * more of its power. */
void sandbox_powerless(void);
/* From here on the process computes, reads and writes the files it has open, and ends: no
 * other file (Landlock, where the kernel has it), no socket, no program (seccomp). What is
 * forbidden fails with EPERM. ERR_SYSTEM where the kernel has no seccomp. */
MUST_CHECK enum err sandbox_lock(void);

enum sandbox_may {
	SANDBOX_READ = 1, /* a file, or all files under a folder */
	SANDBOX_WRITE = 2,
	SANDBOX_RUN = 8,  /* a program, or what loads programs */
	SANDBOX_MAKE = 4, /* in a folder: list it, make and remove files and sockets; read none */
};
struct sandbox_path {
	const char *path; /* passed over where there is none */
	unsigned may;
};
/* What a process does that runs for long, besides reading and writing files. */
enum sandbox_does {
	SANDBOX_LISTENS = 1,  /* it has threads, and serves */
	SANDBOX_CONNECTS = 2, /* it asks other machines */
	SANDBOX_STARTS = 4,   /* it starts programs of ours */
	SANDBOX_RENAMES = 8,  /* it puts new files in the place of old ones */
	SANDBOX_KILLS = 16,   /* it must be able to end what it started on every kernel */
};
#define SANDBOX_PORTS 160
struct sandbox_ports {
	size_t n;
	uint16_t port[SANDBOX_PORTS]; /* 0, to listen: any that is free */
};
struct sandbox {
	const struct sandbox_path *paths; /* NULL: every file that the user may open */
	size_t paths_n;
	unsigned does;                          /* of enum sandbox_does */
	struct sandbox_ports listens, connects; /* TCP */
};
/* What the kernel and this build enforce. */
enum sandbox_holds {
	SANDBOX_FILES = 1, /* Landlock, Linux 5.13 */
	SANDBOX_TCP = 2,   /* ports: Landlock, Linux 6.7 */
	SANDBOX_SIGNALS =
		4, /* to its own processes only: Landlock, Linux 6.12. Before: to itself only */
	SANDBOX_CALLS =
		8, /* seccomp; not in a build with a sanitizer, which makes calls of its own */
};
/* From here on this thread, and whatever it starts, has no capability, opens no file but these,
 * runs no program but those, reaches no other TCP port, no Unix socket, and makes no system call
 * that a process of its kind does not make. Another call fails with ENOSYS, so that libraries do
 * without it as they do on an older kernel: a server that dies of a call which a new version of a
 * library makes would help nobody. What is open stays open. Call it before any thread starts.
 * `*holds`: of enum sandbox_holds. */
MUST_CHECK enum err sandbox_enter(const struct sandbox *s, unsigned *holds);
