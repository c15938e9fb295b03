/* export.h - exports the whole register through a profile, one system at a time, so that memory
 * holds only one record. The output is sorted by slug and does not depend on the clock: the same
 * state gives the same bytes. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "registry/profile/profile.h"
#include "registry/profile/results.h"

#include <stdatomic.h>
#include <stdio.h>

struct export_wish {
	const char *base;   /* the register's address for readers, without a slash at the end */
	const char *lang;   /* of the texts; NULL: the profile decides, maybe all */
	const char *before; /* a time: exports the state at that time; NULL: the current state */
	/* Called before each part of the systems, when no statement is open: may exchange the read
	 * model for a copy of it (checkpointed_keep()). May be NULL. */
	enum err (*pause)(void *arg);
	void *arg;
	const atomic_bool *stop; /* once true, the export ends with ERR_BUSY; may be NULL */
	struct results *known;   /* results of an earlier export by this profile; may be NULL */
	struct results *results; /* receives this export's, before results_done(); may be NULL */
};
/* Days are those of the process's zone (settings_use_zone()). Reads the state of `snap`. Writes the
 * document to `out` and, to `report` (may be NULL), one JSON object with the systems that lost
 * something, were skipped or failed:
 *
 *     {"profile", "lang"?, "origin", "entries", "at", "systems": [
 *      {"system": slug, "lost": [{"field", "why": {ko, en}}…]},
 *      {"system": slug, "skip": {ko, en}},
 *      {"system": slug, "failed": "export.jq: …"}],
 *      "counts": {"systems", "exported", "lossy", "skipped", "failed"},
 *      "lost": {field: systems…}}
 *
 * `*summary` is its last two members, with "skips": [{"why": {ko, en}, "systems": n}…]. If the
 * profile's program fails on a system, the system is reported as failed and the export goes on.
 * ERR_SYSTEM if a file cannot be written. */
MUST_CHECK enum err export_run(const struct snapshot *snap, struct profile *profile,
	const struct export_wish *wish, FILE *out, FILE *report, json_t **summary);
