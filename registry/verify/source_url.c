#include "registry/verify/source.h"

#include "audit/note.h"
#include "audit/store_sqlite.h"
#include "base/fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Retries a busy server after 1, 2, 4 and 8 seconds; only once, or its slowest part would delay all
 * the rest. */
#define PATIENCE 4
#define NAP_MS 250 /* between two checks whether to stop */
/* Contents may be files of 20 MiB, over a slow connection. */
#define CONNECT_MS (10 * 1000L)
#define TOTAL_MS (60 * 1000L)
#define FILE_MS (600 * 1000L)
/* "Not found" pages may be longer than the expected answer. */
#define ANSWER_LEAST MIB

struct site {
	struct fetch *fetch;
	struct fetch **lent; /* the caller's, if it keeps the connection */
	bool (*stopping)(void *arg);
	void *arg;
	bool tired;         /* the retries were in vain */
	char *base;         /* without "/log" and without a trailing slash */
	struct db *kept;    /* cached contents, because the fold requests some again */
	struct store store; /* over `kept` */
};

static void free_site(void *self)
{
	struct site *s = self;

	if (!s->lent)
		fetch_free(s->fetch);
	db_free(s->kept);
	free(s->base);
	free(s);
}

static enum err wait_for(const struct site *s, unsigned seconds)
{
	const struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};

	for (unsigned i = 0; i < seconds * 1000 / NAP_MS; i++) {
		ENSURE(!s->stopping || !s->stopping(s->arg), ERR_BUSY, "stopped on the way");
		nanosleep(&nap, NULL);
	}
	return OK;
}

static enum err get(struct site *s, const char *path, struct buf *out, int *status)
{
	AUTOFREE char *url = mem_printf("%s/log/%s", s->base, path);
	AUTO(buf) body = BUF(out->max > ANSWER_LEAST ? out->max : ANSWER_LEAST);

	TRY(fetch_get(s->fetch, url, &body, status));
	for (unsigned i = 0; (*status == 429 || *status == 503) && i < PATIENCE && !s->tired; i++) {
		TRY(wait_for(s, 1U << i));
		buf_clear(&body);
		TRY(fetch_get(s->fetch, url, &body, status));
	}
	s->tired = s->tired || *status == 429 || *status == 503;
	if (*status == 200)
		buf_add(out, body.data, body.len);
	return buf_check(out, url);
}

/* The answer neither has the data nor says that it is missing, so nothing is known. */
static enum err odd_answer(struct site *s, const char *path, int status)
{
	return fail(status == 429 || status == 503 ? ERR_BUSY : ERR_SYSTEM,
		"%s/log/%s is answered with HTTP status %d", s->base, path, status);
}

static enum err get_text(struct site *s, const char *path, struct buf *out)
{
	int status;

	TRY(get(s, path, out, &status));
	ENSURE(status != 404, ERR_NOT_FOUND,
		"%s/log/%s is not there: is this a register's address?", s->base, path);
	return status == 200 ? OK : odd_answer(s, path, status);
}

static enum err checkpoint(void *self, struct buf *out)
{
	return get_text(self, "checkpoint", out);
}

static enum err cosigned(void *self, struct buf *out)
{
	return get_text(self, "checkpoint.cosigned", out);
}

static enum err vkey(void *self, struct buf *out)
{
	TRY(get_text(self, "vkey", out));
	while (out->len && strchr("\r\n", out->data[out->len - 1]))
		out->data[--out->len] = '\0';
	return OK;
}

static enum err keys(void *self, struct buf *out)
{
	return get_text(self, "keys", out);
}

/* Truncates a tile to its first `width` hashes or entries. */
static enum err cut(const struct tile *tile, struct buf *b)
{
	struct bytes rest = {(const uint8_t *)buf_text(b), b->len}, entry;
	size_t len = tile->width * SHA256;

	if (tile->entries) {
		for (unsigned i = 0; i < tile->width; i++)
			TRY(bundle_next(&rest, &entry));
		len = b->len - rest.len;
	}
	if (len < b->len)
		b->data[b->len = len] = '\0';
	return OK;
}

static enum err get_tile(struct site *s, const struct tile *tile, struct buf *out, int *status)
{
	AUTO(buf) path = BUF(KIB);

	buf_puts(&path, "tile/");
	tile_path(tile, &path);
	TRY(get(s, buf_text(&path), out, status));
	return *status == 200 || *status == 404 ? OK : odd_answer(s, buf_text(&path), *status);
}

static enum err tile(void *self, const struct tile *at, struct buf *out)
{
	struct tile full = *at;
	int status;

	TRY(get_tile(self, at, out, &status));
	if (status == 404 && at->width < TILE_WIDTH) {
		/* A server may drop a partial tile once the full one exists (tlog-tiles). */
		full.width = TILE_WIDTH;
		TRY(get_tile(self, &full, out, &status));
		if (status == 200)
			TRY(cut(at, out));
	}
	ENSURE(status == 200, ERR_FALSE, "it is missing");
	return OK;
}

static enum err get_content(struct site *s, const struct sha256 *hash, struct buf *out)
{
	char hex[SHA256_HEX], path[sizeof("content/") + SHA256_HEX];
	int status;
	enum err e;

	sha256_hex(hash, hex);
	snprintf(path, sizeof(path), "content/%s", hex);
	fetch_patience(s->fetch, CONNECT_MS, FILE_MS);
	e = get(s, path, out, &status);
	fetch_patience(s->fetch, CONNECT_MS, TOTAL_MS);
	TRY(e);
	ENSURE(status != 410, ERR_GONE, "it is said to be erased");
	ENSURE(status != 403, ERR_DENIED, "it is said not to be public");
	ENSURE(status != 404, ERR_FALSE, "it is missing");
	return status == 200 ? OK : odd_answer(s, path, status);
}

/* A server that answers, but always fails at this content, withholds it: that is not a failure of
 * the connection, after which nothing would be known. */
static bool answers(struct site *s)
{
	AUTO(buf) note = BUF(NOTE_MAX);

	return !(s->stopping && s->stopping(s->arg)) && checkpoint(s, &note) == OK;
}

static enum err content(void *self, const struct sha256 *hash, struct buf *out)
{
	struct site *s = self;
	AUTOFREE char *why = NULL;
	enum err e = s->store.ops->content(s->store.self, hash, out);

	if (e != ERR_NOT_FOUND)
		return e;
	e = get_content(s, hash, out);
	why = mem_text(err_why());
	if (e != OK)
		return fail(e == ERR_SYSTEM && answers(s) ? ERR_NOT_FOUND : e, "%s", why);
	return out->len ? s->store.ops->put_content(s->store.self, hash, out->data, out->len) : OK;
}

static const struct source_ops ops = {
	.checkpoint = checkpoint,
	.cosigned = cosigned,
	.vkey = vkey,
	.keys = keys,
	.tile = tile,
	.content = content,
	.free = free_site,
};

enum err scratch_open(struct db **out)
{
	struct db *db = NULL;
	enum err e;

	TRY(db_open("", DB_WRITE, &db)); /* SQLite's name for a temporary file */
	e = db_exec(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF;"
			"BEGIN");
	if (e != OK) {
		db_free(db);
		return e;
	}
	*out = db;
	return OK;
}

char *source_base_of(const char *url)
{
	size_t len = strlen(url);

	while (len && url[len - 1] == '/')
		len--;
	if (len > 4 && memcmp(url + len - 4, "/log", 4) == 0)
		len -= 4;
	return mem_bytes(url, len);
}

static enum err open_connection(struct site *s, struct fetch **lent)
{
	s->lent = lent;
	if (!lent)
		return fetch_open(&s->fetch);
	if (!*lent)
		TRY(fetch_open(lent));
	s->fetch = *lent;
	return OK;
}

enum err source_url(const char *url, bool (*stopping)(void *arg), void *arg, struct source *out)
{
	return source_url_over(url, NULL, stopping, arg, out);
}

enum err source_url_over(const char *url, struct fetch **lent, bool (*stopping)(void *arg),
	void *arg, struct source *out)
{
	struct site *s = mem_new(sizeof(*s));
	enum err e = open_connection(s, lent);

	if (e == OK)
		e = scratch_open(&s->kept);
	if (e == OK)
		e = store_sqlite_create(s->kept);
	if (e != OK) {
		free_site(s);
		return e;
	}
	fetch_named(s->fetch, url);
	fetch_watch(s->fetch, stopping, arg);
	s->stopping = stopping;
	s->arg = arg;
	s->base = source_base_of(url);
	s->store = store_sqlite(s->kept);
	*out = (struct source){&ops, s, NULL};
	return OK;
}
