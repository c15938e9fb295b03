/* policy_kept.h - the policies whose questions pages show, loaded once and cached: a policy's
 * content never changes, and a city has only a few. */
#pragma once
#include "registry/policy/policy.h"
#include "web/view/request.h"

struct policies_kept;
struct policies_kept *policies_kept_new(void);
void policies_kept_free(struct policies_kept *kept);
/* Finds a policy by the SHA-256 of its content; NULL if there is none. Valid until the server ends.
 */
const struct policy *policy_kept(const struct request *rq, const char *sha256);
