/* gate.h - limits who may connect to a server and for how long, and checks the bytes that its
 * parser reads.
 *
 * libmicrohttpd repairs malformed input where it can (a bare LF, a folded line, two lengths),
 * answers the rest with pages of its own, and has no time limit except since the last byte. It has
 * no hook between socket and parser, but it calls the C library's recv() through the dynamic
 * linker, which finds the recv() of wire.c first. For a gate's connections, that recv() passes on
 * only complete heads that framing.h accepts, and their bodies; on a fault it answers itself and
 * ends the connection. It also answers requests whose answer is ready, of which libmicrohttpd
 * never learns. For every other socket of the program it is the system's recv().
 *
 * A connection has a wire from its start to its end. */
#pragma once
#include "base/err.h"
#include "web/http/framing.h"
#include "web/http/mhd.h"

struct gate;
struct ready;
struct wire;
struct gate_options {
	unsigned connections; /* at once */
	unsigned per_network; /* of one IPv4 address or IPv6 /64; 0: no limit of its own */
	unsigned patience_ms; /* for a head from its first byte on, and for a body to begin; a
	                       * client may take three times as long to receive data; 0:
	                       * PATIENCE_MS */
	const char *headers;  /* lines that every answer has, "Name: value\r\n" each; copied */
	/* Called every second, and after gate_wake(); may be NULL. */
	void (*tick)(void *arg);
	/* Finds the answer to a request that has no body, if it is ready; false passes the request
	 * on. `head` is valid, and ends in a NUL. May be NULL. */
	bool (*find)(void *arg, const char *head, struct ready *out);
	void (*release)(void *held); /* ends what find() held */
	void *arg;
};
/* The limit to give to libmicrohttpd, which also counts idle connections being closed. */
#define GATE_SLACK 64u
#define GATE_CONNECTIONS(n) ((unsigned)(n) + 2 * GATE_SLACK)
#define PATIENCE_MS 20000u
/* The minimum rate of a body, in bytes a second, once the patience is over. */
#define BODY_PACE (16 * KIB)
/* The minimum rate, in bytes a second, at which a client must take an answer; no usable line is
 * slower. */
#define ANSWER_PACE (8 * KIB)

MUST_CHECK enum err gate_new(const struct gate_options *options, struct gate **out);
/* Call it when no connection is left. */
void gate_free(struct gate *g);
/* Makes the next tick happen at once. */
void gate_wake(struct gate *g);
/* The number of possible connections, at most `most`: the descriptor limit less the descriptors for
 * files, the office's socket and the database. Raises the limit to the hard limit first. */
unsigned gate_room(unsigned most);

/* For acceptor.c: may one more connection come from this address? If not, the gate has answered
 * with the reason and the connection is closed. If the daemon does not take an admitted connection,
 * call gate_leave(). */
bool gate_admits(struct gate *g, int fd, const struct sockaddr *from);
void gate_leave(struct gate *g, const struct sockaddr *from);
/* For MHD_OPTION_NOTIFY_CONNECTION, with the gate. */
void gate_on_connection(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code);

/* Marks a request as answered: its connection is idle until the next one. Call it from
 * MHD_OPTION_NOTIFY_COMPLETED. */
void gate_on_completed(struct MHD_Connection *connection, enum MHD_RequestTerminationCode why);

/* The wire of a connection, valid while it lasts; NULL if its bytes do not pass through the gate.
 */
struct wire *gate_wire(struct MHD_Connection *connection);
/* Ends a request whose body is still arriving: answers it and closes the connection. False if the
 * body is complete or ended. Takes `body` over. */
bool wire_refuse(struct wire *w, int status, const char *type, char *body);
/* The same with an error and err_why(): as JSON for a `program`, else as one sentence. */
bool wire_refuse_error(struct wire *w, enum err e, bool program);

/* The rate of a body that is still arriving and began at least `ms` ago, in bytes a second; else
 * -1. */
int64_t wire_pace(struct wire *w, unsigned ms);

struct gate_health {
	unsigned connections, max;
	/* Connections and requests since the start; `ready`: answered without libmicrohttpd. */
	uint64_t refused, late, malformed, ready;
};
struct gate_health gate_health(struct gate *g);
