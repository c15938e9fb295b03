/* settings_view.h - a register's settings (registry/event/settings.h) for pages. Every page has
 * them as "register": {{#register}}{{#telephone}}<a href="{{href}}">{{text}}</a>{{/telephone}}. */
#pragma once
#include "web/view/request.h"

/* Each is null if the setting is empty: {"name", "office", "hours", "privacy_notice" (Markdown):
 * texts for {{>text.html}}; "contact", "telephone", "licence": {"href" or null, "text"}, the
 * licence with "assumed": bool (settings_licence()); "answer_days": a number for view_number();
 * "example": bool}. */
json_t *settings_view(const struct request *rq, const json_t *about);
/* Its "licence" alone. */
json_t *settings_licence_view(const struct request *rq, const json_t *about);
/* The latest `limit` changes of the register's settings (-1: all), newest first: [{"when", "entry",
 * "changes": [{"what", "lang" or null, "from", "to": {"text"} or null}…]}…] */
json_t *settings_history_view(const struct request *rq, int64_t limit);
