#include "base/link.h"

#include "base/buf.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz" DIGITS "-"
#define PHONE_LEAST \
	7 /* digits that count; compares the last ones, because a country code may lead */

struct part {
	const char *s;
	size_t len;
};

/* --- the target --- */

/* Other schemes could run or fetch anything. */
static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:"};

bool link_is_safe(const char *url)
{
	if (*url == '/' || *url == '#')
		return true;
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

/* The part of an http or https address with its host, and userinfo and port if present. */
static bool authority_of(const char *url, struct part *out)
{
	size_t scheme = strncasecmp(url, "https://", 8) == 0  ? 8
	                : strncasecmp(url, "http://", 7) == 0 ? 7
	                                                      : 0;

	*out = (struct part){url + scheme, strcspn(url + scheme, "/?#\\")};
	return scheme != 0;
}

static bool has_any(struct part p, const char *bytes)
{
	for (size_t i = 0; i < p.len; i++)
		if (strchr(bytes, p.s[i]))
			return true;
	return false;
}

bool link_is_plain(const char *url)
{
	struct part host;

	if (!link_is_safe(url))
		return false;
	for (const char *p = url; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f || *p == '\\')
			return false;
	if (*url == '/')
		return url[1] != '/';
	if (strncasecmp(url, "http", 4) != 0)
		return true;
	return authority_of(url, &host) && host.len > 0 && !strchr(".:", *host.s) &&
	       !has_any(host, "@% \"'`<>{}|^");
}

/* --- the text --- */

/* The host of an authority: without userinfo, port and a final dot. */
static struct part host_of(struct part p)
{
	for (size_t i = p.len; i > 0; i--)
		if (p.s[i - 1] == '@') {
			p = (struct part){p.s + i, p.len - i};
			break;
		}
	if (p.len && *p.s != '[')
		for (size_t i = 0; i < p.len; i++)
			if (p.s[i] == ':')
				p.len = i;
	while (p.len && p.s[p.len - 1] == '.')
		p.len--;
	if (p.len > 4 && strncasecmp(p.s, "www.", 4) == 0)
		p = (struct part){p.s + 4, p.len - 4};
	return p;
}

/* Is `target` the host `said`, or a subdomain of it? */
static bool is_within(struct part target, struct part said)
{
	size_t more = target.len - said.len;

	if (said.len == 0 || target.len < said.len)
		return false;
	return strncasecmp(target.s + more, said.s, said.len) == 0 &&
	       (more == 0 || target.s[more - 1] == '.');
}

static struct part target_of(const char *url)
{
	struct part p;

	if (authority_of(url, &p))
		return host_of(p);
	if (strncasecmp(url, "mailto:", 7) == 0)
		return host_of((struct part){url + 7, strcspn(url + 7, "?")});
	return (struct part){url, 0};
}

#define KOREAN_TOP ".한국"
#define WORD_ENDS " \t\n()<>\"',"

/* Endings of file names, some of which are also countries. */
static const char *const endings[] = {
	"md", "js", "py", "rs", "sh", "gz", "ps", "db", "cc", "so", "pl"};
static const char *const generic[] = {"com", "net", "org", "edu", "gov", "mil", "int", "info",
	"biz", "app", "dev", "xyz", "site", "shop", "online", "top"};

static bool is_top(struct part p)
{
	for (size_t i = 0; i < COUNT(endings); i++)
		if (p.len == 2 && strncmp(p.s, endings[i], 2) == 0)
			return false;
	for (size_t i = 0; i < COUNT(generic); i++)
		if (p.len == strlen(generic[i]) && strncmp(p.s, generic[i], p.len) == 0)
			return true;
	if (p.len > 4 && strncmp(p.s, "xn--", 4) == 0)
		return true;
	return p.len == 2 && !has_any(p, DIGITS "-");
}

/* "bank.co.kr" at the start of `s`, unless the next characters make it another word. */
static bool domain_at(const char *s, struct part *out)
{
	size_t len = strspn(s, NAME_CHARS "."), last;

	while (len && s[len - 1] == '.')
		len--;
	for (last = len; last && s[last - 1] != '.'; last--)
		;
	*out = (struct part){s, len};
	return last > 1 && *s != '.' && s[len] != '_' &&
	       (strncmp(s, "www.", 4) == 0 || is_top((struct part){s + last, len - last}));
}

static bool ends_in(struct part p, const char *end)
{
	size_t n = strlen(end);

	return p.len >= n && memcmp(p.s + p.len - n, end, n) == 0;
}

/* "김해.한국" as a whole word. After a sentence without a space, "한국" is the next one's first
 * word. */
static bool korean_domain_at(const char *s, struct part *out)
{
	struct part stem;

	*out = (struct part){s, strcspn(s, WORD_ENDS "/?#:\\")};
	if (*s == '.' || !ends_in(*out, KOREAN_TOP) || out->len == strlen(KOREAN_TOP))
		return false;
	stem = (struct part){s, out->len - strlen(KOREAN_TOP)};
	return !ends_in(stem, "다") && !ends_in(stem, "요");
}

/* A host written with its scheme or slashes: up to its end and, if it is ASCII, up to a word of
 * another script directly after it. */
static struct part written_host(const char *s)
{
	struct part p = {s, strcspn(s, "/?#\\ \t\n()<>\"'")};

	for (size_t i = 1; i < p.len && (unsigned char)*s < 0x80; i++)
		if ((unsigned char)s[i] >= 0x80)
			p.len = i;
	return host_of(p);
}

/* The first address from `s` on: its host, and where to continue. */
static bool next_address(const char **s, struct part *out)
{
	for (const char *p = *s; *p; p++) {
		bool begins = p == *s || !strchr(NAME_CHARS "._@", p[-1]);

		if (strncmp(p, "//", 2) == 0 || strncmp(p, ":\\\\", 3) == 0) {
			p += 2 + (*p == ':');
			*out = written_host(p + strspn(p, "/\\"));
			*s = out->s + out->len;
			if (out->len)
				return true;
			p = *s - 1; /* it may be the end of the text */
		} else if ((begins || p[-1] == '@') && domain_at(p, out)) {
			*s = p + out->len;
			*out = host_of(*out);
			return true;
		} else if ((p == *s || strchr(WORD_ENDS, p[-1])) && korean_domain_at(p, out)) {
			*s = p + out->len;
			return true;
		}
	}
	return false;
}

/* --- telephones --- */

static size_t digits_of(const char *s, char out[32])
{
	size_t n = 0;

	for (; *s && n < 31; s++)
		if (strchr(DIGITS, *s))
			out[n++] = *s;
	out[n] = '\0';
	return n;
}

static bool is_other_number(const char *text, const char *number)
{
	char said[32], is[32];
	size_t said_n, is_n;

	if (text[strspn(text, DIGITS "+-.() ~")])
		return false; /* words, with at most a number in them */
	said_n = digits_of(text, said);
	is_n = digits_of(number, is);
	if (said_n < PHONE_LEAST || is_n < PHONE_LEAST)
		return said_n > 0 && strcmp(said, is) != 0;
	return strcmp(said + said_n - PHONE_LEAST, is + is_n - PHONE_LEAST) != 0;
}

/* The text as its reader sees it: folded, without invisible characters, with one kind of dot. */
static char *as_seen(const char *text)
{
	AUTOFREE char *seen = text_seen(text);
	AUTO(buf) out = BUF(strlen(seen) + 1);

	for (const char *p = seen; *p;) {
		bool dot = strncmp(p, "\u3002", 3) == 0;

		buf_putc(&out, dot ? '.' : *p);
		p += dot ? 3 : 1;
	}
	return mem_text(buf_text(&out));
}

bool link_deceives(const char *text, const char *url)
{
	AUTOFREE char *seen = NULL, *leads = NULL;
	struct part said, target;

	if (!text_is_utf8(text, strlen(text)) || !text_is_utf8(url, strlen(url)))
		return true;
	seen = as_seen(text);
	leads = as_seen(url);
	if (strncmp(leads, "tel:", 4) == 0 && is_other_number(seen, leads + 4))
		return true;
	target = target_of(leads);
	for (const char *at = seen; next_address(&at, &said);)
		if (!is_within(target, said))
			return true;
	return false;
}
