/* cache.h - ready-made answers, found by address and encoding.
 *
 * An entry is valid while its generations are current: the register's, the one of the parts that
 * every page shows, and its system's. A change increments generations and drops nothing; stale
 * entries go when their place is needed. The kind of an event's subject decides which generations
 * (registry/event/events.c); on_change() in server.c reports each commit once it is signed, and
 * web_watch_day() each midnight. Generations are read before the snapshot that a page is
 * made from, so a page may be considered too old, never too new. Answers to addresses with a query,
 * such as searches, have at most a quarter of the room. */
#pragma once
#include "base/buf.h"
#include "web/view/routes.h"

enum encoding { IDENTITY, GZIP, BROTLI };

struct MHD_Connection;
struct MHD_Response;
struct ready;
struct cache;
struct changes;
struct cache *cache_new(size_t max_bytes);
void cache_free(struct cache *c);

/* The state that an answer's validity depends on; read it before making the answer. */
struct standing {
	enum keep keep;
	uint32_t slot; /* of the system's counter */
	int64_t taken; /* monotonic seconds, for KEEP_WHILE */
	uint64_t register_, shared, system;
};
struct standing cache_standing(struct cache *c, enum keep keep, const char *slug);
#define ETAG_TEXT 72
#define KEEP_SECONDS 60 /* how long an answer under KEEP_WHILE is valid, whatever changes */
/* Queues the cached answer on the connection, for a request that the gate passed on. False if there
 * is none, or if the client has it already (`none_match`, the If-None-Match header, names it);
 * `etag` is then set to its tag. */
bool cache_send(struct cache *c, struct MHD_Connection *connection, const char *uri,
	enum encoding encoding, const char *none_match, char etag[ETAG_TEXT]);
/* Finds a cached answer to a client that does not have it (`none_match`), for the gate to send. It
 * must be current, and is held until it is released. */
bool cache_find(struct cache *c, const char *uri, enum encoding encoding, const char *none_match,
	struct ready *out);
void cache_release(void *held);
/* Is there a cached answer? For KEEP_WHILE: also one that another request is remaking. */
bool cache_has(struct cache *c, const char *uri, enum encoding encoding);
/* Does an If-None-Match header (may be NULL) name the tag? Weak comparison, RFC 9110 section
 * 13.1.2. */
bool etag_named(const char *none_match, const char *etag);
/* Caches an answer with a body of `len` bytes, which belongs to the response, and owns it from then
 * on, if its standing is still current. The cache's limit covers all memory: bodies, headers, names
 * and malloc()'s overhead. */
void cache_put(struct cache *c, const char *uri, enum encoding encoding,
	const struct standing *standing, const char *etag, struct MHD_Response *response,
	const char *body, size_t len);
void cache_changed(struct cache *c, const struct changes *changes);
/* Bytes held, as the limit counts them, and entries. */
void cache_size(struct cache *c, size_t *bytes, size_t *entries);
