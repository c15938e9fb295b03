/* profile.h - how the rows of another register become ours: a description and a jq program.
 *
 * policies/profiles/NAME/ holds both, and its README says what goes where. Those are in the
 * program; a folder elsewhere is read from disk. The jq program is data of whoever runs the
 * command, and is trusted as far as base/jq.h says; what it makes of a row is not, and comes
 * in through the same strict door as any other JSON. Belongs to one thread. */
#pragma once
#include "base/json.h"

struct profile;
/* `name` is one of the program's own, or a folder ("./mine"). ERR_NOT_FOUND, with the names
 * that there are; ERR_INVALID, naming what is wrong in which file. */
MUST_CHECK enum err profile_open(const char *name, struct profile **out);
void profile_free(struct profile *p);
const char *profile_name(const struct profile *p);
/* profile.json: title per language, source, retire_missing … */
const json_t *profile_about(const struct profile *p);

/* The rows of a file as an array of {"line": 2, "row": …, "cells"?: 3}: the line where the row
 * starts or, in JSON, its number from 1; "cells" where their number is not the header's. */
MUST_CHECK enum err profile_rows(
	const struct profile *p, const char *text, size_t len, json_t **out);
/* What a row becomes: {"id", "key", "key_if_repeated", "slug_hint", "department", "record",
 * "dropped"}, or {"error": {"rule", "field", "message"}, "key"?}. ERR_INVALID with the reason
 * where the program fails or makes what no record may hold. */
MUST_CHECK enum err profile_map(struct profile *p, const json_t *row, json_t **out);
