#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
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

void sandbox_bound(void)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		prctl(PR_CAPBSET_DROP, cap);
}

/* Drops all capabilities for good: a process started by root keeps access to root's files but none
 * of root's other powers. no_new_privs keeps a started program from regaining them. */
static void drop_powers(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

	sandbox_bound();
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	syscall(SYS_capset, &header, none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* --- Landlock --- */

#define ALL_ACCESS                                                               \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |            \
		LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |     \
		LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
		LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |     \
		LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |     \
		LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |   \
		LANDLOCK_ACCESS_FS_MAKE_SYM)
/* From later versions of Landlock's interface (2 to 6); Debian 12's headers lack most of them. */
#define ACCESS_REFER (1ULL << 13)
#define ACCESS_TRUNCATE (1ULL << 14)
#define ACCESS_IOCTL_DEV (1ULL << 15)
#define ACCESS_BIND_TCP (1ULL << 0)
#define ACCESS_CONNECT_TCP (1ULL << 1)
#define SCOPE_ABSTRACT_UNIX (1ULL << 0)
#define SCOPE_SIGNAL (1ULL << 1)
#define RULE_NET_PORT 2
struct ruleset {
	uint64_t files, ports,
		scopes; /* an older kernel accepts the longer struct if the rest is 0 */
};
struct port_rule {
	uint64_t allowed, port;
};

/* 0 if this kernel has no Landlock. */
static long landlock_version(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return version < 0 ? 0 : version;
}

static struct ruleset all_of(long version)
{
	return (struct ruleset){
		.files = version < 1 ? 0
	                             : ALL_ACCESS | (version >= 2 ? ACCESS_REFER : 0) |
	                                       (version >= 3 ? ACCESS_TRUNCATE : 0) |
	                                       (version >= 5 ? ACCESS_IOCTL_DEV : 0),
		.ports = version >= 4 ? ACCESS_BIND_TCP | ACCESS_CONNECT_TCP : 0,
		.scopes = version >= 6 ? SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL : 0,
	};
}

/* The kernel refuses folder rights for anything that is no folder. */
static enum err allow_path(int ruleset, uint64_t handled, const struct sandbox_path *p)
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
		                       LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE |
		                       ACCESS_TRUNCATE;
	rule.allowed_access &= handled;
	rc = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	ENSURE(rc == 0, ERR_SYSTEM, "Landlock does not take %s: %s", p->path, err_os(errno));
	return OK;
}

static enum err allow_ports(int ruleset, uint64_t access, const struct sandbox_ports *ports)
{
	for (size_t i = 0; i < ports->n; i++) {
		const struct port_rule rule = {access, ports->port[i]};

		ENSURE(syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) == 0,
			ERR_SYSTEM, "Landlock does not take port %u: %s", ports->port[i],
			err_os(errno));
	}
	return OK;
}

static enum err add_rules(int ruleset, const struct ruleset *all, const struct sandbox *s)
{
	for (size_t i = 0; i < s->paths_n; i++)
		TRY(allow_path(ruleset, all->files, &s->paths[i]));
	if (!all->ports)
		return OK;
	TRY(allow_ports(ruleset, ACCESS_BIND_TCP, &s->listens));
	return allow_ports(ruleset, ACCESS_CONNECT_TCP, &s->connects);
}

/* Returns members of enum sandbox_holds. */
static enum err enter_landlock(const struct sandbox *s, unsigned *holds)
{
	struct ruleset all = all_of(landlock_version());
	enum err e;
	int fd;

	if (!s->paths)
		all.files = 0;
	*holds = (all.files ? SANDBOX_FILES : 0) | (all.ports ? SANDBOX_TCP : 0) |
	         (all.scopes ? SANDBOX_SIGNALS : 0);
	if (!*holds)
		return OK;
	fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	ENSURE(fd >= 0, ERR_SYSTEM, "Landlock cannot be set up: %s", err_os(errno));
	e = add_rules(fd, &all, s);
	if (e == OK && syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		e = fail(ERR_SYSTEM, "Landlock cannot be set up: %s", err_os(errno));
	close(fd);
	return e;
}

/* --- seccomp --- */

#define END (-1000000) /* no call has this number, nor one missing on this processor */

static const int computing[] = {
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
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	END,
};

/* Excludes truncate, chmod, chown, setxattr and utimensat: Landlock allows these on any file that
 * can be named, and truncate on kernels before 6.2. */
static const int filing[] = {
	SCMP_SYS(access),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchown),
	SCMP_SYS(fcntl),
	SCMP_SYS(flock),
	SCMP_SYS(fstat),
	SCMP_SYS(fstatfs),
	SCMP_SYS(fsync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(getcwd),
	SCMP_SYS(getdents64),
	SCMP_SYS(getegid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getppid),
	SCMP_SYS(getrlimit),
	SCMP_SYS(getrusage),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getuid),
	SCMP_SYS(lseek),
	SCMP_SYS(lstat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(mlock),
	SCMP_SYS(nanosleep),
	SCMP_SYS(newfstatat),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(pipe),
	SCMP_SYS(pipe2),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(prlimit64),
	SCMP_SYS(pselect6),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(readv),
	SCMP_SYS(recvmsg),
	SCMP_SYS(rt_sigpending),
	SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(select),
	SCMP_SYS(sendmsg),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(setrlimit),
	SCMP_SYS(stat),
	SCMP_SYS(statfs),
	SCMP_SYS(statx),
	SCMP_SYS(sysinfo),
	SCMP_SYS(time),
	SCMP_SYS(uname),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(writev),
	END,
};

static const int listening[] = {
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(bind),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(eventfd2),
	SCMP_SYS(getpeername),
	SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt),
	SCMP_SYS(listen),
	SCMP_SYS(rseq),
	SCMP_SYS(sendfile),
	SCMP_SYS(setpriority),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),
	END,
};

static const int connecting[] = {
	SCMP_SYS(bind), /* to the kernel's netlink, for name look-ups */
	SCMP_SYS(connect),
	SCMP_SYS(getpeername),
	SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt),
	SCMP_SYS(recvmmsg),
	SCMP_SYS(rseq),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),
	END,
};

/* Includes the calls that a started program needs until it confines itself. */
static const int starting[] = {
	SCMP_SYS(arch_prctl),
	SCMP_SYS(capset),
	SCMP_SYS(close_range),
	SCMP_SYS(execve),
	SCMP_SYS(landlock_add_rule),
	SCMP_SYS(landlock_create_ruleset),
	SCMP_SYS(landlock_restrict_self),
	SCMP_SYS(prctl),
	SCMP_SYS(rseq),
	SCMP_SYS(seccomp),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(vfork),
	SCMP_SYS(wait4),
	SCMP_SYS(waitid),
	END,
};

static const int renaming[] = {
	SCMP_SYS(chmod), /* of a new database */
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	END,
};

static int add_calls(scmp_filter_ctx ctx, const int calls[])
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && calls[i] != END; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0);
	return rc;
}

/* Allows a call under conditions on its arguments, which must all hold. */
#define ADD(ctx, call, ...)                                                                 \
	seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, SCMP_SYS(call),                         \
		sizeof((struct scmp_arg_cmp[]){__VA_ARGS__}) / sizeof(struct scmp_arg_cmp), \
		(struct scmp_arg_cmp[]){__VA_ARGS__})

/* Signals only to itself, unless it must end other processes and the kernel can tell its own from
 * others' (a process that answers nothing else may do so anyway). */
static int add_signals(scmp_filter_ctx ctx, bool others)
{
	const scmp_datum_t self = (scmp_datum_t)getpid();
	int rc = ADD(ctx, tgkill, SCMP_A0(SCMP_CMP_EQ, self));

	if (rc == 0 && others)
		return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(kill), 0);
	return rc ? rc : ADD(ctx, kill, SCMP_A0(SCMP_CMP_EQ, self));
}

#define NAMESPACES                                                                     \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
		CLONE_NEWPID | CLONE_NEWNET)

/* A filter cannot see clone3's flags; without clone3 the C library uses clone. */
static int add_processes(scmp_filter_ctx ctx, unsigned does)
{
	const scmp_datum_t thread = does & SANDBOX_STARTS ? 0 : CLONE_THREAD;

	return ADD(ctx, clone, SCMP_A0(SCMP_CMP_MASKED_EQ, NAMESPACES | thread, thread));
}

/* Of Unix sockets only pairs, which lead nowhere else. UDP only for name look-ups. */
static int add_sockets(scmp_filter_ctx ctx, unsigned does)
{
	static const int families[] = {AF_INET, AF_INET6};
	int rc = ADD(ctx, socketpair, SCMP_A0(SCMP_CMP_EQ, AF_UNIX),
		SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_STREAM));

	for (size_t i = 0;
		rc == 0 && does & (SANDBOX_LISTENS | SANDBOX_CONNECTS) && i < COUNT(families); i++)
		rc = does & SANDBOX_CONNECTS
		             ? ADD(ctx, socket, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]))
		             : ADD(ctx, socket, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]),
				       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_STREAM));
	if (rc == 0 && does & (SANDBOX_LISTENS | SANDBOX_CONNECTS)) /* to list local addresses */
		rc = ADD(ctx, socket, SCMP_A0(SCMP_CMP_EQ, AF_NETLINK),
			SCMP_A2(SCMP_CMP_EQ, NETLINK_ROUTE));
	return rc;
}

/* Processes that start programs need all of prctl, with which those confine themselves. */
static int add_questions(scmp_filter_ctx ctx, unsigned does)
{
	static const unsigned long questions[] = {TCGETS, FIONREAD, FIONBIO};
	int rc = does & SANDBOX_STARTS ? 0 : ADD(ctx, prctl, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));

	for (size_t i = 0; rc == 0 && i < COUNT(questions); i++)
		rc = ADD(ctx, ioctl, SCMP_A1(SCMP_CMP_EQ, questions[i]));
	return rc;
}

static int load(scmp_filter_ctx ctx, int rc)
{
	if (rc == 0)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc;
}

static int enter_seccomp(unsigned does, bool scoped)
{
	static const struct {
		unsigned does;
		const int *calls;
	} parts[] = {{SANDBOX_LISTENS, listening}, {SANDBOX_CONNECTS, connecting},
		{SANDBOX_STARTS, starting}, {SANDBOX_RENAMES, renaming}};
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int rc = ctx ? add_calls(ctx, computing) : -ENOMEM;

	if (rc == 0)
		rc = add_calls(ctx, filing);
	for (size_t i = 0; rc == 0 && i < COUNT(parts); i++)
		if (does & parts[i].does)
			rc = add_calls(ctx, parts[i].calls);
	if (rc == 0)
		rc = add_signals(ctx, does & SANDBOX_KILLS || (does & SANDBOX_STARTS && scoped));
	if (rc == 0)
		rc = add_processes(ctx, does);
	if (rc == 0)
		rc = add_sockets(ctx, does);
	if (rc == 0)
		rc = add_questions(ctx, does);
	return load(ctx, rc);
}

/* A sanitizer makes additional calls: it inspects its own memory like a debugger. */
static bool is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true;
#elif defined(__has_feature)
	return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
	return false;
#endif
}

enum err sandbox_enter(const struct sandbox *s, unsigned *holds)
{
	int rc;

	drop_powers();
	TRY(enter_landlock(s, holds));
	if (is_sanitized())
		return OK;
	rc = enter_seccomp(s->does, *holds & SANDBOX_SIGNALS);
	ENSURE(rc == 0, ERR_SYSTEM, "the sandbox cannot be set up: %s", err_os(-rc));
	*holds |= SANDBOX_CALLS;
	return OK;
}

/* Kernels before 5.13 have no Landlock, but seccomp also forbids open() there. */
enum err sandbox_lock(void)
{
	static const struct sandbox_path none;
	unsigned holds;
	scmp_filter_ctx ctx;
	int rc;

	drop_powers();
	TRY(enter_landlock(&(struct sandbox){.paths = &none}, &holds));
	ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	rc = ctx ? add_calls(ctx, computing) : -ENOMEM;
	if (rc == 0)
		rc = add_signals(ctx, false);
	rc = load(ctx, rc);
	ENSURE(rc == 0, ERR_SYSTEM, "the sandbox cannot be set up: %s", err_os(-rc));
	return OK;
}
