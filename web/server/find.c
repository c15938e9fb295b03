/* Finds the answer to a request in the cache before libmicrohttpd reads the request. */
#include "web/http/framing.h"
#include "web/http/ready.h"
#include "web/server/exchange.h"
#include "web/view/query_param.h"

#include <string.h>

#define TARGET_MAX 2048
#define VALUE_MAX 512

struct wanted {
	char uri[TARGET_MAX], encodings[VALUE_MAX], none_match[VALUE_MAX];
};

/* Only the plain form, a path of printable ASCII. exchange.c knows others. */
static bool take_target(const char **head, struct wanted *w)
{
	const char *at = *head + 4;
	size_t len = 0;

	if (strncmp(*head, "GET /", 5) != 0)
		return false;
	while (at[len] > ' ' && at[len] < 0x7f)
		len++;
	if (len >= sizeof(w->uri) || strncmp(at + len, " HTTP/1.1\r\n", 11) != 0)
		return false;
	memcpy(w->uri, at, len);
	w->uri[len] = '\0';
	query_unmark(w->uri);
	*head = at + len + 11;
	return true;
}

/* Not an empty one or the second of its name. */
static bool take_value(const struct header *h, char out[VALUE_MAX])
{
	if (!h->value_len || h->value_len >= VALUE_MAX || out[0])
		return false;
	memcpy(out, h->value, h->value_len);
	out[h->value_len] = '\0';
	return true;
}

static bool take_header(const struct header *h, struct wanted *w)
{
	if (header_is(h, "Accept-Encoding"))
		return take_value(h, w->encodings);
	if (header_is(h, "If-None-Match"))
		return take_value(h, w->none_match);
	if (header_is(h, "Connection"))
		return h->value_len == 10 && strncasecmp(h->value, "keep-alive", 10) == 0;
	return !header_is(h, "Expect") && !header_is(h, "Content-Length") &&
	       !header_is(h, "Transfer-Encoding");
}

bool exchange_find(void *arg, const char *head, struct ready *out)
{
	struct web *web = arg;
	struct wanted w;
	struct header h;

	w.encodings[0] = w.none_match[0] = '\0';
	if (!take_target(&head, &w))
		return false;
	while (header_next(&head, &h))
		if (!take_header(&h, &w))
			return false;
	web_watch_day(web);
	if (!cache_find(web->site.cache, w.uri, encoding_accepted(w.encodings), w.none_match, out))
		return false;
	if (out->head_len + out->body_len <= READY_MAX)
		return true;
	cache_release(TAKE(out->held));
	return false;
}
