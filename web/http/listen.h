/* listen.h - where a server of ours listens: "127.0.0.1:8080", "[::]:8080", ":8080". */
#pragma once
#include "base/err.h"

#include <stdint.h>

/* The port, which may be 0; 0 too for what is no such address. */
uint16_t listen_port(const char *listen);

struct addrinfo;
/* ERR_INVALID for what is no address with a port. The caller frees it with freeaddrinfo(). */
MUST_CHECK enum err listen_address(const char *listen, struct addrinfo **out);
