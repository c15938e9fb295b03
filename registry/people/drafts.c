#include "registry/people/drafts.h"

#include "registry/query/desk.h"
#include "registry/query/query.h"

#include <string.h>

static const char *const filed_outcomes[] = {"waiting", "published"};

/* One of these outcomes, or NULL; NULL also if the filing's record is another, or erased. */
static const char *outcome_of(
	const struct snapshot *snap, const json_t *filing, const json_t *record)
{
	json_auto_t *filed = NULL;

	for (size_t i = 0; i < COUNT(filed_outcomes); i++) {
		if (strcmp(json_str(filing, "outcome"), filed_outcomes[i]) != 0)
			continue;
		if (desk_filed(snap, json_num(filing, "entry"), &filed) == OK &&
			json_equal(json_object_get(filed, "record"), record))
			return filed_outcomes[i];
	}
	return NULL;
}

const char *draft_filed(const struct snapshot *snap, const char *system, const json_t *record)
{
	json_auto_t *filing = NULL;

	return query_latest_filing(snap, system, &filing) == OK ? outcome_of(snap, filing, record)
	                                                        : NULL;
}

static void put_filing(const struct snapshot *snap, json_t *draft)
{
	const char *outcome = NULL;
	json_t *filing = NULL;

	if (query_latest_filing(snap, json_str(draft, "system"), &filing) == OK)
		outcome = outcome_of(snap, filing, json_object_get(draft, "record"));
	json_put(draft, "filing", filing ? filing : json_null());
	json_put(draft, "filed", json_boolean(outcome != NULL));
}

enum err drafts_list(
	const struct snapshot *snap, struct people *p, const char *department, json_t **out)
{
	TRY(draft_list(p, department, -1, out));
	json_each (*out, draft)
		put_filing(snap, draft);
	return OK;
}

enum err drafts_in_work(
	const struct snapshot *snap, struct people *p, const char *department, json_t **out)
{
	json_auto_t *all = NULL;

	TRY(drafts_list(snap, p, department, &all));
	*out = json_array();
	json_each (all, draft)
		if (!json_is_true(json_object_get(draft, "filed")))
			json_push(*out, json_incref(draft));
	return OK;
}

bool draft_row_is_over(const json_t *draft)
{
	return json_is_true(json_object_get(draft, "filed")) &&
	       strcmp(json_str(json_object_get(draft, "filing"), "outcome"), "published") == 0;
}

enum err drafts_make_room(const struct snapshot *snap, struct people *p, const char *department)
{
	json_auto_t *all = NULL;

	TRY(drafts_list(snap, p, department, &all));
	json_each (all, draft) {
		enum err e = OK;

		if (draft_row_is_over(draft))
			e = draft_discard(
				p, department, json_str(draft, "id"), json_num(draft, "revision"));
		if (e != ERR_NOT_FOUND && e != ERR_CONFLICT) /* somebody was faster */
			TRY(e);
	}
	return OK;
}
