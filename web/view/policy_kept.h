/* policy_kept.h - policies that pages show the questions of, loaded once and kept: a policy's
 * content never changes, and a city has a handful of them. */
#pragma once
#include "registry/policy/policy.h"
#include "web/view/request.h"

struct policies_kept;
struct policies_kept *policies_kept_new(void);
void policies_kept_free(struct policies_kept *kept);
/* By the SHA-256 of its content; NULL where there is no such. Good until the server ends. */
const struct policy *policy_kept(const struct request *rq, const char *sha256);
