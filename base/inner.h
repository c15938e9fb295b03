/* inner.h - is a network address one that only this machine or its own network reaches?
 *
 * By the registries of special addresses of IANA (RFC 6890): loopback, private, shared, link-local,
 * unique local, multicast, reserved; and IPv6 addresses that carry such an IPv4 one (mapped, 6to4,
 * NAT64). Who sends requests to addresses that others named must not reach those. */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

/* Of any family but IPv4 and IPv6: true. */
bool inner_address(const struct sockaddr *address);
