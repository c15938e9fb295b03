#include "web/server/cache.h"
#include "base/locked.h"

#include "base/env.h"
#include "registry/write/register.h"
#include "web/http/mhd.h"
#include "web/http/ready.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 65536u /* counters of systems; sharing one only invalidates too much */
#define BUCKETS 32768u
#define RENEWAL_SECONDS 10 /* allowed time for remaking an answer under KEEP_WHILE */
#define RESPONSE_BYTES 176 /* libmicrohttpd's size of a response without headers, measured */
#define HEADER_BYTES 72    /* the same for each header, without its name and value */

/* There are as many addresses with a query, such as searches, as anybody cares to ask for. They
 * have a share of the room, so that they cannot drive out the pages of records. */
enum share { OF_PAGES, OF_QUERIES, SHARES };
#define QUERIES_SHARE 4 /* a quarter at most */

struct entry {
	char *uri;
	enum encoding encoding;
	struct standing standing;
	char etag[ETAG_TEXT];
	struct MHD_Response *response;
	char *head; /* its headers, as lines */
	const char *body;
	size_t head_len, body_len;
	_Atomic unsigned holders; /* the cache, and answers that are being sent */
	size_t bytes;
	struct entry *chain;         /* in the same bucket */
	struct entry *newer, *older; /* of the same share, in order of use */
};
struct cache {
	pthread_mutex_t mutex;
	size_t bytes, max, entries;
	uint64_t register_, shared;
	struct used {
		struct entry *newest, *oldest;
		size_t bytes;
	} shares[SHARES];
	struct entry *buckets[BUCKETS];
	uint64_t systems[SLOTS];
};

static uint32_t hash_of(const char *s)
{
	uint32_t h = 2166136261u; /* FNV-1a spreads well enough; a collision costs one comparison */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

struct cache *cache_new(size_t max_bytes)
{
	struct cache *c = mem_new(sizeof(*c));

	c->max = max_bytes;
	pthread_mutex_init(&c->mutex, NULL);
	return c;
}

static struct entry **place(struct cache *c, const char *uri, enum encoding encoding)
{
	struct entry **at = &c->buckets[(hash_of(uri) + encoding) % BUCKETS];

	while (*at && ((*at)->encoding != encoding || strcmp((*at)->uri, uri) != 0))
		at = &(*at)->chain;
	return at;
}

static enum share share_of(const char *uri)
{
	return strchr(uri, '?') ? OF_QUERIES : OF_PAGES;
}

static void unlink_use(struct cache *c, struct entry *e)
{
	struct used *u = &c->shares[share_of(e->uri)];

	*(e->newer ? &e->newer->older : &u->newest) = e->older;
	*(e->older ? &e->older->newer : &u->oldest) = e->newer;
	e->newer = e->older = NULL;
	u->bytes -= e->bytes;
}

static void link_newest(struct cache *c, struct entry *e)
{
	struct used *u = &c->shares[share_of(e->uri)];

	e->older = u->newest;
	*(u->newest ? &u->newest->newer : &u->oldest) = e;
	u->newest = e;
	u->bytes += e->bytes;
}

void cache_release(void *held)
{
	struct entry *e = held;

	if (atomic_fetch_sub(&e->holders, 1) > 1)
		return;
	mhd.destroy_response(e->response);
	free(e->head);
	free(e->uri);
	free(e);
}

static void drop(struct cache *c, struct entry **at)
{
	struct entry *e = *at;

	*at = e->chain;
	unlink_use(c, e);
	c->bytes -= e->bytes;
	c->entries--;
	cache_release(e);
}

static bool drop_oldest(struct cache *c, enum share share)
{
	struct entry *e = c->shares[share].oldest;

	if (e)
		drop(c, place(c, e->uri, e->encoding));
	return e != NULL;
}

/* Makes room for an entry; false if it is too large. */
static bool make_room(struct cache *c, enum share share, size_t bytes)
{
	size_t most = share == OF_QUERIES ? c->max / QUERIES_SHARE : c->max;

	if (bytes > most)
		return false;
	while (c->shares[share].bytes + bytes > most && drop_oldest(c, share))
		;
	while (c->bytes + bytes > c->max)
		if (!drop_oldest(c, OF_PAGES) && !drop_oldest(c, OF_QUERIES))
			return false;
	return true;
}

void cache_free(struct cache *c)
{
	if (!c)
		return;
	while (drop_oldest(c, OF_PAGES) || drop_oldest(c, OF_QUERIES))
		;
	pthread_mutex_destroy(&c->mutex);
	free(c);
}

struct standing cache_standing(struct cache *c, enum keep keep, const char *slug)
{
	struct standing s = {.keep = keep, .slot = slug ? hash_of(slug) % SLOTS : 0};

	if (keep == KEEP_WHILE)
		s.taken = monotonic_ms() / 1000;

	LOCKED(&c->mutex);
	s.register_ = c->register_;
	s.shared = c->shared;
	s.system = c->systems[s.slot];
	return s;
}

static bool is_good(const struct cache *c, const struct standing *s)
{
	switch (s->keep) {
	case KEEP_FOREVER:
		return true;
	case KEEP_SYSTEM:
		return s->shared == c->shared && s->system == c->systems[s->slot];
	case KEEP_WHILE:
		return s->register_ == c->register_ ||
		       monotonic_ms() / 1000 < s->taken + KEEP_SECONDS;
	case KEEP_REGISTER:
	case KEEP_MOMENT:
		return s->register_ == c->register_;
	default:
		return false;
	}
}

bool etag_named(const char *none_match, const char *etag)
{
	/* Weak comparison (RFC 9110 section 8.8.3.2) ignores W/. */
	return none_match && etag[0] &&
	       (strcmp(none_match, "*") == 0 || strstr(none_match, strchr(etag, '"')) != NULL);
}

bool cache_send(struct cache *c, struct MHD_Connection *connection, const char *uri,
	enum encoding encoding, const char *none_match, char etag[ETAG_TEXT])
{
	struct entry **at, *e;
	bool sent = false;

	LOCKED(&c->mutex);
	at = place(c, uri, encoding);
	e = *at;
	if (e && !is_good(c, &e->standing)) {
		/* The first one to find it too old remakes it; others get it until then. */
		if (e->standing.keep == KEEP_WHILE)
			e->standing.taken = monotonic_ms() / 1000 + RENEWAL_SECONDS - KEEP_SECONDS;
		else
			drop(c, at);
		e = NULL;
	}
	if (e) {
		unlink_use(c, e);
		link_newest(c, e);
		if (etag_named(none_match, e->etag))
			memcpy(etag, e->etag, ETAG_TEXT);
		else
			sent = mhd.queue_response(connection, MHD_HTTP_OK, e->response) == MHD_YES;
	}
	return sent;
}

bool cache_find(struct cache *c, const char *uri, enum encoding encoding, const char *none_match,
	struct ready *out)
{
	struct entry *e;

	LOCKED(&c->mutex);
	e = *place(c, uri, encoding);
	if (!e || !is_good(c, &e->standing) || etag_named(none_match, e->etag))
		return false;
	unlink_use(c, e);
	link_newest(c, e);
	atomic_fetch_add(&e->holders, 1);
	*out = (struct ready){e->head, e->body, e->head_len, e->body_len, e, 0};
	return true;
}

/* The memory that malloc() uses for this size (glibc: one extra word, in steps of two words, at
 * least four). */
static size_t allocated(size_t bytes)
{
	const size_t step = 2 * sizeof(size_t), least = 4 * sizeof(size_t);
	size_t whole = (bytes + sizeof(size_t) + step - 1) / step * step;

	return whole < least ? least : whole;
}

static enum MHD_Result add_header(
	void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	size_t *sum = cls;

	*sum += allocated(HEADER_BYTES) + allocated(strlen(name) + 1) +
	        allocated(strlen(value) + 1);
	return MHD_YES;
}

static enum MHD_Result add_line(
	void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	buf_printf(cls, "%s: %s\r\n", name, value);
	return MHD_YES;
}

static char *head_of(struct MHD_Response *response, size_t body)
{
	struct buf head = BUF(16 * KIB);

	mhd.get_response_headers(response, add_line, &head);
	buf_printf(&head, "Content-Length: %zu\r\n\r\n", body);
	return buf_take(&head);
}

/* All memory that an entry uses. An answer's headers often take more than its body. */
static size_t used(const char *uri, const char *head, struct MHD_Response *response, size_t body)
{
	size_t sum = allocated(sizeof(struct entry)) + allocated(strlen(uri) + 1) +
	             allocated(strlen(head) + 1) + allocated(RESPONSE_BYTES) + allocated(body);

	mhd.get_response_headers(response, add_header, &sum);
	return sum;
}

bool cache_has(struct cache *c, const char *uri, enum encoding encoding)
{
	struct entry *e;

	LOCKED(&c->mutex);
	e = *place(c, uri, encoding);
	return e && is_good(c, &e->standing);
}

void cache_put(struct cache *c, const char *uri, enum encoding encoding,
	const struct standing *standing, const char *etag, struct MHD_Response *response,
	const char *body, size_t len)
{
	AUTOFREE char *head = head_of(response, len);
	size_t bytes = used(uri, head, response, len), head_len = strlen(head);
	struct entry *e, **at;

	pthread_mutex_lock(&c->mutex);
	at = place(c, uri, encoding);
	if (*at)
		drop(c, at);
	if (is_good(c, standing) && make_room(c, share_of(uri), bytes)) {
		e = mem_new(sizeof(*e));
		*e = (struct entry){.uri = mem_text(uri),
			.encoding = encoding,
			.standing = *standing,
			.response = response,
			.head_len = head_len,
			.head = TAKE(head),
			.body = body,
			.body_len = len,
			.holders = 1,
			.bytes = bytes};
		snprintf(e->etag, sizeof(e->etag), "%s", etag);
		at = place(c, uri, encoding); /* making room may have changed the bucket */
		e->chain = *at;
		*at = e;
		link_newest(c, e);
		c->bytes += bytes;
		c->entries++;
		response = NULL;
	}
	pthread_mutex_unlock(&c->mutex);
	if (response)
		mhd.destroy_response(response);
}

void cache_changed(struct cache *c, const struct changes *changes)
{
	LOCKED(&c->mutex);
	c->register_++;
	if (changes->touches & TOUCHES_EVERY_SYSTEM)
		c->shared++;
	for (size_t i = 0; i < changes->n; i++)
		c->systems[hash_of(changes->systems[i]) % SLOTS]++;
}

void cache_size(struct cache *c, size_t *bytes, size_t *entries)
{
	LOCKED(&c->mutex);
	*bytes = c->bytes;
	*entries = c->entries;
}
