/* comments.h - comments on the fields of a record, for the pages of filings and drafts. */
#pragma once
#include "registry/people/comment.h"
#include "web/office/office.h"

/* The result of comment_list() for a system of a department. */
MUST_CHECK enum err comments_of(
	const struct request *rq, const char *system, const char *department, json_t **out);
/* The comments on a field, oldest first: {"field", "any": bool, "open_n": a number, "list": [{"id",
 * "text", "name", "when", "open": bool}…], "written": the text of a form that is shown again}. */
json_t *comments_at(const struct request *rq, const json_t *comments, const char *field);
/* The open comments on all fields, one line each with the field's label, as a draft of the
 * reviewer's reason. NULL for none; the caller frees. */
char *comments_text(const struct request *rq, const json_t *comments);
/* Handles a form: "field" and "text" add a comment, "close" closes one. `filing` -1: on a draft. */
MUST_CHECK enum err comments_change(
	const struct request *rq, const char *system, const char *department, int64_t filing);
