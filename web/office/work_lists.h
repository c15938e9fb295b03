/* work_lists.h - the lists of pending work, for the office's first page and the pages of lists.
 *
 * Officers and heads see their department's items; the office and auditors see all. A role sees
 * only lists whose `access` (access.h) it has. */
#pragma once
#include "web/office/office.h"

struct work_list {
	const char *name;   /* in addresses and in messages: "desk_<name>" */
	const char *access; /* an action */
	unsigned acts;      /* roles that must act: they see it before lists to watch */
	const char *whole;  /* its page below /{lang}/office; NULL: /lists/<name> */
	enum err (*count)(const struct request *rq, const struct work_list *l, int64_t *out);
	/* Rows for office_task.html, each with "cursor": up to `limit` rows after the cursor
	 * `after` (NULL: from the first). */
	enum err (*rows)(const struct request *rq, const struct work_list *l, const char *after,
		int64_t limit, json_t **out);
	int of;         /* enum work, for lists of work_rows() */
	int from_today; /* lists what is due within this many days, or for this many */
	void (*add)(const struct request *rq, const json_t *row, json_t *task);
};
extern const struct work_list work_lists[];
extern const size_t work_lists_n;

bool work_list_is_seen(const struct request *rq, const struct work_list *l);
/* NULL if there is no such list for this role. */
const struct work_list *work_list_named(const struct request *rq, const char *name);
/* Counting stops here; pages then show "1,000+". */
#define WORK_COUNT_MAX 1000
/* The number as text, "1,000+" from WORK_COUNT_MAX. */
json_t *work_number(const struct request *rq, int64_t n);
