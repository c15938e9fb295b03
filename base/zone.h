/* zone.h - the process's time zone, by its name in the tz database.
 *
 * A C library accepts any text as a zone and silently uses UTC if it does not know it. Here a name
 * is valid only if tzdata has a file (RFC 9636) of exactly that name. */
#pragma once
#include "base/err.h"

#include <stdint.h>

#define ZONE_MAX 64 /* bytes of a name */

/* Does it have the form of a zone name: "Asia/Seoul", "Etc/GMT-9", "UTC"? Reads no file, so the
 * answer is the same on every machine. */
bool zone_is_name(const char *name);
/* Does this machine know the zone? ERR_INVALID if not, suggesting the right name if only the case
 * is wrong; ERR_NOT_FOUND if the machine has no tzdata. */
MUST_CHECK enum err zone_check(const char *name);
/* Makes this the zone in which days begin and end and times are shown. Falls back to UTC, with the
 * error of zone_check(), if this machine does not know it. Safe while other threads format times:
 * the C library keeps the old text of the variable that it replaces. */
MUST_CHECK enum err zone_use(const char *name);
/* The name of the zone in use. Other threads may use another meanwhile. */
void zone_name(char out[ZONE_MAX + 1]);

/* The date of the day `days` after that of the moment `at`, in the zone in use: "2026-03-01". */
#define DAY_TEXT 16
void zone_day(int64_t at, int days, char out[DAY_TEXT]);
/* How many days `to` is after `from`; both as zone_day() writes them. */
int zone_days(const char *from, const char *to);
