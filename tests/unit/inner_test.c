/* Internal addresses, which outsiders must not make us request. */
#include "base/err.h"
#include "base/inner.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

static bool is_inner(const char *text)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	void *any = &v6;

	if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		return inner_address(any);
	assert_int_equal(1, inet_pton(AF_INET, text, &v4.sin_addr));
	any = &v4;
	return inner_address(any);
}

static void loopback_private_and_reserved_addresses_are_inner_however_they_are_written(void **state)
{
	static const char *const inner[] = {"127.0.0.1", "127.255.255.255", "0.0.0.0", "10.1.2.3",
		"172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
		"100.127.255.255", "192.0.0.8", "198.19.0.1", "224.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1",
		"64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:1::1", "100::1"};
	static const char *const outer[] = {"8.8.8.8", "172.15.255.255", "172.32.0.1",
		"192.169.0.1", "100.128.0.1", "223.255.255.255", "211.0.0.1", "2001:db8::1",
		"2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
		"fbff::1"};
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	const void *any = &local;

	(void)state;
	for (size_t i = 0; i < COUNT(inner); i++)
		if (!is_inner(inner[i]))
			fail_msg("%s", inner[i]);
	for (size_t i = 0; i < COUNT(outer); i++)
		if (is_inner(outer[i]))
			fail_msg("%s", outer[i]);
	assert_true(inner_address(any));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			loopback_private_and_reserved_addresses_are_inner_however_they_are_written),
	};
	return cmocka_run_group_tests_name("inner", tests, NULL, NULL);
}
