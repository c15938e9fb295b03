/* lists_kept.h - parts of pages that only an entry of the log can change: made once for a state of
 * the register and a language, and shared by all pages until the log grows. Nobody may change them.
 */
#pragma once
#include "web/view/request.h"

struct lists_kept;
struct lists_kept *lists_kept_new(void);
void lists_kept_free(struct lists_kept *kept);
/* Returns a new reference to an object with these, or null if the register cannot be read:
 * - "departments": choices for a filter, [{"value": slug, "label": {…}, "selected": false}…]
 * - "department_names": {slug: its name as view_text() gives it}
 * - "statuses", "risks": part_choices() without a selected one
 * - "status", "risk": {value: what part_value() gives}
 * - "register": what the frame says of the register */
json_t *lists_kept(const struct request *rq);
