/* zone.h - the process's time zone, by its name in the tz database.
 *
 * A C library takes any text for a zone and shows UTC, without a word, where it knows none. Here a
 * name counts only if tzdata has a file for it (RFC 9636), under exactly that name. */
#pragma once
#include "base/err.h"

#include <stdint.h>

#define ZONE_MAX 64 /* bytes of a name */

/* Has it the form of a zone's name: "Asia/Seoul", "Etc/GMT-9", "UTC"? Looks at no file, so the
 * answer is the same on every machine. */
bool zone_is_name(const char *name);
/* Does this machine know it? ERR_INVALID with a name that does, where only its case is wrong;
 * ERR_NOT_FOUND where the machine has no tzdata at all. */
MUST_CHECK enum err zone_check(const char *name);
/* Days begin and end, and times are shown, there from now on. UTC, and the error of zone_check(),
 * where this machine does not know it. May be called while other threads show times: the C
 * library keeps the former text of the variable that it replaces. */
MUST_CHECK enum err zone_use(const char *name);

/* The date of the day `days` after that of the moment `at`, in the zone in use: "2026-03-01". */
#define DAY_TEXT 16
void zone_day(int64_t at, int days, char out[DAY_TEXT]);
/* How many days `to` is after `from`; both as zone_day() writes them. */
int zone_days(const char *from, const char *to);
