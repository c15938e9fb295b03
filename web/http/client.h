/* client.h - the network that a client is counted as, wherever one client must not do more than its
 * share: an IPv4 address, or the /64 of an IPv6 one, for that is what one household has to
 * itself. */
#pragma once
#include "base/err.h"

#include <sys/socket.h>

struct client_network {
	uint8_t bytes[8];
	uint8_t len; /* 4 or 8 */
};

/* Of an address as proxies write it in X-Forwarded-For: with or without a port, brackets, a zone.
 * An IPv4 address that is written as an IPv6 one is the IPv4 one. False: it is no address. */
bool client_parse(const char *text, struct client_network *out);
/* Of a connection's other end; false where that is of another kind. */
bool client_at(const struct sockaddr *sa, struct client_network *out);
