/* page_error.c - the error page, with links to go on. */
#include "base/languages.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

/* Reasons that are not messages of pages are in English; pages in other languages say so. */
static bool is_ascii(const char *s)
{
	while (*s && !(*s & 0x80))
		s++;
	return !*s;
}

/* Is a part of a list or a history asked for, that is not there? */
static bool asks_for_part(const struct request *rq)
{
	return request_query(rq, "page") || request_query(rq, "from");
}

/* Shows the reason of errors that the reader caused; of a mirror, where to send a form; and of
 * missing rights, to people who work with the register. */
static bool may_tell(const struct request *rq, enum err code)
{
	return code == ERR_INVALID || (code == ERR_NOT_FOUND && asks_for_part(rq)) ||
	       (code == ERR_DENIED && rq->who) ||
	       (code == ERR_METHOD && rq->site && site_original(rq->site));
}

/* Somebody who mistypes the address of a receipt is not looking for a system. */
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
	json_put(view, "receipt_lost", json_boolean(is_receipt(rq, code)));
	/* If the search was too long, the reader can shorten it here. */
	json_put(view, "q", json_text(request_query(rq, "q")));
	json_put(view, "private", json_true());
	return page_render(rq, rs, "error.html", view);
}
