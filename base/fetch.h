/* fetch.h - the only door to libcurl: bounded requests to other machines.
 *
 * http and https only. No redirect is followed: whoever answers does not choose whom we ask next.
 * Inner addresses (inner.h) are asked only where the operator named that very host; it is the
 * resolved address that counts, when a connection is made, so that a name may not change its
 * mind in between. Connecting may take 10 seconds, a whole request 60, unless
 * fetch_patience() says otherwise; but no minute of it with under 100 bytes a second. What comes
 * back is not trusted: the body is bounded by the buffer that takes it, headers and trailers by 64
 * KiB together, and what comes over the line for one request (also what is not a body: redirects,
 * extensions of chunks) by twice that buffer and 256 KiB. */
#pragma once
#include "base/buf.h"

struct fetch; /* keeps connections open from one request to the next; belongs to one thread */
MUST_CHECK enum err fetch_open(struct fetch **out);
void fetch_free(struct fetch *f);
/* The operator, or whoever runs this program, named this URL in an option, an argument or a file of
 * their own: its host may be an inner one from now on. One host; the latest counts. */
void fetch_named(struct fetch *f, const char *url);
/* From now on, in milliseconds: for connecting, for a whole request. */
void fetch_patience(struct fetch *f, long connect, long total);
/* From now on `stopping` is asked four times a second while a request is on its way; where it
 * says so, the request ends with ERR_BUSY. NULL: nobody is asked. */
void fetch_watch(struct fetch *f, bool (*stopping)(void *arg), void *arg);
/* The media type of the latest answer as it was given, "" for none; good until the next request. */
const char *fetch_type(const struct fetch *f);

/* OK when the server answered, whatever its `*status` (200, 404 …); the body is added to
 * `out`. ERR_INVALID: not an http or https address; ERR_TOO_LARGE: over out->max or another
 * bound; ERR_SYSTEM: no answer, with what to look at, or a redirect, naming its target; ERR_BUSY:
 * stopped on the way. */
MUST_CHECK enum err fetch_get(struct fetch *f, const char *url, struct buf *out, int *status);

/* The TCP ports that a request to `url` may connect to, its own and that of the proxy that the
 * environment names: how many are in `out`. */
size_t fetch_ports(const char *url, uint16_t out[3]);

/* A letter, handed to the city's own server: SMTP, under TLS or not at all. */
struct fetch_letter {
	const char *server;          /* smtps://host, or smtp://host where STARTTLS follows */
	const char *ca;              /* file of certificates to trust; NULL: the system's */
	const char *user, *password; /* NULL: none is asked for */
	const char *from, *to;       /* addresses */
	const char *text;            /* headers, an empty line, the body; "\r\n" ends lines */
	size_t len;
};
/* ERR_INVALID: not such an address. ERR_SYSTEM: it was not taken, with why; no address is in it. */
MUST_CHECK enum err fetch_mail(const struct fetch_letter *letter);

struct fetch_body {
	const void *data;
	size_t len;
	const char *type;       /* media type */
	const char *headers[2]; /* more headers, "Name: value"; NULL for none */
};
/* As fetch_get(), sending a body. */
MUST_CHECK enum err fetch_post(struct fetch *f, const char *url, const struct fetch_body *body,
	struct buf *out, int *status);
