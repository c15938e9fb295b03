/* office_parts.h - what the files of the office's operations share. */
#pragma once
#include "registry/office.h"

/* Adds an event of the office; the reply gets its "entry". Takes over as tx_add() does. */
MUST_CHECK enum err office_add(struct tx *tx, struct draft draft, json_t *reply);
/* {"reason": …} of a request, for a content. */
json_t *office_reason(const json_t *request);

/* office_policy.c */
MUST_CHECK enum err office_policy_adopt(struct tx *tx, const json_t *request, json_t *reply);
MUST_CHECK enum err office_policy_retire(struct tx *tx, const json_t *request, json_t *reply);
/* Judges some of the records that other policies judged last; {"judged": n, "left": n}. */
MUST_CHECK enum err office_rejudge(struct tx *tx, const json_t *request, json_t *reply);
MUST_CHECK enum err office_policies(
	struct reg *reg, struct db *db, const json_t *request, json_t *reply);
/* Puts "judgement": what the policies in force say of a record; null where none is. */
MUST_CHECK enum err office_judge(struct db *db, const json_t *record, json_t *reply);
/* Puts "judged": the systems whose level or duties changed since they were published. */
MUST_CHECK enum err office_judged(struct db *db, json_t *reply);
