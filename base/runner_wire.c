#include "base/runner_wire.h"

#include "base/socket.h"

#include <string.h>

enum err runner_send(int fd, char kind, const void *data, size_t len)
{
	uint32_t size = (uint32_t)len + 1;
	char head[sizeof(size) + 1];

	ENSURE(len < RUNNER_FRAME, ERR_TOO_LARGE, "a message of %zu bytes is too long", len);
	memcpy(head, &size, sizeof(size));
	head[sizeof(size)] = kind;
	TRY(socket_send(fd, head, sizeof(head)));
	return socket_send(fd, data, len);
}

enum err runner_receive(int fd, char *kind, struct buf *data)
{
	uint32_t size;

	buf_clear(data);
	TRY(socket_receive(fd, &size, sizeof(size)));
	ENSURE(size >= 1 && size <= RUNNER_FRAME, ERR_INVALID, "a message of %u bytes", size);
	TRY(socket_receive(fd, kind, 1));
	for (size_t left = size - 1; left;) {
		char part[8 * KIB];
		size_t n = left < sizeof(part) ? left : sizeof(part);

		TRY(socket_receive(fd, part, n));
		buf_add(data, part, n);
		left -= n;
	}
	return buf_check(data, "a message");
}
