/* mask.h - the public text of a question in which personal data is masked.
 *
 * The original stays sealed. A publication that masks brings its own content, {"text", "lang",
 * "name"?, "salt"}: the same question with MASK in place of each hidden span, and of the name if
 * that is hidden. Whoever has the original (the author, by the receipt; the office; a verification
 * of the register's folder) checks with mask_check() that nothing else changed. MASK does not
 * reveal how long a hidden span is. */
#pragma once
#include "base/err.h"
#include "base/json.h"

#define MASK "▇▇▇"

/* Checks that `content` is the original with at least one span, or the name, masked. If `original`
 * is NULL because it is not available, checks only the form. ERR_INVALID. */
MUST_CHECK enum err mask_check(const json_t *content, const json_t *original);

/* Makes the content that hides these words of a question (an array of texts; NULL for none)
 * wherever they occur, and its name if `name`. ERR_INVALID for words that are not in it. The caller
 * owns it; it has no salt yet. */
MUST_CHECK enum err mask_words(
	const json_t *original, const json_t *words, bool name, json_t **out);
/* The same, from the question's text with marks around the parts to hide. ERR_INVALID if anything
 * but marks was inserted. */
struct mask_marks {
	const char *open, *close;
};
MUST_CHECK enum err mask_marked(
	const json_t *original, const char *marked, bool name, json_t **out);
/* Marks that do not occur in the text: "[[" and "]]" for nearly all. */
struct mask_marks mask_marks(const char *text);
