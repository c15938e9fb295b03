#include "web/server/server.h"

#include "base/languages.h"
#include "base/text.h"
#include "web/http/multipart.h"
#include "web/http/spool.h"
#include "web/http/urlencoded.h"

#include <stdlib.h>
#include <string.h>

static const char *lookup(const struct request *rq, size_t from, size_t to, const char *name)
{
	for (size_t i = from; i < to; i++)
		if (strcmp(rq->params[i].name, name) == 0)
			return rq->params[i].value;
	return NULL;
}

const char *request_path(const struct request *rq, const char *name)
{
	const char *value = lookup(rq, 0, rq->params_path, name);

	return value ? value : "";
}

int64_t request_number(const struct request *rq, const char *name)
{
	const char *s = request_path(rq, name);

	/* At most 18 digits always fit. */
	return s[0] == '0' || strlen(s) > 18 || s[strspn(s, "0123456789")] ? 0
	                                                                   : strtoll(s, NULL, 10);
}

const char *request_query(const struct request *rq, const char *name)
{
	const char *value = lookup(rq, rq->params_path, rq->params_query, name);

	return value && *value ? value : NULL;
}

int64_t request_query_number(const struct request *rq, const char *name, int64_t otherwise)
{
	const char *s = request_query(rq, name);

	return s ? strtoll(s, NULL, 10) : otherwise;
}

const char *request_form(const struct request *rq, const char *name)
{
	return lookup(rq, rq->params_query, rq->params_n, name);
}

void request_done(struct request *rq)
{
	for (size_t i = 0; i < rq->params_n; i++) {
		free((char *)rq->params[i].name);
		free(rq->params[i].value);
	}
	free((char *)rq->path);
	rq->params_n = 0;
	rq->path = NULL;
}

void response_done(struct response *rs)
{
	buf_done(&rs->body);
	free(rs->location);
	free(rs->filename);
	free(rs->title);
	for (size_t i = 0; i < COUNT(rs->cookies); i++)
		free(rs->cookies[i]);
	spooled_free(rs->spooled);
	*rs = (struct response){0};
}

static enum err add_param(struct request *rq, const char *name, size_t name_len, char *value)
{
	char *key = urlencoded_text(name, name_len, true);

	if (!key || !value || rq->params_n == COUNT(rq->params)) {
		free(key);
		free(value);
		return fail(ERR_INVALID,
			"the address or form is malformed, or has more than %zu parts",
			COUNT(rq->params));
	}
	rq->params[rq->params_n++] = (struct param){key, value};
	return OK;
}

/* The language that a segment of a path is. */
static const char *language_named(const char *segment)
{
	size_t len = strcspn(segment, "/");
	const struct language *one = language_of(segment, len);

	return one && strlen(one->code) == len && memcmp(one->code, segment, len) == 0 ? one->code
	                                                                               : NULL;
}

const char *language_at(const char *path)
{
	return *path == '/' ? language_named(path + 1) : NULL;
}

/* Does `path` match the route's pattern? Adds its parameters if `rq` is given. */
static bool fits(const char *pattern, const char *path, struct request *rq)
{
	while (*pattern) {
		const char *close, *end;

		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		close = strchr(pattern, '}');
		end = close[-1] == '*' ? path + strlen(path) : strchrnul(path, '/');
		if (end == path)
			return false;
		if (strncmp(pattern, "{lang}", 6) == 0 && !language_named(path))
			return false;
		if (rq && add_param(rq, pattern + 1, strcspn(pattern + 1, ".*}"),
				  urlencoded_text(path, (size_t)(end - path), false)) != OK)
			return false;
		pattern = close + 1;
		path = end;
	}
	return *path == '\0';
}

enum err request_route(struct exchange *x, const char *method)
{
	bool post = strcmp(method, "POST") == 0;
	bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	bool may_get = false, may_post = false;
	AUTOFREE char *path = mem_bytes(x->uri, strcspn(x->uri, "?"));

	for (size_t i = 0; i < routes_n; i++) {
		const struct route *route = &routes[i];

		if (!fits(route->path, path, NULL))
			continue;
		may_get |= route->method == GET;
		may_post |= route->method == POST;
		if (route->method == GET ? !get : !post)
			continue;
		x->route = route;
		return OK;
	}
	x->allow = may_get && may_post ? "GET, HEAD, POST" : may_get ? "GET, HEAD" : "POST";
	ENSURE(!may_get && !may_post, ERR_METHOD, "this address does not answer %.10s", method);
	return fail(ERR_NOT_FOUND, "there is nothing at this address");
}

static enum err add_pairs(struct request *rq, const char *s, size_t len)
{
	const char *end = s + len;
	struct urlencoded_pair pair;

	while (urlencoded_next(&s, end, &pair))
		TRY(add_param(rq, pair.name, pair.name_len,
			urlencoded_text(pair.value, pair.value_len, true)));
	return OK;
}

/* "/systems/x.json": removes a known extension from the last parameter of the path. */
static void split_extension(struct request *rq)
{
	char *value = rq->params_n ? rq->params[rq->params_n - 1].value : NULL;
	char *dot = value ? strrchr(value, '.') : NULL;

	if (!dot || (strcmp(dot, ".md") != 0 && strcmp(dot, ".json") != 0))
		return;
	snprintf(rq->extension, sizeof(rq->extension), "%s", dot + 1);
	*dot = '\0';
}

#define FIRST_PAIRS 8

/* How much of a form is read as parameters: only the first few inputs of a large one. */
static size_t form_start(const struct route *route, const char *s, size_t len)
{
	const char *p = s, *end = s + len;

	for (int i = 0; route->large_form && p && i < FIRST_PAIRS; i++) {
		p = memchr(p, '&', (size_t)(end - p));
		p = p ? p + 1 : NULL;
	}
	return route->large_form && p ? (size_t)(p - s) : len;
}

#define PART_MAX (4 * KIB)

/* The inputs that identify the form and its purpose come first; the handler reads files and long
 * texts. */
static enum err add_parts(struct request *rq)
{
	struct multipart m;
	struct part part;
	bool more = true;

	TRY(multipart_open(rq->body_type, rq->body, rq->body_len, &m));
	for (int i = 0; i < FIRST_PAIRS; i++) {
		char *value;

		TRY(multipart_next(&m, &part, &more));
		if (!more)
			return OK;
		if (part.is_file || part.len > PART_MAX)
			continue;
		value = memchr(part.data, '\0', part.len) || !text_is_utf8(part.data, part.len)
		                ? NULL
		                : mem_bytes(part.data, part.len);
		TRY(add_param(rq, part.name, strlen(part.name), value));
	}
	return OK;
}

static enum err add_form(struct request *rq)
{
	if (rq->route->multipart && multipart_is(rq->body_type))
		return add_parts(rq);
	return add_pairs(rq, rq->body, form_start(rq->route, rq->body, rq->body_len));
}

enum err request_parse(struct exchange *x)
{
	struct request *rq = &x->request;
	size_t path_len = strcspn(x->uri, "?");

	rq->site = &x->web->site;
	rq->route = x->route;
	rq->path = mem_bytes(x->uri, path_len);
	if (language_at(rq->path))
		snprintf(rq->lang, sizeof(rq->lang), "%s", language_at(rq->path));
	if (!x->route)
		return OK;
	ENSURE(fits(x->route->path, rq->path, rq), ERR_INVALID, "the address is malformed");
	if (strstr(x->route->path, ".}"))
		split_extension(rq);
	rq->params_path = rq->params_n;
	rq->params_query = rq->params_n;
	if (x->uri[path_len] == '?')
		TRY(add_pairs(rq, x->uri + path_len + 1, strlen(x->uri + path_len + 1)));
	rq->params_query = rq->params_n;
	TRY(body_text(&x->body, &rq->body));
	rq->body_len = x->body.len;
	if (x->route->method == POST && strncmp(x->route->path, "/{lang}/", 8) == 0)
		TRY(add_form(rq));
	return OK;
}

/* The first of our languages by weight (RFC 9110 section 12.5.4). */
const char *preferred_language(const char *header)
{
	const char *best = NULL;
	double most = 0;

	for (const char *p = header; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		const struct language *one;
		const char *q;
		double weight = 1;
		size_t len;

		p += strspn(p, " \t");
		len = strcspn(p, ",");
		q = memmem(p, len, "q=", 2);
		if (q)
			weight = strtod(q + 2, NULL);
		one = language_of(p, strcspn(p, " \t;,"));
		if (one && weight > most) {
			most = weight;
			best = one->code;
		}
	}
	return best;
}
