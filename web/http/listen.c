#include "web/http/listen.h"

#include "base/buf.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum err listen_address(const char *listen, struct addrinfo **out)
{
	struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
	const char *colon = strrchr(listen, ':');
	AUTOFREE char *host = NULL;
	int rc;

	ENSURE(colon && colon[1], ERR_INVALID,
		"\"%s\" is not an address with a port, such as 127.0.0.1:8080", listen);
	host = listen[0] == '[' && colon > listen && colon[-1] == ']'
	               ? mem_bytes(listen + 1, (size_t)(colon - listen) - 2)
	               : mem_bytes(listen, (size_t)(colon - listen));
	rc = getaddrinfo(*host ? host : NULL, colon + 1, &hints, out);
	ENSURE(rc == 0, ERR_INVALID,
		"\"%s\": %s. Give the address itself, such as 127.0.0.1:8080, or a name of /etc/hosts",
		listen, err_text(gai_strerror(rc)));
	return OK;
}

uint16_t listen_port(const char *listen)
{
	const char *colon = strrchr(listen, ':');

	return colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
}
