/* witness_server.h - a witness over HTTP (C2SP tlog-witness):
 *
 *     POST <prefix>/add-checkpoint
 *     GET  <prefix>/<hex SHA-256 of an origin>/checkpoint
 *
 * One thread answers, so the witness's state belongs to it while the server runs. */
#pragma once
#include "audit/witness.h"

struct witness_server;
/* `prefix` is "" or "/path". `witness` must outlive it. ERR_SYSTEM if the address is not available.
 */
MUST_CHECK enum err witness_serve(const struct witness *witness, const char *listen,
	const char *prefix, struct witness_server **out);
void witness_server_stop(struct witness_server *s);
unsigned witness_server_port(const struct witness_server *s);
