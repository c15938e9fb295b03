/* named.h - the published system that has a name, compared as people compare names: without case,
 * spaces and forms of characters. */
#pragma once
#include "audit/store.h"
#include "base/json.h"

/* Folds what people type differently: case, forms of characters, spaces. The caller frees. */
char *named_folded(const char *name);
/* A published system that has this name in a language (NULL: in any), in the form of
 * query_systems(); `other` (or NULL): skips the system of this slug and retired ones.
 * ERR_NOT_FOUND. */
MUST_CHECK enum err query_named(const struct snapshot *snap, const char *name, const char *lang,
	const char *other, json_t **out);
/* The member of query_names() for a name in a language. The caller frees. */
char *named_key(const char *lang, const char *name);
/* The names of a department's published systems that are not retired, for callers that compare
 * many: {named_key(): {"slug", "name"}…}. About 50 µs for each system. */
MUST_CHECK enum err query_names(const struct snapshot *snap, const char *department, json_t **out);
