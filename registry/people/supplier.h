/* supplier.h - links with which a supplier, who has no account, answers questions for a draft.
 *
 * A link is for one draft and lasts some days. Its holder may save the answer repeatedly until the
 * link expires or is revoked, or the draft is gone. It gives no other access: the answer is a
 * separate record, which the department reads beside its draft. Only the token's SHA-256 is stored.
 * The error does not reveal why a token is invalid. */
#pragma once
#include "registry/people/draft.h"

#define SUPPLIER_NAME 200              /* bytes */
#define SUPPLIER_DAYS 30               /* the longest life of a link */
#define SUPPLIER_LINKS 10              /* of a draft, that are neither expired nor revoked */
#define SUPPLIER_ANSWER_MAX (96 * KIB) /* bytes, canonical */

/* Makes a link and its token, shown only once. ERR_INVALID for an invalid name or number of days;
 * ERR_LIMITED if the draft has SUPPLIER_LINKS; ERR_NOT_FOUND if the department has no such
 * draft. */
MUST_CHECK enum err supplier_link_new(struct people *p, const char *department, const char *draft,
	const char *supplier, int64_t days, const char *by, char token[PEOPLE_TOKEN + 1]);
/* [{"id", "supplier", "made", "by", "expires", "open": bool, "revoked" or null, "answer" or null,
 * "answered" or null}…], newest first; times in seconds. */
MUST_CHECK enum err supplier_links(
	struct people *p, const char *department, const char *draft, json_t **out);
/* ERR_NOT_FOUND if the link is not of this draft. */
MUST_CHECK enum err supplier_revoke(
	struct people *p, const char *department, const char *draft, int64_t id);

/* The link that a token belongs to. */
struct supplier_link {
	int64_t id, expires, answered; /* answered 0: never */
	char supplier[SUPPLIER_NAME + 1];
	char department[SLUG_MAX + 1], draft[DRAFT_ID + 1];
	json_t *answer; /* an object, empty before the first answer */
};
void supplier_link_done(struct supplier_link *link);
/* ERR_NOT_FOUND, with the same sentence each time, for a token that is malformed, unknown, expired,
 * revoked, or of a draft that is gone. */
MUST_CHECK enum err supplier_open(struct people *p, const char *token, struct supplier_link *out);
/* The same error; ERR_TOO_LARGE. */
MUST_CHECK enum err supplier_answer(struct people *p, const char *token, const json_t *answer);
