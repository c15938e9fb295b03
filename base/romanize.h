/* romanize.h - Korean in Latin letters, by the Revised Romanization of Korean (국어의 로마자
 * 표기법, 문화체육관광부고시 제2014-42호), which writes what is spoken: 종로 is "jongno".
 *
 * The sounds change within a run of syllables, as they do within a word; not over a blank. The
 * standard's own choices are made for names: ㅎ after ㄱ, ㄷ and ㅂ stays (묵호 is "mukho"), save
 * before the endings of verbs (잡혀 is "japyeo"); no capitals, and no hyphens within a word. Where
 * a sound depends on what the parts of a word mean (학여울), a short list of words knows it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Every run of syllables in Latin letters, all else as it stands; the caller frees. `text` is UTF-8
 * in normal form C. */
char *romanize(const char *text);
/* A name as it may stand in an address: small letters and digits, with single hyphens where
 * anything else stood, or where Latin letters or digits meet Korean ones; accents fall away. Cut at
 * a hyphen to at most `max` bytes, of which `out` holds one more. False, and "", where nothing of
 * the name is left. */
bool romanize_slug(const char *name, size_t max, char *out);
