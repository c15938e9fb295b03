/* profile_parts.h - a profile in memory, for profile.c and the reading of files in profile_rows.c.
 */
#pragma once
#include "registry/profile/profile.h"

#define ROW_MAX MIB /* of the map's output for one row, and of a line of JSON Lines */

struct profile {
	json_t *about;
	char *map_text;
	struct jq *map, *rows;     /* import; rows finds a JSON file's rows, else NULL */
	bool numbers;              /* export.jq reads the system's number */
	struct jq *export_, *wrap; /* export; wrap: NULL if the list of rows is the document */
	enum profile_output output;
};

/* A file in such a format may be our own export. */
bool profile_exports_csv(const struct profile *p);
