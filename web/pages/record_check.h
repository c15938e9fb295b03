/* record_check.h - a record held to the standard and to the policies in force, without filing it.
 */
#pragma once
#include "web/view/request.h"

/* Adds to `problems`, an array, as standard_check() does; OK whatever it finds. */
MUST_CHECK enum err record_check_standard(
	const struct request *rq, const json_t *record, json_t *problems);
/* The same, and as judgement_check() does. `*judgement` is what the policies say of it, null where
 * it cannot be judged as it is. One at a time in this server: some milliseconds each. */
MUST_CHECK enum err record_check(
	struct request *rq, const json_t *record, json_t *problems, json_t **judgement);
