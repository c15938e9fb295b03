/* The rules for passwords (NIST SP 800-63B: length, and no password that attackers try first; no
 * rules about kinds of characters), and hashing in turn. */
#include "registry/people/people_parts.h"

#include "base/embed.h"
#include "base/text.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

EMBED(common_passwords, "registry/people/common_passwords.txt"); /* sorted by bytes, one per line */

#define MOST 1024    /* bytes */
#define OWN 8        /* characters that must remain without the account's and the city's names */
#define NAME_LEAST 3 /* bytes of the shortest name that counts */

/* A hash that no password matches; verifying it takes the usual time. */
#define NOBODYS                                             \
	"$argon2id$v=19$m=7168,t=5,p=1$Z2F5YSBub2JvZHkncw$" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static int compare_line(const char *line, const char *end, const char *word, size_t len)
{
	size_t line_len = (size_t)(end - line);
	int order = memcmp(word, line, len < line_len ? len : line_len);

	return order ? order : (len > line_len) - (len < line_len);
}

static bool is_common(const char *word, size_t len)
{
	const char *low = embed_common_passwords, *high = embed_common_passwords_end;

	while (low < high) {
		const char *line = low + (high - low) / 2, *end;
		int order;

		while (line > low && line[-1] != '\n')
			line--;
		end = memchr(line, '\n', (size_t)(high - line));
		order = compare_line(line, end, word, len);
		if (order == 0)
			return true;
		if (order < 0)
			high = line;
		else
			low = end + 1;
	}
	return false;
}

/* "passwordpassword", "123412341234" are as weak as one repetition. */
static bool repeats(const char *s, size_t len)
{
	for (size_t unit = 1; unit <= len / 2; unit++)
		if (len % unit == 0 && memcmp(s, s + unit, len - unit) == 0)
			return true;
	return false;
}

/* "abcdefghijkl", "1234567890123": each character equals or neighbours the one before. */
static bool is_run(const char *s, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		int step = s[i] - s[i - 1];

		if (abs(step) > 1 && abs(step) != 9) /* 9 to 0 */
			return false;
	}
	return true;
}

/* "Password2026!": a common password, with less added than its own length. */
static bool is_common_inside(const char *s, size_t len)
{
	size_t from = 0, to = len;

	while (from < to && !isalpha((unsigned char)s[from]) && (unsigned char)s[from] < 0x80)
		from++;
	while (to > from && !isalpha((unsigned char)s[to - 1]) && (unsigned char)s[to - 1] < 0x80)
		to--;
	return 2 * (to - from) >= len && is_common(s + from, to - from);
}

static void take_out(char *s, const char *word)
{
	size_t len = strlen(word);
	char *at;

	if (len < NAME_LEAST)
		return;
	while ((at = strstr(s, word)))
		memmove(at, at + len, strlen(at + len) + 1);
}

/* The number of characters left without the names of the person and the city. */
static size_t left_without_names(
	const struct people *p, const struct account *account, const char *folded)
{
	AUTOFREE char *rest = mem_text(folded), *name = text_folded(account->name);
	AUTOFREE char *login = text_folded(account->login), *email = text_folded(account->email);
	char *part, *more = name;
	size_t left;

	take_out(rest, email);
	email[strcspn(email, "@")] = '\0';
	take_out(rest, login);
	take_out(rest, email);
	take_out(rest, name);
	while ((part = strsep(&more, " ")))
		take_out(rest, part);
	for (char **word = p->words; *word; word++)
		take_out(rest, *word);
	left = text_length(rest);
	crypto_wipe(rest, strlen(rest));
	return left;
}

static enum err check_text(const char *password)
{
	size_t len = strlen(password);

	ENSURE(len <= MOST, ERR_INVALID, "the password has more than %d bytes", MOST);
	ENSURE(text_is_utf8(password, len) && !text_forbidden(password, false) &&
			text_is_stream_safe(password),
		ERR_INVALID, "the password holds a character that no keyboard has");
	ENSURE(text_length(password) >= PEOPLE_PASSWORD_MIN, ERR_INVALID,
		"the password has fewer than %d characters: take a longer one, such as four words that have nothing to "
		"do with one another",
		PEOPLE_PASSWORD_MIN);
	return OK;
}

static enum err check_folded(
	const struct people *p, const struct account *account, const char *folded)
{
	size_t len = strlen(folded);

	ENSURE(!is_common(folded, len) && !repeats(folded, len) && !is_run(folded, len) &&
			!is_common_inside(folded, len),
		ERR_INVALID,
		"the password is one of those that are tried first: take another, such as four words that have "
		"nothing to do with one another");
	ENSURE(left_without_names(p, account, folded) >= OWN, ERR_INVALID,
		"the password is made of your name, your login or the city's name: take another");
	return OK;
}

enum err password_check(const struct people *p, const struct account *account, const char *password)
{
	AUTOFREE char *folded = NULL;
	enum err e;

	TRY(check_text(password));
	folded = text_folded(password);
	e = check_folded(p, account, folded);
	crypto_wipe(folded, strlen(folded));
	return e;
}

enum err people_check_password(
	struct people *p, const struct account *account, const char *password)
{
	return password_check(p, account, password);
}

/* Makes a password the same on every keyboard. NULL if no account can have it. */
static char *settle(const char *password)
{
	size_t len = strlen(password);

	return len <= MOST && text_is_utf8(password, len) && text_is_stream_safe(password)
	               ? text_nfc(password)
	               : NULL;
}

static void wipe(char *settled)
{
	if (settled)
		crypto_wipe(settled, strlen(settled));
	free(settled);
}

/* --- the hash, which takes a core about 17 ms --- */

struct hashing {
	const char *password, *hash; /* NULL: make one */
	char *made;
	bool matches, old;
	enum err e;
};

static void *hash_it(void *arg)
{
	struct hashing *h = arg;

	h->e = h->hash ? password_verify(h->hash, h->password, &h->matches, &h->old)
	               : password_hash(h->password, h->made);
	return NULL;
}

static void *hash_it_later(void *arg)
{
	(void)setpriority(PRIO_PROCESS, 0, HASHERS_NICE); /* on Linux, for this thread only */
	return hash_it(arg);
}

static bool ask_hashers(struct hashers *hashers, struct hashing *h)
{
	struct hashed answer;

	if (!hashers || !hashers_ask(hashers, h->hash, h->password, &answer))
		return false;
	h->matches = answer.matches;
	h->old = answer.old;
	h->e = answer.failed ? ERR_SYSTEM : OK;
	if (!h->hash && h->e == OK)
		memcpy(h->made, answer.made, PASSWORD_HASH);
	return true;
}

/* Hashes in a process of the server's for it, or else in a thread of low priority, which yields to
 * those that answer readers: an unprivileged thread cannot raise its priority again. The caller's
 * thread learns the reason of an error. */
static enum err hash_aside(struct hashers *hashers, struct hashing *h)
{
	pthread_t thread;

	if (ask_hashers(hashers, h))
		;
	else if (pthread_create(&thread, NULL, hash_it_later, h) == 0)
		pthread_join(thread, NULL);
	else
		hash_it(h);
	return h->e == OK ? OK : fail(h->e, "there is no memory for the hash of a password");
}

enum err password_make(struct people *p, const char *password, char out[PASSWORD_HASH])
{
	struct hashing h = {.made = out};
	char *settled = NULL;
	enum err e;

	TRY(turnstile_enter(p->turnstile, true));
	settled = settle(password);
	h.password = settled;
	e = settled ? hash_aside(p->hashers, &h) : fail(ERR_INVALID, "the password is no text");
	wipe(settled);
	turnstile_leave(p->turnstile, true);
	return e;
}

enum err password_matches(struct people *p, bool known, const char *hash, const char *password,
	bool *matches, bool *again)
{
	struct hashing h = {0};
	char *settled = NULL;
	enum err e;

	TRY(turnstile_enter(p->turnstile, known));
	settled = settle(password);
	h.hash = hash && settled ? hash : NOBODYS;
	h.password = settled ? settled : "";
	e = hash_aside(p->hashers, &h);
	turnstile_leave(p->turnstile, known);
	*matches = e == OK && h.matches && hash && settled;
	*again = h.old;
	wipe(settled);
	return e;
}
