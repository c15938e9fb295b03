/* Outgoing answers: an exchange's response with headers, in an encoding that the client accepts. */
#include "web/server/exchange.h"

#include "web/http/compress.h"
#include "web/http/filename.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BLOCK (64 * KIB) /* of a large file, in memory for each reader */
#define COMPRESS_FROM 512     /* bytes: a smaller body saves less than its headers cost */

static const char *cache_control(const struct exchange *x)
{
	if (x->response.goes_back)
		return "private, no-cache";
	if (x->response.private_ || (x->response.status && x->response.status != 200) || !x->route)
		return "no-store";
	switch (x->route->keep) {
	case KEEP_FOREVER:
	case KEEP_ELSEWHERE:
		return "public, max-age=31536000, immutable";
	case KEEP_MOMENT:
		return "public, max-age=1";
	case KEEP_NEVER:
		return "no-store";
	default: /* cached, but revalidated each time: If-None-Match costs no body */
		return "public, no-cache";
	}
}

/* Headers of every answer. A page may load resources of this site only. */
static const struct header {
	const char *name, *value;
} headers[] = {
	{"Content-Security-Policy",
		"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
		"img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
};

/* The policy for a file from others: it may load nothing, and run nothing in our name. */
#define FILE_POLICY "sandbox; default-src 'none'; frame-ancestors 'none'"

static const char *header_value(const struct response *rs, const struct header *h)
{
	return rs->file && h == headers ? FILE_POLICY : h->value;
}

/* For a year after each visit browsers use https only, if the register is served over it. This
 * covers no other names under the city's domain, and asks for no place in browsers' preload
 * lists. */
#define TRANSPORT_SECURITY "Strict-Transport-Security"
#define ONE_YEAR "max-age=31536000"

static bool is_secure(const struct web *web)
{
	return web->site.base && strncasecmp(web->site.base, "https://", 8) == 0;
}

void response_standing_headers(const struct web *web, struct buf *out)
{
	for (size_t i = 0; i < COUNT(headers); i++)
		buf_printf(out, "%s: %s\r\n", headers[i].name, headers[i].value);
	if (is_secure(web))
		buf_puts(out, TRANSPORT_SECURITY ": " ONE_YEAR "\r\n");
}

/* A 304 needs them too, because browsers replace their stored headers with these. */
static void add_standing(const struct exchange *x, struct MHD_Response *r)
{
	for (size_t i = 0; i < COUNT(headers); i++)
		mhd.add_response_header(
			r, headers[i].name, header_value(&x->response, &headers[i]));
	if (is_secure(x->web))
		mhd.add_response_header(r, TRANSPORT_SECURITY, ONE_YEAR);
}

void response_headers(const struct exchange *x, struct MHD_Response *r, enum encoding encoding)
{
	const struct response *rs = &x->response;
	bool open = strncmp(x->uri, "/log/", 5) == 0 || strncmp(x->uri, "/api/", 5) == 0 ||
	            strncmp(x->uri, "/data/", 6) == 0;

	mhd.add_response_header(
		r, "Content-Type", rs->type ? rs->type : "text/html; charset=utf-8");
	mhd.add_response_header(r, "Cache-Control", cache_control(x));
	add_standing(x, r);
	if (site_original(&x->web->site))
		mhd.add_response_header(r, "Gaya-Mirror-Of", site_original(&x->web->site));
	if (open) /* pages of other sites may read the log and the data */
		mhd.add_response_header(r, "Access-Control-Allow-Origin", "*");
	mhd.add_response_header(r, "Vary", "Accept-Encoding");
	if (encoding != IDENTITY)
		mhd.add_response_header(r, "Content-Encoding", encoding == BROTLI ? "br" : "gzip");
	if (rs->etag[0])
		mhd.add_response_header(r, "ETag", rs->etag);
	if (rs->made) {
		char date[HTTP_DATE];

		http_date(rs->made, date);
		mhd.add_response_header(r, "Last-Modified", date);
	}
	for (size_t i = 0; i < COUNT(rs->cookies); i++)
		if (rs->cookies[i])
			mhd.add_response_header(r, "Set-Cookie", rs->cookies[i]);
	if (rs->location)
		mhd.add_response_header(r, "Location", rs->location);
	if (rs->filename) {
		AUTOFREE char *value = rs->title ? filename_disposition(rs->title, rs->filename)
		                                 : filename_disposition(rs->filename, NULL);

		mhd.add_response_header(r, "Content-Disposition", value);
	}
	if (rs->status == 405)
		mhd.add_response_header(r, "Allow", x->allow);
	if (rs->status == 429 || rs->status == 503 || rs->status == 507)
		mhd.add_response_header(r, "Retry-After", rs->status == 503 ? "5" : "600");
}

/* Encodes the body for the client; leaves small or compressed bodies unchanged. Takes the
 * response's body. */
static void encode(struct exchange *x, enum encoding *encoding, struct buf *out)
{
	const char *type = x->response.type;
	/* Most queries are searches, which hardly anybody repeats in the same words. */
	enum compress_for use = strchr(x->uri, '?') ? COMPRESS_ONCE : COMPRESS_KEPT;
	bool binary = type && strncmp(type, "text/", 5) != 0 && !strstr(type, "json") &&
	              !strstr(type, "xml") && !strstr(x->uri, "/tile/entries/");

	if (x->response.body.len < COMPRESS_FROM || binary)
		*encoding = IDENTITY;
	*out = BUF(64 * MIB);
	if (*encoding == BROTLI)
		compress_brotli(x->response.body.data, x->response.body.len, use, out);
	else if (*encoding == GZIP)
		compress_gzip(x->response.body.data, x->response.body.len, use, out);
	else
		*out = TAKE(x->response.body);
}

static ssize_t read_spooled(void *cls, uint64_t at, char *out, size_t max)
{
	int64_t n = spooled_read(cls, at, out, max);

	return n > 0 ? (ssize_t)n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void free_spooled(void *cls)
{
	spooled_free(cls);
}

static struct MHD_Response *finished_file(struct exchange *x)
{
	struct spooled *f = TAKE(x->response.spooled);
	struct MHD_Response *r = mhd.create_response_from_callback(
		spooled_size(f), FILE_BLOCK, read_spooled, f, free_spooled);

	if (!r)
		abort();
	response_headers(x, r, IDENTITY);
	return r;
}

/* The response owns its body: a block of memory of exactly `*len` bytes. */
static struct MHD_Response *finished(
	struct exchange *x, enum encoding encoding, char **body, size_t *len)
{
	AUTO(buf) encoded = {0};
	struct MHD_Response *r;

	encode(x, &encoding, &encoded);
	*len = encoded.len;
	*body = mem_resize(TAKE(encoded.data), *len ? *len : 1);
	r = mhd.create_response_from_buffer_with_free_callback(*len, *body, free);
	if (!r)
		abort();
	response_headers(x, r, encoding);
	return r;
}

enum MHD_Result response_send_not_modified(struct exchange *x)
{
	struct MHD_Response *r =
		mhd.create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
	enum MHD_Result sent;

	mhd.add_response_header(r, "ETag", x->response.etag);
	mhd.add_response_header(r, "Cache-Control", cache_control(x));
	mhd.add_response_header(r, "Vary", "Accept-Encoding");
	add_standing(x, r);
	sent = mhd.queue_response(x->connection, MHD_HTTP_NOT_MODIFIED, r);
	mhd.destroy_response(r);
	return sent;
}

/* Caches only paths in canonical form: other spellings of the same page would fill the cache, and
 * "%2D" in a system's name would miss that system's counter. Queries have many spellings, too, but
 * a share of the cache to themselves, and searches are what costs most. */
static bool is_canonical(const struct exchange *x)
{
	size_t path = strcspn(x->uri, "?%");

	return !x->uri[path] || (x->uri[path] == '?' && x->route->keep == KEEP_REGISTER);
}

static bool may_be_kept(const struct exchange *x)
{
	return x->route && route_is_kept(x->route) && !x->response.private_ && !x->large &&
	       (!x->response.status || x->response.status == 200) && is_canonical(x);
}

enum MHD_Result response_send(struct exchange *x)
{
	unsigned status = x->response.status ? (unsigned)x->response.status : MHD_HTTP_OK;
	struct MHD_Response *r;
	enum MHD_Result sent;
	char *body = NULL;
	size_t len = 0;

	if (status == MHD_HTTP_OK &&
		etag_named(request_header(x, "If-None-Match"), x->response.etag))
		return response_send_not_modified(x);
	x->large = x->response.spooled != NULL;
	r = x->large ? finished_file(x) : finished(x, x->encoding, &body, &len);
	sent = mhd.queue_response(x->connection, status, r);
	if (may_be_kept(x))
		cache_put(x->web->site.cache, x->uri, x->encoding, &x->standing, x->response.etag,
			r, body, len);
	else
		mhd.destroy_response(r);
	return sent;
}
