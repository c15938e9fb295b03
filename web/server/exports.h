/* exports.h - the whole register as files to download, /data/…: one for each profile that
 * exports, and one with what it lost.
 *
 * A file may be many megabytes and takes seconds to make, so no page's thread makes it. One
 * thread does, one file after the other, at low priority: a request for a file that was never made
 * sleeps until it is; however many ask, they wait for one build. It reads through a connection of
 * its own (registry/write/checkpointed.h), so neither the writer nor the readers of pages wait for
 * it.
 *
 * Once somebody asked for a file, each change of the register has it made anew, but a pause of
 * twenty times what the build took lies between two builds: however often the register changes, a
 * file takes a twentieth of one processor at most. Meanwhile the old one is given out, with its
 * date (Last-Modified). Files are plain and gzip, without a name; memory holds one record. Requests
 * are answered by the kernel from those files.
 *
 * Cost of a build: about that of `gaya export`, once more reading for the tag and gzip. */
#pragma once
#include "web/server/server.h"

struct exports;
/* The program's own profiles, and those of the folders (NULL-ended; may be NULL). `pause_ms`:
 * between two builds of a file; 0: by what they take. Starts the thread. ERR_INVALID for a folder
 * that is no export profile, or a file's name that two have. */
MUST_CHECK enum err exports_start(
	struct web *web, const char *const *folders, int64_t pause_ms, struct exports **out);
/* Ends the build that is under way, and lets go of who waits; from then on requests are closed.
 * Before the daemon ends; exports_free() after it. `s` may be NULL. */
void exports_stop(struct exports *s);
void exports_free(struct exports *s);
/* What is there is old now. Never blocks for long; `s` may be NULL. */
void exports_changed(struct exports *s);

enum export_sent {
	EXPORT_SENT,   /* the answer is on its way */
	EXPORT_SAME,   /* the client has it: x->response.etag says which */
	EXPORT_WAITS,  /* the connection sleeps; the request comes back here */
	EXPORT_NONE,   /* there is no such file */
	EXPORT_FAILED, /* it cannot be made now */
	EXPORT_ENDS    /* the server stops */
};
enum export_sent exports_send(
	struct exports *s, struct exchange *x, const char *none_match, bool gzip);
