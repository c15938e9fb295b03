/* profile_own.h - the built-in profiles: a row for each folder of policies/profiles/, sorted by
 * name. Make generates the table from the folders (registry/profile/profile_own.sh), so a profile
 * is data and needs no C. */
#pragma once
#include <stddef.h>

struct profile_own {
	const char *name; /* of the folder */
	const char *about, *map, *export_,
		*wrap; /* the texts of its files; NULL for a missing one */
};
extern const struct profile_own profile_own[];
extern const size_t profile_own_n;
