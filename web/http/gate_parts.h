/* gate_parts.h - the insides of gate.c, which decides who may connect and watches the clock, and
 * wire.c, which reads and checks the bytes of one connection. */
#pragma once
#include "web/http/gate.h"
#include "web/http/ready.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#define DESCRIPTORS 65536u /* no connection has a higher one */
#define NETWORKS 65536u    /* counters; networks on one share a limit that is rarely reached */
#define LINGERING 64u

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
extern struct wire *_Atomic wires[DESCRIPTORS];

/* Answers a connection that is refused or ended, in all languages, and closes its sending half. */
void gate_send_fault(const struct gate *g, int fd, const struct fault *fault);
/* Has the gate read what still arrives here, and drop it. */
void gate_linger(struct gate *g, int fd);
/* Has the gate's thread send what wires owe. */
void gate_owe(struct gate *g);

/* The functions below are called under the wire's mutex, except wire_send_owed(). */

/* Sends the answer that a fault or wire_refuse() asks for, after which nothing is read or answered.
 * Called between two answers, when libmicrohttpd writes nothing to this socket. If it does not read
 * any more, check_time() closes the connection. Reading must not be shut down before: the system
 * would answer what is still being sent with a reset, and the client might lose the answer.
 * Returns 0, the result of recv() at the end. */
ssize_t wire_end(struct wire *w);
/* Are all requests before the faulty one answered? libmicrohttpd also reads before it answers. */
bool wire_has_turn(const struct wire *w);
/* True if nothing is owed any more. */
bool wire_send_owed(struct wire *w);
void wire_release(struct wire *w);
