/* figures.h - what departments reported of their systems (kpi.reported), put together: by
 * indicator, in the order of periods. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

/* [{"indicator": {…}, "figures": [{"period", "value", "unit", "target"?, "aim"?, "note"?,
 * "at": when it was reported, "entry", "department", "earlier": what was reported of the period
 * before, the latest first, each with these members but for its own "earlier"}…]}…], indicators
 * in the order of their first reports, periods as they lie in time. Reports name the same indicator
 * where their names are equal in a language; the latest names it. A report whose content was erased
 * says nothing. `before`, a time text: as it was then; NULL: as it is. */
MUST_CHECK enum err figures_of(
	const struct snapshot *snap, const char *slug, const char *before, json_t **out);
/* [{"system"}…]: those of which something was reported, by their names in addresses. */
MUST_CHECK enum err figures_systems(const struct snapshot *snap, json_t **out);
