#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void sandbox_private(void)
{
	struct rlimit none = {0};

	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
}

#define ALL_ACCESS                                                               \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |            \
		LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |     \
		LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
		LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |     \
		LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |     \
		LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |   \
		LANDLOCK_ACCESS_FS_MAKE_SYM)
/* Since the second and third version of Landlock's interface; Debian 12's headers lack the last. */
#define ACCESS_REFER (1ULL << 13)
#define ACCESS_TRUNCATE (1ULL << 14)

/* What this kernel can forbid; 0: it has no Landlock. */
static uint64_t all_access(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (version < 1)
		return 0;
	return ALL_ACCESS | (version >= 2 ? ACCESS_REFER : 0) |
	       (version >= 3 ? ACCESS_TRUNCATE : 0);
}

/* The kernel takes no right to a folder's content for what is no folder. */
static enum err allow(int ruleset, uint64_t handled, const struct sandbox_path *p)
{
	struct landlock_path_beneath_attr rule = {.parent_fd = open(p->path, O_PATH | O_CLOEXEC)};
	struct stat st;
	int rc;

	if (rule.parent_fd < 0)
		return OK;
	if (p->may & SANDBOX_READ)
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
	if (p->may & SANDBOX_WRITE)
		rule.allowed_access |= LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE;
	if (p->may & SANDBOX_RUN)
		rule.allowed_access |= LANDLOCK_ACCESS_FS_EXECUTE;
	if (p->may & SANDBOX_MAKE)
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
		                       LANDLOCK_ACCESS_FS_MAKE_SOCK |
		                       LANDLOCK_ACCESS_FS_REMOVE_FILE;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE |
		                       LANDLOCK_ACCESS_FS_WRITE_FILE |
		                       LANDLOCK_ACCESS_FS_EXECUTE | ACCESS_TRUNCATE;
	rule.allowed_access &= handled;
	rc = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	ENSURE(rc == 0, ERR_SYSTEM, "Landlock does not take %s: %s", p->path, err_os(errno));
	return OK;
}

enum err sandbox_files(const struct sandbox_path *paths, size_t n, bool *enforced)
{
	struct landlock_ruleset_attr all = {.handled_access_fs = all_access()};
	enum err e = OK;
	int fd;

	*enforced = false;
	if (!all.handled_access_fs)
		return OK;
	fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	ENSURE(fd >= 0, ERR_SYSTEM, "Landlock cannot be set up: %s", err_os(errno));
	for (size_t i = 0; i < n && e == OK; i++)
		e = allow(fd, all.handled_access_fs, &paths[i]);
	if (e == OK && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
			       syscall(SYS_landlock_restrict_self, fd, 0) != 0))
		e = fail(ERR_SYSTEM, "Landlock cannot be set up: %s", err_os(errno));
	close(fd);
	*enforced = e == OK;
	return e;
}

/* A ruleset that handles every access to files and allows none. Kernels before 5.13 have no
 * Landlock; seccomp below forbids open() there all the same. */
static void lock_files(void)
{
	struct landlock_ruleset_attr all = {.handled_access_fs = ALL_ACCESS};
	int fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);

	if (fd < 0)
		return;
	(void)syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
}

static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(pread64),
	SCMP_SYS(pwrite64),
	SCMP_SYS(fdatasync),
	SCMP_SYS(sendto),
	SCMP_SYS(recvfrom),
	SCMP_SYS(close),
	SCMP_SYS(brk),
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(munlock),
	SCMP_SYS(mprotect),
	SCMP_SYS(futex),
	SCMP_SYS(sched_yield),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(setitimer),
	SCMP_SYS(getrandom),
	SCMP_SYS(tgkill),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

enum err sandbox_lock(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = ctx ? 0 : -ENOMEM;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	lock_files();
	for (size_t i = 0; rc == 0 && i < COUNT(allowed); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	if (rc == 0)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	ENSURE(rc == 0, ERR_SYSTEM, "the sandbox cannot be set up: %s", err_os(-rc));
	return OK;
}
