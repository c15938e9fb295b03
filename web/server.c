#include "web/server.h"

#include "base/crypto.h"
#include "base/file.h"
#include "web/acceptor.h"
#include "web/compress.h"
#include "web/exports.h"
#include "web/filename.h"
#include "web/metrics.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECTIONS 4096
#define IDLE_SECONDS 30
#define HEADERS_MAX (16 * KIB) /* cleared for each request */
#define CACHE_BYTES (256 * MIB)
#define CHECKS_A_QUESTION 10 /* a client may check records so much oftener than it may ask */
#define FILE_BLOCK (64 * KIB) /* of a large file, in memory for each reader */
#define COMPRESS_FROM 512    /* bytes: below, headers weigh more than what is saved */

const struct view *web_view(const struct web *web)
{
	return web->view;
}

const char *web_base(const struct web *web)
{
	return web->base;
}

const char *web_original(const struct web *web)
{
	return reg_original(web->reg);
}

int64_t web_now(const struct web *web)
{
	return env_now(reg_env(web->reg));
}

/* --- what goes out --- */

static const char *cache_control(const struct exchange *x)
{
	if (x->response.private_ || (x->response.status && x->response.status != 200) || !x->route)
		return "no-store";
	switch (x->route->keep) {
	case KEEP_FOREVER:
		return "public, max-age=31536000, immutable";
	case KEEP_MOMENT:
		return "public, max-age=1";
	case KEEP_NEVER:
		return "no-store";
	default: /* kept, but asked about each time: If-None-Match costs no body */
		return "public, no-cache";
	}
}

/* Headers that every answer has: what a page may load is itself and nothing else. */
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

/* The same for a file that others made: it may load nothing, and run nothing in our name. */
#define FILE_POLICY "sandbox; default-src 'none'; frame-ancestors 'none'"

static const char *header_value(const struct response *rs, const struct header *h)
{
	return rs->file && h == headers ? FILE_POLICY : h->value;
}

void response_headers(const struct exchange *x, struct MHD_Response *r, enum encoding encoding)
{
	const struct response *rs = &x->response;
	bool open = strncmp(x->uri, "/log/", 5) == 0 || strncmp(x->uri, "/api/", 5) == 0 ||
		strncmp(x->uri, "/data/", 6) == 0;

	MHD_add_response_header(
		r, "Content-Type", rs->type ? rs->type : "text/html; charset=utf-8");
	MHD_add_response_header(r, "Cache-Control", cache_control(x));
	for (size_t i = 0; i < COUNT(headers); i++)
		MHD_add_response_header(r, headers[i].name, header_value(rs, &headers[i]));
	if (web_original(x->web))
		MHD_add_response_header(r, "Gaya-Mirror-Of", web_original(x->web));
	if (open) /* pages elsewhere may read the log and the data */
		MHD_add_response_header(r, "Access-Control-Allow-Origin", "*");
	MHD_add_response_header(r, "Vary", "Accept-Encoding");
	if (encoding != IDENTITY)
		MHD_add_response_header(r, "Content-Encoding", encoding == BROTLI ? "br" : "gzip");
	if (rs->etag[0])
		MHD_add_response_header(r, "ETag", rs->etag);
	if (rs->location)
		MHD_add_response_header(r, "Location", rs->location);
	if (rs->filename) {
		AUTOFREE char *value = rs->title ? filename_disposition(rs->title, rs->filename)
		                                 : filename_disposition(rs->filename, NULL);

		MHD_add_response_header(r, "Content-Disposition", value);
	}
	if (rs->status == 405)
		MHD_add_response_header(r, "Allow", x->allow);
	if (rs->status == 429 || rs->status == 503 || rs->status == 507)
		MHD_add_response_header(r, "Retry-After", rs->status == 503 ? "5" : "600");
}

/* The body in the encoding that is to be sent; falls back to identity for what is small or
 * packed already. Takes the response's body. */
static void encode(struct exchange *x, enum encoding *encoding, struct buf *out)
{
	const char *type = x->response.type;
	bool binary = type && strncmp(type, "text/", 5) != 0 && !strstr(type, "json") &&
	              !strstr(type, "xml") && !strstr(x->uri, "/tile/entries/");

	if (x->response.body.len < COMPRESS_FROM || binary)
		*encoding = IDENTITY;
	*out = BUF(64 * MIB);
	if (*encoding == BROTLI)
		compress_brotli(x->response.body.data, x->response.body.len, out);
	else if (*encoding == GZIP)
		compress_gzip(x->response.body.data, x->response.body.len, out);
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
	struct MHD_Response *r = MHD_create_response_from_callback(
		spooled_size(f), FILE_BLOCK, read_spooled, f, free_spooled);

	if (!r)
		abort();
	response_headers(x, r, IDENTITY);
	return r;
}

static struct MHD_Response *finished(struct exchange *x, enum encoding encoding, size_t *bytes)
{
	AUTO(buf) body = {0};
	struct MHD_Response *r;

	encode(x, &encoding, &body);
	/* The response owns what it sends, in a piece of memory of just that size. */
	*bytes = body.len;
	r = MHD_create_response_from_buffer_with_free_callback(
		body.len, mem_resize(TAKE(body.data), *bytes ? *bytes : 1), free);
	if (!r)
		abort();
	response_headers(x, r, encoding);
	return r;
}

static enum MHD_Result send_not_modified(struct exchange *x)
{
	struct MHD_Response *r =
		MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
	enum MHD_Result sent;

	MHD_add_response_header(r, "ETag", x->response.etag);
	MHD_add_response_header(r, "Cache-Control", cache_control(x));
	MHD_add_response_header(r, "Vary", "Accept-Encoding");
	sent = MHD_queue_response(x->connection, MHD_HTTP_NOT_MODIFIED, r);
	MHD_destroy_response(r);
	return sent;
}

static const char *header(struct exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

static bool is_kept(const struct route *route)
{
	return route->keep != KEEP_NEVER && route->keep != KEEP_ANEW;
}

/* An address in its plain spelling: others of the same page would fill the cache, and "%2D" in
 * a system's name would miss the counter of that system. */
static bool may_be_kept(const struct exchange *x)
{
	return x->route && is_kept(x->route) && !x->response.private_ && !x->large &&
	       (!x->response.status || x->response.status == 200) && !strpbrk(x->uri, "?%");
}

static enum MHD_Result send_answer(struct exchange *x, const struct standing *standing)
{
	unsigned status = x->response.status ? (unsigned)x->response.status : MHD_HTTP_OK;
	struct MHD_Response *r;
	enum MHD_Result sent;
	size_t bytes = 0;

	if (status == MHD_HTTP_OK && etag_named(header(x, "If-None-Match"), x->response.etag))
		return send_not_modified(x);
	x->large = x->response.spooled != NULL;
	r = x->large ? finished_file(x) : finished(x, x->encoding, &bytes);
	sent = MHD_queue_response(x->connection, status, r);
	if (standing && may_be_kept(x))
		cache_put(x->web->cache, x->uri, x->encoding, standing, x->response.etag, r, bytes);
	else
		MHD_destroy_response(r);
	return sent;
}

/* --- what comes in --- */

/* One encoding of those accepted, with a weight that is not zero (RFC 9110 section 12.5.3). */
static bool accepts(const char *header_value, const char *name)
{
	const char *at = header_value ? strcasestr(header_value, name) : NULL;
	const char *q;

	if (!at)
		return false;
	q = at + strlen(name);
	q += strspn(q, " ;");
	return strncmp(q, "q=0", 3) != 0 || strtod(q + 2, NULL) > 0;
}

static enum encoding encoding_of(struct exchange *x)
{
	const char *accepted = header(x, "Accept-Encoding");

	return accepts(accepted, "br") ? BROTLI : accepts(accepted, "gzip") ? GZIP : IDENTITY;
}

/* To count a client without knowing it. An IPv6 client is its network of 64 bits. */
static uint64_t client_of(struct exchange *x)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const char *forwarded = x->web->trust_proxy ? header(x, "X-Forwarded-For") : NULL;
	const struct sockaddr *sa = info ? info->client_addr : NULL;

	if (forwarded) {
		const char *comma = strrchr(forwarded, ',');

		forwarded = comma ? comma + 1 : forwarded;
		forwarded += strspn(forwarded, " ");
		return keyed_hash(x->web->client_key, forwarded, strlen(forwarded));
	}
	if (sa && sa->sa_family == AF_INET6)
		return keyed_hash(x->web->client_key,
			&((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 8);
	if (sa && sa->sa_family == AF_INET)
		return keyed_hash(x->web->client_key,
			&((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
	return 0;
}

static void choose_language(struct exchange *x)
{
	snprintf(x->request.lang, sizeof(x->request.lang), "%s",
		preferred_language(header(x, "Accept-Language")));
}

/* Another site's page must not post a form here with its visitor's browser. */
static bool is_from_elsewhere(struct exchange *x)
{
	const char *site = header(x, "Sec-Fetch-Site"), *origin = header(x, "Origin");
	const char *host = header(x, "Host"), *at = origin ? strstr(origin, "://") : NULL;

	if (site && strcmp(site, "cross-site") == 0)
		return true;
	if (!origin) /* not a browser's form, or a very old one's */
		return false;
	return strcmp(origin, x->web->base) != 0 && !(at && host && strcmp(at + 3, host) == 0);
}

static enum MHD_Result answer_now(struct exchange *x)
{
	struct standing standing = cache_standing(x->web->cache, x->route->keep, NULL);
	const char *at = strstr(x->uri, "/systems/");

	if (at && x->route->keep == KEEP_SYSTEM) {
		AUTOFREE char *slug = mem_bytes(at + 9, strcspn(at + 9, "/.?"));

		standing = cache_standing(x->web->cache, KEEP_SYSTEM, slug);
	}
	answer(x);
	return send_answer(x, &standing);
}

/* A download: from its file, once that is made. False where there is none to send. */
static bool send_download(struct exchange *x, enum MHD_Result *sent)
{
	switch (exports_send(x->web->exports, x, header(x, "If-None-Match"),
		accepts(header(x, "Accept-Encoding"), "gzip"))) {
	case EXPORT_SENT:
	case EXPORT_WAITS:
		*sent = MHD_YES;
		return true;
	case EXPORT_SAME:
		*sent = send_not_modified(x);
		return true;
	case EXPORT_ENDS:
		*sent = MHD_NO;
		return true;
	case EXPORT_FAILED:
		x->route_error = ERR_BUSY;
		return false;
	case EXPORT_NONE:
		break;
	}
	return false;
}

/* A client that waits for leave to send its file is answered at once, which ends its connection;
 * one that does not wait would not hear it: its file is read and dropped. */
static enum MHD_Result refuse_file(struct exchange *x, enum err e)
{
	x->route_error = e;
	x->why = mem_text(err_why());
	if (!header(x, "Expect"))
		return MHD_YES;
	answer(x);
	return send_answer(x, NULL);
}

/* The first call for a request: its headers are there, its body is not. The answer waits for the
 * second, which keeps the connection open for the next request. */
static enum MHD_Result begin(struct exchange *x, const char *method)
{
	enum err e;

	x->begun = true;
	x->encoding = encoding_of(x);
	x->route_error = request_route(x, method);
	if (x->route_error == OK && x->route->file && !reg_original(x->web->reg)) {
		e = upload_begin(x->web->reg, &x->web->uploads, header(x, UPLOAD_HEADER),
			header(x, "Content-Length"), &x->request.upload);
		return e == OK ? MHD_YES : refuse_file(x, e);
	}
	if (x->route_error == OK && x->route->method == POST) {
		const char *length = header(x, "Content-Length");

		x->body = BUF(x->route->body_max);
		x->over = length && strtoull(length, NULL, 10) > x->route->body_max;
	}
	return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *x, const char *data, size_t *len)
{
	/* A request without a route has no use for a body: it is read and dropped. */
	if (x->request.upload)
		upload_take(x->request.upload, data, *len);
	else if (x->route && !x->route->file && x->route->body_max && !x->over) {
		buf_add(&x->body, data, *len);
		x->over = x->body.over;
	}
	*len = 0;
	return MHD_YES;
}

static void end_of_day(int64_t now, _Atomic int64_t *out)
{
	struct tm day;
	time_t at = now;

	localtime_r(&at, &day);
	day.tm_mday++;
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	day.tm_isdst = -1;
	*out = mktime(&day);
}

/* Reviews fall due without anything being written: with a new day all pages are made anew. */
static void watch_day(struct web *web)
{
	static const char *const everything[] = {"everything"};
	const struct changes changes = {everything, 1};
	int64_t now = web_now(web), end = web->day_end;

	if (now < end)
		return;
	end_of_day(now, &web->day_end);
	cache_changed(web->cache, &changes);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_len, void **state)
{
	struct exchange *x = *state;
	enum MHD_Result sent;

	(void)cls;
	(void)url;
	(void)version;
	x->connection = connection;
	if (!x->begun)
		return begin(x, method);
	watch_day(x->web);
	if (*data_len)
		return take_body(x, data, data_len);
	if (x->answered)
		return send_answer(x, NULL);
	if (x->route_error == OK && x->route->keep == KEEP_BUILT && send_download(x, &sent))
		return sent;
	if (x->route_error == OK && is_kept(x->route) &&
		cache_send(x->web->cache, connection, x->uri, x->encoding,
			header(x, "If-None-Match"), x->response.etag))
		return MHD_YES;
	if (x->response.etag[0]) /* a kept answer that the reader has */
		return send_not_modified(x);
	choose_language(x);
	x->request.client = client_of(x);
	if (x->route_error == OK && x->route->method == POST && is_from_elsewhere(x))
		x->route_error = ERR_DENIED;
	if (x->route_error == OK && x->route->method == POST && reg_original(x->web->reg)) {
		x->route_error = ERR_METHOD; /* a mirror only reads: answer.c says where to write */
		x->allow = "GET, HEAD";
	}
	if (x->route_error != OK) {
		answer(x);
		return send_answer(x, NULL);
	}
	/* At the end a connection is closed without an answer, as if it had come later. */
	if (x->route->method == POST)
		return workers_give(x->web, x) ? MHD_YES : MHD_NO;
	return answer_now(x);
}

/* Bytes that an address may not hold (RFC 3986) and some clients send all the same, encoded: so
 * it is text wherever it is shown. */
static char *encoded_uri(const char *uri)
{
	AUTO(buf) out = BUF(3 * HEADERS_MAX);

	while (*uri) {
		size_t fine = 0;

		while (uri[fine] > ' ' && uri[fine] < 0x7f)
			fine++;
		buf_add(&out, uri, fine);
		uri += fine;
		if (*uri)
			buf_printf(&out, "%%%02X", (unsigned char)*uri++);
	}
	return buf_take(&out);
}

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *x = mem_new(sizeof(*x));

	(void)connection;
	x->web = cls;
	x->uri = encoded_uri(uri);
	return x;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *state;

	(void)cls;
	(void)connection;
	(void)why;
	if (!x)
		return;
	upload_free(x->request.upload);
	free(x->why);
	request_done(&x->request);
	response_done(&x->response);
	buf_done(&x->body);
	free(x->uri);
	free(x);
	*state = NULL;
}

/* --- start and stop --- */

static enum err start_daemon(struct web *web, const struct web_options *o)
{
	unsigned threads = o->threads ? o->threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME |
	                 MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC;

	TRY(acceptor_open(o->listen, &web->acceptor));
	web->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, web,
		MHD_OPTION_THREAD_POOL_SIZE, threads < 2 ? 2 : threads, MHD_OPTION_URI_LOG_CALLBACK,
		on_uri, web, MHD_OPTION_NOTIFY_COMPLETED, on_completed, web,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	ENSURE(web->daemon, ERR_SYSTEM, "the server's threads cannot be started");
	return acceptor_start(web->acceptor, web->daemon);
}

static enum err load_contact_key(struct web *web)
{
	AUTOFREE char *path = file_in(reg_dir(web->reg), REG_CONTACT_PUBLIC);
	AUTO(buf) text = BUF(KIB);

	TRY(file_read(path, &text));
	ENSURE(text.len == 2 * SEAL_PUBLIC + 1, ERR_CORRUPT, "%s is damaged", path);
	text.data[2 * SEAL_PUBLIC] = '\0';
	return hex_parse(text.data, web->contact_public, SEAL_PUBLIC);
}

static void on_change(void *arg, const struct changes *changes)
{
	struct web *web = arg;

	cache_changed(web->cache, changes);
	exports_changed(web->exports);
	witnesses_wake(web->witnesses);
}

static enum err start(struct web *web, const struct web_options *o)
{
	TRY(view_open(&web->view));
	if (!reg_original(web->reg)) /* a mirror is not written to */
		TRY(load_contact_key(web));
	web->tiles = tile_cache_new();
	web->cache = cache_new(o->cache_bytes ? o->cache_bytes : CACHE_BYTES);
	web->limit = limit_new(o->feedback_limit);
	web->checks = limit_new(o->feedback_limit ? CHECKS_A_QUESTION * o->feedback_limit : 0);
	web->spool = spool_new(web->reg);
	web->policies = policies_kept_new();
	web->judge = judge_new(reg_program());
	end_of_day(web_now(web), &web->day_end);
	TRY(exports_start(web, o->exports, &web->exports));
	TRY(witnesses_start(web->reg, &web->witnesses));
	reg_on_change(web->reg, on_change, web);
	TRY(start_daemon(web, o));
	web->base =
		o->base ? mem_text(o->base)
			: mem_printf("http://%.*s:%u", (int)(strrchr(o->listen, ':') - o->listen),
				  o->listen, web_port(web));
	TRY(workers_start(web));
	return o->metrics ? metrics_start(web, o->metrics, &web->metrics) : OK;
}

enum err web_start(struct reg *reg, const struct web_options *options, struct web **out)
{
	struct web *web = mem_new(sizeof(*web));
	enum err e;

	web->reg = reg;
	web->trust_proxy = options->trust_proxy;
	web->last = &web->first;
	crypto_random(web->client_key, sizeof(web->client_key));
	pthread_mutex_init(&web->mutex, NULL);
	pthread_mutex_init(&web->judging, NULL);
	pthread_cond_init(&web->work, NULL);
	e = start(web, options);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		web_stop(web);
		return e;
	}
	*out = web;
	return OK;
}

void web_stop(struct web *web)
{
	if (!web)
		return;
	/* First no new requests; then those with a worker get their answer; then the rest goes. */
	acceptor_free(TAKE(web->acceptor));
	workers_stop(web);
	exports_stop(web->exports);
	if (web->daemon)
		MHD_stop_daemon(web->daemon);
	metrics_stop(web->metrics);
	witnesses_stop(web->witnesses);
	reg_on_change(web->reg, NULL, NULL);
	exports_free(web->exports);
	cache_free(web->cache);
	tile_cache_free(web->tiles);
	limit_free(web->limit);
	limit_free(web->checks);
	spool_free(web->spool);
	policies_kept_free(web->policies);
	judge_free(web->judge);
	policies_done(&web->in_force);
	view_free(web->view);
	pthread_cond_destroy(&web->work);
	pthread_mutex_destroy(&web->mutex);
	pthread_mutex_destroy(&web->judging);
	free(web->base);
	free(web);
}

unsigned web_metrics_port(const struct web *web)
{
	return web->metrics ? metrics_port(web->metrics) : 0;
}

unsigned web_port(const struct web *web)
{
	return acceptor_port(web->acceptor);
}
