/* The cache of answers: the size that it reports is the memory that the process uses for it. */
#include "web/http/mhd.h"
#include "web/server/cache.h"

#include "registry/write/register.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Bytes allocated by malloc(); 0 under a sanitizer, which has its own. */
static size_t in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void keep_at(struct cache *c, const char *uri, size_t body)
{
	static const char *const headers[][2] = {{"Content-Type", "text/html; charset=utf-8"},
		{"Cache-Control", "public, no-cache"}, {"X-Content-Type-Options", "nosniff"},
		{"Content-Security-Policy",
			"default-src 'none'; script-src 'self'; connect-src 'self'; "
			"style-src 'self'; img-src 'self'; form-action 'self'"},
		{"Vary", "Accept-Encoding"}, {"ETag", "W/\"00112233445566778899aabbccddeeff\""}};
	struct standing standing = cache_standing(c, KEEP_FOREVER, NULL);
	struct MHD_Response *r =
		mhd.create_response_from_buffer_with_free_callback(body, mem_new(body + 1), free);

	assert_non_null(r);
	for (size_t i = 0; i < COUNT(headers); i++)
		mhd.add_response_header(r, headers[i][0], headers[i][1]);
	cache_put(c, uri, IDENTITY, &standing, headers[5][1], r, "", body);
}

static void keep(struct cache *c, unsigned n, size_t body)
{
	AUTOFREE char *uri = mem_printf("/log/entry/%u", n);

	keep_at(c, uri, body);
}

static void what_is_held_is_what_the_process_uses_within_a_tenth(void **state)
{
	static const size_t bodies[] = {0, 100, 700, 2000, 6000, 40000};

	(void)state;
	if (!in_use())
		skip();
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct cache *c = cache_new(64 * MIB);
		size_t before = in_use(), bytes, entries, uses;

		for (unsigned n = 0; n < 2000; n++)
			keep(c, n, bodies[i]);
		uses = in_use() - before;
		cache_size(c, &bytes, &entries);
		if (bytes * 10 < uses * 9 || bytes * 10 > uses * 11)
			fail_msg("%zu entries with %zu bytes: %zu said, %zu used", entries,
				bodies[i], bytes, uses);
		cache_free(c);
	}
}

static void the_limit_holds_however_small_the_answers_are(void **state)
{
	struct cache *c = cache_new(MIB);
	size_t before = in_use(), bytes, entries;

	(void)state;
	for (unsigned n = 0; n < 5000; n++)
		keep(c, n, 64);
	cache_size(c, &bytes, &entries);
	assert_in_range(bytes, MIB * 9 / 10, MIB);
	assert_true(in_use() - before < MIB * 11 / 10);
	assert_in_range(entries, 1, 4999);
	cache_free(c);
}

static void searches_leave_pages_three_quarters_of_the_room(void **state)
{
	struct cache *c = cache_new(MIB);
	size_t bytes, entries, pages = 0, searches = 0;

	(void)state;
	for (unsigned n = 0; n < 100; n++)
		keep(c, n, 6000);
	for (unsigned n = 0; n < 5000; n++) {
		AUTOFREE char *uri = mem_printf("/ko/systems?q=word-%u", n);

		keep_at(c, uri, 6000);
		searches += cache_has(c, uri, IDENTITY);
	}
	for (unsigned n = 0; n < 100; n++) {
		AUTOFREE char *uri = mem_printf("/log/entry/%u", n);

		pages += cache_has(c, uri, IDENTITY);
	}
	cache_size(c, &bytes, &entries);
	assert_int_equal(5000, searches); /* each is kept, and drives out an older one */
	assert_int_equal(100, pages);
	assert_in_range(entries - pages, 20, 43);
	for (unsigned n = 0; n < 5000; n++)
		keep(c, n, 6000);
	cache_size(c, &bytes, &entries);
	assert_in_range(bytes, MIB * 9 / 10, MIB);
	assert_true(cache_has(c, "/ko/systems?q=word-4999", IDENTITY));
	cache_free(c);
}

static int load(void **state)
{
	return mhd_need() == OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_held_is_what_the_process_uses_within_a_tenth),
		cmocka_unit_test(the_limit_holds_however_small_the_answers_are),
		cmocka_unit_test(searches_leave_pages_three_quarters_of_the_room),
	};

	return cmocka_run_group_tests_name("cache", tests, load, NULL);
}
