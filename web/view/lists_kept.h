/* lists_kept.h - parts of pages that only an entry of the log can change: made once for a state of
 * the register and a language, and kept until the log grows. Every caller gets a copy of its own:
 * jansson's counting of references does not order what threads do with a shared value. */
#pragma once
#include "web/view/request.h"

struct lists_kept;
struct lists_kept *lists_kept_new(void);
void lists_kept_free(struct lists_kept *kept);
/* Forgets all. A new read model may be of the same entries as a damaged one before it. */
void lists_kept_forget(struct lists_kept *kept);
/* A new object, or null if the register cannot be read. `part`:
 * - "choices": for filters, {"departments": [{"value": slug, "label": {…}, "selected": false}…],
 *   "statuses" and "risks": part_choices() without a selected one}
 * - "options": the same as HTML, {"departments", "statuses", "risks": options.html}
 * - "labels": {"status" and "risk": {value: what part_value() gives}}
 * - "register": what the frame says of the register */
json_t *lists_kept(const struct request *rq, const char *part);
/* The choices of one filter as HTML. */
MUST_CHECK enum err options_html(const struct request *rq, const json_t *choices, json_t **out);
/* The entries of the log that the request's lists are made of; 0: nothing is kept. */
int64_t lists_kept_size(const struct request *rq);

/* Cards of systems that searches found lately: searches have many hits in common. They are those of
 * one state and of one day, by which a card shows what is due. */
struct card_key {
	int64_t size;    /* lists_kept_size() */
	int64_t id;      /* search_row() */
	const char *day; /* today */
};
/* A copy of the card, or NULL. */
json_t *card_kept(const struct request *rq, const struct card_key *key);
/* Keeps a copy. */
void card_keep(const struct request *rq, const struct card_key *key, const json_t *card);
