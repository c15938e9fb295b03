#include "registry/write/confine.h"

#include "audit/signer_spawner.h"
#include "audit/tlog_policy.h"
#include "base/fetch.h"
#include "base/file.h"
#include "registry/write/register.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define FOLDERS 64 /* nobody names more folders */

/* Within the register's folder. A server has no right to other files there, and none to the folder
 * itself: the right to make, rename or remove names in it would include the key and the mark. The
 * server creates files only in REG_TMP, REG_DOWNLOADS and the read model's folder. */
static const struct sandbox_path own[] = {
	{REG_DATABASE, SANDBOX_READ | SANDBOX_WRITE},
	{REG_DATABASE "-wal", SANDBOX_READ | SANDBOX_WRITE},
	{REG_DATABASE "-shm", SANDBOX_READ | SANDBOX_WRITE},
	{REG_MODEL, SANDBOX_READ | SANDBOX_WRITE | SANDBOX_MAKE},
	{REG_PEOPLE, SANDBOX_READ | SANDBOX_WRITE},
	{REG_PEOPLE "-wal", SANDBOX_READ | SANDBOX_WRITE},
	{REG_PEOPLE "-shm", SANDBOX_READ | SANDBOX_WRITE},
	{REG_LOCK, SANDBOX_READ | SANDBOX_WRITE},
	{REG_VKEY, SANDBOX_READ},
	{REG_CONTACT_PUBLIC, SANDBOX_READ},
	{REG_POLICY, SANDBOX_READ},
	{REG_TMP, SANDBOX_READ | SANDBOX_WRITE | SANDBOX_MAKE},
	{REG_DOWNLOADS, SANDBOX_READ | SANDBOX_WRITE | SANDBOX_MAKE},
};

/* Files that libraries read: code, time zones and this machine's own names, and the kernel's files.
 * Not all of /etc, where a passphrase file may be. */
static const struct sandbox_path libraries[] = {
	{"/usr", SANDBOX_READ},
	{"/lib", SANDBOX_READ},
	{"/lib64", SANDBOX_READ},
	{"/etc/ld.so.cache", SANDBOX_READ},
	{"/etc/localtime", SANDBOX_READ},
	{"/etc/hosts", SANDBOX_READ},
	{"/etc/host.conf", SANDBOX_READ},
	{"/etc/nsswitch.conf", SANDBOX_READ},
	{"/etc/gai.conf", SANDBOX_READ},
	{"/etc/services", SANDBOX_READ},
	{"/dev/null", SANDBOX_READ | SANDBOX_WRITE},
	{"/dev/urandom", SANDBOX_READ},
	{"/dev/random", SANDBOX_READ},
	{"/proc/self", SANDBOX_READ},
	{"/sys/devices/system/cpu", SANDBOX_READ},
};

/* For a process that sends requests to other machines: name servers and certificates. */
static const struct sandbox_path names_and_certificates[] = {
	{"/etc/resolv.conf", SANDBOX_READ},
	{"/etc/ssl/certs", SANDBOX_READ},
	{"/etc/pkcs11", SANDBOX_READ},
	{"/etc/gnutls", SANDBOX_READ},
};

/* SQLite cannot remove a database's companion files any more, so they are emptied: they must not
 * keep anything that was erased. */
static void let_go(struct db *held, unsigned holds)
{
	if (held && holds & SANDBOX_FILES)
		(void)!db_exec(held, "PRAGMA wal_checkpoint(TRUNCATE)");
	db_free(held);
}

void confined_done(struct confined *c)
{
	let_go(c->held, c->holds);
	let_go(c->held_people, c->holds);
	if (c->office >= 0)
		close(c->office);
	*c = (struct confined){.office = -1};
}

/* A restored folder may lack the lock, and the server has no right to a file made later. */
static enum err make_lock(const char *dir)
{
	AUTOFREE char *path = file_in(dir, REG_LOCK);
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	ENSURE(fd >= 0, ERR_SYSTEM, "%s: %s", path, err_os(errno));
	close(fd);
	return OK;
}

/* SQLite makes a database's companions at the first read and removes them at the last close. */
static enum err hold(const char *dir, const char *name, struct db **out)
{
	AUTOFREE char *path = file_in(dir, name);

	if (!file_exists(path))
		return OK;
	TRY(db_open(path, DB_WRITE, out));
	return db_exec(*out, "SELECT count(*) FROM sqlite_schema");
}

/* Finds the program that the kernel runs to load this one: PT_INTERP of the first entry. */
static int find_loader(struct dl_phdr_info *info, size_t size, void *out)
{
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_INTERP)
			*(const char **)out =
				(const char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	return 1; /* the first is this program */
}

/* --- ports --- */

#define PORT_DNS 53 /* for an answer that is too long for a datagram */

static void add_port(struct sandbox_ports *ports, uint16_t port)
{
	for (size_t i = 0; i < ports->n; i++)
		if (ports->port[i] == port)
			return;
	if (ports->n < SANDBOX_PORTS)
		ports->port[ports->n++] = port;
}

void confine_connects(struct sandbox_ports *ports, const char *url)
{
	uint16_t found[3];
	size_t n = fetch_ports(url, found);

	add_port(ports, PORT_DNS);
	for (size_t i = 0; i < n; i++)
		add_port(ports, found[i]);
}

/* If the policy cannot be read, starting the witnesses reports it. A server without witnesses sends
 * no requests: it then has only TCP sockets, and connects none of them. */
static void connect_to_witnesses(const char *dir, struct sandbox *s)
{
	AUTOFREE char *path = file_in(dir, REG_POLICY);
	struct tlog_policy *policy = NULL;

	if (tlog_policy_read(path, &policy) != OK)
		return;
	for (size_t i = 0; i < policy->witnesses_n; i++)
		if (policy->witnesses[i].url) {
			s->does |= SANDBOX_CONNECTS;
			confine_connects(&s->connects, policy->witnesses[i].url);
		}
	tlog_policy_free(policy);
}

/* --- all together --- */

#define SYSTEM (COUNT(libraries) + COUNT(names_and_certificates) + 2)

/* Adds the files of the system that a process needs for what it does; returns their number. */
static size_t add_system(unsigned does, struct sandbox_path paths[SYSTEM])
{
	const char *loader = NULL;
	size_t n = 0;

	for (size_t i = 0; i < COUNT(libraries); i++)
		paths[n++] = libraries[i];
	for (size_t i = 0; does & SANDBOX_CONNECTS && i < COUNT(names_and_certificates); i++)
		paths[n++] = names_and_certificates[i];
	if (!(does & SANDBOX_STARTS))
		return n;
	dl_iterate_phdr(find_loader, &loader);
	paths[n++] = (struct sandbox_path){"/proc/self/exe", SANDBOX_READ | SANDBOX_RUN};
	if (loader)
		paths[n++] = (struct sandbox_path){loader, SANDBOX_READ | SANDBOX_RUN};
	return n;
}

enum err confine_to_folder(const char *dir, struct sandbox *s, unsigned *holds)
{
	struct sandbox_path paths[SYSTEM + 1];
	enum err e;

	s->paths_n = add_system(s->does, paths);
	paths[s->paths_n++] =
		(struct sandbox_path){dir, SANDBOX_READ | SANDBOX_WRITE | SANDBOX_MAKE};
	s->paths = paths;
	e = sandbox_enter(s, holds);
	s->paths = NULL;
	return e;
}

static enum err enter(const struct confine *c, unsigned *holds)
{
	struct sandbox_path paths[COUNT(own) + SYSTEM + FOLDERS];
	struct sandbox s = {
		.paths = paths, .does = SANDBOX_LISTENS | SANDBOX_STARTS, .listens = c->listens};
	char *names[COUNT(own)];
	size_t n = COUNT(own);
	enum err e;

	for (size_t i = 0; i < COUNT(own); i++)
		paths[i] =
			(struct sandbox_path){names[i] = file_in(c->dir, own[i].path), own[i].may};
	connect_to_witnesses(c->dir, &s);
	n += add_system(s.does, paths + n);
	for (size_t i = 0; c->folders && c->folders[i] && i < FOLDERS; i++)
		paths[n++] = (struct sandbox_path){c->folders[i], SANDBOX_READ};
	s.paths_n = n;
	e = sandbox_enter(&s, holds);
	for (size_t i = 0; i < COUNT(own); i++)
		free(names[i]);
	return e;
}

enum err confine_server(const struct confine *c, struct confined *out)
{
	const char *dir = c->dir;
	AUTOFREE char *key = file_in(dir, REG_KEY), *mark = file_in(dir, REG_MARK);
	AUTOFREE char *database = file_in(dir, REG_DATABASE), *mirror = file_in(dir, REG_MIRROR);
	AUTOFREE char *tmp = file_in(dir, REG_TMP), *downloads = file_in(dir, REG_DOWNLOADS);

	*out = (struct confined){.office = -1};
	/* Opening the register reports what is wrong with such a folder. */
	if (!file_exists(database) || file_exists(mirror))
		return OK;
	TRY(signer_spawner_start(c->program, key, mark));
	TRY(hold(dir, REG_DATABASE, &out->held));
	TRY(hold(dir, REG_PEOPLE, &out->held_people));
	TRY(file_make_dir(tmp, 0700));
	TRY(file_make_dir(downloads, 0700));
	TRY(make_lock(dir));
	TRY(reg_settle(dir, &env_real));
	out->office = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return enter(c, &out->holds);
}
