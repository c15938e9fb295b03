/* page_robots.c - /robots.txt, /sitemap.xml and /.well-known/security.txt: for programs that
 * read. */
#include "base/env.h"
#include "base/languages.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#define SITEMAP_SYSTEMS 20000 /* two addresses each; the format allows 50,000 */
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

enum err page_sitemap(struct request *rq, struct response *rs)
{
	const struct system_filter all = {.limit = SITEMAP_SYSTEMS};
	json_t *found = NULL, *view;

	rs->made = site_now(rq->site);
	TRY(query_systems(rq->snap, &all, &found));
	view = json_make("{s:O, s:[]}", "systems", json_object_get(found, "systems"), "languages");
	for (size_t i = 0; i < languages_n; i++)
		json_push(json_object_get(view, "languages"), json_text(languages[i].code));
	json_decref(found);
	return give(rq, rs, "sitemap.xml", "application/xml; charset=utf-8", ESCAPE_HTML, view);
}

/* RFC 9116. A register that names no contact points to the page about itself. */
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
