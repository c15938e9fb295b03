#include "web/server/export_files.h"

#include "base/file.h"
#include "registry/write/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const export_ends[ENDS] = {
	[END_PLAIN] = "plain",
	[END_GZIP] = "gz",
	[END_REPORT] = "report",
	[END_REPORT_GZIP] = "report.gz",
	[END_WHOLE] = "whole",
};

static char *path_of(const char *dir, const char *name, uint64_t n, enum export_end end)
{
	return mem_printf("%s/" REG_DOWNLOADS "/%s.%" PRIu64 ".%s", dir, name, n, export_ends[end]);
}

/* The number of a file of this name; 0 if it is none. */
static uint64_t number_of(const char *file, const char *name, enum export_end *end)
{
	size_t len = strlen(name);
	char *rest;
	uint64_t n;

	if (strncmp(file, name, len) != 0 || file[len] != '.' || file[len + 1] < '1' ||
		file[len + 1] > '9')
		return 0;
	n = strtoull(file + len + 1, &rest, 10);
	for (*end = 0; *rest == '.' && *end < ENDS; ++*end)
		if (strcmp(rest + 1, export_ends[*end]) == 0)
			return n;
	return 0;
}

/* The highest number of a complete file of this name, or of any. */
static enum err highest(const char *dir, const char *name, bool whole, uint64_t *out)
{
	AUTOFREE char *folder = file_in(dir, REG_DOWNLOADS);
	DIR *files = opendir(folder);
	enum export_end end;
	struct dirent *at;

	*out = 0;
	ENSURE(files, ERR_SYSTEM, "%s: %s", folder, err_os(errno));
	while ((at = readdir(files))) {
		uint64_t n = number_of(at->d_name, name, &end);

		if (n > *out && (!whole || end == END_WHOLE))
			*out = n;
	}
	closedir(files);
	return OK;
}

enum err export_files_next(const char *dir, const char *name, uint64_t *n)
{
	TRY(highest(dir, name, false, n));
	++*n;
	return OK;
}

enum err export_files_make(
	const char *dir, const char *name, uint64_t n, enum export_end end, FILE **out)
{
	AUTOFREE char *path = path_of(dir, name, n, end);
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	ENSURE(fd >= 0, ERR_SYSTEM, "%s: %s", path, err_os(errno));
	*out = fdopen(fd, "w+");
	if (!*out)
		abort();
	return OK;
}

static enum err sync_part(
	const char *dir, const char *name, uint64_t n, enum export_end end, json_t *sizes)
{
	AUTOFREE char *path = path_of(dir, name, n, end);
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	struct stat st;

	if (fd < 0 && errno == ENOENT) /* a table has no report */
		return OK;
	ENSURE(fd >= 0, ERR_SYSTEM, "%s: %s", path, err_os(errno));
	rc = fsync(fd) == 0 && fstat(fd, &st) == 0;
	close(fd);
	ENSURE(rc, ERR_SYSTEM, "%s: %s", path, err_os(errno));
	json_put(sizes, export_ends[end], json_integer(st.st_size));
	return OK;
}

static void remove_others(const char *dir, const char *name, uint64_t kept)
{
	AUTOFREE char *folder = file_in(dir, REG_DOWNLOADS);
	DIR *files = opendir(folder);
	enum export_end end;
	struct dirent *at;

	while (files && (at = readdir(files))) {
		AUTOFREE char *path = file_in(folder, at->d_name);
		uint64_t n = number_of(at->d_name, name, &end);

		if (n && n != kept)
			remove(path);
	}
	if (files)
		closedir(files);
}

enum err export_files_keep(const char *dir, const char *name, uint64_t n, json_t *about)
{
	AUTOFREE char *path = path_of(dir, name, n, END_WHOLE);
	json_t *sizes = json_object();
	AUTO(buf) text = BUF(KIB);

	json_put(about, "sizes", sizes);
	for (enum export_end end = 0; end < END_WHOLE; end++)
		TRY(sync_part(dir, name, n, end, sizes));
	json_canonical(about, &text);
	TRY(file_create(path, buf_text(&text), text.len, 0600));
	remove_others(dir, name, n);
	return OK;
}

void export_files_drop(const char *dir, const char *name, uint64_t n)
{
	for (enum export_end end = 0; end < ENDS; end++) {
		AUTOFREE char *path = path_of(dir, name, n, end);

		remove(path);
	}
}

enum err export_files_find(const char *dir, const char *name, uint64_t *n, json_t **about)
{
	AUTOFREE char *path = NULL;
	AUTO(buf) text = BUF(KIB);

	TRY(highest(dir, name, true, n));
	ENSURE(*n, ERR_NOT_FOUND, "%s was not made before", name);
	path = path_of(dir, name, *n, END_WHOLE);
	TRY(file_read(path, &text));
	return json_read(buf_text(&text), text.len, KIB, RULES_STRICT, about);
}

enum err export_files_open(const char *dir, const char *name, uint64_t n, enum export_end end,
	const json_t *about, FILE **out)
{
	const json_t *size = json_object_get(json_object_get(about, "sizes"), export_ends[end]);
	AUTOFREE char *path = path_of(dir, name, n, end);
	struct stat st;
	FILE *file;

	ENSURE(size, ERR_NOT_FOUND, "%s has no such part", name);
	file = fopen(path, "re");
	ENSURE(file, ERR_NOT_FOUND, "%s: %s", path, err_os(errno));
	if (fstat(fileno(file), &st) != 0 || st.st_size != json_integer_value(size)) {
		fclose(file);
		return fail(ERR_NOT_FOUND, "%s is cut off", path);
	}
	*out = file;
	return OK;
}
