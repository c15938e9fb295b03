/* acceptor.h - accepts connections and distributes them evenly to the server's threads.
 *
 * If all of libmicrohttpd's threads wait on one socket, the kernel keeps waking the same one: in a
 * test with 64 connections opened at once, one thread got all of them and half of the processor was
 * idle. */
#pragma once
#include "base/err.h"

struct MHD_Daemon;
struct acceptor;
struct gate;
/* Listens on "127.0.0.1:8080" or "[::]:8080"; port 0 takes a free one. ERR_SYSTEM if the address is
 * not available. */
MUST_CHECK enum err acceptor_open(const char *listen, struct acceptor **out);
/* Starts accepting the connections that the gate admits; `daemon` was started with
 * MHD_USE_NO_LISTEN_SOCKET and reports their start and end to the gate. */
MUST_CHECK enum err acceptor_start(
	struct acceptor *a, struct gate *gate, struct MHD_Daemon *daemon);
/* Stops accepting. The daemon keeps its open connections. */
void acceptor_free(struct acceptor *a);
unsigned acceptor_port(const struct acceptor *a);
