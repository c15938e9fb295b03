#include "audit/sig_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 1000 /* more than five cores have in hand and waiting */

/* From one number of cores to the next one tried: make check leaves some out. */
static unsigned step(void)
{
	return getenv("GAYA_SHORT") ? 3 : 1;
}

static struct skey keys[3];
static char texts[MANY][40];
static uint8_t signatures[MANY][ED25519_SIG];

static int sign_all(void **state)
{
	(void)state;
	crypto_init();
	for (unsigned i = 0; i < COUNT(keys); i++) {
		uint8_t seed[ED25519_SEED] = {(uint8_t)(i + 1)};
		char name[32];

		snprintf(name, sizeof(name), "pool.example/log/d%u", i);
		assert_int_equal(OK, skey_make(name, seed, &keys[i]));
	}
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(texts[i], sizeof(texts[i]), "entry %u", i);
		ed25519_sign(&keys[i % 3].pair, texts[i], strlen(texts[i]), signatures[i]);
	}
	return 0;
}

static void add(struct sig_pool *p, unsigned i, bool right)
{
	uint8_t sig[ED25519_SIG];

	memcpy(sig, signatures[i], sizeof(sig));
	sig[3] ^= !right;
	sig_pool_add(p, i, &keys[i % 3].vkey, texts[i], strlen(texts[i]), sig);
}

static enum err verify(unsigned cores, unsigned n, unsigned wrong, unsigned also, uint64_t *place)
{
	struct sig_pool *p = sig_pool_new(cores);
	enum err e;

	for (unsigned i = 0; i < n; i++)
		add(p, i, i != wrong && i != also);
	e = sig_pool_wait(p, place);
	assert_int_equal(e != OK, sig_pool_failed(p));
	sig_pool_free(p);
	return e;
}

static void right_signatures_pass_however_many_and_on_however_many_cores(void **state)
{
	static const unsigned counts[] = {0, 1, 31, 32, 33, MANY};
	uint64_t place;

	(void)state;
	for (unsigned cores = 0; cores < 5; cores += step())
		for (size_t i = 0; i < COUNT(counts); i++)
			assert_int_equal(OK, verify(cores, counts[i], MANY, MANY, &place));
}

static void the_first_wrong_one_is_told_whoever_comes_to_it_first(void **state)
{
	static const unsigned wrong[][2] = {
		{0, 1}, {5, 6}, {31, 32}, {32, 63}, {700, 701}, {700, 999}, {999, MANY}};
	uint64_t place = 0;

	(void)state;
	for (unsigned cores = 1; cores < 5; cores += step())
		for (size_t i = 0; i < COUNT(wrong); i++) {
			assert_int_equal(
				ERR_FALSE, verify(cores, MANY, wrong[i][0], wrong[i][1], &place));
			assert_int_equal(wrong[i][0], place);
			assert_non_null(strstr(err_why(), keys[wrong[i][0] % 3].vkey.name));
		}
}

static void a_pool_goes_on_after_it_was_waited_for(void **state)
{
	struct sig_pool *p = sig_pool_new(3);
	uint64_t place;

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < 50; i++)
			add(p, round * 50 + i, round * 50 + i != 977);
		assert_int_equal(round * 50 + 50 <= 977 ? OK : ERR_FALSE, sig_pool_wait(p, &place));
	}
	assert_int_equal(977, place);
	sig_pool_free(p);
}

static void a_pool_that_nobody_waits_for_is_freed(void **state)
{
	struct sig_pool *p = sig_pool_new(4);

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		add(p, i, true);
	sig_pool_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_signatures_pass_however_many_and_on_however_many_cores),
		cmocka_unit_test(the_first_wrong_one_is_told_whoever_comes_to_it_first),
		cmocka_unit_test(a_pool_goes_on_after_it_was_waited_for),
		cmocka_unit_test(a_pool_that_nobody_waits_for_is_freed),
	};
	return cmocka_run_group_tests_name("sig_pool", tests, sign_all, NULL);
}
