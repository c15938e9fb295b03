#include "base/zone.h"
#include "base/locked.h"

#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define FOLDER "/usr/share/zoneinfo"
#define FILE_MAX (256 * KIB)

/* The folder that the C library uses too. */
static const char *folder(void)
{
	const char *own = getenv("TZDIR");

	return own && *own ? own : FOLDER;
}

/* Not separate zones: copies with or without leap seconds, and the machine's own choice. */
static bool is_of_the_machine(const char *name)
{
	return strncmp(name, "posix/", 6) == 0 || strncmp(name, "right/", 6) == 0 ||
	       strcmp(name, "localtime") == 0 || strcmp(name, "posixrules") == 0 ||
	       strcmp(name, "Factory") == 0;
}

bool zone_is_name(const char *name)
{
	static const char part[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-";
	const char *s = name;

	if (strlen(name) > ZONE_MAX || is_of_the_machine(name))
		return false;
	for (;; s++) {
		size_t len = strspn(s, part);

		if (len == 0 || (s == name && strchr("+-0123456789", *s)))
			return false;
		s += len;
		if (*s != '/')
			return *s == '\0';
	}
}

static bool has_file(const char *name)
{
	AUTOFREE char *path = file_in(folder(), name);
	AUTO(buf) bytes = BUF(FILE_MAX);

	return file_read(path, &bytes) == OK && bytes.len > 44 &&
	       memcmp(bytes.data, "TZif", 4) == 0;
}

/* The name in `dir` that differs from `part` only in case; NULL for none. */
static char *find_part(const char *dir, const char *part)
{
	DIR *open = opendir(dir);
	const struct dirent *one;
	char *found = NULL;

	while (open && !found && (one = readdir(open)))
		if (strcasecmp(one->d_name, part) == 0)
			found = mem_text(one->d_name);
	if (open)
		closedir(open);
	return found;
}

/* "asia/seoul" suggests Asia/Seoul: only a hint, never used instead. */
static char *in_right_case(const char *name)
{
	AUTOFREE char *dir = mem_text(folder());
	struct buf out = BUF(4 * KIB);

	while (*name) {
		size_t len = strcspn(name, "/");
		AUTOFREE char *part = mem_bytes(name, len), *found = find_part(dir, part);

		if (!found) {
			buf_done(&out);
			return NULL;
		}
		buf_printf(&out, "%s%s", out.len ? "/" : "", found);
		free(dir);
		dir = file_in(folder(), buf_text(&out));
		name += len + (name[len] == '/');
	}
	return buf_take(&out);
}

enum err zone_check(const char *name)
{
	AUTOFREE char *utc = file_in(folder(), "UTC"), *right = NULL;

	ENSURE(file_exists(utc), ERR_NOT_FOUND,
		"this machine has no time zones in %s: install the package tzdata", folder());
	if (zone_is_name(name) && has_file(name))
		return OK;
	right = zone_is_name(name) ? in_right_case(name) : NULL;
	if (right && has_file(right))
		return fail(ERR_INVALID, "\"%.64s\" is not a time zone; write %s", name, right);
	return fail(ERR_INVALID,
		"\"%.64s\" is not a time zone: write its name in the tz database, such as Asia/Seoul",
		name);
}

static pthread_mutex_t using = PTHREAD_MUTEX_INITIALIZER;
static char used[ZONE_MAX + 1]; /* the last valid one */

/* Under the mutex. Sets nothing that is already set, because other threads read the environment. */
static enum err use(const char *name)
{
	const char *is = getenv("TZ");
	enum err e;

	if (*used && strcmp(name, used) == 0 && is && strcmp(is, used) == 0)
		return OK;
	e = zone_check(name);
	snprintf(used, sizeof(used), "%s", e == OK ? name : "");
	setenv("TZ", e == OK ? name : "UTC", 1);
	tzset();
	return e;
}

enum err zone_use(const char *name)
{
	LOCKED(&using);
	return use(name);
}

void zone_name(char out[ZONE_MAX + 1])
{
	LOCKED(&using);
	snprintf(out, ZONE_MAX + 1, "%s", *used ? used : "UTC");
}

void zone_day(int64_t at, int days, char out[DAY_TEXT])
{
	time_t t = (time_t)at;
	struct tm day;

	localtime_r(&t, &day);
	day.tm_mday += days;
	day.tm_hour = 12; /* noon stays in the same day at any change of the clocks */
	day.tm_isdst = -1;
	(void)mktime(&day);
	strftime(out, DAY_TEXT, "%Y-%m-%d", &day);
}

/* Noon in a zone without clock changes, where all days are equally long. */
static time_t noon_of(const char *day)
{
	struct tm tm = {.tm_hour = 12};

	return strptime(day, "%Y-%m-%d", &tm) ? timegm(&tm) : 0;
}

int zone_days(const char *from, const char *to)
{
	return (int)((noon_of(to) - noon_of(from)) / (24 * 3600));
}
