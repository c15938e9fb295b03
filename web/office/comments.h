/* comments.h - comments on the fields of a record, on the pages of a filing and of a draft. */
#pragma once
#include "registry/people/comment.h"
#include "web/office/office.h"

/* What comment_list() gives, for a system of a department. */
MUST_CHECK enum err comments_of(
	const struct request *rq, const char *system, const char *department, json_t **out);
/* Those on a field, the oldest first: {"field", "any": bool, "open_n": a number, "list": [{"id",
 * "text", "name", "when", "open": bool}…], "written": what a form that comes back has}. */
json_t *comments_at(const struct request *rq, const json_t *comments, const char *field);
/* Those that are open, on all fields, a line each with the field's label: for a reason that the
 * reviewer writes. NULL for none; the caller frees. */
char *comments_text(const struct request *rq, const json_t *comments);
/* A form's: "field" and "text" add one, "close" closes one. `filing` -1: on a draft. */
MUST_CHECK enum err comments_change(
	const struct request *rq, const char *system, const char *department, int64_t filing);
