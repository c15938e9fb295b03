/* figures.h - the figures that departments reported on their systems (kpi.reported), grouped by
 * indicator and sorted by period. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

/* [{"indicator": {…}, "figures": [{"period", "value", "unit", "target"?, "aim"?, "note"?, "at":
 * when it was reported, "entry", "department", "earlier": earlier reports for the period, latest
 * first, with the same members except "earlier"}…]}…], indicators in the order of their first
 * reports, periods in order of time. Reports have the same indicator if its names are equal in some
 * language; the latest report names it. Reports whose content was erased are left out. `before`, a
 * time text: as of then; NULL: as of now. */
MUST_CHECK enum err figures_of(
	const struct snapshot *snap, const char *slug, const char *before, json_t **out);
/* [{"system"}…]: the slugs of systems with reports. */
MUST_CHECK enum err figures_systems(const struct snapshot *snap, json_t **out);
