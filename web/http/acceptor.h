/* acceptor.h - takes connections in and deals them out evenly to the server's threads.
 *
 * Where all of libmicrohttpd's threads wait on one socket, the kernel wakes the same one again
 * and again: of 64 connections opened at once one thread was seen to get all, and half of the
 * processor stood idle. */
#pragma once
#include "base/err.h"

struct MHD_Daemon;
struct acceptor;
struct gate;
/* Listens on "127.0.0.1:8080" or "[::]:8080"; port 0 takes a free one. ERR_SYSTEM when the address
 * cannot be had. */
MUST_CHECK enum err acceptor_open(const char *listen, struct acceptor **out);
/* Begins to take those connections that the gate admits; `daemon` was started with
 * MHD_USE_NO_LISTEN_SOCKET, and tells the gate of their beginning and end. */
MUST_CHECK enum err acceptor_start(
	struct acceptor *a, struct gate *gate, struct MHD_Daemon *daemon);
/* Takes no more. The daemon goes on with those it has. */
void acceptor_free(struct acceptor *a);
unsigned acceptor_port(const struct acceptor *a);
