/* export.h - the whole register through a profile, one system at a time: memory holds one
 * record, however many there are. Sorted by slug, and nothing of the clock in it: the same state
 * gives the same bytes. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "registry/profile/profile.h"

#include <stdatomic.h>
#include <stdio.h>

struct export_wish {
	const char *base;   /* the register's address for readers, without a slash at the end */
	const char *lang;   /* of texts; NULL: as the profile says, which may be all */
	const char *before; /* a time text: as it was then; NULL: as it is */
	const atomic_bool *stop; /* once true, it ends with ERR_BUSY; may be NULL */
};
/* Days are those of the process's zone (settings_use_zone()).
 * Reads the one state that `snap` stands on. Writes the document to `out` and, as one JSON object,
 * what became of each system of which there is something to tell to `report` (may be NULL):
 *
 *     {"profile", "lang"?, "origin", "entries", "at", "systems": [
 *      {"system": slug, "lost": [{"field", "why": {ko, en}}…]},
 *      {"system": slug, "skip": {ko, en}},
 *      {"system": slug, "failed": "export.jq: …"}],
 *      "counts": {"systems", "exported", "lossy", "skipped", "failed"},
 *      "lost": {field: systems…}}
 *
 * `*summary` is its last two members, with "skips": [{"why": {ko, en}, "systems": n}…]. A system
 * that the profile's program fails on is told as failed, and the others go on. ERR_SYSTEM where
 * a file cannot be written. */
MUST_CHECK enum err export_run(const struct snapshot *snap, struct profile *profile,
	const struct export_wish *wish, FILE *out, FILE *report, json_t **summary);
