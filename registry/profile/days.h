/* days.h - days and months as people and spreadsheets write them. */
#pragma once
#include <stdbool.h>

#define DAYS_TEXT 11 /* "2026-09-01" and its end */

/* Reads "2026. 9. 1.", "2026/09/01", "2026-09-01 0:00", "2026년 9월", "2026.09" as "2026-09-01" or
 * "2026-09". A month may be written as its first day, as spreadsheets do. False if the text has
 * another form, is not of the calendar, or may mean something else: "2026.1" is also what a
 * spreadsheet makes of 2026.10. */
bool days_read(const char *text, bool month, char out[DAYS_TEXT]);
/* Does the text look like what Excel makes of a month that is typed as "2026-09": "Sep-26"? That
 * may be a day as well, and is not read. */
bool days_changed(const char *text);
/* Reads the number by which Excel keeps a day, "46357" for 2026-12-01, of the years 1927 to 2099.
 * A sheet has it where a column is formatted as a number. Nobody may mean it, so it is only told.
 */
bool days_numbered(const char *text, char out[DAYS_TEXT]);
