/* cache.h - ready-made answers, found by address and encoding.
 *
 * An entry is good while the generations it was made under are: the register's, the standing
 * of what every page shows, and its system's. A change bumps generations and drops nothing;
 * what is stale goes when its place is needed. Generations are taken before the snapshot that
 * a page is made from, so a page can be thought too old, never too new. */
#pragma once
#include "base/buf.h"
#include "web/view/routes.h"

enum encoding { IDENTITY, GZIP, BROTLI };

struct MHD_Connection;
struct MHD_Response;
struct cache;
struct changes;
struct cache *cache_new(size_t max_bytes);
void cache_free(struct cache *c);

/* What an answer's goodness hangs on, to be taken before it is made. */
struct standing {
	enum keep keep;
	uint32_t slot; /* of the system's counter */
	int64_t taken; /* monotonic, seconds: of KEEP_WHILE */
	uint64_t register_, shared, system;
};
struct standing cache_standing(struct cache *c, enum keep keep, const char *slug);
#define ETAG_TEXT 72
/* Queues the kept answer on the connection; false where there is none, or where the reader has
 * it already (`none_match`, the If-None-Match header, names it): then `etag` is set to its tag. */
#define KEEP_SECONDS 60 /* that an answer under KEEP_WHILE stands, whatever changes */
bool cache_send(struct cache *c, struct MHD_Connection *connection, const char *uri,
	enum encoding encoding, const char *none_match, char etag[ETAG_TEXT]);
/* Is there one? Of KEEP_WHILE: also where it is to be made anew by somebody else. */
bool cache_has(struct cache *c, const char *uri, enum encoding encoding);
/* Does an If-None-Match header (may be NULL) name the tag? Weak comparison, RFC 9110 section
 * 13.1.2. */
bool etag_named(const char *none_match, const char *etag);
/* Keeps an answer whose body has `bytes` (taking it over), if what it was made from still stands.
 * The cache's limit is what the process uses for it all: bodies, headers, names, and what malloc()
 * adds. */
void cache_put(struct cache *c, const char *uri, enum encoding encoding,
	const struct standing *standing, const char *etag, struct MHD_Response *response,
	size_t bytes);
void cache_changed(struct cache *c, const struct changes *changes);
/* Bytes held, as the limit counts them, and entries. */
void cache_size(struct cache *c, size_t *bytes, size_t *entries);
