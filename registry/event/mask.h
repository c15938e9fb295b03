/* mask.h - a question as everybody may read it, with the data of persons masked.
 *
 * What was asked stays sealed. A publication that masks brings a content of its own, {"text",
 * "lang", "name"?, "salt"}: the same question in which MASK stands for each span that is hidden,
 * and for the name where that is. Whoever has the original (who asked, by the receipt; the office;
 * a verification of the register's folder) checks that nothing else was changed: mask_check(). How
 * long a hidden span is, MASK does not tell. */
#pragma once
#include "base/err.h"
#include "base/json.h"

#define MASK "▇▇▇"

/* Is `content` what was asked with spans masked, at least one, or the name? `original` NULL, where
 * it is not to be had: its form alone. ERR_INVALID. */
MUST_CHECK enum err mask_check(const json_t *content, const json_t *original);

/* The content that hides these words of a question (an array of texts; NULL for none) wherever they
 * stand, and its name. ERR_INVALID for words that are not in it. The caller owns it; no salt yet.
 */
MUST_CHECK enum err mask_words(
	const json_t *original, const json_t *words, bool name, json_t **out);
/* The same from the question's text with marks around what is to be hidden. ERR_INVALID where
 * anything but marks was put in. */
struct mask_marks {
	const char *open, *close;
};
MUST_CHECK enum err mask_marked(
	const json_t *original, const char *marked, bool name, json_t **out);
/* Marks that the text itself does not have: "[[" and "]]" of nearly all. */
struct mask_marks mask_marks(const char *text);
