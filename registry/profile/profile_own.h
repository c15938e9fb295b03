/* profile_own.h - the profiles that the program has in it: a row for each folder of
 * policies/profiles/, by name. Make writes the table from what is in the folders
 * (registry/profile/profile_own.sh), so that a profile is data and no line of C. */
#pragma once
#include <stddef.h>

struct profile_own {
	const char *name; /* of the folder */
	const char *about, *map, *export_,
		*wrap; /* its files' texts; NULL for one that is not there */
};
extern const struct profile_own profile_own[];
extern const size_t profile_own_n;
