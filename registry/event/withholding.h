/* withholding.h - the published list of reasons for withholding a question
 * (policies/withholding.json). It is data of this program, shown to everyone.
 *
 * An entry names a reason only by its code, so codes are permanent: an unused one keeps its row,
 * and a reason with a new meaning gets a new code. */
#pragma once
#include "base/json.h"

/* [{"code", "title": {…}, "about": {…}, "basis": {…}}…], in the order of the list; borrowed. */
const json_t *withholding_reasons(void);
/* The reason with this code, or NULL. */
const json_t *withholding_reason(const char *code);
/* All codes, separated by commas, for an error; the caller frees. */
char *withholding_codes(void);
