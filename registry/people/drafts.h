/* drafts.h - a department's drafts, and what became of them in the log.
 *
 * Filing changes no draft, because the log and people.db are two files. A draft is filed as long as
 * its record is that of its system's latest filing, which waits or was published. A return, or the
 * next change of either, makes it a draft in work again. */
#pragma once
#include "audit/store.h"
#include "registry/people/draft.h"

/* draft_list() of all, each with "filing": the latest of its system (query_latest_filing()), null
 * for none; "filed": bool. */
MUST_CHECK enum err drafts_list(
	const struct snapshot *snap, struct people *p, const char *department, json_t **out);
/* Was the draft of this row published unchanged? Then nobody needs it any more. */
bool draft_row_is_over(const json_t *row);
/* The same, only drafts in work. */
MUST_CHECK enum err drafts_in_work(
	const struct snapshot *snap, struct people *p, const char *department, json_t **out);
/* "waiting" or "published" if a draft with this record is filed, else NULL. */
const char *draft_filed(const struct snapshot *snap, const char *system, const json_t *record);
/* Discards drafts that were published unchanged: no list of drafts shows them, so they must not
 * count towards DRAFTS_MAX when there is no more room. */
MUST_CHECK enum err drafts_make_room(
	const struct snapshot *snap, struct people *p, const char *department);
