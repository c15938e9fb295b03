/* Unit tests of web/http/client.c: which network an address belongs to. */
#include "web/http/client.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct client_network of(const char *text)
{
	struct client_network n;

	memset(&n, 0xee, sizeof(n));
	if (!client_parse(text, &n))
		fail_msg("\"%s\" is taken for no address", text);
	return n;
}

static bool same(const char *a, const char *b)
{
	const struct client_network one = of(a), two = of(b);

	return one.len == two.len && memcmp(one.bytes, two.bytes, one.len) == 0;
}

static void an_ipv6_client_is_its_64(void **state)
{
	(void)state;
	assert_true(same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
	assert_true(same("2001:db8:1:2::1", "2001:0DB8:0001:0002:0:0:0:9"));
	assert_true(same("2001:db8:1:2::1", "2001:db8:1:2::192.0.2.1"));
	assert_false(same("2001:db8:1:2::1", "2001:db8:1:3::1"));
	assert_false(same("2001:db8:1:2::1", "2001:db9:1:2::1"));
}

static void an_ipv4_client_is_its_address_however_it_is_written(void **state)
{
	(void)state;
	assert_false(same("203.0.113.7", "203.0.113.8"));
	assert_true(same("203.0.113.7", "::ffff:203.0.113.7"));
	assert_true(same("203.0.113.7", "::FFFF:cb00:7107"));
	assert_true(same("203.0.113.7", "64:ff9b::203.0.113.7"));
	assert_false(same("::ffff:203.0.113.7", "::ffff:203.0.113.8"));
	assert_false(same("203.0.113.7", "::203.0.113.7"));
}

static void ports_brackets_zones_and_blanks_change_nothing(void **state)
{
	(void)state;
	assert_true(same("203.0.113.7", "  203.0.113.7:4711 "));
	assert_true(same("203.0.113.7", "\t203.0.113.7\t"));
	assert_true(same("203.0.113.7", "[::ffff:203.0.113.7]:80"));
	assert_true(same("2001:db8::1", "[2001:db8::1]"));
	assert_true(same("2001:db8::1", " [2001:db8::1]:4711"));
	assert_true(same("fe80::1", "fe80::1%eth0"));
	assert_true(same("fe80::1", "[fe80::1%eth0]:80"));
}

static void what_is_no_address_is_told(void **state)
{
	static const char *const texts[] = {"", " ", "unknown", "_hidden", "203.0.113",
		"203.0.113.256", "203.0.113.07.1", "2001:db8", "2001:db8::1::2", "[", "[]", "[]:80",
		":", ":80", "1:2:3:4:5:6:7",
		"0123456789012345678901234567890123456789012345678901234567890123", "localhost",
		"\xff"};
	struct client_network n;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (client_parse(texts[i], &n))
			fail_msg("\"%s\" is taken for an address", texts[i]);
}

static void a_connection_s_end_is_the_same_network_as_its_text(void **state)
{
	const struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xcb007107)};
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6, .sin6_addr.s6_addr = {[10] = 0xff, 0xff, 203, 0, 113, 7}};
	const struct sockaddr unix_socket = {.sa_family = AF_UNIX};
	const struct client_network ipv4 = of("203.0.113.7"), ipv6 = of("2001:db8::");
	struct client_network n;

	(void)state;
	assert_true(client_at((const void *)&v4, &n));
	assert_memory_equal(n.bytes, ipv4.bytes, ipv4.len);
	assert_true(client_at((const void *)&v6, &n));
	assert_int_equal(n.len, 4);
	assert_memory_equal(n.bytes, ipv4.bytes, ipv4.len);
	v6.sin6_addr = (struct in6_addr){.s6_addr = {0x20, 0x01, 0x0d, 0xb8, [15] = 9}};
	assert_true(client_at((const void *)&v6, &n));
	assert_int_equal(n.len, 8);
	assert_memory_equal(n.bytes, ipv6.bytes, ipv6.len);
	assert_false(client_at(&unix_socket, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ipv6_client_is_its_64),
		cmocka_unit_test(an_ipv4_client_is_its_address_however_it_is_written),
		cmocka_unit_test(ports_brackets_zones_and_blanks_change_nothing),
		cmocka_unit_test(what_is_no_address_is_told),
		cmocka_unit_test(a_connection_s_end_is_the_same_network_as_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
