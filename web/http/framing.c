#include "web/http/framing.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

#define SIZE_DIGITS 15u /* digits of a length: no sum of two overflows */
#define T(text) text    /* for tests/korean.py; translated where it is shown */

/* clang-format off */
static const struct fault
	first_line = {400, T("the first line of a request is a method, a target and HTTP/1.1, with one space between them")},
	target = {400, T("the target of a request is a path, or an address with http:// or https://")},
	version = {505, T("this server speaks HTTP/1.0 and HTTP/1.1")},
	line_end = {400, T("a line of a request ends in CR LF, and neither of the two stands alone")},
	control = {400, T("a header holds a byte that is no text, such as NUL")},
	folded = {400, T("a header line begins with a blank: lines must not be folded")},
	name = {400, T("a header line is a name, a colon right behind it, and a value")},
	two_hosts = {400, T("a request has more than one Host")},
	no_host = {400, T("a request of HTTP/1.1 needs a Host")},
	bad_host = {400, T("Host is a name or an address, with or without a port")},
	two_lengths = {400, T("a request has more than one Content-Length")},
	bad_length = {400, T("Content-Length is a number of bytes, in digits alone")},
	two_ways = {400, T("a request has both Content-Length and Transfer-Encoding")},
	two_encodings = {400, T("a request has more than one Transfer-Encoding")},
	old_encoding = {400, T("HTTP/1.0 knows no Transfer-Encoding")},
	encoding = {501, T("the only Transfer-Encoding that this server knows is chunked")},
	bad_chunk = {400, T("a chunk is its size in hexadecimal, CR LF, so many bytes, CR LF; extensions and trailers are not taken")},
	too_long = {431, T("the first line and headers of a request are too long")},
	too_many = {431, T("a request has too many headers")};
/* clang-format on */

/* The facts of a head, while it is parsed. */
struct head {
	bool old; /* HTTP/1.0 */
	unsigned lines, hosts, lengths, encodings;
	bool chunked;
	uint64_t length;
};

static bool is_token(const char *s, size_t len)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < len; i++) {
		char c = s[i], low = (char)(c | 0x20);

		if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') &&
			!(c && strchr(others, c)))
			return false;
	}
	return len > 0;
}

static bool is(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(s, word, len) == 0;
}

static bool begins(const char *s, size_t len, const char *word)
{
	return len >= strlen(word) && strncasecmp(s, word, strlen(word)) == 0;
}

/* Bytes above 0x7f are invalid in an address, but clients send them and their meaning is clear. */
static const struct fault *check_target(const char *s, size_t len, bool options)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f)
			return &target;
	if (*s == '/' || (options && is(s, len, "*")) ||
		(begins(s, len, "http://") && len > 7 && !strchr("/?#", s[7])) ||
		(begins(s, len, "https://") && len > 8 && !strchr("/?#", s[8])))
		return NULL;
	return &target;
}

static const struct fault *check_first(struct head *h, const char *s, size_t len)
{
	const char *space = memchr(s, ' ', len), *second;

	if (!space || !is_token(s, (size_t)(space - s)))
		return &first_line;
	second = memchr(space + 1, ' ', (size_t)(s + len - space - 1));
	if (!second || second == space + 1)
		return &first_line;
	if (s + len - second != 9 || memcmp(second, " HTTP/", 6) != 0)
		return &first_line;
	h->old = memcmp(second + 6, "1.0", 3) == 0;
	if (!h->old && memcmp(second + 6, "1.1", 3) != 0)
		return second[6] >= '0' && second[6] <= '9' && second[7] == '.' ? &version
		                                                                : &first_line;
	return check_target(
		space + 1, (size_t)(second - space - 1), is(s, (size_t)(space - s), "OPTIONS"));
}

static const struct fault *take_length(struct head *h, const char *s, size_t len)
{
	if (h->lengths++)
		return &two_lengths;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return &bad_length;
		h->length = 10 * h->length + (uint64_t)(s[i] - '0');
	}
	return len == 0 || len > SIZE_DIGITS ? &bad_length : NULL;
}

static const struct fault *take_encoding(struct head *h, const char *s, size_t len)
{
	h->chunked = is(s, len, "chunked");
	return h->encodings++ ? &two_encodings : h->chunked ? NULL : &encoding;
}

static const struct fault *take_host(struct head *h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] == ' ' || s[i] == '\t' || strchr("/\\@,?#<>\"", s[i]))
			return &bad_host;
	return h->hosts++ ? &two_hosts : len == 0 ? &bad_host : NULL;
}

bool header_is(const struct header *h, const char *word)
{
	return is(h->name, h->name_len, word);
}

static bool split(const char *s, size_t len, struct header *out)
{
	const char *colon = memchr(s, ':', len), *value, *end = s + len;

	if (!colon)
		return false;
	value = colon + 1;
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*out = (struct header){s, value, (size_t)(colon - s), (size_t)(end - value)};
	return true;
}

bool header_next(const char **at, struct header *out)
{
	size_t len = strcspn(*at, "\r");
	bool more = split(*at, len, out);

	*at += len + 2;
	return more;
}

static const struct fault *check_line(struct head *h, const char *s, size_t len)
{
	struct header line;

	if (++h->lines > HEAD_LINES)
		return &too_many;
	if (*s == ' ' || *s == '\t')
		return &folded;
	if (!split(s, len, &line) || !is_token(line.name, line.name_len))
		return &name;
	for (const char *c = line.name + line.name_len + 1; c < s + len; c++)
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			return &control;
	if (header_is(&line, "Content-Length"))
		return take_length(h, line.value, line.value_len);
	if (header_is(&line, "Transfer-Encoding"))
		return take_encoding(h, line.value, line.value_len);
	if (header_is(&line, "Host"))
		return take_host(h, line.value, line.value_len);
	return NULL;
}

static const struct fault *check_whole(const struct head *h)
{
	if (!h->hosts && !h->old)
		return &no_host;
	if (h->encodings && h->lengths)
		return &two_ways;
	return h->encodings && h->old ? &old_encoding : NULL;
}

/* The length of the line at `s` without its end; false if the end has not arrived. */
static bool line_at(const char *s, size_t len, size_t *out, const struct fault **fault)
{
	size_t n = 0;

	while (n < len && s[n] != '\r' && s[n] != '\n')
		n++;
	if (n == len || (s[n] == '\r' && n + 1 == len))
		return false;
	if (s[n] == '\n' || s[n + 1] != '\n')
		*fault = &line_end;
	*out = n;
	return true;
}

/* Checks each line as it arrives, so that a fault is reported at once. */
static uint64_t pass_head(
	struct framing *f, const char *data, size_t len, const struct fault **fault)
{
	struct head h = {0};
	size_t at = 0, n = 0;
	bool first = true;

	while (!*fault && line_at(data + at, len - at, &n, fault) && !*fault) {
		const char *line = data + at;

		at += n + 2;
		if (at > HEAD_MAX)
			break;
		if (!first && n == 0) {
			*fault = check_whole(&h);
			if (h.chunked && !*fault)
				f->at = AT_CHUNK;
			f->heads += !*fault;
			return *fault ? 0 : at + h.length;
		}
		/* One empty line before a request is ignored (RFC 9112 section 2.2). */
		if (n > 0)
			*fault = first ? check_first(&h, line, n) : check_line(&h, line, n);
		else if (at > 2)
			*fault = &first_line;
		first = first && n == 0;
	}
	if (!*fault && (at > HEAD_MAX || len >= HEAD_MAX))
		*fault = &too_long;
	return 0;
}

/* A chunk size with its line end; its bytes follow. */
static uint64_t pass_chunk(
	struct framing *f, const char *data, size_t len, const struct fault **fault)
{
	uint64_t size = 0;
	size_t n = 0;

	while (n < len && n < SIZE_DIGITS && text_hex_digit(data[n]) >= 0)
		size = 16 * size + (uint64_t)text_hex_digit(data[n++]);
	if (n == len)
		return 0;
	if (n == 0 || data[n] != '\r' || (n + 1 < len && data[n + 1] != '\n')) {
		*fault = &bad_chunk;
		return 0;
	}
	if (n + 1 == len)
		return 0;
	f->at = size ? AT_CHUNK_END : AT_LAST_END;
	return n + 2 + size;
}

static uint64_t pass_end(
	struct framing *f, const char *data, size_t len, const struct fault **fault)
{
	if (data[0] != '\r' || (len > 1 && data[1] != '\n')) {
		*fault = &bad_chunk;
		return 0;
	}
	if (len < 2)
		return 0;
	f->at = f->at == AT_CHUNK_END ? AT_CHUNK : AT_HEAD;
	return 2;
}

uint64_t framing_pass(struct framing *f, const char *data, size_t len, const struct fault **fault)
{
	uint64_t at = 0, n = 1;

	*fault = NULL;
	while (at < len && n && !*fault) {
		n = f->at == AT_HEAD    ? pass_head(f, data + at, len - at, fault)
		    : f->at == AT_CHUNK ? pass_chunk(f, data + at, len - at, fault)
		                        : pass_end(f, data + at, len - at, fault);
		at += n;
	}
	return at;
}
