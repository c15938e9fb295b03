#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

enum err page_root(struct request *rq, struct response *rs)
{
	rs->status = 302;
	rs->private_ = true; /* depends on the reader */
	rs->location = mem_printf("/%s/", rq->lang);
	return OK;
}

enum err page_unlocalised(struct request *rq, struct response *rs)
{
	size_t len = strlen(rq->path), unslashed = len - (rq->path[len - 1] == '/');

	rs->status = 302;
	rs->private_ = true;
	rs->location = mem_printf("/%s%.*s", rq->lang, (int)unslashed, rq->path);
	return OK;
}

static enum err move(struct response *rs, char *location)
{
	rs->status = 301;
	rs->private_ = true; /* making a redirect costs no more than caching it */
	rs->location = location;
	return OK;
}

enum err page_slashed(struct request *rq, struct response *rs)
{
	return move(rs, mem_printf("%s/", rq->path));
}

enum err page_unslashed(struct request *rq, struct response *rs)
{
	AUTOFREE char *path = mem_bytes(rq->path, strlen(rq->path) - 1);
	struct request without = *rq;

	without.path = path;
	return move(rs, view_path_in(&without, rq->lang));
}

enum err page_health(struct request *rq, struct response *rs)
{
	struct reg_health health = reg_health(rq->site->reg);
	size_t bytes, pages;
	const char *status = health.halted          ? "halted"
	                     : health.unsigned_     ? "unsigned"
	                     : health.damaged       ? "damaged"
	                     : reg_is_full(&health) ? "full"
	                     : health.clock_jump    ? "clock"
	                                            : "ok";
	json_t *body;

	site_kept(rq->site, &bytes, &pages);
	body = json_make("{s:s,s:I,s:{s:I,s:I}}", "status", status, "entries",
		(json_int_t)health.size, "cache", "bytes", (json_int_t)bytes, "pages",
		(json_int_t)pages);
	rs->status = strcmp(status, "ok") == 0 ? 200 : 503;
	rs->type = "application/json";
	rs->private_ = true;
	json_canonical(body, &rs->body);
	json_decref(body);
	return OK;
}
