#include "base/personal.h"

#include "base/err.h"

#include <ctype.h>
#include <string.h>

#define DIGITS 24 /* more are no number of these kinds */
#define LOCAL 65  /* bytes of an address before the "@", and one */

/* A span that is being read: its digits, and whether there are separators between them. */
struct span {
	const char *begin, *at, *end;
	char digits[DIGITS + 1];
	bool separated, bracket; /* one of the separators closes a bracket */
};

/* --- characters --- */

#define FULLWIDTH 3 /* bytes of each of U+FF01 to U+FF5E, which stand for "!" to "~" */

/* The ASCII character at `at`, also in its full-width form, and its bytes; '\0' for any other. */
static char plain(const char *at, size_t *len)
{
	const unsigned char *u = (const unsigned char *)at;

	*len = FULLWIDTH;
	if (u[0] == 0xef && u[1] == 0xbc && u[2] >= 0x81 && u[2] <= 0xbf)
		return (char)(u[2] - 0x80 + ' ');
	if (u[0] == 0xef && u[1] == 0xbd && u[2] >= 0x80 && u[2] <= 0x9e)
		return (char)(u[2] - 0x80 + '`');
	if (u[0] == 0xe3 && u[1] == 0x80 && u[2] == 0x80)
		return ' ';
	*len = 1;
	return u[0] < 0x80 ? *at : '\0';
}

static char plain_at(const char *at)
{
	size_t len;

	return plain(at, &len);
}

/* The one before `*at`, which then points to it; '\0' if there is none. */
static char plain_before(const char *begin, const char **at)
{
	size_t len = 1;
	char c = '\0';

	if (*at - begin >= FULLWIDTH)
		c = plain(*at - FULLWIDTH, &len);
	if (!c || len != FULLWIDTH) {
		len = 1;
		c = *at > begin ? plain((*at) - 1, &len) : '\0';
	}
	*at -= c ? len : 0;
	return c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return isalpha((unsigned char)c);
}

static bool is_alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

static bool is_word(char c)
{
	return is_alnum(c) || c == '_';
}

static int number(const char *digits, size_t n)
{
	int value = 0;

	while (n--)
		value = value * 10 + (*digits++ - '0');
	return value;
}

/* --- what a form alone does not tell --- */

/* The check digit of a resident's number, or that of a foreigner's. Numbers given since October
 * 2020 have none. */
static bool has_check_digit(const char *d)
{
	static const int weight[] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
	int sum = 0, given = d[12] - '0';

	for (size_t i = 0; i < COUNT(weight); i++)
		sum += weight[i] * (d[i] - '0');
	return given == (11 - sum % 11) % 10 || given == (13 - sum % 11) % 10;
}

static bool is_resident(const struct span *s)
{
	const char *d = s->digits;
	int month = number(d + 2, 2), day = number(d + 4, 2);
	bool new = strchr("3478", d[6]) && number(d, 4) >= 2010;

	if (month < 1 || month > 12 || day < 1 || day > 31 || !strchr("12345678", d[6]))
		return false;
	return s->separated || new || has_check_digit(d);
}

/* Luhn's check digit. */
static bool is_card(const struct span *s)
{
	size_t n = strlen(s->digits);
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int digit = s->digits[n - 1 - i] - '0';

		sum += i % 2 ? digit * 2 - (digit > 4 ? 9 : 0) : digit;
	}
	return sum > 0 && sum % 10 == 0;
}

static bool is_licence(const struct span *s)
{
	int region = number(s->digits, 2);

	return region >= 11 && region <= 28;
}

static bool is_landline(const struct span *s)
{
	return strchr("3456", s->digits[1]) != NULL;
}

/* Any digits between hyphens could be an account, so the text must speak of one. */
static bool is_account(const struct span *s)
{
	static const char *const words[] = {"계좌", "은행", "농협", "신협", "수협", "축협", "입금",
		"account", "bank", "Account", "Bank"};

	if (!s->separated)
		return false;
	for (size_t i = 0; i < COUNT(words); i++)
		if (strstr(s->begin, words[i]))
			return true;
	return false;
}

/* "30도 2000명" is no car. */
static bool is_plate(const struct span *s)
{
	static const char *const units[] = {
		"명", "원", "년", "개", "건", "회", "대", "번", "호", "시간", "미터", "m", "k"};
	const char *after = s->end + (*s->end == ' ');

	for (size_t i = 0; i < COUNT(units); i++)
		if (strncmp(after, units[i], strlen(units[i])) == 0)
			return false;
	return true;
}

/* --- forms --- */

/* "d": a digit; "-": a separator, or none; "=": a separator; "h": a syllable of number plates; "A":
 * a capital; "L": a capital that begins a passport's number; else the character itself. */
static const struct form {
	const char *kind, *shape;
	bool (*is)(const struct span *s); /* NULL: the form says enough */
} forms[] = {
	{"resident", "dddddd-ddddddd", is_resident},
	{"phone", "01d-dddd-dddd", NULL},
	{"phone", "01d-ddd-dddd", NULL},
	{"phone", "+82-1d-dddd-dddd", NULL},
	{"phone", "+82-01d-dddd-dddd", NULL},
	{"phone", "+82-2-dddd-dddd", NULL},
	{"phone", "+82-2-ddd-dddd", NULL},
	{"phone", "+82-dd-dddd-dddd", NULL},
	{"phone", "+82-dd-ddd-dddd", NULL},
	{"phone", "02-dddd-dddd", NULL},
	{"phone", "02-ddd-dddd", NULL},
	{"phone", "050d-dddd-dddd", NULL},
	{"phone", "050d-ddd-dddd", NULL},
	{"phone", "070-dddd-dddd", NULL},
	{"phone", "0dd-dddd-dddd", is_landline},
	{"phone", "0dd-ddd-dddd", is_landline},
	{"card", "dddd-dddd-dddd-dddd", is_card},
	{"card", "dddd-dddddd-ddddd", is_card},
	{"licence", "dd=dd=dddddd=dd", is_licence},
	{"account", "ddd=ddd=dddddd", is_account},
	{"account", "ddd=dd=dddddd=d", is_account},
	{"account", "ddd=dd=dddddd", is_account},
	{"account", "ddd=dddddd=dd=ddd", is_account},
	{"account", "ddd=dddddd=ddddd", is_account},
	{"account", "ddd=dddd=dddd=dd", is_account},
	{"account", "dddd=dd=ddddddd", is_account},
	{"account", "dddddd=dd=dddddd", is_account},
	{"account", "dddd=ddd=dddddd", is_account},
	{"account", "dddd=dddd=dddd=d", is_account},
	{"plate", "ddd h dddd", is_plate},
	{"plate", "dd h dddd", is_plate},
	{"passport", "Ldddddddd", NULL},
	{"passport", "LdddAdddd", NULL},
};

static const char *const hyphens[] = {"‐", "‑", "–", "—", "−", "·", "ー"};
static const char plate_syllables[] =
	"가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주"
	"바사아자배하허호";

/* Behind "-", ".", ")", ") ", " ", " - " or another hyphen; NULL if there is none of them. */
static const char *after_separator(const char *at)
{
	size_t len;
	char c = plain(at, &len);

	if (c == '-' || c == '.')
		return at + len;
	if (c == ')') {
		at += len;
		return plain(at, &len) == ' ' ? at + len : at;
	}
	if (c == ' ')
		return strncmp(at, " - ", 3) == 0 ? at + 3 : at + len;
	for (size_t i = 0; i < COUNT(hyphens); i++)
		if (strncmp(at, hyphens[i], strlen(hyphens[i])) == 0)
			return at + strlen(hyphens[i]);
	return NULL;
}

static const char *after_syllable(const char *at)
{
	for (const char *s = plate_syllables; *s; s += 3) /* each takes three bytes */
		if (strncmp(at, s, 3) == 0)
			return at + 3;
	return NULL;
}

static bool is_of(char shape, char c)
{
	switch (shape) {
	case 'd':
		return is_digit(c);
	case 'A':
		return c >= 'A' && c <= 'Z';
	case 'L':
		return c && strchr("MSRODG", c);
	default:
		return c == shape;
	}
}

/* Behind the character of a shape; NULL if the text has another. */
static const char *step(char shape, const char *at)
{
	const char *next;
	size_t len;
	char c;

	switch (shape) {
	case 'h':
		return after_syllable(at);
	case '-':
	case '=':
		next = after_separator(at);
		return next || shape == '=' ? next : at;
	default:
		c = plain(at, &len);
		if (shape == ' ' && c != ' ')
			return at;
		return is_of(shape, c) ? at + len : NULL;
	}
}

/* A longer run of letters and digits, such as an id, holds no number by chance. */
static bool is_inside(const char *begin, const char *at)
{
	char c = plain_before(begin, &at);

	if (is_word(c))
		return true;
	c = c && strchr("-.,/=", c) ? plain_before(begin, &at) : '\0';
	return is_alnum(c);
}

static bool goes_on(const char *end)
{
	size_t len;
	char c = plain(end, &len);

	return is_word(c) || (c && strchr("-.,/", c) && is_digit(plain_at(end + len)));
}

static bool fits(const struct form *form, struct span *s)
{
	size_t n = 0;

	s->end = s->at;
	s->separated = s->bracket = false;
	for (const char *shape = form->shape; *shape; shape++) {
		const char *next = step(*shape, s->end);
		char c = plain_at(s->end);

		if (!next)
			return false;
		if (next > s->end && is_digit(c) && n < DIGITS)
			s->digits[n++] = c;
		else if (next > s->end && !is_digit(c))
			s->separated = true;
		s->bracket = s->bracket || (next > s->end && c == ')');
		s->end = next;
	}
	s->digits[n] = '\0';
	return !goes_on(s->end) && (!form->is || form->is(s));
}

/* --- e-mail --- */

static bool is_local(char c)
{
	return is_word(c) || (c && strchr(".%+-", c));
}

/* Behind the last part of a domain's name at `at`, such as "kr" or "한국"; NULL if none is there.
 */
static const char *after_top(const char *at)
{
	static const char *const korean[] = {"한국", "닷컴", "닷넷", "삼성"};
	const char *end = NULL;
	size_t len;

	for (size_t i = 0; i < COUNT(korean); i++)
		if (strncmp(at, korean[i], strlen(korean[i])) == 0)
			return at + strlen(korean[i]);
	if (!is_letter(plain(at, &len)) || !is_alnum(plain_at(at + len)))
		return NULL;
	for (char c; is_alnum(c = plain(at, &len)) || c == '-';) {
		at += len;
		end = c == '-' ? end : at;
	}
	return end;
}

/* Korean writes particles without a space, so a name may end anywhere before a syllable: it ends
 * behind the last part that can end one. Behind one in Latin letters such a syllable is a particle.
 */
static bool fits_email(struct span *s)
{
	const char *at = s->at, *domain, *top;
	size_t len, n = 0;
	char c, before = '\0';

	for (; is_local(c = plain(at, &len)) && n < LOCAL; n++)
		at += len;
	if (n == 0 || c != '@')
		return false;
	domain = at += len;
	s->end = NULL;
	while ((c = plain(at, &len)) ? is_word(c) || strchr("-.", c) : *at != '\0') {
		if (!c && at == s->end && before)
			break;
		top = c == '.' && at > domain ? after_top(at + len) : NULL;
		s->end = top ? top : s->end;
		before = c;
		at += len;
	}
	return s->end != NULL;
}

static const char *number_at(struct span *s)
{
	for (size_t i = 0; i < COUNT(forms); i++)
		if (fits(&forms[i], s))
			return forms[i].kind;
	return NULL;
}

/* "(055) 330-1234", but not the bracket of "(055-330-1234)". */
static const char *bracketed_at(struct span *s)
{
	struct span inner = *s;
	size_t len;
	const char *kind = NULL;

	if (plain(s->at, &len) == '(') {
		inner.at += len;
		kind = number_at(&inner);
		s->end = inner.end;
	}
	return kind && inner.bracket ? kind : NULL;
}

static const char *kind_at(struct span *s)
{
	const char *kind = bracketed_at(s);

	if (kind || is_inside(s->begin, s->at))
		return kind;
	return fits_email(s) ? "email" : number_at(s);
}

bool personal_find(const char *begin, const char *text, struct personal *out)
{
	struct span s = {.begin = begin};

	for (s.at = text; *s.at; s.at++) {
		const char *kind = kind_at(&s);

		if (!kind)
			continue;
		*out = (struct personal){kind, s.at, (size_t)(s.end - s.at)};
		return true;
	}
	return false;
}

/* --- two of them --- */

/* The next character that tells one from another: '\0' at the end. Of a number, separators do not.
 * A byte of another character stands for itself. */
static char next_sign(const char **at, const char *end, bool separators)
{
	while (*at < end) {
		size_t len;
		char c = plain(*at, &len);
		const char *from = *at, *behind = c || separators ? NULL : after_separator(*at);

		*at = behind ? behind : *at + len;
		if (is_alnum(c) || (c && separators))
			return (char)tolower((unsigned char)c);
		if (!c && !behind)
			return *from;
	}
	return '\0';
}

bool personal_is_same(const struct personal *a, const struct personal *b)
{
	const char *of_a = a->at, *of_b = b->at;
	bool email = strcmp(a->kind, "email") == 0;
	char c;

	if (strcmp(a->kind, b->kind) != 0)
		return false;
	do {
		c = next_sign(&of_a, a->at + a->len, email);
		if (c != next_sign(&of_b, b->at + b->len, email))
			return false;
	} while (c);
	return true;
}
