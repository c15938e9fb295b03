#include "base/socket.h"

#include <errno.h>
#include <sys/socket.h>

enum err socket_send(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		ENSURE(n > 0, ERR_NOT_FOUND, "the other side is gone: %s", err_os(errno));
		p += n;
		len -= (size_t)n;
	}
	return OK;
}

enum err socket_receive(int fd, void *data, size_t len)
{
	char *p = data;

	while (len) {
		ssize_t n = recv(fd, p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			int why = n < 0 ? errno : 0;
			enum err e = fail(ERR_NOT_FOUND, "the other side is gone");

			errno = why;
			return e;
		}
		p += n;
		len -= (size_t)n;
	}
	return OK;
}
