/* Incoming requests: the callbacks of libmicrohttpd, from a request's first line to its end. */
#include "web/server/exchange.h"

#include "base/crypto.h"
#include "base/journal.h"
#include "base/languages.h"
#include "base/security.h"
#include "web/http/gate.h"
#include "web/server/exports.h"

#include <stdlib.h>
#include <string.h>

const char *request_header(struct exchange *x, const char *name)
{
	return mhd.lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

/* Does the header accept this encoding with a weight above zero (RFC 9110 section 12.5.3)? */
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

enum encoding encoding_accepted(const char *header)
{
	return accepts(header, "br") ? BROTLI : accepts(header, "gzip") ? GZIP : IDENTITY;
}

/* A proxy adds to the header or sends one more, so the last value is its own; anybody can set those
 * before it. */
static enum MHD_Result keep_last(
	void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	const char **last = cls;

	if (value && strcasecmp(name, "X-Forwarded-For") == 0)
		*last = value;
	return MHD_YES;
}

static const char *forwarded_for(struct exchange *x)
{
	const char *last = NULL, *comma;

	mhd.get_connection_values(x->connection, MHD_HEADER_KIND, keep_last, &last);
	comma = last ? strrchr(last, ',') : NULL;
	return comma ? comma + 1 : last;
}

/* Identifies a client for counting. If the proxy gives no address, the client counts as the proxy
 * itself: otherwise each invented name would have its own share. */
static void find_client(struct exchange *x)
{
	const union MHD_ConnectionInfo *info =
		mhd.get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const char *forwarded = x->web->trust_proxy ? forwarded_for(x) : NULL;
	struct client_network *network = &x->request.network;

	if ((forwarded && client_parse(forwarded, network)) ||
		(info && client_at(info->client_addr, network)))
		x->request.client = keyed_hash(x->web->client_key, network->bytes, network->len);
}

static void choose_language(struct exchange *x)
{
	const char *asked = preferred_language(request_header(x, "Accept-Language"));
	bool program = strncmp(x->uri, "/api/", 5) == 0;

	/* A program that names no language gets English everywhere. */
	if (!asked)
		asked = program ? LANGUAGE_OF_C : languages[0].code;
	snprintf(x->request.lang, sizeof(x->request.lang), "%s", asked);
	x->lang = program ? asked : language_at(x->uri);
	if (!x->lang)
		x->lang = LANGUAGE_OF_C;
}

/* Another site's page must not post a form here with its visitor's browser. Over https or to itself
 * a browser says in Sec-Fetch-Site where the form was, which no page can forge: "none" is the
 * reader's own action, "same-site" a neighbour's page, not ours. Over plain http there is only
 * Origin. Our pages send "null" as Origin (Referrer-Policy: no-referrer), but so can other sites'
 * pages, so "null" proves nothing, and a form of unknown origin is accepted. */
static bool is_from_elsewhere(struct exchange *x)
{
	const char *site = request_header(x, "Sec-Fetch-Site"),
		   *origin = request_header(x, "Origin");
	const char *host = request_header(x, "Host"), *at = origin ? strstr(origin, "://") : NULL;

	if (site && (strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0))
		return false;
	if (site && (strcmp(site, "same-site") == 0 || strcmp(site, "cross-site") == 0))
		return true;
	if (!origin || strcmp(origin, "null") == 0)
		return false;
	return strcmp(origin, x->web->site.base) != 0 && !(at && host && strcmp(at + 3, host) == 0);
}

/* The state that the answer's validity depends on, taken before the answer is made. */
static struct standing standing_of(const struct exchange *x)
{
	const char *at = strstr(x->uri, "/systems/");
	AUTOFREE char *slug = at && x->route->keep == KEEP_SYSTEM
	                              ? mem_bytes(at + 9, strcspn(at + 9, "/.?"))
	                              : NULL;

	return cache_standing(x->web->site.cache, x->route->keep, slug);
}

/* Sends a download from its file, once that is made. False if there is none to send. */
static bool send_download(struct exchange *x, enum MHD_Result *sent)
{
	switch (exports_send(x->web->site.exports, x, request_header(x, "If-None-Match"),
		accepts(request_header(x, "Accept-Encoding"), "gzip"))) {
	case EXPORT_SENT:
	case EXPORT_WAITS:
		*sent = MHD_YES;
		return true;
	case EXPORT_SAME:
		*sent = response_send_not_modified(x);
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

static void keep_refusal(struct exchange *x, enum err e)
{
	x->route_error = e;
	x->why = e == OK ? NULL : mem_text(err_why());
}

/* Most senders read an answer only after they have sent their whole body, so a refused one is read
 * and dropped; but no more of it than this above the limit, for it may have no end. */
#define DROPPED_MAX MIB

static bool is_far_over(const struct exchange *x, uint64_t bytes)
{
	return bytes > (x->route ? x->route->body_max : 0) + DROPPED_MAX;
}

/* Answers while the body is still arriving, and ends the connection. False if the body is complete:
 * it gets its answer in the usual way. */
static bool refuse_rest(struct exchange *x)
{
	const char *before;
	enum err e;

	choose_language(x);
	before = err_speak(x->lang);
	e = answer_refusal(x);
	err_speak(before);
	return wire_refuse_error(gate_wire(x->connection), e, strncmp(x->uri, "/api/", 5) == 0);
}

/* A client that waits for permission to send its body gets the answer at once, which closes the
 * connection. One that does not wait would miss it, so its body is read and dropped. */
static enum MHD_Result refuse_body(struct exchange *x)
{
	if (!request_header(x, "Expect"))
		return MHD_YES;
	answer(x);
	return response_send(x);
}

void exchange_let_in(struct exchange *x)
{
	const char *before;

	choose_language(x);
	before = err_speak(x->lang);
	keep_refusal(x, upload_begin(x->web->uploads, gate_wire(x->connection),
				request_header(x, UPLOAD_HEADER),
				request_header(x, "Content-Length"), &x->request.upload));
	err_speak(before);
}

/* For how many seconds may nothing come? 0: for any time. The gate limits the time of a body and
 * answers one that takes too long; libmicrohttpd would close the connection without an answer. */
static void limit_waits(struct exchange *x, unsigned seconds)
{
	mhd.set_connection_option(x->connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

/* The first call for a request has its headers but not its body. Answering in the second call keeps
 * the connection open for the next request. */
static enum MHD_Result begin(struct exchange *x, const char *method)
{
	const char *length = request_header(x, "Content-Length");
	uint64_t announced = length ? strtoull(length, NULL, 10) : 0;
	enum err e;

	x->begun = true;
	patience_begin(&x->request.patience, x->web->site.read_ms, -1); /* restarted for a worker */
	if (!gate_wire(x->connection)) { /* then libmicrohttpd does not read through the gate */
		journal("a request that nothing held to its form is not answered");
		return MHD_NO;
	}
	x->has_time = strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
	if (x->has_time)
		limit_waits(x, 0);
	x->encoding = encoding_accepted(request_header(x, "Accept-Encoding"));
	x->route_error = request_route(x, method);
	if (x->route_error == OK && x->route->file && !reg_original(x->web->site.reg)) {
		x->asks = true; /* a worker decides: this thread must not read the database */
		return workers_give(x->web, x) ? MHD_YES : MHD_NO;
	}
	if (is_far_over(x, announced) && refuse_rest(x))
		return MHD_YES;
	if (x->route_error == OK && x->route->method == POST) {
		size_t max = x->route->body_max, expected = length ? announced : max;

		choose_language(x);
		x->over = expected > max;
		e = x->over ? OK
		            : body_begin(&x->body, x->web->intake,
				      (struct body_sender){.wire = gate_wire(x->connection),
					      .program = strncmp(x->uri, "/api/", 5) == 0,
					      .lang = x->lang},
				      expected, max);
		keep_refusal(x, e);
		return e == OK ? MHD_YES : refuse_body(x);
	}
	return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *x, const char *data, size_t *len)
{
	/* A request without a route needs no body: it is read and dropped. */
	if (x->request.upload)
		upload_take(x->request.upload, data, *len);
	else {
		body_add(&x->body, data, *len);
		x->over |= x->body.over;
		x->came += *len;
		if (is_far_over(x, x->came))
			(void)refuse_rest(x);
	}
	*len = 0;
	return MHD_YES;
}

enum MHD_Result exchange_on_request(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_len, void **state)
{
	struct exchange *x = *state;
	enum MHD_Result sent;

	x->connection = connection;
	if (!x->begun)
		return begin(x, method);
	if (x->asks) { /* the first call again, after the wait */
		x->asks = false;
		return x->route_error == OK ? MHD_YES : refuse_body(x);
	}
	web_watch_day(x->web);
	if (*data_len)
		return take_body(x, data, data_len);
	if (x->answered)
		return response_send(x);
	if (x->route_error == OK && x->route->keep == KEEP_BUILT && !strchr(x->uri, '?') &&
		send_download(x, &sent))
		return sent;
	if (x->route_error == OK && route_is_kept(x->route) &&
		cache_send(x->web->site.cache, connection, x->uri, x->encoding,
			request_header(x, "If-None-Match"), x->response.etag))
		return MHD_YES;
	if (x->response.etag[0]) /* a cached answer that the reader has */
		return response_send_not_modified(x);
	choose_language(x);
	find_client(x);
	if (x->route_error == OK && x->route->method == POST && is_from_elsewhere(x)) {
		security_event(SECURITY_CROSS_SITE);
		x->route_error = ERR_DENIED;
	}
	if (x->route_error == OK && x->route->method == POST && reg_original(x->web->site.reg)) {
		x->route_error = ERR_METHOD; /* a mirror only reads: answer.c says where to write */
		x->allow = "GET, HEAD";
	}
	/* These headers live until the request is over. */
	x->request.cookie = request_header(x, "Cookie");
	x->request.body_type = request_header(x, "Content-Type");
	x->request.agent = request_header(x, "User-Agent");
	x->request.host = request_header(x, "Host");
	x->request.fetch_site = request_header(x, "Sec-Fetch-Site");
	if (x->route_error == OK)
		x->standing = standing_of(x);
	/* When the server stops, a connection is closed unanswered, as if it had come later. */
	return workers_give(x->web, x) ? MHD_YES : MHD_NO;
}

/* Encodes bytes that an address may not hold (RFC 3986) but some clients send, so that it can be
 * shown anywhere as text. */
static char *encoded_uri(const char *uri)
{
	AUTO(buf) out = BUF(3 * HEAD_MAX);

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

/* The path of "http://host/path", which clients send to proxies. The host in it is ignored. */
static const char *path_of(const char *uri)
{
	const char *rest = strstr(uri, "://");

	if (*uri == '/' || !rest)
		return uri;
	rest += 3 + strcspn(rest + 3, "/?");
	return *rest == '/' ? rest : "/";
}

void *exchange_on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *x = mem_new(sizeof(*x));

	x->web = cls;
	x->uri = encoded_uri(path_of(uri));
	query_unmark(x->uri);
	return x;
}

void exchange_on_completed(void *cls, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *state;

	gate_on_completed(connection, why);
	if (!x)
		return;
	if (x->has_time)
		limit_waits(x, x->web->idle_s);
	upload_free(x->request.upload);
	free(x->why);
	request_done(&x->request);
	response_done(&x->response);
	body_done(&x->body);
	free(x->uri);
	free(x);
	*state = NULL;
}
