#include "base/fetch.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONNECT_MS 10000L
#define TOTAL_MS 60000L
#define REDIRECTS 3L

struct fetch {
	CURL *curl;
	long connect, total; /* milliseconds */
	char error[CURL_ERROR_SIZE];
};

/* What to do about the failures that people meet; the rest have libcurl's own sentence. */
static const struct advice {
	CURLcode code;
	const char *text;
} advice[] = {
	{CURLE_COULDNT_RESOLVE_HOST, "no such host is known: is the address right?"},
	{CURLE_COULDNT_CONNECT, "is the server running?"},
	{CURLE_OPERATION_TIMEDOUT, "it did not answer in time; try again later"},
	{CURLE_PEER_FAILED_VERIFICATION, "its TLS certificate cannot be trusted"},
	{CURLE_TOO_MANY_REDIRECTS, "it sends from one address to the next"},
	{CURLE_UNSUPPORTED_PROTOCOL, "it leads to something other than http or https"},
};

static void start_curl(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
}

enum err fetch_open(struct fetch **out)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct fetch *f = mem_new(sizeof(*f));

	pthread_once(&once, start_curl);
	fetch_patience(f, CONNECT_MS, TOTAL_MS);
	f->curl = curl_easy_init();
	if (!f->curl) {
		free(f);
		return fail(ERR_SYSTEM, "libcurl cannot be started");
	}
	*out = f;
	return OK;
}

void fetch_free(struct fetch *f)
{
	if (!f)
		return;
	curl_easy_cleanup(f->curl);
	free(f);
}

void fetch_patience(struct fetch *f, long connect, long total)
{
	f->connect = connect;
	f->total = total;
}

const char *fetch_type(const struct fetch *f)
{
	const char *type = NULL;

	curl_easy_getinfo(f->curl, CURLINFO_CONTENT_TYPE, &type);
	return type ? type : "";
}

/* Taking fewer bytes than were given ends the transfer: a body over the limit is not read on. */
static size_t take(char *data, size_t size, size_t n, void *arg)
{
	struct buf *out = arg;

	buf_add(out, data, size * n);
	return out->over ? 0 : size * n;
}

static const char *advice_for(CURLcode code)
{
	for (size_t i = 0; i < COUNT(advice); i++)
		if (advice[i].code == code)
			return advice[i].text;
	return curl_easy_strerror(code);
}

/* "Connection refused" and its like, or "" where the system had nothing to say. */
static const char *system_said(struct fetch *f)
{
	long number = 0;

	curl_easy_getinfo(f->curl, CURLINFO_OS_ERRNO, &number);
	return number ? strerror((int)number) : "";
}

static enum err perform(struct fetch *f, const char *url, struct buf *out, int *status)
{
	CURLcode code = curl_easy_perform(f->curl);
	const char *said;
	long answer = 0;

	TRY(buf_check(out, url));
	if (code != CURLE_OK) {
		said = system_said(f);
		return fail(ERR_SYSTEM, "cannot reach %.300s: %s%s%s", url, said, *said ? ": " : "",
			advice_for(code));
	}
	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &answer);
	*status = (int)answer;
	return OK;
}

/* A request starts from nothing but the open connections: no option of an earlier one stays. */
static void prepare(struct fetch *f, const char *url, struct buf *out)
{
	bool tls = strncasecmp(url, "https:", 6) == 0;

	curl_easy_reset(f->curl);
	curl_easy_setopt(f->curl, CURLOPT_URL, url);
	curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(f->curl, CURLOPT_REDIR_PROTOCOLS_STR, tls ? "https" : "http,https");
	curl_easy_setopt(f->curl, CURLOPT_MAXREDIRS, REDIRECTS);
	curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT_MS, f->connect);
	curl_easy_setopt(f->curl, CURLOPT_TIMEOUT_MS, f->total);
	curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "gaya");
	/* Entry bundles may come compressed without having been asked for (tlog-tiles). */
	curl_easy_setopt(f->curl, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(f->curl, CURLOPT_ERRORBUFFER, f->error);
	curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, out);
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
	curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 1L);
	return perform(f, url, out, status);
}

enum err fetch_post(struct fetch *f, const char *url, const struct fetch_body *body,
	struct buf *out, int *status)
{
	AUTOFREE char *type = mem_printf("Content-Type: %s", body->type);
	struct curl_slist *headers = curl_slist_append(NULL, type);
	enum err e = check_url(url);

	for (size_t i = 0; headers && i < COUNT(body->headers) && body->headers[i]; i++)
		if (!curl_slist_append(headers, body->headers[i]))
			abort();
	if (!headers)
		abort();
	if (e == OK) {
		prepare(f, url, out);
		curl_easy_setopt(f->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
		curl_easy_setopt(f->curl, CURLOPT_POSTFIELDS, body->len ? body->data : "");
		curl_easy_setopt(f->curl, CURLOPT_HTTPHEADER, headers);
		e = perform(f, url, out, status);
	}
	curl_slist_free_all(headers);
	return e;
}
