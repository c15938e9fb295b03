/* standard_kept.h - earlier standards, in whose words old versions are shown: loaded once and kept,
 * for a standard's content never changes and a register adopts one now and then. */
#pragma once
#include "web/view/request.h"

struct standards_kept;
struct standards_kept *standards_kept_new(void);
void standards_kept_free(struct standards_kept *kept);
/* By the number of its adoption. Good until the server ends. */
MUST_CHECK enum err standard_kept(
	const struct request *rq, int64_t version, const struct standard **out);
