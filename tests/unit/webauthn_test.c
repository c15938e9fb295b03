/* A browser's answer about a passkey is compared with the request, byte by byte. */
#include "base/webauthn.h"

#include "base/crypto.h"
#include "tests/unit/webauthn_vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct webauthn_site site = {"ai.gimhae.example", "https://ai.gimhae.example"};

#define CREATE                                                                        \
	"{\"type\":\"webauthn.create\",\"challenge\":\"" CHALLENGE "\",\"origin\":\"" \
	"https://ai.gimhae.example\",\"crossOrigin\":false}"
#define GET                                                                        \
	"{\"type\":\"webauthn.get\",\"challenge\":\"" CHALLENGE "\",\"origin\":\"" \
	"https://ai.gimhae.example\",\"crossOrigin\":false}"

static struct buf of_hex(const char *hex)
{
	struct buf b = BUF(4 * KIB);
	size_t len = strlen(hex) / 2;
	AUTOFREE uint8_t *bytes = mem_new(len);

	assert_int_equal(OK, hex_parse(hex, bytes, len));
	buf_add(&b, bytes, len);
	return b;
}

static struct webauthn_bytes bytes_of(const struct buf *b)
{
	return (struct webauthn_bytes){b->data, b->len};
}

static struct webauthn_bytes text_of(const char *s)
{
	return (struct webauthn_bytes){s, strlen(s)};
}

static struct passkey registered(const char *hex)
{
	AUTO(buf) data = of_hex(hex);
	struct passkey key;

	if (webauthn_register(&site, CHALLENGE, text_of(CREATE), bytes_of(&data), &key) != OK)
		fail_msg("%s", err_why());
	return key;
}

static void keys_of_es256_and_rs256_sign_in(void **state)
{
	static const struct {
		int algorithm;
		const char *registration, *assertion, *signature;
		uint32_t before, after;
	} kinds[] = {
		{-7, es256_registration, es256_assertion, es256_signature, 7, 8},
		{-257, rs256_registration, rs256_assertion, rs256_signature, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		AUTO(buf) assertion = of_hex(kinds[i].assertion);
		AUTO(buf) signature = of_hex(kinds[i].signature);
		struct passkey key = registered(kinds[i].registration);
		uint32_t count = 99;

		assert_int_equal(kinds[i].algorithm, key.algorithm);
		assert_int_equal(16, key.id_len);
		assert_int_equal(kinds[i].before, key.count);
		assert_int_equal(OK, webauthn_assert(&site, CHALLENGE, &key, text_of(GET),
					     bytes_of(&assertion), bytes_of(&signature), &count));
		assert_int_equal(kinds[i].after, count);
	}
}

static void another_question_site_or_kind_is_refused(void **state)
{
	static const struct {
		const char *client_data, *why;
	} wrong[] = {
		{GET, "another kind"},
		{"{\"type\":\"webauthn.create\",\"challenge\":\"AAAA\",\"origin\":\"https://"
		 "ai.gimhae.example\"}",
			"another question"},
		{"{\"type\":\"webauthn.create\",\"challenge\":\"" CHALLENGE
		 "\",\"origin\":\"https://evil.example\"}",
			"another site"},
		{"{\"type\":\"webauthn.create\",\"challenge\":\"" CHALLENGE
		 "\",\"origin\":\"http://ai.gimhae.example\"}",
			"another site"},
		{"{\"type\":\"webauthn.create\",\"challenge\":\"" CHALLENGE
		 "\",\"origin\":\"https://ai.gimhae.example.evil.example\"}",
			"another site"},
		{"{\"type\":\"webauthn.create\",\"challenge\":\"" CHALLENGE
		 "\",\"origin\":\"https://ai.gimhae.example\",\"crossOrigin\":true}",
			"another site"},
		{"[\"webauthn.create\"]", "another kind"},
		{"", ""},
		{"{", ""},
	};
	AUTO(buf) data = of_hex(es256_registration);
	struct passkey key;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(
			ERR_INVALID, webauthn_register(&site, CHALLENGE,
					     text_of(wrong[i].client_data), bytes_of(&data), &key));
		assert_non_null(strstr(err_why(), wrong[i].why));
	}
}

static void a_user_who_was_not_verified_is_refused(void **state)
{
	AUTO(buf) data = of_hex(es256_registration);
	struct passkey key;

	(void)state;
	for (unsigned flags = 0; flags < 0x45; flags++) { /* one of the three is missing */
		if ((flags & 0x45) == 0x45)
			continue;
		data.data[32] = (char)flags;
		assert_int_equal(ERR_INVALID, webauthn_register(&site, CHALLENGE, text_of(CREATE),
						      bytes_of(&data), &key));
	}
}

static void a_registration_that_is_cut_off_or_goes_on_is_refused(void **state)
{
	AUTO(buf) data = of_hex(es256_registration);
	struct passkey key;

	(void)state;
	for (size_t len = 0; len < data.len; len++)
		assert_int_equal(
			ERR_INVALID, webauthn_register(&site, CHALLENGE, text_of(CREATE),
					     (struct webauthn_bytes){data.data, len}, &key));
	buf_putc(&data, 'x');
	assert_int_equal(ERR_INVALID,
		webauthn_register(&site, CHALLENGE, text_of(CREATE), bytes_of(&data), &key));
}

/* Found by a fuzzer: a map that promises 2^37 pairs, for which memory was allocated. */
static void a_key_that_promises_more_than_there_is_takes_no_memory(void **state)
{
	static const char *const promises[] = {"ba642210e6", "bbffffffffffffffff",
		"9b00000001ffffffff", "5bffffffffffffffff", "bf", "a1a1a1a1a1a1a1a1a1a1a1a1"};
	AUTO(buf) data = of_hex(es256_registration);
	struct passkey key;

	(void)state;
	for (size_t i = 0; i < COUNT(promises); i++) {
		AUTO(buf) head = of_hex(promises[i]);
		AUTO(buf) all = BUF(4 * KIB);

		buf_add(&all, data.data, 71); /* as far as the key */
		buf_add(&all, head.data, head.len);
		buf_add(&all, data.data + 71, data.len - 71);
		assert_int_equal(ERR_INVALID,
			webauthn_register(&site, CHALLENGE, text_of(CREATE), bytes_of(&all), &key));
		assert_non_null(strstr(err_why(), "damaged"));
	}
}

static void a_key_that_is_no_point_of_its_curve_is_refused(void **state)
{
	AUTO(buf) data = of_hex(es256_registration);
	struct passkey key;

	(void)state;
	data.data[data.len - 1] ^= 1;
	assert_int_equal(ERR_INVALID,
		webauthn_register(&site, CHALLENGE, text_of(CREATE), bytes_of(&data), &key));
}

static void with_any_bit_changed_no_assertion_is_right(void **state)
{
	AUTO(buf) assertion = of_hex(es256_assertion), signature = of_hex(es256_signature);
	struct passkey key = registered(es256_registration);
	char get[] = GET;
	uint32_t count = 99;

	(void)state;
	for (size_t i = 0; i < assertion.len; i++) {
		assertion.data[i] ^= 2;
		assert_int_not_equal(
			OK, webauthn_assert(&site, CHALLENGE, &key, text_of(GET),
				    bytes_of(&assertion), bytes_of(&signature), &count));
		assertion.data[i] ^= 2;
	}
	for (size_t i = 0; i < signature.len; i++) {
		signature.data[i] ^= 2;
		assert_int_not_equal(
			OK, webauthn_assert(&site, CHALLENGE, &key, text_of(GET),
				    bytes_of(&assertion), bytes_of(&signature), &count));
		signature.data[i] ^= 2;
	}
	for (size_t i = 0; i < strlen(get); i++) {
		get[i] ^= 2;
		assert_int_not_equal(
			OK, webauthn_assert(&site, CHALLENGE, &key, text_of(get),
				    bytes_of(&assertion), bytes_of(&signature), &count));
		get[i] ^= 2;
	}
	assert_int_equal(99, count);
}

static void a_count_that_goes_back_or_stays_is_a_copied_key(void **state)
{
	AUTO(buf) assertion = of_hex(es256_assertion), signature = of_hex(es256_signature);
	struct passkey key = registered(es256_registration);
	uint32_t count;

	(void)state;
	for (key.count = 8; key.count < 10; key.count++) {
		assert_int_equal(
			ERR_DENIED, webauthn_assert(&site, CHALLENGE, &key, text_of(GET),
					    bytes_of(&assertion), bytes_of(&signature), &count));
		assert_non_null(strstr(err_why(), "copy"));
	}
}

static void another_key_of_the_same_kind_did_not_sign(void **state)
{
	AUTO(buf) assertion = of_hex(rs256_assertion), signature = of_hex(rs256_signature);
	struct passkey key = registered(es256_registration);
	uint32_t count;

	(void)state;
	assert_int_equal(ERR_DENIED, webauthn_assert(&site, CHALLENGE, &key, text_of(GET),
					     bytes_of(&assertion), bytes_of(&signature), &count));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_es256_and_rs256_sign_in),
		cmocka_unit_test(another_question_site_or_kind_is_refused),
		cmocka_unit_test(a_user_who_was_not_verified_is_refused),
		cmocka_unit_test(a_registration_that_is_cut_off_or_goes_on_is_refused),
		cmocka_unit_test(a_key_that_promises_more_than_there_is_takes_no_memory),
		cmocka_unit_test(a_key_that_is_no_point_of_its_curve_is_refused),
		cmocka_unit_test(with_any_bit_changed_no_assertion_is_right),
		cmocka_unit_test(a_count_that_goes_back_or_stays_is_a_copied_key),
		cmocka_unit_test(another_key_of_the_same_kind_did_not_sign),
	};
	crypto_init();
	return cmocka_run_group_tests_name("webauthn", tests, NULL, NULL);
}
