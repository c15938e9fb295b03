#include "base/user.h"

#include "base/buf.h"
#include "base/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err find(const char *name, uid_t *uid, gid_t *gid)
{
	const struct passwd *is = getpwnam(name);

	ENSURE(is, ERR_INVALID, "--user %s: this machine has no such user: useradd --system %s",
		name, name);
	ENSURE(is->pw_uid != 0, ERR_INVALID, "--user names a user other than root");
	*uid = is->pw_uid;
	*gid = is->pw_gid;
	return OK;
}

enum err user_become(const char *name)
{
	uid_t uid;
	gid_t gid;

	if (!name)
		return OK;
	TRY(find(name, &uid, &gid));
	if (getuid() == uid && geteuid() == uid)
		return OK;
	ENSURE(geteuid() == 0, ERR_DENIED,
		"--user %s: only root can change to another user. Start it as root, or as %s without "
		"--user",
		name, name);
	sandbox_bound();
	ENSURE(setgroups(1, &gid) == 0 && setresgid(gid, gid, gid) == 0 &&
			setresuid(uid, uid, uid) == 0 && geteuid() == uid && setuid(0) != 0,
		ERR_SYSTEM, "--user %s: this process cannot change to that user: %s", name,
		err_os(errno));
	return OK;
}

static char *name_of(uid_t uid)
{
	const struct passwd *is = getpwuid(uid);

	return is ? mem_text(is->pw_name) : mem_printf("%u", (unsigned)uid);
}

static enum err check_one(const char *path, uid_t uid, const char *name)
{
	struct stat st;
	AUTOFREE char *is = NULL;

	if (lstat(path, &st) != 0 || st.st_uid == uid)
		return OK;
	is = name_of(st.st_uid);
	ENSURE(name, ERR_DENIED,
		"%s belongs to %s, and root gives up its power over others' files here: say --user %s",
		path, is, is);
	return fail(ERR_DENIED, "%s belongs to %s, not to %s: chown -R %s: its folder first", path,
		is, name, name);
}

#define LEVELS 2 /* of folders: those in a register's folder hold files, too */

static enum err check_folder(const char *path, int levels, uid_t uid, const char *name);

static enum err check_within(DIR *dir, const char *path, int levels, uid_t uid, const char *name)
{
	const struct dirent *entry;

	while ((entry = readdir(dir))) {
		AUTOFREE char *one = mem_printf("%s/%s", path, entry->d_name);

		if (strcmp(entry->d_name, "..") == 0)
			continue;
		TRY(check_one(one, uid, name));
		if (levels > 1 && strcmp(entry->d_name, ".") != 0)
			TRY(check_folder(one, levels - 1, uid, name));
	}
	return OK;
}

/* A path that is not a folder, or that this process cannot read, contains nothing. */
static enum err check_folder(const char *path, int levels, uid_t uid, const char *name)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	enum err e;

	if (!dir)
		return OK;
	e = check_within(dir, path, levels, uid, name);
	closedir(dir);
	return e;
}

enum err user_check_owner(const char *path, const char *name)
{
	uid_t uid = geteuid();
	gid_t gid;

	if (!name && uid != 0)
		return OK;
	if (name)
		TRY(find(name, &uid, &gid));
	TRY(check_one(path, uid, name));
	return check_folder(path, LEVELS, uid, name);
}

static enum err explain_one(const char *path, const char *dir)
{
	AUTOFREE char *owner = NULL, *self = NULL;
	struct stat st;

	if (access(path, W_OK) == 0 || (errno != EACCES && errno != EROFS))
		return OK;
	ENSURE(errno != EROFS, ERR_SYSTEM,
		"%s is on a disk that is mounted for reading only: mount it for writing, or copy the "
		"folder to another disk",
		path);
	if (stat(path, &st) != 0)
		return OK;
	owner = name_of(st.st_uid);
	self = name_of(geteuid());
	return fail(ERR_DENIED,
		"%s may not be written by %s: it belongs to %s. Run this as %s, or make %s the owner "
		"of the whole folder: chown -R %s: %s",
		path, self, owner, owner, self, self, dir);
}

enum err user_check_writable(const char *dir, const char *file)
{
	AUTOFREE char *path = mem_printf("%s/%s", dir, file);

	TRY(explain_one(dir, dir));
	return explain_one(path, dir);
}

enum err user_explain(enum err e, const char *dir, const char *file)
{
	AUTOFREE char *why = mem_text(err_why());

	if (e == OK)
		return OK;
	TRY(user_check_writable(dir, file));
	return fail(e, "%s", why);
}
