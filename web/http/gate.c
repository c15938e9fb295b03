#include "web/http/gate.h"
#include "base/locked.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/env.h"
#include "base/languages.h"
#include "web/http/client.h"
#include "web/http/ready.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS 65536u /* no connection has a higher one */
#define RESERVED 256u      /* for files, the office's socket, the database, proofs, metrics */
#define NETWORKS 65536u    /* counters; networks on one share a limit that is rarely reached */
#define TICK_MS 1000u
#define OWED_MS 20u /* between two tries to send what a socket had no room for */
/* libmicrohttpd closes a connection on which it has read nothing for a while (5 seconds at least),
 * so it gets a request now and then. */
#define PASS_MS 2000
#define LINGER_MS 2000
#define LINGERING 64u
/* How long a new connection waits for one that is being closed. New ones that come meanwhile wait
 * in the system's backlog. */
#define MAKING_ROOM_MS 2000
#define T(text) text /* for tests/korean.py; fault_text() translates it */
/* After this many concurrent connections have ended, memory is returned to the system. */
#define TRIM_FROM 256u

struct wire {
	struct gate *gate;
	int fd;
	unsigned network;
	pthread_mutex_t mutex; /* guards everything below */
	struct framing framing;
	uint64_t cleared; /* valid bytes that were not passed on yet */
	char *held;       /* bytes that were received, but not passed on */
	size_t held_n;
	bool came;        /* a head has passed */
	bool making_room; /* end_idle() ended it; guarded by the gate's mutex */
	bool in_body;     /* its body is incomplete */
	bool ended;       /* nothing more is read or answered */
	int64_t ended_at;
	unsigned answered; /* of framing.heads */
	const struct fault
		*fault;        /* reported when libmicrohttpd next reads, after earlier answers */
	int64_t since;         /* of the first byte of a head or body in transit; 0: none */
	int64_t idle;          /* since when it waits for a request; 0: one is in progress */
	uint64_t got;          /* of the body */
	int64_t taking;        /* since when the client has bytes to take; 0: it took all */
	uint64_t taken_before; /* bytes that it had taken then, according to TCP */
	int64_t passed;        /* when libmicrohttpd last read something */
	struct ready owed;     /* was sent in part; `held` is NULL if nothing is owed */
	/* Of wire_refuse(). */
	int status;
	const char *type;
	char *body;

	struct wire *next, *prev; /* of the gate */
};
/* A refused connection: input that still arrives is read for a while and dropped, because closing
 * with unread input would reset the connection and lose the answer. */
struct lingering {
	int fd;
	int64_t until;
};
struct gate {
	struct gate_options options;
	char *headers;
	uint8_t key[16];
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* guards everything below; locked before a wire's */
	pthread_cond_t wake;
	pthread_cond_t moved; /* a connection has its wire, or has left */
	bool woken, closing;
	bool owes; /* some wire owes the rest of an answer */
	struct wire *first;
	unsigned n, peak;     /* connections, also those whose wire does not exist yet */
	unsigned with_wire;   /* of n */
	unsigned making_room; /* of with_wire: ended, but not closed yet */
	uint16_t networks[NETWORKS];
	struct lingering lingering[LINGERING];
	unsigned lingering_n;
	_Atomic uint64_t refused, late, malformed, ready;
};

/* By descriptor, the only argument that recv() gets. */
static struct wire *_Atomic wires[DESCRIPTORS];

static const struct fault
	late_head = {408, T("the head of a request took too long to come")},
	late_body = {408, T("the body of a request took too long to come")},
	full = {503,
		T("this server has as many connections as it can serve; try again in some seconds")},
	crowded = {503,
		T("there are too many connections from this address; close some, and try again")};

/* --- the gate's own answers --- */

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {{400, "Bad Request"}, {403, "Forbidden"}, {408, "Request Timeout"},
		{431, "Request Header Fields Too Large"}, {501, "Not Implemented"},
		{503, "Service Unavailable"}, {505, "HTTP Version Not Supported"}};

	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

/* In all languages, because the client's language is unknown. */
static char *fault_text(const struct fault *fault)
{
	struct buf text = BUF(4 * KIB);
	const char *before = err_language();

	buf_printf(&text, "%s\n", fault->why);
	for (size_t i = 0; i < languages_n; i++) {
		err_speak(languages[i].code);
		if (err_text(fault->why) != fault->why)
			buf_printf(&text, "%s\n", err_text(fault->why));
	}
	err_speak(before);
	return buf_take(&text);
}

static void send_answer(
	const struct gate *g, int fd, int status, const char *type, const char *body)
{
	AUTO(buf) out = BUF(64 * KIB);
	char date[HTTP_DATE];

	http_date(time(NULL), date);
	buf_printf(&out,
		"HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\nContent-Type: %s\r\n"
		"Content-Length: %zu\r\nCache-Control: no-store\r\n%s%s\r\n%s",
		status, reason(status), date, type, strlen(body),
		status == 503 ? "Retry-After: 5\r\n" : "", g->headers, body);
	(void)!send(fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(fd, SHUT_WR);
}

static void send_fault(const struct gate *g, int fd, const struct fault *fault)
{
	AUTOFREE char *text = fault_text(fault);

	send_answer(g, fd, fault->status, "text/plain; charset=utf-8", text);
}

/* Under the mutex. */
static void add_lingering(struct gate *g, int fd)
{
	int copy = g->lingering_n < LINGERING ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;

	if (copy >= 0)
		g->lingering[g->lingering_n++] =
			(struct lingering){copy, monotonic_ms() + LINGER_MS};
}

static void linger(struct gate *g, int fd)
{
	LOCKED(&g->mutex);
	add_lingering(g, fd);
}

/* --- ready answers --- */

static void release_owed(struct wire *w)
{
	if (w->owed.held)
		w->gate->options.release(TAKE(w->owed.held));
}

/* Answers a request, if its answer is ready. All requests before it are answered. */
static bool answer_at_once(struct wire *w, const char *head)
{
	const struct gate_options *o = &w->gate->options;
	int64_t now = monotonic_ms();

	if (!o->find || now - w->passed > PASS_MS || !o->find(o->arg, head, &w->owed))
		return false;
	if (!ready_send(&w->owed, w->fd) || !w->owed.sent) {
		if (w->owed.sent)
			shutdown(w->fd, SHUT_RDWR);
		release_owed(w);
		return false;
	}
	w->cleared = 0;
	w->answered++;
	w->came = true;
	w->since = 0;
	atomic_fetch_add_explicit(&w->gate->ready, 1, memory_order_relaxed);
	if (ready_is_sent(&w->owed))
		release_owed(w);
	w->idle = w->owed.held ? 0 : now;
	return true;
}

/* Has the gate's thread send the rest. */
static void owe(struct gate *g)
{
	LOCKED(&g->mutex);
	if (!g->owes)
		pthread_cond_signal(&g->wake);
	g->owes = true;
}

/* True if nothing is owed any more. */
static bool send_owed(struct wire *w)
{
	int one = 1;
	bool broken;

	LOCKED(&w->mutex);
	if (!w->owed.held)
		return true;
	broken = !ready_send(&w->owed, w->fd);
	if (!broken && !ready_is_sent(&w->owed))
		return false;
	release_owed(w);
	w->idle = monotonic_ms();
	if (broken)
		shutdown(w->fd, SHUT_RDWR);
	/* Nothing was read meanwhile, and epoll would only report what comes from now on. Setting
	 * the same value again makes it look again. */
	setsockopt(w->fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one));
	return true;
}

/* Under the mutex. */
static void send_all_owed(struct gate *g)
{
	bool all = true;

	for (struct wire *w = g->first; w; w = w->next)
		all &= send_owed(w);
	g->owes = !all;
}

/* --- what libmicrohttpd reads --- */

/* `data` is all that was received and not passed on. */
static void hold(struct wire *w, const char *data, size_t len)
{
	if (len)
		w->held = memcpy(mem_resize(w->held, len), data, len);
	else
		free(TAKE(w->held));
	w->held_n = len;
}

/* Called between two answers, when libmicrohttpd writes nothing to this socket. If it does not read
 * any more, check_time() closes the connection. Reading must not be shut down before: the system
 * would answer what is still being sent with a reset, and the client might lose the answer. */
static ssize_t end(struct wire *w)
{
	if (w->ended)
		return 0;
	if (w->body)
		send_answer(w->gate, w->fd, w->status, w->type, w->body);
	else
		send_fault(w->gate, w->fd, w->fault);
	w->ended = true;
	w->ended_at = monotonic_ms();
	return 0;
}

/* Receives bytes and clears valid ones. False if there is nothing to pass on; then `*n` is the
 * result for recv(): 0 at the end, -1 with EAGAIN. `*all`: what it cleared is all that has arrived.
 */
static bool clear_more(struct wire *w, ssize_t *n, bool *all)
{
	bool at_head = w->framing.at == AT_HEAD;
	unsigned heads = w->framing.heads;
	char data[HEAD_MAX + 1];
	size_t len = w->held_n;

	if (len)
		memcpy(data, w->held, len);
	do {
		*n = recvfrom(w->fd, data + len, HEAD_MAX - len, 0, NULL, NULL);
		if (*n <= 0)
			break;
		*all = (size_t)*n < HEAD_MAX - len;
		len += (size_t)*n;
		w->cleared = framing_pass(&w->framing, data, len, &w->fault);
	} while (!w->cleared && !w->fault); /* the end may be right behind */
	if (w->fault)
		atomic_fetch_add(&w->gate->malformed, 1);
	*all &= w->cleared == len;
	data[len] = '\0';
	if (*all && w->framing.at == AT_HEAD && w->framing.heads == heads + 1 &&
		w->answered == heads && answer_at_once(w, data)) {
		hold(w, NULL, 0);
		*n = -1;
		errno = EAGAIN;
		return false;
	}
	hold(w, data, len);
	if (w->cleared) {
		w->came = true;
		w->idle = 0;
		w->in_body = w->framing.at != AT_HEAD || w->cleared > len;
		if (at_head) {
			w->since = w->in_body ? monotonic_ms() : 0;
			w->got = 0;
		}
		return true;
	}
	if (at_head && len && !w->since) {
		w->since = monotonic_ms();
		w->idle = 0;
	}
	return false;
}

/* Are all requests before the faulty one answered? libmicrohttpd also reads before it answers. */
static bool is_its_turn(const struct wire *w)
{
	return w->framing.heads == w->answered + w->in_body;
}

/* Passes on cleared bytes. The result of recv(). */
static ssize_t pass_on(struct wire *w, char *out, size_t max)
{
	size_t n = w->cleared < max ? w->cleared : max;

	if (!w->held_n)
		return recvfrom(w->fd, out, n, 0, NULL, NULL);
	n = n < w->held_n ? n : w->held_n;
	memcpy(out, w->held, n);
	w->held_n -= n;
	memmove(w->held, w->held + n, w->held_n);
	if (!w->held_n)
		free(TAKE(w->held));
	return (ssize_t)n;
}

/* Passes on as much as possible: libmicrohttpd takes a short read for the end of input, and waits
 * for the socket to report more. It reports what arrives after the last look, too. */
static ssize_t take(struct wire *w, char *out, size_t max)
{
	ssize_t n = -1;
	size_t got = 0;
	bool all = false;

	if (w->ended || (w->body && is_its_turn(w)))
		return end(w);
	if (w->owed.held) {
		errno = EAGAIN;
		return -1;
	}
	while (got < max) {
		if (!w->cleared && (all || w->fault || !clear_more(w, &n, &all)))
			break;
		n = pass_on(w, out + got, max - got);
		if (n <= 0)
			break;
		got += (size_t)n;
		w->got += (uint64_t)n;
		w->cleared -= (uint64_t)n;
		if (!w->cleared && w->framing.at == AT_HEAD) {
			w->in_body = false;
			w->since = 0;
		}
	}
	if (w->fault && !w->cleared && is_its_turn(w))
		return end(w);
	if (got) {
		w->passed = monotonic_ms();
		return (ssize_t)got;
	}
	if (w->fault && !w->cleared) {
		errno = EAGAIN;
		return -1;
	}
	return n;
}

ssize_t recv(int fd, void *data, size_t len, int flags)
{
	struct wire *w = fd >= 0 && (unsigned)fd < DESCRIPTORS ? wires[fd] : NULL;
	bool ended, owes;
	ssize_t n;

	if (!w)
		return recvfrom(fd, data, len, flags, NULL, NULL);
	pthread_mutex_lock(&w->mutex);
	ended = w->ended;
	n = take(w, data, len);
	ended = w->ended && !ended;
	owes = w->owed.held != NULL;
	pthread_mutex_unlock(&w->mutex);
	if (ended)
		linger(w->gate, fd);
	if (owes)
		owe(w->gate);
	return n;
}

bool wire_refuse(struct wire *w, int status, const char *type, char *body)
{
	bool may, ends;

	pthread_mutex_lock(&w->mutex);
	may = w->in_body && !w->ended && !w->body;
	if (may) {
		w->status = status;
		w->type = type;
		w->body = TAKE(body);
	}
	ends = may && is_its_turn(w);
	if (ends)
		end(w);
	pthread_mutex_unlock(&w->mutex);
	if (ends)
		linger(w->gate, w->fd);
	free(body);
	return may;
}

int64_t wire_pace(struct wire *w, unsigned ms)
{
	int64_t pace = -1, had;

	LOCKED(&w->mutex);
	had = w->in_body && !w->ended && !w->body ? monotonic_ms() - w->since : -1;
	if (had >= ms)
		pace = (int64_t)(w->got * 1000) / (had + 1);
	return pace;
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
	send_fault(g, fd, fault);
	linger(g, fd);
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
	release_owed(w);
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
	ends = why == MHD_REQUEST_TERMINATED_COMPLETED_OK && !w->ended && is_its_turn(w) &&
	       (w->body || (w->fault && !w->cleared));
	if (ends)
		end(w);
	pthread_mutex_unlock(&w->mutex);
	if (ends)
		linger(w->gate, w->fd);
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
		if (is_its_turn(w)) {
			end(w);
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
