/* err.h - how functions in this tree report failure. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum err {
	OK = 0,
	ERR_FALSE,     /* checked, and found not to be true */
	ERR_INVALID,   /* the input breaks a rule we can name */
	ERR_DENIED,    /* this person may not do this */
	ERR_NOT_FOUND, /* there is no such thing */
	ERR_CONFLICT,  /* someone else changed it first */
	ERR_TOO_LARGE, /* over a limit we set */
	ERR_BUSY,      /* try again later: lock, queue, signer away */
	ERR_LIMITED,   /* this client asks too often */
	ERR_GONE,      /* was here, and was removed on purpose */
	ERR_FULL,      /* too little space is left on the disk */
	ERR_METHOD,    /* the address exists, the method does not */
	ERR_CORRUPT,   /* stored or signed data does not verify */
	ERR_SYSTEM,    /* the operating system said no */
	ERR_KINDS
};

/* How an error of this kind is reported: one row each in err.c. */
struct err_kind {
	const char *name; /* "not_found": in JSON answers and message keys */
	int http;
	int exit;
	bool ours; /* a fault of the program: logged as an error; the reader is not told the cause
	            */
};
const struct err_kind *err_kind(enum err code);

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

#define ERR_WHY_MAX 1024 /* bytes of a sentence, with its NUL */

/* Stores the reason (per thread) and returns `code`: `return fail(ERR_INVALID, "…")`. */
enum err fail(enum err code, const char *fmt, ...) PRINTF(2, 3);
enum err fail_v(enum err code, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Puts "place: ", such as the file concerned, before the stored sentence and returns `code`. */
enum err fail_at(enum err code, const char *place);
/* The sentence of this thread's latest fail(); valid until the next one. */
const char *err_why(void);

/* Sentences in other languages. The English format is the key: `sentence` returns the format in
 * `lang` for the same values (numbered, %2$s, where their order differs), with Korean particles
 * marked (josa.h), or NULL. Call once, before there are threads. `lang` is the default language of
 * every thread. */
void err_translator(const char *(*sentence)(const char *lang, const char *fmt), const char *lang);
/* Sets the language (languages.h) of fail() on this thread and returns the previous one. The
 * pointer is kept. */
const char *err_speak(const char *lang);
const char *err_language(void);
bool err_is_translated(void); /* is it a language other than English? */
/* `fmt` in this thread's language. */
const char *err_text(const char *fmt) __attribute__((format_arg(1)));

/* strerror(), in this thread's language. */
const char *err_os(int number);

/* The two macros of this tree that hide a `return`. There is no third. */
#define TRY(call)                          \
	do {                               \
		enum err try_err = (call); \
		if (try_err != OK)         \
			return try_err;    \
	} while (0)
#define ENSURE(cond, ...)                         \
	do {                                      \
		if (!(cond))                      \
			return fail(__VA_ARGS__); \
	} while (0)

/* AUTO(buf) b = {0};  runs buf_done(&b) when `b` goes out of scope. */
#define AUTO(type) __attribute__((cleanup(type##_done))) struct type
/* *out = TAKE(b);  moves `b` out and leaves zeroes, so its _done() is a no-op. */
#define TAKE(x)                             \
	({                                  \
		__typeof__(x) taken_ = (x); \
		(x) = (__typeof__(x)){0};   \
		taken_;                     \
	})
#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define KIB 1024UL
#define MIB (1024UL * KIB)
