/* exchange.h - an exchange on its way through libmicrohttpd: what its calls become (exchange.c) and
 * how its answer goes out (response.c), for these two and server.c alone.
 *
 * libmicrohttpd calls for an address, then for a request's headers, for each piece of its body, and
 * once more when all of it is there; that last call, or the one after a wait, queues the answer. */
#pragma once
#include "web/http/mhd.h"
#include "web/server/server.h"

/* Of a connection: a head and where its parts are, and the head of the answer. Cleared for each
 * request. */
#define CONNECTION_MEMORY (24 * KIB)

/* --- exchange.c --- */

/* Makes the exchange of a request, and frees it: what libmicrohttpd calls around all others. */
void *exchange_on_uri(void *cls, const char *uri, struct MHD_Connection *connection);
void exchange_on_completed(void *cls, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode why);
enum MHD_Result exchange_on_request(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_len, void **state);
/* A header of the request; NULL where it has none of this name. */
const char *request_header(struct exchange *x, const char *name);

/* --- response.c --- */

/* Those that every answer has, as lines. */
void response_standing_headers(const struct web *web, struct buf *out);

/* Sends the response that the exchange has, or that the reader has it already. It is kept as well,
 * where it may be. */
enum MHD_Result response_send(struct exchange *x);
/* Status 304, without a body. */
enum MHD_Result response_send_not_modified(struct exchange *x);
