/* pages.h - the handlers of all addresses, and functions that they share. See routes.def. */
#pragma once
#include "web/view/request.h"

#define ROUTE(method, path, keep, body_max, answer, ...) \
	MUST_CHECK enum err answer(struct request *rq, struct response *rs);
#include "web/pages/routes.def"
#undef ROUTE

/* Answers with a file's bytes as a download; the caller has checked that the file may be read. */
MUST_CHECK enum err file_give(
	struct request *rq, struct response *rs, const char *sha256, int64_t size);
/* The error page: the HTTP status for `code`, in the reader's language, with links to go on. Shows
 * `why` if the reader caused the error; NULL: only the kind of error. Needs no database. */
MUST_CHECK enum err page_error(
	struct request *rq, struct response *rs, enum err code, const char *why);
