/* copied_view.h - the fields of a new record that are still those of the system from which its
 * draft began, for the department and for who reviews the filing. */
#pragma once
#include "web/office/office.h"

struct copied {
	const char *system; /* the other one; "": none */
	int64_t version;    /* its version that was copied */
	const json_t *record;
	/* The address of a field's input or text, or NULL; the caller of it frees. */
	char *(*href)(const void *where, const char *field);
	const void *where;
};
/* {"of", "name": {"text", …}, "same": n, "all": n, "fields": [{"label", "href"}…]} with the numbers
 * as view_number(); null if nothing is the same. */
MUST_CHECK enum err copied_view(const struct request *rq, const struct copied *c, json_t **out);
