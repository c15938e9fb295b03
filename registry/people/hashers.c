#include "registry/people/hashers.h"
#include "base/locked.h"

#include "base/buf.h"
#include "base/child.h"
#include "base/journal.h"
#include "base/sandbox.h"
#include "base/socket.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define MOST 4 /* processes */

struct hasher {
	pid_t pid;
	int fd; /* -1: it has ended */
	bool busy;
	bool late; /* it owes an answer for which nobody waits any more */
};
struct hashers {
	pthread_mutex_t mutex; /* guards `busy` and `late` */
	unsigned n;
	struct hasher hasher[MOST];
};
struct question {
	char hash[PASSWORD_HASH]; /* empty: make one */
	char password[HASHERS_PASSWORD];
};

/* --- the process's side --- */

static void answer(const struct question *q, struct hashed *a)
{
	enum err e = *q->hash ? password_verify(q->hash, q->password, &a->matches, &a->old)
	                      : password_hash(q->password, a->made);

	a->failed = e != OK;
}

_Noreturn void hasher_process(int fd)
{
	struct question q;

	signal(SIGTERM, SIG_IGN); /* systemd signals all processes: the server decides when */
	signal(SIGINT, SIG_IGN);
	sandbox_private();
	(void)setpriority(PRIO_PROCESS, 0, HASHERS_NICE);
	/* Any error ends the process, and the server continues without it. */
	if (sandbox_lock() != OK) {
		fprintf(stderr, "gaya: %s\n", err_why());
		_exit(1);
	}
	while (socket_receive(fd, &q, sizeof(q)) == OK) {
		struct hashed a = {0};

		q.hash[sizeof(q.hash) - 1] = q.password[sizeof(q.password) - 1] = '\0';
		answer(&q, &a);
		crypto_wipe(&q, sizeof(q));
		if (socket_send(fd, &a, sizeof(a)) != OK)
			break;
		crypto_wipe(&a, sizeof(a));
	}
	_exit(0);
}

/* --- the server's side --- */

static enum err start(const char *program, unsigned ms, struct hasher *h)
{
	const struct timeval patience = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	char name[] = "gaya", command[] = "hash";
	char *const argv[] = {name, command, NULL};

	TRY(child_start(program, argv, NULL, "the process that hashes passwords", &h->pid, &h->fd));
	(void)setsockopt(h->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return OK;
}

static unsigned processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 2 ? 2 : n > MOST ? MOST : (unsigned)n;
}

enum err hashers_start(const char *program, unsigned ms, struct hashers **out)
{
	struct hashers *h = mem_new(sizeof(*h));
	unsigned most = processors();

	pthread_mutex_init(&h->mutex, NULL);
	while (h->n < most) {
		enum err e = start(program, ms, &h->hasher[h->n]);

		if (e != OK) {
			e = fail(e, "%s", err_why());
			hashers_end(h);
			return e;
		}
		h->n++;
	}
	*out = h;
	return OK;
}

/* The server's sandbox forbids it to kill: then a stopped process ends when it continues and finds
 * its socket closed. Nobody waits for that. */
static void end_one(struct hasher *h)
{
	if (h->late && kill(h->pid, SIGKILL) != 0)
		h->pid = 0;
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
	child_end(TAKE(h->pid));
}

void hashers_end(struct hashers *h)
{
	if (!h)
		return;
	for (unsigned i = 0; i < h->n; i++)
		end_one(&h->hasher[i]);
	pthread_mutex_destroy(&h->mutex);
	free(h);
}

unsigned hashers_count(const struct hashers *h)
{
	return h->n;
}

/* Has a late process answered by now? Its answer is thrown away. */
static bool has_caught_up(struct hasher *h)
{
	struct hashed old;
	ssize_t there = recv(h->fd, &old, sizeof(old), MSG_PEEK | MSG_DONTWAIT);

	if (there < 0)
		return false;
	h->late = there != sizeof(old) || socket_receive(h->fd, &old, sizeof(old)) != OK;
	crypto_wipe(&old, sizeof(old));
	return !h->late;
}

static bool is_free(struct hasher *h)
{
	return !h->busy && h->fd >= 0 && (!h->late || has_caught_up(h));
}

static struct hasher *take(struct hashers *h)
{
	LOCKED(&h->mutex);
	for (unsigned i = 0; i < h->n; i++)
		if (is_free(&h->hasher[i])) {
			h->hasher[i].busy = true;
			return &h->hasher[i];
		}
	return NULL;
}

static void give_back(struct hashers *h, struct hasher *hasher, bool late)
{
	LOCKED(&h->mutex);
	hasher->busy = false;
	hasher->late = late;
}

/* Its process was killed, perhaps by a kernel without memory; or it is stopped, or the machine is
 * too busy, which nobody can tell from here: then it is asked again once it has answered. */
static void tell_missing(bool late)
{
	journal(late ? "a process that hashes passwords did not answer in time: until it answers, "
		       "the server hashes in a thread instead"
		     : "a process that hashes passwords has ended: until the server is started "
		       "again, it hashes in a thread instead");
}

bool hashers_ask(struct hashers *h, const char *hash, const char *password, struct hashed *out)
{
	struct question q = {0};
	struct hasher *hasher;
	bool answered, late;

	if (strlen(password) >= sizeof(q.password) || (hash && strlen(hash) >= sizeof(q.hash)))
		return false;
	hasher = take(h);
	if (!hasher)
		return false;
	snprintf(q.hash, sizeof(q.hash), "%s", hash ? hash : "");
	snprintf(q.password, sizeof(q.password), "%s", password);
	errno = 0;
	answered = socket_send(hasher->fd, &q, sizeof(q)) == OK &&
	           socket_receive(hasher->fd, out, sizeof(*out)) == OK;
	late = !answered && errno == EAGAIN; /* the socket's timeout */
	crypto_wipe(&q, sizeof(q));
	if (!answered)
		tell_missing(late);
	if (!answered && !late)
		end_one(hasher);
	give_back(h, hasher, late);
	return answered;
}
