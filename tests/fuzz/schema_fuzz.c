/* Any bytes as a schema and a value, on separate lines: a schema that loads must accept or reject
 * the value, with the same result twice, and within its steps. */
#include "base/json_schema.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* true and false are swapped by "not". */
static void not_is_the_opposite(const json_t *json, const json_t *value, bool holds)
{
	json_auto_t *turned = json_make("{s:O}", "not", json);
	struct schema *s = NULL;
	bool opposite = holds;

	/* References to "#", and keywords allowed only at the top, mean something else inside. */
	if (schema_load(turned, &s) == OK && schema_check(s, value, &opposite) == OK &&
		!json_object_get(json, "$ref") && !json_object_get(json, "$defs") &&
		json_is_object(json) && json_object_size(json) == 1 &&
		!json_is_object(json_object_iter_value(json_object_iter((json_t *)json))) &&
		!json_is_array(json_object_iter_value(json_object_iter((json_t *)json))))
		must(opposite == !holds);
	schema_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data, *end = memchr(text, '\n', len);
	json_t *json = NULL, *value = NULL;
	struct schema *s = NULL;
	bool once = false, twice = true;

	if (!end)
		return 0;
	if (json_read(text, (size_t)(end - text), 64 * KIB, RULES_LOOSE, &json) == OK &&
		json_read(end + 1, len - (size_t)(end + 1 - text), 64 * KIB, RULES_LOOSE, &value) ==
			OK &&
		schema_load(json, &s) == OK && schema_check(s, value, &once) == OK) {
		must(schema_check(s, value, &twice) == OK && once == twice);
		not_is_the_opposite(json, value, once);
	}
	schema_free(s);
	json_decref(json);
	json_decref(value);
	return 0;
}
