#include "web/http/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* IPv6 networks whose last four bytes are an IPv4 address (RFC 4291 section 2.5.5.2, RFC 6052). By
 * their first 64 bits, all of IPv4 would be one client. */
static const uint8_t ipv4_in_ipv6[][12] = {
	{[10] = 0xff, [11] = 0xff},
	{0x00, 0x64, 0xff, 0x9b},
};

static struct client_network of_ipv4(const uint8_t address[4])
{
	struct client_network n = {.len = 4};

	memcpy(n.bytes, address, 4);
	return n;
}

static struct client_network of_ipv6(const uint8_t address[16])
{
	struct client_network n = {.len = 8};

	for (size_t i = 0; i < sizeof(ipv4_in_ipv6) / sizeof(ipv4_in_ipv6[0]); i++)
		if (memcmp(address, ipv4_in_ipv6[i], 12) == 0)
			return of_ipv4(address + 12);
	memcpy(n.bytes, address, 8);
	return n;
}

/* Extracts the address from "[2001:db8::1]:443", "2001:db8::1%eth0", "203.0.113.7:443", trimming
 * blanks. */
static bool cut_address(const char *text, char *out, size_t size)
{
	size_t len;

	text += strspn(text, " \t");
	if (*text == '[')
		len = strcspn(++text, "]%");
	else if (strchr(text, ':') == strrchr(text, ':'))
		len = strcspn(text, ": \t");
	else
		len = strcspn(text, "% \t");
	if (len >= size)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

bool client_parse(const char *text, struct client_network *out)
{
	char address[INET6_ADDRSTRLEN];
	uint8_t bytes[16];

	if (!cut_address(text, address, sizeof(address)))
		return false;
	if (inet_pton(AF_INET, address, bytes) == 1)
		*out = of_ipv4(bytes);
	else if (inet_pton(AF_INET6, address, bytes) == 1)
		*out = of_ipv6(bytes);
	else
		return false;
	return true;
}

bool client_at(const struct sockaddr *sa, struct client_network *out)
{
	const void *any = sa;

	if (sa->sa_family == AF_INET)
		*out = of_ipv4((const uint8_t *)&((const struct sockaddr_in *)any)->sin_addr);
	else if (sa->sa_family == AF_INET6)
		*out = of_ipv6(((const struct sockaddr_in6 *)any)->sin6_addr.s6_addr);
	else
		return false;
	return true;
}
