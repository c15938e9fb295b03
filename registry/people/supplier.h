/* supplier.h - links by which a supplier, without an account, answers for a draft.
 *
 * A link is of one draft and lasts some days; whoever has it may save the answer as often as they
 * like until it expires, is revoked, or the draft is gone. It opens nothing else: the answer is a
 * record of its own that the department reads beside its draft. Only the token's SHA-256 is kept.
 * Why a token opens nothing is never said. */
#pragma once
#include "registry/people/draft.h"

#define SUPPLIER_NAME 200              /* bytes */
#define SUPPLIER_DAYS 30               /* at most */
#define SUPPLIER_LINKS 10              /* of a draft that have not expired and are not revoked */
#define SUPPLIER_ANSWER_MAX (96 * KIB) /* bytes, canonical */

/* A link and its token, shown this once. ERR_INVALID for a name or days that are none; ERR_LIMITED
 * where the draft has SUPPLIER_LINKS; ERR_NOT_FOUND where the department has no such draft. */
MUST_CHECK enum err supplier_link_new(struct people *p, const char *department, const char *draft,
	const char *supplier, int64_t days, const char *by, char token[PEOPLE_TOKEN + 1]);
/* [{"id", "supplier", "made", "by", "expires", "open": bool, "revoked" or null, "answer" or null,
 * "answered" or null}…], the newest first; times in seconds. */
MUST_CHECK enum err supplier_links(
	struct people *p, const char *department, const char *draft, json_t **out);
/* ERR_NOT_FOUND for one that is not of this draft. */
MUST_CHECK enum err supplier_revoke(
	struct people *p, const char *department, const char *draft, int64_t id);

/* What a token opens. */
struct supplier_link {
	int64_t id, expires, answered; /* answered 0: never */
	char supplier[SUPPLIER_NAME + 1];
	char department[SLUG_MAX + 1], draft[DRAFT_ID + 1];
	json_t *answer; /* an object, empty before the first */
};
void supplier_link_done(struct supplier_link *link);
/* ERR_NOT_FOUND, with one sentence, for a token that is malformed, unknown, expired, revoked, or of
 * a draft that is gone. */
MUST_CHECK enum err supplier_open(struct people *p, const char *token, struct supplier_link *out);
/* The same error; ERR_TOO_LARGE. */
MUST_CHECK enum err supplier_answer(struct people *p, const char *token, const json_t *answer);
