/* quick_argon2.h - tests of who knows a passphrase, not of how long a guess takes: functions that
 * stand in front of libsodium's and do a pass over 8 KiB where the program asks for what it asks
 * for in earnest. Any other cost is as asked. In a unit test that includes this file;
 * tests/cli/lib.sh makes a library of it, which quick_passphrases loads before the program.
 * tests/cli/passphrase_test.sh and account_test.sh see the true cost. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { QUICK_PASSES = 1, QUICK_MEMORY = 8192 };

typedef unsigned long long ull;
int crypto_pwhash_argon2id(unsigned char *out, ull out_len, const char *passphrase, ull len,
	const unsigned char *salt, ull passes, size_t memory, int algorithm);
int crypto_pwhash_argon2id_str(
	char out[128], const char *passphrase, ull len, ull passes, size_t memory);
int crypto_pwhash_argon2id_str_needs_rehash(const char *text, ull passes, size_t memory);
int crypto_pwhash_argon2id_str_verify(const char *text, const char *passphrase, ull len);
int crypto_pwhash(unsigned char *out, ull out_len, const char *passphrase, ull len,
	const unsigned char *salt, ull passes, size_t memory, int algorithm);
int crypto_pwhash_str_alg(
	char out[128], const char *passphrase, ull len, ull passes, size_t memory, int algorithm);
int crypto_pwhash_str_verify(const char *text, const char *passphrase, ull len);
int crypto_pwhash_str_needs_rehash(const char *text, ull passes, size_t memory);

static bool in_earnest(ull passes, size_t memory)
{
	return (passes == 3 && memory == 256 << 20) || (passes == 5 && memory == 7 << 20);
}

int crypto_pwhash(unsigned char *out, ull out_len, const char *passphrase, ull len,
	const unsigned char *salt, ull passes, size_t memory, int algorithm)
{
	bool quick = in_earnest(passes, memory);

	return crypto_pwhash_argon2id(out, out_len, passphrase, len, salt,
		quick ? QUICK_PASSES : passes, quick ? QUICK_MEMORY : memory, algorithm);
}

int crypto_pwhash_str_alg(
	char out[128], const char *passphrase, ull len, ull passes, size_t memory, int algorithm)
{
	bool quick = in_earnest(passes, memory);

	(void)algorithm; /* Argon2id is the only one that the program asks for */
	return crypto_pwhash_argon2id_str(
		out, passphrase, len, quick ? QUICK_PASSES : passes, quick ? QUICK_MEMORY : memory);
}

/* The hash of nobody is the only one of the true cost, for none is made here: with less of it, it
 * is still that of nothing. */
int crypto_pwhash_str_verify(const char *text, const char *passphrase, ull len)
{
	static const char costly[] = "$argon2id$v=19$m=7168,t=5,";
	char quick[128];

	if (strncmp(text, costly, strlen(costly)) != 0)
		return crypto_pwhash_argon2id_str_verify(text, passphrase, len);
	snprintf(quick, sizeof(quick), "$argon2id$v=19$m=8,t=1,%s", text + strlen(costly));
	return crypto_pwhash_argon2id_str_verify(quick, passphrase, len);
}

int crypto_pwhash_str_needs_rehash(const char *text, ull passes, size_t memory)
{
	int needed = crypto_pwhash_argon2id_str_needs_rehash(text, passes, memory);

	if (needed && in_earnest(passes, memory))
		needed = crypto_pwhash_argon2id_str_needs_rehash(text, QUICK_PASSES, QUICK_MEMORY);
	return needed;
}
