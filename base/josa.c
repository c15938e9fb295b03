#include "base/josa.h"

#include "base/buf.h"

#include <string.h>

static const struct notation {
	const char *both, *after_final, *after_vowel;
	bool rieul_is_vowel; /* 서울로, but 부산으로 */
} notations[] = {
	{"은(는)", "은", "는", false}, {"이(가)", "이", "가", false}, {"을(를)", "을", "를", false},
	{"과(와)", "과", "와", false}, {"(으)로", "으로", "로", true},
	{"(이)", "이", "", false}, /* (이)라고, (이)나, (이)며 */
};

#define LONGEST 8 /* bytes of a notation, at most */

enum ending { UNKNOWN, VOWEL, FINAL, RIEUL };

#define AHEAD 300 /* bytes of a parenthesis that are searched backwards */

static const struct notation *notation_at(const char *s, size_t len)
{
	if (!len ||
		!strchr("(\xec\xea", *s)) /* first bytes of a notation: most of a text has none */
		return NULL;
	for (size_t i = 0; i < COUNT(notations); i++) {
		size_t n = strlen(notations[i].both);

		if (n <= len && memcmp(s, notations[i].both, n) == 0)
			return &notations[i];
	}
	return NULL;
}

/* --- the end of the word --- */

static bool ends_in(const char *s, size_t len, const char *end)
{
	size_t n = strlen(end);

	return n <= len && memcmp(s + len - n, end, n) == 0;
}

/* The position of the last `open` that no `close` follows; `len` if there is none. */
static size_t opening(const char *s, size_t len, char open, char close)
{
	unsigned depth = 0;

	for (size_t i = len; i > 0 && len - i < AHEAD; i--) {
		depth += s[i - 1] == close;
		if (s[i - 1] == open && --depth == 0)
			return i - 1;
	}
	return len;
}

/* Skips a final parenthesis, which is not read: "김해시(Gimhae)는"; unless nothing precedes it. */
static size_t skip_remark(const char *s, size_t len)
{
	size_t open = opening(s, len, '(', ')');

	return open < len && open > 0 && s[open - 1] != ' ' && s[open - 1] != '\n' ? open : len - 1;
}

static size_t skip_tag(const char *s, size_t len)
{
	size_t open = opening(s, len, '<', '>');
	char next = open < len ? s[open + 1] : '\0';

	return next == '/' || (next >= 'a' && next <= 'z') ? open : len - 1;
}

/* Skips quotes and brackets that close after the word, also in HTML. */
static size_t skip_closing(const char *s, size_t len)
{
	static const char *const closing[] = {"\"", "'", "]", "}", "`", "*", "\\", "”", "’", "」",
		"』", "》", "〉", "】", "〕", "&quot;", "&#39;", "&gt;", "&lt;"};

	for (size_t i = 0; i < COUNT(closing); i++)
		if (ends_in(s, len, closing[i]))
			return len - strlen(closing[i]);
	if (len && s[len - 1] == ')')
		return skip_remark(s, len);
	return len && s[len - 1] == '>' ? skip_tag(s, len) : len;
}

/* --- the sound at the end --- */

static enum ending syllable_ending(const char *s)
{
	static const unsigned char first[] = {0xea, 0xb0, 0x80}; /* 가, U+AC00 */
	const unsigned char *u = (const unsigned char *)s;
	unsigned code, from;

	if (u[0] < 0xea || u[0] > 0xed || (u[1] & 0xc0) != 0x80 || (u[2] & 0xc0) != 0x80)
		return UNKNOWN;
	code = (u[0] & 0xfu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
	from = (first[0] & 0xfu) << 12 | (first[1] & 0x3fu) << 6 | (first[2] & 0x3fu);
	if (code < from || code > from + 11171)
		return UNKNOWN;
	code = (code - from) % 28; /* 0: no final consonant, 8: ㄹ */
	return code == 0 ? VOWEL : code == 8 ? RIEUL : FINAL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* 영 일 이 삼 사 오 육 칠 팔 구; trailing zeros are 십, 백, 천, 만, 억; from 조 on they are too
 * rare. */
static enum ending number_ending(const char *s, size_t len)
{
	static const enum ending digits[] = {
		FINAL, RIEUL, VOWEL, FINAL, VOWEL, VOWEL, FINAL, RIEUL, RIEUL, VOWEL};
	size_t zeros = 0;

	while (zeros < len && s[len - 1 - zeros] == '0')
		zeros++;
	return zeros >= 12 ? UNKNOWN : digits[s[len - 1] - '0'];
}

/* Capitals are read by their names: 엘, 엠, 엔, 알; all others end in a vowel. */
static enum ending letter_ending(char c)
{
	return c == 'L' || c == 'R' ? RIEUL : c == 'M' || c == 'N' ? FINAL : VOWEL;
}

static bool is_vowel(char c)
{
	return c && strchr("aeiou", c);
}

/* A silent "e" (타이틀, 네임, 서비스), or one that is spoken (밸류). */
static enum ending mute_e_ending(char before)
{
	if (before == 'l')
		return RIEUL;
	if (before == 'm' || before == 'n')
		return FINAL;
	return before == 'p' ? UNKNOWN : VOWEL; /* 타입, but 스코프 */
}

/* A word in small letters is read as a word. "b", "c", "k", "p" and "t" after a vowel close a
 * syllable in some words (챗봇) but not in others (세트). */
static enum ending word_ending(const char *s, size_t len)
{
	char c = s[len - 1], before = len > 1 && is_lower(s[len - 2]) ? s[len - 2] : '\0';

	if (!before)
		return letter_ending((char)(c - 'a' + 'A'));
	if (c == 'e')
		return mute_e_ending(before);
	if (c == 'l')
		return RIEUL;
	if (c == 'm' || c == 'n' || (c == 'g' && before == 'n') || (c == 'c' && before == 'i'))
		return FINAL;
	return strchr("bckpt", c) && is_vowel(before) ? UNKNOWN : VOWEL;
}

static enum ending ending_of(const char *s, size_t len)
{
	size_t after;

	while ((after = skip_closing(s, len)) < len)
		len = after;
	if (!len)
		return UNKNOWN;
	if (is_digit(s[len - 1]))
		return number_ending(s, len);
	if (is_upper(s[len - 1]))
		return letter_ending(s[len - 1]);
	if (is_lower(s[len - 1]))
		return word_ending(s, len);
	if (s[len - 1] == '%')
		return VOWEL; /* 퍼센트 */
	return len >= 3 ? syllable_ending(s + len - 3) : UNKNOWN;
}

/* --- sentences --- */

const char *josa_choose(
	const char *before, size_t before_len, const char *s, size_t s_len, size_t *len)
{
	const struct notation *n = notation_at(s, s_len);
	enum ending ending = n ? ending_of(before, before_len) : UNKNOWN;

	*len = n ? strlen(n->both) : 0;
	if (ending == UNKNOWN)
		return NULL;
	return ending == VOWEL || (ending == RIEUL && n->rieul_is_vowel) ? n->after_vowel
	                                                                 : n->after_final;
}

char *josa_mark(const char *sentence)
{
	AUTO(buf) out = BUF(MIB);
	const struct notation *n;

	while (*sentence) {
		n = notation_at(sentence, strnlen(sentence, LONGEST));
		if (n) {
			buf_putc(&out, JOSA_MARK);
			buf_puts(&out, n->both);
			sentence += strlen(n->both);
		} else {
			buf_putc(&out, *sentence++);
		}
	}
	return buf_take(&out);
}

void josa_resolve(char *s)
{
	char *to = s;

	for (const char *from = s; *from;) {
		size_t len = 0;
		const char *particle = NULL;

		if (*from == JOSA_MARK)
			particle =
				josa_choose(s, (size_t)(to - s), from + 1, strlen(from + 1), &len);
		if (len && !particle) /* only the mark is removed */
			from++;
		if (!particle) {
			*to++ = *from++;
			continue;
		}
		memcpy(to, particle, strlen(particle));
		to += strlen(particle);
		from += 1 + len;
	}
	*to = '\0';
}
