/* pages.h - the handlers of all addresses, and what they share. routes.def lists them. */
#pragma once
#include "web/view/request.h"

#define ROUTE(method, path, keep, body_max, answer, ...) \
	MUST_CHECK enum err answer(struct request *rq, struct response *rs);
#include "web/pages/routes.def"
#undef ROUTE

/* A file's bytes, to be downloaded; the caller has seen to it that they may be given out. */
MUST_CHECK enum err file_give(
	struct request *rq, struct response *rs, const char *sha256, int64_t size);
/* What a reader sees instead of a page: the status that `code` stands for, in the reader's
 * language, with a way on. `why` is shown where the fault is the reader's; NULL for no more than
 * the kind. Works without a database. */
MUST_CHECK enum err page_error(
	struct request *rq, struct response *rs, enum err code, const char *why);
