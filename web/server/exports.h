/* exports.h - the whole register as files to download, /data/…: one for each export profile, and
 * one that reports its losses.
 *
 * A file may be many megabytes and takes seconds to make, so no page's thread makes it. One thread
 * makes them one after the other. All requests for a file that was never made wait for the same
 * build, which comes before those that nobody waits for. The thread reads through its own
 * connection (registry/write/checkpointed.h), so neither the writer nor the readers of pages wait
 * for it.
 *
 * Once a file has been requested, each change of the register rebuilds it at low priority, with a
 * pause of twenty times the build time between builds, so a file takes at most a twentieth of one
 * processor. Until then the old file is served, with its date (Last-Modified). Files are plain and
 * gzip, in a folder of the register (export_files.h): a start serves those of before until it has
 * made them again. Memory holds one record. The kernel sends answers from those files.
 *
 * A build costs about as much as `gaya export`, plus one more read for the tag and gzip. */
#pragma once
#include "web/server/server.h"

struct exports;
/* Starts the thread for the built-in profiles and those of `folders` (NULL-ended; may be NULL).
 * `pause_ms`: between two builds of a file; 0: by the build time. ERR_INVALID for a folder that is
 * not an export profile, or for a duplicate file name. */
MUST_CHECK enum err exports_start(
	struct web *web, const char *const *folders, int64_t pause_ms, struct exports **out);
/* Ends the current build and releases waiting requests; later requests are closed. Call it before
 * the daemon ends, and exports_free() after. `s` may be NULL. */
void exports_stop(struct exports *s);
void exports_free(struct exports *s);
/* Marks all files as outdated. Never blocks for long; `s` may be NULL. */
void exports_changed(struct exports *s);

enum export_sent {
	EXPORT_SENT,   /* the answer is being sent */
	EXPORT_SAME,   /* the client has it: x->response.etag identifies it */
	EXPORT_WAITS,  /* the connection sleeps, and the request comes back here */
	EXPORT_NONE,   /* there is no such file */
	EXPORT_FAILED, /* it cannot be made now */
	EXPORT_ENDS    /* the server is stopping */
};
enum export_sent exports_send(
	struct exports *s, struct exchange *x, const char *none_match, bool gzip);
