#include "registry/query/named.h"

#include "base/text.h"
#include "registry/query/query_parts.h"

#include <string.h>

#define NAMED_ALIKE 100 /* hits of a search for a name that are compared with it */

SQL(NAMES, "named.names",
	"SELECT slug, name AS \"name:json\" FROM system"
	" WHERE department = ?1 AND version > 0 AND state <> 'retired'");

/* A name without what people type differently: case, forms of characters, spaces. */
char *named_folded(const char *name)
{
	char *folded = text_folded(name), *to = folded;

	for (const char *from = folded; *from; from++)
		if (!strchr(" \t\n", *from))
			*to++ = *from;
	*to = 0;
	return folded;
}

static bool is_named(const json_t *system, const char *folded, const char *wanted)
{
	json_members (json_object_get(system, "name"), lang, name) {
		AUTOFREE char *own = named_folded(json_string_value(name));

		if ((!wanted || strcmp(lang, wanted) == 0) && strcmp(own, folded) == 0)
			return true;
	}
	return false;
}

/* Searches for the first words of a name that has more than a search may have. */
static enum err search_name(const struct snapshot *snap, const char *name, json_t **found)
{
	AUTOFREE char *words = mem_text(name);
	const struct system_filter filter = {
		.words = words, .as_written = true, .limit = NAMED_ALIKE};
	enum err e;
	char *end;

	while ((e = query_systems(snap, &filter, found)) == ERR_INVALID &&
		(end = strrchr(words, ' ')))
		*end = 0;
	return e == ERR_INVALID ? OK : e;
}

static bool is_another(const json_t *system, const char *other)
{
	return !other || (strcmp(json_str(system, "slug"), other) != 0 &&
				 strcmp(json_str(system, "state"), "retired") != 0);
}

enum err query_named(const struct snapshot *snap, const char *name, const char *lang,
	const char *other, json_t **out)
{
	AUTOFREE char *folded = named_folded(name);
	json_auto_t *found = NULL;

	TRY(search_name(snap, name, &found));
	json_each (json_object_get(found, "systems"), system)
		if (is_another(system, other) && is_named(system, folded, lang)) {
			*out = json_incref(system);
			return OK;
		}
	return fail(ERR_NOT_FOUND,
		"no published system is named \"%.200s\": write its whole name, or the address of its "
		"page",
		name);
}

char *named_key(const char *lang, const char *name)
{
	AUTOFREE char *folded = named_folded(name);

	return mem_printf("%s %s", lang, folded);
}

enum err query_names(const struct snapshot *snap, const char *department, json_t **out)
{
	json_auto_t *systems = NULL;

	TRY(query_rows(snap, NAMES, BIND(text(department)), &systems));
	*out = json_object();
	json_each (systems, system)
		json_members (json_object_get(system, "name"), lang, name) {
			AUTOFREE char *key = named_key(lang, json_string_value(name));

			json_put(*out, key, json_incref(system));
		}
	return OK;
}
