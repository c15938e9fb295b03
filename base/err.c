#include "base/err.h"

#include "base/josa.h"
#include "base/languages.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Room for a Korean sentence, whose letters take three bytes each. */
static _Thread_local char why[ERR_WHY_MAX];

static const char *(*translator)(const char *lang, const char *fmt);
static const char *everywhere = LANGUAGE_OF_C;
static _Thread_local const char *speech; /* NULL: the process's language */

static const struct err_kind kinds[ERR_KINDS] = {
	[OK] = {"ok", 200, 0, false},
	[ERR_FALSE] = {"false", 422, 1, false},
	[ERR_INVALID] = {"invalid", 400, 2, false},
	[ERR_DENIED] = {"denied", 403, 3, false},
	[ERR_NOT_FOUND] = {"not_found", 404, 4, false},
	[ERR_CONFLICT] = {"conflict", 409, 5, false},
	[ERR_TOO_LARGE] = {"too_large", 413, 6, false},
	[ERR_BUSY] = {"busy", 503, 7, false},
	[ERR_LIMITED] = {"limited", 429, 8, false},
	[ERR_GONE] = {"gone", 410, 9, false},
	[ERR_METHOD] = {"method", 405, 10, false},
	[ERR_FULL] = {"full", 507, 13, false},
	[ERR_CORRUPT] = {"corrupt", 500, 11, true},
	[ERR_SYSTEM] = {"system", 500, 12, true},
};

const struct err_kind *err_kind(enum err code)
{
	return &kinds[code < ERR_KINDS ? code : ERR_SYSTEM];
}

/* The length of the character at the start of `s`; 0 for a malformed or control character. */
static size_t character(const char *s)
{
	unsigned char c = (unsigned char)*s;
	size_t len = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

	if (len == 1)
		return (c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t';
	return strnlen(s, len) == len && text_is_utf8(s, len) ? len : 0;
}

/* A reason often quotes its input, and may truncate it within a character. It must become valid
 * text, for JSON and terminals. */
static void clean(char *s)
{
	char *to = s;

	while (*s) {
		size_t len = character(s);

		if (len) {
			memmove(to, s, len);
			to += len;
			s += len;
		} else {
			*to++ = '?';
			s++;
		}
	}
	*to = '\0';
}

/* Copies first, because a caller may wrap err_why() in a new sentence. */
static void keep(const char *next)
{
	char copy[sizeof(why)];

	snprintf(copy, sizeof(copy), "%s", next);
	clean(copy);
	memcpy(why, copy, sizeof(copy));
}

void err_translator(const char *(*sentence)(const char *lang, const char *fmt), const char *lang)
{
	translator = sentence;
	everywhere = lang;
}

const char *err_language(void)
{
	return !translator ? LANGUAGE_OF_C : speech ? speech : everywhere;
}

bool err_is_translated(void)
{
	return strcmp(err_language(), LANGUAGE_OF_C) != 0;
}

const char *err_speak(const char *lang)
{
	const char *before = err_language();

	speech = lang;
	return before;
}

const char *err_text(const char *fmt)
{
	const char *said = err_is_translated() ? translator(err_language(), fmt) : NULL;

	return said ? said : fmt;
}

const char *err_os(int number)
{
	return err_text(strerror(number));
}

enum err fail_v(enum err code, const char *fmt, va_list ap)
{
	char next[sizeof(why)];

	vsnprintf(next, sizeof(next), err_text(fmt), ap);
	if (err_is_translated())
		josa_resolve(next);
	keep(next);
	return code;
}

enum err fail(enum err code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	code = fail_v(code, fmt, ap);
	va_end(ap);
	return code;
}

enum err fail_at(enum err code, const char *place)
{
	char next[2 * sizeof(why)];

	snprintf(next, sizeof(next), "%.300s: %s", place, why);
	keep(next);
	return code;
}

const char *err_why(void)
{
	return why;
}
