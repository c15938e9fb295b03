/* Any bytes as the file of a standard: it loads, or is refused with a line. A standard that loads
 * gives a JSON Schema, and may follow itself. */
#include "base/json_schema.h"
#include "registry/standard/standard.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void schema_loads(const struct standard *s)
{
	json_t *json = standard_schema(s);
	struct schema *schema = NULL;

	must(schema_load(json, &schema) == OK);
	schema_free(schema);
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	AUTOFREE char *text = mem_bytes(data, len);
	struct standard *s = NULL;
	enum err e = standard_load_named("f", text, len, &s);

	if (e == OK) {
		schema_loads(s);
		must(standard_follows(s, s) == OK);
	} else {
		must(e != ERR_INVALID || strncmp(err_why(), "f: ", 3) == 0);
	}
	standard_free(s);
	return 0;
}
