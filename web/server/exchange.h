/* exchange.h - a request and its answer in libmicrohttpd: the callbacks (exchange.c) and sending
 * the answer (response.c). Only for these two and server.c.
 *
 * libmicrohttpd calls back with the address, then with the headers, with each piece of the body,
 * and once more when the body is complete; that last call, or the one after a wait, queues the
 * answer. */
#pragma once
#include "web/http/mhd.h"
#include "web/server/server.h"

/* Memory of a connection, for a request's head, its parsed parts and the answer's head. Cleared for
 * each request. */
#define CONNECTION_MEMORY (24 * KIB)

/* --- exchange.c --- */

/* Make and free the exchange of a request: libmicrohttpd's first and last callbacks. */
void *exchange_on_uri(void *cls, const char *uri, struct MHD_Connection *connection);
void exchange_on_completed(void *cls, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode why);
enum MHD_Result exchange_on_request(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_len, void **state);
/* The best encoding that an Accept-Encoding header (may be NULL) allows. */
enum encoding encoding_accepted(const char *header);
/* A header of the request; NULL if there is none of this name. */
const char *request_header(struct exchange *x, const char *name);

/* --- find.c --- */

/* For gate_options, with the server as `arg`: a cached answer, released by cache_release(). */
bool exchange_find(void *arg, const char *head, struct ready *out);

/* --- response.c --- */

/* Appends the headers of every answer, as lines. */
void response_standing_headers(const struct web *web, struct buf *out);

/* Sends the exchange's response, or a 304 if the client has it already. Caches it if the route
 * allows. */
enum MHD_Result response_send(struct exchange *x);
/* Status 304, without a body. */
enum MHD_Result response_send_not_modified(struct exchange *x);
