/* view.h - renders a JSON view to a page: templates, the frame around them, and the messages in
 * each language.
 *
 * Templates and messages are in the program (base/embed.h), parsed once by view_open() and then
 * only read: threads share one `struct view`. A message is itself a Mustache template: a page
 * includes it as {{t.key}} if it has no variables and as {{>t.key}} if it has. The values of its
 * variables are escaped like any other value; its own words stay as written. */
#pragma once
#include "web/view/request.h"
#include "web/view/template.h"

struct view;
/* ERR_INVALID, naming the template or the messages and the reason. */
MUST_CHECK enum err view_open(struct view **out);
void view_free(struct view *view);

/* The message of a key in a language (languages.h); NULL without one. */
const char *view_message(const struct view *view, const char *lang, const char *key);
/* The same with its variables filled in from `values`, as plain text; the caller frees. "" without
 * one. */
char *view_say(const struct view *view, const char *lang, const char *key, const json_t *values);
/* One template on its own, without the frame. */
MUST_CHECK enum err view_render(const struct view *view, const char *lang, const char *name,
	enum escape escape, const json_t *values, struct buf *out);

/* message() with its variables filled in, as a string value; takes ownership of `values`. */
json_t *say(const struct request *rq, const char *key, json_t *values);
/* All messages of a language: the "t" of a view. */
json_t *view_messages(const struct view *view, const char *lang);
/* {"n", "text": "1,234", "one": bool, "none": bool} */
json_t *view_number(int64_t n);
/* A size in bytes, in words: "812 B", "12 KB", "1.2 MB". */
json_t *view_bytes(int64_t n);
/* A date or month of a record, "2027-01-15" or "2027-01", in words; any other text unchanged. */
json_t *view_date(const struct request *rq, const char *date);
/* Adds a step to the page's path, shown above its heading. */
void view_crumb(json_t *view, const char *text, const char *href_format, ...) PRINTF(3, 4);
/* The path and query of the same page in `lang`. */
char *view_path_in(const struct request *rq, const char *lang);
/* Appends `s` percent-encoded as one value of a query or one segment of a path (RFC 3986). */
void view_encode(struct buf *out, const char *s);
