#include "base/inner.h"

#include "base/err.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct network {
	uint8_t bytes[16];
	unsigned bits;
};
static const struct network inner_ipv4[] = {
	{{0}, 8},          /* this network */
	{{10}, 8},         /* private */
	{{100, 64}, 10},   /* shared address space of carriers */
	{{127}, 8},        /* loopback */
	{{169, 254}, 16},  /* link-local, with the metadata services of clouds */
	{{172, 16}, 12},   /* private */
	{{192, 0, 0}, 24}, /* protocol assignments */
	{{192, 168}, 16},  /* private */
	{{198, 18}, 15},   /* benchmarks */
	{{224}, 4},        /* multicast */
	{{240}, 4},        /* reserved, and broadcast */
};
static const struct network inner_ipv6[] = {
	{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48}, /* translation within a network */
	{{0x01}, 8},                                /* discard-only, and unassigned */
	{{0xfc}, 7},                                /* unique local */
	{{0xfe, 0x80}, 10},                         /* link-local */
	{{0xfe, 0xc0}, 10},                         /* deprecated site-local */
	{{0xff}, 8},                                /* multicast */
};
/* These contain an IPv4 address from this byte on. */
static const struct {
	struct network network;
	unsigned at;
} carrying[] = {
	{{{[10] = 0xff, [11] = 0xff}, 96}, 12}, /* mapped */
	{{{0}, 96}, 12},                        /* compatible; with it ::1 and :: */
	{{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},   /* NAT64 */
	{{{0x20, 0x02}, 16}, 2},                /* 6to4 */
};

static bool is_in(const uint8_t *address, const struct network *n)
{
	unsigned whole = n->bits / 8, rest = n->bits % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	return memcmp(address, n->bytes, whole) == 0 &&
	       (!rest || (address[whole] & mask) == (n->bytes[whole] & mask));
}

static bool is_inner_ipv4(const uint8_t address[4])
{
	for (size_t i = 0; i < COUNT(inner_ipv4); i++)
		if (is_in(address, &inner_ipv4[i]))
			return true;
	return false;
}

static bool is_inner_ipv6(const uint8_t address[16])
{
	for (size_t i = 0; i < COUNT(inner_ipv6); i++)
		if (is_in(address, &inner_ipv6[i]))
			return true;
	for (size_t i = 0; i < COUNT(carrying); i++)
		if (is_in(address, &carrying[i].network))
			return is_inner_ipv4(address + carrying[i].at);
	return false;
}

bool inner_address(const struct sockaddr *address)
{
	const void *any = address;

	if (address->sa_family == AF_INET)
		return is_inner_ipv4((const uint8_t *)&((const struct sockaddr_in *)any)->sin_addr);
	if (address->sa_family == AF_INET6)
		return is_inner_ipv6(((const struct sockaddr_in6 *)any)->sin6_addr.s6_addr);
	return true;
}
