#include "web/http/gate_parts.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/env.h"
#include "base/locked.h"
#include "web/http/client.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define RESERVED 256u /* for files, the office's socket, the database, proofs, metrics */
#define TICK_MS 1000u
#define OWED_MS 20u /* between two tries to send what a socket had no room for */
#define LINGER_MS 2000
/* How long a new connection waits for one that is being closed. New ones that come meanwhile wait
 * in the system's backlog. */
#define MAKING_ROOM_MS 2000
#define T(text) text /* for tests/korean.py; fault_text() translates it */
/* After this many concurrent connections have ended, memory is returned to the system. */
#define TRIM_FROM 256u

static const struct fault
	late_head = {408, T("the head of a request took too long to come")},
	late_body = {408, T("the body of a request took too long to come")},
	full = {503,
		T("this server has as many connections as it can serve; try again in some seconds")},
	crowded = {503,
		T("there are too many connections from this address; close some, and try again")};

/* --- refused and ended connections --- */

/* Under the mutex. */
static void add_lingering(struct gate *g, int fd)
{
	int copy = g->lingering_n < LINGERING ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;

	if (copy >= 0)
		g->lingering[g->lingering_n++] =
			(struct lingering){copy, monotonic_ms() + LINGER_MS};
}

void gate_linger(struct gate *g, int fd)
{
	LOCKED(&g->mutex);
	add_lingering(g, fd);
}

/* --- what wires owe --- */

void gate_owe(struct gate *g)
{
	LOCKED(&g->mutex);
	if (!g->owes)
		pthread_cond_signal(&g->wake);
	g->owes = true;
}

/* Under the mutex. */
static void send_all_owed(struct gate *g)
{
	bool all = true;

	for (struct wire *w = g->first; w; w = w->next)
		all &= wire_send_owed(w);
	g->owes = !all;
}

/* --- connections --- */

unsigned gate_room(unsigned most)
{
	struct rlimit files;
	rlim_t room;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return RESERVED;
	files.rlim_cur = files.rlim_max < DESCRIPTORS ? files.rlim_max : DESCRIPTORS;
	setrlimit(RLIMIT_NOFILE, &files);
	/* A connection may also use a file that it sends or receives. */
	room = files.rlim_cur < 2 * RESERVED ? files.rlim_cur / 4 : (files.rlim_cur - RESERVED) / 2;
	return room < most ? (unsigned)room : most;
}

static unsigned network_of(const struct gate *g, const struct sockaddr *from)
{
	struct client_network network = {.len = 0};

	(void)!client_at(from, &network);
	return (unsigned)(keyed_hash(g->key, network.bytes, network.len) % NETWORKS);
}

/* Makes room: ends the connection that has waited longest for its next request. */
static bool end_idle(struct gate *g)
{
	struct wire *longest = NULL;
	int64_t since = INT64_MAX;

	for (struct wire *w = g->first; w; w = w->next) {
		pthread_mutex_lock(&w->mutex);
		if (w->idle && w->idle <= since) { /* the list starts with the newest */
			longest = w;
			since = w->idle;
		}
		pthread_mutex_unlock(&w->mutex);
	}
	if (!longest)
		return false;
	pthread_mutex_lock(&longest->mutex);
	longest->idle = 0;
	pthread_mutex_unlock(&longest->mutex);
	longest->making_room = true;
	g->making_room++;
	shutdown(longest->fd, SHUT_RDWR);
	return true;
}

static bool has_room(struct gate *g)
{
	return g->n < g->options.connections ||
	       (g->n < g->options.connections + GATE_SLACK && end_idle(g));
}

/* Under the mutex. Threads of the server close and open connections later than the gate decides
 * about them. While some are in between, room comes without a refusal. */
static bool waits_for_room(struct gate *g)
{
	struct timespec until = monotonic_in(MAKING_ROOM_MS);

	while (!has_room(g))
		if ((!g->making_room && g->with_wire == g->n) ||
			pthread_cond_timedwait(&g->moved, &g->mutex, &until) != 0)
			return false;
	return true;
}

bool gate_admits(struct gate *g, int fd, const struct sockaddr *from)
{
	unsigned network = network_of(g, from);
	const struct fault *fault = NULL;

	pthread_mutex_lock(&g->mutex);
	if (g->options.per_network && g->networks[network] >= g->options.per_network)
		fault = &crowded;
	else if ((unsigned)fd >= DESCRIPTORS || !waits_for_room(g))
		fault = &full;
	if (!fault) {
		g->n++;
		g->networks[network]++;
		g->peak = g->n > g->peak ? g->n : g->peak;
	}
	pthread_mutex_unlock(&g->mutex);
	if (!fault)
		return true;
	atomic_fetch_add(&g->refused, 1);
	gate_send_fault(g, fd, fault);
	gate_linger(g, fd);
	close(fd);
	return false;
}

static void leave(struct gate *g, unsigned network)
{
	g->n--;
	g->networks[network]--;
	pthread_cond_signal(&g->moved);
}

void gate_leave(struct gate *g, const struct sockaddr *from)
{
	LOCKED(&g->mutex);
	leave(g, network_of(g, from));
}

static int descriptor(struct MHD_Connection *connection)
{
	return mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static void open_wire(struct gate *g, struct MHD_Connection *connection, int fd)
{
	const struct sockaddr *from =
		mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
			->client_addr;
	struct wire *w = mem_new(sizeof(*w));

	w->gate = g;
	w->fd = fd;
	w->network = network_of(g, from);
	w->idle = w->passed = monotonic_ms();
	pthread_mutex_init(&w->mutex, NULL);
	pthread_mutex_lock(&g->mutex);
	w->next = g->first;
	if (g->first)
		g->first->prev = w;
	g->first = w;
	g->with_wire++;
	pthread_cond_signal(&g->moved);
	pthread_mutex_unlock(&g->mutex);
	wires[fd] = w;
}

static void close_wire(struct gate *g, struct wire *w)
{
	wires[w->fd] = NULL;
	pthread_mutex_lock(&g->mutex);
	*(w->prev ? &w->prev->next : &g->first) = w->next;
	if (w->next)
		w->next->prev = w->prev;
	g->with_wire--;
	g->making_room -= w->making_room;
	leave(g, w->network);
	pthread_mutex_unlock(&g->mutex);
	pthread_mutex_destroy(&w->mutex);
	wire_release(w);
	free(w->held);
	free(w->body);
	free(w);
}

void gate_on_connection(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code)
{
	int fd = descriptor(connection);

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		open_wire(cls, connection, fd);
	else
		close_wire(cls, wires[fd]);
}

struct wire *gate_wire(struct MHD_Connection *connection)
{
	struct wire *w = wires[descriptor(connection)];

	return w && w->came ? w : NULL;
}

void gate_on_completed(struct MHD_Connection *connection, enum MHD_RequestTerminationCode why)
{
	struct wire *w = wires[descriptor(connection)];
	bool ends;

	pthread_mutex_lock(&w->mutex);
	w->answered++;
	w->idle = w->since ? 0 : monotonic_ms();
	/* libmicrohttpd may not read again: the faulty bytes are here already. */
	ends = why == MHD_REQUEST_TERMINATED_COMPLETED_OK && !w->ended && wire_has_turn(w) &&
	       (w->body || (w->fault && !w->cleared));
	if (ends)
		wire_end(w);
	pthread_mutex_unlock(&w->mutex);
	if (ends)
		gate_linger(w->gate, w->fd);
}

struct gate_health gate_health(struct gate *g)
{
	struct gate_health h = {.max = g->options.connections,
		.refused = g->refused,
		.late = g->late,
		.malformed = g->malformed,
		.ready = g->ready};

	LOCKED(&g->mutex);
	h.connections = g->n;
	return h;
}

/* --- the clock --- */

/* Has sent data waited too long to be taken? A client that reads a byte per second could hold a
 * connection and its data for any time. This asks TCP, because libmicrohttpd writes without telling
 * us. */
static bool takes_too_long(struct wire *w, int64_t now)
{
	struct tcp_info tcp = {0};
	socklen_t len = sizeof(tcp);
	int64_t took;

	if (getsockopt(w->fd, IPPROTO_TCP, TCP_INFO, &tcp, &len) != 0 ||
		(!tcp.tcpi_unacked && !tcp.tcpi_notsent_bytes)) {
		w->taking = 0;
		return false;
	}
	if (!w->taking) {
		w->taking = now;
		w->taken_before = tcp.tcpi_bytes_acked;
	}
	took = now - w->taking -
	       (int64_t)((tcp.tcpi_bytes_acked - w->taken_before) * 1000 / ANSWER_PACE);
	return took > 3 * (int64_t)w->gate->options.patience_ms;
}

/* Discards waiting bytes too, which are in the system's memory, not in ours. */
static void drop(struct wire *w)
{
	const struct linger now = {.l_onoff = 1};

	w->taking = 0;
	w->ended = true;
	atomic_fetch_add(&w->gate->late, 1);
	setsockopt(w->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	shutdown(w->fd, SHUT_RDWR);
}

static void check_time(struct gate *g, struct wire *w, int64_t now)
{
	int64_t taken;

	LOCKED(&w->mutex);
	taken = w->since ? now - w->since : 0;
	if (w->in_body)
		taken -= (int64_t)(w->got * 1000 / BODY_PACE);
	if (taken > g->options.patience_ms && !w->fault && !w->ended && !w->body) {
		w->fault = w->in_body ? &late_body : &late_head;
		w->cleared = 0;
		atomic_fetch_add(&g->late, 1);
		if (wire_has_turn(w)) {
			wire_end(w);
			add_lingering(g, w->fd);
		}
	}
	if (w->ended && now - w->ended_at > LINGER_MS)
		shutdown(w->fd, SHUT_RDWR);
	if (!w->ended && takes_too_long(w, now))
		drop(w);
}

static void drain_lingering(struct gate *g, int64_t now)
{
	char dropped[4 * KIB];

	for (unsigned i = 0; i < g->lingering_n;) {
		struct lingering *l = &g->lingering[i];
		ssize_t n;

		while ((n = recvfrom(l->fd, dropped, sizeof(dropped), MSG_DONTWAIT, NULL, NULL)) >
			0)
			;
		if (n < 0 && errno == EAGAIN && now < l->until && !g->closing) {
			i++;
			continue;
		}
		close(l->fd);
		*l = g->lingering[--g->lingering_n];
	}
}

/* Under the mutex. */
static void watch(struct gate *g)
{
	int64_t now = monotonic_ms();

	for (struct wire *w = g->first; w; w = w->next)
		check_time(g, w, now);
	drain_lingering(g, now);
	if (g->peak >= TRIM_FROM && g->n < g->peak / 2) {
		g->peak = g->n;
		mem_give_back();
	}
}

static void wait_for_tick(struct gate *g)
{
	unsigned ms = g->options.patience_ms / 4 < TICK_MS ? g->options.patience_ms / 4 : TICK_MS;
	int64_t end = monotonic_ms() + ms, left;

	while (!g->woken && !g->closing && (left = end - monotonic_ms()) > 0) {
		struct timespec until = monotonic_in(g->owes && left > OWED_MS ? OWED_MS : left);

		(void)!pthread_cond_timedwait(&g->wake, &g->mutex, &until);
		if (g->owes)
			send_all_owed(g);
	}
	g->woken = false;
}

static void *tick(void *arg)
{
	struct gate *g = arg;

	pthread_mutex_lock(&g->mutex);
	while (!g->closing) {
		wait_for_tick(g);
		watch(g);
		pthread_mutex_unlock(&g->mutex);
		if (g->options.tick)
			g->options.tick(g->options.arg);
		pthread_mutex_lock(&g->mutex);
	}
	pthread_mutex_unlock(&g->mutex);
	return NULL;
}

void gate_wake(struct gate *g)
{
	LOCKED(&g->mutex);
	g->woken = true;
	pthread_cond_signal(&g->wake);
}

enum err gate_new(const struct gate_options *options, struct gate **out)
{
	pthread_condattr_t attr;
	struct gate *g;

	TRY(mhd_need());
	g = mem_new(sizeof(*g));
	g->options = *options;
	if (!g->options.patience_ms)
		g->options.patience_ms = PATIENCE_MS;
	g->headers = mem_text(options->headers);
	crypto_random(g->key, sizeof(g->key));
	pthread_mutex_init(&g->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&g->wake, &attr);
	pthread_cond_init(&g->moved, &attr);
	pthread_condattr_destroy(&attr);
	g->started = pthread_create(&g->thread, NULL, tick, g) == 0;
	if (!g->started) {
		gate_free(g);
		return fail(ERR_SYSTEM, "no thread to watch over connections");
	}
	*out = g;
	return OK;
}

void gate_free(struct gate *g)
{
	if (!g)
		return;
	pthread_mutex_lock(&g->mutex);
	g->closing = true;
	pthread_cond_signal(&g->wake);
	pthread_mutex_unlock(&g->mutex);
	if (g->started)
		pthread_join(g->thread, NULL);
	drain_lingering(g, monotonic_ms());
	pthread_cond_destroy(&g->wake);
	pthread_cond_destroy(&g->moved);
	pthread_mutex_destroy(&g->mutex);
	free(g->headers);
	free(g);
}
