/* gate.h - who may connect to a server of ours, for how long, and what its parser gets to read.
 *
 * libmicrohttpd mends what it can read somehow (a bare LF, a folded line, two lengths), answers the
 * rest with pages of its own, and knows of no time but the one since the last byte. It has no hook
 * between socket and parser; but it calls recv() of the C library through the dynamic linker, and
 * the one that gate.c defines is found first. For a connection of a gate that recv() hands on whole
 * heads that framing.h found in order, and their bodies; at a fault it answers by itself, and the
 * connection ends. For every other socket of the program it is the recv() of the system.
 *
 * A connection has a wire from its start to its end. */
#pragma once
#include "base/err.h"
#include "web/http/framing.h"
#include "web/http/mhd.h"

struct gate;
struct wire;
struct gate_options {
	unsigned connections; /* at once */
	unsigned per_network; /* of one IPv4 address, of one IPv6 /64; 0: as many as there may be */
	unsigned patience_ms; /* for a head from its first byte on, for a body to begin; 0:
	                       * PATIENCE_MS; three of these for what is sent to be taken */
	const char *headers;  /* lines that every answer has, "Name: value\r\n" each; copied */
	/* Called every second, and after gate_wake(); may be NULL. */
	void (*tick)(void *arg);
	void *arg;
};
/* As many libmicrohttpd must take: idle ones on their way out count, too. */
#define GATE_SLACK 64u
#define GATE_CONNECTIONS(n) ((unsigned)(n) + 2 * GATE_SLACK)
#define PATIENCE_MS 20000u
/* Bytes a second that a body may not stay under once the patience is over. */
#define BODY_PACE (16 * KIB)
/* And those of an answer that a client must take: a line that gives less is none that anybody reads
 * on. */
#define ANSWER_PACE (8 * KIB)

MUST_CHECK enum err gate_new(const struct gate_options *options, struct gate **out);
/* When no connection is left. */
void gate_free(struct gate *g);
/* The next tick is at once. */
void gate_wake(struct gate *g);
/* So many connections may there be: what the limit of descriptors leaves beside those that files,
 * the office's socket and the database need, `most` at most. Raises that limit to the hard one. */
unsigned gate_room(unsigned most);

/* For acceptor.c: whether one more connection may come in from there. Where not, it was told why,
 * and is closed. One that came in and found no server is given back by gate_leave(). */
bool gate_admits(struct gate *g, int fd, const struct sockaddr *from);
void gate_leave(struct gate *g, const struct sockaddr *from);
/* For MHD_OPTION_NOTIFY_CONNECTION, with the gate. */
void gate_on_connection(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code);

/* A request is answered: its connection is idle until the next one. */
void gate_on_completed(struct MHD_Connection *connection);

/* The wire of a connection, as long as that lasts; NULL where what it sent did not come through
 * here. */
struct wire *gate_wire(struct MHD_Connection *connection);
/* Ends a request whose body is still on its way: its sender gets this answer, and the connection is
 * closed. False where the body is there already, or ended. Takes `body` over. */
bool wire_refuse(struct wire *w, int status, const char *type, char *body);

/* Bytes a second at which a body has come, where it is still on its way and began at least `ms`
 * ago; else -1. */
int64_t wire_pace(struct wire *w, unsigned ms);

struct gate_health {
	unsigned connections, max;
	uint64_t refused, late, malformed; /* connections and requests, since the start */
};
struct gate_health gate_health(struct gate *g);
