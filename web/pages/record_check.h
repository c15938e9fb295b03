/* record_check.h - checks a record against the standard and the policies in force, without filing
 * it. */
#pragma once
#include "web/view/request.h"

/* Adds to the array `problems` as standard_check() does; OK even if there are problems. */
MUST_CHECK enum err record_check_standard(
	const struct request *rq, const json_t *record, json_t *problems);
/* Also adds those of judgement_check(). `*judgement` is the policies' judgement of the record, null
 * if it cannot be judged. The server runs one at a time, for some milliseconds each. */
MUST_CHECK enum err record_check(
	struct request *rq, const json_t *record, json_t *problems, json_t **judgement);
