/* lists_kept.h - parts of pages that only an entry of the log can change: made once for a state of
 * the register and a language, and shared by all pages until the log grows. Nobody may change them.
 */
#pragma once
#include "web/view/request.h"

struct lists_kept;
struct lists_kept *lists_kept_new(void);
void lists_kept_free(struct lists_kept *kept);
/* Returns a new reference to an object with these, or null if the register cannot be read:
 * - "departments": choices for a filter, [{"value": slug, "label": {…}, "selected": false}…]
 * - "department_names": {slug: its name as view_text() gives it}
 * - "statuses", "risks": part_choices() without a selected one
 * - "status", "risk": {value: what part_value() gives}
 * - "register": what the frame says of the register
 * - "size": entries of the log that they were made of */
json_t *lists_kept(const struct request *rq);

/* Cards of systems that searches found lately: searches have many hits in common. They are those of
 * one state and of one day, by which a card shows what is due. */
struct card_key {
	int64_t size;    /* of the lists that the card has labels from; 0: nothing is kept */
	int64_t id;      /* search_row() */
	const char *day; /* today */
};
/* A new reference to a card, or NULL. */
json_t *card_kept(const struct request *rq, const struct card_key *key);
void card_keep(const struct request *rq, const struct card_key *key, json_t *card);
