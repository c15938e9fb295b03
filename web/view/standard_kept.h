/* standard_kept.h - earlier standards, for showing old versions in their words: loaded once and
 * kept, because a standard's content never changes and adoptions are rare. */
#pragma once
#include "web/view/request.h"

struct standards_kept;
struct standards_kept *standards_kept_new(void);
void standards_kept_free(struct standards_kept *kept);
/* Finds a standard by the number of its adoption. Valid until the server ends. */
MUST_CHECK enum err standard_kept(
	const struct request *rq, int64_t version, const struct standard **out);
