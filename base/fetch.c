#include "base/fetch.h"

#include "base/inner.h"
#include "base/library.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define CONNECT_MS 10000L
#define TOTAL_MS 60000L
#define SLOWEST 100L /* bytes per second; a slower transfer is aborted after this many seconds: */
#define SLOW_SECONDS 60L
#define HEAD_MAX (64 * KIB)
#define BESIDE_MAX (256 * KIB) /* beyond twice the limit of the body */
#define LOOK_MS 250            /* between two checks whether to stop */

struct fetch {
	CURL *curl;
	CURLM *multi;                /* holds the connections */
	struct curl_slist *language; /* a header; NULL: any language */
	char *named;                 /* a host that may have an internal address; NULL: none */
	long connect, total;         /* milliseconds */
	bool (*stopping)(void *arg);
	void *arg;
	/* state of the current request */
	struct buf *out;
	bool inner;        /* an internal address was met and refused */
	size_t head, came; /* bytes of headers and trailers; all bytes received */
};

/* Advice for common failures; others have libcurl's own sentence. */
static const struct advice {
	CURLcode code;
	const char *text;
} advice[] = {
	{CURLE_COULDNT_RESOLVE_HOST, "no such host is known: is the address right?"},
	{CURLE_COULDNT_CONNECT, "is the server running?"},
	{CURLE_OPERATION_TIMEDOUT, "it did not answer in time; try again later"},
	{CURLE_PEER_FAILED_VERIFICATION, "its TLS certificate cannot be trusted"},
};

/* libcurl pulls in eighteen libraries, including LDAP and Kerberos, so only processes that need it
 * load it (base/library.h). It is loaded before a process is confined, because the ports to allow
 * are read from URLs with it. */
#define FUNCTIONS(F)           \
	F(easy_cleanup)        \
	F(easy_getinfo)        \
	F(easy_init)           \
	F(easy_perform)        \
	F(easy_reset)          \
	F(easy_setopt)         \
	F(easy_strerror)       \
	F(free)                \
	F(global_init)         \
	F(multi_add_handle)    \
	F(multi_cleanup)       \
	F(multi_info_read)     \
	F(multi_init)          \
	F(multi_perform)       \
	F(multi_poll)          \
	F(multi_remove_handle) \
	F(slist_append)        \
	F(slist_free_all)      \
	F(url)                 \
	F(url_cleanup)         \
	F(url_get)             \
	F(url_set)
#define MEMBER(name) __typeof__(curl_##name) *name;
#define PLACE(name) {"curl_" #name, (void **)&lib.name},
static struct {
	FUNCTIONS(MEMBER)
} lib;
static const struct library_function functions[] = {FUNCTIONS(PLACE)};

static void start_curl(void)
{
	if (lib.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
}

static enum err need_libcurl(void)
{
	static struct library library = {
		"libcurl-gnutls.so.4", "libcurl3-gnutls", functions, COUNT(functions)};
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	TRY(library_need(&library));
	pthread_once(&once, start_curl);
	return OK;
}

enum err fetch_open(struct fetch **out)
{
	struct fetch *f;

	TRY(need_libcurl());
	f = mem_new(sizeof(*f));
	fetch_patience(f, CONNECT_MS, TOTAL_MS);
	f->curl = lib.easy_init();
	f->multi = lib.multi_init();
	if (!f->curl || !f->multi) {
		fetch_free(f);
		return fail(ERR_SYSTEM, "libcurl cannot be started");
	}
	if (err_is_translated()) {
		AUTOFREE char *header = mem_printf("Accept-Language: %s", err_language());

		f->language = lib.slist_append(NULL, header);
	}
	*out = f;
	return OK;
}

void fetch_free(struct fetch *f)
{
	if (!f)
		return;
	lib.easy_cleanup(f->curl);
	lib.multi_cleanup(f->multi);
	lib.slist_free_all(f->language);
	free(f->named);
	free(f);
}

/* The host as libcurl parses it, which also makes the connection; NULL if it finds none. */
static char *host_of(const char *url)
{
	CURLU *parsed = lib.url();
	char *host = NULL, *own = NULL;

	if (!parsed)
		abort();
	if (lib.url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
		lib.url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		own = mem_text(host);
	lib.free(host);
	lib.url_cleanup(parsed);
	return own;
}

void fetch_named(struct fetch *f, const char *url)
{
	free(f->named);
	f->named = host_of(url);
}

static bool is_named(const struct fetch *f, const char *url)
{
	AUTOFREE char *host = f->named ? host_of(url) : NULL;

	return host && strcasecmp(host, f->named) == 0;
}

/* Called with each address of a host, right before the connection. */
static curl_socket_t open_outer(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct fetch *f = arg;

	if (purpose != CURLSOCKTYPE_IPCXN || inner_address(&to->addr)) {
		f->inner = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

void fetch_patience(struct fetch *f, long connect, long total)
{
	f->connect = connect;
	f->total = total;
}

void fetch_watch(struct fetch *f, bool (*stopping)(void *arg), void *arg)
{
	f->stopping = stopping;
	f->arg = arg;
}

const char *fetch_type(const struct fetch *f)
{
	const char *type = NULL;

	lib.easy_getinfo(f->curl, CURLINFO_CONTENT_TYPE, &type);
	return type ? type : "";
}

/* Returning fewer bytes than given ends the transfer: a body over the limit is not read further. */
static size_t take(char *data, size_t size, size_t n, void *arg)
{
	struct buf *out = arg;

	buf_add(out, data, size * n);
	return out->over ? 0 : size * n;
}

/* Counts a header or trailer line of any response, because libcurl keeps all of them. */
static size_t take_line(char *data, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;

	f->head += size * n;
	return f->head > HEAD_MAX ? 0 : size * n;
}

/* Counts all incoming bytes, including those for libcurl's own use, which nobody else counts. */
static int count(CURL *curl, curl_infotype type, char *data, size_t len, void *arg)
{
	struct fetch *f = arg;

	if (type == CURLINFO_HEADER_IN || type == CURLINFO_DATA_IN)
		f->came += len;
	return 0;
}

static const char *advice_for(CURLcode code)
{
	for (size_t i = 0; i < COUNT(advice); i++)
		if (advice[i].code == code)
			return err_text(advice[i].text);
	return err_text(lib.easy_strerror(code));
}

/* "Connection refused" and the like, or "" if the system gave no reason. */
static const char *system_said(struct fetch *f)
{
	long number = 0;

	lib.easy_getinfo(f->curl, CURLINFO_OS_ERRNO, &number);
	return number ? err_os((int)number) : "";
}

static enum err check_bounds(const struct fetch *f, const char *url)
{
	TRY(buf_check(f->out, url));
	ENSURE(f->head <= HEAD_MAX, ERR_TOO_LARGE, "%.300s sends over %lu KiB of headers", url,
		HEAD_MAX / KIB);
	ENSURE(f->came / 2 <= f->out->max + BESIDE_MAX / 2, ERR_TOO_LARGE,
		"%.300s sends far more than what was asked for", url);
	return OK;
}

/* The result of the transfer in `*code`, or our own error. */
static enum err run(struct fetch *f, const char *url, CURLcode *code)
{
	int running = 1, left;
	CURLMsg *end;

	while (running) {
		if (lib.multi_perform(f->multi, &running) != CURLM_OK)
			return fail(ERR_SYSTEM, "libcurl cannot go on");
		TRY(check_bounds(f, url));
		if (running && f->stopping && f->stopping(f->arg)) {
			/* A name look-up must not delay the end either. */
			lib.easy_setopt(f->curl, CURLOPT_QUICK_EXIT, 1L);
			return fail(ERR_BUSY, "stopped on the way");
		}
		if (running)
			lib.multi_poll(f->multi, NULL, 0, LOOK_MS, NULL);
	}
	end = lib.multi_info_read(f->multi, &left);
	*code = end ? end->data.result : CURLE_FAILED_INIT;
	return OK;
}

/* A server could redirect us anywhere, so people must decide. */
static enum err check_redirect(struct fetch *f, const char *url, long status)
{
	const char *target = NULL;

	if (status < 300 || status > 399)
		return OK;
	lib.easy_getinfo(f->curl, CURLINFO_REDIRECT_URL, &target);
	ENSURE(!target, ERR_SYSTEM,
		"%.300s sends on to %.300s, which is not followed: give that address itself, if it is "
		"the right one",
		url, target);
	return OK;
}

static enum err perform(struct fetch *f, const char *url, int *status)
{
	CURLcode code = CURLE_OK;
	const char *said;
	long answer = 0;
	enum err e;

	ENSURE(lib.multi_add_handle(f->multi, f->curl) == CURLM_OK, ERR_SYSTEM,
		"libcurl takes no request");
	e = run(f, url, &code);
	lib.multi_remove_handle(f->multi, f->curl);
	TRY(e);
	ENSURE(code == CURLE_OK || !f->inner, ERR_SYSTEM,
		"%.300s leads to an address within this network, which only who runs this program may "
		"name",
		url);
	if (code != CURLE_OK) {
		said = system_said(f);
		return fail(ERR_SYSTEM, "cannot reach %.300s: %s%s%s", url, said, *said ? ": " : "",
			advice_for(code));
	}
	lib.easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &answer);
	TRY(check_redirect(f, url, answer));
	*status = (int)answer;
	return OK;
}

/* A request reuses only open connections, never an option of an earlier one. */
static void prepare(struct fetch *f, const char *url, struct buf *out)
{
	f->out = out;
	f->head = f->came = 0;
	f->inner = false;
	lib.easy_reset(f->curl);
	lib.easy_setopt(f->curl, CURLOPT_URL, url);
	lib.easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	lib.easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 0L);
	lib.easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT_MS, f->connect);
	lib.easy_setopt(f->curl, CURLOPT_TIMEOUT_MS, f->total);
	lib.easy_setopt(f->curl, CURLOPT_LOW_SPEED_LIMIT, SLOWEST);
	lib.easy_setopt(f->curl, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
	lib.easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
	lib.easy_setopt(f->curl, CURLOPT_USERAGENT, "gaya");
	/* tlog-tiles: bundles may be compressed even without a request, and a client declares
	 * support. */
	lib.easy_setopt(f->curl, CURLOPT_ACCEPT_ENCODING, "gzip, identity");
	lib.easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, take);
	lib.easy_setopt(f->curl, CURLOPT_WRITEDATA, out);
	lib.easy_setopt(f->curl, CURLOPT_HEADERFUNCTION, take_line);
	lib.easy_setopt(f->curl, CURLOPT_HEADERDATA, f);
	lib.easy_setopt(f->curl, CURLOPT_DEBUGFUNCTION, count);
	lib.easy_setopt(f->curl, CURLOPT_DEBUGDATA, f);
	lib.easy_setopt(f->curl, CURLOPT_VERBOSE, 1L);
	if (is_named(f, url))
		return;
	lib.easy_setopt(f->curl, CURLOPT_NOPROXY, "*"); /* a proxy would connect instead of us */
	lib.easy_setopt(f->curl, CURLOPT_OPENSOCKETFUNCTION, open_outer);
	lib.easy_setopt(f->curl, CURLOPT_OPENSOCKETDATA, f);
}

static enum err check_url(const char *url)
{
	ENSURE(strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0,
		ERR_INVALID, "%.300s is not an http or https address", url);
	return OK;
}

enum err fetch_get(struct fetch *f, const char *url, struct buf *out, int *status)
{
	TRY(check_url(url));
	prepare(f, url, out);
	lib.easy_setopt(f->curl, CURLOPT_HTTPHEADER, f->language);
	return perform(f, url, status);
}

enum err fetch_post(struct fetch *f, const char *url, const struct fetch_body *body,
	struct buf *out, int *status)
{
	AUTOFREE char *type = mem_printf("Content-Type: %s", body->type);
	struct curl_slist *headers = lib.slist_append(NULL, type);
	enum err e = check_url(url);

	for (size_t i = 0; headers && i < COUNT(body->headers) && body->headers[i]; i++)
		if (!lib.slist_append(headers, body->headers[i]))
			abort();
	if (!headers)
		abort();
	if (e == OK) {
		prepare(f, url, out);
		lib.easy_setopt(f->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
		lib.easy_setopt(f->curl, CURLOPT_POSTFIELDS, body->len ? body->data : "");
		lib.easy_setopt(f->curl, CURLOPT_HTTPHEADER, headers);
		e = perform(f, url, status);
	}
	lib.slist_free_all(headers);
	return e;
}

/* libcurl's default port is 1080 for a proxy, and 80 or 443 by the scheme otherwise. */
static uint16_t port_of(const char *url, unsigned flags)
{
	CURLU *parts = lib.url();
	char *text = NULL;
	uint16_t port = 0;

	if (parts && lib.url_set(parts, CURLUPART_URL, url, flags) == CURLUE_OK &&
		lib.url_get(parts, CURLUPART_PORT, &text, CURLU_DEFAULT_PORT) == CURLUE_OK)
		port = (uint16_t)strtoul(text, NULL, 10);
	lib.free(text);
	lib.url_cleanup(parts);
	return port;
}

size_t fetch_ports(const char *url, uint16_t out[3])
{
	static const char *const proxies[][3] = {{"http_proxy", "all_proxy", "ALL_PROXY"},
		{"https_proxy", "HTTPS_PROXY", "all_proxy"}};
	bool tls = strncasecmp(url, "https:", 6) == 0;
	size_t n = 0;

	if (need_libcurl() != OK) /* without it no request is possible */
		return 0;
	out[n] = port_of(url, 0);
	n += out[n] != 0;
	for (size_t i = 0; i < COUNT(proxies[0]); i++) {
		const char *proxy = getenv(proxies[tls][i]);

		if (!proxy || !*proxy)
			continue;
		out[n++] = port_of(proxy, CURLU_GUESS_SCHEME);
		if (!strstr(proxy, "://") || strncmp(proxy, "socks", 5) == 0)
			out[n++] = 1080;
		break;
	}
	return n;
}

struct letter_left {
	const char *at;
	size_t len;
};

static size_t give_letter(char *to, size_t size, size_t n, void *arg)
{
	struct letter_left *l = arg;
	size_t len = size * n < l->len ? size * n : l->len;

	memcpy(to, l->at, len);
	l->at += len;
	l->len -= len;
	return len;
}

static void address_letter(
	CURL *curl, const struct fetch_letter *m, struct curl_slist *to, struct letter_left *left)
{
	lib.easy_setopt(curl, CURLOPT_URL, m->server);
	lib.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	lib.easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	lib.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	lib.easy_setopt(curl, CURLOPT_TIMEOUT_MS, TOTAL_MS);
	lib.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	lib.easy_setopt(curl, CURLOPT_MAIL_FROM, m->from);
	lib.easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	lib.easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	lib.easy_setopt(curl, CURLOPT_READFUNCTION, give_letter);
	lib.easy_setopt(curl, CURLOPT_READDATA, left);
	if (m->ca)
		lib.easy_setopt(curl, CURLOPT_CAINFO, m->ca);
	if (m->user) {
		lib.easy_setopt(curl, CURLOPT_USERNAME, m->user);
		lib.easy_setopt(curl, CURLOPT_PASSWORD, m->password ? m->password : "");
	}
}

enum err fetch_mail(const struct fetch_letter *m)
{
	struct letter_left left = {m->text, m->len};
	struct curl_slist *to;
	CURLcode code = CURLE_FAILED_INIT;
	CURL *curl;

	ENSURE(strncasecmp(m->server, "smtps://", 8) == 0 ||
			strncasecmp(m->server, "smtp://", 7) == 0,
		ERR_INVALID, "%.300s is not an smtp or smtps address", m->server);
	TRY(need_libcurl());
	curl = lib.easy_init();
	to = lib.slist_append(NULL, m->to);
	if (curl && to) {
		address_letter(curl, m, to, &left);
		code = lib.easy_perform(curl);
	}
	lib.easy_cleanup(curl);
	lib.slist_free_all(to);
	ENSURE(code == CURLE_OK, ERR_SYSTEM, "%.300s did not take a letter: %s", m->server,
		advice_for(code));
	return OK;
}
