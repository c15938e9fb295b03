/* fetch.h - the only door to libcurl: bounded requests to other machines.
 *
 * http and https only. Redirects are not followed: the answering server does not choose which
 * machine is asked next. Inner addresses (inner.h) are refused unless the operator named that host.
 * The check looks at the resolved address when the connection is made, so a DNS answer that changes
 * in between does not defeat it. Connecting may take 10 seconds and a whole request 60, unless
 * fetch_patience() says otherwise; a transfer below 100 bytes a second for a minute is ended. The
 * answer is not trusted: the body is bounded by its buffer, headers and trailers by 64 KiB
 * together, and all bytes received for one request (including redirects and chunk extensions) by
 * twice that buffer plus 256 KiB. */
#pragma once
#include "base/buf.h"

struct fetch; /* keeps connections open from one request to the next; belongs to one thread */
MUST_CHECK enum err fetch_open(struct fetch **out);
void fetch_free(struct fetch *f);
/* Allows the host of `url` to be an inner address from now on, because the operator or user named
 * it in an option, an argument or a file of their own. One host; the latest call counts. */
void fetch_named(struct fetch *f, const char *url);
/* Sets the time limits, in milliseconds: for connecting, and for a whole request. */
void fetch_patience(struct fetch *f, long connect, long total);
/* From now on, calls `stopping` four times a second during a request; when it returns true, the
 * request ends with ERR_BUSY. NULL: no check. */
void fetch_watch(struct fetch *f, bool (*stopping)(void *arg), void *arg);
/* The media type of the latest answer as received, "" for none; valid until the next request. */
const char *fetch_type(const struct fetch *f);

/* OK if the server answered, with any `*status` (200, 404 …); the body is appended to `out`.
 * ERR_INVALID: not an http or https address; ERR_TOO_LARGE: over out->max or another limit;
 * ERR_SYSTEM: no answer, with advice, or a redirect, naming its target; ERR_BUSY: stopped by
 * fetch_watch(). */
MUST_CHECK enum err fetch_get(struct fetch *f, const char *url, struct buf *out, int *status);

/* Fills `out` with the TCP ports that a request to `url` may connect to: its own and that of the
 * proxy from the environment. Returns their number. */
size_t fetch_ports(const char *url, uint16_t out[3]);

/* A letter for the city's own mail server: SMTP, only over TLS. */
struct fetch_letter {
	const char *server;          /* smtps://host, or smtp://host with STARTTLS */
	const char *ca;              /* file of certificates to trust; NULL: the system's */
	const char *user, *password; /* NULL: no sign-in */
	const char *from, *to;       /* addresses */
	const char *text;            /* headers, an empty line, the body; "\r\n" ends lines */
	size_t len;
};
/* ERR_INVALID: not such an address. ERR_SYSTEM: it was refused; the reason has no address. */
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
