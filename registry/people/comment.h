/* comment.h - what reviewers and officers write to one another about a field of a record.
 *
 * Not public: a comment is in people.db (people.h) alone, in no entry and no content of the log, so
 * no mirror has it. Who sees a filing or a draft sees the comments on its system: the office, and
 * the department. They stay when the filing was decided, until somebody closes them. */
#pragma once
#include "registry/people/people.h"
#include "registry/standard/form.h"

#define COMMENT_MAX 2000  /* characters */
#define COMMENTS_MAX 500  /* of a system in a department */
#define COMMENT_FIELD 100 /* bytes */

struct comment {
	const char *system, *department, *field, *account, *text;
	int64_t filing; /* -1: on the draft */
};
/* ERR_INVALID for a text that is empty, too long, or not of characters that show; ERR_LIMITED where
 * there are too many. */
MUST_CHECK enum err comment_add(struct people *p, const struct comment *comment);
/* [{"id", "field", "filing" or null, "account", "at": in seconds, "text", "closed" or null,
 * "closed_by" or null}…], the oldest first. */
MUST_CHECK enum err comment_list(
	struct people *p, const char *system, const char *department, json_t **out);
/* Closes the comment `id`, by `of->account`; a second time changes nothing. ERR_NOT_FOUND for one
 * that is not on this field of this system in this department. */
MUST_CHECK enum err comment_close(struct people *p, const struct comment *of, int64_t id);
