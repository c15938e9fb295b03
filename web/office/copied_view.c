#include "web/office/copied_view.h"

#include "registry/query/query.h"
#include "web/view/view.h"

static json_t *fields_view(
	const struct request *rq, const struct copied *c, const json_t *source, int64_t *all)
{
	size_t n;
	const struct field *fields = standard_fields(rq->standard, &n);
	json_t *list = json_array();

	*all = 0;
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_object_get(c->record, fields[i].name);
		AUTOFREE char *href = NULL;

		if (fields[i].automatic || !value)
			continue;
		++*all;
		if (!json_equal(value, json_object_get(source, fields[i].name)))
			continue;
		href = c->href(c->where, fields[i].name);
		json_push(list, json_make("{s:o, s:s?}", "label",
					view_text(rq, json_object_get(fields[i].json, "label")),
					"href", href));
	}
	return list;
}

enum err copied_view(const struct request *rq, const struct copied *c, json_t **out)
{
	json_auto_t *version = NULL, *list = NULL;
	const json_t *source;
	int64_t all;
	enum err e = *c->system ? query_version(rq->snap, c->system, c->version, &version)
	                        : ERR_NOT_FOUND;

	if (e != ERR_NOT_FOUND)
		TRY(e);
	*out = json_null();
	source = json_object_get(version, "record");
	if (!json_is_object(source))
		return OK;
	list = fields_view(rq, c, source, &all);
	if (!json_array_size(list))
		return OK;
	*out = json_make("{s:s, s:o, s:o, s:o, s:O}", "of", c->system, "name",
		office_name(rq, json_object_get(source, "name"), c->system), "same",
		view_number((int64_t)json_array_size(list)), "all", view_number(all), "fields",
		list);
	return OK;
}
