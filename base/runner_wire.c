#include "base/runner_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static enum err send_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		ENSURE(n > 0, ERR_NOT_FOUND, "the other side is gone: %s", strerror(errno));
		p += n;
		len -= (size_t)n;
	}
	return OK;
}

static enum err receive_all(int fd, void *data, size_t len)
{
	char *p = data;

	while (len) {
		ssize_t n = recv(fd, p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		ENSURE(n > 0, ERR_NOT_FOUND, "the other side is gone");
		p += n;
		len -= (size_t)n;
	}
	return OK;
}

enum err runner_send(int fd, char kind, const void *data, size_t len)
{
	uint32_t size = (uint32_t)len + 1;
	char head[sizeof(size) + 1];

	ENSURE(len < RUNNER_FRAME, ERR_TOO_LARGE, "a message of %zu bytes is too long", len);
	memcpy(head, &size, sizeof(size));
	head[sizeof(size)] = kind;
	TRY(send_all(fd, head, sizeof(head)));
	return send_all(fd, data, len);
}

enum err runner_receive(int fd, char *kind, struct buf *data)
{
	uint32_t size;

	buf_clear(data);
	TRY(receive_all(fd, &size, sizeof(size)));
	ENSURE(size >= 1 && size <= RUNNER_FRAME, ERR_INVALID, "a message of %u bytes", size);
	TRY(receive_all(fd, kind, 1));
	for (size_t left = size - 1; left;) {
		char part[8 * KIB];
		size_t n = left < sizeof(part) ? left : sizeof(part);

		TRY(receive_all(fd, part, n));
		buf_add(data, part, n);
		left -= n;
	}
	return buf_check(data, "a message");
}
