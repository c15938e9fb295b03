/* client.h - the network that counts as one client for limits: an IPv4 address, or the /64 of an
 * IPv6 address, which is the usual size of one household's network. */
#pragma once
#include "base/err.h"

#include <sys/socket.h>

struct client_network {
	uint8_t bytes[8];
	uint8_t len; /* 4 or 8 */
};

/* Parses an address in the form of X-Forwarded-For: with or without a port, brackets, a zone. An
 * IPv4-mapped IPv6 address counts as the IPv4 address. False if it is not an address. */
bool client_parse(const char *text, struct client_network *out);
/* The network of a connection's peer; false for another address family. */
bool client_at(const struct sockaddr *sa, struct client_network *out);
