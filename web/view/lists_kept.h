/* lists_kept.h - parts of pages that only an entry of the log can change: made once for a state of
 * the register and a language, and kept until the log grows. Every caller gets a copy of its own:
 * jansson's counting of references does not order what threads do with a shared value. */
#pragma once
#include "base/zone.h"
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

/* The card of a system that a search found: as HTML, but for the texts in which words are marked.
 * It does not change until the last of its holders drops it. */
struct search_text;
struct card {
	_Atomic unsigned holders;
	int64_t id; /* search_row() */
	char day[DAY_TEXT];
	/* HTML, made by the caller of card_keep(): of the card, in this order, and of the name and
	 * the summary in `words` */
	char *top, *words, *end, *name, *summary;
	struct search_text *name_text, *summary_text; /* NULL: not in the page's language */
};
void card_drop(struct card *card);
/* Cards that searches found lately: searches have many hits in common. They are those of one state
 * and of one day, by which a card shows what is due. */
struct card_key {
	int64_t size;    /* lists_kept_size() */
	int64_t id;      /* search_row() */
	const char *day; /* today */
};
/* The card, with one holder more, or NULL. */
struct card *card_kept(const struct request *rq, const struct card_key *key);
/* Keeps a new card, whose key this becomes, and is one of its holders. */
void card_keep(const struct request *rq, const struct card_key *key, struct card *card);
