#include "base/runner_wire.h"

#include "base/socket.h"

/* Before each message: its size, including the letter, and the letter. */
struct head {
	uint32_t size;
	char kind;
} __attribute__((packed));

/* In one piece, so that the other side wakes only once. */
enum err runner_send(int fd, char kind, const void *data, size_t len)
{
	const struct head head = {(uint32_t)len + 1, kind};
	AUTO(buf) message = BUF(sizeof(head) + RUNNER_FRAME);

	ENSURE(len < RUNNER_FRAME, ERR_TOO_LARGE, "a message of %zu bytes is too long", len);
	buf_add(&message, &head, sizeof(head));
	buf_add(&message, data, len);
	return socket_send(fd, message.data, message.len);
}

enum err runner_receive(int fd, char *kind, struct buf *data)
{
	struct head head;

	buf_clear(data);
	TRY(socket_receive(fd, &head, sizeof(head)));
	ENSURE(head.size >= 1 && head.size <= RUNNER_FRAME, ERR_INVALID, "a message of %u bytes",
		head.size);
	*kind = head.kind;
	for (size_t left = head.size - 1; left;) {
		char part[32 * KIB];
		size_t n = left < sizeof(part) ? left : sizeof(part);

		TRY(socket_receive(fd, part, n));
		buf_add(data, part, n);
		left -= n;
	}
	return buf_check(data, "a message");
}
