#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define AUTOCLOSE __attribute__((cleanup(close_fd)))

static enum err system_fail(const char *path)
{
	return fail(errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s: %s", path, err_os(errno));
}

enum err file_make_fail(const char *path)
{
	AUTOFREE char *copy = mem_text(path);

	if (errno == ENOENT)
		return fail(ERR_NOT_FOUND, "%s: the folder %s does not exist: make it first", path,
			dirname(copy));
	return system_fail(path);
}

enum err file_read(const char *path, struct buf *out)
{
	AUTOCLOSE int fd = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
	char chunk[64 * KIB];
	ssize_t n;

	if (fd < 0)
		return system_fail(path);
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return system_fail(path);
		buf_add(out, chunk, (size_t)n);
		TRY(buf_check(out, path));
	}
	return OK;
}

static enum err write_bytes(int fd, const char *path, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return system_fail(path);
		data += n;
		len -= (size_t)n;
	}
	return OK;
}

static enum err write_all(int fd, const char *path, const char *data, size_t len)
{
	TRY(write_bytes(fd, path, data, len));
	if (fsync(fd) != 0)
		return system_fail(path);
	return OK;
}

/* A rename or a new name is durable only after a sync of its folder. */
static enum err sync_folder(const char *path)
{
	AUTOFREE char *copy = mem_text(path);
	AUTOCLOSE int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		return system_fail(path);
	return OK;
}

enum err file_write(const char *path, const void *data, size_t len, unsigned mode)
{
	AUTOFREE char *next = mem_printf("%s.new", path);
	AUTOCLOSE int fd = -1;

	/* One left by a crash, or put there by another user: it has their mode, or leads elsewhere.
	 */
	if (unlink(next) != 0 && errno != ENOENT)
		return file_make_fail(path);
	fd = open(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return file_make_fail(path);
	TRY(write_all(fd, next, data, len));
	if (rename(next, path) != 0)
		return system_fail(path);
	return sync_folder(path);
}

enum err file_create(const char *path, const void *data, size_t len, unsigned mode)
{
	AUTOCLOSE int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	enum err e;

	ENSURE(fd >= 0 || errno != EEXIST, ERR_CONFLICT, "%s exists already; it is left as it was",
		path);
	if (fd < 0)
		return file_make_fail(path);
	e = write_all(fd, path, data, len);
	if (e == OK)
		return sync_folder(path);
	(void)unlink(path); /* else a second attempt would find it */
	return e;
}

enum err file_move(const char *from, const char *to)
{
	if (rename(from, to) != 0)
		return system_fail(from);
	TRY(sync_folder(from));
	return sync_folder(to);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	return remove(path);
}

enum err file_remove_dir(const char *path)
{
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0 && errno != ENOENT)
		return system_fail(path);
	return OK;
}

static int remove_inside(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	return at->level ? remove_one(path, st, kind, at) : 0;
}

enum err file_empty_dir(const char *path)
{
	if (nftw(path, remove_inside, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0)
		return system_fail(path);
	return OK;
}

bool file_is_empty_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *at = NULL;

	while (dir && (at = readdir(dir)) &&
		(!strcmp(at->d_name, ".") || !strcmp(at->d_name, "..")))
		;
	if (dir)
		closedir(dir);
	return dir && !at;
}

enum err file_make_dir(const char *path, unsigned mode)
{
	if (mkdir(path, mode) == 0)
		return sync_folder(path);
	if (errno != EEXIST)
		return file_make_fail(path);
	return OK;
}

enum err file_nameless(const char *dir, int *fd)
{
	AUTOFREE char *path = file_in(dir, ".nameless-XXXXXX");
	int got = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	/* Not all file systems can: there a crash between the two calls leaves an empty file. */
	if (got < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		got = mkostemp(path, O_CLOEXEC);
		if (got >= 0)
			unlink(path);
	}
	if (got < 0)
		return system_fail(dir);
	*fd = got;
	return OK;
}

enum err file_add(int fd, const void *data, size_t len)
{
	return write_bytes(fd, "a temporary file", data, len);
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

enum err file_lock(const char *path, int *fd)
{
	int got = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (got < 0)
		return system_fail(path);
	if (flock(got, LOCK_EX | LOCK_NB) != 0) {
		close(got);
		return fail(ERR_BUSY, "%s is held by another process", path);
	}
	*fd = got;
	return OK;
}

char *file_in(const char *dir, const char *name)
{
	return mem_printf("%s/%s", dir, name);
}
