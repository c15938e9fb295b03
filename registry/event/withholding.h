/* withholding.h - the published list of reasons why a question is not shown
 * (policies/withholding.json): data of this program, shown to everyone.
 *
 * An entry names a reason by its code alone, so codes stay for ever: one that is not used any more
 * keeps its row, and one that would come to mean something else gets another code. */
#pragma once
#include "base/json.h"

/* [{"code", "title": {…}, "about": {…}, "basis": {…}}…], in the order of the list; borrowed. */
const json_t *withholding_reasons(void);
/* The one of this code, or NULL. */
const json_t *withholding_reason(const char *code);
/* All codes, with commas between, for an error; the caller frees. */
char *withholding_codes(void);
