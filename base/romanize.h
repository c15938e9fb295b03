/* romanize.h - writes Korean in Latin letters by the Revised Romanization of Korean (국어의 로마자
 * 표기법, 문화체육관광부고시 제2014-42호), which follows the pronunciation: 종로 is "jongno".
 *
 * Sounds change within a run of syllables, as within a word, but not across a blank. The choices
 * are those of the standard for names: ㅎ after ㄱ, ㄷ and ㅂ stays (묵호 is "mukho"), except
 * before the endings of verbs (잡혀 is "japyeo"); there are no capitals, and no hyphens within a
 * word. If a sound depends on the meaning of a word's parts (학여울), a short list of words
 * decides. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Writes every run of syllables in Latin letters and leaves the rest unchanged. `text` is UTF-8 in
 * normal form C. The caller frees the result. */
char *romanize(const char *text);
/* Makes an address of a name: small letters and digits, with a single hyphen for anything else and
 * where Latin letters or digits meet Korean ones; accents are removed. The address is cut at a
 * hyphen to at most `max` bytes; `out` has room for one more. Returns false, with "" in `out`, if
 * nothing of the name remains. */
bool romanize_slug(const char *name, size_t max, char *out);
