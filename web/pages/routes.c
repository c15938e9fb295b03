/* The table of all addresses: the rows of routes.def. */
#include "web/pages/pages.h"

/* The longest text of a form has 4,000 characters: 16,000 bytes, and three times that encoded. */
#define FORM_MAX (64 * KIB)
/* A record of 256 KiB, escaped once more as JSON, and the entry. */
#define EVENT_MAX (2 * MIB)
/* A record of 256 KiB, with room for one that is refused as too long. */
#define RECORD_MAX MIB
/* A step of a draft's form: a record of 256 KiB, encoded, with room for one that is too long. */
#define DRAFT_MAX (2 * MIB)
/* A file of rows (IMPORT_FILE_MAX of web/office/import_plan.h), plain or in base64, with room for
 * one that is too long. */
#define IMPORT_MAX (4 * MIB)
/* A supplier's answer (registry/people/supplier.h), encoded, and a file about the model
 * (web/office/model_card.h), with room for ones that are too long. */
#define SUPPLIER_MAX (2 * MIB)
#define LIST_MAX 500 /* most entries in one answer of the API */

/* clang-format off */
#define QUERY(...) ((const struct query_param[]){__VA_ARGS__, {0}})
#define FILTERS {"q", QUERY_WORDS}, {"department", QUERY_DEPARTMENT}, {"status", QUERY_STATUS}, \
	{"risk", QUERY_RISK}, {"review", QUERY_DEADLINE}, {"duty", QUERY_DEADLINE}
static const struct query_param passed_on[] = {{"*", QUERY_ANYTHING}, {0}};
#define OF_LIST {"offset", QUERY_OFFSET}, {"limit", QUERY_NUMBER, LIST_MAX}
static const struct query_param list[] = {FILTERS, {"page", QUERY_NUMBER}, {0}};
static const struct query_param api_list[] = {FILTERS, {"due_from", QUERY_DAY}, {"due_before", QUERY_DAY},
	OF_LIST, {0}};
/* clang-format on */

#define ROUTE(method, path, keep, body_max, answer, ...) \
	{method, path, keep, body_max, answer, ##__VA_ARGS__},
const struct route routes[] = {
#include "web/pages/routes.def"
};
const size_t routes_n = COUNT(routes);
