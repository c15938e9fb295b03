/* json_lists.h - reads the lists of a JSON document of any size, item by item.
 *
 * A list counts if it is in no other list; lists are numbered from 0 in the order in which they
 * begin. The reader only looks for quotes, brackets and commas: the caller parses the items. */
#pragma once
#include "base/buf.h"

struct json_lists_take {
	void *arg;
	/* Receives each item of list `list`, which is not blank. The text is borrowed. A failure
	 * ends the reading. NULL if nobody wants the items. */
	enum err (*item)(void *arg, const char *text, size_t len);
	size_t list;     /* whose items are taken */
	size_t item_max; /* bytes of one item */
	size_t rest_max; /* bytes outside of the lists */
};
struct json_lists;
struct json_lists *json_lists_new(const struct json_lists_take *take);
void json_lists_free(struct json_lists *r);
/* Any part of the document. ERR_INVALID for a list that cannot be one: an empty item, a wrong
 * bracket. ERR_TOO_LARGE for an item or a rest over its maximum. */
MUST_CHECK enum err json_lists_feed(struct json_lists *r, const char *text, size_t len);
/* Does an item end where it seems to, although it is not valid JSON? True if its brackets, quotes,
 * colons and commas are those of one value, as where only a number, an escape, a repeated key or
 * the depth is wrong. */
bool json_lists_sure(const char *text, size_t len);
/* At the end of the document: the text outside of the lists, in which each list is [its number].
 * Borrowed until the reader is freed. ERR_INVALID if a list is not closed. */
MUST_CHECK enum err json_lists_end(struct json_lists *r, const char **text, size_t *len);
