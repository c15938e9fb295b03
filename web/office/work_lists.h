/* work_lists.h - the lists of what waits, as the first page and the pages of whole lists show them.
 *
 * Officers and heads see what is their department's; the office and auditors see all. A list whose
 * `access` (access.h) a role may not is not there for it. */
#pragma once
#include "web/office/office.h"

struct work_list {
	const char *name;   /* in addresses and in messages: "desk_<name>" */
	const char *access; /* an action */
	unsigned acts;      /* roles whose turn it is: they see the list before those that they only
	                       watch */
	const char *whole;  /* where all of it is, below /{lang}/office; NULL: /lists/<name> */
	enum err (*count)(const struct request *rq, const struct work_list *l, int64_t *out);
	/* Rows for office_task.html, each with "cursor": up to `limit` that come after that of
	 * `after` (NULL: from the first). */
	enum err (*rows)(const struct request *rq, const struct work_list *l, const char *after,
		int64_t limit, json_t **out);
	int of;         /* enum work, of those that are made by work_rows() */
	int from_today; /* what is due before this many days from today; or since this many */
	void (*add)(const struct request *rq, const json_t *row, json_t *task);
};
extern const struct work_list work_lists[];
extern const size_t work_lists_n;

bool work_list_is_seen(const struct request *rq, const struct work_list *l);
/* NULL: there is none of this name, or not for this role. */
const struct work_list *work_list_named(const struct request *rq, const char *name);
/* A count ends here; what is more is said to be so. */
#define WORK_COUNT_MAX 1000
/* The number in words, "1,000+" for WORK_COUNT_MAX and more. */
json_t *work_number(const struct request *rq, int64_t n);
