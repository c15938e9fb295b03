#include "registry/standard/form.h"

#include <string.h>

#define DOMAIN_MAX 253
#define LABEL_MAX 63
#define LOCAL_MAX 64

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_date_of(const char *s, size_t len)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;

	for (size_t i = 0; i < len; i++)
		if (i == 4 || i == 7 ? s[i] != '-' : s[i] < '0' || s[i] > '9')
			return false;
	if (s[len] != '\0')
		return false;
	year = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 + s[3] - '0';
	month = (s[5] - '0') * 10 + s[6] - '0';
	if (year < 1 || month < 1 || month > 12)
		return false;
	if (len == strlen("2026-11"))
		return true;
	day = (s[8] - '0') * 10 + s[9] - '0';
	if (month == 2 && day == 29)
		return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day >= 1 && day <= days[month - 1];
}

bool slug_valid(const char *s)
{
	size_t len = strlen(s);

	if (!len || len > SLUG_MAX || strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return false;
	return s[0] != '-' && s[len - 1] != '-' && !strstr(s, "--");
}

bool form_is_date(const char *s)
{
	return is_date_of(s, strlen("2026-11-22"));
}

bool form_is_month(const char *s)
{
	return is_date_of(s, strlen("2026-11"));
}

bool form_is_sha256(const char *s)
{
	return strlen(s) == 64 && strspn(s, DIGITS "abcdef") == 64;
}

/* No "@" before the host, which makes an address look like another one. */
bool form_is_url(const char *s)
{
	const char *host = strncmp(s, "https://", 8) == 0  ? s + 8
	                   : strncmp(s, "http://", 7) == 0 ? s + 7
	                                                   : NULL;
	size_t len;

	if (!host)
		return false;
	for (const char *p = s; *p; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"'`<>\\", *p))
			return false;
	len = strcspn(host, "/?#");
	return len > 0 && strspn(host, LETTERS DIGITS ".-_:[]") >= len && *host != '.' &&
	       *host != ':';
}

static bool is_domain(const char *s)
{
	size_t labels = 0;

	if (strlen(s) > DOMAIN_MAX)
		return false;
	for (;; s++) {
		size_t len = strspn(s, LETTERS DIGITS "-");

		if (len == 0 || len > LABEL_MAX || s[0] == '-' || s[len - 1] == '-')
			return false;
		labels++;
		s += len;
		if (*s != '.')
			break;
	}
	return *s == '\0' && labels >= 2;
}

/* A usual e-mail address, without quoted names or bare hosts. */
static bool is_email(const char *s)
{
	size_t len = strspn(s, LETTERS DIGITS ".!#$%&*+/=?^_{|}~-");

	if (len == 0 || len > LOCAL_MAX || s[len] != '@' || s[0] == '.' || s[len - 1] == '.')
		return false;
	return !memmem(s, len, "..", 2) && is_domain(s + len + 1);
}

bool form_is_contact(const char *s)
{
	return is_email(s) || form_is_url(s);
}

bool form_is_telephone(const char *s)
{
	size_t digits = 0;

	if (*s == '+')
		s++;
	for (; *s; s++) {
		if (strchr(DIGITS, *s))
			digits++;
		else if (!strchr(" -.()", *s))
			return false;
	}
	return digits >= 3 && digits <= 15;
}

bool form_is_contact_uri(const char *s)
{
	if (strncmp(s, "mailto:", 7) == 0)
		return is_email(s + 7);
	if (strncmp(s, "tel:", 4) == 0)
		return !strchr(s, ' ') && form_is_telephone(s + 4);
	return strncmp(s, "https://", 8) == 0 && form_is_url(s);
}

/* ^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$ */
bool form_is_language(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyz");

	if (len < 2 || len > 3)
		return false;
	for (s += len; *s; s += len) {
		if (*s++ != '-')
			return false;
		len = strspn(s, LETTERS DIGITS);
		if (len < 2 || len > 8)
			return false;
	}
	return true;
}
