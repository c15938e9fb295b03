/* sheet_own.h - between the files of a sheet (sheet.c, sheet_keys.c). */
#pragma once
#include "registry/profile/sheet.h"

/* A key as it may stand in an entry: a long one as its hash; the caller frees. */
char *sheet_short_key(const char *key);
