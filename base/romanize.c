#include "base/romanize.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* A syllable of Hangul is 0xac00 + (initial * 21 + vowel) * 28 + final (Unicode, section 3.12). */
#define FIRST 0xac00
#define LAST 0xd7a3
#define VOWELS 21
#define FINALS 28

/* Initials, in the order of their Unicode numbers. */
enum initial { G, GG, N, D, DD, R, M, B, BB, S, SS, NONE, J, JJ, CH, K, T, P, H, INITIALS };
static const char *const initials[INITIALS] = {"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s",
	"ss", "", "j", "jj", "ch", "k", "t", "p", "h"};
enum { V_YEO = 6, V_I = 20 };
static const char *const vowels[VOWELS] = {"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o",
	"wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"};

/* The sound of a final at the end of its syllable, and the sound that moves to a next syllable
 * without an initial: 값이 is "gapsi". */
enum sound { OPEN, SK, SN, ST, SL, SM, SP, SNG };
static const char *const sounds[] = {"", "k", "n", "t", "l", "m", "p", "ng"};
static const struct final {
	uint8_t closes; /* enum sound */
	uint8_t stays;  /* the same, if `goes` has moved to the next syllable */
	uint8_t goes;   /* enum initial; NONE: nothing moves */
} finals[FINALS] = {
	{OPEN, OPEN, NONE}, {SK, OPEN, G}, /* ㄱ */
	{SK, OPEN, GG},                    /* ㄲ */
	{SK, SK, S},                       /* ㄳ */
	{SN, OPEN, N},                     /* ㄴ */
	{SN, SN, J},                       /* ㄵ */
	{SN, OPEN, N},                     /* ㄶ */
	{ST, OPEN, D},                     /* ㄷ */
	{SL, OPEN, R},                     /* ㄹ */
	{SK, SL, G},                       /* ㄺ */
	{SM, SL, M},                       /* ㄻ */
	{SL, SL, B},                       /* ㄼ */
	{SL, SL, S},                       /* ㄽ */
	{SL, SL, T},                       /* ㄾ */
	{SP, SL, P},                       /* ㄿ */
	{SL, OPEN, R},                     /* ㅀ */
	{SM, OPEN, M},                     /* ㅁ */
	{SP, OPEN, B},                     /* ㅂ */
	{SP, SP, S},                       /* ㅄ */
	{ST, OPEN, S},                     /* ㅅ */
	{ST, OPEN, SS},                    /* ㅆ */
	{SNG, SNG, NONE},                  /* ㅇ */
	{ST, OPEN, J},                     /* ㅈ */
	{ST, OPEN, CH},                    /* ㅊ */
	{SK, OPEN, K},                     /* ㅋ */
	{ST, OPEN, T},                     /* ㅌ */
	{SP, OPEN, P},                     /* ㅍ */
	{ST, OPEN, NONE},                  /* ㅎ */
};
enum {
	F_N = 4,
	F_NJ = 5,
	F_NH = 6,
	F_D = 7,
	F_L = 8,
	F_LT = 13,
	F_LH = 15,
	F_M = 16,
	F_SS = 20,
	F_T = 25,
	F_H = 27
};

/* Words with a sound that their letters do not show (표준 발음법 제29항 and 제30항), with their
 * pronunciation. */
static const struct word {
	const char *written, *spoken;
} words[] = {
	{"학여울", "항녀울"},
	{"알약", "알략"},
	{"물약", "물략"},
	{"꽃잎", "꼰닙"},
	{"나뭇잎", "나문닙"},
	{"색연필", "생년필"},
	{"식용유", "시굥뉴"},
	{"한여름", "한녀름"},
	{"담요", "담뇨"},
	{"영업용", "영엄뇽"},
	{"솜이불", "솜니불"},
	{"서울역", "서울력"},
};

/* After a word of two or more syllables, ㄴㄹ before these endings is "nn" (제20항): 신문로 is
 * "sinmunno", but 신라 is "silla". */
static const char *const endings[] = {"로", "란", "량", "력", "론", "료", "류", "례"};

struct syllable {
	uint8_t initial, vowel, final;
};

/* The code point at `s`, which must be well-formed UTF-8. */
static uint32_t code_point(const char *s, size_t *bytes)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	uint32_t c = n == 1 ? u[0] : u[0] & (0xffu >> (n + 1));

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (u[i] & 0x3f);
	*bytes = n;
	return c;
}

static bool is_syllable(uint32_t c)
{
	return c >= FIRST && c <= LAST;
}

static bool read_syllable(const char *s, struct syllable *out)
{
	size_t n;
	uint32_t c = *s ? code_point(s, &n) : 0;

	if (!is_syllable(c))
		return false;
	c -= FIRST;
	*out = (struct syllable){(uint8_t)(c / FINALS / VOWELS), (uint8_t)(c / FINALS % VOWELS),
		(uint8_t)(c % FINALS)};
	return true;
}

/* --- where two syllables meet --- */

/* True for syllables that continue a verb after its stem: 히, 혀, with any final. No Chinese
 * character, and therefore no name, has this reading. */
static bool is_of_a_verb(const struct syllable *next)
{
	if (next->initial != H || (next->vowel != V_I && next->vowel != V_YEO))
		return false;
	return next->final == 0 || next->final == F_SS ||
	       (next->vowel == V_I &&
		       (next->final == F_N || next->final == F_L || next->final == F_M));
}

/* 제17항: 해돋이 is "haedoji", 붙여 "buchyeo", 굳히다 "guchida". */
static bool is_palatal(uint8_t final, const struct syllable *next)
{
	if (final == F_D && next->initial == H)
		return is_of_a_verb(next);
	return next->initial == NONE &&
	       ((next->vowel == V_I && (final == F_D || final == F_T || final == F_LT)) ||
		       (next->vowel == V_YEO && final == F_T));
}

static const char *aspirated(enum initial initial)
{
	return initial == G ? "k" : initial == D ? "t" : initial == B ? "p" : "ch";
}

/* ㅎ next to ㄱ, ㄷ, ㅂ or ㅈ, in either order (제12항): 좋고 is "joko". NULL if they do not meet.
 */
static const char *breathed(uint8_t final, const struct syllable *next)
{
	bool h = final == F_H || final == F_NH || final == F_LH;
	enum initial goes = finals[final].goes;

	if (h && (next->initial == G || next->initial == D || next->initial == J))
		return aspirated(next->initial);
	if (next->initial != H)
		return NULL;
	if (goes == J)
		return "ch";
	return (goes == G || goes == D || goes == B) && is_of_a_verb(next) ? aspirated(goes) : NULL;
}

/* Sounds that change each other (제18항 to 제20항). With `apart`, ㄴ before ㄹ stays, and ㄹ
 * becomes ㄴ. */
static void assimilate(enum sound *final, const char **initial, bool apart)
{
	bool r = **initial == 'r';

	if (*final == SL && (r || **initial == 'n'))
		*initial = "l";
	if (*final == SN && r && !apart) {
		*final = SL;
		*initial = "l";
	} else if (r && *final != OPEN && *final != SL) {
		*initial = "n";
	}
	if (**initial == 'n' || **initial == 'm')
		*final = *final == SK ? SNG : *final == ST ? SN : *final == SP ? SM : *final;
}

static bool starts_ending(const char *s)
{
	struct syllable after;

	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t len = strlen(endings[i]);

		if (strncmp(s, endings[i], len) == 0)
			return !read_syllable(s + len, &after);
	}
	return false;
}

/* Writes the consonants between a syllable and the next, at `s`, the `n`th of the run. */
static void join(
	uint8_t final, const struct syllable *next, const char *s, size_t n, struct buf *out)
{
	const struct final *f = &finals[final];
	const char *initial = initials[next->initial], *breath = breathed(final, next);
	enum sound closes = f->closes;

	if (is_palatal(final, next)) {
		closes = f->stays;
		initial = final == F_D && next->initial == NONE ? "j" : "ch";
	} else if (breath) {
		closes = final == F_NH ? SN : final == F_LH ? SL : f->stays;
		initial = breath;
	} else if (next->initial == NONE) {
		closes = f->stays;
		initial = initials[f->goes];
	} else if (final == F_H && (next->initial == S || next->initial == H)) {
		closes = OPEN;
	} else {
		assimilate(&closes, &initial, n >= 2 && starts_ending(s));
	}
	/* A sound that moved after ㄹ: 닭이 is "dalgi". ㄹ itself between vowels is "r". */
	buf_printf(out, "%s%s", sounds[closes], initial);
}

/* The number of bytes at `s` that are a word of the list; 0 if there is none. */
static size_t known_word(const char *s, const char **spoken)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t len = strlen(words[i].written);

		if (strncmp(s, words[i].written, len) == 0) {
			*spoken = words[i].spoken;
			return len;
		}
	}
	return 0;
}

/* The run of syllables at `*s`, with listed words as they are pronounced; moves `*s` behind it. */
static char *run_at(const char **s)
{
	size_t len = strlen(*s);
	struct buf run = BUF(2 * len + 64);
	struct syllable one;

	while (read_syllable(*s, &one)) {
		const char *spoken = *s;
		size_t n = known_word(*s, &spoken);

		if (n)
			buf_puts(&run, spoken);
		else
			buf_add(&run, *s, n = 3);
		*s += n;
	}
	return buf_take(&run);
}

static void add_run(const char *run, struct buf *out)
{
	uint8_t final = 0;
	struct syllable one;

	for (size_t n = 0; read_syllable(run, &one); n++, run += 3) {
		join(final, &one, run, n, out);
		buf_puts(out, vowels[one.vowel]);
		final = one.final;
	}
	buf_puts(out, sounds[finals[final].closes]);
}

char *romanize(const char *text)
{
	struct buf out = BUF(8 * strlen(text) + 64);

	while (*text) {
		struct syllable one;

		if (read_syllable(text, &one)) {
			AUTOFREE char *run = run_at(&text);

			add_run(run, &out);
		} else {
			buf_putc(&out, *text++);
		}
	}
	return buf_take(&out);
}

/* --- addresses --- */

/* Letters that do not decompose into a letter and an accent. */
static const struct {
	uint16_t from;
	const char *to;
} folds[] = {{0xdf, "ss"}, {0xe6, "ae"}, {0xf0, "d"}, {0xf8, "o"}, {0xfe, "th"}, {0x111, "d"},
	{0x131, "i"}, {0x142, "l"}, {0x153, "oe"}};

/* The replacement for a letter, digit or mark of a decomposed text; NULL if it separates words. */
static const char *plain(uint32_t c, char one[2])
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
		one[0] = (char)c;
		return one;
	}
	for (size_t i = 0; i < COUNT(folds); i++)
		if (folds[i].from == c)
			return folds[i].to;
	return c >= 0x300 && c <= 0x36f ? "" : NULL; /* accents */
}

static void add_word(struct buf *out, const char *word)
{
	if (*word && out->len)
		buf_putc(out, '-');
	buf_puts(out, word);
}

/* The Latin letters and digits at `*s`; moves `*s` behind them. */
static char *letters_at(const char **s)
{
	struct buf out = BUF(2 * strlen(*s) + 64);
	char one[2] = "";
	const char *as;
	size_t n;

	while (**s && (as = plain(code_point(*s, &n), one))) {
		buf_puts(&out, as);
		*s += n;
	}
	return buf_take(&out);
}

/* Composes the text again, so that syllables are whole; only Latin letters lost their accents. */
static void add_words(const char *s, struct buf *out)
{
	struct syllable one;
	char letter[2] = "";
	size_t n;

	while (*s) {
		AUTOFREE char *word = NULL;

		if (read_syllable(s, &one)) {
			AUTOFREE char *run = run_at(&s);
			struct buf latin = BUF(8 * strlen(run) + 64);

			add_run(run, &latin);
			word = buf_take(&latin);
		} else if (plain(code_point(s, &n), letter)) {
			word = letters_at(&s);
		} else {
			s += n;
			continue;
		}
		add_word(out, word);
	}
}

/* Replaces compatibility forms, separates accents from letters, and keeps syllables whole. */
static char *taken_apart(const char *name)
{
	AUTOFREE char *folded = text_folded(name), *apart = text_nfd(folded);
	AUTOFREE char *bare = NULL;
	struct buf out = BUF(4 * strlen(apart) + 64);

	for (const char *s = apart; *s;) {
		size_t n;
		uint32_t c = code_point(s, &n);

		if (c < 0x300 || c > 0x36f)
			buf_add(&out, s, n);
		s += n;
	}
	bare = buf_take(&out);
	return text_nfc(bare);
}

bool romanize_slug(const char *name, size_t max, char *out)
{
	AUTOFREE char *apart = taken_apart(name);
	AUTO(buf) all = BUF(8 * strlen(apart) + 64);
	size_t len;

	add_words(apart, &all);
	len = all.len;
	if (len > max) {
		for (len = max; len && buf_text(&all)[len] != '-'; len--)
			;
		len = len ? len : max;
	}
	memcpy(out, buf_text(&all), len);
	out[len] = '\0';
	return len > 0;
}
