/* listen.h - listen addresses of servers: "127.0.0.1:8080", "[::]:8080", ":8080". */
#pragma once
#include "base/err.h"

#include <stdint.h>

/* The port, which may be 0; also 0 for an invalid address. */
uint16_t listen_port(const char *listen);

struct addrinfo;
/* ERR_INVALID unless it is an address with a port. The caller frees it with freeaddrinfo(). */
MUST_CHECK enum err listen_address(const char *listen, struct addrinfo **out);
