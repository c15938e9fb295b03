/* named.h - the published system that has a name, compared as people compare names: without case,
 * spaces and forms of characters. */
#pragma once
#include "audit/store.h"
#include "base/json.h"

/* A name without what people type differently: case, forms of characters, spaces. The caller frees.
 */
char *named_folded(const char *name);
/* A published system that has this name in a language (NULL: in any), in the form of
 * query_systems(); `other`: none of this slug and none that is retired, or NULL. ERR_NOT_FOUND. */
MUST_CHECK enum err query_named(const struct snapshot *snap, const char *name, const char *lang,
	const char *other, json_t **out);
