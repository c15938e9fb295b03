/* stated.c - values stated by a supplier, until the department makes them its own. */
#include "registry/standard/check_parts.h"

#include <string.h>

static bool is_of(const json_t *entry, const char *field)
{
	const char *name = json_str(entry, "field");

	return name && strcmp(name, field) == 0;
}

const json_t *standard_stated(const json_t *record, const char *field)
{
	json_each (json_object_get(record, FIELD_STATED), entry) {
		if (is_of(entry, field))
			return entry;
	}
	return NULL;
}

void standard_own(json_t *record, const char *field)
{
	json_t *left;

	if (!standard_stated(record, field))
		return;
	left = json_array();
	json_each (json_object_get(record, FIELD_STATED), entry) {
		if (!is_of(entry, field))
			json_push(left, json_incref(entry));
	}
	if (json_array_size(left)) {
		json_put(record, FIELD_STATED, left);
	} else {
		json_object_del(record, FIELD_STATED);
		json_decref(left);
	}
}

void standard_state(json_t *record, const char *field, const char *supplier, const char *date)
{
	json_t *list, *entry = json_make("{s:s, s:s}", "field", field, "supplier", supplier);

	standard_own(record, field);
	list = json_object_get(record, FIELD_STATED);
	list = json_is_array(list) ? json_copy(list) : json_array();
	if (date)
		json_put(entry, "date", json_text(date));
	json_push(list, entry);
	json_put(record, FIELD_STATED, list);
}

/* An entry for an unknown field would have no effect, and nobody would notice. */
void check_stated(struct check *c, const json_t *record)
{
	const struct record_path stated = {.name = FIELD_STATED};

	json_each_at (json_object_get(record, FIELD_STATED), i, entry) {
		const struct record_path item = {.up = &stated, .index = i},
					 at = {.up = &item, .name = "field"};
		const char *name = json_str(entry, "field");
		const struct field *f = name ? standard_field(c->standard, name) : NULL;

		if (name && (!f || f->automatic))
			problem(c, &at, "stated_unknown", got_text(name));
	}
}
