#include "base/personal.h"

#include "base/buf.h"
#include "base/err.h"

#include <ctype.h>
#include <string.h>

#define DIGITS 24 /* more are no number of these kinds */
#define LOCAL 65  /* bytes of an address before the "@", and one */

/* A span that is being read: its digits, and whether there are separators between them. */
struct span {
	const char *begin, *at, *end;
	char digits[DIGITS + 1];
	bool separated;
};

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

static const char *const separators[] = {
	"-", ".", " - ", " ", ") ", ")", "‐", "‑", "–", "—", "−", "·", "－", "ー"};
static const char plate_syllables[] =
	"가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주"
	"바사아자배하허호";

static const char *after_any(const char *at, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(at, list[i], strlen(list[i])) == 0)
			return at + strlen(list[i]);
	return NULL;
}

static const char *after_syllable(const char *at)
{
	for (const char *s = plate_syllables; *s; s += 3) /* each takes three bytes */
		if (strncmp(at, s, 3) == 0)
			return at + 3;
	return NULL;
}

/* Behind the character of a shape; NULL if the text has another. */
static const char *step(char shape, const char *at)
{
	const char *next;

	switch (shape) {
	case 'd':
		return isdigit((unsigned char)*at) ? at + 1 : NULL;
	case 'A':
		return *at >= 'A' && *at <= 'Z' ? at + 1 : NULL;
	case 'L':
		return *at && strchr("MSRODG", *at) ? at + 1 : NULL;
	case 'h':
		return after_syllable(at);
	case ' ':
		return at + (*at == ' ');
	case '-':
	case '=':
		next = after_any(at, separators, COUNT(separators));
		return next || shape == '=' ? next : at;
	default:
		return *at == shape ? at + 1 : NULL;
	}
}

/* A longer run of letters and digits, such as an id, holds no number by chance. */
static bool is_inside(const char *begin, const char *at)
{
	if (at == begin)
		return false;
	if (isalnum((unsigned char)at[-1]) || at[-1] == '_')
		return true;
	return strchr("-.,/=", at[-1]) && at - 1 > begin && isalnum((unsigned char)at[-2]);
}

static bool goes_on(const char *end)
{
	return isalnum((unsigned char)*end) || *end == '_' ||
	       (*end && strchr("-.,/", *end) && isdigit((unsigned char)end[1]));
}

static bool fits(const struct form *form, struct span *s)
{
	size_t n = 0;

	s->end = s->at;
	s->separated = false;
	for (const char *shape = form->shape; *shape; shape++) {
		const char *next = step(*shape, s->end);

		if (!next)
			return false;
		if (next > s->end && !isdigit((unsigned char)*s->end))
			s->separated = true;
		else if (next > s->end && n < DIGITS)
			s->digits[n++] = *s->end;
		s->end = next;
	}
	s->digits[n] = '\0';
	return !goes_on(s->end) && (!form->is || form->is(s));
}

/* --- e-mail --- */

static bool is_local(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("._%+-", c));
}

/* Ends in a name of at least two letters. */
static bool fits_email(struct span *s)
{
	const char *at = s->at, *domain, *dot;

	while (is_local(*at) && at - s->at < LOCAL)
		at++;
	if (at == s->at || *at != '@')
		return false;
	for (domain = ++at; isalnum((unsigned char)*at) || *at == '-' || *at == '.'; at++)
		;
	while (at > domain && !isalnum((unsigned char)at[-1]))
		at--; /* the full stop of the sentence */
	for (dot = at - 1; dot > domain && *dot != '.'; dot--)
		;
	s->end = at;
	return dot > domain && at - dot > 2 && isalpha((unsigned char)dot[1]);
}

static const char *kind_at(struct span *s)
{
	if (is_inside(s->begin, s->at))
		return NULL;
	if (fits_email(s))
		return "email";
	for (size_t i = 0; i < COUNT(forms); i++)
		if (fits(&forms[i], s))
			return forms[i].kind;
	return NULL;
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
