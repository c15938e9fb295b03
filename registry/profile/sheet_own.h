/* sheet_own.h - what sheet.c and sheet_keys.c share. */
#pragma once
#include "registry/profile/sheet.h"

/* A key as an entry allows it: a long one becomes its hash. The caller frees it. */
char *sheet_short_key(const char *key);
