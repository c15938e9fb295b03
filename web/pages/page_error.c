/* page_error.c - what a reader sees where there is no page, and how to go on from there. */
#include "base/languages.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

/* Reasons that pages do not give themselves are English; a page in another language says so. */
static bool is_ascii(const char *s)
{
	while (*s && !(*s & 0x80))
		s++;
	return !*s;
}

/* Kinds whose reason is about what the reader sent, and may help; of a mirror, where to send it;
 * for who works with the register, what they may not. */
static bool may_tell(const struct request *rq, enum err code)
{
	return code == ERR_INVALID || (code == ERR_DENIED && rq->who) ||
	       (code == ERR_METHOD && rq->site && site_original(rq->site));
}

/* Who mistypes the address of a receipt looks for no system. */
static bool is_receipt(const struct request *rq, enum err code)
{
	return code == ERR_NOT_FOUND && rq->path && strlen(rq->path) > 3 &&
	       strncmp(rq->path + 3, "/feedback/", 10) == 0;
}

enum err page_error(struct request *rq, struct response *rs, enum err code, const char *why)
{
	const struct err_kind *kind = err_kind(code);
	const char *name = kind->ours ? "ours" : is_receipt(rq, code) ? "no_receipt" : kind->name;
	AUTOFREE char *title = mem_printf("error_%s", name);
	AUTOFREE char *text = mem_printf("error_%s_text", name);
	json_t *view = json_object();

	if (!rq->lang[0])
		strcpy(rq->lang, languages[0].code);
	rs->status = kind->http;
	rs->private_ = true;
	json_put(view, "status", json_integer(kind->http));
	json_put(view, "title", json_text(message(rq, title)));
	json_put(view, "text", json_text(message(rq, text)));
	json_put(view, "why", may_tell(rq, code) && why && *why ? json_text(why) : json_null());
	json_put(view, "why_english", json_boolean(why && is_ascii(why)));
	json_put(view, "private", json_true());
	return page_render(rq, rs, "error.html", view);
}
