/* comment.h - comments of reviewers and officers on a field of a record.
 *
 * Not public: a comment is only in people.db (people.h) and in no entry or content of the log, so
 * no mirror has it. The office and the department of a filing or draft see the comments on its
 * system. They remain after the decision on the filing, until somebody closes them. */
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
/* ERR_INVALID for a text that is empty, too long or has unprintable characters; ERR_LIMITED if
 * there are too many comments. */
MUST_CHECK enum err comment_add(struct people *p, const struct comment *comment);
/* [{"id", "field", "filing" or null, "account", "at": in seconds, "text", "closed" or null,
 * "closed_by" or null}…], the oldest first. */
MUST_CHECK enum err comment_list(
	struct people *p, const char *system, const char *department, json_t **out);
/* `of->account` closes the comment `id`; a second call changes nothing. ERR_NOT_FOUND if it is not
 * on this field of this system in this department. */
MUST_CHECK enum err comment_close(struct people *p, const struct comment *of, int64_t id);
