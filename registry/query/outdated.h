/* outdated.h - translations that are older than their original: the text of the original language
 * changed from one version of a record to the next, and the translation stayed, to the byte.
 *
 * The original is the text in a language that the record calls original (translations), else in the
 * standard's own language. A text that is itself listed as original is nobody's translation.
 * Nothing is refused for it: a correction of a letter may leave a translation right. It ends when
 * the translation changes, or is listed as an original. Items of lists are compared by their
 * place. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "registry/standard/standard.h"

/* Between two records; `before` may be NULL. As standard_check() tells problems: [{"field", "at":
 * "goal.en", "rule": "translation_outdated", "language": "en", "original": "ko"}…] */
json_t *outdated_between(const struct standard *s, const json_t *before, const json_t *after);
/* Of a system's version `n`, from its whole history: the same, each with "since", the time at which
 * the version came that changed the original first. With `next`: of that record, filed after the
 * version n; what it leaves behind itself has no "since". */
MUST_CHECK enum err outdated_since(const struct snapshot *snap, const struct standard *s,
	const char *slug, int64_t n, const json_t *next, json_t **out);
