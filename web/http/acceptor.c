#include "web/http/acceptor.h"

#include "base/buf.h"
#include "web/http/gate.h"
#include "web/http/listen.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024
#define UNSENT (64 * KIB) /* of an answer in the system's memory, for a slow client */
#define PAUSE_US 10000    /* when no descriptor is free: some will be closed */

struct acceptor {
	int fd;
	struct gate *gate;
	struct MHD_Daemon *daemon;
	pthread_t thread;
	bool started;
};

static int bound(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, unsent = UNSENT;

	if (fd < 0)
		return -1;
	/* Leftover connections of the last server must not keep this one from starting. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (at->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	/* Connections inherit this. It makes libmicrohttpd write often and little instead of
	 * megabytes at once, so that it notices progress on a slow line before its idle timeout. */
	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
	if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

enum err acceptor_open(const char *listen, struct acceptor **out)
{
	struct addrinfo *address = NULL;
	struct acceptor *a;
	int fd;

	TRY(listen_address(listen, &address));
	errno = 0;
	fd = bound(address);
	freeaddrinfo(address);
	ENSURE(fd >= 0 || errno != EACCES, ERR_DENIED,
		"cannot listen on %s: a port below 1024 is for root's power, which a server gives up. Take another, "
		"and a proxy in front",
		listen);
	ENSURE(fd >= 0, ERR_SYSTEM, "cannot listen on %s: is another program using it?", listen);
	a = mem_new(sizeof(*a));
	a->fd = fd;
	*out = a;
	return OK;
}

/* libmicrohttpd chooses the thread by the descriptor number modulo their count; connections that
 * arrive together have consecutive numbers. It closes those it cannot take. */
static void take(struct acceptor *a, int fd, const struct sockaddr *from, socklen_t len)
{
	if (gate_admits(a->gate, fd, from) &&
		mhd.add_connection(a->daemon, fd, from, len) != MHD_YES)
		gate_leave(a->gate, from);
}

static void *accept_all(void *arg)
{
	struct acceptor *a = arg;

	for (;;) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);
		int fd = accept4(
			a->fd, (struct sockaddr *)&from, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0)
			take(a, fd, (struct sockaddr *)&from, len);
		else if (errno == EINVAL) /* shut down */
			return NULL;
		else if (errno != EINTR && errno != ECONNABORTED)
			usleep(PAUSE_US);
	}
}

enum err acceptor_start(struct acceptor *a, struct gate *gate, struct MHD_Daemon *daemon)
{
	a->gate = gate;
	a->daemon = daemon;
	ENSURE(pthread_create(&a->thread, NULL, accept_all, a) == 0, ERR_SYSTEM,
		"no thread for new connections");
	a->started = true;
	return OK;
}

void acceptor_free(struct acceptor *a)
{
	if (!a)
		return;
	shutdown(a->fd, SHUT_RDWR);
	if (a->started)
		pthread_join(a->thread, NULL);
	close(a->fd);
	free(a);
}

unsigned acceptor_port(const struct acceptor *a)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (getsockname(a->fd, (struct sockaddr *)&at, &len) != 0)
		return 0;
	return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&at)->sin6_port
					      : ((struct sockaddr_in *)(void *)&at)->sin_port);
}
