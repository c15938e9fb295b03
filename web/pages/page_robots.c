/* page_robots.c - /robots.txt, /sitemap.xml and /.well-known/security.txt: for programs that
 * read. */
#include "base/env.h"
#include "base/languages.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#include <stdlib.h>
#include <string.h>

#define SITEMAP_ADDRESSES 20000 /* systems in a part; the protocol allows 50,000 */
#define SECURITY_DAYS 180

static enum err give(struct request *rq, struct response *rs, const char *name, const char *type,
	enum escape escape, json_t *view)
{
	enum err e;

	json_put(view, "base", json_text(rq->site->base));
	rs->type = type;
	if (!rs->body.max)
		rs->body.max = 16 * MIB;
	e = view_render(rq->site->view, LANGUAGE_OF_C, name, escape, view, &rs->body);
	json_decref(view);
	return e;
}

enum err page_robots(struct request *rq, struct response *rs)
{
	return give(rq, rs, "robots.txt", "text/plain; charset=utf-8", ESCAPE_NONE, json_object());
}

/* Systems in a part: each is listed in every language. */
static int64_t systems_of_part(void)
{
	return SITEMAP_ADDRESSES / (int64_t)languages_n;
}

static enum err count_parts(const struct request *rq, int64_t *out)
{
	int64_t systems, most = systems_of_part();

	TRY(query_slugs_n(rq->snap, &systems));
	*out = systems ? (systems + most - 1) / most : 1;
	return OK;
}

/* sitemaps.org: an index of parts. A sitemap may only list addresses below its own, so the parts
 * are at the top level too. */
enum err page_sitemap(struct request *rq, struct response *rs)
{
	json_t *numbers = json_array();
	int64_t parts;
	enum err e = count_parts(rq, &parts);

	for (int64_t n = 1; e == OK && n <= parts; n++)
		json_push(numbers, json_integer(n));
	if (e) {
		json_decref(numbers);
		return e;
	}
	rs->made = site_now(rq->site);
	return give(rq, rs, "sitemap_index.xml", "application/xml; charset=utf-8", ESCAPE_HTML,
		json_make("{s:o}", "parts", numbers));
}

/* "3.xml" in canonical form; 0 for any other name. */
static int64_t part_named(const char *name)
{
	int64_t n = strtoll(name, NULL, 10);
	AUTOFREE char *plain = mem_printf("%lld.xml", (long long)n);

	return n > 0 && strcmp(name, plain) == 0 ? n : 0;
}

/* Every register has the public pages whose address is a language and at most one word. */
static bool is_of_every_register(const struct route *r)
{
	static const char before[] = "/{lang}/";
	const char *word;

	if (r->method != GET || r->access || strncmp(r->path, before, strlen(before)) != 0)
		return false;
	word = r->path + strlen(before);
	return word[strspn(word, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* Their addresses after the language: [{"path": "/systems"}…]. */
static json_t *pages_of_every_register(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < routes_n; i++)
		if (is_of_every_register(&routes[i]))
			json_push(list,
				json_make("{s:s}", "path", routes[i].path + strlen("/{lang}")));
	return list;
}

/* The first part also has the pages that every register has. */
enum err page_sitemap_part(struct request *rq, struct response *rs)
{
	int64_t part = part_named(request_path(rq, "part")), most = systems_of_part(), parts;
	json_t *slugs, *view;

	TRY(count_parts(rq, &parts));
	ENSURE(part > 0 && part <= parts, ERR_NOT_FOUND, "the sitemap has the parts 1 to %lld",
		(long long)parts);
	TRY(query_slugs(rq->snap, (part - 1) * most, most, &slugs));
	rs->made = site_now(rq->site);
	view = json_make("{s:o, s:o, s:[]}", "systems", slugs, "pages",
		part == 1 ? pages_of_every_register() : json_array(), "languages");
	for (size_t i = 0; i < languages_n; i++)
		json_push(json_object_get(view, "languages"), json_text(languages[i].code));
	return give(rq, rs, "sitemap.xml", "application/xml; charset=utf-8", ESCAPE_HTML, view);
}

/* RFC 9116. A register without a contact refers to its page about itself. */
enum err page_security(struct request *rq, struct response *rs)
{
	AUTO(buf) spoken = BUF(KIB);
	char expires[TIME_TEXT];
	json_auto_t *reg = NULL;
	json_t *view;

	TRY(query_register(rq->snap, &reg));
	time_text(site_now(rq->site) + SECURITY_DAYS * 24 * 3600, expires);
	for (size_t i = 0; i < languages_n; i++)
		buf_printf(&spoken, "%s%s", i ? ", " : "", languages[i].code);
	view = json_make("{s:s,s:s,s:s}", "expires", expires, "languages", buf_text(&spoken),
		"city", languages[0].code);
	json_put(view, "contact", json_text(json_str(json_object_get(reg, "about"), "contact")));
	return give(rq, rs, "security.txt", "text/plain; charset=utf-8", ESCAPE_NONE, view);
}
