/* inner.h - tells addresses that are not on the public Internet.
 *
 * Follows IANA's registries of special-purpose addresses (RFC 6890): loopback, private, shared,
 * link-local, unique local, multicast, reserved; and IPv6 addresses that embed such an IPv4 address
 * (mapped, 6to4, NAT64). A program that requests addresses named by others must not reach these. */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

/* True for any family other than IPv4 and IPv6. */
bool inner_address(const struct sockaddr *address);
