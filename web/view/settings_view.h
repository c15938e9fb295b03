/* settings_view.h - a register's settings (registry/event/settings.h) as pages show them. Every
 * page has them as "register": {{#register}}{{#telephone}}<a
 * href="{{href}}">{{text}}</a>{{/telephone}}. */
#pragma once
#include "web/view/request.h"

/* Each is null where the register names nothing: {"name", "office", "hours", "privacy_notice"
 * (Markdown): texts for {{>text.html}}; "contact", "telephone", "licence": {"href" or null,
 * "text"}; "answer_days": a number for view_number(); "example": bool}. */
json_t *settings_view(const struct request *rq, const json_t *about);
/* How the register's settings changed last, at most `limit` times (-1: ever), the newest first:
 * [{"when", "entry", "changes": [{"what", "lang" or null, "from", "to": {"text"} or null}…]}…] */
json_t *settings_history_view(const struct request *rq, int64_t limit);
