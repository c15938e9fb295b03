#include "base/locked.h"
#include "registry/standard/standard_parts.h"
#include "registry/standard/type.h"

#include <stdlib.h>
#include <string.h>

/* --- fields --- */

/* If one value has a sentence that answers a citizen's question, all must: a page with "Yes. …" for
 * one system and "none" for another would seem to make two different statements. */
static enum err check_answers(const json_t *values, const char *place)
{
	const bool first = json_object_get(json_array_get(values, 0), "answer") != NULL;

	json_each (values, value)
		ENSURE((json_object_get(value, "answer") != NULL) == first, ERR_INVALID,
			"%s: either each value has an \"answer\" or none has; \"%.60s\" differs from the first",
			place, json_str(value, "value"));
	return OK;
}

static enum err check_values(const struct field *f, const char *place)
{
	const json_t *values = json_object_get(f->json, "values");
	char list[PLACE];

	ENSURE((f->type == TYPE_ENUM) == (values != NULL), ERR_INVALID,
		values ? "%s: only an enum has \"values\"" : "%s: an enum needs \"values\"", place);
	snprintf(list, sizeof(list), "%.150s.values", place);
	TRY(shape_check_list(values, VALUE, "value", list));
	return check_answers(values, list);
}

/* The common parts of fields, items and members. */
static enum err read_field(const json_t *json, const char *place, struct field *f)
{
	const char *type = json_str(json, "type");

	ENSURE(type_named(type, &f->type), ERR_INVALID, "%s: unknown type \"%.60s\"", place, type);
	f->name = json_str(json, "name");
	f->max = json_num(json, "max");
	f->json = json;
	f->required = json_object_get(json, "required");
	return check_values(f, place);
}

static enum err read_members(const char *place, struct field *item)
{
	const json_t *members = json_object_get(item->json, "members");
	char list[PLACE], at[PLACE];

	ENSURE((item->type == TYPE_OBJECT) == (members != NULL), ERR_INVALID,
		members ? "%s: only an object has \"members\"" : "%s: an object needs \"members\"",
		place);
	snprintf(list, sizeof(list), "%.150s.members", place);
	TRY(shape_check_list(members, MEMBER, "name", list));
	item->members_n = json_array_size(members);
	item->members = mem_new(item->members_n * sizeof(*item->members));
	for (size_t i = 0; i < item->members_n; i++) {
		struct field *m = &item->members[i];

		place_name(at, list, i, json_array_get(members, i));
		TRY(read_field(json_array_get(members, i), at, m));
		ENSURE(m->type < TYPE_LIST, ERR_INVALID, "%s: a member cannot be a list or object",
			at);
		ENSURE(!json_object_get(m->json, "past") || m->type == TYPE_DATE ||
				m->type == TYPE_MONTH,
			ERR_INVALID, "%s: only a date or a month can be \"past\"", at);
		m->group = item->group;
	}
	return OK;
}

static enum err read_item(const char *place, struct field *f)
{
	const json_t *item = json_object_get(f->json, "item");
	char at[PLACE];

	ENSURE((f->type == TYPE_LIST) == (item != NULL), ERR_INVALID,
		item ? "%s: only a list has an \"item\"" : "%s: a list needs an \"item\"", place);
	if (!item)
		return OK;
	snprintf(at, sizeof(at), "%.150s.item", place);
	TRY(shape_check(item, ITEM, at));
	f->item = mem_new(sizeof(*f->item));
	TRY(read_field(item, at, f->item));
	ENSURE(f->item->type != TYPE_LIST && f->item->type != TYPE_ASSESSMENTS, ERR_INVALID,
		"%s: an item cannot be a list", at);
	f->item->name = f->name;
	f->item->group = f->group;
	return read_members(at, f->item);
}

static bool has_group(const json_t *json, const char *name)
{
	const json_t *groups = json_object_get(json, "groups");

	for (size_t i = 0; i < json_array_size(groups); i++)
		if (strcmp(json_str(json_array_get(groups, i), "name"), name) == 0)
			return true;
	return false;
}

static enum err read_one(const struct standard *s, const char *place, struct field *f)
{
	TRY(read_field(f->json, place, f));
	ENSURE(f->type != TYPE_OBJECT, ERR_INVALID, "%s: only items of a list are objects", place);
	f->group = json_str(f->json, "group");
	f->automatic = json_is_true(json_object_get(f->json, "auto"));
	ENSURE(has_group(s->json, f->group), ERR_INVALID, "%s: unknown group \"%s\"", place,
		f->group);
	ENSURE(!f->automatic || json_is_false(f->required), ERR_INVALID,
		"%s: what the register fills in cannot be required", place);
	return read_item(place, f);
}

static bool has_value(const struct field *f, const char *value)
{
	const json_t *values = json_object_get(f->json, "values");

	for (size_t i = 0; i < json_array_size(values); i++)
		if (strcmp(json_str(json_array_get(values, i), "value"), value) == 0)
			return true;
	return false;
}

static enum err check_condition(
	const struct standard *s, const char *place, const char *name, const json_t *values)
{
	const struct field *f = standard_field(s, name);

	ENSURE(f && f->type == TYPE_ENUM, ERR_INVALID,
		"%s: \"required\" names \"%.60s\", which is no enum field", place, name);
	ENSURE(json_array_size(values) > 0, ERR_INVALID,
		"%s: \"required\" needs a list of values of %s", place, name);
	for (size_t i = 0; i < json_array_size(values); i++) {
		const char *value = json_string_value(json_array_get(values, i));

		ENSURE(value && has_value(f, value), ERR_INVALID,
			"%s: \"required\" names \"%.60s\", which is no value of %s", place,
			value ? value : err_text("(not a text)"), name);
	}
	return OK;
}

static enum err check_required(const struct standard *s, const char *place, const struct field *f)
{
	if (!json_is_object(f->required))
		return OK;
	json_members (f->required, name, values) {
		TRY(check_condition(s, place, name, values));
	}
	return OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct field *const *)a)->name, (*(struct field *const *)b)->name);
}

static enum err read_fields(struct standard *s)
{
	const json_t *fields = json_object_get(s->json, "fields");
	char place[PLACE];

	s->n = json_array_size(fields);
	s->fields = mem_new(s->n * sizeof(*s->fields));
	s->sorted = mem_new(s->n * sizeof(*s->sorted));
	for (size_t i = 0; i < s->n; i++) {
		s->fields[i].json = json_array_get(fields, i);
		s->sorted[i] = &s->fields[i];
		place_name(place, "fields", i, s->fields[i].json);
		TRY(read_one(s, place, &s->fields[i]));
	}
	qsort(s->sorted, s->n, sizeof(*s->sorted), by_name);
	for (size_t i = 0; i < s->n; i++) {
		place_name(place, "fields", i, s->fields[i].json);
		TRY(check_required(s, place, &s->fields[i]));
	}
	return OK;
}

/* A standard that explains types must explain all that it uses; one adopted before explanations
 * existed still loads. */
static enum err check_explained(const json_t *types, const struct field *f, const char *name)
{
	const char *type = field_types[f->type].name;

	ENSURE(json_object_get(types, type), ERR_INVALID,
		"types: \"%s\", the type of %s, is missing", type, name);
	for (size_t i = 0; i < f->members_n; i++)
		TRY(check_explained(types, &f->members[i], name));
	return f->item ? check_explained(types, f->item, name) : OK;
}

static enum err check_all_explained(const struct standard *s)
{
	const json_t *types = json_object_get(s->json, "types");

	for (size_t i = 0; types && i < s->n; i++)
		TRY(check_explained(types, &s->fields[i], s->fields[i].name));
	return OK;
}

/* --- what citizens ask first --- */

static enum err check_with(const struct standard *s, const char *place, const json_t *with)
{
	json_each (with, name) {
		const char *field = json_string_value(name);

		ENSURE(field && standard_field(s, field), ERR_INVALID,
			"%s: \"with\" names \"%.60s\", which is no field", place,
			field ? field : err_text("(not a text)"));
	}
	return OK;
}

static enum err check_asked_first(const struct standard *s)
{
	const json_t *list = standard_asked_first(s);
	char place[PLACE];

	TRY(shape_check_list(list, ASKED, "field", "asked_first"));
	json_each_at (list, i, asked) {
		snprintf(place, sizeof(place), "asked_first[%zu]", i);
		ENSURE(standard_field(s, json_str(asked, "field")), ERR_INVALID,
			"%s: \"%.60s\" is no field", place, json_str(asked, "field"));
		TRY(check_with(s, place, json_object_get(asked, "with")));
	}
	return OK;
}

const json_t *standard_asked_of_supplier(const struct standard *s)
{
	return json_object_get(s->json, "asked_of_supplier");
}

const json_t *standard_asked_first(const struct standard *s)
{
	return json_object_get(s->json, "asked_first");
}

/* --- the standard --- */

static void destroy(struct standard *s)
{
	for (size_t i = 0; s->fields && i < s->n; i++) {
		if (s->fields[i].item)
			free(s->fields[i].item->members);
		free(s->fields[i].item);
	}
	rules_free(s);
	free(s->fields);
	free(s->sorted);
	json_decref(s->json);
	free(s);
}

static enum err read_all(const char *text, size_t len, struct standard *s)
{
	TRY(json_read(text, len, STANDARD_MAX, RULES_STRICT, &s->json));
	TRY(shape_check_file(s->json));
	TRY(read_fields(s));
	TRY(rules_read(s));
	TRY(check_asked_first(s));
	return check_all_explained(s);
}

/* Reading one takes milliseconds, and most that are asked for are in use already: by the writer, by
 * a fold, by pages. So all share it, and the one that was given back last stays for who asks next.
 */
static struct standard *loaded;
static pthread_mutex_t loaded_lock = PTHREAD_MUTEX_INITIALIZER;

static struct standard *share(const struct sha256 *hash)
{
	struct standard *s;

	LOCKED(&loaded_lock);
	for (s = loaded; s && !sha256_equal(&s->hash, hash); s = s->next)
		;
	if (s)
		s->users++;
	return s;
}

static void put_loaded(struct standard *s)
{
	LOCKED(&loaded_lock);
	s->users = 1;
	s->next = loaded;
	loaded = s;
}

enum err standard_load(const char *text, size_t len, struct standard **out)
{
	const struct sha256 hash = sha256_of(text, len);
	struct standard *s = share(&hash);
	enum err e = OK;

	if (!s) {
		s = mem_new(sizeof(*s));
		s->hash = hash;
		e = read_all(text, len, s);
		if (e == OK)
			put_loaded(s);
		else
			destroy(TAKE(s));
	}
	*out = s;
	return e;
}

struct standard *standard_loaded(const char *sha256)
{
	struct sha256 hash;

	return sha256_from_hex(sha256, &hash) == OK ? share(&hash) : NULL;
}

/* All without a user, but one. */
static void drop_unused(const struct standard *but)
{
	struct standard **at = &loaded, *s;

	while ((s = *at)) {
		if (s->users || s == but) {
			at = &s->next;
		} else {
			*at = s->next;
			destroy(s);
		}
	}
}

void standard_free(struct standard *s)
{
	if (!s)
		return;
	LOCKED(&loaded_lock);
	if (--s->users == 0)
		drop_unused(s);
}

const struct field *standard_field(const struct standard *s, const char *name)
{
	struct field wanted = {.name = name}, *key = &wanted, **found;

	found = bsearch(&key, s->sorted, s->n, sizeof(*s->sorted), by_name);
	return found ? *found : NULL;
}

const struct field *standard_fields(const struct standard *s, size_t *n)
{
	*n = s->n;
	return s->fields;
}

const json_t *standard_json(const struct standard *s)
{
	return s->json;
}

int64_t standard_version(const struct standard *s)
{
	return json_num(s->json, "version");
}

size_t standard_record_max(const struct standard *s)
{
	return (size_t)json_num(json_object_get(s->json, "limits"), "record_bytes");
}
